"""Turns the levels of an analog seat into edges, with hysteresis; and says which levels are worth telling."""

from __future__ import annotations

from device.words.events import Event, Level, Seat, SeatSensor
from device.words.instants import MINUTE_S, after
from device.words.levels import Thresholds, is_level

LOST_AFTER_S = 2.0
"""For how many seconds there is no level before the seat is lost. One reading may always go wrong."""
_NEWS = 0.01
"""A level is worth telling if it differs by this much from the one told before."""
_TOLD_AFTER_S = 10 * MINUTE_S
"""A level that stays is told again after this many seconds."""


class Pad:
    """Follows the level and reports the seat: taken above one threshold, empty below the other, lost without a level.

    A NaN, a level at the rail and a gap between readings change nothing by themselves.
    """

    def __init__(self, thresholds: Thresholds | None) -> None:
        """Without thresholds, as before calibration, the seat never becomes taken."""
        self.thresholds = thresholds
        self._taken = False
        self._reported: bool | None = None
        self._is_present: bool | None = None
        self._no_level_since: float | None = None
        self._told = LevelNews()

    def read(self, at: float, level: float) -> list[Event]:
        """Take in a reading; return what is to be reported. Anything that is no level counts as none."""
        if not is_level(level):
            return self._without_level(at)
        self._no_level_since = None
        events: list[Event] = []
        if self._is_present is not True:
            self._is_present, self._reported = True, None
            events.append(SeatSensor(at, True))
        self._taken = self._judge(level)
        if self._taken is not self._reported:
            self._reported = self._taken
            events.append(Seat(at, self._taken))
        if self._told.is_news(at, level):
            events.append(Level(at, level))
        return events

    def _without_level(self, at: float) -> list[Event]:
        if self._no_level_since is None:
            self._no_level_since = at
        if self._is_present is False or at < after(self._no_level_since, LOST_AFTER_S):
            return []
        self._is_present = False
        return [SeatSensor(at, False)]

    def _judge(self, level: float) -> bool:
        return self.thresholds is not None and self.thresholds.judge(level, taken=self._taken)


class LevelNews:
    """Picks the levels that are worth telling: those above noise, and now and then one that stays."""

    def __init__(self) -> None:
        self._told: tuple[float, float] | None = None

    def is_news(self, at: float, level: float) -> bool:
        """Whether to tell this level; if so, it is the one that the next is compared with."""
        if self._told is not None:
            told_at, told = self._told
            if abs(level - told) < _NEWS and at < after(told_at, _TOLD_AFTER_S):
                return False
        self._told = (at, level)
        return True
