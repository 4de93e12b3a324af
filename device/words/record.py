"""The contents of the journal for readers: runs of the device, and days as spans of sitting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter

from device.words.facts import Choice, Fact
from device.words.zones import LocalTime, Zones


@dataclass(frozen=True, slots=True)
class Run:
    """The device from a start to its end of any kind. If it resumed, instants go on from the run before."""

    facts: Sequence[Fact]
    """In the order in which they were noted."""
    began_s: float
    seen_s: float
    """The last instant at which the device is known to have run."""
    seated_till_s: float | None
    """Until when the person who sat at the end is known to have sat; None if nobody did."""
    clock_reads: datetime
    """The wall clock at `seen_s`. A Pi starts with a stale clock, so the last reading dates the whole run."""
    about: bool = False
    """The clock was never right in this run, so its dates are guesses."""

    zones: Zones = ()
    """How far local time was ahead of UTC; if empty, the offset of `clock_reads` counts."""

    @property
    def local(self) -> LocalTime:
        """The dates of the run."""
        return LocalTime(self.seen_s, self.clock_reads, self.zones)

    def when(self, t: float) -> datetime:
        """The local time of an instant."""
        return self.local.when(t)


Span = tuple[float, float]
"""From when until when, in seconds since the midnight of a local day as clocks showed them."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A local day. No span reaches beyond it, and a change of the clocks splits a span in two."""

    day: date
    seated_s: float
    seated: tuple[Span, ...]
    """When somebody sat; at least one span."""
    doubtful: tuple[Span, ...]
    """The parts of `seated` in which it is doubtful whether a person sat there."""
    gaps: tuple[Span, ...]
    """When nobody sat, between two sittings."""
    moments: tuple[tuple[float, str], ...]
    """The times and names of facts: when breaks fell due, full breaks came, reminders sounded and it was enough."""
    about: bool
    """The clock wasn't right, so it may have been another day."""
    away: bool = False
    """Somebody had said that they were away. Streaks pass over such a day."""

    @property
    def begins_s(self) -> float:
        """When the first sitting began."""
        return min(self.seated)[0]

    @property
    def ends_s(self) -> float:
        """When the last sitting ended."""
        return max(self.seated, key=itemgetter(1))[1]


@dataclass(frozen=True, slots=True)
class Kept:
    """All that a journal has of a run."""

    run: Run
    inputs: Sequence[tuple[float, str, str]]
    """Instant, input and value, as in a day file."""
    settings: str
    """The lines of the settings in force, as `--set` takes them."""
    unsure_s: float = 0.0
    """For how many seconds the run before may have gone on after its last known instant."""
    choices: Sequence[Choice] = ()
    """What had been chosen before the first kept run."""
