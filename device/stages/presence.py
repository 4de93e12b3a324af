"""From a twitchy pad to "somebody sits here": the level, and what is believed after settling."""

from __future__ import annotations

from device.settings.settings import Settle
from device.words.instants import after


class Presence:
    """Follows the pad's level and says when somebody has sat or left, back-dated to the first instant of that run."""

    def __init__(self, settle: Settle, now: float) -> None:
        self._settle = settle
        self.taken = False
        """The raw level."""
        self.since = now
        """When the raw level last changed."""
        self.seated = False
        """What is believed."""

    def report(self, at: float, taken: bool) -> bool:
        """Hear the level; True when it is news."""
        if taken == self.taken:
            return False
        self.taken, self.since = taken, at
        return True

    @property
    def settled(self) -> bool:
        """Whether level and belief agree; while they don't, nothing is concluded from either."""
        return self.taken == self.seated

    def next_deadline(self) -> float | None:
        """When the present run of the level will have been long enough to be believed."""
        if self.settled:
            return None
        return after(self.since, self._settle.sit_s if self.taken else self._settle.leave_s)

    def settle(self) -> float:
        """Believe the level; returns since when it was true."""
        self.seated = self.taken
        return self.since
