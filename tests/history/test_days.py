"""Made-up days from files: what the device says of them agrees with the independent reading, and adds up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from device.history.day_file import DayRow, read_day
from device.settings.settings import Limits, Settings
from device.words.events import Button, ClockRead, Event, Panel, Seat, Tick
from tests import check_traces
from tests.listening import Listener, levels, ms, on_time
from tests.reading import Definitions, read

HERE = Path(__file__).parent
DAYS = sorted(
    [*HERE.glob("days/*.csv"), *HERE.parents[1].glob("device/content/days/*.csv")], key=lambda file: file.stem
)
each_day = pytest.mark.parametrize("file", DAYS, ids=lambda file: file.stem)


def events_of(file: Path) -> list[Event]:
    """A day file as the coach hears it."""
    day = read_day(file)
    return [*map(_event, day.rows), Tick(day.end)]


def _event(row: DayRow) -> Event:
    if isinstance(row.value, datetime):
        return ClockRead(row.t, row.value.replace(tzinfo=None), stepped_s=1.0 if row.t else 0.0)
    words: dict[str, Callable[[float, bool], Event]] = {"seat": Seat, "button": Button, "panel": Panel}
    assert isinstance(row.value, bool)
    return words[row.part](row.t, row.value)


def played(name: str) -> Listener:
    """A day at the device's own settings."""
    return on_time(events_of(next(file for file in DAYS if file.stem == name)), Settings())


def test_there_are_days_to_play() -> None:
    assert {file.stem for file in DAYS} == {"heads-down", "late-evening", "office", "restless"}


@pytest.mark.parametrize("limit_min", check_traces.LIMITS_MIN)
@each_day
def test_what_is_said_agrees_with_the_reading_to_the_millisecond(file: Path, limit_min: int) -> None:
    events = events_of(file)
    limits = Limits(invite_after_s=limit_min * 60.0, due_after_s=limit_min * 60.0)
    expected = read(levels(events), ms(events[-1].at), Definitions(limit_ms=limit_min * 60_000))
    assert expected.sat
    assert expected.full_break
    assert on_time(events, Settings(limits=limits)).reading == expected


@each_day
def test_the_figures_are_those_of_the_reading(file: Path) -> None:
    events = events_of(file)
    end = events[-1].at
    reading = read(levels(events), ms(end), Definitions(limit_ms=7_200_000))
    listener = on_time(events, Settings())
    until = [told.t for told in reading.left] + [ms(end)] * (len(reading.sat) - len(reading.left))
    seated_ms = sum(left - sat.t for sat, left in zip(reading.sat, until, strict=True))
    snapshot = listener.coach.snapshot()
    days = [figures for figures in (snapshot.last_day, snapshot.today) if figures is not None]
    assert ms(sum(figures.seated_s for figures in days)) == seated_ms
    assert sum(figures.breaks for figures in days) == len(reading.bout)
    assert sum(figures.full_breaks for figures in days) == len(reading.full_break)
    assert sum(figures.due for figures in days) == len(reading.due)


def test_at_the_office_a_break_that_was_due_is_taken_with_the_guide() -> None:
    told = [name for name, *_ in played("office").facts]
    for name in ("invite", "due", "acknowledged", "guide_started", "stretch_done", "break_honoured", "snoozed"):
        assert name in told, name


def test_heads_down_two_snoozes_are_had_then_a_mute_and_at_last_the_chair_is_asked_about() -> None:
    facts = played("heads-down").facts
    assert [name for name, *_ in facts if name in ("snoozed", "muted")] == ["snoozed", "snoozed", "muted"]
    assert [details["what"] for name, _, _, details in facts if name == "stuck"] == ["seat"]


def test_late_in_the_evening_a_panel_goes_twice_and_a_clock_steps() -> None:
    told = [name for name, *_ in played("late-evening").facts]
    assert told.count("panel_lost") == told.count("panel_back") == 2
    assert told.count("clock_stepped") == 2


def test_the_command_agrees_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_traces.main([str(DAYS[0].parent)]) == 0
    assert "largest deviation 0.000 s" in capsys.readouterr().out


def test_a_folder_without_days_is_nothing_to_compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_traces.main([str(tmp_path)]) == 2
    assert "no CSV files" in capsys.readouterr().out


def test_a_file_that_is_no_day_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.csv").write_text("milk,eggs\n1,2\n")
    assert check_traces.main([str(tmp_path)]) == 2
    assert "list.csv: neither a trace" in capsys.readouterr().out


def test_a_fact_that_only_one_of_the_two_has_is_a_difference() -> None:
    assert check_traces.differences([(1000,), (5000,)], [(1099,)]) == (99, ["only the reading has 5.000 s"])
    assert check_traces.differences([(1000,)], [(1101,), (1000,)]) == (0, ["only the device has 1.101 s"])
    assert check_traces.differences([(1000, 50)], [(1000, 200)])[1]
