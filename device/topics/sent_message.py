"""How far the broker has heard the desk, and the order to say some of it again; reading both back, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from device.topics.message_form import (
    FactId,
    book_name,
    date_or_none,
    fact_id_or_none,
    message_bytes,
    message_of,
    written,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """The last fact and the last day that the broker has acknowledged; None for none so far."""

    book: str
    """The name of the journal that the fact is in."""
    facts: FactId | None
    days: date | None

    def as_bytes(self) -> bytes:
        """The payload."""
        return message_bytes({"book": self.book, "facts": written(self.facts), "days": written(self.days)})


def sent_of(payload: bytes) -> Sent:
    """Read a payload of any bytes. Raises NoMessageError."""
    read = message_of(payload, ["book"])
    return Sent(book_name(read.get("book")), fact_id_or_none(read.get("facts")), date_or_none(read.get("days")))


@dataclass(frozen=True, slots=True)
class SendAgain:
    """The order to say again what came after this fact and after this day."""

    book: str
    """The journal in which the fact is; the desk passes over an order about another one."""
    after: FactId | None
    """None for all facts of the journal."""
    days_after: date | None
    """None for all days."""
    facts: bool = True
    """Whether facts are asked for at all."""
    days: bool = True
    """Whether days are asked for at all."""

    def as_bytes(self) -> bytes:
        """The payload. What isn't asked for isn't in it."""
        facts = {"after": written(self.after)} if self.facts else {}
        days = {"days_after": written(self.days_after)} if self.days else {}
        return message_bytes({"book": self.book, **facts, **days})


def send_again_of(payload: bytes) -> SendAgain:
    """Read a payload of any bytes. Raises NoMessageError."""
    read = message_of(payload, ["book"])
    return SendAgain(
        book_name(read.get("book")),
        fact_id_or_none(read.get("after")),
        date_or_none(read.get("days_after")),
        facts="after" in read,
        days="days_after" in read,
    )
