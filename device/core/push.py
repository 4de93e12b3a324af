"""What the button does. The meaning is fixed when a finger comes down, and acted on when the gesture is clear."""

from __future__ import annotations

from collections.abc import Callable

from device.core.view import is_dark
from device.mind.rules import PUSHES, RULES, Action, Mode, Push, Signal
from device.mind.snapshot import SAFETY
from device.mind.state import State
from device.stages.button import Gesture
from device.stretches.stretch import Stretch
from device.words.facts import Stuck

_FROM_AFAR = (Action.SHOW_TODAY, Action.ACKNOWLEDGE, Action.SKIP, Action.PUT_AWAY)
"""What an ordered press may do. The rest are answers, which only somebody at the device can give."""


class Pushing:
    """Gives presses and holds their meaning, from the rules and, where those aren't enough, from the state."""

    def __init__(self, state: State, do: Callable[[Action], None], show_stretch: Callable[[], None]) -> None:
        """`show_stretch` shows the card of the first stretch, without a finger that says that somebody goes along."""
        self._state, self._do, self._show_stretch = state, do, show_stretch
        self._press: Action | None = None
        self._hold: Action | None = None
        self._long_hold: Action | None = None

    @property
    def holds_on(self) -> bool:
        """The finger is still down after a hold, and a long hold would mean something."""
        return self._state.finger.holds_on and self._long_hold is not None

    def would(self, gesture: Signal) -> Push | None:
        """What a press or a hold would do now; None for nothing."""
        meaning = self._meaning(gesture)
        return None if meaning is None else PUSHES[meaning]

    def from_afar(self) -> Push | None:
        """What an ordered press would do now; None for nothing."""
        meaning = self._meaning_from_afar()
        return None if meaning is None else PUSHES[meaning]

    def press_from_afar(self) -> None:
        """Do what a press would do now, but nobody is there: it asks for no guide, and goes along with none."""
        action, guide = self._meaning_from_afar(), self._state.guide
        if action is None:
            return
        self._be_felt()
        self._state.lit_at = self._state.now
        asked = guide is not None and guide.asked
        if action is Action.ACKNOWLEDGE:
            self._show_stretch()
        else:
            self._do(action)
        if guide is not None:
            guide.asked = asked

    def report(self, at: float, down: bool) -> None:
        """Take in a change of the button's contact."""
        if self._state.finger.report(at, down) is Gesture.DOWN:
            self._feel()

    def settle(self) -> None:
        """Act on the gesture, which is clear now."""
        state = self._state
        gesture = state.finger.settle()
        if gesture is Gesture.STUCK:
            state.note(Stuck(state.now, state.now, Stuck.BUTTON))
        means = {Gesture.PRESS: self._press, Gesture.HOLD: self._hold, Gesture.LONG_HOLD: self._long_hold}
        action = means.get(gesture)
        if action is not None:
            self._do(action)

    def _feel(self) -> None:
        """A finger came down: stop the sound, drop the notice and fix what the gesture will mean."""
        state = self._state
        self._be_felt()
        self._press, self._hold = self._meaning(Signal.PRESS), self._meaning(Signal.HOLD)
        self._long_hold = RULES.get((state.mode, Signal.LONG_HOLD))
        if state.mode is Mode.WATCHING and not (is_dark(state) and state.asks):
            self._long_hold = None
        state.at_hand, state.offered_at_hand = self._shown_stretch(), state.office_offer
        # Not before: what the gesture means depends on what was lit when the finger came down.
        state.lit_at = state.now

    def _be_felt(self) -> None:
        state = self._state
        state.hush()
        state.notice_until = state.now

    def _shown_stretch(self) -> Stretch | None:
        guide = self._state.guide
        return None if guide is None or self._state.cautions else guide.step.stretch

    def _meaning_from_afar(self) -> Action | None:
        """What an ordered press would do now. It doesn't put away a code that somebody is typing."""
        action = self._meaning(Signal.PRESS)
        return action if action in _FROM_AFAR and self._state.mode is not Mode.CONNECTING else None

    def _meaning(self, gesture: Signal) -> Action | None:
        """What a press or a hold would do now."""
        state = self._state
        action = RULES.get((state.mode, gesture))
        if action is Action.CONNECT and not state.is_in_house:
            action = Action.MUTE
        if action in (Action.CONNECT, Action.FORGET_PHONES):
            # The card says so, even while there is no sound.
            return action
        if gesture is Signal.HOLD and state.reminders.is_off:
            return Action.COME_BACK if state.reminders.away else Action.UNMUTE
        unseen = state.mode in (Mode.STARTING, Mode.CHOOSING) and is_dark(state)
        if unseen and (gesture is Signal.PRESS or state.mode is Mode.CHOOSING):
            # The touch only lights the card up. Nobody could read it, so it isn't answered yet.
            return None
        if action is Action.SKIP and state.mode is Mode.GUIDING and state.cautions:
            return Action.GET_IT
        if action is Action.GET_IT and state.safety_nth < len(SAFETY) - 1:
            return Action.READ_ON
        if action is Action.SNOOZE and state.memory.owed is None:
            return Action.PUT_AWAY
        if action is Action.SNOOZE and not state.reminders.may_snooze:
            action = Action.MUTE
        # Without a buzzer there is no sound to mute.
        return action if action is not Action.MUTE or state.reminders.has_buzzer else None
