"""The guide as it runs: which step it shows, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from device.stretches.steps import Step, StepKind
from device.words.instants import after, between


class Guide:
    """Where the guide is in its routine. It stands still while somebody sits."""

    def __init__(self, walk: Sequence[Step], now: float, *, asked: bool, rested: bool = False) -> None:
        """Where the break is long enough already (`rested`), that isn't told any more."""
        self._told = rested
        self._walk = tuple(walk)
        self._index = 0
        self._began = now
        """When the present step began; a pause moves it on by its length."""
        self._paused_at: float | None = None
        self.asked = asked
        """A press asked for it or went along with it."""

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._walk[self._index]

    @property
    def began(self) -> float:
        """When the present step would have begun had there been no pause."""
        return self._began

    def elapsed_s(self, now: float) -> float:
        """Seconds into the present step, pauses left out."""
        return between(self._began, now if self._paused_at is None else self._paused_at)

    def next_deadline(self) -> float | None:
        """When the present step is over; None while paused."""
        return None if self._paused_at is not None else after(self._began, self.step.lasts_s)

    def pause(self, now: float) -> None:
        """Stand still."""
        self._paused_at = now

    def resume(self, now: float) -> None:
        """Go on where it stood."""
        if self._paused_at is not None:
            self._began = after(self._began, between(self._paused_at, now))
            self._paused_at = None

    def advance(self, now: float, *, rested: bool = False) -> bool:
        """Go to the next step; False when that was the last. That the break counts is told once."""
        index = self._index + 1
        if index < len(self._walk) and self._walk[index].kind is StepKind.COUNTS:
            if rested and not self._told:
                self._told = True
            else:
                index += 1
        return self._go(index, now)

    def skip(self, now: float) -> bool:
        """Go to the next stretch; False when there is none."""
        coming = range(self._index + 1, len(self._walk))
        return self._go(next((i for i in coming if self._walk[i].kind is StepKind.TITLE), len(self._walk)), now)

    def _go(self, index: int, now: float) -> bool:
        if index >= len(self._walk):
            return False
        self._index, self._began = index, now
        if self._paused_at is not None:
            self._paused_at = now
        return True
