"""Takes an .ics file apart: the calendars in it, their zones, and of each event the few lines that matter here."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MOST_EVENTS = 50_000
_DEEPEST = 8

_WANTED = {
    *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
    *("STATUS", "TRANSP", "ATTENDEE", "ORGANIZER", "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"),
}
"""No titles, places or descriptions: what isn't read can't be told."""
_LEAP_SECOND = re.compile(r"(\d{8}T\d{4})60(?=Z?\b)")
"""RFC 5545, 3.3.12: who doesn't know it takes it for the second before."""
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PAGE = re.compile(rb"\s*(<!doctype|<html|<\?xml|<head|<!--)", re.IGNORECASE)


class CalendarError(Exception):
    """The calendar can't be read; one line that fits behind its name."""


@dataclass(slots=True)
class CalendarLines:
    """A calendar of the file."""

    method: str = ""
    """What it asks for, such as CANCEL; most have none."""
    title: str = ""
    zones: list[list[str]] = field(default_factory=list)
    """The lines of each zone that it defines."""
    events: list[list[str]] = field(default_factory=list)
    """The lines of each event, without BEGIN and END."""


def calendars_of(data: bytes) -> list[CalendarLines]:
    """The calendars in a file. Raises CalendarError if it is none, or has been cut off."""
    lines = _unfolded(data)
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise CalendarError("is a web page and no calendar" if _PAGE.match(data) else "is no calendar")
    if lines[-1].strip().upper() != "END:VCALENDAR":
        raise CalendarError("has been cut off: END:VCALENDAR is missing")
    found = _Splitter()
    for line in lines:
        found.hear(line)
    if found.inside:
        raise CalendarError(f"makes no sense: END:{found.inside[-1]:.20} is missing")
    return found.calendars


def name_of(line: str) -> str:
    """The name of a line's property, in capitals; empty if it has none."""
    found = _NAME.match(line)
    return found[0].upper() if found else ""


def value_of(line: str) -> str:
    """What stands behind the colon, as it was written."""
    quoted = False
    for at, letter in enumerate(line):
        if letter == '"':
            quoted = not quoted
        elif letter == ":" and not quoted:
            return line[at + 1 :]
    return ""


def first_value(lines: Iterable[str], name: str) -> str:
    """The value of the first line with that name; empty if there is none."""
    return next((value_of(line) for line in lines if name_of(line) == name), "")


def _unfolded(data: bytes) -> Sequence[str]:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # Before decoding, since a fold may be in the middle of a letter.
    data = re.sub(rb"\n{2,}", b"\n", data).replace(b"\n ", b"").replace(b"\n\t", b"")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1").removeprefix("\xef\xbb\xbf")
    # Old editors end a file with one of these.
    return text.strip("\n\0\x1a \t").split("\n")


class _Splitter:
    """Hears the lines one by one."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        """The components that have begun and not ended."""
        self.calendars: list[CalendarLines] = []
        self._kept: list[str] | None = None
        """The lines of the component that is collected now."""

    def hear(self, line: str) -> None:
        match name_of(line):
            case "BEGIN":
                self._begin(value_of(line).strip().upper())
            case "END":
                self._end(value_of(line).strip().upper())
            case name if self.inside == ["VCALENDAR"]:
                self._of_calendar(name, value_of(line).strip())
            case name if self._kept is not None and (self.inside[1] == "VTIMEZONE" or self._is_of_event(name)):
                self._kept.append(_LEAP_SECOND.sub(r"\g<1>59", line))

    def _is_of_event(self, name: str) -> bool:
        # An alarm inside has a duration of its own.
        return name in _WANTED and len(self.inside) == 2

    def _begin(self, what: str) -> None:
        if (what == "VCALENDAR") != (not self.inside) or len(self.inside) == _DEEPEST:
            raise CalendarError(f"makes no sense: BEGIN:{what:.20} stands where it can't")
        self.inside.append(what)
        if what == "VCALENDAR":
            self.calendars.append(CalendarLines())
        elif len(self.inside) == 2:
            self._kept = [] if what in ("VEVENT", "VTIMEZONE") else None
        elif self._kept is not None and self.inside[1] == "VTIMEZONE":
            self._kept.append(f"BEGIN:{what}")

    def _end(self, what: str) -> None:
        if not self.inside or self.inside[-1] != what:
            raise CalendarError(f"makes no sense: END:{what:.20} stands where it can't")
        self.inside.pop()
        if len(self.inside) == 1 and self._kept is not None:
            self._keep(what, self._kept)
            self._kept = None
        elif self._kept is not None and self.inside[1] == "VTIMEZONE":
            self._kept.append(f"END:{what}")

    def _keep(self, what: str, lines: list[str]) -> None:
        calendar = self.calendars[-1]
        (calendar.events if what == "VEVENT" else calendar.zones).append(lines)
        if len(calendar.events) > MOST_EVENTS:
            raise CalendarError(f"has too many events; allowed: {MOST_EVENTS}")

    def _of_calendar(self, name: str, value: str) -> None:
        if name == "METHOD":
            self.calendars[-1].method = value.upper()
        elif name == "X-WR-CALNAME":
            self.calendars[-1].title = value
