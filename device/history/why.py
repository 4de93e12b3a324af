"""Says in plain words why the device sounded at an instant, or why it didn't."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from device.mind.rules import Mode
from device.mind.snapshot import Owed, SeatTrouble, Snapshot
from device.settings.week_now import week_text
from device.words.durations import span_text
from device.words.facts import (
    Fact,
    FellDue,
    InMeeting,
    Left,
    Sat,
    SeatDoubted,
    SeatLost,
    ShortOffered,
    Snoozed,
    Sounded,
)
from device.words.instants import MINUTE_S, after, between

Tell = Callable[[float], str]
"""Turns an instant into a time of day."""

_JUST_S = MINUTE_S
"""A sound up to this many seconds ago is the one that the question is about."""


def why(snapshot: Snapshot, facts: Sequence[Fact], tell: Tell) -> Iterator[str]:
    """How things stood and what that meant for the sound; `facts` are those up to then."""
    yield f"{tell(snapshot.now)}: {_chair(snapshot, facts, tell)}."
    limit_s = snapshot.settings.limits.due_after_s
    by_plan = f", by the plan {snapshot.plan}" if snapshot.plan else ""
    yield f"Sitting time {span_text(snapshot.sitting_s)}; a break is due at {span_text(limit_s)}{by_plan}."
    if snapshot.meeting_till and not snapshot.in_meeting:
        until = _meeting_till(snapshot, facts, tell)
        yield f"A meeting was on until {until}, but somebody had put the sound back on in it."
    sounded = [fact for fact in facts if isinstance(fact, Sounded)]
    if sounded and between(sounded[-1].t, snapshot.now) <= _JUST_S:
        yield _sounded(snapshot, facts, sounded[-1], tell)
        return
    yield f"No sound: {next(_reasons(snapshot, facts, tell))}."
    if snapshot.short_offered:
        offered_at = next((fact.t for fact in reversed(facts) if isinstance(fact, ShortOffered)), snapshot.now)
        yield f"A short break was on offer since {tell(offered_at)}; for that it sounds once, softly, a minute later."
    if sounded:
        yield f"The last one was at {tell(sounded[-1].t)}."


def _chair(snapshot: Snapshot, facts: Sequence[Fact], tell: Tell) -> str:
    if snapshot.seat is SeatTrouble.UNCALIBRATED:
        return "the seat isn't calibrated, so nothing is counted: unsit calibrate"
    if snapshot.seat is SeatTrouble.LOST:
        lost_at = next((fact.t for fact in reversed(facts) if isinstance(fact, SeatLost)), snapshot.now)
        return f"the seat's sensor has given no level since {tell(lost_at)}, so nobody could know who sat"
    kind: type[Fact] = Sat if snapshot.seated else Left
    since = next((fact.t for fact in reversed(facts) if isinstance(fact, kind)), None)
    where = "on the chair" if snapshot.seated else "off the chair"
    return (where if since is None else f"{where} since {tell(since)}") + _doubt(snapshot, facts, tell)


def _doubt(snapshot: Snapshot, facts: Sequence[Fact], tell: Tell) -> str:
    """Why the seat wasn't trusted; empty if it was."""
    if snapshot.seat is None:
        return ""
    doubted_at = next((fact.since for fact in reversed(facts) if isinstance(fact, SeatDoubted)), snapshot.now)
    if snapshot.seat is SeatTrouble.LOOSE:
        return f"; but the seat has jumped since {tell(doubted_at)}, so a wire may be loose"
    return f"; but the seat has said taken since {tell(doubted_at)} without a lift, so the pad may be worn"


def _sounded(snapshot: Snapshot, facts: Sequence[Fact], sound: Sounded, tell: Tell) -> str:
    due_at = next((fact.t for fact in reversed(facts) if isinstance(fact, FellDue)), sound.t)
    most = len(snapshot.settings.reminders.after_due_s)
    nth = sound.nth
    return f"It sounded at {tell(sound.t)}: the break was due since {tell(due_at)}, reminder {nth} of {most}."


def _reasons(snapshot: Snapshot, facts: Sequence[Fact], tell: Tell) -> Iterator[str]:
    """What held the sound back, the strongest reason first."""
    if snapshot.settings.buzzer.kind == "none":
        yield "there is no buzzer, as the settings say"
    if not snapshot.settings.reminders.after_due_s:
        yield "it never sounds, as the settings say"
    yield from _taken_off(snapshot, tell)
    yield from _by_the_clock(snapshot, facts, tell)
    if snapshot.mode in (Mode.GUIDING, Mode.PAUSED):
        yield "the guide was on"
    if snapshot.seat in (SeatTrouble.LOST, SeatTrouble.UNCALIBRATED):
        yield "nothing was known of the chair"
    if not snapshot.seated:
        yield "it never sounds to an empty chair"
    if snapshot.mode is Mode.ASKING:
        yield "nobody had moved for so long that it asked whether it was you"
    if snapshot.owed is not Owed.DUE:
        left_s = between(snapshot.sitting_s, snapshot.settings.limits.due_after_s)
        yield f"the break was not due before {tell(after(snapshot.now, left_s))}"
    if snapshot.mode is Mode.SNOOZED and snapshot.lapses_at is not None:
        nth = next((fact.nth for fact in reversed(facts) if isinstance(fact, Snoozed)), 1)
        yield f"it was put off until {tell(snapshot.lapses_at)}, {nth} of {snapshot.settings.reminders.snoozes} times"
    if snapshot.mode is Mode.ACKNOWLEDGED and snapshot.lapses_at is not None:
        yield f"somebody had asked for the break, and it waited until {tell(snapshot.lapses_at)} for somebody to rise"
    if snapshot.reminder_at is None:
        yield "all its reminders had sounded"
    else:
        yield f"the break was due, and the next reminder was to come at {tell(max(snapshot.reminder_at, snapshot.now))}"


def _taken_off(snapshot: Snapshot, tell: Tell) -> Iterator[str]:
    """How somebody had taken the sound off."""
    if snapshot.muted_until is not None:
        yield f"it was muted until {tell(snapshot.muted_until)}"
    if snapshot.back_on is not None:
        yield f"somebody had said that they were away until {snapshot.back_on.isoformat()}"
    if snapshot.enough:
        yield "somebody had said that it was enough for that day"


def _by_the_clock(snapshot: Snapshot, facts: Sequence[Fact], tell: Tell) -> Iterator[str]:
    """What the calendar said."""
    if snapshot.in_meeting:
        yield f"there was a meeting until {_meeting_till(snapshot, facts, tell)}"
    if snapshot.off_hours:
        yield f"it was outside of your hours: {week_text(snapshot.settings.hours.week or {})}"
    if snapshot.quiet:
        yield f"it was a time without sound{_hours(snapshot)}"


def _meeting_till(snapshot: Snapshot, facts: Sequence[Fact], tell: Tell) -> str:
    until = next((fact.until for fact in reversed(facts) if isinstance(fact, InMeeting)), snapshot.now)
    # The nearest minute: by a clock that is nursed along, three o'clock may be a moment before three.
    return tell(after(until, MINUTE_S / 2))


def _hours(snapshot: Snapshot) -> str:
    sounds = snapshot.settings.sounds
    return f": it may sound {sounds.hours or 'at any hour'} on {', '.join(sounds.days)}"
