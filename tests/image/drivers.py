"""Builds the drivers that Debian's kernel for amd64 lacks, for the board in the test process to be plugged into it."""

from __future__ import annotations

import re
import struct
import subprocess
from pathlib import Path

from tests.real_kernel.cache import kept

_SUITE = "trixie"
_SCRIPT = Path(__file__).with_name("drivers.sh")


def drivers(kernel: bytes) -> Path:
    """A tar of `i2c-virtio.ko` and `gpio-virtio.ko` for that kernel; the first time takes two minutes."""
    version = version_of(kernel)
    ingredients = [Path(__file__).read_bytes(), _SCRIPT.read_bytes(), version.encode()]
    return kept("drivers.tar", ingredients, lambda to: _build(version, to))


def version_of(kernel: bytes) -> str:
    """As `uname -r` has it; a kernel for x86 says where in itself it stands."""
    (place,) = struct.unpack_from("<H", kernel, 0x20E)
    found = re.match(rb"[^ ]+", kernel[place + 0x200 : place + 0x300])
    assert found, "this is no kernel for x86"
    return found[0].decode()


def _build(version: str, to: Path) -> None:
    source = "linux-source-" + ".".join(version.split(".")[:2])
    # A Debian of its own that is thrown away afterwards: the headers bring the compiler that the kernel was built with.
    subprocess.run(
        [
            "mmdebstrap", "--quiet", "--variant=minbase", "--format=null",
            f"--include=linux-headers-{version},{source},make,xz-utils",
            '--customize-hook=mkdir "$1/build"',
            f"--customize-hook=copy-in {_SCRIPT} /build",
            f'--customize-hook=chroot "$1" sh /build/drivers.sh {version}',
            f"--customize-hook=download /build/drivers.tar {to}",
            _SUITE, "/dev/null",
        ],
        check=True,
    )  # fmt: skip
