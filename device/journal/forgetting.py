"""Deletes from the journal for good, at a person's request: no deleted byte stays in the file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from device.history.meetings_row import are_meetings, meetings_at, meetings_text
from device.journal.deletion import cuts_before, forget
from device.journal.kept_days import forget_days
from device.journal.layout import name_anew, open_journal
from device.journal.reader import Book, RunRow, dated_rows, ends_of_runs, reading, run_of
from device.words.events import MeetingsTold, Span
from device.words.facts import (
    CHOICES,
    Bout,
    BoutForgotten,
    Left,
    PowerCut,
    Resumed,
    Sat,
    SeatBack,
    SeatDoubted,
    SeatDrifted,
    SeatLost,
    SeatTrusted,
    names_of,
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The result of a deletion."""

    rows: int
    """How many facts, inputs and files set aside were deleted."""
    undated: int = 0
    """How many runs stay because their date isn't known."""


def forget_before(file: Path, before: datetime) -> Forgotten:
    """Delete all before that time, by the dates that the history shows. Raises JournalError, sqlite3.Error."""
    ends = ends_of_runs(file)
    with closing(open_journal(file)) as connection:
        with connection:
            rows = forget(connection, cuts_before(ends, before))
            forget_days(connection)
            left = {run for (run,) in connection.execute("SELECT id FROM run")}
        _leave_no_byte(connection)
    return Forgotten(rows, sum(run in left and clock is None for run, _, clock in ends))


def forget_all(file: Path) -> Forgotten:
    """Delete everything, with the damaged journals that were set aside. Raises OSError, sqlite3.Error."""
    with closing(open_journal(file)) as connection:
        with connection:
            rows = sum(connection.execute(f"DELETE FROM {table}").rowcount for table in ("fact", "input"))
            for table in ("run", "settings", "choice", "zone"):
                connection.execute(f"DELETE FROM {table}")
            forget_days(connection)
            name_anew(connection)
        _leave_no_byte(connection)
    for kind in ("damaged-*", "waiting*"):
        for aside in file.parent.glob(f"{file.name}.{kind}"):
            aside.unlink()
            rows += 1
    return Forgotten(rows)


def forget_day(file: Path, day: date) -> Forgotten:
    """Delete a local day. A sitting that reaches into it or out of it then ends or begins at the day's bounds."""
    with reading(file) as book:
        runs = [(row.id, run_of(book, row, ())) for row in dated_rows(book.rows)]
        spans = [(number, *span) for number, run in runs for span in run.local.spans_of(day)]
        lived = [(run.when(since), run.when(until)) for _, run in runs for since, until in run.local.spans_of(day)]
    return _cut_out(file, spans, lived)


def forget_bout(file: Path, at: datetime) -> Forgotten | None:
    """Delete the bout at that time and everything up to the next bout; None if no finished bout includes that time."""
    with reading(file) as book:
        bout = next((bout for bout in _bouts(book, dated_rows(book.rows)) if bout.holds(at)), None)
    return None if bout is None else _cut_out(file, bout.spans)


def may_forget(file: Path) -> bool:
    """Whether this process may delete from the journal."""
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def bouts_on(file: Path, day: date) -> list[tuple[datetime, datetime]]:
    """Begin and end of each finished bout of that local day. Raises JournalError."""
    with reading(file) as book:
        since = day - _LONGEST_BOUT
        rows = [row for row in dated_rows(book.rows) if row.clock is not None and row.clock.date() >= since]
        spans = [(bout.begins, bout.ends) for bout in _bouts(book, rows) if bout.ends is not None]
    return [(begins, ends) for begins, ends in spans if begins.date() <= day <= ends.date()]


@dataclass(slots=True)
class _BoutSpan:
    """A bout of sitting, with all up to the next one."""

    begins: datetime
    spans: list[_Span]
    """A span for each run that the bout is in, up to the next bout."""
    ends: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.ends is not None and self.begins <= at <= self.ends


def _bouts(book: Book, rows: Sequence[RunRow]) -> Iterator[_BoutSpan]:
    """The bouts in these runs, oldest first."""
    bout: _BoutSpan | None = None
    for row in book.told(rows):
        run = run_of(book, row, book.facts(row, only=(Sat, Bout)))
        if bout is not None:
            bout.spans.append((row.id, run.began_s, _END_S))
        for fact in run.facts:
            if isinstance(fact, Bout) and bout is not None and bout.ends is None:
                bout.ends = run.when(fact.t)
            elif isinstance(fact, Sat) and (bout is None or bout.ends is not None):
                if bout is not None:
                    bout.spans[-1] = (*bout.spans[-1][:2], fact.t)
                    yield bout
                bout = _BoutSpan(run.when(fact.t), [(row.id, fact.t, _END_S)])
    if bout is not None:
        yield bout


_Span = tuple[int, float, float]
"""A run's number, and from when until when, in seconds."""
_END_S = 1e9
_LONGEST_BOUT = timedelta(days=3)
"""How long before a day to begin looking for its bouts."""
_STAYS = names_of(Resumed, PowerCut, SeatLost, SeatBack, SeatDrifted, SeatDoubted, SeatTrusted, *CHOICES)
"""Facts that the device needs to go on; these aren't deleted."""


def _cut_out(file: Path, spans: Sequence[_Span], lived: Sequence[Span] = ()) -> Forgotten:
    """Delete the spans. Meetings that begin in the times that were `lived` are taken out of what was told of them."""
    with closing(open_journal(file)) as connection:
        with connection:
            rows = sum(_cut(connection, *span) for span in spans)
            _forget_meetings(connection, lived)
            forget_days(connection)
        _leave_no_byte(connection)
    return Forgotten(rows)


def _cut(connection: sqlite3.Connection, run: int, since: float, until: float) -> int:
    since_ms, until_ms = round(since * 1000), round(until * 1000)
    seated_before, seated_after = (_sits(connection, run, ms) for ms in (since_ms, until_ms))
    within = f"run = ? AND t_ms >= ? AND t_ms < ? AND fact NOT IN ({', '.join('?' * len(_STAYS))})"
    of_hands = "run = ? AND at_ms >= ? AND at_ms < ? AND input IN ('seat', 'level', 'button', 'thinned')"
    asked = (run, since_ms, until_ms)
    freed = [nth for (nth,) in connection.execute(f"DELETE FROM fact WHERE {within} RETURNING nth", (*asked, *_STAYS))]
    freed += [nth for (nth,) in connection.execute(f"DELETE FROM input WHERE {of_hands} RETURNING nth", asked)]
    if not freed:
        return 0
    # These take the places of deleted facts, so that the facts that are left still follow from each other.
    put = [((Left if seated_before else BoutForgotten).name, since_ms)]
    if seated_after and until < _END_S:
        put.append((Sat.name, until_ms))
    # The highest numbers: where nothing follows, they stay used, so that no later fact gets the number of one that has
    # left the desk. And who hears the journal after a cursor hears these, too.
    free = [*_free(connection, run, since_ms, until_ms, max(freed))][-len(put) :]
    for (name, at_ms), nth in zip(put, free, strict=False):
        connection.execute("INSERT INTO fact VALUES (?, ?, ?, ?, ?, '{}')", (run, nth, at_ms, at_ms, name))
    return len(freed)


def _forget_meetings(connection: sqlite3.Connection, lived: Sequence[Span]) -> None:
    """The day before has told of them already. Without them that day plays the same."""
    for run, nth, text in connection.execute("SELECT run, nth, value FROM input WHERE input = 'meetings'").fetchall():
        if not are_meetings(text):
            continue
        told = meetings_at(0.0, text)
        left = tuple(span for span in told.spans if not any(since <= span[0] < until for since, until in lived))
        if left != told.spans:
            text = meetings_text(MeetingsTold(0.0, left))
            connection.execute("UPDATE input SET value = ? WHERE run = ? AND nth = ?", (text, run, nth))


def _free(connection: sqlite3.Connection, run: int, since_ms: int, until_ms: int, freed: int) -> Iterator[int]:
    """Yield numbers that no fact has, between the facts before and after; `freed` is the highest one just deleted."""
    before, after = (
        connection.execute(f"SELECT {which} FROM fact WHERE run = ? AND t_ms {side} ?", (run, ms)).fetchone()[0]
        for which, side, ms in (("max(nth)", "<", since_ms), ("min(nth)", ">=", until_ms))
    )
    taken = {nth for (nth,) in connection.execute("SELECT nth FROM fact WHERE run = ?", (run,))}
    inputs = connection.execute("SELECT max(nth) FROM input WHERE run = ?", (run,)).fetchone()[0]
    # Use no number above the highest that was ever used: that is where a running device puts its next row.
    last = max(0, inputs or 0, freed, *taken) + 1 if after is None else after
    yield from (nth for nth in range((before or 0) + 1, last) if nth not in taken)


def _sits(connection: sqlite3.Connection, run: int, at_ms: int) -> bool:
    found = connection.execute(
        "SELECT fact FROM fact WHERE run = ? AND t_ms < ? AND fact IN (?, ?, ?, ?) ORDER BY nth DESC LIMIT 1",
        (run, at_ms, *names_of(Sat, Left, Resumed, SeatLost)),
    ).fetchone()
    return bool(found == (Sat.name,))


def _leave_no_byte(connection: sqlite3.Connection) -> None:
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
