"""Says in plain words why the device sounded at an instant, or why it didn't."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from device.core.rules import Mode
from device.core.snapshot import Owed, Status
from device.words.durations import span_text
from device.words.facts import Fact, FellDue, Left, Sat, Snoozed, Sounded
from device.words.instants import MINUTE_S, after, between

Tell = Callable[[float], str]
"""Turns an instant into a time of day."""

_JUST_S = MINUTE_S
"""A sound up to this many seconds ago is the one that the question is about."""


def why(status: Status, facts: Sequence[Fact], tell: Tell) -> Iterator[str]:
    """How things stood and what that meant for the sound; `facts` are those up to then."""
    yield f"{tell(status.now)}: {_chair(status, facts, tell)}."
    limit_s = status.settings.limits.due_after_s
    yield f"Sitting time {span_text(status.sitting_s)}; a break is due at {span_text(limit_s)}."
    sounded = [fact for fact in facts if isinstance(fact, Sounded)]
    if sounded and between(sounded[-1].t, status.now) <= _JUST_S:
        yield _sounded(status, facts, sounded[-1], tell)
        return
    yield f"No sound: {next(_reasons(status, facts, tell))}."
    if sounded:
        yield f"The last one was at {tell(sounded[-1].t)}."


def _chair(status: Status, facts: Sequence[Fact], tell: Tell) -> str:
    kind: type[Fact] = Sat if status.seated else Left
    since = next((fact.t for fact in reversed(facts) if isinstance(fact, kind)), None)
    where = "on the chair" if status.seated else "off the chair"
    return where if since is None else f"{where} since {tell(since)}"


def _sounded(status: Status, facts: Sequence[Fact], sound: Sounded, tell: Tell) -> str:
    due_at = next((fact.t for fact in reversed(facts) if isinstance(fact, FellDue)), sound.t)
    most = len(status.settings.reminders.after_due_s)
    nth = sound.nth
    return f"It sounded at {tell(sound.t)}: the break was due since {tell(due_at)}, reminder {nth} of {most}."


def _reasons(status: Status, facts: Sequence[Fact], tell: Tell) -> Iterator[str]:
    """What held the sound back, the strongest reason first."""
    if status.settings.buzzer.kind == "none":
        yield "there is no buzzer, as the settings say"
    if not status.settings.reminders.after_due_s:
        yield "it never sounds, as the settings say"
    if status.muted_until is not None:
        yield f"it was muted till {tell(status.muted_until)}"
    if status.quiet:
        yield f"it was a time without sound{_hours(status)}"
    if status.mode in (Mode.GUIDING, Mode.PAUSED):
        yield "the guide was on"
    if not status.seated:
        yield "it never sounds to an empty chair"
    if status.mode is Mode.ASKING:
        yield "nobody had moved for so long that it asked whether it was you"
    if status.owed is not Owed.DUE:
        left_s = between(status.sitting_s, status.settings.limits.due_after_s)
        yield f"the break was not due before {tell(after(status.now, left_s))}"
    if status.mode is Mode.SNOOZED and status.lapses_at is not None:
        nth = next((fact.nth for fact in reversed(facts) if isinstance(fact, Snoozed)), 1)
        yield f"it was put off till {tell(status.lapses_at)}, {nth} of {status.settings.reminders.snoozes} times"
    if status.mode is Mode.ACKNOWLEDGED and status.lapses_at is not None:
        yield f"a press had asked for the break, and it waited till {tell(status.lapses_at)} for somebody to rise"
    if status.reminder_at is None:
        yield "all its reminders had sounded"
    else:
        yield f"the break was due, and the next reminder was to come at {tell(max(status.reminder_at, status.now))}"


def _hours(status: Status) -> str:
    sounds = status.settings.sounds
    return f": it may sound {sounds.hours or 'at any hour'} on {', '.join(sounds.days)}"
