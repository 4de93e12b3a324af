"""What the journal keeps of an analog seat: levels above noise, bounded; exported, played again, and forgotten."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from device.__main__ import main
from device.journal.export import Exported, export
from device.journal.forgetting import forget_bout
from device.journal.inputs import KeptInput, thinned
from device.journal.layout import LAYOUT
from device.journal.reader import levels_on, record
from device.settings.settings import Limits, Screens, SeatSettings, Settings
from device.stages.pad import Pad
from device.words.levels import Thresholds
from tests.journal.test_export import kept_facts, replayed
from tests.world import BEGAN, World

MONDAY = BEGAN.date()
SETTINGS = Settings(
    screens=Screens(safety_s=0.0),
    limits=Limits(invite_after_s=1500.0, due_after_s=1800.0),
    seat=SeatSettings(kind="mcp3008", empty=0.006, seated=0.3),
)


class Weighed:
    """Somebody on an analog seat in a world of its own, which reads twice a second."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder, SETTINGS)
        self.random = Random(7)
        self.begin()

    def begin(self) -> None:
        """The device starts, and its pad knows nothing."""
        levels = SETTINGS.seat.levels
        assert levels is not None
        self.pad = Pad(Thresholds(levels.thresholds.sit_above, levels.thresholds.leave_below))

    def weigh(self, level: float, seconds: float, spread: float = 0.002) -> None:
        """So much weight for so long."""
        for _ in range(round(seconds * 2)):
            reads = level if level in (0.0, 1.0) else level + self.random.gauss(0, spread)
            for event in self.pad.read(self.world.now, min(max(reads, 0.0), 1.0)):
                self.world._hear(event)
            self.world.wait(seconds=0.5)

    def exported(self) -> Exported:
        """The day, after the device has stopped."""
        self.world.stop()
        return export(record(self.world.file), MONDAY)


@pytest.fixture
def chair(tmp_path: Path) -> Weighed:
    return Weighed(tmp_path)


def rows(file: Path, name: str = "level") -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM input WHERE input = ?", (name,))]


def test_an_analog_day_played_again_has_the_same_facts(
    chair: Weighed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chair.weigh(0.006, 60)
    chair.weigh(0.3, 2000, spread=0.02)
    chair.weigh(0.006, 1)
    chair.weigh(0.25, 100)
    chair.weigh(1.0, 90)
    chair.weigh(0.25, 200)
    chair.weigh(0.006, 200)
    chair.world.crash()
    chair.begin()
    chair.weigh(0.3, 400)
    chair.weigh(0.006, 200)
    exported = chair.exported()
    parts = {row.part for row in exported.day.rows}
    assert {"seat", "level", "sensor_seen", "power"} <= parts
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    assert sum('"fact": "sat"' in line for line in told) >= 2


def test_a_day_that_begins_in_the_middle_knows_that_the_sensor_is_there(
    chair: Weighed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chair.weigh(0.3, 1000)
    chair.weigh(0.006, 400)
    chair.world.wait(hours=16)
    chair.weigh(0.3, 2000)
    chair.weigh(0.006, 200)
    chair.world.stop()
    exported = export(record(chair.world.file), MONDAY.replace(day=MONDAY.day + 1))
    assert exported.begins > 0
    at_start = [(row.part, row.value) for row in exported.day.at_start]
    assert ("sensor_seen", True) in at_start
    assert replayed(exported, tmp_path, capsys) == kept_facts(exported)


def test_noise_is_not_kept_and_an_empty_chair_writes_nothing(chair: Weighed) -> None:
    chair.weigh(0.006, 300, spread=0.0005)
    written_at = chair.world._journal.next_deadline()
    chair.weigh(0.006, 3600, spread=0.0005)
    assert written_at is None
    assert chair.world._journal.next_deadline() is None, "what waits has no deadline of its own"
    chair.world.stop()
    kept = rows(chair.world.file)
    # Every ten minutes a level that stays is told again.
    assert 6 <= len(kept) <= 8


def test_levels_are_bounded_by_the_minute() -> None:
    wild = [KeptInput(nth / 10, "level", "0.2") for nth in range(6000)]
    kept = thinned(wild)
    assert sum(each.name == "level" for each in kept) <= 40 * 10
    notes = [each for each in kept if each.name == "thinned"]
    assert len(notes) == 10
    assert notes[0].value == "560 changes of the level are left out"
    night = [KeptInput(600.0 * nth, "level", "0.006") for nth in range(100)]
    assert thinned(night) == night


def test_a_forgotten_bout_takes_its_levels_along(chair: Weighed) -> None:
    chair.weigh(0.006, 60)
    chair.weigh(0.3, 600)
    chair.weigh(0.006, 200)
    chair.world.stop()
    assert any(float(value) > 0.2 for value in rows(chair.world.file))
    forget_bout(chair.world.file, (BEGAN + timedelta(minutes=5)).astimezone())
    left = rows(chair.world.file)
    assert left
    assert all(float(value) < 0.1 for value in left)


def test_levels_take_no_new_layout(chair: Weighed) -> None:
    chair.weigh(0.3, 100)
    chair.world.stop()
    with closing(sqlite3.connect(chair.world.file)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (LAYOUT,) == (3,)


@pytest.mark.parametrize("value", ["2", "nan", "-0.1", "", "0.3x", b"0.3"])
def test_a_damaged_level_is_left_out(chair: Weighed, value: object) -> None:
    chair.weigh(0.3, 100)
    chair.world.stop()
    whole = record(chair.world.file)
    with closing(sqlite3.connect(chair.world.file)) as connection, connection:
        last = "(SELECT max(nth) FROM input WHERE input = 'level')"
        connection.execute(f"UPDATE input SET value = ? WHERE nth = {last}", (value,))
    left = record(chair.world.file)
    assert len(left[0].inputs) == len(whole[0].inputs) - 1
    export(left, MONDAY)


# ---- day files of levels


def replay(folder: Path, levels: list[tuple[float, float]], end: float, *overrides: str) -> list[str]:
    lines = ["t,input,value", *(f"{t:g},level,{level:g}" for t, level in levels), f"{end:.0f},end,"]
    file = folder / "levels.csv"
    file.write_text("\n".join(lines) + "\n")
    own = [word for each in ("seat.empty=0.006", "seat.seated=0.3", *overrides) for word in ("--set", each)]
    assert main(["replay", str(file), *own]) == 0
    return [str(file)]


DAY = [(0.0, 0.006), (60.0, 0.3), (1000.0, 0.05), (1001.0, 0.28), (2000.0, 0.006)]


@pytest.mark.parametrize("kind", ["ads1115", "mcp3008"])
@pytest.mark.parametrize("days", [0, 30])
def test_levels_go_through_the_seat_s_own_adapter_with_hysteresis(
    tmp_path: Path, kind: str, days: int, capsys: pytest.CaptureFixture[str]
) -> None:
    # More than two weeks are read as they change, not looked at twice a second.
    replay(tmp_path, DAY, 2200.0 + days * 86400, f"seat.kind={kind}", "seat.leave_below=0.04")
    facts = [line for line in capsys.readouterr().out.splitlines() if '"sat"' in line or '"left"' in line]
    assert len(facts) == 2, "0.05 lies between the thresholds"
    assert [round(float(line.split('"t": ')[1].split(",")[0])) for line in facts] == [60, 2000]


def test_a_picture_of_a_day_of_levels_shows_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = replay(tmp_path, DAY, 2200.0, "seat.kind=mcp3008")
    plain = capsys.readouterr().out
    own = ["--set", "seat.empty=0.006", "--set", "seat.seated=0.3", "--set", "seat.kind=mcp3008"]
    assert main(["replay", *file, *own, "--screenshot", f"300={tmp_path}/a.png"]) == 0
    assert capsys.readouterr().out == plain


def test_a_contact_has_no_levels_and_the_replay_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replay(tmp_path, DAY, 2200.0)
    told = capsys.readouterr()
    assert told.out == ""
    assert "has levels, but seat.kind is contact, which has none: they change nothing" in told.err
    assert "--set seat.kind=ads1115 (or mcp3008) --set seat.empty=... --set seat.seated=..." in told.err
    assert told.err.count("\n") == 1


def test_levels_without_a_calibration_are_never_sitting_and_the_replay_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replay(tmp_path, DAY, 2200.0, "seat.kind=mcp3008", "seat.seated=0", f"journal.file={tmp_path}/journal.db")
    told = capsys.readouterr()
    assert '"sat"' not in told.out
    assert "the seat isn't calibrated, so it is never taken; --set seat.empty=... --set seat.seated=..." in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("kind", ["ads1115", "mcp3008"])
@pytest.mark.parametrize("days", [0, 30])
def test_of_seat_and_level_rows_the_latest_counts(
    tmp_path: Path, kind: str, days: int, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mixed.csv"
    rows = ["60,level,0.3", "300,seat,empty", "600,seat,taken", "900,level,0.006", f"{1200 + days * 86400},end,"]
    file.write_text("\n".join(["t,input,value", *rows, ""]))
    own = [word for each in (f"seat.kind={kind}", "seat.empty=0.006", "seat.seated=0.3") for word in ("--set", each)]
    assert main(["replay", str(file), *own]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(fact["fact"], round(fact["t"], -1)) for fact in told if fact["fact"] in ("sat", "left")] == [
        ("sat", 60),
        ("left", 300),
        ("sat", 600),
        ("left", 900),
    ]
    assert "seat_drifted" not in {fact["fact"] for fact in told}, "an empty chair reads as calibrated"


@pytest.mark.parametrize("days", [0, 30])
def test_seat_rows_take_no_seat_that_is_not_calibrated_and_the_replay_says_so(
    tmp_path: Path, days: int, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sits.csv"
    file.write_text(f"t,input,value\n0,seat,taken\n600,seat,empty\n{900 + days * 86400},end,\n")
    own = ["--set", "seat.kind=ads1115", "--set", f"journal.file={tmp_path}/journal.db"]
    assert main(["replay", str(file), *own]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "isn't calibrated, so it is never taken; " in told.err
    assert "or --set seat.kind=contact" in told.err


def test_a_cut_in_a_day_of_levels_finds_the_level_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cut.csv"
    file.write_text("t,input,value\n0,level,0.3\n600,power,cut\n700,level,0.006\n900,power,on\n1200,end,\n")
    own = ["--set", "seat.empty=0.006", "--set", "seat.seated=0.3", "--set", "seat.kind=ads1115"]
    assert main(["replay", str(file), *own]) == 0
    told = capsys.readouterr().out
    assert told.count('"fact": "sat"') == 1


# ---- the levels of a day


def test_a_day_has_what_the_seat_read_from_midnight_on_and_no_level_where_it_was_lost(chair: Weighed) -> None:
    world = chair.world
    chair.weigh(0.006, 60, spread=0)
    chair.weigh(0.3, 600, spread=0)
    chair.weigh(1.0, 90)
    chair.weigh(0.25, 300, spread=0)
    world.wait(hours=17)
    chair.weigh(0.006, 60, spread=0)
    world.stop()
    began = 8 * 3600.0
    monday = levels_on(world.file, MONDAY)
    assert [level for _, level in monday] == [0.006, 0.3, None, 0.25, None]
    assert [at - began for at, _ in monday] == pytest.approx([0, 60, 662, 750, 16 * 3600], abs=3)
    tuesday = levels_on(world.file, MONDAY + timedelta(days=1))
    assert tuesday[0] == (0.0, 0.25), "it goes on from the day before"
    assert [level for _, level in tuesday] == [0.25, 0.006, None]
    assert levels_on(world.file, MONDAY - timedelta(days=1)) == []


def test_between_two_runs_nothing_was_read(chair: Weighed) -> None:
    chair.weigh(0.3, 300, spread=0)
    chair.world.cut_power(3600.0)
    chair.begin()
    chair.weigh(0.3, 300, spread=0)
    chair.world.stop()
    read = levels_on(chair.world.file, MONDAY)
    assert [level for _, level in read][-1] is None
    gap = next(nth for nth, (_, level) in enumerate(read) if level is None)
    assert read[gap + 1][0] - read[gap][0] == pytest.approx(3600, abs=90)
