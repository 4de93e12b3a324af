"""Plays a day file on the simulated desk, panel and all, and prints the resident memory in MB after each day."""

from __future__ import annotations

import gc
import re
import sys
from pathlib import Path

from device.history.day_file import read_day
from device.run.clock import RecordedClock
from device.run.loop import EventQueue
from device.run.moments import Moment
from device.run.replay import Replay
from device.run.restart import Start
from device.settings.settings import Limits, Settings
from device.stretches.repertoire import repertoire
from hardware.parts import WiredDesk
from hardware.simulated.desk import SimulatedDesk

DAY_S = 86_400


def main(file: Path) -> None:
    """Play it."""
    # With half an hour's limit the guide plays several times a day.
    settings = Settings(Limits(due_after_s=1800, invite_after_s=1500))
    clock, inbox = RecordedClock(), EventQueue()
    desk = WiredDesk(SimulatedDesk(settings), settings, inbox, clock)
    day = read_day(file)
    midnights = [Moment(t, _tell) for t in range(DAY_S, int(day.end) + 1, DAY_S)]
    start = Start(settings, repertoire(settings))
    Replay(lambda _: start, clock, inbox, desk, []).play(day, midnights)


def _tell() -> None:
    # What nobody refers to any more is no growth, whenever Python gets round to it.
    gc.collect()
    resident = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert resident
    print(int(resident[1]) / 1024, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
