"""Wires to put parts on: gpiozero's mock pins, and its real back-ends on stand-ins for the libraries underneath."""

from __future__ import annotations

import errno
import os
import select
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol

import gpiod
import pytest
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import Factory
from gpiozero.exc import PinUnknownPi
from gpiozero.pins.local import LocalPiFactory
from gpiozero.pins.mock import MockFactory, MockPWMPin

from hardware.gpio.pins import open_factory

ZERO_2_W = 0x902120


@dataclass(frozen=True, slots=True)
class Line:
    """What a meter would show on a pin."""

    is_output: bool
    high: bool
    pull: str
    """up, down or floating; of an input."""
    hz: float | None = None
    """The wave on it, and how much of the time it is high; None while it stands."""
    duty: float | None = None


class Wires(Protocol):
    """Pins, and what hands and meters can do at them."""

    factory: Factory
    refuses: Exception | None
    """What the library raises from now on instead of driving an output."""
    refuses_waves: Exception | None
    """What it raises once a wave has begun and is to be heard."""

    def line(self, gpio: int) -> Line: ...

    def hand(self, gpio: int, high: bool) -> None:
        """Put a level on an input."""
        ...


class MockWires:
    """gpiozero's own mock pins, as the simulated desk has them."""

    def __init__(self) -> None:
        self.factory: Factory = MockFactory(pin_class=type("Pin", (_MockPin,), {"wires": self}))
        self.refuses: Exception | None = None
        self.refuses_waves: Exception | None = None

    def line(self, gpio: int) -> Line:
        pin = self.factory.pin(gpio)
        if pin.frequency is not None:
            return Line(True, False, "floating", pin.frequency, pin.state)
        return Line(pin.function == "output", bool(pin.state), pin.pull if pin.function == "input" else "floating")

    def hand(self, gpio: int, high: bool) -> None:
        pin = self.factory.pin(gpio)
        if high:
            pin.drive_high()
        else:
            pin.drive_low()


class _MockPin(MockPWMPin):  # type: ignore[misc]  # gpiozero is untyped
    wires: MockWires

    def _set_state(self, value: float) -> None:
        if self.wires.refuses:
            raise self.wires.refuses
        if self.wires.refuses_waves and self.frequency and value:
            raise self.wires.refuses_waves
        super()._set_state(value)

    def _set_frequency(self, value: float | None) -> None:
        if self.wires.refuses:
            raise self.wires.refuses
        super()._set_frequency(value)


# ---- a header whose pins a stand-in for a driver library drives


class _Pin:
    def __init__(self) -> None:
        self.is_output = False
        self.out = False
        self.pull = "floating"
        self.hand: bool | None = None
        self.wave: tuple[float, float] | None = None
        self.watcher: Callable[[bool], object] | None = None

    @property
    def high(self) -> bool:
        if self.is_output:
            return self.out
        return self.pull == "up" if self.hand is None else self.hand


class _Header:
    """The electrical side, the same whatever library drives it."""

    factory: Factory

    def __init__(self) -> None:
        self.pins: defaultdict[int, _Pin] = defaultdict(_Pin)
        self.refuses: Exception | None = None
        self.refuses_waves: Exception | None = None

    def line(self, gpio: int) -> Line:
        pin = self.pins[gpio]
        hz, duty = pin.wave or (None, None)
        return Line(pin.is_output, pin.high, pin.pull, hz, duty)

    def hand(self, gpio: int, high: bool) -> None:
        pin = self.pins[gpio]
        before, pin.hand = pin.high, high
        if pin.high != before and pin.watcher:
            pin.watcher(pin.high)

    def as_input(self, gpio: int, pull: str) -> None:
        pin = self.pins[gpio]
        pin.is_output, pin.pull = False, pull

    def as_output(self, gpio: int, high: bool) -> None:
        self._may_drive()
        pin = self.pins[gpio]
        pin.is_output, pin.pull, pin.out = True, "floating", high

    def wave(self, gpio: int, wave: tuple[float, float] | None) -> None:
        self._may_drive()
        pin = self.pins[gpio]
        if pin.wave and not wave:
            # Where a wave happens to be when it is stopped, there the line stays: at the worst, high.
            pin.out = True
        if self.refuses_waves and wave and wave[1]:
            raise self.refuses_waves
        pin.wave = wave

    def _may_drive(self) -> None:
        if self.refuses:
            raise self.refuses


class LgpioError(Exception):
    """As lgpio's own: it derives from nothing more telling, and puts quotes round its text."""

    def __init__(self, value: str) -> None:
        self.value = value

    def __str__(self) -> str:
        return repr(self.value)


class LgpioWires(_Header):
    """gpiozero's lgpio back-end; only the library under it is a stand-in. One exception in a callback deafens it."""

    def __init__(self, on: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._is_deaf = False
        self.spi_says = bytes(3)
        """What comes back on SPI, whatever is sent."""
        self.spi_fails: Exception | None = None
        on.setitem(sys.modules, "lgpio", self._module())
        self.factory = open_factory("lgpio")

    def _module(self) -> ModuleType:
        bias = {128: "floating", 32: "up", 64: "down", 0: "floating"}
        flag = {"floating": 128, "up": 32, "down": 64}
        library: Any = ModuleType("lgpio")
        library.SET_PULL_NONE = library.SET_BIAS_DISABLE = 128
        library.SET_PULL_UP = library.SET_BIAS_PULL_UP = 32
        library.SET_PULL_DOWN = library.SET_BIAS_PULL_DOWN = 64
        library.RISING_EDGE, library.FALLING_EDGE, library.BOTH_EDGES = 1, 2, 3
        library.error = LgpioError
        library.gpiochip_open = lambda _chip: 7
        library.gpio_free = lambda _handle, gpio: self.as_input(gpio, "floating")
        library.gpio_claim_input = lambda _handle, gpio, flags=0: self.as_input(gpio, bias[flags])
        library.gpio_claim_alert = lambda _handle, gpio, _edges, flags=0: self.as_input(gpio, bias[flags])
        library.gpio_claim_output = lambda _handle, gpio, level=0, _flags=0: self.as_output(gpio, bool(level))
        library.gpio_get_mode = lambda _handle, gpio: 2 if self.pins[gpio].is_output else flag[self.pins[gpio].pull]
        library.gpio_read = lambda _handle, gpio: int(self.pins[gpio].high)
        library.gpio_write = lambda _handle, gpio, level: self.as_output(gpio, bool(level))
        library.tx_pwm = lambda _handle, gpio, hz, percent: self.wave(gpio, (hz, percent / 100) if hz else None)
        library.callback = self._callback
        library.spi_open = lambda _port, device, _baud, _flags=0: device
        library.spi_close = lambda _handle: None
        library.spi_xfer = self._spi_xfer
        return library  # type: ignore[no-any-return]  # a module, with attributes no type knows

    def _spi_xfer(self, _handle: int, sent: list[int]) -> tuple[int, bytearray]:
        if self.spi_fails:
            raise self.spi_fails
        return len(sent), bytearray(self.spi_says)

    def _callback(self, handle: int, gpio: int, _edges: int, call: Callable[[int, int, int, int], object]) -> Any:
        def watch(high: bool) -> None:
            if self._is_deaf:
                return
            try:
                call(handle, gpio, int(high), 0)
            except Exception:
                self._is_deaf = True

        pin = self.pins[gpio]
        pin.watcher = watch

        class Callback:
            def cancel(self) -> None:
                pin.watcher = None

        return Callback()


class RPiGPIOWires(_Header):
    """gpiozero's RPi.GPIO back-end; only the library under it is a stand-in."""

    def __init__(self, on: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.refuses_edges: Exception | None = None
        package: Any = ModuleType("RPi")
        package.GPIO = self._module()
        on.setitem(sys.modules, "RPi", package)
        on.setitem(sys.modules, "RPi.GPIO", package.GPIO)
        self.factory = open_factory("rpigpio")

    def _module(self) -> ModuleType:
        library: Any = ModuleType("RPi.GPIO")
        library.OUT, library.IN = 0, 1
        library.SERIAL, library.SPI, library.I2C, library.HARD_PWM, library.UNKNOWN = 40, 41, 42, 43, -1
        library.PUD_OFF, library.PUD_DOWN, library.PUD_UP = 20, 21, 22
        library.RISING, library.FALLING, library.BOTH, library.BCM = 31, 32, 33, 11
        library.setmode = library.setwarnings = lambda _value: None
        library.setup = self._setup
        library.cleanup = lambda gpio: self.as_input(gpio, "floating")
        library.gpio_function = lambda gpio: 0 if self.pins[gpio].is_output else 1
        library.input = lambda gpio: int(self.pins[gpio].high)
        library.output = lambda gpio, level: self.as_output(gpio, bool(level))
        library.PWM = lambda gpio, hz: _SoftPwm(self, gpio, hz)
        library.add_event_detect = self._add_event_detect
        library.remove_event_detect = lambda gpio: setattr(self.pins[gpio], "watcher", None)
        return library  # type: ignore[no-any-return]  # a module, with attributes no type knows

    def _setup(self, gpio: int, direction: int, pull: int = 20, initial: int = -1) -> None:
        if direction == 1:
            self.as_input(gpio, {20: "floating", 21: "down", 22: "up"}[pull])
        else:
            self.as_output(gpio, self.pins[gpio].out if initial < 0 else bool(initial))

    def _add_event_detect(self, gpio: int, _edges: int, callback: Callable[[int], object], bouncetime: int) -> None:
        assert bouncetime < 0, "RPi.GPIO's own debouncing loses the last level"
        if self.refuses_edges:
            raise self.refuses_edges
        self.pins[gpio].watcher = lambda _high: callback(gpio)


class GpiodWires(_Header):
    """Unsit's own back-end, on gpiod's own words; only the chip is a stand-in.

    Its thread is real. A hand waits until that has told what the hand did.
    """

    def __init__(self, on: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.at_s: float | None = None
        """When the kernel saw the next edges; None for now."""
        self.label = "pinctrl-bcm2835"
        self.buffered = 0
        self.lines: dict[int, GpiodLine] = {}
        self.held: dict[int, str] = {}
        """By other programs."""
        self.rounds = _Rounds()
        on.setattr("hardware.gpio.gpiod_factory.gpiod.Chip", lambda path: _GpiodChip(self, path))
        on.setattr("hardware.gpio.gpiod_factory.select.epoll", self.rounds)
        self.factory = open_factory("gpiod")

    def line(self, gpio: int) -> Line:
        pin = self.factory.pin(gpio)
        drawn = super().line(gpio)
        return drawn if pin.frequency is None else Line(True, False, "floating", pin.frequency, pin.state)

    def hand(self, gpio: int, high: bool) -> None:
        line = self.lines.get(gpio)
        if line is None or line.settings.edge_detection is Edge.NONE:
            super().hand(gpio, high)
            return
        before = self.pins[gpio].high
        super().hand(gpio, high)
        if self.pins[gpio].high != before:
            line.saw_edge(high, self.at_s)
            self.rounds.wait_for(lambda: line.was_told)


class GpiodLine:
    """A line that was asked for, as gpiod's `LineRequest`."""

    def __init__(self, wires: GpiodWires, gpio: int, settings: gpiod.LineSettings) -> None:
        self._wires = wires
        self._gpio = gpio
        self._edges: list[SimpleNamespace] = []
        self._edges_at_hand = threading.Lock()
        self._read_in_round = 0
        self.fd = os.eventfd(0, os.EFD_NONBLOCK)
        self.gone: OSError | None = None
        self.reconfigure_lines({gpio: settings})

    def reconfigure_lines(self, config: dict[int, gpiod.LineSettings]) -> None:
        self.settings = settings = config[self._gpio]
        if settings.direction is Direction.OUTPUT:
            assert settings.edge_detection is Edge.NONE, "the kernel refuses to look for edges on an output"
            self._wires.as_output(self._gpio, settings.output_value is Value.ACTIVE)
        elif settings.direction is Direction.INPUT:
            pulls = {Bias.PULL_UP: "up", Bias.PULL_DOWN: "down", Bias.DISABLED: "floating"}
            self._wires.as_input(self._gpio, pulls[settings.bias])

    def get_value(self, _gpio: int) -> Value:
        return Value(int(self._wires.pins[self._gpio].high))

    def set_value(self, gpio: int, value: Value) -> None:
        if self._wires.refuses_waves and value is Value.ACTIVE and self._wires.factory.pin(gpio).frequency:
            raise self._wires.refuses_waves
        self._wires.as_output(gpio, value is Value.ACTIVE)

    def saw_edge(self, high: bool, at_s: float | None) -> None:
        kind = gpiod.EdgeEvent.Type.RISING_EDGE if high else gpiod.EdgeEvent.Type.FALLING_EDGE
        at_ns = round((time.monotonic() if at_s is None else at_s) * 1e9)
        with self._edges_at_hand:
            self._edges.append(SimpleNamespace(timestamp_ns=at_ns, event_type=kind, Type=gpiod.EdgeEvent.Type))
            os.eventfd_write(self.fd, 1)

    @property
    def was_told(self) -> bool:
        """All its edges have been read, and the thread is back from telling them."""
        return not self._edges and self.thread_is_back

    @property
    def thread_is_back(self) -> bool:
        """What it read last it has told."""
        return self._wires.rounds.count > self._read_in_round

    def unplug(self) -> None:
        self.gone = OSError(errno.ENODEV, "No such device")
        os.eventfd_write(self.fd, 1)

    def wait_edge_events(self, timeout: float) -> bool:
        assert timeout == 0, "the thread waits for all lines at once"
        if self.gone:
            raise self.gone
        return bool(self._edges)

    def read_edge_events(self, most: int) -> list[SimpleNamespace]:
        self._read_in_round = self._wires.rounds.count
        with self._edges_at_hand:
            read, self._edges = self._edges[:most], self._edges[most:]
            if not self._edges:
                os.eventfd_read(self.fd)
        return read

    def release(self) -> None:
        # As on a Pi, an output keeps its level.
        del self._wires.lines[self._gpio]
        os.close(self.fd)


class _GpiodChip:
    def __init__(self, wires: GpiodWires, path: str) -> None:
        self._wires = wires
        self.path = path

    def request_lines(self, config: dict[int, gpiod.LineSettings], consumer: str, buffered: int) -> GpiodLine:
        assert consumer == "unsit"
        self._wires.buffered = buffered
        ((gpio, settings),) = config.items()
        self._wires.lines[gpio] = GpiodLine(self._wires, gpio, settings)
        return self._wires.lines[gpio]

    def get_line_info(self, gpio: int) -> SimpleNamespace:
        return SimpleNamespace(
            direction=Direction.OUTPUT if self._wires.pins[gpio].is_output else Direction.INPUT,
            used=gpio in self._wires.lines or gpio in self._wires.held,
            consumer="unsit" if gpio in self._wires.lines else self._wires.held.get(gpio, ""),
        )

    def get_info(self) -> SimpleNamespace:
        return SimpleNamespace(label=self._wires.label)

    def close(self) -> None:
        pass

    def __enter__(self) -> _GpiodChip:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class _Rounds:
    """Stands in for `select.epoll`, and counts how often the thread has come round to wait."""

    def __init__(self) -> None:
        self.count = 0
        self._came_round = threading.Condition()
        self._real = select.epoll

    def __call__(self) -> _Rounds:
        self._epoll = self._real()
        self.register, self.unregister, self.close = self._epoll.register, self._epoll.unregister, self._epoll.close
        return self

    def poll(self) -> list[tuple[int, int]]:
        ready = self._epoll.poll(0)
        if not ready:
            with self._came_round:
                self.count += 1
                self._came_round.notify_all()
            ready = self._epoll.poll()
        return ready

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._came_round:
            assert self._came_round.wait_for(condition, 10), "the edges were never told"


class _SoftPwm:
    def __init__(self, header: _Header, gpio: int, hz: float) -> None:
        self._header, self._gpio, self._hz = header, gpio, hz

    def start(self, percent: float) -> None:
        self.ChangeDutyCycle(percent)

    def ChangeDutyCycle(self, percent: float) -> None:  # noqa: N802 - the library's name
        self._header.wave(self._gpio, (self._hz, percent / 100))

    def ChangeFrequency(self, hz: float) -> None:  # noqa: N802 - the library's name
        duty = self._header.line(self._gpio).duty
        self._hz = hz
        self._header.wave(self._gpio, (hz, duty or 0.0))

    def stop(self) -> None:
        self._header.wave(self._gpio, None)


# ---- pretending to be a Pi


def be_a_pi(on: pytest.MonkeyPatch) -> None:
    """Let this computer pass for a Zero 2 W whose pins nobody has touched."""
    _answer(on, lambda: ZERO_2_W)
    on.setattr(LocalPiFactory, "pins", {})
    on.setattr(LocalPiFactory, "_reservations", defaultdict(list))
    # A device of an earlier test that is collected while another reserves its pin would wait for that one's lock.
    on.setattr(LocalPiFactory, "_res_lock", threading.Lock())
    # They hold on to the library that was there when they were first imported.
    for back_end in ("lgpio", "rpigpio"):
        on.delitem(sys.modules, f"gpiozero.pins.{back_end}", raising=False)


def be_no_pi(on: pytest.MonkeyPatch) -> None:
    """Let this computer be none, whatever it is."""

    def revision() -> int:
        raise PinUnknownPi("unable to locate Pi revision in /proc/device-tree or /proc/cpuinfo")

    _answer(on, revision)


def _answer(on: pytest.MonkeyPatch, revision: Callable[[], int]) -> None:
    for module in ("hardware.gpio.pins", "gpiozero.pins.local"):
        on.setattr(f"{module}.get_pi_revision", revision)


BACK_ENDS = ("mock", "gpiod", "lgpio", "rpigpio")


def wires_of(back_end: str, on: pytest.MonkeyPatch) -> Wires:
    """Wires of that kind, fresh."""
    if back_end == "mock":
        return MockWires()
    be_a_pi(on)
    return {"gpiod": GpiodWires, "lgpio": LgpioWires, "rpigpio": RPiGPIOWires}[back_end](on)
