"""From contacts that bounce to a press or a hold."""

from __future__ import annotations

import math
from enum import Enum, auto

from device.settings.settings import Press
from device.words.instants import after


class Gesture(Enum):
    """What a finger did."""

    DOWN = auto()
    """The first contact: felt at once, its meaning is settled now and acted on later."""
    PRESS = auto()
    HOLD = auto()
    LONG_HOLD = auto()
    """Held on after the hold has been said."""
    STUCK = auto()
    """Down for so long that it can't be a finger."""
    UP = auto()
    """Let go after a hold, or after being held from the start."""


class Finger:
    """Follows the button's contact; the first contact counts, and it is up when it has been up long enough."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._contact: bool | None = None
        self._contact_since = 0.0
        self._down_at: float | None = None
        """First contact of the press under way; None while armed."""
        self._spent = False
        """The press under way has had its meaning already."""
        self.holds_on = False
        """A hold has been said, and the finger is still down: it may become a long one."""
        self._armed_at = -math.inf
        """Since when a contact is a new press."""
        self.stuck = False

    @property
    def felt(self) -> bool:
        """Down, and what it means is still open."""
        return self._down_at is not None and not self._spent

    def report(self, at: float, down: bool) -> Gesture | None:
        """Hear the contact; of a late one `at` may lie before what was settled meanwhile."""
        at_start, self._contact, news = self._contact is None, down, down != self._contact
        if not news:
            return None
        self._contact_since = at
        if not down or self._down_at is not None:
            return None
        # Held down while the device started, or the end of a bounce that was told late: it is no press.
        is_none = at_start or at < self._armed_at
        self._down_at, self._spent = at, is_none
        return None if is_none else Gesture.DOWN

    def next_deadline(self) -> float | None:
        """When the contact will mean something if it stays as it is."""
        if self._down_at is None:
            return None
        if not self._contact:
            return after(self._contact_since, self._press.rearm_s)
        if not self._spent:
            return after(self._down_at, self._press.hold_s)
        if self.holds_on:
            return after(self._down_at, self._press.long_hold_s)
        return None if self.stuck else after(self._down_at, self._press.stuck_s)

    def settle(self) -> Gesture:
        """Say what the deadline that has come means."""
        if not self._contact:
            gesture = Gesture.UP if self._spent else Gesture.PRESS
            self._armed_at = after(self._contact_since, self._press.rearm_s)
            self._down_at, self._spent, self.holds_on, self.stuck = None, False, False, False
            return gesture
        if not self._spent:
            self._spent = self.holds_on = True
            return Gesture.HOLD
        if self.holds_on:
            self.holds_on = False
            return Gesture.LONG_HOLD
        self.stuck = True
        return Gesture.STUCK
