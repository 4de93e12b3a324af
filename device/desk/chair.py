"""The simulated chair: what its sensor reads under a person or a cat, and with a worn mat or a loose wire."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from device.desk.noisy_pad import NoisyPad
from device.run.moments import Moment
from device.settings.settings import SeatSettings
from device.words.instants import after
from device.words.levels import MAT_CLOSES_AT, USUAL_EMPTY, USUAL_SEATED, SeatLevels, is_level
from device.words.ports import Clock

_MOST = 0.98
"""The highest level that a weight can cause."""
_OFF = 1.0
"""What the sensor reads while its wire is off."""
_PRESSED = 0.6
"""What a worn mat reads with nobody on it: this part of the way from empty to seated."""
_CAT = 4.5 / 75
"""What a cat of 4.5 kg weighs, as part of the way from empty to seated: on the page the usual person has 75 kg."""
_CAT_STAYS_S, _CAT_STAYS_AWAY_S = (20.0, 60.0), (10.0, 40.0)
_WIRE_IS_OFF_S, _WIRE_IS_ON_S = (5.0, 20.0), (2.0, 6.0)
_CHATTERS = 8
_CHATTERS_S = 0.02
"""The seconds between two changes of a loose wire."""


_LEANS = {"left": 0.7, "right": 0.77, "forward": 0.53}
"""The part of their weight that stays on the sensor when the person leans."""


class Chair:
    """Gives the sensor the weight that is on the chair."""

    def __init__(
        self, seat: SeatSettings, clock: Clock, later: Callable[[Moment], None], weigh: Callable[[float], None]
    ) -> None:
        """`later` plans a moment; `weigh` gets each new level of the sensor."""
        self._clock, self._later, self._weigh = clock, later, weigh
        self._chance = random.Random(2)
        self.is_analog = seat.kind != "contact"
        self.levels = levels = seat.levels if self.is_analog else None
        """What an analog seat is believed to read, with the thresholds in force; None before calibration."""
        self.empty, self.usual = (levels.empty, levels.seated) if levels else (USUAL_EMPTY, USUAL_SEATED)
        """What the sensor reads empty, and under a person of usual weight."""
        self.weight = self.usual
        """What it reads under the person who sits there, or would sit there."""
        self.pad = NoisyPad(clock, later, self._feel)
        self.level = self.empty
        """What the sensor reads now."""
        self.reads = False
        """Whether the seat is taken by that level."""
        self.cat_is_there = False
        self.leans = ""
        """Where the person leans: `left`, `right` or `forward`; empty for upright."""
        self._is_worn = self._is_off = self._feels_person = False
        self._comes_and_goes = {"wire": False, "cat": False}
        self._turns = {"wire": 0, "cat": 0}
        """How often each was switched. Moments planned before the last switch no longer count."""

    def sit(self, taken: bool) -> None:
        """Somebody sits down on it, or rises. A cat jumps off."""
        self.cat_is_there = self.cat_is_there and not taken
        self.pad.sit(taken)
        self._put()

    def weigh(self, level: float) -> None:
        """Set what the sensor reads under the person who sits there, or will sit there."""
        self.weight = level
        self._put()

    def lean(self, to: str) -> None:
        """Lean `left`, `right` or `forward`; anything else is upright."""
        self.leans = to if to in _LEANS else ""
        self._put()

    def go_by(self, levels: SeatLevels | None) -> None:
        """An analog seat is judged by these from now on; by none before calibration."""
        self.levels = levels if self.is_analog else None
        self.reads = self._judge(self.level)

    def let(self, scene: str, so: bool) -> None:
        """Switch one of these on or off.

        `noise`: the pad drops out and chatters. `worn`: the mat stays pressed together. `wire`: its wire comes off now
        and then. `cat`: a cat comes and goes while nobody sits there.
        """
        match scene:
            case "noise":
                self.pad.turn(so)
            case "worn":
                self._is_worn = so
                self._put()
            case _:
                self._comes_and_goes[scene] = so
                self._begin(scene)

    def go_on(self) -> None:
        """Plan all that comes and goes again; moments planned before no longer count."""
        self.pad.go_on()
        self._begin("wire")
        self._begin("cat")

    def read(self, level: float) -> None:
        """Let the sensor read that level, as recorded, whatever is on the chair."""
        self.level, self.reads = level, self._judge(level)
        self._weigh(level)

    # ---- what comes and goes

    def _begin(self, what: str) -> None:
        self._turns[what] += 1
        turn, so = self._turns[what], self._comes_and_goes[what]
        if what == "wire":
            self._hold(turn, not so)
        else:
            self._come(turn, so)

    def _come(self, turn: int, comes: bool) -> None:
        if turn != self._turns["cat"]:
            return
        self.cat_is_there = comes and not self.pad.taken
        self._put()
        if self._comes_and_goes["cat"]:
            span_s = _CAT_STAYS_S if comes else _CAT_STAYS_AWAY_S
            self._then(self._chance.uniform(*span_s), partial(self._come, turn, not comes))

    def _hold(self, turn: int, holds: bool) -> None:
        if turn != self._turns["wire"]:
            return
        self._touch(turn, holds)
        if self._comes_and_goes["wire"]:
            for nth in range(_CHATTERS):
                self._then((nth + 1) * _CHATTERS_S, partial(self._touch, turn, holds == (nth % 2 == 1)))
            span_s = _WIRE_IS_ON_S if holds else _WIRE_IS_OFF_S
            self._then(self._chance.uniform(*span_s), partial(self._hold, turn, not holds))

    def _touch(self, turn: int, touches: bool) -> None:
        if turn == self._turns["wire"]:
            self._is_off = not touches
            self._put()

    def _then(self, in_s: float, do: Callable[[], None]) -> None:
        self._later(Moment(after(self._clock.now(), in_s), do))

    # ---- the sensor

    def _feel(self, person: bool) -> None:
        self._feels_person = person
        self._put()

    def _put(self) -> None:
        level = self._level()
        if level != self.level:
            self.read(level)

    def _level(self) -> float:
        if self._is_off:
            return _OFF
        span = self.usual - self.empty
        level = self.empty
        if self._feels_person:
            level += (self.weight - self.empty) * _LEANS.get(self.leans, 1.0)
        level += _CAT * span * self.cat_is_there + _PRESSED * span * self._is_worn
        return min(round(level, 4), _MOST)

    def _judge(self, level: float) -> bool:
        """Judge as the sensor's own contact or comparator does. A wire that is off changes nothing."""
        if not is_level(level):
            return self.reads and self.is_analog
        if not self.is_analog:
            return level >= MAT_CLOSES_AT
        return self.levels is not None and self.levels.thresholds.judge(level, taken=self.reads)
