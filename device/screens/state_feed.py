"""How things stand, for followers of the device: the name of the mode, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from device.core.rules import Mode, Push
from device.core.snapshot import Owed, Status
from device.languages.phrases import Phrases
from device.stretches.steps import StepKind
from device.stretches.stretch import Side
from device.words.instants import after, between

_SAYS = {
    Mode.STARTING: "starting: the safety card waits for a press",
    Mode.CHOOSING: "choosing: the device asks for your language and conditions",
    Mode.TODAY: "today: the day's figures are on the panel",
    Mode.INVITED: "invited: a stretch is on offer, silently",
    Mode.DUE: "due: it is time for a break",
    Mode.SNOOZED: "snoozed: put off for a while",
    Mode.ACKNOWLEDGED: "acknowledged: waiting for somebody to rise",
    Mode.GUIDING: "guiding: showing how to move",
    Mode.PAUSED: "paused: somebody sits in the middle of the guide",
    Mode.ASKING: "asking: still there?",
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
    Push.LATER: "not now",
    Push.PUT_AWAY: "put the card away",
    Push.MUTE: "no sound for a while",
    Push.UNMUTE: "sound back on",
    Push.END: "finish",
}


@dataclass(frozen=True, slots=True)
class Next:
    """The next thing that happens by time alone."""

    what: str
    at: float


@dataclass(frozen=True, slots=True)
class Moves:
    """The stretch that the panel's figure does now."""

    stretch: str
    other_side: bool
    """It is drawn for the person's left."""
    began: float
    """When the movement began."""
    holds_s: float
    """The length of the longest hold, in seconds."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A snapshot that consists of instants, so that it stays the same while only time passes."""

    mode: str
    """The name of the mode."""
    says: str
    seated: bool
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
    moves: Moves | None
    """The movement that is shown."""
    muted_until: float | None
    quiet: bool


def standing(status: Status) -> Followed:
    """How things stand by that status."""
    runs = status.seated
    return Followed(
        mode=status.mode.value,
        says=_SAYS.get(status.mode) or _watching(status),
        seated=status.seated,
        sits_since=between(status.sitting_s, status.now) if runs else None,
        sitting_s=None if runs else status.sitting_s,
        due_after_s=status.settings.limits.due_after_s,
        counts_at=status.counts_at,
        full_break_s=status.settings.limits.full_break_s,
        rested=status.rested,
        stretch=status.guide.step.stretch.id if status.guide else None,
        left_out=status.left_out,
        spared=status.spared,
        press=status.press and _does(status.press, status.mode),
        hold=status.hold and _does(status.hold, status.mode),
        hold_s=status.settings.press.hold_s,
        next=_first(_coming(status)),
        sounds=status.settings.buzzer.kind != "none" and bool(status.settings.reminders.after_due_s),
        settles_at=status.settles_at,
        moves=_moves(status),
        muted_until=status.muted_until,
        quiet=status.quiet,
    )


def in_words(stands: Followed, say: Phrases) -> Followed:
    """The same in another language."""
    comes = stands.next
    return replace(
        stands,
        says=say(stands.says),
        press=stands.press and say(stands.press),
        hold=stands.hold and say(stands.hold),
        next=comes and replace(comes, what=say(comes.what)),
    )


def pushes(status: Status) -> str:
    """What the button would do now, in one line; empty for nothing."""
    told = {"press": status.press, "hold": status.hold}
    return "   ".join(f"{how}: {_does(push, status.mode)}" for how, push in told.items() if push is not None)


def next_break_at(status: Status) -> float | None:
    """When a break falls due if nobody does anything; if none does, when the next thing comes. None for nothing."""
    coming = list(_coming(status))
    comes = next((each for each in coming if each.what == _DUE), None) or _first(coming)
    return None if comes is None else comes.at


def _first(coming: Iterable[Next]) -> Next | None:
    return min(coming, key=lambda each: each.at, default=None)


def _does(push: Push, mode: Mode) -> str:
    # With today's card on the panel, a press asks for the stretch.
    return "stretch now" if push is Push.SHOW and mode is Mode.TODAY else _DOES[push]


def _moves(status: Status) -> Moves | None:
    """The present movement; None while the guide is paused or still explains."""
    guide = status.guide
    if guide is None or status.mode is not Mode.GUIDING or guide.step.kind is not StepKind.MOVE:
        return None
    step = guide.step
    since, until = step.figure.held_s
    return Moves(step.stretch.id, step.side is Side.LEFT, guide.began, between(since, until))


def _watching(status: Status) -> str:
    if status.settles_at is not None:
        return "watching: the chair has just been left" if status.seated else "watching: somebody has just sat down"
    return "watching: somebody sits, nothing is due" if status.seated else "watching: the chair is empty"


def _coming(status: Status) -> Iterator[Next]:
    """All that comes if nobody does anything, and that somebody at the desk would notice."""
    limits = status.settings.limits
    if status.settles_at is not None and not status.seated and status.mode is Mode.WATCHING:
        yield Next("the device believes it", status.settles_at)
    if status.seated and status.owed is not Owed.DUE:
        sat_at = between(status.sitting_s, status.now)
        yield Next(_DUE, after(sat_at, limits.due_after_s))
        if status.invited_at is None and limits.invite_after_s < limits.due_after_s:
            yield Next("a silent offer", after(sat_at, limits.invite_after_s))
    if status.seated and status.reminder_at is not None and status.mode is Mode.DUE:
        yield Next("a reminder sounds", max(status.reminder_at, status.now))
    if status.mode is Mode.SNOOZED and status.lapses_at is not None:
        yield Next("the snooze is over", status.lapses_at)
    if status.mode is Mode.TODAY and status.lapses_at is not None:
        yield Next("the card goes away", status.lapses_at)
    if status.mode is Mode.PAUSED and status.ends_at is not None:
        yield Next("the guide ends", status.ends_at)
    # If the person is just rising, the wait doesn't lapse.
    if status.mode is Mode.ACKNOWLEDGED and status.lapses_at is not None and status.counts_at is None:
        yield Next("it stops waiting for you to rise", status.lapses_at)
    if not status.rested and status.counts_at is not None:
        yield Next("the break counts", status.counts_at)
    elif status.mode is Mode.GUIDING and status.guide is not None:
        guide = status.guide
        yield Next("the next step of the guide", after(status.now, between(guide.elapsed_s, guide.step.lasts_s)))
    elif status.off_at is not None and status.off_at > status.now and status.guide is None:
        yield Next("the panel goes dark", status.off_at)
    if status.muted_until is not None:
        yield Next("sound comes back", status.muted_until)
