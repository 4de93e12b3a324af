"""Chooses the stretches of a break, and how much of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from device.settings.settings import GuideSettings as GuideSettings
from device.stretches.steps import Planned, steps_of
from device.stretches.stretch import Kind, Stretch
from device.words.traits import Area

History = Sequence[Sequence[str]]
"""The routines so far as lists of the ids of the stretches that were begun, oldest first."""

_LEEWAY = 1.1
"""By which factor a routine may be longer than its time."""
_USUAL = 0.8
"""Where the usual amount lies between least (0) and most (1): a lot of a few stretches, not a little of many."""
_HELD_S = 15
"""The shortest hold in seconds, without the way there and back."""


def plan(stretches: Sequence[Stretch], history: History, time_s: float, guide: GuideSettings) -> tuple[Planned, ...]:
    """A routine of about `time_s` seconds. The same history gives the same routine.

    It has a warm-up if there is time, always something for the hips, then the stretches that have waited longest, area
    by area. No stretch comes in two routines in a row, unless nothing else is left for the hips. Dynamic stretches come
    before held ones. Without a hip stretch there is no routine.
    """
    chosen = _Choice(stretches, history, time_s, guide)
    return measured(chosen.stretches, time_s, guide)


def by_turn(stretches: Iterable[Stretch], history: History) -> list[Stretch]:
    """The stretches sorted by how long they and their areas have waited, longest first."""
    ages = _Ages(stretches, history)
    return sorted(ages.stretches, key=ages.of)


def measured(stretches: Sequence[Stretch], time_s: float, guide: GuideSettings) -> tuple[Planned, ...]:
    """These stretches in this order, with amounts that add up to about `time_s` seconds."""
    planned = [Planned(stretch, _least(stretch)) for stretch in stretches]
    left_s = time_s - sum(_planned_s(each, guide) for each in planned)
    while True:
        # The stretch that is furthest from its most comes first.
        more = [
            (Fraction(each.amount - _least(each.stretch), each.stretch.most - _least(each.stretch)), nth)
            for nth, each in enumerate(planned)
            if each.amount < each.stretch.most and _one_more_s(each.stretch) <= left_s
        ]
        if not more:
            return tuple(planned)
        nth = min(more)[1]
        planned[nth] = Planned(planned[nth].stretch, planned[nth].amount + 1)
        left_s -= _one_more_s(planned[nth].stretch)


def fitting(stretches: Sequence[Stretch], time_s: float, guide: GuideSettings) -> list[Stretch]:
    """The first stretch, and those after it that there is time for."""
    taken, taken_s = list(stretches[:1]), sum(_least_s(stretch, guide) for stretch in stretches[:1])
    for stretch in stretches[1:]:
        if taken_s + _least_s(stretch, guide) <= time_s * _LEEWAY:
            taken.append(stretch)
            taken_s += _least_s(stretch, guide)
    return taken


class _Ages:
    """How long ago each stretch and each area last came."""

    def __init__(self, stretches: Iterable[Stretch], history: History) -> None:
        self.stretches = list(stretches)
        self._turns = {each: nth for nth, routine in enumerate(history) for each in routine}
        self._areas: dict[tuple[Area, bool], int] = {}
        for stretch in self.stretches:
            self._areas[_kin(stretch)] = max(self._areas.get(_kin(stretch), -1), self._turns.get(stretch.id, -1))

    def of(self, stretch: Stretch) -> tuple[int, int]:
        """The last turn of the stretch's area, then of the stretch; a greater number is more recent."""
        return self._areas[_kin(stretch)], self._turns.get(stretch.id, -1)


def _kin(stretch: Stretch) -> tuple[Area, bool]:
    """The area, with warm-ups apart: they come each time, so they don't count as a turn of their area."""
    return stretch.area, stretch.warm_up


class _Choice:
    """Chooses the stretches of one routine, one by one."""

    def __init__(self, stretches: Sequence[Stretch], history: History, time_s: float, guide: GuideSettings) -> None:
        self._guide = guide
        self._most_s = time_s * _LEEWAY
        # A routine without a begun stretch doesn't count.
        just_done = next((set(routine) for routine in reversed(history) if routine), set())
        waiting = by_turn(stretches, history)
        fresh = [stretch for stretch in waiting if stretch.id not in just_done]
        warm_ups = [stretch for stretch in fresh if stretch.warm_up]
        others = [stretch for stretch in fresh if not stretch.warm_up and not stretch.area.is_hips]
        every_hips = [stretch for stretch in waiting if stretch.area.is_hips and not stretch.warm_up]
        hips = [stretch for stretch in every_hips if stretch in fresh] or every_hips
        self._chosen: list[Stretch] = []
        if hips:
            self._begin(waiting, warm_ups, others, hips)
            # Half of all stretches, and half of the hip stretches, are left for the next time.
            most, most_hips = max(len(self._chosen), len(stretches) // 2), max(1, len(every_hips) // 2)
            self._go_on(self._in_turns(others, hips, most_hips), most, time_s)

    def _begin(
        self,
        waiting: Sequence[Stretch],
        warm_ups: Sequence[Stretch],
        others: Sequence[Stretch],
        hips: Sequence[Stretch],
    ) -> None:
        """Choose the stretch that has waited longest, and what belongs beside it."""
        # The stretch that has waited longest comes, with one of the other kind. A warm-up comes only if they leave
        # time for it, which in two minutes isn't always the case.
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

    def _go_on(self, groups: Iterable[Sequence[Stretch]], most: int, time_s: float) -> None:
        """Choose from one group after the other, while there is time left."""
        for group in groups:
            filled = len(self._chosen) >= most or sum(map(self._usual_s, self._chosen)) >= time_s
            if filled or not self._take(group):
                break

    @property
    def stretches(self) -> list[Stretch]:
        """The stretches in the order in which they are done."""
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
        """The stretches of a group that may still come; those of areas already chosen are last."""
        areas = [_kin(stretch) for stretch in self._chosen]
        return sorted((each for each in group if each not in self._chosen), key=lambda each: areas.count(_kin(each)))

    def _take(self, group: Sequence[Stretch], beside: Stretch | None = None) -> bool:
        """Choose the first one that there is time for, leaving time for `beside`."""
        for stretch in self._left(group):
            if self._fits(stretch, beside):
                self._chosen.append(stretch)
                return True
        return False

    def _fits(self, stretch: Stretch, beside: Stretch | None = None) -> bool:
        """Whether there is time for the stretch and for `beside`."""
        taken = (*self._chosen, stretch, beside) if beside else (*self._chosen, stretch)
        return sum(map(self._least_s, taken)) <= self._most_s

    def _least_s(self, stretch: Stretch) -> float:
        return _least_s(stretch, self._guide)

    def _usual_s(self, stretch: Stretch) -> float:
        least = _least(stretch)
        return _planned_s(Planned(stretch, least + round((stretch.most - least) * _USUAL)), self._guide)


def _least(stretch: Stretch) -> int:
    """The least amount of a stretch. A hold that is too short is useless."""
    if stretch.kind is not Kind.HOLD:
        return stretch.least
    return max(stretch.least, min(stretch.most, _HELD_S))


def _least_s(stretch: Stretch, guide: GuideSettings) -> float:
    return _planned_s(Planned(stretch, _least(stretch)), guide)


def _one_more_s(stretch: Stretch) -> float:
    return len(stretch.sides) * (stretch.lasts_s(2) - stretch.lasts_s(1))


def _planned_s(planned: Planned, guide: GuideSettings) -> float:
    """How many seconds a stretch takes in all, with its title and both sides."""
    return math.fsum(step.lasts_s for step in steps_of(planned, guide, planned.stretch.figure))
