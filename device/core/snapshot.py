"""One snapshot of how things stand: what the screens draw from, and what tests and the log can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from device.core.rules import Mode, Push
from device.languages.screen_words import Vocabulary
from device.settings.settings import Settings
from device.stages.tally import Figures
from device.stretches.steps import Step
from device.stretches.stretch import Stretch


class Owed(Enum):
    """Which break the present sitting time owes."""

    INVITE = "invite"
    DUE = "due"


class Notice(Enum):
    """Something told for a few seconds, until a finger comes down; a screen that waits for a press is never covered."""

    THANKS = "thanks"
    GREETING = "greeting"
    LEFT_OUT = "left out"
    """Never this stretch again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that waits for an answer."""

    topic: str
    nth: int
    """Which answer is shown; of the conditions 0 stands for any of them."""
    tongues: tuple[Vocabulary, ...]
    """The words of every language, in the order of their answers."""


@dataclass(frozen=True, slots=True)
class GuideStatus:
    """Where the guide is."""

    step: Step
    began: float
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Status:
    """Everything a screen may need. Instants are monotonic seconds."""

    settings: Settings
    words: Vocabulary
    now: float
    mode: Mode
    owed: Owed | None
    seated: bool
    settles_at: float | None
    """When the pad's level will be believed; None while it is."""
    sitting_s: float
    invited_at: float | None
    press: Push | None
    """What a press of the button would do now; None for nothing."""
    hold: Push | None
    lapses_at: float | None
    """When the present mode ends by itself."""
    ends_at: float | None
    """When a paused guide ends unless somebody rises."""
    off_at: float | None
    """When the panel may go dark; None while somebody sits, or seems to have sat all the time since the start."""
    counts_at: float | None
    """When the present absence counts as a full break; None while nobody is off the chair."""
    rested: bool
    """The present absence counts."""
    muted_until: float | None
    muted_till: datetime | None
    """The same by the wall clock, where that is known."""
    quiet: bool
    reminder_at: float | None
    """When the next reminder may sound; None for never."""
    felt: bool
    holds_on: bool
    """The finger stays down after a hold that may become a long one, for the stretch at hand."""
    at_hand: Stretch | None
    """The stretch that the guide showed when a finger last came down; None outside of a guide."""
    left_out: tuple[str, ...]
    """The ids of the stretches of which somebody said: never this one."""
    spared: tuple[str, ...]
    """The conditions that were chosen at the device: no stretch comes that is wrong with one of them."""
    button_stuck: bool
    dims_at: float | None
    """When a question that nobody answers makes way for a mark; None where nothing is asked."""
    notice: Notice | None
    notice_until: float
    today: Figures
    last_day: Figures | None
    first_stretch: Stretch | None
    """What a routine would begin with now; None when no stretches are left to offer."""
    guide: GuideStatus | None
    asked: Asked | None
