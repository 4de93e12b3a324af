"""The pin factory on libgpiod: what gpiozero asks of one, and what is its own, on a stand-in for the chip alone."""

from __future__ import annotations

import threading
import time
from collections import deque
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gpiod
import pytest
from gpiod.line import Edge
from gpiozero import LED, Button, Device
from gpiozero.exc import (
    PinFixedPull,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPull,
    PinInvalidState,
    PinPWMFixedValue,
    PinSetInput,
)

from device.settings.settings import Pins
from device.words.events import Seat
from hardware.gpio import gpiod_factory
from hardware.gpio.gpiod_factory import GpiodFactory
from hardware.seat.contact import ChairPad
from tests.waiting import until
from tests.wires import GpiodWires, Line, be_a_pi

PI_4, PI_5 = 0xC03114, 0xC04170


@pytest.fixture
def wires(monkeypatch: pytest.MonkeyPatch) -> GpiodWires:
    be_a_pi(monkeypatch)
    return GpiodWires(monkeypatch)


@pytest.fixture
def heard() -> list[tuple[float, int]]:
    return []


def watched(wires: GpiodWires, gpio: int, handler: Any) -> Any:
    pin = wires.factory.pin(gpio)
    pin.input_with_pull("up")
    pin.when_changed = handler
    return pin


# ---- as gpiozero has it


def test_gpiozero_finds_it_by_its_name(wires: GpiodWires, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(wires.factory, GpiodFactory)
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "gpiod")
    assert isinstance(Device._default_pin_factory(), GpiodFactory)


def test_gpiozeros_own_button_and_led_work_on_it(wires: GpiodWires) -> None:
    button, led = Button(27, pin_factory=wires.factory), LED(18, pin_factory=wires.factory)
    button.when_pressed, button.when_released = led.on, led.off
    wires.hand(27, False)
    assert wires.line(18) == Line(True, True, "floating")
    wires.hand(27, True)
    assert wires.line(18) == Line(True, False, "floating")
    button.close()
    led.close()
    assert wires.line(18) == Line(False, False, "floating")


def test_a_button_that_takes_the_place_of_another_is_heard(wires: GpiodWires) -> None:
    for _ in range(3):
        pressed: list[bool] = []
        button = Button(27, pin_factory=wires.factory)
        button.when_pressed = lambda pressed=pressed: pressed.append(True)
        wires.hand(27, False)
        wires.hand(27, True)
        assert pressed == [True]
        button.close()


def test_a_button_dropped_without_a_word_leaves_a_pin_that_hears(wires: GpiodWires) -> None:
    watched(wires, 17, lambda _ticks, _state: None)
    heard: list[int] = []

    def hear(_ticks: float, state: int) -> None:
        heard.append(state)

    watched(wires, 17, hear)
    wires.hand(17, False)
    assert heard == [0]


def test_an_output_has_its_level_from_the_first_moment(wires: GpiodWires, monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[bool] = []

    def see(_gpio: int, high: bool) -> None:
        levels.append(high)

    monkeypatch.setattr(wires, "as_output", see)
    wires.factory.pin(18).output_with_state(True)
    assert levels == [True]


def test_a_pin_nobody_has_put_to_use_is_left_as_it_is(wires: GpiodWires) -> None:
    wires.as_output(18, True)
    pin = wires.factory.pin(18)
    assert pin.function == "output"
    assert wires.lines == {}
    assert pin.state == 1
    assert wires.line(18).is_output


@pytest.mark.parametrize(
    ("ask", "refusal"),
    [
        ({"function": "spi"}, PinInvalidFunction),
        ({"pull": "sideways"}, PinInvalidPull),
        ({"state": 1}, PinSetInput),
        ({"bounce": -0.1}, PinInvalidBounce),
        ({"edges": "none"}, PinInvalidEdges),
        ({"frequency": 100}, PinPWMFixedValue),
        ({"function": "output", "pull": "up"}, PinFixedPull),
        ({"function": "output", "frequency": 100, "state": 1.5}, PinInvalidState),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_in_gpiozeros_words(
    wires: GpiodWires, ask: dict[str, Any], refusal: type[Exception]
) -> None:
    pin = wires.factory.pin(17)
    pin.function = "input"
    *before, (name, value) = ask.items()
    for earlier, asked in before:
        setattr(pin, earlier, asked)
    with pytest.raises(refusal):
        setattr(pin, name, value)
    pin.close()


def test_a_fixed_resistor_is_respected(wires: GpiodWires) -> None:
    with pytest.raises(PinFixedPull):
        wires.factory.pin(2).input_with_pull("down")
    wires.factory.pin(2).input_with_pull("up")


def test_the_kernel_does_the_debouncing_that_is_asked_for(wires: GpiodWires) -> None:
    pin = watched(wires, 17, print)
    assert pin.bounce is None
    pin.bounce = 0.01
    assert pin.bounce == 0.01
    assert wires.lines[17].settings.debounce_period == timedelta(milliseconds=10)
    assert wires.lines[17].settings.edge_detection is Edge.BOTH
    pin.bounce = None
    assert pin.bounce is None


def test_only_the_edges_asked_for_are_looked_for(wires: GpiodWires) -> None:
    pin = watched(wires, 17, print)
    assert pin.edges == "both"
    pin.edges = "rising"
    looked_for = [wires.lines[17].settings.edge_detection]
    pin.when_changed = None
    looked_for.append(wires.lines[17].settings.edge_detection)
    pin.edges = "falling"
    looked_for.append(wires.lines[17].settings.edge_detection)
    assert looked_for == [Edge.RISING, Edge.NONE, Edge.NONE]


def test_a_pin_can_be_watched_again(wires: GpiodWires, heard: list[tuple[float, int]]) -> None:
    def hear(ticks: float, state: int) -> None:
        heard.append((ticks, state))

    pin = watched(wires, 17, hear)
    pin.when_changed = None
    wires.hand(17, False)
    assert heard == []
    pin.when_changed = hear
    wires.hand(17, True)
    assert [state for _, state in heard] == [1]


# ---- the right chip


@pytest.mark.parametrize(
    ("revision", "chips", "chosen"),
    [
        (PI_4, {"gpiochip0": "pinctrl-bcm2711", "gpiochip1": "raspberrypi-exp-gpio"}, "gpiochip0"),
        (PI_5, {"gpiochip0": "pinctrl-rp1", "gpiochip10": "gpio-brcmstb@107d508500"}, "gpiochip0"),
        (PI_5, {"gpiochip0": "gpio-brcmstb@107d508500", "gpiochip4": "pinctrl-rp1"}, "gpiochip4"),
        (PI_4, {"gpiochip0": "pinctrl-bcm2711", "gpiochip4": "a hat's own"}, "gpiochip0"),
        (PI_5, {"gpiochip0": "unheard of", "gpiochip4": "unheard of"}, "gpiochip4"),
        (PI_5, {"gpiochip0": "unheard of"}, "gpiochip0"),
        (PI_4, {"gpiochip0": "forbidden", "gpiochip4": "unheard of"}, "gpiochip0"),
    ],
)
def test_the_chip_behind_the_header_is_found(
    wires: GpiodWires,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    revision: int,
    chips: dict[str, str],
    chosen: str,
) -> None:
    opened: list[str] = []

    def chip(path: str) -> Any:
        name = Path(path).name
        if chips[name] == "forbidden":
            raise PermissionError(13, "Permission denied", path)
        wires.label = chips[name]
        opened.append(name)
        return real_chip(path)

    def under_dev(path: str) -> Path:
        return tmp_path / Path(path).relative_to("/dev")

    for name in chips:
        (tmp_path / name).touch()
    real_chip: Any = gpiod.Chip
    monkeypatch.setattr(gpiod, "Chip", chip)
    monkeypatch.setattr(gpiod_factory, "Path", under_dev)
    monkeypatch.setattr(GpiodFactory, "_get_revision", lambda _: revision)
    if "forbidden" in chips.values():
        with pytest.raises(PermissionError):
            GpiodFactory()
        return
    GpiodFactory().close()
    assert opened[-1] == chosen


# ---- edges


def test_an_edge_is_told_with_the_kernels_own_time(wires: GpiodWires, heard: list[tuple[float, int]]) -> None:
    def hear(ticks: float, state: int) -> None:
        heard.append((ticks, state))

    watched(wires, 17, hear)
    wires.at_s = 12.345678
    wires.hand(17, False)
    wires.at_s = 12.4
    wires.hand(17, True)
    assert heard == [(12.345678, 0), (12.4, 1)]


def test_a_contact_is_as_old_as_the_kernel_says_however_late_it_is_told(wires: GpiodWires) -> None:
    class Listening:
        """Inbox and clock in one."""

        def __init__(self) -> None:
            self.events: deque[Seat] = deque()

        def put(self, event: Any) -> None:
            self.events.append(event)

        def now(self) -> float:
            return 100.0

        def wait_s(self, until: float) -> float:
            return until

    listening = Listening()
    pad = ChairPad(wires.factory, Pins(), listening, listening)
    pad.start()
    wires.at_s = time.monotonic() - 7
    wires.hand(17, False)
    assert listening.events[-1].at == pytest.approx(93, abs=0.5)
    wires.at_s = time.monotonic() - 700
    wires.hand(17, True)
    assert listening.events[-1] == Seat(0.0, False), "nothing is older than the device"
    pad.close()


def test_edges_of_two_lines_are_told_in_the_order_they_were_in(wires: GpiodWires) -> None:
    told: list[tuple[int, float]] = []
    began, gate = threading.Event(), threading.Event()

    def of_pad(ticks: float, _state: int) -> None:
        began.set()
        gate.wait(10)
        told.append((17, ticks))

    def of_button(ticks: float, _state: int) -> None:
        told.append((27, ticks))

    watched(wires, 17, of_pad)
    watched(wires, 27, of_button)
    pad, button = wires.lines[17], wires.lines[27]
    pad.saw_edge(True, 1.0)
    assert began.wait(10)
    # While the thread is busy with the first, both lines change, to and fro.
    for at, line in ((3.0, button), (2.0, pad), (4.0, pad), (5.0, button)):
        line.saw_edge(True, at)
    gate.set()
    wires.rounds.wait_for(lambda: pad.was_told and button.was_told)
    assert told == [(17, 1.0), (17, 2.0), (27, 3.0), (17, 4.0), (27, 5.0)]


@pytest.mark.parametrize("error", [RuntimeError("a defect"), SystemExit(1)], ids=repr)
def test_a_handler_that_raises_makes_nobody_deaf(
    wires: GpiodWires, caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    told: list[int] = []

    def fail(_ticks: float, _state: int) -> None:
        told.append(17)
        raise error

    def hear(_ticks: float, _state: int) -> None:
        told.append(27)

    watched(wires, 17, fail)
    watched(wires, 27, hear)
    for gpio in (17, 27, 17):
        wires.hand(gpio, wires.pins[gpio].high is False)
    assert told == [17, 27, 17]
    assert [record.getMessage() for record in caplog.records] == ["pins: the handler of GPIO17 failed"] * 2


def test_the_kernel_keeps_edges_while_the_thread_is_busy(wires: GpiodWires) -> None:
    told: list[float] = []
    may_go_on = threading.Event()

    def hear(ticks: float, _state: int) -> None:
        assert may_go_on.wait(60)
        told.append(ticks)

    watched(wires, 17, hear)
    assert wires.buffered == 64
    line = wires.lines[17]
    for nth in range(wires.buffered):
        line.saw_edge(bool(nth % 2), float(nth))
    may_go_on.set()
    wires.rounds.wait_for(lambda: line.was_told)
    assert told == [float(nth) for nth in range(wires.buffered)]


def test_an_edge_on_its_way_when_the_handler_goes_is_nobodys(wires: GpiodWires) -> None:
    told: list[int] = []

    def hear(_ticks: float, state: int) -> None:
        told.append(state)
        pin.when_changed = None

    pin = watched(wires, 17, hear)
    line = wires.lines[17]
    for high in (False, True, False):
        line.saw_edge(high, 1.0)
    wires.rounds.wait_for(lambda: bool(told) and line.thread_is_back)
    assert told == [0]


def test_a_chip_that_goes_is_told_once_and_leaves_the_thread_asleep(
    wires: GpiodWires, caplog: pytest.LogCaptureFixture
) -> None:
    watched(wires, 17, print)
    before = wires.rounds.count
    wires.lines[17].unplug()
    wires.rounds.wait_for(lambda: wires.rounds.count > before and bool(caplog.records))
    assert [record.getMessage() for record in caplog.records] == [
        "pins: GPIO17 reports no changes any more: [Errno 19] No such device"
    ]
    rounds = wires.rounds.count
    assert rounds - before <= 2


def test_one_thread_for_all_pins_and_none_without_edges(wires: GpiodWires) -> None:
    def edge_threads() -> int:
        return sum(thread.name == "edges" for thread in threading.enumerate())

    before = edge_threads()
    wires.factory.pin(18).output_with_state(False)
    assert edge_threads() == before
    watched(wires, 17, print)
    watched(wires, 27, print)
    assert edge_threads() == before + 1
    wires.factory.close()
    wires.factory.close()
    assert edge_threads() == before
    assert wires.lines == {}


def test_a_handler_may_close_the_factory(wires: GpiodWires) -> None:
    def close(_ticks: float, _state: int) -> None:
        wires.factory.close()

    watched(wires, 17, close)
    wires.lines[17].saw_edge(False, 1.0)
    until(lambda: not wires.lines)


# ---- waves


class Ear:
    """A clock that jumps to where somebody sleeps to, and what was driven when."""

    def __init__(self, lasts_s: float) -> None:
        self.now = 100.0
        self.ends = 100.0 + lasts_s
        self.heard: list[tuple[float, bool]] = []
        self.late_s: dict[int, float] = {}
        self.wave: Any = None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + self.late_s.pop(len(self.heard), 0.0)
        if self.now >= self.ends:
            self.wave._stopped = True

    def drive(self, high: bool) -> None:
        self.heard.append((round(self.now - 100.0, 6), high))

    def listen(self, monkeypatch: pytest.MonkeyPatch, hz: float, duty: float) -> list[tuple[float, bool]]:
        monkeypatch.setattr(gpiod_factory, "time", SimpleNamespace(monotonic=self.monotonic, sleep=self.sleep))
        self.wave = gpiod_factory._Wave(self.drive, hz, duty)
        self.wave.start()
        if self.wave._thread:
            self.wave._thread.join()
        self.wave.stop()
        return self.heard


def test_a_wave_keeps_its_pitch_and_its_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Ear(0.5).listen(monkeypatch, 1000, 0.1)
    highs = [at for at, high in heard if high]
    assert highs[:4] == [0.0, 0.001, 0.002, 0.003]
    assert 499 <= len(highs) <= 501
    lows = [at for at, high in heard if not high]
    assert [round(low - high, 6) for high, low in zip(highs, lows, strict=False)][:4] == [0.0001] * 4
    assert heard[-1][1] is False


def test_a_wave_that_is_woken_late_keeps_its_pitch(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear(0.5)
    ear.late_s = dict.fromkeys(range(2, 900, 2), 0.0001)
    highs = [at for at, high in ear.listen(monkeypatch, 1000, 0.1) if high]
    assert 498 <= len(highs) <= 501


def test_a_wave_that_was_held_up_does_not_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear(0.5)
    ear.late_s = {10: 0.1}
    highs = [at for at, high in ear.listen(monkeypatch, 1000, 0.1) if high]
    assert min(later - earlier for earlier, later in pairwise(highs)) > 0.0008
    assert 398 <= len(highs) <= 402


@pytest.mark.parametrize(("duty", "levels"), [(0, [False, False]), (1, [True, False])])
def test_a_wave_that_never_changes_takes_no_thread(
    monkeypatch: pytest.MonkeyPatch, duty: float, levels: list[bool]
) -> None:
    ear = Ear(0.5)
    assert [high for _, high in ear.listen(monkeypatch, 1000, duty)] == levels
    assert ear.wave._thread is None


def test_a_wave_whose_line_fails_ends_with_a_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear(0.5)
    drive = ear.drive

    def fail(high: bool) -> None:
        drive(high)
        if len(ear.heard) == 5:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(ear, "drive", fail)
    assert len(ear.listen(monkeypatch, 1000, 0.1)) == 6
    assert [record.getMessage() for record in caplog.records] == [
        "pins: a wave has ended: [Errno 5] Input/output error"
    ]


def test_it_tells_who_holds_a_pin(wires: GpiodWires) -> None:
    wires.held = {22: "spi0 CS0", 23: ""}
    wires.factory.pin(17).function = "input"
    assert [wires.factory.holder(gpio) for gpio in (17, 18, 22, 23)] == ["unsit", "", "spi0 CS0", "the kernel"]
