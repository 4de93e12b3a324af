"""The journal: what it writes in a working day, how large ten years of it are, and how long one waits for them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from statistics import median

from benchmarks.days import Levels, a_working_day, recorded, write
from benchmarks.table import Row
from device.history.day_file import read_day
from device.journal.layout import open_journal
from device.run.clock import RecordedClock
from device.run.loop import EventQueue
from device.run.replay import BareDesk, Replay
from device.run.restart import Start
from device.run.telling import Collecting
from device.settings.settings import Limits, Settings
from device.stretches.repertoire import repertoire
from device.words.fact_codec import details_as_json

_YEARS = 10
_WORKING_DAYS = 250
_INPUTS_DAYS = 62


def rows(traces: Path | None) -> Iterator[Row]:
    """On a file of its own each."""
    office = recorded(traces) if traces else [a_working_day()]
    with tempfile.TemporaryDirectory() as folder:
        wrote_mb = [_wrote_mb(Path(folder), [levels], "ours") for levels in office]
        plain_mb = [_wrote_mb(Path(folder), [levels], "plain") for levels in office]
        yield Row("written to disk in a working day, kernel's count", "MB", median(wrote_mb), "at most 3",
                  "SQLite as it comes, all at once", median(plain_mb))  # fmt: skip
        yield Row("  the busiest day", "MB", max(wrote_mb), "", "the same", max(plain_mb))
        file = Path(folder, "ten-years.db")
        days = ten_years(file, Path(folder))
        yield Row(f"ten years of journal, {days} days", "MB", file.stat().st_size / 1e6)
        month_s, all_s, nothing_s = _takes_s(file, "--month"), _takes_s(file, "--since", "2000-01-01"), _takes_s(file)
        yield Row("unsit history --month, ten years there", "s", month_s, "at most 0.3", "unsit --version", nothing_s)
        yield Row("unsit history --since ten years", "s", all_s, "at most 0.5", "--month", month_s)


def _wrote_mb(folder: Path, office: list[Levels], kind: str) -> float:
    day, file = write(folder / "day.csv", office, days=1), folder / "one-day.db"
    for each in folder.glob("one-day.db*"):
        each.unlink()
    command = [sys.executable, "-m", "benchmarks.journal_day", str(day), str(file), kind]
    return int(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout) / 1e6


def ten_years(file: Path, folder: Path) -> int:
    """Make a journal in which the plug is pulled every evening of ten years; returns of how many days."""
    settings, clock, inbox = Settings(), RecordedClock(), EventQueue()
    day = read_day(write(folder / "day.csv", [a_working_day()], days=1))
    # Hourly, so that there is a guide to tell of several times a day.
    settings = replace(settings, limits=Limits(invite_after_s=2700.0, due_after_s=2700.0))
    told, start = Collecting(), Start(settings, repertoire(settings))
    Replay(lambda _: start, clock, inbox, BareDesk(inbox, clock), [told]).play(day)
    facts = [(in_ms(fact.t), in_ms(fact.said), fact.name, details_as_json(fact)) for fact in told.facts]
    inputs = [(in_ms(row.t), row.part, "taken" if row.value else "empty") for row in day.rows if row.part == "seat"]
    first = date.today() - timedelta(days=365 * _YEARS)
    days = [first + timedelta(days=nth) for nth in range(365 * _YEARS) if (first + timedelta(days=nth)).weekday() < 5]
    days = days[-_YEARS * _WORKING_DAYS :]
    seen_ms = facts[-1][1] + 60_000
    with closing(open_journal(file)) as connection, connection:
        for run, each in enumerate(days):
            seen = datetime.combine(each, time_of_day()).astimezone() + timedelta(milliseconds=seen_ms)
            connection.execute("INSERT INTO run VALUES (?, '', 0, ?, NULL, 0, ?, 1)", (run, seen_ms, seen.isoformat()))
            connection.executemany(
                "INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", [(run, nth, *fact) for nth, fact in enumerate(facts)]
            )
            if (days[-1] - each).days < _INPUTS_DAYS:
                connection.executemany(
                    "INSERT INTO input VALUES (?, ?, ?, ?, ?)", [(run, nth, *level) for nth, level in enumerate(inputs)]
                )
    return len(days)


def in_ms(seconds: float) -> int:
    return round(seconds * 1000)


def _takes_s(file: Path, *words: str) -> float:
    """The middle of five; without words, what any command takes before it does a thing."""
    asked = ["history", *words, "--set", f"journal.file={file}"] if words else ["--version"]
    took_s = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "device", *asked], check=True, stdout=subprocess.DEVNULL)
        took_s.append(time.perf_counter() - began)
    return median(took_s)
