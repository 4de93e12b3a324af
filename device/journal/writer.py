"""Writes the journal: inputs and facts, in an SQLite file that survives the plug being pulled.

docs/journal.md describes the file for other programs; device/journal/reader.py reads it.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any

from device.journal.beside import put_by
from device.journal.deletion import KEPT, cuts_before, cuts_lived_through, dated_ends, forget
from device.journal.faults import FAULTS, in_a_line, is_damage
from device.journal.inputs import KeptInput, input_row, kept_input, thinned
from device.journal.layout import open_journal
from device.journal.place import beside, identity, set_aside
from device.journal.rows import (
    WRITES_EVERY_S,
    Progress,
    begin_run,
    choices_in,
    fact_row,
    in_ms,
    insert_rows,
    keep_choices,
    move_progress,
)
from device.journal.zone_rules import ahead_s, changed_s_ago
from device.settings.choices import name_and_value
from device.words.effects import Effect, Heard, Note
from device.words.events import (
    Changed,
    Chosen,
    ClockRead,
    DayEnded,
    Event,
    JournalKept,
    JournalTrouble,
    Level,
    Ordered,
    PairingEnded,
    Power,
    SeatSensor,
    Upkeep,
)
from device.words.facts import (
    CHOICES,
    Acknowledged,
    Enough,
    Fact,
    FellDue,
    FullBreak,
    GuideEnded,
    GuideStarted,
    Invited,
    Muted,
    PowerCut,
    Resumed,
    Snoozed,
    Sounded,
    Unmuted,
)
from device.words.instants import after
from device.words.past import Sitting
from device.words.ports import Inbox, Wall

_log = logging.getLogger(__name__)


_KEEPS = 10_000
"""The most facts, and the most inputs, to keep in memory while they can't be written."""
_INPUTS_DAYS = 62
_TURNS = (
    *(Invited, FellDue, Sounded, Snoozed, Muted, Unmuted, Enough, Acknowledged, GuideStarted, GuideEnded),
    *CHOICES,
)
"""Facts that are written at once. If a power cut lost one of them, the device would say it again."""


_ALWAYS_NEWS = (ClockRead, DayEnded, Level, Changed, Ordered, PairingEnded)
"""Events that aren't levels of a contact, so that the same again is something new."""


class Journal:
    """An `Output` that writes facts and inputs. It keeps what can't be written for later, and warns once."""

    def __init__(
        self,
        file: Path,
        wall: Wall,
        settings: str = "",
        keep_days: int = 730,
        inbox: Inbox | None = None,
        add_up: Callable[[Path], None] = lambda _: None,
        lies_in_memory: Callable[[Path], bool] = lambda _: False,
    ) -> None:
        """`settings` are the lines in force, kept for replays; `add_up` adds up closed days.

        How the journal is kept, and choices that another program writes into the file, go into `inbox`.
        """
        self._inbox, self._add_up, self._how = inbox, add_up, _HowKept(inbox, lies_in_memory)
        self._version: int | None = None
        """SQLite's number for changes that others have made to the file."""
        self._file, self._wall, self._settings, self._keep_days = file, wall, settings, keep_days
        self._run: int | None = None
        self._nth = 0
        self._facts: list[Fact] = []
        self._inputs: list[KeptInput] = []
        self._last: dict[str, str] = {}
        self._sitting = Sitting()
        self._clock_was_set = False
        self._upkeep_due = self._rough_upkeep_due = True
        self._start: _AfterCut | None = None
        """How far a start after a power cut has come; None once it is kept."""
        self._deadline: float | None = 0.0
        self._began: float | None = None
        self._at = 0.0
        self._zone: datetime | None = None
        """The last reading of the clock, with its zone."""
        self._connection: sqlite3.Connection | None = None
        self._faulty = False
        self._open_file: tuple[int, int] | None = None
        """The identity of the open file."""
        self._open_log: tuple[int, int] | None = None
        """The identity of its write-ahead log."""
        self._written: list[Fact] = []
        """The written facts of the present sitting time, in case the file goes missing."""
        self._is_anew = False
        """A damaged file was set aside and nothing has been written since. An error now isn't damage again."""
        self._has_power = True

    # ---- as an output

    def perform(self, effect: Effect, now: float) -> None:
        """Queue a fact or an input; ignore other effects."""
        self._be_at(max(now, effect.fact.said) if isinstance(effect, Note) else now)
        self._sitting.perform(effect)
        self._follow_start(effect)
        soon = after(now, WRITES_EVERY_S)
        match effect:
            case Note(fact=fact):
                _keep(self._facts, fact)
                soon = now if isinstance(fact, _TURNS) and self._start is None else soon
            case Heard(event=Upkeep()):
                self._upkeep_due = self._rough_upkeep_due = True
            case Heard(event=event) if self._is_news(event):
                _keep(self._inputs, self._kept(event))
                if isinstance(event, Level):
                    # An empty chair has a level, too, and each write wears the card: levels go with what is written.
                    return
            case _:
                return
        self._deadline = soon if self._deadline is None else min(self._deadline, soon)

    def _follow_start(self, effect: Effect) -> None:
        """Keep a start as a whole, once anything has happened in it.

        A start that is cut off earlier has changed nothing: the next one goes on from the same point.
        """
        match effect:
            case Heard(event=Power()) if self._run is None and not self._facts:
                self._start = _AfterCut.TELLS
            case Heard() if self._start is _AfterCut.TELLS:
                self._start = None if any(map(_is_more_than_a_start, self._facts)) else _AfterCut.TOLD
            case Note() if self._start is _AfterCut.TOLD:
                self._start = None

    def next_deadline(self) -> float | None:
        """When to write next, in monotonic seconds; None if nothing waits."""
        return self._deadline

    def tick(self, now: float) -> None:
        """Write if it is time."""
        if self._deadline is not None and now >= self._deadline:
            self._be_at(now)
            self._write()
            waits = self._start is None and (self._facts or self._inputs)
            goes_on = waits or self._sitting.till(now) is not None
            self._deadline = after(now, WRITES_EVERY_S) if goes_on else None

    def _be_at(self, now: float) -> None:
        self._at = now
        self._began = now if self._began is None else self._began

    def lose_power(self) -> None:
        """Lose what waits, as in a power cut."""
        self._has_power = False

    def close(self) -> None:
        """Write what waits and how far the run has come. It may be called twice."""
        self._deadline = None
        if self._has_power and (self._facts or self._inputs or self._connection is not None):
            self._write()
        if self._has_power and self._faulty and self._start is None and (self._facts or self._inputs):
            self._put_by()
        self._hang_up()

    def _put_by(self) -> None:
        """Put what can't be written into a file beside the journal."""
        waiting = {
            "run": self._run,
            "mark": self._progress(),
            "settings": self._settings,
            "facts": [fact_row(fact) for fact in self._facts],
            "inputs": [input_row(each) for each in thinned(self._inputs)],
        }
        try:
            kept = put_by(self._file, waiting)
        except OSError as fault:
            _log.warning("facts lost, because they couldn't be written: %d (%s)", len(self._facts), in_a_line(fault))
            return
        _log.warning("facts that couldn't be written are kept in %s; the next start takes them up", kept)
        self._facts.clear()
        self._inputs.clear()

    def _is_news(self, event: Event) -> bool:
        """Whether to keep an event. A level that is only told again isn't kept, nor is what follows from the clock."""
        if isinstance(event, ClockRead) and event.stepped_s:
            self._clock_was_set = True
        if isinstance(event, SeatSensor):
            # What the seat says after that is news, even if it is the same as before.
            self._last.pop("seat", None)
        kept = self._kept(event)
        if kept is None:
            return False
        is_news = self._last.get(kept.name) != kept.value or isinstance(event, _ALWAYS_NEWS)
        self._last[kept.name] = kept.value
        return is_news

    def _kept(self, event: Event) -> KeptInput | None:
        """The event in the form of the file. A clock that hasn't been told the time is marked as stale."""
        kept = kept_input(event)
        if isinstance(event, ClockRead) and kept is not None and not self._is_clock_right:
            return replace(kept, name="clock_stale")
        return kept

    @property
    def _is_clock_right(self) -> bool:
        return self._wall.is_right or self._clock_was_set

    # ---- writing

    def _write(self) -> None:
        try:
            try:
                self._write_to(self._opened())
            except FAULTS as fault:
                if not is_damage(fault) or self._is_anew:
                    raise
                self._begin_anew(fault)
                self._write_to(self._opened())
            if self._faulty:
                _log.info("the journal is written again: %s", self._file)
            self._faulty = self._is_anew = False
            self._how.report(self._at)
        except FAULTS as fault:
            if not self._faulty:
                _log.warning(
                    "the journal can't be written, facts wait in memory, and a restart may lose them: %s: %s",
                    self._file,
                    in_a_line(fault),
                )
            # A program that copies the journal keeps it for a moment, and that is nobody's trouble.
            self._how.report(self._at, is_stuck=self._faulty)
            self._faulty = True
            self._hang_up()

    def _write_to(self, connection: sqlite3.Connection) -> None:
        if self._start is None and (self._facts or self._inputs or self._run is not None):
            with connection:
                self._keep_progress(connection)
                self._insert(connection, "fact", [fact_row(fact) for fact in self._facts])
                keep_choices(connection, self._facts)
                self._insert(connection, "input", [input_row(each) for each in thinned(self._inputs)])
            self._open_log = identity(beside(self._file, "-wal"))
            self._remember_written()
            self._facts.clear()
            self._inputs.clear()
        self._hear_choices(connection)
        self._keep_up(connection)

    def _hear_choices(self, connection: sqlite3.Connection) -> None:
        """Tell the device the choices after another program has changed the file."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if self._inbox is not None and version != self._version:
            for fact in choices_in(connection)[0]:
                self._inbox.put(Chosen(self._at, *name_and_value(fact)))
        self._version = version

    def _progress(self) -> Progress:
        """How far this run has come, on every clock."""
        seated_till, here = self._sitting.till(self._at), self._wall.readings(self._at)
        reads = self._wall.reads(self._at)
        return (
            here.boot,
            in_ms(self._began or 0.0),
            in_ms(self._at),
            None if seated_till is None else in_ms(seated_till),
            in_ms(here.boot_s),
            reads.isoformat() if reads else None,
            int(self._is_clock_right),
        )

    def _mark_zone(self, connection: sqlite3.Connection) -> None:
        """Note a change of local time's offset, with the instant at which it changed."""
        reads = self._wall.reads(self._at)
        if reads is not None and (self._zone is None or self._zone.utcoffset() != reads.utcoffset()):
            since = self._began if self._zone is None else self._at - changed_s_ago(self._zone, reads)
            row = (self._run, in_ms(max(0.0, since or 0.0)), ahead_s(reads))
            connection.execute("INSERT OR REPLACE INTO zone VALUES (?, ?, ?)", row)
        self._zone = reads

    def _keep_progress(self, connection: sqlite3.Connection) -> None:
        progress = self._progress()
        # There is no row at the first write, or after somebody had everything deleted.
        if self._run is None or not move_progress(connection, self._run, progress):
            self._run, self._zone = begin_run(connection, progress, self._settings), None
        self._mark_zone(connection)

    def _remember_written(self) -> None:
        for fact in self._facts:
            if isinstance(fact, FullBreak):
                self._written.clear()
            elif not isinstance(fact, Resumed | PowerCut):
                _keep(self._written, fact)

    def _insert(self, connection: sqlite3.Connection, table: str, rows: Sequence[tuple[str | int, ...]]) -> None:
        self._nth = insert_rows(connection, table, self._run, self._nth, rows)

    def _keep_up(self, connection: sqlite3.Connection) -> None:
        """Delete what is too old, once a night or at the first write after it."""
        if not self._upkeep_due:
            return
        now = self._wall.reads(self._at) if self._is_clock_right else None
        if now is not None:
            self._upkeep_due = False
        elif not self._rough_upkeep_due:
            return
        self._rough_upkeep_due = False
        for days, tables in ((self._keep_days, KEPT), (min(self._keep_days, _INPUTS_DAYS), ("input",))):
            kept = timedelta(days=days)
            with connection:
                cuts = cuts_before(dated_ends(connection), now - kept) if now else cuts_lived_through(connection, kept)
                forget(connection, cuts, tables)
        if now is not None:
            with connection:
                connection.execute(
                    "DELETE FROM day WHERE day < ?", (f"{(now - timedelta(days=self._keep_days)).date()}",)
                )
        self._add_up(self._file)

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None and (gone := self._what_became_of_it()):
            _log.warning("the journal was %s while the device ran, a new one is begun: %s", gone, self._file)
            log, logged = beside(self._file, "-wal"), self._open_log
            self._hang_up()
            self._tell_anew()
            if gone == "deleted" or identity(log) == logged:
                # Without this the old file's log would be taken for the new file's.
                log.unlink(missing_ok=True)
                beside(self._file, "-shm").unlink(missing_ok=True)
        if self._connection is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and not self._file.is_file():
                raise FileExistsError("it is no file")
            self._connection = open_journal(self._file)
            self._open_file = identity(self._file)
            self._how.look_at(self._file)
        return self._connection

    def _what_became_of_it(self) -> str:
        """A word for what happened to the open file if it isn't the one at its path any more; else empty."""
        there = identity(self._file)
        if there == self._open_file:
            return ""
        return "replaced" if there else "deleted"

    def _tell_anew(self) -> None:
        """Queue the whole present sitting time again: a new file knows nothing of it."""
        self._run, self._facts, self._written = None, [*self._written, *self._facts], []

    def _begin_anew(self, damage: Exception) -> None:
        self._hang_up()
        aside = set_aside(self._file)
        _log.warning(
            "the journal is damaged (%s); it is set aside as %s, and a new one begun", in_a_line(damage), aside
        )
        self._tell_anew()
        self._is_anew = self._how.was_damaged = True

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        self._version = None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


# ---- how it is kept


class _HowKept:
    """Tells the device how the journal is kept, at each change; at first all is well."""

    def __init__(self, inbox: Inbox | None, lies_in_memory: Callable[[Path], bool]) -> None:
        self._inbox, self._lies_in_memory = inbox, lies_in_memory
        self._is_in_memory = False
        self._trouble: JournalTrouble | None = None
        self.was_damaged = False
        """A new file was begun since the start."""

    def look_at(self, file: Path) -> None:
        """See where the file lies, which has just been opened."""
        was, self._is_in_memory = self._is_in_memory, self._lies_in_memory(file.parent)
        if self._is_in_memory and not was:
            _log.warning("the journal lies in memory, so a restart forgets what is noted: %s", file)

    def report(self, at: float, *, is_stuck: bool = False) -> None:
        """Tell it, after each try to write. `is_stuck` says that this one and the one before have failed."""
        troubles = {
            JournalTrouble.UNWRITTEN: is_stuck,
            JournalTrouble.ANEW: self.was_damaged,
            JournalTrouble.IN_MEMORY: self._is_in_memory,
        }
        trouble = next((each for each, applies in troubles.items() if applies), None)
        if self._inbox is not None and trouble is not self._trouble:
            self._inbox.put(JournalKept(at, trouble))
        self._trouble = trouble


# ---- what is kept


class _AfterCut(Enum):
    """How far a start after a power cut has come."""

    TELLS = auto()
    """The device says what it makes of the time before."""
    TOLD = auto()
    """The device has said that it is on again, and nothing has happened since."""


def _is_more_than_a_start(fact: Fact) -> bool:
    is_of_start = isinstance(fact, Resumed) or (isinstance(fact, GuideEnded) and fact.how == GuideEnded.POWER_CUT)
    return not is_of_start


def _keep(waiting: list[Any], each: Any) -> None:
    del waiting[: -_KEEPS + 1]
    waiting.append(each)
