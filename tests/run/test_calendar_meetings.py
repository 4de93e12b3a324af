"""Meetings, hours and plans by clocks that run, jump, change their offset and aren't right yet."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.history.meetings_row import meetings_text
from device.meetings.spans_file import Spans, SpansWatch, week_of, write_spans
from device.run.calendar import Calendar
from device.run.clock import DeskWall
from device.run.loop import Device
from device.run.restart import Start
from device.settings.settings import Settings
from device.settings.settings_file import load_settings
from device.settings.week import DAYS, is_within
from device.stretches.repertoire import repertoire
from device.words.effects import Effect, Heard
from device.words.events import Event, Hours, Meeting, MeetingsTold, PlanOn, Span
from device.words.past import Readings

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHANGES = [
    ("Europe/Berlin", datetime(2026, 3, 28, 12, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 24, 12, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 6, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 3, 7, 12, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 10, 29, 12, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 3, 1, 12, tzinfo=UTC)),
]
"""Forward, back, by half an hour, at midnight both ways, and an offset of 5:45."""


class Wall:
    """A computer's clock in a zone; it shows `off` more than the true time, and may not know that it is right."""

    watched = True

    def __init__(self, starts: datetime, zone: str = "UTC", *, is_right: bool = True) -> None:
        self._starts, self._zone, self.is_right, self.off = starts, ZoneInfo(zone), is_right, timedelta()

    def true(self, now: float) -> datetime:
        """The true time in UTC."""
        return self._starts + timedelta(seconds=now)

    def reads(self, now: float) -> datetime:
        """The local time that it shows, with its offset as the computer tells it."""
        local = (self.true(now) + self.off).astimezone(self._zone)
        return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))

    def readings(self, now: float) -> Readings:
        """Only the instant."""
        return Readings(now)


class Told:
    """A calendar, asked whenever it wants to be, and the levels that it told last."""

    def __init__(self, wall: Wall, *sets: str, spans: Sequence[Span] = ()) -> None:
        self.wall, self.now = wall, 0.0
        self.calendar = Calendar(settings_of(*sets), wall)
        self.said: list[Event] = []
        self.meeting: Meeting | None = None
        self.within, self.plan = True, ""
        self._hear(self.calendar.run(0.0))
        self.have(*spans)

    def have(self, *spans: Span) -> None:
        """The calendars have these meetings now."""
        self._hear(self.calendar.know(tuple(spans), self.now))

    def go_by(self, *sets: str) -> None:
        """Somebody changes the settings."""
        self._hear(self.calendar.go_by(settings_of(*sets), self.now))

    def wait_until(self, now: float, each: Callable[[], None] = lambda: None) -> None:
        """Let time pass up to then, and look each time after the calendar was asked."""
        while (deadline := self.calendar.next_deadline()) is not None and deadline <= now:
            assert deadline > self.now or deadline == 0.0, "time goes on"
            self.now = deadline
            self._hear(self.calendar.run(deadline))
            each()
        self.now = now

    def step(self, by: timedelta) -> None:
        """The clock jumps, and whoever set it says so."""
        self.wall.off += by
        self._hear(self.calendar.run(self.now))

    @property
    def until(self) -> datetime | None:
        """When the present meeting ends by the true time."""
        until = self.meeting.until if self.meeting else None
        return None if until is None else self.wall.true(until)

    def times(self, kind: type[Event]) -> list[float]:
        """When it told levels of that kind."""
        return [event.at for event in self.said if isinstance(event, kind)]

    def _hear(self, events: Sequence[Event]) -> None:
        for event in events:
            self.said.append(event)
            match event:
                case Meeting():
                    self.meeting = event
                case Hours(within=within):
                    self.within = within
                case PlanOn(plan=plan):
                    self.plan = plan


def settings_of(*sets: str) -> Settings:
    return load_settings(None, sets, places=[])[0]


def span(begins_h: float, ends_h: float) -> Span:
    """So many hours after Monday at eight."""
    return MONDAY + begins_h * HOUR, MONDAY + ends_h * HOUR


# ---- meetings


def test_a_meeting_is_told_at_its_first_instant_and_is_over_at_its_end() -> None:
    told = Told(Wall(MONDAY), spans=[span(1, 2)])
    told.wait_until(86_400)
    assert [(event.at, event.until) for event in told.said if isinstance(event, Meeting)] == [
        (3600.0, 7200.0),
        (7200.0, None),
    ]


def test_bounds_between_seconds_are_kept_at_the_next_second() -> None:
    late = timedelta(milliseconds=300)
    told = Told(Wall(MONDAY), spans=[(MONDAY + HOUR + late, MONDAY + 2 * HOUR + late)])
    told.wait_until(86_400)
    assert told.times(Meeting) == [3601.0, 7201.0]


def test_two_in_a_row_are_two_and_never_none_in_between() -> None:
    told = Told(Wall(MONDAY), spans=[span(1, 2), span(2, 3)])
    told.wait_until(86_400)
    assert [(event.at, event.until) for event in told.said if isinstance(event, Meeting)] == [
        (3600.0, 7200.0),
        (7200.0, 10_800.0),
        (10_800.0, None),
    ]


def test_of_two_that_overlap_the_one_counts_that_ends_last() -> None:
    told = Told(Wall(MONDAY), spans=[span(1, 4), span(2, 3), span(3.5, 5)])
    told.wait_until(86_400)
    assert [(event.at, event.until) for event in told.said if isinstance(event, Meeting)] == [
        (3600.0, 14_400.0),
        (12_600.0, 18_000.0),
        (18_000.0, None),
    ]


def test_one_that_is_cancelled_while_it_runs_is_over_and_one_that_is_added_has_begun() -> None:
    told = Told(Wall(MONDAY), spans=[span(1, 2)])
    told.wait_until(5000)
    told.have()
    assert told.meeting == Meeting(5000.0, None)
    told.wait_until(6000)
    told.have(span(1.5, 3))
    assert told.meeting == Meeting(6000.0, 10_800.0, (MONDAY + 1.5 * HOUR).isoformat())
    told.have(span(1.5, 4))
    assert told.until == MONDAY + 4 * HOUR


def test_a_meeting_over_midnight_is_one_meeting() -> None:
    told = Told(Wall(MONDAY, "Europe/Berlin"), spans=[span(14, 17)])
    told.wait_until(2 * 86_400)
    assert told.times(Meeting) == [14 * 3600.0, 17 * 3600.0]


def test_a_week_ahead_every_meeting_is_kept() -> None:
    begins = [24 * day + hour + day / 10 for day in range(7) for hour in (0.5, 3, 14, 18)]
    spans = [span(each, each + 0.75) for each in begins]
    told = Told(Wall(MONDAY, "Asia/Kathmandu"), spans=spans)
    told.wait_until(8 * 86_400)
    bounds = sorted((bound - MONDAY).total_seconds() for each in spans for bound in each)
    assert told.times(Meeting) == bounds


def test_a_meeting_ten_years_long_and_five_hundred_at_once_cost_nothing() -> None:
    ten_years = (MONDAY - HOUR, MONDAY + timedelta(days=3650))
    told = Told(Wall(MONDAY), spans=[ten_years, *(span(nth / 100, nth / 100 + 1) for nth in range(499))])
    assert told.until == ten_years[1]
    told.wait_until(86_400)
    assert len(told.times(Meeting)) == 1


# ---- clocks that aren't right, or jump


def test_a_clock_that_isnt_right_yet_knows_of_no_meeting_until_it_is() -> None:
    wall = Wall(MONDAY + 1.25 * HOUR, is_right=False)
    wall.off = datetime(1970, 1, 1, tzinfo=UTC) - wall.true(0.0)
    told = Told(wall, spans=[span(1, 2), (datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC))])
    told.wait_until(600)
    assert told.meeting is None
    wall.is_right = True
    told.step(-wall.off)
    assert told.until == MONDAY + 2 * HOUR


def test_a_clock_that_shows_the_right_time_by_chance_isnt_trusted_before_it_is_known_to_be_right() -> None:
    wall = Wall(MONDAY + 1.25 * HOUR, is_right=False)
    told = Told(wall, spans=[span(1, 2)])
    told.wait_until(630)
    assert told.meeting is None
    wall.is_right = True
    told.wait_until(660)
    assert told.until == MONDAY + 2 * HOUR


def test_a_clock_set_by_hand_is_trusted_as_the_journal_does() -> None:
    wall = Wall(MONDAY + 1.25 * HOUR, is_right=False)
    wall.off = timedelta(days=-3)
    told = Told(wall, spans=[span(1, 2)])
    told.step(-wall.off)
    assert told.until == MONDAY + 2 * HOUR


def test_a_step_over_the_bound_of_a_meeting_begins_or_ends_it_at_once() -> None:
    told = Told(Wall(MONDAY), spans=[span(1, 2), span(5, 6)])
    told.wait_until(1800)
    told.step(HOUR)
    assert told.meeting is not None
    assert told.meeting.until == 1800 + 1800
    told.step(HOUR)
    assert told.meeting == Meeting(1800.0, None)
    told.step(-HOUR)
    assert told.meeting.until == 1800 + 1800
    told.step(timedelta(days=400))
    assert told.meeting.until is None


def test_a_clock_that_is_nursed_along_makes_no_other_meeting_of_it() -> None:
    wall = Wall(MONDAY)
    told = Told(wall, spans=[span(1, 3)])
    told.wait_until(4000)
    for _ in range(20):
        wall.off += timedelta(milliseconds=90)
        told.have(span(1, 3))
        told.wait_until(told.now + 60)
    assert told.times(Meeting) == [3600.0]


# ---- hours and plans


@pytest.mark.parametrize(("zone", "starts"), CHANGES)
@pytest.mark.parametrize(
    "hours", ["02:30-23:30", "00:30-02:30", "23:30-00:30", "00:00-24:00", "01:45-02:00, 02:15-03:00"]
)
def test_hours_and_plans_hold_to_the_minute_through_every_change(zone: str, starts: datetime, hours: str) -> None:
    week = [f'hours.{day}="{hours}"' for day in DAYS]
    plans = f'plan=[{{name = "a", hours = "02:10-02:40"}}, {{name = "b", hours = "{hours}"}}]'
    wall = Wall(starts, zone)
    told = Told(wall, *week, plans)
    planned = settings_of(*week, plans)
    for minute in range(2 * 24 * 60):
        told.wait_until(minute * 60.0)
        local = wall.reads(minute * 60.0).replace(tzinfo=None)
        assert told.within is is_within(local, planned.hours.week or {})
        assert told.plan == next((plan.name for plan in planned.plans if is_within(local, plan.week)), "")


@pytest.mark.parametrize(("zone", "starts"), CHANGES)
def test_a_meeting_holds_to_the_minute_through_every_change(zone: str, starts: datetime) -> None:
    dice = random.Random(zone)
    begins = [starts + timedelta(minutes=5 * dice.randrange(500)) for _ in range(30)]
    spans = [(each, each + timedelta(minutes=5 * dice.randrange(1, 20))) for each in begins]
    wall = Wall(starts, zone)
    told = Told(wall, spans=spans)
    for minute in range(2 * 24 * 60):
        told.wait_until(minute * 60.0)
        true = wall.true(minute * 60.0)
        on = [each for each in spans if each[0] <= true < each[1]]
        assert told.until == (max(on, key=lambda each: (each[1], each[0]))[1] if on else None)


def test_plans_that_overlap_take_turns_and_the_first_wins() -> None:
    plans = (
        'plan=[{name = "a", hours = "09:00-10:00"}, {name = "b", hours = "08:30-11:00"}, {name = "c", days = ["tue"]}]'
    )
    told = Told(Wall(MONDAY), plans)
    told.wait_until(20 * 3600)
    assert [(event.at, event.plan) for event in told.said if isinstance(event, PlanOn)] == [
        (1800.0, "b"),
        (3600.0, "a"),
        (7200.0, "b"),
        (10_800.0, ""),
        (57_600.0, "c"),
    ]


def test_settings_changed_meanwhile_hold_at_once_and_what_is_gone_is_over() -> None:
    told = Told(Wall(MONDAY), 'hours.mon="09:00-10:00"', 'plan=[{name = "a"}]', spans=[span(0, 2)])
    assert (told.within, told.plan) == (False, "a")
    told.go_by('hours.mon="08:00-10:00"', 'plan=[{name = "b"}]')
    assert (told.within, told.plan) == (True, "b")
    told.go_by('hours.mon="09:00-10:00"')
    assert (told.within, told.plan) == (False, "")
    told.go_by()
    assert told.within
    assert len(told.times(Meeting)) == 1


def test_a_calendar_that_is_named_or_named_no_more_counts_at_once_also_where_nobody_looks_each_minute(
    tmp_path: Path,
) -> None:
    write_spans(tmp_path / "spans.json", Spans(MONDAY, (span(0, 2),)))
    wall = DeskWall()
    wall.set(0.0, MONDAY)
    calendar = Calendar(Settings(), wall, meetings=SpansWatch(tmp_path / "spans.json"))
    calendar.run(0.0)
    deadline = calendar.next_deadline()
    assert deadline is not None
    assert deadline > 3600
    named = settings_of('meetings.calendar=["work"]')
    assert MeetingsTold(5.0, (span(0, 2),)) in calendar.go_by(named, 5.0)
    assert calendar.next_deadline() == 60.0
    assert MeetingsTold(9.0, ()) in calendar.go_by(Settings(), 9.0)


def test_without_hours_and_plans_and_meetings_nothing_of_them_is_told() -> None:
    told = Told(Wall(MONDAY, "Europe/Berlin"))
    told.wait_until(3 * 86_400)
    assert not any(told.times(kind) for kind in (Hours, PlanOn, Meeting, MeetingsTold))


# ---- how often it is asked changes nothing


bounds = st.integers(0, 20 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
any_spans = st.lists(st.tuples(bounds, st.integers(1, 300)), max_size=12).map(
    lambda each: [(begins, begins + timedelta(minutes=lasts)) for begins, lasts in each]
)


@settings(max_examples=25)
@given(any_spans, st.lists(st.integers(1, 20_000_000), max_size=8))
def test_who_asks_it_more_often_hears_the_same(spans: list[Span], asked_ms: list[int]) -> None:
    plain, often = (Told(Wall(MONDAY, "Europe/Berlin"), 'hours.mon="08:20-12:00"', spans=spans) for _ in range(2))
    plain.wait_until(86_400)
    for ms in sorted(asked_ms):
        often.wait_until(ms / 1000)
        often._hear(often.calendar.run(often.now))
    often.wait_until(86_400)
    kinds = (Meeting, Hours, PlanOn)
    assert [each for each in often.said if isinstance(each, kinds)] == [
        each for each in plain.said if isinstance(each, kinds)
    ]


# ---- what it costs


class Costs:
    """Runs a device for a week, with nobody there, and counts."""

    def __init__(self, folder: Path, *sets: str) -> None:
        self.rows: list[str] = []
        self.rounds = 0
        file, settings = folder / "spans.json", settings_of(*sets)
        start, wall = Start(settings, repertoire(settings)), Wall(MONDAY, "Europe/Berlin")
        device = Device(start.coach(0.0), Calendar(settings, wall, meetings=SpansWatch(file)), [self])
        now = written_at = 0.0
        busy = [span(24 * day + nth / 2, 24 * day + nth / 2 + 0.5) for day in (0, 1, 2, 3, 4, 7, 8) for nth in range(8)]
        while now < 7 * 86_400:
            if now >= written_at:
                made = wall.true(now)
                write_spans(file, Spans(made, week_of(made, busy)))
                written_at += 900.0
            device.catch_up(now)
            self.rounds += 1
            deadline = device.next_deadline()
            assert deadline is not None
            now = deadline

    def perform(self, effect: Effect) -> None:
        """Keep the rows of meetings."""
        if isinstance(effect, Heard) and isinstance(effect.event, MeetingsTold):
            self.rows.append(meetings_text(effect.event))


def test_a_busy_calendar_wakes_nothing_and_costs_a_row_a_day(tmp_path: Path) -> None:
    busy, plain = Costs(tmp_path, 'meetings.calendar=["work"]'), Costs(tmp_path)
    assert busy.rounds == plain.rounds == 7 * 24 * 60
    assert plain.rows == []
    assert 4 <= len(busy.rows) <= 7
    assert sum(map(len, busy.rows)) < 6000
