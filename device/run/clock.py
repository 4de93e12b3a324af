"""The clocks: monotonic seconds that rule the core, and wall clocks that only date things."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from device.run.told_time import told_by
from device.words.instants import between, whole
from device.words.past import Mark

YEARS = range(2000, 2200)
"""What hands may set a wall clock to: far from the ends of what dates can be."""
_STANDS_S = 3600.0
"""Whoever waits for a clock that stands is woken when it runs again."""


class RunningClock:
    """Seconds since the first start. At the simulated desk they may run at any speed, and change it on the way."""

    def __init__(self, speed: float = 1.0, source: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        # One tuple, so that other threads see a change of speed whole or not at all.
        self._anchor = (source(), 0.0, speed)
        self._held_at: float | None = 0.0

    def set(self, at: float) -> None:
        """Stand at that instant: what was before a power cut goes on from there."""
        self._held_at = at

    def start(self) -> None:
        """Run from where it stands. Until then it stands still, so that getting ready takes no time."""
        self._anchor = (self._source(), self.now(), self.speed)
        self._held_at = None

    def now(self) -> float:
        """The instant it is, in whole milliseconds."""
        held_at = self._held_at
        return self._running() if held_at is None else held_at

    def wait_s(self, until: float) -> float:
        """Seconds of the real world until that instant; 0 when it has passed, and long enough where time stands."""
        left_s = between(self._running(), until)
        if left_s <= 0:
            return 0.0
        return left_s / self.speed if self.speed else _STANDS_S

    @property
    def speed(self) -> float:
        """Seconds of the device in one of the world; 0 while it stands."""
        return self._anchor[2]

    @speed.setter
    def speed(self, speed: float) -> None:
        self._anchor = (self._source(), self._running(), speed)

    def jump(self, at: float) -> None:
        """Run on from that later instant."""
        self._anchor = (self._source(), at, self.speed)
        self._held_at = None

    @contextmanager
    def holding(self, at: float) -> Iterator[None]:
        """Stand at `at` for a moment, so that what a recorded hand does is stamped with its recorded time."""
        self._held_at = at
        try:
            yield
        finally:
            self._held_at = None

    def _running(self) -> float:
        began, at, speed = self._anchor
        return whole(at + (self._source() - began) * speed)


class RecordedClock:
    """A clock that is where it is put: the time of a replay."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        """The instant of the recording that is being played."""
        return self.at

    def wait_s(self, until: float) -> float:  # noqa: ARG002 - a recording waits for nobody
        """Always 0."""
        return 0.0


_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemWall:
    """The computer's own clock."""

    watched = True

    def __init__(self) -> None:
        self._is_right = False

    @property
    def is_right(self) -> bool:
        """Somebody has told it the time. Hours later, offline, the kernel takes its word back; no harm is done."""
        self._is_right = self._is_right or told_by() is not None
        return self._is_right

    def reads(self, now: float) -> datetime | None:  # noqa: ARG002 - it knows by itself
        """The local time now."""
        # Else a zone that is changed while the device runs would never be noticed.
        time.tzset()
        return datetime.now().astimezone()

    def mark(self, now: float) -> Mark:
        """The present instant on every clock there is."""
        boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else ""
        return Mark(now, boot, time.monotonic(), self.reads(now) if self.is_right else None)


class DeskWall:
    """A wall clock that runs with the device's clock from the moment it is set, however fast that one runs."""

    watched = False

    def __init__(self) -> None:
        self._set: tuple[float, datetime] | None = None
        self.is_right = True
        """A replay takes this away after a power cut of unknown length."""

    def set(self, at: float, shows: datetime) -> None:
        """It reads this from `at` on."""
        self._set = (at, shows)

    def reads(self, now: float) -> datetime | None:
        """The time by this clock; None until it is set."""
        if self._set is None:
            return None
        at, shows = self._set
        return shows + timedelta(seconds=between(at, now))

    def mark(self, now: float) -> Mark:
        """The present instant; a desk knows of no boots."""
        return Mark(now, reads=self.reads(now) if self.is_right else None)
