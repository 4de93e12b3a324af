"""The cursor: how far the broker has heard the journal. It is kept in a folder of the process, over power cuts.

A lost or broken cursor costs no fact: all since the beginning is sent again, which a receiver sees by the ids.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from device.files.whole_file import write_whole
from device.settings.settings import Settings
from device.topics.message_form import (
    FactId,
    NoMessageError,
    book_name,
    date_or_none,
    fact_id_or_none,
    message_of,
    written,
)

_log = logging.getLogger(__name__)

_SENT, _BEGAN = "sent.json", "began.json"
_SERVICE_KEEPS_IT = "/var/lib/unsit-mqtt"
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class SaidAt:
    """An instant of one boot of the computer, which tells a fact again even in another journal."""

    boot: str
    ms: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last fact and the last day that the broker has acknowledged."""

    book: str = ""
    """The journal of the fact; empty until facts are sent at all."""
    facts: FactId | None = None
    days: date | None = None
    heard: SaidAt | None = None
    """When the fact was said."""
    repeats: SaidAt | None = None
    """Up to there, the facts of this journal were sent from the one before it."""
    missing: str = ""
    """What the journal had forgotten before it could be sent, the last time that it happened; empty for never."""

    def in_book(self, book: str) -> Cursor:
        """The same; at the start of that journal, if it is another one."""
        if book == self.book:
            return self
        return replace(self, book=book, facts=None, heard=None, repeats=self.heard or self.repeats)

    def as_bytes(self) -> bytes:
        """The content of its file."""
        moments = {name: getattr(self, name) for name in ("heard", "repeats")}
        kept = {
            "book": self.book,
            "facts": written(self.facts),
            "days": written(self.days),
            **{name: None if each is None else [each.boot, each.ms] for name, each in moments.items()},
            "missing": self.missing,
        }
        return json.dumps(kept, indent=1).encode() + b"\n"


def cursor_of(content: bytes) -> Cursor:
    """Read the content of the file. Raises NoMessageError."""
    read = message_of(content)
    missing = read.get("missing")
    if not isinstance(missing, str):
        raise NoMessageError("it doesn't say what is missing")
    return Cursor(
        "" if read.get("book") == "" else book_name(read.get("book")),
        fact_id_or_none(read.get("facts")),
        date_or_none(read.get("days")),
        _moment(read.get("heard")),
        _moment(read.get("repeats")),
        missing,
    )


def _moment(value: object) -> SaidAt | None:
    match value:
        case None:
            return None
        case [str() as boot, int() as ms]:
            return SaidAt(boot, ms)
    raise NoMessageError("that is no moment")


class CursorFile:
    """Keeps the cursor, and from where on facts and days were sent at all, in two files."""

    def __init__(self, folder: Path) -> None:
        """A folder without these files means that nothing was ever sent."""
        self._sent, self._began = folder / _SENT, folder / _BEGAN
        self._is_faulty = False
        began = _read(self._began, cursor_of)
        cursor = _read(self._sent, cursor_of)
        if cursor is None and began is not None:
            _log.warning("%s: how far the broker has heard is lost; all since the beginning is sent again", self._sent)
        self.is_new = cursor is None and began is None
        self.began = began or replace(cursor or Cursor(), heard=None, repeats=None, missing="")
        """Nothing before this is ever sent, whoever asks for it."""
        self.cursor = cursor or self.began
        self._kept = cursor

    @property
    def heard(self) -> Cursor:
        """The cursor as others are told of it: what was there before the first that was ever sent, nobody has heard."""
        return _heard_since(self.began, self.cursor)

    def begin(self, *, facts: tuple[str, FactId | None] | None = None, days: date | None = None) -> None:
        """From now on, facts after this one of that journal are sent, or days after that date."""
        if facts is not None:
            self.began = replace(self.began, book=facts[0], facts=facts[1])
            self.cursor = replace(self.cursor, book=facts[0], facts=facts[1], heard=None, repeats=None)
        if days is not None:
            self.began = replace(self.began, days=days)
            self.cursor = replace(self.cursor, days=days)
        # In this order: a cut between the two has all sent again.
        if self._write(self._began, self.began):
            self.keep()

    def end_facts(self) -> None:
        """No facts are sent any more. If they ever are again, they begin with those of then."""
        if self.began.book or self.cursor.book:
            self.begin(facts=("", None))

    def keep(self) -> None:
        """Write the cursor, unless it is written already. If that fails, it is said once, and tried the next time."""
        if self.cursor != self._kept and self._write(self._sent, self.cursor):
            self._kept = self.cursor

    @property
    def is_kept(self) -> bool:
        """Whether the cursor is written."""
        return self.cursor == self._kept

    def _write(self, file: Path, cursor: Cursor) -> bool:
        try:
            write_whole(file, cursor.as_bytes())
        except OSError as error:
            if not self._is_faulty:
                _log.warning("%s can't be written, so a restart sends some facts again: %s", file, error.strerror)
            self._is_faulty = True
            return False
        if self._is_faulty:
            _log.info("%s is written again", file)
        self._is_faulty = False
        return True


def cursor_folder(settings: Settings) -> Path:
    """Where the cursor is kept: in the service's folder, or beside a journal that the settings name."""
    own = os.environ.get("STATE_DIRECTORY")
    if own or not settings.journal.file:
        return Path(own or _SERVICE_KEEPS_IT)
    return Path(settings.journal.file).with_name("mqtt")


def kept_cursor(folder: Path) -> Cursor | None:
    """How far the broker has heard, as is kept in that folder; None if nothing is. Raises OSError, NoMessageError."""
    try:
        cursor = cursor_of((folder / _SENT).read_bytes()[:_MOST_BYTES])
    except FileNotFoundError:
        return None
    return _heard_since(_read(folder / _BEGAN, cursor_of) or Cursor(), cursor)


def _heard_since(began: Cursor, here: Cursor) -> Cursor:
    is_first = (here.book, here.facts) == (began.book, began.facts)
    return replace(here, facts=None if is_first else here.facts, days=None if here.days == began.days else here.days)


T = TypeVar("T")


def _read(file: Path, made_of: Callable[[bytes], T]) -> T | None:
    try:
        with file.open("rb") as content:
            return made_of(content.read(_MOST_BYTES))
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("%s can't be read: %s", file, error.strerror)
    except NoMessageError as error:
        _log.warning("%s makes no sense: %s", file, error)
    return None
