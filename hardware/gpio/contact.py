"""A contact on a pin, such as a pad or a button: it reports its level at the start and at each change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any

from gpiozero import Factory, InputDevice

from device.words.events import Event
from device.words.instants import after, whole
from device.words.ports import Clock, Inbox, PartError
from hardware.gpio.pins import explained, said_by
from hardware.shared.part import FarEnd, FarWires

_log = logging.getLogger(__name__)

_PULL_UP = {"up": True, "down": False, "none": None}

_DEAF = "pins: rpigpio can't tell of changes at GPIO%d (%s) here: %s; it looks there %d times a second instead"
_DEAF_CHECKS_S = 0.05
"""Seconds between checks if the back-end reports no edges. All but the shortest presses last longer."""
_HEALING_CHECKS_S = 1.0
"""Seconds between checks if RPi.GPIO does report edges: of several, it may miss the last one."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How a contact is wired."""

    name: str
    gpio: int
    pull: str
    yes: str
    """The level that means taken or down: low or high."""
    backend: str
    """The library that drives the pin."""


class ContactInput:
    """A contact that reports its level at the start and at each change. The core judges settling and holding."""

    def __init__(
        self, factory: Factory, contact: Contact, event: Callable[[float, bool], Event], inbox: Inbox, clock: Clock
    ) -> None:
        self._contact = contact
        self._factory = factory
        self._event = event
        self._inbox = inbox
        self._clock = clock
        self._order = threading.Lock()
        self._reported: bool | None = None
        self._checks_every_s: float | None = None
        """Seconds between checks of the level; None if the back-end reports each change."""
        self._check_at: float | None = None
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
            level, now = self.level, self._clock.now()
            self._report(now, level)
        self._plan_check(now)

    def next_deadline(self) -> float | None:
        """When to check the level; None if the back-end reports each change."""
        return self._check_at

    def tick(self, now: float) -> None:
        """Report the level if it differs from the last report."""
        if self._check_at is None or now < self._check_at:
            return
        self._plan_check(now)
        # The next check may work. If none does, `unsit check` says what to do.
        with suppress(PartError), self._order:
            level = self.level
            if level is not self._reported:
                self._report(self._clock.now(), level)

    def close(self) -> None:
        """Stop reporting and release the pin. It may be called twice."""
        device, self._device = self._device, None
        if device is None:
            return
        self._checks_every_s = self._check_at = None
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
            _log.warning(_DEAF, self._contact.gpio, self._contact.name, said_by(error), round(1 / _DEAF_CHECKS_S))
            self._checks_every_s = _DEAF_CHECKS_S
        else:
            if self._contact.backend == "rpigpio":
                self._checks_every_s = _HEALING_CHECKS_S

    def _plan_check(self, now: float) -> None:
        every_s = self._checks_every_s
        self._check_at = None if every_s is None else after(now, every_s)

    def _changed(self, ticks: float, state: float) -> None:
        # This runs on the back-end's only callback thread. After an exception no pin would ever report again.
        try:
            with self._order:
                self._report(self._seen_at(ticks), self._means_yes(state))
        except Exception:
            _log.exception("pins: a change of the %s was lost", self._contact.name)

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


class Hand(FarEnd):
    """A hand at a contact of the simulated desk, or somebody who sits on it."""

    def __init__(self, wires: FarWires, hand: str, gpio: int, yes: str) -> None:
        """`yes` is the level that means taken or down: low or high."""
        self._wires = wires
        self.hand = hand
        self._gpio = gpio
        self._yes = yes
        self._level = False

    def act(self, value: bool) -> None:
        """Close the contact, or open it."""
        self._level = value
        self.power_up()

    def power_up(self) -> None:
        """Drive the pin to the level set by hand."""
        pin = self._wires.factory.pin(self._gpio)
        if self._level == (self._yes == "high"):
            pin.drive_high()
        else:
            pin.drive_low()
