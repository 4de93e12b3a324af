"""Facts, inputs, choices and runs as rows of the journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from device.journal.layout import open_journal
from device.settings.choices import choices_among, key_of, latest
from device.words.fact_codec import NoFactError, details_as_json, fact_from_json
from device.words.fact_form import LAST_S
from device.words.facts import Choice, Fact

WRITES_EVERY_S = 55.0
"""The interval of writes in seconds. While somebody sits it writes each time, so a power cut loses a minute at most."""
_LAST_RUN = 2**53


def fact_row(fact: Fact) -> tuple[int, int, str, str]:
    return in_ms(fact.t), in_ms(fact.said), fact.name, details_as_json(fact)


def keep_choices(connection: sqlite3.Connection, facts: Sequence[Fact]) -> None:
    """Keep choices in a separate table, since facts get old and are deleted."""
    for fact in latest(facts):
        row = (key_of(fact), fact.name, details_as_json(fact))
        connection.execute("INSERT OR REPLACE INTO choice VALUES (?, ?, ?)", row)


def fact_of(t_ms: Any, said_ms: Any, name: Any, details: Any) -> Fact | None:
    """The fact in a row, whole; None if the row makes no sense."""
    if not (is_ms(t_ms) and is_ms(said_ms)):
        return None
    try:
        return fact_from_json(t_ms / 1000, said_ms / 1000, name, details)
    except NoFactError:
        return None


def choices_in(connection: sqlite3.Connection) -> tuple[list[Choice], int]:
    """The latest choice on each topic, and how many rows make no sense and are left out."""
    found = connection.execute("SELECT fact, details FROM choice ORDER BY what").fetchall()
    facts = [fact_of(0, 0, *each) for each in found]
    return choices_among(fact for fact in facts if fact is not None), facts.count(None)


def choose(file: Path, fact: Choice) -> None:
    """Keep a choice in an existing journal. The device sees it within a minute. Raises OSError, sqlite3.Error."""
    with closing(open_journal(file)) as connection, connection:
        keep_choices(connection, [fact])


def in_ms(seconds: float) -> int:
    return round(seconds * 1000)


def is_ms(value: object) -> bool:
    """Whether a value is an instant in ms. In a damaged file a column may hold anything."""
    return isinstance(value, int) and 0 <= value <= in_ms(LAST_S)


def date_time(value: object) -> datetime | None:
    """The date-time in a column; None if there is none."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _next_run(connection: sqlite3.Connection) -> int:
    """A number that no table uses for a run, even in a damaged file."""
    found = connection.execute(
        "SELECT max(id) FROM run UNION ALL SELECT max(run) FROM fact UNION ALL SELECT max(run) FROM input "
        "UNION ALL SELECT max(run) FROM settings"
    ).fetchall()
    number = 1 + max((last for (last,) in found if last is not None), default=0)
    if not 0 < number < _LAST_RUN:
        raise sqlite3.DatabaseError(f"it has a run {number - 1}")
    return number


Progress = tuple[str, int, int, int | None, int, str | None, int]
"""The columns of a run's row without its number: the boot, the beginning and how far it has come."""


def begin_run(connection: sqlite3.Connection, progress: Sequence[Any], settings: str) -> int:
    """Insert a run, and the settings if they have changed. Return the run's number."""
    run = _next_run(connection)
    connection.execute(
        "INSERT INTO run (id, boot, began_ms, seen_ms, seated_ms, boot_ms, clock, clock_right) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (run, *progress),
    )
    before = connection.execute("SELECT lines FROM settings ORDER BY run DESC LIMIT 1").fetchone()
    if before != (settings,):
        connection.execute("INSERT INTO settings VALUES (?, ?)", (run, settings))
    return run


def move_progress(connection: sqlite3.Connection, run: int, progress: Sequence[Any]) -> bool:
    """Update how far a run has come; False if there is no such run any more."""
    changed = connection.execute(
        "UPDATE run SET seen_ms = ?, seated_ms = ?, boot_ms = ?, clock = ?, clock_right = ? "
        "WHERE id = ? AND boot = ? AND began_ms = ?",
        (*progress[2:], run, *progress[:2]),
    )
    return changed.rowcount > 0


def insert_rows(
    connection: sqlite3.Connection, table: str, run: int | None, nth: int, rows: Sequence[Sequence[Any]]
) -> int:
    """Insert rows with numbers after the given one. Return the last number."""
    for row in rows:
        nth += 1
        marks = ", ".join("?" * (len(row) + 2))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", (run, nth, *row))
    return nth
