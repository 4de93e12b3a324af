"""The journal: every fact in an SQLite file that survives the plug being pulled, and is read by `unsit history`.

docs/journal.md describes the file for other programs.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from device.effects import Effect, Fact, Note
from device.instants import MINUTE_S, after
from device.ports import Run, Wall
from device.settings import Settings

_log = logging.getLogger(__name__)

_LAYOUT = 1
"""Which layout a file has is kept in its `user_version`."""
_TABLES = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    seen_ms INTEGER NOT NULL,
    clock_ms INTEGER,
    clock_reads TEXT
);
CREATE TABLE fact (
    run INTEGER NOT NULL REFERENCES run (id),
    t_ms INTEGER NOT NULL,
    said_ms INTEGER NOT NULL,
    fact TEXT NOT NULL,
    details TEXT NOT NULL
);
CREATE INDEX fact_of_run ON fact (run, said_ms);
"""

_GATHERS_S = 5.0
"""Facts come in little groups: they are written together, for a card that wears with every write."""
_MARKS_EVERY_S = MINUTE_S
"""While somebody sits a power cut takes no more than that."""
_KEEPS_FACTS = 10_000
"""So many are kept in memory while they can't be written."""


_SERVICE_KEEPS_IT = Path("/var/lib/unsit/journal.db")


def journal_file(settings: Settings) -> Path | None:
    """Where this process is to write it; None for nowhere."""
    if settings.journal.file:
        return Path(settings.journal.file)
    # systemd names the service's own folder.
    folder = os.environ.get("STATE_DIRECTORY")
    return Path(folder, "journal.db") if folder else None


def journal_to_read(settings: Settings) -> Path:
    """Where it is to be found: as set, else the service's."""
    return journal_file(settings) or _SERVICE_KEEPS_IT


class JournalError(Exception):
    """The journal can't be read; one line for whoever asked."""


class Journal:
    """Writes facts down, as an `Output`. What can't be written is kept for later, and said once."""

    def __init__(self, file: Path, wall: Wall) -> None:
        self._file = file
        self._wall = wall
        self._run: int | None = None
        self._waiting: list[Fact] = []
        self._is_seated = False
        self._deadline: float | None = 0.0
        self._at = 0.0
        self._connection: sqlite3.Connection | None = None
        self._faulty = False

    def perform(self, effect: Effect, now: float) -> None:
        """Take a fact to be written soon; other effects are for others."""
        if not isinstance(effect, Note):
            return
        self._at = now
        del self._waiting[: -_KEEPS_FACTS + 1]
        self._waiting.append(effect.fact)
        if effect.fact.fact in {"sat", "left"}:
            self._is_seated = effect.fact.fact == "sat"
        soon = after(now, _GATHERS_S)
        self._deadline = soon if self._deadline is None else min(self._deadline, soon)

    def next_deadline(self) -> float | None:
        """When to write."""
        return self._deadline

    def tick(self, now: float) -> None:
        """Write, if it is time."""
        if self._deadline is not None and now >= self._deadline:
            self._at = now
            self._write()
            self._deadline = after(now, _MARKS_EVERY_S) if self._is_seated or self._waiting else None

    def close(self) -> None:
        """Write what is left; may be called twice."""
        self._deadline = None
        if self._waiting or self._connection is not None:
            self._write()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self) -> None:
        try:
            connection = self._opened()
            with connection:
                self._mark(connection)
                rows = [(self._run, *_row(fact)) for fact in self._waiting]
                connection.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?)", rows)
            self._waiting.clear()
            self._faulty = False
        except (OSError, sqlite3.Error) as fault:
            if not self._faulty:
                _log.warning("the journal can't be written, facts wait in memory: %s: %s", self._file, fault)
            self._faulty = True
            self._hang_up()

    def _mark(self, connection: sqlite3.Connection) -> None:
        """How far this run has come, and what the wall clock reads then."""
        reads = self._wall.reads(self._at)
        marked = (_ms(self._at), _ms(self._at) if reads else None, reads.isoformat() if reads else None)
        if self._run is None:
            self._run = connection.execute(
                "INSERT INTO run (seen_ms, clock_ms, clock_reads) VALUES (?, ?, ?)", marked
            ).lastrowid
        else:
            connection.execute(
                "UPDATE run SET seen_ms = ?, clock_ms = ?, clock_reads = ? WHERE id = ?", (*marked, self._run)
            )

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = _open(self._file)
            except (sqlite3.DatabaseError, UnicodeDecodeError) as damage:
                if _passes(damage):
                    raise
                aside = _set_aside(self._file)
                _log.warning("the journal is damaged (%s); it is set aside as %s, and a new one begun", damage, aside)
                self._run = None
                self._connection = _open(self._file)
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _open(file: Path) -> sqlite3.Connection:
    """Open it for writing, with the tables there. Raises DatabaseError where it is damaged."""
    # The one who opens it isn't always the thread that writes.
    connection = sqlite3.connect(file, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # In a write-ahead log, only this makes sure that what is said to be written is on the card.
        connection.execute("PRAGMA synchronous = FULL")
        if not _tables(connection):
            connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_LAYOUT}; COMMIT;")
        _examine(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _tables(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()


def _examine(connection: sqlite3.Connection) -> None:
    """Raise DatabaseError unless it is whole, and laid out as it should be."""
    found = connection.execute("PRAGMA quick_check").fetchone()[0].splitlines()[-1]
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    with closing(sqlite3.connect(":memory:")) as ideal:
        ideal.executescript(_TABLES)
        if _tables(connection) != _tables(ideal):
            raise sqlite3.DatabaseError("its tables are not those of a journal")
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout != _LAYOUT:
        raise sqlite3.DatabaseError(f"it has layout {layout}, this Unsit knows {_LAYOUT}")


_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


def _passes(error: Exception) -> bool:
    """Whether the file may be fine, and it is the card or another program that stands in the way."""
    # The lower byte says what, the rest in which way.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _PASSING


def _set_aside(file: Path) -> Path:
    """Rename the file and what belongs to it; a damaged journal may be all that there is of a year."""
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + suffix).rename(f"{aside}{suffix}")
    return aside


def _row(fact: Fact) -> tuple[int, int, str, str]:
    return _ms(fact.t), _ms(fact.said), fact.fact, json.dumps(dict(fact.details), ensure_ascii=False)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


# ---- reading


def runs(file: Path) -> Iterator[Run]:
    """Every run of the device that has a date, oldest first. Raises JournalError."""
    if not file.exists():
        raise JournalError(f"{file}: there is no journal yet; the service writes one, or `--set journal.file=...`")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            yield from _read(connection)
    except sqlite3.Error as error:
        raise JournalError(f"{file}: it can't be read: {error}") from error


def _read(connection: sqlite3.Connection) -> Iterator[Run]:
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    if layout > _LAYOUT:
        raise sqlite3.DatabaseError(f"it has layout {layout}, this Unsit knows {_LAYOUT}; update it")
    # A bit that has fallen over in a text is no reason to lose the rest.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    rows = connection.execute("SELECT id, seen_ms, clock_ms, clock_reads FROM run WHERE clock_ms NOT NULL ORDER BY id")
    for run, *marked in rows.fetchall():
        with suppress(ValueError, TypeError):
            yield _run(connection, run, *marked)


def _run(connection: sqlite3.Connection, run: int, seen_ms: int, clock_ms: int, reads: str) -> Run:
    rows = connection.execute(
        "SELECT t_ms, said_ms, fact, details FROM fact WHERE run = ? ORDER BY said_ms, rowid", (run,)
    )
    facts = []
    for t_ms, said_ms, name, details in rows:
        with suppress(ValueError, TypeError):
            facts.append(Fact(t_ms / 1000, said_ms / 1000, name, json.loads(details)))
    return Run(facts, seen_ms / 1000, clock_ms / 1000, datetime.fromisoformat(reads))
