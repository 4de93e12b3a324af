"""The running guide: which step it shows, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from device.stretches.steps import Step, StepKind
from device.words.instants import after, between


class Guide:
    """The place of the guide in its routine. It stands still while somebody sits."""

    def __init__(self, walk: Sequence[Step], now: float, *, asked: bool, rested: bool = False) -> None:
        """With `rested` the break already counts as full, so the guide doesn't say so again."""
        self._told = rested
        self._walk = tuple(walk)
        self._index = 0
        self._began = now
        """When the present step began; a pause moves this on by the length of the pause."""
        self._paused_at: float | None = None
        self.asked = asked
        """A press asked for the guide or went along with it."""

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._walk[self._index]

    @property
    def began(self) -> float:
        """When the present step would have begun without the pause."""
        return self._began

    def elapsed_s(self, now: float) -> float:
        """Seconds since the present step began, without pauses."""
        return between(self._began, now if self._paused_at is None else self._paused_at)

    def next_deadline(self) -> float | None:
        """When the present step is over; None while paused."""
        return None if self._paused_at is not None else after(self._began, self.step.lasts_s)

    def pause(self, now: float) -> None:
        """Stand still."""
        self._paused_at = now

    def resume(self, now: float) -> None:
        """Go on from where it paused."""
        if self._paused_at is not None:
            self._began = after(self._began, between(self._paused_at, now))
            self._paused_at = None

    def advance(self, now: float, *, rested: bool = False) -> bool:
        """Go to the next step; False after the last. The step that says the break counts comes once."""
        index = self._index + 1
        if index < len(self._walk) and self._walk[index].kind is StepKind.COUNTS:
            if rested and not self._told:
                self._told = True
            else:
                index += 1
        return self._go(index, now)

    def skip(self, now: float) -> bool:
        """Go to the next stretch; False if there is none."""
        coming = range(self._index + 1, len(self._walk))
        return self._go(next((i for i in coming if self._walk[i].kind is StepKind.TITLE), len(self._walk)), now)

    def _go(self, index: int, now: float) -> bool:
        if index >= len(self._walk):
            return False
        self._index, self._began = index, now
        if self._paused_at is not None:
            self._paused_at = now
        return True
