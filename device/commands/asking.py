"""What the commands share: their options, and how they report errors."""

from __future__ import annotations

import argparse
import difflib
import logging
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from device.files.complaint import ContentError
from device.files.user_file import NoFileError, UserFileError
from device.history.day_file import DayFileError, RecordedDay, read_day
from device.settings.choices import Choices
from device.settings.layers import InForce, in_force
from device.settings.seat_fault import seat_fault, seat_lacks
from device.settings.settings import TOPICS, Settings
from device.settings.settings_file import PLACES, load_settings
from device.words.facts import Choice

if TYPE_CHECKING:
    from device.run.restart import Start

_log = logging.getLogger(__name__)

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""Where a command is added."""

EX_USAGE = 64
EX_DATA = 65
EX_NO_INPUT = 66
EX_UNAVAILABLE = 69
EX_IO_ERR = 74
EX_CONFIG = 78
"""Exit codes as in BSD's sysexits. After the last one the service isn't restarted."""


_YEARS = range(1970, 2200)
"""The years for which time zones are known."""


class Parser(argparse.ArgumentParser):
    """A parser that suggests the nearest word for one that it doesn't know."""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is None or value in action.choices:
            return
        choices, said = [str(each) for each in action.choices], str(value)
        near = [each for each in choices if said and each.startswith(said)] or difflib.get_close_matches(said, choices)
        hint = f"nearest: {' or '.join(near)}" if near else f"there are {', '.join(choices)}"
        raise argparse.ArgumentError(action, f'there is no "{said:.60}"; {hint}')


class CommandError(Exception):
    """The command can't do what it was asked; one line, and the exit code."""

    def __init__(self, line: str, code: int) -> None:
        super().__init__(line)
        self.code = code


def command(
    commands: Commands, name: str, does: Callable[[argparse.Namespace], int], says: str
) -> argparse.ArgumentParser:
    """Add a command; the caller adds its arguments. `does` returns the exit code."""
    parser = commands.add_parser(name, help=says, description=says[0].upper() + says[1:] + ".")
    parser.set_defaults(command=does)
    return parser


def takes_settings(parser: argparse.ArgumentParser, *, also_before: bool = False) -> None:
    """Add the options for the settings file and for single settings.

    With `also_before` they may stand before this command, too, and hold unless they are given again.
    """
    unless = argparse.SUPPRESS if also_before else None
    parser.add_argument("--config", type=Path, default=unless, metavar="FILE",
                        help="the settings file; without it /etc/unsit/unsit.toml")  # fmt: skip
    parser.add_argument("--set", dest="overrides", action="append", default=unless or [], metavar="KEY=VALUE",
                        help="change one setting, such as limits.due_after=90min; can be repeated")  # fmt: skip


def a_date(text: str) -> date:
    """Read a day from the command line."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise argparse.ArgumentTypeError(f"{text:.60}: write it as 2026-03-02; years are {_YEARS[0]} to {_YEARS[-1]}")
    return day


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Returns a reader of numbers within these bounds."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text:.60}; allowed: a whole number from {low} to {high}")
        return int(text)

    return read


def settings_of(asked: argparse.Namespace, *, simulated: bool = False) -> Settings:
    """The settings in force for this call. Raises SettingsError."""
    return _told(in_force_of(asked, simulated=simulated)).settings


def in_force_of(asked: argparse.Namespace, *, simulated: bool = False, folder: Path | None = None) -> InForce:
    """The same with where they come from. Changes made on the page of a simulated desk lie beside its own journal.

    `folder` has the temporary journal of such a desk.

    Raises SettingsError.
    """
    from device.journal.place import changes_beside, changes_file, desk_changes_file

    def place(settings: Settings) -> Path | None:
        if not simulated:
            return changes_file(settings)
        return desk_changes_file(settings) or (folder and changes_beside(folder / "journal.db"))

    return in_force(asked.config, asked.overrides, PLACES, place, offers_stretches)


def _told(found: InForce) -> InForce:
    if found.trouble is not None:
        _log.warning("%s", found.trouble)
    if found.broker_trouble:
        _log.warning("%s; the device goes on without a broker", found.broker_trouble)
    return found


def offers_stretches(settings: Settings) -> None:
    """Raise ContentError for settings that leave no stretch, or name a language or file that isn't there."""
    from device.stretches.repertoire import repertoire

    repertoire(settings)


def as_calibrated(settings: Settings, *, simulated: bool = False) -> Settings:
    """The same with the seat's calibration. If the calibration makes no sense, say so and go on without it.

    A simulated seat has one only beside a journal that the settings name.
    """
    settings, warning = calibrated_or_why_not(settings, simulated=simulated)
    if warning:
        _log.warning("%s", warning)
    return settings


def calibrated_or_why_not(settings: Settings, *, simulated: bool = False) -> tuple[Settings, str]:
    """The same, and what there is to say if the calibration or [seat] in the settings doesn't hold."""
    if settings.seat.kind == "contact":
        return settings, ""
    from device.journal.place import calibration_file, desk_calibration_file
    from device.settings.calibration_file import calibrated, read_calibration

    own, none = settings.seat, "the seat counts as not calibrated"
    file = desk_calibration_file(settings) if simulated else calibration_file(settings)
    try:
        found = read_calibration(file) if file else None
    except UserFileError as error:
        return settings, f"{'only [seat] in the settings holds' if own.levels else none}: {error}"
    if found is None:
        lacks = seat_lacks(own)
        return settings, f"{none}: {lacks}" if lacks else ""
    together = calibrated(settings, *found)
    if together is None:
        # Its levels alone would be levels that nobody meant.
        bare = replace(settings, seat=replace(own, seated=0.0)) if own.seated else settings
        return bare, f"{none}: {seat_fault(own, found[0].levels)}"
    return together, ""


def as_it_is_now(settings: Settings) -> tuple[Settings, list[str]]:
    """The same with the levels to which the seat has drifted since its calibration; and where they come from."""
    from device.history.seat_now import origin_says, seat_now
    from device.journal.place import journal_to_read
    from device.journal.reader import past

    if settings.seat.kind == "contact":
        return settings, []
    known = past(journal_to_read(settings))
    return replace(settings, seat=seat_now(settings.seat, known)), list(origin_says(settings.seat, known))


def spoken_settings_of(asked: argparse.Namespace) -> Settings:
    """The same in the language chosen at the device, unless the settings name one. Raises SettingsError."""
    from device.journal.place import journal_to_read
    from device.journal.reader import JournalError, choices
    from device.languages.language_files import languages

    found = _told(in_force_of(asked))
    settings = found.settings
    if "language" not in found.left_open(TOPICS):
        return settings
    chosen, file = Choices(), journal_to_read(settings)
    # Without the journal nothing counts as chosen. A command that needs the journal for more reports it.
    with suppress(OSError, JournalError):
        for fact in choices(file) if file.exists() else ():
            chosen.take(fact)
    language = chosen.value("language") or ""
    return speaking(settings, language) if language in languages(settings.languages.folder) else settings


def speaking(settings: Settings, language: str) -> Settings:
    """The same settings in that language."""
    return replace(settings, screens=replace(settings.screens, language=language))


def start_of(
    asked: argparse.Namespace,
    carried: Sequence[str] = (),
    routines: Sequence[Sequence[str]] = (),
    choices: Sequence[Choice] = (),
    asks: Sequence[str] = (),
    *,
    simulated: bool = False,
) -> Start:
    """A start of a recorded day. The day's settings override the computer's, and --set overrides both.

    A simulated seat doesn't go by the service's calibration. A recorded day does, unless it carries settings.
    """
    from device.run.restart import Start, by_plan
    from device.stretches.repertoire import in_every_language, repertoire

    if carried:
        overrides = [*carried, *asked.overrides]
        settings = load_settings(asked.config, overrides, (), recorded=True)[0]
    else:
        settings = settings_of(asked, simulated=simulated)
    own_seat = settings.seat
    settings = settings if carried else as_calibrated(settings, simulated=simulated)
    spoken = in_every_language(settings) if choices or asks else {}
    return Start(settings, repertoire(settings), routines, choices, asks, spoken, by_plan(settings), own_seat)


def starts_of(asked: argparse.Namespace, day: RecordedDay) -> dict[float, Start]:
    """Every start of a recorded day by its instant, and one for each change of settings while the device runs."""
    carried = day.carried_by_turn
    told = day.routines, day.choices_at_start
    try:
        made = {each: start_of(asked, each, *told, day.asks) for each in set(carried.values())}
    except ContentError as error:
        raise _fault_of(day, error) from error
    return {t: replace(made[each], asks=day.asks_at(t)) for t, each in carried.items()}


def _fault_of(day: RecordedDay, error: ContentError) -> Exception:
    """The line of the day that names something missing; None if the error is elsewhere."""
    # If a selection leaves no stretch, name any of its settings.
    lines = [
        line
        for key, line in day.settings_in.items()
        if str(error).startswith(f"{key}: ") or (key.startswith("stretches.") and str(error).startswith("stretches: "))
    ]
    if not lines:
        return error
    # The error about a language says this already.
    own = "; stretches of your own: --set stretches.folder=..." if str(error).startswith("stretches") else ""
    return DayFileError(f"{day.file}: line {lines[-1]}: setting: {error}{own}")


def day_of(file: Path) -> RecordedDay:
    """Read the day file."""
    try:
        return read_day(file)
    except NoFileError as error:
        raise CommandError(str(error), EX_NO_INPUT) from error


def is_simulated(asked: argparse.Namespace) -> bool:
    """Whether --hardware means the simulated parts; left to itself it does so where this computer is no Pi."""
    from hardware import parts

    return bool(asked.hardware == "simulated" or (asked.hardware == "auto" and not parts.is_a_pi()))


def in_terminal() -> bool:
    """Whether somebody reads at a terminal and may press keys."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def shows_colours() -> bool:
    """Whether what is printed may have colours: in a terminal that has them, unless NO_COLOR asks for none."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(line: str, indent: int = 0) -> None:
    """Print the text at once. In a terminal, words stay whole, and what goes on below is indented."""
    print(folded(line, indent) if sys.stdout.isatty() else line, flush=True)


def folded(line: str, indent: int = 0) -> str:
    """The text with line breaks between words, so that it fits into the terminal."""
    columns = shutil.get_terminal_size().columns
    return textwrap.fill(
        line, max(columns, 20), subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False
    )
