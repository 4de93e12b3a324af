"""The partition with what is kept is full, missing or broken: the card starts, the device counts, and it says so."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.image.card_desk import CardDesk, card_desk
from tests.image.examined import KEPT, put_back, taken_out
from tests.image.firmware import Fat, partitions
from tests.image.machine import card_of

pytestmark = pytest.mark.image

TOO_SMALL = 2 << 30
"""A card with room for the image, and for nothing beside it."""
BLOCK = 4096
SETTINGS = b'[screens]\nsafety = "0s"\n[settle]\nsit = "1s"\nleave = "1s"\n[page]\nreach = "house"\n'
"""Nobody is asked for a language first."""


@pytest.fixture(scope="module")
def used(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A card that has come up once and was shut down, to be copied."""
    folder = tmp_path_factory.mktemp("used")
    with card_desk(image, folder) as it:
        Fat(it.machine.disk).put("unsit.toml", SETTINGS)
        it.machine.start()
        it.until_up()
        it.machine.tell("systemctl", "poweroff")
        it.machine.wait_until_off(900)
        shutil.move(it.machine.disk, folder / "used.img")
        it.machine.disk.touch()
    yield folder / "used.img"
    (folder / "used.img").unlink()


def no_superblock(content: Path) -> None:
    """What tells what it is is gone; there are copies of it further in."""
    with content.open("r+b") as file:
        file.write(bytes(2 * BLOCK))


def random_bytes(content: Path) -> None:
    """A hundred blocks anywhere have anything in them."""
    chance = random.Random(4)
    with content.open("r+b") as file:
        for _ in range(100):
            file.seek(chance.randrange(content.stat().st_size // BLOCK) * BLOCK)
            file.write(chance.randbytes(BLOCK))


def nothing_but_noise(content: Path) -> None:
    """Nobody can say what was there."""
    size = content.stat().st_size
    with content.open("r+b") as file:
        for at in range(0, size, 1 << 20):
            file.seek(at)
            file.write(os.urandom(min(1 << 20, size - at)))


def counts(it: CardDesk, says: str | None = None) -> None:
    """It has come up; somebody sits down, that is told, and the panel says the golden picture of that name."""
    it.machine.start()
    it.until_up()
    it.begin()
    it.sit()
    it.until_fact("sat", 300)
    if says:
        it.until_shown(says, 900)
    it.stand()
    it.until_fact("left", 300)


@pytest.mark.parametrize("breaks", [no_superblock, random_bytes], ids=lambda breaks: breaks.__name__)
def test_what_can_be_mended_is(breaks: Callable[[Path], None], used: Path, room: Path) -> None:
    with card_desk(used, room) as it:
        break_kept(it.machine.disk, room, breaks)
        counts(it)
        assert it.label_of("/var/lib/unsit") == "kept"


def test_what_cant_be_mended_is_counted_without(used: Path, room: Path) -> None:
    with card_desk(used, room) as it:
        break_kept(it.machine.disk, room, nothing_but_noise)
        counts(it, says="journal_in_memory")
        assert it.label_of("/var/lib/unsit") != "kept"


def test_a_card_without_room_for_it_counts_all_the_same(image: Path, room: Path) -> None:
    with card_desk(image, room) as it:
        card_of(image, it.machine.disk, TOO_SMALL)
        os.truncate(it.machine.disk, TOO_SMALL)
        Fat(it.machine.disk).put("unsit.toml", SETTINGS)
        counts(it, says="journal_in_memory")
        assert it.label_of("/var/lib/unsit") != "kept"
        assert len(partitions(it.machine.disk)) == 2


def test_a_full_one_keeps_no_more_and_the_device_counts(used: Path, room: Path) -> None:
    with card_desk(used, room) as it:
        counts(it)
        fill(it)
        it.begin()
        it.sit()
        it.until_said("the journal can't be written", 900)
        # SQLite has put its log away with that, and the room of it would do for the next minutes.
        fill(it)
        it.until_shown("journal_unwritten", 900)
        it.stand()
        it.until_fact("left", 300)
        assert it.shows("NRestarts") == "0"
        it.machine.do("rm", "/kept/fill")
        it.until_said("the journal is written again", 900)


def fill(it: CardDesk) -> None:
    """Write to the partition until no block is free."""
    words = ("dd", "if=/dev/zero", "of=/kept/fill", "bs=64k", "oflag=append", "conv=notrunc")
    assert "No space left" in it.machine.run(*words, timeout_s=900).err


def break_kept(card: Path, folder: Path, breaks: Callable[[Path], None]) -> None:
    """Do that to the partition."""
    part = partitions(card)[KEPT - 1]
    content = taken_out(card, part, folder / "kept.img")
    breaks(content)
    put_back(content, card, part)
    content.unlink()
