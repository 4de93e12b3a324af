"""Tells followers what an analog seat reads, and how its calibration goes. Nothing is read while nobody follows."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from device.desk.calibrating import DeskCalibration
from device.mind.snapshot import Snapshot
from device.run.feed import Told
from device.settings.settings import SeatSettings
from device.stages.drift import levels_since
from device.words.effects import Effect, Note
from device.words.facts import SeatDrifted
from device.words.levels import SeatLevels
from device.words.ports import Clock

_LOOKS_EVERY_S = 0.5
_FINE = 0.002
"""Levels closer than this count as one."""


@runtime_checkable
class ReadsLevel(Protocol):
    """A part that knows what the seat reads."""

    def level(self) -> float:
        """What it reads right now, as a fraction of full scale; NaN if it doesn't answer. Any thread may call it."""
        ...


class SeatTold:
    """A performer and an onlooker. It reads on a thread of its own, so that the loop never waits for a bus."""

    def __init__(self, line: Told, clock: Clock, calibration: DeskCalibration) -> None:
        self._line, self._clock, self._calibration = line, clock, calibration
        self._seat = SeatSettings()
        self._levels: SeatLevels | None = None
        self._sensor: ReadsLevel | None = None
        self._told_level, self._told_at = math.inf, 0.0
        self._reading: threading.Thread | None = None
        self._woken = threading.Event()

    def begin(self, seat: SeatSettings, levels: SeatLevels | None, sensor: ReadsLevel | None) -> None:
        """The device runs with this sensor, which goes by these levels; None for a contact, or for no device."""
        self._seat, self._levels, self._sensor = seat, levels, sensor
        if sensor is None and self._reading is not None:
            self._woken.set()
            self._reading.join(_LOOKS_EVERY_S)

    def perform(self, effect: Effect) -> None:
        """Hear of levels that have drifted."""
        levels = self._seat.levels
        if levels and isinstance(effect, Note) and isinstance(effect.fact, SeatDrifted):
            self._levels = levels_since(effect.fact, levels, self._seat.calibrated)

    def look(self, snapshot: Callable[[], Snapshot] | None = None) -> None:
        """Tell the calibration, and begin to read if somebody follows."""
        if not self._line.followed:
            return
        if snapshot is not None:
            self._calibration.language = snapshot().language
        if (told := self._calibration.told()) is not None:
            self._line.stand("calibration", **told)
        if self._sensor is not None and (self._reading is None or not self._reading.is_alive()):
            self._woken.clear()
            self._reading = threading.Thread(target=self._read, args=(self._sensor,), name="level", daemon=True)
            self._reading.start()

    def tell(self, level: float) -> None:
        """Tell a level, unless it is as it was."""
        if math.isnan(level):
            return
        if abs(level - self._told_level) > _FINE:
            self._told_level, self._told_at = level, self._clock.now()
        known, bounds = self._levels, self._levels and self._levels.thresholds
        self._line.stand(
            "level",
            at=self._told_at,
            level=round(self._told_level, 4),
            thresholds=bounds and (bounds.leave_below, bounds.sit_above),
            known=known and (known.empty, known.seated),
        )

    def _read(self, sensor: ReadsLevel) -> None:
        while self._line.followed and self._sensor is sensor:
            self.tell(sensor.level())
            self._woken.wait(_LOOKS_EVERY_S)
