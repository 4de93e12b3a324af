"""The steps of the guide through a routine, and how long each one lasts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from device.body.figure import Figure
from device.settings.settings import GuideSettings as GuideSettings
from device.stretches.stretch import Kind, Posture, Side, Stretch
from device.words.instants import between, whole

_LOOK_S, _WORD_S = 1.75, 0.3
"""Reading time: seconds to notice a new text, and for each word."""


_SIGN_S = 1.75
"""How many seconds the signs to watch and to begin stay: up to three words, the same each time."""

_TURN_S = 3.0
"""To turn round takes longer than to read it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A stretch in a routine and its amount: repetitions or seconds for each side."""

    stretch: Stretch
    amount: int


class StepKind(Enum):
    """The purpose of the screen during a step."""

    CAUTION = "caution"
    """The stop-if-it-hurts card, for a person who hasn't put it away yet."""
    TITLE = "title"
    PLACE = "place"
    """Says where to go and what to hold on to."""
    WATCH = "watch"
    """The figure shows the stretch first; the person only watches."""
    ASIDE = "aside"
    """Shows in another view what the first view hides; the person still only watches."""
    HOW = "how"
    """Says how the stretch is done, beside the figure."""
    CARE = "care"
    """Gives the caution of the stretch."""
    NOW = "now"
    """Says to begin."""
    TURN = "turn"
    """Says to turn round for the other side."""
    SIDE = "side"
    MOVE = "move"
    COUNTS = "counts"
    """Says that the break counts: once, before the next stretch is shown or done."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the guide shows, and for how long."""

    kind: StepKind
    stretch: Stretch
    side: Side
    lasts_s: float
    figure: Figure
    lines: tuple[str, ...] = ()
    """The text to read."""
    figure_for_s: float = 0.0
    """The second of the figure's loop at which this step begins."""
    changes_side: bool = False
    nth: int = 1
    """The number of its stretch in the routine, and below, of how many."""
    of: int = 1

    @property
    def counts_every_s(self) -> float:
        """Seconds from one count to the next: those of a repetition or its part, or 1."""
        return self.figure.loop_s / self.stretch.counts if self.stretch.counted else 1.0

    @property
    def _counts_since_s(self) -> float:
        """When the counting begins: in a hold, once the pose is reached."""
        return self.figure.held_s[0] if self.stretch.kind is Kind.HOLD else 0.0

    def left_s(self, elapsed_s: float) -> float:
        """Seconds until the last count is over, at the end of the step or of the hold; negative after that."""
        return between(elapsed_s, self.figure.held_s[1] if self.stretch.kind is Kind.HOLD else self.lasts_s)

    def count_at(self, elapsed_s: float) -> int:
        """Repetitions or seconds left; in a hold, the seconds to hold, and 0 on the way back."""
        left_ms = max(0, round(self.left_s(max(elapsed_s, self._counts_since_s)) * 1000))
        # Whole milliseconds: in floats, 2.1 s is slightly more than three times 0.7 s and would show as four.
        return math.ceil(Fraction(left_ms, round(self.counts_every_s * 1000)))


def steps(routine: Sequence[Planned], settings: GuideSettings, counts_s: float = 0.0) -> tuple[Step, ...]:
    """The steps of a routine. Before a stretch is shown or done, `counts_s` seconds may say that the break counts."""
    walk: list[Step] = []
    for nth, planned in enumerate(routine, 1):
        for step in steps_of(planned, settings, planned.stretch.figure_for(planned.amount)):
            told = replace(step, nth=nth, of=len(routine))
            # Not between the sides: a person who has stretched one leg wants to stretch the other.
            if counts_s and (step.kind is StepKind.NOW or (walk and step.kind is StepKind.TITLE)):
                walk.append(replace(told, kind=StepKind.COUNTS, lasts_s=counts_s, lines=()))
            walk.append(told)
    return tuple(walk)


def cautioned(walk: Sequence[Step], lasts_s: float) -> tuple[Step, ...]:
    """The steps with the stop-if-it-hurts card before them."""
    return (replace(walk[0], kind=StepKind.CAUTION, lasts_s=lasts_s), *walk)


def steps_of(planned: Planned, settings: GuideSettings, figure: Figure) -> list[Step]:
    """The steps of a stretch: title, place, all of it to watch, the caution, then the movement for each side."""
    stretch, first = planned.stretch, planned.stretch.sides[0]

    def told(kind: StepKind, lines: tuple[str, ...], least_s: float = 0.0, side: Side = first) -> Step:
        return Step(kind, stretch, side, max(least_s, _reading_s(lines)) if lines else 0.0, figure, lines)

    def sign(kind: StepKind) -> Step:
        return Step(kind, stretch, first, _SIGN_S, figure)

    place_s = settings.place_s if stretch.takes_a_thing else 0.0
    # A change from one knee to the other takes as long as getting down in the first place.
    side_s = max(settings.side_s, place_s) if stretch.posture is Posture.FLOOR else settings.side_s
    walk = [told(StepKind.TITLE, stretch.title_lines, settings.title_s), told(StepKind.PLACE, stretch.place, place_s)]
    walk += _shown([sign(StepKind.WATCH)], (0,))
    walk += _aside(stretch, [told(StepKind.ASIDE, page) for page in stretch.aside_how])
    walk += _shown([told(StepKind.HOW, page) for page in stretch.how], stretch.how_poses)
    walk += [told(StepKind.CARE, stretch.care), sign(StepKind.NOW)]
    for side in stretch.sides:
        turns = [replace(sign(StepKind.TURN), side=side, lasts_s=_TURN_S)] if figure.turns and side is not first else []
        ready = [*turns, told(StepKind.SIDE, stretch.side_lines(side), side_s, side)]
        ready[0] = replace(ready[0], changes_side=side is not first)
        walk += ready
        walk.append(Step(StepKind.MOVE, stretch, side, stretch.lasts_s(planned.amount), figure))
    return [step for step in walk if step.lasts_s]


def _aside(stretch: Stretch, pages: Sequence[Step]) -> Iterator[Step]:
    if stretch.aside:
        seen = [replace(page, figure=stretch.aside) for page in pages]
        yield from _shown(seen, range(1, len(seen) + 1))


def _shown(pages: Sequence[Step], poses: Sequence[int]) -> Iterator[Step]:
    """The pages with the figure moving into the pose of each. Without poses it moves from the beginning."""
    if len(pages) != len(poses):
        yield from pages
        return
    for page, pose in zip(pages, poses, strict=True):
        figure, sets_out_s = page.figure.into(pose, page.lasts_s)
        yield replace(page, figure=figure, figure_for_s=whole(sets_out_s))


def _reading_s(lines: Sequence[str]) -> float:
    """How many seconds a stranger needs to read the lines and the small line below."""
    return whole(_LOOK_S + _WORD_S * sum(len(line.split()) for line in lines))
