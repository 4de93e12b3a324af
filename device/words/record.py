"""What the journal has kept, as others read it: runs of the device, and days as spans of sitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from device.words.effects import Fact
from device.words.zones import LocalTime, Zones


@dataclass(frozen=True, slots=True)
class Run:
    """The device from one start to its end, however that came. If it resumed, instants go on from the run before."""

    facts: Sequence[Fact]
    """In the order they were said."""
    began_s: float
    seen_s: float
    """How far it is known to have come."""
    seated_till_s: float | None
    """Till when whoever sat then is known to have sat."""
    clock_reads: datetime
    """The time of day at `seen_s`. A Pi starts with a stale clock, so the last reading dates the whole run."""
    about: bool = False
    """The clock was never right in this run; its dates are guesses."""

    zones: Zones = ()
    """How far local time was ahead of UTC; none means as far as `clock_reads` says."""

    @property
    def local(self) -> LocalTime:
        """Its dates."""
        return LocalTime(self.seen_s, self.clock_reads, self.zones)

    def when(self, t: float) -> datetime:
        """The local time of an instant."""
        return self.local.when(t)


Span = tuple[float, float]
"""From when till when, in seconds since the midnight of a local day, as clocks showed them."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A local day from morning to evening. No span leaves its day, and one that a change of clocks cuts is two."""

    day: date
    seated_s: float
    seated: tuple[Span, ...]
    """When somebody sat; at least once."""
    doubtful: tuple[Span, ...]
    """When it is doubtful that it was a person who sat: parts of these."""
    gaps: tuple[Span, ...]
    """When nobody did, between two sittings."""
    moments: tuple[tuple[float, str], ...]
    """When a break was due, a full one reached, and a reminder sounded: the facts of these names."""
    about: bool
    """The clock wasn't right: it may have been another day."""

    @property
    def begins_s(self) -> float:
        """When the first sitting began."""
        return min(since for since, _ in self.seated)

    @property
    def ends_s(self) -> float:
        """When the last one ended."""
        return max(until for _, until in self.seated)


@dataclass(frozen=True, slots=True)
class Kept:
    """All that a journal kept of a run."""

    run: Run
    inputs: Sequence[tuple[float, str, str]]
    """Instant, input and value, as a day file has them."""
    settings: str
    """The lines of those in force, as `--set` takes them."""
    unsure_s: float = 0.0
    """So much longer the device before may have lived than it is known to."""
    choices: Sequence[Fact] = ()
    """What had been chosen before the first run that is kept."""
