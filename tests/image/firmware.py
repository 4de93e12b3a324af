"""What a Raspberry Pi's firmware does with a card, up to the kernel: QEMU runs none, so this reads it in its place.

Only what Raspberry Pi's documentation of config.txt says, and of that only what a card of ours may use; a word that it
doesn't know in a place where it matters is an error, as a dark panel would be.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512


class FirmwareError(Exception):
    """The card doesn't start: what is missing on it."""


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition of a card, in bytes."""

    nth: int
    """From 1."""
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Pi:
    """What the firmware knows of the board that it runs on."""

    filters: frozenset[str]
    """The sections of config.txt that are read beside [all]."""
    tree: str
    """Its device tree, as the kernel's own name it."""


PI_3B = Pi(frozenset({"pi3"}), "bcm2837-rpi-3-b.dtb")
PI_ZERO_2_W = Pi(frozenset({"pi3", "pi02"}), "bcm2837-rpi-zero-2-w.dtb")
PI_4B = Pi(frozenset({"pi4"}), "bcm2711-rpi-4-b.dtb")
NO_PI = Pi(frozenset(), "")
"""An amd64 card, which no Pi starts: the same words choose its kernel, and there is no device tree."""


@dataclass(frozen=True, slots=True)
class Start:
    """What is handed to the processor."""

    kernel: bytes
    initramfs: bytes
    words: str
    """The kernel's command line."""
    tree: bytes
    prefix: str
    """The folder on the card that it all came from, such as `a/`."""


def partitions(card: Path) -> list[Partition]:
    """As its table has them."""
    table = subprocess.run(["sfdisk", "--json", str(card)], capture_output=True, check=True).stdout
    listed = json.loads(table)["partitiontable"].get("partitions", [])
    return [Partition(nth, each["start"] * SECTOR, each["size"] * SECTOR) for nth, each in enumerate(listed, start=1)]


def started(card: Path, pi: Pi) -> Start:
    """What the firmware of that board makes of the card, now. Raises FirmwareError."""
    fat = Fat(card)
    config = settled(fat.text("config.txt"), pi)
    prefix = config.get("os_prefix", "")
    initramfs = config.get("initramfs", "")
    tree = config.get("device_tree", pi.tree)
    return Start(
        fat.file(prefix + config.get("kernel", "kernel8.img")),
        fat.file(prefix + initramfs) if initramfs else b"",
        fat.text(prefix + config.get("cmdline", "cmdline.txt")).split("\n", 1)[0].strip(),
        fat.file(prefix + tree) if tree else b"",
        prefix,
    )


def settled(text: str, pi: Pi) -> dict[str, str]:
    """What config.txt says to that board; of two lines with one name the last counts."""
    config: dict[str, str] = {}
    is_read = True
    for line in text.splitlines():
        said = line.split("#", 1)[0].strip()
        if section := re.fullmatch(r"\[(.+)\]", said):
            is_read = section[1].lower() in pi.filters | {"all"}
        elif is_read and (initramfs := re.fullmatch(r"initramfs\s+(\S+)\s+(?:followkernel|0x[0-9a-f]+)", said)):
            config["initramfs"] = initramfs[1]
        elif is_read and "=" in said:
            name, value = said.split("=", 1)
            config[name.strip()] = value.strip()
        elif is_read and said:
            raise FirmwareError(f"config.txt: nobody knows what this is: {line!r}")
    return config


class Fat:
    """The FAT partition of a card, which is its first; by mtools, without mounting it."""

    def __init__(self, card: Path) -> None:
        self._image = f"{card}@@{partitions(card)[0].start}"

    def file(self, name: str) -> bytes:
        """What is in it. Raises FirmwareError."""
        copied = subprocess.run(["mtype", "-i", self._image, f"::{name}"], capture_output=True, check=False)
        if copied.returncode:
            raise FirmwareError(f"{name} can't be read on the card: {copied.stderr.decode(errors='replace').strip()}")
        return copied.stdout

    def text(self, name: str) -> str:
        """The same as text. Raises FirmwareError."""
        return self.file(name).decode("utf-8", errors="replace")

    def put(self, name: str, content: bytes) -> None:
        """Write a file there, as a person's computer would."""
        subprocess.run(["mcopy", "-o", "-i", self._image, "-", f"::{name}"], input=content, check=True)

    def names(self, folder: str = "") -> list[str]:
        """What lies in a folder."""
        listed = subprocess.run(
            ["mdir", "-b", "-i", self._image, f"::{folder}"], capture_output=True, text=True, check=True
        )
        return [line.removeprefix("::").strip("/") for line in listed.stdout.splitlines()]
