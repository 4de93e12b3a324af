"""One snapshot of how things stand: what the screens draw from, and what tests and the log can read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from device.languages.screen_words import Vocabulary
from device.mind.rules import Mode, Push
from device.settings.settings import Settings
from device.stages.tally import Figures
from device.stretches.steps import Step
from device.stretches.stretch import Stretch
from device.words.facts import OfficeOffered

SAFETY = ("stop", "pull", "breathe", "steady")
"""The cards of safety, in the order in which they are read."""


class Owed(Enum):
    """Which break the present sitting time owes."""

    INVITE = "invite"
    DUE = "due"


class SeatTrouble(Enum):
    """What is wrong with the seat."""

    LOST = "lost"
    UNCALIBRATED = "uncalibrated"
    WORN = "worn"
    """The pad may be pressed together for good; it is heard all the same."""
    LOOSE = "loose"
    """A wire may be loose; it is heard all the same."""

    @property
    def is_doubt(self) -> bool:
        """The seat reports what no person does."""
        return self in (SeatTrouble.WORN, SeatTrouble.LOOSE)


class Notice(Enum):
    """A message for a few seconds, or until a finger comes down. It never covers a screen that waits for a press."""

    THANKS = "thanks"
    GREETING = "greeting"
    LEFT_OUT = "left out"
    """The stretch is left out from now on."""
    CONNECTED = "connected"
    """A phone is connected."""
    CODE_SPENT = "code spent"
    """The code to connect a phone counts no more."""
    PHONES_FORGOTTEN = "phones forgotten"
    JOURNAL_IN_MEMORY = "journal in memory"
    """What is noted is forgotten at the next start."""
    JOURNAL_UNWRITTEN = "journal unwritten"
    JOURNAL_ANEW = "journal begun anew"
    PRESET_TAKEN = "preset taken"
    """Somebody has taken the preset that the office suggests."""


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What connects a phone for two minutes. No `repr` says it."""

    address: str
    """The page's name and port."""
    letters: str = field(repr=False)
    is_wifi: bool = False
    """They are name and password of the device's own Wi-Fi, and connect a phone for as long as that is open."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that waits for an answer."""

    topic: str
    nth: int
    """Which answer is shown. For the conditions, 0 asks whether any of them applies."""
    tongues: tuple[Vocabulary, ...]
    """The words of every language, in the order of their answers."""


@dataclass(frozen=True, slots=True)
class GuideSnapshot:
    """Where the guide is."""

    step: Step
    began: float
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a screen may need. Instants are monotonic seconds."""

    settings: Settings
    language: str
    """The language in use, by its two letters."""
    words: Vocabulary
    now: float
    mode: Mode
    owed: Owed | None
    seated: bool
    seat: SeatTrouble | None
    """What is wrong with the seat; None for nothing."""
    settles_at: float | None
    """When the pad's level will be believed; None if it is already."""
    sitting_s: float
    invited_at: float | None
    press: Push | None
    """What a press of the button would do now; None for nothing."""
    hold: Push | None
    afar: Push | None
    """What a press that is ordered would do now."""
    lapses_at: float | None
    """When the present mode ends by itself."""
    ends_at: float | None
    """When a paused guide ends unless somebody rises."""
    off_at: float | None
    """When the panel may go dark; None while somebody sits or seems to have sat since the start."""
    counts_at: float | None
    """When the present absence counts as a full break; None without an absence."""
    rested: bool
    """The present absence already counts as a full break."""
    short_at: float | None
    """When a short break is offered if nothing changes; None for never."""
    short_offered: bool
    """A short break is on offer."""
    briefly_rested: bool
    """The present absence already counts as the short break that was offered."""
    move_at: float | None
    """When the panel offers to move if the chair stays empty; None for never."""
    muted_until: float | None
    muted_till: datetime | None
    """`muted_until` by the wall clock; None if that isn't known."""
    enough: bool
    """It is enough for today: no sound and no offers."""
    back_on: date | None
    """The day until which somebody is away: no sound and no offers. None if nobody is."""
    off_hours: bool
    """It is outside of the person's hours: no sound and no offers."""
    in_meeting: bool
    """A meeting is on in which nothing sounds."""
    meeting_till: datetime | None
    """When the present meeting ends, whether or not something sounds in it; None without one."""
    plan: str
    """The name of the plan in force; empty for none."""
    quiet: bool
    reminder_at: float | None
    """When the next reminder may sound; None for never."""
    felt: bool
    holds_on: bool
    """The finger is still down after a hold, and a long hold would mean something."""
    at_hand: Stretch | None
    """The stretch that the guide showed when a finger last came down; None outside the guide."""
    left_out: tuple[str, ...]
    """The ids of the stretches that the person has left out."""
    spared: tuple[str, ...]
    """The conditions chosen at the device. Stretches that are wrong with one of them never come."""
    button_stuck: bool
    dims_at: float | None
    """When an unanswered question shrinks to a mark; None if nothing is asked."""
    notice: Notice | None
    notice_until: float
    today: Figures
    """Those of the person in force."""
    chair_today_s: float
    """Today's seated time of all who have sat on the chair."""
    last_day: Figures | None
    first_stretch: Stretch | None
    """The stretch that a routine would begin with now; None if no stretches are left."""
    guide: GuideSnapshot | None
    asked: Asked | None
    code: ShownCode | None
    """The code by which a phone can be connected; None while there is none."""
    phone: str
    """The name of the phone that was connected last; empty for none."""
    safety_nth: int
    """Which card of safety waits for a press: 0 is the first."""
    who: str | None
    """The name that is held out while the device asks who sits; None if it doesn't ask."""
    person: str
    """Who sits now, or sat last, if the chair is shared; else empty."""
    office: OfficeOffered | None
    """The preset that the office suggests and nobody has answered; None for none."""
    office_asked: bool
    """The panel has asked about it today."""

    @property
    def no_offers(self) -> bool:
        """Whether no break is offered or called."""
        return self.enough or self.off_hours or self.back_on is not None
