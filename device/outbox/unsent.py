"""Reads from the journal what the broker hasn't heard yet: facts in their order, and closed days."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from device.history.diary import Days
from device.journal.kept_days import days_of
from device.journal.layout import name_of
from device.journal.reader import Book, JournalError, RunRow, dated_rows, reading, run_of
from device.journal.rows import fact_of, in_ms
from device.outbox.cursor import Cursor, SaidAt
from device.topics.message_form import FactId
from device.words.facts import Fact
from device.words.record import Run

_AT_ONCE = 200
_A_MOMENT_MS = 2
"""The same instant by two rows of runs may differ by so much."""


@dataclass(frozen=True, slots=True)
class UnsentFact:
    """A fact of the journal, and all that its message says of it."""

    id: FactId
    fact: Fact
    when: datetime | None
    about: bool
    said: SaidAt


@dataclass(frozen=True, slots=True)
class Unsent:
    """What the journal has after a cursor."""

    book: str
    """The journal's name."""
    facts: Sequence[UnsentFact] = ()
    read_to: FactId | None = None
    """Up to where the journal was read; None if there was nothing after the cursor."""
    is_all: bool = True
    """Nothing was left for the next time."""
    missing_from: FactId | None = None
    """From here on, the journal may have forgotten facts after the cursor."""
    last_said_s: float = -1.0
    """When the last fact of all was said; negative if there is none."""


def unsent(file: Path, cursor: Cursor, most: int = _AT_ONCE) -> Unsent:
    """The next facts after the cursor; if the journal is another one, those from its start. Raises JournalError."""
    with reading(file) as book:
        name = _name(file, book)
        here = cursor.in_book(name)
        after, repeats = here.facts, here.repeats
        found = book.connection.execute(
            "SELECT run, nth, t_ms, said_ms, fact, details FROM fact WHERE (run, nth) > (?, ?) ORDER BY run, nth "
            "LIMIT ?",
            (*(after or (-1, -1)), most),
        ).fetchall()
        dates = _Dates(book)
        facts = []
        for run, nth, *row in found:
            fact = fact_of(*row)
            if fact is None:
                book.left_out += 1
                continue
            each = dates.dated(FactId(run, nth), fact)
            if repeats is None or each.said.boot != repeats.boot or each.said.ms > repeats.ms + _A_MOMENT_MS:
                facts.append(each)
        read_to = FactId(*found[-1][:2]) if found else None
        # A journal that follows another one may begin with any number.
        is_told = facts and cursor.book == name and (after is not None or repeats is None)
        missing = _missing_from(book.connection, after or FactId(0, 0)) if is_told else None
        last = book.connection.execute("SELECT said_ms FROM fact ORDER BY run DESC, nth DESC LIMIT 1").fetchone()
        last_said_s = last[0] / 1000 if last else -1.0
        return Unsent(name, facts, read_to, len(found) < most, missing, last_said_s)


def last_fact(file: Path) -> tuple[str, FactId | None]:
    """The journal's name, and its last fact. Raises JournalError."""
    with reading(file) as book:
        found = book.connection.execute("SELECT run, nth FROM fact ORDER BY run DESC, nth DESC LIMIT 1").fetchone()
        return _name(file, book), None if found is None else FactId(*found)


def closed_days(file: Path, after: date, over: datetime, in_time_s: float) -> tuple[str, Days]:
    """The journal's name, and the days after that date which the device has closed. Raises JournalError.

    A day is closed once the device has written something after it, and the date of `over` is a later one.
    """
    with reading(file) as book:
        name, rows = _name(file, book), dated_rows(book.rows)
        last = rows[-1].clock if rows else None
    if last is None:
        return name, Days()
    until = min(last.date(), over.date()) - timedelta(days=1)
    if until <= after:
        return name, Days()
    return name, days_of(file, {}, in_time_s, after + timedelta(days=1), until)


def _name(file: Path, book: Book) -> str:
    name = name_of(book.connection)
    if not name:
        raise JournalError("{file}: it has no name yet; the device gives it one when it next starts", file=file)
    return name


@dataclass(slots=True)
class _Dates:
    """Dates facts by the runs of the journal."""

    book: Book
    _rows: dict[int, tuple[RunRow, RunRow | None]] = field(init=False)
    """Each run that has a date, with the one before it."""
    _runs: dict[int, Run] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        rows = dated_rows(self.book.rows)
        self._rows = {row.id: (row, rows[nth - 1] if nth else None) for nth, row in enumerate(rows)}

    def dated(self, number: FactId, fact: Fact) -> UnsentFact:
        if number.run not in self._rows:
            return UnsentFact(number, fact, None, True, SaidAt("", 0))
        row, before = self._rows[number.run]
        said = SaidAt(row.boot, row.boot_ms - row.seen_ms + in_ms(fact.said))
        # An instant before a start is dated by the run before.
        of = before if before is not None and fact.t < row.began_ms / 1000 else row
        run = self._runs.setdefault(of.id, run_of(self.book, of, ()))
        return UnsentFact(number, fact, run.when(fact.t), run.about, said)


def _missing_from(connection: sqlite3.Connection, after: FactId) -> FactId | None:
    """The first number after the cursor that the journal may have forgotten; None if it has forgotten none.

    Facts and inputs share their numbers. While the fact at the cursor is there, what follows it is there, too: the
    journal forgets the oldest first.
    """
    there = "SELECT 1 FROM fact WHERE run = ? AND nth = ?"
    if connection.execute(there, after).fetchone() is not None:
        return None
    follows = FactId(after.run, after.nth + 1) if after.run else FactId(1, 1)
    found = connection.execute(f"{there} UNION ALL SELECT 1 FROM input WHERE run = ? AND nth = ?", (*follows, *follows))
    return None if found.fetchone() is not None else follows
