"""Takes the snapshot of the core's state, which is all that others see."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from device.core.offers import move_offer_at, offers_short, short_offer_at
from device.mind.rules import Mode, Push
from device.mind.snapshot import Asked, GuideSnapshot, SeatTrouble, Snapshot
from device.mind.state import State
from device.stretches.stretch import Stretch
from device.words.effects import Standing
from device.words.facts import SeatDoubted
from device.words.instants import after, between


def snapshot(state: State, press: Push | None, hold: Push | None, afar: Push | None, *, holds_on: bool) -> Snapshot:
    """Return how things stand. `press`, `hold` and an ordered press from `afar` are what those would do now."""
    guide = state.guide
    return _chosen_and_asked(state)(
        settings=state.settings,
        language=state.language,
        words=state.spoken.words,
        now=state.now,
        mode=state.mode,
        press=press,
        hold=hold,
        afar=afar,
        lapses_at=state.lapses_at,
        ends_at=_ends_at(state),
        off_at=_off_at(state),
        felt=state.finger.felt,
        holds_on=holds_on,
        at_hand=state.at_hand,
        button_stuck=state.finger.stuck,
        dims_at=_dims_at(state),
        notice=state.notice,
        notice_until=state.notice_until,
        first_stretch=_first_stretch(state),
        guide=GuideSnapshot(guide.step, guide.began, guide.elapsed_s(state.now)) if guide else None,
        code=state.own_wifi or state.code,
        phone=state.phone,
        safety_nth=state.safety_nth,
    )


def _chosen_and_asked(state: State) -> partial[Snapshot]:
    """The part of a snapshot that is about questions and answers, after the part about sitting."""
    return partial(
        _sitting_and_breaks(state),
        left_out=state.memory.choices.left_out,
        spared=state.spared,
        asked=_asked(state),
        who=None if state.who is None else state.who.name,
        person=state.memory.person,
        office=state.office_offer,
        office_asked=state.was_asked,
    )


def _sitting_and_breaks(state: State) -> partial[Snapshot]:
    """The part of a snapshot that is about sitting, breaks and reminders."""
    session, presence, reminders, memory = state.session, state.presence, state.reminders, state.memory
    return partial(
        Snapshot,
        owed=memory.owed,
        seated=presence.seated,
        seat=_seat_trouble(state),
        settles_at=presence.next_deadline(),
        sitting_s=session.sitting_s(state.now),
        invited_at=session.invited_at,
        counts_at=_counts_at(state),
        rested=session.rested,
        short_at=short_offer_at(state),
        short_offered=offers_short(state),
        briefly_rested=session.briefly_rested,
        move_at=move_offer_at(state),
        muted_until=reminders.muted_until,
        muted_till=_wall_clock(state, reminders.muted_until),
        enough=reminders.enough,
        back_on=state.back_on,
        off_hours=reminders.levels.off_hours,
        in_meeting=reminders.levels.in_meeting,
        meeting_till=_to_the_minute(_wall_clock(state, reminders.levels.meeting_until)),
        plan=reminders.levels.plan,
        quiet=reminders.levels.quiet and reminders.has_buzzer,
        reminder_at=reminders.reminder_at,
        today=memory.today(state.now),
        chair_today_s=memory.tally.figures(state.now).seated_s,
        last_day=memory.last_day,
    )


def standing(state: State) -> Standing:
    """Return how things stand, as levels for outputs."""
    owed = state.memory.owed
    return Standing(
        mode=state.mode.value,
        seated=state.presence.seated,
        owed=None if owed is None else owed.value,
        rested=state.session.rested,
        muted=state.reminders.is_off,
        quiet=state.reminders.levels.quiet,
    )


def is_dark(state: State) -> bool:
    """Whether the panel is dark."""
    off_at = _off_at(state)
    return off_at is not None and off_at <= state.now


def _seat_trouble(state: State) -> SeatTrouble | None:
    if state.memory.lost_at is not None:
        return SeatTrouble.LOST
    if not state.is_calibrated:
        return SeatTrouble.UNCALIBRATED
    doubt = state.memory.doubt
    if doubt is None:
        return None
    return SeatTrouble.LOOSE if doubt.why == SeatDoubted.LOOSE else SeatTrouble.WORN


def _off_at(state: State) -> float | None:
    """When the panel may go dark; None while somebody sits in their hours, or may sit."""
    if not state.chair_is_known and state.mode is not Mode.CHOOSING:
        return None
    if state.reminders.levels.off_hours and state.mode is Mode.WATCHING:
        return state.now
    if state.presence.seated or _sits_since_start(state):
        return None
    since = state.session.left_at
    if state.guide_ended_at is not None and since is not None:
        since = max(since, state.guide_ended_at)
    if state.mode in (Mode.STARTING, Mode.CHOOSING, Mode.MOVE_OFFERED) or state.memory.doubt is not None:
        since = state.lit_at if since is None else max(since, state.lit_at)
    return after(since, state.settings.screens.off_after_s) if since is not None else state.now


def _dims_at(state: State) -> float | None:
    seen_at: float | None = None
    if state.mode is Mode.ASKING or not state.chair_is_known:
        seen_at = state.lit_at
    elif state.finger.stuck:
        seen_at = after(state.lit_at, state.settings.press.stuck_s)
    elif state.memory.doubt is not None:
        seen_at = state.lit_at
    return None if seen_at is None else after(seen_at, state.settings.screens.question_s)


def _ends_at(state: State) -> float | None:
    """When a paused guide ends unless somebody rises."""
    if state.mode is not Mode.PAUSED or not state.presence.taken:
        return None
    return after(state.presence.since, state.settings.guide.ends_after_s)


def _counts_at(state: State) -> float | None:
    if _sits_since_start(state):
        return None
    if state.session.full_break_at is not None:
        return state.session.full_break_at
    if state.presence.seated and not state.presence.taken:
        return after(state.presence.since, state.settings.limits.full_break_s)
    return None


def _sits_since_start(state: State) -> bool:
    """Whether the chair was taken when the power came back, and isn't believed yet."""
    left_at, presence = state.session.left_at, state.presence
    if left_at is None or presence.seated or not presence.taken:
        return False
    # A person who had really left would have been away for longer than `leave_s`.
    return between(left_at, presence.since) < state.settings.settle.leave_s


def _wall_clock(state: State, at: float | None) -> datetime | None:
    if at is None or state.wall is None:
        return None
    read_at, shows = state.wall
    try:
        return shows + timedelta(seconds=between(read_at, at))
    except OverflowError:
        # A clock may show anything, even the last day of the calendar.
        return None


def _to_the_minute(shows: datetime | None) -> datetime | None:
    """The nearest one: the clock is nursed along, and a meeting till 15:00 must not end at 14:59."""
    try:
        return shows and (shows + timedelta(seconds=30)).replace(second=0, microsecond=0)
    except OverflowError:
        return None


def _first_stretch(state: State) -> Stretch | None:
    """The stretch whose card is shown while somebody rises. It is worked out only then."""
    if state.mode is not Mode.ACKNOWLEDGED:
        return None
    routine = state.routine()
    return routine[0].stretch if routine else None


def _asked(state: State) -> Asked | None:
    questions = state.questions
    if state.mode is not Mode.CHOOSING or questions is None or questions.topic is None:
        return None
    return Asked(questions.topic, questions.nth, tuple(each.words for each in state.languages.values()))
