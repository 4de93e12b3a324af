"""A broker, a desk, and somebody who hears what is said on the broker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mosquitto import Mosquitto
from tests.mqtt.at_the_desk import Witness, witness
from tests.rig import Rig


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    it = Mosquitto(tmp_path / "mosquitto").start()
    yield it
    it.kill()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path)
    with rig.desk_alone():
        yield rig


@pytest.fixture
def heard(mosquitto: Mosquitto) -> Iterator[Witness]:
    with witness(mosquitto) as it:
        yield it
