"""The journal's name: every journal has its own, and under one name no run's number is used twice."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.journal.beside import take_up
from device.journal.forgetting import forget_all, forget_before, forget_day
from device.journal.layout import LAYOUT, name_of, open_journal
from device.journal.reader import runs
from device.journal.writer import Journal
from device.run.clock import DeskWall
from device.words.effects import Heard, Note
from device.words.events import Upkeep
from device.words.facts import Sat

BEGAN = datetime.fromisoformat("2026-03-02T09:00:00+01:00")
THEN = Path(__file__).parent / "layout_3"


def name(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return name_of(connection)


class Desk:
    """A device that is switched on for some minutes at a time, and writes one fact each time."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.wall = DeskWall()
        self.now = 0.0
        self.wall.set(0.0, BEGAN)

    def live(self, keep_days: int = 730) -> None:
        journal = Journal(self.file, self.wall, keep_days=keep_days)
        journal.perform(Note(Sat(self.now, self.now)), self.now)
        journal.tick(self.now)
        journal.perform(Heard(Upkeep(self.now)), self.now)
        self.now += 60.0
        journal.tick(self.now)
        journal.close()
        self.now += 60.0

    def used(self) -> set[tuple[str, int]]:
        with closing(sqlite3.connect(self.file)) as connection:
            numbers = connection.execute("SELECT run FROM fact UNION SELECT id FROM run").fetchall()
        return {(name(self.file), run) for (run,) in numbers}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    desk = Desk(tmp_path / "journal.db")
    desk.live()
    return desk.file


def test_a_new_journal_has_a_name_and_keeps_it(file: Path) -> None:
    first = name(file)
    assert re.fullmatch("[0-9a-f]{8}", first)
    Desk(file).live()
    open_journal(file).close()
    assert name(file) == first


def test_two_journals_have_two_names(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        Desk(tmp_path / f"{folder}.db").live()
    assert name(tmp_path / "a.db") != name(tmp_path / "b.db")


def test_a_journal_of_before_gets_one_and_keeps_all_else(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((THEN / "journal.sql").read_text("utf-8"))
        before = [*connection.iterdump()]
    assert name(file) == ""
    assert [*runs(file)], "who only reads it gives it none"
    assert name(file) == ""
    open_journal(file).close()
    assert name(file)
    with closing(sqlite3.connect(file)) as connection:
        assert [*connection.iterdump()] == before
        assert connection.execute("PRAGMA user_version").fetchone() == (LAYOUT,)


def test_a_journal_begun_after_a_damaged_one_has_another_name(file: Path) -> None:
    first = name(file)
    file.write_bytes(file.read_bytes()[:2000] + b"\xff" * 30_000)
    Desk(file).live()
    assert file.with_name("journal.db.damaged-1").exists()
    assert name(file) not in ("", first)


def test_forgetting_all_gives_it_another_name(file: Path) -> None:
    first = name(file)
    forget_all(file)
    assert name(file) not in ("", first)


def test_forgetting_a_day_leaves_the_name(file: Path) -> None:
    first = name(file)
    assert forget_day(file, date(2026, 3, 2)).rows
    Desk(file).live()
    assert name(file) == first


def test_no_number_of_a_forgotten_fact_is_used_for_one_that_waited(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "journal.db")
    journal = Journal(desk.file, desk.wall)
    for _ in range(5):
        journal.perform(Note(Sat(desk.now, desk.now)), desk.now)
        desk.now += 60.0
        journal.tick(desk.now)
    with closing(sqlite3.connect(desk.file)) as connection:
        before = {nth for (nth,) in connection.execute("SELECT nth FROM fact")}
        connection.execute("BEGIN IMMEDIATE")
        # While another one writes, it can't.
        journal.perform(Note(Sat(desk.now, desk.now)), desk.now)
        journal.close()
        connection.rollback()
    assert (tmp_path / "journal.db.waiting").exists()
    forget_day(desk.file, date(2026, 3, 2))
    take_up(desk.file)
    with closing(sqlite3.connect(desk.file)) as connection:
        ((nth,),) = connection.execute("SELECT nth FROM fact WHERE t_ms = ?", (round(desk.now * 1000),))
    assert nth > max(before)


what_happens = st.lists(st.sampled_from(["live", "short", "all", "before", "now"]), min_size=2, max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(what_happens)
def test_no_number_of_a_run_is_used_twice_under_one_name(
    tmp_path_factory: pytest.TempPathFactory, happens: list[str]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk") / "journal.db")
    used: set[tuple[str, int]] = set()
    for each in ("live", *happens):
        match each:
            case "live" | "short":
                before = desk.used() if desk.file.exists() else set()
                desk.now += 3 * 86_400.0 if each == "short" else 0.0
                desk.live(keep_days=1 if each == "short" else 730)
                new = desk.used() - before
                assert not new & used
                used |= new
            case "all":
                forget_all(desk.file)
            case "before":
                forget_before(desk.file, BEGAN + timedelta(seconds=desk.now - 150))
            case "now":
                forget_before(desk.file, BEGAN + timedelta(seconds=desk.now + 150))
    assert used
