"""What a seat that is lost, and one that comes back, mean for the sitting."""

from __future__ import annotations

from device.core.recovery import tell_bout, tell_full_break
from device.core.rules import Mode
from device.core.state import State
from device.stages.presence import Presence
from device.words.facts import SeatBack, SeatLost
from device.words.instants import after, between


class SeatWatch:
    """Follows the seat's sensor. While nothing is known of the chair, it is neither taken nor empty."""

    def __init__(self, state: State) -> None:
        self._state = state

    def sense(self, present: bool) -> None:
        """Hear whether the sensor gives a level."""
        is_lost = self._state.memory.lost_at is not None
        if not present and not is_lost:
            self._lose()
        elif present and is_lost:
            self._find()

    def _lose(self) -> None:
        state, presence = self._state, self._state.presence
        # A person who is just rising may have left already. Before the first level nothing is known at all.
        leaving = presence.seated and not presence.taken
        since = presence.since if leaving or not presence.is_heard else state.now
        state.note(SeatLost(since, state.now))
        self._start_anew()
        # Nobody has been seen to rise, so no guide begins by itself when the seat is back.
        state.guided_absence = True
        state.hush()
        state.lit_at = state.now
        if state.guide is None:
            state.rest()
        else:
            state.guide.pause(state.now)
            state.enter(Mode.PAUSED)

    def _find(self) -> None:
        """The seat is back: judge the sitting as after a power cut of that length."""
        state, session, lost_at = self._state, self._state.session, self._state.memory.lost_at
        assert lost_at is not None, "what comes back was lost"
        lost_s = between(lost_at, state.now)
        counts = lost_s >= state.settings.limits.full_break_s
        if counts and session.left_at is None and session.bout_start is not None:
            tell_bout(state, session, lost_at)
            full_break_at = after(lost_at, state.settings.limits.full_break_s)
            tell_full_break(state, session, full_break_at, state.memory.absence_owed)
        state.note(SeatBack(state.now, state.now, lost_s, counts))
        self._start_anew()
        state.rest()

    def _start_anew(self) -> None:
        self._state.presence = Presence(self._state.settings.settle, self._state.now)
