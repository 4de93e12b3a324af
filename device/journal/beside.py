"""What lies beside a journal: the word that somebody writes it, and what couldn't be written into it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from device.files.user_file import NoFileError, UserFileError, user_text

_MOST_BYTES = 16_000_000
"""Several times what the device keeps in memory while it can't write."""

Waiting = Mapping[str, Any]
"""`run`, the number it has in the journal already; its `mark` and `settings`; its `facts` and `inputs`, row by row."""


class JournalTakenError(Exception):
    """Another device writes that journal; one line for whoever started this one."""


@contextmanager
def written_alone(file: Path | None) -> Iterator[None]:
    """See to it that no other device writes that journal meanwhile. Raises JournalTakenError.

    Readers and whoever has it forget something aren't kept out.
    """
    taken = None if file is None else _lock_beside(file)
    try:
        yield
    finally:
        if taken is not None:
            # The kernel gives it back in any case, however this process ends.
            os.close(taken)


def _lock_beside(file: Path) -> int | None:
    """The open file that says so; None where none can be made, for there nothing can be written either."""
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
    """Where what couldn't be written into the journal is put at the end."""
    return file.with_name(f"{file.name}.waiting")


def put_by(file: Path, waiting: Waiting) -> Path:
    """Put it into a file beside the journal, for the next start. Raises OSError."""
    beside = beside_of(file)
    # In one piece or not at all.
    draft = beside.with_name(f"{beside.name}.new")
    with draft.open("w", encoding="utf-8") as text:
        json.dump(waiting, text)
        text.flush()
        os.fsync(text.fileno())
    draft.replace(beside)
    return beside


def what_waits(beside: Path) -> Waiting:
    """What was put by there. Raises OSError, TypeError, ValueError."""
    try:
        waiting: Any = json.loads(user_text(beside, most_bytes=_MOST_BYTES))
    except NoFileError as error:
        raise OSError(str(error)) from error
    except UserFileError as error:
        raise ValueError(str(error)) from error
    if not isinstance(waiting, dict) or waiting.keys() != {"run", "mark", "settings", "facts", "inputs"}:
        raise ValueError("it isn't what was put by")
    if not all(map(_is_row, (waiting["mark"], *waiting["facts"], *waiting["inputs"]))):
        raise ValueError("it has rows that are none")
    return waiting


def _is_row(row: Any) -> bool:
    return isinstance(row, list) and all(each is None or isinstance(each, str | int) for each in row)
