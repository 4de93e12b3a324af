"""The facts: what the device notes about the person and about itself. docs/facts.md says when."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

from device.words.fact_form import (
    Count,
    Difference,
    Flag,
    Fraction,
    FractionOrNone,
    Instant,
    InstantOrNone,
    Plain,
    Text,
)
from device.words.instants import HOUR_S

_PUT_OFF_S = 24 * HOUR_S
"""Longer than any mute or snooze that the settings allow, in seconds."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What all facts have in common. Each kind of fact is one class."""

    name: ClassVar[str]
    """The name in files. This is the only place where it is written."""
    t: float
    """When it became true, which may be earlier than `said`; in monotonic seconds."""
    said: float
    """When the device knew, in monotonic seconds."""
    more: tuple[tuple[str, Plain], ...] = field(default=(), kw_only=True)
    """Details that this Unsit doesn't know, but keeps."""

    def agrees(self) -> bool:
        """Whether the details agree with each other."""
        return True


@dataclass(frozen=True, slots=True)
class OtherFact(Fact):
    """A fact from a newer or older Unsit. This one keeps it, but knows only its name."""

    called: str
    details: Mapping[str, Plain]

    @property
    def name(self) -> str:  # type: ignore[override]  # the others have the same name in every fact
        return self.called


# ---- on and off the chair


class Sat(Fact):
    """Somebody sits."""

    __slots__ = ()
    name = "sat"


class Left(Fact):
    """They have left."""

    __slots__ = ()
    name = "left"


@dataclass(frozen=True, slots=True)
class Bout(Fact):
    """A bout is over."""

    name = "bout"
    start: Instant
    seated_s: Instant

    def agrees(self) -> bool:
        return self.start <= self.t


class FullBreak(Fact):
    """The chair has been empty for a full break."""

    __slots__ = ()
    name = "full_break"


@dataclass(frozen=True, slots=True)
class Stuck(Fact):
    """Seat or button haven't changed for too long."""

    name = "stuck"
    SEAT: ClassVar[str] = "seat"
    BUTTON: ClassVar[str] = "button"
    what: Text
    since: InstantOrNone = None
    """When the seat last changed; None for the button."""

    @property
    def doubted_since(self) -> float | None:
        """Since when it is doubtful who sits there; None if this is about the button."""
        return self.since if self.what == self.SEAT else None

    def agrees(self) -> bool:
        return self.what != self.SEAT or (self.since is not None and self.since <= self.t)


class Answered(Fact):
    """A press says that a person sits there."""

    __slots__ = ()
    name = "answered"


class BoutForgotten(Fact):
    """Somebody said that it wasn't them. The journal has it in place of what was deleted."""

    __slots__ = ()
    name = "forgotten"


# ---- the break


@dataclass(frozen=True, slots=True)
class _BreakOwed(Fact):
    """The sitting time owes a break."""

    sitting_s: InstantOrNone = None
    """The sitting time; None if a file doesn't have it."""


class Invited(_BreakOwed):
    """The panel offers a break."""

    __slots__ = ()
    name = "invite"


class FellDue(_BreakOwed):
    """A break falls due."""

    __slots__ = ()
    name = "due"


@dataclass(frozen=True, slots=True)
class ShortOffered(Fact):
    """The panel offers a short break."""

    name = "short_offer"
    seated_s: InstantOrNone = None
    """Seated seconds since the last short break or offer of one; None if a file doesn't have it."""


class ShortTaken(Fact):
    """The chair has been empty for the short break that was offered."""

    __slots__ = ()
    name = "short_break"


@dataclass(frozen=True, slots=True)
class MoveOffered(Fact):
    """The panel offers to move, to somebody who has long been off the chair."""

    name = "move_offer"
    empty_s: InstantOrNone = None
    """For how many seconds the chair has been empty; None if a file doesn't have it."""


@dataclass(frozen=True, slots=True)
class Sounded(Fact):
    """A reminder sounds."""

    name = "sound"
    cue: Text
    nth: Count


class Acknowledged(Fact):
    """A press asks for the break."""

    __slots__ = ()
    name = "acknowledged"


@dataclass(frozen=True, slots=True)
class _PutOff(Fact):
    """Something waits until an instant."""

    until: Instant

    def agrees(self) -> bool:
        return self.said <= self.until <= self.said + _PUT_OFF_S


@dataclass(frozen=True, slots=True)
class Snoozed(_PutOff):
    """A hold puts the break off."""

    name = "snoozed"
    nth: Count


class Muted(_PutOff):
    """Sound goes off."""

    __slots__ = ()
    name = "muted"


class Unmuted(Fact):
    """Sound is on again."""

    __slots__ = ()
    name = "unmuted"


class Enough(Fact):
    """No sound and no offers until the day closes, or until sound is on again."""

    __slots__ = ()
    name = "enough"


class OffHours(Fact):
    """The person's hours are over: no sound and no offers."""

    __slots__ = ()
    name = "off_hours"


class OnHours(Fact):
    """The person's hours have begun."""

    __slots__ = ()
    name = "on_hours"


@dataclass(frozen=True, slots=True)
class InMeeting(Fact):
    """A meeting is on, so there is no sound."""

    name = "meeting"
    until: Instant
    began: Text
    """Which meeting it is: when it began, as a date and time in UTC."""


class MeetingOver(Fact):
    """There is no meeting any more."""

    __slots__ = ()
    name = "meeting_over"


@dataclass(frozen=True, slots=True)
class MeetingOff(Fact):
    """Somebody wants sound in this meeting."""

    name = "meeting_off"
    began: Text


@dataclass(frozen=True, slots=True)
class PlanChanged(Fact):
    """Another plan is in force."""

    name = "plan"
    plan: Text
    """Its name; empty for none."""


class StretchWanted(Fact):
    """The page, or a press from afar, asks for a stretch, as soon as the chair empties."""

    __slots__ = ()
    name = "stretch_wanted"


@dataclass(frozen=True, slots=True)
class BreakHonoured(Fact):
    """An absence that began while a break was owed has become a full break."""

    name = "break_honoured"
    after: Text
    """What was owed: `invite` or `due`."""
    rose_after_s: InstantOrNone = None
    """Seconds from due to rising; None if nothing was due, or the fact is from an older version."""

    @property
    def was_due(self) -> bool:
        """The break was due, not only offered."""
        return self.after == FellDue.name


@dataclass(frozen=True, slots=True)
class BreakCutShort(Fact):
    """An absence that began while a break was owed has ended too soon."""

    name = "break_cut_short"
    after: Text


# ---- the guide


@dataclass(frozen=True, slots=True)
class GuideStarted(Fact):
    """The guide begins."""

    name = "guide_started"
    asked: Flag
    """A press asked for it."""


@dataclass(frozen=True, slots=True)
class _Moved(Fact):
    """A fact about a movement in the guide."""

    stretch: Text
    """The id of the stretch."""
    side: Text


class StretchStarted(_Moved):
    """A movement begins."""

    __slots__ = ()
    name = "stretch_started"


class StretchDone(_Moved):
    """A movement has been shown to its end, to somebody who followed it."""

    __slots__ = ()
    name = "stretch_done"


class StretchShown(_Moved):
    """A movement has been shown to its end, but nobody asked for it."""

    __slots__ = ()
    name = "stretch_shown"


@dataclass(frozen=True, slots=True)
class GuideEnded(Fact):
    """The guide is over."""

    name = "guide_ended"
    DONE: ClassVar[str] = "done"
    SKIPPED: ClassVar[str] = "skipped"
    FINISHED: ClassVar[str] = "finished"
    SAT_DOWN: ClassVar[str] = "sat_down"
    POWER_CUT: ClassVar[str] = "power_cut"
    how: Text


# ---- choices


class SafetySeen(Fact):
    """Somebody has put away the stop-if-it-hurts card."""

    __slots__ = ()
    name = "safety_seen"


class ConnectSeen(Fact):
    """The panel has shown how to connect a phone, so it doesn't show that by itself any more."""

    __slots__ = ()
    name = "connect_seen"


@dataclass(frozen=True, slots=True)
class TopicChosen(Fact):
    """Somebody answers a question of the first start."""

    name = "chosen"
    what: Text
    value: Text


@dataclass(frozen=True, slots=True)
class PersonChosen(Fact):
    """Another person sits, from the beginning of the bout on, or from now on if the chair is empty."""

    name = "person"
    person: Text
    """Their name; empty once nobody is named any more."""
    before: Text
    """Who it was until then; empty for nobody named. So each fact tells of the time before it, too."""


@dataclass(frozen=True, slots=True)
class _OfStretch(Fact):
    """A fact about a stretch, on either side."""

    stretch: Text
    """The id of the stretch."""


class StretchNever(_OfStretch):
    """Somebody never wants to see a stretch again."""

    __slots__ = ()
    name = "stretch_never"


class StretchAgain(_OfStretch):
    """Somebody allows a stretch again."""

    __slots__ = ()
    name = "stretch_again"


FARTHEST = timedelta(days=366)
"""Nobody says that they are away for longer. A clock by which they would be is wrong."""


@dataclass(frozen=True, slots=True)
class Away(Fact):
    """Somebody is away until a date: no sound and no offers. Or they are back."""

    name = "away"
    until: Text
    """The first day on which they are back, such as 2027-01-07; empty if they are back already."""

    @property
    def back_on(self) -> date | None:
        """That day; None if they are back already."""
        return date_of(self.until)

    def agrees(self) -> bool:
        return not self.until or date_of(self.until) is not None


def date_of(text: str) -> date | None:
    """The date in the only form in which facts have it, such as 2027-01-07; None if the text is none."""
    with suppress(ValueError):
        found = date.fromisoformat(text)
        return found if found.isoformat() == text else None
    return None


@dataclass(frozen=True, slots=True)
class _OfOffer(Fact):
    """A fact about a preset that the office suggests."""

    offer: Text
    """The id by which the office names it."""


@dataclass(frozen=True, slots=True)
class OfficeOffered(_OfOffer):
    """The office suggests a preset. Nothing changes unless somebody at the desk takes it."""

    name = "office_offer"
    preset: Text
    by: Text
    """Who suggests it, as the panel says it."""
    till: Text
    """The last day on which it may be taken."""

    def agrees(self) -> bool:
        return date_of(self.till) is not None


@dataclass(frozen=True, slots=True)
class OfficeAsked(_OfOffer):
    """The panel asks whether somebody takes it, which it does by itself once a day at the most."""

    name = "office_asked"
    day: Text

    def agrees(self) -> bool:
        return date_of(self.day) is not None


@dataclass(frozen=True, slots=True)
class OfficeAnswered(_OfOffer):
    """Somebody takes it or doesn't want it, so it is never asked about again. The office isn't told."""

    name = "office_answer"
    taken: Flag


Choice = (
    SafetySeen
    | ConnectSeen
    | TopicChosen
    | StretchNever
    | StretchAgain
    | PersonChosen
    | Away
    | OfficeOffered
    | OfficeAsked
    | OfficeAnswered
)
"""A fact that holds until there is another about the same."""
CHOICES: tuple[type[Choice], ...] = (
    *(SafetySeen, ConnectSeen, TopicChosen, StretchNever, StretchAgain),
    *(PersonChosen, Away),
    *(OfficeOffered, OfficeAsked, OfficeAnswered),
)


# ---- the device


@dataclass(frozen=True, slots=True)
class Resumed(Fact):
    """The device is on again after a time without power."""

    name = "resumed"
    cut_at: Instant
    """The last instant at which it is known to have been on."""
    seated_till: InstantOrNone
    """Until when somebody is known to have sat; None if nobody did."""

    def agrees(self) -> bool:
        return self.cut_at <= self.t and (self.seated_till is None or self.seated_till <= self.cut_at)


@dataclass(frozen=True, slots=True)
class PowerCut(Fact):
    """The device knows for how long it was off."""

    name = "power_cut"
    off_s: Instant
    counts: Flag
    """It was a full break."""
    new_day: Flag
    """There was a midnight in between."""


@dataclass(frozen=True, slots=True)
class ClockStepped(Fact):
    """The wall clock jumped against the monotonic one."""

    name = "clock_stepped"
    by_s: Difference


class SeatLost(Fact):
    """The sensor gives no level, so the device knows nothing about the chair."""

    __slots__ = ()
    name = "seat_lost"


@dataclass(frozen=True, slots=True)
class SeatBack(Fact):
    """The sensor gives a level again."""

    name = "seat_back"
    lost_s: Instant
    """For how many seconds there was no level."""
    counts: Flag
    """That was a full break for a person who sat before."""


@dataclass(frozen=True, slots=True)
class SeatDrifted(Fact):
    """What the seat reads empty and seated has changed slowly, and the thresholds with it."""

    name = "seat_drifted"
    empty: Fraction
    seated: Fraction
    from_empty: FractionOrNone = None
    """What the calibration said that they have drifted from; None if a file doesn't have it."""
    from_seated: FractionOrNone = None
    calibrated: Text = ""
    """When that was calibrated, as a date; empty if the settings say the levels."""

    def agrees(self) -> bool:
        return self.empty < self.seated


@dataclass(frozen=True, slots=True)
class SeatDoubted(Fact):
    """The seat reports what no person can do."""

    name = "seat_doubted"
    WORN: ClassVar[str] = "worn"
    """Taken for a day without a lift: the pad may be pressed together."""
    LOOSE: ClassVar[str] = "loose"
    """It jumps or chatters more than a person can make it: a wire may be loose."""
    why: Text
    since: Instant

    def agrees(self) -> bool:
        return self.since <= self.t


class SeatTrusted(Fact):
    """The seat behaves normally again."""

    __slots__ = ()
    name = "seat_trusted"


class PanelLost(Fact):
    """The panel stops answering."""

    __slots__ = ()
    name = "panel_lost"


class PanelBack(Fact):
    """The panel answers again."""

    __slots__ = ()
    name = "panel_back"


KINDS: Mapping[str, type[Fact]] = {
    kind.name: kind
    for kind in (
        *(Sat, Left, Bout, FullBreak, Stuck, Answered, BoutForgotten),
        *(Invited, FellDue, Sounded, Acknowledged, Snoozed, Muted, Unmuted, Enough),
        *(OffHours, OnHours, InMeeting, MeetingOver, MeetingOff, PlanChanged),
        *(StretchWanted, BreakHonoured, BreakCutShort, ShortOffered, ShortTaken, MoveOffered),
        *(GuideStarted, StretchStarted, StretchDone, StretchShown, GuideEnded),
        *CHOICES,
        *(Resumed, PowerCut, ClockStepped, SeatLost, SeatBack, SeatDrifted, SeatDoubted, SeatTrusted),
        *(PanelLost, PanelBack),
    )
}
"""Every kind of fact that this Unsit knows, by its name in files."""


def names_of(*kinds: type[Fact]) -> tuple[str, ...]:
    """The names of some kinds, for files."""
    return tuple(kind.name for kind in kinds)
