"""The tables of the journal: makes them in a new file and converts those of an older layout."""

from __future__ import annotations

import secrets
import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from device.files.complaint import Complaint

LAYOUT = 3
"""The present layout. A file keeps the number of its layout in `user_version`."""


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
"""The statements from each older layout to the next."""


_PAGE_BYTES = 512
"""Small pages make small writes, and each write wears the card."""


_CACHE_KB = 128


_PATIENCE_S = 0.5
"""How many seconds to wait for a lock. The writer tries again later, and closing the journal mustn't take long."""


_AGAIN_S = 0.01


_LAST_LAYOUT = 1000
"""No newer Unsit will have such a layout; a higher number means that the file is damaged."""


def newer_layout(layout: int) -> Complaint:
    """The complaint about a newer layout."""
    return Complaint(
        "written by a newer Unsit: it has layout {layout}, this Unsit knows {known}; it is kept for the newer one",
        layout=layout,
        known=LAYOUT,
    )


class NewerLayoutError(sqlite3.DatabaseError):
    """The file was written by a newer Unsit, which will want to go on with it."""


def open_journal(file: Path, patience_s: float = _PATIENCE_S) -> sqlite3.Connection:
    """Open the journal for writing and make its tables. If it is locked, wait up to `patience_s` seconds.

    Raises DatabaseError if it is damaged, and its subclass NewerLayoutError.
    """
    # The thread that opens the file isn't always the one that writes.
    connection = sqlite3.connect(file, timeout=patience_s, check_same_thread=False)
    # A flipped bit in a text mustn't stop all writing.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        # SQLite takes the page size only while the file is empty.
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        _write_ahead(connection, patience_s)
        # With a write-ahead log, only FULL makes sure that committed rows are on the card.
        connection.execute("PRAGMA synchronous = FULL")
        # Overwrite what is deleted.
        connection.execute("PRAGMA secure_delete = ON")
        # A writer that only adds rows needs few pages. SQLite would keep 2 MB of them in memory.
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        _lay_out(connection)
        if not _number(connection):
            _name_once(connection)
        _examine(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, patience_s: float) -> None:
    """Have a write-ahead log. Of two who make it at once SQLite refuses one, and doesn't wait as it does elsewhere."""
    ends_at = time.monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= ends_at:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


def _lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file or convert those of an older layout, completely or not at all."""
    if _layout(connection) == LAYOUT:
        return
    # This makes two processes that come at once take turns.
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        if LAYOUT < (layout := _layout(connection)) <= _LAST_LAYOUT:
            raise NewerLayoutError(str(newer_layout(layout)))
        steps = [_STEPS[older] for older in range(layout, LAYOUT) if older in _STEPS]
        for step in steps if _tables(connection) else [_TABLES]:
            for command in step.split(";"):
                connection.execute(command)
            connection.execute(f"PRAGMA user_version = {LAYOUT}")


def name_anew(connection: sqlite3.Connection) -> None:
    """Give the journal another name, since from now on numbers of its runs may be used again.

    SQLite keeps it outside the tables, where no older Unsit looks.
    """
    connection.execute(f"PRAGMA application_id = {1 + secrets.randbelow(_LAST_NUMBER)}")


_LAST_NUMBER = 2**31 - 1


def name_of(connection: sqlite3.Connection) -> str:
    """The journal's name, 8 hexadecimal digits. Empty if no device has opened it yet since journals have names."""
    number = _number(connection)
    return f"{number & 0xFFFFFFFF:08x}" if number else ""


def _number(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def _name_once(connection: sqlite3.Connection) -> None:
    """Name it, unless another process has done so meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        if not _number(connection):
            name_anew(connection)


def _layout(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _tables(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name").fetchall()


def _examine(connection: sqlite3.Connection) -> None:
    """Raise DatabaseError unless the file is whole and has the right layout."""
    found = connection.execute("PRAGMA quick_check").fetchone()[0].splitlines()[-1]
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    with closing(sqlite3.connect(":memory:")) as ideal:
        ideal.executescript(_TABLES)
        if _tables(connection) != _tables(ideal):
            raise sqlite3.DatabaseError("its tables are not those of a journal")
    if (layout := _layout(connection)) != LAYOUT:
        raise sqlite3.DatabaseError(f"it has layout {layout}, this Unsit knows {LAYOUT}")
