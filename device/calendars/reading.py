"""Reads an .ics file: the spans in which its owner is in a meeting, and how many events had to be passed over."""

from __future__ import annotations

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from icalendar import Timezone
from icalendar.timezone import tzp

from device.calendars.events import Entry, entry_of
from device.calendars.lines import CalendarLines, calendars_of, first_value, name_of
from device.calendars.owner import owner_of
from device.calendars.series import MOST_OCCURRENCES, spans_of
from device.calendars.zone_names import with_known_zone
from device.words.events import Span

_SPARE = timedelta(days=2)
"""A meeting takes less than a day, and zones are less than a day apart."""
_MOST_ZONES = 500
_DAY = re.compile(r":\s*(\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))")
_ANSWERS = {"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"}
"""Calendars that answer an invitation; they have no meetings of their own."""


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """What a file says."""

    spans: tuple[Span, ...]
    passed_over: int
    """How many events make no sense."""


def read_calendar(data: bytes, zone: tzinfo, since: datetime, until: datetime) -> CalendarReading:
    """The meetings between two instants in UTC; times without a zone are meant in `zone`. Raises CalendarError."""
    with warnings.catch_warnings():
        # Of zones whose names are guessed, and of rules as nobody should write them.
        warnings.simplefilter("ignore")
        return _read_all(data, zone, since, until)


def _read_all(data: bytes, zone: tzinfo, since: datetime, until: datetime) -> CalendarReading:
    calendars = [each for each in calendars_of(data) if each.method not in _ANSWERS]
    series, broken = _entries(calendars, zone, since - _SPARE, until + _SPARE)
    spans: set[Span] = set()
    for entries in series.values():
        try:
            spans.update(spans_of(entries, since, until))
        # Libraries raise whatever they like at what nobody has thought of; one event must not take the others along.
        except Exception:
            broken += len(entries)
    return CalendarReading(tuple(sorted(spans)[:MOST_OCCURRENCES]), broken)


def _entries(
    calendars: Sequence[CalendarLines], zone: tzinfo, since: datetime, until: datetime
) -> tuple[dict[object, list[Entry]], int]:
    """The entries of each event by its name, and how many make no sense."""
    named = Counter(first_value(lines, "UID") for calendar in calendars for lines in calendar.events)
    series: dict[object, list[Entry]] = defaultdict(list)
    broken = 0
    for calendar in calendars:
        owner, is_cancelled = owner_of(calendar), calendar.method == "CANCEL"
        defined = _learn_zones(calendar)
        for lines in calendar.events:
            is_alone = named[first_value(lines, "UID")] == 1
            if is_alone and not _may_be_near(lines, since, until):
                continue
            try:
                known = [with_known_zone(line, defined) for line in lines]
                entry = entry_of(known, zone, owner, cancelled=is_cancelled)
            except Exception:  # as above
                broken += 1
            else:
                # Without a name every one is its own.
                series[entry.uid or id(entry)].append(entry)
    return series, broken


def _learn_zones(calendar: CalendarLines) -> set[str]:
    """Have the library know the zones that the calendar defines, and none of another calendar; returns their names."""
    tzp.use_default()
    names = set()
    for lines in calendar.zones[:_MOST_ZONES]:
        try:
            zone = Timezone.from_ical("\r\n".join(["BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE"]))
            names.add(str(zone["TZID"]))
        except Exception:  # as above; its times count as those of this computer
            continue
    return names


def _may_be_near(lines: Sequence[str], since: datetime, until: datetime) -> bool:
    """Whether it is worth reading: calendars have years of events that were once."""
    if any(name_of(line) in ("RRULE", "RDATE") for line in lines):
        return True
    days = list(_days(lines))
    return not days or any(f"{since:%Y%m%d}" <= day <= f"{until:%Y%m%d}" for day in days)


def _days(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if name_of(line) in ("DTSTART", "RECURRENCE-ID"):
            found = _DAY.search(line)
            if found:
                yield found[1]
