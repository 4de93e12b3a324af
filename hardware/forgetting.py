"""Deletes from the journal at a person's word, for good: no byte of it stays in the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hardware.journal import cuts_before, forget, open_journal
from hardware.journal_reader import ends_of_runs
from hardware.kept_days import forget_days


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of it."""

    rows: int
    """So many facts and inputs, and damaged journals, were there and are gone."""
    undated: int = 0
    """So many runs stay because nobody knows when they were."""


def forget_before(file: Path, before: datetime) -> Forgotten:
    """Delete what lies before that time, by the dates that the history shows. Raises JournalError, sqlite3.Error."""
    ends = ends_of_runs(file)
    with closing(open_journal(file)) as connection:
        with connection:
            rows = forget(connection, cuts_before(ends, before))
            forget_days(connection)
            left = {run for (run,) in connection.execute("SELECT id FROM run")}
        _leave_no_byte(connection)
    return Forgotten(rows, sum(run in left and clock is None for run, _, clock in ends))


def forget_all(file: Path) -> Forgotten:
    """Delete all of it, and the damaged journals that were set aside. Raises OSError, sqlite3.Error."""
    with closing(open_journal(file)) as connection:
        with connection:
            rows = sum(connection.execute(f"DELETE FROM {table}").rowcount for table in ("fact", "input"))
            for table in ("run", "settings", "choice", "zone"):
                connection.execute(f"DELETE FROM {table}")
            forget_days(connection)
        _leave_no_byte(connection)
    for kind in ("damaged-*", "waiting*"):
        for aside in file.parent.glob(f"{file.name}.{kind}"):
            aside.unlink()
            rows += 1
    return Forgotten(rows)


def _leave_no_byte(connection: sqlite3.Connection) -> None:
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
