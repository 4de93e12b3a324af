"""The office's report as one page: HTML without scripts, which loads nothing and can be printed."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from device.reports.report_style import STYLE
from device.reports.report_words import ReportWords
from device.teams.figures import FIGURES, TeamFigure
from device.teams.report import OfficeReport, TeamReport
from device.teams.told_week import TeamWeek
from device.teams.weeks import week_name

_WIDTH, _HEIGHT = 300, 112
_TOP, _FLOOR = 18, 92
"""Where in a picture the highest bar ends, and where all begin."""
_LABEL = 34
"""How wide a label is at the most."""
_MOST_LABELS = 6
"""With more bars than that, only the first and the last say which week they are of."""


def report_page(report: OfficeReport, name: str, says: ReportWords) -> str:
    """The page; `name` is the office's."""
    heading = escape(name or says.office)
    title, about = (", ".join(filter(None, (each, says.span(report)))) for each in (heading, says.title))
    return (
        f'<!doctype html>\n<html lang="{says.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<header><p class="kicker">Unsit</p><h1>{heading}</h1>'
        f'<p class="weeks">{about}</p></header>\n<main>\n'
        + "".join(_Page(report, says).sections())
        + "</main>\n<footer>"
        + "".join(f"<p>{escape(note)}</p>" for note in says.notes)
        + "</footer>\n</body>\n</html>\n"
    )


class _Page:
    """The sections of a report."""

    def __init__(self, report: OfficeReport, says: ReportWords) -> None:
        self._report, self._says = report, says
        self._shown = report.shown

    def sections(self) -> Iterator[str]:
        """All together, the teams, those that are never shown, and the table."""
        if not self._shown:
            yield f'<p class="nothing">{self._says.nothing}</p>\n'
        for each in self._shown:
            yield self._section(each)
        hidden = ", ".join(escape(str(each.team)) for each in self._report.teams if not each.is_ever_shown)
        if hidden:
            yield f'<p class="hidden">{self._says.not_shown.format(hidden)}</p>\n'
        if self._shown:
            yield self._table()

    def _section(self, team: TeamReport) -> str:
        said = [self._says.count(team.desks)] if team.desks else []
        said += [self._says.without] if team.weeks[-1].without else []
        count = f"<p>{', '.join(said)}</p>" if said else ""
        charts = "".join(self._chart(figure, team) for figure in FIGURES)
        kind = "team" if team.team is not None else "team together"
        heading = f'<div class="heading"><h2>{self._name(team)}</h2>{count}</div>'
        return f'<section class="{kind}">{heading}<div class="charts">{charts}</div></section>\n'

    def _name(self, team: TeamReport) -> str:
        return escape(self._says.everybody if team.team is None else team.team)

    def _chart(self, figure: TeamFigure, team: TeamReport) -> str:
        """One figure over the weeks, with the last as a number."""
        last, says = team.weeks[-1], self._says
        title = escape(says.figures[figure.name])
        trend = team.trends.get(figure.name)
        below = "" if trend is None else says.against_before(figure, trend)
        return (
            f'<figure class="{figure.name}"><figcaption><span class="title">{title}</span>'
            f'<strong class="{"" if figure.name in last.figures else "few"}">{self._value(figure, last)}</strong>'
            f'<span class="trend">{below}</span></figcaption>{self._picture(figure, team, title)}</figure>'
        )

    def _value(self, figure: TeamFigure, week: TeamWeek) -> str:
        value = week.figures.get(figure.name)
        return self._says.too_few if value is None else self._says.value(figure, value)

    # ---- pictures

    def _picture(self, figure: TeamFigure, team: TeamReport, title: str) -> str:
        weeks = [*zip(self._report.mondays, team.weeks, strict=True)]
        told = ", ".join(f"{week_name(monday)}: {self._value(figure, week)}" for monday, week in weeks)
        bars = "".join(self._bar(figure, nth, week) for nth, (_, week) in enumerate(weeks))
        return (
            f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}. {told}">'
            f'<line x1="0" x2="{_WIDTH}" y1="{_FLOOR}" y2="{_FLOOR}"/>{bars}</svg>'
        )

    def _bar(self, figure: TeamFigure, nth: int, week: TeamWeek) -> str:
        """The bar of one week with its label; a dashed outline where too few are in it."""
        count = len(self._report.mondays)
        room = _WIDTH / count
        wide = min(room * 0.62, 44)
        middle = (nth + 0.5) * room
        is_last = nth == count - 1
        value = week.figures.get(figure.name)
        high = (_FLOOR - _TOP) * (0.3 if value is None else value / self._most(figure))
        kind = "few" if value is None else "last" if is_last else "before"
        bar = (
            f'<rect class="{kind}" x="{middle - wide / 2:.1f}" y="{_FLOOR - high:.1f}" width="{wide:.1f}" '
            f'height="{high:.1f}" rx="3"/>'
        )
        is_crowded = count > _MOST_LABELS
        if is_crowded and nth not in (0, count - 1):
            return bar
        said = "" if is_crowded else "-" if value is None else _short(figure, value)
        name = week_name(self._report.mondays[nth]).split("-")[1]
        at = max(_LABEL / 2, min(middle, _WIDTH - _LABEL / 2))
        return (
            f'{bar}<text x="{at:.1f}" y="{_FLOOR - high - 5:.1f}">{said}</text>'
            f'<text class="week" x="{at:.1f}" y="{_HEIGHT - 5}">{name}</text>'
        )

    def _most(self, figure: TeamFigure) -> int:
        """What the highest bar stands for: the same in all pictures of a figure, so that they can be compared."""
        told = [week.figures.get(figure.name, 0) for each in self._shown for week in each.weeks]
        return max(*told, 100 if figure.high < 100 else 0, 1)

    # ---- the table

    def _table(self) -> str:
        says = self._says
        heads = "".join(f'<th scope="col">{escape(says.figures[figure.name])}</th>' for figure in FIGURES)
        rows = "".join(self._row(each, nth) for each in self._shown for nth in range(len(self._report.mondays)))
        return (
            f'<details><summary>{says.table}</summary><div class="scroll" role="region" '
            f'aria-label="{says.table}" tabindex="0"><table><thead><tr>'
            f'<th scope="col">{says.team}</th><th scope="col">{says.week}</th>{heads}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div></details>\n"
        )

    def _row(self, team: TeamReport, nth: int) -> str:
        cells = "".join(f"<td>{self._value(figure, team.weeks[nth])}</td>" for figure in FIGURES)
        name = week_name(self._report.mondays[nth])
        return f'<tr><th scope="row">{self._name(team)}</th><td>{name}</td>{cells}</tr>'


def _short(figure: TeamFigure, value: int) -> str:
    """The value in the room above a bar."""
    return f"{value}" if figure.high < 100 else f"{value // 60}:{value % 60:02}"
