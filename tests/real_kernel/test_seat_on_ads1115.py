"""A seat that is an ADS1115, on the kernel's own bus and pin: no fault of the chip becomes sitting or rising."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping

import pytest

from hardware.seat.ads1115_model import Ads1115Model
from hardware.seat.analog import FULL_SCALE_V
from tests.real_kernel.desk import SEAT, Desk
from tests.real_kernel.gpio import GpioChip
from tests.real_kernel.test_idle import measure

pytestmark = pytest.mark.kernel

ADDRESS = 0x48
AT_ONCE: dict[str, Mapping[str, object]] = {
    "seat": {"kind": "ads1115", "address": ADDRESS, "empty": 0.01, "seated": 0.3},
    "settle": {"sit": "0s", "leave": "0s"},
    "screens": {"safety": "0s", "off_after": "1s"},
}
EMPTY, SEATED = 0.01, 0.3


_ONE_TRY = 8
"""More transfers than the device needs to ask once."""


class Converter:
    """The chip at the end of the wire, its ALERT on the seat's pin, and somebody on its sensor."""

    def __init__(self, pins: GpioChip) -> None:
        self._lock = threading.Lock()

        def alert(pulls: bool) -> None:
            pins.drive(SEAT, not pulls)

        self._chip = Ads1115Model(alert)
        self._dice = random.Random(1115)
        self.refuses = 0.0
        """How likely it doesn't acknowledge a transfer. It never fails all tries of one look: then it would be lost."""
        self.refused = self.asked = self.told = 0
        self._refused_at = 0
        self.weigh(EMPTY)

    def weigh(self, level: float) -> None:
        with self._lock:
            self._chip.put(0, level * FULL_SCALE_V)

    def reset(self) -> None:
        """Its voltage dips."""
        with self._lock:
            self._chip.reset()

    # ---- what the bus asks

    def write(self, payload: bytes) -> bool:
        with self._lock:
            if not self._answers():
                return False
            self.told += len(payload) > 1
            self._chip.write(payload)
            return True

    def read(self, size: int) -> bytes | None:
        with self._lock:
            return self._chip.read(size) if self._answers() else None

    def _answers(self) -> bool:
        self.asked += 1
        if self.asked - self._refused_at <= _ONE_TRY or self._dice.random() >= self.refuses:
            return True
        self.refused, self._refused_at = self.refused + 1, self.asked
        return False


@pytest.fixture
def converter(booted: Desk) -> Converter:
    """On the bus of a device that knows of it and watches."""
    converter = Converter(booted.chip)
    booted.bus.slaves[ADDRESS] = converter
    booted.restart(**AT_ONCE)
    # Three registers are written; it has to have read for a while before it is believed.
    booted.until(lambda: converter.told == 3, "set-up of the converter")
    booted.wait(2.0)
    return converter


def changes(desk: Desk) -> list[str]:
    return [name for name in desk.names() if name in ("sat", "left")]


def sittings(desk: Desk, converter: Converter, number: int) -> None:
    """So many, each waited for; and nothing else is heard."""
    for _ in range(number):
        desk.begin()
        converter.weigh(SEATED)
        desk.until_fact("sat")
        converter.weigh(EMPTY)
        desk.until_fact("left")
        assert changes(desk) == ["sat", "left"]


def test_sitting_and_rising_are_an_edge_each(booted: Desk, converter: Converter) -> None:
    sittings(booted, converter, 5)
    assert converter.told == 3


def test_who_sits_while_the_chip_is_reset_has_not_risen(booted: Desk, converter: Converter) -> None:
    booted.begin()
    converter.weigh(SEATED)
    booted.until_fact("sat")
    # ALERT lets go as if somebody rose.
    converter.reset()
    booted.until_said("the seat's converter had forgotten how to watch, and was told again: was its power gone?")
    booted.wait(2.0)
    assert changes(booted) == ["sat"]
    converter.weigh(EMPTY)
    booted.until_fact("left")


def test_a_chip_that_is_pulled_off_and_put_back_is_neither_a_rising_nor_a_sitting(
    booted: Desk, converter: Converter
) -> None:
    booted.begin()
    converter.weigh(SEATED)
    booted.until_fact("sat")
    chip = booted.bus.slaves.pop(ADDRESS)
    converter.reset()
    booted.until_said("the seat's converter doesn't answer: .*")
    booted.wait(3.0)
    booted.bus.slaves[ADDRESS] = chip
    booted.until(lambda: converter.told == 6, "second set-up of the converter", 20)
    booted.wait(2.0)
    assert "left" not in changes(booted)
    assert booted.said.count("the seat's converter doesn't answer") == 1
    converter.weigh(EMPTY)
    booted.until_fact("left")


def test_transfers_that_nobody_acknowledges_cost_no_sitting(booted: Desk, converter: Converter) -> None:
    converter.refuses = 0.1
    sittings(booted, converter, 20)
    assert converter.refused > 5


@pytest.mark.timed
def test_an_empty_chair_with_a_converter_wakes_nobody_and_its_bus_is_silent(
    booted: Desk, converter: Converter, record_property: Callable[[str, object], None]
) -> None:
    booted.until(lambda: not booted.panel.picture().getbbox(), "dark panel", 60)
    asked = converter.asked
    woken_per_s = measure(booted, "converter, chair empty", lambda figure: record_property("figure", figure))
    assert woken_per_s <= 0.2
    assert converter.asked == asked


@pytest.mark.slow
def test_each_of_500_sittings_is_heard_once(booted: Desk, converter: Converter) -> None:
    sittings(booted, converter, 500)
    assert converter.told == 3
