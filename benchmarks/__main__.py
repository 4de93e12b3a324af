"""How long a recorded working day takes to replay, and how much memory: the core alone beside the whole device.

`python -m benchmarks` prints one line for each, and then how long each frame of the guide takes. The core alone is what
facts need; the whole device draws every picture and sends it over the modelled bus as well.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import frames

HOURS = 8
SIT_S, STAND_S = 2880, 300


def a_working_day() -> str:
    """Eight hours: 48 minutes on the chair, 5 off it, with a fidget every 10 minutes."""
    rows = ["t,input,value"]
    t = 60
    while t < HOURS * 3600:
        rows.append(f"{t},seat,taken")
        for fidget in range(t + 600, t + SIT_S - 60, 600):
            rows += [f"{fidget},seat,empty", f"{fidget + 2},seat,taken"]
        t += SIT_S
        rows.append(f"{t},seat,empty")
        t += STAND_S
    return "\n".join([*rows, f"{t},end,"]) + "\n"


def measure(name: str, *arguments: str) -> None:
    """Run a replay and print its seconds and its peak memory."""
    began = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "device", "replay", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    took_s, peak_mb = time.perf_counter() - began, after.ru_maxrss / 1024
    print(f"{name:18} {took_s:6.2f} s  {cpu_s:6.2f} s of CPU  peak {peak_mb:5.1f} MB")


def main() -> None:
    """Measure both, the smaller first: the peak is the highest of all children so far."""
    with tempfile.TemporaryDirectory() as folder:
        day = Path(folder) / "day.csv"
        day.write_text(a_working_day())
        half_hourly = ("--set", "limits.preset=half-hourly")
        measure("core alone", str(day), *half_hourly)
        measure("the whole device", str(day), *half_hourly, "--bus-log", str(Path(folder) / "bus.log"))
    frames.main()


if __name__ == "__main__":
    main()
