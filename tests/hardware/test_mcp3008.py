"""A seat that is an MCP3008: it is looked at twice a second, and no fault of SPI becomes sitting or rising."""

from __future__ import annotations

import errno
import math
import random
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from gpiozero import InputDevice

from device.desk.live import LiveDesk
from device.history.day_file import RecordedDay, read_day
from device.run.clock import RecordedClock, RunningClock
from device.run.loop import EventQueue
from device.run.replay import Replay
from device.run.restart import Start
from device.settings.settings import Pins, Screens, SeatSettings, Settings
from device.stretches.repertoire import repertoire
from device.words.events import Event, Level, Seat, SeatSensor
from device.words.levels import Thresholds
from device.words.ports import PartError
from hardware.parts import WiredDesk, at_the_desk
from hardware.seat.mcp3008 import SampledSeat, WeighedMcp3008
from hardware.shared.part import Wires
from hardware.simulated.desk import SimulatedDesk
from hardware.worker import LooksOnOwnThread
from tests.desk.test_looking import Facts
from tests.flying import FlyingClock
from tests.waiting import until
from tests.wires import GpiodWires, LgpioError, LgpioWires, be_a_pi

SETTINGS = Settings(seat=SeatSettings(kind="mcp3008", empty=0.01, seated=0.3), screens=Screens(safety_s=0.0))
NO_ANSWER = OSError(errno.EIO, "Input/output error")
NO_BUS = SimulatedDesk(SETTINGS).i2c


class Chair:
    """A chair with the converter, on simulated time."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.clock = RecordedClock()
        self.desk = SimulatedDesk(settings)
        self.inbox = EventQueue()
        self.events: list[Event] = []
        self.end = next(end for end in self.desk._ends if isinstance(end, WeighedMcp3008))
        self.seat = SampledSeat(Wires(settings, self.inbox, self.clock, self.desk.factory, self.desk.i2c))
        self.looked: list[float] = []

    def start(self) -> Chair:
        self.seat.start()
        return self.wait(0.0)

    def wait(self, span_s: float) -> Chair:
        end = self.clock.at + span_s
        while (deadline := self.seat.next_deadline()) is not None and deadline <= end:
            self.clock.at = deadline
            self.looked.append(deadline)
            self.seat.tick(deadline)
        self.clock.at = end
        self.events += self.inbox.drain()
        return self

    def weigh(self, level: float, span_s: float = 10.0) -> Chair:
        self.desk.weigh(level)
        return self.wait(span_s)

    @property
    def edges(self) -> list[tuple[float, bool]]:
        return [(event.at, event.taken) for event in self.events if isinstance(event, Seat)]

    @property
    def presence(self) -> list[tuple[float, bool]]:
        return [(event.at, event.present) for event in self.events if isinstance(event, SeatSensor)]


@pytest.fixture
def chair() -> Chair:
    return Chair().start()


# ---- as it should be


def test_it_is_looked_at_twice_a_second_and_only_then(chair: Chair) -> None:
    chair.wait(3600.0)
    assert chair.looked == [nth / 2 for nth in range(1, 7201)]
    chair.seat.tick(3600.1)
    assert chair.seat.next_deadline() == 3600.5


def test_between_the_thresholds_nothing_changes_and_each_sitting_is_heard_once(chair: Chair) -> None:
    # The thresholds of 0.01 and 0.3 are 0.068 and 0.039.
    for level in (0.066, 0.07, 0.05, 0.066, 0.041, 0.038, 0.066):
        chair.weigh(level)
    assert chair.edges == [(0.0, False), (10.5, True), (50.5, False)]


def test_each_of_500_noisy_sittings_is_heard_once(chair: Chair) -> None:
    dice = random.Random(3008)
    for _ in range(500):
        for level in (0.3, 0.01):
            for _ in range(20):
                chair.weigh(max(0.0, dice.gauss(level, 0.005 if level < 0.1 else 0.03)), 0.5)
    assert [taken for _, taken in chair.edges] == [False, *[True, False] * 500]


@pytest.mark.parametrize("channel", range(8))
def test_each_channel_and_either_select_pin_is_read(channel: int) -> None:
    for chip_select in (0, 1):
        chair = Chair(Settings(seat=SeatSettings(kind="mcp3008", channel=channel, chip_select=chip_select)))
        chair.desk.weigh(0.25)
        assert chair.seat.level() == pytest.approx(0.25, abs=0.0005)


def test_without_calibration_nobody_ever_sits() -> None:
    chair = Chair(Settings(seat=SeatSettings(kind="mcp3008"))).start()
    for level in (0.3, 0.9, 0.99, 0.0):
        chair.weigh(level)
    assert chair.edges == [(0.0, False)]
    assert len([event for event in chair.events if isinstance(event, Level)]) == 5


def test_new_thresholds_hold_from_the_next_look_on(chair: Chair) -> None:
    chair.weigh(0.3)
    chair.seat.adjust(Thresholds(sit_above=0.5, leave_below=0.4))
    assert chair.wait(0.5).edges[-1] == (10.5, False)


# ---- what befalls the bus


def test_a_bus_that_fails_for_two_seconds_is_lost_and_said_once_and_found_when_it_is_back(
    chair: Chair, caplog: pytest.LogCaptureFixture
) -> None:
    chair.weigh(0.3)
    chair.end.fails = NO_ANSWER
    chair.wait(3600.0)
    assert chair.presence == [(0.0, True), (12.5, False)]
    assert math.isnan(chair.seat.level())
    chair.end.fails = None
    chair.wait(10.0)
    assert chair.presence == [(0.0, True), (12.5, False), (3610.5, True)]
    assert chair.edges == [(0.0, False), (0.5, True), (3610.5, True)], "that it was lost is no rising"
    assert [record.message for record in caplog.records] == ["the seat's converter can't be read: Input/output error"]


def test_readings_that_fail_at_random_cost_no_sitting(chair: Chair) -> None:
    dice = random.Random(8)
    for nth in range(2000):
        chair.end.fails = NO_ANSWER if dice.random() < 0.1 else None
        chair.weigh(0.3 if nth // 10 % 2 else 0.01, 0.5)
    assert [taken for _, taken in chair.edges] == [False, *[True, False] * 99, True]
    assert chair.presence == [(0.0, True)]


@pytest.mark.parametrize("level", [1.0, 0.996])
def test_a_wire_that_is_off_is_lost_and_not_taken(chair: Chair, level: float) -> None:
    chair.weigh(level)
    assert (chair.presence, chair.edges) == ([(0.0, True), (2.5, False)], [(0.0, False)])


def test_a_chip_that_is_not_there_is_lost() -> None:
    chair = Chair()
    del chair.desk.spi[chair.desk.settings.seat.select_pin]
    assert chair.start().wait(60.0).presence == [(2.0, False)]


def test_it_is_closed_twice_and_reports_nothing_any_more_and_its_pins_are_free(chair: Chair) -> None:
    chair.seat.close()
    chair.seat.close()
    chair.weigh(0.3)
    assert chair.edges == [(0.0, False)]
    assert math.isnan(chair.seat.level())
    InputDevice(11, pin_factory=chair.desk.factory).close()
    SampledSeat(Wires(SETTINGS, chair.inbox, chair.clock, chair.desk.factory, chair.desk.i2c)).close()


def test_a_pin_of_spi_that_another_part_has_stops_the_start() -> None:
    desk = SimulatedDesk(SETTINGS)
    other = InputDevice(10, pin_factory=desk.factory)
    with pytest.raises(PartError, match=r"^seat: another part of Unsit has a pin of SPI already; give it another one$"):
        SampledSeat(Wires(SETTINGS, EventQueue(), RecordedClock(), desk.factory, desk.i2c))
    other.close()


# ---- at any speed


DAY = """t,input,value
0,seat,empty
10.3,seat,taken
100.1,seat,empty
100.7,seat,taken
250.25,seat,empty
252,seat,taken
480.7,seat,empty
700,end,
"""


@pytest.fixture
def day(tmp_path: Path) -> RecordedDay:
    file = tmp_path / "day.csv"
    file.write_text(DAY)
    return read_day(file)


class Seen:
    """When it was looked at, and what was said."""

    def __init__(self) -> None:
        self.things = SimulatedDesk(SETTINGS)
        self.facts = Facts()
        self.looks: list[float] = []
        self.clock: RunningClock | RecordedClock | None = None
        chip = next(end for end in self.things._ends if isinstance(end, WeighedMcp3008))
        transfer = chip.transfer

        def looked(words: list[int]) -> list[int]:
            assert self.clock is not None
            self.looks.append(self.clock.now())
            return transfer(words)

        chip.transfer = looked  # type: ignore[method-assign, assignment]

    def told(self, end: float) -> tuple[list[float], list[object]]:
        return [at for at in self.looks if at <= end], [fact for fact in self.facts.said if fact[0] <= end]


def live(day: RecordedDay, speed: float, clock: RunningClock, patch: pytest.MonkeyPatch) -> Seen:
    seen = Seen()
    patch.setattr("device.desk.live.RunningClock", lambda _speed: clock)
    start = Start(SETTINGS, repertoire(SETTINGS))
    desk = LiveDesk(start, seen.things, partial(at_the_desk, seen.things, SETTINGS), speed, day)
    seen.clock = desk.clock
    desk.stop_at(day.end)
    desk.run(lambda: ([seen.facts], []))
    return seen


def replayed(day: RecordedDay) -> Seen:
    seen, clock, inbox = Seen(), RecordedClock(), EventQueue()
    seen.clock = clock
    start = Start(SETTINGS, repertoire(SETTINGS))
    Replay(lambda _: start, clock, inbox, WiredDesk(seen.things, SETTINGS, inbox, clock), [seen.facts]).play(day)
    return seen


def test_live_at_600_times_the_speed_and_in_a_replay_it_is_looked_at_at_the_same_instants(
    day: RecordedDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, facts = replayed(day).told(day.end)
    assert looks == [nth / 2 for nth in range(1401)]
    assert facts[:2] == [(15.5, "sat"), (496.0, "left")]
    assert live(day, 1.0, FlyingClock(), monkeypatch).told(day.end) == (looks, facts)
    assert live(day, 600.0, RunningClock(600.0), monkeypatch).told(day.end) == (looks, facts)


def test_on_a_pi_it_has_its_own_thread() -> None:
    chair, clock = Chair(), RunningClock(100.0)
    chair.seat.close()
    clock.start()
    seat = LooksOnOwnThread(SampledSeat(Wires(SETTINGS, chair.inbox, clock, chair.desk.factory, chair.desk.i2c)), clock)
    seat.start()
    try:
        for taken in (True, False) * 3:
            chair.desk.act("seat", taken)
            until(lambda taken=taken: (*chair.wait(0.0).edges, (0.0, None))[-2][1] is taken)  # type: ignore[misc]
    finally:
        seat.close()


# ---- hardware SPI on a Pi, through the pins' own factory


class SpiDev:
    """Stands in for spidev's class: the kernel's SPI."""

    opened: tuple[int, int] | None = None
    refuses: OSError | None = None
    sent: list[list[int]]

    def open(self, port: int, device: int) -> None:
        if SpiDev.refuses:
            raise SpiDev.refuses
        SpiDev.opened, self.sent = (port, device), []

    def xfer2(self, words: list[int]) -> list[int]:
        self.sent.append(words)
        return [0xFF, 0xFC | 1, 0x33]

    def close(self) -> None:
        SpiDev.opened = None

    bits_per_word = 8
    max_speed_hz = 0


@pytest.fixture
def pi(monkeypatch: pytest.MonkeyPatch) -> GpiodWires:
    be_a_pi(monkeypatch)
    monkeypatch.setattr("gpiozero.pins.local.SpiDev", SpiDev)
    monkeypatch.setattr(SpiDev, "refuses", None)
    return GpiodWires(monkeypatch)


def made(pi: GpiodWires, settings: Settings = SETTINGS) -> SampledSeat:
    return SampledSeat(Wires(settings, EventQueue(), RecordedClock(), pi.factory, SimulatedDesk(settings).i2c))


@pytest.mark.parametrize("chip_select", [0, 1])
def test_the_default_back_end_reads_it_through_the_kernels_spi(pi: GpiodWires, chip_select: int) -> None:
    seat = made(pi, Settings(seat=SeatSettings(kind="mcp3008", channel=5, chip_select=chip_select)))
    assert SpiDev.opened == (0, chip_select)
    assert seat.level() == 0x133 / 1023
    assert seat._converter is not None
    # A start bit, one input against ground, its number, and time for ten bits.
    assert seat._converter._spi._bus.sent == [[0b1, 0b1101_0000, 0]]
    assert not pi.lines, "no line is taken from the kernel's SPI"
    seat.close()
    assert SpiDev.opened is None


def test_where_hardware_spi_fails_it_says_what_to_do_and_never_makes_the_signals_itself(
    pi: GpiodWires, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SpiDev, "refuses", FileNotFoundError(errno.ENOENT, "No such file or directory"))
    with pytest.raises(PartError, match=r"^seat: hardware SPI can.t be used \(.*No such file.*\): sudo raspi-config"):
        made(pi)
    assert not pi.lines


def test_lgpio_reads_it_through_its_own_spi_and_its_faults_are_a_lost_seat(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    be_a_pi(monkeypatch)
    monkeypatch.setattr("gpiozero.pins.local.SpiDev", None)
    wires = LgpioWires(monkeypatch)
    wires.spi_says = bytes([0xFF, 0xFC | 1, 0x33])
    seat = SampledSeat(
        Wires(replace(SETTINGS, pins=Pins(backend="lgpio")), EventQueue(), RecordedClock(), wires.factory, NO_BUS)
    )
    assert seat.level() == 0x133 / 1023
    wires.spi_fails = LgpioError("SPI transfer error")
    assert math.isnan(seat.level())
    assert math.isnan(seat.level())
    assert [record.message for record in caplog.records] == ["the seat's converter can't be read: SPI transfer error"]
    wires.spi_fails = None
    assert seat.level() == 0x133 / 1023
    seat.close()


def test_where_the_library_is_missing_it_says_which(pi: GpiodWires, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpiozero.pins.local.SpiDev", None)
    with pytest.raises(PartError) as refused:
        made(pi)
    said = "seat: hardware SPI can't be used: spidev is not installed; sudo apt install python3-spidev"
    assert str(refused.value) == said
    assert not pi.lines
