"""The rules of the computer's own zone: how far local time is ahead of UTC, and when that changes."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime

from device.words.instants import whole
from device.words.zones import Zones

_STEP_S = 86_400
"""The step of the search, in seconds: no zone changes twice within a day."""
_STEPS = 1100
"""The most steps: three years, more than any journal keeps."""


def zones_by_rules(began: float, seen: float, reads: datetime) -> Zones:
    """The zones between two instants, in seconds; the clock read `reads` at the second one.

    If the computer's zone has another offset then, the clock was read in another zone. Its rules aren't known, so the
    offset of `reads` counts throughout.
    """
    # Dates out of the system's range have no rules.
    with suppress(OverflowError, ValueError, OSError):
        seen_at = reads.timestamp()
        if _offset_s(seen_at) == ahead_s(reads):
            return _walked_back(began, seen, seen_at)
    return [(seen, ahead_s(reads))]


def _walked_back(began: float, seen: float, seen_at: float) -> Zones:
    since, at = seen_at - max(0.0, seen - began), seen_at
    zones: list[tuple[float, int]] = []
    for _ in range(_STEPS):
        if at <= since:
            break
        earlier = max(since, at - _STEP_S)
        if _offset_s(earlier) != _offset_s(at):
            changed_at = changed_between(earlier, at)
            zones.insert(0, (whole(seen - (seen_at - changed_at)), _offset_s(at)))
        at = earlier
    return [(began, _offset_s(at)), *zones]


def changed_between(earlier: float, later: float) -> float:
    """When the offset changed between two times with different offsets, all in seconds since 1970."""
    before_s = _offset_s(earlier)
    low, high = int(earlier), int(later) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset_s(middle) == before_s else (low, middle)
    return float(high)


def changed_s_ago(earlier: datetime, later: datetime) -> float:
    """Seconds from the offset's change to the later reading; 0 if the rules know of none: it was set by hand."""
    with suppress(OverflowError, ValueError, OSError):
        before, now = earlier.timestamp(), later.timestamp()
        if before < now and (_offset_s(before), _offset_s(now)) == (ahead_s(earlier), ahead_s(later)):
            return whole(now - changed_between(before, now))
    return 0.0


def ahead_s(reads: datetime) -> int:
    """How many seconds the clock is ahead of UTC."""
    offset = reads.utcoffset()
    assert offset is not None, "a clock is read with its zone"
    return round(offset.total_seconds())


def _offset_s(at: float) -> int:
    return time.localtime(at).tm_gmtoff
