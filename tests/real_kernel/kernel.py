"""Builds the kernel: User Mode Linux, from Debian's source."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.real_kernel.cache import kept

SUITE = "bookworm"
_PACKAGES = "linux-source-6.1,gcc,libc6-dev,make,flex,bison,bc,xz-utils,perl-base"
_HERE = Path(__file__).parent


def kernel() -> Path:
    """The kernel, a program for this computer; the first time it takes about ten minutes."""
    ingredients = [Path(__file__), _HERE / "kernel.sh", _HERE / "kernel.fragment"]
    return kept("linux.uml", [file.read_bytes() for file in ingredients], _build)


def _build(to: Path) -> None:
    # A Debian of its own that is thrown away afterwards: the computer's compiler may be too new for this kernel.
    subprocess.run(
        [
            "mmdebstrap", "--quiet", "--variant=minbase", "--format=null", f"--include={_PACKAGES}",
            '--customize-hook=mkdir "$1/build"',
            f"--customize-hook=copy-in {_HERE / 'kernel.sh'} {_HERE / 'kernel.fragment'} /build",
            '--customize-hook=chroot "$1" sh /build/kernel.sh',
            f"--customize-hook=download /build/linux.uml {to}",
            SUITE, "/dev/null",
        ],
        check=True,
    )  # fmt: skip
    to.chmod(0o755)
