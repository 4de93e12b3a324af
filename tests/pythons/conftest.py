"""All tests here take minutes each; at the end there is a table of how they went."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pythons.running import Outcome, table

HERE = Path(__file__).parent
_OUTCOMES: list[Outcome] = []


@pytest.fixture
def outcomes() -> list[Outcome]:
    """The rows of the table so far."""
    return _OUTCOMES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table."""
    if _OUTCOMES:
        terminalreporter.section("the tests with other Pythons")
        for line in table(_OUTCOMES):
            terminalreporter.write_line(line)
