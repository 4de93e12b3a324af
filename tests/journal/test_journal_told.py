"""How the journal is kept is told to the device: in memory, stuck, begun anew, or well."""

from __future__ import annotations

import logging
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from device.journal.place import lies_in_memory
from device.journal.writer import Journal
from device.run.clock import DeskWall
from device.run.loop import EventQueue
from device.words.effects import Note
from device.words.events import JournalKept, JournalTrouble
from tests.facts import fact_of


class Kept:
    """A journal, and what it tells of itself."""

    def __init__(self, file: Path, *, in_memory: bool = False) -> None:
        self.inbox = EventQueue()
        self.journal = Journal(file, DeskWall(), inbox=self.inbox, lies_in_memory=lambda _: in_memory)
        self.now = 0.0
        self.journal.tick(0.0)

    def note(self) -> None:
        """Something happens, and a minute later it is to be written."""
        self.journal.perform(Note(fact_of(self.now, self.now, "full_break", {"break_s": 120.0})), self.now)
        self.now += 61
        self.journal.tick(self.now)

    def said(self) -> list[JournalTrouble | None]:
        events = iter(lambda: self.inbox.wait(0.0), None)
        return [event.trouble for event in events if isinstance(event, JournalKept)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


def test_one_that_is_well_says_nothing(file: Path) -> None:
    kept = Kept(file)
    kept.note()
    kept.note()
    assert kept.said() == []
    kept.journal.close()


def test_one_in_memory_is_told_and_logged_once(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    kept = Kept(file, in_memory=True)
    kept.note()
    kept.note()
    assert kept.said() == [JournalTrouble.IN_MEMORY]
    assert [record.getMessage() for record in caplog.records] == [
        f"the journal lies in memory, so a restart forgets what is noted: {file}"
    ]
    kept.journal.close()


def test_one_that_cant_be_written_is_told_when_it_lasts_and_that_it_can_again_too(file: Path) -> None:
    kept = Kept(file)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        kept.note()
        assert kept.said() == [], "a moment's fault is nobody's trouble"
        kept.note()
        assert kept.said() == [JournalTrouble.UNWRITTEN]
        kept.note()
        assert kept.said() == []
    kept.note()
    assert kept.said() == [None]
    kept.journal.close()


def test_a_card_that_takes_no_more_is_told(file: Path) -> None:
    kept = Kept(file)
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    # To SQLite a file that may not grow is what a full card is.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, most))
    try:
        kept.note()
        kept.note()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert kept.said() == [JournalTrouble.UNWRITTEN]
    kept.note()
    assert kept.said() == [None]
    kept.journal.close()


def test_a_damaged_one_is_told_as_begun_anew_and_goes_on(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database at all, and long enough to be looked at" * 100)
    with caplog.at_level(logging.WARNING):
        kept = Kept(file)
    kept.note()
    assert kept.said() == [JournalTrouble.ANEW]
    assert "is damaged" in caplog.text
    kept.journal.close()


# ---- what lies in memory


ROOT = "22 1 179:2 / / rw,relatime shared:1 - ext4 /dev/mmcblk0p2 rw"
KEPT = "40 22 179:4 / /kept rw - ext4 /dev/mmcblk0p4 rw"
BOUND = "41 22 179:4 /unsit /var/lib/unsit rw - ext4 /dev/mmcblk0p4 rw"
TMPFS = "42 22 0:40 / /var/lib/unsit rw - tmpfs tmpfs rw,size=65536k"
OVERLAID = "22 1 0:21 / / rw - overlay overlayroot rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay"
RW_TMPFS = "23 22 0:20 / /media/root-rw rw - tmpfs tmpfs-root rw"
RW_EXT4 = "23 22 179:5 / /media/root-rw rw - ext4 /dev/mmcblk0p5 rw"
HIDDEN = "22 1 0:21 / / rw - overlay overlay rw,lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work"
RUN = "25 22 0:22 / /run rw - tmpfs tmpfs rw"


@pytest.mark.parametrize(
    ("mounts", "booted", "in_memory"),
    [
        ([ROOT, RUN], "quiet", False),
        ([ROOT, KEPT, BOUND], "quiet", False),
        ([ROOT, TMPFS], "quiet", True),
        ([ROOT, TMPFS, BOUND], "quiet", False),
        ([OVERLAID, RW_TMPFS], "overlayroot=tmpfs", True),
        ([OVERLAID, RW_EXT4], "overlayroot=device:dev=LABEL=rw", False),
        ([OVERLAID, RW_TMPFS, KEPT, BOUND], "overlayroot=tmpfs", False),
        ([HIDDEN, RUN], "boot=overlay", True),
        ([HIDDEN, RUN], "quiet", False),
        (["nonsense", "", "1 2 3 - "], "quiet", False),
    ],
    ids=[
        *("on the card", "bound", "a tmpfs", "a tmpfs with a bind over it", "overlayroot", "overlayroot on a card"),
        *("overlayroot, journal bound", "the overlay of raspi-config", "a container", "nonsense"),
    ],
)
def test_what_lies_in_memory_is_found(mounts: list[str], booted: str, in_memory: bool, tmp_path: Path) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self/mountinfo").write_text("\n".join(mounts) + "\n")
    (tmp_path / "cmdline").write_text(booted)
    assert lies_in_memory(Path("/var/lib/unsit"), tmp_path) is in_memory


def test_without_the_kernels_mounts_nothing_is_said(tmp_path: Path) -> None:
    assert not lies_in_memory(Path("/var/lib/unsit"), tmp_path)


def test_this_computers_own_mounts_are_understood() -> None:
    assert not lies_in_memory(Path("/proc"))
    spaces = Path("/dev/shm/a folder")
    assert lies_in_memory(spaces) is ("/dev/shm tmpfs" in Path("/proc/mounts").read_text("utf-8"))
