"""A report: told weeks side by side, and how the last stands against those before. It adds nothing to what is told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from device.teams.figures import FIGURES, TeamFigure
from device.teams.told_week import TeamWeek, ToldWeek


@dataclass(frozen=True, slots=True)
class TeamReport:
    """One team over the weeks of a report, oldest first."""

    team: str | None
    """None for all together."""
    weeks: Sequence[TeamWeek]
    trends: Mapping[str, int]
    """By how much each figure of the last week is above the mean of the weeks before, if that can be said."""

    @property
    def desks(self) -> tuple[int, int | None] | None:
        """Between which numbers the count of desks lies, in the last week that shows it."""
        return next((each.desks for each in reversed(self.weeks) if each.desks), None)

    @property
    def is_ever_shown(self) -> bool:
        """Whether any week shows a figure."""
        return any(each.figures for each in self.weeks)


@dataclass(frozen=True, slots=True)
class OfficeReport:
    """All together, and then each team in the order of their names."""

    mondays: Sequence[date]
    together: TeamReport
    teams: Sequence[TeamReport]

    @property
    def shown(self) -> Sequence[TeamReport]:
        """All together and the teams, but for those that never show a figure."""
        return [each for each in (self.together, *self.teams) if each.is_ever_shown]


def report(weeks: Sequence[ToldWeek]) -> OfficeReport:
    """The report of those weeks, oldest first; without those from before there was anything, but for the last."""
    first = next((nth for nth, week in enumerate(weeks) if week.teams), len(weeks) - 1)
    weeks = weeks[first:]
    names = sorted({team for week in weeks for team in week.teams}, key=lambda team: (team.casefold(), team))
    return OfficeReport(
        [week.monday for week in weeks],
        _team(None, [week.together for week in weeks]),
        [_team(name, [week.teams.get(name, TeamWeek()) for week in weeks]) for name in names],
    )


def _team(name: str | None, weeks: Sequence[TeamWeek]) -> TeamReport:
    trends = {figure.name: _trend(figure, weeks) for figure in FIGURES}
    return TeamReport(name, weeks, {name: trend for name, trend in trends.items() if trend is not None})


def _trend(figure: TeamFigure, weeks: Sequence[TeamWeek]) -> int | None:
    *before, last = weeks
    shown = [week.figures[figure.name] for week in before if _are_alike(week, last, figure.name)]
    if figure.name not in last.figures or not shown:
        return None
    change = last.figures[figure.name] - math.fsum(shown) / len(shown)
    return int(math.copysign(figure.step * math.floor(abs(change) / figure.step + 0.5), change))


def _are_alike(week: TeamWeek, last: TeamWeek, name: str) -> bool:
    """Whether both leave out teams or neither does: else the change would be who is in it."""
    return name in week.figures and (name in week.without) == (name in last.without)
