"""Days out of facts: each run adds its share to each local day, whatever the clock did meanwhile."""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.history.diary import Days
from device.history.shares import by_day
from device.history.tables import csv_of, json_of, page_of, strips_of, table_of
from device.stages.tally import Figures
from device.words.facts import Fact
from device.words.record import Run
from tests.facts import fact_of

HOUR = 3600.0
Told = list[tuple[float, str] | Fact]
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
DETAILS: dict[str, dict[str, Any]] = {
    "break_honoured": {"after": "due"},
    "stretch_done": {"stretch": "hip_lunge", "side": "left"},
}


def at(text: str) -> datetime:
    """A local time, with its zone."""
    return datetime.fromisoformat(text).astimezone()


def run(
    *facts: tuple[float, str] | Fact,
    seen_s: float,
    began: str = "2026-03-02T09:00:00",
    began_s: float = 0.0,
    seated_till_s: float | None = None,
    about: bool = False,
) -> Run:
    """A run whose clock read that at its beginning and goes right."""
    told = [
        fact if isinstance(fact, Fact) else fact_of(fact[0], fact[0], fact[1], DETAILS.get(fact[1], {}))
        for fact in facts
    ]
    return Run(told, began_s, seen_s, seated_till_s, at(began) + timedelta(seconds=seen_s - began_s), about)


def days_of(*runs: Run) -> Days:
    return by_day(runs, {"hip_lunge": "hip_flexors"})


def figures_of(*runs: Run) -> dict[date, Figures]:
    return {day: told.figures for day, told in days_of(*runs).items()}


def resumed(t: float, seated_till: float | None) -> Fact:
    return fact_of(t, t, "resumed", {"cut_at": seated_till or 0.0, "seated_till": seated_till})


def test_a_day_is_what_its_facts_come_to() -> None:
    facts = [(0.0, "sat"), (HOUR, "due"), (HOUR + 30, "left"), (HOUR + 30, "bout"), (HOUR + 150, "full_break")]
    days = figures_of(run(*facts, (HOUR + 150, "break_honoured"), (HOUR + 200, "snoozed"), seen_s=2 * HOUR))
    assert list(days) == [MONDAY]
    told = days[MONDAY]
    assert (told.seated_s, told.bouts, told.breaks, told.full_breaks) == (HOUR + 30, 1, 1, 1)
    assert (told.due, told.honoured, told.rose_after_s, told.snoozes, told.share) == (1, 1, 30.0, 1, 1.0)


def test_who_sat_when_the_plug_was_pulled_sat_as_long_as_they_were_seen() -> None:
    days = figures_of(run((0.0, "sat"), seen_s=1500.0, seated_till_s=1490.0))
    assert days[MONDAY].seated_s == 1490.0
    assert days[MONDAY].bouts == 1


def test_midnight_gives_each_day_its_share() -> None:
    days = figures_of(run((0.0, "sat"), (3 * HOUR, "left"), seen_s=4 * HOUR, began="2026-03-02T23:00:00"))
    assert {day: told.seated_s for day, told in days.items()} == {MONDAY: HOUR, TUESDAY: 2 * HOUR}
    assert {day: told.bouts for day, told in days.items()} == {MONDAY: 1, TUESDAY: 1}


def test_who_left_before_midnight_took_the_break_on_that_day_though_it_is_said_on_the_next() -> None:
    said_late = fact_of(50 * 60.0, 61 * 60.0, "bout", {})
    facts = ((0.0, "sat"), (50 * 60.0, "left"), said_late, (70 * 60.0, "sat"), (80 * 60.0, "left"))
    days = figures_of(run(*facts, seen_s=2 * HOUR, began="2026-03-02T23:00:00"))
    assert {day: told.breaks for day, told in days.items()} == {MONDAY: 1, TUESDAY: 0}


def test_a_day_that_is_played_twice_counts_twice() -> None:
    one = run((0.0, "sat"), (HOUR, "left"), (HOUR, "bout"), seen_s=HOUR)
    other = run((0.0, "sat"), (2 * HOUR, "left"), (2 * HOUR, "bout"), seen_s=2 * HOUR)
    told = figures_of(one, other, one)[MONDAY]
    assert (told.seated_s, told.bouts, told.longest_s) == (4 * HOUR, 3, 2 * HOUR)


def test_the_last_reading_of_the_clock_dates_the_whole_run() -> None:
    # It began at 1970 as far as it knew; after an hour the network told the time.
    late = Run(
        [fact_of(60.0, 65.0, "sat"), fact_of(1800.0, 1815.0, "left")], 0.0, 7200.0, None, at("2026-03-02T11:00:00")
    )
    assert late.when(60.0) == at("2026-03-02T09:01:00")
    assert list(days_of(late)) == [MONDAY]


def test_a_day_without_anybody_is_no_day() -> None:
    assert days_of(run(seen_s=3 * 86_400)) == {}
    assert days_of(run((5.0, "panel_lost"), seen_s=3 * 86_400)) == {}


# ---- over a power cut


def test_a_bout_that_a_short_cut_interrupts_is_one_bout() -> None:
    first = run((0.0, "sat"), seen_s=1200.0, seated_till_s=1200.0)
    proved_short = fact_of(1260.0, 1260.0, "power_cut", {"off_s": 60.0, "counts": False, "new_day": False})
    second = run(
        resumed(1260.0, 1200.0), proved_short, (1260.0, "sat"), (1860.0, "left"), (1860.0, "bout"),
        began_s=1260.0, began="2026-03-02T09:21:00", seen_s=2000.0,
    )  # fmt: skip
    told = figures_of(first, second)[MONDAY]
    assert (told.seated_s, told.bouts, told.longest_s, told.breaks) == (1800.0, 1, 1800.0, 1)


def test_a_cut_whose_length_nobody_ever_learns_ends_the_bout() -> None:
    first = run((0.0, "sat"), seen_s=1200.0, seated_till_s=1200.0)
    second = run(
        resumed(1200.001, 1200.0), (1200.001, "sat"), (1800.0, "left"),
        began_s=1200.001, began="2026-03-02T15:00:00", seen_s=2000.0,
    )  # fmt: skip
    told = figures_of(first, second)[MONDAY]
    assert (told.seated_s, told.bouts, told.longest_s) == (1799.999, 2, 1200.0)


def test_what_is_found_out_in_the_morning_belongs_to_the_evening() -> None:
    first = run((0.0, "sat"), (600.0, "due"), (1200.0, "left"), seen_s=1230.0, began="2026-03-02T18:00:00")
    late = [fact_of(t, 1260.0, name, DETAILS.get(name, {})) for t, name in
            ((1200.0, "bout"), (1230.0, "full_break"), (1230.0, "break_honoured"))]  # fmt: skip
    proved = fact_of(1260.0, 1260.0, "power_cut", {"off_s": 50_000.0, "counts": True, "new_day": True})
    second = run(
        resumed(1230.001, None), (1235.0, "sat"), *late, proved, (1300.0, "left"),
        began_s=1230.001, began="2026-03-03T08:00:00", seen_s=2000.0,
    )  # fmt: skip
    days = figures_of(first, second)
    assert (days[MONDAY].breaks, days[MONDAY].full_breaks, days[MONDAY].honoured) == (1, 1, 1)
    assert (days[TUESDAY].breaks, days[TUESDAY].full_breaks, days[TUESDAY].seated_s) == (0, 0, 65.0)


def test_what_is_open_when_a_run_ends_that_nobody_resumed_stays_open_for_good() -> None:
    first = run((0.0, "sat"), seen_s=1200.0, seated_till_s=1180.0)
    second = run((10.0, "sat"), (110.0, "left"), began="2026-03-03T08:00:00", seen_s=200.0)
    assert {day: told.seated_s for day, told in figures_of(first, second).items()} == {MONDAY: 1180.0, TUESDAY: 100.0}


# ---- streaks


def a_day(day: int, *, due: int, honoured: int) -> Run:
    taken = [(60.0, "sat"), (70.0, "due"), (80.0, "left"), (200.0, "full_break"), (200.0, "break_honoured")]
    left_out = [(60.0, "sat"), (70.0, "due"), (2000.0, "left"), (2010.0, "sat"), (2020.0, "left")]
    facts = [(0.0, "sat"), (30.0, "left"), *taken * honoured, *left_out * (due - honoured)]
    return run(*facts, began=f"2026-03-{day:02}T09:00:00", seen_s=3000.0)


def test_a_streak_goes_over_days_on_which_nothing_was_due_and_ends_where_a_break_was_left_out() -> None:
    days = days_of(
        a_day(2, due=1, honoured=1), a_day(3, due=0, honoured=0), a_day(6, due=2, honoured=2),
        a_day(9, due=2, honoured=1), a_day(10, due=1, honoured=1),
    )  # fmt: skip
    assert [told.streak for told in days.values()] == [1, 1, 2, 0, 1]


def streaks(*runs: Run) -> list[int]:
    return [told.streak for told in days_of(*runs).values()]


def test_a_day_waits_to_be_counted_while_a_break_may_still_be_taken() -> None:
    before = a_day(2, due=1, honoured=1)
    owing: Told = [(0.0, "sat"), (HOUR, "due")]
    today = "2026-03-03T09:00:00"
    assert streaks(before, run(*owing, seen_s=HOUR + 60, began=today, seated_till_s=HOUR + 60)) == [1, 1]
    honoured = [(HOUR + 60, "left"), (HOUR + 180, "break_honoured")]
    assert streaks(before, run(*owing, *honoured, seen_s=HOUR + 300, began=today)) == [1, 2]
    too_late = HOUR + 15 * 60.001
    assert streaks(before, run(*owing, seen_s=too_late, began=today, seated_till_s=too_late)) == [1, 0]
    left = [(HOUR + 800, "left")]
    assert streaks(before, run(*owing, *left, seen_s=HOUR + 910, began=today)) == [1, 1]
    back = [*left, (HOUR + 850.0, "sat")]
    assert streaks(before, run(*owing, *back, seen_s=too_late, began=today, seated_till_s=too_late)) == [1, 0]
    off = run(*owing, seen_s=HOUR + 60, began=today, seated_till_s=HOUR + 60)
    cut = (
        resumed(HOUR + 300, HOUR + 60),
        fact_of(HOUR + 300, HOUR + 300, "power_cut", {"off_s": 200.0, "counts": True}),
    )
    on = run(*cut, seen_s=HOUR + 400, began_s=HOUR + 300, began="2026-03-03T10:05:00")
    assert streaks(before, off, on) == [1, 0]
    assert streaks(before, off, run(seen_s=99.0, began=today)) == [1, 0]


def test_a_break_and_its_taking_belong_to_the_day_on_which_it_fell_due() -> None:
    late = [(0.0, "sat"), (60.0, "due"), (300.0, "left"), (420.0, "full_break"), (420.0, "break_honoured")]
    over_midnight = run(*late, (500.0, "sat"), seen_s=600.0, began="2026-03-02T23:57:00", seated_till_s=600.0)
    days = figures_of(over_midnight)
    assert (days[MONDAY].due, days[MONDAY].in_time, days[MONDAY].rose_after_s) == (1, 1, 240.0)
    assert (days[TUESDAY].due, days[TUESDAY].in_time, days[TUESDAY].full_breaks) == (0, 0, 1)
    assert streaks(over_midnight) == [1, 1]


def test_who_goes_home_hours_after_due_has_taken_the_break_late_and_ends_the_streak() -> None:
    facts = [(0.0, "sat"), (7200.0, "due"), (8 * HOUR, "left"), (8 * HOUR + 120, "full_break")]
    home = run(*facts, (8 * HOUR + 120, "break_honoured"), began="2026-03-03T09:00:00", seen_s=9 * HOUR)
    told = days_of(a_day(2, due=1, honoured=1), home)[TUESDAY]
    assert (told.figures.due, told.figures.in_time, told.figures.late, told.figures.not_taken) == (1, 0, 1, 0)
    assert told.streak == 0
    assert by_day([home], {}, in_time_s=6 * HOUR)[TUESDAY].streak == 1


# ---- doubt


def stuck(at: float, since: float = 0.0) -> Fact:
    return fact_of(at, at, "stuck", {"what": "seat", "since": since})


def test_time_of_which_nobody_knows_who_sat_is_a_figure_of_its_own_and_speaks_for_no_streak() -> None:
    facts: Told = [(0.0, "sat"), (7200.0, "due"), stuck(4 * HOUR), (30 * HOUR, "left"), (30 * HOUR, "bout")]
    gone = 30 * HOUR + 120
    bag = run(*facts, (gone, "full_break"), (gone, "break_honoured"), began="2026-03-02T09:00:00", seen_s=31 * HOUR)
    days = days_of(bag, a_day(4, due=1, honoured=1))
    told = [(day.figures.seated_s, day.figures.doubtful_s, day.streak) for day in days.values()]
    assert told == [(15 * HOUR, 15 * HOUR, 0), (15 * HOUR, 15 * HOUR, 0), (50.0, 0.0, 1)]
    assert days[MONDAY].strip.doubtful == days[MONDAY].strip.seated == ((9 * HOUR, 24 * HOUR),)
    assert (days[MONDAY].figures.due, days[MONDAY].figures.late) == (1, 1)
    heading, line, *_ = table_of(days)
    assert "doubtful" in heading
    assert "15 h 00" in line[26:]
    assert any("▒" * 40 in line for line in strips_of(days))
    assert "may have been a bag" in list(table_of(days))[-1]
    assert any("doubtful" in line and "15 h 00 of it" in line for line in page_of(MONDAY, days[MONDAY]))


def test_who_says_that_they_are_a_person_takes_the_doubt_away() -> None:
    facts: Told = [
        (0.0, "sat"),
        (7200.0, "due"),
        stuck(4 * HOUR),
        (5 * HOUR, "answered"),
        (6 * HOUR, "left"),
    ]
    told = days_of(run(*facts, seen_s=7 * HOUR))[MONDAY]
    assert told.figures.doubtful_s == 0.0
    asked_again = run(*facts[:-1], stuck(9 * HOUR, since=5 * HOUR), (10 * HOUR, "left"), seen_s=11 * HOUR)
    told = days_of(asked_again)[MONDAY]
    assert (told.figures.seated_s, told.figures.doubtful_s) == (10 * HOUR, 5 * HOUR)
    assert told.strip.doubtful == ((14 * HOUR, 19 * HOUR),)
    assert told.streak == 0


def test_doubt_goes_on_up_to_now_and_over_a_cut_it_is_forgotten() -> None:
    sitting: Told = [(0.0, "sat"), stuck(4 * HOUR)]
    told = days_of(run(*sitting, seen_s=5 * HOUR, seated_till_s=5 * HOUR))[MONDAY]
    assert told.figures.doubtful_s == 5 * HOUR
    cut = [*sitting, resumed(5 * HOUR, 5 * HOUR), (5 * HOUR, "sat"), (6 * HOUR, "left")]
    told = days_of(run(*cut, seen_s=7 * HOUR))[MONDAY]
    assert (told.figures.seated_s, told.figures.doubtful_s) == (6 * HOUR, 5 * HOUR)


def test_what_is_sat_on_a_seat_that_isnt_trusted_is_doubtful_over_leaving_and_cut_until_it_is_trusted() -> None:
    facts: Told = [
        (0.0, "sat"),
        fact_of(100.0, 100.0, "seat_doubted", {"why": "loose", "since": 50.0}),
        (HOUR, "left"),
        (2 * HOUR, "sat"),
        (2 * HOUR + 10, "due"),
        (3 * HOUR, "left"),
        resumed(4 * HOUR, None),
        (5 * HOUR, "sat"),
        (6 * HOUR, "left"),
        (6 * HOUR, "seat_trusted"),
        (7 * HOUR, "sat"),
        (8 * HOUR, "left"),
    ]
    told = days_of(run(*facts, seen_s=9 * HOUR))[MONDAY]
    assert (told.figures.seated_s, told.figures.doubtful_s) == (4 * HOUR, 3 * HOUR - 50)
    assert told.strip.doubtful == ((9 * HOUR + 50, 10 * HOUR), (11 * HOUR, 12 * HOUR), (14 * HOUR, 15 * HOUR))
    assert told.streak == 0


def test_a_night_is_no_part_of_the_time_of_which_the_share_is_told() -> None:
    facts = [
        (0.0, "sat"),
        (HOUR, "left"),
        (8 * HOUR, "sat"),
        (9 * HOUR, "left"),
        (10 * HOUR, "sat"),
        (11 * HOUR, "left"),
    ]
    told = days_of(run(*facts, seen_s=12 * HOUR, began="2026-03-02T00:00:00"))[MONDAY]
    assert told.figures.share == 0.75


# ---- seated seconds stay


@given(st.lists(st.floats(1, 20_000), max_size=20), st.integers(0, 86_400), st.sampled_from([-8, 0, 1, 12]))
def test_seated_seconds_are_the_same_however_midnights_fall(spans_s: list[float], began_s: int, zone_h: int) -> None:
    facts, t = [], 0.0
    for nth, span_s in enumerate(spans_s):
        facts.append((t, "left" if nth % 2 else "sat"))
        t = round(t + span_s, 3)
    clock = datetime(2026, 3, 2, tzinfo=timezone(timedelta(hours=zone_h))) + timedelta(seconds=began_s)
    only = Run([fact_of(at, at, name) for at, name in facts], 0.0, t, t if len(spans_s) % 2 else None, clock)
    seated_s = sum(span_s for nth, span_s in enumerate(spans_s) if nth % 2 == 0)
    assert sum(told.seated_s for told in figures_of(only).values()) == pytest.approx(seated_s, abs=0.05)


@pytest.mark.parametrize(("began", "hours"), [("2026-03-28T22:00:00", 8), ("2026-10-24T22:00:00", 8)])
def test_summer_time_begins_and_ends_and_nobody_sits_longer_or_shorter(
    began: str, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    days = figures_of(run((0.0, "sat"), (hours * HOUR, "left"), began=began, seen_s=9 * HOUR))
    monkeypatch.undo()
    time.tzset()
    assert [told.seated_s for told in days.values()] == [2 * HOUR, 6 * HOUR]


# ---- on paper


def test_on_paper_it_is_a_table_with_strips_or_objects_or_a_sheet() -> None:
    days = days_of(
        run((0.0, "sat"), (HOUR, "due"), (HOUR + 60, "left"), (2 * HOUR, "sat"), (2.1 * HOUR, "left"), seen_s=9999.0)
    )
    lines = list(table_of(days))
    heading, line = lines[:2]
    assert " ".join(heading.split()) == "seated of day longest bouts breaks due in time late not taken stretches streak"
    assert line.split() == [
        "Mon",
        "2026-03-02",
        "1",
        "h",
        "07",
        "53%",
        "1",
        "h",
        "07",
        "1",
        "0",
        "1",
        "0",
        "0",
        "1",
        "0",
        "0",
    ]
    assert lines[3].split() == ["9", "10", "11"]
    assert lines[4] == "Mon 2026-03-02    ████!···▄"
    (told,) = map(json.loads, json_of(days))
    assert (told["day"], told["seated_s"], told["about"]) == ("2026-03-02", 4020.0, False)
    header, sheet = csv_of(days)
    cells = dict(zip(header.split(","), sheet.split(","), strict=True))
    assert (cells["seated_s"], cells["rose_after_s"], cells["due"]) == ("4020", "60", "1")
    assert list(table_of(Days())) == ["Nothing is noted of these days."]


def test_a_day_alone_is_a_page() -> None:
    days = days_of(run((0.0, "sat"), (60.0, "stretch_done"), (HOUR, "left"), seen_s=HOUR))
    text = "\n".join(page_of(MONDAY, days[MONDAY]))
    assert "Monday, 2026-03-02" in text
    assert "1 h 00, 100% of the time from the first sitting to the last" in text
    assert "1: 1 hip flexors" in text
    assert "████" in text


def test_a_day_whose_date_is_a_guess_says_so() -> None:
    days = days_of(run((0.0, "sat"), (HOUR, "left"), seen_s=HOUR, about=True))
    lines = list(table_of(days))
    assert lines[1].startswith("Mon 2026-03-02 ~")
    assert "about" in lines[-1]
    assert lines[-1] == list(page_of(MONDAY, days[MONDAY]))[-1]


def test_a_table_and_a_page_say_how_often_the_seat_was_lost() -> None:
    loses = [(2.0 * HOUR, "seat_lost"), (2.5 * HOUR, "sat"), (3.0 * HOUR, "seat_lost")]
    for told, times in ((loses[:1], "once"), (loses, "2 times")):
        days = days_of(run((HOUR, "sat"), *told, seen_s=4.0 * HOUR))
        says = f"2026-03-02: the seat was lost {times}; nobody knows who sat meanwhile."
        assert says in list(table_of(days))
        assert says in list(page_of(MONDAY, days[MONDAY]))
    sits = days_of(run((HOUR, "sat"), (2.0 * HOUR, "left"), seen_s=4.0 * HOUR))
    assert "lost" not in "".join(table_of(sits))
