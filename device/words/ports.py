"""What the device asks of its parts: inputs that report levels, outputs that perform effects, a clock to share."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from device.words.effects import Effect
from device.words.events import Event
from device.words.past import Mark


class PartError(Exception):
    """A part that can't be had as the settings ask for it; the message is one line for the person who set it up."""


class PowerCut(Exception):  # noqa: N818 - nothing is wrong, the plug was pulled
    """The simulated desk has no power any more: what was not yet written down is lost."""


class Inbox(Protocol):
    """Where inputs put what they see; safe to call from any thread."""

    def put(self, event: Event) -> None: ...


class Clock(Protocol):
    """Monotonic seconds of the device, which at the simulated desk may run faster than the world's."""

    def now(self) -> float:
        """The instant it is, in whole milliseconds."""
        ...

    def wait_s(self, until: float) -> float:
        """Seconds of the real world until that instant; 0 when it has passed."""
        ...


class Wall(Protocol):
    """What tells the date."""

    @property
    def watched(self) -> bool:
        """It may step without saying so."""
        ...

    @property
    def is_right(self) -> bool:
        """It has been told the time. A Pi's clock starts with a stale one, and this may be found out later."""
        ...

    def reads(self, now: float) -> datetime | None:
        """The time of day with its zone; None where there is no calendar."""
        ...

    def mark(self, now: float) -> Mark:
        """The present instant on every clock there is."""
        ...


class Input(Protocol):
    """Reports its level once at start, then at each change, with the time stamped where it was seen."""

    def start(self) -> None: ...

    def close(self) -> None: ...


class Output(Protocol):
    """Performs the effects it knows and lets the others pass. A fault is reported and healed, never raised.

    Like the core it has no clock: it is told the time, and says when it wants to be called again. At the desk
    it runs on a thread of its own, under replay in step with the recorded day.
    """

    def perform(self, effect: Effect, now: float) -> None: ...

    def next_deadline(self) -> float | None: ...

    def tick(self, now: float) -> None:
        """Do what has fallen due by `now`."""
        ...

    def close(self) -> None:
        """Leave everything dark and silent; may be called twice."""
        ...
