"""The words that go out: what to show, what to sound, what to note. Data until the last file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from device.body.figure import Figure
from device.words.events import Event


class Mark(Enum):
    """A small sign in a corner of the screen."""

    FELT = "felt"
    """The button is down and was felt."""
    MUTED = "muted"
    QUIET = "quiet"
    INVITED = "invited"
    COUNTS = "counts"
    """The chair has been empty long enough: this break counts."""
    ASKING = "asking"
    """A question waits for an answer; a touch of the button brings it back."""


@dataclass(frozen=True, slots=True)
class Dark:
    """Panel off."""


@dataclass(frozen=True, slots=True)
class Card:
    """Text that is read at the desk: a title, up to four lines of 21 characters, and what the button does."""

    title: str
    lines: tuple[str, ...]
    footer: str = ""
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class Count:
    """One big number with what it means above, beside and below it."""

    heading: str
    number: str
    unit: str
    caption: str = ""
    progress: float | None = None
    """How full the bar at the bottom is, 0 to 1; None draws no bar."""
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """A few words that have the whole screen: up to three lines of 10 characters, and one small line for the desk."""

    lines: tuple[str, ...]
    small: str = ""
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class Moving:
    """A figure and where in its loop it is: a function of time alone, so a replay draws the same frames."""

    figure: Figure
    mirrored: bool
    since: float
    """The instant the loop began, monotonic seconds."""
    frozen_s: float | None = None
    """Seconds into the loop at which it stands still; None while it moves."""

    def elapsed_s(self, now: float) -> float:
        """Seconds into the movement at `now`."""
        return now - self.since if self.frozen_s is None else self.frozen_s


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the guide says before one moves, read standing: up to three lines, alone or beside the figure."""

    lines: tuple[str, ...]
    part: str = ""
    """Which stretch of how many, as `2/5`."""
    clock: str = ""
    """The break's own clock with its meaning, as `break 1:23`; from then on that it is done."""
    moving: Moving | None = None
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class Movement:
    """The guide at work: the figure, one cue word, the count, how far it is, and the break's own clock."""

    moving: Moving
    count: str
    """Seconds or repetitions left with their unit, as `12 s` or `3x`."""
    clock: str
    part: str = ""
    marks: frozenset[Mark] = frozenset()


Screen = Dark | Card | Count | Words | Instruction | Movement


class Cue(Enum):
    """What a sound means; the buzzer decides how it sounds."""

    REMINDER = "reminder"
    CHANGE_SIDE = "change_side"
    GUIDE_END = "guide_end"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true about the person or the device, for the journal."""

    t: float
    """When it was true, back-dated; monotonic seconds."""
    said: float
    """When the device knew; monotonic seconds."""
    fact: str
    """Its name: `sat`, `left`, `due` and so on."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else there is to say: text and numbers."""


@dataclass(frozen=True, slots=True)
class Show:
    """What the panel shows from now on."""

    screen: Screen


@dataclass(frozen=True, slots=True)
class Play:
    """Sound a cue; it replaces one that still sounds."""

    cue: Cue
    nth: int = 1
    """Which reminder of this sitting time; each is a little longer than the one before."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Stop whatever sounds, now."""


@dataclass(frozen=True, slots=True)
class Note:
    """Write a fact down."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in, for those who keep it."""

    event: Event


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand, as levels: each is true until it is said anew."""

    mode: str
    """The name of the state: `watching`, `due`, `guiding` and so on."""
    seated: bool
    owed: str | None
    """Which break the sitting time owes: `invite`, `due` or none."""
    rested: bool
    """The chair has been empty for a full break."""
    muted: bool
    quiet: bool
    """It is a time without sound."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How things stand from now on. Said at the start, and whenever that has changed."""

    standing: Standing


Effect = Show | Play | Silence | Note | Heard | Stand
