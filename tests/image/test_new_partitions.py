"""The initrd's script on a first start: the card gets its other partitions, also where the disk is busy at first."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from systemd.making.description import SYSTEMD
from tests.image.firmware import partitions

SCRIPT = SYSTEMD / "image/initramfs/scripts/local-premount/unsit-card"
GB = 1 << 30
INITRD = {
    ". /scripts/functions": 'log_warning_msg() { echo "$*"; }',
    ". /scripts/local": 'local_device_setup() { DEV=/dev/card2; }; ROOT=card; PATH="$BIN:$PATH:/usr/sbin:/sbin"',
}
"""What the initrd brings to its scripts."""
STANDS_IN = """\
if [ "${0##*/}" = sfdisk ]; then
    echo try >>"$BIN/tries"
    [ "$(wc -l <"$BIN/tries")" -le "$BUSY" ] && exit 1
    exec "$SFDISK" "$@"
fi
"""
"""In place of a disk that udev looks at: sfdisk is refused so many times. Nothing here waits."""


def started(folder: Path, *, size: int = 4 * GB, busy: int = 0) -> tuple[int, str]:
    """How many partitions the card has afterwards, and what the script has said."""
    sfdisk = shutil.which("sfdisk", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if sfdisk is None and not os.environ.get("CI"):
        pytest.skip("takes sfdisk; first: apt install fdisk")
    assert sfdisk
    card, bin_, block = folder / "dev/card", folder / "bin", folder / "block/card"
    for each in (card.parent, bin_, block / "card2"):
        each.mkdir(parents=True)
    with card.open("wb") as opened:
        opened.truncate(size)
    subprocess.run([sfdisk, "--quiet", card], input=b"2048,786432,c\n788480,2621440,83\n", check=True)
    (block / "size").write_text(f"{size // 512}\n")
    (block.parent / "card2").symlink_to(block / "card2")
    for name in ("sfdisk", "udevadm", "sleep", "sync", "fsck.vfat"):
        (bin_ / name).write_text(f"#!/bin/sh\n{STANDS_IN}")
        (bin_ / name).chmod(0o755)
    text = SCRIPT.read_text("utf-8")
    for old, new in {**INITRD, "/sys/class/block/": f"{block.parent}/", "/dev/$disk": f"{card}"}.items():
        assert old in text
        text = text.replace(old, new)
    environment = {**os.environ, "BIN": str(bin_), "BUSY": str(busy), "SFDISK": sfdisk}
    said = subprocess.run(["sh", "-c", text], env=environment, capture_output=True, text=True, check=True).stdout
    return len(partitions(card)), said


@pytest.mark.parametrize("busy", [0, 1])
def test_a_card_gets_them_also_when_it_is_busy_at_first(busy: int, tmp_path: Path) -> None:
    assert started(tmp_path, busy=busy) == (4, "")


def test_a_card_that_stays_busy_is_told_and_the_start_goes_on(tmp_path: Path) -> None:
    assert started(tmp_path, busy=9) == (2, "unsit: the card's other partitions can't be made\n")


def test_a_card_that_is_too_small_is_told_once(tmp_path: Path) -> None:
    count, said = started(tmp_path, size=2 * GB)
    assert (count, said.count("\n")) == (2, 1)
    assert "too small" in said
