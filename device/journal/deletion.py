"""Deletes rows from before a given time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from device.journal.inputs import CHANGED
from device.journal.layout import name_anew
from device.journal.rows import date_time, is_ms

KEPT = ("fact", "input")
"""The tables of what happened."""


End = tuple[int, int, datetime | None]
"""A run's number, its last instant in ms and the wall clock then, None if unknown."""


Cut = tuple[int, int, int]
"""A run's number, its last instant in ms and the instant in ms before which its rows are deleted."""


def cuts_before(ends: Sequence[End], before: datetime) -> list[Cut]:
    """The cuts that delete all before a time from the runs that have a date."""
    return [
        (run, seen_ms, seen_ms + round((before - clock).total_seconds() * 1000))
        for run, seen_ms, clock in ends
        if clock is not None
    ]


def dated_ends(connection: sqlite3.Connection) -> list[End]:
    """The ends of the runs whose clock was right. Other runs may be younger than they seem."""
    ends: list[End] = []
    for run, seen_ms, clock in connection.execute("SELECT id, seen_ms, clock FROM run WHERE clock_right").fetchall():
        reads = date_time(clock)
        if is_ms(seen_ms) and reads is not None and reads.tzinfo:
            ends.append((run, seen_ms, reads))
    return ends


def cuts_lived_through(connection: sqlite3.Connection, kept: timedelta) -> list[Cut]:
    """The cuts for rows too old by any clock: the device has been on for longer than `kept` after them."""
    cuts, left_ms = [], round(kept.total_seconds() * 1000)
    for run, began_ms, seen_ms in connection.execute("SELECT id, began_ms, seen_ms FROM run ORDER BY id DESC"):
        if not (is_ms(began_ms) and is_ms(seen_ms)):
            continue
        cuts.append((run, seen_ms, seen_ms - left_ms if left_ms > 0 else seen_ms + 1))
        left_ms -= seen_ms - began_ms
    return cuts


def forget(connection: sqlite3.Connection, cuts: Sequence[Cut], tables: Sequence[str] = KEPT) -> int:
    """Delete what the cuts say, and all runs before one that is deleted as a whole. Return the number of rows.

    Settings that were changed in a run stay as long as the run, as do those that it began with.
    """
    gone = max((run for run, seen_ms, until_ms in cuts if until_ms > seen_ms), default=0)
    rows = 0
    for table in tables:
        instant = "said_ms" if table == "fact" else "at_ms"
        but = "" if table == "fact" else f" AND input != '{CHANGED}'"
        for run, _, until_ms in cuts:
            found = connection.execute(f"DELETE FROM {table} WHERE run = ? AND {instant} < ?{but}", (run, until_ms))
            rows += found.rowcount
        rows += connection.execute(f"DELETE FROM {table} WHERE run <= ?", (gone,)).rowcount
    if "fact" in tables:
        connection.execute("DELETE FROM zone WHERE run <= ?", (gone,))
        is_less = connection.execute("DELETE FROM run WHERE id <= ?", (gone,)).rowcount > 0
        if is_less and not connection.execute("SELECT EXISTS (SELECT 1 FROM run)").fetchone()[0]:
            # Only the last run knows which numbers have been used.
            name_anew(connection)
    return rows
