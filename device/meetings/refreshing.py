"""Reads all calendars anew and writes the spans for the device, as the service does every quarter of an hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from device.calendars.lines import CalendarError
from device.files.complaint import ComplaintError
from device.meetings.addresses import Address, address_of
from device.meetings.child import Job, WhatWasRead, ask
from device.meetings.fetching import Marks
from device.meetings.kept import KeptCalendar, read_kept, write_kept
from device.meetings.local_zone import zone_mark
from device.meetings.spans_file import CalendarState, Spans, week_of, write_spans

KEPT_AHEAD = timedelta(days=28)
"""How long a calendar that can't be read any more still has meetings."""
_SENT_WHOLE_WITHIN = timedelta(days=7)
"""After that long a server is asked for all of it again, so that what is kept reaches far enough ahead."""
_QUARTER = timedelta(minutes=15)
_SPARE = timedelta(minutes=2)
"""The timer isn't exact."""
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What came of it."""

    spans: Spans
    all_read: bool
    news: frozenset[str]
    """The names of the calendars that are in another trouble than last time."""


def refresh(calendars: Sequence[str], file: Path, now: datetime) -> Refreshed:
    """Read these calendars, and write the spans into that file; `now` is in UTC. Raises OSError."""
    before = read_kept(file.parent)
    kept = {each: _refreshed(each, before.get(each, KeptCalendar()), now) for each in calendars}
    write_kept(file.parent, kept)
    spans = [span for each in kept.values() for span in each.spans]
    states = tuple(CalendarState(shown_name(name), each.read, each.trouble) for name, each in kept.items())
    told = Spans(now, week_of(now, spans), states)
    write_spans(file, told)
    news = {
        name for name, each in kept.items() if each.trouble and each.trouble != before.get(name, KeptCalendar()).trouble
    }
    return Refreshed(told, not any(each.failures for each in kept.values()), frozenset(map(shown_name, news)))


def read_at_once(address: Address, now: datetime) -> WhatWasRead:
    """What is at that address now. Raises CalendarError."""
    return ask(Job(address, None, now, now + KEPT_AHEAD))


def shown_name(calendar: str) -> str:
    """What to call it: its name, or that of its file; where the file lies is nobody's business."""
    return calendar.rpartition("/")[2]


def passed_over_says(count: int) -> str | None:
    """What there is to say of events that make no sense; None if there are none."""
    if not count:
        return None
    return "1 event in it makes no sense and is passed over" if count == 1 else (
        f"{count} events in it make no sense and are passed over"
    )  # fmt: skip


def _refreshed(calendar: str, before: KeptCalendar, now: datetime) -> KeptCalendar:
    try:
        address = None if calendar.startswith("/") else address_of(calendar)
    except ComplaintError as error:
        return replace(before, trouble=str(error.complaint), failures=before.failures + 1)
    source = _source(calendar, address)
    if source != before.source:
        before = KeptCalendar(source)
    if zone_mark() != before.zone:
        before = replace(before, zone=zone_mark(), marks=Marks())
    if address is not None and _is_to_wait(before, now):
        return before
    try:
        answer = ask(Job(address, Path(calendar) if address is None else None, now, now + KEPT_AHEAD,
                         _marks(before, now)))  # fmt: skip
    except CalendarError as error:
        failures = before.failures + 1
        return replace(before, trouble=str(error), failures=failures, again=now + _wait(failures))
    return _taken(before, answer, now)


def _taken(before: KeptCalendar, answer: WhatWasRead, now: datetime) -> KeptCalendar:
    if answer.spans is None:
        passed_over = passed_over_says(before.passed_over)
        return replace(before, read=now, trouble=passed_over, failures=0, again=None)
    return KeptCalendar(
        source=before.source,
        zone=before.zone,
        read=now,
        whole=now,
        spans=answer.spans,
        passed_over=answer.passed_over,
        marks=answer.marks,
        trouble=passed_over_says(answer.passed_over),
    )


def _source(calendar: str, address: Address | None) -> str:
    told = address.secret if address else calendar
    return sha256(told.encode()).hexdigest()


def _marks(before: KeptCalendar, now: datetime) -> Marks:
    """None after a while, or after the clock was set back."""
    is_fresh = before.whole is not None and timedelta() <= now - before.whole < _SENT_WHOLE_WITHIN
    return before.marks if is_fresh else Marks()


def _is_to_wait(before: KeptCalendar, now: datetime) -> bool:
    # If the clock was set back, nobody waits for it.
    return before.again is not None and now < before.again <= now + _LONGEST_WAIT


def _wait(failures: int) -> timedelta:
    return min(_QUARTER * (1 << min(failures - 1, 10)), _LONGEST_WAIT) - _SPARE
