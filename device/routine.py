"""Which stretches one break gets, and in which steps the guide shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from device.instants import after, between
from device.settings import Guide as GuideSettings
from device.stretches import Part, Side, Stretch

_COURSE = (Part.WARM_UP, Part.HIPS, Part.HIPS, Part.BODY)


def choose(stretches: Sequence[Stretch], history: Sequence[str]) -> tuple[Stretch, ...]:
    """A warm-up, two for the hips, one for the rest of the body: each the one whose turn is longest ago.

    `history` holds the ids of stretches started, oldest first. The same history gives the same routine.
    """
    last_turn = {stretch_id: turn for turn, stretch_id in enumerate(history)}
    waiting = sorted(stretches, key=lambda stretch: last_turn.get(stretch.id, -1))
    chosen: list[Stretch] = []
    for part in _COURSE:
        turn = next((stretch for stretch in waiting if stretch.part is part and stretch not in chosen), None)
        if turn is not None:
            chosen.append(turn)
    return tuple(chosen)


class StepKind(Enum):
    """What the screen is for during a step."""

    TITLE = "title"
    SIDE = "side"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the guide shows, and for how long."""

    kind: StepKind
    stretch: Stretch
    side: Side
    lasts_s: float
    changes_side: bool = False


def steps(routine: Sequence[Stretch], settings: GuideSettings) -> tuple[Step, ...]:
    """A routine as the guide walks through it."""
    return tuple(step for stretch in routine for step in _steps_of(stretch, settings))


def _steps_of(stretch: Stretch, settings: GuideSettings) -> list[Step]:
    walk = [Step(StepKind.TITLE, stretch, stretch.sides[0], settings.title_s)]
    for turn, side in enumerate(stretch.sides):
        if side is not Side.BOTH:
            walk.append(Step(StepKind.SIDE, stretch, side, settings.side_s, changes_side=turn > 0))
        walk.append(Step(StepKind.MOVE, stretch, side, stretch.lasts_s))
    return walk


class Guide:
    """Where the guide is in its routine. It stands still while somebody sits."""

    def __init__(self, walk: Sequence[Step], now: float, *, asked: bool) -> None:
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

    def advance(self, now: float) -> bool:
        """Go to the next step; False when that was the last."""
        return self._go(self._index + 1, now)

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
