"""What desks have sent, read: each message as rows of the database, or why it is put aside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from device.topics.day_message import DayMessage, day_message_of
from device.topics.fact_message import FactMessage, fact_message_of
from device.topics.message_form import FactId, NoMessageError, book_name, fact_id, fact_id_or_none, message_of
from device.topics.sent_message import Sent, sent_of

MOST_BYTES = 20_000
"""No message of a desk is longer."""
_LONGEST_NAME = 64
_AHEAD = timedelta(days=2)
"""A desk whose clock is right is at most a day ahead of this computer, in another zone."""


@dataclass(frozen=True, slots=True)
class FactPlace:
    """All that counts of a fact that can't be stored: that it came, and after which."""

    id: FactId
    book: str
    after: FactId | None


@dataclass(frozen=True, slots=True)
class Post:
    """A message of a desk. The desk is the one whose topic it came on, whatever it says."""

    desk: str
    says: FactMessage | DayMessage | Sent | FactPlace


_READERS: Mapping[str, Any] = {"facts": fact_message_of, "days": day_message_of, "sent": sent_of}
HEARD_OF = tuple(_READERS)
"""The ends of the topics that are collected."""


def post_of(base: str, topic: str, payload: bytes, today: date) -> Post:
    """Read a message. Raises NoMessageError."""
    desk, _, kind = topic.removeprefix(f"{base}/").partition("/")
    if not topic.startswith(f"{base}/") or kind not in _READERS or not desk:
        raise NoMessageError("nothing is collected from such a topic")
    if len(payload) > MOST_BYTES:
        raise NoMessageError(f"it is longer than {MOST_BYTES} bytes")
    says = _READERS[kind](payload)
    if isinstance(says, DayMessage) and says.day > today + _AHEAD:
        raise NoMessageError("it is about a day that hasn't been")
    if isinstance(says, FactMessage) and len(says.fact) > _LONGEST_NAME:
        raise NoMessageError(f"a fact's name has at most {_LONGEST_NAME} letters")
    return Post(desk, says)


def place_of(base: str, topic: str, payload: bytes) -> Post | None:
    """The fact's place in its chain, of a message that can't be stored; None if it has none."""
    desk, _, kind = topic.removeprefix(f"{base}/").partition("/")
    if kind != "facts":
        return None
    try:
        read = message_of(payload)
        says = FactPlace(fact_id(read.get("id")), book_name(read.get("book")), fact_id_or_none(read.get("after")))
    except NoMessageError:
        return None
    return Post(desk, says)


def day_row(desk: str, says: DayMessage, came: datetime) -> dict[str, Any]:
    """The row of a day; `came` is in UTC."""
    figures = ("seated_min", "longest_min", "bouts", "breaks", "dues", "taken", "in_time")
    counts = {name: getattr(says, name) for name in figures}
    return {"desk": desk, "day": says.day, **counts, "came": came}


def fact_row(desk: str, says: FactMessage, today: date) -> dict[str, Any]:
    """The row of a fact. One whose date isn't known, or can't be right, counts as of today."""
    knows = says.when is not None and not says.about and says.when.date() <= today + _AHEAD
    return {
        "desk": desk,
        "book": says.book,
        "run": says.id.run,
        "nth": says.id.nth,
        "fact": says.fact,
        "at": says.when.isoformat() if says.when else "",
        "day": says.when.date() if says.when and knows else today,
        "details": json.dumps(says.details, ensure_ascii=True),
    }
