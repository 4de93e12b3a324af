"""Follows the seat's levels for what no person does: taken for a day without a lift, or changing all the time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from device.words.instants import HOUR_S, MINUTE_S, after, between

_WORN_AFTER_S = 24 * HOUR_S
"""For how many seconds no person sits without a lift, power cuts and losses left out."""
_WINDOW_S = 3 * MINUTE_S
_MOST = 120
"""How often a person changes the level in `_WINDOW_S` at most: sixty times they sit down and stand up, 3 s each."""
_A_LOSS = 12
"""No person takes the sensor's level away, so a loss counts as many changes, and so does its return."""
_RESTS_S = 10 * MINUTE_S
"""A level that stands for so long is at rest. At night, at the latest, a person's is."""
_RESTLESS_S = 24 * HOUR_S
"""For how many seconds no person changes it without a rest."""
_CALM = 60
"""A sitting with so many changes in `_WINDOW_S` shows nothing about the seat."""
_ORDINARY_S = 3 * MINUTE_S
"""How long an ordinary sitting lasts at least."""


@dataclass(slots=True)
class Unlifted:
    """For how long somebody seems to have sat without leaving, over power cuts and losses: nobody saw a lift in these.

    A lift too short to be a leaving counts for nothing: a worn pad may flicker.
    """

    since: float | None = None
    """When that sitting began, if a cut or a loss has interrupted it since; in monotonic seconds."""
    so_far_s: float = 0.0
    """Its seconds until the last cut or loss."""

    def bank(self, since: float, until: float) -> None:
        """Somebody seemed to sit from `since` on, and nothing is known from `until` on."""
        self.since = since if self.since is None else self.since
        self.so_far_s = after(self.so_far_s, between(since, until))

    def lift(self) -> None:
        """The seat was seen empty."""
        self.since, self.so_far_s = None, 0.0

    def worn_at(self, sat_at: float) -> float:
        """When the present sitting, which began at `sat_at`, will be longer than any person's."""
        return after(sat_at, between(self.so_far_s, _WORN_AFTER_S))


class Doubt:
    """Follows the levels since the start. It has no opinion on levels that nobody has seen."""

    def __init__(self) -> None:
        self._taken: bool | None = None
        """The level; None while there is none."""
        self._restless_since = 0.0
        """Since when no level has stood for long."""
        self._changes: deque[float] = deque(maxlen=_MOST + 1)
        self._empty_since: float | None = None
        """When the chair was first seen empty since the last loss or chatter."""

    def hear(self, at: float, taken: bool) -> None:
        """Take in the level."""
        if taken is self._taken:
            return
        if self._taken is not None:
            self._change(at)
        self._taken = taken
        if not taken and self._empty_since is None:
            self._empty_since = at

    def miss(self, at: float) -> None:
        """The sensor gives no level any more, or gives one again."""
        for _ in range(_A_LOSS):
            self._change(at)
        self._taken = self._empty_since = None

    @property
    def loose_since(self) -> float | None:
        """Since when the level has changed as no person makes it change: too often, or for too long; else None."""
        changes = self._changes
        if len(changes) > _MOST and between(changes[0], changes[-1]) <= _WINDOW_S:
            return changes[0]
        is_restless = bool(changes) and between(self._restless_since, changes[-1]) >= _RESTLESS_S
        return self._restless_since if is_restless else None

    def is_ordinary(self, sat_at: float, left_at: float) -> bool:
        """Whether that sitting was one as a person sits: seen to begin and to end, neither short nor endless, calm."""
        began_empty = self._empty_since is not None and self._empty_since <= sat_at
        return began_empty and _ORDINARY_S <= between(sat_at, left_at) < _WORN_AFTER_S

    def _change(self, at: float) -> None:
        if not self._changes or between(self._changes[-1], at) >= _RESTS_S:
            self._restless_since = at
        self._changes.append(at)
        if len(self._changes) >= _CALM and between(self._changes[-_CALM], at) <= _WINDOW_S:
            self._empty_since = None
