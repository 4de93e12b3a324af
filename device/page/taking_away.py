"""What somebody can take away: the days as CSV or JSON, the journal, and a report without anything private."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from device import __version__
from device.history.day_file import RecordedDay, write_day
from device.history.diary import Days
from device.history.nameless import NAMES, without_names
from device.history.tables import csv_of, json_of
from device.page.follower import Follower
from device.settings.settings import Settings
from device.settings.settings_file import field_of, lines_of


@dataclass(frozen=True, slots=True)
class ToTakeAway:
    """Where it comes from. Each of them may take a while, and raises ComplaintError."""

    days: Callable[[Follower, date, date], Days]
    """From the first day to the last, this one up to now."""
    journal: Callable[[], bytes]
    """A copy of it as it was at one instant."""
    report: Callable[[Follower, date], str]
    """A day and the settings in force, as text. Raises NothingKeptError."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to save."""

    name: str
    kind: str
    content: bytes


def taken_away(what: str, away: ToTakeAway, follower: Follower, first: date, last: date) -> File | None:
    """The file of that name, from the first day to the last; None if there is none. A report is of the last day."""
    span = f"{first}" if first == last else f"{first}-to-{last}"
    match what:
        case "days.csv":
            lines = csv_of(away.days(follower, first, last))
            return File(f"unsit-{span}.csv", "text/csv", "".join(f"{line}\r\n" for line in lines).encode())
        case "days.json":
            objects = ",\n".join(json_of(away.days(follower, first, last)))
            return File(f"unsit-{span}.json", "application/json", f"[\n{objects}\n]\n".encode())
        case "journal.db":
            return File(f"unsit-journal-{last}.db", "application/vnd.sqlite3", away.journal())
        case "report":
            return File(f"unsit-report-{last}.csv", "text/plain", away.report(follower, last).encode())
    return None


def report_of(day: date, recorded: RecordedDay, settings: Sequence[str]) -> str:
    """A day file that begins with the settings, one a line. `unsit replay` plays it."""
    told = list(_told(settings))
    lines = [
        f"# Unsit {__version__}: a report of {day}.",
        "# Left out: the names of files, folders, computers and phones.",
        *(["# People are numbered."] if any(line.startswith(NAMES) for line in told) else []),
        "# Settings that differ from the defaults:",
        *(f"# {line}" for line in told),
        *write_day(without_names(_without_private(recorded))),
    ]
    return "".join(f"{line}\n" for line in lines)


def _without_private(recorded: RecordedDay) -> RecordedDay:
    """The day without the settings in it that are private. It plays with their defaults."""
    rows = (row for row in recorded.rows if row.part != "setting" or not _is_private(_key(str(row.value))))
    return replace(recorded, rows=tuple(rows))


def _key(line: str) -> str:
    return line.partition("=")[0]


def _told(settings: Sequence[str]) -> Iterator[str]:
    """What differs from the defaults, without what is private."""
    usual = set(lines_of(Settings()))
    for line in settings:
        key = _key(line)
        if line not in usual:
            yield f"{key}: left out" if _is_private(key) or key == NAMES else line


def _is_private(key: str) -> bool:
    if key in ("page.hosts", "page.proxy", "mqtt.host", "mqtt.user", "mqtt.topic", "mqtt.desk"):
        return True
    try:
        return bool(field_of(key).metadata["allowed"].is_path)
    except KeyError:
        # A newer device may have settings of which this page doesn't know what is in them.
        return True
