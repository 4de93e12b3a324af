"""The steps of a calibration, one after the other: when the levels are read, and which step comes next."""

from __future__ import annotations

from device.settings.calibration_file import Calibration
from device.stages.calibration import STEPS, Unfit, calibrate, unread
from device.words.instants import after
from device.words.levels import is_level

_SETTLES_S = 1.5
"""For how many seconds somebody who is there may still move."""
_READS, _READS_EVERY_S = 20, 0.25
"""How many levels are read then, and how many seconds apart."""


class Steps:
    """Follows a calibration. Instants are monotonic seconds."""

    def __init__(self) -> None:
        self._read: dict[str, list[float]] = {}
        self._reading: list[float] = []
        self._read_at = 0.0
        self.until: float | None = None
        """Until when, at least, the person stays as they are; None before they are there."""
        self.fault: Unfit | None = None
        """Why the step is asked for again: what was read was mostly no level."""

    @property
    def step(self) -> str | None:
        """The step that is asked for; None after the last one."""
        return STEPS[len(self._read)] if len(self._read) < len(STEPS) else None

    @property
    def nth(self) -> int:
        """The number of that step: 1 is the first."""
        return len(self._read) + 1

    def there(self, now: float) -> None:
        """The person does what the step asks for. Soon the levels are read."""
        if self.step is not None and self.until is None:
            self._reading, self._read_at, self.fault = [], after(now, _SETTLES_S), None
            self.until = after(self._read_at, _READS * _READS_EVERY_S)

    def look(self, now: float, level: float) -> None:
        """Take in the present level. Call it a few times a second."""
        step = self.step
        if step is None or self.until is None:
            return
        if now >= self._read_at and len(self._reading) < _READS:
            self._reading.append(level)
            self._read_at = after(self._read_at, _READS_EVERY_S)
        # Where looks come late, it takes longer, but no step is judged by fewer levels.
        if now >= self.until and len(self._reading) == _READS:
            self.until, self.fault = None, unread(step, self._reading)
            if self.fault is None:
                self._read[step] = self._reading

    def spreads(self) -> dict[str, tuple[float, float]]:
        """The lowest and the highest level of each step that is done."""
        kept = {step: [level for level in read if is_level(level)] for step, read in self._read.items()}
        return {step: (min(levels), max(levels)) for step, levels in kept.items()}

    def found(self) -> Calibration | Unfit:
        """What the levels come to, after the last step."""
        return calibrate(self._read)
