"""The worked example of docs/adding-a-sensor.md, done to a copy of the project: one changed file is enough."""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
DOCUMENT = PROJECT / "docs/adding-a-sensor.md"
NEW = Path("hardware/seat/ranger.py")
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


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the sensor in it."""
    copy = tmp_path_factory.mktemp("project")
    for package in ("device", "hardware"):
        shutil.copytree(PROJECT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    (source,) = blocks("python")
    (copy / NEW).write_text(source, "utf-8")
    for change in blocks("diff"):
        head, *lines = change.splitlines()
        file = copy / head.removeprefix("@@ ")
        before, after = ("".join(f"{line[1:]}\n" for line in lines if line[0] != not_in) for not_in in "+-")
        text = file.read_text("utf-8")
        assert text.count(before) == 1, "the document doesn't fit the code any more"
        file.write_text(text.replace(before, after), "utf-8")
    return copy


def run_in(copy: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    paths = {"PYTHONPATH": f"{copy}{os.pathsep}{PROJECT}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=copy, env=os.environ | paths, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def day_file(copy: Path) -> Path:
    file = copy / "day.csv"
    file.write_text(DAY)
    return file


@pytest.fixture(scope="module")
def seen(copy: Path, day_file: Path) -> dict[str, Any]:
    """What the sensor made of the day, live at two speeds and in a replay."""
    told: dict[str, Any] = json.loads(run_in(copy, "tests.docs.sensor_day", str(day_file)).stdout)
    return told


def test_one_file_changes_besides_the_new_one_and_its_test(copy: Path) -> None:
    files = {path.relative_to(copy) for package in ("device", "hardware") for path in (copy / package).rglob("*.*")}
    files = {file for file in files if "__pycache__" not in file.parts and (copy / file).is_file()}
    new = {file for file in files if not (PROJECT / file).exists()}
    changed = {file for file in files - new if not filecmp.cmp(copy / file, PROJECT / file, shallow=False)}
    assert new == {NEW}
    assert changed == {Path("device/settings/settings.py")}


def test_the_document_names_the_files_that_change() -> None:
    rows = re.findall(r"^\| `([\w.]+)` in `([\w/]+)` \| (\w+)", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert {(folder + name, what) for name, folder, what in rows} == {
        (str(NEW), "new"),
        ("device/settings/settings.py", "changed"),
        ("tests/hardware/test_ranger.py", "new"),
    }


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
    facts = [json.loads(line) for line in run_in(copy, "device", "replay", str(day_file)).stdout.splitlines()]
    assert next(fact["t"] for fact in facts if fact["fact"] == "sat") == 10.5, "it sat down at 10.3, between two looks"


def test_an_address_that_two_want_stops_the_start_in_one_line(copy: Path) -> None:
    done = run_in(copy, "device", "settings", "--set", "panel.address=0x10", code=78)
    says = "panel.address: 0x10 is the ranger's already; allowed: an address of its own"
    assert done.stderr == f"unsit: --set: {says}\n"
