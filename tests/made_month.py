"""A month of made-up working days in a journal, for the page and its pictures."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from device.settings.settings import Limits, Screens, Settings
from tests.world import World

SETTINGS = Settings(
    limits=Limits(preset="hourly", invite_after_s=3000.0, due_after_s=3600.0), screens=Screens(safety_s=0)
)
DAYS = 31


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of a month that ends now. It takes ten seconds: who tests side by side shares it, and only reads."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made month"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            being_made = folder.with_suffix(".new")
            shutil.rmtree(being_made, ignore_errors=True)
            being_made.mkdir()
            # In a process of its own nothing counts its lines.
            subprocess.run([sys.executable, "-m", "tests.made_month", being_made], check=True)
            being_made.rename(folder)
    return folder / "journal.db"


def made_month(folder: Path, until: datetime, settings: Settings = SETTINGS) -> World:
    """The weekdays of a month, always the same; the last day ends at that time, with somebody on the chair."""
    chance = random.Random(31)
    midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
    began = midnight - timedelta(days=DAYS - 1)
    world = World(folder, settings, began)
    for day in range(DAYS):
        morning = began + timedelta(days=day)
        if morning.weekday() < 5 or day == DAYS - 1:
            _go_to(world, morning + timedelta(hours=8, minutes=chance.uniform(0, 50)))
            ends = min(until, morning + timedelta(hours=17, minutes=chance.uniform(0, 60)))
            _work(world, chance, ends)
    _go_to(world, until)
    return world


def _work(world: World, chance: random.Random, ends: datetime) -> None:
    def left_s() -> float:
        return (ends - world.shows).total_seconds()

    had_lunch = False
    while left_s() > 300:
        world.sit(seconds=min(left_s(), chance.uniform(15, 75) * 60))
        if left_s() <= 300:
            break
        if not had_lunch and world.shows.hour >= 12:
            had_lunch = True
            world.rise(minutes=chance.uniform(25, 50))
        else:
            _get_up(world, chance)
    world.sit(seconds=max(0.0, left_s()))
    if ends.hour >= 17:
        world.rise()


def _get_up(world: World, chance: random.Random) -> None:
    """Now and then only for a moment, else for a break, and often with the stretches."""
    ways: list[Callable[[], None]] = [
        lambda: world.rise(seconds=chance.uniform(20, 80)),
        lambda: world.rise(minutes=chance.uniform(2.5, 8)),
        lambda: _stretch(world),
        lambda: _stretch(world),
    ]
    chance.choice(ways)()


def _stretch(world: World) -> None:
    world.push()
    world.wait(seconds=2)
    world.push()
    world.wait(seconds=2)
    world.rise(minutes=4)


def _go_to(world: World, at: datetime) -> None:
    world.wait(seconds=max(0.0, (at - world.shows).total_seconds()))


if __name__ == "__main__":
    made_month(Path(sys.argv[1]), datetime.now().astimezone()).stop()
