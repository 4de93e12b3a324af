"""The figures of an office: what a desk adds to each, and how coarsely it is told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DeskDay:
    """What a desk has sent about one day, and the team that it was in."""

    desk: str
    team: str
    day: date
    seated_min: int
    longest_min: int
    dues: int
    taken: int


@dataclass(frozen=True, slots=True)
class TeamFigure:
    """A figure that is told about teams: the mean over desks, of which each counts the same."""

    name: str
    of_desk: Callable[[Sequence[DeskDay]], float | None]
    """What one desk adds, from its days of a week; None if it adds nothing."""
    most: float
    """What a desk adds at the most: nobody's odd week shifts the mean by more."""
    step: int
    """To which multiple it is rounded."""
    low: int
    high: int
    """It is told as no less and no more than these: where all are at the end of a range, the mean would tell each."""

    def rounded(self, parts: Iterable[float]) -> int:
        """The mean of what the desks add, as it is told."""
        values = list(parts)
        mean = math.fsum(values) / len(values)
        return min(max(self.step * math.floor(mean / self.step + 0.5), self.low), self.high)


def _seated(days: Sequence[DeskDay]) -> float | None:
    return _mean([each.seated_min for each in days if each.seated_min])


def _longest(days: Sequence[DeskDay]) -> float | None:
    return _mean([each.longest_min for each in days if each.seated_min])


def _taken(days: Sequence[DeskDay]) -> float | None:
    dues = sum(each.dues for each in days)
    return 100 * sum(each.taken for each in days) / dues if dues else None


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None


FIGURES = (
    TeamFigure("seated_min", _seated, most=12 * 60, step=15, low=60, high=10 * 60),
    TeamFigure("longest_min", _longest, most=4 * 60, step=5, low=15, high=3 * 60),
    TeamFigure("taken_percent", _taken, most=100, step=5, low=10, high=90),
)
"""Seated minutes a day, minutes of the day's longest bout, and the percentage of due breaks that were taken.

Only days on which somebody sat count for the first two, and only desks with due breaks for the third.
"""

Teams = Mapping[str, Mapping[str, Sequence[DeskDay]]]
"""The days of each desk, by its team."""


def by_team(days: Iterable[DeskDay]) -> Teams:
    """The days of one week. A desk that was moved in it belongs to its last team, with all of its days."""
    desks: dict[str, dict[date, DeskDay]] = {}
    for each in days:
        desks.setdefault(each.desk, {})[each.day] = each
    teams: dict[str, dict[str, Sequence[DeskDay]]] = {}
    for desk, own in sorted(desks.items()):
        teams.setdefault(own[max(own)].team, {})[desk] = list(own.values())
    return teams


def parts_of(figure: TeamFigure, teams: Teams) -> Mapping[str, Sequence[float]]:
    """What each desk adds to the figure, by team, without names; a team without any is left out."""
    added = {
        team: [min(part, figure.most) for days in desks.values() if (part := figure.of_desk(days)) is not None]
        for team, desks in sorted(teams.items())
    }
    return {team: parts for team, parts in added.items() if parts}
