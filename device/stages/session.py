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
        self._short_from_s = 0.0
        """The sitting time at the last short break, or at the last offer of one."""
        self._short_offered_at: float | None = None
        self.briefly_rested = False
        """The present absence is the short break that was offered."""
        self.move_from_s: float | None = None
        """How far into the present absence somebody last moved, in seconds; None once they have been offered to."""

    def go_by(self, limits: Limits) -> None:
        """Use these limits from now on. What has been counted and said stays."""
        self._limits = limits

    # ---- what happened

    def sit(self, at: float) -> None:
        """Somebody has sat since `at`."""
        if self.bout_start is None:
            self.bout_start = at
        if self.left_at is not None and between(self.left_at, at) >= self._limits.short_break_s:
            self.rest_briefly()
        self._sat_at, self.left_at, self.rested, self.briefly_rested = at, None, False, False

    def leave(self, at: float) -> None:
        """The chair has been empty since `at`."""
        assert self._sat_at is not None, "only who sits can leave"
        span_s = between(self._sat_at, at)
        self._sitting_s = after(self._sitting_s, span_s)
        self._bout_s = after(self._bout_s, span_s)
        self._sat_at, self.left_at, self.move_from_s = None, at, 0.0

    def end_bout(self) -> None:
        """End the bout: the chair has been empty for a break."""
        self.bout_start, self._bout_s = None, 0.0

    def start_afresh(self) -> None:
        """Start the sitting time again from zero: the chair has been empty for a full break."""
        self._sitting_s, self.rested = 0.0, True
        self.due_at = self.invited_at = None
        self._short_from_s, self._short_offered_at = 0.0, None

    def offer_short_break(self, at: float) -> None:
        """A short break is offered at `at`. The next one is offered as long after that as after a short break."""
        self._short_from_s, self._short_offered_at = self.sitting_s(at), at

    def rest_briefly(self) -> None:
        """The chair has been empty for a short break."""
        self._short_from_s, self._short_offered_at = self._sitting_s, None

    def halt(self, at: float | None) -> None:
        """End the running span at `at`: the power was cut, and nothing is known from then on.

        With None it is only known that somebody sat down, so the span has no length.
        """
        if self._sat_at is not None:
            self.leave(self._sat_at if at is None else max(at, self._sat_at))
            self.left_at = None

    def join(self, before: Session, *, same_bout: bool, briefly_rested: bool) -> None:
        """Add the sitting time from before a power cut that was no break, but a short one if `briefly_rested`."""
        if self._short_from_s or briefly_rested:
            self._short_from_s = after(self._short_from_s, before._sitting_s)
        else:
            self._short_from_s, self._short_offered_at = before._short_from_s, before._short_offered_at
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
    def short_offered_at(self) -> float | None:
        """When the short break was offered that is still on offer; None for none. A break that is owed comes first."""
        return self._short_offered_at if self.due_at is None and self.invited_at is None else None

    def unbroken_s(self, now: float) -> float:
        """Seated seconds since the last short break, or since the last offer of one."""
        return between(self._short_from_s, self.sitting_s(now))

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
