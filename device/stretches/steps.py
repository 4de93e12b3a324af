"""What the guide shows of a routine, step by step, and for how long."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from device.body.figure import Figure
from device.settings.settings import Guide as GuideSettings
from device.stretches.stretch import Kind, Posture, Side, Stretch
from device.words.instants import between, whole

_LOOK_S, _WORD_S = 1.75, 0.3
"""To see that there is something new to read, and for each word."""


_SIGN_S = 1.75
"""How long it is said to watch, or that it is one's turn: three words at the most, the same each time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in a routine, and how much of it: repetitions or seconds for each side."""

    stretch: Stretch
    amount: int


class StepKind(Enum):
    """What the screen is for during a step."""

    CAUTION = "caution"
    """Stop if it hurts, to whoever hasn't said that they know."""
    TITLE = "title"
    PLACE = "place"
    """Where to go, and what to hold on to."""
    WATCH = "watch"
    """The figure shows it first: nobody has to do anything yet."""
    HOW = "how"
    """How it is done, beside the figure."""
    CARE = "care"
    """The one caution."""
    NOW = "now"
    """From here on it is done."""
    SIDE = "side"
    MOVE = "move"
    COUNTS = "counts"
    """The break is done: told once, at the first change of side or of stretch after that."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the guide shows, and for how long."""

    kind: StepKind
    stretch: Stretch
    side: Side
    lasts_s: float
    figure: Figure
    lines: tuple[str, ...] = ()
    """What there is to read."""
    figure_for_s: float = 0.0
    """Where in its loop the figure is when this step begins."""
    changes_side: bool = False
    nth: int = 1
    """Which stretch of the routine it belongs to, and of how many."""
    of: int = 1

    @property
    def counts_every_s(self) -> float:
        """From one count to the next: a repetition, or a second."""
        return self.figure.loop_s if self.stretch.counted else 1.0

    @property
    def _counts_since_s(self) -> float:
        """What is held counts once it is."""
        return self.figure.held_s[0] if self.stretch.kind is Kind.HOLD else 0.0

    def left_s(self, elapsed_s: float) -> float:
        """Seconds until the last count is over: the step, or what is held; negative after that."""
        return between(elapsed_s, self.figure.held_s[1] if self.stretch.kind is Kind.HOLD else self.lasts_s)

    def count_at(self, elapsed_s: float) -> int:
        """Repetitions left, or seconds; of a hold those for which it is still held, 0 on the way back."""
        left_ms = max(0, round(self.left_s(max(elapsed_s, self._counts_since_s)) * 1000))
        # Whole numbers: three times 0.7 s is a little more than 2.1 s in floats, and would show as four.
        return math.ceil(Fraction(left_ms, round(self.counts_every_s * 1000)))


def steps(routine: Sequence[Turn], settings: GuideSettings, counts_s: float = 0.0) -> tuple[Step, ...]:
    """A routine as the guide walks through it; at each change so many seconds to say that the break counts."""
    walk: list[Step] = []
    for nth, turn in enumerate(routine, 1):
        for step in steps_of(turn, settings, turn.stretch.figure_for(turn.amount)):
            told = replace(step, nth=nth, of=len(routine))
            if walk and counts_s and (step.changes_side or step.kind is StepKind.TITLE):
                note = replace(told, kind=StepKind.COUNTS, lasts_s=counts_s, lines=(), changes_side=False)
                walk.append(note)
            walk.append(told)
    return tuple(walk)


def cautioned(walk: Sequence[Step], lasts_s: float) -> tuple[Step, ...]:
    """With the caution before it."""
    return (replace(walk[0], kind=StepKind.CAUTION, lasts_s=lasts_s), *walk)


def steps_of(turn: Turn, settings: GuideSettings, figure: Figure) -> list[Step]:
    """Its name, where to go; to watch how, and the caution; then one's own turn, side by side."""
    stretch, first = turn.stretch, turn.stretch.sides[0]

    def told(kind: StepKind, lines: tuple[str, ...], least_s: float = 0.0, side: Side = first) -> Step:
        return Step(kind, stretch, side, max(least_s, _reading_s(lines)) if lines else 0.0, figure, lines)

    def sign(kind: StepKind) -> Step:
        return Step(kind, stretch, first, _SIGN_S, figure)

    place_s = settings.place_s if stretch.takes_a_thing else 0.0
    # To get up from one knee and down on the other takes as long as to get there.
    side_s = max(settings.side_s, place_s) if stretch.posture is Posture.FLOOR else settings.side_s
    walk = [told(StepKind.TITLE, stretch.title_lines, settings.title_s), told(StepKind.PLACE, stretch.place, place_s)]
    walk += _shown([sign(StepKind.WATCH)], (0,))
    walk += _shown([told(StepKind.HOW, page) for page in stretch.how], stretch.how_poses)
    walk += [told(StepKind.CARE, stretch.care), sign(StepKind.NOW)]
    for nth, side in enumerate(stretch.sides):
        if side is not Side.BOTH:
            walk.append(replace(told(StepKind.SIDE, stretch.side_lines(side), side_s, side), changes_side=nth > 0))
        walk.append(Step(StepKind.MOVE, stretch, side, stretch.lasts_s(turn.amount), figure))
    return [step for step in walk if step.lasts_s]


def _shown(pages: Sequence[Step], poses: Sequence[int]) -> Iterator[Step]:
    """The figure gets into what each page tells; where it isn't said which that is, it moves from the beginning."""
    if len(pages) != len(poses):
        yield from pages
        return
    for page, pose in zip(pages, poses, strict=True):
        figure, sets_out_s = page.figure.into(pose, page.lasts_s)
        yield replace(page, figure=figure, figure_for_s=whole(sets_out_s))


def _reading_s(lines: Sequence[str]) -> float:
    """How long it takes a stranger to read that, the small line below it included."""
    return whole(_LOOK_S + _WORD_S * sum(len(line.split()) for line in lines))
