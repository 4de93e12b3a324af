"""The command line: what the device is asked to do, and with which parts."""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import textwrap
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from device import __version__
from device.clock import RecordedClock, RunningClock, SystemWall
from device.daemon import EventQueue, Onlooker, Performer
from device.day_file import Day, DayFileError, read_day
from device.effects import Fact, Movement, Moving
from device.facts import Telling, Totalling, fact_line, fact_text
from device.hands import Moment
from device.instants import whole
from device.line import Line
from device.live import Listen, LiveDesk, run_live, until_told_to_stop
from device.ports import Clock, PartError, Past, Strip, Wall
from device.repertoire import all_stretches, repertoire
from device.report import Report, Told
from device.restart import Start, begins_at
from device.routine import steps
from device.screens import cannot_start
from device.settings import Settings
from device.settings_file import PLACES, SettingsError, as_toml, lines_of, load_settings, panel_settings
from device.stretch_file import ContentError
from device.stretches import Stretch
from device.vocabulary import vocabulary

if TYPE_CHECKING:
    from device.day_page import Present
    from device.export import Exported
    from device.virtual_desk import Scene, Set, VirtualDesk
    from hardware.desk import SimulatedDesk
    from hardware.page.follower import Follower

_log = logging.getLogger(__name__)

EX_USAGE = 64
EX_DATA = 65
EX_NO_INPUT = 66
EX_UNAVAILABLE = 69
EX_CANT_CREATE = 73
EX_CONFIG = 78
"""Exit codes as BSD's sysexits has them; the service isn't restarted after the last."""

_LINE = Path("/run/unsit/line")
"""Where the service is followed."""


_SAFETY = (
    "Stop if it hurts; a mild pull will do. Chest pain, dizziness or shortness of breath: stop at once and get help. "
    "With a new hip, after an operation, pregnant or ill: ask a doctor first. This is no medical advice."
)


class CommandError(Exception):
    """The command can't be done as asked: one line, and the exit code."""

    def __init__(self, line: str, code: int) -> None:
        super().__init__(line)
        self.code = code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(format="unsit: %(message)s", level=logging.INFO)
    try:
        code: int = asked.command(asked)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read along has seen enough, as `| head` does. The interpreter would flush again and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CommandError as error:
        return _complain(error, error.code)
    except DayFileError as error:
        return _complain(error, EX_DATA)
    except (SettingsError, ContentError, PartError) as error:
        return _complain(error, EX_CONFIG)
    return code


def _complain(error: Exception, code: int) -> int:
    print(f"unsit: {error}", file=sys.stderr)
    return code


# ---- what can be asked


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="unsit", description="Knows when you sit, and shows you how to move.", epilog=_SAFETY
    )
    parser.add_argument("--version", action="version", version=f"unsit {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = _command(commands, "run", _run, "be the device")
    _takes_settings(run)
    run.add_argument("--hardware", choices=("auto", "pi", "simulated"), default="auto",
                     help="auto: a Pi's pins on a Pi, the simulated desk elsewhere")  # fmt: skip
    run.add_argument("--terminal", action="store_true", help="the simulated desk here, and not in a browser")
    run.add_argument("--play", type=Path, metavar="DAY.csv", help="let a day file be the hands at the simulated desk")
    run.add_argument(
        "--speed", type=_speed, default=1.0, metavar="N", help="seconds at the simulated desk in one of the world"
    )

    page = _command(commands, "page", _serve_page, "serve the page of a device that runs, to browsers on this computer")
    _takes_settings(page)
    page.add_argument("--line", type=Path, metavar="SOCKET", help="where the device is followed; else the service")

    show = _command(commands, "demo", _demo, "a working hour at the simulated desk in half a minute")
    _takes_settings(show)

    replay = _command(commands, "replay", _replay, "play a recorded day and print its facts")
    replay.add_argument("day", type=Path, metavar="DAY.csv", help="a day file: t,input,value")
    _takes_settings(replay)
    replay.add_argument("--bus-log", type=Path, metavar="FILE", help="write each I2C write: seconds, address, payload")
    replay.add_argument("--screenshot", type=_screenshot, action="append", default=[], metavar="T=FILE.png",
                        help="what an eye would see at T seconds; may be given again")  # fmt: skip
    replay.add_argument("--summary", action="store_true", help="print the day's figures instead")

    check = _command(commands, "check", _check, "go through the parts of the device one by one")
    _takes_settings(check)
    _takes_stretches(commands.add_parser("stretches", help="list, show and draw the stretches it knows"))
    history = _command(commands, "history", _history, "what the days came to, from the journal")
    _takes_settings(history)
    days = history.add_mutually_exclusive_group()
    days.add_argument("--day", type=_date, metavar="DATE", help="all of one day")
    days.add_argument("--week", action="store_true", help="the last seven days; so it is without any of these")
    days.add_argument("--month", action="store_true", help="the last 31 days")
    days.add_argument("--since", type=_date, metavar="DATE", help="from that day on")
    form = history.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="an object for each day, one a line")
    form.add_argument("--csv", action="store_true", help="a line for each day, with a header")
    form.add_argument("--plot", type=Path, metavar="FILE", help="draw the days; ends in .svg or .png")
    why = _command(commands, "why", _why, "why it sounded just now, or didn't")
    _takes_settings(why)
    why.add_argument("--at", type=_time, metavar="TIME", help="at 14:05, or at 2026-03-02T14:05")
    export = _command(commands, "export", _export, "a day out of the journal, as a day file for replay")
    _takes_settings(export)
    export.add_argument("--day", type=_date, metavar="DATE", required=True, help="which one")
    export.add_argument("--out", type=Path, metavar="FILE", help="where to; else it is printed")
    forget = _command(commands, "forget", _forget, "delete what the journal has, for good")
    _takes_settings(forget)
    what = forget.add_mutually_exclusive_group(required=True)
    what.add_argument("--before", type=_date, metavar="DATE", help="all that was before that day")
    what.add_argument("--all", action="store_true", help="all of it, and damaged journals that were set aside")
    settings = _command(commands, "settings", _print_settings, "print the settings in force as a file that loads again")
    _takes_settings(settings)
    silence = _command(commands, "silence", _silence, "silence the buzzer of a device that has died")
    _takes_settings(silence)
    return parser


def _takes_stretches(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=_list_stretches, config=None, overrides=[])
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _takes_settings(_command(commands, "list", _list_stretches, "those that the settings leave in"))
    show = _command(commands, "show", _show_stretch, "play one in the terminal")
    render = _command(commands, "render", _render_stretch, "draw one, moving or as a strip of its poses")
    for each in (show, render):
        each.add_argument("id", metavar="ID", help="such as hip_lunge")
        _takes_settings(each)
    render.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to, ends in .gif, .png or .svg")
    routine = _command(commands, "routine", _print_routine, "the routines of the next breaks")
    _takes_settings(routine)
    routine.add_argument("--minutes", metavar="N", help="how long each is; else as the settings say")
    routine.add_argument("--breaks", type=int, default=1, metavar="N", help="for so many breaks, one after the other")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: Callable[[argparse.Namespace], int],
    says: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=says, description=says[0].upper() + says[1:] + ".")
    parser.set_defaults(command=command)
    return parser


def _takes_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, metavar="FILE", help="the settings file; else /etc/unsit/unsit.toml")
    parser.add_argument("--set", dest="overrides", action="append", default=[], metavar="KEY=VALUE",
                        help="one setting, such as limits.due_after=90min; may be given again")  # fmt: skip


def _speed(text: str) -> float:
    speed = float(text)
    if not 0.1 <= speed <= 10_000:
        raise argparse.ArgumentTypeError(f"{text} is out of bounds; allowed: 0.1 to 10000")
    return speed


def _screenshot(text: str) -> tuple[float, Path]:
    t, _, file = text.partition("=")
    if not file.endswith(".png") or not t.replace(".", "", 1).isdigit():
        raise argparse.ArgumentTypeError(f"{text}: write it as T=FILE.png, with T in seconds")
    return float(t), Path(file)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: write it as 2026-03-02") from None


def _time(text: str) -> datetime:
    """A time of day is the last of that kind."""
    try:
        if "T" in text or " " in text:
            return datetime.fromisoformat(text).astimezone()
        now = datetime.now().astimezone()
        at = datetime.combine(now.date(), time.fromisoformat(text)).astimezone()
        return at if at <= now else datetime.combine(now.date() - timedelta(days=1), at.time()).astimezone()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text}: write it as 14:05 or 2026-03-02T14:05") from None


def _settings(asked: argparse.Namespace) -> Settings:
    return load_settings(asked.config, asked.overrides)[0]


# ---- run and demo


def _run(asked: argparse.Namespace) -> int:
    from hardware import parts

    if asked.hardware == "pi" or (asked.hardware == "auto" and parts.is_a_pi()):
        return _run_on_the_pi(asked)
    day = _day(asked.play) if asked.play else None
    if day is not None and len(day.starts) > 1:
        raise CommandError(f"--play {asked.play}: has power rows, which are for `unsit replay`", EX_USAGE)
    if not asked.terminal:
        return _run_with_page(asked, day)
    things, desk = _live_desk(_start_of(asked, day), asked.speed, day, remembers=day is None)
    with until_told_to_stop(desk):
        if not _in_terminal():
            desk.run(_told_by(Telling(fact_line, _print)))
            return 0
        keys = {"s": desk.sit_or_stand, "b": desk.press, "h": desk.hold, "f": desk.faster, "q": desk.stop}
        with _window(things, desk, keys, "s sit/stand   b press   h hold   f faster   q quit") as latest:
            desk.run(_told_by(Telling(fact_text, latest.append)))
    return 0


def _told_by(listener: Performer) -> Listen:
    return lambda: ([listener], [])


def _run_with_page(asked: argparse.Namespace, day: Day | None) -> int:
    """The simulated desk, and its page in a process of its own."""
    told = Telling(fact_text if _in_terminal() else fact_line, _print)
    with tempfile.TemporaryDirectory(prefix="unsit-") as folder:
        desk, line, settings = virtual_desk(Path(folder), _start_of(asked, day), asked.speed, day, [told])
        try:
            with until_told_to_stop(desk), page_beside(settings, line) as address:
                _log.info("the desk is at %s", address)
                desk.run()
        except subprocess.CalledProcessError as ended:
            # It has said itself what is wrong.
            return ended.returncode
    return 0


def virtual_desk(
    folder: Path, start: Start, speed: float = 1.0, day: Day | None = None, listeners: Sequence[Performer] = ()
) -> tuple[VirtualDesk, Path, Settings]:
    """The virtual desk with its line in that folder, and there the journal too, unless the settings name a place.

    Returns the path of the line and the settings in force as well.
    """
    from device import demo
    from device.virtual_desk import VirtualDesk

    # A recorded day begins with itself; but where the journal is for this once, all of it belongs to the day.
    remembers = day is None or not start.settings.journal.file
    if not start.settings.journal.file:
        journal = replace(start.settings.journal, file=str(folder / "journal.db"))
        start = replace(start, settings=replace(start.settings, journal=journal))

    def own(scene: Scene) -> Set:
        return _set(scene, listeners, *_live_desk(start, speed, day, remembers=remembers))

    def recorded(scene: Scene) -> Set:
        things, desk = _live_desk(Start(Settings(), repertoire(Settings())), 1.0, demo.working_day())
        desk.change_speed_at(demo.WORKING_DAY_SPEEDS)
        return _set(scene, [], things, desk)

    line = folder / _LINE.name
    return VirtualDesk(line, own, recorded, demo.WORKING_DAY), line, start.settings


def _set(scene: Scene, listeners: Sequence[Performer], things: SimulatedDesk, desk: LiveDesk) -> Set:
    """The simulated desk in a scene: what is seen and heard there is told on the line."""
    from device.virtual_desk import Set
    from hardware.panel_watch import PanelWatch

    watch = PanelWatch(things, scene.stand)
    things.on_sight = watch.look
    things.on_sound = lambda hz: scene.tell("sound", kept=False, hz=hz, at=desk.clock.now())

    def listen() -> tuple[Sequence[Performer], Sequence[Onlooker]]:
        report = _report(scene, desk.clock, desk.wall, desk.settings, simulated=True)
        return [*listeners, report], [report]

    return Set(desk, listen, watch.look, watch.close)


def _report(line: Told, clock: Clock, wall: Wall, settings: Settings, *, simulated: bool) -> Report:
    names = {stretch.id: stretch.name for stretch in all_stretches(settings)}
    return Report(line, clock, wall, names, lines_of(settings), simulated=simulated)


@contextmanager
def page_beside(settings: Settings, line: Path) -> Iterator[str]:
    """The page of this very device, at the address it yields. Raises CalledProcessError where it doesn't start."""
    chosen = [word for each in lines_of(settings) for word in ("--set", each)]
    words = [sys.executable, "-P", "-m", "device", "page", "--config", os.devnull, "--line", str(line), *chosen]
    ours = str(Path(__file__).parents[1])
    path = os.pathsep.join([ours, *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}) as page:
        try:
            assert page.stdout is not None, "asked for above"
            address = page.stdout.readline().strip()
            if not address:
                raise subprocess.CalledProcessError(page.wait(), "page")
            yield address
        finally:
            page.terminate()


def _run_on_the_pi(asked: argparse.Namespace) -> int:
    from hardware import parts

    if asked.play or asked.speed != 1:
        raise CommandError("--play and --speed are for the simulated desk: add --hardware simulated", EX_USAGE)
    clock, inbox = RunningClock(), EventQueue()
    try:
        settings = _settings(asked)
        shows = repertoire(settings)
        wall, before = SystemWall(), _past(settings)
        here = wall.mark(0.0)
        here = replace(here, at=begins_at(before, here))
        clock.set(here.at)
        with (
            until_told_to_stop(inbox),
            parts.on_the_pi(settings, inbox, clock, wall, _lines(settings)) as performers,
            _followed(settings, inbox, clock, wall) as reports,
        ):
            listeners: list[Performer] = [Telling(fact_line, _print), *reports, *performers]
            run_live(Start(settings, shows), clock, inbox, wall, listeners, past=before, here=here, onlookers=reports)
    except (SettingsError, ContentError, PartError) as error:
        parts.show_on_panel(cannot_start(vocabulary(), str(error)), panel_settings(asked.config, asked.overrides))
        raise
    return 0


@contextmanager
def _followed(settings: Settings, inbox: EventQueue, clock: Clock, wall: Wall) -> Iterator[Sequence[Report]]:
    """The line, where the service has a place for it; without one the device does as well."""
    folder = os.environ.get("RUNTIME_DIRECTORY")
    if not folder:
        yield []
        return
    try:
        line = Line(Path(folder, _LINE.name), inbox.wake)
    except OSError as error:
        _log.warning("nobody can follow: %s: %s", folder, error.strerror)
        yield []
        return
    try:
        yield [_report(line, clock, wall, settings, simulated=False)]
    finally:
        line.close()


def _demo(asked: argparse.Namespace) -> int:
    from device import demo

    settings = load_settings(asked.config, [*demo.SETTINGS, *asked.overrides])[0]
    things, desk = _live_desk(Start(settings, repertoire(settings)), demo.SPEEDS[0][1], demo.DAY)
    desk.change_speed_at(demo.SPEEDS)
    desk.stop_at(demo.DAY.end)
    with until_told_to_stop(desk):
        if not _in_terminal():
            desk.run(_told_by(Telling(demo.told, _print)))
        else:
            with _window(things, desk, {"q": desk.stop}, "q quit") as latest:
                desk.run(_told_by(Telling(demo.told, latest.append)))
    print(demo.FAREWELL)
    return 0


def _past(settings: Settings) -> Past | None:
    """What the journal knows of the time before this start."""
    from hardware.journal import journal_file
    from hardware.journal_reader import past

    file = journal_file(settings)
    return past(file) if file else None


def _lines(settings: Settings) -> str:
    return "\n".join(lines_of(settings))


def _live_desk(
    start: Start, speed: float, day: Day | None, *, remembers: bool = False
) -> tuple[SimulatedDesk, LiveDesk]:
    """The things on the desk, and the device among them, which may remember what its journal has."""
    from hardware.desk import SimulatedDesk
    from hardware.parts import at_the_desk

    things = SimulatedDesk(start.settings)
    parts = partial(at_the_desk, things, start.settings, lines=_lines(start.settings))
    return things, LiveDesk(start, things, parts, speed, day, partial(_past, start.settings) if remembers else None)


@contextmanager
def _window(
    things: SimulatedDesk, desk: LiveDesk, keys: Mapping[str, Callable[[], object]], says: str
) -> Iterator[deque[str]]:
    """The panel drawn in the terminal, and below it what is appended to the lines."""
    from hardware.window import Window

    latest: deque[str] = deque(maxlen=4)

    def below() -> list[str]:
        return ["", f" {desk.says}", f" {says}", "", *(f" {line}" for line in list(latest))]

    with Window(things.picture, below, keys), _logging_to(latest):
        yield latest


@contextmanager
def _logging_to(lines: deque[str]) -> Iterator[None]:
    """What is logged goes under the picture instead of through it."""

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    root = logging.getLogger()
    before, root.handlers = root.handlers, [Lines()]
    try:
        yield
    finally:
        root.handlers = before


def _in_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _print(line: str) -> None:
    print(line, flush=True)


# ---- replay


def _replay(asked: argparse.Namespace) -> int:
    day = _day(asked.day)
    for t, file in asked.screenshot:
        if t > day.end:
            raise CommandError(f"--screenshot {t:g}={file}: the day ends at {day.end:g} s", EX_USAGE)
    for t, changes in day.thinned:
        print(f"unsit: {asked.day}: {t:g} s: {changes}; facts near there may differ", file=sys.stderr)
    totals = Totalling()
    with ExitStack() as until_done:
        bus_log = until_done.enter_context(_created(asked.bus_log)) if asked.bus_log else None
        _play(asked, day, bus_log, totals if asked.summary else Telling(fact_line, print))
    if asked.summary:
        print(json.dumps(asdict(totals.figures(day.end))))
    return 0


def _play(asked: argparse.Namespace, day: Day, bus_log: TextIO | None, listener: Performer) -> None:
    from device.replay import BareDesk, Replay

    starts = {t: _start_of(asked, day, t) for t in day.starts}
    settings, clock, inbox = starts[0.0].settings, RecordedClock(), EventQueue()
    # Panel and bus are worth their time only when somebody looks at them, or takes them away.
    if bus_log is None and not asked.screenshot and not any(row.part == "panel" for row in day.rows):
        Replay(starts.__getitem__, clock, inbox, BareDesk(inbox, clock), [listener]).play(day)
        return
    from hardware.desk import SimulatedDesk
    from hardware.parts import WiredDesk

    def log(address: int, payload: bytes) -> None:
        if bus_log is not None:
            bus_log.write(f"{clock.at:.3f} {address:02x} {payload.hex()}\n")

    def save(file: Path) -> None:
        with _complaining_about(file):
            desk.picture().save(file)

    desk = SimulatedDesk(settings, log)
    shots = [Moment(t, partial(save, file)) for t, file in asked.screenshot]
    wired = WiredDesk(desk, settings, inbox, clock)
    Replay(starts.__getitem__, clock, inbox, wired, [listener]).play(day, shots)


def _start_of(asked: argparse.Namespace, day: Day | None, t: float = 0.0) -> Start:
    """With the settings that the file carries in the place of the computer's own; --set has the last word."""
    carried = day.settings_at(t) if day else []
    settings = load_settings(asked.config, [*carried, *asked.overrides], () if carried else PLACES)[0]
    return Start(settings, repertoire(settings), day.routines if day else ())


def _created(file: Path) -> TextIO:
    with _complaining_about(file):
        return file.open("w", encoding="ascii")


@contextmanager
def _complaining_about(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", EX_CANT_CREATE) from error


def _day(file: Path) -> Day:
    try:
        return read_day(file)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}", EX_NO_INPUT) from error


# ---- history


def _history(asked: argparse.Namespace) -> int:
    from device.history import COUNTED, by_day, csv_of, json_of, page_of, table_of
    from hardware.journal_reader import runs

    settings = _settings(asked)
    first, last = _asked_days(asked)
    areas = {stretch.id: stretch.area.value for stretch in all_stretches(settings)}
    with _reading_journal(settings) as file:
        told = by_day(runs(file, first, COUNTED), areas)
    days = {day: each for day, each in told.items() if first <= day <= last}
    if asked.plot is not None:
        return _plot(asked.plot, [each.strip for each in days.values()])
    if asked.json or asked.csv:
        lines = json_of(days) if asked.json else csv_of(days)
    else:
        lines = page_of(first, days[first]) if asked.day in days else table_of(days)
    for line in lines:
        print(line)
    return 0


def _asked_days(asked: argparse.Namespace) -> tuple[date, date]:
    """The first and the last."""
    today = date.today()
    if asked.day is not None:
        return asked.day, asked.day
    first = today - timedelta(days=30 if asked.month else 6)
    return asked.since or first, max(today, asked.since or today)


@contextmanager
def _reading_journal(settings: Settings) -> Iterator[Path]:
    from hardware.journal import journal_to_read
    from hardware.journal_reader import JournalError

    try:
        yield journal_to_read(settings)
    except JournalError as error:
        raise CommandError(str(error), EX_NO_INPUT) from error


def _plot(file: Path, strips: Sequence[Strip]) -> int:
    from hardware.week_picture import KINDS, MissingLibrary, draw_week

    if file.suffix not in KINDS:
        raise CommandError(f"--plot {file}: allowed: a name that ends in {' or '.join(KINDS)}", EX_USAGE)
    if not strips:
        raise CommandError("nothing is noted of these days, so there is nothing to draw", EX_NO_INPUT)
    try:
        with _complaining_about(file):
            draw_week(strips, file)
    except MissingLibrary as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error
    return 0


def _export(asked: argparse.Namespace) -> int:
    from device.day_file import write_day

    exported = _exported(_settings(asked), asked.day)
    if exported.left_out:
        print(f"unsit: {asked.day}: {exported.left_out} other runs of that day are left out", file=sys.stderr)
    lines = "".join(f"{line}\n" for line in write_day(exported.day))
    if asked.out is None:
        print(lines, end="")
        return 0
    with _created(asked.out) as file:
        file.write(lines)
    return 0


def _exported(settings: Settings, day: date) -> Exported:
    from device.export import NothingKeptError, export
    from hardware.journal_reader import record

    try:
        with _reading_journal(settings) as file:
            return export(record(file), day)
    except NothingKeptError as error:
        raise CommandError(str(error), EX_NO_INPUT) from error


def _why(asked: argparse.Namespace) -> int:
    from device.facts import Collecting
    from device.replay import BareDesk, Replay
    from device.why import why

    settings, at = _settings(asked), asked.at or datetime.now().astimezone()
    exported = _exported(settings, at.date())
    t = exported.t_of(at) if asked.at else exported.day.end
    if t is None:
        raise CommandError(f"at {at:%H:%M} on {at.date()} the device was off, or nothing is written yet", EX_NO_INPUT)
    day = exported.until(t)
    clock, inbox, told = RecordedClock(), EventQueue(), Collecting()
    starts = {start: _start_of(argparse.Namespace(config=None, overrides=[]), day, start) for start in day.starts}
    replay = Replay(starts.__getitem__, clock, inbox, BareDesk(inbox, clock), [told])
    replay.play(day)
    status = replay.status()
    assert status is not None, "the device was on then"
    for line in why(status, told.facts, lambda instant: f"{exported.when(instant):%H:%M}"):
        print(line)
    return 0


def _forget(asked: argparse.Namespace) -> int:
    import sqlite3

    from hardware.journal import forget_file

    before = None if asked.all else datetime.combine(asked.before, time()).astimezone()
    with _reading_journal(_settings(asked)) as file:
        if not file.exists():
            raise CommandError(f"{file}: there is no journal", EX_NO_INPUT)
        try:
            forget_file(file, before)
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"{file}: {error}", EX_CANT_CREATE) from error
    print("Forgotten. A device that is running still knows what it is counting now.")
    return 0


# ---- the page


def _serve_page(asked: argparse.Namespace) -> int:
    try:
        from hardware.page.follower import Follower
        from hardware.page.server import Sources, serve
    except ModuleNotFoundError as error:
        what = 'pip install "unsit[page]", or use `unsit run --terminal`'
        raise CommandError(f"the page takes {error.name}: {what}", EX_UNAVAILABLE) from error
    from device.virtual_desk import command

    settings = _settings(asked)
    stretches = all_stretches(settings)
    sources = Sources(
        days=partial(_told_days, settings, {stretch.id: stretch.area.value for stretch in stretches}),
        today=_today,
        stretches={stretch.id: stretch for stretch in stretches},
        offered=frozenset(stretch.id for stretch in repertoire(settings).stretches),
        check=command,
    )
    serve(Follower(asked.line or _LINE), sources, settings.page.port, _print)
    return 0


def _told_days(
    settings: Settings, areas: Mapping[str, str], follower: Follower, first: date, last: date
) -> list[Mapping[str, Any]]:
    from device.day_page import told_days, up_to_now
    from device.history import COUNTED, by_day
    from hardware.journal import journal_to_read
    from hardware.journal_reader import JournalError, runs

    try:
        kept = list(runs(journal_to_read(settings), first, COUNTED))
    except JournalError:
        # Nothing is written yet, or it isn't ours to read; what is told now can be shown all the same.
        kept = []
    days = by_day(up_to_now(kept, _present(follower)), areas)
    return told_days({day: each for day, each in days.items() if first <= day <= last})


def _present(follower: Follower) -> Present | None:
    from device.day_page import Present

    told = follower.latest
    if not {"device", "standing", "time"} <= told.keys() or told.get("desk", {}).get("title"):
        return None
    reads, at = told["time"]["reads"], follower.at
    if reads is None or at is None:
        return None
    now = datetime.fromisoformat(reads) + timedelta(seconds=at - told["time"]["at"])
    facts = [Fact(each["t"], each["said"], each["fact"], each["details"]) for each in follower.facts]
    return Present(told["device"]["began"], whole(at), now.astimezone(), told["standing"]["seated"], facts)


def _today(follower: Follower) -> date:
    present = _present(follower)
    return date.today() if present is None else present.reads.date()


# ---- the small ones


def _check(asked: argparse.Namespace) -> int:
    from hardware.check import Check, pi_ends

    def ask(please: str) -> None:
        input(f"           {please} Then press Enter. ")

    settings = _settings(asked)
    clock = RunningClock()
    check = Check(settings, pi_ends(settings), EventQueue(), clock, ask, _print)
    clock.start()
    try:
        return 0 if check.run() else 1
    except (EOFError, KeyboardInterrupt):
        raise CommandError("check asks you to sit, press and look: run it in a terminal", EX_USAGE) from None


def _list_stretches(asked: argparse.Namespace) -> int:
    for stretch in repertoire(_settings(asked)).stretches:
        print(_about(stretch))
    return 0


def _show_stretch(asked: argparse.Namespace) -> int:
    from hardware.drawing import draw
    from hardware.window import Window

    stretch = _asked_stretch(asked)
    if not _in_terminal():
        print(_about(stretch))
        return 0
    inbox, clock = EventQueue(), RunningClock()
    screen = Movement(Moving(stretch.figure, False, 0.0), "", "")
    below = ["", *_about(stretch).splitlines(), " q quit"]
    with until_told_to_stop(inbox), Window(lambda: draw(screen, clock.now()), lambda: below, {"q": inbox.stop}):
        clock.start()
        while not inbox.stopped:
            inbox.wait(None)
    return 0


def _render_stretch(asked: argparse.Namespace) -> int:
    from hardware.pictures import KINDS, render

    stretch = _asked_stretch(asked)
    if asked.out.suffix not in KINDS:
        raise CommandError(f"--out {asked.out}: allowed: a name that ends in {', '.join(KINDS)}", EX_USAGE)
    with _complaining_about(asked.out):
        render(stretch, asked.out)
    return 0


def _asked_stretch(asked: argparse.Namespace) -> Stretch:
    """The one of that id, whatever the settings leave out."""
    import difflib

    known = {stretch.id: stretch for stretch in all_stretches(_settings(asked))}
    if asked.id not in known:
        near = difflib.get_close_matches(asked.id, known, n=1)
        hint = f"nearest: {near[0]}" if near else f"there are {', '.join(known)}"
        raise CommandError(f'there is no stretch "{asked.id}"; {hint}', EX_USAGE)
    return known[asked.id]


def _print_routine(asked: argparse.Namespace) -> int:
    minutes = [] if asked.minutes is None else [f"stretches.minutes={asked.minutes}"]
    settings = load_settings(asked.config, [*asked.overrides, *minutes])[0]
    shows = repertoire(settings)
    history: list[list[str]] = []
    for _ in range(asked.breaks):
        routine = shows.routine(history, settings.guide)
        history.append([turn.stretch.id for turn in routine])
        lasts_s = sum(step.lasts_s for step in steps(routine, settings.guide))
        print(f"{lasts_s / 60:.1f} min")
        for turn in routine:
            print(f"  {turn.stretch.name:18}  {_amount_text(turn.stretch, str(turn.amount))}")
    return 0


def _about(stretch: Stretch) -> str:
    steps = " ".join(" ".join(page) for page in stretch.steps)
    sources = "; ".join(stretch.sources)
    told = {
        "Why": stretch.why,
        "For": f"{stretch.area.value.replace('_', ' ')}: {stretch.muscles}",
        "Dose": _dose_text(stretch),
        "How": steps,
        "Feel": stretch.feel,
        "Stop if": stretch.stop,
        "Not": stretch.mistake,
        "Care": stretch.caution,
        "Easier": stretch.easier,
        "Takes": ", ".join(sorted(stretch.needs)) or "nothing",
        "Not for": ", ".join(sorted(stretch.leave_out | stretch.not_in)) or "nobody in particular",
        "Sources": sources,
    }
    lines = [f"{stretch.name} ({stretch.id})"]
    for word, text in told.items():
        lines += textwrap.wrap(text, 96, initial_indent=f"  {word:8} ", subsequent_indent=" " * 11)
    return "\n".join(lines) + "\n"


def _dose_text(stretch: Stretch) -> str:
    least, most = stretch.least, stretch.most
    return _amount_text(stretch, f"{least}" if least == most else f"{least} to {most}")


def _amount_text(stretch: Stretch, amount: str) -> str:
    dose = f"{amount} times" if stretch.counted else f"{amount} s"
    return f"{dose} each side" if len(stretch.sides) > 1 else dose


def _print_settings(asked: argparse.Namespace) -> int:
    print(as_toml(*load_settings(asked.config, asked.overrides)), end="")
    return 0


def _silence(asked: argparse.Namespace) -> int:
    from hardware.pins import silence

    silence(_settings(asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
