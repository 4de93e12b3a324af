"""A gpiozero pin factory on libgpiod 2. One thread sleeps until the kernel reports edges, for all pins.

gpiozero finds it under the name `gpiod`, also in `GPIOZERO_PIN_FACTORY`.
"""

from __future__ import annotations

import logging
import os
import select
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import gpiod
from gpiod.line import Bias, Clock, Direction, Edge, Value
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
from gpiozero.pins.local import LocalPiFactory, LocalPiPin

_log = logging.getLogger(__name__)

_CONSUMER = "unsit"
"""The holder of the lines that `gpioinfo` shows."""
_HEADERS = ("pinctrl-rp1", "pinctrl-bcm2711", "pinctrl-bcm2835")
"""The kernel's labels for the chip behind the header: of a Pi 5, of a Pi 4, and of earlier ones."""
_PI_5 = 0x17
_BUFFERED_EDGES = 64
"""How many edges of a pin wait for the thread. Beyond that the kernel drops the oldest, so the last level is right."""

_PULLS = {"up": Bias.PULL_UP, "down": Bias.PULL_DOWN, "floating": Bias.DISABLED}
_EDGES = {"both": Edge.BOTH, "rising": Edge.RISING, "falling": Edge.FALLING}
_DIRECTIONS = {"input": Direction.INPUT, "output": Direction.OUTPUT}
_AT_REST = gpiod.LineSettings(direction=Direction.INPUT, bias=Bias.DISABLED, event_clock=Clock.MONOTONIC)


class GpiodFactory(LocalPiFactory):  # type: ignore[misc]  # gpiozero is untyped
    """The pins of the header, or of the gpiochip with the path `chip`. Raises OSError if it can't be opened."""

    stamps_edges = True
    """The kernel stamps edges in its interrupt. Other factories give the time of their call."""

    def __init__(self, chip: str | None = None) -> None:
        super().__init__()
        # libgpiod isn't thread-safe: its callers have to keep two threads from using a line at once.
        self.lock = threading.RLock()
        self.chip = gpiod.Chip(chip or _header_chip(self._get_revision()))
        self.reader = EdgeReader()
        self.pin_class = GpiodPin

    def holder(self, gpio: int) -> str:
        """The name of the program that holds a line; empty for none."""
        info = self.chip.get_line_info(gpio)
        return (info.consumer or "the kernel") if info.used else ""

    def close(self) -> None:
        """Release all lines. It may be called twice."""
        super().close()
        self.reader.close()
        with self.lock:
            if self.chip:
                self.chip.close()


def _header_chip(revision: int) -> str:
    """The path of the header's chip, by its label, since numbers have changed. Else the path used longest."""
    labels = {}
    for path in sorted(Path("/dev").glob("gpiochip*")):
        # A chip that can't be opened isn't the header's. If none can, the usual path's error says why.
        with suppress(OSError), gpiod.Chip(str(path)) as chip:
            labels[chip.get_info().label] = str(path)
    for label in _HEADERS:
        if label in labels:
            return labels[label]
    is_pi_5 = (revision >> 4) & 0xFF == _PI_5
    return "/dev/gpiochip4" if is_pi_5 and Path("/dev/gpiochip4").exists() else "/dev/gpiochip0"


@dataclass(frozen=True, slots=True)
class _EdgeSeen:
    """A change of level and when the kernel saw it."""

    at_ns: int
    high: bool


class GpiodPin(LocalPiPin):  # type: ignore[misc]  # gpiozero is untyped
    """One line of the chip, which is claimed at its first use."""

    def __init__(self, factory: GpiodFactory, info: Any) -> None:
        super().__init__(factory, info)
        self._line: int = self._number
        self._request: gpiod.LineRequest | None = None
        self._settings = _AT_REST
        self._edges = "both"
        self._wave: _Wave | None = None

    def close(self) -> None:
        """Make the line an input again and release it."""
        self._end_wave()
        # gpiozero reuses pins. If the old handler stayed, a new one wouldn't be connected.
        self.when_changed = None
        with self.factory.lock:
            if self._request is not None:
                self._claim(_AT_REST)
                self._request.release()
                self._request = None

    def output_with_state(self, state: bool) -> None:
        """Make it an output that has the right level from the first moment."""
        self._turn("output", bool(state))

    def input_with_pull(self, pull: str) -> None:
        """Make it an input that has the right pull from the first moment."""
        self._check_pull(pull)
        self._turn("input")
        self._claim(replace(self._settings, bias=_PULLS[pull]))

    def read_edges(self) -> list[_EdgeSeen]:
        """The edges since the last call, oldest first, without waiting. Raises OSError."""
        with self.factory.lock:
            if self._request is None or not self._request.wait_edge_events(0):
                return []
            events = self._request.read_edge_events(_BUFFERED_EDGES)
        return [_EdgeSeen(event.timestamp_ns, event.event_type is event.Type.RISING_EDGE) for event in events]

    def hear(self, edge: _EdgeSeen) -> None:
        """Pass an edge to the handler."""
        # The handler may have been removed while the edge was on its way.
        if self.when_changed is not None:
            self._call_when_changed(edge.at_ns / 1e9, int(edge.high))

    # ---- what gpiozero asks

    def _get_function(self) -> str:
        with self.factory.lock:
            claimed = self._request is not None
            direction = self._settings.direction if claimed else self.factory.chip.get_line_info(self._line).direction
        return "output" if direction is Direction.OUTPUT else "input"

    def _set_function(self, value: str) -> None:
        if value not in _DIRECTIONS:
            raise PinInvalidFunction(f'invalid function "{value}" for pin {self!r}')
        self._turn(value)

    def _get_state(self) -> float:
        if self._wave is not None:
            return self._wave.duty
        with self.factory.lock:
            if self._request is None:
                self._claim(replace(self._settings, direction=Direction.AS_IS, bias=Bias.AS_IS))
            assert self._request is not None
            return int(self._request.get_value(self._line) is Value.ACTIVE)

    def _set_state(self, value: float) -> None:
        if self.function == "input":
            raise PinSetInput(f"cannot set state of pin {self!r}")
        if self._wave is None:
            self._drive(bool(value))
            return
        if not 0 <= value <= 1:
            raise PinInvalidState(f'invalid state "{value}" for pin {self!r}')
        self._begin_wave(self._wave.hz, value)

    def _get_pull(self) -> str:
        return next(pull for pull, bias in _PULLS.items() if bias is self._settings.bias)

    def _set_pull(self, value: str) -> None:
        if self.function != "input":
            raise PinFixedPull(f"cannot set pull on non-input pin {self!r}")
        self._check_pull(value)
        self._claim(replace(self._settings, bias=_PULLS[value]))

    def _check_pull(self, value: str) -> None:
        if value not in _PULLS:
            raise PinInvalidPull(f'invalid pull "{value}" for pin {self!r}')
        if self.info.pull not in (value, ""):
            raise PinFixedPull(f"{self!r} has a physical pull-{self.info.pull} resistor")

    def _get_bounce(self) -> float | None:
        return self._settings.debounce_period.total_seconds() or None

    def _set_bounce(self, value: float | None) -> None:
        if value is not None and value < 0:
            raise PinInvalidBounce("bounce must be 0 or greater")
        self._claim(replace(self._settings, debounce_period=timedelta(seconds=value or 0)))

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, value: str) -> None:
        if value not in _EDGES:
            raise PinInvalidEdges(f'invalid edges "{value}" for pin {self!r}')
        self._edges = value
        if self._settings.edge_detection is not Edge.NONE:
            self._claim(replace(self._settings, edge_detection=_EDGES[value]))

    def _get_frequency(self) -> float | None:
        return None if self._wave is None else self._wave.hz

    def _set_frequency(self, value: float | None) -> None:
        if value is None or value == 0:
            self._end_wave()
            return
        if self.function != "output":
            raise PinPWMFixedValue(f"cannot start PWM on pin {self!r}")
        self._begin_wave(value, 0.0 if self._wave is None else self._wave.duty)

    def _enable_event_detect(self) -> None:
        self._claim(replace(self._settings, edge_detection=_EDGES[self._edges]))
        assert self._request is not None
        self.factory.reader.watch(self._request.fd, self)

    def _disable_event_detect(self) -> None:
        if self._settings.edge_detection is Edge.NONE:
            return
        with self.factory.lock:
            assert self._request is not None, "a watched line is claimed"
            self.factory.reader.forget(self._request.fd)
            self._claim(replace(self._settings, edge_detection=Edge.NONE))

    # ---- the line

    def _turn(self, function: str, high: bool = False) -> None:
        """Make it an input without a pull, or an output at a level. This ends edges and waves."""
        self._end_wave()
        self.when_changed = None
        level = Value.ACTIVE if high else Value.INACTIVE
        self._claim(replace(_AT_REST, direction=_DIRECTIONS[function], output_value=level))

    def _claim(self, settings: gpiod.LineSettings) -> None:
        """Request the line with these settings, or change them without releasing the line."""
        with self.factory.lock:
            if self._request is None:
                self._request = self.factory.chip.request_lines({self._line: settings}, _CONSUMER, _BUFFERED_EDGES)
            else:
                self._request.reconfigure_lines({self._line: settings})
            self._settings = settings

    def _drive(self, high: bool) -> None:
        with self.factory.lock:
            assert self._request is not None, "an output is claimed"
            self._request.set_value(self._line, Value.ACTIVE if high else Value.INACTIVE)

    def _begin_wave(self, hz: float, duty: float) -> None:
        self._end_wave()
        self._wave = _Wave(self._drive, hz, duty)
        self._wave.start()

    def _end_wave(self) -> None:
        wave, self._wave = self._wave, None
        if wave is not None:
            wave.stop()


# ---- edges


class EdgeReader:
    """The thread that waits for edges on all lines. It starts with the first watched line."""

    def __init__(self) -> None:
        self._pins: dict[int, GpiodPin] = {}
        self._epoll = select.epoll()
        self._stop = os.eventfd(0)
        self._epoll.register(self._stop, select.EPOLLIN)
        self._thread: threading.Thread | None = None
        self._closed = False

    def watch(self, fd: int, pin: GpiodPin) -> None:
        """Watch a file descriptor and pass its edges to the pin."""
        self._pins[fd] = pin
        self._epoll.register(fd, select.EPOLLIN)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="edges", daemon=True)
            self._thread.start()

    def forget(self, fd: int) -> None:
        """Stop watching a file descriptor."""
        if self._pins.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def close(self) -> None:
        """End the thread. It may be called twice, and by a handler."""
        if self._closed:
            return
        self._closed = True
        os.eventfd_write(self._stop, 1)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._epoll.close()
        os.close(self._stop)

    def _run(self) -> None:
        while not self._closed:
            seen = [
                (edge, pin)
                for fd, _ in self._epoll.poll()
                if (pin := self._pins.get(fd)) is not None
                for edge in self._read(fd, pin)
            ]
            # Lines are read one after the other, so sort their edges by time.
            for edge, pin in sorted(seen, key=lambda each: each[0].at_ns):
                _tell(pin, edge)

    def _read(self, fd: int, pin: GpiodPin) -> list[_EdgeSeen]:
        try:
            return pin.read_edges()
        except OSError as error:
            # The chip is gone. Its descriptor would be ready forever and keep this thread busy.
            _log.error("pins: %r reports no changes any more: %s", pin, error)
            self.forget(fd)
            return []


def _tell(pin: GpiodPin, edge: _EdgeSeen) -> None:
    """Call a handler. Whatever it raises, other handlers and later edges still work."""
    try:
        pin.hear(edge)
    except BaseException:  # SystemExit, too, would end the thread, and no pin would report any more.
        _log.exception("pins: the handler of %r failed", pin)


# ---- waves


class _Wave:
    """A software square wave for a piezo, as exact as threads are woken. It has a thread only while it sounds."""

    def __init__(self, drive: Callable[[bool], None], hz: float, duty: float) -> None:
        self._drive = drive
        self.hz = hz
        self.duty = duty
        self._stopped = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start with the line high, unless the duty is 0. Raises OSError if it can't be driven."""
        self._drive(self.duty > 0)
        if 0 < self.duty < 1:
            self._thread = threading.Thread(target=self._run, args=(time.monotonic(),), name="wave", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop with the line low."""
        self._stopped = True
        if self._thread is not None:
            self._thread.join()
        self._drive(False)

    def _run(self, at: float) -> None:
        _wake_me_exactly()
        period_s = 1 / self.hz
        try:
            while not self._stopped:
                _sleep_until(at + self.duty * period_s)
                self._drive(False)
                at += period_s
                late_s = time.monotonic() - at
                if late_s > 0:
                    # Don't make up for missed pulses: played faster, they would be another tone.
                    at += late_s + (1 - self.duty) * period_s
                _sleep_until(at)
                self._drive(True)
        except OSError as error:
            _log.warning("pins: a wave has ended: %s", error)


def _sleep_until(at: float) -> None:
    time.sleep(max(0.0, at - time.monotonic()))


def _wake_me_exactly() -> None:
    # To save power the kernel wakes threads up to 50 us late by default: half as long as a pulse of a soft note.
    with suppress(OSError):
        Path(f"/proc/{threading.get_native_id()}/timerslack_ns").write_text("1000", "ascii")
