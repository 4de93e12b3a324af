"""The diary of everybody together, and beside it one of each person who shares the chair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from device.history.diary import AddedUp, Day, Days, Diary, KeptPage, Shelf
from device.settings.settings import IN_TIME_S
from device.stages.people import Owners, person_before
from device.words.facts import Fact, PersonChosen, Resumed
from device.words.record import Run

_NO_SHELVES: Mapping[str, Shelf] = {}


def by_day(runs: Iterable[Run], areas: Mapping[str, str], in_time_s: float = IN_TIME_S) -> Days:
    """Each day on which somebody sat. A sitting that is open at a run's end counts as far as it was seen.

    `areas` gives the area of each stretch, by its id.
    """
    read = list(runs)
    facts = [fact for run in read for fact in run.facts]
    named = any(isinstance(fact, PersonChosen) for fact in facts)
    diaries = Diaries(owners=Owners(person_before(facts, ())) if named else None)
    for run in read:
        diaries.read(run)
    return diaries.days(areas, in_time_s)


def of_person(days: Days, person: str) -> Days:
    """The days of one person alone."""
    return Days(((day, told.own[person]) for day, told in days.items() if person in told.own), days.aways)


def persons_in(days: Iterable[Day]) -> Sequence[str]:
    """Who sat on those days, in the order of the alphabet; none unless several did."""
    names = sorted({person for told in days for person in told.own}, key=str.casefold)
    return names if len(names) > 1 else []


class Diaries:
    """Reads the runs, oldest first. Without `owners` nobody is named, and there is only the diary of everybody."""

    def __init__(
        self, shelf: Shelf | None = None, own_shelves: Mapping[str, Shelf] = _NO_SHELVES, owners: Owners | None = None
    ) -> None:
        """Runs that are read add to the pages on the shelves."""
        self._everybody = Diary(shelf)
        self._owners = owners
        self._own = {person: Diary(each, keeps=False) for person, each in own_shelves.items()}
        self._own_pages: dict[tuple[date, str], KeptPage] = {}
        self._fits = True
        """At the place up to which all is added up, nothing is open in any diary."""

    @property
    def added_up(self) -> AddedUp | None:
        """The last place where nothing was open at a day's first full break."""
        return self._everybody.added_up if self._fits else None

    @property
    def own_pages(self) -> Mapping[tuple[date, str], KeptPage]:
        """The pages of each person at that place that differ from those kept before."""
        return self._own_pages

    def read(self, run: Run, skip: int = 0) -> None:
        """Read the next run, without its first `skip` facts."""
        if self._owners is None:
            self._everybody.read(run, skip)
            return
        goes_on = any(isinstance(fact, Resumed) for fact in run.facts)
        if not goes_on:
            self._owners.start_anew()
        for diary in (self._everybody, *self._own.values()):
            diary.begin(run, skip, goes_on=goes_on)
        for fact, owner in self._owners.share(run.facts[skip:]):
            before = self._everybody.added_up
            self._everybody.take(fact)
            self._take_own(fact, owner)
            if self._everybody.added_up is not before:
                self._put_own_by()

    def days(self, areas: Mapping[str, str], in_time_s: float, first: date = date.min, last: date = date.max) -> Days:
        """The days from `first` to `last`, each with those of the persons. Streaks are counted over all days."""
        days = self._everybody.days(areas, in_time_s, first, last)
        own = {person: diary.days(areas, in_time_s, first, last) for person, diary in self._own.items()}
        if not own:
            return days
        shared = (
            (day, replace(told, own={person: each[day] for person, each in own.items() if day in each}))
            for day, told in days.items()
        )
        return Days(shared, days.aways)

    def _take_own(self, fact: Fact, owner: str | None) -> None:
        if owner and owner not in self._own:
            self._own[owner] = self._everybody.beside()
        for person, diary in self._own.items():
            if owner in (None, person):
                diary.take(fact)
            else:
                diary.pass_by(fact)

    def _put_own_by(self) -> None:
        assert self._owners is not None, "there are diaries of persons"
        self._fits = self._owners.is_even and all(diary.is_clear for diary in self._own.values())
        if self._fits:
            for person, diary in self._own.items():
                self._own_pages |= {(day, person): page for day, page in diary.take_changed().items()}
