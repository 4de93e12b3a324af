"""How soon a press shows: from the contact's closing to the first changed byte on the bus, in one process."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator

from benchmarks.table import Row
from device.core.coach import Coach
from device.run.calendar import Calendar
from device.run.clock import DeskWall, RunningClock
from device.run.loop import Device, EventQueue, Loop
from device.run.service import ServiceManager
from device.screens.screens import compose
from device.settings.settings import Screens, Settings
from device.stretches.repertoire import repertoire
from hardware.parts import at_the_desk
from hardware.simulated.desk import SimulatedDesk

PRESSES = 200
_POLLS_S = 0.1


def rows() -> Iterator[Row]:
    """Presses on the simulated desk; half the pause of a polling loop is what that takes without doing anything."""
    took_ms = [1000 * each for each in _presses()]
    yield Row("press to first byte on the bus, median", "ms", statistics.median(took_ms), "at most 5",
              "polling loop, asleep", 1000 * _POLLS_S / 2)  # fmt: skip
    yield Row("  the slowest 1 in 100", "ms", sorted(took_ms)[int(0.99 * len(took_ms))], "",
              "polling loop, asleep", 1000 * _POLLS_S)  # fmt: skip


def _presses() -> Iterator[float]:
    settings = Settings(screens=Screens(safety_s=0.0))
    desk = SimulatedDesk(settings)
    clock, inbox = RunningClock(), EventQueue()
    with at_the_desk(desk, settings, inbox, clock, DeskWall()) as (performers, _):
        device = Device(
            Coach(settings, repertoire(settings), compose=compose), Calendar(settings, DeskWall()), performers
        )
        loop = threading.Thread(target=Loop(device, inbox, clock, ServiceManager({})).run)
        clock.start()
        loop.start()
        yield from presses(desk)
        inbox.stop()
        loop.join()


def presses(desk: SimulatedDesk) -> Iterator[float]:
    """So many presses on a desk that runs, and after how many seconds each was on the bus."""
    written, look = threading.Event(), desk.on_sight
    at = [0.0]

    def see() -> None:
        if not written.is_set():
            at[0] = time.perf_counter()
            written.set()
        look()

    desk.on_sight = see
    for _ in range(PRESSES):
        # Long enough for the picture of the last press to be gone from the bus.
        time.sleep(0.06)
        written.clear()
        began = time.perf_counter()
        desk.act("button", True)
        if not written.wait(1):
            raise AssertionError("a press that nothing showed")
        yield at[0] - began
        time.sleep(0.06)
        desk.act("button", False)
    desk.on_sight = look
