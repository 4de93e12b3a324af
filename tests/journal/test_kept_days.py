"""Days that are kept added up are what adding up afresh comes to, whatever happens meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.history.diary import DEFINITIONS, Days
from device.history.shares import by_day
from device.journal import kept_days as module
from device.journal.forgetting import forget_all, forget_before, forget_day
from device.journal.kept_days import days_of, keep_days
from device.journal.layout import open_journal
from device.journal.reader import Book, RunRow, run_of, runs
from device.journal.writer import Journal
from device.run.clock import DeskWall
from device.settings.settings import Limits, Settings
from device.words.effects import Heard, Note
from device.words.events import Upkeep
from device.words.facts import Fact
from device.words.record import Run
from tests.facts import fact_of
from tests.world import World

HALF_HOURLY = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))
Deed = Callable[[World], None]


def afresh(file: Path, in_time_s: float = 900.0) -> Days:
    return by_day(runs(file), {"march": "circulation"}, in_time_s)


def told(file: Path, in_time_s: float = 900.0) -> Days:
    return days_of(file, {"march": "circulation"}, in_time_s)


def kept(file: Path) -> list[str]:
    """The days that are kept."""
    with closing(sqlite3.connect(file)) as connection:
        return [day for (day,) in connection.execute("SELECT day FROM day ORDER BY day")]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of seven days at the desk, with a night of work and a bag in it."""
    world = World(tmp_path_factory.mktemp("week"), HALF_HOURLY, datetime(2026, 3, 2, 9).astimezone())
    for day in range(7):
        for minutes in (32, 40, 44):
            world.sit(minutes=minutes)
            world.rise(minutes=5)
        if day == 3:
            world.sit(hours=5)
        if day == 5:
            world.rise(hours=9)
            world.sit(hours=8)
        world.rise(hours=1)
        world.wait(seconds=(world.began + timedelta(days=day + 1) - world.shows).total_seconds())
    world.stop()
    return world.file


@pytest.fixture
def week(lived: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(lived, tmp_path / "journal.db"))


def test_nothing_is_kept_between_a_power_cut_and_what_is_found_out_of_it(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=15)
    world.cut_power(600, 20.0)
    world.rise(hours=1)
    world.stop()
    (day,) = afresh(world.file).values()
    assert [name for _, name in day.strip.moments] == ["full_break"]
    for _ in range(2):
        assert told(world.file) == afresh(world.file)


hours = st.floats(0.01, 14.0)
deeds: st.SearchStrategy[Deed] = st.one_of(
    st.integers(-1, 9).map(
        lambda days: (
            lambda world: world.choose("away", "" if days < 0 else f"{(world.began + timedelta(days=days)).date()}")
        )
    ),
    hours.map(lambda h: lambda world: world.sit(hours=round(h, 3))),
    hours.map(lambda h: lambda world: world.rise(hours=round(h, 3))),
    st.just(lambda world: world.push()),
    st.just(lambda world: keep_days(world.file)),
    st.tuples(hours, st.sampled_from([0.0, 20.0, 300.0, None])).map(
        lambda cut: lambda world: world.cut_power(round(cut[0] * 600, 3), cut[1])
    ),
    st.just(lambda world: world.crash()),
)


def test_a_fact_that_no_figure_counts_makes_no_guess_of_a_day(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.cut_power(600, 20.0)
    world.push()
    world.cut_power(600, 0.0)
    world.sit(hours=1)
    world.stop()
    (day,) = afresh(world.file).values()
    assert not day.strip.about
    assert told(world.file) == afresh(world.file)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(deeds, max_size=30), st.sampled_from([60.0, 900.0, 20_000.0]))
def test_what_is_kept_and_what_came_since_is_what_adding_up_afresh_comes_to(
    tmp_path_factory: pytest.TempPathFactory, life: list[Deed], in_time_s: float
) -> None:
    world = World(tmp_path_factory.mktemp("world"), HALF_HOURLY)
    for deed in life:
        deed(world)
    world.stop()
    for _ in range(2):
        assert told(world.file, in_time_s) == (days := afresh(world.file, in_time_s))
        assert told(world.file, in_time_s).aways == days.aways


def test_closed_days_are_kept_and_a_question_reads_no_fact_of_theirs(
    week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = told(week)
    assert len(whole) == 7
    assert kept(week) == [f"{day}" for day in whole], "a clean stop tells that the last one is over, too"
    read: list[int] = []

    def counting(book: Book, row: RunRow, facts: Sequence[Fact]) -> Run:
        read.append(len(facts))
        return run_of(book, row, facts)

    monkeypatch.setattr(module, "run_of", counting)
    assert told(week) == whole == afresh(week)
    assert sum(read) < 40


def test_what_is_sat_on_a_doubted_seat_is_kept_only_once_it_is_trusted_and_comes_to_the_same(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=40)
    world.rise(minutes=20)
    world.sit(hours=25)
    world.rise(minutes=20)
    for _ in range(3):
        world.sit(minutes=2)
        world.rise(hours=22)
        assert told(world.file) == afresh(world.file)
    before = kept(world.file)
    world.sit(minutes=32)
    world.rise(hours=23)
    world.sit(minutes=32)
    world.rise(hours=23)
    world.stop()
    assert told(world.file) == afresh(world.file)
    assert len(kept(world.file)) > len(before)
    doubtful_s = [day.figures.doubtful_s for day in told(world.file).values()]
    assert doubtful_s[-1] == 0.0
    assert sum(doubtful_s) == 25 * 3600 + 3 * 120 + 32 * 60


def test_a_streak_is_the_same_number_whichever_days_are_asked_for(week: Path) -> None:
    whole = told(week)
    for day in whole:
        (alone,) = days_of(week, {}, 900.0, day, day).values()
        assert alone.streak == whole[day].streak
    assert max(each.streak for each in whole.values()) >= 1


@pytest.fixture
def holiday(tmp_path: Path) -> Path:
    """The journal of a month: away for two weeks of it, in which somebody sat twice, and then for two days."""
    world = World(tmp_path, HALF_HOURLY, datetime(2026, 3, 2, 9).astimezone())
    for nth in range(30):
        if nth < 3 or nth in (5, 9) or nth > 17:
            world.sit(minutes=80 if nth in (5, 9) else 31)
            world.rise(minutes=5)
        if nth == 2:
            world.choose("away", "2026-03-19")
        if nth == 25:
            world.choose("away", "2026-03-29")
        world.wait(seconds=(world.began + timedelta(days=nth + 1) - world.shows).total_seconds())
    world.stop()
    return world.file


def test_times_away_are_kept_so_a_streak_passes_over_them_whichever_days_are_asked_for(holiday: Path) -> None:
    whole = told(holiday)
    assert whole == afresh(holiday)
    times = ((date(2026, 3, 5), date(2026, 3, 18)), (date(2026, 3, 28), date(2026, 3, 28)))
    for _ in range(2):
        assert told(holiday).aways == times
    assert [day.day for day in kept_away(whole)] == [7, 11, 28]
    assert whole[max(whole)].streak == len(whole) - len(kept_away(whole))
    for day in whole:
        (alone,) = days_of(holiday, {}, 900.0, day, day).values()
        assert (alone.streak, alone.strip.away) == (whole[day].streak, whole[day].strip.away)
    early = days_of(holiday, {}, 900.0, date(2026, 3, 1), date(2026, 3, 10))
    assert early.aways == times[:1]


def kept_away(days: Days) -> list[date]:
    return [day for day, told in days.items() if told.strip.away]


def test_who_forgets_a_day_forgets_none_on_which_somebody_said_that_they_are_away(holiday: Path) -> None:
    before = told(holiday)
    forget_day(holiday, date(2026, 3, 4))
    after = told(holiday)
    assert after == afresh(holiday)
    assert after.aways == before.aways
    assert date(2026, 3, 4) not in after


def test_a_changed_definition_has_all_added_up_anew(week: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(week)
    with closing(sqlite3.connect(week)) as connection, connection:
        connection.execute("UPDATE day SET page = replace(page, '1800', '99')")
    monkeypatch.setattr(module, "DEFINITIONS", DEFINITIONS + 1)
    assert told(week) == whole
    assert told(week) == whole


@pytest.mark.parametrize("nonsense", ["", "[]", "[[1]]", "nonsense", '{"a": 1}', "[" * 100_000, "[1,2,3,4,5]"])
@pytest.mark.parametrize("column", ["dues", "page"])
def test_a_kept_page_that_makes_no_sense_is_done_without(tmp_path: Path, nonsense: str, column: str) -> None:
    world = World(tmp_path, HALF_HOURLY)
    for _ in range(2):
        world.sit(minutes=40)
        world.rise(hours=23)
    world.stop()
    whole = told(world.file)
    with closing(sqlite3.connect(world.file)) as connection, connection:
        connection.execute(f"UPDATE day SET {column} = ?", (nonsense,))
    assert told(world.file) == whole


@pytest.mark.parametrize("column", ["run", "nth", "said_ms", "day", "dates"])
def test_a_place_that_makes_no_sense_is_done_without(week: Path, column: str) -> None:
    whole = told(week)
    with closing(sqlite3.connect(week)) as connection, connection:
        connection.execute(f"UPDATE added_up SET {column} = 7")
    assert told(week) == whole


def test_what_was_forgotten_is_in_no_kept_day(week: Path) -> None:
    told(week)
    forget_before(week, datetime(2026, 3, 4).astimezone())
    assert kept(week) == []
    assert min(told(week)) == date(2026, 3, 4)
    forget_all(week)
    assert told(week) == {}
    assert kept(week) == []


def test_when_it_turns_out_that_the_dates_were_others_all_is_added_up_anew(week: Path) -> None:
    before = told(week)
    with closing(open_journal(week)) as connection, connection:
        connection.execute("UPDATE run SET clock = '2026-04-09T09:00:00+02:00'")
    assert told(week) == afresh(week) != before


def test_who_may_not_write_adds_up_each_time(week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    def forbidden(_: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(module, "open_journal", forbidden)
    assert told(week) == afresh(week)
    assert kept(week) == []
    keep_days(tmp_path / "none.db")


def test_the_device_keeps_its_days_every_night_and_those_that_are_too_old_no_more(week: Path) -> None:
    keep_days(week)
    added_up: list[Path] = []
    wall = DeskWall()
    wall.set(0.0, datetime.fromisoformat("2026-03-09T12:00:00+01:00"))
    journal = Journal(week, wall, keep_days=5, add_up=added_up.append)
    journal.perform(Note(fact_of(1.0, 1.0, "sat")), 1.0)
    journal.tick(60.0)
    assert added_up == [week]
    assert kept(week)[0] == "2026-03-04"
    journal.perform(Heard(Upkeep(70.0)), 70.0)
    journal.tick(130.0)
    assert len(added_up) == 2
    journal.close()
