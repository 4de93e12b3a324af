"""Follows the seat's levels for what no person does: taken for a day without a lift, or changing all the time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from device.words.instants import HOUR_S, MINUTE_S, after, between

_WORN_AFTER_S = 24 * HOUR_S
"""For how many seconds no person sits without a lift, power cuts and losses left out."""
_WINDOW_S = 3 * MINUTE_S
_MOST = 120
"""How often a person changes the level in `_WINDOW_S` at most: sixty times they sit down and stand up, 3 s each."""
_A_LOSS = 12
"""No person takes the sensor's level away, so a loss counts as many changes, and so does its return."""
_CALM = 60
"""A sitting with so many changes in `_WINDOW_S` shows nothing about the seat."""
_ORDINARY_S = 3 * MINUTE_S
"""How long an ordinary sitting lasts at least."""


@dataclass(slots=True)
class Unlifted:
    """For how long the seat has said taken without a lift, over power cuts and losses: nobody saw one in these."""

    since: float | None = None
    """When that began, in monotonic seconds; None if the seat was lifted since."""
    so_far_s: float = 0.0
    """Seconds that it said taken until the last cut or loss."""

    def bank(self, since: float, until: float) -> None:
        """The seat said taken from `since` on, and nothing is known from `until` on."""
        self.since = since if self.since is None else self.since
        self.so_far_s = after(self.so_far_s, between(since, until))

    def lift(self) -> None:
        """The seat was seen empty."""
        self.since, self.so_far_s = None, 0.0


class Doubt:
    """Follows the levels since the start. It has no opinion on levels that nobody has seen."""

    def __init__(self) -> None:
        self._taken: bool | None = None
        """The level; None while there is none."""
        self._since = 0.0
        """When it last changed."""
        self._unlifted = Unlifted()
        self._changes: deque[float] = deque(maxlen=_MOST + 1)
        self._empty_since: float | None = None
        """When the chair was first seen empty since the last loss or chatter."""

    def go_on(self, unlifted: Unlifted) -> None:
        """Go on from what was known of the seat before a power cut."""
        if self._taken is None:
            self._unlifted = replace(unlifted)

    def hear(self, at: float, taken: bool) -> None:
        """Take in the level."""
        if taken is self._taken:
            return
        if self._taken is not None:
            self._change(at)
        self._taken, self._since = taken, at
        if not taken:
            self._unlifted.lift()
        if not taken and self._empty_since is None:
            self._empty_since = at

    def miss(self, at: float) -> None:
        """The sensor gives no level any more, or gives one again."""
        for _ in range(_A_LOSS):
            self._change(at)
        if self._taken:
            self._unlifted.bank(self._since, at)
        self._taken = self._empty_since = None

    @property
    def loose_since(self) -> float | None:
        """The first of the last changes, if they are more than a person makes; else None."""
        changes = self._changes
        is_loose = len(changes) > _MOST and between(changes[0], changes[-1]) <= _WINDOW_S
        return changes[0] if is_loose else None

    @property
    def taken_since(self) -> float | None:
        """Since when the seat has said taken without a lift; None while it doesn't."""
        if not self._taken:
            return None
        return self._since if self._unlifted.since is None else self._unlifted.since

    @property
    def worn_at(self) -> float | None:
        """When the seat will have said taken for longer than a person sits; None while it doesn't say taken."""
        return after(self._since, between(self._unlifted.so_far_s, _WORN_AFTER_S)) if self._taken else None

    def is_ordinary(self, sat_at: float, left_at: float) -> bool:
        """Whether that sitting was one as a person sits: seen to begin and to end, neither short nor endless, calm."""
        began_empty = self._empty_since is not None and self._empty_since <= sat_at
        return began_empty and _ORDINARY_S <= between(sat_at, left_at) < _WORN_AFTER_S

    def _change(self, at: float) -> None:
        self._changes.append(at)
        if len(self._changes) >= _CALM and between(self._changes[-_CALM], at) <= _WINDOW_S:
            self._empty_since = None
