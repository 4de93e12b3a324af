"""`unsit run`: runs the device, on a Pi with its pins, elsewhere at the simulated desk."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from device.changes.changes import Changes, ChangesTold, go_back_at_start
from device.changes.office import TakesPresets, offering_orders
from device.changes.real_device import RealDevice
from device.changes.seat_told import SeatTold
from device.commands.asking import (
    EX_CONFIG,
    EX_IO_ERR,
    EX_UNAVAILABLE,
    EX_USAGE,
    CommandError,
    Commands,
    as_calibrated,
    command,
    day_of,
    in_force_of,
    in_terminal,
    is_simulated,
    start_of,
    starts_of,
    takes_settings,
)
from device.commands.desk import (
    feed_of,
    goes_by,
    in_words,
    kept_choices,
    lines_text,
    live_desk,
    orders_of,
    pairing_of,
    past_of,
    told_by,
    virtual_desk,
    window,
)
from device.commands.page import page_beside
from device.desk.calibrating import DeskCalibration, SeatAndPanel
from device.desk.live import LiveDesk, until_told_to_stop
from device.files.complaint import ContentError
from device.history.day_file import RecordedDay
from device.languages.screen_words import vocabulary
from device.phones.pairing import PairingTold
from device.run.aside import Say, aside
from device.run.clock import RunningClock, SystemWall
from device.run.feed import Feed
from device.run.line import SERVICE, Line, NoLineError
from device.run.loop import EventQueue, Onlooker, Performer
from device.run.restart import Start, begins_at, by_plan
from device.run.telling import Telling, fact_line
from device.screens.screens import cannot_start
from device.settings.changes_file import before_file
from device.settings.choices import key_of
from device.settings.layers import InForce, in_force, panel_settings
from device.settings.settings import TOPICS, PageSettings, Settings
from device.settings.settings_file import SettingsError
from device.settings.settings_place import whence
from device.stretches.repertoire import Repertoire, in_every_language, repertoire
from device.words.events import Event
from device.words.facts import Choice
from device.words.ports import Clock, Inbox, PartError, Wall

if TYPE_CHECKING:
    from hardware.simulated.desk import SimulatedDesk

_log = logging.getLogger(__name__)

_HEAVIER = 0.1
"""One press of a key changes the weight by this part of a usual person's."""


def offer(commands: Commands) -> None:
    """Add the command."""
    run = command(commands, "run", _run, "run the device: a Pi with its parts, or the simulated desk")
    takes_settings(run)
    run.add_argument("--hardware", choices=("auto", "pi", "simulated"), default="auto",
                     help="auto (if not given): the pins on a Pi, the simulated desk elsewhere")  # fmt: skip
    run.add_argument(
        "--terminal", action="store_true", help="show the simulated desk in this terminal, not in a browser"
    )
    run.add_argument(
        "--play",
        type=Path,
        metavar="DAY.csv",
        help="play a day file at the simulated desk: it sits and presses for you",
    )
    run.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="N",
        help="how many seconds pass at the simulated desk in one real second",
    )


def _run(asked: argparse.Namespace) -> int:
    with aside() as say:
        return _be_the_device(asked, say)


def _be_the_device(asked: argparse.Namespace, say: Say) -> int:
    if not is_simulated(asked):
        return _run_on_the_pi(asked, say)
    day = day_of(asked.play) if asked.play else None
    if day is None:
        _tell_settings(in_force_of(asked, simulated=True), even_defaults=False)
    if day is not None and len(day.starts) > 1:
        raise CommandError(f"--play {asked.play}: has power rows, which are for `unsit replay`", EX_USAGE)
    if not asked.terminal:
        return _run_with_page(asked, day, say)
    start = _start_of(asked, day)
    if day is None:
        start = _without_page(start)
    with _alone(start.settings):
        things, desk = live_desk(start, asked.speed, day, remembers=day is None, turns=_turns(asked, day))
        # Here it would write over a calibration of the person's own seat, or over one of a recorded day.
        desk.calibration.by_keys = day is None and bool(desk.calibration.says)
        return _run_in_terminal(things, desk, say)


def _without_page(start: Start) -> Start:
    """The same where no phone can be connected, since the page isn't there."""
    page = replace(start.settings.page, reach=PageSettings().reach)
    return replace(start, settings=replace(start.settings, page=page))


def _run_in_terminal(things: SimulatedDesk, desk: LiveDesk, say: Say) -> int:
    """The simulated desk in this terminal: a window and keys, or only facts if there is no terminal."""
    with until_told_to_stop(desk):
        if not in_terminal():
            desk.run(told_by(Telling(fact_line, say)))
            return 0
        hands = {"s": desk.sit_or_stand, "b": desk.press, "h": desk.hold, "f": desk.faster, "n": desk.skip}
        hands |= {"+": partial(desk.weigh_more, _HEAVIER), "-": partial(desk.weigh_more, -_HEAVIER)}
        hands |= {key: partial(desk.switch, scene) for key, scene in (("w", "worn"), ("l", "wire"), ("c", "cat"))}
        says = "s sit/stand   b press   h hold   f faster   n to the next break   q quit"
        says += "   + - heavier, lighter   w worn mat   l loose wire   c cat"
        if desk.calibration.by_keys:
            hands |= {"k": partial(desk.calibrate, True), "\n": lambda: desk.do_step(desk.calibration.step)}
            says += "   k calibrate"
        with window(things, desk, {**hands, "q": desk.stop}, says) as latest:
            desk.run(told_by(Telling(in_words(desk.settings), latest.append)))
    return 0


def _turns(asked: argparse.Namespace, day: RecordedDay | None) -> Mapping[float, Start]:
    """What a recorded day goes by from each change of its settings on."""
    if day is None or not day.changes:
        return {}
    starts = starts_of(asked, day)
    return {t: starts[t] for t in day.changes}


def _start_of(asked: argparse.Namespace, day: RecordedDay | None) -> Start:
    if day is not None:
        return starts_of(asked, day)[0.0]
    start = start_of(asked, simulated=True)
    if not start.settings.journal.file:
        # Without a journal each start is a first start, and its questions would be in the way.
        return start
    choices = kept_choices(start.settings)
    asks, languages = _open_questions(in_force_of(asked, simulated=True), start.settings, choices)
    return replace(start, choices=choices, asks=asks, languages=languages)


def _open_questions(
    found: InForce, settings: Settings, choices: Sequence[Choice]
) -> tuple[list[str], dict[str, Repertoire]]:
    """The topics that the device may ask about, and the repertoires of the languages that it may need."""
    asks = found.left_open(TOPICS)
    if not settings.screens.safety_s:
        is_chosen = "language" in asks and any(key_of(each) == "language" for each in choices)
        return [], in_every_language(settings) if is_chosen else {}
    if "language" in asks:
        return asks, in_every_language(settings)
    return asks, {settings.screens.language: repertoire(settings)}


def _run_with_page(asked: argparse.Namespace, day: RecordedDay | None, say: Say) -> int:
    """The simulated desk, with its page in a separate process."""
    start = _start_of(asked, day)
    told = Telling(in_words(start.settings) if in_terminal() else fact_line, say)
    with tempfile.TemporaryDirectory(prefix="unsit-") as folder, _alone(start.settings):
        found = in_force_of(asked, simulated=True, folder=Path(folder)) if day is None else None
        try:
            desk, line, settings = virtual_desk(
                Path(folder), start, asked.speed, day, [told], found, _open_at_the_desk, _turns(asked, day)
            )
        except NoLineError as error:
            raise CommandError(f"the page can't follow the desk in {folder}: {error.strerror}", EX_IO_ERR) from error
        except OSError as error:
            # The error is about a path of the desk, not of the page.
            raise CommandError(f"{error.filename}: {error.strerror}", EX_CONFIG) from error
        if day is not None:
            # Whoever recorded the day doesn't say who may open this computer's page.
            reach = in_force_of(asked).settings.page.reach
            settings = replace(settings, page=replace(settings.page, reach=reach))
        try:
            with until_told_to_stop(desk), page_beside(settings, line, desk.stop) as address:
                code = desk.first_code() if settings.page.reach == "house" else ""
                _tell_where(address, code)
                _tell_line(line, settings, is_journal_own=bool(start.settings.journal.file))
                desk.run()
        except subprocess.CalledProcessError as ended:
            # The page has already said what is wrong.
            return ended.returncode
    return 0


def _tell_where(address: str, code: str) -> None:
    """Say where the desk is; with a code that lets in whoever started it, and how a phone gets in as well."""
    if not code:
        _log.info("the desk is at %s", address)
        return
    name, port = gethostname().partition(".")[0], urlsplit(address).port
    _log.info("a phone opens http://%s.local:%s/ and takes a code from the panel: press its button, then hold it",
              name, port)  # fmt: skip
    _log.info("the desk is at %s", f"{address}P/{code}")


def _tell_line(line: Path, settings: Settings, *, is_journal_own: bool) -> None:
    """Say how to follow the desk for a broker, if the settings name one."""
    if settings.mqtt.host:
        words = ["unsit", "mqtt", "run", "--line", str(line)]
        journal = [] if is_journal_own else ["--set", f"journal.file={settings.journal.file}"]
        _log.info("for the broker, with the same settings: %s", shlex.join([*words, *journal]))


def _open_at_the_desk(found: InForce, start: Start) -> Start:
    """The start with the questions that these settings leave open."""
    asks, languages = _open_questions(found, start.settings, kept_choices(start.settings)) if start.asks else ([], {})
    return replace(start, asks=asks, languages=languages)


def _tell_settings(found: InForce, overrides: Sequence[str] = (), *, even_defaults: bool = True) -> None:
    """Say which settings are in force, and which similar files are passed over."""
    lines = [*whence(found.file, overrides=overrides), *filter(None, [found.says])]
    if found.trouble is not None and even_defaults:
        _log.warning("settings: %s", found.trouble)
    if found.broker_trouble and even_defaults:
        _log.warning("settings: %s; the device goes on without a broker", found.broker_trouble)
    for line in lines if even_defaults or found.file is not None or len(lines) > 1 else ():
        _log.info("settings: %s", line)


def _start_on_the_pi(found: InForce) -> Start:
    """What the device goes by with these settings. Raises ContentError."""
    settings = as_calibrated(found.settings)
    choices = kept_choices(settings)
    asks, languages = _open_questions(found, settings, choices)
    return Start(settings, repertoire(settings), (), choices, asks, languages, by_plan(settings), found.settings.seat)


def _run_on_the_pi(asked: argparse.Namespace, say: Say) -> int:
    if asked.play or asked.speed != 1:
        raise CommandError("--play and --speed are for the simulated desk: add --hardware simulated", EX_USAGE)
    inbox = EventQueue()
    try:
        found = _in_force_at_start(asked)
        start = _start_on_the_pi(found)
        with _alone(start.settings), until_told_to_stop(inbox):
            _be_the_real_one(asked, found, start, inbox, say)
    except (SettingsError, ContentError, PartError) as error:
        _show_why_not(asked, error)
        raise
    return 0


def _in_force_at_start(asked: argparse.Namespace) -> InForce:
    """The settings in force, without changed wiring that nobody has confirmed."""
    found = in_force_of(asked)
    try:
        if (trouble := go_back_at_start(found.changes)) is None:
            return found
        return replace(in_force_of(asked), trouble=trouble)
    except OSError as error:
        _log.warning("%s: it can't be written: %s", found.changes, error.strerror or error)
        return in_force(asked.config, asked.overrides, changes=lambda _: found.changes and before_file(found.changes))


def _be_the_real_one(asked: argparse.Namespace, found: InForce, start: Start, inbox: EventQueue, say: Say) -> None:
    """Be the device until told to stop, through any number of changes."""
    clock, wall, before = RunningClock(), SystemWall(), past_of(start)
    here = wall.readings(0.0)
    here = replace(here, at=begins_at(before, here))
    clock.set(here.at)
    changes = Changes(found, start, _start_on_the_pi, clock)
    device = _real_device(start, clock, wall, inbox, changes)

    def begun() -> None:
        _tell_settings(found, asked.overrides)
        if not wall.is_right:
            _log.info("the time isn't known yet: until then dates are guesses, and a cut counts as a full break")

    with _followed(start.settings, inbox, clock, wall, device, changes) as (reports, onlookers):
        device.run([Telling(fact_line, say), *reports], onlookers, before, here, begun)


def _real_device(
    start: Start, clock: RunningClock, wall: SystemWall, inbox: EventQueue, changes: Changes
) -> RealDevice:
    from device.journal.place import calibration_file
    from hardware import parts, seat_alone

    def open_journal(settings: Settings) -> AbstractContextManager[Sequence[Performer]]:
        return parts.journal_of(settings, lines_text(settings), clock, wall, inbox)

    def open_parts(settings: Settings, journal: Sequence[Any]) -> AbstractContextManager[Sequence[Performer]]:
        return parts.on_the_pi(settings, inbox, clock, wall, journal=journal)

    def alone(inbox: Inbox, clock: Clock) -> AbstractContextManager[SeatAndPanel]:
        return seat_alone.on_the_pi(calibration.start.settings, inbox, clock)

    calibration = DeskCalibration(start, clock, wall, alone, calibration_file)
    device = RealDevice(start, clock, wall, inbox, open_journal, open_parts, past_of, calibration, changes.fail)
    changes.join(device.plan, device.put_in_force)
    return device


def _show_why_not(asked: argparse.Namespace, error: Exception) -> None:
    """Show on the panel why the device doesn't start."""
    from device.journal.place import changes_file
    from hardware import parts

    panel = panel_settings(asked.config, asked.overrides, changes_file)
    parts.show_on_panel(cannot_start(vocabulary(), str(error)), panel)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Keep other devices from writing the same journal."""
    from device.journal.beside import JournalTakenError, written_alone
    from device.journal.place import journal_file

    try:
        with written_alone(journal_file(settings)):
            yield
    except JournalTakenError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error


_Reports = tuple[Sequence[Performer], Sequence[Onlooker]]
"""Who hears what the device does, and who looks at it after each round."""


@contextmanager
def _followed(
    settings: Settings, inbox: EventQueue, clock: Clock, wall: Wall, device: RealDevice, changes: Changes
) -> Iterator[_Reports]:
    """The line, if the service has a folder for it. The device works without one, too."""
    folder = os.environ.get("RUNTIME_DIRECTORY")
    if not folder:
        yield [], []
        return

    def tell(event: Callable[[float], Event]) -> None:
        inbox.put(event(clock.now()))

    pairing = pairing_of(tell, clock, wall, settings)
    others = {**pairing.orders, **changes.orders, **device.orders, **offering_orders(tell, clock, wall)}
    obey = orders_of(tell, clock, wall, lambda: device.settings, others)
    try:
        line = Line(Path(folder, SERVICE.name), inbox.wake, obey=obey)
    except OSError as error:
        _log.warning("the device can't be followed: %s: %s", folder, error.strerror)
        yield [], []
        return
    try:
        feed = feed_of(line, clock, wall, settings, simulated=False)
        device.seat_told = SeatTold(line, clock, device.calibration)
        device.on_change = partial(_go_by, feed, changes, device.calibration)
        onlookers: list[Onlooker] = [
            *(obey, feed, PairingTold(pairing, line), ChangesTold(changes, line), device.seat_told)
        ]
        yield [feed, pairing, device.seat_told, TakesPresets(changes)], onlookers
    finally:
        line.close()


def _go_by(feed: Feed, changes: Changes, calibration: DeskCalibration, settings: Settings) -> None:
    """Have followers hear of other settings, or of another calibration."""
    changes.know(calibration.start)
    goes_by(feed, settings)


def _speed(text: str) -> float:
    allowed = "a number from 0.1 to 10000"
    try:
        speed = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text:.60} is no number; allowed: {allowed}") from None
    if not 0.1 <= speed <= 10_000:
        raise argparse.ArgumentTypeError(f"{text:.60} is out of bounds; allowed: {allowed}")
    return speed
