"""The words that come in: what is, and since when. Every event has `at`, in monotonic seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """The chair pad's level. The same level twice is harmless; a lost edge heals with the next report."""

    at: float
    taken: bool


@dataclass(frozen=True, slots=True)
class Button:
    """The button's level, contact bounce and all."""

    at: float
    down: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing but the time; sent when a deadline has passed."""

    at: float


@dataclass(frozen=True, slots=True)
class Clock:
    """What the wall clock reads. Sent at start and after each step; it dates things and moves no seated second."""

    at: float
    shows: datetime
    """The time of day with its zone."""
    stepped_s: float = 0.0
    """How far the clock jumped against monotonic time; 0 when it is merely read."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Whether it is a time without sound. A level, like the chair's."""

    at: float
    quiet: bool


@dataclass(frozen=True, slots=True)
class DayEnded:
    """Local midnight. It splits figures and changes nothing else."""

    at: float


@dataclass(frozen=True, slots=True)
class Panel:
    """Whether the panel answers. Reported by the part that owns the bus when it changes, and at start."""

    at: float
    present: bool


@dataclass(frozen=True, slots=True)
class Power:
    """The device is on after a time without power. Sent at the start, and again if only then it turned out how long."""

    at: float
    off_s: float | None
    """How long it was off; None while nobody knows."""
    new_day: bool = False
    """A local midnight lay in between."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person has chosen elsewhere than with the button: on the page, in the terminal. A level: it is so now."""

    at: float
    name: str
    """As the fact of it is called: `stretch_never`, `stretch_again` or `safety_seen`."""
    value: str = ""
    """Which stretch."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A time of night at which parts may tidy up."""

    at: float


Event = Seat | Button | Tick | Clock | QuietHours | DayEnded | Panel | Power | Chosen | Upkeep
