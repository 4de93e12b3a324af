"""The shared bus: chips take turns, nobody waits for long, and it heals after a fault."""

from __future__ import annotations

import errno
import threading

import pytest
from PIL import ImageChops
from smbus2 import i2c_msg

from device.pictures.drawing import draw
from device.settings.settings import PanelSettings, Settings
from device.stretches.repertoire import all_stretches
from device.words.effects import Movement, Moving, Show
from device.words.events import Event, Panel
from hardware.panel.bus import panel_on
from hardware.panel.oled import OledPanel
from hardware.shared.bus import Bus, Chip
from hardware.simulated.controller import ModelBus
from tests.waiting import WITHIN_S, until

PANEL, OTHER = 0x3C, 0x48


class Registers:
    """A chip with four registers of two bytes, as an ADS1115."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._at = 0
        self._registers = [b"\x00\x00"] * 4

    def write(self, payload: bytes) -> None:
        self._at = payload[0]
        if len(payload) > 1:
            self._registers[self._at] = payload[1:]

    def read(self, length: int) -> bytes:
        return self._registers[self._at][:length]


class Gate:
    """A bus that writes down who had a turn, and holds a turn until it is let go."""

    def __init__(self) -> None:
        self.turns: list[int] = []
        self.may_go_on = threading.Event()
        self.closed = 0
        self.opened = 0
        self.fails: OSError | None = None

    def open(self) -> Gate:
        self.opened += 1
        return self

    def i2c_rdwr(self, *messages: i2c_msg) -> None:
        self.turns.append(messages[0].addr)
        assert self.may_go_on.wait(WITHIN_S)
        if self.fails:
            raise self.fails

    def write_i2c_block_data(self, i2c_addr: int, register: int, data: list[int]) -> None:
        raise AssertionError((i2c_addr, register, data))

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def model() -> ModelBus:
    model = ModelBus("ssd1306", PANEL)
    model.plug(OTHER, Registers())
    return model


@pytest.fixture
def bus(model: ModelBus) -> Bus:
    return Bus(lambda: opened(model))


def opened(model: ModelBus) -> ModelBus:
    model.open()
    return model


# ---- a chip


def test_a_chip_keeps_what_is_written_to_its_registers(bus: Bus) -> None:
    chip = bus.chip(OTHER)
    chip.write([1, 0x42, 0x02])
    chip.write([2, 0x12, 0x34])
    assert chip.read(1, 2) == b"\x42\x02"
    assert chip.read(2, 2) == b"\x12\x34"
    assert chip.read(3, 2) == b"\x00\x00"


@pytest.mark.parametrize("length", [33, 1024])
def test_a_chip_never_has_the_bus_for_long(bus: Bus, model: ModelBus, length: int) -> None:
    chip = bus.chip(OTHER)
    with pytest.raises(ValueError, match="up to 32"):
        chip.write([0] * length)
    with pytest.raises(ValueError, match="up to 32"):
        chip.read(0, length)
    assert model.transfers == 0


def test_a_chip_that_is_not_there_says_so_and_is_heard_once_it_is(bus: Bus, model: ModelBus) -> None:
    chip = bus.chip(OTHER)
    chip.write([1, 0x42, 0x02])
    model.unplug(OTHER)
    for _ in range(2):
        with pytest.raises(OSError, match="not acknowledged"):
            chip.read(1, 2)
    model.plug(OTHER, Registers())
    assert chip.read(1, 2) == b"\x00\x00", "it has lost what it knew"


# ---- turns


def test_turns_come_in_the_order_of_asking_so_that_none_overtakes() -> None:
    gate = Gate()
    bus = Bus(gate.open)
    threads: list[threading.Thread] = []

    def ask(address: int, times: int) -> None:
        def take_turns() -> None:
            for _ in range(times):
                Chip(bus, address).write([0])

        threads.append(threading.Thread(target=take_turns))
        threads[-1].start()

    ask(1, 3)
    until(lambda: gate.turns == [1])
    for address in (2, 3):
        ask(address, 1)
        until(lambda: len(bus._turns._waiting) == len(threads) - 1)
    gate.may_go_on.set()
    for thread in threads:
        thread.join(WITHIN_S)
    # The first asks again at once, and has to wait for both others.
    assert gate.turns == [1, 2, 3, 1, 1]


def test_two_chips_on_one_bus_and_no_frame_is_lost(bus: Bus, model: ModelBus) -> None:
    figure = next(each.figure for each in all_stretches(Settings()) if each.id == "march")
    moving = Movement(Moving(figure, False, since=0.0), "30", "1:23")
    reports: list[Event] = []
    panel = OledPanel(PanelSettings(), Reports(reports), lambda: panel_on(bus, PANEL))
    done, told = threading.Event(), [0]

    def talk() -> None:
        chip = bus.chip(OTHER)
        while not done.is_set():
            chip.write([1, told[0] >> 8 & 0xFF, told[0] & 0xFF])
            assert chip.read(1, 2) == bytes((told[0] >> 8 & 0xFF, told[0] & 0xFF))
            told[0] += 1

    talker = threading.Thread(target=talk)
    talker.start()
    try:
        panel.perform(Show(moving), 0.0)
        frames = 0
        while (now := panel.next_deadline()) is not None and now <= 20.0:
            panel.tick(now)
            frames += 1
            assert not ImageChops.logical_xor(model.picture(), draw(moving, now)).getbbox()
    finally:
        done.set()
        talker.join(WITHIN_S)
    assert frames == 200, "ten a second for twenty seconds"
    assert [event.present for event in reports if isinstance(event, Panel)] == [True]
    assert told[0] > 0, "the other chip had its turns, too"


class Reports:
    def __init__(self, events: list[Event]) -> None:
        self._events = events

    def put(self, event: Event) -> None:
        self._events.append(event)


# ---- faults


@pytest.mark.parametrize("code", [errno.EREMOTEIO, errno.EIO, errno.ETIMEDOUT, errno.ENODEV])
def test_after_a_fault_it_is_opened_anew_and_the_turn_is_passed_on(code: int) -> None:
    gate = Gate()
    gate.may_go_on.set()
    bus = Bus(gate.open)
    gate.fails = OSError(code, "fault")
    with pytest.raises(OSError, match="fault"):
        bus.chip(1).write([0])
    assert (gate.opened, gate.closed) == (1, 1)
    gate.fails = None
    bus.chip(2).write([0])
    bus.chip(1).write([0])
    assert (gate.opened, gate.closed) == (2, 1)
    bus.close()
    bus.close()
    assert (gate.opened, gate.closed) == (2, 2)


def test_a_bus_that_is_not_there_yet_is_found_when_it_comes() -> None:
    gate = Gate()
    gate.may_go_on.set()
    tries = iter([FileNotFoundError(2, "No such file or directory", "/dev/i2c-1"), None])

    def open_bus() -> Gate:
        missing = next(tries)
        if missing:
            raise missing
        return gate.open()

    bus = Bus(open_bus)
    with pytest.raises(FileNotFoundError):
        bus.open()
    bus.open()
    assert gate.opened == 1
