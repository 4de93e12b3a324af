"""Kills the simulated desk while it runs, at a speed, and each start after that anew.

`python -m tests.live_kills FOLDER TIMES SEED SPEED` prints what is wrong, or how many kills it survived and what the
worst one cost. A process of its own, since it forks.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from bisect import bisect_right
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

from device.commands.desk import live_desk
from device.history.shares import by_day
from device.journal.reader import runs
from device.journal.writer import Journal
from device.run.clock import DeskWall
from device.run.moments import Moment
from device.run.restart import Start
from device.settings.settings import JournalSettings, Limits, Screens, Settings
from device.stretches.repertoire import repertoire
from device.words.past import Readings

BEGAN = datetime(2026, 3, 2, 8).astimezone()
LOST_S = 60.0
"""What a kill may cost at true speed."""
_LATE_S = 1.0
"""Real seconds that a thread may come too late, on a computer with other things to do."""
_HEARD_LATE_S = 0.05
"""Real seconds after which a rise may be heard. What is written in between takes them for sitting."""
_IN_A_ROW = 5
"""So many starts that are killed within a minute."""


class Days:
    """When somebody sits, on the desk's own line of time, killed or not. Nobody fidgets, so it is plain what counts."""

    def __init__(self, seed: int) -> None:
        chance, at, self._bounds = random.Random(seed), 0.0, [0.0]
        while at < 3_000_000:
            sits_s = chance.choice([20.0, 400.0, 2000.0])
            at += round(20 + chance.choice([30.0, 80.0, 200.0]) * chance.random(), 3)
            self._bounds.append(at)
            at += round(20 + sits_s * chance.random(), 3)
            self._bounds.append(at)

    def taken(self, at: float) -> bool:
        """Whether somebody sits then."""
        return bisect_right(self._bounds, at) % 2 == 0

    def changes(self, since: float, until: float) -> list[tuple[float, bool]]:
        """When that changes in between."""
        return [(at, self.taken(at)) for at in self._bounds if since < at < until]

    def taken_s(self, since: float, until: float) -> float:
        """For how long of that somebody sits."""
        edges = [since, *(at for at, _ in self.changes(since, until)), until]
        return sum(end - begin for begin, end in pairwise(edges) if self.taken(begin))


@dataclass(frozen=True)
class Life:
    """From a start to its end, on the desk's own line of time."""

    began_s: float
    killed_s: float
    ended_s: float
    """Whoever is killed may go on for a moment."""
    wrote_s: float
    """For how long it had been at a write that didn't come to its end; what the card takes costs nobody a minute."""


def live(folder: Path, days: Days, world_s: float, speed: float, pipe: int) -> None:
    """Be the desk from then on, with somebody who sits and rises as the days have it."""
    began = time.monotonic()
    settings = Settings(
        limits=Limits(invite_after_s=1500.0, due_after_s=1800.0),
        screens=Screens(safety_s=0.0),
        journal=JournalSettings(file=str(folder / "journal.db")),
    )
    _, desk = live_desk(Start(settings, repertoire(settings)), speed, None, remembers=True)
    # Getting ready takes time there as well.
    at_s = round(world_s + (time.monotonic() - began) * speed, 3)
    desk._here = Readings(0.0, reads=BEGAN + timedelta(seconds=at_s))
    desk.clock.set(0.0)
    # Its date is that of the days.
    desk.wall = DeskWall()
    desk._begin()
    # Read first: what keeps the two apart then makes the life longer, never shorter than it was.
    real_at = time.monotonic()
    on_at = desk.clock.now()
    desk._do("seat", days.taken(at_s))
    for at, taken in days.changes(at_s, at_s + 40_000):
        desk._hands.add(Moment(round(on_at + at - at_s, 3), partial(desk._do, "seat", taken)))
    _tell_of_writes(pipe)
    os.write(pipe, f"{at_s} {real_at}\n".encode())
    desk.run(lambda: ([], []))


def _tell_of_writes(pipe: int) -> None:
    write = Journal._write

    def tells(journal: Journal) -> None:
        os.write(pipe, f"{time.monotonic()}\n".encode())
        write(journal)
        os.write(pipe, b"written\n")

    Journal._write = tells  # type: ignore[assignment,method-assign]


def kill(folder: Path, days: Days, world_s: float, speed: float, lives_s: float) -> Life:
    """Let it live for so long of its own time, and kill it."""
    reads, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        try:
            live(folder, days, world_s, speed, tells)
        finally:
            os._exit(1)
    os.close(tells)
    with open(reads, encoding="ascii") as lines:
        began_s, real_at = map(float, lines.readline().split())
        time.sleep(max(0.0, real_at + lives_s / speed - time.monotonic()))
        killed_at = time.monotonic()
        os.kill(child, signal.SIGKILL)
        last = (lines.read().splitlines() or ["written"])[-1]
    _, status = os.waitpid(child, 0)
    ended_at = time.monotonic()
    assert os.WIFSIGNALED(status), "it ended by itself"
    wrote_s = 0.0 if last == "written" else (killed_at - float(last)) * speed
    killed_s, ended_s = (began_s + (at - real_at) * speed for at in (killed_at, ended_at))
    return Life(began_s, killed_s, ended_s, wrote_s)


def faults(file: Path) -> list[str]:
    """What is wrong with a journal."""
    wrong = []
    with closing(sqlite3.connect(file)) as connection:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
        wrong += [] if whole == "ok" else [f"integrity: {whole}"]
        twice = connection.execute(
            "SELECT fact, t_ms FROM fact GROUP BY t_ms, said_ms, fact, details HAVING count(*) > 1"
        )
        wrong += [f"twice: {fact} at {t_ms} ms" for fact, t_ms in twice]
        owed = 0
        for (fact,) in connection.execute("SELECT fact FROM fact ORDER BY run, nth"):
            owed = {"due": owed + 1, "full_break": 0}.get(fact, owed)
            if owed > 1:
                return [*wrong, "due twice without a full break"]
    if list(file.parent.glob("*.damaged-*")):
        wrong.append("it was taken for damaged")
    return wrong


def seated_s(file: Path) -> float:
    """What the history makes of it."""
    return sum(told.figures.seated_s for told in by_day(runs(file), {}).values()) if file.exists() else 0.0


def main(folder: Path, times: int, seed: int, speed: float) -> int:
    """Kill so many, each going on from the journal of the one before."""
    chance, days, file = random.Random(seed), Days(seed), folder / "journal.db"
    world_s, kept_s, worst_s, killed, in_a_row = 0.0, 0.0, 0.0, 0, 0
    while killed < times:
        lives_s = chance.uniform(0, 60 if in_a_row else 200 + 2 * speed)
        in_a_row = in_a_row - 1 if in_a_row else chance.randrange(_IN_A_ROW + 1)
        life = kill(folder, days, world_s + chance.choice([0.0, 3.0, 100.0, 3000.0]), speed, lives_s)
        killed, world_s = killed + 1, life.ended_s
        least_s, most_s = (days.taken_s(life.began_s, until_s) for until_s in (life.killed_s, life.ended_s))
        now_s = seated_s(file)
        gained_s, kept_s = now_s - kept_s, now_s
        wrong = faults(file) if file.exists() else []
        lost_s = least_s - gained_s - life.wrote_s
        worst_s = max(worst_s, lost_s)
        # For how long it took to die, others had the processor; and before that, too.
        late_s = _LATE_S * speed + life.ended_s - life.killed_s
        if lost_s > LOST_S + late_s or gained_s > most_s + _HEARD_LATE_S * speed:
            wrong.append(f"sat {least_s:.3f} to {most_s:.3f} s, {gained_s:.3f} s of it were kept")
        if wrong:
            print(f"kill {killed} of seed {seed} at speed {speed:g}: {'; '.join(wrong)}")
            return 1
    print(f"{times} kills survived at speed {speed:g}, {kept_s / 3600:.1f} h on the chair, {worst_s:.1f} s the worst")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
