"""A week of recorded days, as the device's own journal has it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path

from benchmarks.journal_day import DeskWithJournal
from device.history.day_file import read_day
from device.journal.writer import Journal
from device.run.clock import DeskWall, RecordedClock
from device.run.loop import EventQueue
from device.run.replay import Replay
from device.run.restart import Start
from device.settings.settings import Screens, Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Heard
from device.words.events import Tick

_TREE = Path(__file__).parents[2]
RECORDED = [_TREE / "device/content/days/office.csv", *sorted((_TREE / "tests/history/days").glob("*.csv"))]
_OPENS_S, _DAY_S, _WORKING_DAYS = 8 * 3600, 86_400, 5


def journal_of_a_week(file: Path, monday: date) -> None:
    """Play the recorded days, one after the other, from that Monday to its Saturday."""
    day_file = file.with_suffix(".csv")
    day_file.write_text("\n".join(_rows(monday)) + "\n", "utf-8")
    day, settings = read_day(day_file), Settings(screens=Screens(safety_s=0))
    clock, inbox, wall = RecordedClock(), EventQueue(), DeskWall()
    wall.set(0.0, datetime.combine(monday, time()).astimezone())
    journal, start = Journal(file, wall), Start(settings, repertoire(settings))
    Replay(lambda _: start, clock, inbox, DeskWithJournal(inbox, clock, journal), []).play(day)
    journal.perform(Heard(Tick(day.end)), day.end)
    journal.close()


def _rows(monday: date) -> Iterator[str]:
    yield from ("t,input,value", f"0,clock,{datetime.combine(monday, time()).astimezone().isoformat()}", "0,seat,empty")
    for nth, recorded in zip(range(_WORKING_DAYS), cycle(RECORDED), strict=False):
        with recorded.open(newline="", encoding="utf-8") as lines:
            seats = [(float(row["t"]), row["value"]) for row in csv.DictReader(lines) if row["input"] == "seat"]
        opens_s = nth * _DAY_S + _OPENS_S
        yield from (f"{opens_s + t:.3f},seat,{level}" for t, level in seats if t < _DAY_S - _OPENS_S)
        yield f"{opens_s + max(t for t, _ in seats) + 1:.3f},seat,empty"
    yield f"{(_WORKING_DAYS + 1) * _DAY_S},end,"


def last_monday_but_one(today: date) -> date:
    """The week from it on is over."""
    return today - timedelta(days=today.weekday() + 7)
