"""Makes the image of a card: `make image`, or `python -m systemd.making.image arm64`.

The root is Debian's packages and Unsit's own; the card is put together from files, without a loop device or a mount of
this computer's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from device import __version__
from systemd.making.description import DescriptionError, described
from systemd.making.image_card import make_card
from systemd.making.image_root import ImageError, debian_root, packages_in, unsit_root
from systemd.making.imager import repository

PROJECT = Path(__file__).parents[2]
_PROGRAMS = {
    "mmdebstrap": "mmdebstrap",
    "mcopy": "mtools",
    "mkfs.vfat": "dosfstools",
    "sfdisk": "fdisk",
    "zstd": "zstd",
}
_PROGRAMS_FOR = {"amd64": {}, "arm64": {"dtc": "device-tree-compiler", "arch-test": "arch-test"}}
_FOREIGN = Path("/proc/sys/fs/binfmt_misc/qemu-aarch64")


def main(words: list[str]) -> int:
    """Make the image that the words ask for; 69 if this computer lacks something, 1 if a step fails."""
    parser = argparse.ArgumentParser(prog="python -m systemd.making.image", description="Makes the image of a card.")
    parser.add_argument("architecture", choices=sorted(_PROGRAMS_FOR), help="arm64: a Pi; amd64: a virtual machine")
    parser.add_argument("--debs", type=Path, default=PROJECT / "dist", help="where Unsit's packages lie")
    parser.add_argument("--to", type=Path, default=PROJECT / "dist", help="where the image goes")
    parser.add_argument("--new", action="store_true", help="take Debian's newest packages, not those of the last build")
    parser.add_argument("--base-url", default="", help="where it will be downloaded from, for Imager")
    arguments = parser.parse_args(words)
    lacks = _lacks(arguments.architecture)
    if lacks:
        print(lacks, file=sys.stderr)
        return 69
    # A Debian of this computer keeps what makes filesystems off a user's path.
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    try:
        _make(arguments)
    except (ImageError, DescriptionError, OSError, subprocess.CalledProcessError) as error:
        print(f"The image can't be made: {error}", file=sys.stderr)
        return 1
    return 0


def _lacks(architecture: str) -> str:
    """What this computer lacks for it, in a line."""
    if os.geteuid() != 0:
        return f"That takes root: sudo make image ARCH={architecture}"
    programs = {**_PROGRAMS, **_PROGRAMS_FOR[architecture]}
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = [package for program, package in programs.items() if shutil.which(program, path=path) is None]
    if architecture == "arm64" and os.uname().machine != "aarch64" and not _FOREIGN.exists():
        missing.append("qemu-user-static")
    return f"The image takes more of Debian: sudo apt install {' '.join(missing)}" if missing else ""


def _make(arguments: argparse.Namespace) -> None:
    architecture, to = arguments.architecture, arguments.to
    to.mkdir(parents=True, exist_ok=True)
    image = to / f"unsit-{__version__}-{architecture}.img"
    epoch_s = _commit_time_s()
    began = time.monotonic()
    debian = debian_root(architecture, described(), is_new=arguments.new)
    _say(f"Debian is there after {time.monotonic() - began:.0f} s")
    with tempfile.TemporaryDirectory(prefix="unsit-image-") as scratch:
        root = Path(scratch, "root")
        unsit_root(root, debian, sorted(arguments.debs.glob(f"unsit*_{__version__}*_all.deb")), epoch_s)
        _say(f"the root is there after {time.monotonic() - began:.0f} s")
        image.with_suffix(".packages").write_text(packages_in(root), "utf-8")
        make_card(root, image, described().boot_config, epoch_s)
    packed = _packed(image)
    image.with_suffix(".json").write_text(repository(image, packed, arguments.base_url, epoch_s), "utf-8")
    _say(f"{packed} is there after {time.monotonic() - began:.0f} s: {packed.stat().st_size / 1e6:.0f} MB")


def _commit_time_s() -> int:
    """When this was committed, which is the time in all that is built from it."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return int(told)
    log = subprocess.run(
        ["git", "-C", PROJECT, "log", "-1", "--format=%ct"], capture_output=True, text=True, check=True
    )
    return int(log.stdout)


def _packed(image: Path) -> Path:
    packed = image.with_suffix(".img.zst")
    # An image for tests alone may be large. Every reader takes a window up to 128 MB.
    level = "-12" if "arm64" in image.name else "-1"
    subprocess.run(["zstd", "-q", "-f", level, "--long=27", "-T0", image, "-o", packed], check=True)
    return packed


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
