"""Reads one event of a calendar: when it is, whether somebody is busy then, and when it comes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar import Event
from icalendar.prop import vDDDLists, vDDDTypes, vDuration, vRecur

from device.calendars.owner import mail_of

_DAY = timedelta(days=1)
_DECISIVE = {"DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID"}
"""If one of these can't be read, it isn't known when the event is."""
_CANCELLED = {"CANCELLED", "CANCELED"}
_UNTOLD = {"DECLINED", "NEEDS-ACTION", "DELEGATED"}
"""The answers of somebody who doesn't come, or hasn't said so."""
_BUSY = {"BUSY", "TENTATIVE"}
"""Outlook's words for somebody who is in a meeting; the others are FREE, OOF and WORKINGELSEWHERE."""


class EventError(Exception):
    """The event makes no sense."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long it takes: days on the calendar, which a change of the clocks makes longer, and time as it passes."""

    days: int
    exact: timedelta

    def end(self, start: datetime) -> datetime:
        """When what starts then ends, in UTC."""
        return (start + self.days * _DAY).astimezone(UTC) + self.exact


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands in the file. All times have a zone."""

    uid: str
    version: tuple[int, datetime]
    """Later ones of the same event replace earlier ones."""
    start: datetime
    length: Length
    is_busy: bool
    is_cancelled: bool
    rules: tuple[vRecur, ...] = ()
    more: Mapping[datetime, Length] = field(default_factory=dict)
    """Further starts by date."""
    without: frozenset[datetime | date] = frozenset()
    """Starts, or days, on which it doesn't take place."""
    replaces: datetime | date | None = None
    """The start, or day, of the occurrence that it stands for."""
    and_later: bool = False
    """It stands for the later ones, too."""

    @property
    def end(self) -> datetime:
        """The end of the first, in UTC."""
        return self.length.end(self.start)


def entry_of(lines: Sequence[str], zone: tzinfo, owner: str, *, cancelled: bool = False) -> Entry:
    """The event of these lines; times without a zone are meant in `zone`. Raises EventError if it makes no sense."""
    event: Any = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"]))
    if _DECISIVE & {name for name, _ in event.errors}:
        raise EventError("a time or a rule in it can't be read")
    given = _time(event, "DTSTART")
    if given is None:
        raise EventError("it has no start")
    start = in_zone(given, zone)
    own = start.tzinfo or zone
    length = _length(event, given, start, own)
    return Entry(
        uid=str(event.get("UID", "")),
        version=_version(event),
        start=start,
        length=length,
        is_busy=_is_busy(event, owner) and _takes_hours(event, given, length.end(start), zone),
        is_cancelled=cancelled or str(event.get("STATUS", "")).strip().upper() in _CANCELLED,
        rules=tuple(_rule(each, own) for each in _listed(event.get("RRULE"))),
        more=dict(_more(event, length, own)),
        without=frozenset(_without(event, own)),
        replaces=_replaced(event, own),
        and_later=_is_for_later_ones(event),
    )


def in_zone(when: date, zone: tzinfo) -> datetime:
    """The instant, in its own zone if it has one, else in this one; of a day its first."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time(), zone)
    return when if when.tzinfo else when.replace(tzinfo=zone)


def _time(event: Any, name: str) -> date | None:
    value = event.get(name)
    if value is None:
        return None
    when = _told(value)
    # Twice the same property, or a time of day alone.
    if not isinstance(when, date):
        raise EventError(f"{name} can't be read")
    return when


def _length(event: Any, given: date, start: datetime, own: tzinfo) -> Length:
    end, lasts = _time(event, "DTEND"), event.get("DURATION")
    if end is not None:
        if isinstance(given, datetime) != isinstance(end, datetime):
            raise EventError("it starts at a time and ends on a day, or the other way round")
        length = Length(0, in_zone(end, own).astimezone(UTC) - start.astimezone(UTC))
    elif lasts is not None:
        length = _lasting(lasts)
    else:
        length = Length(0, timedelta()) if isinstance(given, datetime) else Length(1, timedelta())
    if length.end(start) < start.astimezone(UTC):
        raise EventError("it ends before it starts")
    return length


def _lasting(value: Any) -> Length:
    lasts = _told(value)
    if not isinstance(lasts, timedelta):
        raise EventError("DURATION can't be read")
    return Length(lasts.days, timedelta(seconds=lasts.seconds))


def _version(event: Any) -> tuple[int, datetime]:
    number, stamp = event.get("SEQUENCE"), _told(event.get("DTSTAMP"))
    stamped = in_zone(stamp, UTC) if isinstance(stamp, date) else datetime.min.replace(tzinfo=UTC)
    return (number if isinstance(number, int) else 0), stamped


def _is_busy(event: Any, owner: str) -> bool:
    """Whether the owner takes part, and doesn't count as free."""
    seen = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")).strip().upper()
    is_free = str(event.get("TRANSP", "")).strip().upper() == "TRANSPARENT" or seen not in _BUSY
    answers = [_answer(each) for each in _listed(event.get("ATTENDEE")) if owner and mail_of(str(each)) == owner]
    return not is_free and not (answers and _UNTOLD.issuperset(answers))


def _answer(attendee: Any) -> str:
    # Who doesn't say has not answered, by RFC 5545.
    return str(getattr(attendee, "params", {}).get("PARTSTAT", "NEEDS-ACTION")).upper()


def _takes_hours(event: Any, given: date, end: datetime, zone: tzinfo) -> bool:
    """Whether it takes some time of a day, and not a whole day or more, by whatever way this is written."""
    if not isinstance(given, datetime) or str(event.get("X-MICROSOFT-CDO-ALLDAYEVENT", "")).strip().upper() == "TRUE":
        return False
    start = in_zone(given, zone)
    if end - start.astimezone(UTC) >= _DAY:
        return False
    # On the day on which the clocks go forward a whole day has 23 hours.
    bounds = [[each.astimezone(own) for each in (start, end)] for own in (start.tzinfo, zone)]
    return not any(first.time() == time() and _is_midnight(last) and first < last for first, last in bounds)


def _is_midnight(end: datetime) -> bool:
    # Some end a day a minute or a second early.
    return end.time() == time() or end.time() >= time(23, 59)


def _rule(rule: Any, own: tzinfo) -> vRecur:
    """The rule, with its end in UTC."""
    if not isinstance(rule, vRecur) or "FREQ" not in rule:
        raise EventError("its rule can't be read")
    if rule.get("INTERVAL", [1]) == [0]:
        raise EventError("its rule never gets on")
    if [str(each).upper() for each in rule.get("RSCALE", [])] == ["GREGORIAN"]:
        # RFC 7529's way of saying what is so anyway; the library doesn't know it.
        rule.pop("RSCALE")
        if rule.get("SKIP") == ["OMIT"]:
            rule.pop("SKIP")
    for until in rule.get("UNTIL", []):
        # A day counts as a whole, though that isn't what RFC 5545 allows.
        last = until if isinstance(until, datetime) else datetime.combine(until, time(23, 59, 59))
        rule["UNTIL"] = [in_zone(last, own).astimezone(UTC)]
    return rule


def _more(event: Any, length: Length, own: tzinfo) -> Iterator[tuple[datetime, Length]]:
    for each in _dates(event, "RDATE"):
        if not isinstance(each, tuple):
            yield in_zone(each, own), length
            continue
        start, until = in_zone(each[0], own), each[1]
        lasts = until if isinstance(until, timedelta) else in_zone(until, own).astimezone(UTC) - start.astimezone(UTC)
        if lasts >= timedelta():
            yield start, Length(0, lasts)


def _without(event: Any, own: tzinfo) -> Iterator[datetime | date]:
    for each in _dates(event, "EXDATE"):
        if isinstance(each, datetime):
            yield in_zone(each, own).astimezone(UTC)
        elif isinstance(each, date):
            yield each


def _dates(event: Any, name: str) -> Iterator[Any]:
    for value in _listed(event.get(name)):
        # What can't be read is none of these: one more meeting rather than none.
        if isinstance(value, vDDDLists):
            yield from (each.dt for each in value.dts)


def _replaced(event: Any, own: tzinfo) -> datetime | date | None:
    when = _time(event, "RECURRENCE-ID")
    return in_zone(when, own).astimezone(UTC) if isinstance(when, datetime) else when


def _is_for_later_ones(event: Any) -> bool:
    params = getattr(event.get("RECURRENCE-ID"), "params", {})
    return str(params.get("RANGE", "")).upper() == "THISANDFUTURE"


def _told(value: Any) -> Any:
    """What the library has read; None if it couldn't, as it then has something that complains when it is asked."""
    return value.dt if isinstance(value, vDDDTypes | vDuration) else None


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
