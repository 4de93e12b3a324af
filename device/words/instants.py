"""Seconds, rounded to milliseconds, so that a threshold is reached exactly when the time equals it.

Every instant and every span of the core passes through here. Rounding to three decimals always gives the float
that is nearest to the decimal number. So two ways of computing the same instant compare equal.
"""

from __future__ import annotations

MINUTE_S = 60.0
HOUR_S = 3600.0
A_MOMENT_S = 0.001
"""The shortest time between two instants, in seconds."""


def whole(seconds: float) -> float:
    """Seconds, rounded to the nearest millisecond."""
    return round(seconds, 3)


def after(at: float, span_s: float) -> float:
    """The instant `span_s` seconds after `at`. It adds two spans, too."""
    return round(at + span_s, 3)


def between(earlier: float, later: float) -> float:
    """The span from one instant to another, in seconds; negative if `earlier` is the later one."""
    return round(later - earlier, 3)
