"""A fact as the desk says it on a broker, and reading it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from device.topics.message_form import (
    FactId,
    NoMessageError,
    book_name,
    fact_id,
    fact_id_or_none,
    message_bytes,
    message_of,
    written,
)
from device.topics.own_business import told_details
from device.words.fact_form import Plain, is_instant, is_plain, is_text
from device.words.facts import Fact

_NEEDS = ("id", "book", "fact", "t", "said", "details")
_YEARS = range(1970, 2200)
"""The years in which a desk may think that it is."""


@dataclass(frozen=True, slots=True)
class FactMessage:
    """A fact of one journal of one desk. Journal and id together are its identity."""

    id: FactId
    book: str
    """The name of the journal."""
    after: FactId | None
    """The fact that was sent before it; None for the first one of a journal. Who doesn't have that one lacks some."""
    fact: str
    """Its name."""
    when: datetime | None
    """The local time at which it became true; None if the desk knows no date at all."""
    t: float
    said: float
    details: Mapping[str, Plain]
    about: bool = False
    """The desk's clock wasn't right, so `when` is a guess."""
    missing_from: FactId | None = None
    """From here to this fact the journal may have forgotten facts that were never sent."""

    def as_bytes(self) -> bytes:
        """The payload."""
        message = {
            "id": str(self.id),
            "book": self.book,
            "after": written(self.after),
            "fact": self.fact,
            "when": None if self.when is None else self.when.isoformat(),
            "about": self.about,
            "t": self.t,
            "said": self.said,
            "details": dict(self.details),
        }
        missing = {} if self.missing_from is None else {"missing_from": str(self.missing_from)}
        return message_bytes({**message, **missing})


def message_about(
    fact: Fact,
    number: FactId,
    book: str,
    when: datetime | None,
    *,
    about: bool = False,
    after: FactId | None = None,
    missing_from: FactId | None = None,
) -> FactMessage:
    """The message about a fact with that number in the journal."""
    details = told_details(fact)
    return FactMessage(number, book, after, fact.name, when, fact.t, fact.said, details, about, missing_from)


def fact_message_of(payload: bytes) -> FactMessage:
    """Read a payload of any bytes, whole or not at all. Raises NoMessageError.

    The details are plain values, whatever this version knows about facts of that name.
    """
    read = message_of(payload, _NEEDS)
    t: Any = read.get("t")
    said: Any = read.get("said")
    name, about = read.get("fact"), read.get("about", False)
    if not (is_instant(t) and is_instant(said)):
        raise NoMessageError("its instants make no sense")
    if not (is_text(name) and name):
        raise NoMessageError("the fact has no name")
    if not isinstance(about, bool):
        raise NoMessageError("`about` is true or false")
    return FactMessage(
        fact_id(read.get("id")),
        book_name(read.get("book")),
        fact_id_or_none(read.get("after")),
        name,
        _when(read.get("when")),
        float(t),
        float(said),
        _details(read.get("details")),
        about,
        fact_id_or_none(read.get("missing_from")),
    )


def _when(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        when = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        when = None
    if when is None or when.tzinfo is None or when.year not in _YEARS:
        raise NoMessageError("`when` is a date and time with its offset, such as 2026-03-02T09:00:00+01:00")
    return when


def _details(value: Any) -> Mapping[str, Plain]:
    if not (isinstance(value, dict) and all(is_text(key) and is_plain(each) for key, each in value.items())):
        raise NoMessageError("the details are names with texts, numbers, true, false or null")
    return value
