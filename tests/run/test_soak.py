"""A month in one process: what it has learned to draw it keeps, and nothing else grows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.days import a_working_day, write

_ROOM_MB = 1.0
"""Python gives memory back in lumps."""
_LEARNS_DAYS = 10
"""By then every stretch has had its turn, and so every picture and size of a write."""


def resident_mb(folder: Path, days: int) -> list[float]:
    """After each day, with the panel and all."""
    month = write(folder / "month.csv", [a_working_day()], days)
    command = [sys.executable, "-m", "benchmarks.memory", str(month)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


@pytest.mark.slow
def test_memory_after_a_month_is_that_after_some_days(tmp_path: Path) -> None:
    after_mb = resident_mb(tmp_path, 30)
    assert len(after_mb) == 30
    assert after_mb[-1] <= after_mb[_LEARNS_DAYS] + _ROOM_MB
