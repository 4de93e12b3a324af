"""What messages about the journal have in common: ids of facts, the journal's name, and values that are checked."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

_ID = re.compile(r"([0-9]{1,15})\.([0-9]{1,15})", re.ASCII)
_BOOK = re.compile(r"[0-9a-f]{8}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class NoMessageError(ValueError):
    """The payload isn't such a message; the error is one line."""


class FactId(NamedTuple):
    """The number of a fact in its journal. A later fact has a greater one, but not every number is a fact's."""

    run: int
    nth: int

    def __str__(self) -> str:
        return f"{self.run}.{self.nth}"


def fact_id(value: object) -> FactId:
    """Read an id. Raises NoMessageError."""
    found = _ID.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise NoMessageError("an id of a fact is two numbers with a point between them")
    return FactId(int(found[1]), int(found[2]))


def fact_id_or_none(value: object) -> FactId | None:
    """Read an id that may be missing. Raises NoMessageError."""
    return None if value is None else fact_id(value)


def book_name(value: object) -> str:
    """Read the name of a journal. Raises NoMessageError."""
    if not (isinstance(value, str) and _BOOK.fullmatch(value)):
        raise NoMessageError("a journal's name is 8 hexadecimal digits")
    return value


def date_of(value: object) -> date:
    """Read a date. Raises NoMessageError."""
    try:
        # Other forms of ISO dates would be other ids of the same day.
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise NoMessageError("a date is written as 2026-03-02")


def date_or_none(value: object) -> date | None:
    """Read a date that may be missing. Raises NoMessageError."""
    return None if value is None else date_of(value)


def message_bytes(message: Mapping[str, Any]) -> bytes:
    """A message as its payload."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def message_of(payload: bytes, needs: Collection[str] = ()) -> Mapping[str, Any]:
    """The object in a payload of any bytes; it needs these keys. Raises NoMessageError."""
    try:
        read = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise NoMessageError("it is no JSON") from error
    if not isinstance(read, dict):
        raise NoMessageError("it is no JSON object")
    for name in needs:
        if name not in read:
            raise NoMessageError(f"`{name}` is missing")
    return read


def written(value: object) -> str | None:
    """An id or a date as messages have it."""
    return None if value is None else str(value)
