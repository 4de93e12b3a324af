"""The card's image: what a build puts together, and that it does so again."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from systemd.making import image_card
from systemd.making.image_root import IMAGE
from systemd.making.imager import repository
from tests.check_unit import PROJECT

PARTITIONS = (IMAGE / "initramfs/scripts/local-premount/unsit-card").read_text("utf-8")
A_TIME_S = 1_790_000_000


def number(name: str) -> int:
    """What that word stands for in the script that makes the other two partitions."""
    found = re.search(rf"^{name}=(\d+)$", PARTITIONS, re.MULTILINE)
    assert found
    return int(found[1])


def test_the_first_start_makes_its_partitions_right_behind_those_of_the_image() -> None:
    assert number("slot") == image_card.SLOT_MIB * 2048
    assert number("other_root") == 8192 + (image_card.FIRMWARE_MIB + image_card.SLOT_MIB) * 2048


def test_all_four_partitions_fit_on_a_card_of_four_gigabytes() -> None:
    # Those sold as such have at least 3.6 of them.
    assert (number("other_root") + number("slot") + number("kept_size")) * 512 < 3_600_000_000


def test_imager_is_told_what_it_downloads_and_what_it_writes(tmp_path: Path) -> None:
    image, packed = tmp_path / "unsit-1.img", tmp_path / "unsit-1.img.zst"
    image.write_bytes(b"image" * 100)
    packed.write_bytes(b"packed")
    [entry] = json.loads(repository(image, packed, "https://example.org/unsit/", A_TIME_S))["os_list"]
    assert entry["url"] == "https://example.org/unsit/unsit-1.img.zst"
    assert (entry["extract_size"], entry["image_download_size"]) == (500, 6)
    assert entry["extract_sha256"] == hashlib.sha256(b"image" * 100).hexdigest()
    assert entry["image_download_sha256"] == hashlib.sha256(b"packed").hexdigest()
    assert entry["release_date"] == "2026-09-21"
    assert entry["init_format"] == "none"


def test_without_a_place_to_download_from_the_image_lies_beside_imagers_file(tmp_path: Path) -> None:
    image = tmp_path / "unsit-1.img"
    image.write_bytes(b"")
    [entry] = json.loads(repository(image, image, "", A_TIME_S))["os_list"]
    assert entry["url"] == "unsit-1.img"


def test_a_prefix_is_filled_with_the_newest_kernel_of_a_root_and_its_trees(tmp_path: Path) -> None:
    root, prefix = tmp_path / "root", tmp_path / "prefix"
    put(root / "boot/vmlinuz-6.12.9-arm64", "kernel")
    put(root / "boot/initrd.img-6.12.9-arm64", "initrd")
    put(root / "usr/lib/linux-image-6.12.9-arm64/broadcom/bcm2837-rpi-3-b.dtb", "tree")
    prefix.mkdir()
    fill_prefix(root, prefix)
    assert {each.name: each.read_text() for each in prefix.iterdir()} == {
        "vmlinuz": "kernel",
        "initrd.img": "initrd",
        "bcm2837-rpi-3-b.dtb": "tree",
    }


def test_a_root_that_got_no_new_kernel_starts_with_the_one_that_runs(tmp_path: Path) -> None:
    running, prefix = tmp_path / "a", tmp_path / "b"
    for name in ("vmlinuz", "initrd.img", "bcm2711-rpi-4-b.dtb", "cmdline.txt"):
        put(running / name, name)
    prefix.mkdir()
    fill_prefix(tmp_path, prefix, running)
    assert sorted(each.name for each in prefix.iterdir()) == ["bcm2711-rpi-4-b.dtb", "initrd.img", "vmlinuz"]


@pytest.mark.image
@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_built_again_the_image_is_the_same_bytes(architecture: str, tmp_path: Path) -> None:
    if not any((PROJECT / "dist").glob(f"unsit-*-{architecture}.img")):
        pytest.skip(f"no image to build again; first: sudo make image ARCH={architecture}")
    # That in dist/ may be of another commit.
    made = [built(architecture, tmp_path / folder) for folder in ("one", "other")]
    assert made[0] == made[1]


@pytest.mark.image
@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_imagers_file_is_right_about_the_image_that_was_built(architecture: str) -> None:
    for told in (PROJECT / "dist").glob(f"unsit-*-{architecture}.json"):
        [entry] = json.loads(told.read_text("utf-8"))["os_list"]
        packed = told.with_suffix(".img.zst")
        assert (entry["image_download_size"], entry["image_download_sha256"]) == (packed.stat().st_size, digest(packed))
        image = told.with_suffix(".img")
        assert (entry["extract_size"], entry["extract_sha256"]) == (image.stat().st_size, digest(image))


@pytest.mark.image
@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_the_image_is_small_enough_to_download_and_leaves_its_root_room_to_grow(architecture: str) -> None:
    for image in (PROJECT / "dist").glob(f"unsit-*-{architecture}.img"):
        assert image.with_suffix(".img.zst").stat().st_size < 400_000_000
        # Files that are only holes on a computer's disk are empty on the card too.
        assert image.stat().st_blocks * 512 < 900_000_000


def built(architecture: str, to: Path) -> str:
    """The digest of the image, made anew but for Debian's packages."""
    words = [sys.executable, "-m", "systemd.making.image", architecture, "--to", str(to)]
    subprocess.run(words, cwd=PROJECT, check=True)
    [image] = to.glob("*.img")
    told = digest(image)
    shutil.rmtree(to)
    return told


def digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def fill_prefix(*words: Path) -> None:
    subprocess.run(["sh", IMAGE / "root/usr/lib/unsit-image/fill-prefix", *words], check=True)
