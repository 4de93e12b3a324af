"""What a finger on the button does: that is fixed when it comes down, and done when it has made itself clear."""

from __future__ import annotations

from collections.abc import Callable

from device.core.rules import PUSHES, RULES, Action, Mode, Push, Signal
from device.core.state import State
from device.core.view import is_dark
from device.stages.button import Gesture
from device.stretches.stretch import Stretch


class Pushing:
    """Gives a press and a hold their meaning, which the state decides where the rules alone don't."""

    def __init__(self, state: State, do: Callable[[Action], None]) -> None:
        self._state = state
        self._do = do
        self._press: Action | None = None
        self._hold: Action | None = None
        self._long_hold: Action | None = None

    @property
    def holds_on(self) -> bool:
        """The finger stays down after a hold that may become a long one."""
        return self._state.finger.holds_on and self._long_hold is not None

    def would(self, gesture: Signal) -> Push | None:
        """What a press or a hold would do now; None for nothing."""
        meaning = self._meaning(gesture)
        return None if meaning is None else PUSHES[meaning]

    def report(self, at: float, down: bool) -> None:
        """Hear the button's contact."""
        if self._state.finger.report(at, down) is Gesture.DOWN:
            self._feel()

    def settle(self) -> None:
        """The finger has made itself clear."""
        state = self._state
        gesture = state.finger.settle()
        if gesture is Gesture.STUCK:
            state.note("stuck", what="button")
        means = {Gesture.PRESS: self._press, Gesture.HOLD: self._hold, Gesture.LONG_HOLD: self._long_hold}
        action = means.get(gesture)
        if action is not None:
            self._do(action)

    def _feel(self) -> None:
        """A finger came down: silence, no notice in the way, and what it will mean is fixed now."""
        state = self._state
        state.hush()
        state.notice_until = state.now
        self._press, self._hold = self._meaning(Signal.PRESS), self._meaning(Signal.HOLD)
        self._long_hold = RULES.get((state.mode, Signal.LONG_HOLD))
        if state.mode is Mode.WATCHING and not (is_dark(state) and state.asks):
            self._long_hold = None
        state.at_hand = self._shown_stretch()
        state.lit_at = state.now

    def _shown_stretch(self) -> Stretch | None:
        guide = self._state.guide
        return None if guide is None or self._state.cautions else guide.step.stretch

    def _meaning(self, gesture: Signal) -> Action | None:
        """What a press or a hold would do now."""
        state = self._state
        if gesture is Signal.HOLD and state.voice.muted_until is not None:
            return Action.UNMUTE
        unseen = state.mode in (Mode.STARTING, Mode.CHOOSING) and is_dark(state)
        if unseen and (gesture is Signal.PRESS or state.mode is Mode.CHOOSING):
            # It brings the card to light; what nobody could read is not answered.
            return None
        action = RULES.get((state.mode, gesture))
        if action is Action.SKIP and state.mode is Mode.GUIDING and state.cautions:
            return Action.GET_IT
        if action is Action.SNOOZE and state.memory.owed is None:
            return Action.PUT_AWAY
        if action is Action.SNOOZE and not state.voice.may_snooze:
            action = Action.MUTE
        # Without a buzzer there is no sound that could be off.
        return action if action is not Action.MUTE or state.voice.has_buzzer else None
