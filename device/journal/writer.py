"""The journal: what happened and what was said of it, in an SQLite file that survives the plug being pulled.

docs/journal.md describes the file for other programs; device/journal/reader.py reads it.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any

from device.files.complaint import Complaint
from device.journal.beside import Waiting, beside_of, put_by, what_waits
from device.journal.zone_rules import ahead_s, changed_s_ago
from device.settings.choices import LASTING, key_of, latest, name_and_value
from device.settings.settings import Settings
from device.words.effects import Effect, Fact, Heard, Note
from device.words.events import Button, Chosen, Clock, DayEnded, Event, Panel, Power, Seat, Upkeep
from device.words.fact_form import LAST_S, well_formed
from device.words.instants import after
from device.words.past import Sitting
from device.words.ports import Inbox, Wall

_log = logging.getLogger(__name__)

LAYOUT = 3
"""Which layout a file has is kept in its `user_version`."""
_LAYOUT_2 = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    boot TEXT NOT NULL,
    began_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    seated_ms INTEGER,
    boot_ms INTEGER NOT NULL,
    clock TEXT,
    clock_right INTEGER NOT NULL
);
CREATE TABLE fact (
    run INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    t_ms INTEGER NOT NULL,
    said_ms INTEGER NOT NULL,
    fact TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (run, nth)
) WITHOUT ROWID;
CREATE TABLE input (
    run INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    input TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run, nth)
) WITHOUT ROWID;
CREATE TABLE settings (
    run INTEGER PRIMARY KEY,
    lines TEXT NOT NULL
);
"""
_CHOICE = """
CREATE TABLE choice (
    what TEXT PRIMARY KEY,
    fact TEXT NOT NULL,
    details TEXT NOT NULL
) WITHOUT ROWID;
"""
_ZONE = """
CREATE TABLE zone (
    run INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    ahead_s INTEGER NOT NULL,
    PRIMARY KEY (run, from_ms)
) WITHOUT ROWID;
"""
_DAY = """
CREATE TABLE day (
    day TEXT PRIMARY KEY,
    dues TEXT NOT NULL,
    page TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE added_up (
    run INTEGER PRIMARY KEY,
    nth INTEGER NOT NULL,
    said_ms INTEGER NOT NULL,
    day TEXT NOT NULL,
    definitions INTEGER NOT NULL,
    dates TEXT NOT NULL
);
"""
_LAYOUT_3 = _CHOICE + _ZONE + _DAY
_TABLES = _LAYOUT_2 + _LAYOUT_3
_FROM_1 = f"""
ALTER TABLE run RENAME TO old_run;
ALTER TABLE fact RENAME TO old_fact;
DROP INDEX fact_of_run;
{_LAYOUT_2}
INSERT INTO run SELECT id, '', 0, seen_ms, CASE (
    SELECT fact FROM old_fact WHERE run = old_run.id AND fact IN ('sat', 'left') ORDER BY said_ms DESC LIMIT 1
) WHEN 'sat' THEN seen_ms END, 0, clock_reads, 1 FROM old_run;
INSERT INTO fact SELECT run, rowid, t_ms, said_ms, fact, details FROM old_fact;
DROP TABLE old_fact;
DROP TABLE old_run;
"""
_STEPS = {1: _FROM_1, 2: _LAYOUT_3}
"""From each older layout to the next."""

_PAGE_BYTES = 512
"""A small page is a small write; and a card wears with each."""
_CACHE_KB = 128
WRITES_EVERY_S = 55.0
"""What waits is written together; while somebody sits there is always something, and a cut takes a minute at most."""
_KEEPS = 10_000
"""So many facts, and so many inputs, are kept in memory while they can't be written."""
_CHANGES_KEPT = 40
"""Of each level in one write; of chatter only its beginning and its end are worth a card's wear."""
_INPUTS_DAYS = 62
_PATIENCE_S = 0.5
"""So long it waits for whoever has it locked; it will try again, and at the end nobody waits for long."""
_LOCKED_FOR_S = 5.0
"""Whoever tidies up a journal, or copies it, needs no longer."""
_LAST_LAYOUT = 1000
"""No newer Unsit is as new as that: such a number is a fault of the file."""
_LAST_RUN = 2**53
_LINE_IS = 200
"""So many signs are enough to say what is wrong."""
_TURNS = {
    *("invite", "due", "sound", "snoozed", "muted", "unmuted", "acknowledged", "guide_started", "guide_ended"),
    *LASTING,
}
"""Facts that change what comes next: were they lost with the power, the device would say them a second time."""

_SERVICE_KEEPS_IT = Path("/var/lib/unsit/journal.db")


def journal_file(settings: Settings) -> Path | None:
    """Where this process is to write it; None for nowhere."""
    if settings.journal.file:
        return Path(settings.journal.file)
    # systemd names the service's own folder.
    folder = os.environ.get("STATE_DIRECTORY")
    return Path(folder, "journal.db") if folder else None


def journal_to_read(settings: Settings) -> Path:
    """Where it is to be found: as set, else the service's."""
    return journal_file(settings) or _SERVICE_KEEPS_IT


class Journal:
    """Writes facts and inputs down, as an `Output`. What can't be written is kept for later, and said once."""

    def __init__(
        self,
        file: Path,
        wall: Wall,
        settings: str = "",
        keep_days: int = 730,
        inbox: Inbox | None = None,
        add_up: Callable[[Path], None] = lambda _: None,
    ) -> None:
        """`settings` are the lines of those in force, for whoever plays a day again; `add_up` adds up closed days.

        What another program has chosen in the file goes into the inbox.
        """
        self._inbox, self._add_up = inbox, add_up
        self._version: int | None = None
        """Of the file, as far as others change it."""
        self._file = file
        self._wall = wall
        self._settings = settings
        self._keep_days = keep_days
        self._run: int | None = None
        self._nth = 0
        self._facts: list[Fact] = []
        self._inputs: list[_Input] = []
        self._last: dict[str, str] = {}
        self._sitting = Sitting()
        self._clock_was_set = False
        self._upkeep_due = self._rough_upkeep_due = True
        self._start: _Start | None = None
        """How far a start after a power cut has come; None from when on it is kept."""
        self._deadline: float | None = 0.0
        self._began: float | None = None
        self._at = 0.0
        self._zone: datetime | None = None
        """What the clock read last, with its zone."""
        self._connection: sqlite3.Connection | None = None
        self._faulty = False
        self._open_file: tuple[int, int] | None = None
        """Which file it is that is open."""
        self._open_log: tuple[int, int] | None = None
        """And which its write-ahead log."""
        self._written: list[Fact] = []
        """What the file has of the present sitting time, should the file go missing."""
        self._is_anew = False
        """Nothing could be written yet since a damaged one was set aside: what fails now is no damage."""
        self._has_power = True

    # ---- as an output

    def perform(self, effect: Effect, now: float) -> None:
        """Take a fact or an input to be written soon; other effects are for others."""
        self._be_at(max(now, effect.fact.said) if isinstance(effect, Note) else now)
        self._sitting.perform(effect)
        self._follow_start(effect)
        soon = after(now, WRITES_EVERY_S)
        match effect:
            case Note(fact=fact):
                _keep(self._facts, fact)
                soon = now if fact.fact in _TURNS and self._start is None else soon
            case Heard(event=Upkeep()):
                self._upkeep_due = self._rough_upkeep_due = True
            case Heard(event=event) if self._is_news(event):
                _keep(self._inputs, self._kept(event))
            case _:
                return
        self._deadline = soon if self._deadline is None else min(self._deadline, soon)

    def _follow_start(self, effect: Effect) -> None:
        """Keep a start as a whole, and only when anything has come of it.

        One that was cut off before has changed nothing: the next goes on from where this one did.
        """
        match effect:
            case Heard(event=Power()) if self._run is None and not self._facts:
                self._start = _Start.TELLS
            case Heard() if self._start is _Start.TELLS:
                self._start = None if any(map(_is_more_than_a_start, self._facts)) else _Start.TOLD
            case Note() if self._start is _Start.TOLD:
                self._start = None

    def next_deadline(self) -> float | None:
        """When to write."""
        return self._deadline

    def tick(self, now: float) -> None:
        """Write, if it is time."""
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
        """What waits to be written is lost."""
        self._has_power = False

    def close(self) -> None:
        """Write what is left, and how far it has come; may be called twice."""
        self._deadline = None
        if self._has_power and (self._facts or self._inputs or self._connection is not None):
            self._write()
        if self._has_power and self._faulty and self._start is None and (self._facts or self._inputs):
            self._put_by()
        self._hang_up()

    def _put_by(self) -> None:
        """What can't be written goes into a file beside the journal."""
        waiting = {
            "run": self._run,
            "mark": self._mark(),
            "settings": self._settings,
            "facts": [_fact_row(fact) for fact in self._facts],
            "inputs": [_input_row(each) for each in thinned(self._inputs)],
        }
        try:
            kept = put_by(self._file, waiting)
        except OSError as fault:
            _log.warning("%d facts are lost, for they couldn't be written: %s", len(self._facts), in_a_line(fault))
            return
        _log.warning("what couldn't be written is kept in %s till the next start takes it up", kept)
        self._facts.clear()
        self._inputs.clear()

    def _is_news(self, event: Event) -> bool:
        """A level that is merely told again, and what follows from the clock, need no keeping."""
        if isinstance(event, Clock) and event.stepped_s:
            self._clock_was_set = True
        kept = self._kept(event)
        if kept is None:
            return False
        is_news = self._last.get(kept.name) != kept.value or isinstance(event, Clock | DayEnded)
        self._last[kept.name] = kept.value
        return is_news

    def _kept(self, event: Event) -> _Input | None:
        """As the file has it; a Pi's clock may be one that nobody has told the time."""
        kept = _input(event)
        if isinstance(event, Clock) and kept is not None and not self._is_clock_right:
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
        except FAULTS as fault:
            if not self._faulty:
                _log.warning(
                    "the journal can't be written, facts wait in memory, and a restart may lose them: %s: %s",
                    self._file,
                    in_a_line(fault),
                )
            self._faulty = True
            self._hang_up()

    def _write_to(self, connection: sqlite3.Connection) -> None:
        if self._start is None and (self._facts or self._inputs or self._run is not None):
            with connection:
                self._keep_mark(connection)
                self._insert(connection, "fact", [_fact_row(fact) for fact in self._facts])
                keep_choices(connection, self._facts)
                self._insert(connection, "input", [_input_row(each) for each in thinned(self._inputs)])
            self._open_log = _identity(beside(self._file, "-wal"))
            self._remember_written()
            self._facts.clear()
            self._inputs.clear()
        self._hear_choices(connection)
        self._keep_up(connection)

    def _hear_choices(self, connection: sqlite3.Connection) -> None:
        """Tell the device how choices stand when somebody else has had a hand in them."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if self._inbox is not None and version != self._version:
            for fact in choices_in(connection):
                self._inbox.put(Chosen(self._at, *name_and_value(fact)))
        self._version = version

    def _mark(self) -> _Marked:
        """How far this run has come, on every clock there is."""
        seated_till, mark = self._sitting.till(self._at), self._wall.mark(self._at)
        reads = self._wall.reads(self._at)
        return (
            mark.boot,
            _ms(self._began or 0.0),
            _ms(self._at),
            None if seated_till is None else _ms(seated_till),
            _ms(mark.boot_s),
            reads.isoformat() if reads else None,
            int(self._is_clock_right),
        )

    def _mark_zone(self, connection: sqlite3.Connection) -> None:
        """From when on local time has been as far ahead as it is now."""
        reads = self._wall.reads(self._at)
        if reads is not None and (self._zone is None or self._zone.utcoffset() != reads.utcoffset()):
            since = self._began if self._zone is None else self._at - changed_s_ago(self._zone, reads)
            row = (self._run, _ms(max(0.0, since or 0.0)), ahead_s(reads))
            connection.execute("INSERT OR REPLACE INTO zone VALUES (?, ?, ?)", row)
        self._zone = reads

    def _keep_mark(self, connection: sqlite3.Connection) -> None:
        marked = self._mark()
        # The first time there is none; or somebody had it all forgotten meanwhile.
        if self._run is None or not _move_mark(connection, self._run, marked):
            self._run, self._zone = _begin_run(connection, marked, self._settings), None
        self._mark_zone(connection)

    def _remember_written(self) -> None:
        for fact in self._facts:
            if fact.fact == "full_break":
                self._written.clear()
            elif fact.fact not in ("resumed", "power_cut"):
                _keep(self._written, fact)

    def _insert(self, connection: sqlite3.Connection, table: str, rows: Sequence[tuple[str | int, ...]]) -> None:
        self._nth = _insert(connection, table, self._run, self._nth, rows)

    def _keep_up(self, connection: sqlite3.Connection) -> None:
        """Once a night, or at the first write after one: what is too old goes."""
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
                cuts = cuts_before(_ends(connection), now - kept) if now else _cuts_lived_through(connection, kept)
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
            if gone == "deleted" or _identity(log) == logged:
                # The log of the one that is gone would be taken for that of the next.
                log.unlink(missing_ok=True)
                beside(self._file, "-shm").unlink(missing_ok=True)
        if self._connection is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and not self._file.is_file():
                raise FileExistsError("it is no file")
            self._connection = open_journal(self._file)
            self._open_file = _identity(self._file)
        return self._connection

    def _what_became_of_it(self) -> str:
        """In a word, where the file that is open isn't the one that stands there."""
        there = _identity(self._file)
        if there == self._open_file:
            return ""
        return "replaced" if there else "deleted"

    def _tell_anew(self) -> None:
        """Another file knows nothing of this run, and has to hear of the present sitting time from its beginning."""
        self._run, self._facts, self._written = None, [*self._written, *self._facts], []

    def _begin_anew(self, damage: Exception) -> None:
        self._hang_up()
        aside = set_aside(self._file)
        _log.warning(
            "the journal is damaged (%s); it is set aside as %s, and a new one begun", in_a_line(damage), aside
        )
        self._tell_anew()
        self._is_anew = True

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        self._version = None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


# ---- what is kept


class _Start(Enum):
    """How far a start after a power cut has come."""

    TELLS = auto()
    """It says what it makes of the time before."""
    TOLD = auto()
    """It has said that it is on again, and nothing has happened since."""


def _is_more_than_a_start(fact: Fact) -> bool:
    return fact.fact != "resumed" and fact.details.get("how") != "power_cut"


@dataclass(frozen=True, slots=True, eq=False)
class _Input:
    """An input as the file has it."""

    at: float
    name: str
    value: str


def _input(event: Event) -> _Input | None:
    match event:
        case Seat(at=at, taken=taken):
            return _Input(at, "seat", "taken" if taken else "empty")
        case Button(at=at, down=down):
            return _Input(at, "button", "down" if down else "up")
        case Panel(at=at, present=present):
            return _Input(at, "panel_seen", "back" if present else "gone")
        case Clock(at=at, shows=shows):
            return _Input(at, "clock", shows.isoformat())
        case DayEnded(at=at):
            return _Input(at, "day", "ended")
    return None


def thinned(inputs: Sequence[_Input]) -> list[_Input]:
    """Of a level that changes over and over only its first changes and its last, and a row that says so."""
    kept = list(inputs)
    for name in ("seat", "button"):
        changes = [each for each in kept if each.name == name]
        # An even number, so that the level still changes with each that is left.
        inner = changes[_CHANGES_KEPT // 2 : len(changes) - _CHANGES_KEPT // 2]
        inner = inner[: len(inner) // 2 * 2]
        if len(changes) > _CHANGES_KEPT and inner:
            note = _Input(inner[0].at, "thinned", f"{len(inner)} changes of the {name} are left out")
            place = kept.index(inner[0])
            left_out = set(inner)
            kept = [*kept[:place], note, *(each for each in kept[place:] if each not in left_out)]
    return kept


def _keep(waiting: list[Any], each: Any) -> None:
    del waiting[: -_KEEPS + 1]
    waiting.append(each)


def _fact_row(fact: Fact) -> tuple[int, int, str, str]:
    return _ms(fact.t), _ms(fact.said), fact.fact, _details(fact)


def keep_choices(connection: sqlite3.Connection, facts: Sequence[Fact]) -> None:
    """Keep what the person chose beside the facts, which are deleted some day."""
    for fact in latest(facts):
        row = (key_of(fact), fact.fact, _details(fact))
        connection.execute("INSERT OR REPLACE INTO choice VALUES (?, ?, ?)", row)


def choices_in(connection: sqlite3.Connection) -> list[Fact]:
    """What the person chose, by the last word on each; what makes no sense is left out."""
    found = connection.execute("SELECT fact, details FROM choice ORDER BY what")
    return [fact for each in found if (fact := _choice(*each)) is not None]


def _choice(name: Any, details: Any) -> Fact | None:
    with suppress(ValueError, TypeError, RecursionError):
        fact = Fact(0.0, 0.0, name, json.loads(details))
        return fact if name in LASTING and well_formed(fact) else None
    return None


def choose(file: Path, fact: Fact) -> None:
    """Keep it in a journal that is there; the device hears of it within a minute. Raises OSError, sqlite3.Error."""
    with closing(open_journal(file)) as connection, connection:
        keep_choices(connection, [fact])


def _details(fact: Fact) -> str:
    return json.dumps(dict(fact.details), ensure_ascii=False)


def _input_row(each: _Input) -> tuple[int, str, str]:
    return _ms(each.at), each.name, each.value


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def is_ms(value: object) -> bool:
    """Whether it is an instant, as the file has them; a column may hold anything."""
    return isinstance(value, int) and 0 <= value <= _ms(LAST_S)


def _next_run(connection: sqlite3.Connection) -> int:
    """A number that no row of a damaged file has either."""
    found = connection.execute(
        "SELECT max(id) FROM run UNION ALL SELECT max(run) FROM fact UNION ALL SELECT max(run) FROM input "
        "UNION ALL SELECT max(run) FROM settings"
    ).fetchall()
    number = 1 + max((last for (last,) in found if last is not None), default=0)
    if not 0 < number < _LAST_RUN:
        raise sqlite3.DatabaseError(f"it has a run {number - 1}")
    return number


# ---- a run in the file


_Marked = tuple[str, int, int, int | None, int, str | None, int]
"""Boot and beginning of a run, and how far it has come: the columns of its row but for the number."""


def _begin_run(connection: sqlite3.Connection, marked: Sequence[Any], settings: str) -> int:
    """A new row, and the settings where they are others than before; returns its number."""
    run = _next_run(connection)
    connection.execute(
        "INSERT INTO run (id, boot, began_ms, seen_ms, seated_ms, boot_ms, clock, clock_right) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (run, *marked),
    )
    before = connection.execute("SELECT lines FROM settings ORDER BY run DESC LIMIT 1").fetchone()
    if before != (settings,):
        connection.execute("INSERT INTO settings VALUES (?, ?)", (run, settings))
    return run


def _move_mark(connection: sqlite3.Connection, run: int, marked: Sequence[Any]) -> bool:
    """Say how far it has come; False where there is no such run any more."""
    changed = connection.execute(
        "UPDATE run SET seen_ms = ?, seated_ms = ?, boot_ms = ?, clock = ?, clock_right = ? "
        "WHERE id = ? AND boot = ? AND began_ms = ?",
        (*marked[2:], run, *marked[:2]),
    )
    return changed.rowcount > 0


def _insert(
    connection: sqlite3.Connection, table: str, run: int | None, nth: int, rows: Sequence[Sequence[Any]]
) -> int:
    """Add rows after the one of that number; returns that of the last."""
    for row in rows:
        nth += 1
        marks = ", ".join("?" * (len(row) + 2))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", (run, nth, *row))
    return nth


def take_up(file: Path) -> None:
    """Write what was put by into the journal: before a start reads it, and before anything else is written there."""
    kept = beside_of(file)
    try:
        if not kept.exists():
            return
        waiting = what_waits(kept)
        with closing(open_journal(file, patience_s=_LOCKED_FOR_S)) as connection, connection:
            _insert_waiting(connection, waiting)
        kept.unlink()
    except FAULTS as fault:
        said = in_a_line(fault)
        if not is_damage(fault):
            _log.warning("what couldn't be written before can't be taken up yet: %s: %s", kept, said)
            return
        with suppress(OSError):
            _log.warning("what couldn't be written before makes no sense (%s); it is %s now", said, set_aside(kept))


def _insert_waiting(connection: sqlite3.Connection, waiting: Waiting) -> None:
    """Raises ValueError where a later start has been written since."""
    run, marked = waiting["run"], waiting["mark"]
    last = connection.execute("SELECT id, seen_ms FROM run ORDER BY id DESC LIMIT 1").fetchone()
    if run is None or last is None or run != last[0] or not _move_mark(connection, run, marked):
        resumed = any(row[2] == "resumed" for row in waiting["facts"])
        if resumed and (run is not None or (last is not None and marked[1] < last[1])):
            raise ValueError("a later start has been written since")
        run = _begin_run(connection, marked, waiting["settings"])
    nths = connection.execute(
        "SELECT max(nth) FROM fact WHERE run = ? UNION ALL SELECT max(nth) FROM input WHERE run = ?", (run, run)
    )
    nth = max((each for (each,) in nths.fetchall() if each is not None), default=0)
    nth = _insert(connection, "fact", run, nth, waiting["facts"])
    keep_choices(connection, [Fact(t, said, name, json.loads(more)) for t, said, name, more in waiting["facts"]])
    _insert(connection, "input", run, nth, waiting["inputs"])


# ---- the file


def newer_layout(layout: int) -> Complaint:
    """What there is to say of it."""
    return Complaint(
        "written by a newer Unsit: it has layout {layout}, this Unsit knows {known}; it is kept for that one",
        layout=layout,
        known=LAYOUT,
    )


def beside(file: Path, suffix: str) -> Path:
    """What SQLite keeps beside it under that suffix."""
    return file.with_name(file.name + suffix)


class NewerLayoutError(sqlite3.DatabaseError):
    """It was written by a newer Unsit, which will want to go on with it."""


def _identity(file: Path) -> tuple[int, int] | None:
    """Which file stands there."""
    with suppress(OSError):
        found = file.stat()
        return found.st_dev, found.st_ino
    return None


def why_unwritten(file: Path) -> Complaint | None:
    """Why nobody can write it just now, as far as its folder shows; None where nothing stands in the way."""
    with suppress(OSError):
        folder, owner = file.parent.stat(), 0o200
        closed = folder.st_uid != 0 and not folder.st_mode & owner
        if closed or os.statvfs(file.parent).f_flag & os.ST_RDONLY:
            return Complaint(
                "{folder} can't be written: what happens now waits in the memory of the device, and a restart loses it",
                folder=file.parent,
            )
    return None


def open_journal(file: Path, patience_s: float = _PATIENCE_S) -> sqlite3.Connection:
    """Open it for writing, with the tables there. Waits so long where it is locked.

    Raises DatabaseError where it is damaged, and NewerLayoutError, which is one.
    """
    # The one who opens it isn't always the thread that writes.
    connection = sqlite3.connect(file, timeout=patience_s, check_same_thread=False)
    # A bit that has fallen over in a text is no reason to write nothing any more.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        # Heeded only while the file is empty.
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode = WAL")
        # In a write-ahead log, only this makes sure that what is said to be written is on the card.
        connection.execute("PRAGMA synchronous = FULL")
        # What is deleted is overwritten, too.
        connection.execute("PRAGMA secure_delete = ON")
        # Whoever adds rows at the end looks at few pages; SQLite would remember 2 MB of them, day after day.
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        _lay_out(connection)
        _examine(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file, and bring those of an older layout forward, all of it or nothing."""
    if _layout(connection) == LAYOUT:
        return
    # Two who come at once come one after the other.
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        if LAYOUT < (layout := _layout(connection)) <= _LAST_LAYOUT:
            raise NewerLayoutError(str(newer_layout(layout)))
        steps = [_STEPS[older] for older in range(layout, LAYOUT) if older in _STEPS]
        for step in steps if _tables(connection) else [_TABLES]:
            for command in step.split(";"):
                connection.execute(command)
            connection.execute(f"PRAGMA user_version = {LAYOUT}")


def _layout(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _tables(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name").fetchall()


def _examine(connection: sqlite3.Connection) -> None:
    """Raise DatabaseError unless it is whole, and laid out as it should be."""
    found = connection.execute("PRAGMA quick_check").fetchone()[0].splitlines()[-1]
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    with closing(sqlite3.connect(":memory:")) as ideal:
        ideal.executescript(_TABLES)
        if _tables(connection) != _tables(ideal):
            raise sqlite3.DatabaseError("its tables are not those of a journal")
    if (layout := _layout(connection)) != LAYOUT:
        raise sqlite3.DatabaseError(f"it has layout {layout}, this Unsit knows {LAYOUT}")


_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


FAULTS = (OSError, sqlite3.Error, ArithmeticError, RecursionError, TypeError, ValueError)
"""All that may come of a file in which anything may stand; SQLite's own words needn't be text."""


def is_damage(fault: Exception) -> bool:
    """Whether it is the file, and not the card or another program that stands in the way."""
    # The lower byte says what, the rest in which way.
    code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return not isinstance(fault, OSError | NewerLayoutError) and code not in _PASSING


def in_a_line(fault: Exception) -> str:
    """What it says, in one line that any terminal can show."""
    said = " ".join(str(fault).split())[:_LINE_IS]
    return "".join(each if each.isprintable() else "?" for each in said)


def set_aside(file: Path) -> Path:
    """Rename the file and what belongs to it; a damaged journal may be all that there is of a year."""
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            beside(file, suffix).rename(f"{aside}{suffix}")
    return aside


# ---- forgetting

KEPT = ("fact", "input")
"""The tables with what happened."""
End = tuple[int, int, datetime | None]
"""Of a run its number, the instant up to which it came in ms, and the time of day then, where that is known."""
Cut = tuple[int, int, int]
"""Of a run its number, the instant up to which it came in ms, and the one before which all of it goes."""


def cuts_before(ends: Sequence[End], before: datetime) -> list[Cut]:
    """What of the runs that have a date lies before that time."""
    return [
        (run, seen_ms, seen_ms + round((before - clock).total_seconds() * 1000))
        for run, seen_ms, clock in ends
        if clock is not None
    ]


def _ends(connection: sqlite3.Connection) -> list[End]:
    """Those of the runs whose clock was right; the others may be younger than they seem."""
    ends: list[End] = []
    for run, seen_ms, clock in connection.execute("SELECT id, seen_ms, clock FROM run WHERE clock_right").fetchall():
        with suppress(ValueError, TypeError):
            reads = datetime.fromisoformat(clock)
            if is_ms(seen_ms) and reads.tzinfo:
                ends.append((run, seen_ms, reads))
    return ends


def _cuts_lived_through(connection: sqlite3.Connection, kept: timedelta) -> list[Cut]:
    """What is too old whatever any clock says: the device has been on for longer than that since."""
    cuts, left_ms = [], round(kept.total_seconds() * 1000)
    for run, began_ms, seen_ms in connection.execute("SELECT id, began_ms, seen_ms FROM run ORDER BY id DESC"):
        if not (is_ms(began_ms) and is_ms(seen_ms)):
            continue
        cuts.append((run, seen_ms, seen_ms - left_ms if left_ms > 0 else seen_ms + 1))
        left_ms -= seen_ms - began_ms
    return cuts


def forget(connection: sqlite3.Connection, cuts: Sequence[Cut], tables: Sequence[str] = KEPT) -> int:
    """Delete that, and whatever lies before a run of which nothing stays. Returns how many rows there were."""
    gone = max((run for run, seen_ms, until_ms in cuts if until_ms > seen_ms), default=0)
    rows = 0
    for table in tables:
        instant = "said_ms" if table == "fact" else "at_ms"
        for run, _, until_ms in cuts:
            found = connection.execute(f"DELETE FROM {table} WHERE run = ? AND {instant} < ?", (run, until_ms))
            rows += found.rowcount
        rows += connection.execute(f"DELETE FROM {table} WHERE run <= ?", (gone,)).rowcount
    if "fact" in tables:
        for table, number in (("run", "id"), ("zone", "run")):
            connection.execute(f"DELETE FROM {table} WHERE {number} <= ?", (gone,))
    return rows
