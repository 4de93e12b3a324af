"""A day with meetings, hours and plans out of the journal, played again, is the same day."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.history.day_file import read_day
from device.journal.export import export
from device.journal.forgetting import forget_day
from device.journal.reader import record
from device.settings.settings import Settings
from device.settings.settings_file import load_settings
from tests.journal.test_export import exported_days, kept_facts, replayed
from tests.world import BEGAN, World, written

MONDAY = BEGAN.date()
MORNING = '{name = "morning", hours = "08:00-12:00", limits.preset = "half-hourly"}'
LATE = (
    '{name = "late", days = ["mon"], hours = "16:00-02:00", limits.due_after = "40min", limits.invite_after = "35min"}'
)


def settings_of(*sets: str) -> Settings:
    """An hourly day with a calendar, and these."""
    return load_settings(None, ["limits.preset=hourly", 'meetings.calendar=["work"]', *sets], places=[])[0]


def a_world(folder: Path, settings: Settings, began: datetime = BEGAN) -> World:
    """A device whose cards of safety have been read."""
    world = World(folder, settings, began)
    world.read_safety()
    return world


BUSY = settings_of(
    *('hours.mon="08:30-12:30, 13:00-18:00"', 'hours.tue="22:00-01:00"', f"plan=[{MORNING}, {LATE}]"),
    'persons.names=["Anna", "Ben"]',
)


def said_later(lines: list[str]) -> list[str]:
    """Without the levels that the file's beginning finds, which the device had told before."""
    return [line for line in lines if json.loads(line).get("said", json.loads(line)["t"]) > 0]


def same_played_again(world: World, folder: Path, capsys: pytest.CaptureFixture[str], days: int = 0) -> list[str]:
    """Assert that; return the names of the facts."""
    exported = export(record(world.file), MONDAY + timedelta(days=days))
    told = said_later(replayed(exported, folder, capsys))
    assert told == kept_facts(exported)
    return [json.loads(line)["fact"] for line in told]


def test_a_day_of_meetings_hours_plans_cuts_and_changes_played_again_has_the_same_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(tmp_path, BUSY)
    at = world.at
    nine, two = (at("09:00"), at("10:00")), (at("14:00"), at("15:30"))
    world.have_meetings(nine, (at("10:00"), at("10:20")), two)
    world.sit(minutes=50)
    world.wait(minutes=30)
    world.push(1.5)
    world.wait(minutes=30)
    world.have_meetings(nine, (at("10:00"), at("11:00")), two)
    world.wait(minutes=5)
    world.crash()
    world.wait(minutes=50)
    world.rise(minutes=4)
    world.sit(minutes=30)
    world.cut_power(70)
    world.sit(hours=2)
    world.go_by(replace(BUSY, hours=settings_of('hours.mon="08:30-16:00"').hours))
    world.wait(minutes=40)
    world.have_meetings()
    world.wait(hours=2)
    world.rise(minutes=3)
    world.sit(hours=1)
    world.go_by(settings_of())
    world.wait(hours=1)
    world.stop()
    names = same_played_again(world, tmp_path, capsys)
    assert {"meeting", "meeting_off", "meeting_over", "off_hours", "on_hours", "plan", "due", "sound"} <= set(names)


def test_an_export_that_begins_in_a_meeting_knows_it_and_those_that_were_told_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(tmp_path, settings_of())
    world.have_meetings((world.at("23:00"), world.at("00:40", 1)), (world.at("01:00", 1), world.at("01:30", 1)))
    world.wait(hours=15)
    world.sit(minutes=30)
    world.rise(minutes=10)
    world.sit(hours=2)
    world.rise(minutes=3)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=1))
    assert [row.part for row in exported.day.at_start].count("meetings") == 1
    names = same_played_again(world, tmp_path, capsys, 1)
    assert [name for name in names if name.startswith("meeting")] == ["meeting_over", "meeting", "meeting_over"]


def test_of_a_forgotten_day_no_meeting_stays_and_the_day_before_plays_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(tmp_path, settings_of())
    today, tomorrow = (world.at("09:00"), world.at("10:00")), (world.at("11:11", 1), world.at("12:00", 1))
    world.have_meetings(today, tomorrow)
    world.wait(minutes=40)
    world.sit(hours=2)
    world.rise(minutes=10)
    world.wait(hours=20)
    world.sit(minutes=30)
    world.rise(minutes=3)
    world.stop()
    before = said_later(replayed(export(record(world.file), MONDAY), tmp_path, capsys))
    forget_day(world.file, MONDAY + timedelta(days=1))
    with closing(sqlite3.connect(world.file)) as connection:
        rows = connection.execute("SELECT value FROM input WHERE input = 'meetings'").fetchall()
    told = [value for (value,) in rows]
    assert told
    assert all(tomorrow[0].astimezone(UTC).isoformat() not in value for value in told)
    assert any(today[0].astimezone(UTC).isoformat() in value for value in told)
    assert said_later(replayed(export(record(world.file), MONDAY), tmp_path, capsys)) == before


def test_an_export_doesnt_begin_where_sound_is_back_in_a_meeting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(tmp_path, settings_of())
    world.have_meetings((world.at("22:00"), world.at("03:00", 1)))
    world.wait(hours=14.2)
    world.push(1.5)
    world.sit(minutes=30)
    world.rise(minutes=20)
    world.sit(hours=3)
    world.rise(minutes=3)
    world.stop()
    assert "sound" in same_played_again(world, tmp_path, capsys, 1)


def test_a_start_finds_its_meetings_at_once_and_so_does_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(tmp_path, settings_of())
    world.have_meetings((world.at("08:30"), world.at("11:00")))
    world.sit(minutes=40)
    world.crash()
    world.wait(minutes=100)
    world.cut_power(20, answer_s=0.0)
    world.wait(hours=1)
    world.stop()
    names = same_played_again(world, tmp_path, capsys)
    assert names.count("meeting") >= 2


def test_a_clock_that_is_told_in_the_middle_of_a_meeting_says_so_then_and_played_again_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(tmp_path, settings_of())
    world.have_meetings((world.at("09:00"), world.at("11:00")))
    world.sit(minutes=70)
    world.cut_power(60, answer_s=1200.0)
    world.wait(minutes=19)
    assert [fact.name for fact in world.said].count("meeting") == 1
    world.wait(hours=2)
    world.stop()
    assert same_played_again(world, tmp_path, capsys).count("meeting") == 2


def test_a_step_of_the_clock_that_is_noticed_where_a_plan_would_have_begun_is_the_same_played_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(tmp_path, settings_of('plan=[{name = "late", hours = "08:30-12:00"}]'))
    world.wait(minutes=29)
    world.error_s = -7200.0
    world.wait(hours=3)
    world.stop()
    assert [name for name in same_played_again(world, tmp_path, capsys) if name in ("plan", "clock_stepped")] == [
        "clock_stepped",
        "plan",
    ]


def test_a_day_file_with_rows_of_meetings_is_read_and_a_broken_row_is_one_clear_line(tmp_path: Path) -> None:
    world = a_world(tmp_path, settings_of())
    world.have_meetings((world.at("09:00"), world.at("11:00")))
    world.sit(minutes=70)
    world.stop()
    day = export(record(world.file), MONDAY).day
    assert read_day(written(day, tmp_path)).rows == day.rows
    assert any(row.part == "meetings" for row in day.rows)


# ---- any day whatever

Deed = Callable[[World], None]
times = st.tuples(st.integers(0, 36 * 4), st.sampled_from([5, 15, 30, 60, 300, 3000])).map(
    lambda each: (timedelta(minutes=15 * each[0]), timedelta(minutes=15 * each[0] + each[1]))
)


def _have(world: World, spans: list[tuple[timedelta, timedelta]]) -> None:
    world.have_meetings(*((world.began + begins, world.began + ends) for begins, ends in spans))


def _go_on_by(world: World, sets: list[str]) -> None:
    world.go_by(settings_of(*sets))
    # Nobody does two things at one instant.
    world.wait(seconds=0.001)


def _choose(world: World, name: str, value: str) -> None:
    world.choose(name, value)
    world.wait(seconds=0.001)


def _step(world: World, by_s: float) -> None:
    """The clock jumps. The device notices within a minute, and has written that down within another.

    If the power is cut before that, nothing tells of the step, and the length of the cut plays as unknown.
    """
    world.error_s += by_s
    world.wait(minutes=3)


SETS = [
    'hours.mon="08:30-12:30, 13:00-18:00"',
    'hours.tue="22:00-01:00"',
    'hours.mon="00:00-24:00"',
    f"plan=[{MORNING}]",
    f"plan=[{LATE}, {MORNING}]",
    "sounds.hours=09:00-17:00",
    "limits.short_every=20min",
    "limits.standing=half",
    'persons.names=["Anna", "Ben"]',
]
CHOSEN = [("away", "2026-03-03"), ("away", "2026-03-09"), ("away", ""), ("person", "Anna"), ("person", "Ben")]
waits_s = st.one_of(st.sampled_from([1.0, 14.0, 61.0, 121.0, 1800.0, 9000.0]), st.floats(1, 4000))
deeds: st.SearchStrategy[Deed] = st.one_of(
    waits_s.map(lambda s: lambda world: world.sit(seconds=round(s, 3))),
    waits_s.map(lambda s: lambda world: world.rise(seconds=round(s, 3))),
    st.sampled_from([0.2, 1.5]).map(lambda s: lambda world: world.push(s)),
    st.lists(times, max_size=5).map(lambda spans: lambda world: _have(world, spans)),
    st.lists(st.sampled_from(SETS), max_size=3).map(lambda sets: lambda world: _go_on_by(world, sets)),
    st.floats(0.5, 300).map(lambda s: lambda world: world.crash(round(s, 3))),
    st.sampled_from(CHOSEN).map(lambda chosen: lambda world: _choose(world, *chosen)),
    st.sampled_from([-7200.0, -90.0, 90.0, 5000.0]).map(lambda s: lambda world: _step(world, s)),
    st.tuples(waits_s, st.sampled_from([0.0, 20.0, 300.0, None])).map(
        lambda cut: lambda world: world.cut_power(round(cut[0], 3), cut[1])
    ),
)


def _plays_the_same(folder: Path, capsys: pytest.CaptureFixture[str], day: list[Deed], began_h: int) -> None:
    world = a_world(folder, BUSY, BEGAN + timedelta(hours=began_h))
    for deed in day:
        deed(world)
    world.stop()
    for exported in exported_days(world):
        assert said_later(replayed(exported, folder, capsys)) == said_later(kept_facts(exported))


@settings(deadline=None, max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(deeds, max_size=20), st.integers(0, 23))
def test_any_day_with_a_calendar_played_again_has_the_same_facts(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], day: list[Deed], began_h: int
) -> None:
    _plays_the_same(tmp_path_factory.mktemp("world"), capsys, day, began_h)


@pytest.mark.slow
@settings(deadline=None, max_examples=1000, suppress_health_check=list(HealthCheck))
@given(st.lists(deeds, max_size=20), st.integers(0, 23))
def test_any_of_a_thousand_days_with_a_calendar_played_again_has_the_same_facts(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], day: list[Deed], began_h: int
) -> None:
    _plays_the_same(tmp_path_factory.mktemp("world"), capsys, day, began_h)
