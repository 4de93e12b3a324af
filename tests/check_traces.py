"""Plays recorded days through the device and compares what it says with the independent reading.

`python -m tests.check_traces DIR` takes every CSV of the folder: traces (`t_seconds,seated`, where a state holds
until the next row and the last row is the end) and day files (`t,input,value`). Each is played by `replay` at limits
of 30, 60 and 120 minutes, the invite switched off. Exit 0: all facts agree; 1: they don't; 2: nothing to compare.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.reading import Definitions, Reading, read

LIMITS_MIN = (30, 60, 120)
TOLERANCE_MS = 100
TRACE_HEADER = ["t_seconds", "seated"]
DAY_HEADER = ["t", "input", "value"]

Moment = tuple[int, ...]
"""What of a fact is compared: its instant, and for a bout its seated time as well; whole milliseconds."""


@dataclass(frozen=True, slots=True)
class Day:
    """What one file says of the chair: changes of level (instant in ms, taken) and the last instant."""

    levels: list[tuple[int, bool]]
    end: int


class NotADayError(Exception):
    """A file or folder without anything to compare; the message says which and why."""


def main(arguments: Sequence[str]) -> int:
    """Check one folder, a line per day and limit; returns the exit code."""
    if len(arguments) != 1:
        _say("usage: python -m tests.check_traces DIR")
        return 2
    try:
        files = days_in(Path(arguments[0]))
        return 0 if _all_agree(files) else 1
    except NotADayError as nothing:
        _say(str(nothing))
        return 2


def days_in(folder: Path) -> list[Path]:
    """The folder's CSV files in order of name; there is at least one."""
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise NotADayError(f"{folder}: no CSV files here")
    return files


def day_of(file: Path) -> Day:
    """The chair's day as told by a trace or a day file."""
    with file.open(newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.reader(lines) if row]
    header, told = (rows[0], rows[1:]) if rows else ([], [])
    if not told or header not in (TRACE_HEADER, DAY_HEADER):
        raise NotADayError(
            f"{file}: neither a trace ({','.join(TRACE_HEADER)}) nor a day file ({','.join(DAY_HEADER)})"
        )
    if header == TRACE_HEADER:
        levels = [(_ms(t), seated == "1") for t, seated in told]
        return Day(levels, end=levels[-1][0])
    return Day([(_ms(t), value == "taken") for t, part, value in told if part == "seat"], end=_ms(told[-1][0]))


def day_file_text(day: Day) -> str:
    """The same day as a day file."""
    seat = [f"{level_t / 1000:.3f},seat,{'taken' if taken else 'empty'}" for level_t, taken in day.levels]
    return "\n".join([",".join(DAY_HEADER), *seat, f"{day.end / 1000:.3f},end,"]) + "\n"


def moments_read(reading: Reading) -> dict[str, list[Moment]]:
    """What the reading has to compare, by fact."""
    return {
        "sat": [(told.t,) for told in reading.sat],
        "left": [(told.t,) for told in reading.left],
        "full_break": [(told.t,) for told in reading.full_break],
        "due": [(due.t,) for due in reading.due],
        "bout": [(bout.start, bout.seated_ms) for bout in reading.bout],
    }


def moments_said(facts: Sequence[dict[str, Any]]) -> dict[str, list[Moment]]:
    """What the device's facts have to compare, by fact; facts the reading knows nothing of are left out."""
    said: dict[str, list[Moment]] = {"sat": [], "left": [], "full_break": [], "due": [], "bout": []}
    for fact in facts:
        if fact["fact"] == "bout":
            said["bout"].append((_ms(fact["start"]), _ms(fact["seated_s"])))
        elif fact["fact"] in said:
            said[fact["fact"]].append((_ms(fact["t"]),))
    return said


def differences(read_: Sequence[Moment], said: Sequence[Moment]) -> tuple[int, list[str]]:
    """The largest deviation in ms among moments that agree, and one line for each that finds no partner."""
    largest, lines = 0, []
    waiting = list(said)
    for moment in read_:
        partner = next((other for other in waiting if _apart(moment, other) <= TOLERANCE_MS), None)
        if partner is None:
            lines.append(f"only the reading has {_text(moment)}")
        else:
            waiting.remove(partner)
            largest = max(largest, _apart(moment, partner))
    return largest, lines + [f"only the device has {_text(moment)}" for moment in waiting]


def _all_agree(files: Sequence[Path]) -> bool:
    agree = True
    largest = compared = 0
    for file in files:
        day = day_of(file)
        for limit_min in LIMITS_MIN:
            deviation, moments, lines = _check(day, limit_min)
            _say(f"{'differs' if lines else 'agrees '}  {file.name}  limit {limit_min} min  {moments} facts", *lines)
            agree, largest, compared = agree and not lines, max(largest, deviation), compared + moments
    if not compared:
        raise NotADayError("no facts in any of these days: nothing was compared")
    _say(f"{len(files)} days, {compared} facts, largest deviation {largest / 1000:.3f} s")
    return agree


def _check(day: Day, limit_min: int) -> tuple[int, int, list[str]]:
    """Largest deviation in ms, how many moments the reading has, and a line for each difference."""
    expected = moments_read(read(day.levels, day.end, Definitions(limit_ms=limit_min * 60_000)))
    said = moments_said(_replayed(day, limit_min))
    largest, lines = 0, []
    for fact, moments in expected.items():
        deviation, apart = differences(moments, said[fact])
        largest = max(largest, deviation)
        lines += [f"    {fact}: {line}" for line in apart]
    return largest, sum(map(len, expected.values())), lines


def _replayed(day: Day, limit_min: int) -> list[dict[str, Any]]:
    """The facts that the device's own command prints for this day."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "day.csv"
        file.write_text(day_file_text(day), "utf-8")
        command = [sys.executable, "-m", "device", "replay", str(file)]
        for key in ("due_after", "invite_after"):
            command += ["--set", f"limits.{key}={limit_min}min"]
        printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


def _apart(one: Moment, other: Moment) -> int:
    return max(abs(mine - theirs) for mine, theirs in zip(one, other, strict=True))


def _ms(seconds: str | float) -> int:
    # By way of text, so that 0.1 is a tenth and not the binary number next to it.
    return round(Decimal(str(seconds)) * 1000)


def _text(moment: Moment) -> str:
    return " ".join(f"{each / 1000:.3f} s" for each in moment)


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
