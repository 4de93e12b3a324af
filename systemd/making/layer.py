"""Writes Unsit as a layer for rpi-image-gen, Raspberry Pi's own image builder: `make layer` puts it into dist/layer.

The builder brings Raspberry Pi's kernel, firmware and layout of the card, so all Pis with 64 bits are possible. What
our own image has because of its layout of the card, two systems and a root that nobody writes to, is left out.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from device import __version__
from systemd.making.debian_packages import NoPackageError, committed_at_s, debian_packages
from systemd.making.description import SYSTEMD, Description, DescriptionError, described
from systemd.making.early_pictures import write_pictures
from systemd.making.python_packages import PROJECT

IMAGE = SYSTEMD / "image"
OF_THE_LAYOUT = (
    *(f"etc/{name}" for name in ("apt/*", "dpkg/*", "fstab", "hostname", "hosts")),
    *(f"etc/{name}" for name in ("initramfs-tools/*", "kernel/*", "overlayroot*")),
    *(f"usr/lib/systemd/system/*{word}*" for word in ("kept", "page-reach", "trial", "update")),
    "usr/lib/systemd/system-preset/*",
    *(f"usr/lib/unsit-image/{name}" for name in ("bring-up-to-date", "fill-prefix", "kept", "page-reach")),
)
"""Of systemd/image/root: what is there since our image has two systems on a card, and a root that nobody writes to."""
OF_THE_BUILDER = frozenset(
    {
        *("busybox", "dbus", "dosfstools", "e2fsprogs", "fdisk", "initramfs-tools", "kmod", "overlayroot"),
        *("systemd-sysv", "udev", "unattended-upgrades", "zstd"),
    }
)
"""Of the image's packages: what starts a system and updates it, which is the builder's matter."""
_TEMPLATES = IMAGE / "layer"


def write_layer(to: Path, debs: list[Path]) -> None:
    """Write the whole folder that `rpi-image-gen build -S` takes. `debs` are Unsit's own packages."""
    description = described()
    companion = to / "layer/unsit.d"
    overlay = companion / "customize.overlay"
    for each in files():
        (overlay / each).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(IMAGE / "root" / each, overlay / each)
    write_pictures(overlay / "usr/lib/unsit/early")
    (companion / "debs").mkdir(parents=True)
    for deb in debs:
        shutil.copy(deb, companion / "debs")
    (to / "config").mkdir()
    shutil.copy(_TEMPLATES / "config.yaml", to / "config/unsit.yaml")
    (to / "layer/unsit.yaml").write_text(layer(description), "utf-8")


def files() -> Iterator[str]:
    """Of the image's root, what is no matter of its layout of the card."""
    root = IMAGE / "root"
    for each in sorted(root.rglob("*")):
        place = each.relative_to(root)
        left_out = any(fnmatch(str(place), pattern) for pattern in OF_THE_LAYOUT)
        if each.is_file() and not left_out and "__pycache__" not in place.parts:
            yield str(place)


def layer(description: Description) -> str:
    """The layer's file: its header, the packages, and what is done once they are there."""
    text = (_TEMPLATES / "unsit.yaml").read_text("utf-8")
    return (
        text.replace("@VERSION@", __version__)
        .replace("@PACKAGES@", "".join(f"\n    - {each}" for each in packages(description)))
        .replace("@BOOT-CONFIG@", " ".join(f"'{line}'" for line in description.boot_config))
        .replace("@UNITS@", " ".join(units()))
    )


def packages(description: Description) -> list[str]:
    """What is taken of Debian: what the parts need, and what the image has beside what starts it."""
    of_parts = (each for part in description.parts.values() for each in part.debian)
    of_image = (each for each in description.image_packages["all"] if each not in OF_THE_BUILDER)
    return sorted({re.sub(r"[ :(].*", "", each) for each in (*of_parts, *of_image)})


def units() -> list[str]:
    """The units of the image that start by themselves and are in the layer; those of the packages see to themselves."""
    there = {Path(each).name for each in files()}
    preset = (IMAGE / "root/usr/lib/systemd/system-preset/10-unsit-image.preset").read_text("utf-8")
    enabled = re.findall(r"^enable (\S+)$", preset, re.MULTILINE)
    return ["unsit-early.service", *(each for each in enabled if each in there)]


def main() -> str | None:
    """Write dist/layer anew; returns what went wrong."""
    to = PROJECT / "dist/layer"
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    try:
        write_layer(to, debian_packages(PROJECT, PROJECT / "dist", committed_at_s()))
    except (NoPackageError, DescriptionError) as error:
        return str(error)
    print("Made dist/layer. To build a card of it: rpi-image-gen build -S dist/layer -c unsit.yaml")
    return None


if __name__ == "__main__":
    sys.exit(main())
