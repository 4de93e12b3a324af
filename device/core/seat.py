"""What a seat means that is lost, that comes back, that drifts, or that reports what no person does."""

from __future__ import annotations

from device.core.recovery import tell_bout, tell_full_break
from device.mind.rules import Mode
from device.mind.state import State
from device.stages.doubt import Doubt
from device.stages.drift import Drift, levels_since
from device.stages.presence import Presence
from device.words.effects import Adjust
from device.words.facts import Fact, Left, SeatBack, SeatDoubted, SeatDrifted, SeatLost, SeatTrusted
from device.words.instants import after, between
from device.words.levels import SeatLevels

_SAID_AGAIN_AFTER = 1000
"""After how many facts a drift or a doubt is noted again: a start reads back only the last few thousand."""


class SeatWatch:
    """Follows the seat's sensor. While nothing is known of the chair, it is neither taken nor empty."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._drift: Drift | None = None
        self._doubt = Doubt()

    # ---- lost and back

    def sense(self, present: bool) -> None:
        """Hear whether the sensor gives a level."""
        is_lost = self._state.memory.lost_at is not None
        if not present and not is_lost:
            self._lose()
        elif present and is_lost:
            self._find()

    # ---- drift

    def go_on(self) -> None:
        """Go on from what was known of the seat before the power cut."""
        calibrated = self._calibrated
        if calibrated is not None and (levels := self._levels(calibrated)) != calibrated:
            self._state.effects.append(Adjust(levels.thresholds))

    def read(self, level: float) -> None:
        """Hear a level of the seat, and move its thresholds along if it has drifted."""
        state, calibrated = self._state, self._calibrated
        if calibrated is None or not state.chair_is_known:
            return
        if self._drift is None:
            self._drift = Drift(calibrated, self._levels(calibrated))
        # A seat that isn't trusted teaches nothing.
        is_certain = state.presence.settled and state.memory.doubt is None
        taken = state.presence.taken if is_certain else None
        levels = self._drift.read(state.now, level, taken)
        if levels is not None:
            self._note(calibrated, levels)
            state.effects.append(Adjust(levels.thresholds))
        elif (known := self._levels(calibrated)) != calibrated and self._fades(SeatDrifted):
            self._note(calibrated, known)

    def _fades(self, kind: type[Fact]) -> bool:
        """Whether a start may soon no longer read the last fact of that kind."""
        return self._state.memory.facts_since[kind] >= _SAID_AGAIN_AFTER

    @property
    def _calibrated(self) -> SeatLevels | None:
        seat = self._state.settings.seat
        return None if seat.kind == "contact" else seat.levels

    def _levels(self, calibrated: SeatLevels) -> SeatLevels:
        return levels_since(self._state.memory.drifted, calibrated, self._state.settings.seat.calibrated)

    def _note(self, calibrated: SeatLevels, levels: SeatLevels) -> None:
        now, date = self._state.now, self._state.settings.seat.calibrated
        self._state.note(SeatDrifted(now, now, levels.empty, levels.seated, calibrated.empty, calibrated.seated, date))

    # ---- a seat that is lost

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
        """The seat is back: judge the sitting as after a power cut as long as all that nobody saw."""
        state, memory, full_break_s = self._state, self._state.memory, self._state.settings.limits.full_break_s
        assert memory.lost_at is not None, "what comes back was lost"
        lost_s = between(memory.lost_at, state.now)
        counts = after(memory.unseen_s, lost_s) >= full_break_s
        if counts:
            self._end_sitting(memory.lost_at, after(memory.lost_at, between(memory.unseen_s, full_break_s)))
        state.note(SeatBack(state.now, state.now, lost_s, counts))
        self._start_anew()
        state.rest()

    def _end_sitting(self, lost_at: float, full_break_at: float) -> None:
        """Who sat before has had a full break, which can't be honoured: nobody saw the chair empty."""
        state, session = self._state, self._state.session
        # An absence that was seen, and is long enough by itself, is told by itself.
        is_seen = session.full_break_at is not None and session.full_break_at <= state.now
        if is_seen or session.rested or session.is_untouched:
            return
        left_at = lost_at if session.left_at is None else session.left_at
        if session.bout_start is not None:
            tell_bout(state, session, left_at)
        tell_full_break(state, session, max(left_at, full_break_at), None)

    def _start_anew(self) -> None:
        if self._drift is not None:
            self._drift.start_anew()
        self._state.presence = Presence(self._state.settings.settle, self._state.now)
        self._doubt.miss(self._state.now)
        self._doubt_wire()

    # ---- doubted and trusted

    def hear(self, taken: bool) -> None:
        """Hear the pad's level."""
        self._doubt.hear(self._state.now, taken)
        self._doubt_wire()
        doubt = self._state.memory.doubt
        if doubt is not None and self._fades(SeatDoubted):
            self._say_doubt(doubt.why, doubt.since)

    def worn_at(self) -> float | None:
        """When the pad will have to be called worn; None if it needn't, or has been."""
        sat_at = self._state.session.seated_since
        # Who may be leaving just now shall first have left, or not.
        if sat_at is None or not self._state.presence.settled or not self._may_doubt(SeatDoubted.WORN):
            return None
        return self._state.memory.unlifted.worn_at(sat_at)

    def doubt_pad(self) -> None:
        """Somebody seems to sit there for longer than a person does."""
        sat_at, since = self._state.session.seated_since, self._state.memory.unlifted.since
        assert sat_at is not None, "only a pad that says taken may be worn"
        self._say_doubt(SeatDoubted.WORN, sat_at if since is None else since)

    def leave(self, at: float) -> None:
        """Somebody has left since `at`. After an ordinary sitting the seat is trusted again."""
        state = self._state
        sat_at = state.session.seated_since
        assert sat_at is not None, "only who sits can leave"
        state.note(Left(at, state.now))
        if state.memory.doubt is not None and self._doubt.is_ordinary(sat_at, at):
            state.note(SeatTrusted(at, state.now))

    def _doubt_wire(self) -> None:
        since = self._doubt.loose_since
        if since is not None and self._may_doubt(SeatDoubted.LOOSE):
            self._say_doubt(SeatDoubted.LOOSE, since)

    def _may_doubt(self, why: str) -> bool:
        return why not in self._state.memory.doubts

    def _say_doubt(self, why: str, since: float) -> None:
        state = self._state
        state.note(SeatDoubted(state.now, state.now, why, since))
        state.lit_at = state.now
