"""When an event takes place within a span of time: each of its occurrences, with those that were moved or cancelled."""

from __future__ import annotations

import math
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from types import FrameType

import recurring_ical_events
from icalendar import Calendar, Event
from icalendar.prop import vRecur

from device.calendars.events import Entry, EventError, Length
from device.words.events import Span

MOST_OCCURRENCES = 5000
_LONGEST_S = 2.0
"""A series that takes more time than this to work out, in seconds, has no meetings but a rule gone wild."""
_MOST_STEPS = 300_000
"""More than there are hours in thirty years."""
_STEP_S = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600}
_PERIOD_DAYS = {"DAILY": 1, "WEEKLY": 7}
_FARTHEST = timedelta(days=60)
"""How far a series may be moved."""

Occurrences = dict[datetime, tuple[datetime, Length, bool]]
"""By the start that the rule gives, in UTC: when it starts, how long it takes, and whether it counts."""


class _TooLongError(BaseException):
    """No `Exception`, since a library might catch that."""


def spans_of(entries: Sequence[Entry], since: datetime, until: datetime) -> list[Span]:
    """When the event that these entries are about takes place, between two instants in UTC.

    Raises EventError if a rule in it makes no sense, or never ends.
    """
    cores, changes = _cores(entries), _changes(entries)
    spans = [span for core in cores if not core.is_cancelled for span in _of_core(core, changes, since, until)]
    spans += [(each.start.astimezone(UTC), each.end) for each in changes if not each.is_cancelled and each.is_busy]
    return [(start, end) for start, end in spans if start < end and end > since and start <= until]


def _cores(entries: Sequence[Entry]) -> list[Entry]:
    """The newest version; several if it can't be known which, as where a program gives all events one name."""
    cores = [each for each in entries if each.replaces is None]
    newest = max((each.version for each in cores), default=None)
    cores = [each for each in cores if each.version == newest]
    return [each for each in cores if each.is_cancelled][:1] or cores


def _changes(entries: Sequence[Entry]) -> list[Entry]:
    """The newest change of each occurrence, without those of occurrences that don't take place."""
    found: dict[tuple[datetime | date | None, bool], Entry] = {}
    for each in entries:
        key = each.replaces, each.and_later
        if each.replaces is not None and (key not in found or _outdates(each, found[key])):
            found[key] = each
    cores = _cores(entries)
    gone = {at for core in cores for at in core.without}
    cancelled = [core for core in cores if core.is_cancelled]
    return [
        each
        for each in found.values()
        if each.replaces not in gone and all(each.version > core.version for core in cancelled)
    ]


def _outdates(new: Entry, old: Entry) -> bool:
    return new.version > old.version or (new.version == old.version and new.is_cancelled)


def _of_core(core: Entry, changes: Sequence[Entry], since: datetime, until: datetime) -> Iterator[Span]:
    moved = [_shift(each, core) for each in changes if each.and_later]
    far = max((abs(each) for each in moved), default=timedelta())
    if far > _FARTHEST:
        raise EventError("it is moved too far")
    found: Occurrences = {
        start.astimezone(UTC): (start, length, core.is_busy)
        for start, length in _starts(core, since - far - timedelta(days=2), until + far).items()
        if not _is_among(start, core.without)
    }
    for change in sorted((each for each in changes if each.and_later), key=lambda each: _instant(each, core)):
        _move_later_ones(found, change, core)
    single = {each.replaces for each in changes}
    for start, length, counts in (each for at, each in found.items() if not _is_among_replaced(at, core, single)):
        if counts:
            yield start.astimezone(UTC), length.end(start)


def _instant(change: Entry, core: Entry) -> datetime:
    """The start of the occurrence that it replaces, in UTC."""
    if isinstance(change.replaces, datetime):
        return change.replaces
    assert change.replaces is not None, "it is a change"
    return datetime.combine(change.replaces, core.start.time(), core.start.tzinfo).astimezone(UTC)


def _shift(change: Entry, core: Entry) -> timedelta:
    return change.start.astimezone(UTC) - _instant(change, core)


def _move_later_ones(found: Occurrences, change: Entry, core: Entry) -> None:
    own = core.start.tzinfo
    # By the clock on the wall, so that summer time moves both alike.
    by = change.start.astimezone(own).replace(tzinfo=None) - _instant(change, core).astimezone(own).replace(tzinfo=None)
    for at in [each for each in found if each > _instant(change, core)]:
        found[at] = (at.astimezone(own) + by, change.length, change.is_busy and not change.is_cancelled)


def _is_among_replaced(at: datetime, core: Entry, replaced: set[datetime | date | None]) -> bool:
    return at in replaced or at.astimezone(core.start.tzinfo).date() in replaced


def _is_among(start: datetime, without: Iterable[datetime | date]) -> bool:
    return start.astimezone(UTC) in without or start.date() in without


def _starts(core: Entry, since: datetime, until: datetime) -> Mapping[datetime, Length]:
    more = {at: length for at, length in core.more.items() if since <= at <= until}
    if not core.rules:
        return {core.start: core.length, **more}
    with _limited():
        return {**dict.fromkeys(_by_rules(core, since, until), core.length), **more}


def _by_rules(core: Entry, since: datetime, until: datetime) -> list[datetime]:
    if any(_steps(rule, core.start, until) > _MOST_STEPS for rule in core.rules):
        raise EventError("its rule takes too long to work out")
    event, calendar = Event(), Calendar()
    event.add("UID", "1")
    event.add("DTSTART", _later_start(core, since))
    for rule in core.rules:
        event.add("RRULE", rule)
    calendar.add_component(event)
    # What the library knows of exceptions isn't asked for: it takes 9:00 in one zone for 9:00 in another.
    query = recurring_ical_events.of(calendar, components=["VEVENT"])
    return [each["DTSTART"].dt for each in query.between(since, until)]


def _later_start(core: Entry, since: datetime) -> datetime:
    """A start before that instant from which the rule goes on in step, so that years needn't be walked through."""
    (rule, *others), start = core.rules, core.start
    period_days = _PERIOD_DAYS.get(str(rule["FREQ"][0]).upper())
    if others or period_days is None or "COUNT" in rule:
        return start
    every_days: int = period_days * rule.get("INTERVAL", [1])[0]
    periods = (since - start).days // every_days - 2
    return start + timedelta(days=every_days * max(0, periods))


def _steps(rule: vRecur, start: datetime, until: datetime) -> float:
    """How often a rule that goes by hours or less steps on till then."""
    last = min([until, *rule.get("UNTIL", [])])
    step_s = _STEP_S.get(str(rule["FREQ"][0]).upper(), math.inf) * rule.get("INTERVAL", [1])[0]
    return float(min([(last - start).total_seconds() / step_s, *rule.get("COUNT", [])]))


@contextmanager
def _limited() -> Iterator[None]:
    """Raises EventError if it takes too long. The time that this process computes is counted, not that of others."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _LONGEST_S)
    try:
        yield
    except _TooLongError:
        raise EventError("its rule takes too long to work out") from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
