"""The tests pass with each Python from 3.11 on, in the Debians that have it, and on 32 bits."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pythons.roots import DEBIANS, NotHereError, Place, of_this_computer, which_tests, words
from tests.pythons.running import Outcome, run_tests, table


@pytest.fixture
def room() -> Iterator[Path]:
    """On the disk: a venv and all that the tests write are more than fits in memory beside them."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.pythons
@pytest.mark.parametrize("place", [*DEBIANS, *of_this_computer()], ids=str)
def test_the_tests_pass_there(place: Place, room: Path, outcomes: list[Outcome]) -> None:
    if place.suite and os.geteuid() != 0:
        pytest.skip("only root makes a Debian of its own")
    try:
        words(place, room)
    except NotHereError as error:
        pytest.fail(f"{place}: {error}") if os.environ.get("CI") else pytest.skip(str(error))
    outcome = run_tests(place, room)
    outcomes.append(outcome)
    assert outcome.failed == 0, outcome.said[-20000:]
    # An empty run would pass, too.
    assert outcome.passed > 1000


# ---- and what is quick


def test_all_quick_tests_run_there_but_those_of_a_browser() -> None:
    told = which_tests(DEBIANS[0])
    assert told[0] == "-m"
    assert told[1].startswith("not slow and not kernel")
    assert told[1].endswith("and not pythons and not case and not browser")


def test_the_table_has_a_line_for_each_place() -> None:
    outcome = Outcome("Debian 13", "3.13.5", "x86_64", 9000, 0, 12, 7.25, "much")
    heading, line = table([outcome])
    assert heading.split() == ["place", "python", "processor", "passed", "failed", "skipped", "minutes"]
    assert line.split() == ["Debian", "13", "3.13.5", "x86_64", "9000", "0", "12", "7.2"]
