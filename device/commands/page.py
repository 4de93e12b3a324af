"""`unsit page`: serve the page of a running device. `unsit run` uses it for its own page."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device.commands.asking import (
    EX_IO_ERR,
    EX_NO_INPUT,
    EX_UNAVAILABLE,
    CommandError,
    Commands,
    command,
    say,
    settings_of,
    speaking,
    spoken_settings_of,
    takes_settings,
)
from device.files.complaint import Complaint, complaint_told
from device.files.installation import comes_with, sets_anew, with_modules
from device.files.user_file import UserFileError
from device.languages.language_files import languages
from device.languages.phrases import Phrases, phrases
from device.run.line import SERVICE
from device.settings.settings import PageSettings, Settings
from device.settings.settings_file import lines_of
from device.stretches.repertoire import all_stretches
from device.words.durations import duration_s
from device.words.fact_codec import facts_among
from device.words.facts import Fact
from device.words.instants import HOUR_S, whole

if TYPE_CHECKING:
    from device.history.days_as_data import Present
    from device.history.diary import Days
    from device.page.answers import PageApp, Sources
    from device.page.crowd import Crowd
    from device.page.follower import Follower
    from device.page.gate import House
    from device.phones.phone_file import Phone

_ENDS_WITHIN_S = 3.0


def offer(commands: Commands) -> None:
    """Add the command, and the two about paired phones."""
    page = command(commands, "page", _serve_page, "serve the page of a running device to browsers")
    about_phones = page.add_subparsers(title="commands", metavar="COMMAND")
    paired = command(about_phones, "paired", _tell_paired, "list the phones that may open the page in the house")
    forget = command(about_phones, "forget", _forget_phones, "forget a phone, so that it has to be paired again")
    who = forget.add_mutually_exclusive_group(required=True)
    who.add_argument("name", metavar="NAME", nargs="?", help="its name, as `unsit page paired` tells it")
    who.add_argument("--all", action="store_true", help="forget all phones")
    takes_settings(page)
    for each in (paired, forget):
        takes_settings(each, also_before=True)
    for each, unless in ((page, None), (forget, argparse.SUPPRESS)):
        each.add_argument(
            "--line",
            type=Path,
            default=unless,
            metavar="SOCKET",
            help="the socket of the running device; without it the service's",
        )
    page.add_argument(
        "--ends-after", type=_a_while, metavar="DURATION", help="end when nobody has been connected for so long"
    )


def _tell_paired(asked: argparse.Namespace) -> int:
    phones = _paired(settings_of(asked))
    if not phones:
        print("No phone is paired.")
        return 0
    rows = [("name", "since", "last seen"), *((each.name, _day(each.since), _day(each.seen)) for each in phones)]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, since, seen in rows:
        print(f"{name:{widths[0]}}  {since:{widths[1]}}  {seen}")
    return 0


def _day(when: datetime | None) -> str:
    """The device may not have known the time."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}" if when else "?"


def _paired(settings: Settings) -> Sequence[Phone]:
    """The paired phones, the last seen first."""
    from device.journal.place import phones_file
    from device.phones.phone_file import read_phones

    try:
        return read_phones(phones_file(settings))[::-1]
    except UserFileError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error


def _forget_phones(asked: argparse.Namespace) -> int:
    """The running device forgets them; without one, the file does."""
    settings = settings_of(asked)
    to = {"all": True} if asked.all else {"phone": _named_phone(settings, asked.name).id}
    names = _forgotten_by_device(asked.line or SERVICE, to)
    names = _forgotten_in_file(settings, to) if names is None else names
    print(f"Forgotten: {', '.join(names)}." if names else "No phone is paired.")
    return 0


def _named_phone(settings: Settings, name: str) -> Phone:
    phones = _paired(settings)
    found = [each for each in phones if each.name.casefold() == name.casefold()]
    found = [each for each in found if each.name == name] or found
    if len(found) == 1:
        return found[0]
    there = f"there are {', '.join(each.name for each in phones)}" if phones else "no phone is paired"
    raise CommandError(f'there is no phone "{name:.60}"; {there}', EX_NO_INPUT)


def _forgotten_by_device(line: Path, to: Mapping[str, object]) -> Sequence[str] | None:
    """The names; None if no device runs."""
    from device.phones.ordering import UnansweredError, ordered

    try:
        answer = ordered(line, "forget", to)
    except UnansweredError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error
    if answer is not None and not answer["fine"]:
        raise CommandError(str(complaint_told(answer["why"])), EX_UNAVAILABLE)
    return None if answer is None else answer["names"]


def _forgotten_in_file(settings: Settings, to: Mapping[str, object]) -> Sequence[str]:
    from device.journal.place import phones_file
    from device.phones.paired import PairedPhones
    from device.run.clock import RunningClock, SystemWall

    file = phones_file(settings)
    phones = PairedPhones(file, RunningClock(), SystemWall())
    try:
        gone = phones.forget_all() if to.get("all") else [phones.forget(str(to["phone"]))]
    except OSError as error:
        hint = "; try sudo" if isinstance(error, PermissionError) else ""
        raise CommandError(f"{file}: {error.strerror or error}{hint}", EX_IO_ERR) from error
    return [each.name for each in gone if each]


def _a_while(text: str) -> float:
    try:
        lasts_s = duration_s(text)
    except ValueError:
        lasts_s = 0.0
    if not 1 <= lasts_s <= 24 * HOUR_S:
        raise argparse.ArgumentTypeError(f'{text:.60}; allowed: "1s" to "24h", such as 10min')
    return lasts_s


@contextmanager
def page_beside(settings: Settings, line: Path, gone: Callable[[], None] = lambda: None) -> Iterator[str]:
    """Serve the page of this device and yield its address. `gone` is called when the page ends.

    Raises CalledProcessError if it doesn't start, and CommandError if it ends without being told to.
    """
    chosen = [word for each in lines_of(settings) for word in ("--set", each)]
    words = [sys.executable, "-P", "-m", "device", "page", "--config", os.devnull, "--line", str(line), *chosen]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=with_modules()) as page:
        try:
            assert page.stdout is not None, "asked for above"
            address = page.stdout.readline().strip()
            if not address:
                raise subprocess.CalledProcessError(page.wait(), "page")
            threading.Thread(target=_wait_for, args=(page, gone), name="page", daemon=True).start()
            yield address
            if page.poll():
                raise CommandError(f"the page has ended ({_ended(page.returncode)}); start it again", EX_UNAVAILABLE)
        finally:
            page.terminate()
            try:
                page.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                page.kill()


def _wait_for(page: subprocess.Popen[str], gone: Callable[[], None]) -> None:
    page.wait()
    gone()


def _ended(code: int) -> str:
    return f"exit {code}" if code > 0 else signal.Signals(-code).name


def _serve_page(asked: argparse.Namespace) -> int:
    try:
        from device.page.crowd import Crowd
        from device.page.door import open_door, turn_away
        from device.page.follower import Follower
        from device.page.server import Manner, serve
    except ModuleNotFoundError as error:
        what = f"{comes_with('page')}; or use `unsit run --terminal`"
        raise CommandError(f"the page takes {error.name}, which {what}", EX_UNAVAILABLE) from error
    try:
        settings = spoken_settings_of(asked)
    except Exception:
        turn_away()
        raise
    follower = Follower(asked.line or SERVICE)
    door, handed = open_door(settings.page.port, house=settings.page.reach == "house")
    _say_where(door.getsockname(), settings.page, handed=handed)
    crowd = Crowd(settings.page.proxy) if settings.page.reach == "house" else None
    manner = Manner(crowd, within=crowd is None, proxies=settings.page.proxy, idle_s=asked.ends_after)
    serve(follower, _pages(settings, follower, crowd), door, manner)
    return 0


def _pages(settings: Settings, follower: Follower, crowd: Crowd | None) -> PageApp:
    """All pages, for the phones that are let in; without a crowd for everybody on this computer."""
    from device.journal.place import phones_file
    from device.page.answers import PageApp
    from device.page.gate import House
    from device.phones.phones import Phones

    own, known = settings.screens.language, frozenset(languages(settings.languages.folder))
    house = House(Phones(phones_file(settings)), follower, crowd) if crowd else None

    def spoken() -> str:
        language = follower.latest.get("device", {}).get("language", own)
        return language if language in known else own

    def sources(language: str) -> Sources:
        return _sources(speaking(settings, language), house)

    return PageApp(follower, spoken, sources)


def _say_where(bound: tuple[Any, ...], page: PageSettings, *, handed: bool) -> None:
    """The address on this computer, the one for the house, and what systemd's socket has in another way."""
    from device.page.door import is_within

    address, port = bound[:2]
    say(f"http://127.0.0.1:{port}/")
    if page.reach == "house":
        say(f"in the house: http://{socket.gethostname().partition('.')[0].lower()}.local:{port}/")
    if handed and (is_within(address) != (page.reach != "house") or port != page.port):
        say(f"unsit-page.socket listens on {address}:{port}, the settings say {page.reach} and {page.port}: "
            f"{sets_anew()} sets it anew")  # fmt: skip


def _sources(settings: Settings, house: House | None) -> Sources:
    """The sources of the page's data, in the language of the settings."""
    from device.desk import virtual_desk
    from device.page.answers import Sources
    from device.page.as_set import every_setting, in_force
    from device.page.door import Names
    from device.page.taking_away import ToTakeAway
    from device.page.texts import Texts

    stretches = all_stretches(settings)
    said = phrases(settings.screens.language, settings.languages.folder)
    areas = {stretch.id: stretch.area.value for stretch in stretches}
    return Sources(
        days=partial(_told_days, settings, areas, said),
        today=partial(_today, settings),
        levels=partial(_levels, settings),
        bouts=partial(_bouts, settings),
        may_forget=partial(_may_forget, settings),
        forget=partial(_forget, settings),
        stretches={stretch.id: stretch for stretch in stretches},
        in_force=lambda follower: in_force(settings, follower.latest),
        week=partial(_week, settings),
        next_routine=partial(_next_routine, settings),
        check=virtual_desk.check,
        recorded=partial(_recorded_day, areas, said),
        settings=every_setting(settings, stretches, said),
        away=ToTakeAway(partial(_days_now, settings, areas), partial(_copied, settings), partial(_report, settings)),
        texts=Texts(said.language, said.said, said.forms, languages(settings.languages.folder)),
        names=Names(settings.page.hosts, house=house is not None),
        house=house,
        phones=_phones(settings),
    )


def _phones(settings: Settings) -> Callable[[], Sequence[Phone]] | None:
    """The phones that the device has paired; None where nobody has to pair."""
    from device.journal.place import phones_file
    from device.phones.phones import Phones

    return Phones(phones_file(settings)).all if settings.page.reach == "house" else None


def _told_days(
    settings: Settings,
    areas: Mapping[str, str],
    said: Phrases,
    follower: Follower,
    first: date,
    last: date,
    person: str,
) -> tuple[Mapping[str, Any], Complaint | None]:
    """The days of that person or of everybody, and why they lack what the journal should have."""
    from device.history.days_as_data import told_together, up_to_now
    from device.history.diary import Days
    from device.history.shares import by_day, of_person, persons_in
    from device.journal.kept_days import days_of
    from device.journal.place import journal_to_read, why_unwritten
    from device.journal.reader import JournalError

    file, present, in_time_s = journal_to_read(settings), _present(follower), settings.limits.in_time_s
    trouble: Complaint | None = None
    try:
        days = days_of(file, areas, in_time_s, first, last, lambda runs: up_to_now(runs, present))
    except JournalError as error:
        # An empty journal is no error, and the page can still show what the device tells now.
        trouble = None if _is_missing(file) else error.complaint
        told = by_day(up_to_now([], present), areas, in_time_s)
        days = Days([(day, each) for day, each in told.items() if first <= day <= last], told.aways)
    persons = persons_in(days.values())
    shown = told_together(of_person(days, person) if person else days, said)
    return {**shown, **({"persons": persons} if persons else {})}, trouble or why_unwritten(file)


def _days_now(settings: Settings, areas: Mapping[str, str], follower: Follower, first: date, last: date) -> Days:
    """The days in the journal, with what the device tells now."""
    from device.history.days_as_data import up_to_now
    from device.journal.kept_days import days_of
    from device.journal.place import journal_to_read

    present = _present(follower)
    of_now = partial(up_to_now, present=present)
    return days_of(journal_to_read(settings), areas, settings.limits.in_time_s, first, last, of_now)


def _copied(settings: Settings) -> bytes:
    from device.journal.place import journal_to_read
    from device.journal.reader import copy_of

    return copy_of(journal_to_read(settings))


def _report(settings: Settings, follower: Follower, day: date) -> str:
    """The day and the settings of the device that runs, or of this process if none does."""
    from device.journal.export import export
    from device.journal.place import journal_to_read
    from device.journal.reader import record
    from device.page.taking_away import report_of

    in_force = follower.latest.get("device", {}).get("settings") or lines_of(settings)
    return report_of(day, export(record(journal_to_read(settings)), day).day, in_force)


def _bouts(settings: Settings, day: date) -> list[tuple[datetime, datetime]]:
    from device.journal.forgetting import bouts_on
    from device.journal.place import journal_to_read

    file = journal_to_read(settings)
    return [] if _is_missing(file) else bouts_on(file, day)


def _levels(settings: Settings, day: date) -> list[tuple[float, float, float]]:
    from device.history.level_curve import curve
    from device.journal.place import journal_to_read
    from device.journal.reader import levels_on

    file = journal_to_read(settings)
    return [] if _is_missing(file) else curve(levels_on(file, day))


def _may_forget(settings: Settings) -> bool:
    from device.journal.forgetting import may_forget
    from device.journal.place import journal_to_read

    return may_forget(journal_to_read(settings))


def _forget(settings: Settings, what: date | datetime) -> bool:
    import sqlite3

    from device.journal.faults import in_a_line
    from device.journal.forgetting import forget_bout, forget_day
    from device.journal.place import journal_to_read
    from device.journal.reader import JournalError, look_for

    file = journal_to_read(settings)
    look_for(file)
    try:
        forgotten = forget_bout(file, what) if isinstance(what, datetime) else forget_day(file, what)
    except (OSError, sqlite3.Error) as error:
        raise JournalError("{file}: it can't be written: {error}", file=file, error=in_a_line(error)) from error
    return bool(forgotten and forgotten.rows)


def _recorded_day(areas: Mapping[str, str], said: Phrases, follower: Follower) -> Mapping[str, Any]:
    from device.history.days_as_data import told_together, up_to_now
    from device.history.shares import by_day

    present = _told_now(follower) if follower.latest.get("desk", {}).get("title") else None
    days = by_day(up_to_now([], present), areas, Settings().limits.in_time_s)
    return told_together(days, said)


def _next_routine(settings: Settings, follower: Follower) -> Mapping[str, Any]:
    """What the next break would show, by what the journal has and what the device has told since then."""
    from device.journal.place import journal_to_read
    from device.journal.reader import past
    from device.page.as_set import in_force, next_routine, routines_among

    file = journal_to_read(settings)
    known = None if _is_missing(file) else past(file)
    told = [fact for fact in (known.told if known else ()) if isinstance(fact, Fact)]
    seen = {(fact.said, fact.t, fact.name) for fact in told}
    present = _told_now(follower)
    newer = [each for each in (present.facts if present else ()) if (each.said, each.t, each.name) not in seen]
    standing = follower.latest.get("standing", {})
    left_out, spared = standing.get("left_out", ()), standing.get("spared", ())
    return next_routine(in_force(settings, follower.latest), routines_among([*told, *newer]), left_out, spared)


def _week(settings: Settings, follower: Follower) -> Mapping[str, Any]:
    """The plans and the hours by the device's clock, and how the calendars were read if this process may know it."""
    from device.meetings.spans_file import SpansError, read_spans, spans_file
    from device.page.as_set import in_force, week_told

    now, told, found = _told_now(follower), in_force(settings, follower.latest), None
    if told.meetings.calendar:
        with suppress(SpansError):
            found = read_spans(spans_file(settings))
    return week_told(told, now.reads if now else None, found.calendars if found else None)


def _is_missing(file: Path) -> bool:
    try:
        return not file.exists()
    except OSError:
        return False


def _present(follower: Follower) -> Present | None:
    desk = follower.latest.get("desk", {})
    if desk.get("title") or not desk.get("power", True) or (desk.get("calibration") or {}).get("on"):
        # A recorded day belongs to nobody. Without power, or while the seat is calibrated, nothing counts.
        return None
    return _told_now(follower)


def _told_now(follower: Follower) -> Present | None:
    """What the device tells, be it the person's day or a recorded one."""
    from device.history.days_as_data import Present

    told = follower.latest
    if not {"device", "standing", "time"} <= told.keys() or told["time"]["reads"] is None:
        return None
    clock, at = told["time"], follower.instant()
    now = datetime.fromisoformat(clock["reads"]) + timedelta(seconds=at - clock["at"])
    told_facts = [(each["t"], each["said"], each["fact"], each["details"]) for each in follower.facts]
    seated = told["standing"]["seated"]
    return Present(told["device"]["began"], whole(at), now, clock["right"], seated, facts_among(told_facts))


def _today(settings: Settings, follower: Follower) -> date:
    from device.history.days_as_data import dated
    from device.journal.place import journal_to_read
    from device.journal.reader import JournalError, last_run

    present = _present(follower)
    if present is None:
        return date.today()
    last = None
    if not present.right:
        with suppress(JournalError):
            last = last_run(journal_to_read(settings))
    return dated(present, last).reads.date()
