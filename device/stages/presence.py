"""Turns the level of a twitchy pad into "somebody sits here", once the level has settled."""

from __future__ import annotations

from device.settings.settings import Settle
from device.words.instants import after


class Presence:
    """Follows the pad's level and says when somebody sat or left, dated back to when the level changed."""

    def __init__(self, settle: Settle, now: float) -> None:
        self._settle = settle
        self.taken = False
        """The raw level."""
        self.since = now
        """When the raw level last changed."""
        self.seated = False
        """Whether somebody is believed to sit there."""
        self.is_heard = False
        """There has been a level."""

    def go_by(self, settle: Settle) -> None:
        """Use these times from now on."""
        self._settle = settle

    def report(self, at: float, taken: bool) -> bool:
        """Take in the level; True if it has changed."""
        self.is_heard = True
        if taken == self.taken:
            return False
        self.taken, self.since = taken, at
        return True

    @property
    def settled(self) -> bool:
        """Whether level and belief agree. While they don't, conclude nothing from either."""
        return self.taken == self.seated

    def next_deadline(self) -> float | None:
        """When the level will have lasted long enough to be believed; None if it is already."""
        if self.settled:
            return None
        return after(self.since, self._settle.sit_s if self.taken else self._settle.leave_s)

    def settle(self) -> float:
        """Believe the level; return since when it has been so."""
        self.seated = self.taken
        return self.since
