"""From the start of the process to the first picture on the bus, and where the time goes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.table import Row

RUNS = 7
_STAGES = ("interpreter", "command line imported", "parts imported", "settings and stretches read", "first picture")

_PROGRAM = """
import sys, time
told = [time.monotonic()]
from device.__main__ import main
told.append(time.monotonic())
from hardware import parts
from hardware.simulated import desk
told.append(time.monotonic())
class Desk(desk.SimulatedDesk):
    def __init__(self, settings):
        told.append(time.monotonic())
        super().__init__(settings, self.hear)
    def hear(self, address, payload):
        # The first data that is no command: a picture.
        if payload[0] == 0x40:
            told.append(time.monotonic())
            print(*told, flush=True)
            import os
            os._exit(0)
desk.SimulatedDesk = Desk
main(["run", "--terminal", "--hardware", "simulated"])
"""


def rows() -> Iterator[Row]:
    """The median of several starts, and its parts."""
    runs = [_start() for _ in range(RUNS)]
    empty = statistics.median(_empty() for _ in range(RUNS))
    median = statistics.median(run[-1] for run in runs)
    yield Row("start to first picture on the bus", "s", median, "at most 0.5", "an empty Python", empty)
    for nth, stage in enumerate(_STAGES):
        spent = [run[nth] - (run[nth - 1] if nth else 0.0) for run in runs]
        yield Row(f"  {stage}", "s", statistics.median(spent))


def _start() -> list[float]:
    began = time.monotonic()
    done = _run(_PROGRAM)
    return [float(at) - began for at in done.split()]


def _empty() -> float:
    began = time.monotonic()
    _run("pass")
    return time.monotonic() - began


def _run(program: str) -> str:
    # Byte code is there when the device starts, and a shell that forbids to write it would have all compiled each time.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    asked = [sys.executable, "-c", program]
    return subprocess.run(asked, check=True, capture_output=True, text=True, env=kept).stdout
