"""Keeps the sums of days in the journal, so that years of facts needn't be added up for every question.

The sums hold for all facts up to one at which nothing was open. Later facts are added to them. The sums are made
again from all facts if a definition has changed, a fact was deleted or the dates turned out to be wrong.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from device.history.diary import COUNTED, DEFINITIONS, AddedUp, Days, KeptPage, KeptPageError, Shelf
from device.history.shares import Diaries
from device.journal.layout import open_journal
from device.journal.reader import Book, JournalError, RunRow, dated_rows, reading, run_of
from device.journal.rows import fact_of
from device.stages.people import Owners, person_before
from device.words.facts import PersonChosen
from device.words.record import Run

_STEP_MS = 2000
"""A clock that moved by less, in ms, was only corrected slowly."""

Continued = Callable[[Iterable[Run]], Iterable[Run]]
"""Adds what isn't written yet to the runs of a journal."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """The fact up to which all is added up, and what the sums were made from."""

    run: int
    nth: int
    said_ms: int
    day: str
    definitions: int
    dates: str


def days_of(
    file: Path,
    areas: Mapping[str, str],
    in_time_s: float,
    first: date = date.min,
    last: date = date.max,
    continued: Continued | None = None,
) -> Days:
    """The days from `first` to `last`, as from `Diary.days`. Raises JournalError."""
    with reading(file) as book:
        adding = _Adding(book, first)
        try:
            diary = adding.diary(continued)
            days = diary.days(areas, in_time_s, first, last)
        except KeptPageError:
            # Add up the days without what is kept.
            adding.begin_afresh()
            diary = adding.diary(continued)
            days = diary.days(areas, in_time_s, first, last)
    if continued is None:
        adding.keep(file, diary.added_up, diary.own_pages)
    return days


def keep_days(file: Path) -> None:
    """Add up the days that aren't added up yet."""
    with suppress(JournalError):
        days_of(file, {}, 0.0, date.max)


def forget_days(connection: sqlite3.Connection) -> None:
    """Delete the sums of all days. They are made again when needed."""
    for table in ("day", "added_up"):
        connection.execute(f"DELETE FROM {table}")


class _Adding:
    """Adds the later facts to the kept sums, or adds up all facts if the sums don't hold any more."""

    def __init__(self, book: Book, first: date) -> None:
        """Only the pages from `first` on are needed."""
        self._book = book
        self._rows = book.told(dated_rows(book.rows))
        self._fed: list[tuple[RunRow, list[int]]] = []
        """The runs that were read, each with its facts' numbers."""
        self._stored = _stored(book.connection)
        self.begin_afresh()
        if self._stored is not None and _holds(self._stored, book, self._rows):
            shelves = _shelves(self._stored, book.connection, first)
            if shelves is not None:
                self._shelf = shelves.pop("")
                self._own_shelves = shelves
                self._place = self._stored.run, self._stored.nth, self._stored.said_ms

    def begin_afresh(self) -> None:
        """Go on without the kept sums."""
        self._shelf, self._own_shelves, self._place = Shelf(), dict[str, Shelf](), (-1, -1, -1)

    def diary(self, continued: Continued | None) -> Diaries:
        """Return the diaries of all facts."""
        diary = Diaries(self._shelf, self._own_shelves, self._owners())
        self._fed = []
        runs = self._runs()
        for run_nth, run in enumerate(runs if continued is None else continued(runs)):
            skip = 0
            if run_nth == 0 and self._fed and self._fed[0][0].id == self._place[0]:
                skip = sum(nth <= self._place[1] for nth in self._fed[0][1])
            diary.read(run, skip)
        return diary

    def _owners(self) -> Owners | None:
        """Whose the next sitting is, at the place from which facts are added; None if nobody has ever been named."""
        found = self._book.connection.execute(
            "SELECT t_ms, said_ms, fact, details FROM fact WHERE fact = ? AND (run, nth) > (?, ?) ORDER BY run, nth",
            (PersonChosen.name, *self._place[:2]),
        )
        facts = (fact for each in found if (fact := fact_of(*each)) is not None)
        choices = [each for each in self._book.choices() if isinstance(each, PersonChosen)]
        return Owners(person_before(facts, choices)) if choices or self._own_shelves else None

    def keep(self, file: Path, added_up: AddedUp | None, own: Mapping[tuple[date, str], KeptPage]) -> None:
        """Write the sums down, unless somebody has done so meanwhile. Without write access they are made each time."""
        if added_up is None:
            return
        row, numbers = self._fed[added_up.runs]
        nth = numbers[added_up.facts - 1]
        with suppress(OSError, sqlite3.Error), closing(open_journal(file)) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            found = connection.execute("SELECT said_ms FROM fact WHERE run = ? AND nth = ?", (row.id, nth)).fetchone()
            if found is None or _stored(connection) != self._stored:
                return
            if not self._shelf.dues:
                forget_days(connection)
            rows = [(day.isoformat(), *page) for day, page in added_up.pages.items()]
            rows += [(f"{day.isoformat()} {person}", *page) for (day, person), page in own.items()]
            connection.executemany("INSERT OR REPLACE INTO day VALUES (?, ?, ?)", rows)
            dates = json.dumps([_date_of(each) for each in self._rows if each.id <= row.id])
            connection.execute("DELETE FROM added_up")
            kept = (row.id, nth, found[0], added_up.day.isoformat(), DEFINITIONS, dates)
            connection.execute("INSERT INTO added_up VALUES (?, ?, ?, ?, ?, ?)", kept)

    def _runs(self) -> Iterator[Run]:
        run, _, said_ms = self._place
        for row in self._rows:
            if row.id >= run:
                numbered = self._book.numbered_facts(row, said_ms if row.id == run else 0, COUNTED)
                self._fed.append((row, [nth for nth, _ in numbered]))
                yield run_of(self._book, row, [fact for _, fact in numbered])


def _stored(connection: sqlite3.Connection) -> _Stored | None:
    """What is added up; None if there is nothing, or the row makes no sense."""
    found = connection.execute("SELECT run, nth, said_ms, day, definitions, dates FROM added_up").fetchone()
    if found is None or [type(each) for each in found] != [int, int, int, str, int, str]:
        return None
    return _Stored(*found)


def _holds(stored: _Stored, book: Book, rows: Sequence[RunRow]) -> bool:
    """Whether the facts behind the sums are still there, with the same dates and the same definitions."""
    place = (stored.run, stored.nth, stored.said_ms)
    found = book.connection.execute("SELECT 1 FROM fact WHERE run = ? AND nth = ? AND said_ms = ?", place)
    if stored.definitions != DEFINITIONS or found.fetchone() is None:
        return False
    then = _dates_of(stored)
    now = {run: (ahead_ms, about) for run, ahead_ms, about in map(_date_of, rows) if run <= stored.run}
    # The oldest runs may be gone: old runs are deleted one after the other.
    oldest = min(now, default=0)
    if not now or {run for run in then if run >= oldest} != set(now):
        return False
    return all(about == then[run][1] and abs(ahead - then[run][0]) < _STEP_MS for run, (ahead, about) in now.items())


def _dates_of(stored: _Stored) -> Mapping[int, tuple[int, bool]]:
    """The dates of the runs when they were added up; empty if they make no sense."""
    try:
        read = json.loads(stored.dates)
        dates = {run: (ahead_ms, about) for run, ahead_ms, about in read}
    except (ValueError, TypeError, RecursionError):
        return {}
    are_sensible = all(isinstance(each, int) for run, of_run in dates.items() for each in (run, *of_run))
    return dates if are_sensible else {}


def _date_of(row: RunRow) -> tuple[int, int, bool]:
    assert row.clock is not None, "only what has a date is added up"
    return row.id, round(row.clock.timestamp() * 1000) - row.seen_ms, not row.is_right


def _shelves(stored: _Stored, connection: sqlite3.Connection, first: date) -> dict[str, Shelf] | None:
    """The kept pages of everybody, and of each person by name; None if a day of them is none."""
    found = connection.execute(
        "SELECT day, dues, CASE WHEN day >= ? THEN page END FROM day", (first.isoformat(),)
    ).fetchall()
    kept: dict[str, dict[date, tuple[Any, Any]]] = {"": {}}
    try:
        till = date.fromisoformat(stored.day)
        for row, dues, page in found:
            # A person's page has the name behind the date.
            day, _, person = row.partition(" ")
            if not person.isprintable():
                return None
            kept.setdefault(person, {})[date.fromisoformat(day)] = dues, page
    except (ValueError, TypeError, AttributeError):
        return None
    return {person: _shelf(connection, person, pages, till) for person, pages in kept.items()}


def _shelf(connection: sqlite3.Connection, person: str, kept: Mapping[date, tuple[Any, Any]], till: date) -> Shelf:
    def page(day: date) -> KeptPage:
        if kept[day][1] is not None:
            return kept[day]
        # An earlier page is needed only after a clock was put back.
        name = f"{day.isoformat()} {person}".rstrip()
        found = connection.execute("SELECT dues, page FROM day WHERE day = ?", (name,)).fetchone()
        if found is None:
            raise KeptPageError("somebody has deleted it meanwhile")
        return found[0], found[1]

    return Shelf({day: dues for day, (dues, _) in kept.items()}, page, till)
