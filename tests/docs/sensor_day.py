"""A day at a desk with the sensor of docs/adding-a-sensor.md, three times. It runs where the sensor's file is.

`python -m tests.docs.sensor_day DAY.csv` prints as JSON what it saw live at the speed of the world, at 600 times that,
and in a replay: when it looked and what was said. Then what it makes of a lost chip, and what `unsit check` says.
"""

from __future__ import annotations

import json
import logging
import sys
from functools import partial
from pathlib import Path

import pytest

from device.desk.live import LiveDesk
from device.history.day_file import RecordedDay, read_day
from device.run.clock import RecordedClock, RunningClock
from device.run.loop import EventQueue
from device.run.replay import Replay
from device.run.restart import Start
from device.settings.settings import Limits, Screens, Settings
from device.stretches.repertoire import repertoire
from device.words.events import Seat
from device.words.ports import Clock
from hardware.check import Check, Ends
from hardware.parts import WiredDesk, at_the_desk, inputs
from hardware.shared.part import Wires
from hardware.simulated.desk import SimulatedDesk
from tests.desk.test_looking import Facts
from tests.flying import FlyingClock

SETTINGS = Settings(limits=Limits(invite_after_s=300.0, due_after_s=300.0), screens=Screens(safety_s=0.0))
START = Start(SETTINGS, repertoire(SETTINGS))
ADDRESS = 0x10


class Seen:
    """What came of one of the three."""

    def __init__(self, end: float) -> None:
        self._end = end
        self.clock: Clock | None = None
        self.looks: list[float] = []
        self.facts = Facts()
        self.things = SimulatedDesk(SETTINGS, self._write)

    def _write(self, address: int, payload: bytes) -> None:
        # Before each look the register is written.
        if address == ADDRESS:
            assert payload == b"\0"
            assert self.clock is not None
            self.looks.append(self.clock.now())

    @property
    def told(self) -> dict[str, object]:
        """Up to the end of the day; live, the last round may be a little late."""
        return {
            "looks": [at for at in self.looks if at <= self._end],
            "facts": [fact for fact in self.facts.said if fact[0] <= self._end],
        }


def live(day: RecordedDay, speed: float, clock: RunningClock | None = None) -> dict[str, object]:
    seen = Seen(day.end)
    with pytest.MonkeyPatch.context() as patch:
        if clock is not None:
            patch.setattr("device.desk.live.RunningClock", lambda _speed: clock)
        desk = LiveDesk(START, seen.things, partial(at_the_desk, seen.things, SETTINGS), speed, day)
    seen.clock = desk.clock
    desk.stop_at(day.end)
    desk.run(lambda: ([seen.facts], []))
    return seen.told


def replayed(day: RecordedDay) -> dict[str, object]:
    seen = Seen(day.end)
    seen.clock = clock = RecordedClock()
    inbox = EventQueue()
    desk = WiredDesk(seen.things, SETTINGS, inbox, clock)
    Replay(lambda _: START, clock, inbox, desk, [seen.facts]).play(day)
    return seen.told


def checked(*, sits: bool = True) -> list[str]:
    things = SimulatedDesk(SETTINGS)
    said: list[str] = []

    def ask(please: str) -> str:
        if please.startswith(("Sit", "Rise")):
            things.act("seat", sits and please.startswith("Sit"))
        return ""

    clock = RunningClock(1000.0)
    clock.start()
    ends = Ends(things.factory, things.i2c, lambda: [ADDRESS, 0x3C])
    Check(SETTINGS, ends, EventQueue(), clock, ask, said.append, "the network").run()
    return said


def lost() -> tuple[list[tuple[float, bool]], int]:
    """What a sensor reports that is unplugged while somebody sits, and how often that is logged."""
    things, clock, inbox, logged = SimulatedDesk(SETTINGS), RecordedClock(), EventQueue(), _Logged()
    logging.getLogger("hardware.seat.ranger").addHandler(logged)
    sensor = next(iter(inputs(Wires(SETTINGS, inbox, clock, things.factory, things.i2c))))
    things.act("seat", True)
    sensor.start()
    chip = things.bus.unplug(ADDRESS)
    assert chip is not None
    for clock.at in (0.5, 1.0, 1.5, 2.0):
        if clock.at == 2.0:
            things.act("seat", False)
            things.bus.plug(ADDRESS, chip)
        sensor.tick(clock.at)
    sensor.close()
    return [(event.at, event.taken) for event in inbox.drain() if isinstance(event, Seat)], logged.count


class _Logged(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += record.levelno == logging.WARNING


def main() -> None:
    """Say it all."""
    day = read_day(Path(sys.argv[1]))
    told = {
        "live": live(day, 1.0, FlyingClock()),
        "fast": live(day, 600.0),
        "replay": replayed(day),
        "lost": lost(),
        "check": checked(),
        "check of nobody": checked(sits=False),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
