"""What the report says in words, in English and in German, and how it writes its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device.teams.figures import TeamFigure
from device.teams.report import OfficeReport
from device.teams.weeks import week_name


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The words of one language."""

    language: str
    office: str
    """What an office without a name is called."""
    title: str
    weeks: str
    everybody: str
    without: str
    """What stands with figures that leave out the teams that aren't shown."""
    desks: str
    desks_or_more: str
    figures: Mapping[str, str]
    """What each figure is called, by its name."""
    week: str
    team: str
    too_few: str
    change: str
    """What stands before the changes in a table."""
    than_before: str
    """What follows a change: against the weeks before."""
    more: str
    less: str
    the_same: str
    as_before: str
    points: str
    or_more: str
    or_less: str
    nothing: str
    not_shown: str
    table: str
    notes: tuple[str, ...]
    """What guards the people, a sentence or two each."""

    def span(self, report: OfficeReport) -> str:
        """Which weeks it is about; "" if it shows none."""
        if not report.shown:
            return ""
        first, last = (week_name(report.mondays[nth]) for nth in (0, -1))
        return self.weeks.format(first, last) if first != last else first

    def value(self, figure: TeamFigure, value: int) -> str:
        """The figure as it is told. At an end of its range it is that or beyond."""
        said = _percent(value) if _is_percent(figure) else _duration(value)
        beyond = {figure.low: self.or_less, figure.high: self.or_more}.get(value)
        return beyond.format(said) if beyond else said

    def trend(self, figure: TeamFigure, change: int) -> str:
        """By how much it has changed."""
        if not change:
            return self.the_same
        said = self.points.format(abs(change)) if _is_percent(figure) else _duration(abs(change))
        return (self.more if change > 0 else self.less).format(said)

    def against_before(self, figure: TeamFigure, change: int) -> str:
        """The same with the weeks that it is compared with."""
        return f"{self.trend(figure, change)} {self.than_before}" if change else self.as_before

    def count(self, desks: tuple[int, int | None]) -> str:
        """How many desks there are, roughly."""
        low, high = desks
        return self.desks_or_more.format(low) if high is None else self.desks.format(low, high)


def _is_percent(figure: TeamFigure) -> bool:
    return figure.name.endswith("_percent")


def _percent(value: int) -> str:
    return f"{value} %"


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if hours and rest else f"{hours} h" if hours else f"{rest} min"


ENGLISH = ReportWords(
    language="en",
    office="The office",
    title="How people sit",
    weeks="{} to {}",
    everybody="All together",
    without="without the teams that aren't shown",
    desks="{} to {} desks",
    desks_or_more="{} desks or more",
    figures={
        "seated_min": "Seated a day",
        "longest_min": "Longest bout a day",
        "taken_percent": "Due breaks taken",
    },
    week="Week",
    team="Team",
    too_few="too few",
    change="change",
    than_before="than in the weeks before",
    more="{} more",
    less="{} less",
    the_same="the same",
    as_before="as in the weeks before",
    points="{} points",
    or_more="{} or more",
    or_less="{} or less",
    nothing="There is nothing to show yet. A week is closed from the Wednesday after it on.",
    not_shown="Too few to be shown: {}",
    table="All figures as a table",
    notes=(
        "Every figure is a mean over five desks or more, rounded. Where there are fewer, or where one desk would be "
        "most of the sum, it says “too few”.",
        "What is shown about a week is decided once and stays, whoever comes, leaves or is deleted later. Neither a "
        "sum nor a difference of figures of a week is about fewer than five.",
        "The figures say how teams sit, and nothing about how anybody works.",
    ),
)
GERMAN = ReportWords(
    language="de",
    office="Das Büro",
    title="So wird gesessen",
    weeks="{} bis {}",
    everybody="Alle zusammen",
    without="ohne die Teams, die nicht gezeigt werden",
    desks="{} bis {} Plätze",
    desks_or_more="{} Plätze oder mehr",
    figures={
        "seated_min": "Gesessen am Tag",
        "longest_min": "Längstes Sitzen am Tag",
        "taken_percent": "Fällige Pausen gemacht",
    },
    week="Woche",
    team="Team",
    too_few="zu wenige",
    change="Änderung",
    than_before="als in den Wochen davor",
    more="{} mehr",
    less="{} weniger",
    the_same="gleich",
    as_before="wie in den Wochen davor",
    points="{} Punkte",
    or_more="{} oder mehr",
    or_less="{} oder weniger",
    nothing="Noch gibt es nichts zu zeigen. Eine Woche ist vom Mittwoch danach an abgeschlossen.",
    not_shown="Zu wenige, um gezeigt zu werden: {}",
    table="Alle Zahlen als Tabelle",
    notes=(
        "Jede Zahl ist ein gerundetes Mittel über mindestens fünf Plätze. Sind es weniger, oder wäre ein Platz "
        "der größte Teil der Summe, steht da „zu wenige“.",
        "Was über eine Woche gezeigt wird, entscheidet sich einmal und bleibt, wer auch immer später kommt, geht "
        "oder gelöscht wird. Weder Summe noch Differenz der Zahlen einer Woche handelt von weniger als fünf.",
        "Die Zahlen sagen, wie Teams sitzen, und nichts darüber, wie jemand arbeitet.",
    ),
)
LANGUAGES = {words.language: words for words in (ENGLISH, GERMAN)}
