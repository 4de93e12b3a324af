"""Days out of facts: what each run of the device adds to the figures of each local day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import date, datetime, time, timedelta

from device.instants import MINUTE_S
from device.ports import Run
from device.tally import Figures, Tally

Days = dict[date, Figures]

_NOTHING = Tally().figures(0.0)


def by_day(runs: Iterable[Run]) -> Days:
    """The figures of each day that has any. What is open at a run's end counts as far as it was seen."""
    days: Days = {}
    for run in runs:
        for day, figures in _days_of(run):
            days[day] = _sum(days[day], figures) if day in days else figures
    return {day: figures for day, figures in sorted(days.items()) if figures != _NOTHING}


def _days_of(run: Run) -> Iterator[tuple[date, Figures]]:
    tally, day = Tally(), run.when(0.0).date()
    for fact in (*run.facts, None):
        until = run.seen_s if fact is None else fact.t
        while (midnight := run.instant(_begins(day + timedelta(days=1)))) <= until:
            yield day, tally.figures(midnight)
            tally, day = tally.split(midnight), day + timedelta(days=1)
        if fact is not None:
            tally.note(fact)
    yield day, tally.figures(max(run.seen_s, max((fact.t for fact in run.facts), default=0.0)))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone()


# ---- on paper


def table_of(days: Days) -> Iterator[str]:
    """A line for each day, below a heading."""
    if not days:
        yield "Nothing is noted of these days."
        return
    yield _line("", "seated", "longest", "bouts", "breaks", "due", "honoured", "stretches")
    for day, told in days.items():
        counts = (told.bouts, told.breaks, told.due, told.honoured, told.stretches_done)
        yield _line(f"{day:%a %Y-%m-%d}", _span(told.seated_s), _span(told.longest_s), *map(str, counts))


def json_of(days: Days) -> Iterator[str]:
    """An object for each day, with the names of the summary."""
    for day, figures in days.items():
        yield json.dumps({"day": day.isoformat(), **asdict(figures)})


def csv_of(days: Days) -> Iterator[str]:
    """A header, and a line for each day."""
    names = [each.name for each in fields(Figures)]
    yield ",".join(["day", *names])
    for day, figures in days.items():
        yield ",".join([day.isoformat(), *(f"{getattr(figures, name):g}" for name in names)])


def _line(day: str, *cells: str) -> str:
    return f"{day:14}" + "".join(f"{cell:>10}" for cell in cells)


def _span(seconds: float) -> str:
    minutes = int(seconds // MINUTE_S)
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"


def _sum(one: Figures, other: Figures) -> Figures:
    """Both together; the longest bout is the longer one."""
    total = {each.name: getattr(one, each.name) + getattr(other, each.name) for each in fields(Figures)}
    total["longest_s"] = max(one.longest_s, other.longest_s)
    return Figures(**total)
