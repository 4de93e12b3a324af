"""The journal: what is written stays, what can't be written waits, and damage costs a file at the most."""

from __future__ import annotations

import json
import logging
import os
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from device.history.shares import by_day
from device.journal.forgetting import Forgotten, forget_all, forget_before
from device.journal.inputs import KeptInput, thinned
from device.journal.reader import JournalError, choices, past, record, runs
from device.journal.rows import choose
from device.journal.writer import Journal
from device.run.clock import DeskWall
from device.run.loop import EventQueue
from device.run.restart import Start
from device.settings.choices import choice
from device.settings.settings import Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Cue, Dark, Heard, Note, Play, Show
from device.words.events import Chosen, ClockRead, Event, Power, Seat, Upkeep
from device.words.past import Readings
from tests.facts import details_of, fact_of

BEGAN = datetime.fromisoformat("2026-03-02T09:00:00+01:00")


class Book:
    """A journal and its time, which goes from deadline to deadline."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "state" / "journal.db"
        self.wall = DeskWall()
        self.wall.set(0.0, BEGAN)
        self.now = 0.0
        self.journal = Journal(self.file, self.wall)
        self.wait(0)

    def begin(self) -> None:
        """Start the device anew after its plug was pulled; the file stays."""
        self.pull_the_plug()
        self.journal = Journal(self.file, self.wall)
        self.wait(0)

    def pull_the_plug(self) -> None:
        """Nothing more is written, and the file is let go."""
        self.journal.lose_power()
        self.journal.close()

    def note(self, name: str, **details: str | float) -> None:
        self.journal.perform(Note(fact_of(self.now, self.now, name, details)), self.now)

    def hear(self, event: Event) -> None:
        self.journal.perform(Heard(event), self.now)

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
        return [[fact.name for fact in run.facts] for run in runs(self.file)]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    book = Book(tmp_path)
    yield book
    book.pull_the_plug()


def test_a_fact_is_written_within_a_minute_as_it_was_said(book: Book) -> None:
    book.wait(10)
    book.note("bout", start=1.5, seated_s=8.25)
    book.wait(55)
    (run,) = runs(book.file)
    assert list(run.facts) == [fact_of(10.0, 10.0, "bout", {"start": 1.5, "seated_s": 8.25})]
    assert run.when(10.0) == datetime.fromisoformat("2026-03-02T09:00:10+01:00")


def test_facts_of_a_moment_are_one_write(book: Book) -> None:
    book.wait(10)
    with closing(sqlite3.connect(book.file)) as onlooker:
        before = onlooker.execute("PRAGMA data_version").fetchone()
        for name, details in (("left", {}), ("bout", {"start": 0.0, "seated_s": 9.0}), ("full_break", {})):
            book.note(name, **details)
            book.wait(10)
        assert onlooker.execute("PRAGMA data_version").fetchone() == before
        book.wait(25)
        assert onlooker.execute("PRAGMA data_version").fetchone() != before
    assert book.names() == [["left", "bout", "full_break"]]


def test_while_somebody_sits_the_plug_takes_a_minute_at_most(book: Book) -> None:
    book.note("sat")
    book.wait(55)
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
    assert book.names() == []


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
    book.pull_the_plug()


def survived(folder: Path, times: int, seed: int) -> str:
    """What the killer says; see tests/kills.py."""
    command = [sys.executable, "-m", "tests.kills", str(folder), str(times), str(seed)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_fifty_kills_cost_a_minute_each_at_most_and_give_no_second(tmp_path: Path) -> None:
    assert survived(tmp_path, 50, random.randrange(1_000_000)).startswith("50 kills survived")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_kills(tmp_path: Path, seed: int) -> None:
    assert survived(tmp_path, 100, seed).startswith("100 kills survived")


def survived_live(folder: Path, times: int, seed: int, speed: int) -> str:
    """What the killer of the desk as it runs says; see tests/live_kills.py."""
    command = [sys.executable, "-m", "tests.live_kills", str(folder), str(times), str(seed), str(speed)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_a_desk_that_runs_survives_being_killed_over_and_over(tmp_path: Path) -> None:
    assert survived_live(tmp_path, 10, random.randrange(1_000_000), 600).startswith("10 kills survived")


@pytest.mark.slow
@pytest.mark.parametrize("speed", [60, 600])
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_kills_of_a_desk_that_runs(tmp_path: Path, seed: int, speed: int) -> None:
    assert survived_live(tmp_path, 50, seed, speed).startswith("50 kills survived")


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
        # There it has the number of its layout. One of a later Unsit is no damaged file.
        assume(torn[60:64] == whole[60:64])
    book.file.write_bytes(torn)
    before = past(book.file)
    if before is not None:
        coach = Start(Settings(), repertoire(Settings())).coach(before.seen.at)
        coach.recall(before)
        coach.handle(Power(before.seen.at, None))
    book.begin()
    book.note("left")
    book.journal.close()
    assert book.names()[-1][-1:] == ["left"]
    aside = list(book.file.parent.glob("*.damaged-1"))
    assert aside == [] or aside[0].read_bytes()[: len(torn)] == torn


@pytest.mark.parametrize("harm", ["DROP TABLE fact", "ALTER TABLE run DROP COLUMN clock", "PRAGMA user_version = 9999"])
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


def test_whoever_may_not_read_the_journal_is_told_the_way(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.note("sat")
    book.journal.close()
    told = f"{book.file}: only its owner and their group may read it; try sudo, or join the group"
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(JournalError, match=re.escape(told)):
        record(book.file)

    def denied(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", denied)
    with pytest.raises(JournalError, match=re.escape(told)):
        record(book.file)
    assert past(book.file) is None


def test_a_journal_that_is_no_file_is_told_at_once_and_counted_beside(
    book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    book.journal.close()
    book.file.unlink()
    os.mkfifo(book.file)
    with pytest.raises(JournalError, match="isn't a file; allowed: a journal, or a name for a new one"):
        record(book.file)
    book.begin()
    book.note("sat")
    book.journal.tick(60.0)
    assert "facts wait in memory" in caplog.text
    assert "it is no file" in caplog.text
    with pytest.raises(JournalError, match=r"it can't be read: .*File name too long"):
        record(book.file.with_name("x" * 300))


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
    book.pull_the_plug()


def test_what_cannot_be_read_is_a_line(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no journal yet"):
        list(runs(tmp_path / "journal.db"))
    (tmp_path / "journal.db").write_text("no journal")
    with pytest.raises(JournalError, match=r"can't be read: file is not a database"):
        list(runs(tmp_path / "journal.db"))


def test_a_layout_of_tomorrow_is_not_guessed_at(book: Book) -> None:
    book.journal.close()
    with closing(sqlite3.connect(book.file)) as other, other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalError, match="layout 99, this Unsit knows 3"):
        list(runs(book.file))


# ---- layouts


LAYOUT_1 = """
CREATE TABLE run (id INTEGER PRIMARY KEY, seen_ms INTEGER NOT NULL, clock_ms INTEGER, clock_reads TEXT);
CREATE TABLE fact (run INTEGER NOT NULL REFERENCES run (id), t_ms INTEGER NOT NULL, said_ms INTEGER NOT NULL,
    fact TEXT NOT NULL, details TEXT NOT NULL);
CREATE INDEX fact_of_run ON fact (run, said_ms);
INSERT INTO run VALUES (1, 9000, 9000, '2026-03-01T09:00:09+01:00'), (2, 8000, NULL, NULL),
    (3, 70000, 70000, '2026-03-02T09:01:10+01:00');
INSERT INTO fact VALUES (1, 1000, 6000, 'sat', '{}'), (1, 7000, 8000, 'left', '{}'), (3, 2000, 7000, 'sat', '{}');
PRAGMA user_version = 1;
"""


@pytest.mark.parametrize("reader_first", [True, False])
def test_a_journal_of_the_first_layout_is_brought_forward(tmp_path: Path, reader_first: bool) -> None:
    (tmp_path / "state").mkdir()
    with closing(sqlite3.connect(tmp_path / "state" / "journal.db")) as older:
        older.executescript(LAYOUT_1)
    if reader_first:
        assert len(list(runs(tmp_path / "state" / "journal.db"))) == 3
    book = Book(tmp_path)
    book.note("sat")
    book.journal.close()
    assert [[fact.name for fact in run.facts] for run in runs(book.file)] == [["sat", "left"], [], ["sat"], ["sat"]]
    first, _, third, _ = runs(book.file)
    assert (first.seated_till_s, third.seated_till_s) == (None, 70.0)
    assert third.when(2.0) == datetime.fromisoformat("2026-03-02T09:00:02+01:00")
    assert list(book.file.parent.glob("*.damaged-*")) == []


# ---- what is kept, and for how long


def test_levels_are_kept_when_they_change_and_thinned_when_they_chatter() -> None:
    chatter = [KeptInput(float(nth), "seat", "empty" if nth % 2 else "taken") for nth in range(101)]
    press = [KeptInput(50.5, "button", "down"), KeptInput(50.7, "button", "up")]
    kept = thinned(sorted([*chatter, *press], key=lambda each: each.at))
    seats = [each for each in kept if each.name == "seat"]
    assert [(each.at, each.value) for each in seats[:2]] == [(0.0, "taken"), (1.0, "empty")]
    assert [(each.at, each.value) for each in seats[-2:]] == [(99.0, "empty"), (100.0, "taken")]
    assert all(one.value != other.value for one, other in pairwise(seats))
    (note,) = [each for each in kept if each.name == "thinned"]
    assert note.value == f"{101 - len(seats)} changes of the seat are left out"
    assert [each.name for each in kept if each.at > 50 and each.at < 51] == ["button", "button"]


@given(st.integers(0, 130))
def test_what_is_thinned_ends_as_it_ended(changes: int) -> None:
    chatter = [KeptInput(float(nth), "seat", "empty" if nth % 2 else "taken") for nth in range(changes)]
    kept = [each for each in thinned(chatter) if each.name == "seat"]
    assert len(kept) <= 41
    assert kept[-1:] == chatter[-1:]
    assert all(one.value != other.value for one, other in pairwise(kept))


def test_what_is_older_than_asked_for_goes_at_the_first_write_and_each_night(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.pull_the_plug()
    book.journal = Journal(book.file, book.wall, keep_days=10)
    for days in range(90):
        book.note("left", day=days)
        book.hear(Seat(book.now, days % 2 == 0))
        if days in (5, 88):
            book.hear(Upkeep(book.now))
        book.wait(86_400)
    # The night of day 88 was the last one.
    (run,) = runs(book.file)
    assert [details_of(fact)["day"] for fact in run.facts] == list(range(79, 90))
    book.journal.close()
    book.begin()
    book.note("left", day=90)
    book.wait(60)
    book.journal.close()
    book.now += 30 * 86_400
    book.pull_the_plug()
    book.journal = Journal(book.file, book.wall, keep_days=10)
    book.wait(0)
    assert [[details_of(fact)["day"] for fact in run.facts] for run in runs(book.file)] == []
    book.pull_the_plug()
    with closing(sqlite3.connect(book.file)) as onlooker:
        assert onlooker.execute("SELECT count(*) FROM fact").fetchone() == (0,)
        assert onlooker.execute("SELECT count(*) FROM input").fetchone() == (0,)


def test_levels_are_kept_for_two_months(book: Book) -> None:
    for days in range(70):
        book.hear(Seat(book.now, days % 2 == 0))
        book.note("left", day=days)
        book.wait(86_400)
    book.hear(Upkeep(book.now))
    book.note("left", day=70)
    book.wait(60)
    with closing(sqlite3.connect(book.file)) as onlooker:
        assert onlooker.execute("SELECT count(*) FROM fact").fetchone() == (71,)
        assert onlooker.execute("SELECT count(*) FROM input").fetchone() == (61,)


# ---- dates


class PiWall:
    """A clock of a Pi: stale until it is told the time; and the boot that it runs in."""

    watched = True

    def __init__(self, boot: str, shows: datetime, *, is_right: bool, boot_s: float = 0.0) -> None:
        self.boot, self.shows, self.is_right, self.boot_s = boot, shows, is_right, boot_s

    def reads(self, now: float) -> datetime:
        return self.shows + timedelta(seconds=now)

    def readings(self, now: float) -> Readings:
        return Readings(now, self.boot, self.boot_s + now, self.reads(now) if self.is_right else None)


def a_run(file: Path, wall: PiWall, *, told_after_s: float | None = None) -> None:
    """Somebody sits for a minute; so much later the clock is told the time."""
    journal = Journal(file, wall)
    journal.tick(0.0)
    journal.perform(Note(fact_of(0.0, 5.0, "sat", {})), 5.0)
    journal.perform(Note(fact_of(60.0, 75.0, "left", {})), 75.0)
    if told_after_s is not None:
        wall.shows, wall.is_right = BEGAN, True
        journal.perform(Heard(ClockRead(told_after_s, BEGAN, 9e6)), told_after_s)
    journal.tick(600.0)
    journal.close()


NINETEEN_SEVENTY = datetime.fromisoformat("1970-01-01T00:00:10+00:00")


def dates(file: Path) -> list[tuple[str, bool]]:
    return [(f"{run.when(0.0).astimezone(UTC):%Y-%m-%d %H:%M}", run.about) for run in runs(file)]


def test_what_was_written_before_the_time_was_known_gets_its_true_date(tmp_path: Path) -> None:
    a_run(tmp_path / "j.db", PiWall("a", NINETEEN_SEVENTY, is_right=False), told_after_s=300.0)
    assert dates(tmp_path / "j.db") == [("2026-03-02 08:00", False)]


def test_an_earlier_run_of_the_same_boot_is_dated_by_the_one_that_was_told_the_time(tmp_path: Path) -> None:
    a_run(tmp_path / "j.db", PiWall("a", NINETEEN_SEVENTY, is_right=False))
    a_run(tmp_path / "j.db", PiWall("a", BEGAN, is_right=True, boot_s=3600.0))
    assert dates(tmp_path / "j.db") == [("2026-03-02 07:00", False), ("2026-03-02 08:00", False)]


def test_a_run_that_was_never_told_the_time_is_about_between_the_two_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "j.db"
    a_run(file, PiWall("a", BEGAN, is_right=True))
    a_run(file, PiWall("b", NINETEEN_SEVENTY, is_right=False))
    a_run(file, PiWall("c", BEGAN + timedelta(days=2, hours=1), is_right=False))
    a_run(file, PiWall("d", BEGAN + timedelta(days=9), is_right=False))
    a_run(file, PiWall("e", BEGAN + timedelta(days=3), is_right=True))
    assert dates(file) == [
        ("2026-03-02 08:00", False), ("2026-03-02 08:10", True), ("2026-03-04 09:00", True),
        ("2026-03-05 07:50", True), ("2026-03-05 08:00", False),
    ]  # fmt: skip
    assert not any(day.year == 1970 for day in by_day(runs(file), {}))


def test_a_run_before_any_that_was_told_the_time_ends_where_that_begins(tmp_path: Path) -> None:
    a_run(tmp_path / "j.db", PiWall("a", NINETEEN_SEVENTY, is_right=False))
    assert dates(tmp_path / "j.db") == []
    a_run(tmp_path / "j.db", PiWall("b", BEGAN, is_right=True))
    assert dates(tmp_path / "j.db") == [("2026-03-02 07:50", True), ("2026-03-02 08:00", False)]


def test_what_nobody_can_date_is_not_deleted_for_being_old(tmp_path: Path) -> None:
    a_run(tmp_path / "j.db", PiWall("a", BEGAN, is_right=True))
    a_run(tmp_path / "j.db", PiWall("b", NINETEEN_SEVENTY, is_right=False))
    a_run(tmp_path / "j.db", PiWall("c", BEGAN, is_right=True))
    with closing(sqlite3.connect(tmp_path / "j.db")) as onlooker:
        assert onlooker.execute("SELECT count(*) FROM fact").fetchone() == (6,)
    # Three years later the first three are gone, the undated one among them.
    a_run(tmp_path / "j.db", PiWall("d", BEGAN + timedelta(days=1100), is_right=True))
    assert len(dates(tmp_path / "j.db")) == 1


def test_where_nobody_tells_the_time_what_is_old_goes_by_how_long_the_device_was_on(tmp_path: Path) -> None:
    file = tmp_path / "j.db"
    for nth in range(20):
        # Two days each time, and a clock that begins anew with each boot.
        wall = PiWall(f"boot {nth}", NINETEEN_SEVENTY, is_right=False)
        journal = Journal(file, wall, keep_days=10)
        for hours in (0, 48):
            journal.perform(Note(fact_of(hours * 3600.0, hours * 3600.0, "due", {"nth": nth})), hours * 3600.0)
            journal.tick(hours * 3600.0 + 60)
        journal.close()
    with closing(sqlite3.connect(file)) as onlooker:
        kept = [json.loads(details)["nth"] for (details,) in onlooker.execute("SELECT details FROM fact")]
        runs_kept = onlooker.execute("SELECT count(*) FROM run").fetchone()[0]
    assert sorted(set(kept)) == list(range(14, 20))
    assert runs_kept == 6


def test_what_is_old_by_a_clock_told_late_in_the_day_still_goes(tmp_path: Path) -> None:
    file = tmp_path / "j.db"
    a_run(file, PiWall("a", BEGAN - timedelta(days=1100), is_right=True))
    a_run(file, PiWall("b", NINETEEN_SEVENTY, is_right=False), told_after_s=300.0)
    assert dates(file) == [("2026-03-02 08:00", False)]


def test_what_is_forgotten_goes_by_the_dates_that_the_history_shows(tmp_path: Path) -> None:
    file = tmp_path / "j.db"
    shown = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
    for day in range(4):
        a_run(file, PiWall(f"boot {day}", shown + timedelta(days=day), is_right=False))
    forgotten = forget_before(file, shown + timedelta(days=2))
    assert forgotten == Forgotten(rows=4)
    assert [when for when, _ in dates(file)] == ["2026-03-04 08:00", "2026-03-05 08:00"]
    assert forget_before(file, shown + timedelta(days=2)) == Forgotten(rows=0)


def test_what_has_no_date_at_all_is_not_forgotten_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "j.db"
    a_run(file, PiWall("a", NINETEEN_SEVENTY, is_right=False))
    assert forget_before(file, BEGAN) == Forgotten(rows=0, undated=1)
    assert forget_all(file) == Forgotten(rows=2)
    assert forget_all(file) == Forgotten(rows=0)


# ---- what the person has chosen


def chosen(book: Book) -> list[str]:
    """The choices that a start is told."""
    told = past(book.file)
    assert told is not None
    return [fact.name for fact in told.choices]


def test_what_was_chosen_is_written_at_once_and_outlives_every_fact(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.pull_the_plug()
    book.journal = Journal(book.file, book.wall, keep_days=10)
    book.note("safety_seen")
    assert book.journal.next_deadline() == book.now
    for _ in range(30):
        book.note("left")
        book.hear(Upkeep(book.now))
        book.wait(86_400)
    book.journal.close()
    (run,) = runs(book.file)
    assert all(fact.name == "left" for fact in run.facts)
    assert chosen(book) == ["safety_seen"]


def test_forgetting_all_forgets_what_was_chosen_and_forgetting_some_does_not(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.note("safety_seen")
    book.note("sat")
    book.journal.close()
    forget_before(book.file, datetime.fromisoformat("2036-01-01T00:00:00+01:00"))
    with closing(sqlite3.connect(book.file)) as kept:
        assert kept.execute("SELECT what FROM choice").fetchall() == [("safety_seen",)]
    forget_all(book.file)
    with closing(sqlite3.connect(book.file)) as kept:
        assert kept.execute("SELECT what FROM choice").fetchall() == []


def test_a_journal_of_the_second_layout_is_brought_forward(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.note("sat")
    book.journal.close()
    with closing(sqlite3.connect(book.file)) as older:
        older.executescript(
            "DROP TABLE choice; DROP TABLE zone; DROP TABLE day; DROP TABLE added_up; PRAGMA user_version = 2;"
        )
    book.begin()
    book.note("safety_seen")
    book.journal.close()
    assert [[fact.name for fact in run.facts] for run in runs(book.file)] == [["sat"], ["safety_seen"]]
    assert chosen(book) == ["safety_seen"]
    assert list(book.file.parent.glob("*.damaged-*")) == []


def test_a_choice_that_makes_no_sense_is_left_out(tmp_path: Path) -> None:
    book = Book(tmp_path)
    book.note("safety_seen")
    book.journal.close()
    with closing(sqlite3.connect(book.file)) as other, other:
        other.execute("INSERT INTO choice VALUES ('x', 'sat', '{}'), ('y', 'safety_seen', '[')")
    assert chosen(book) == ["safety_seen"]


def test_what_another_program_chose_is_told_at_the_next_write_and_only_then(tmp_path: Path) -> None:
    book, told = Book(tmp_path), EventQueue()
    book.pull_the_plug()
    book.journal = Journal(book.file, book.wall, inbox=told)
    book.note("sat")
    book.wait(60)
    book.note("stretch_never", stretch="march")
    book.wait(60)
    assert list(told.drain()) == [], "what the device says itself is no news to it"
    choose(book.file, choice(0.0, "stretch_again", "march"))
    book.wait(60)
    assert [(each.name, each.value) for each in told.drain() if isinstance(each, Chosen)] == [
        ("stretch_again", "march")
    ]
    book.wait(60)
    assert list(told.drain()) == []
    assert [fact.name for fact in choices(book.file)] == ["stretch_again"]
    book.pull_the_plug()
