"""Turns sitting and leaving into bouts, breaks and the sitting time after which a break is due.

Seated time is the sum of the finished spans and the running one. Nothing depends on how often ticks come.
"""

from __future__ import annotations

from enum import Enum, auto

from device.settings.settings import Limits
from device.words.instants import after, between


class Milestone(Enum):
    """What a session can reach, in the order used when two come at the same instant.

    Due comes before the invite, so an invite that is as late as due never comes.
    """

    BREAK = auto()
    """The chair has been empty long enough for the bout to be over."""
    FULL_BREAK = auto()
    """The chair has been empty long enough for the sitting time to start again from zero."""
    DUE = auto()
    INVITE = auto()


class Session:
    """The spans of one sitting time and of the bout within it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sat_at: float | None = None
        """Start of the running span; None while away."""
        self._sitting_s = 0.0
        self._bout_s = 0.0
        self.bout_start: float | None = None
        """When the open bout began; None between bouts."""
        self.left_at: float | None = None
        """When the chair was left; None while seated, and before anybody sat."""
        self.rested = False
        """The present absence is already a full break."""
        self.due_at: float | None = None
        """When the break fell due; None while it isn't due."""
        self.invited_at: float | None = None

    def go_by(self, limits: Limits) -> None:
        """Use these limits from now on. What has been counted and said stays."""
        self._limits = limits

    # ---- what happened

    def sit(self, at: float) -> None:
        """Somebody has sat since `at`."""
        if self.bout_start is None:
            self.bout_start = at
        self._sat_at, self.left_at, self.rested = at, None, False

    def leave(self, at: float) -> None:
        """The chair has been empty since `at`."""
        assert self._sat_at is not None, "only who sits can leave"
        span_s = between(self._sat_at, at)
        self._sitting_s = after(self._sitting_s, span_s)
        self._bout_s = after(self._bout_s, span_s)
        self._sat_at, self.left_at = None, at

    def end_bout(self) -> None:
        """End the bout: the chair has been empty for a break."""
        self.bout_start, self._bout_s = None, 0.0

    def start_afresh(self) -> None:
        """Start the sitting time again from zero: the chair has been empty for a full break."""
        self._sitting_s, self.rested = 0.0, True
        self.due_at = self.invited_at = None

    def halt(self, at: float | None) -> None:
        """End the running span at `at`: the power was cut, and nothing is known from then on.

        With None it is only known that somebody sat down, so the span has no length.
        """
        if self._sat_at is not None:
            self.leave(self._sat_at if at is None else max(at, self._sat_at))
            self.left_at = None

    def join(self, before: Session, *, same_bout: bool) -> None:
        """Add the sitting time from before a power cut that was no break."""
        self._sitting_s = after(self._sitting_s, before._sitting_s)
        self.due_at = self.due_at if before.due_at is None else before.due_at
        self.invited_at = self.invited_at if before.invited_at is None else before.invited_at
        if same_bout and before.bout_start is not None:
            self._bout_s, self.bout_start = after(self._bout_s, before._bout_s), before.bout_start

    # ---- how it stands

    @property
    def seated_since(self) -> float | None:
        """When the present sitting began; None while away."""
        return self._sat_at

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has sat yet, as far as is known."""
        return self.bout_start is None and self.left_at is None and self.sitting_s(0.0) == 0.0

    def sitting_s(self, now: float) -> float:
        """Seated seconds since the last full break."""
        return self._sitting_s if self._sat_at is None else after(self._sitting_s, between(self._sat_at, now))

    def bout_s(self, now: float) -> float:
        """Seated seconds of the open bout."""
        return self._bout_s if self._sat_at is None else after(self._bout_s, between(self._sat_at, now))

    @property
    def full_break_at(self) -> float | None:
        """When the present absence becomes, or became, a full break."""
        return None if self.left_at is None else after(self.left_at, self._limits.full_break_s)

    # ---- what comes next

    def next_milestone(self) -> tuple[float, Milestone] | None:
        """When the next milestone comes if nothing changes, and which it is; None for none."""
        coming = self._coming_seated(self._sat_at) if self._sat_at is not None else self._coming_away()
        return min(coming, key=lambda pair: (pair[0], pair[1].value), default=None)

    def _coming_seated(self, sat_at: float) -> list[tuple[float, Milestone]]:
        if self.due_at is not None:
            return []
        coming = [(after(sat_at, between(self._sitting_s, self._limits.due_after_s)), Milestone.DUE)]
        if self.invited_at is None:
            coming.append((after(sat_at, between(self._sitting_s, self._limits.invite_after_s)), Milestone.INVITE))
        return coming

    def _coming_away(self) -> list[tuple[float, Milestone]]:
        if self.left_at is None:
            return []
        coming = []
        if self.bout_start is not None:
            coming.append((after(self.left_at, self._limits.break_after_s), Milestone.BREAK))
        if not self.rested:
            coming.append((after(self.left_at, self._limits.full_break_s), Milestone.FULL_BREAK))
        return coming
