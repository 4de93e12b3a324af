"""How the core goes on after a power cut: what it remembers, and what the length of the cut changes."""

from __future__ import annotations

from device.mind.memory import Interruption
from device.mind.rules import Mode
from device.mind.snapshot import Owed
from device.mind.state import State
from device.settings.choices import choice
from device.stages.people import person_before
from device.stages.presence import Presence
from device.stages.session import Session
from device.words.events import DayEnded
from device.words.facts import (
    Acknowledged,
    Bout,
    BreakHonoured,
    Fact,
    FullBreak,
    GuideEnded,
    GuideStarted,
    PersonChosen,
    PowerCut,
    Resumed,
)
from device.words.instants import A_MOMENT_S, after, between, whole
from device.words.past import Past

_TAKEN_UP_FROM = (
    *(Mode.CHOOSING, Mode.STARTING, Mode.WATCHING, Mode.WHO, Mode.CONNECTING),
    *(Mode.INVITED, Mode.DUE, Mode.SHORT_OFFERED, Mode.MOVE_OFFERED, Mode.OFFICE_OFFERED),
)
"""Where what the sitting time calls for may turn out otherwise once the length of the cut is known."""


class Recovery:
    """Restores the state from before the cut and brings it up to date."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.left_out = 0
        """How many remembered facts were left out because they contradict the facts before them."""
        self._past: Past | None = None
        """What to resume when the first `Power` event comes."""
        self._asked_until: float | None = None
        """How long a break that was asked for before the cut waits for somebody to rise, in monotonic seconds."""

    # ---- before the first event

    def recall(self, past: Past) -> None:
        """Take in what the device knew before the power cut; instants go on from there."""
        self._past, self._state.now = past, past.seen.at
        facts = [told for told in past.told if isinstance(told, Fact)]
        if before := person_before(facts, past.choices):
            self._state.memory.know(choice(0.0, PersonChosen.name, before))
        for told in past.told:
            self._remember(told)
        # Nothing falls due while nobody knows whether somebody sits.
        self._state.memory.halt(past.seated_till, past.seen.at)

    def _remember(self, told: Fact | DayEnded) -> None:
        """Replay one fact or day's end. One that doesn't fit is left out; the device starts all the same."""
        state, memory = self._state, self._state.memory
        at = told.said if isinstance(told, Fact) else told.at
        if at > state.now or (isinstance(told, Fact) and not memory.fits(told)):
            # If nothing is known yet, the beginning was deleted. A misfit is expected then, and isn't counted.
            self.left_out += not state.session.is_untouched
            return
        closes_at = memory.closes_day_at()
        if closes_at is not None and closes_at <= at:
            memory.close_day(closes_at)
        if not isinstance(told, Fact):
            memory.split_day(at)
            return
        memory.take(told)

    # ---- the power is back

    def hear(self, off_s: float | None, *, new_day: bool) -> None:
        """The device is on again, or the length of the cut has become known."""
        if self._past is not None:
            self._go_on(self._past)
        if off_s is not None and self._state.memory.before is not None:
            self._learn(self._state.memory.before, off_s, new_day)

    def _go_on(self, past: Past) -> None:
        """Say that the device is on again, before anything else is said."""
        state, memory = self._state, self._state.memory
        asked = memory.under_way
        if isinstance(asked, GuideStarted):
            state.note(GuideEnded(past.seen.at, state.now, GuideEnded.POWER_CUT))
        state.note(Resumed(state.now, state.now, past.seen.at, past.seated_till))
        assert memory.before is not None, "a start interrupts what was before"
        memory.before.unsure_s = past.unsure_s
        self._past, state.presence = None, Presence(state.settings.settle, state.now)
        state.its_me_at = state.lit_at = state.now
        self._asked_until = self._waits_until(asked)

    def _waits_until(self, asked: Acknowledged | GuideStarted | None) -> float | None:
        if asked is None or (isinstance(asked, GuideStarted) and not asked.asked):
            return None
        began = asked.said if isinstance(asked, Acknowledged) else self._state.now
        return after(began, self._state.settings.reminders.acknowledged_s)

    def _learn(self, before: Interruption, off_s: float, new_day: bool) -> None:
        """The length of the cut is known now. If it is as long as a full break, it counts as one."""
        state, limits, session = self._state, self._state.settings.limits, before.session
        absence_s = before.absence_s(off_s)
        long_s = between(before.unsure_s, state.memory.unseen_around_s(off_s))
        # An absence that is already a full break doesn't count twice: then only the length of the cut matters.
        counts = max(long_s, 0.0 if session.rested else absence_s) >= limits.full_break_s
        left_at = before.known_till if session.left_at is None else session.left_at
        if session.bout_start is not None and (counts or absence_s >= limits.break_after_s):
            tell_bout(state, session, left_at)
        if counts and not session.rested and not session.is_untouched:
            # Keep this before the start, so that it belongs to the time before the cut.
            at = min(after(left_at, limits.full_break_s), between(A_MOMENT_S, before.on))
            tell_full_break(state, session, at, before.absence_owed)
        first = new_day or not before.day_open
        state.note(PowerCut(state.now, state.now, whole(off_s), counts, new_day))
        if before.reminders.enough and not state.reminders.is_muted:
            state.sound_again()
        if first and before.sat_at is not None:
            state.greet()
        self._take_up(counts=counts)

    def _take_up(self, *, counts: bool) -> None:
        """Go on with what the sitting time calls for, or with a break that was asked for before the cut."""
        state = self._state
        if state.mode not in _TAKEN_UP_FROM or (state.mode is Mode.CONNECTING and state.memory.owed is not Owed.DUE):
            return
        state.rest()
        if not counts and self._asked_until is not None:
            state.by_press = True
            state.enter(Mode.ACKNOWLEDGED, self._asked_until)


def tell_bout(state: State, session: Session, left_at: float | None) -> None:
    """Note that a bout ended when the chair emptied."""
    start = session.bout_start
    assert left_at is not None, "a bout ends when the chair has been empty"
    assert start is not None, "only a bout that began can end"
    state.note(Bout(left_at, state.now, start, session.bout_s(state.now)))


def tell_full_break(state: State, session: Session, at: float, owed: Owed | None) -> None:
    """Note that a full break ended a sitting time, and how soon after the break was due the person rose."""
    due_at, left_at = session.due_at, session.left_at
    state.note(FullBreak(at, state.now))
    if owed is Owed.DUE and due_at is not None and left_at is not None:
        state.note(BreakHonoured(at, state.now, owed.value, between(due_at, left_at)))
    elif owed is not None:
        state.note(BreakHonoured(at, state.now, owed.value))
