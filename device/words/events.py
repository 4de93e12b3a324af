"""The events that come in. Each has `at`, its instant in monotonic seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from device.words.instants import HOUR_S


@dataclass(frozen=True, slots=True)
class Seat:
    """The level of the chair pad. The same level twice does no harm, and the next report makes up for a lost change."""

    at: float
    taken: bool


@dataclass(frozen=True, slots=True)
class Level:
    """What an analog seat reads, beside the `Seat` that follows. It comes when it changes, and at intervals."""

    at: float
    level: float
    """A fraction of full scale, 0 to 1."""


@dataclass(frozen=True, slots=True)
class SeatSensor:
    """Whether the seat's sensor gives a level. An analog seat reports it at the start and at each change.

    While it doesn't, nobody knows whether somebody sits. When it does again, the seat reports its level again.
    """

    at: float
    present: bool


@dataclass(frozen=True, slots=True)
class Button:
    """The button's level, including contact bounce."""

    at: float
    down: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """The time alone; sent when a deadline has passed."""

    at: float


@dataclass(frozen=True, slots=True)
class ClockRead:
    """The wall clock's reading, sent at the start and after each step. It only gives dates."""

    at: float
    shows: datetime
    """The date and time with their zone."""
    stepped_s: float = 0.0
    """How many seconds the clock jumped against monotonic time; 0 if it is only read."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Whether these are quiet hours; a level, like the chair's."""

    at: float
    quiet: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """Whether it is within the person's hours; a level. It isn't told if no hours are set."""

    at: float
    within: bool


@dataclass(frozen=True, slots=True)
class PlanOn:
    """Which plan is in force; a level. It isn't told if there are no plans."""

    at: float
    plan: str
    """The plan's name; empty for none."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Whether there is a meeting now; a level. It isn't told if no calendar is read, nor trusted by a wrong clock."""

    at: float
    until: float | None
    """When the meeting ends, in monotonic seconds; None for no meeting."""
    began: str = ""
    """Which one it is: when it began, as a date and time in UTC."""


Span = tuple[datetime, datetime]
"""The beginning and the end of a meeting, both with their zone; the end is later."""


@dataclass(frozen=True, slots=True)
class MeetingsTold:
    """The meetings of the coming days, as the calendars have them now. In their place come those told next."""

    at: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class DayEnded:
    """Local midnight. It splits figures and changes nothing else."""

    at: float


@dataclass(frozen=True, slots=True)
class Panel:
    """Whether the panel answers. The part that owns the bus reports it at the start and at each change."""

    at: float
    present: bool


class JournalTrouble(Enum):
    """Why what happens now may be forgotten."""

    IN_MEMORY = "in memory"
    """The journal's folder lies in memory, so that each start begins with nothing."""
    UNWRITTEN = "unwritten"
    """It can't be written: the card is full, or takes nothing any more."""
    ANEW = "begun anew"
    """It was damaged, so it was set aside and a new one begun."""


@dataclass(frozen=True, slots=True)
class JournalKept:
    """How the journal is kept; a level. The part that writes it reports each change; at first all is well."""

    at: float
    trouble: JournalTrouble | None


@dataclass(frozen=True, slots=True)
class Power:
    """The device is on after a power cut. Sent at the start, and again if the length of the cut turns out later."""

    at: float
    off_s: float | None
    """How many seconds it was off; None if that isn't known yet."""
    new_day: bool = False
    """A local midnight lay in between."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice made on the page or in the terminal, not with the button. A level: it holds from now on."""

    at: float
    name: str
    """The name of the fact, such as `stretch_never` or `away`."""
    value: str = ""
    """The id of the stretch, or the date until which somebody is away; empty if they are back."""


LONGEST_MUTE_S = 12 * HOUR_S
"""The longest that the page may take the sound off."""


class Order(Enum):
    """What somebody can ask for without the button. None of them is a break."""

    MUTE = "mute"
    """No sound until an instant."""
    SOUND = "sound"
    """Sound again, after a mute or after enough for today."""
    ENOUGH = "enough"
    """No sound and no offers until the day closes. Counting goes on."""
    STRETCH = "stretch"
    """A stretch as soon as the chair empties."""
    TRY_SOUND = "try_sound"
    """One soft cue, to hear what it is like."""
    PRESS = "press"
    """What a press of the button would do now. It answers nothing that takes a person at the device."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order from the page or from afar, not from the button."""

    at: float
    order: Order
    until: float | None = None
    """The end of a mute, in monotonic seconds; None for the usual time."""


@dataclass(frozen=True, slots=True)
class PairingOpened:
    """There is a code by which a phone can be connected. It isn't kept anywhere, and no `repr` says it."""

    at: float
    address: str
    """The page's name and port, such as `unsit.local:8016`."""
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PairingEnded:
    """The code counts no more: it was used, or there were too many wrong tries."""

    at: float
    name: str = ""
    """The name of the phone that is connected now; empty if there is none."""


@dataclass(frozen=True, slots=True)
class OwnWifi:
    """The Wi-Fi that the device opens while it knows no other. A level; it isn't told by a device that opens none."""

    at: float
    name: str = ""
    """Empty while it isn't open."""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Changed:
    """Settings have changed while the device runs. This is for what keeps events; the core learns it otherwise."""

    at: float
    lines: tuple[str, ...]
    """The settings that differ, or that nobody has to be asked about any more, in the form that `--set` takes."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """A time of night at which parts may tidy up."""

    at: float


Event = (
    Seat
    | Level
    | SeatSensor
    | Button
    | Tick
    | ClockRead
    | QuietHours
    | Hours
    | PlanOn
    | Meeting
    | MeetingsTold
    | DayEnded
    | Panel
    | JournalKept
    | Power
    | Chosen
    | Ordered
    | PairingOpened
    | PairingEnded
    | OwnWifi
    | Changed
    | Upkeep
)
