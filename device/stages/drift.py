"""Learns again what an analog seat reads empty and seated, slowly and within bounds, as its pad ages."""

from __future__ import annotations

from itertools import accumulate

from device.words.facts import SeatDrifted
from device.words.instants import HOUR_S, MINUTE_S, after, between
from device.words.levels import RAIL, SeatLevels, is_level

_EMPTY_FOR_S = 30 * MINUTE_S
"""For how many seconds the chair is empty and quiet before its level is believed. Nobody leans that long."""
_EMPTY_AGAIN_S = 12 * HOUR_S
"""The least seconds between two lessons of one absence."""
_SAT_FOR_S, _SAT_AT_MOST_S = 20 * MINUTE_S, 4 * HOUR_S
"""A sitting as long as this is learned from. A longer one may be a bag."""
_EMPTY_GAIN, _SEATED_GAIN = 0.5, 0.125
"""How much of the difference one lesson takes over. People differ in weight, an empty chair hardly does."""

# Shares of the distance between empty and seated, as calibrated.
_QUIET = 0.1
"""How far an empty chair's level may stray, but for a twentieth of the time: a bag that is put down is more."""
_CREEP = 0.05
"""The most that the empty level creeps between two lessons of one absence. More is a thing on the chair."""
_EMPTY_AT_ONCE, _SEATED_AT_ONCE = 0.03, 0.005
"""The most that one lesson moves a level."""
_AT_MOST = 0.5
"""The most that a level moves away from the calibration."""
_LEAST_SPAN = 0.4
"""The least distance that remains between the two."""
_EMPTY_SAID, _SEATED_SAID = 0.02, 0.05
"""By so much a level moves before that is said. A sitting differs from the next by more than that."""
_FINE = 0.005
"""Levels closer than this count as one."""


def drifted(calibrated: SeatLevels, empty: float, seated: float) -> SeatLevels | None:
    """The levels of a seat that has drifted to there from its calibration; None if no pad ages like that."""
    far = max(abs(empty - calibrated.empty), abs(seated - calibrated.seated))
    if far > _AT_MOST * calibrated.span or seated - empty < _LEAST_SPAN * calibrated.span:
        return None
    moved = calibrated.moved(empty, seated)
    rises = 0 <= empty < moved.thresholds.leave_below < moved.thresholds.sit_above < seated < RAIL
    return moved if rises else None


def levels_since(fact: SeatDrifted | None, calibrated: SeatLevels, date: str) -> SeatLevels:
    """What a seat that was calibrated on that date reads now, if `fact` is the last one about a drift.

    What drifted from another calibration says nothing of this one.
    """
    if fact is None or (fact.from_empty, fact.from_seated, fact.calibrated) != (
        calibrated.empty,
        calibrated.seated,
        date,
    ):
        return calibrated
    return drifted(calibrated, fact.empty, fact.seated) or calibrated


class Drift:
    """Follows the levels of a calibrated seat, and moves them with the pad.

    It learns the empty level only from a chair that somebody was seen to leave, and that has stood empty and quiet for
    long; the seated level only from a sitting that is over.
    """

    def __init__(self, calibrated: SeatLevels, levels: SeatLevels) -> None:
        """`levels` are those learned before; the bounds go by the calibration."""
        self._calibrated = calibrated
        self._said = self._levels = levels
        self._empty, self._seated = levels.empty, levels.seated
        self._absence: _Stay | None = None
        """The levels of the present absence, half an hour at a time, if somebody was seen to leave."""
        self._sitting: _Stay | None = None
        self._taught: tuple[float, float] | None = None
        """When the present absence last gave a lesson, and its level."""

    def start_anew(self) -> None:
        """Nothing is known of the chair: wait until somebody is seen to sit and leave."""
        self._absence = self._sitting = self._taught = None

    def read(self, at: float, level: float, taken: bool | None) -> SeatLevels | None:
        """Take in a level, and whether the chair is believed to be taken; None while that isn't settled.

        Returns the levels if they have drifted by as much as is worth saying.
        """
        if taken is None or not is_level(level):
            self._doubt(at, level)
        elif taken:
            self._sit(at, level)
        elif self._sitting is not None:
            self._leave(at, self._sitting)
        elif self._absence is not None:
            self._be_empty(at, level, self._absence)
        return self._news()

    # ---- what a person does

    def _doubt(self, at: float, level: float) -> None:
        """Nothing is settled. A touch is a part of the absence in which it comes, and one that strays."""
        if self._sitting is not None:
            self._sitting.pause(at)
        if self._absence is not None and is_level(level):
            self._absence.read(at, level)
        elif self._absence is not None:
            self._absence.pause(at)

    def _sit(self, at: float, level: float) -> None:
        self._absence = self._taught = None
        if self._sitting is None:
            self._sitting = self._stay(at)
        self._sitting.read(at, level)

    def _leave(self, at: float, sitting: _Stay) -> None:
        """Learn the seated level from the whole sitting: posture takes it up and down."""
        sitting.pause(at)
        self._sitting, self._absence = None, self._stay(at)
        if _SAT_FOR_S <= between(sitting.began, at) <= _SAT_AT_MOST_S:
            self._learn(self._empty, self._towards(sitting.level_at(0.5), self._seated, _SEATED_GAIN, _SEATED_AT_ONCE))

    def _be_empty(self, at: float, level: float, absence: _Stay) -> None:
        absence.read(at, level)
        if at >= after(absence.began, _EMPTY_FOR_S) and absence.is_known:
            self._absence = self._stay(at)
            self._absence.read(at, level)
            if absence.level_at(0.95) - absence.level_at(0.05) <= _QUIET * self._calibrated.span:
                self._teach(at, absence.level_at(0.5))

    def _teach(self, at: float, level: float) -> None:
        """Learn from an absence, and again if it is long, as long as its level doesn't jump."""
        if self._taught is not None:
            taught_at, taught = self._taught
            if abs(level - taught) > _CREEP * self._calibrated.span:
                self.start_anew()
                return
            if at < after(taught_at, _EMPTY_AGAIN_S):
                return
        self._taught = (at, level)
        self._learn(self._towards(level, self._empty, _EMPTY_GAIN, _EMPTY_AT_ONCE), self._seated)

    def _stay(self, at: float) -> _Stay:
        return _Stay(at, _FINE * self._calibrated.span)

    # ---- what that teaches

    def _towards(self, level: float, now_is: float, gain: float, at_once: float) -> float:
        most = at_once * self._calibrated.span
        return now_is + min(max(gain * (level - now_is), -most), most)

    def _learn(self, empty: float, seated: float) -> None:
        # Lessons may be finer than what is said.
        levels = drifted(self._calibrated, round(empty, 4), round(seated, 4))
        if levels is not None:
            self._empty, self._seated, self._levels = empty, seated, levels

    def _news(self) -> SeatLevels | None:
        said, levels, span = self._said, self._levels, self._calibrated.span
        if (
            abs(levels.empty - said.empty) < _EMPTY_SAID * span
            and abs(levels.seated - said.seated) < _SEATED_SAID * span
        ):
            return None
        self._said = levels
        return levels


class _Stay:
    """The levels of one absence or one sitting, and for how long each stood."""

    def __init__(self, began: float, fine: float) -> None:
        self.began = began
        self._fine = fine
        self._lasted_s: dict[int, float] = {}
        """Seconds by level, in steps of `fine`: a noisy day takes no more room than a quiet one."""
        self._lasts: tuple[float, float] | None = None
        """Since when the present level stands, and the level; None if nothing is known."""

    def read(self, at: float, level: float) -> None:
        """From now on it is this level."""
        self.pause(at)
        self._lasts = (at, level)

    def pause(self, at: float) -> None:
        """The level has stood until now; it is unknown from now on."""
        if self._lasts is not None:
            since, level = self._lasts
            step = round(level / self._fine)
            self._lasted_s[step] = after(self._lasted_s.get(step, 0.0), between(since, at))
        self._lasts = None

    @property
    def is_known(self) -> bool:
        """Whether any level has stood for a time."""
        return bool(self._lasted_s)

    def level_at(self, share: float) -> float:
        """The level at or below which it stood for that share of the time."""
        levels = sorted(self._lasted_s)
        stood_s = accumulate(self._lasted_s[level] for level in levels)
        least_s = share * sum(self._lasted_s.values())
        return next((level for level, s in zip(levels, stood_s, strict=True) if s >= least_s), levels[-1]) * self._fine
