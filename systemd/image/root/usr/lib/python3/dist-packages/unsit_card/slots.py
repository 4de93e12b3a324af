"""The two slots of the card, each with a system of its own: which one runs, and which one the next start takes."""

from __future__ import annotations

import os
import re
from pathlib import Path

CARD = Path("/boot/firmware")
NUMBERS = {"a": 2, "b": 3}
"""Which partition of the card each slot is."""


class SlotError(Exception):
    """One line: what of the card isn't as the image made it."""


def running_slot(words: str) -> str:
    """The slot that these words to the kernel start. Raises SlotError."""
    if told := re.search(r"(?:^|\s)root=LABEL=root-([ab])(?:\s|$)", words):
        return told[1]
    raise SlotError("the system that runs is in neither slot")


def other_slot(slot: str) -> str:
    """The slot that doesn't run."""
    return "b" if slot == "a" else "a"


def partition(mounted: str, slot: str) -> str:
    """The device of a slot; `mounted` is what is mounted of the card, such as /dev/mmcblk0p2."""
    # Not by its label: a power cut while the slot is made anew leaves none.
    return f"{mounted[:-1]}{NUMBERS[slot]}"


def goes_back_to(words: str) -> str:
    """The slot that the next start takes if this one, on trial, doesn't prove itself; empty if it isn't on trial."""
    told = re.search(r"(?:^|\s)unsit\.trial=([ab]),", words)
    return told[1] if told else ""


class Starts:
    """What the card says of its next start. Every change is one byte in its place, so a power cut can't tear it."""

    def __init__(self, card: Path = CARD) -> None:
        self._config = card / "config.txt"
        self._card = card

    def chosen(self) -> str:
        """The slot that starts next. Raises SlotError."""
        return chr(self._config.read_bytes()[self._place()])

    def choose(self, slot: str) -> None:
        """Start that slot from now on. Raises SlotError."""
        _change(self._config, self._place(), slot)

    def words_on_trial(self, slot: str, back: str) -> str:
        """What the kernel of a slot on trial is told: as that of slot `back`, but for its root. Raises SlotError."""
        words = (self._card / back / "cmdline.txt").read_text("utf-8").split()
        if f"root=LABEL=root-{back}" not in words:
            raise SlotError(f"{back}/cmdline.txt doesn't name root-{back}")
        kept = [f"root=LABEL=root-{slot}" if each.startswith("root=") else each for each in words]
        kept = [each for each in kept if not each.startswith("unsit.trial=")]
        # Its initrd chooses that slot before anything else, by this letter and place.
        return " ".join([*kept, f"unsit.trial={back},{self._place()}"]) + "\n"

    def prove(self, slot: str) -> None:
        """The slot is on trial no more, and starts from now on. Raises SlotError."""
        words = self._card / slot / "cmdline.txt"
        told = re.search(rb"unsit\.trial=([ab])", words.read_bytes())
        if told:
            _change(words, told.start(1), "-")
        self.choose(slot)

    def _place(self) -> int:
        told = re.search(rb"^os_prefix=([ab])/", self._config.read_bytes(), re.MULTILINE)
        if told is None:
            raise SlotError("config.txt has no line os_prefix=a/ or os_prefix=b/")
        return told.start(1)


def _change(file: Path, place: int, letter: str) -> None:
    with open(file, "r+b", buffering=0) as opened:
        opened.seek(place)
        opened.write(letter.encode())
        os.fsync(opened.fileno())
