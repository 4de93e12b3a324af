"""Reads the journal: its runs with their dates, what a start has to know, and the record of a day."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from device.effects import Fact
from device.events import DayEnded
from device.ports import REMEMBERED, Kept, Mark, Past, Run, worth_remembering
from hardware.journal import LAYOUT, WRITES_EVERY_S, End, open_journal
from hardware.zone_rules import zones_by_rules

_AN_HONEST_YEAR = 2025
"""A clock that shows an earlier one has never been told the time."""


class JournalError(Exception):
    """The journal can't be read; one line for whoever asked."""


def runs(file: Path, since: date | None = None, only: Sequence[str] = ()) -> Iterator[Run]:
    """Every run that has a date, oldest first; with `since`, those facts that concern that day and later ones.

    `only` names the facts that matter; none means all. Raises JournalError.
    """
    with _reading(file) as connection:
        for row in _dated(_rows(connection)):
            since_ms = None if since is None else _before(row, since)
            if since_ms is None or row.seen_ms >= since_ms:
                yield _run(row, _facts(connection, row, since_ms, only))


def last_run(file: Path) -> Run | None:
    """The last one that has a date, without its facts; None when there is none. Raises JournalError."""
    with _reading(file) as connection:
        rows = _dated(_rows(connection))
        return _run(rows[-1], ()) if rows else None


def past(file: Path) -> Past | None:
    """What a start has to know; None when there is nothing to know, or nothing that can be read."""
    # Whatever a damaged file brings forth, the device has to start; the writer will look at it and set it aside.
    with suppress(JournalError, sqlite3.Error, ValueError, TypeError), _reading(file) as connection:
        rows = _rows(connection)
        if rows:
            return _past(connection, rows)
    return None


def record(file: Path) -> list[Kept]:
    """All that is kept of each run: facts, inputs and settings, oldest first. Raises JournalError."""
    with _reading(file) as connection:
        rows = _dated(_rows(connection), keep_undated=True)
        lines = dict(connection.execute("SELECT run, lines FROM settings"))
        kept, settings, unsure_s = [], "", 0.0
        for row in rows:
            settings = lines.get(row.id, settings)
            inputs = connection.execute(
                "SELECT at_ms, input, value FROM input WHERE run = ? ORDER BY nth", (row.id,)
            ).fetchall()
            told = [(at_ms / 1000, name, value) for at_ms, name, value in inputs]
            kept.append(Kept(_run(row, _facts(connection, row)), told, settings, unsure_s))
            unsure_s = _unsure_s(row)
        return kept


def ends_of_runs(file: Path) -> list[End]:
    """How far each run came, with its date as far as that is known, oldest first. Raises JournalError."""
    with _reading(file) as connection:
        return [(row.id, row.seen_ms, row.clock) for row in _dated(_rows(connection), keep_undated=True)]


# ---- the file


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    if not file.exists():
        raise JournalError(f"{file}: there is no journal yet; the service writes one, or `--set journal.file=...`")
    try:
        with closing(_connected(file)) as connection:
            (layout,) = connection.execute("PRAGMA user_version").fetchone()
            if layout > LAYOUT:
                raise JournalError(f"{file}: it has layout {layout}, this Unsit knows {LAYOUT}; update it")
            if layout == LAYOUT:
                # A bit that has fallen over in a text is no reason to lose the rest.
                connection.text_factory = partial(str, encoding="utf-8", errors="replace")
                yield connection
                return
        # An older one is brought forward, by whoever comes first.
        open_journal(file).close()
        with _reading(file) as connection:
            yield connection
    except sqlite3.Error as error:
        raise JournalError(f"{file}: it can't be read: {error}") from error


def _connected(file: Path) -> sqlite3.Connection:
    address = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as first:
        try:
            first.execute("PRAGMA user_version").fetchone()
        except sqlite3.OperationalError:
            # Reading along a write-ahead log takes an index beside it, which not everybody may make who may read the
            # journal. While no device writes there is no log, and nothing that could change.
            if file.with_name(f"{file.name}-wal").exists():
                raise
            address += "&immutable=1"
    return sqlite3.connect(address, uri=True)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the table of runs."""

    id: int
    boot: str
    began_ms: int
    seen_ms: int
    seated_ms: int | None
    boot_ms: int
    clock: datetime | None
    is_right: bool

    @property
    def began(self) -> datetime:
        """The time of day when it began."""
        assert self.clock is not None, "only what has a date begins on a day"
        return self.clock - timedelta(milliseconds=self.seen_ms - self.began_ms)


def _rows(connection: sqlite3.Connection) -> list[_Row]:
    columns = "id, boot, began_ms, seen_ms, seated_ms, boot_ms, clock, clock_right"
    rows = []
    found = connection.execute(f"SELECT {columns} FROM run ORDER BY id")
    for run, boot, began_ms, seen_ms, seated_ms, boot_ms, clock, is_right in found:
        reads = None
        with suppress(ValueError, TypeError):
            reads = datetime.fromisoformat(clock)
            reads = reads if reads.tzinfo else reads.astimezone()
        right = bool(is_right) and reads is not None
        rows.append(_Row(run, boot, began_ms, seen_ms, seated_ms, boot_ms, reads, right))
    return rows


def _facts(
    connection: sqlite3.Connection, row: _Row, since_ms: int | None = None, only: Sequence[str] = ()
) -> list[Fact]:
    of_these = f"AND fact IN ({', '.join('?' * len(only))})" if only else ""
    found = connection.execute(
        f"SELECT t_ms, said_ms, fact, details FROM fact WHERE run = ? AND said_ms >= ? {of_these} ORDER BY nth",
        (row.id, -1 if since_ms is None else since_ms, *only),
    )
    return [fact for each in found if (fact := _fact(*each)) is not None]


def _fact(t_ms: int, said_ms: int, name: str, details: str) -> Fact | None:
    with suppress(ValueError, TypeError):
        return Fact(t_ms / 1000, said_ms / 1000, name, json.loads(details) if details != "{}" else {})
    return None


# ---- dates


def _dated(rows: Sequence[_Row], *, keep_undated: bool = False) -> list[_Row]:
    """With the date that each run has or may have had; those of which nobody can tell are left out."""
    right_at = {row.boot: row for row in rows if row.is_right and row.boot}
    dated: list[_Row] = []
    for nth, row in enumerate(rows):
        known = row
        if not row.is_right and row.boot in right_at:
            known = _by(right_at[row.boot], row)
        elif not row.is_right:
            known = _about(row, dated, next((later for later in rows[nth:] if later.is_right), None))
        if known.clock is not None or keep_undated:
            dated.append(known)
    return dated


def _by(right: _Row, row: _Row) -> _Row:
    """The clock was told the time later, in the same boot."""
    assert right.clock is not None, "a right clock shows something"
    return replace(row, clock=right.clock - timedelta(milliseconds=right.boot_ms - row.boot_ms), is_right=True)


def _about(row: _Row, dated: Sequence[_Row], later: _Row | None) -> _Row:
    """A guess: not before the run before it, not after the one after it, and else what its stale clock shows."""
    lasted = timedelta(milliseconds=row.seen_ms - row.began_ms)
    guess = row.clock if row.clock is not None and row.clock.year >= _AN_HONEST_YEAR else None
    before = dated[-1].clock if dated else None
    if before is not None:
        guess = before + lasted if guess is None else max(guess, before + lasted)
    if later is not None:
        guess = later.began if guess is None else min(guess, later.began)
    return replace(row, clock=guess)


def _run(row: _Row, facts: Sequence[Fact]) -> Run:
    seated_s = None if row.seated_ms is None else row.seated_ms / 1000
    reads = row.clock or datetime.fromtimestamp(0).astimezone()
    began_s, seen_s = row.began_ms / 1000, row.seen_ms / 1000
    zones = zones_by_rules(began_s, seen_s, reads)
    return Run(facts, began_s, seen_s, seated_s, reads, about=not row.is_right, zones=zones)


def _before(row: _Row, since: date) -> int:
    """The instant two days before that day begins: whoever sat then has risen once since."""
    assert row.clock is not None, "only what has a date is asked for its days"
    begins = datetime.combine(since - timedelta(days=2), time()).astimezone()
    return row.seen_ms + round((begins - row.clock).total_seconds() * 1000)


# ---- what a start has to know


def _past(connection: sqlite3.Connection, rows: Sequence[_Row]) -> Past:
    last = rows[-1]
    found = connection.execute(
        "SELECT t_ms, said_ms, fact, details FROM fact ORDER BY run DESC, nth DESC LIMIT ?", (REMEMBERED + 1,)
    ).fetchall()
    told: list[Fact | DayEnded] = [fact for each in reversed(found) if (fact := _fact(*each)) is not None]
    ends = connection.execute("SELECT at_ms FROM input WHERE input = 'day' ORDER BY run DESC, nth DESC LIMIT 10")
    for (at_ms,) in ends.fetchall():
        end = DayEnded(at_ms / 1000)
        after = (nth for nth, each in enumerate(told) if isinstance(each, Fact) and each.said > end.at)
        told.insert(next(after, len(told)), end)
    reads = last.clock if last.is_right else None
    seen = Mark(last.seen_ms / 1000, last.boot, last.boot_ms / 1000, reads)
    seated_till = None if last.seated_ms is None else last.seated_ms / 1000
    return Past(worth_remembering(told), seen, seated_till, _unsure_s(last))


def _unsure_s(row: _Row) -> float:
    """While somebody sits, the next mark might have been only just missed; else nothing is written for hours."""
    return 0.0 if row.seated_ms is None else WRITES_EVERY_S
