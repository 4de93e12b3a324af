"""A card out of a root: the partition that a Pi starts from, the root's, and the table that names them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from systemd.making.image_root import IMAGE

# In sectors of 512 bytes; initramfs/scripts/local-premount/unsit-card has the two that follow.
_FIRST = 8192
FIRMWARE_MIB = 384
SLOT_MIB = 1280
_SECTORS_OF_MIB = 2048

# Fixed, so that two builds are the same.
_CARD_ID = "0x756e7369"
_FAT_ID = "756e7369"
_ROOT_ID = "756e7369-7400-4000-8000-726f6f742d61"

_PI_FIRMWARE = ("bootcode.bin", "fixup.dat", "fixup4.dat", "start.elf", "start4.elf")


def make_card(root: Path, image: Path, boot_config: Iterable[str], epoch_s: int) -> None:
    """Write the image of a card with that root. Its kernel and initrd move out of the root's /boot."""
    with tempfile.TemporaryDirectory(prefix="unsit-card-") as scratch:
        firmware, fat, ext4 = Path(scratch, "firmware"), Path(scratch, "fat"), Path(scratch, "ext4")
        _gather(root, firmware, boot_config)
        _make_fat(firmware, fat, epoch_s)
        _make_ext4(root, ext4, epoch_s)
        image.unlink(missing_ok=True)
        _empty(image, _FIRST // _SECTORS_OF_MIB + FIRMWARE_MIB + SLOT_MIB)
        _make_table(image)
        _put(fat, image, _FIRST // _SECTORS_OF_MIB)
        _put(ext4, image, _FIRST // _SECTORS_OF_MIB + FIRMWARE_MIB)


def _gather(root: Path, firmware: Path, boot_config: Iterable[str]) -> None:
    """All files of the first partition, in a folder."""
    shutil.copytree(IMAGE / "firmware", firmware)
    lines = [IMAGE.joinpath("config.txt").read_text("utf-8"), *(f"{line}\n" for line in boot_config)]
    slot = firmware / "a"
    slot.mkdir()
    _run("sh", root / "usr/lib/unsit-image/fill-prefix", root, slot)
    for moved in root.glob("boot/[vi]*"):
        moved.unlink()
    shutil.copy(IMAGE / "cmdline.txt", slot)
    if (root / "usr/lib/raspi-firmware").is_dir():
        for name in _PI_FIRMWARE:
            shutil.copy(root / "usr/lib/raspi-firmware" / name, firmware)
        shutil.copy(root / "usr/share/doc/raspi-firmware/copyright", firmware / "LICENCE.firmware.txt")
        _make_overlay(firmware)
        lines.append("dtoverlay=unsit-i2c\n")
    (firmware / "config.txt").write_text("".join(lines), "utf-8")


def _make_overlay(firmware: Path) -> None:
    overlays = firmware / "overlays"
    overlays.mkdir()
    _run("dtc", "-q", "-@", "-I", "dts", "-O", "dtb", "-o", overlays / "unsit-i2c.dtbo", IMAGE / "unsit-i2c.dts")


def _make_fat(firmware: Path, fat: Path, epoch_s: int) -> None:
    _empty(fat, FIRMWARE_MIB)
    _run("mkfs.vfat", "-F", "32", "-n", "UNSIT", "-i", _FAT_ID, "--invariant", fat)
    # mtools writes the time of each file, and in local time.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch_s), "TZ": "UTC"}
    for each in sorted(firmware.rglob("*")):
        os.utime(each, (epoch_s, epoch_s))
        there = f"::/{each.relative_to(firmware)}"
        words: list[str | Path] = (
            ["mmd", "-i", fat, there] if each.is_dir() else ["mcopy", "-m", "-i", fat, each, there]
        )
        subprocess.run(words, check=True, env=environment)


def _make_ext4(root: Path, ext4: Path, epoch_s: int) -> None:
    """By the root's own mke2fs: that of Debian 12 writes the time of the build into each file."""
    options = f"hash_seed={_ROOT_ID},root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0"
    words = ["mke2fs", "-q", "-t", "ext4", "-m", "0", "-L", "root-a", "-U", _ROOT_ID, "-E", options, "-d", "/mnt"]
    # The mounts are this one process's, and end with it.
    mounts = 'mount --bind "$0" "$0/mnt" && mount --bind "$1" "$0/media" && shift && exec chroot "$0" "$@"'
    subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounts, root, ext4.parent, *words, f"/media/{ext4.name}", f"{SLOT_MIB}M"],
        check=True,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": str(epoch_s)},
    )


def _make_table(image: Path) -> None:
    rows = [
        "label: dos",
        f"label-id: {_CARD_ID}",
        f"start={_FIRST}, size={FIRMWARE_MIB * _SECTORS_OF_MIB}, type=c, bootable",
        f"start={_FIRST + FIRMWARE_MIB * _SECTORS_OF_MIB}, size={SLOT_MIB * _SECTORS_OF_MIB}, type=83",
    ]
    subprocess.run(["sfdisk", "--quiet", image], check=True, text=True, input="\n".join(rows))


def _empty(file: Path, size_mib: int) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(size_mib << 20)


def _put(part: Path, image: Path, at_mib: int) -> None:
    _run("dd", f"if={part}", f"of={image}", "bs=1M", f"seek={at_mib}", "conv=notrunc,sparse", "status=none")


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True)
