"""What the device needs from its parts: inputs report levels, outputs perform effects, and all share a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    # Every command knows PartError, and few need the rest.
    from device.words.effects import Effect
    from device.words.events import Event
    from device.words.levels import Thresholds
    from device.words.past import Readings


PAIRING_S = 120.0
"""For how many seconds a code counts by which a phone can be connected, and its card stands on the panel."""


class PartError(Exception):
    """A part isn't available as the settings ask for it; the message is one line for the person who set it up."""


class NotHereError(PartError):
    """It can't be tried on this computer, or not now, whatever the settings say."""


class Unplugged(Exception):  # noqa: N818 - nothing is wrong, the plug was pulled
    """The simulated desk has lost its power; what wasn't written yet is lost."""


class Inbox(Protocol):
    """Where inputs put events; any thread may call it."""

    def put(self, event: Event) -> None: ...


class Clock(Protocol):
    """The device's monotonic seconds. At the simulated desk they may run faster than real time."""

    def now(self) -> float:
        """The present instant in seconds, rounded to milliseconds."""
        ...

    def wait_s(self, until: float) -> float:
        """Real seconds until that instant; 0 if it has passed."""
        ...


class Wall(Protocol):
    """The wall clock, which gives the date."""

    @property
    def watched(self) -> bool:
        """Whether the clock may step by itself, so that it has to be watched."""
        ...

    @property
    def is_right(self) -> bool:
        """Whether the clock has been told the time. A Pi starts with a stale time, so this may become True later."""
        ...

    def reads(self, now: float) -> datetime | None:
        """The date and time with their zone; None without a calendar."""
        ...

    def readings(self, now: float) -> Readings:
        """The present instant on every clock."""
        ...


class Input(Protocol):
    """Reports its level at the start and at each change, with the instant at which it saw the change.

    An input on a pin hears of changes and has no deadline. One that looks at intervals learns the time, as outputs do,
    and says when to call it again. It reports and heals faults and never raises them, except in `start`.
    """

    def start(self) -> None:
        """Report the present level, and each change from now on. Raises PartError if that can't be done."""
        ...

    def next_deadline(self) -> float | None:
        """When to look again, in monotonic seconds. After a None it stays None. See `LooksEarlier`."""
        ...

    def tick(self, now: float) -> None:
        """Look if it is due by `now`, report a change, and move the deadline on."""
        ...

    def close(self) -> None:
        """Report nothing any more. It may be called twice."""
        ...


@runtime_checkable
class Adjustable(Protocol):
    """Goes by thresholds."""

    def adjust(self, thresholds: Thresholds) -> None:
        """Use these thresholds, at the latest from the next look on. Any thread may call it."""
        ...


@runtime_checkable
class AnalogSeat(Input, Adjustable, Protocol):
    """An input that reads levels: it reports `SeatSensor`, `Seat` and `Level`.

    Its first thresholds are those of the settings. Without any, its seat never becomes taken.
    """

    def level(self) -> float:
        """What it reads right now, as a fraction of full scale; NaN if it doesn't answer."""
        ...


@runtime_checkable
class LooksEarlier(Protocol):
    """An input that other threads can ask to look earlier than it said. It then calls `on_earlier`."""

    on_earlier: Callable[[], None]


class Output(Protocol):
    """Performs the effects that it knows and ignores the others. It reports and heals faults and never raises them.

    Like the core it has no clock: each call gives it the time, and it says when to call it again. It runs on its own
    thread; in a replay it keeps step with the recorded day.
    """

    def perform(self, effect: Effect, now: float) -> None: ...

    def next_deadline(self) -> float | None: ...

    def tick(self, now: float) -> None:
        """Do what is due by `now`."""
        ...

    def close(self) -> None:
        """Leave everything dark and silent. It may be called twice."""
        ...
