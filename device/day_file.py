"""The day file: a recorded day of inputs, as CSV with the header `t,input,value`."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from device.complaint import OneLineError
from device.instants import whole

HEADER = ["t", "input", "value"]
_SECONDS = re.compile(r"\d{1,9}(\.\d+)?")
_YEARS = range(1970, 2200)


class DayFileError(OneLineError):
    """A day that can't be played: one line naming file, line number and what is wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened."""

    t: float
    """Seconds from the start."""
    part: str
    """seat, button, clock or panel."""
    value: bool | datetime
    """Taken, down, back: True. For the clock, what it reads."""


@dataclass(frozen=True, slots=True)
class Day:
    """All of a recorded day, and its last instant."""

    rows: tuple[Row, ...]
    end: float

    @property
    def at_start(self) -> tuple[Row, ...]:
        """How things are when it begins; none of these is a change."""
        return tuple(row for row in self.rows if row.t == 0)

    @property
    def later(self) -> tuple[Row, ...]:
        """What happens from then on."""
        return tuple(row for row in self.rows if row.t > 0)

    @property
    def shows_at_start(self) -> datetime | None:
        """What the wall clock reads at the start; None for a day without one."""
        readings = [row.value for row in self.at_start if isinstance(row.value, datetime)]
        steps = [row.value for row in self.later if isinstance(row.value, datetime)]
        if readings or not steps:
            return readings[-1] if readings else None
        # A Pi that learns the date later boots in 1970: it has no battery for its clock.
        return datetime(1970, 1, 1, tzinfo=steps[0].tzinfo)


def read_day(file: Path) -> Day:
    """Read all of it or nothing. Raises DayFileError for a line that isn't as it should be, OSError for no file."""
    rows: list[Row] = []
    end: float | None = None
    latest = 0.0
    for number, cells in _lines(file):
        try:
            if end is not None:
                raise ValueError("nothing may come after end")
            t, part, value = _cells(cells)
            if t < latest:
                raise ValueError(f"t falls back from {latest:g} to {t:g}; it may stay or rise")
            latest = t
            if part == "end":
                end = t
            else:
                rows.append(Row(t, part, _READ[part](value)))
        except ValueError as error:
            raise DayFileError(f"{file}: line {number}: {error}") from error
    return Day(tuple(rows), latest)


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines below the header, with their numbers; empty ones left out."""
    # A spreadsheet may put a byte order mark in front.
    with file.open(newline="", encoding="utf-8-sig") as text:
        reader = csv.reader(text, strict=True)
        try:
            if next(reader, None) != HEADER:
                raise DayFileError(f"{file}: line 1: must be the header {','.join(HEADER)}")
            for cells in reader:
                if cells:
                    yield reader.line_num, cells
        except UnicodeDecodeError as error:
            raise DayFileError(f"{file}: line {reader.line_num + 1}: is not UTF-8 text") from error
        except csv.Error as error:
            raise DayFileError(f"{file}: line {reader.line_num}: {error}") from error


def _cells(cells: list[str]) -> tuple[float, str, str]:
    if len(cells) != len(HEADER):
        raise ValueError(f"has {len(cells)} values; must be {','.join(HEADER)}")
    t, part, value = cells
    if not _SECONDS.fullmatch(t):
        raise ValueError(f"t is {t!r}; must be seconds from the start, such as 12.5")
    if part not in _READ and part != "end":
        raise ValueError(f"input is {part!r}; allowed: {', '.join(_READ)}, end")
    return whole(float(t)), part, value


def _either(part: str, yes: str, no: str) -> Callable[[str], bool]:
    def read(value: str) -> bool:
        if value not in (yes, no):
            raise ValueError(f"{part} is {value!r}; allowed: {yes}, {no}")
        return value == yes

    return read


def _date_time(value: str) -> datetime:
    try:
        shows = datetime.fromisoformat(value)
    except ValueError:
        shows = None
    if shows is None or shows.tzinfo is None or shows.year not in _YEARS:
        raise ValueError(f"clock is {value!r}; must be a date-time with offset, such as 2026-03-02T08:30:00+01:00")
    return shows


_READ: dict[str, Callable[[str], bool | datetime]] = {
    "seat": _either("seat", "taken", "empty"),
    "button": _either("button", "down", "up"),
    "clock": _date_time,
    "panel": _either("panel", "back", "gone"),
}
