"""What the whole process does while nothing happens: how often it is woken, and how much of a processor it takes.

Read from the kernel's own counts, of all its threads, over real time: `/proc/PID/task/*/status` and `schedstat`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import Row

_SETTLING_S = 10.0
"""Till it has started, shown its first pictures, and settled that somebody sits."""

_RUN = ("-m", "device", "run", "--terminal", "--hardware", "simulated", "--set", "screens.safety=0s")
_KINDS = ("ads1115", "mcp3008")
_CALIBRATED = ("--set", "seat.empty=0.01", "--set", "seat.seated=0.3")
_EMPTY = "t,input,value\n0,seat,empty\n100000,end,\n"
_SEATED = "t,input,value\n0,seat,empty\n1,seat,taken\n100000,end,\n"


@dataclass(frozen=True, slots=True)
class Counts:
    """What the kernel has counted of a process."""

    woken: int
    """Voluntary context switches: each time it slept and was woken."""
    cpu_s: float


def counts(pid: int) -> Counts:
    """All its threads together, so far."""
    woken = cpu_ns = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        status = (task / "status").read_text()
        woken += int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])
        cpu_ns += int((task / "schedstat").read_text().split()[0])
    return Counts(woken, cpu_ns / 1e9)


def rows(lasts_s: float) -> Iterator[Row]:
    """The device at an empty chair and at a taken one, with each kind of seat, and the polling loop, all at once."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as until_done:
        empty, seated = _play(folder, "empty", _EMPTY), _play(folder, "seated", _SEATED)
        asked = [(*_RUN, *empty), (*_RUN, *seated), ("-m", "benchmarks.polling")]
        asked += [(*_RUN, *empty, *_CALIBRATED, "--set", f"seat.kind={kind}") for kind in _KINDS]
        running = [until_done.enter_context(_running(*words)) for words in asked]
        time.sleep(_SETTLING_S)
        before = [counts(pid) for pid in running]
        time.sleep(lasts_s)
        after = [counts(pid) for pid in running]
    woken = [(later.woken - earlier.woken) / lasts_s for earlier, later in zip(before, after, strict=True)]
    cpu = [100 * (later.cpu_s - earlier.cpu_s) / lasts_s for earlier, later in zip(before, after, strict=True)]
    yield Row("woken, chair empty, panel dark", "1/s", woken[0], "at most 0.2", "polling loop", woken[2])
    yield Row("… seat on an ADS1115", "1/s", woken[3], "at most 0.2", "polling loop", woken[2])
    yield Row("… seat on an MCP3008", "1/s", woken[4], "", "polling loop", woken[2])
    yield Row("woken, seated, minute picture", "1/s", woken[1], "at most 0.5", "polling loop", woken[2])
    yield Row("CPU, chair empty", "% of a core", cpu[0], "at most 0.02", "polling loop", cpu[2])
    yield Row("… seat on an ADS1115", "% of a core", cpu[3], "at most 0.02", "polling loop", cpu[2])
    yield Row("… seat on an MCP3008", "% of a core", cpu[4], "", "polling loop", cpu[2])
    yield Row("CPU, seated", "% of a core", cpu[1], "", "polling loop", cpu[2])


def _play(folder: str, name: str, day: str) -> tuple[str, str]:
    file = Path(folder, f"{name}.csv")
    file.write_text(day)
    return "--play", str(file)


@contextmanager
def _running(*words: str) -> Iterator[int]:
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, *words], stdin=nowhere, stdout=nowhere, stderr=nowhere)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()
