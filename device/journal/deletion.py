"""Deletes rows that lie before a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from device.journal.rows import (
    is_ms,
)

KEPT = ("fact", "input")
"""The tables with what happened."""


End = tuple[int, int, datetime | None]
"""Of a run its number, the instant up to which it came in ms, and the time of day then, where that is known."""


Cut = tuple[int, int, int]
"""Of a run its number, the instant up to which it came in ms, and the one before which all of it goes."""


def cuts_before(ends: Sequence[End], before: datetime) -> list[Cut]:
    """What of the runs that have a date lies before that time."""
    return [
        (run, seen_ms, seen_ms + round((before - clock).total_seconds() * 1000))
        for run, seen_ms, clock in ends
        if clock is not None
    ]


def dated_ends(connection: sqlite3.Connection) -> list[End]:
    """Those of the runs whose clock was right; the others may be younger than they seem."""
    ends: list[End] = []
    for run, seen_ms, clock in connection.execute("SELECT id, seen_ms, clock FROM run WHERE clock_right").fetchall():
        with suppress(ValueError, TypeError):
            reads = datetime.fromisoformat(clock)
            if is_ms(seen_ms) and reads.tzinfo:
                ends.append((run, seen_ms, reads))
    return ends


def cuts_lived_through(connection: sqlite3.Connection, kept: timedelta) -> list[Cut]:
    """What is too old whatever any clock says: the device has been on for longer than that since."""
    cuts, left_ms = [], round(kept.total_seconds() * 1000)
    for run, began_ms, seen_ms in connection.execute("SELECT id, began_ms, seen_ms FROM run ORDER BY id DESC"):
        if not (is_ms(began_ms) and is_ms(seen_ms)):
            continue
        cuts.append((run, seen_ms, seen_ms - left_ms if left_ms > 0 else seen_ms + 1))
        left_ms -= seen_ms - began_ms
    return cuts


def forget(connection: sqlite3.Connection, cuts: Sequence[Cut], tables: Sequence[str] = KEPT) -> int:
    """Delete that, and whatever lies before a run of which nothing stays. Returns how many rows there were."""
    gone = max((run for run, seen_ms, until_ms in cuts if until_ms > seen_ms), default=0)
    rows = 0
    for table in tables:
        instant = "said_ms" if table == "fact" else "at_ms"
        for run, _, until_ms in cuts:
            found = connection.execute(f"DELETE FROM {table} WHERE run = ? AND {instant} < ?", (run, until_ms))
            rows += found.rowcount
        rows += connection.execute(f"DELETE FROM {table} WHERE run <= ?", (gone,)).rowcount
    if "fact" in tables:
        for table, number in (("run", "id"), ("zone", "run")):
            connection.execute(f"DELETE FROM {table} WHERE {number} <= ?", (gone,))
    return rows
