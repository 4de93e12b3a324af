"""Days by the hundred through `replay`: how long a year takes, and whether memory grows over a month.

The office days are made up; `--traces DIR` takes recorded ones instead (CSV with t_seconds,seated), over and over.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from benchmarks.table import Row

_DAY_S = 86_400
_OPENS_S = 9 * 3600
SIT_S, STAND_S, HOURS = 2880, 300, 8

Levels = Sequence[tuple[float, bool]]
"""One office day: seconds from when it opens, and whether the chair is taken."""


def rows(traces: Path | None) -> Iterator[Row]:
    """A year without the panel, a fortnight with it, and the memory after a day and after a month."""
    office = recorded(traces) if traces else [a_working_day()]
    with tempfile.TemporaryDirectory() as folder:
        year = write(Path(folder, "year.csv"), office, days=365)
        took_s = _replay(year)
        yield Row("a year of office days through replay, facts only", "s", took_s, "at most 20")
        fortnight = write(Path(folder, "fortnight.csv"), office, days=14)
        drawn_s = _replay(fortnight, "--bus-log", str(Path(folder, "bus.log")))
        yield Row("  every frame drawn and sent to the model, of 14 days", "s a year", drawn_s * 365 / 14, "",
                  "facts only", took_s)  # fmt: skip
        memory_mb = _memory_mb(write(Path(folder, "month.csv"), office, days=30))
        yield Row("resident memory after a simulated day", "MB", memory_mb[0], "at most 40")
        yield Row("  after a month in the same process", "MB", memory_mb[-1], "no more", "after a day", memory_mb[0])


def a_working_day() -> Levels:
    """Eight hours: 48 minutes on the chair, 5 off it, with a fidget every 10 minutes."""
    levels: list[tuple[float, bool]] = []
    t = 60
    while t < HOURS * 3600:
        levels.append((t, True))
        for fidget in range(t + 600, t + SIT_S - 60, 600):
            levels += [(fidget, False), (fidget + 2, True)]
        t += SIT_S
        levels.append((t, False))
        t += STAND_S
    return levels


def recorded(folder: Path) -> list[Levels]:
    """The recorded days of a folder; one that holds several is cut into days."""
    days: list[Levels] = []
    for file in sorted(folder.glob("*.csv")):
        with file.open(newline="") as lines:
            levels = [(float(row["t_seconds"]), row["seated"] == "1") for row in csv.DictReader(lines)]
        if levels[-1][0] <= _DAY_S - _OPENS_S:
            # The last row is the end.
            days.append([*levels[:-1], (levels[-1][0], False)])
    if not days:
        raise SystemExit(f"{folder}: no CSV with t_seconds,seated")
    return days


def write(file: Path, office: Sequence[Levels], days: int) -> Path:
    """A day file of so many days from a Monday on, five days a week in the office."""
    rows = ["t,input,value", "0,clock,2026-01-05T00:00:00+01:00", "0,seat,empty"]
    coming = cycle(office)
    for day in range(days):
        if day % 7 < 5:
            opens = day * _DAY_S + _OPENS_S
            rows += [f"{opens + t:.3f},seat,{'taken' if taken else 'empty'}" for t, taken in next(coming)]
    file.write_text("\n".join([*rows, f"{days * _DAY_S},end,"]) + "\n")
    return file


def _replay(day: Path, *words: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "device", "replay", str(day), *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _memory_mb(days: Path) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.memory", str(days)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [float(line) for line in done.stdout.split()]
