"""A closed day as the desk says it on a broker: totals only, no time of day. And reading it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from device.stages.tally import Figures
from device.topics.message_form import NoMessageError, book_name, date_of, message_bytes, message_of
from device.words.fact_form import is_count, is_text
from device.words.instants import MINUTE_S

_LONGEST_MIN = 27 * 60
"""No day has more minutes, not even one whose clocks are put back twice."""
_MOST = 10_000
_VERSION_IS = 40
_MINUTES = ("seated_min", "longest_min")
_COUNTS = ("bouts", "breaks", "dues", "taken", "in_time")
_NEEDS = ("id", "book", *_MINUTES, *_COUNTS, "version")


@dataclass(frozen=True, slots=True)
class DayMessage:
    """The totals of a local day. The day alone is its identity at a desk."""

    day: date
    book: str
    """The name of the journal."""
    seated_min: int
    longest_min: int
    bouts: int
    breaks: int
    dues: int
    taken: int
    """How many of the due breaks were taken, late ones too."""
    in_time: int
    version: str
    """Of Unsit."""

    def as_bytes(self) -> bytes:
        """The payload."""
        totals = asdict(self)
        return message_bytes({"id": totals.pop("day").isoformat(), **totals})


def message_about_day(day: date, book: str, figures: Figures, version: str) -> DayMessage:
    """The message about a closed day."""
    return DayMessage(
        day,
        book,
        seated_min=round(figures.seated_s / MINUTE_S),
        longest_min=round(figures.longest_s / MINUTE_S),
        bouts=figures.bouts,
        breaks=figures.breaks,
        dues=figures.due,
        taken=figures.honoured,
        in_time=figures.in_time,
        version=version,
    )


def day_message_of(payload: bytes) -> DayMessage:
    """Read a payload of any bytes, whole or not at all. Raises NoMessageError."""
    read = message_of(payload, _NEEDS)
    version = read.get("version")
    if not (is_text(version) and len(str(version)) <= _VERSION_IS):
        raise NoMessageError(f"the version is a text of at most {_VERSION_IS} characters")
    minutes = {name: _count(read, name, _LONGEST_MIN) for name in _MINUTES}
    counts = {name: _count(read, name, _MOST) for name in _COUNTS}
    message = DayMessage(
        date_of(read.get("id")), book_name(read.get("book")), **minutes, **counts, version=str(version)
    )
    if not (message.in_time <= message.taken <= message.dues and message.longest_min <= message.seated_min):
        raise NoMessageError("its totals contradict each other")
    return message


def _count(read: Any, name: str, most: int) -> int:
    value = read.get(name)
    if not (is_count(value) and value <= most):
        raise NoMessageError(f"`{name}` is a whole number from 0 to {most}")
    return int(value)
