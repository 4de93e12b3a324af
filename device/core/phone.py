"""What a phone brings: the orders from the page, and the card that connects a phone."""

from __future__ import annotations

from collections.abc import Callable

from device.core.rules import Action
from device.core.state import State
from device.words.events import Event, Order, Ordered
from device.words.facts import Muted
from device.words.instants import HOUR_S, after

_LONGEST_MUTE_S = 12 * HOUR_S


class Phone:
    """Takes in what comes from the page."""

    def __init__(self, state: State, do: Callable[[Action], None]) -> None:
        self._state = state
        self._do = do

    def hear(self, event: Event) -> None:
        """Take in an event from the page; others are ignored."""
        match event:
            case Ordered(order=Order.MUTE, until=until):
                self._mute(until)
            case Ordered(order=Order.SOUND):
                self._do(Action.UNMUTE)

    def _mute(self, until: float | None) -> None:
        now = self._state.now
        usual = after(now, self._state.settings.reminders.mute_s)
        until = min(usual if until is None else until, after(now, _LONGEST_MUTE_S))
        if until > now:
            self._state.hush()
            self._state.note(Muted(now, now, until))
