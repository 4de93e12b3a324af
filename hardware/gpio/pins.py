"""The pins: the library that drives them, the two contacts, and silencing the buzzer's pin."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpiozero import Factory, GPIOPinInUse, InputDevice, PinFixedPull, PinUnknownPi
from gpiozero.pins.local import get_pi_revision

from device.settings.settings import Pins, Settings
from device.words.events import Button, Event, Seat
from device.words.instants import whole
from device.words.ports import Clock, Inbox, PartError

_log = logging.getLogger(__name__)

_PULL_UP = {"up": True, "down": False, "none": None}
_INSTALL = {
    "gpiod": "pip install 'gpiod>=2.1'",
    "lgpio": "sudo apt install python3-lgpio, or pip install 'lgpio>=0.2.2'",
    "rpigpio": "pip install RPi.GPIO (for the Pi 4 and older)",
}


def open_factory(backend: str) -> Factory:
    """The gpiozero pin factory of that name, and never another one instead.

    Raises PartError if it is missing or refused, or if this isn't a Pi.
    """
    # Opened by class: gpiozero's own choice falls back to any library that loads, even one that reports no edges.
    opener = {"gpiod": _open_gpiod, "lgpio": _open_lgpio, "rpigpio": _open_rpigpio}[backend]
    try:
        # Check this first: without a Pi "install lgpio" would be the wrong advice.
        get_pi_revision()
        return opener()
    except Exception as error:  # Back-ends raise all kinds of errors: lgpio.error is a bare Exception.
        raise PartError(f"pins: {backend} can't be used: {_why_no_factory(backend, error)}") from error


def silence(settings: Settings) -> None:
    """Drive the buzzer's pin to its quiet level and leave it there, from a new process after the device has died.

    A Pi's kernel keeps the level of an output when its owner is gone. So a device that is killed in mid-note would
    go on sounding. For the same reason the pin isn't released here. Raises PartError.
    """
    if settings.buzzer.kind == "none":
        return
    quiet_is_high = settings.buzzer.kind == "active" and settings.buzzer.on == "low"
    factory = open_factory(settings.pins.backend)
    with explained(settings.pins.backend, "buzzer", settings.pins.buzzer):
        factory.pin(settings.pins.buzzer).output_with_state(quiet_is_high)


@contextmanager
def explained(backend: str, part: str, gpio: int) -> Iterator[None]:
    """Turn any error of the back-end about a pin into a PartError: one line for the person who wired it."""
    try:
        yield
    except Exception as error:
        raise PartError(f"pins: GPIO{gpio} ({part}) can't be used: {_why_no_pin(backend, error)}") from error


_DEAF = "pins: rpigpio can't tell of changes at GPIO%d (%s) here: %s; it looks there %d times a second instead"
_DEAF_CHECKS_S = 0.05
"""Seconds between checks if the back-end reports no edges. All but the shortest presses last longer."""
_HEALING_CHECKS_S = 1.0
"""Seconds between checks if RPi.GPIO does report edges: of several, it may miss the last one."""


@dataclass(frozen=True, slots=True)
class _Contact:
    """How a contact is wired."""

    name: str
    gpio: int
    pull: str
    yes: str
    """The level that means taken or down: low or high."""
    backend: str


class _ContactInput:
    """A contact that reports its level at the start and at each change. The core judges settling and holding."""

    def __init__(
        self, factory: Factory, contact: _Contact, event: Callable[[float, bool], Event], inbox: Inbox, clock: Clock
    ) -> None:
        self._contact = contact
        self._factory = factory
        self._event = event
        self._inbox = inbox
        self._clock = clock
        self._order = threading.Lock()
        self._reported: bool | None = None
        self._checks: _LevelChecks | None = None
        pull_up = _PULL_UP[contact.pull]
        with self._explained():
            self._device: InputDevice | None = InputDevice(
                contact.gpio, pull_up=pull_up, active_state=True if pull_up is None else None, pin_factory=factory
            )

    @property
    def level(self) -> bool:
        """Whether it is taken, or down, right now. Raises PartError if it is closed or can't be read."""
        with self._explained():
            if self._device is None:
                raise ValueError("it is closed")
            return self._means_yes(self._device.pin.state)

    def start(self) -> None:
        """Report the present level, and each change from now on. Raises PartError if changes can't be watched."""
        # The lock makes an edge that comes between reading and reporting wait until the older level is reported.
        with self._order:
            if self._device is None:
                return
            with self._explained():
                self._watch(self._device.pin)
            level = self.level
            self._report(self._clock.now(), level)
        if self._checks is not None:
            self._checks.start()

    def next_deadline(self) -> float | None:
        """None, since the pin tells of changes."""
        return None

    def tick(self, now: float) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Stop reporting and release the pin. It may be called twice."""
        device, self._device = self._device, None
        if device is None:
            return
        if self._checks is not None:
            self._checks.stop()
        with suppress(Exception):  # Nobody can use a pin that can't be released.
            device.pin.when_changed = None
            device.close()

    def _watch(self, pin: Any) -> None:
        try:
            # Not DigitalInputDevice.when_activated: it calls only if the level differs from the one it remembers,
            # and an edge during its construction makes that one wrong.
            pin.when_changed = self._changed
        except RuntimeError as error:
            if self._contact.backend != "rpigpio":
                raise
            _log.warning(_DEAF, self._contact.gpio, self._contact.name, _said(error), round(1 / _DEAF_CHECKS_S))
            self._checks = _LevelChecks(self._check, _DEAF_CHECKS_S)
        else:
            if self._contact.backend == "rpigpio":
                self._checks = _LevelChecks(self._check, _HEALING_CHECKS_S)

    def _changed(self, ticks: float, state: float) -> None:
        # This runs on the back-end's only callback thread. After an exception no pin would ever report again.
        try:
            with self._order:
                self._report(self._seen_at(ticks), self._means_yes(state))
        except Exception:
            _log.exception("pins: a change of the %s was lost", self._contact.name)

    def _check(self) -> None:
        """Report the level if it differs from the last report."""
        with self._order:
            level = self.level
            if level is not self._reported:
                self._report(self._clock.now(), level)

    def _seen_at(self, ticks: float) -> float:
        """When the edge came: by the kernel's stamp, if the factory has it, since a busy thread calls late."""
        now = self._clock.now()
        if not getattr(self._factory, "stamps_edges", False):
            return now
        return max(0.0, whole(now - self._factory.ticks_diff(self._factory.ticks(), ticks)))

    def _report(self, at: float, level: bool) -> None:
        self._reported = level
        self._inbox.put(self._event(at, level))

    def _means_yes(self, state: float) -> bool:
        return bool(state) == (self._contact.yes == "high")

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self._contact.backend, self._contact.name, self._contact.gpio)


class _LevelChecks:
    """Checks a contact again and again on its own thread, for a back-end whose edges can't be trusted."""

    def __init__(self, check: Callable[[], None], every_s: float) -> None:
        self._check = check
        self._every_s = every_s
        self._stopped = threading.Event()

    def start(self) -> None:
        """Start checking."""
        threading.Thread(target=self._run, name="level checks", daemon=True).start()

    def stop(self) -> None:
        """Stop checking."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._every_s):
            # The next check may work. If none does, `unsit check` says what to do.
            with suppress(PartError):
                self._check()


class ChairPad(_ContactInput):
    """The pad on the chair."""

    def __init__(self, factory: Factory, settings: Pins, inbox: Inbox, clock: Clock) -> None:
        contact = _Contact("chair pad", settings.seat, settings.seat_pull, settings.seat_taken, settings.backend)
        super().__init__(factory, contact, Seat, inbox, clock)


class PushButton(_ContactInput):
    """The button."""

    def __init__(self, factory: Factory, settings: Pins, inbox: Inbox, clock: Clock) -> None:
        contact = _Contact("button", settings.button, settings.button_pull, settings.button_down, settings.backend)
        super().__init__(factory, contact, Button, inbox, clock)


def _open_gpiod() -> Factory:
    from hardware.gpio.gpiod_factory import GpiodFactory

    return GpiodFactory()


def _open_lgpio() -> Factory:
    from gpiozero.pins.lgpio import LGPIOFactory

    return LGPIOFactory()


def _open_rpigpio() -> Factory:
    from gpiozero.pins.rpigpio import RPiGPIOFactory

    return RPiGPIOFactory()


def _why_no_factory(backend: str, error: Exception) -> str:
    match error:
        case PinUnknownPi():
            return "no Raspberry Pi found here; off a Pi use --hardware simulated"
        case ImportError():
            return f"it is not installed ({_said(error)}); {_INSTALL[backend]}"
        case AttributeError():
            # If no build fits, pip installs lgpio 0.0.0.2: an empty module that imports without an error.
            return f"what is installed under its name is empty or too old ({_said(error)}); {_INSTALL[backend]}"
        case OSError() if ".lgd-nfy" in str(error):
            return f"it can't write into {Path.cwd()}; start in a directory it can write, or set LG_WD to one"
        case _:
            return f"{_said(error)}; {_device_advice(backend)}"


def _device_advice(backend: str) -> str:
    nodes = sorted(Path("/dev").glob("gpiomem*" if backend == "rpigpio" else "gpiochip*"))
    if not nodes:
        return "there is no GPIO device under /dev: is this a Pi with its own kernel?"
    if not any(os.access(node, os.R_OK | os.W_OK) for node in nodes):
        if _is_roots_alone(nodes[0]):
            return f"only root may open {nodes[0]}: `sudo make install` brings a rule that gives it to the group gpio"
        return f"this user may not open {nodes[0]}: sudo usermod -aG gpio $USER, then log in again"
    hint = "rpigpio is for the Pi 4 and older; " if backend == "rpigpio" else ""
    return f"{hint}`unsit check` goes through the parts"


def _is_roots_alone(node: Path) -> bool:
    """Whether only root may use the node, as on plain Debian, where no group helps."""
    with suppress(OSError):
        return node.stat().st_gid == 0
    return False


def _why_no_pin(backend: str, error: Exception) -> str:
    said = _said(error)
    if isinstance(error, GPIOPinInUse):
        return "another part of Unsit has it already; give each part a pin of its own"
    if isinstance(error, PinFixedPull):
        return 'the board has a fixed pull-up resistor there; use another pin, or pull = "up"'
    if "busy" in said:
        return f"{backend} says {said}: another program or the kernel holds it; stop that one or use another pin"
    return f"{backend} says {said}; {_device_advice(backend)}"


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # lgpio.error puts quotes around its text.
    return " ".join(str(getattr(error, "value", error)).split())
