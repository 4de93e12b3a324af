"""Kills a device in the middle of a busy day, over and over, and looks at what its journal has kept.

`python -m tests.kills FOLDER TIMES SEED` prints what is wrong, and how many kills it survived. A process of its own,
since it forks.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from device.history.shares import by_day
from device.journal.reader import runs
from device.settings.settings import Limits, Settings
from tests.world import World

LOST_S = 60.0
_MILLISECOND = 0.001
SETTINGS = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))


class BusyWorld(World):
    """Says, before each moment, how long somebody sat so far and how long they will have sat then."""

    tells = -1

    def _go(self, at: float) -> None:
        if self.tells >= 0:
            sat = 0.0 if self._sat_at is None else self.now - self._sat_at
            # Whoever is about to be believed has sat since the level was taken: five seconds more.
            os.write(self.tells, f"{self.real_s:.3f} {self.believed_s + sat:.3f} {at - self.now + 5:.3f}\n".encode())
        super()._go(at)


def live(folder: Path, real_s: float, seed: int, tells: int) -> None:
    """A busy day without an end."""
    chance = random.Random(seed)
    world = BusyWorld(folder, SETTINGS, real_s=real_s)
    world.tells = tells
    while True:
        world.sit(seconds=round(chance.choice([3.0, 40.0, 400.0, 2000.0]) * chance.random(), 3))
        if chance.random() < 0.5:
            world.push(chance.choice([0.2, 1.5]))
        world.rise(seconds=round(chance.choice([3.0, 30.0, 100.0, 300.0]) * chance.random(), 3))


def kill(folder: Path, real_s: float, seed: int, moments: int = 60) -> tuple[float, float, float]:
    """Let it live for a moment, and kill it; returns how far it came, and how long somebody sat, least and most."""
    reads, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        live(folder, real_s, seed, tells)
    os.close(tells)
    chance = random.Random(seed)
    with open(reads, encoding="ascii") as lines:
        heard = [next(lines) for _ in range(chance.randrange(1, moments))]
        # Not only where it says something, but at any instruction in between.
        until = time.perf_counter() + chance.uniform(0, 4) * _MILLISECOND
        while time.perf_counter() < until:
            pass
        os.kill(child, signal.SIGKILL)
        heard += lines.readlines()
    os.waitpid(child, 0)
    came_s, sat_s, more_s = map(float, heard[-1].split())
    return came_s + more_s, sat_s, sat_s + more_s


def faults(file: Path, least_s: float, most_s: float) -> list[str]:
    """What is wrong with a journal of somebody who sat so long."""
    with closing(sqlite3.connect(file)) as connection:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
        twice = connection.execute(
            "SELECT fact, t_ms FROM fact GROUP BY t_ms, said_ms, fact, details HAVING count(*) > 1"
        ).fetchall()
    seated_s = sum(told.figures.seated_s for told in by_day(runs(file), {}).values())
    wrong = [] if whole == "ok" else [f"integrity: {whole}"]
    wrong += [f"twice: {fact} at {t_ms} ms" for fact, t_ms in twice]
    if not least_s - LOST_S <= seated_s <= most_s:
        wrong.append(f"seated {seated_s:.3f} s of {least_s:.3f} to {most_s:.3f}")
    if list(file.parent.glob("*.damaged-*")):
        wrong.append("it was taken for damaged")
    return wrong


def main(folder: Path, times: int, seed: int) -> int:
    """Kill so many, each going on from the journal of the one before."""
    chance = random.Random(seed)
    file, real_s, kept_s, in_a_row = folder / "journal.db", 0.0, 0.0, 0
    for nth in range(times):
        # Now and then some starts in a row are killed before anything has come of them.
        moments = 3 if in_a_row else 60
        in_a_row = in_a_row - 1 if in_a_row else chance.randrange(6)
        off_s = chance.choice([0.0, 1.0, 30.0, 200.0])
        real_s, least_s, most_s = kill(folder, round(real_s + off_s, 3), seed * 10_000 + nth, moments)
        wrong = faults(file, kept_s + least_s, kept_s + most_s)
        if wrong:
            print(f"kill {nth} of seed {seed}: {'; '.join(wrong)}")
            return 1
        kept_s = sum(told.figures.seated_s for told in by_day(runs(file), {}).values())
    print(f"{times} kills survived, {kept_s / 3600:.1f} h on the chair")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
