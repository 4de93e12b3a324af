"""Plays a working day on the core with a journal on a real file, and prints what it wrote to the disk, in bytes.

`python -m benchmarks.journal_day DAY.csv FILE ours|plain`. The kernel's own count is per process, hence one of its own.
`plain` is what one would write first: SQLite as it comes, one commit for each fact and input, and one a minute.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from device.history.day_file import read_day
from device.journal.writer import Journal
from device.run.clock import DeskWall, RecordedClock
from device.run.loop import EventQueue
from device.run.replay import BareDesk, Replay
from device.run.restart import Start
from device.settings.settings import Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Effect, Heard, Note
from device.words.events import Tick
from device.words.ports import Output


class Plain:
    """A row for everything, written at once."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file)
        self._connection.execute("CREATE TABLE told (at REAL, what TEXT)")
        self._connection.execute("CREATE TABLE seen (at REAL)")
        self._connection.execute("INSERT INTO seen VALUES (0)")
        self._deadline = 60.0

    def perform(self, effect: Effect, now: float) -> None:
        """Write a fact or an input."""
        if isinstance(effect, Note | Heard):
            with self._connection:
                self._connection.execute("INSERT INTO told VALUES (?, ?)", (now, str(effect)))

    def next_deadline(self) -> float | None:
        """Every minute."""
        return self._deadline

    def tick(self, now: float) -> None:
        """Write how far it has come."""
        self._deadline = now + 60.0
        with self._connection:
            self._connection.execute("UPDATE seen SET at = ?", (now,))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class DeskWithJournal(BareDesk):
    """Nothing on it but a journal."""

    def __init__(self, inbox: EventQueue, clock: RecordedClock, journal: Output) -> None:
        super().__init__(inbox, clock)
        self.outputs: Sequence[Output] = [journal]


def main(day_file: Path, file: Path, kind: str) -> None:
    """Play it."""
    day, settings = read_day(day_file), Settings()
    clock, inbox, wall = RecordedClock(), EventQueue(), DeskWall()
    wall.set(0.0, day.shows_at_start or datetime.now().astimezone())
    journal: Output = Journal(file, wall) if kind == "ours" else Plain(file)
    start = Start(settings, repertoire(settings))
    before = _written()
    Replay(lambda _: start, clock, inbox, DeskWithJournal(inbox, clock, journal), []).play(day)
    journal.perform(Heard(Tick(day.end)), day.end)
    journal.close()
    print(_written() - before)


def _written() -> int:
    found = re.search(r"^write_bytes: (\d+)", Path("/proc/self/io").read_text(), re.MULTILINE)
    assert found, "Linux counts what a process writes"
    return int(found[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
