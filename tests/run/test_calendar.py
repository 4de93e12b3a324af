"""The calendar on clocks that run, jump and are not there."""

from __future__ import annotations

import datetime as standard
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import schedule
from hypothesis import given
from hypothesis import strategies as st

from device.run.calendar import Calendar
from device.run.clock import DeskWall, SystemWall
from device.settings.settings import Settings, Sounds
from device.settings.week import is_within
from device.words.events import ClockRead, DayEnded, Event, Power, QuietHours, Upkeep
from device.words.past import Readings

CET = timezone(timedelta(hours=1))
OFFICE = Sounds(hours="08:30-18:00", days=("mon", "tue", "wed", "thu", "fri"))
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=CET)


def a_calendar(shows: datetime, sounds: Sounds = OFFICE) -> tuple[Calendar, DeskWall]:
    wall = DeskWall()
    wall.set(0.0, shows)
    return Calendar(Settings(sounds=sounds), wall), wall


def run_to(calendar: Calendar, end: float) -> list[Event]:
    """All that the calendar says from 0 to that instant, asked whenever it wants to be."""
    return calendar.run(0.0) + go_on(calendar, end)


def go_on(calendar: Calendar, end: float) -> list[Event]:
    """All that it says from there on to that instant."""
    events = []
    while (deadline := calendar.next_deadline()) is not None and deadline <= end:
        events += calendar.run(deadline)
    return events


def quiets(events: list[Event]) -> list[tuple[float, bool]]:
    return [(event.at, event.quiet) for event in events if isinstance(event, QuietHours)]


def ends(events: list[Event]) -> list[float]:
    return [event.at for event in events if isinstance(event, DayEnded)]


def steps(events: list[Event]) -> list[tuple[float, float]]:
    return [(event.at, event.stepped_s) for event in events if isinstance(event, ClockRead) and event.stepped_s]


def test_without_a_wall_clock_there_is_no_calendar() -> None:
    calendar = Calendar(Settings(sounds=OFFICE), DeskWall())
    assert calendar.run(0.0) == []
    assert calendar.next_deadline() is None


def test_at_the_start_it_tells_the_time_and_whether_it_is_quiet() -> None:
    calendar, _ = a_calendar(MONDAY)
    assert calendar.run(0.0) == [ClockRead(0.0, MONDAY), QuietHours(0.0, True)]


def test_quiet_hours_change_exactly_at_their_bounds() -> None:
    calendar, _ = a_calendar(MONDAY)
    events = run_to(calendar, 16 * 3600 - 1)
    assert quiets(events) == [(0.0, True), (1800.0, False), (36_000.0, True)]


def test_a_day_ends_at_each_local_midnight() -> None:
    calendar, _ = a_calendar(MONDAY)
    assert ends(run_to(calendar, 3 * 86_400)) == [57_600.0, 144_000.0, 230_400.0]


def test_a_weekend_stays_quiet() -> None:
    calendar, _ = a_calendar(datetime(2026, 3, 6, 17, 59, tzinfo=CET))
    told = [quiet for _, quiet in quiets(run_to(calendar, 2 * 86_400))]
    assert told == [False] + [True] * (len(told) - 1)


def test_an_hour_forward_is_a_step_and_none_of_the_skipped_jobs_fires() -> None:
    calendar, wall = a_calendar(datetime(2026, 3, 2, 23, 30, tzinfo=CET))
    calendar.run(0.0)
    wall.set(60.0, datetime(2026, 3, 3, 8, 45, tzinfo=CET))
    events = calendar.run(60.0)
    assert steps(events) == [(60.0, 33_240.0)]
    assert ends(events) == []
    assert quiets(events) == [(60.0, False)]
    assert calendar.next_deadline() == 60.0 + (9 * 60 + 15) * 60


def test_a_step_back_lets_midnight_come_again() -> None:
    calendar, wall = a_calendar(datetime(2026, 3, 2, 23, 59, tzinfo=CET))
    assert ends(calendar.run(0.0) + calendar.run(60.0)) == [60.0]
    wall.set(120.0, datetime(2026, 3, 2, 23, 0, tzinfo=CET))
    assert len(steps(calendar.run(120.0))) == 1
    assert calendar.next_deadline() == 3720.0
    assert ends(calendar.run(3720.0)) == [3720.0]


def test_from_1970_to_now_is_a_step_like_any_other() -> None:
    calendar, wall = a_calendar(datetime(1970, 1, 1, tzinfo=CET))
    calendar.run(0.0)
    wall.set(30.0, MONDAY)
    assert len(steps(calendar.run(30.0))) == 1
    assert calendar.next_deadline() == 30.0 + 1800


def test_two_seconds_are_no_step_and_a_little_more_is() -> None:
    calendar, wall = a_calendar(MONDAY)
    calendar.run(0.0)
    wall.set(10.0, MONDAY + timedelta(seconds=12))
    assert steps(calendar.run(10.0)) == []
    wall.set(20.0, MONDAY + timedelta(seconds=24.001))
    assert steps(calendar.run(20.0)) == [(20.0, 2.001)]


def test_a_change_of_zone_alone_is_no_step() -> None:
    calendar, wall = a_calendar(MONDAY)
    calendar.run(0.0)
    wall.set(10.0, (MONDAY + timedelta(seconds=10)).astimezone(timezone(timedelta(hours=2))))
    assert steps(calendar.run(10.0)) == []


def test_summer_time_or_another_zone_tells_the_time_anew_and_skips_nothing() -> None:
    calendar, wall = a_calendar(MONDAY, Sounds(hours="08:30-18:00"))
    calendar.run(0.0)
    wall.set(60.0, (MONDAY + timedelta(seconds=60)).astimezone(timezone(timedelta(hours=2))))
    events = calendar.run(60.0)
    assert events[-2:] == [ClockRead(60.0, wall.reads(60.0) or MONDAY), QuietHours(60.0, False)]
    # An hour sooner than it would have been.
    assert ends(run_to(calendar, 86_400)) == [57_600.0 - 3600]


# ---- local time that moves and skips no second


class ZoneWall:
    """A computer's clock in a zone with its summer times; `zone` may be set by hand."""

    watched = True
    is_right = True

    def __init__(self, starts: datetime, zone: str) -> None:
        self._starts = starts
        self.zone = ZoneInfo(zone)

    def reads(self, now: float) -> datetime:
        local = (self._starts + timedelta(seconds=now)).astimezone(self.zone)
        return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))

    def readings(self, now: float) -> Readings:
        return Readings(now)


def in_zone(zone: str, first: date, days: int, sounds: Sounds = OFFICE) -> tuple[ZoneWall, list[Event]]:
    """All that is said from noon of that day on, some days long."""
    wall = ZoneWall(datetime(first.year, first.month, first.day, 12, tzinfo=ZoneInfo(zone)).astimezone(CET), zone)
    return wall, run_to(Calendar(Settings(sounds=sounds), wall), days * 86_400)


CHANGES = [
    ("Europe/Berlin", date(2026, 3, 28)),
    ("Europe/Berlin", date(2026, 10, 24)),
    ("Asia/Beirut", date(2026, 3, 28)),
    ("Asia/Beirut", date(2026, 10, 23)),
    ("Africa/Cairo", date(2026, 4, 23)),
    ("America/Havana", date(2026, 3, 7)),
    ("America/Havana", date(2026, 10, 31)),
    ("America/Santiago", date(2026, 9, 5)),
    ("Atlantic/Azores", date(2026, 3, 28)),
    ("Atlantic/Azores", date(2026, 10, 24)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Pacific/Apia", date(2011, 12, 29)),
]


@pytest.mark.parametrize(("zone", "first"), CHANGES)
def test_every_local_day_ends_once_and_at_the_first_instant_of_the_next(zone: str, first: date) -> None:
    wall, events = in_zone(zone, first, 3)
    minutes = [(minute * 60.0, wall.reads(minute * 60.0).date()) for minute in range(3 * 24 * 60)]
    begins = [at for (at, day), (_, before) in zip(minutes[1:], minutes, strict=False) if day > before]
    assert ends(events) == begins


@pytest.mark.parametrize(("zone", "first"), CHANGES)
@pytest.mark.parametrize("hours", ["02:30-23:30", "00:30-02:30", "23:30-00:30"])
def test_hours_hold_to_the_minute_through_every_change(zone: str, first: date, hours: str) -> None:
    sounds = Sounds(hours=hours)
    wall, events = in_zone(zone, first, 2, sounds)
    told, quiet = dict(quiets(events)), True
    for minute in range(2 * 24 * 60):
        quiet = told.get(minute * 60.0, quiet)
        assert quiet is not is_within(wall.reads(minute * 60.0).replace(tzinfo=None), sounds.week)


def test_after_a_zone_to_the_west_is_set_the_hours_begin_later() -> None:
    calendar, wall = a_calendar(datetime(2026, 3, 2, 9, 10, tzinfo=CET))
    calendar.run(0.0)
    wall.set(600.0, (MONDAY + timedelta(minutes=80)).astimezone(timezone(timedelta(hours=-4))))
    assert quiets(calendar.run(600.0)) == [(600.0, True)]
    assert quiets(go_on(calendar, 40_000)) == [(600.0 + (4 * 60 + 10) * 60, False)]


def test_hours_that_the_clock_goes_through_twice_close_twice() -> None:
    calendar, wall = a_calendar(datetime(2026, 10, 25, 2, 20, tzinfo=CET), Sounds(hours="00:00-02:30"))
    assert quiets(run_to(calendar, 2400)) == [(0.0, False), (600.0, True)]
    wall.set(2400.0, datetime(2026, 10, 25, 2, 0, tzinfo=UTC))
    assert quiets(calendar.run(2400.0)) == [(2400.0, False)]
    assert calendar.next_deadline() == 4200.0
    assert quiets(calendar.run(4200.0)) == [(4200.0, True)]


def test_over_midnight_to_the_east_the_day_ends_and_upkeep_that_was_skipped_waits_a_night() -> None:
    calendar, wall = a_calendar(datetime(2026, 3, 2, 22, 0, tzinfo=CET))
    calendar.run(0.0)
    wall.set(60.0, datetime(2026, 3, 3, 4, 1, tzinfo=timezone(timedelta(hours=7))))
    events = calendar.run(60.0)
    assert ends(events) == [60.0]
    assert not any(isinstance(event, Upkeep) for event in events + go_on(calendar, 80_000))


def test_over_midnight_to_the_west_the_day_ends_once_more() -> None:
    calendar, wall = a_calendar(datetime(2026, 3, 2, 23, 30, tzinfo=CET))
    assert ends(run_to(calendar, 1860)) == [1800.0]
    wall.set(1860.0, datetime(2026, 3, 2, 18, 1, tzinfo=timezone(timedelta(hours=-5))))
    assert ends(calendar.run(1860.0)) == []
    assert ends(go_on(calendar, 80_000)) == [1860.0 + (5 * 60 + 59) * 60]


def test_a_clock_that_is_nursed_back_over_midnight_ends_the_day_once() -> None:
    calendar, wall = a_calendar(datetime(2026, 3, 2, 23, 59, tzinfo=CET))
    assert ends(run_to(calendar, 60)) == [60.0]
    wall.set(61.0, datetime(2026, 3, 2, 23, 59, 59, 500_000, tzinfo=CET))
    assert ends(calendar.run(61.0) + go_on(calendar, 80_000)) == []


def test_a_midnight_that_went_by_on_a_clock_not_yet_set_ends_the_day_when_it_is_set() -> None:
    calendar, wall = a_calendar(datetime(1970, 1, 1, tzinfo=CET))
    calendar.run(0.0)
    wall.set(900.0, datetime(2026, 3, 3, 0, 5, tzinfo=CET))
    assert ends(calendar.run(900.0)) == [600.0]
    wall.set(1200.0, datetime(2026, 3, 3, 0, 20, tzinfo=CET))
    assert ends(calendar.run(1200.0)) == []


def test_at_half_past_three_there_is_time_for_upkeep() -> None:
    calendar, _ = a_calendar(MONDAY)
    told = [event.at for event in run_to(calendar, 2 * 86_400) if isinstance(event, Upkeep)]
    assert told == [19.5 * 3600, 43.5 * 3600]


def test_a_clock_that_turns_out_to_be_right_is_told() -> None:
    calendar, wall = a_calendar(MONDAY)
    wall.is_right = False
    calendar.run(0.0)
    assert calendar.run(60.0) == []
    wall.is_right = True
    assert calendar.run(120.0) == [ClockRead(120.0, MONDAY + timedelta(seconds=120))]
    assert calendar.run(180.0) == []


# ---- after a cut of unknown length


def after_a_cut(shows: datetime, cut_reads: datetime) -> tuple[Calendar, DeskWall]:
    """On again, and the clock shows that and isn't right."""
    wall = DeskWall()
    wall.set(0.0, shows)
    wall.is_right = False
    calendar = Calendar(Settings(), wall, cut_reads)
    assert powers(calendar.run(0.0)) == []
    return calendar, wall


def powers(events: list[Event]) -> list[Power]:
    return [event for event in events if isinstance(event, Power)]


def test_how_long_it_was_off_is_told_once_the_clock_is_set() -> None:
    calendar, wall = after_a_cut(MONDAY, MONDAY)
    wall.set(30.0, MONDAY + timedelta(seconds=100))
    assert powers(calendar.run(30.0)) == [Power(30.0, 70.0, new_day=False)]
    assert powers(calendar.run(60.0)) == []


def test_how_long_it_was_off_is_told_once_a_clock_that_went_right_is_known_to() -> None:
    calendar, wall = after_a_cut(MONDAY + timedelta(hours=20), MONDAY)
    assert powers(calendar.run(30.0)) == []
    wall.is_right = True
    assert powers(calendar.run(60.0)) == [Power(60.0, 20 * 3600.0, new_day=True)]


def test_a_clock_that_shows_an_earlier_time_than_at_the_cut_tells_nothing() -> None:
    calendar, wall = after_a_cut(MONDAY - timedelta(days=2), MONDAY)
    wall.set(30.0, MONDAY - timedelta(days=1))
    assert powers(calendar.run(30.0)) == []
    wall.is_right = True
    assert powers(calendar.run(90.0)) == []


def test_called_late_it_still_ends_the_day_at_midnight() -> None:
    calendar, _ = a_calendar(datetime(2026, 3, 2, 23, 59, tzinfo=CET))
    calendar.run(0.0)
    assert ends(calendar.run(65.0)) == [60.0]


def test_the_computers_clock_is_looked_at_every_minute_since_it_may_step() -> None:
    calendar = Calendar(Settings(), SystemWall())
    calendar.run(100.0)
    deadline = calendar.next_deadline()
    assert deadline is not None
    assert deadline <= 160.0


def test_schedule_has_its_own_clock_back_afterwards() -> None:
    calendar, _ = a_calendar(MONDAY)
    run_to(calendar, 86_400)
    assert schedule.datetime is standard  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (datetime(2026, 3, 2, 21, 59), True),
        (datetime(2026, 3, 2, 22, 0), False),
        (datetime(2026, 3, 3, 5, 59), False),
        (datetime(2026, 3, 3, 6, 0), True),
        (datetime(2026, 3, 3, 23, 0), True),
        (datetime(2026, 3, 2, 3, 0), True),
    ],
)
def test_hours_past_midnight_belong_to_the_day_they_begin_on(at: datetime, quiet: bool) -> None:
    assert is_within(at, Sounds(hours="22:00-06:00", days=("mon",)).week) is not quiet


def test_by_default_no_hour_is_quiet() -> None:
    assert all(is_within(MONDAY + timedelta(hours=hour), Sounds().week) for hour in range(24 * 7))


@given(
    st.integers(0, 7 * 86_400_000), st.sampled_from(["08:30-18:00", "22:00-06:00", "00:00-12:00", "12:00-00:00", ""])
)
def test_what_it_last_said_is_what_the_hours_say_now(ms: int, hours: str) -> None:
    sounds = Sounds(hours=hours, days=("mon", "wed", "sun"))
    calendar, _ = a_calendar(MONDAY, sounds)
    said = quiets(run_to(calendar, ms / 1000))[-1][1]
    assert said is not is_within(MONDAY.replace(tzinfo=None) + timedelta(milliseconds=ms), sounds.week)
