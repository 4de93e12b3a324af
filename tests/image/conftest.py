"""The images to try, and where it is said how long things took."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.image import machine, pi
from tests.tools import missing

_DIST = Path(__file__).parents[2] / "dist"
_FIGURE = "figure"


@pytest.fixture(scope="session")
def image() -> Path:
    """The newest image for amd64. Where there is none the tests step aside and say why."""
    return _newest("amd64", missing(machine.TOOLS))


@pytest.fixture(scope="session")
def pi_image() -> Path:
    """The newest image for a Pi. Where there is none the tests step aside and say why."""
    return _newest("arm64", missing(pi.TOOLS))


def _newest(architecture: str, reason: str | None) -> Path:
    images = sorted(_DIST.glob(f"unsit-*-{architecture}.img"), key=lambda image: image.stat().st_mtime)
    reason = reason or (None if images else f"no image in dist; first: sudo make image ARCH={architecture}")
    if reason is None:
        return images[-1]
    if os.environ.get("UNSIT_IMAGE_TESTS") == "required":
        pytest.fail(f"the tests of the image can't run: {reason}")
    pytest.skip(f"no image to start: {reason}")


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for a card; it is thrown away when the test has passed."""
    return tmp_path_factory.mktemp("card")


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a figure in the end, and at once where output isn't caught."""

    def say(figure: str) -> None:
        record_property(_FIGURE, figure)
        print(figure, flush=True)  # noqa: T201

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures, after all else."""
    for outcome in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, figure in outcome.user_properties:
            if name == _FIGURE:
                terminalreporter.write_line(str(figure))
