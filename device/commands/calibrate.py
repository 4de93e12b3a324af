"""`unsit calibrate` and `unsit seat`: the live levels of an analog seat, and the thresholds between empty and taken."""

from __future__ import annotations

import argparse
import logging
import math
import os
import select
import shutil
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from device.commands.asking import (
    EX_IO_ERR,
    EX_UNAVAILABLE,
    EX_USAGE,
    CommandError,
    Commands,
    as_it_is_now,
    calibrated_or_why_not,
    command,
    folded,
    in_terminal,
    is_simulated,
    say,
    settings_of,
    spoken_settings_of,
    takes_settings,
)
from device.commands.writing import complaining_about
from device.languages.screen_words import vocabulary
from device.run.clock import RunningClock
from device.run.loop import EventQueue
from device.screens.calibrating import calibrated, calibrating
from device.settings.calibration_file import (
    Calibration,
    levels_say,
    seat_lines,
    seat_says,
    try_to_write,
    write_calibration,
)
from device.settings.calibration_file import calibrated as put_in_force
from device.settings.seat_fault import seat_fault
from device.settings.settings import Settings
from device.stages.calibrating import Steps
from device.stages.calibration import AGAIN, STEPS, Unfit
from device.words.levels import RAIL, SeatLevels

if TYPE_CHECKING:
    from hardware.seat_alone import SeatAlone

_log = logging.getLogger(__name__)

_LOOKS_EVERY_S = 0.1
_SHORTEST_BAR, _LONGEST_BAR = 8, 50
_AWAKE_AFTER_S = 1.0
"""A converter that was just set up needs a moment before its first reading."""

_PLEASE = {
    "empty": "Leave the chair empty, with nothing on it.",
    "sit": "Sit down as you usually do.",
    "left": "Lean left, and stay so.",
    "right": "Lean right, and stay so.",
    "forward": "Lean forward, over the desk, and stay so.",
    "rise": "Get up, and leave the chair alone.",
}
_PRETENDED = {"empty": 0.006, "sit": 0.3, "left": 0.21, "right": 0.23, "forward": 0.16, "rise": 0.007}
"""What the person at the simulated desk weighs in each step."""


def offer(commands: Commands) -> None:
    """Add the commands."""
    for name, does, says in (
        ("calibrate", _calibrate, "find out what an analog seat reads empty and seated"),
        ("seat", _show_level, "show what an analog seat reads, live, with its thresholds"),
    ):
        parser = command(commands, name, does, says)
        takes_settings(parser)
        parser.add_argument("--hardware", choices=("auto", "pi", "simulated"), default="auto",
                            help="auto (if not given): the pins on a Pi, the simulated desk elsewhere")  # fmt: skip


def _calibrate(asked: argparse.Namespace) -> int:
    from device.journal.place import calibration_file, desk_calibration_file

    settings = _analog(asked)
    file = desk_calibration_file(settings) if is_simulated(asked) else calibration_file(settings)
    if not in_terminal():
        raise CommandError("calibrate asks you to sit, lean and rise: run it in a terminal", EX_USAGE)
    if file is not None:
        with complaining_about(file):
            try_to_write(file)
    try:
        with _seat(asked, settings) as alone, TerminalBar(None) as bar:
            found = guided(alone, bar, settings)
    except LeftEarly:
        say("Not calibrated: all is as it was.")
        return 1
    if isinstance(found, Unfit):
        say(f"Not calibrated: {found.why}.")
        for nth, todo in enumerate(found.todo):
            say(f"  {'or ' if nth else ''}{todo}")
        return 1
    say(f"Calibrated: empty it reads up to {found.empty_most:.3f}, seated {found.seated_least:.3f} and more.")
    return _kept(file, found, settings)


def _kept(file: Path | None, found: Calibration, settings: Settings) -> int:
    """Write the calibration, and say what is in force then."""
    when = datetime.now().astimezone()
    if file is None:
        say(f"Found: {levels_say(found.levels)}.")
        say("It isn't kept, since the seat is simulated: --set journal.file=... keeps it beside that journal.")
        return 0
    had_one = file.exists()
    try:
        write_calibration(file, found, when)
    except OSError as error:
        say("It can't be kept, but you may type it into the settings:")
        say("\n".join(seat_lines(found.levels)))
        before = "the former calibration still holds" if had_one else "nothing has changed"
        raise CommandError(f"{file}: it can't be written: {error.strerror or error}; {before}", EX_IO_ERR) from error
    in_force = put_in_force(settings, found, when)
    if in_force is None:
        fault = seat_fault(settings.seat, found.levels)
        say(f"It is in {file}, but [seat] in the settings doesn't go with it. {fault}")
        return 1
    say(f"In force: {seat_says(in_force)}. It is in {file}, for the next start.")
    return 0


def _show_level(asked: argparse.Namespace) -> int:
    settings, origin = _analog(asked), list[str]()
    settings, warning = calibrated_or_why_not(settings, simulated=is_simulated(asked))
    if not is_simulated(asked) or settings.journal.file:
        settings, origin = as_it_is_now(settings)
    if warning:
        _log.warning("%s", warning)
    levels = settings.seat.levels
    holds = seat_says(settings) or ("not calibrated" if warning else "not calibrated: unsit calibrate")
    with _seat(asked, settings) as alone:
        time.sleep(_AWAKE_AFTER_S)
        level = alone.level()
        if in_terminal():
            with TerminalBar(levels) as bar, suppress(LeftEarly):
                for line in origin:
                    bar.say(line)
                bar.say(f"{holds}; q ends it")
                while not bar.wait(level, ""):
                    level = alone.level()
            return 0
    if math.isnan(level):
        raise CommandError("the seat doesn't answer: check its wires, and [seat] in the settings", EX_UNAVAILABLE)
    say(f"{level:.3f} {meaning(level, levels)}; {holds}")
    for line in origin:
        say(line)
    return 0


def _analog(asked: argparse.Namespace) -> Settings:
    settings = settings_of(asked, simulated=is_simulated(asked))
    if not is_simulated(asked) or settings.journal.file:
        settings = spoken_settings_of(asked)
    if settings.seat.kind == "contact":
        raise CommandError("seat.kind is contact, which has no levels: unsit check tries it", EX_USAGE)
    return settings


@contextmanager
def _seat(asked: argparse.Namespace, settings: Settings) -> Iterator[SeatAlone]:
    from hardware import seat_alone
    from hardware.simulated.desk import SimulatedDesk

    clock, inbox = RunningClock(), EventQueue()
    clock.start()
    if not is_simulated(asked):
        with seat_alone.on_the_pi(settings, inbox, clock) as alone:
            yield alone
    else:
        with seat_alone.at_the_desk(SimulatedDesk(settings), settings, inbox, clock) as alone:
            yield alone


# ---- the guide


class LeftEarly(Exception):  # noqa: N818 - nothing is wrong, somebody pressed q
    """The person doesn't want to go on."""


class Bar(Protocol):
    """A display that the person reads, and its keys."""

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        ...

    def wait(self, level: float, says: str) -> bool:
        """Show the level for a moment; return whether Enter was pressed. Raises LeftEarly at q."""
        ...


def guided(alone: SeatAlone, bar: Bar, settings: Settings) -> Calibration | Unfit:
    """Ask for one step after the other, read the levels, and judge them."""
    words = vocabulary(settings.screens.language, settings.languages.folder)
    steps = Steps()
    bar.say("Six short steps: press Enter once you are there. q leaves all as it was.")
    while (step := steps.step) is not None:
        alone.show(calibrating(words, step, steps.nth, len(STEPS)))
        bar.say(f"{steps.nth}/{len(STEPS)} {_PLEASE[step]}")
        alone.pretend(_PRETENDED[step])
        while not bar.wait(alone.level(), "press Enter"):
            pass
        steps.there(alone.clock.now())
        _stay(steps, alone, bar)
        for line in _read_in(steps, step):
            bar.say(f"    {line}")
    found = steps.found()
    alone.show(calibrated(words, is_fine=isinstance(found, Calibration)))
    return found


def _read_in(steps: Steps, step: str) -> tuple[str, ...]:
    """What was read in a step, or why it is asked for again."""
    if steps.fault is not None:
        return str(AGAIN), *map(str, steps.fault.todo)
    low, high = steps.spreads()[step]
    return (f"{low:.3f} to {high:.3f}",)


def _stay(steps: Steps, alone: SeatAlone, bar: Bar) -> None:
    """Read the levels while the person stays."""
    while (until := steps.until) is not None:
        now, level = alone.clock.now(), alone.level()
        steps.look(now, level)
        if steps.until is not None:
            bar.wait(level, f"stay so: {math.ceil(until - now)} s")


# ---- the bar


def meaning(level: float, levels: SeatLevels | None) -> str:
    """The level in a word."""
    if math.isnan(level):
        return "no answer"
    if level >= RAIL:
        return "full scale: a wire is off, or shorted"
    if levels is None:
        return "taken or empty: unknown"
    if level >= levels.thresholds.sit_above:
        return "taken"
    return "empty" if level <= levels.thresholds.leave_below else "between: as before"


def drawn(level: float, levels: SeatLevels | None, width: int) -> str:
    """The level as a bar from 0 to 1 of that width, with < and > where a seat is left and taken."""
    full = 0 if math.isnan(level) else round(min(max(level, 0.0), 1.0) * width)
    cells = ["#"] * full + ["."] * (width - full)
    if levels is not None:
        left = min(int(levels.thresholds.leave_below * width), width - 2)
        # Each has a place of its own, even in a bar that is too short to tell them apart.
        taken = max(min(int(levels.thresholds.sit_above * width), width - 1), left + 1)
        cells[left], cells[taken] = "<", ">"
    return f"[{''.join(cells)}] {_number(level)}"


def bar_line(level: float, levels: SeatLevels | None, says: str, columns: int) -> str:
    """The bar, the level and what is said of it, in that many columns; without a bar where it has no room."""
    room = columns - len(f"[] {_number(level)} {says}")
    if room >= _SHORTEST_BAR:
        return f"{drawn(level, levels, min(room, _LONGEST_BAR))} {says}"
    return textwrap.shorten(f"{_number(level).strip()} {says}", max(columns, 10), placeholder=" ...")


def _number(level: float) -> str:
    return "  -  " if math.isnan(level) else f"{level:.3f}"


class TerminalBar:
    """A bar in the terminal, on the line that comes after what was said. Keys are heard, but not echoed."""

    def __init__(self, levels: SeatLevels | None) -> None:
        self._levels = levels

    def __enter__(self) -> TerminalBar:
        from device.desk.window import keys_at_once

        self._keys = keys_at_once()
        self._keys.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        _write("\r\x1b[K")
        self._keys.__exit__(None, None, None)

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        _write(f"\r\x1b[K{folded(line, len(line) - len(line.lstrip()))}\n")

    def wait(self, level: float, says: str) -> bool:
        """Show the level for a moment; return whether Enter was pressed. Raises LeftEarly at q."""
        says = says or meaning(level, self._levels)
        _write(f"\r{bar_line(level, self._levels, says, shutil.get_terminal_size().columns - 1)}\x1b[K")
        readable, _, _ = select.select([sys.stdin], [], [], _LOOKS_EVERY_S)
        if not readable:
            return False
        struck = os.read(sys.stdin.fileno(), 64)
        if not struck:
            raise CommandError("the terminal has gone", EX_UNAVAILABLE)
        if any(key in b"qQ" for key in struck):
            raise LeftEarly
        return any(key in b"\r\n" for key in struck)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
