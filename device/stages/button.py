"""Turns the contacts of a bouncing button into presses and holds."""

from __future__ import annotations

import math
from enum import Enum, auto

from device.settings.settings import Press
from device.words.instants import after


class Gesture(Enum):
    """What a finger did."""

    DOWN = auto()
    """The first contact. What it will mean is fixed now and acted on later."""
    PRESS = auto()
    HOLD = auto()
    LONG_HOLD = auto()
    """The finger stayed down after the hold."""
    STUCK = auto()
    """The button is down for so long that it can't be a finger."""
    UP = auto()
    """The finger let go after a hold, or after it was down from the start."""


class Finger:
    """Follows the button's contact. Down counts at the first contact, up only after the contact has settled."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._contact: bool | None = None
        self._contact_since = 0.0
        self._down_at: float | None = None
        """First contact of the present press; None if the next contact would be a new one."""
        self._spent = False
        """The present press has been acted on, or means nothing."""
        self.holds_on = False
        """The finger is still down after a hold, which may become a long one."""
        self._armed_at = -math.inf
        """The earliest instant at which a contact is a new press."""
        self.stuck = False

    def go_by(self, press: Press) -> None:
        """Use these times from now on, for a finger that is down, too."""
        self._press = press

    @property
    def felt(self) -> bool:
        """The button is down, and it is still open which gesture this is."""
        return self._down_at is not None and not self._spent

    def report(self, at: float, down: bool) -> Gesture | None:
        """Take in the contact. A late report may have an `at` from before the last settled gesture."""
        at_start, self._contact, news = self._contact is None, down, down != self._contact
        if not news:
            return None
        self._contact_since = at
        if not down or self._down_at is not None:
            return None
        # Two contacts are no press: a button held down at the start, and the end of a bounce reported late.
        is_none = at_start or at < self._armed_at
        self._down_at, self._spent = at, is_none
        return None if is_none else Gesture.DOWN

    def next_deadline(self) -> float | None:
        """When the contact will mean something if it doesn't change; None for never."""
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
        """Return the gesture whose deadline has come."""
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
