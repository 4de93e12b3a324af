"""What is told about a closed week. It is told once: nothing that comes or goes later changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from device.teams.figures import FIGURES, DeskDay, TeamFigure, by_team, parts_of
from device.teams.holding_back import roughly, showable


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """The figures of one team in a week, by name, as far as they are shown."""

    figures: Mapping[str, int] = field(default_factory=dict)
    desks: tuple[int, int | None] | None = None
    """Between which numbers the count of desks lies; None if that isn't shown."""
    without: tuple[str, ...] = ()
    """Of all together: the figures that leave out those teams that aren't shown."""


@dataclass(frozen=True, slots=True)
class ToldWeek:
    """A week, with each team that had figures in it, and all of them together."""

    monday: date
    teams: Mapping[str, TeamWeek]
    together: TeamWeek

    def as_data(self) -> dict[str, Any]:
        """The teams as JSON has them; `told_from` reads it again."""
        return {"teams": {team: _data(each) for team, each in self.teams.items()}, "together": _data(self.together)}


def tell(monday: date, days: Iterable[DeskDay]) -> ToldWeek:
    """What those days of the week tell."""
    teams = by_team(days)
    figures: dict[str, dict[str, int]] = {team: {} for team in sorted(teams)}
    desks: dict[str, tuple[int, int | None]] = {}
    together = _Together()
    for figure in FIGURES:
        parts = parts_of(figure, teams)
        may = showable(parts)
        for team in may.teams:
            figures[team][figure.name] = figure.rounded(parts[team])
            # The first figure is of every desk that has any.
            desks.setdefault(team, roughly(len(parts[team])))
        together.take(figure, [part for team in may.together for part in parts[team]], may.is_everybody)
    shown = {team: TeamWeek(own, desks.get(team)) for team, own in figures.items()}
    return ToldWeek(monday, shown, together.told())


class _Together:
    """Figures of several teams together."""

    def __init__(self) -> None:
        self._figures: dict[str, int] = {}
        self._desks: tuple[int, int | None] | None = None
        self._without: tuple[str, ...] = ()

    def take(self, figure: TeamFigure, parts: Sequence[float], is_everybody: bool) -> None:
        """Take what each of their desks adds to that figure."""
        if not parts:
            return
        self._figures[figure.name] = figure.rounded(parts)
        self._desks = self._desks or roughly(len(parts))
        if not is_everybody:
            self._without += (figure.name,)

    def told(self) -> TeamWeek:
        """All that was taken."""
        return TeamWeek(self._figures, self._desks, self._without)


def told_from(monday: date, data: Mapping[str, Any]) -> ToldWeek:
    """A week that was told before. Raises KeyError, TypeError and the like if it isn't one."""
    return ToldWeek(monday, {team: _read(each) for team, each in data["teams"].items()}, _read(data["together"]))


def _data(week: TeamWeek) -> dict[str, Any]:
    return {"figures": dict(week.figures), "desks": week.desks, "without": list(week.without)}


def _read(data: Mapping[str, Any]) -> TeamWeek:
    low, high = data["desks"] or (None, None)
    return TeamWeek(dict(data["figures"]), None if low is None else (low, high), tuple(data["without"]))
