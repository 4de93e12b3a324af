"""Days out of facts: what each run of the device adds to the figures of each local day."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from device.durations import span_text
from device.effects import Fact
from device.instants import HOUR_S, between, whole
from device.ports import Run, Strip
from device.tally import Count, Figures
from device.zones import Daytime, LocalTime

COUNTED = (
    *("sat", "left", "bout", "full_break", "due", "break_honoured", "snoozed", "muted", "sound", "stretch_done"),
    *("resumed", "power_cut"),
)
"""The facts that matter here; a journal may leave out the others."""
_MOMENTS = ("due", "sound", "full_break", "break_honoured")
"""What a picture of the day shows, beside who sat."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of a local day."""

    figures: Figures
    areas: Mapping[str, int]
    """Stretches done by area."""
    streak: int
    """Days in a row, up to this one, on which no break that fell due was left out; a day off breaks none.

    While one may still be taken, the day waits to be counted.
    """
    strip: Strip


Days = Mapping[date, Day]


def by_day(runs: Iterable[Run], areas: Mapping[str, str]) -> Days:
    """Each day on which somebody sat. What is open at a run's end counts as far as it was seen.

    `areas` says of each stretch what it is for.
    """
    diary = _Diary(areas)
    for run in runs:
        diary.read(run)
    return diary.days()


@dataclass(slots=True)
class _Page:
    """What is noted of a day, while it adds up."""

    count: Count = field(default_factory=Count)
    bouts_s: list[float] = field(default_factory=list)
    seated: list[tuple[datetime, datetime]] = field(default_factory=list)
    moments: list[tuple[datetime, str]] = field(default_factory=list)
    areas: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    """Breaks that fell due and haven't been taken."""
    about: bool = False

    def figures(self) -> Figures:
        spanned_s = 0.0
        if self.seated:
            spanned_s = (self.seated[-1][1] - self.seated[0][0]).total_seconds()
        return self.count.figures(self.bouts_s, spanned_s)


class _Diary:
    """Goes through the runs, oldest first, and writes each fact on the page of its day."""

    def __init__(self, areas: Mapping[str, str]) -> None:
        self._areas = areas
        self._pages: dict[date, _Page] = {}
        self._chain: list[tuple[Run, LocalTime]] = []
        """The runs whose instants are one line; the last one is being read."""
        self._present: Daytime | None = None
        """Where the present instants are, so that not each fact has to be dated."""
        self._sat_at: float | None = None
        self._bout: dict[date, float] = {}
        """Seated seconds of the open bout, by day."""
        self._bout_before: dict[date, float] = {}
        """The same of one that a power cut interrupted, while it isn't known whether it goes on."""
        self._owing: _Page | None = None
        """Where a break fell due that may still be taken."""

    def read(self, run: Run) -> None:
        """Go on with this run."""
        if not any(fact.fact == "resumed" for fact in run.facts):
            self._break_off()
            self._chain, self._owing = [], None
        self._chain = [*self._chain[-2:], (run, run.local)]
        self._present = None
        for fact in run.facts:
            self._hear(fact)

    def days(self) -> Days:
        """All that was read."""
        self._break_off()
        streak, days = 0, {}
        for day, page in sorted(self._pages.items()):
            figures = page.figures()
            if not figures.seated_s:
                continue
            may_be_taken = page is self._owing
            if page.left_out > may_be_taken:
                streak = 0
            elif not may_be_taken:
                streak += 1
            strip = Strip(day, figures.seated_s, tuple(page.seated), tuple(page.moments), page.about)
            days[day] = Day(figures, dict(page.areas), streak, strip)
        return days

    def _hear(self, fact: Fact) -> None:
        match fact.fact:
            case "sat":
                self._sat_at = fact.t
            case "left":
                self._rise(fact.t)
            case "resumed":
                self._rise(fact.details["seated_till"])
                self._end_bout(self._bout_before)
                self._bout_before, self._bout = self._bout, {}
            case "power_cut" if not fact.details["counts"]:
                for day, seated_s in self._bout_before.items():
                    self._bout[day] = whole(self._bout.get(day, 0.0) + seated_s)
                self._bout_before = {}
            case "bout":
                self._end_bout(self._bout_before if fact.t < self._chain[-1][0].began_s else self._bout)
        page = self._page(fact.t)
        page.count.note(fact)
        self._note_break(page, fact)
        if fact.fact in _MOMENTS:
            page.moments.append((self._daytime(fact.t).when(fact.t), fact.fact))
        elif fact.fact == "stretch_done":
            page.areas[self._areas.get(fact.details["stretch"], "other")] += 1

    def _note_break(self, page: _Page, fact: Fact) -> None:
        match fact.fact:
            case "due":
                self._owing = page
                page.left_out += 1
            case "break_honoured" if self._owing is not None and fact.details["after"] == "due":
                self._owing.left_out -= 1
                self._owing = None
            case "power_cut" if fact.details["counts"]:
                self._owing = None

    def _rise(self, at: float | None) -> None:
        sat_at, self._sat_at = self._sat_at, None
        if sat_at is None or at is None or at <= sat_at:
            return
        while sat_at < at:
            page, here = self._page(sat_at), self._daytime(sat_at)
            until = min(at, here.ends)
            page.seated.append((here.when(sat_at), here.when(until)))
            self._bout[here.day] = whole(self._bout.get(here.day, 0.0) + between(sat_at, until))
            sat_at = until

    def _end_bout(self, bout: dict[date, float]) -> None:
        for day, seated_s in bout.items():
            self._pages[day].bouts_s.append(seated_s)
        bout.clear()

    def _break_off(self) -> None:
        """A run has ended, and the next one knows nothing of it."""
        if self._chain:
            self._rise(self._chain[-1][0].seated_till_s)
        self._end_bout(self._bout_before)
        self._end_bout(self._bout)

    # ---- dates

    def _page(self, t: float) -> _Page:
        here = self._daytime(t)
        page = self._pages.setdefault(here.day, _Page())
        page.about |= self._chain[self._nth(t)][0].about
        return page

    def _daytime(self, t: float) -> Daytime:
        if self._present is None or not self._present.begins <= t < self._present.ends:
            nth = self._nth(t)
            run, local = self._chain[nth]
            here = local.at(t)
            # An instant before a start has its date from the run before.
            begins = max(here.begins, run.began_s) if nth else here.begins
            last = nth + 1 == len(self._chain)
            ends = here.ends if last else min(here.ends, self._chain[nth + 1][0].began_s)
            self._present = replace(here, begins=begins, ends=ends)
        return self._present

    def _nth(self, t: float) -> int:
        """Which run of the chain that instant is in."""
        return next((nth for nth in reversed(range(len(self._chain))) if self._chain[nth][0].began_s <= t), 0)


# ---- for other programs


def json_of(days: Days) -> Iterator[str]:
    """An object for each day, with the names of the summary."""
    for day, told in days.items():
        more = {"streak": told.streak, "areas": told.areas, "about": told.strip.about}
        yield json.dumps({"day": day.isoformat(), **asdict(told.figures), **more})


def csv_of(days: Days) -> Iterator[str]:
    """A header, and a line for each day."""
    names = [*Figures.__slots__, "streak", "about"]
    yield ",".join(["day", *names])
    for day, told in days.items():
        values = {**asdict(told.figures), "streak": told.streak, "about": int(told.strip.about)}
        yield ",".join([day.isoformat(), *("" if values[name] is None else f"{values[name]:g}" for name in names)])


# ---- on paper

_ABOUT = "~ the clock was not right that day: its date is about this one."


def table_of(days: Days) -> Iterator[str]:
    """A line for each day, below a heading, and the days as strips."""
    if not days:
        yield "Nothing is noted of these days."
        return
    yield _line("", [heading for heading, _ in _COLUMNS])
    for day, told in days.items():
        yield _line(_name(day, told), [cell(told) for _, cell in _COLUMNS])
    yield ""
    yield from strips_of(days)
    if any(told.strip.about for told in days.values()):
        yield _ABOUT


def page_of(day: date, told: Day) -> Iterator[str]:
    """All of one day."""
    yield f"{day:%A}, {day.isoformat()}"
    yield ""
    for name, text in _lines(told):
        yield f"  {name:22}{text}"
    yield ""
    yield from strips_of({day: told})
    if told.strip.about:
        yield _ABOUT


_LONGEST_SPAN = len("9 h 59")
_COLUMNS: tuple[tuple[str, Callable[[Day], str]], ...] = (
    ("seated", lambda day: span_text(day.figures.seated_s)),
    ("of day", lambda day: f"{day.figures.share:.0%}"),
    ("longest", lambda day: span_text(day.figures.longest_s)),
    ("bouts", lambda day: str(day.figures.bouts)),
    ("breaks", lambda day: str(day.figures.breaks)),
    ("due", lambda day: str(day.figures.due)),
    ("taken", lambda day: str(day.figures.honoured)),
    ("stretches", lambda day: str(day.figures.stretches_done)),
    ("streak", lambda day: str(day.streak)),
)


def _line(name: str, cells: Iterable[str]) -> str:
    widths = (max(len(heading), _LONGEST_SPAN) + 2 for heading, _ in _COLUMNS)
    return f"{name:16}" + "".join(f"{cell:>{wide}}" for cell, wide in zip(cells, widths, strict=True))


def _name(day: date, told: Day) -> str:
    return f"{day:%a %Y-%m-%d}{' ~' if told.strip.about else ''}"


def _lines(told: Day) -> Iterator[tuple[str, str]]:
    figures = told.figures
    yield "seated", f"{span_text(figures.seated_s)}, {figures.share:.0%} of the day"
    yield "longest bout", span_text(figures.longest_s)
    over = f"{figures.over_30} of 30 min or more, {figures.over_60} of 60, {figures.over_120} of 120"
    yield "bouts", f"{figures.bouts}; {over}"
    yield "breaks", f"{figures.breaks}, {figures.full_breaks} of them full"
    yield "due", f"{figures.due}, {figures.honoured} taken"
    if figures.rose_after_s is not None:
        yield "up after", f"{span_text(figures.rose_after_s)} from when it was due"
    yield "reminders", f"{figures.sounds} sounded; put off {figures.snoozes}, muted {figures.mutes} times"
    areas = ", ".join(f"{count} {area.replace('_', ' ')}" for area, count in sorted(told.areas.items()))
    yield "stretches", f"{figures.stretches_done}" + (f": {areas}" if areas else "")
    yield "streak", f"{told.streak} days" if told.streak != 1 else "1 day"


_QUARTERS = 4
"""Signs for each hour of a strip."""
_QUARTER_S = HOUR_S / _QUARTERS


def strips_of(days: Days) -> Iterator[str]:
    """Each day as a row of signs, a quarter of an hour each, from the first hour anybody sat to the last."""
    strips = [told.strip for told in days.values()]
    first = min(since.hour for strip in strips for since, _ in strip.seated)
    last = max(_last_hour(strip) for strip in strips)
    yield " " * 18 + "".join(f"{hour:<{_QUARTERS}}" for hour in range(first, last + 1)).rstrip()
    for (day, told), strip in zip(days.items(), strips, strict=True):
        quarters = range(first * _QUARTERS, (last + 1) * _QUARTERS)
        yield f"{_name(day, told):18}" + "".join(_signs(strip, quarters)).rstrip()
    yield " " * 18 + "█ seated   ▄ part of it   · away   ! a break fell due"


def _last_hour(strip: Strip) -> int:
    return max(end.hour if end.date() == strip.day else 23 for _, end in strip.seated)


def _signs(strip: Strip, quarters: range) -> Iterator[str]:
    spans_s = [(strip.hour(since) * HOUR_S, strip.hour(until) * HOUR_S) for since, until in strip.seated]
    seated_s: defaultdict[int, float] = defaultdict(float)
    for since_s, until_s in spans_s:
        for quarter in range(int(since_s // _QUARTER_S), int(until_s // _QUARTER_S) + 1):
            seated_s[quarter] += min(until_s, (quarter + 1) * _QUARTER_S) - max(since_s, quarter * _QUARTER_S)
    due = {int(strip.hour(at) * _QUARTERS) for at, fact in strip.moments if fact == "due"}
    for quarter in quarters:
        if quarter in due:
            yield "!"
        elif seated_s[quarter] * 2 > _QUARTER_S:
            yield "█"
        elif seated_s[quarter] > 0:
            yield "▄"
        else:
            yield "·" if min(spans_s)[0] < quarter * _QUARTER_S < max(till_s for _, till_s in spans_s) else " "
