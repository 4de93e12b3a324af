"""A month in one process: what it has learned to draw it keeps, and nothing else grows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.days import a_working_day, write
from device.history.day_file import read_day
from device.pictures.letters import SIZES, _font, glyph
from device.run.clock import RecordedClock
from device.run.loop import EventQueue
from device.run.replay import BareDesk, Replay
from device.run.restart import Start
from device.settings.settings import Settings
from device.stretches.repertoire import repertoire

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


@pytest.mark.parametrize("cut", ["", "7200,power,cut\n7800,power,on\n"])
def test_facts_are_kept_for_a_start_after_a_power_cut_and_for_nothing_else(cut: str, tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text(f"t,input,value\n0,seat,empty\n60,seat,taken\n{cut}9000,end,\n")
    clock, inbox, start = RecordedClock(), EventQueue(), Start(Settings(), repertoire(Settings()))
    replay = Replay(lambda _: start, clock, inbox, BareDesk(inbox, clock), [])
    replay.play(read_day(file))
    assert bool(replay._trail._told) is bool(cut)


def test_of_the_fonts_one_is_kept_since_the_letters_are() -> None:
    for size in SIZES:
        glyph("A", size)
    assert _font.cache_info().currsize <= 1


@pytest.mark.slow
def test_memory_after_a_month_is_that_after_some_days(tmp_path: Path) -> None:
    after_mb = resident_mb(tmp_path, 30)
    assert len(after_mb) == 30
    assert after_mb[-1] <= after_mb[_LEARNS_DAYS] + _ROOM_MB
