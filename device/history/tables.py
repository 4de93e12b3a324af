"""Days for readers: a table, a page and strips for people, JSON and CSV for programs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from math import ceil

from device.history.day_words import (
    COLUMNS,
    IN_ENGLISH,
    SIGNS,
    columns_of,
    hours_of,
    in_words,
    lines_of,
    signs_of,
    taken_out,
)
from device.history.diary import Day, Days
from device.history.shares import persons_in
from device.stages.tally import SHORT_FIGURES, Figures
from device.words.facts import Away, FellDue
from device.words.instants import HOUR_S
from device.words.record import Span, Strip

# ---- for other programs


def json_of(days: Days) -> Iterator[str]:
    """One JSON object for each day, with the names of the summary."""
    for day, told in days.items():
        more = {"streak": told.streak, "areas": told.areas, "about": told.strip.about, "forgotten": told.forgotten}
        away = {Away.name: True} if told.strip.away else {}
        own = {"persons": {name: _of_person(each) for name, each in told.own.items()}} if told.own else {}
        yield json.dumps({"day": day.isoformat(), **told.figures.as_data(), **more, **away, **own})


def _of_person(told: Day) -> Mapping[str, object]:
    return {**told.figures.as_data(), "streak": told.streak, "areas": told.areas}


def csv_of(days: Days) -> Iterator[str]:
    """A header and a line for each day. If several people sat, a line for each of them follows, with their name."""
    persons = persons_in(days.values())
    away = [Away.name] if any(told.strip.away for told in days.values()) else []
    are_short = any(told.figures.short_offers for told in days.values())
    figures = [name for name in Figures.__slots__ if are_short or name not in SHORT_FIGURES]
    names = [*figures, "streak", "about", *away]
    yield ",".join(["day", *(["person"] if persons else []), *names])
    for day, told in days.items():
        yield _csv_line([day.isoformat(), *([""] if persons else [])], told, names)
        for person in persons:
            if person in told.own:
                yield _csv_line([day.isoformat(), _quoted(person)], told.own[person], names)


def _csv_line(begins: Sequence[str], told: Day, names: Iterable[str]) -> str:
    values = {**asdict(told.figures), "streak": told.streak, "about": int(told.strip.about)}
    values[Away.name] = int(told.strip.away)
    figures = ("" if values[name] is None else f"{values[name]:g}" for name in names)
    return ",".join([*begins, *figures])


def _quoted(name: str) -> str:
    """A name as a cell, which may hold a comma."""
    return '"{}"'.format(name.replace('"', '""')) if set(name) & {",", '"'} else name


# ---- on paper

_ABOUT = "~ The clock was wrong that day, so this date is only about right."
_DOUBTFUL = 'Doubtful: seated for long without a lift, and nobody answered "still there?"; it may have been a bag.'


def table_of(days: Days) -> Iterator[str]:
    """A heading, a line for each day, and the days as strips."""
    if not days:
        yield "Nothing is noted of these days."
        yield from _notes(days)
        return
    columns = columns_of(days.values())
    yield _line("", columns, columns)
    for day, told in days.items():
        yield _line(_name(day, told), columns, _cells(told, columns))
        for person in persons_in(days.values()):
            if person in told.own:
                yield _line(f"  {person}", columns, _cells(told.own[person], columns))
    yield ""
    yield from strips_of(days)
    yield from _notes(days)


def _cells(told: Day, columns: Iterable[str]) -> list[str]:
    return [COLUMNS[heading](told, IN_ENGLISH) for heading in columns]


def page_of(day: date, told: Day) -> Iterator[str]:
    """All of one day."""
    yield f"{day:%A}, {day.isoformat()}"
    yield ""
    for line in lines_of(told):
        yield f"  {line.name:22}{line.value}{line.link}{line.more}"
    for person in persons_in([told]):
        yield f"  {person:22}{in_words(told.own[person])}"
    yield ""
    days = Days([(day, told)])
    yield from strips_of(days)
    yield from _notes(days)


def _notes(days: Days) -> Iterator[str]:
    if any(told.figures.doubtful_s for told in days.values()):
        yield _DOUBTFUL
    for day, told in days.items():
        if told.forgotten:
            yield f"{day.isoformat()}: {taken_out(told.forgotten)}"
        if told.lost:
            times = "once" if told.lost == 1 else f"{told.lost} times"
            yield f"{day.isoformat()}: the seat was lost {times}; nobody knows who sat meanwhile."
    for first, last in days.aways:
        span = first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
        yield f"{span}: away; streaks pass over it."
    if any(told.strip.about for told in days.values()):
        yield _ABOUT


_LONGEST_SPAN = len("9 h 59")
_NARROW = ("bouts", "breaks", "due", "in time", "late", "not taken", "stretches", "streak")
_WIDTHS = {
    heading: len(heading) + 2 if heading in _NARROW else max(len(heading), _LONGEST_SPAN) + 2 for heading in COLUMNS
}


def _line(name: str, headings: Iterable[str], cells: Iterable[str]) -> str:
    return f"{name:16}" + "".join([cell.rjust(_WIDTHS[heading]) for heading, cell in zip(headings, cells, strict=True)])


def _name(day: date, told: Day) -> str:
    return f"{day:%a %Y-%m-%d}{' ~' if told.strip.about else ''}"


_QUARTERS = 4
"""How many characters of a strip are an hour."""
_QUARTER_S = HOUR_S / _QUARTERS
_CHARACTERS = {"seated": "█", "doubtful": "▒", "away": "·", FellDue.name: "!"}
_PART = "▄"


def strips_of(days: Days) -> Iterator[str]:
    """Each day as a row of characters, one for each quarter of an hour, from the first seated hour to the last."""
    first, last = hours_of(told.strip for told in days.values())
    yield " " * 18 + "".join(f"{hour:<{_QUARTERS}}" for hour in range(first, last)).rstrip()
    quarters = range(first * _QUARTERS, last * _QUARTERS)
    for day, told in days.items():
        signs = _signs(told.strip)
        yield f"{_name(day, told):18}" + "".join([signs.get(quarter, " ") for quarter in quarters]).rstrip()
    drawn = [(_CHARACTERS[sign], SIGNS[sign]) for sign in signs_of(days) if sign in _CHARACTERS]
    drawn.insert(1, (_PART, "seated for part of it"))
    yield " " * 18 + "   ".join(f"{character} {means}" for character, means in drawn)


def _signs(strip: Strip) -> Mapping[int, str]:
    """The characters of a day by quarter, without blanks."""
    away = range(int(strip.begins_s // _QUARTER_S), ceil(strip.ends_s / _QUARTER_S))
    signs = dict.fromkeys(away, _CHARACTERS["away"])
    for quarter, lasting_s in _by_quarter(strip.seated).items():
        if lasting_s > 0:
            signs[quarter] = _CHARACTERS["seated"] if lasting_s * 2 > _QUARTER_S else _PART
    for quarter, lasting_s in _by_quarter(strip.doubtful).items():
        if lasting_s > 0:
            signs[quarter] = _CHARACTERS["doubtful"]
    signs.update({int(at // _QUARTER_S): _CHARACTERS[fact] for at, fact in strip.moments if fact == FellDue.name})
    return signs


def _by_quarter(spans: Iterable[Span]) -> Mapping[int, float]:
    """How many seconds of the spans lie in each quarter of an hour."""
    lasting_s: defaultdict[int, float] = defaultdict(float)
    for since, until in spans:
        first, last = int(since // _QUARTER_S), int(until // _QUARTER_S)
        if first == last:
            lasting_s[first] += until - since
        else:
            lasting_s[first] += (first + 1) * _QUARTER_S - since
            lasting_s[last] += until - last * _QUARTER_S
            # No other span lies in the quarters between.
            for quarter in range(first + 1, last):
                lasting_s[quarter] = _QUARTER_S
    return lasting_s
