"""Recorded days say what they said before there were meetings, hours and plans, to the byte."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from device.__main__ import main

ROOT = Path(__file__).parents[2]
SAID = {
    "device/content/days/office.csv": "52c6f50e9553bb35",
    "tests/history/days/heads-down.csv": "4bde387dfaddc193",
    "tests/history/days/late-evening.csv": "505f56feb02b64a5",
    "tests/history/days/restless.csv": "65002b6396795e03",
    "tests/journal/layout_3/day.csv": "cd4b8c1e1034ef37",
}
"""Of each recorded day, the SHA-256 of its facts as they were printed before. They set no meetings, hours or plans."""
MADE_SAID = {
    0: "cecde2db0153c78f",
    1: "a40d82899056011a",
    2: "f61389ecfc025cdd",
    3: "b7f3dec79ae9074d",
    4: "3daea1f1f0061205",
    5: "cde5bc8795714944",
    6: "64e2541c96670bf7",
    7: "4276c47f05b20f19",
    8: "42e901e988ec124c",
    9: "ab0c5cdfa0f3cab2",
    10: "ec4f88a7dd3ccd02",
    11: "f0b4885123963724",
    12: "2c9e5ca2342c3e3d",
    13: "8a87a9dbc2d636b3",
    14: "17e5dc0797e06fd4",
    15: "8206078388bf51fc",
    16: "3d87847e9a791c25",
    17: "913d6a03728c22c9",
    18: "c5f729b177e9cdd6",
    19: "11cb733b9627a6d1",
    20: "317453c580b6eb83",
    21: "c4c76c1ba703f6a7",
    22: "412efb25726275e0",
    23: "4eaf29e99ad5f03b",
}
"""The same of days made of dice, by their seed."""
BEGINS = datetime.fromisoformat("2026-03-02T07:40:00+01:00")
SETTINGS = ("limits.preset=hourly", "limits.preset=half-hourly", "reminders.mute=15min", 'sounds.hours="08:30-18:00"')


def said(file: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The checksum of all that a replay says."""
    assert main(["replay", str(file)]) == 0
    return sha256(capsys.readouterr().out.encode()).hexdigest()[:16]


def made_day(seed: int) -> Iterator[str]:
    """The lines of a long day on which somebody sits, rises, presses, changes settings and pulls the plug."""
    dice = random.Random(seed)
    yield "t,input,value"
    yield f"0,setting,{SETTINGS[seed % len(SETTINGS)]}"
    yield f"0,clock,{(BEGINS + timedelta(hours=seed % 24)).isoformat()}"
    t = 0.0
    for _ in range(60):
        t = round(t + dice.choice([0.2, 1.4, 4.0, 16.0, 61.0, 125.0, 600.0, 1900.0, 3700.0]) * (0.9 + dice.random()), 3)
        what = dice.random()
        if what < 0.5:
            yield f"{t},seat,{'taken' if dice.random() < 0.6 else 'empty'}"
        elif what < 0.8:
            yield f"{t},button,down"
            t = round(t + dice.choice([0.2, 1.5]), 3)
            yield f"{t},button,up"
        elif what < 0.85:
            yield f"{t},setting,{dice.choice(SETTINGS)}"
        elif what < 0.9:
            yield f"{t},clock,{(BEGINS + timedelta(hours=seed % 24, seconds=t + 90 * dice.random())).isoformat()}"
        else:
            yield f"{t},power,cut"
            t = round(t + dice.choice([1.0, 50.0, 400.0, 30_000.0]), 3)
            yield f"{t},power,on"
    yield f"{t + 7200.0},end,"


@pytest.mark.parametrize("day", SAID)
def test_a_recorded_day_says_what_it_said_before_there_were_meetings(
    day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(ROOT / day, capsys) == SAID[day]


@pytest.mark.parametrize("seed", MADE_SAID)
def test_a_day_made_of_dice_says_what_it_said_before_there_were_meetings(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "day.csv"
    file.write_text("\n".join(made_day(seed)) + "\n")
    assert said(file, capsys) == MADE_SAID[seed]
