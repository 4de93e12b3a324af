"""Reads the journal: the runs with their dates, what a start has to know, and the record of a day."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device.files.complaint import Complaint, ComplaintError
from device.history.level_curve import Reading
from device.history.meetings_row import are_meetings
from device.history.order_row import CONNECTED, SPENT, is_order
from device.journal.deletion import End
from device.journal.faults import FAULTS, in_a_line
from device.journal.inputs import CHANGED
from device.journal.layout import LAYOUT, newer_layout, open_journal
from device.journal.rows import WRITES_EVERY_S, choices_in, date_time, fact_of, in_ms, is_ms
from device.journal.zone_rules import zones_by_rules
from device.settings.choices import choices_among, key_of
from device.words.facts import Choice, Fact, GuideEnded, Resumed, names_of
from device.words.levels import level_of
from device.words.record import Kept, Run
from device.words.zones import Zones

if TYPE_CHECKING:
    from device.words.events import DayEnded
    from device.words.past import Past

AN_HONEST_YEAR = 2025
"""A clock that shows an earlier year has never been told the time."""
_YEARS = range(1970, 2200)
"""The years that count as the reading of a clock."""

_DAY_S = 86_400

_log = logging.getLogger(__name__)


class JournalError(ComplaintError):
    """The journal can't be read; the message is one line."""


DETAILS = (
    *("file is not a database", "database disk image is malformed", "database is locked", "disk I/O error"),
    *("database or disk is full", "unable to open database file", "attempt to write a readonly database"),
    *("Permission denied", "Input/output error", "File name too long", "Is a directory", "No such file or directory"),
)
"""The messages of SQLite and the system about unreadable and unwritable files that have translations."""


def _detail(error: Exception) -> str | Complaint:
    said = in_a_line(error) if not isinstance(error, OSError) or error.strerror is None else error.strerror
    if said in DETAILS or isinstance(error, OSError):
        return said
    return Complaint("it makes no sense ({error})", error=said)


def runs(file: Path, since: date | None = None, only: Sequence[type[Fact]] = ()) -> Iterator[Run]:
    """Yield every run that has a date, oldest first; with `since`, only facts that concern that day or later ones.

    `only` are the wanted kinds of facts; empty means all. Raises JournalError.
    """
    with reading(file) as book:
        for row in book.told(dated_rows(book.rows)):
            since_ms = None if since is None else _before(row, since)
            if since_ms is None or row.seen_ms >= since_ms:
                yield run_of(book, row, book.facts(row, since_ms, only))


def last_run(file: Path) -> Run | None:
    """The last run that has a date, without its facts; None if there is none. Raises JournalError."""
    with reading(file) as book:
        rows = book.told(dated_rows(book.rows))
        return run_of(book, rows[-1], ()) if rows else None


def past(file: Path) -> Past | None:
    """What a start has to know; None if there is nothing, or nothing that can be read."""
    # The device has to start even with a damaged file; the writer will find the damage and set the file aside.
    with suppress(JournalError), reading(file) as book:
        rows = book.told(book.rows)
        if rows:
            return _past(book, rows)
    return None


def choices(file: Path) -> list[Choice]:
    """The choices that the person made at this device. Raises JournalError."""
    with reading(file) as book:
        return book.choices()


def record(file: Path) -> list[Kept]:
    """Facts, inputs and settings of each run, oldest first. Raises JournalError."""
    with reading(file) as book:
        lines = book.settings()
        kept, settings, unsure_s = [], "", 0.0
        for row in book.told(dated_rows(book.rows, keep_undated=True)):
            settings = lines.get(row.id, settings)
            kept.append(Kept(run_of(book, row, book.facts(row)), book.inputs(row), settings, unsure_s))
            unsure_s = _unsure_s(row)
        dated = {key_of(fact) for each in kept for fact in choices_among(each.run.facts)}
        before = [fact for fact in book.choices() if key_of(fact) not in dated]
        return [*(replace(each, choices=before) for each in kept[:1]), *kept[1:]]


def levels_on(file: Path, day: date) -> list[Reading]:
    """What an analog seat read on that local day, oldest first. Raises JournalError."""
    told: list[Reading] = []
    with reading(file) as book:
        for row in book.told(dated_rows(book.rows)):
            run = run_of(book, row, ())
            for since, until in run.local.spans_of(day):
                span = max(since, run.began_s), min(until, run.seen_s)
                levels = book.levels(row, *span) if span[0] < span[1] else []
                told += [(run.local.at(at).of_day(at), level) for at, level in levels]
                if levels:
                    told.append((run.local.at(span[0]).of_day(span[1]), None))
    return told


def ends_of_runs(file: Path) -> list[End]:
    """The end of each run, with its date if that is known, oldest first. Raises JournalError."""
    with reading(file) as book:
        return [(row.id, row.seen_ms, row.clock) for row in dated_rows(book.rows, keep_undated=True)]


# ---- the file


def copy_of(file: Path) -> bytes:
    """The journal as it is at this instant, as a file that needs none beside it. Raises JournalError."""
    try:
        look_for(file)
        with closing(_connected(file)) as there, closing(sqlite3.connect(":memory:")) as copy:
            there.backup(copy)
            content = copy.serialize()
    except FAULTS as error:
        raise JournalError("{file}: it can't be read: {error}", file=file, error=_detail(error)) from error
    # These two bytes say whether there is a write-ahead log.
    return content[:18] + b"\x01\x01" + content[20:]


@contextmanager
def reading(file: Path) -> Iterator[Book]:
    """Open the journal for reading. If the file contains nonsense, this raises JournalError at worst."""
    try:
        look_for(file)
        with closing(_connected(file)) as connection:
            # A flipped bit in a text mustn't cost the rest.
            connection.text_factory = partial(str, encoding="utf-8", errors="replace")
            (layout,) = connection.execute("PRAGMA user_version").fetchone()
            if layout > LAYOUT:
                raise JournalError("{file}: {why}", file=file, why=newer_layout(layout))
            if layout == LAYOUT:
                book = Book(connection)
                yield book
                _say_left_out(file, book.left_out)
                return
            if layout == 0:
                raise JournalError("{file}: there is no journal yet, only an empty file", file=file)
        # The first process that opens an older layout converts it.
        open_journal(file).close()
        with reading(file) as book:
            yield book
    except FAULTS as error:
        raise JournalError("{file}: it can't be read: {error}", file=file, error=_detail(error)) from error


def look_for(file: Path) -> None:
    """Raise JournalError unless it is a file that this process may read."""
    try:
        mode = os.stat(file).st_mode
        is_ours = os.access(file, os.R_OK)
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    except PermissionError:
        is_ours, mode = False, stat.S_IFREG
    except (OSError, ValueError) as error:
        raise JournalError("{file}: it can't be read: {error}", file=file, error=_detail(error)) from error
    if mode is None:
        raise JournalError(
            "{file}: there is no journal yet; the service writes one, or `--set journal.file=...`", file=file
        )
    if not stat.S_ISREG(mode):
        raise JournalError("{file}: isn't a file; allowed: a journal, or a name for a new one", file=file)
    if not is_ours:
        raise JournalError("{file}: only its owner and their group may read it; try sudo, or join the group", file=file)


_said: dict[Path, int] = {}
"""The last warning about each file, so that the page, which reads again and again, doesn't repeat it."""


def _say_left_out(file: Path, rows: int) -> None:
    if rows and _said.get(file) != rows:
        _log.warning("%s: rows that make no sense, left out here: %d", file, rows)
    _said[file] = rows


def _connected(file: Path) -> sqlite3.Connection:
    address = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as first:
        try:
            first.execute("PRAGMA user_version").fetchone()
        except sqlite3.OperationalError:
            # SQLite reads a write-ahead log through an index file, and not everybody who may read the journal may make
            # that file. While no device writes, there is no log: nothing can change, and the index isn't needed.
            if file.with_name(f"{file.name}-wal").exists():
                raise
            address += "&immutable=1"
    return sqlite3.connect(address, uri=True)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A row of the table of runs."""

    id: int
    boot: str
    began_ms: int
    seen_ms: int
    seated_ms: int | None
    boot_ms: int
    clock: datetime | None
    is_right: bool

    def has(self, ms: Any) -> bool:
        """Whether an instant in ms is valid and not after the run's end. It may lie before the run's start."""
        return is_ms(ms) and ms <= self.seen_ms

    @property
    def began(self) -> datetime:
        """The local time at which the run began."""
        assert self.clock is not None, "only what has a date begins on a day"
        return self.clock - timedelta(milliseconds=self.seen_ms - self.began_ms)


class Book:
    """The contents of the tables. A row that makes no sense is left out and counted."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.left_out = 0
        self.rows = self._rows()

    def told(self, rows: Sequence[RunRow]) -> list[RunRow]:
        """The runs in which anything happened. A start that was cut off earlier than that has changed nothing."""
        silent = {
            run
            for (run,) in self.connection.execute(
                "SELECT id FROM run WHERE NOT EXISTS "
                "(SELECT 1 FROM fact WHERE fact.run = run.id AND fact.fact NOT IN (?, ?))",
                names_of(Resumed, GuideEnded),
            )
        }
        told: list[RunRow] = []
        for row in rows:
            # Keep a run that knew nothing of the time before, for the sake of its inputs.
            if row.id not in silent or not told or row.began_ms < told[-1].seen_ms:
                told.append(row)
        return told

    def facts(self, row: RunRow, since_ms: int | None = None, only: Sequence[type[Fact]] = ()) -> list[Fact]:
        """The facts of a run, in the order in which they were noted."""
        of_these = f"AND fact IN ({', '.join('?' * len(only))})" if only else ""
        found = self.connection.execute(
            f"SELECT t_ms, said_ms, fact, details FROM fact WHERE run = ? AND said_ms >= ? {of_these} ORDER BY nth",
            (row.id, -1 if since_ms is None else since_ms, *names_of(*only)),
        )
        return self._made_of(found, row)

    def numbered_facts(self, row: RunRow, since_ms: int, only: Sequence[type[Fact]]) -> list[tuple[int, Fact]]:
        """The facts noted at `since_ms` or later, each with its number."""
        found = self.connection.execute(
            "SELECT nth, t_ms, said_ms, fact, details FROM fact WHERE run = ? AND said_ms >= ? "
            f"AND fact IN ({', '.join('?' * len(only))}) ORDER BY nth",
            (row.id, since_ms, *names_of(*only)),
        )
        return [(each[0], fact) for each in found for fact in self._made_of([each[1:]], row)]

    def zones(self, row: RunRow) -> Zones:
        """How far local time was ahead of UTC during the run; empty for older versions, which didn't keep it."""
        found = self.connection.execute(
            "SELECT from_ms, ahead_s FROM zone WHERE run = ? ORDER BY from_ms", (row.id,)
        ).fetchall()
        return [(from_ms / 1000, ahead_s) for from_ms, ahead_s in found if is_ms(from_ms) and _is_offset(ahead_s)]

    def last_facts(self, row: RunRow, most: int) -> list[Fact]:
        """The last facts of a run."""
        found = self.connection.execute(
            "SELECT t_ms, said_ms, fact, details FROM fact WHERE run = ? ORDER BY nth DESC LIMIT ?", (row.id, most)
        ).fetchall()
        return self._made_of(reversed(found), row)

    def choices(self) -> list[Choice]:
        """The latest choice on each topic."""
        choices, left_out = choices_in(self.connection)
        self.left_out += left_out
        return choices

    def resumed(self, row: RunRow) -> bool:
        """Whether the run went on where a power cut ended the one before."""
        found = self.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM fact WHERE run = ? AND fact = ?)", (row.id, Resumed.name)
        )
        return bool(found.fetchone()[0])

    def inputs(self, row: RunRow) -> list[tuple[float, str, str]]:
        """The inputs of a run."""
        found = self.connection.execute(
            "SELECT at_ms, input, value FROM input WHERE run = ? ORDER BY nth", (row.id,)
        ).fetchall()
        good = [each for each in found if row.has(each[0]) and _is_input(*each[1:])]
        self.left_out += len(found) - len(good)
        return [(at_ms / 1000, name, value) for at_ms, name, value in good]

    def levels(self, row: RunRow, since: float, until: float) -> list[Reading]:
        """What an analog seat read in that span of the run, beginning with what it read before."""
        # From the end, as today is asked for most. A sensor that is back tells its level next.
        found = self.connection.execute(
            "SELECT at_ms, input, value FROM input WHERE run = ? AND at_ms < ? "
            "AND (input = 'level' OR (input = 'sensor_seen' AND value = 'gone')) ORDER BY nth DESC",
            (row.id, in_ms(until)),
        )
        told: list[Reading] = []
        for at_ms, name, value in found:
            if row.has(at_ms) and _is_input(name, value):
                told.append((max(at_ms / 1000, since), level_of(value) if name == "level" else None))
                if at_ms <= in_ms(since):
                    break
        return told[::-1]

    def ends_of_days(self, row: RunRow) -> list[float]:
        """The last midnights in the run."""
        found = self.connection.execute(
            "SELECT at_ms FROM input WHERE run = ? AND input = 'day' ORDER BY nth DESC LIMIT 10", (row.id,)
        ).fetchall()
        return [at_ms / 1000 for (at_ms,) in reversed(found) if row.has(at_ms)]

    def settings(self) -> dict[int, str]:
        """The settings' lines, by the run from which they were in force."""
        found = self.connection.execute("SELECT run, lines FROM settings").fetchall()
        return {run: lines for run, lines in found if isinstance(lines, str)}

    def _rows(self) -> list[RunRow]:
        columns = "id, boot, began_ms, seen_ms, seated_ms, boot_ms, clock, clock_right"
        found = self.connection.execute(f"SELECT {columns} FROM run ORDER BY id").fetchall()
        rows = [row for each in found if (row := _row(*each)) is not None]
        self.left_out += len(found) - len(rows)
        return rows

    def _made_of(self, found: Iterable[tuple[Any, ...]], row: RunRow) -> list[Fact]:
        facts = []
        for each in found:
            fact = fact_of(*each) if row.has(each[1]) else None
            if fact is None:
                self.left_out += 1
            else:
                facts.append(fact)
        return facts


def _row(
    run: Any, boot: Any, began_ms: Any, seen_ms: Any, seated_ms: Any, boot_ms: Any, clock: Any, right: Any
) -> RunRow | None:
    if not (is_ms(began_ms) and is_ms(seen_ms) and began_ms <= seen_ms):
        return None
    if not (is_ms(boot_ms) and isinstance(boot, str)):
        boot, boot_ms = "", 0
    if not (is_ms(seated_ms) and seated_ms <= seen_ms):
        seated_ms = None
    reads = _read_clock(clock)
    return RunRow(run, boot, began_ms, seen_ms, seated_ms, boot_ms, reads, bool(right) and reads is not None)


def _read_clock(value: Any) -> datetime | None:
    reads = date_time(value)
    # Beyond these years not every date-time has a local time.
    if reads is None or reads.year not in _YEARS:
        return None
    return reads if reads.tzinfo else reads.astimezone()


_LEVELS = {
    "seat": ("empty", "taken"),
    "button": ("up", "down"),
    **dict.fromkeys(("panel_seen", "sensor_seen"), ("gone", "back")),
    "day": ("ended",),
    "pairing": (CONNECTED, SPENT),
}
_CLOCKS = ("clock", "clock_stale")


def _is_offset(ahead_s: Any) -> bool:
    return isinstance(ahead_s, int) and -_DAY_S < ahead_s < _DAY_S


def _is_input(name: Any, value: Any) -> bool:
    if name in _CLOCKS:
        reads = date_time(value)
        return reads is not None and reads.tzinfo is not None and reads.year in _YEARS
    if name == "level":
        return isinstance(value, str) and level_of(value) is not None
    if name == CHANGED:
        return isinstance(value, str) and all(line.isprintable() for line in value.split("\n"))
    if name == "order":
        return isinstance(value, str) and is_order(value)
    if name == "meetings":
        return isinstance(value, str) and are_meetings(value)
    return value in _LEVELS.get(name, ()) or (name == "thinned" and isinstance(value, str) and value.isprintable())


# ---- dates


def dated_rows(rows: Sequence[RunRow], *, keep_undated: bool = False) -> list[RunRow]:
    """The runs with their known or guessed dates. Without `keep_undated`, runs without any are left out."""
    right_at = {row.boot: row for row in rows if row.is_right and row.boot}
    next_right: list[RunRow | None] = [None] * len(rows)
    for nth in reversed(range(len(rows) - 1)):
        next_right[nth] = rows[nth + 1] if rows[nth + 1].is_right else next_right[nth + 1]
    dated: list[RunRow] = []
    for nth, row in enumerate(rows):
        known = row
        if not row.is_right and row.boot in right_at:
            known = _by(right_at[row.boot], row)
        elif not row.is_right:
            known = _about(row, dated, next_right[nth])
        if known.clock is not None or keep_undated:
            dated.append(known)
    return dated


def _by(right: RunRow, row: RunRow) -> RunRow:
    """Date a run by a later one of the same boot, whose clock had been told the time."""
    assert right.clock is not None, "a right clock shows something"
    return replace(row, clock=right.clock - timedelta(milliseconds=right.boot_ms - row.boot_ms), is_right=True)


def _about(row: RunRow, dated: Sequence[RunRow], later: RunRow | None) -> RunRow:
    """Guess a date: what the run's stale clock shows, but not before the run before and not after the run after."""
    lasted = timedelta(milliseconds=row.seen_ms - row.began_ms)
    guess = row.clock if row.clock is not None and row.clock.year >= AN_HONEST_YEAR else None
    before = dated[-1].clock if dated else None
    if before is not None:
        guess = before + lasted if guess is None else max(guess, before + lasted)
    if later is not None:
        guess = later.began if guess is None else min(guess, later.began)
    return replace(row, clock=guess)


def run_of(book: Book, row: RunRow, facts: Sequence[Fact]) -> Run:
    """Return the run with the given facts."""
    seated_s = None if row.seated_ms is None else row.seated_ms / 1000
    reads = row.clock or datetime.fromtimestamp(0).astimezone()
    began_s, seen_s = row.began_ms / 1000, row.seen_ms / 1000
    zones = book.zones(row) or zones_by_rules(began_s, seen_s, reads)
    return Run(facts, began_s, seen_s, seated_s, reads, about=not row.is_right, zones=zones)


def _before(row: RunRow, since: date) -> int:
    """The instant two days before that day begins, in ms: anybody who sat then has risen since."""
    assert row.clock is not None, "only what has a date is asked for its days"
    begins = datetime.combine(since - timedelta(days=2), time()).astimezone()
    return row.seen_ms + round((begins - row.clock).total_seconds() * 1000)


# ---- what a start has to know


def _past(book: Book, rows: Sequence[RunRow]) -> Past:
    # Only a start needs these.
    from device.words.events import DayEnded
    from device.words.past import REMEMBERED, Past, Readings, worth_remembering

    last = rows[-1]
    told: list[Fact | DayEnded] = []
    later: RunRow | None = None
    for row in reversed(rows):
        if len(told) > REMEMBERED or (later is not None and not (book.resumed(later) and row.seen_ms < later.began_ms)):
            break
        facts: list[Fact | DayEnded] = [*book.last_facts(row, REMEMBERED + 1 - len(told))]
        for at in book.ends_of_days(row):
            after = (nth for nth, each in enumerate(facts) if isinstance(each, Fact) and each.said > at)
            facts.insert(next(after, len(facts)), DayEnded(at))
        told, later = [*facts, *told], row
    reads = last.clock if last.is_right else None
    seen = Readings(last.seen_ms / 1000, last.boot, last.boot_ms / 1000, reads)
    seated_till = None if last.seated_ms is None else last.seated_ms / 1000
    return Past(worth_remembering(told), seen, seated_till, _unsure_s(last), book.choices())


def _unsure_s(row: RunRow) -> float:
    """How many seconds the run may have lasted beyond what was last written of it.

    While somebody sits, progress is written regularly; only the last of it is missing. Else none is written for hours.
    """
    return 0.0 if row.seated_ms is None else WRITES_EVERY_S
