"""The file of spans in which somebody is in a meeting: written by the reader of calendars, read by the device."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from device.files.complaint import ComplaintError, in_a_line
from device.files.user_file import UserFileError, user_text
from device.files.whole_file import write_whole
from device.settings.settings import MOST_CALENDARS, Settings
from device.words.events import Span

_log = logging.getLogger(__name__)

AHEAD = timedelta(days=7)
"""How far ahead meetings are written down."""
_TOLD = timedelta(days=2)
"""How much of it the device hears of: from midnight on."""
MOST_SPANS = 500
LONGEST_TROUBLE = 300
_MOST_BYTES = 100_000
"""Several times what that many spans take."""
_FORMAT = 1
_SERVICE_KEEPS_IT = Path("/var/lib/unsit-meetings/spans.json")
_YEARS = range(2000, 2200)
"""Far from the limits of `datetime`."""


class SpansError(ComplaintError):
    """The file of spans can't be read; the complaint is one line for the person who can mend it."""


@dataclass(frozen=True, slots=True)
class CalendarState:
    """How a calendar was read last."""

    name: str
    read: datetime | None
    """When it was last read whole; None if it never was."""
    trouble: str | None
    """Why it couldn't be read this time, in one line; None if it could."""


@dataclass(frozen=True, slots=True)
class Spans:
    """The meetings of the week after `made`, sorted by their start, and the calendars they are from."""

    made: datetime
    spans: tuple[Span, ...]
    calendars: tuple[CalendarState, ...] = ()


def spans_file(settings: Settings) -> Path:
    """Where the spans are: the service's, or beside a journal that the settings name."""
    if os.environ.get("STATE_DIRECTORY") or not settings.journal.file:
        return _SERVICE_KEEPS_IT
    return Path(settings.journal.file).with_name("meetings") / _SERVICE_KEEPS_IT.name


def week_of(made: datetime, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Those that are written down at that instant: each once, sorted, and no more than fit."""
    near = {each for each in spans if each[1] > made and each[0] <= made + AHEAD}
    return tuple(sorted(near)[:MOST_SPANS])


def write_spans(file: Path, spans: Spans) -> None:
    """Write them in place of what is there. Raises OSError."""
    told = {
        "format": _FORMAT,
        "made": _told(spans.made),
        "spans": [[_told(start), _told(end)] for start, end in spans.spans],
        "calendars": [
            {"name": each.name, "read": each.read and _told(each.read), "trouble": each.trouble}
            for each in spans.calendars
        ],
    }
    write_whole(file, f"{json.dumps(told, ensure_ascii=False)}\n".encode())


def read_spans(file: Path) -> Spans | None:
    """What the file says; None if there is none. Raises SpansError if it can't be read or makes no sense."""
    try:
        os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        pass  # what is wrong is told below
    try:
        told = json.loads(user_text(file, most_bytes=_MOST_BYTES))
    except UserFileError as error:
        raise SpansError("{error}", error=error) from None
    except (ValueError, RecursionError):
        raise SpansError("{file}: is no JSON; allowed: what `unsit meetings refresh` writes", file=file) from None
    if isinstance(told, dict) and type(told.get("format")) is int and told["format"] > _FORMAT:
        raise SpansError("{file}: was written by a newer Unsit", file=file)
    try:
        return _spans(told)
    except (ValueError, TypeError, KeyError, OverflowError):
        raise SpansError("{file}: makes no sense; allowed: what `unsit meetings refresh` writes", file=file) from None


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _spans(told: Any) -> Spans:
    """Raises ValueError, TypeError, KeyError or OverflowError if it makes no sense."""
    spans = tuple(_span(*each) for each in told["spans"])
    calendars = tuple(_calendar(each) for each in told["calendars"])
    if told["format"] != _FORMAT or len(spans) > MOST_SPANS or len(calendars) > MOST_CALENDARS:
        raise ValueError("these are no spans")
    return Spans(_when(told["made"]), tuple(sorted(spans)), calendars)


def _span(start: Any, end: Any) -> Span:
    span = _when(start), _when(end)
    if span[0] >= span[1]:
        raise ValueError("it ends before it begins")
    return span


def _calendar(told: Any) -> CalendarState:
    name, read, trouble = told["name"], told["read"], told["trouble"]
    if not isinstance(name, str) or not isinstance(trouble, str | None):
        raise ValueError("this is no calendar")
    said = None if trouble is None else in_a_line(trouble)[:LONGEST_TROUBLE]
    return CalendarState(in_a_line(name), None if read is None else _when(read), said)


def _when(told: Any) -> datetime:
    when = datetime.fromisoformat(told)
    if when.tzinfo is None or when.year not in _YEARS:
        raise ValueError("this is no instant")
    return when.astimezone(UTC)


class SpansWatch:
    """Reads the spans that the reader of calendars has written, each time they are others.

    It tells those of today and tomorrow by UTC. If it told the whole week, each meeting that comes within a week
    would be a new row of them all in the journal.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        """Which version of the file was read last."""
        self._spans: tuple[Span, ...] = ()
        """All that it had."""
        self._told: tuple[Span, ...] = ()
        self._trouble = ""
        """What was said last of a file that can't be read."""

    def __call__(self, settings: Settings, shows: datetime) -> tuple[Span, ...] | None:
        """The meetings of today and tomorrow at that time; None if they are as they were. No calendar has none."""
        seen = self._version() if settings.meetings.calendar else None
        if seen != self._seen:
            self._seen = seen
            self._read()
        until = datetime.combine(shows.astimezone(UTC).date(), time(), UTC) + _TOLD
        near = tuple(each for each in self._spans if each[0] < until and each[1] > shows)
        # A meeting that is over has left them, which is no news.
        if near == tuple(each for each in self._told if each[1] > shows):
            return None
        self._told = near
        return near

    def _read(self) -> None:
        """Read what is there. What can't be read is said once, and the last that could be read holds."""
        try:
            found = read_spans(self._file) if self._seen else None
        except SpansError as error:
            if str(error) != self._trouble:
                _log.warning("meetings: %s", error)
            self._trouble = str(error)
            return
        self._spans, self._trouble = found.spans if found else (), ""

    def _version(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError):
            # Reading it says what is wrong.
            return 0, 0
        return found.st_ino, found.st_mtime_ns
