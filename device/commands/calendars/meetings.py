"""`unsit meetings`: the calendars that tell the device of meetings, their secret addresses, and reading them anew."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from device.commands.asking import (
    EX_CONFIG,
    EX_DATA,
    EX_IO_ERR,
    EX_NO_INPUT,
    EX_UNAVAILABLE,
    EX_USAGE,
    CommandError,
    Commands,
    command,
    say,
    takes_settings,
)
from device.files.complaint import ComplaintError
from device.files.installation import brings, comes_with
from device.meetings.spans_file import CalendarState, SpansError, read_spans, spans_file, week_of
from device.settings.settings import CALENDAR_NAME, Settings
from device.settings.settings_file import load_settings
from device.words.events import Span

_SHOWN = 10
"""The most meetings that are listed."""
_SERVICE = "unsit-meetings"


def offer(commands: Commands) -> None:
    """Add the command, and those below it."""
    meetings = command(commands, "meetings", _list, "list your calendars and the next meetings in them")
    below = meetings.add_subparsers(title="commands", metavar="COMMAND")
    add = command(below, "add", _add, "give a calendar's secret address a name; it asks for the address")
    remove = command(below, "remove", _remove, "forget the address with that name")
    refresh = command(below, "refresh", _refresh, "read all calendars anew, as the service does by itself")
    for each in (add, remove):
        each.add_argument("name", metavar="NAME", type=_a_name, help="what you call it, such as work")
    takes_settings(meetings)
    for each in (add, remove, refresh):
        takes_settings(each, also_before=True)


def _a_name(text: str) -> str:
    if "://" in text:
        # It is in the list of processes and in the shell's history by now.
        raise argparse.ArgumentTypeError(
            "an address is a secret and no argument; give a name, such as work, and you are asked for the address"
        )
    if not CALENDAR_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text:.40}: allowed: up to 30 small letters, digits, - and _, such as work; a letter or digit first"
        )
    return text


def _settings(asked: argparse.Namespace) -> Settings:
    # No page may change what counts here, and the service's user can't see what it has changed.
    return load_settings(asked.config, asked.overrides)[0]


# ---- listing


def _list(asked: argparse.Namespace) -> int:
    settings = _settings(asked)
    calendars = settings.meetings.calendar
    if not calendars:
        say("No calendar is named in the settings; docs/meetings.md says how.")
        return _list_unused(calendars)
    file = spans_file(settings)
    try:
        spans = read_spans(file)
    except SpansError as error:
        raise CommandError(str(error), EX_UNAVAILABLE if _is_closed(file) else EX_DATA) from error
    if spans is None:
        say(f"{', '.join(map(_shown, calendars))}: never read yet; {_how_to_read()}")
        return _list_unused(calendars)
    now = datetime.now(UTC)
    for state in spans.calendars:
        say(f"{state.name}: {_state_says(state, now)}")
    _list_next([each for each in spans.spans if each[1] > now])
    return _list_unused(calendars)


def _is_closed(file: Path) -> bool:
    return not os.access(file, os.R_OK)


def _state_says(state: CalendarState, now: datetime) -> str:
    read = f"read {_ago(now - state.read)}" if state.read else "never read yet"
    return f"{state.trouble}; {read}" if state.trouble else read


def _ago(since: timedelta) -> str:
    minutes = int(since.total_seconds()) // 60
    if minutes < 0:
        return "in the future: the clock of this computer was wrong then, or is now"
    if minutes < 1:
        return "just now"
    for unit, name in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= unit:
            count = minutes // unit
            return f"{count} {name}{'s' * (count > 1)} ago"
    raise AssertionError("a minute and more is told above")


def _list_next(spans: Sequence[Span]) -> None:
    say("The next meetings:" if spans else "No meeting within a week.")
    for each in spans[:_SHOWN]:
        say(f"  {_span_says(each)}")
    if len(spans) > _SHOWN:
        say(f"  and {len(spans) - _SHOWN} more within a week")


def _span_says(span: Span) -> str:
    start, end = (each.astimezone() for each in span)
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%a %H:%M}"
    return f"{start:%a %H:%M}-{last}"


def _list_unused(calendars: Sequence[str]) -> int:
    from device.meetings.addresses import kept_addresses

    try:
        unused = [each for each in kept_addresses() if each not in calendars]
    except OSError:
        return 0
    if unused:
        say(f"Kept, but not in meetings.calendar: {', '.join(unused)}")
    return 0


def _shown(calendar: str) -> str:
    from device.meetings.refreshing import shown_name

    return shown_name(calendar)


def _how_to_read() -> str:
    if os.geteuid() == 0:
        return f"{brings('meetings')} sets up the service, then: sudo systemctl start {_SERVICE}"
    return "unsit meetings refresh reads them"


# ---- addresses


def _add(asked: argparse.Namespace) -> int:
    _need_library()
    from device.calendars.lines import CalendarError
    from device.meetings.addresses import Address, folder_of_addresses, keep_address
    from device.meetings.refreshing import passed_over_says, read_at_once

    settings = _settings(asked)
    _need_root_for_service(settings, f"add {asked.name}")
    try:
        address = Address(_asked_address(asked.name))
        answer = read_at_once(address, datetime.now(UTC))
    except ComplaintError as error:
        raise CommandError(f"{asked.name}: {error.complaint}", EX_USAGE) from None
    except CalendarError as error:
        raise CommandError(f"{asked.name}: {error}; nothing is kept", EX_UNAVAILABLE) from None
    try:
        keep_address(asked.name, address)
    except OSError as error:
        raise CommandError(f"{folder_of_addresses()}: {error.strerror}", EX_IO_ERR) from None
    say(f"{asked.name}: {_found(week_of(datetime.now(UTC), answer.spans or ()))}")
    if answer.passed_over:
        say(f"{asked.name}: {passed_over_says(answer.passed_over)}")
    say(_what_next(asked.name, settings.meetings.calendar))
    return 0


def _need_root_for_service(settings: Settings, words: str) -> None:
    """Where the service reads calendars, an address of somebody's own would be read by nobody."""
    if os.geteuid() != 0 and not settings.journal.file and spans_file(settings).parent.is_dir():
        raise CommandError(f"the service's addresses are root's: sudo unsit meetings {words}", EX_USAGE)


def _asked_address(name: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline(10_000)
    try:
        return getpass.getpass(f"The secret address of {name} (it isn't shown): ")
    except EOFError:
        return ""


def _found(spans: Sequence[Span]) -> str:
    coming = [each for each in spans if each[0] > datetime.now(UTC)]
    if not spans:
        return "no meeting in the coming week"
    many = f"{len(spans)} meeting{'s' * (len(spans) > 1)} in the coming week"
    return f"{many}, the next on {_span_says(coming[0])}" if coming else f"{many}, and it is on now"


def _what_next(name: str, calendars: Sequence[str]) -> str:
    if name not in calendars:
        named = ", ".join(f'"{each}"' for each in (*calendars, name))
        return f"Now put it into the settings: [meetings] calendar = [{named}]"
    return f"It is read within a quarter of an hour; at once by: {_at_once()}"


def _at_once() -> str:
    return f"sudo systemctl start {_SERVICE}" if os.geteuid() == 0 else "unsit meetings refresh"


def _remove(asked: argparse.Namespace) -> int:
    from device.meetings.addresses import folder_of_addresses, forget_address, kept_addresses

    settings = _settings(asked)
    _need_root_for_service(settings, f"remove {asked.name}")
    try:
        if not forget_address(asked.name):
            there = ", ".join(kept_addresses())
            raise CommandError(
                f"there is no address called {asked.name}; {f'there are {there}' if there else 'none is kept'}",
                EX_NO_INPUT,
            )
    except OSError as error:
        raise CommandError(f"{folder_of_addresses()}: {error.strerror}", EX_IO_ERR) from None
    say(f"Forgotten: {asked.name}.")
    if asked.name in settings.meetings.calendar:
        say("It is still in meetings.calendar; take it out there, too.")
    return 0


# ---- reading


def _refresh(asked: argparse.Namespace) -> int:
    _need_library()
    from device.meetings.local_zone import FIRST_YEAR
    from device.meetings.refreshing import refresh

    settings, now = _settings(asked), datetime.now(UTC).replace(microsecond=0)
    if now.year < FIRST_YEAR:
        # What is written down already holds when the clock is right.
        raise CommandError(f"the clock of this computer says {now.year}; nothing is read until it is right",
                           EX_UNAVAILABLE)  # fmt: skip
    file = spans_file(settings)
    _need_place(settings, file)
    try:
        found = refresh(settings.meetings.calendar, file, now)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", EX_IO_ERR) from error
    tell = _teller()
    for state in found.spans.calendars:
        tell(f"{state.name}: {_state_says(state, found.spans.made)}", state.name in found.news)
    return 0 if found.all_read else EX_UNAVAILABLE


def _need_library() -> None:
    try:
        import icalendar  # noqa: F401 - only asks for them
        import recurring_ical_events  # noqa: F401
        import urllib3  # noqa: F401
    except ModuleNotFoundError as error:
        raise CommandError(f"meetings take {error.name}, which {comes_with('meetings')}", EX_UNAVAILABLE) from error


def _need_place(settings: Settings, file: Path) -> None:
    """The service's folder is systemd's to make; that beside a journal of one's own is made here."""
    if settings.journal.file and not os.environ.get("STATE_DIRECTORY"):
        try:
            file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"{file.parent}: {error.strerror}", EX_IO_ERR) from error
    elif not file.parent.is_dir():
        raise CommandError(
            f"{file.parent} isn't there: {brings('meetings')} makes it; without the service name a journal, "
            "and the meetings are kept beside it: --set journal.file=...",
            EX_CONFIG,
        )


def _teller() -> Callable[[str, bool], None]:
    """Under systemd each line says how grave it is: what is as it was a quarter of an hour ago isn't logged."""

    def tell_systemd(line: str, is_news: bool) -> None:
        print(f"<{4 if is_news else 6}>{line}", flush=True)

    def tell_person(line: str, is_news: bool) -> None:  # noqa: ARG001 - it reads all of them
        say(line)

    return tell_systemd if os.environ.get("JOURNAL_STREAM") else tell_person
