"""The worked example of docs/adding-a-sensor.md, done to a copy of the project: one changed file is enough."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.docs.recipe import Recipe, run_in, what_changed

RECIPE = Recipe("docs/adding-a-sensor.md", "hardware/seat/ranger.py")
DAY = """t,input,value
0,seat,empty
10.3,seat,taken
100.1,seat,empty
100.2,seat,taken
250.25,seat,empty
252,seat,taken
480.7,seat,empty
700,end,
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the sensor in it."""
    return RECIPE.carry_out(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def day_file(copy: Path) -> Path:
    file = copy / "day.csv"
    file.write_text(DAY)
    return file


@pytest.fixture(scope="module")
def seen(copy: Path, day_file: Path) -> dict[str, Any]:
    """What the sensor made of the day, live at two speeds and in a replay."""
    told: dict[str, Any] = json.loads(run_in(copy, "-m", "tests.docs.sensor_day", str(day_file)).stdout)
    return told


def test_one_file_changes_besides_the_new_one_and_its_test(copy: Path) -> None:
    assert what_changed(copy) == {"hardware/seat/ranger.py": "new", "device/settings/settings.py": "changed"}
    assert RECIPE.table == what_changed(copy) | {"tests/hardware/test_ranger.py": "new"}


@pytest.mark.parametrize("how", ["live", "fast", "replay"])
def test_it_looks_twice_a_second_at_any_speed_and_in_a_replay(seen: dict[str, Any], how: str) -> None:
    assert seen[how]["looks"] == [nth / 2 for nth in range(1401)]


@pytest.mark.parametrize("how", ["fast", "replay"])
def test_what_is_made_of_it_is_the_same_at_any_speed_and_in_a_replay(seen: dict[str, Any], how: str) -> None:
    assert seen[how]["facts"] == seen["live"]["facts"]
    assert [15.5, "sat"] in seen["live"]["facts"], "it sees at 10.5 who sat down at 10.3, and believes it in 5 s"
    assert {"due", "left", "full_break", "break_honoured"} <= {name for _, name in seen["live"]["facts"]}


def test_check_asks_a_person_to_sit_and_rise(seen: dict[str, Any]) -> None:
    assert "ranger     fine: 35 cm while you sit, 120 cm while you don't" in seen["check"]
    assert any(line.startswith("ranger     TO DO: 120 cm while you sit") for line in seen["check of nobody"])


def test_a_sensor_that_is_lost_reports_nothing_until_it_is_back_and_says_so_once(seen: dict[str, Any]) -> None:
    assert seen["lost"] == [[[0.0, True], [2.0, False]], 1]


def test_a_replay_asks_the_sensor_though_nobody_looks_at_the_panel(copy: Path, day_file: Path) -> None:
    facts = [json.loads(line) for line in run_in(copy, "-m", "device", "replay", str(day_file)).stdout.splitlines()]
    assert next(fact["t"] for fact in facts if fact["fact"] == "sat") == 10.5, "it sat down at 10.3, between two looks"


def test_an_address_that_two_want_stops_the_start_in_one_line(copy: Path) -> None:
    done = run_in(copy, "-m", "device", "settings", "--set", "panel.address=0x10", code=78)
    says = "panel.address: 0x10 is the ranger's already; allowed: an address of its own"
    assert done.stderr == f"unsit: --set: {says}\n"
