"""What the device asks of its parts: inputs that report levels, outputs that perform effects, a clock to share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from device.effects import Effect, Fact, Heard, Note
from device.events import DayEnded, Event, Seat
from device.instants import whole
from device.zones import LocalTime, Zones


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


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant on every clock there is, so that what lies between two starts can be measured."""

    at: float
    boot: str = ""
    """Which start of the computer; empty where there is none to tell."""
    boot_s: float = 0.0
    """Seconds since then."""
    reads: datetime | None = None
    """The wall clock, where it was right."""

    def until(self, later: Mark) -> float | None:
        """Seconds from here to a mark of a later start; None where no clock has gone through."""
        if self.boot and self.boot == later.boot:
            return whole(later.boot_s - self.boot_s)
        if self.reads is None or later.reads is None or later.reads < self.reads:
            return None
        return whole((later.reads - self.reads).total_seconds())


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the device's time before this start; instants are on the line that goes on."""

    told: Sequence[Fact | DayEnded]
    """Oldest first. What lies too far back to matter may be left out."""
    seen: Mark
    """How far the device is known to have come."""
    seated_till: float | None = None
    """Till when whoever sat then is known to have sat; None when nobody did."""
    unsure_s: float = 0.0
    """So much longer the device may have lived than it is known to."""
    choices: Sequence[Fact] = ()
    """What the person has chosen, however long ago: the last fact of each choice."""


REMEMBERED = 3000
"""So many of the last facts are sure to hold the present day, the one before and the routines of some weeks."""


def worth_remembering(told: Sequence[Fact | DayEnded]) -> Sequence[Fact | DayEnded]:
    """The last of them in the order they were true, from a full break on: there all counting begins afresh."""
    last = _in_order(told[-REMEMBERED:])
    if len(told) <= REMEMBERED:
        return last
    afresh = (nth for nth, each in enumerate(last) if isinstance(each, Fact) and each.fact == "full_break")
    return last[next(afresh, 0) :]


def _in_order(told: Sequence[Fact | DayEnded]) -> list[Fact | DayEnded]:
    """Whoever left just before midnight left on that day, though it is said on the next."""
    ordered: list[Fact | DayEnded] = []
    for each in told:
        place = len(ordered)
        if isinstance(each, Fact) and each.fact == "left":
            while place and isinstance(end := ordered[place - 1], DayEnded) and each.t <= end.at:
                place -= 1
        ordered.insert(place, each)
    return ordered


class Sitting:
    """Follows how far somebody is known to sit: who is just getting up may turn out to have left already."""

    def __init__(self) -> None:
        self._seated = False
        self._emptied_at: float | None = None

    def perform(self, effect: Effect) -> None:
        """Hear the level, and what was made of it."""
        match effect:
            case Heard(event=Seat(taken=True)):
                self._emptied_at = None
            case Heard(event=Seat(at=at)) if self._emptied_at is None:
                self._emptied_at = at
            case Note(fact=Fact(fact="sat")):
                self._seated = True
            case Note(fact=Fact(fact="left" | "resumed")):
                self._seated = False

    def till(self, now: float) -> float | None:
        """Till when; None when nobody sits."""
        if not self._seated:
            return None
        return now if self._emptied_at is None else min(now, self._emptied_at)


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
