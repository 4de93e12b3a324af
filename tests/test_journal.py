"""The journal: what is written stays, what can't be written waits, and damage costs a file at the most."""

from __future__ import annotations

import itertools
import logging
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.clock import DeskWall
from device.effects import Cue, Dark, Fact, Note, Play, Show
from hardware.journal import Journal
from hardware.journal_reader import JournalError, runs

BEGAN = datetime.fromisoformat("2026-03-02T09:00:00+01:00")


class Book:
    """A journal and its time, which goes from deadline to deadline."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "state" / "journal.db"
        self.wall = DeskWall()
        self.wall.set(0.0, BEGAN)
        self.now = 0.0
        self.begin()

    def begin(self) -> None:
        """Start the device anew; the file stays."""
        self.journal = Journal(self.file, self.wall)
        self.wait(0)

    def note(self, name: str, **details: str | float) -> None:
        self.journal.perform(Note(Fact(self.now, self.now, name, details)), self.now)

    def wait(self, seconds: float) -> None:
        end = round(self.now + seconds, 3)
        while (deadline := self.journal.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.journal.tick(self.now)
            after = self.journal.next_deadline()
            assert after is None or after > self.now, "a deadline that was kept must not stand any longer"
        self.now = end

    def names(self) -> list[list[str]]:
        """The facts of each run."""
        return [[fact.fact for fact in run.facts] for run in runs(self.file)]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def test_a_fact_is_written_within_a_minute_as_it_was_said(book: Book) -> None:
    book.wait(10)
    book.note("bout", start=1.5, seated_s=8.25)
    book.wait(55)
    (run,) = runs(book.file)
    assert list(run.facts) == [Fact(10.0, 10.0, "bout", {"start": 1.5, "seated_s": 8.25})]
    assert run.when(10.0) == datetime.fromisoformat("2026-03-02T09:00:10+01:00")


def test_facts_of_a_moment_are_one_write(book: Book) -> None:
    book.wait(10)
    with sqlite3.connect(book.file) as onlooker:
        before = onlooker.execute("PRAGMA data_version").fetchone()
        for name in ("left", "bout", "full_break"):
            book.note(name)
            book.wait(10)
        assert onlooker.execute("PRAGMA data_version").fetchone() == before
        book.wait(25)
        assert onlooker.execute("PRAGMA data_version").fetchone() != before
    assert book.names() == [["left", "bout", "full_break"]]


def test_while_somebody_sits_the_plug_takes_a_minute_at_most(book: Book) -> None:
    book.note("sat")
    for _ in range(100):
        book.wait(37)
        (run,) = runs(book.file)
        assert book.now - 60 <= run.seen_s <= book.now


def test_with_the_chair_empty_nothing_is_written(book: Book) -> None:
    book.note("sat")
    book.wait(100)
    book.note("left")
    book.wait(70)
    assert book.journal.next_deadline() is None


def test_a_second_start_is_a_second_run(book: Book) -> None:
    book.note("sat")
    book.journal.close()
    book.begin()
    book.note("left")
    book.journal.close()
    book.journal.close()
    assert book.names() == [["sat"], ["left"]]


def test_what_concerns_others_is_not_written(book: Book) -> None:
    for effect in (Show(Dark()), Play(Cue.REMINDER)):
        book.journal.perform(effect, 1.0)
    book.journal.close()
    assert book.names() == [[]]


def test_a_clock_that_was_set_dates_what_was_said_before(book: Book) -> None:
    book.wall.set(0.0, datetime.fromisoformat("1970-01-01T01:00:00+01:00"))
    book.begin()
    book.note("sat")
    book.wait(600)
    book.wall.set(book.now, BEGAN)
    book.wait(120)
    run = list(runs(book.file))[-1]
    assert run.when(600.0) == BEGAN


def test_a_full_disk_is_said_once_and_costs_no_fact(book: Book, caplog: pytest.LogCaptureFixture) -> None:
    book.journal.close()
    # As a full disk has it: SQLite's own word for it.
    book.begin()
    connection = book.journal._opened()
    connection.execute("PRAGMA max_page_count = 1")
    with caplog.at_level(logging.WARNING):
        for nth in range(40):
            book.note("sat", padding="x" * 4000, nth=nth)
            book.wait(30)
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 1, said
    assert "facts wait in memory" in said[0]
    book.wait(120)
    assert sum(map(len, book.names())) == 40


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state").write_text("no folder")
    book = Book(tmp_path)
    for _ in range(3):
        book.note("sat")
        book.wait(120)
    assert len(caplog.records) == 1
    (tmp_path / "state").unlink()
    book.wait(120)
    assert book.names() == [["sat"] * 3]


BUSY = """
import sys
from datetime import datetime
from pathlib import Path
from device.clock import DeskWall
from device.effects import Fact, Note
from hardware.journal import Journal
wall = DeskWall()
wall.set(0.0, datetime.fromisoformat("2026-03-02T09:00:00+01:00"))
journal = Journal(Path(sys.argv[1]), wall)
journal.tick(0.0)
for nth in range(1_000_000):
    at = 60.0 * nth
    journal.perform(Note(Fact(at, at, "sat" if nth % 2 else "left", {"nth": nth})), at)
    journal.tick(at + 55)
    print(nth, flush=True)
"""


@pytest.mark.parametrize("seed", range(8))
def test_a_process_that_is_killed_has_kept_all_that_it_had_written_and_nothing_twice(tmp_path: Path, seed: int) -> None:
    file = tmp_path / "journal.db"
    with subprocess.Popen([sys.executable, "-c", BUSY, str(file)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in itertools.islice(writer.stdout, random.Random(seed).randrange(1, 300)):
            written = int(line)
        writer.kill()
        written = max([written, *map(int, writer.stdout.read().split())])
    (run,) = runs(file)
    nths = [fact.details["nth"] for fact in run.facts]
    assert nths == list(range(len(nths)))
    assert len(nths) > written
    with closing(sqlite3.connect(file)) as onlooker:
        assert onlooker.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    book = Book(tmp_path_factory.mktemp("book"))
    for nth in range(200):
        book.note("sat", nth=nth)
    book.journal.close()
    whole = book.file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        torn = whole[:at]
    else:
        noise = data.draw(st.binary(min_size=1, max_size=512))
        torn = whole[:at] + noise + whole[at + len(noise) :]
    book.file.write_bytes(torn)
    book.begin()
    book.note("left")
    book.journal.close()
    assert book.names()[-1][-1:] == ["left"]
    aside = list(book.file.parent.glob("*.damaged-1"))
    assert aside == [] or aside[0].read_bytes()[: len(torn)] == torn


@pytest.mark.parametrize("harm", ["DROP TABLE fact", "ALTER TABLE run DROP COLUMN clock", "PRAGMA user_version = 99"])
def test_what_is_no_journal_of_ours_is_set_aside_whole(book: Book, harm: str) -> None:
    book.note("sat")
    book.journal.close()
    with closing(sqlite3.connect(book.file)) as other:
        other.execute(harm)
    harmed = book.file.read_bytes()
    book.begin()
    book.note("left")
    book.journal.close()
    assert book.names() == [["left"]]
    assert book.file.with_name("journal.db.damaged-1").read_bytes() == harmed


def test_what_cannot_be_opened_is_not_taken_for_damage(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "state" / "journal.db").mkdir(parents=True)
    book = Book(tmp_path)
    book.note("sat")
    book.wait(60)
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["journal.db"]
    assert "facts wait in memory" in caplog.text
    book.file.rmdir()
    book.wait(60)
    assert book.names() == [["sat"]]


def test_what_cannot_be_read_is_a_line(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal yet"):
        list(runs(tmp_path / "journal.db"))
    (tmp_path / "journal.db").write_text("no journal")
    with pytest.raises(JournalError, match=r"can't be read: file is not a database"):
        list(runs(tmp_path / "journal.db"))


def test_a_layout_of_tomorrow_is_not_guessed_at(book: Book) -> None:
    book.journal.close()
    with sqlite3.connect(book.file) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalError, match="layout 99, this Unsit knows 2"):
        list(runs(book.file))
