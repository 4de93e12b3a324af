"""What the device asks of its parts: inputs that report levels, outputs that perform effects, a clock to share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from device.effects import Effect, Fact
from device.events import Event
from device.instants import whole


class PartError(Exception):
    """A part that can't be had as the settings ask for it; the message is one line for the person who set it up."""


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

    def reads(self, now: float) -> datetime | None:
        """The time of day with its zone; None where there is no calendar."""
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


@dataclass(frozen=True, slots=True)
class Run:
    """The device from one start to its end, however that came."""

    facts: Sequence[Fact]
    """In the order they were said."""
    seen_s: float
    """How far it is known to have come; whoever still sat then, sat till then."""
    clock_at: float
    """When the wall clock was read last. A Pi starts with a stale one, so the last reading dates the whole run."""
    clock_reads: datetime

    def when(self, t: float) -> datetime:
        """The local time of an instant."""
        return (self.clock_reads + timedelta(seconds=t - self.clock_at)).astimezone()

    def instant(self, when: datetime) -> float:
        """The instant of a local time."""
        return whole(self.clock_at + (when - self.clock_reads).total_seconds())
