"""Days for readers: a table, a page and strips for people, JSON and CSV for programs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date

from device.history.diary import Day, Days
from device.stages.tally import Figures
from device.words.durations import span_text
from device.words.instants import HOUR_S
from device.words.record import Span, Strip

# ---- for other programs


def json_of(days: Days) -> Iterator[str]:
    """One JSON object for each day, with the names of the summary."""
    for day, told in days.items():
        more = {"streak": told.streak, "areas": told.areas, "about": told.strip.about, "forgotten": told.forgotten}
        yield json.dumps({"day": day.isoformat(), **asdict(told.figures), **more})


def csv_of(days: Days) -> Iterator[str]:
    """A header and a line for each day."""
    names = [*Figures.__slots__, "streak", "about"]
    yield ",".join(["day", *names])
    for day, told in days.items():
        values = {**asdict(told.figures), "streak": told.streak, "about": int(told.strip.about)}
        yield ",".join([day.isoformat(), *("" if values[name] is None else f"{values[name]:g}" for name in names)])


# ---- on paper

_ABOUT = "~ the clock was not right that day: its date is about this one."
_DOUBTFUL = 'Doubtful: seated for long without a lift, and nobody answered "still there?"; it may have been a bag.'


def table_of(days: Days) -> Iterator[str]:
    """A heading, a line for each day, and the days as strips."""
    if not days:
        yield "Nothing is noted of these days."
        return
    columns = _columns(days)
    yield _line("", columns, columns)
    for day, told in days.items():
        yield _line(_name(day, told), columns, [cell(told) for cell in columns.values()])
    yield ""
    yield from strips_of(days)
    yield from _notes(days)


def page_of(day: date, told: Day) -> Iterator[str]:
    """All of one day."""
    yield f"{day:%A}, {day.isoformat()}"
    yield ""
    for name, text in _lines(told):
        yield f"  {name:22}{text}"
    yield ""
    days = {day: told}
    yield from strips_of(days)
    yield from _notes(days)


def _notes(days: Days) -> Iterator[str]:
    if any(told.figures.doubtful_s for told in days.values()):
        yield _DOUBTFUL
    for day, told in days.items():
        if told.forgotten:
            yield f"{day.isoformat()}: {told.forgotten} taken out at your word; in no figure of that day."
    if any(told.strip.about for told in days.values()):
        yield _ABOUT


_LONGEST_SPAN = len("9 h 59")
_COLUMNS: Mapping[str, Callable[[Day], str]] = {
    "seated": lambda day: span_text(day.figures.seated_s),
    "doubtful": lambda day: span_text(day.figures.doubtful_s) if day.figures.doubtful_s else "",
    "of day": lambda day: f"{day.figures.share:.0%}",
    "longest": lambda day: span_text(day.figures.longest_s),
    "bouts": lambda day: str(day.figures.bouts),
    "breaks": lambda day: str(day.figures.breaks),
    "due": lambda day: str(day.figures.due),
    "in time": lambda day: str(day.figures.in_time),
    "late": lambda day: str(day.figures.late),
    "not taken": lambda day: str(day.figures.not_taken),
    "stretches": lambda day: str(day.figures.stretches_done),
    "streak": lambda day: str(day.streak),
}
_NARROW = ("bouts", "breaks", "due", "in time", "late", "not taken", "stretches", "streak")
_WIDTHS = {
    heading: len(heading) + 2 if heading in _NARROW else max(len(heading), _LONGEST_SPAN) + 2 for heading in _COLUMNS
}


def _columns(days: Days) -> Mapping[str, Callable[[Day], str]]:
    """The columns. The doubtful time has one only if there is any."""
    doubtful = any(told.figures.doubtful_s for told in days.values())
    return {heading: cell for heading, cell in _COLUMNS.items() if doubtful or heading != "doubtful"}


def _line(name: str, headings: Iterable[str], cells: Iterable[str]) -> str:
    return f"{name:16}" + "".join([cell.rjust(_WIDTHS[heading]) for heading, cell in zip(headings, cells, strict=True)])


def _name(day: date, told: Day) -> str:
    return f"{day:%a %Y-%m-%d}{' ~' if told.strip.about else ''}"


def _lines(told: Day) -> Iterator[tuple[str, str]]:
    figures = told.figures
    yield "seated", f"{span_text(figures.seated_s)}, {figures.share:.0%} of the time from the first sitting to the last"
    if figures.doubtful_s:
        yield "doubtful", f"{span_text(figures.doubtful_s)} of it"
    yield "longest bout", span_text(figures.longest_s)
    over = f"{figures.over_30} of 30 min or more, {figures.over_60} of 60, {figures.over_120} of 120"
    yield "bouts", f"{figures.bouts}; {over}"
    yield "breaks", f"{figures.breaks}, {figures.full_breaks} of them full"
    yield "due", f"{figures.due}: {figures.in_time} in time, {figures.late} late, {figures.not_taken} not taken"
    if figures.rose_after_s is not None:
        yield "up after", f"{span_text(figures.rose_after_s)} from when it was due"
    yield "reminders", f"{figures.sounds} sounded; put off {figures.snoozes}, muted {figures.mutes} times"
    areas = ", ".join(f"{count} {area.replace('_', ' ')}" for area, count in sorted(told.areas.items()))
    yield "stretches", f"{figures.stretches_done}" + (f": {areas}" if areas else "")
    yield "streak", f"{told.streak} days" if told.streak != 1 else "1 day"


_QUARTERS = 4
"""How many characters of a strip are an hour."""
_QUARTER_S = HOUR_S / _QUARTERS


def strips_of(days: Days) -> Iterator[str]:
    """Each day as a row of characters, one for each quarter of an hour, from the first seated hour to the last."""
    strips = [told.strip for told in days.values()]
    first = int(min(strip.begins_s for strip in strips) // HOUR_S)
    last = min(23, int(max(strip.ends_s for strip in strips) // HOUR_S))
    yield " " * 18 + "".join(f"{hour:<{_QUARTERS}}" for hour in range(first, last + 1)).rstrip()
    for (day, told), strip in zip(days.items(), strips, strict=True):
        quarters = range(first * _QUARTERS, (last + 1) * _QUARTERS)
        yield f"{_name(day, told):18}" + "".join(_signs(strip, quarters)).rstrip()
    doubtful = "   ▒ doubtful" if any(strip.doubtful for strip in strips) else ""
    yield " " * 18 + f"█ seated   ▄ part of it   · away{doubtful}   ! a break fell due"


def _signs(strip: Strip, quarters: range) -> Iterator[str]:
    seated_s, doubtful_s = _by_quarter(strip.seated), _by_quarter(strip.doubtful)
    due = {int(at // _QUARTER_S) for at, fact in strip.moments if fact == "due"}
    begins, ends = strip.begins_s / _QUARTER_S, strip.ends_s / _QUARTER_S
    for quarter in quarters:
        if quarter in due:
            yield "!"
        elif doubtful_s[quarter] > 0:
            yield "▒"
        elif seated_s[quarter] * 2 > _QUARTER_S:
            yield "█"
        elif seated_s[quarter] > 0:
            yield "▄"
        else:
            yield "·" if begins < quarter < ends else " "


def _by_quarter(spans: Iterable[Span]) -> Mapping[int, float]:
    """How many seconds of the spans lie in each quarter of an hour."""
    lasting_s: defaultdict[int, float] = defaultdict(float)
    for since, until in spans:
        first, last = int(since // _QUARTER_S), int(until // _QUARTER_S)
        for quarter in range(first, last):
            lasting_s[quarter] += _QUARTER_S
        lasting_s[last] += until - last * _QUARTER_S
        lasting_s[first] -= since - first * _QUARTER_S
    return lasting_s
