"""Decides which teams are shown, so that no figure, and no sum or difference of figures, is about fewer than five.

Teams share no desks. So whatever is added and subtracted, what remains is about whole teams that are shown, and about
all that are not shown, taken together. It suffices that each of these is large enough, and that nobody stands out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
"""Of how many desks a figure is at least."""


@dataclass(frozen=True, slots=True)
class Showable:
    """The teams whose figure may be shown, and whom the figure of all together may cover."""

    teams: Sequence[str]
    together: Sequence[str]
    """Every team, or else those that are shown; empty if there is no such figure."""
    is_everybody: bool
    """Whether `together` has every desk. Never so while those that aren't shown are few."""


def showable(parts: Mapping[str, Sequence[float]]) -> Showable:
    """Decide it from what each desk adds to the figure, by team."""
    shown = [team for team, own in parts.items() if is_enough(own)]
    rest = [part for team, own in parts.items() if team not in shown for part in own]
    is_everybody = is_enough(rest) if rest else bool(shown)
    return Showable(shown, list(parts) if is_everybody else shown, is_everybody)


def is_enough(parts: Sequence[float]) -> bool:
    """Whether there are enough desks, and no single one is more than half of the sum."""
    return len(parts) >= FEWEST and 2 * max(parts) <= math.fsum(parts)


_ROUGHLY = (5, 10, 20, 50, 100, 200, 500, 1000)


def roughly(count: int) -> tuple[int, int | None]:
    """Between which numbers the count lies; None stands for no bound. It has to be FEWEST or more."""
    low = max(each for each in _ROUGHLY if each <= count)
    above = [each for each in _ROUGHLY if each > count]
    return low, above[0] - 1 if above else None
