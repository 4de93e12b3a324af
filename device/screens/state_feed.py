"""How things stand, for followers of the device: the name of the mode, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from device.languages.phrases import Phrases
from device.mind.rules import Mode, Push
from device.mind.snapshot import Owed, SeatTrouble, Snapshot
from device.screens.shown import short_counts_at
from device.settings.settings_file import PRESETS_S, goes_by_preset
from device.stretches.steps import StepKind
from device.stretches.stretch import Side
from device.words.instants import after, between

_SAYS = {
    Mode.STARTING: "starting: the safety card waits for a press",
    Mode.CHOOSING: "choosing: the device asks for your language and conditions",
    Mode.TODAY: "today: the day's figures are on the panel",
    Mode.CONNECTING: "connecting: how to connect a phone is on the panel",
    Mode.SHORT_OFFERED: "short break: one is on offer, silently",
    Mode.MOVE_OFFERED: "off the chair for long: to move is on offer, silently",
    Mode.OFFICE_OFFERED: "office: a preset is suggested, silently",
    Mode.INVITED: "invited: a stretch is on offer, silently",
    Mode.DUE: "due: it is time for a break",
    Mode.SNOOZED: "snoozed: put off for a while",
    Mode.ACKNOWLEDGED: "acknowledged: waiting for somebody to rise",
    Mode.GUIDING: "guiding: showing how to move",
    Mode.PAUSED: "paused: somebody sits in the middle of the guide",
    Mode.ASKING: "asking: still there?",
    Mode.WHO: "who: the device asks who sits now",
    Mode.SEAT_LOST: "seat lost: its sensor gives no level",
    Mode.UNCALIBRATED: "uncalibrated: the seat has to be calibrated first",
}

_DOUBTS = {
    SeatTrouble.WORN: "worn: the seat says taken all day, the pad may be worn",
    SeatTrouble.LOOSE: "loose: the seat jumps, a wire is loose",
}

_DUE = "a break falls due"

_DOES = {
    Push.READ_ON: "read on",
    Push.GOT_IT: "got it",
    Push.NEXT_ANSWER: "the next answer",
    Push.CHOOSE: "this answer",
    Push.TODAY: "today's figures",
    Push.SHOW: "show me",
    Push.NEXT: "next stretch",
    Push.ITS_ME: "it's me",
    Push.NEXT_NAME: "the next name",
    Push.LATER: "not now",
    Push.PUT_AWAY: "put the card away",
    Push.MUTE: "no sound for a while",
    Push.UNMUTE: "sound back on",
    Push.BACK: "back again, with sound",
    Push.END: "finish",
    Push.CONNECT: "connect a phone",
    Push.FORGET: "forget all phones",
    Push.TAKE: "take the preset",
    Push.DECLINE: "no thanks",
}


@dataclass(frozen=True, slots=True)
class Next:
    """The next thing that happens by time alone."""

    what: str
    at: float


@dataclass(frozen=True, slots=True)
class ShownStretch:
    """The stretch that the panel's figure does now."""

    stretch: str
    other_side: bool
    """It is drawn for the person's left."""
    began: float
    """When the movement began."""
    holds_s: float
    """The length of the longest hold, in seconds."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A preset that the office suggests, and what it would replace."""

    offer: str
    """The id by which an answer names it."""
    preset: str
    by: str
    till: str
    """The last day on which it may be taken."""
    invite_after_s: float
    due_after_s: float
    own: bool
    """The limits in force aren't those of a preset: it would replace numbers of one's own."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """A snapshot that consists of instants, so that it stays the same while only time passes."""

    mode: str
    """The name of the mode."""
    says: str
    seated: bool
    due: bool
    """A break is due, and no full break has come since."""
    today_since: float | None
    """When today's seated time would have begun without interruptions; None while nobody sits.

    It is that of the chair, whoever has sat on it."""
    today_s: float | None
    """Today's seated time while nobody sits."""
    seat: str | None
    """What is wrong with the seat: `lost`, `uncalibrated`, `worn` or `loose`; None for nothing."""
    sits_since: float | None
    """When the sitting time would have begun without interruptions; None while it stands still."""
    sitting_s: float | None
    """The sitting time while it stands still."""
    due_after_s: float
    counts_at: float | None
    """When the present absence counts as a full break; None without an absence."""
    full_break_s: float
    rested: bool
    """The present absence already counts as a full break."""
    stretch: str | None
    """The id of the stretch that the guide shows; None outside the guide."""
    left_out: tuple[str, ...]
    """The ids of the stretches that the person has left out."""
    spared: tuple[str, ...]
    """The conditions that were chosen at the device."""
    press: str | None
    """What a press of the button would do now; None for nothing."""
    hold: str | None
    hold_s: float
    """How long the button has to be down for a hold, in seconds."""
    next: Next | None
    sounds: bool
    """There are reminders, and there is a buzzer for them."""
    settles_at: float | None
    """When a sitting or leaving will be believed; None if pad and belief agree."""
    moves: ShownStretch | None
    """The movement that is shown."""
    muted_until: float | None
    enough: bool
    """It is enough for today: no sound and no offers until the day closes."""
    back_on: str | None
    """The date until which somebody is away: no sound and no offers until then. None if nobody is."""
    quiet: bool
    persons: tuple[str, ...]
    """The names of those who share the chair; none for one person."""
    person: str = ""
    """Who of them sits now, or sat last; empty as long as nobody has."""
    meeting_till: str | None = None
    """When the present meeting ends by the wall clock, with its zone; None without one."""
    in_meeting: bool = False
    """A meeting is on in which nothing sounds."""
    off_hours: bool = False
    """It is outside of the person's hours: no sound and no offers."""
    plan: str = ""
    """The name of the plan in force; empty for none."""
    suggested: Suggested | None = None
    """What the office suggests and nobody has answered; None for nothing."""


def feed_state(snapshot: Snapshot) -> FeedState:
    """How things stand by that snapshot."""
    till = snapshot.meeting_till
    return replace(
        _without_calendar(snapshot),
        meeting_till=None if till is None else till.isoformat(),
        in_meeting=snapshot.in_meeting,
        off_hours=snapshot.off_hours,
        plan=snapshot.plan,
        person=snapshot.person,
        suggested=_suggested(snapshot),
    )


def _suggested(snapshot: Snapshot) -> Suggested | None:
    offer, limits = snapshot.office, snapshot.settings.limits
    if offer is None:
        return None
    own = not goes_by_preset(limits, limits.preset)
    return Suggested(offer.offer, offer.preset, offer.by, offer.till, *PRESETS_S[offer.preset], own)


def _without_calendar(snapshot: Snapshot) -> FeedState:
    return FeedState(
        mode=snapshot.mode.value,
        says=_doubt(snapshot) or _SAYS.get(snapshot.mode) or _watching(snapshot),
        seated=snapshot.seated,
        due=snapshot.owed is Owed.DUE,
        today_since=_since(snapshot.chair_today_s, snapshot),
        today_s=None if snapshot.seated else snapshot.chair_today_s,
        seat=snapshot.seat and snapshot.seat.value,
        sits_since=_since(snapshot.sitting_s, snapshot),
        sitting_s=None if snapshot.seated else snapshot.sitting_s,
        due_after_s=snapshot.settings.limits.due_after_s,
        counts_at=snapshot.counts_at,
        full_break_s=snapshot.settings.limits.full_break_s,
        rested=snapshot.rested,
        stretch=snapshot.guide.step.stretch.id if snapshot.guide else None,
        left_out=snapshot.left_out,
        spared=snapshot.spared,
        press=snapshot.press and _does(snapshot.press, snapshot.mode),
        hold=snapshot.hold and _does(snapshot.hold, snapshot.mode),
        hold_s=snapshot.settings.press.hold_s,
        next=_first(_coming(snapshot)),
        sounds=snapshot.settings.buzzer.kind != "none" and bool(snapshot.settings.reminders.after_due_s),
        settles_at=snapshot.settles_at,
        moves=_moves(snapshot),
        muted_until=snapshot.muted_until,
        enough=snapshot.enough,
        back_on=None if snapshot.back_on is None else snapshot.back_on.isoformat(),
        quiet=snapshot.quiet,
        persons=snapshot.settings.persons.names,
    )


def _since(lasts_s: float, snapshot: Snapshot) -> float | None:
    """When a time that runs while somebody sits would have begun without interruptions; None while it stands still."""
    return between(lasts_s, snapshot.now) if snapshot.seated else None


def in_words(stands: FeedState, say: Phrases) -> FeedState:
    """The same in another language."""
    comes = stands.next
    return replace(
        stands,
        says=say(stands.says),
        press=stands.press and say(stands.press),
        hold=stands.hold and say(stands.hold),
        next=comes and replace(comes, what=say(comes.what)),
    )


def pushes(snapshot: Snapshot) -> str:
    """What the button would do now, in one line; empty for nothing."""
    told = {"press": snapshot.press, "hold": snapshot.hold}
    return "   ".join(f"{how}: {_does(push, snapshot.mode)}" for how, push in told.items() if push is not None)


def next_break_at(snapshot: Snapshot) -> float | None:
    """When a break falls due if nobody does anything; if none does, when the next thing comes. None for nothing."""
    coming = list(_coming(snapshot))
    comes = next((each for each in coming if each.what == _DUE), None) or _first(coming)
    return None if comes is None else comes.at


def _first(coming: Iterable[Next]) -> Next | None:
    return min(coming, key=lambda each: each.at, default=None)


def _does(push: Push, mode: Mode) -> str:
    # With today's card on the panel, a press asks for the stretch.
    return "stretch now" if push is Push.SHOW and mode is Mode.TODAY else _DOES[push]


def _moves(snapshot: Snapshot) -> ShownStretch | None:
    """The present movement; None while the guide is paused or still explains."""
    guide = snapshot.guide
    if guide is None or snapshot.mode is not Mode.GUIDING or guide.step.kind is not StepKind.MOVE:
        return None
    step = guide.step
    since, until = step.figure.held_s
    return ShownStretch(step.stretch.id, step.side is Side.LEFT, guide.began, between(since, until))


def _doubt(snapshot: Snapshot) -> str | None:
    """Why the seat isn't trusted, where nothing more urgent is to be said."""
    is_calm = snapshot.mode in (Mode.WATCHING, Mode.ASKING)
    return _DOUBTS.get(snapshot.seat) if is_calm and snapshot.seat is not None else None


def _watching(snapshot: Snapshot) -> str:
    if snapshot.settles_at is not None:
        return "watching: the chair has just been left" if snapshot.seated else "watching: somebody has just sat down"
    if snapshot.back_on is not None:
        return "watching: away until a date, no sound and no offers"
    if snapshot.enough:
        return "watching: enough for today, no sound and no offers"
    if snapshot.off_hours:
        return "watching: outside of your hours, no sound and no offers"
    if snapshot.in_meeting:
        return "watching: in a meeting, no sound"
    return "watching: somebody sits, nothing is due" if snapshot.seated else "watching: the chair is empty"


def _coming(snapshot: Snapshot) -> Iterator[Next]:
    """All that comes if nobody does anything, and that somebody at the desk would notice."""
    limits = snapshot.settings.limits
    if snapshot.settles_at is not None and not snapshot.seated and snapshot.mode is Mode.WATCHING:
        yield Next("the device believes it", snapshot.settles_at)
    if snapshot.seated and snapshot.owed is not Owed.DUE and not snapshot.no_offers:
        sat_at = between(snapshot.sitting_s, snapshot.now)
        yield Next(_DUE, after(sat_at, limits.due_after_s))
        if snapshot.invited_at is None and limits.invite_after_s < limits.due_after_s:
            yield Next("a silent offer", after(sat_at, limits.invite_after_s))
    yield from _beside_the_break(snapshot)
    if snapshot.seated and snapshot.reminder_at is not None and snapshot.mode is Mode.DUE:
        yield Next("a reminder sounds", max(snapshot.reminder_at, snapshot.now))
    if snapshot.mode is Mode.SNOOZED and snapshot.lapses_at is not None:
        yield Next("the snooze is over", snapshot.lapses_at)
    if snapshot.mode in (Mode.TODAY, Mode.CONNECTING, Mode.OFFICE_OFFERED) and snapshot.lapses_at is not None:
        yield Next("the card goes away", snapshot.lapses_at)
    if snapshot.mode is Mode.WHO and snapshot.lapses_at is not None:
        yield Next("the name counts", snapshot.lapses_at)
    if snapshot.mode is Mode.PAUSED and snapshot.ends_at is not None:
        yield Next("the guide ends", snapshot.ends_at)
    # If the person is just rising, the wait doesn't lapse.
    if snapshot.mode is Mode.ACKNOWLEDGED and snapshot.lapses_at is not None and snapshot.counts_at is None:
        yield Next("it stops waiting for you to rise", snapshot.lapses_at)
    if not snapshot.rested and snapshot.counts_at is not None:
        yield Next("the break counts", snapshot.counts_at)
    elif snapshot.mode is Mode.GUIDING and snapshot.guide is not None:
        guide = snapshot.guide
        yield Next("the next step of the guide", after(snapshot.now, between(guide.elapsed_s, guide.step.lasts_s)))
    elif snapshot.off_at is not None and snapshot.off_at > snapshot.now and snapshot.guide is None:
        yield Next("the panel goes dark", snapshot.off_at)


def _beside_the_break(snapshot: Snapshot) -> Iterator[Next]:
    """What comes that has nothing to do with the break."""
    coming = {
        "a short break is offered": snapshot.short_at,
        "the short break counts": short_counts_at(snapshot),
        "it offers to move": snapshot.move_at,
        "sound comes back": snapshot.muted_until,
    }
    yield from (Next(what, at) for what, at in coming.items() if at is not None and at > snapshot.now)
