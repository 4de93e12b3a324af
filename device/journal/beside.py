"""The files beside a journal: the lock of its writer, and what couldn't be written into the journal."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from device.files.user_file import NoFileError, UserFileError, user_text
from device.journal.faults import FAULTS, in_a_line, is_damage
from device.journal.layout import open_journal
from device.journal.place import set_aside
from device.journal.rows import begin_run, fact_of, insert_rows, keep_choices, move_progress
from device.words.facts import Resumed

_MOST_BYTES = 16_000_000
"""Several times as much as the device keeps in memory while it can't write."""

Waiting = Mapping[str, Any]
"""`run` (its number in the journal, if it has one), its `mark` and `settings`, and its `facts` and `inputs` as rows."""

_log = logging.getLogger(__name__)


class JournalTakenError(Exception):
    """Another device writes this journal; the message is one line for the person who started this one."""


@contextmanager
def written_alone(file: Path | None) -> Iterator[None]:
    """Keep other devices from writing this journal meanwhile. Raises JournalTakenError.

    Readers aren't kept out, and neither are commands that delete from it.
    """
    taken = None if file is None else _lock_beside(file)
    try:
        yield
    finally:
        if taken is not None:
            # However this process ends, the kernel gives the lock back.
            os.close(taken)


def _lock_beside(file: Path) -> int | None:
    """Return the open lock file. None if none can be made: then the journal can't be written either."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.resolve().with_name(f"{file.resolve().name}.lock")
        lock = os.open(beside, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise JournalTakenError(
                f"{file}: another Unsit writes this journal; stop that one, or give this one its own: "
                "--set journal.file=..."
            ) from None
        except OSError:
            os.close(lock)
            raise
        return lock
    return None


# ---- what waits


def beside_of(file: Path) -> Path:
    """The file for what couldn't be written into the journal."""
    return file.with_name(f"{file.name}.waiting")


def put_by(file: Path, waiting: Waiting) -> Path:
    """Write what waits into a file beside the journal, for the next start. Raises OSError."""
    beside = beside_of(file)
    # Written in one piece or not at all.
    draft = beside.with_name(f"{beside.name}.new")
    with draft.open("w", encoding="utf-8") as text:
        json.dump(waiting, text)
        text.flush()
        os.fsync(text.fileno())
    draft.replace(beside)
    return beside


def what_waits(beside: Path) -> Waiting:
    """Read what was put aside. Raises OSError, TypeError, ValueError."""
    try:
        waiting: Any = json.loads(user_text(beside, most_bytes=_MOST_BYTES))
    except NoFileError as error:
        raise OSError(str(error)) from error
    except UserFileError as error:
        raise ValueError(str(error)) from error
    if not isinstance(waiting, dict) or waiting.keys() != {"run", "mark", "settings", "facts", "inputs"}:
        raise ValueError("it isn't what was put by")
    if not all(map(_is_row, (waiting["mark"], *waiting["facts"], *waiting["inputs"]))):
        raise ValueError("it has rows that no journal has")
    return waiting


def _is_row(row: Any) -> bool:
    return isinstance(row, list) and all(each is None or isinstance(each, str | int) for each in row)


_LOCKED_FOR_S = 5.0
"""Programs that tidy up or copy a journal don't lock it for longer than this, in seconds."""


def take_up(file: Path) -> None:
    """Write what was put aside into the journal. Call it before a start reads the journal or writes to it."""
    kept = beside_of(file)
    try:
        if not kept.exists():
            return
        waiting = what_waits(kept)
        with closing(open_journal(file, patience_s=_LOCKED_FOR_S)) as connection, connection:
            _insert_waiting(connection, waiting)
        kept.unlink()
    except FAULTS as fault:
        said = in_a_line(fault)
        if not is_damage(fault):
            _log.warning("facts that couldn't be written before can't be taken up yet: %s: %s", kept, said)
            return
        with suppress(OSError):
            _log.warning(
                "the file of facts that couldn't be written before makes no sense (%s); it is now called %s",
                said,
                set_aside(kept),
            )


def _insert_waiting(connection: sqlite3.Connection, waiting: Waiting) -> None:
    """Insert the rows. Raises ValueError if a later start has been written since."""
    run, progress = waiting["run"], waiting["mark"]
    last = connection.execute("SELECT id, seen_ms FROM run ORDER BY id DESC LIMIT 1").fetchone()
    if run is None or last is None or run != last[0] or not move_progress(connection, run, progress):
        resumed = any(row[2] == Resumed.name for row in waiting["facts"])
        if resumed and (run is not None or (last is not None and progress[1] < last[1])):
            raise ValueError("a later start has been written since")
        run = begin_run(connection, progress, waiting["settings"])
    nths = connection.execute(
        "SELECT max(nth) FROM fact WHERE run = ? UNION ALL SELECT max(nth) FROM input WHERE run = ?", (run, run)
    )
    nth = max((each for (each,) in nths.fetchall() if each is not None), default=0)
    nth = insert_rows(connection, "fact", run, nth, waiting["facts"])
    facts = [fact_of(*row) for row in waiting["facts"]]
    keep_choices(connection, [fact for fact in facts if fact is not None])
    insert_rows(connection, "input", run, nth, waiting["inputs"])
