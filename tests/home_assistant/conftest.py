"""A broker and a house with a real Home Assistant, for all tests of one version; or the reason why there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.home_assistant.house import House, Words, newer, older
from tests.home_assistant.installed import HERE, NotHereError
from tests.mosquitto import Mosquitto

EXAMPLES = HERE.parents[1] / "docs/examples/home-assistant"
_WRITTEN = """\
homeassistant:
  packages: !include_dir_named packages
light: []
persistent_notification:
"""


@dataclass
class Home:
    """A broker and Home Assistant, which has the examples in its folder of packages."""

    broker: Mosquitto
    house: House
    single: bool
    """It knows no devices that tell of themselves as a whole."""


_OLDER = pytest.param((older, True), id="2024.3")
_NEWER = pytest.param((newer, False), id="2026.2", marks=pytest.mark.newer)


@pytest.fixture(scope="session", params=[_OLDER, _NEWER])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """It runs as long as the tests do."""
    words, single = request.param
    _check_is_here(words, tmp_path_factory.mktemp("tried"))
    folder = tmp_path_factory.mktemp("home")
    broker = Mosquitto(folder / "broker").start()
    packages = folder / "house/packages"
    packages.mkdir(parents=True)
    for example in EXAMPLES.glob("*.yaml"):
        (packages / example.name).write_bytes(example.read_bytes())
    house = House(folder / "house", words, broker.port, _WRITTEN).start()
    yield Home(broker, house, single)
    house.stop()
    broker.kill()


def _check_is_here(words: Words, folder: Path) -> None:
    """Step aside where this version can't be had; with UNSIT_HOME_ASSISTANT_TESTS=required, fail."""
    try:
        words(folder)
    except NotHereError as error:
        if os.environ.get("UNSIT_HOME_ASSISTANT_TESTS") == "required":
            pytest.fail(f"no Home Assistant to test with: {error}")
        pytest.skip(f"no Home Assistant to test with: {error}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here ask for a real Home Assistant."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("home_assistant")
