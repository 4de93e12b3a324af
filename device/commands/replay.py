"""`unsit demo` and `unsit replay`: a made-up hour to look at, and a recorded day whose facts are printed."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from device.commands.asking import (
    EX_DATA,
    EX_USAGE,
    CommandError,
    Commands,
    command,
    day_of,
    in_terminal,
    say,
    starts_of,
    takes_settings,
)
from device.commands.writing import written, written_along
from device.history.day_file import RecordedDay
from device.run.clock import RecordedClock
from device.run.loop import EventQueue, Performer
from device.run.moments import Moment
from device.run.restart import Start
from device.run.telling import Telling, Totalling, fact_line
from device.settings.settings import Settings, has_lookout
from device.settings.settings_file import load_settings
from device.stretches.repertoire import repertoire
from device.words.instants import HOUR_S

if TYPE_CHECKING:
    from hardware.parts import WiredDesk

_LOOKED_AT_DAYS = 14
"""The most days with pictures. The facts of a year take seconds, but each picture is drawn and sent over a model."""


def offer(commands: Commands) -> None:
    """Add the commands."""
    takes_settings(command(commands, "demo", _demo, "show a working hour at the simulated desk in half a minute"))
    replay = command(commands, "replay", _replay, "play a day file and print the facts of that day")
    replay.add_argument("day", type=Path, metavar="DAY.csv", help="a day file, with the columns t,input,value")
    takes_settings(replay)
    replay.add_argument(
        "--bus-log", type=Path, metavar="FILE", help="list each write on the I2C bus: seconds, address, bytes"
    )
    replay.add_argument("--screenshot", type=_screenshot, action="append", default=[], metavar="T=FILE.png",
                        help="draw what the panel shows at T seconds; can be repeated")  # fmt: skip
    replay.add_argument("--summary", action="store_true", help="print the figures of the day, not its facts")


def _demo(asked: argparse.Namespace) -> int:
    from device.commands.desk import live_desk, told_by, window
    from device.desk import demo
    from device.desk.live import until_told_to_stop

    settings = load_settings(asked.config, [*demo.SETTINGS, *asked.overrides])[0]
    things, desk = live_desk(Start(settings, repertoire(settings)), demo.SPEEDS[0][1], demo.DAY)
    desk.change_speed_at(demo.SPEEDS)
    desk.stop_at(demo.DAY.end)
    told = partial(demo.told, settings)
    with until_told_to_stop(desk):
        if not in_terminal():
            desk.run(told_by(Telling(told, say)))
        else:
            with window(things, desk, {"q": desk.stop}, "q quit") as latest:
                desk.run(told_by(Telling(told, latest.append)))
    print(demo.FAREWELL)
    return 0


def _replay(asked: argparse.Namespace) -> int:
    day = day_of(asked.day)
    for t, file in asked.screenshot:
        if t > day.end:
            raise CommandError(f"--screenshot {t:g}={file}: the day ends at {day.end:g} s", EX_USAGE)
    for t, changes in day.thinned:
        print(f"unsit: {asked.day}: {t:g} s: {changes}; facts near there may differ", file=sys.stderr)
    starts = starts_of(asked, day)
    for line in _what_the_seat_misses(day, starts[0.0].settings):
        print(f"unsit: {asked.day}: {line}", file=sys.stderr)
    totals = Totalling(starts[0.0].settings.limits.in_time_s)
    with ExitStack() as until_done:
        bus_log = until_done.enter_context(written_along(asked.bus_log)) if asked.bus_log else None
        _play(asked, day, starts, bus_log, totals if asked.summary else Telling(fact_line, print))
    if asked.summary:
        print(json.dumps(totals.figures(day.end).as_data()))
    return 0


def _what_the_seat_misses(day: RecordedDay, settings: Settings) -> Iterator[str]:
    """Why rows of the day don't have the effect that somebody may expect of them."""
    levels = "--set seat.empty=... --set seat.seated=... (what it reads so)"
    if day.has_levels and settings.seat.kind == "contact":
        yield (
            "has levels, but seat.kind is contact, which has none: they change nothing; "
            f"--set seat.kind=ads1115 (or mcp3008) {levels}"
        )
    elif day.moves_seat and settings.seat.kind != "contact" and settings.seat.levels is None:
        yield f"the seat isn't calibrated, so it is never taken; {levels}, or --set seat.kind=contact"


def _play(
    asked: argparse.Namespace,
    day: RecordedDay,
    starts: Mapping[float, Start],
    bus_log: Callable[[str], object] | None,
    listener: Performer,
) -> None:
    from device.run.replay import BareDesk, Replay

    # Panel and bus take time, so they are there only if somebody looks at them or unplugs them.
    is_seen = bus_log is not None or bool(asked.screenshot) or any(row.part == "panel" for row in day.rows)
    is_long = day.end > _LOOKED_AT_DAYS * 24 * HOUR_S
    if is_seen and is_long:
        what = f"lasts {day.end / 24 / HOUR_S:.0f} days, too long to look at the panel all the time"
        raise CommandError(f"{asked.day}: {what}; allowed: up to {_LOOKED_AT_DAYS}", EX_DATA)
    clock, inbox, settings = RecordedClock(), EventQueue(), starts[0.0].settings
    if day.is_heard:
        # What the device heard is told to it as it is: a sensor that looks would hear it a moment later.
        settings = replace(settings, seat=replace(settings.seat, kind="contact"))
    if is_seen or (has_lookout(settings) and not is_long):
        desk, shots = _wired_desk(asked, settings, clock, inbox, bus_log, is_seen=is_seen)
        Replay(starts.__getitem__, clock, inbox, desk, [listener]).play(day, shots)
    else:
        Replay(starts.__getitem__, clock, inbox, BareDesk(inbox, clock, settings.seat), [listener]).play(day)


def _wired_desk(
    asked: argparse.Namespace,
    settings: Settings,
    clock: RecordedClock,
    inbox: EventQueue,
    bus_log: Callable[[str], object] | None,
    *,
    is_seen: bool,
) -> tuple[WiredDesk, list[Moment]]:
    """The desk with its parts, and the screenshots to take."""
    from hardware.parts import WiredDesk
    from hardware.simulated.desk import SimulatedDesk

    def log(address: int, payload: bytes) -> None:
        if bus_log is not None:
            bus_log(f"{clock.at:.3f} {address:02x} {payload.hex()}\n")

    def save(file: Path) -> None:
        with written(file) as draft:
            things.picture().save(draft)

    things = SimulatedDesk(settings, log)
    shots = [Moment(t, partial(save, file)) for t, file in asked.screenshot]
    return WiredDesk(things, settings, inbox, clock, is_seen=is_seen), shots


def _screenshot(text: str) -> tuple[float, Path]:
    t, _, file = text.partition("=")
    if not file.endswith(".png") or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", t):
        raise argparse.ArgumentTypeError(f"{text}: write it as T=FILE.png, with T in seconds")
    return float(t), Path(file)
