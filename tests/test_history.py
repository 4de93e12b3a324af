"""Days out of facts: each run adds its share to each local day, whatever the clock did meanwhile."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.effects import Fact
from device.history import by_day, csv_of, json_of, table_of
from device.ports import Run

HOUR = 3600.0


def at(text: str) -> datetime:
    """A local time, with its zone."""
    return datetime.fromisoformat(text).astimezone()


def run(*facts: tuple[float, str], seen_s: float, began: str = "2026-03-02T09:00:00") -> Run:
    """A run whose clock read that at its beginning and goes right."""
    told = [Fact(t, t, name, {"after": "due"} if name == "break_honoured" else {}) for t, name in facts]
    return Run(told, seen_s, 0.0, at(began))


def test_a_day_is_what_its_facts_come_to() -> None:
    facts = [(0.0, "sat"), (HOUR, "due"), (HOUR, "left"), (HOUR, "bout"), (HOUR + 120, "full_break")]
    days = by_day([run(*facts, (HOUR + 120, "break_honoured"), seen_s=2 * HOUR)])
    assert list(days) == [date(2026, 3, 2)]
    told = days[date(2026, 3, 2)]
    assert (told.seated_s, told.bouts, told.breaks, told.due, told.honoured) == (HOUR, 1, 1, 1, 1)


def test_who_sat_when_the_plug_was_pulled_sat_as_long_as_they_were_seen() -> None:
    days = by_day([run((0.0, "sat"), seen_s=1500.0)])
    assert days[date(2026, 3, 2)].seated_s == 1500.0


def test_midnight_gives_each_day_its_share() -> None:
    days = by_day([run((0.0, "sat"), (3 * HOUR, "left"), seen_s=4 * HOUR, began="2026-03-02T23:00:00")])
    assert {day: told.seated_s for day, told in days.items()} == {date(2026, 3, 2): HOUR, date(2026, 3, 3): 2 * HOUR}


def test_two_runs_of_a_day_add_up_and_the_longest_bout_is_the_longer() -> None:
    one = run((0.0, "sat"), (HOUR, "left"), (HOUR, "bout"), seen_s=HOUR)
    other = run((0.0, "sat"), (2 * HOUR, "left"), (2 * HOUR, "bout"), seen_s=2 * HOUR)
    told = by_day([one, other, one])[date(2026, 3, 2)]
    assert (told.seated_s, told.bouts, told.longest_s) == (4 * HOUR, 3, 2 * HOUR)


def test_the_last_reading_of_the_clock_dates_the_whole_run() -> None:
    # It began at 1970 as far as it knew; after an hour the network told the time.
    late = Run([Fact(60.0, 65.0, "sat"), Fact(1800.0, 1815.0, "left")], 7200.0, 3600.0, at("2026-03-02T10:00:00"))
    assert late.when(60.0) == at("2026-03-02T09:01:00")
    assert list(by_day([late])) == [date(2026, 3, 2)]


def test_a_day_without_anything_is_no_day() -> None:
    assert by_day([run(seen_s=3 * 86_400)]) == {}


@given(st.lists(st.floats(1, 20_000), max_size=20), st.integers(0, 86_400), st.sampled_from([-8, 0, 1, 12]))
def test_seated_seconds_are_the_same_however_midnights_fall(spans_s: list[float], began_s: int, zone_h: int) -> None:
    facts, t = [], 0.0
    for nth, span_s in enumerate(spans_s):
        facts.append((t, "left" if nth % 2 else "sat"))
        t = round(t + span_s, 3)
    clock = datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=zone_h))) + timedelta(seconds=began_s)
    days = by_day([Run([Fact(at, at, name) for at, name in facts], t, 0.0, clock)])
    seated_s = sum(span_s for nth, span_s in enumerate(spans_s) if nth % 2 == 0)
    assert sum(told.seated_s for told in days.values()) == pytest.approx(seated_s, abs=0.05)


def test_on_paper_it_is_a_table_or_objects_or_a_sheet() -> None:
    days = by_day([run((0.0, "sat"), (HOUR + 60, "left"), seen_s=2 * HOUR)])
    heading, line = table_of(days)
    assert heading.split() == ["seated", "longest", "bouts", "breaks", "due", "honoured", "stretches"]
    assert line.split() == ["Mon", "2026-03-02", "1", "h", "01", "1", "h", "01", "1", "0", "0", "0", "0"]
    (told,) = map(json.loads, json_of(days))
    assert (told["day"], told["seated_s"]) == ("2026-03-02", 3660.0)
    header, sheet = csv_of(days)
    assert dict(zip(header.split(","), sheet.split(","), strict=True))["seated_s"] == "3660"
    assert list(table_of({})) == ["Nothing is noted of these days."]
