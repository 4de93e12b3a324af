"""Coverage counts the lines of the tests' own process, and not those of the thousand that they start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from coverage import Coverage
from hypothesis import given, strategies

from tests.check_unit import PROJECT


@given(strategies.booleans())
def test_made_up_examples_come_first(example: bool) -> None:
    assert example in (True, False)


def test_what_is_started_after_them_is_not_counted() -> None:
    assert "COVERAGE_PROCESS_CONFIG" not in os.environ


def test_both_are_so_where_lines_are_counted(tmp_path: Path) -> None:
    if Coverage.current() is not None:
        return
    asked = [sys.executable, "-m", "coverage", "run", "-m", "pytest", "-p", "no:cacheprovider", __file__]
    environment = {**os.environ, "COVERAGE_FILE": str(tmp_path / "counted")}
    ran = subprocess.run(asked, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout
