"""What processes cost, as Linux counts it: seconds of CPU, and memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of some processes together."""

    cpu_s: float
    memory_mb: float
    """What they share is counted in parts."""


def cost_of(pids: Iterable[int]) -> Cost:
    """Those that have ended cost nothing."""
    cpu_s, memory_mb = 0.0, 0.0
    for pid in pids:
        try:
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            shared = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        cpu_s += (int(told[11]) + int(told[12])) / _TICKS
        memory_mb += sum(int(line.split()[1]) for line in shared if line.startswith("Pss:")) / 1024
    return Cost(cpu_s, memory_mb)


def family_of(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]
