"""The day file: a recorded day of inputs, as CSV with the header `t,input,value`."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import TypeVar

from device.files.complaint import OneLineError, brief
from device.files.user_file import NoFileError, UserFileError, user_text
from device.history.meetings_row import meetings_at
from device.history.order_row import CONNECTED, SPENT, order_at
from device.settings.choices import choice_of
from device.settings.settings import TOPICS
from device.settings.settings_file import SettingsError, recorded_setting, recorded_settings
from device.words.facts import Choice
from device.words.instants import whole
from device.words.levels import level_of, level_text

HEADER = ["t", "input", "value"]
MOST_BYTES = 10_000_000
"""Seven hours of levels at 8 a second with all their digits, or far more than a pad makes that chatters all day."""
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,20})?")
_LONGEST_S = 315_360_000
_YEARS = range(1970, 2200)
_LONGEST_SAID = 200
_MOST_STARTS = 501
"""The most starts in a day; each one recalls what came before it."""
_MOST_SETTINGS = 50
"""The most starts that may differ in settings."""

HANDS = ("seat", "button", "panel")
"""The inputs that can be moved by hand at the desk."""

Value = bool | float | datetime | str


class DayFileError(OneLineError):
    """A day that can't be played; the message is one line with file, line number and reason."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """One thing that happened."""

    t: float
    """Seconds from the start."""
    part: str
    """The second column: which input."""
    value: Value
    """True for taken, down, back and on; a fraction for a level, a date-time for the clock, text for carried rows."""


@dataclass(frozen=True, slots=True)
class RecordedDay:
    """A recorded day and its last instant."""

    rows: tuple[DayRow, ...]
    end: float
    file: str = field(default="", compare=False)
    """The file's name for error messages."""
    settings_in: Mapping[str, int] = field(default_factory=dict, compare=False)
    """The line number of each carried setting, by its key."""

    @property
    def starts(self) -> tuple[float, ...]:
        """When the device starts: at the beginning, and each time the power comes back."""
        return (0.0, *(row.t for row in self.rows if row.part == "power" and row.value is True))

    @property
    def changes(self) -> tuple[float, ...]:
        """When settings change while the device runs."""
        changes, is_on = dict[float, None](), True
        for row in self.later:
            is_on = row.value is True if row.part == "power" else is_on
            if row.part == "setting" and is_on:
                changes[row.t] = None
        return tuple(changes)

    @property
    def turns(self) -> list[float]:
        """The instants from which on a device goes by other settings, perhaps: its starts, and changes meanwhile."""
        return sorted({*self.starts, *self.changes})

    @property
    def carried(self) -> dict[float, tuple[str, ...]]:
        """The carried settings as of each start, by the instant of the start."""
        return self._carried_at(self.starts)

    @property
    def carried_by_turn(self) -> dict[float, tuple[str, ...]]:
        """The same as of each turn."""
        return self._carried_at(self.turns)

    def _carried_at(self, instants: Iterable[float]) -> dict[float, tuple[str, ...]]:
        settings = [(row.t, _key(row), str(row.value)) for row in self.rows if row.part == "setting"]
        return {t: tuple(texts.values()) for t, texts in _as_of(instants, settings)}

    @property
    def routines(self) -> list[list[str]]:
        """The carried routines, as lists of the ids of the stretches that were begun."""
        return [str(row.value).split() for row in self.rows if row.part == "routine"]

    @property
    def asks(self) -> list[str]:
        """The topics that the device may ask about."""
        return [topic for row in self.at_start if row.part == "asks" for topic in str(row.value).split()]

    def asks_at(self, t: float) -> list[str]:
        """The topics that the device may ask about then: not those whose setting was changed while it ran."""
        changes = set(self.changes)
        told = {_key(row) for row in self.later if row.part == "setting" and row.t in changes and row.t <= t}
        return [topic for topic in self.asks if TOPICS[topic] not in told]

    @property
    def choices_at_start(self) -> list[Choice]:
        """What had been chosen before the day."""
        return [choice_of(str(row.value)) for row in self.at_start if row.part == "chosen"]

    @property
    def thinned(self) -> list[tuple[float, str]]:
        """Where chatter was left out: the instant, and how many changes of which level."""
        return [(row.t, str(row.value)) for row in self.rows if row.part == "thinned"]

    @property
    def is_heard(self) -> bool:
        """Whether its rows are what the device heard of an analog seat, not what was on the chair."""
        return any(row.part == "sensor_seen" for row in self.rows)

    @property
    def has_levels(self) -> bool:
        """Whether levels are put on the chair."""
        return not self.is_heard and any(row.part == "level" for row in self.rows)

    @property
    def moves_seat(self) -> bool:
        """Whether somebody sits or a level is put on the chair."""
        return self.has_levels or (not self.is_heard and any(row.part == "seat" for row in self.rows))

    @property
    def at_start(self) -> tuple[DayRow, ...]:
        """The rows that say how things are when the day begins. They aren't changes."""
        return tuple(takewhile(lambda row: row.t == 0 and row.part != "power", self.rows))

    @property
    def later(self) -> tuple[DayRow, ...]:
        """The rows of what happens after the beginning."""
        return self.rows[len(self.at_start) :]

    @property
    def shows_at_start(self) -> datetime | None:
        """What the wall clock shows at the start; None for a day without a clock."""
        readings = [row.value for row in self.at_start if isinstance(row.value, datetime)]
        steps = [row.value for row in self.later if isinstance(row.value, datetime)]
        if readings or not steps:
            return readings[-1] if readings else None
        # A Pi that learns the date later starts in 1970: its clock has no battery.
        return datetime(1970, 1, 1, tzinfo=steps[0].tzinfo)


def read_day(file: Path) -> RecordedDay:
    """Read a day file. Raises DayFileError if anything in it is wrong, NoFileError if it doesn't exist."""
    numbered, ends = _rows(file)
    lines_of_settings = [number for number, row in numbered if row.part == "setting"]
    keys = [_key(row) for _, row in numbered if row.part == "setting"]
    day = RecordedDay(
        tuple(row for _, row in numbered), ends, str(file), dict(zip(keys, lines_of_settings, strict=True))
    )
    if len(day.starts) > _MOST_STARTS:
        raise DayFileError(f"{file}: has {len(day.starts) - 1} power cuts; allowed: up to {_MOST_STARTS - 1}")
    try:
        _check_settings(day, lines_of_settings)
    except SettingsError as error:
        raise DayFileError(f"{file}: {error}") from error
    return day


def _rows(file: Path) -> tuple[list[tuple[int, DayRow]], float]:
    """The rows, each with the number of its line, and when the day ends."""
    rows: list[tuple[int, DayRow]] = []
    latest, is_on, has_ended = 0.0, True, False
    for number, cells in _lines(file):
        try:
            if has_ended:
                raise ValueError("nothing may come after end")
            t, part, value = _cells(cells)
            if t < latest:
                raise ValueError(f"t falls back from {latest:g} to {t:g}; it may stay or rise")
            latest, has_ended = t, part == "end"
            if not has_ended:
                rows.append((number, DayRow(t, part, value_of(part, value))))
                is_on = _power(rows[-1][1], is_on)
        except ValueError as error:
            raise DayFileError(f"{file}: line {number}: {error}") from error
    return rows, latest


_T = TypeVar("_T")


def _as_of(starts: Iterable[float], told: Iterable[tuple[float, str, _T]]) -> Iterator[tuple[float, dict[str, _T]]]:
    """For each start, the latest value of each key. If nothing has changed since, it is the same object."""
    waiting = deque(told)
    latest: dict[str, _T] = {}
    for start in starts:
        if waiting and waiting[0][0] <= start:
            latest = dict(latest)
        while waiting and waiting[0][0] <= start:
            _, key, each = waiting.popleft()
            latest[key] = each
        yield start, latest


def _key(row: DayRow) -> str:
    return str(row.value).partition("=")[0].strip()


def _check_settings(day: RecordedDay, numbers: Sequence[int]) -> None:
    """Raise SettingsError if the settings of one turn contradict each other; `numbers` are their lines."""
    settings = [row for row in day.rows if row.part == "setting"]
    placed = [
        (row.t, _key(row), (f"line {number}: setting", str(row.value)))
        for row, number in zip(settings, numbers, strict=True)
    ]
    different = {id(told): told for _, told in _as_of(day.turns, placed)}
    if len(different) > _MOST_SETTINGS:
        raise SettingsError(f"has {len(different)} starts with other settings; allowed: up to {_MOST_SETTINGS}")
    for told in different.values():
        recorded_settings(told.values())


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines below the header with their numbers, without empty lines and remarks."""
    try:
        text = user_text(file, most_bytes=MOST_BYTES)
    except NoFileError:
        raise
    except UserFileError as error:
        raise DayFileError(str(error)) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if next((cells for cells in reader if not _is_remark(cells)), None) != HEADER:
            raise DayFileError(f"{file}: line {max(1, reader.line_num)}: must be the header {','.join(HEADER)}")
        for cells in reader:
            if cells and not _is_remark(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise DayFileError(f"{file}: line {reader.line_num}: {error}") from error


def _is_remark(cells: list[str]) -> bool:
    return bool(cells) and cells[0].startswith("#")


def _cells(cells: list[str]) -> tuple[float, str, str]:
    if len(cells) != len(HEADER):
        raise ValueError(f"has {len(cells)} values; must be {','.join(HEADER)}")
    t, part, value = cells
    if not _SECONDS.fullmatch(t):
        raise ValueError(f"t is {brief(t)}; must be seconds from the start, such as 12.5")
    if float(t) > _LONGEST_S:
        raise ValueError(f"t is {t}; allowed: up to {_LONGEST_S}, which is ten years")
    if part not in _READ and part != "end":
        raise ValueError(f"input is {brief(part)}; allowed: {', '.join(_READ)}, end")
    return whole(float(t)), part, value


def _power(row: DayRow, is_on: bool) -> bool:
    """Whether there is power after that row. Raises ValueError for a cut without power and the like."""
    if row.part != "power":
        return is_on
    if row.value is is_on:
        raise ValueError(f"power is {'on' if is_on else 'cut'} already")
    return not is_on


def value_of(part: str, text: str) -> Value:
    """The value of the third column. Raises ValueError."""
    return _READ[part](text)


def write_day(day: RecordedDay) -> Iterator[str]:
    """The lines of a day file for that day."""
    lines = io.StringIO(newline="")
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(HEADER)
    for row in day.rows:
        table.writerow([f"{row.t:.3f}", row.part, _text(row)])
    table.writerow([f"{day.end:.3f}", "end", ""])
    yield from lines.getvalue().splitlines()


def _text(row: DayRow) -> str:
    if isinstance(row.value, datetime):
        return row.value.isoformat()
    if isinstance(row.value, bool):
        return _LEVELS[row.part][row.value]
    return level_text(row.value) if isinstance(row.value, float) else row.value


def _either(part: str) -> Callable[[str], bool]:
    no, yes = _LEVELS[part]

    def read(value: str) -> bool:
        if value not in (yes, no):
            raise ValueError(f"{part} is {brief(value)}; allowed: {yes}, {no}")
        return value == yes

    return read


def _level(value: str) -> float:
    level = level_of(value)
    if level is None:
        raise ValueError(f"level is {brief(value)}; must be a fraction of full scale from 0 to 1, such as 0.25")
    return level


def _seconds(value: str) -> str:
    if not _SECONDS.fullmatch(value):
        raise ValueError(f"unsure is {brief(value)}; must be seconds, such as 55")
    return value


def _order(value: str) -> str:
    try:
        order_at(0.0, value)
    except ValueError as error:
        raise ValueError(f"order is {brief(value)}; {error}") from error
    return value


def _meetings(value: str) -> str:
    try:
        meetings_at(0.0, value)
    except ValueError as error:
        raise ValueError(f"meetings {error}") from error
    return value


def _pairing(value: str) -> str:
    if value not in (CONNECTED, SPENT):
        raise ValueError(f"pairing is {brief(value)}; allowed: {CONNECTED}, {SPENT}")
    return value


def _ids(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_ ]{0,999}", value):
        raise ValueError(f"routine is {brief(value)}; must be ids of stretches, such as march hip_circle")
    return value


def _choice(value: str) -> str:
    try:
        choice_of(value)
    except ValueError as error:
        raise ValueError(f"chosen is {brief(value)}; {error}") from error
    return value


def _topics(value: str) -> str:
    if not value or not set(value.split()) <= set(TOPICS):
        raise ValueError(f"asks is {brief(value)}; must be one or more of {', '.join(TOPICS)}, blanks between")
    return value


def _said(value: str) -> str:
    # A replay prints this in a terminal, which obeys control characters.
    if not value.isprintable() or len(value) > _LONGEST_SAID:
        raise ValueError(f"thinned is {brief(value)}; must be up to {_LONGEST_SAID} printable characters")
    return value


def _setting(value: str) -> str:
    try:
        recorded_setting(value)
    except SettingsError as error:
        raise ValueError(str(error)) from error
    return value


def _date_time(value: str) -> datetime:
    try:
        shows = datetime.fromisoformat(value)
    except ValueError:
        shows = None
    if shows is None or shows.tzinfo is None or shows.year not in _YEARS:
        raise ValueError(f"clock is {brief(value)}; must be a date-time with offset, such as 2026-03-02T08:30:00+01:00")
    return shows


_LEVELS = {
    "seat": ("empty", "taken"),
    "button": ("up", "down"),
    "panel": ("gone", "back"),
    "panel_seen": ("gone", "back"),
    "sensor_seen": ("gone", "back"),
    "power": ("cut", "on"),
}
"""The words for False and True."""
_READ: dict[str, Callable[[str], Value]] = {
    **{part: _either(part) for part in _LEVELS if part != "sensor_seen"},
    "clock": _date_time,
    "clock_stale": _date_time,
    "level": _level,
    "sensor_seen": _either("sensor_seen"),
    "order": _order,
    "pairing": _pairing,
    "meetings": _meetings,
    "chosen": _choice,
    "asks": _topics,
    "setting": _setting,
    "routine": _ids,
    "thinned": _said,
    "unsure": _seconds,
}
