"""Which stretches one break gets and how much of each, and the steps in which the guide shows them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from device.figure import Figure
from device.instants import after, between, whole
from device.settings import Guide as GuideSettings
from device.stretches import Area, Kind, Posture, Side, Stretch

History = Sequence[Sequence[str]]
"""Of each routine so far, oldest first, the ids of the stretches that were begun."""

_LEEWAY = 1.1
"""How much longer than its time a routine may turn out."""
_USUAL = 0.8
"""Where between least and most the usual amount of a stretch lies: much of a few rather than a little of many."""
_HELD_S = 15
"""What is held is held for so long, getting there and back not included."""
_LOOK_S, _WORD_S = 1.75, 0.3
"""To see that there is something new to read, and for each word."""
_SIGN_S = 1.75
"""How long it is said to watch, or that it is one's turn: three words at the most, the same each time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch in a routine, and how much of it: repetitions or seconds for each side."""

    stretch: Stretch
    amount: int


def plan(stretches: Sequence[Stretch], history: History, time_s: float, guide: GuideSettings) -> tuple[Turn, ...]:
    """A routine of about that length; the same history gives the same routine.

    A warm-up where there is time for one, hips every time, then what hasn't had its turn for longest, area by area.
    Nothing is done twice running, unless nothing else is left for the hips. What is dynamic comes before what is held.
    No hips, no routine.
    """
    chosen = _Choice(stretches, history, time_s, guide)
    return measured(chosen.stretches, time_s, guide)


def by_turn(stretches: Iterable[Stretch], history: History) -> list[Stretch]:
    """Those first that have waited longest, and of areas that have."""
    ages = _Ages(stretches, history)
    return sorted(ages.stretches, key=ages.of)


def measured(stretches: Sequence[Stretch], time_s: float, guide: GuideSettings) -> tuple[Turn, ...]:
    """These stretches, each in such an amount that together they take about that long; in the order given."""
    turns = [Turn(stretch, _least(stretch)) for stretch in stretches]
    left_s = time_s - sum(_turn_s(turn, guide) for turn in turns)
    while True:
        # The one that is furthest from its most comes first.
        more = [
            (Fraction(turn.amount - _least(turn.stretch), turn.stretch.most - _least(turn.stretch)), nth)
            for nth, turn in enumerate(turns)
            if turn.amount < turn.stretch.most and _one_more_s(turn.stretch) <= left_s
        ]
        if not more:
            return tuple(turns)
        nth = min(more)[1]
        turns[nth] = Turn(turns[nth].stretch, turns[nth].amount + 1)
        left_s -= _one_more_s(turns[nth].stretch)


def fitting(stretches: Sequence[Stretch], time_s: float, guide: GuideSettings) -> list[Stretch]:
    """The first, and those after it that there is time for."""
    taken, taken_s = list(stretches[:1]), sum(_least_s(stretch, guide) for stretch in stretches[:1])
    for stretch in stretches[1:]:
        if taken_s + _least_s(stretch, guide) <= time_s * _LEEWAY:
            taken.append(stretch)
            taken_s += _least_s(stretch, guide)
    return taken


class _Ages:
    """How long ago each stretch and each area had its turn."""

    def __init__(self, stretches: Iterable[Stretch], history: History) -> None:
        self.stretches = list(stretches)
        self._turns = {each: nth for nth, routine in enumerate(history) for each in routine}
        self._areas: dict[tuple[Area, bool], int] = {}
        for stretch in self.stretches:
            self._areas[_kin(stretch)] = max(self._areas.get(_kin(stretch), -1), self._turns.get(stretch.id, -1))

    def of(self, stretch: Stretch) -> tuple[int, int]:
        """The greater, the more recent."""
        return self._areas[_kin(stretch)], self._turns.get(stretch.id, -1)


def _kin(stretch: Stretch) -> tuple[Area, bool]:
    """Its area; a warm-up, which comes each time, takes no turn from others of the same."""
    return stretch.area, stretch.warm_up


class _Choice:
    """The stretches of one routine, chosen one by one."""

    def __init__(self, stretches: Sequence[Stretch], history: History, time_s: float, guide: GuideSettings) -> None:
        self._guide = guide
        self._most_s = time_s * _LEEWAY
        # One that ended before anything was begun has done nothing.
        just_done = next((set(routine) for routine in reversed(history) if routine), set())
        waiting = by_turn(stretches, history)
        fresh = [stretch for stretch in waiting if stretch.id not in just_done]
        warm_ups = [stretch for stretch in fresh if stretch.warm_up]
        others = [stretch for stretch in fresh if not stretch.warm_up and not stretch.area.is_hips]
        every_hips = [stretch for stretch in waiting if stretch.area.is_hips and not stretch.warm_up]
        hips = [stretch for stretch in every_hips if stretch in fresh] or every_hips
        self._chosen: list[Stretch] = []
        if not hips:
            return
        # What has waited longest comes, and something of the other kind beside it. A warm-up comes where that leaves
        # time for one, which in two minutes isn't always so.
        hip = min(hips, key=self._least_s)
        other = min(others, key=self._least_s, default=None)
        able = (
            each
            for each in waiting
            if (each in hips and self._fits(each)) or (each in others and self._fits(each, hip))
        )
        longest = next(able, hip)
        self._chosen.append(longest)
        self._take(warm_ups, beside=other if longest in hips else hip)
        self._take(others if longest in hips else hips)
        # Half of what there is is left for the next time, of all and of the hips.
        most, most_hips = max(len(self._chosen), len(stretches) // 2), max(1, len(every_hips) // 2)
        for group in self._in_turns(others, hips, most_hips):
            filled = len(self._chosen) >= most or sum(map(self._usual_s, self._chosen)) >= time_s
            if filled or not self._take(group):
                break

    @property
    def stretches(self) -> list[Stretch]:
        """In the order in which they are done."""
        return sorted(self._chosen, key=lambda each: (not each.warm_up, each.kind is Kind.HOLD, not each.area.is_hips))

    def _in_turns(
        self, others: Sequence[Stretch], hips: Sequence[Stretch], most_hips: int
    ) -> Iterator[Sequence[Stretch]]:
        while True:
            more_hips = self._left(hips) and sum(each in hips for each in self._chosen) < most_hips
            if not (self._left(others) or more_hips):
                return
            if more_hips:
                yield hips
            if self._left(others):
                yield others

    def _left(self, group: Sequence[Stretch]) -> list[Stretch]:
        """Those that may still come, areas that are there already last."""
        areas = [_kin(stretch) for stretch in self._chosen]
        return sorted((each for each in group if each not in self._chosen), key=lambda each: areas.count(_kin(each)))

    def _take(self, group: Sequence[Stretch], beside: Stretch | None = None) -> bool:
        """The first that there is time for, this one kept in mind."""
        for stretch in self._left(group):
            if self._fits(stretch, beside):
                self._chosen.append(stretch)
                return True
        return False

    def _fits(self, stretch: Stretch, beside: Stretch | None = None) -> bool:
        """Whether there is time for it, and for the one beside it."""
        taken = (*self._chosen, stretch, beside) if beside else (*self._chosen, stretch)
        return sum(map(self._least_s, taken)) <= self._most_s

    def _least_s(self, stretch: Stretch) -> float:
        return _least_s(stretch, self._guide)

    def _usual_s(self, stretch: Stretch) -> float:
        least = _least(stretch)
        return _turn_s(Turn(stretch, least + round((stretch.most - least) * _USUAL)), self._guide)


def _least(stretch: Stretch) -> int:
    """How much of it there is at least: a hold is worth nothing that isn't held."""
    if stretch.kind is not Kind.HOLD:
        return stretch.least
    return max(stretch.least, min(stretch.most, _HELD_S))


def _least_s(stretch: Stretch, guide: GuideSettings) -> float:
    return _turn_s(Turn(stretch, _least(stretch)), guide)


def _one_more_s(stretch: Stretch) -> float:
    return len(stretch.sides) * (stretch.lasts_s(2) - stretch.lasts_s(1))


def _turn_s(turn: Turn, guide: GuideSettings) -> float:
    """How long a stretch takes in all, its title and its sides included."""
    return math.fsum(step.lasts_s for step in _steps_of(turn, guide, turn.stretch.figure))


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
        for step in _steps_of(turn, settings, turn.stretch.figure_for(turn.amount)):
            told = replace(step, nth=nth, of=len(routine))
            if walk and counts_s and (step.changes_side or step.kind is StepKind.TITLE):
                note = replace(told, kind=StepKind.COUNTS, lasts_s=counts_s, lines=(), changes_side=False)
                walk.append(note)
            walk.append(told)
    return tuple(walk)


def cautioned(walk: Sequence[Step], lasts_s: float) -> tuple[Step, ...]:
    """With the caution before it."""
    return (replace(walk[0], kind=StepKind.CAUTION, lasts_s=lasts_s), *walk)


def _steps_of(turn: Turn, settings: GuideSettings, figure: Figure) -> list[Step]:
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
