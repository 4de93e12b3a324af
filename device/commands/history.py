"""`unsit history`, `why`, `export` and `forget`: the commands about the journal."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from device.commands.asking import (
    EX_IO_ERR,
    EX_NO_INPUT,
    EX_UNAVAILABLE,
    EX_USAGE,
    CommandError,
    Commands,
    a_date,
    command,
    in_terminal,
    settings_of,
    starts_of,
    takes_settings,
)
from device.settings.settings import Settings
from device.settings.settings_file import lines_of
from device.words.record import Strip

if TYPE_CHECKING:
    from device.history.diary import Days
    from device.journal.export import Exported
    from device.journal.forgetting import Forgotten


def offer(commands: Commands) -> None:
    """Add the commands."""
    history = command(commands, "history", _history, "show the last days in figures")
    takes_settings(history)
    days = history.add_mutually_exclusive_group()
    days.add_argument("--day", type=a_date, metavar="DATE", help="show one day, with all its figures")
    days.add_argument("--week", action="store_true", help="show the last seven days, as without an option")
    days.add_argument("--month", action="store_true", help="show the last 31 days")
    days.add_argument("--since", type=a_date, metavar="DATE", help="show all days from that one on")
    history.add_argument("--person", metavar="NAME", help="show only the days of one of several people")
    form = history.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON object for each day, one on a line")
    form.add_argument("--csv", action="store_true", help="print a header, then a line for each day")
    form.add_argument("--plot", type=Path, metavar="FILE", help="draw the days into a file: .svg or .png")
    why = command(commands, "why", _why, "say why it sounded just now, or why it didn't")
    takes_settings(why)
    why.add_argument("--at", type=_time, metavar="TIME", help="ask about another time: 14:05 or 2026-03-02T14:05")
    export = command(commands, "export", _export, "write a day of the journal as a day file, for replay")
    takes_settings(export)
    export.add_argument("--day", type=a_date, metavar="DATE", required=True, help="the day to write")
    export.add_argument("--out", type=Path, metavar="FILE", help="the file to write; without it the day is printed")
    export.add_argument("--with-names", action="store_true", help="with the names of people, which are numbered else")
    forget = command(commands, "forget", _forget, "delete days or bouts from the journal, for good")
    takes_settings(forget)
    what = forget.add_mutually_exclusive_group(required=True)
    what.add_argument("--before", type=a_date, metavar="DATE", help="delete everything before that day")
    what.add_argument("--day", type=a_date, metavar="DATE", help="delete one day, because it wasn't you")
    what.add_argument(
        "--bout", type=_time, metavar="TIME", help="delete the bout at 14:05 or 2026-03-02T14:05: it wasn't you"
    )
    what.add_argument("--all", action="store_true", help="delete everything, even damaged journals that were set aside")
    forget.add_argument("--yes", action="store_true", help="don't ask; for scripts")


@contextmanager
def _collecting_no_garbage() -> Iterator[None]:
    """All days are needed until they are printed, so the search for garbage would waste a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_collecting_no_garbage()
def _history(asked: argparse.Namespace) -> int:
    from device.history.tables import csv_of, json_of, page_of, table_of
    from device.journal.kept_days import days_of

    settings = settings_of(asked)
    first, last = _asked_days(asked)
    # It takes longer to read every stretch than a month of history, and a table doesn't need them.
    areas = _areas(settings) if asked.json or asked.day else {}
    with _reading_journal(settings) as file:
        days = days_of(file, areas, settings.limits.in_time_s, first, last)
    if asked.person is not None:
        days = _of_person(days, asked.person)
    if asked.plot is not None:
        return _plot(asked.plot, [each.strip for each in days.values()])
    if asked.json or asked.csv:
        lines = json_of(days) if asked.json else csv_of(days)
    else:
        lines = page_of(first, days[first]) if asked.day in days else table_of(days)
    if asked.json and not days:
        print("unsit: nothing is noted of these days, so there is no line to print", file=sys.stderr)
    print("".join(f"{line}\n" for line in lines), end="")
    return 0


def _of_person(days: Days, person: str) -> Days:
    """The days of that person. Who sat on none of them may be a slip of the pen."""
    from device.history.shares import of_person

    theirs = of_person(days, person)
    if days and not theirs:
        known = sorted({name for day in days.values() for name in day.own})
        there = f"; on these days sat {', '.join(known)}" if known else ""
        raise CommandError(f'nothing is noted of "{person}" on these days{there}', EX_NO_INPUT)
    return theirs


def _areas(settings: Settings) -> Mapping[str, str]:
    """The area of each stretch."""
    from device.stretches.repertoire import all_stretches

    return {stretch.id: stretch.area.value for stretch in all_stretches(settings)}


def _asked_days(asked: argparse.Namespace) -> tuple[date, date]:
    """The first and the last day."""
    today = date.today()
    if asked.day is not None:
        return asked.day, asked.day
    first = today - timedelta(days=30 if asked.month else 6)
    return asked.since or first, max(today, asked.since or today)


@contextmanager
def _reading_journal(settings: Settings) -> Iterator[Path]:
    from device.journal.place import journal_to_read, why_unwritten
    from device.journal.reader import JournalError

    try:
        file = journal_to_read(settings)
        if trouble := why_unwritten(file):
            print(f"unsit: {trouble}", file=sys.stderr)
        yield file
    except JournalError as error:
        raise CommandError(str(error), EX_NO_INPUT) from error


def _plot(file: Path, strips: Sequence[Strip]) -> int:
    from device.commands.writing import written
    from device.pictures.week_picture import KINDS, MissingLibrary, draw_week

    if file.suffix not in KINDS:
        raise CommandError(f"--plot {file}: allowed: a name that ends in {' or '.join(KINDS)}", EX_USAGE)
    if not strips:
        raise CommandError("nothing is noted of these days, so there is nothing to draw", EX_NO_INPUT)
    try:
        with written(file) as draft:
            draw_week(strips, draft)
    except MissingLibrary as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error
    return 0


def _export(asked: argparse.Namespace) -> int:
    from device.commands.writing import written
    from device.history.day_file import write_day
    from device.history.nameless import without_names

    exported = _exported(settings_of(asked), asked.day)
    if exported.left_out:
        print(f"unsit: {asked.day}: {exported.left_out} other runs of that day are left out", file=sys.stderr)
    day = exported.day if asked.with_names else without_names(exported.day)
    lines = "".join(f"{line}\n" for line in write_day(day))
    if asked.out is None:
        print(lines, end="")
        return 0
    with written(asked.out) as draft:
        draft.write_text(lines, "utf-8")
    return 0


def _exported(settings: Settings, day: date) -> Exported:
    from device.journal.export import NothingKeptError, export
    from device.journal.reader import record

    try:
        with _reading_journal(settings) as file:
            return export(record(file), day)
    except NothingKeptError as error:
        raise CommandError(f"{error}{_last_noted(settings, day)}", EX_NO_INPUT) from error


def _last_noted(settings: Settings, day: date) -> str:
    """The last day that can be asked about, if that one can't."""
    from device.journal.kept_days import days_of
    from device.journal.place import journal_to_read
    from device.journal.reader import JournalError

    with suppress(JournalError):
        days = list(days_of(journal_to_read(settings), {}, 0.0))
        return f"; the last day with something is {days[-1]}" if days and day not in days else ""
    return ""


def _why(asked: argparse.Namespace) -> int:
    from device.history.why import why
    from device.run.clock import RecordedClock
    from device.run.loop import EventQueue
    from device.run.replay import BareDesk, Replay
    from device.run.telling import Collecting

    settings, at = settings_of(asked), asked.at or datetime.now().astimezone()
    exported = _exported(settings, at.date())
    t = exported.t_of(at) if asked.at else exported.day.end
    if t is None:
        raise CommandError(f"at {at:%H:%M} on {at.date()} the device was off, or nothing is written yet", EX_NO_INPUT)
    day = exported.until(t)
    clock, inbox, told = RecordedClock(), EventQueue(), Collecting()
    # A recorded day names no folder, so the person's own stretches and languages come from where they are now.
    own = [line for line in lines_of(settings) if line.startswith(("stretches.folder=", "languages.folder="))]
    starts = starts_of(argparse.Namespace(config=None, overrides=own), day)
    replay = Replay(starts.__getitem__, clock, inbox, BareDesk(inbox, clock), [told])
    replay.play(day)
    snapshot = replay.snapshot()
    assert snapshot is not None, "the device was on then"
    print(f"{exported.when(t):%A, %Y-%m-%d}")
    here = exported.when(t).date()

    def tell(instant: float) -> str:
        when = exported.when(instant)
        return f"{when:%H:%M}" if when.date() == here else f"{when:%H:%M on %Y-%m-%d}"

    for line in why(snapshot, told.facts, tell):
        print(line)
    return 0


def _forget(asked: argparse.Namespace) -> int:
    import sqlite3

    from device.journal.reader import look_for

    with _reading_journal(settings_of(asked)) as file:
        look_for(file)
        if not asked.yes and not _is_meant(asked, file):
            print("Nothing is deleted.")
            return 0
        try:
            forgotten = _forgotten(asked, file)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"{file}: {error}", EX_IO_ERR) from error
    print(_FORGOTTEN if forgotten.rows else _nothing_of(asked))
    if forgotten.undated:
        print(f"{forgotten.undated} runs in it have no known date: they stay, unless you delete --all.")
    return 0


_FORGOTTEN = "Forgotten. A device that is running still knows what it is counting now."


def _forgotten(asked: argparse.Namespace, file: Path) -> Forgotten:
    from device.journal.forgetting import Forgotten, forget_all, forget_before, forget_bout, forget_day

    if asked.all:
        return forget_all(file)
    if asked.day:
        return forget_day(file, asked.day)
    if asked.bout:
        return forget_bout(file, asked.bout) or Forgotten(0)
    return forget_before(file, datetime.combine(asked.before, time()).astimezone())


def _nothing_of(asked: argparse.Namespace) -> str:
    if asked.all:
        return "The journal is empty; there is nothing to delete."
    if asked.day:
        return f"Nothing in the journal is of {asked.day}; nothing is deleted."
    if asked.bout:
        return f"No bout that is over was at {asked.bout:%Y-%m-%d %H:%M}; nothing is deleted."
    return f"Nothing in the journal is from before {asked.before}; nothing is deleted."


def _is_meant(asked: argparse.Namespace, file: Path) -> bool:
    """Say how much it would delete, and ask whether to do it."""
    from device.journal.kept_days import days_of
    from device.journal.reader import JournalError

    if not in_terminal():
        if asked.all:
            raise CommandError("forget --all deletes everything; in a script only with --yes", EX_USAGE)
        return True
    days: Sequence[date] = []
    with suppress(JournalError):
        days = list(days_of(file, {}, 0.0))
    if asked.bout:
        what = f"the bout at {asked.bout:%Y-%m-%d %H:%M}"
    else:
        gone = [day for day in days if asked.all or day == asked.day or (asked.before and day < asked.before)]
        since = f", from {gone[0]} on" if gone else ""
        what = f"{len(gone)} of {len(days)} days{since}"
    return input(f"This deletes {what}, for good. To do it, type yes: ").strip().lower() in ("y", "yes")


def _time(text: str) -> datetime:
    """A time of day without a date means the last such time."""
    try:
        if "T" in text or " " in text:
            a_date(text[:10])
            return datetime.fromisoformat(text).astimezone()
        now = datetime.now().astimezone()
        at = datetime.combine(now.date(), time.fromisoformat(text)).astimezone()
        return at if at <= now else datetime.combine(now.date() - timedelta(days=1), at.time()).astimezone()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: write it as 14:05 or 2026-03-02T14:05") from None
