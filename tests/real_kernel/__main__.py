"""Gets kernel and disks ready and says what that takes: the first step of `make test-kernel`."""

from __future__ import annotations

import time

from tests.real_kernel.conftest import what_is_missing
from tests.real_kernel.disk import bare_disk, installed_disk
from tests.real_kernel.kernel import kernel


def main() -> None:
    """Build what isn't there; what is missing for that the tests say themselves."""
    if what_is_missing():
        return
    for what, build in {"kernel": kernel, "disk": bare_disk, "disk with Unsit installed": installed_disk}.items():
        print(f"The {what} ... ", end="", flush=True)
        begun_at = time.monotonic()
        build()
        print(f"ready ({time.monotonic() - begun_at:.0f} s)")


if __name__ == "__main__":
    main()
