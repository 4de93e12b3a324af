"""Random offices for the tests: teams of any size, days that are missing, and what an attacker knows of a told week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from device.teams.figures import FIGURES, DeskDay, TeamFigure
from device.teams.told_week import TeamWeek, ToldWeek

MONDAY = date(2026, 11, 16)
NAMES = "abcdefgh"
Claims = Mapping[TeamFigure, Mapping[str, frozenset[str]]]
"""The desks that each shown figure is about, by its team; "" stands for all together."""


def desk_day(desk: str, team: str, day: date = MONDAY, **figures: int) -> DeskDay:
    """A usual day, but for those figures."""
    return DeskDay(desk, team, day, **{"seated_min": 300, "longest_min": 60, "dues": 3, "taken": 2} | figures)


def office(sizes: Mapping[str, int], days: int = 5, monday: date = MONDAY, **figures: int) -> list[DeskDay]:
    """A week in teams of those sizes, in which everybody has the same figures."""
    return [
        desk_day(f"{team}{nth}", team, monday + timedelta(day), **figures)
        for team, size in sizes.items()
        for nth in range(size)
        for day in range(days)
    ]


@st.composite
def weeks_of_days(draw: st.DrawFn) -> list[DeskDay]:
    """The days of one week. Some desks are moved in it, some miss days or all of it, some have no due break."""
    sizes = draw(st.lists(st.integers(0, 20) | st.integers(3, 6), max_size=len(NAMES)))
    rows = []
    for team, size in zip(NAMES, sizes, strict=False):
        for nth in range(size):
            here = draw(st.sets(st.integers(0, 6), max_size=3))
            moved = draw(st.sampled_from([team] * 9 + [NAMES[0], NAMES[1]]))
            usual = draw(st.integers(0, 3))
            for day in sorted(here):
                seated = draw(st.sampled_from([0, 20, 240, 300, 480, 1440]))
                dues = usual and draw(st.integers(0, usual))
                taken = draw(st.integers(0, dues))
                own = {"seated_min": seated, "longest_min": min(seated, 90), "dues": dues, "taken": taken}
                rows.append(desk_day(f"{team}{nth}", moved if day > 2 else team, MONDAY + timedelta(day), **own))
    return rows


def parts(days: Iterable[DeskDay]) -> Mapping[TeamFigure, Mapping[str, Mapping[str, float]]]:
    """What each desk adds to each figure, by its team: reckoned anew, from the words of docs/office-privacy.md."""
    own: dict[str, list[DeskDay]] = {}
    for each in sorted(days, key=lambda each: each.day):
        own.setdefault(each.desk, []).append(each)
    found: dict[TeamFigure, dict[str, dict[str, float]]] = {figure: {} for figure in FIGURES}
    for desk, rows in own.items():
        sat = [row for row in rows if row.seated_min > 0]
        dues = sum(row.dues for row in rows)
        added = (
            min(sum(row.seated_min for row in sat) / len(sat), 720) if sat else None,
            min(sum(row.longest_min for row in sat) / len(sat), 240) if sat else None,
            100 * sum(row.taken for row in rows) / dues if dues else None,
        )
        for figure, part in zip(FIGURES, added, strict=True):
            if part is not None:
                found[figure].setdefault(rows[-1].team, {})[desk] = part
    return found


def claims(week: ToldWeek, days: Sequence[DeskDay]) -> Claims:
    """Whom each shown figure is about, as the report says it."""
    found = {}
    for figure, teams in parts(days).items():
        shown = {team: own for team, own in teams.items() if figure.name in _week(week, team).figures}
        about = {team: frozenset(own) for team, own in shown.items()}
        if figure.name in week.together.figures:
            covered = shown if figure.name in week.together.without else teams
            about[""] = frozenset(desk for own in covered.values() for desk in own)
        found[figure] = about
    return found


def _week(week: ToldWeek, team: str) -> TeamWeek:
    return week.teams.get(team, TeamWeek())
