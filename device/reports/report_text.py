"""The office's report as text for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from device.reports.report_words import ENGLISH
from device.teams.figures import FIGURES
from device.teams.report import OfficeReport, TeamReport
from device.teams.told_week import TeamWeek
from device.teams.weeks import week_name

_COLUMNS = 80
_FIRST, _WIDE = 12, 22
_WITHOUT = "*"
_SAYS = ENGLISH


def report_text(report: OfficeReport, name: str) -> Iterator[str]:
    """The report's lines; `name` is the office's."""
    yield from textwrap.wrap(", ".join(filter(None, (name or _SAYS.office, _SAYS.span(report)))), _COLUMNS)
    shown = report.shown
    if not shown:
        yield from ("", _SAYS.nothing)
    for each in shown:
        yield from ("", *_team(report, each))
    if any(week.without for week in report.together.weeks):
        yield from ("", f"{_WITHOUT} {_SAYS.without}")
    hidden = [str(each.team) for each in report.teams if not each.is_ever_shown]
    if hidden:
        yield from ("", *textwrap.wrap(_SAYS.not_shown.format(", ".join(hidden)), _COLUMNS))
    if shown:
        yield ""
        for note in _SAYS.notes:
            yield from textwrap.wrap(note.replace("“", '"').replace("”", '"'), _COLUMNS)


def _team(report: OfficeReport, team: TeamReport) -> Iterator[str]:
    desks = f", {_SAYS.count(team.desks)}" if team.desks else ""
    yield from textwrap.wrap(f"{_SAYS.everybody if team.team is None else team.team}{desks}", _COLUMNS)
    yield _line("", [_SAYS.figures[figure.name] for figure in FIGURES])
    for monday, week in zip(report.mondays, team.weeks, strict=True):
        yield _line(f"  {week_name(monday)}", _values(week))
    if team.trends:
        changes = [
            _SAYS.trend(figure, team.trends[figure.name]) if figure.name in team.trends else "" for figure in FIGURES
        ]
        yield _line(f"  {_SAYS.change}", changes)


def _values(week: TeamWeek) -> list[str]:
    return [
        _SAYS.value(figure, week.figures[figure.name]) + (_WITHOUT if figure.name in week.without else "")
        if figure.name in week.figures
        else _SAYS.too_few
        for figure in FIGURES
    ]


def _line(first: str, cells: list[str]) -> str:
    return (first.ljust(_FIRST) + "".join(cell.rjust(_WIDE) for cell in cells)).rstrip()
