"""The pad on the simulated chair: a good one, or one whose contact drops out and chatters."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from device.run.moments import Moment
from device.words.instants import after
from device.words.ports import Clock

_CHATTERS = 8
_CHATTERS_S = 0.02
"""The seconds between two changes of a noisy contact."""
_BLINKS_EVERY_S = (3.0, 20.0)
_BLINKS_FOR_S = (0.05, 0.5)
"""The seconds of a drop-out, which is shorter than anybody could sit or rise."""


class NoisyPad:
    """What the pad reads, which is mostly right."""

    def __init__(self, clock: Clock, later: Callable[[Moment], None], drive: Callable[[bool], None]) -> None:
        """`later` plans a moment; `drive` gets what the pad reads."""
        self._clock = clock
        self._later = later
        self._drive = drive
        self._chance = random.Random(1)
        self._turns = 0
        """How often it was made noisy or quiet. Moments planned before the last switch no longer count."""
        self.noisy = False
        self.taken = False
        """Somebody sits there."""
        self.reads = False
        self.blinks = 0
        """How often it has read the wrong level since it became noisy."""

    def sit(self, taken: bool) -> None:
        """Somebody sits down on it, or rises."""
        self.taken = taken
        self._read(taken)
        if not self.noisy:
            return
        at = self._clock.now()
        for nth in range(_CHATTERS):
            self._later(Moment(after(at, (nth + 1) * _CHATTERS_S), partial(self._misread, nth % 2 == 0)))

    def turn(self, noisy: bool) -> None:
        """Make it noisy or quiet."""
        self.noisy = noisy
        self.blinks = 0
        self.go_on()

    def go_on(self) -> None:
        """Plan its drop-outs again, if it is noisy; moments planned before no longer count."""
        self._turns += 1
        self._misread(False)
        self._blink(self._turns)

    def _blink(self, turn: int) -> None:
        if not self.noisy or turn != self._turns:
            return
        self.blinks += 1
        self._misread(True)
        at = self._clock.now()
        self._later(Moment(after(at, self._chance.uniform(*_BLINKS_FOR_S)), partial(self._misread, False)))
        self._later(Moment(after(at, self._chance.uniform(*_BLINKS_EVERY_S)), partial(self._blink, turn)))

    def _misread(self, wrong: bool) -> None:
        self._read(self.taken != (wrong and self.noisy))

    def _read(self, taken: bool) -> None:
        self.reads = taken
        self._drive(taken)
