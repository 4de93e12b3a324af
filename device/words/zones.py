"""Local time: the date of an instant and what clocks showed, in the zone that was in force then.

All of it is computed here in whole milliseconds, so that an instant and its date never disagree.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

_DAY_MS = 86_400_000
_DAWN = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Zones = Sequence[tuple[float, int]]
"""Pairs of an instant and how many seconds clocks were ahead of UTC from then on, in order.

The first one also counts for the time before it.
"""


@dataclass(frozen=True, slots=True)
class Daytime:
    """A span of instants with one local date and one zone."""

    day: date
    begins: float
    ends: float
    """The first instant after the span; always later than the instant that was asked about."""
    zone: timezone
    ahead_ms: int
    """What to add to an instant in ms to get milliseconds since 1970."""
    midnight_ms: int
    """The instant in ms at which this date begins, or would begin without a change of the zone."""

    def of_day(self, t: float) -> float:
        """Seconds since midnight as clocks showed them, up to a whole day at the end."""
        return (_ms(t) - self.midnight_ms) / 1000

    def since_1970(self, t: float) -> float:
        """Seconds since 1970, independent of the zone."""
        return (_ms(t) + self.ahead_ms) / 1000

    def when(self, t: float) -> datetime:
        """What clocks showed; at `ends`, what they would have shown without a change."""
        return (_EPOCH + timedelta(milliseconds=_ms(t) + self.ahead_ms)).astimezone(self.zone)


class LocalTime:
    """Turns instants into dates: at `t` clocks showed `reads`, and their zone changed as in `zones`."""

    def __init__(self, t: float, reads: datetime, zones: Zones = ()) -> None:
        """Without `zones`, the zone of `reads` holds throughout."""
        self._ahead_ms = round((reads - _EPOCH) / timedelta(milliseconds=1)) - _ms(t)
        offset = reads.utcoffset()
        assert offset is not None, "a clock is read with its zone"
        self._zones = zones or ((t, round(offset.total_seconds())),)
        self._from_ms = [_ms(since) for since, _ in self._zones]

    def at(self, t: float) -> Daytime:
        """The span with the date and zone of that instant."""
        nth = max(0, bisect_right(self._from_ms, _ms(t)) - 1)
        since_ms, until_ms, offset_s = self._zone(nth)
        shift_ms = self._ahead_ms + offset_s * 1000
        day = (_ms(t) + shift_ms) // _DAY_MS
        begins_ms = day * _DAY_MS - shift_ms
        ends_ms = begins_ms + _DAY_MS
        return Daytime(
            _DAWN + timedelta(days=day),
            (begins_ms if since_ms is None else max(begins_ms, since_ms)) / 1000,
            (ends_ms if until_ms is None else min(ends_ms, until_ms)) / 1000,
            timezone(timedelta(seconds=offset_s)),
            self._ahead_ms,
            begins_ms,
        )

    def when(self, t: float) -> datetime:
        """What clocks showed at that instant."""
        return self.at(t).when(t)

    def instant(self, when: datetime) -> float:
        """The instant of a time, which may have any zone."""
        return (round((when - _EPOCH) / timedelta(milliseconds=1)) - self._ahead_ms) / 1000

    def spans_of(self, day: date) -> Iterator[tuple[float, float]]:
        """From when until when it was that date: more than one span if the zone changed."""
        for nth in range(len(self._zones)):
            since_ms, until_ms, offset_s = self._zone(nth)
            begins_ms = (day - _DAWN).days * _DAY_MS - self._ahead_ms - offset_s * 1000
            ends_ms = begins_ms + _DAY_MS
            begins_ms = begins_ms if since_ms is None else max(begins_ms, since_ms)
            ends_ms = ends_ms if until_ms is None else min(ends_ms, until_ms)
            if begins_ms < ends_ms:
                yield begins_ms / 1000, ends_ms / 1000

    def _zone(self, nth: int) -> tuple[int | None, int | None, int]:
        """The bounds of a zone in ms and its offset in seconds. The first begins, and the last ends, with None."""
        since_ms = self._from_ms[nth] if nth else None
        until_ms = self._from_ms[nth + 1] if nth + 1 < len(self._zones) else None
        return since_ms, until_ms, self._zones[nth][1]


def _ms(t: float) -> int:
    return round(t * 1000)
