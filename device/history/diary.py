"""Makes days from facts: what each run of the device adds to the page of each local day."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import chain
from operator import is_not
from typing import Any

from device.history.aways import Aways
from device.stages.tally import Due, Figures, Pending, Sums
from device.words.facts import (
    Answered,
    Away,
    Bout,
    BoutForgotten,
    BreakHonoured,
    Enough,
    Fact,
    FellDue,
    FullBreak,
    Left,
    Muted,
    PersonChosen,
    PowerCut,
    Resumed,
    Sat,
    SeatDoubted,
    SeatLost,
    SeatTrusted,
    Snoozed,
    Sounded,
    StretchDone,
    Stuck,
)
from device.words.instants import after, between, whole
from device.words.record import Run, Strip
from device.words.zones import Daytime, LocalTime

COUNTED: tuple[type[Fact], ...] = (
    *(Sat, Left, Bout, FullBreak, FellDue, BreakHonoured, Snoozed, Muted, Enough, Away, Sounded, StretchDone),
    *(Stuck, Answered, Resumed, PowerCut, SeatLost, SeatDoubted, SeatTrusted, BoutForgotten, PersonChosen),
)
"""The facts that count here; a journal may leave out the others."""
DEFINITIONS = 7
"""Raise this when the same facts would make or keep different pages, so that kept pages are made again."""
_MOMENTS = (FellDue, Sounded, FullBreak, BreakHonoured, Enough)
"""What a picture of the day and its words show besides sitting."""


@dataclass(frozen=True, slots=True)
class Day:
    """What the journal knows about a local day."""

    figures: Figures
    areas: Mapping[str, int]
    """Stretches done by area."""
    streak: int
    """How many days in a row, up to this one, had due breaks that were all taken in time.

    Days without due breaks neither count nor end a streak, and neither do days away. While a due break may still be
    taken in time, its day isn't counted yet.
    """
    strip: Strip
    forgotten: int = 0
    """How many bouts were deleted because the person said that they didn't sit then. No figure includes them."""
    lost: int = 0
    """How many times the seat's sensor was lost."""
    own: Mapping[str, Day] = field(default_factory=dict)
    """The day of each person who shares the chair, by name; empty if nobody was named."""


class Days(dict[date, Day]):
    """The days on which somebody sat, in their order, and when somebody was away."""

    def __init__(self, days: Iterable[tuple[date, Day]] = (), aways: Iterable[tuple[date, date]] = ()) -> None:
        super().__init__(days)
        self.aways = tuple(aways)
        """The first and last day of each time away that reaches into the days that were asked for."""


@dataclass(slots=True)
class DiaryPage:
    """The sums of a day so far. Times of day are in seconds since its midnight."""

    sums: Sums = field(default_factory=Sums)
    seated: list[tuple[float, float]] = field(default_factory=list)
    doubtful: list[tuple[float, float]] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    moments: list[tuple[float, str]] = field(default_factory=list)
    stretches: Counter[str] = field(default_factory=Counter)
    about: bool = False
    aways: list[str] = field(default_factory=list)
    """Until when somebody said on that day that they were away; an empty text says that they are back."""

    def come(self, here: Daytime, at: float) -> None:
        """Note that somebody sits down."""
        if self.sums.left_at is not None and self.sums.left_at < here.since_1970(at):
            self.gaps.append((self.seated[-1][1], here.of_day(at)))
        self.sums.come(here.since_1970(at))

    def sit(self, here: Daytime, since: float, until: float, doubted_since: float | None) -> None:
        """Note a span of sitting, which has to lie on this day and in one zone."""
        self.sums.left_at = here.since_1970(until)
        self.seated.append((here.of_day(since), here.of_day(until)))
        if doubted_since is not None and doubted_since < until:
            begins = max(since, doubted_since)
            self.doubtful.append((here.of_day(begins), here.of_day(until)))
            self.sums.doubtful_s = after(self.sums.doubtful_s, between(begins, until))

    def kept(self) -> KeptPage:
        """The page in the form in which it is kept, without anything that is still open."""
        up_s, rose_s = [due.up_after_s for due in self.sums.dues], [due.rose_after_s for due in self.sums.dues]
        dues = [up_s, rose_s, [due.doubtful for due in self.sums.dues], *([self.aways] if self.aways else [])]
        sums = [self.sums.bouts_s, self.sums.doubtful_s, self.sums.away_s, self.sums.first_at, self.sums.left_at]
        spans = [_in_ms(chain(*each)) for each in (self.seated, self.doubtful, self.gaps)]
        moments = [_in_ms(at for at, _ in self.moments), ",".join(name for _, name in self.moments)]
        page = [self.sums.of, sums, *spans, *moments, self.stretches, self.about]
        return _as_json(dues), _as_json(page)

    @classmethod
    def of(cls, kept: KeptPage) -> DiaryPage:
        """The page from its kept form, with all of its values checked. Raises KeptPageError."""
        read = _json_of(kept[1])
        try:
            counted, sums, *spans, at_ms, names, stretches, about = read
            times_ms = [*chain(*spans, at_ms)]
            _check_times(times_ms, len(times_ms) * _DAY_MS)
            seated, doubtful, gaps = ([*zip(_in_s(each[::2]), _in_s(each[1::2]), strict=True)] for each in spans)
            moments = [*zip(_in_s(at_ms), filter(None, str.split(names, ",")), strict=True)]
            page = cls(_sums_of(sums), seated, doubtful, gaps, moments, _counted(stretches), bool(about))
            page.sums.of = _counted(counted)
            page.sums.dues, page.aways = _dues_of(kept[0])
        except (TypeError, ValueError, LookupError, OverflowError) as error:
            # A value is of another kind, or there are too few or too many. From 3.12 on a dict looks slices up.
            raise KeptPageError("a kept page makes no sense") from error
        if page.sums.bouts_s and not page.seated:
            raise KeptPageError("a kept page has bouts, but nobody sat")
        return page


KeptPage = tuple[str, str]
"""The due breaks of a day and what was said of being away, and all the rest, both as text.

Years of pages are read at once, so they have long lists of plain values instead of many short ones, and times of day
as whole ms.
"""
_DAY_MS = 86_400_000
_MOST_S = 1e12
"""Longer than any sum of times, in seconds."""


class KeptPageError(ValueError):
    """A kept page makes no sense; without it, the day has to be added up again."""


def _in_ms(times: Iterable[float]) -> list[int]:
    return [round(time * 1000) for time in times]


def _in_s(times_ms: Iterable[float]) -> list[float]:
    return [time_ms / 1000 for time_ms in times_ms]


_as_json = json.JSONEncoder(separators=(",", ":")).encode


def _json_of(kept: Any) -> Any:
    try:
        return json.loads(kept)
    except (ValueError, TypeError, RecursionError) as error:
        raise KeptPageError("a kept page is no JSON") from error


def _check_times(values: Sequence[float], most_s: float = _MOST_S) -> None:
    """Check that no value is negative, and that together they aren't more than `most_s`."""
    # The comparison fails for NaN, too.
    if values and not (min(values) >= 0 and sum(values) <= most_s):
        raise KeptPageError("no time is that long")


def _sums_of(read: Any) -> Sums:
    sums = Sums()
    bouts_s, sums.doubtful_s, sums.away_s, sums.first_at, sums.left_at = read
    sums.bouts_s = list(bouts_s)
    _check_times(sums.bouts_s)
    _check_times((sums.doubtful_s, sums.away_s, *filter(_is_known, (sums.first_at, sums.left_at))))
    return sums


def _counted(read: Any) -> Counter[str]:
    if not isinstance(read, dict) or not {*map(type, read.values())} <= {int}:
        raise KeptPageError("nothing is counted like that")
    return Counter(read)


_is_known: Callable[[Any], bool] = partial(is_not, None)


def _dues_of(kept: Any) -> tuple[list[Due], list[str]]:
    """The due breaks from their kept form, and what was said of being away. Raises KeptPageError."""
    read = _json_of(kept)
    try:
        up_s, rose_s, doubtful, *more = read
        _check_times([*filter(_is_known, chain(up_s, rose_s))])
        dues = [Due(0.0, *each) for each in zip(up_s, rose_s, map(bool, doubtful), strict=True)]
        (aways,) = more or [[]]
    except (TypeError, ValueError, OverflowError) as error:
        raise KeptPageError("kept due breaks make no sense") from error
    if not isinstance(aways, list) or not {*map(type, aways)} <= {str}:
        raise KeptPageError("nobody is away until then")
    return dues, aways


_NO_PAGES: dict[date, KeptPage] = {}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The kept pages."""

    dues: Mapping[date, str] = field(default_factory=dict)
    """The due breaks of all kept pages, and what was said of being away."""
    page: Callable[[date], KeptPage] = _NO_PAGES.__getitem__
    """Returns the kept page of a day."""
    till: date = date.min
    """The day on which pages were last kept."""


@dataclass(frozen=True, slots=True)
class AddedUp:
    """A place among the facts at which nothing is open, so that later facts can be added to the pages kept there."""

    day: date
    runs: int
    """How many runs were read before the one with this place."""
    facts: int
    """How many facts of that run are in the pages."""
    pages: Mapping[date, KeptPage]
    """The pages that differ from those kept before."""


class Diary:
    """Reads the runs, oldest first, and writes each fact on the page of its day."""

    def __init__(self, shelf: Shelf | None = None, *, keeps: bool = True) -> None:
        """Runs that are read add to the pages on the shelf. With `keeps` it looks for places to keep pages at."""
        self._keeps = keeps
        self._shelf = shelf or Shelf()
        self.added_up: AddedUp | None = None
        """The last place where nothing was open at a day's first full break."""
        self._changed: set[date] = set()
        self._put_by: dict[date, KeptPage] = {}
        self._put_by_on = self._shelf.till
        self._runs_read = -1
        self._heard = 0
        self._pages: dict[date, DiaryPage] = {}
        self._chain: list[tuple[Run, LocalTime]] = []
        """The runs with a common line of instants; the last one is being read."""
        self._present: Daytime | None = None
        """The date of the present instants, so that not every fact has to be dated."""
        self._sat_at: float | None = None
        self._bout: dict[date, float] = {}
        """Seated seconds of the open bout, by day."""
        self._bout_before: dict[date, float] = {}
        """The same for a bout that a power cut interrupted, until it is known whether it goes on."""
        self._cut_is_open = False
        """How long a power cut was isn't known yet. When it is, some facts from before the cut are noted late."""
        self._pending = Pending()

    def read(self, run: Run, skip: int = 0) -> None:
        """Read the next run, without its first `skip` facts."""
        self.begin(run, skip, goes_on=any(isinstance(fact, Resumed) for fact in run.facts))
        for fact in run.facts[skip:]:
            self.take(fact)

    def begin(self, run: Run, skip: int = 0, *, goes_on: bool) -> None:
        """Begin to read a run, which goes on from the run before or doesn't."""
        if not goes_on:
            self._break_off()
            self._chain, self._pending, self._cut_is_open = [], Pending(), False
        self._chain = [*self._chain[-2:], (run, run.local)]
        self._present = None
        self._runs_read, self._heard = self._runs_read + 1, skip

    def take(self, fact: Fact) -> None:
        """Read the next fact of the run."""
        self._heard += 1
        # A journal may leave the other facts out, so they must not change a page.
        if isinstance(fact, COUNTED):
            self._hear(fact)
            # Who is named on an empty chair is not yet who sat last.
            if self._keeps and not isinstance(fact, PersonChosen):
                self._put_by_if_clear()

    def pass_by(self, fact: Fact) -> None:
        """Take in a fact of another person on the same chair. It counts nothing here."""
        self._pending.pass_by(fact)

    def beside(self) -> Diary:
        """A diary without any page, of a person who hasn't sat before, in the middle of the run."""
        diary = Diary(keeps=False)
        diary._pending = Pending(self._pending.seat_doubted_since)
        diary._chain = [*self._chain]
        return diary

    @property
    def is_clear(self) -> bool:
        """Whether nothing is open."""
        is_open = self._sat_at is not None or self._bout or self._bout_before or self._cut_is_open
        return not is_open and self._pending.is_clear

    def take_changed(self) -> Mapping[date, KeptPage]:
        """The pages that have changed since this was last asked, in the form in which they are kept."""
        pages = {day: self._pages[day].kept() for day in self._changed}
        self._changed.clear()
        return pages

    def days(self, areas: Mapping[str, str], in_time_s: float, first: date = date.min, last: date = date.max) -> Days:
        """The days from `first` to `last`. Streaks are counted over all days."""
        self._break_off()
        streak, days, aways = 0, Days(), Aways()
        for day in sorted({*self._shelf.dues, *self._pages}):
            page, shown = self._pages.get(day), first <= day <= last
            if page is None and shown:
                page = DiaryPage.of(self._shelf.page(day))
            dues, said = _dues_of(self._shelf.dues[day]) if page is None else (page.sums.dues, page.aways)
            is_away = aways.is_away(day, said)
            streak = streak if is_away else self._streak(streak, dues, in_time_s)
            if page is not None and shown:
                figures = page.sums.figures(in_time_s)
                if figures.seated_s:
                    forgotten, lost = page.sums.of[BoutForgotten.name], page.sums.of[SeatLost.name]
                    strip = _strip(day, page, away=is_away)
                    days[day] = Day(figures, _areas(page, areas), streak, strip, forgotten, lost)
        days.aways = tuple(aways.between(first, last))
        return days

    def _streak(self, streak: int, dues: Iterable[Due], in_time_s: float) -> int:
        """The streak including that day. Doubtful breaks count neither for it nor against it."""
        telling = [due for due in dues if not due.doubtful]
        waits = False
        for due in telling:
            if due is self._pending.due and self._pending.may_be_in_time(self._chain[-1][0].seen_s, in_time_s):
                waits = True
            elif due.rose_after_s is None or due.rose_after_s > in_time_s:
                return 0
        return streak + 1 if telling and not waits else streak

    def _hear(self, fact: Fact) -> None:
        self._cut_is_open = isinstance(fact, Resumed) or (self._cut_is_open and not isinstance(fact, PowerCut))
        match fact:
            case Sat():
                self._sat_at = fact.t
            case Left() | SeatLost():
                self._rise(fact.t)
            case Resumed():
                self._rise(fact.seated_till)
                self._end_bout(self._bout_before)
                self._bout_before, self._bout = self._bout, {}
            case PowerCut(counts=False):
                for day, seated_s in self._bout_before.items():
                    self._bout[day] = whole(self._bout.get(day, 0.0) + seated_s)
                self._bout_before = {}
            case Bout():
                self._end_bout(self._bout_before if fact.t < self._chain[-1][0].began_s else self._bout)
        here = self._daytime(fact.t)
        page = self._page(fact.t, here)
        page.sums.of[fact.name] += 1
        self._pending.note(fact, page.sums)
        if isinstance(fact, _MOMENTS):
            page.moments.append((here.of_day(fact.t), fact.name))
        elif isinstance(fact, StretchDone):
            page.stretches[fact.stretch] += 1
        elif isinstance(fact, Away):
            page.aways.append(fact.until)

    def _rise(self, at: float | None) -> None:
        sat_at, self._sat_at = self._sat_at, None
        if sat_at is None or at is None or at <= sat_at:
            return
        here = self._daytime(sat_at)
        self._page(sat_at, here).come(here, sat_at)
        while sat_at < at:
            here = self._daytime(sat_at)
            until = min(at, here.ends)
            self._page(sat_at, here).sit(here, sat_at, until, self._pending.doubted_since)
            self._bout[here.day] = whole(self._bout.get(here.day, 0.0) + between(sat_at, until))
            sat_at = until

    def _put_by_if_clear(self) -> None:
        """Keep the pages once a day, at a place where nothing is open."""
        assert self._present is not None, "a fact has been heard"
        # Facts from before a cut can be dated only beside the run that was cut.
        if self._present.day > self._put_by_on and self.is_clear:
            self._put_by |= self.take_changed()
            self._put_by_on = self._present.day
            self.added_up = AddedUp(self._put_by_on, self._runs_read, self._heard, self._put_by)

    def _end_bout(self, bout: dict[date, float]) -> None:
        for day, seated_s in bout.items():
            self._changed.add(day)
            self._pages[day].sums.bouts_s.append(seated_s)
        bout.clear()

    def _break_off(self) -> None:
        """End what is open: a run has ended and the next one knows nothing of it."""
        if self._chain:
            self._rise(self._chain[-1][0].seated_till_s)
        self._end_bout(self._bout_before)
        self._end_bout(self._bout)

    # ---- dates

    def _page(self, t: float, here: Daytime) -> DiaryPage:
        page = self._pages.get(here.day)
        if page is None:
            page = DiaryPage.of(self._shelf.page(here.day)) if here.day in self._shelf.dues else DiaryPage()
            self._pages[here.day] = page
        self._changed.add(here.day)
        page.about |= self._chain[self._nth(t)][0].about
        return page

    def _daytime(self, t: float) -> Daytime:
        if self._present is None or not self._present.begins <= t < self._present.ends:
            nth = self._nth(t)
            run, local = self._chain[nth]
            here = local.at(t)
            # An instant before a start is dated by the run before.
            begins = max(here.begins, run.began_s) if nth else here.begins
            last = nth + 1 == len(self._chain)
            ends = here.ends if last else min(here.ends, self._chain[nth + 1][0].began_s)
            self._present = replace(here, begins=begins, ends=ends)
        return self._present

    def _nth(self, t: float) -> int:
        """The index of the run in the chain that holds the instant."""
        return next((nth for nth in reversed(range(len(self._chain))) if self._chain[nth][0].began_s <= t), 0)


def _areas(page: DiaryPage, areas: Mapping[str, str]) -> Mapping[str, int]:
    counted = Counter[str]()
    for stretch, count in page.stretches.items():
        counted[areas.get(stretch, "other")] += count
    return dict(counted)


def _strip(day: date, page: DiaryPage, *, away: bool) -> Strip:
    spans = (tuple(page.seated), tuple(page.doubtful), tuple(page.gaps))
    return Strip(day, whole(sum(page.sums.bouts_s)), *spans, tuple(page.moments), page.about, away)
