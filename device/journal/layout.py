"""The tables of the journal: laying them out in a new file, and bringing those of an older layout forward."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from device.files.complaint import Complaint

LAYOUT = 3
"""Which layout a file has is kept in its `user_version`."""


_LAYOUT_2 = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    boot TEXT NOT NULL,
    began_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    seated_ms INTEGER,
    boot_ms INTEGER NOT NULL,
    clock TEXT,
    clock_right INTEGER NOT NULL
);
CREATE TABLE fact (
    run INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    t_ms INTEGER NOT NULL,
    said_ms INTEGER NOT NULL,
    fact TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (run, nth)
) WITHOUT ROWID;
CREATE TABLE input (
    run INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    input TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, nth)
) WITHOUT ROWID;
CREATE TABLE settings (
    run INTEGER PRIMARY KEY,
    lines TEXT NOT NULL
);
"""


_CHOICE = """
CREATE TABLE choice (
    what TEXT PRIMARY KEY,
    fact TEXT NOT NULL,
    details TEXT NOT NULL
) WITHOUT ROWID;
"""


_ZONE = """
CREATE TABLE zone (
    run INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    ahead_s INTEGER NOT NULL,
    PRIMARY KEY (run, from_ms)
) WITHOUT ROWID;
"""


_DAY = """
CREATE TABLE day (
    day TEXT PRIMARY KEY,
    dues TEXT NOT NULL,
    page TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE added_up (
    run INTEGER PRIMARY KEY,
    nth INTEGER NOT NULL,
    said_ms INTEGER NOT NULL,
    day TEXT NOT NULL,
    definitions INTEGER NOT NULL,
    dates TEXT NOT NULL
);
"""


_LAYOUT_3 = _CHOICE + _ZONE + _DAY


_TABLES = _LAYOUT_2 + _LAYOUT_3


_FROM_1 = f"""
ALTER TABLE run RENAME TO old_run;
ALTER TABLE fact RENAME TO old_fact;
DROP INDEX fact_of_run;
{_LAYOUT_2}
INSERT INTO run SELECT id, '', 0, seen_ms, CASE (
    SELECT fact FROM old_fact WHERE run = old_run.id AND fact IN ('sat', 'left') ORDER BY said_ms DESC LIMIT 1
) WHEN 'sat' THEN seen_ms END, 0, clock_reads, 1 FROM old_run;
INSERT INTO fact SELECT run, rowid, t_ms, said_ms, fact, details FROM old_fact;
DROP TABLE old_fact;
DROP TABLE old_run;
"""


_STEPS = {1: _FROM_1, 2: _LAYOUT_3}
"""From each older layout to the next."""


_PAGE_BYTES = 512
"""A small page is a small write; and a card wears with each."""


_CACHE_KB = 128


_PATIENCE_S = 0.5
"""So long it waits for whoever has it locked; it will try again, and at the end nobody waits for long."""


_LAST_LAYOUT = 1000
"""No newer Unsit is as new as that: such a number is a fault of the file."""


def newer_layout(layout: int) -> Complaint:
    """What there is to say of it."""
    return Complaint(
        "written by a newer Unsit: it has layout {layout}, this Unsit knows {known}; it is kept for that one",
        layout=layout,
        known=LAYOUT,
    )


class NewerLayoutError(sqlite3.DatabaseError):
    """It was written by a newer Unsit, which will want to go on with it."""


def open_journal(file: Path, patience_s: float = _PATIENCE_S) -> sqlite3.Connection:
    """Open it for writing, with the tables there. Waits so long where it is locked.

    Raises DatabaseError where it is damaged, and NewerLayoutError, which is one.
    """
    # The one who opens it isn't always the thread that writes.
    connection = sqlite3.connect(file, timeout=patience_s, check_same_thread=False)
    # A bit that has fallen over in a text is no reason to write nothing any more.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        # Heeded only while the file is empty.
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        # In a write-ahead log, only this makes sure that what is said to be written is on the card.
        connection.execute("PRAGMA synchronous = FULL")
        # What is deleted is overwritten, too.
        connection.execute("PRAGMA secure_delete = ON")
        # Whoever adds rows at the end looks at few pages; SQLite would remember 2 MB of them, day after day.
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        _lay_out(connection)
        _examine(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file, and bring those of an older layout forward, all of it or nothing."""
    if _layout(connection) == LAYOUT:
        return
    # Two who come at once come one after the other.
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        if LAYOUT < (layout := _layout(connection)) <= _LAST_LAYOUT:
            raise NewerLayoutError(str(newer_layout(layout)))
        steps = [_STEPS[older] for older in range(layout, LAYOUT) if older in _STEPS]
        for step in steps if _tables(connection) else [_TABLES]:
            for command in step.split(";"):
                connection.execute(command)
            connection.execute(f"PRAGMA user_version = {LAYOUT}")


def _layout(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _tables(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name").fetchall()


def _examine(connection: sqlite3.Connection) -> None:
    """Raise DatabaseError unless it is whole, and laid out as it should be."""
    found = connection.execute("PRAGMA quick_check").fetchone()[0].splitlines()[-1]
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    with closing(sqlite3.connect(":memory:")) as ideal:
        ideal.executescript(_TABLES)
        if _tables(connection) != _tables(ideal):
            raise sqlite3.DatabaseError("its tables are not those of a journal")
    if (layout := _layout(connection)) != LAYOUT:
        raise sqlite3.DatabaseError(f"it has layout {layout}, this Unsit knows {LAYOUT}")
