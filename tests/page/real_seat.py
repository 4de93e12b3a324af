"""A device as on a Pi, with modelled force sensors: `python -m tests.page.real_seat`. What they read comes on stdin."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from functools import partial

from device.__main__ import main
from device.commands import run
from device.run.clock import RunningClock
from device.settings.settings import SeatSettings, Settings
from hardware import parts, seat_alone
from hardware.check import Ends
from hardware.simulated.desk import SimulatedDesk

FAST = 40.0
"""Its clock runs so many times as fast, so that nobody has to stay for so long."""
EMPTY = 0.006


def _run() -> int:
    desk = SimulatedDesk(replace(Settings(), seat=SeatSettings(kind="ads1115")))
    desk.power_up()
    desk.weigh(EMPTY)
    # There is no Pi: its pins and its bus are modelled.
    for where, name, made in (
        (parts, "is_a_pi", lambda: True),
        (parts, "open_factory", lambda _: desk.factory),
        (parts, "real_bus", lambda _: desk.i2c),
        (seat_alone, "pi_ends", lambda _: Ends(desk.factory, desk.i2c, list)),
        (run, "RunningClock", partial(RunningClock, FAST)),
    ):
        setattr(where, name, made)
    threading.Thread(target=_weigh, args=(desk,), daemon=True).start()
    return main(["run", "--set", "seat.kind=ads1115", "--set", "screens.safety=0s"])


def _weigh(desk: SimulatedDesk) -> None:
    for line in sys.stdin:
        desk.weigh(float(line))


if __name__ == "__main__":
    sys.exit(_run())
