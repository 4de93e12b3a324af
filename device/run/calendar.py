"""Everything that depends on the wall clock: the day's end, hours, plans, meetings, and a clock that jumps."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import SimpleNamespace
from typing import ClassVar

import schedule

from device.settings.settings import Settings
from device.settings.week import bounds_of, is_within
from device.settings.week_now import is_in_hours, plan_at
from device.words.events import (
    ClockRead,
    DayEnded,
    Event,
    Hours,
    Meeting,
    MeetingsTold,
    PlanOn,
    Power,
    QuietHours,
    Span,
    Upkeep,
)
from device.words.instants import after, between, whole
from device.words.ports import Wall

_STEP_S = 2.0
"""Wall minus monotonic time has to move by more than this, in seconds, to be a step. Less is a slow correction."""
_LOOK_EVERY_S = 60.0
"""How often to look at a clock that may step by itself: on the whole minute, when zones change their offset."""
_MIDNIGHT = "00:00"
_UPKEEP = "03:30"
"""The local time of upkeep, when hardly anybody sits."""
_PLANNED = timedelta(hours=36)
"""How far ahead meetings are planned. Midnight comes in between, and plans on."""

Meetings = Callable[[Settings, datetime], tuple[Span, ...] | None]
"""Takes the settings and what the clock shows; returns the meetings of the coming hours, None if they are the same."""


class Calendar:
    """Turns wall-clock time into events. Without a wall clock there are none."""

    def __init__(
        self, settings: Settings, wall: Wall, cut_reads: datetime | None = None, meetings: Meetings | None = None
    ) -> None:
        """If the length of a power cut isn't known, `cut_reads` is the last reading of a right clock before it.

        With `meetings` it looks every minute whether there are others.
        """
        self._settings = settings
        self._wall = wall
        self._scheduler = schedule.Scheduler()
        self._read: tuple[float, datetime] | None = None
        """When the wall clock was last read, and what it showed."""
        self._day: date | None = None
        """The present local date."""
        self._day_at: float | None = None
        """Since when it has been that day, or the device has been on."""
        self._was_right = self._was_set = False
        """Whether the clock was right when it was last read, and whether somebody has set it since the start."""
        self._meetings: tuple[Span, ...] = ()
        self._find_meetings = meetings
        self._told: dict[type[Event], Event] = {}
        """The levels that are told only to whom they are of use, as they were told last."""
        self._cut_reads = cut_reads
        self._on_at: float | None = None
        self._events: list[Event] = []

    def run(self, now: float) -> list[Event]:
        """Return the events up to `now`. Call it at the start, at each `next_deadline` and after a step."""
        self._run(now)
        if self._read is not None:
            self._look_for_meetings(*self._read)
        return self._events

    def _run(self, now: float) -> None:
        self._events = []
        shows = self._wall.reads(now)
        if shows is not None:
            before, self._read = self._read, (now, shows)
            self._day_at = now if self._day_at is None else self._day_at
            stepped_s = _stepped_s(before, self._read) if before else 0.0
            self._was_set = self._was_set or bool(stepped_s)
            if before is None or stepped_s:
                self._begin_afresh(self._day_at)
                self._plan(stepped_s)
            else:
                self._go_on(before)
            self._was_right = self._wall.is_right
            self._tell_cut(now, shows, stepped=bool(stepped_s))

    def go_by(self, settings: Settings, now: float) -> list[Event]:
        """Go by these hours, days and plans from now on; return the events up to `now`."""
        self._run(now)
        self._settings = settings
        if self._read is not None:
            self._plan(0.0)
            self._look_for_meetings(*self._read)
        return self._events

    def know(self, meetings: tuple[Span, ...], now: float) -> list[Event]:
        """Go by these meetings from now on; return the events up to `now`."""
        self._run(now)
        self._meetings = meetings
        if self._read is not None:
            self._plan_jobs()
        return self._events

    def next_deadline(self) -> float | None:
        """When to call `run` again at the latest, in monotonic seconds; None for never."""
        if self._read is None:
            return None
        read_at, shows = self._read
        next_run = self._scheduler.next_run
        assert next_run is not None, "every day has its midnight"
        if self._wall.watched or (self._find_meetings and self._settings.meetings.calendar):
            begun_s = timedelta(seconds=shows.second, microseconds=shows.microsecond)
            next_run = min(next_run, _local(shows) - begun_s + timedelta(seconds=_LOOK_EVERY_S))
        # Rounded up: a moment too early, the job wouldn't be due yet.
        idle_s = math.ceil((next_run - _local(shows)) / timedelta(milliseconds=1)) / 1000
        return after(read_at, idle_s)

    def _begin_afresh(self, day_at: float) -> None:
        """Start at the first reading or after a step; end the day if a midnight has passed unnoticed."""
        assert self._read is not None, "called with a reading"
        now, shows = self._read
        began = shows - timedelta(seconds=between(day_at, now))
        if began.date() < shows.date():
            self._end_day((day_at, began))
        self._day = shows.date()

    def _go_on(self, before: tuple[float, datetime]) -> None:
        """Go on without a step. Local time may still have moved, by summer time or another zone."""
        assert self._read is not None, "called with a reading"
        assert self._day is not None, "the first reading began one"
        shows = self._read[1]
        moved, ended = before[1].utcoffset() != shows.utcoffset(), shows.date() > self._day
        if ended:
            self._end_day(before)
        if moved:
            # If local time moved back over midnight, the same day ends once more.
            self._day = shows.date()
            self._plan(0.0)
            return
        if ended or (self._wall.is_right and not self._was_right):
            self._tell_time(0.0)
            self._tell_meeting()
        self._run_pending()
        if ended and self._meetings:
            self._plan_jobs()

    def _look_for_meetings(self, now: float, shows: datetime) -> None:
        found = self._find_meetings(self._settings, shows) if self._find_meetings else None
        if found is not None:
            self._events.append(MeetingsTold(now, found))

    def _run_pending(self) -> None:
        with _schedule_reads(self._now_local()):
            self._scheduler.run_pending()

    def _plan(self, stepped_s: float) -> None:
        """Plan the jobs from now on, so that none from a skipped span fires. Levels are told again."""
        self._tell_time(stepped_s)
        self._plan_jobs()

    def _plan_jobs(self) -> None:
        self._tell_levels()
        self._scheduler.clear()
        bounds = sorted({_MIDNIGHT, *self._bounds()})
        jobs: list[tuple[str, Callable[[], None]]] = [(bound, self._tell_levels) for bound in bounds]
        with _schedule_reads(self._now_local()):
            for at, job in (*jobs, (_UPKEEP, self._tell_upkeep)):
                self._scheduler.every().day.at(at).do(job)

    def _bounds(self) -> Iterator[str]:
        """The local times at which a level may change."""
        settings = self._settings
        weeks = [settings.sounds.week, settings.hours.week or {}, *(plan.week for plan in settings.plans)]
        for week in weeks:
            yield from bounds_of(week)
        assert self._read is not None, "called with a reading"
        shows = self._read[1]
        for bound in (bound for meeting in self._meetings for bound in meeting):
            if shows < bound < shows + _PLANNED:
                # A job runs on a whole second; a moment too early, the meeting wouldn't be on yet.
                second = bound + timedelta(microseconds=-bound.microsecond % 1_000_000)
                yield f"{second.astimezone(shows.tzinfo):%H:%M:%S}"

    def _end_day(self, before: tuple[float, datetime]) -> None:
        """End the day at the first instant of the new date; `before` is a reading from before that."""
        assert self._read is not None, "called with a reading"
        (now, shows), (read_at, showed) = self._read, before
        midnight = datetime.combine(shows.date(), time(), tzinfo=showed.tzinfo)
        ended_at = whole(after(read_at, (midnight - showed).total_seconds()))
        self._day, self._day_at = shows.date(), min(max(ended_at, read_at), now)
        self._events.append(DayEnded(self._day_at))

    def _tell_time(self, stepped_s: float) -> None:
        assert self._read is not None, "jobs run by a clock"
        self._events.append(ClockRead(*self._read, stepped_s))

    def _tell_levels(self) -> None:
        """Tell which hours these are, and what is on."""
        assert self._read is not None, "jobs run by a clock"
        (now, _), local, settings = self._read, self._now_local(), self._settings
        self._events.append(QuietHours(now, not is_within(local, settings.sounds.week)))
        self._tell(Hours(now, is_in_hours(settings, local)), Hours(now, True))
        plan = plan_at(settings, local)
        self._tell(PlanOn(now, plan.name if plan else ""), PlanOn(now, ""))
        self._tell_meeting()

    def _tell_meeting(self) -> None:
        """Tell the meeting that is on; of several the one that ends last. A clock that may be wrong knows of none."""
        assert self._read is not None, "jobs run by a clock"
        now, shows = self._read
        trusted = self._wall.is_right or self._was_set
        on = [span for span in self._meetings if span[0] <= shows < span[1]] if trusted else []
        meeting = none = Meeting(now, None)
        if on:
            begins, ends = max(on, key=lambda span: (span[1], span[0]))
            until = after(now, whole((ends - shows).total_seconds()))
            meeting = Meeting(now, until, begins.astimezone(UTC).isoformat())
            last = self._told.get(Meeting)
            if isinstance(last, Meeting) and last.until is not None and last.began == meeting.began:
                # A slow correction of the clock makes it no other meeting.
                meeting = replace(last, at=now) if abs(last.until - until) <= _STEP_S else meeting
        self._tell(meeting, none)

    def _tell(self, level: Event, usual: Event) -> None:
        """Tell a level if it differs from the last one; the first time, if it differs from the usual one."""
        if replace(self._told.get(type(level), usual), at=level.at) != level:
            self._events.append(level)
        self._told[type(level)] = level

    def _tell_upkeep(self) -> None:
        assert self._read is not None, "jobs run by a clock"
        self._events.append(Upkeep(self._read[0]))

    def _tell_cut(self, now: float, shows: datetime, *, stepped: bool) -> None:
        """Say how long the device was off, once the clock is right: it has been told the time or has stepped."""
        if self._on_at is None:
            self._on_at = now
        if self._cut_reads is None or not (stepped or self._wall.is_right):
            return
        cut_reads, self._cut_reads = self._cut_reads, None
        on_reads = shows - timedelta(seconds=between(self._on_at, now))
        if on_reads < cut_reads:
            return
        off_s = whole((on_reads - cut_reads).total_seconds())
        self._events.append(Power(now, off_s, is_new_day(cut_reads, on_reads)))

    def _now_local(self) -> datetime:
        assert self._read is not None, "jobs run by a clock"
        return _local(self._read[1])


def _stepped_s(before: tuple[float, datetime], read: tuple[float, datetime]) -> float:
    """Seconds the clock has jumped against monotonic time between two readings; 0 for less than a step."""
    (read_at, showed), (now, shows) = before, read
    moved_s = whole((shows - showed).total_seconds() - between(read_at, now))
    return moved_s if abs(moved_s) > _STEP_S else 0.0


def is_new_day(earlier: datetime, later: datetime) -> bool:
    """Whether a midnight lies between the two, in the zone of the later one."""
    return earlier.astimezone(later.tzinfo).date() != later.date()


def _local(shows: datetime) -> datetime:
    return shows.replace(tzinfo=None)


# Patched: schedule 1.2 takes no clock; it asks its `datetime` module.
class _Reading(datetime):
    """A `datetime` whose `now` is the reading of our own clock."""

    shows: ClassVar[datetime]

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # schedule asks without a zone
        assert tz is None, "all our jobs are in local time"
        return cls.shows


_CLOCKWORK = SimpleNamespace(datetime=_Reading, timedelta=timedelta, time=time, date=date)


@contextmanager
def _schedule_reads(shows: datetime) -> Iterator[None]:
    """Let the schedule library go by this time."""
    clockwork, schedule.datetime = schedule.datetime, _CLOCKWORK  # type: ignore[attr-defined,assignment]
    _Reading.shows = shows
    try:
        yield
    finally:
        schedule.datetime = clockwork  # type: ignore[attr-defined]
