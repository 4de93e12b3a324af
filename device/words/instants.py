"""Seconds counted in whole milliseconds, so that a threshold is reached exactly when the time equals it.

Every instant and every span of the core passes through here. A float rounded to three decimals is the
one nearest float to that decimal number, so two ways of computing the same instant compare equal.
"""

from __future__ import annotations

MINUTE_S = 60.0
HOUR_S = 3600.0
A_MOMENT_S = 0.001
"""The least there is between two instants."""


def whole(seconds: float) -> float:
    """The nearest whole millisecond, in seconds."""
    return round(seconds, 3)


def after(at: float, span_s: float) -> float:
    """The instant `span_s` later than `at`; adds two spans just as well."""
    return round(at + span_s, 3)


def between(earlier: float, later: float) -> float:
    """The span from one instant to another, in seconds; negative when they are the other way round."""
    return round(later - earlier, 3)
