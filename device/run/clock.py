"""The clocks: the core goes by monotonic seconds; wall clocks only give dates."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from device.run.told_time import told_by
from device.words.instants import between, whole
from device.words.past import Readings

YEARS = range(2000, 2200)
"""The years that a wall clock may be set to by hand, far from the limits of `datetime`."""
_STANDS_S = 3600.0
"""How many seconds to wait while the clock is paused. If it runs again, the wait ends earlier."""


class RunningClock:
    """Seconds since the first start. At the simulated desk they run at any speed, which may change at any time."""

    def __init__(self, speed: float = 1.0, source: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        # One tuple, so that other threads never see half a change of speed.
        self._anchor = (source(), 0.0, speed)
        self._held_at: float | None = 0.0
        self._started = False

    def set(self, at: float) -> None:
        """Pause at `at`, the instant from which to go on after a power cut."""
        self._held_at = at
        self._started = False

    def start(self) -> None:
        """Run on from the present instant. Until then the clock is paused, so that the preparations take no time."""
        self._anchor = (self._source(), self.now(), self.speed)
        self._held_at = None
        self._started = True

    def now(self) -> float:
        """The present instant in seconds, rounded to milliseconds."""
        held_at = self._held_at
        return self._running() if held_at is None else held_at

    def wait_s(self, until: float) -> float:
        """Real seconds until that instant; 0 if it has passed, an hour if the clock stands."""
        # Before the start, the wait begins at the pause. Later a pause lasts only for a moment, and time goes on.
        left_s = between(self._running() if self._started else self.now(), until)
        if left_s <= 0:
            return 0.0
        return left_s / self.speed if self.speed else _STANDS_S

    @property
    def speed(self) -> float:
        """Device seconds in one real second; 0 while the clock stands."""
        return self._anchor[2]

    @speed.setter
    def speed(self, speed: float) -> None:
        self._anchor = (self._source(), self._running(), speed)

    def jump(self, at: float) -> None:
        """Run on from a later instant."""
        self._anchor = (self._source(), at, self.speed)
        self._held_at = None
        self._started = True

    @contextmanager
    def holding(self, at: float) -> Iterator[None]:
        """Pause at `at` meanwhile, so that recorded events get their recorded time."""
        self._held_at = at
        try:
            yield
        finally:
            self._held_at = None

    def _running(self) -> float:
        began, at, speed = self._anchor
        return whole(at + (self._source() - began) * speed)


class RecordedClock:
    """The clock of a replay: it stands where it is put."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        """The instant of the recording that is playing."""
        return self.at

    def wait_s(self, until: float) -> float:  # noqa: ARG002 - a recording waits for nobody
        """Return 0."""
        return 0.0


_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemWall:
    """The computer's own clock."""

    watched = True

    def __init__(self) -> None:
        self._is_right = False

    @property
    def is_right(self) -> bool:
        """Whether the clock has been told the time. After hours offline the kernel takes that back; no harm is done."""
        self._is_right = self._is_right or told_by() is not None
        return self._is_right

    def reads(self, now: float) -> datetime | None:  # noqa: ARG002 - it knows by itself
        """The local time now."""
        # Without this a change of zone while the device runs would never be noticed.
        time.tzset()
        return datetime.now().astimezone()

    def readings(self, now: float) -> Readings:
        """The present instant on every clock."""
        boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else ""
        return Readings(now, boot, time.monotonic(), self.reads(now) if self.is_right else None)


class DeskWall:
    """A wall clock that keeps the speed of the device's clock, from when it is set."""

    watched = False

    def __init__(self) -> None:
        self._set: tuple[float, datetime] | None = None
        self.is_right = True
        """A replay sets this to False after a power cut of unknown length."""

    def set(self, at: float, shows: datetime) -> None:
        """Set the clock, which reads `shows` at the instant `at`."""
        self._set = (at, shows)

    def reads(self, now: float) -> datetime | None:
        """The local time by this clock; None until it is set."""
        if self._set is None:
            return None
        at, shows = self._set
        return shows + timedelta(seconds=between(at, now))

    def readings(self, now: float) -> Readings:
        """The present instant, without a boot: a simulated desk has none."""
        return Readings(now, reads=self.reads(now) if self.is_right else None)
