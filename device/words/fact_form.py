"""What the details of a fact may be, as types that say how to check a value from a file."""

from __future__ import annotations

from typing import Annotated, Any

from device.words.instants import HOUR_S

LAST_S = 100 * 365 * 24 * HOUR_S
"""No device gets this old, in seconds: a longer instant or span is an error in the file."""
_MOST = 1e15
_TEXT_IS = 10_000
"""The most characters in a text."""

Plain = str | int | float | bool | None
"""What the details of an unknown fact may be."""


def is_number(value: Any) -> bool:
    # In Python a bool is an int, so it is ruled out here.
    return isinstance(value, int | float) and not isinstance(value, bool) and -LAST_S <= value <= LAST_S


def is_instant(value: Any) -> bool:
    return is_number(value) and value >= 0


def is_instant_or_none(value: Any) -> bool:
    return value is None or is_instant(value)


def is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def is_count(value: Any) -> bool:
    return is_number(value) and isinstance(value, int) and value >= 0


def is_fraction(value: Any) -> bool:
    return is_number(value) and 0 <= value <= 1


def is_fraction_or_none(value: Any) -> bool:
    return value is None or is_fraction(value)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _TEXT_IS and value.isprintable()


def is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return is_text(value)
    # The comparison fails for NaN and infinity, which rules them out.
    return value is None or (isinstance(value, int | float) and -_MOST <= value <= _MOST)


Instant = Annotated[float, is_instant]
"""An instant or a span, in seconds."""
InstantOrNone = Annotated[float | None, is_instant_or_none]
Difference = Annotated[float, is_number]
"""A span that may be negative, in seconds."""
Fraction = Annotated[float, is_fraction]
"""A level of the seat, as a fraction of full scale."""
FractionOrNone = Annotated[float | None, is_fraction_or_none]
Count = Annotated[int, is_count]
Flag = Annotated[bool, is_flag]
Text = Annotated[str, is_text]
