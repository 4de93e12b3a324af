"""The effects that go out: what to show, to sound and to note. They are plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from device.body.figure import Figure
from device.words.events import Event
from device.words.facts import Fact
from device.words.levels import Thresholds


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
    """A question waits for an answer, or the seat isn't trusted; a touch of the button brings it back.

    What the office suggests comes back on another day.
    """


@dataclass(frozen=True, slots=True)
class Dark:
    """Panel off."""


@dataclass(frozen=True, slots=True)
class Card:
    """Text to read at the desk: a title, up to four lines of 21 characters, and what the button does."""

    title: str
    lines: tuple[str, ...]
    footer: str = ""
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class BigNumber:
    """One big number, with its meaning above, beside and below it."""

    heading: str
    number: str
    unit: str
    caption: str = ""
    progress: float | None = None
    """How full the bar at the bottom is, 0 to 1; None draws no bar."""
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class BigWords:
    """A few words on the whole screen: up to three lines of 10 characters, and one small line to read at the desk."""

    lines: tuple[str, ...]
    small: str = ""
    marks: frozenset[Mark] = frozenset()
    stands: bool = False
    """It may stay for hours. Its letters are often smaller, so that they can move about and don't burn in."""


@dataclass(frozen=True, slots=True)
class Moving:
    """A figure and its place in its loop. This depends on time alone, so a replay draws the same frames."""

    figure: Figure
    other_side: bool
    """It moves the person's left side; figures are made for the right one."""
    since: float
    """When the loop began, in monotonic seconds."""
    frozen_s: float | None = None
    """The second of the loop at which the figure stands still; None if it moves."""

    def elapsed_s(self, now: float) -> float:
        """Seconds into the movement at `now`."""
        return now - self.since if self.frozen_s is None else self.frozen_s


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the guide says before a movement, to read standing: up to three lines, alone or beside the figure."""

    lines: tuple[str, ...]
    part: str = ""
    """The number of this stretch in the routine, such as `2/5`."""
    clock: str = ""
    """The clock of the break, such as `break 1:23`; after a full break, that the break is done."""
    moving: Moving | None = None
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class Movement:
    """The guide during a movement: figure, cue word, count, progress and the clock of the break."""

    moving: Moving
    count: str
    """Seconds or repetitions left, with their unit, such as `12 s` or `3x`."""
    clock: str
    part: str = ""
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True)
class Connect:
    """How to connect a phone: the page's address and a code, in letters and as a QR code. No `repr` says the code."""

    address: str
    """The page's name and port, such as `unsit.local:8016`; empty while there is no code yet."""
    code: str = field(repr=False)
    footer: tuple[str, ...] = ()
    """What the button does, in short lines."""
    marks: frozenset[Mark] = frozenset()
    is_wifi: bool = False
    """It connects the phone with the device's own Wi-Fi: they are that one's name and password."""


Screen = Dark | Card | BigNumber | BigWords | Instruction | Movement | Connect


class Cue(Enum):
    """The meaning of a sound. The buzzer decides how it sounds."""

    REMINDER = "reminder"
    CHANGE_SIDE = "change_side"
    GUIDE_END = "guide_end"
    SHORT_OFFER = "short"


@dataclass(frozen=True, slots=True)
class Show:
    """What the panel shows from now on."""

    screen: Screen


@dataclass(frozen=True, slots=True)
class Play:
    """Sound a cue, which replaces one that still sounds."""

    cue: Cue
    nth: int = 1
    """The number of the reminder in this sitting time. Each one is a little longer than the one before."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Stop all sound now."""


@dataclass(frozen=True, slots=True)
class Note:
    """Note a fact."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that came in, for parts that keep events."""

    event: Event


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand, as levels. They hold until the next Standing."""

    mode: str
    """The name of the mode: `watching`, `due`, `guiding` and so on."""
    seated: bool
    owed: str | None
    """The break that the sitting time owes: `invite`, `due` or None."""
    rested: bool
    """The chair has been empty for a full break."""
    muted: bool
    quiet: bool
    """These are quiet hours."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How things stand from now on; sent at the start and after each change."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class Adjust:
    """The thresholds by which the seat tells taken from empty, from now on: its levels have drifted."""

    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class OpenPairing:
    """A code is wanted, by which a phone can be connected. `PairingOpened` answers it."""


@dataclass(frozen=True, slots=True)
class ClosePairing:
    """The code counts no more: its card is gone."""


@dataclass(frozen=True, slots=True)
class ForgetPhones:
    """No phone is connected any more."""


@dataclass(frozen=True, slots=True)
class TakePreset:
    """Somebody takes this preset, which the office suggested. `Changed` answers it."""

    preset: str


Effect = Show | Play | Silence | Note | Heard | Stand | Adjust | OpenPairing | ClosePairing | ForgetPhones | TakePreset
