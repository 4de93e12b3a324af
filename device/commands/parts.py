"""`unsit check` and `unsit silence`: the parts of the device, one by one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial

from device.commands.asking import (
    EX_USAGE,
    CommandError,
    Commands,
    as_calibrated,
    as_it_is_now,
    command,
    folded,
    in_force_of,
    say,
    settings_of,
    shows_colours,
    takes_settings,
)
from device.files.installation import comes_with
from device.run.clock import RunningClock
from device.run.loop import EventQueue
from device.run.told_time import told_by
from device.settings.calibration_file import seat_says
from device.settings.settings import Settings
from device.settings.settings_place import whence, written_into
from device.words.facts import SeatDoubted, SeatTrusted

_INDENT = 11
"""Where the second column begins."""


def offer(commands: Commands) -> None:
    """Add the commands."""
    takes_settings(command(commands, "check", _check, "try the parts of the device, one by one"))
    takes_settings(command(commands, "silence", _silence, "silence the buzzer after the device has crashed"))


def _check(asked: argparse.Namespace) -> int:
    from hardware.check import Check, pi_ends

    say_row = partial(say, indent=_INDENT)

    found = in_force_of(asked)
    settings, file = found.settings, found.file
    troubles = filter(None, [found.says, str(found.trouble or ""), found.broker_trouble])
    for line in (*whence(file, overrides=asked.overrides), *troubles):
        say_row(f"{'settings':10} {line}")
    if found.settings.mqtt.host:
        say_row(f"{'broker':10} {_broker(found.settings)}")
    settings, origin = as_it_is_now(as_calibrated(settings))
    for line in (*filter(None, [seat_says(settings)]), *origin, *_doubts(settings)):
        say_row(f"{'seat':10} {line}")
    for line in _journal(settings):
        say_row(f"{'journal':10} {line}")
    clock = RunningClock()
    keep = partial(written_into, file, "panel")
    check = Check(settings, pi_ends(settings), EventQueue(), clock, _ask, say_row, told_by(), keep)
    clock.start()
    try:
        all_is_fine = check.run()
    except (EOFError, KeyboardInterrupt):
        raise CommandError("check asks you to sit, press and look: run it in a terminal", EX_USAGE) from None
    for line in check.drawing(coloured=shows_colours()):
        print(line)
    return 0 if all_is_fine else 1


def _ask(please: str) -> str:
    asks = " " * _INDENT + f"{please} Then press Enter."
    return input(f"{folded(asks, _INDENT)} ")


def _broker(settings: Settings) -> str:
    """What came of a try to connect to the broker."""
    try:
        from device.mqtt.trying import tried
    except ModuleNotFoundError as error:
        return f"takes {error.name}, which {comes_with('mqtt')}"
    return tried(settings.mqtt)


def _journal(settings: Settings) -> Iterator[str]:
    """Why what the device notes may be forgotten."""
    from device.journal.place import journal_of_device, lies_in_memory, why_unwritten

    file = journal_of_device(settings)
    if trouble := why_unwritten(file):
        yield str(trouble)
    if not settings.journal.file and lies_in_memory(file.parent):
        yield f"{file.parent} lies in memory: it counts all the same, and a restart forgets what is noted"


def _doubts(settings: Settings) -> Iterator[str]:
    """Why the running device doesn't trust the seat, if its journal can be read and says so."""
    from device.journal.place import journal_to_read
    from device.journal.reader import past
    from device.screens.fact_sentences import sentence

    known = past(journal_to_read(settings))
    said = [fact for fact in known.told if isinstance(fact, SeatDoubted | SeatTrusted)] if known else []
    if said and isinstance(said[-1], SeatDoubted):
        yield f"{sentence(said[-1], {})} Sit, stay for 3 minutes and rise: then it is trusted again."


def _silence(asked: argparse.Namespace) -> int:
    from hardware.buzzer.buzzer import silence

    silence(settings_of(asked))
    return 0
