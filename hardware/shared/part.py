"""The form in which each part says how it is made and checked, and what is at the other end of its wires.

Which parts there are, and which pins and addresses they take up, says `PLACES` in `device/settings/settings.py`, since
a settings file is checked without any hardware.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from gpiozero import Factory

from device.settings.settings import PLACES, Place, Settings
from device.words.levels import MAT_CLOSES_AT, is_level
from device.words.ports import Clock, Inbox, Input, Output
from hardware.shared.bus import Bus
from hardware.shared.checking import Checking, Found


@dataclass(frozen=True, slots=True)
class Wires:
    """What a part is made with."""

    settings: Settings
    inbox: Inbox
    clock: Clock
    factory: Factory
    """Makes pins, for gpiozero's devices."""
    bus: Bus


class FarSpi(Protocol):
    """A simulated chip on SPI."""

    def transfer(self, words: Sequence[int]) -> list[int]:
        """Take bytes, and answer as many."""
        ...


class FarBus(Protocol):
    """The simulated bus."""

    def plug(self, address: int, chip: Any) -> None:
        """Plug in the model of a chip, which has `write`, `read` and `reset`."""
        ...

    def unplug(self, address: int) -> Any:
        """Unplug a chip; it loses its memory. Return it, or None if there was none."""
        ...


class FarWires(Protocol):
    """The far ends of all wires, at the simulated desk."""

    @property
    def settings(self) -> Settings: ...

    @property
    def factory(self) -> Any:
        """Mock pins; new ones after each power cut."""
        ...

    @property
    def bus(self) -> FarBus: ...

    @property
    def spi(self) -> MutableMapping[int, FarSpi]:
        """The chips on SPI, by the GPIO number of their select pin."""
        ...

    def seen(self) -> None:
        """Say that the panel's picture may have changed."""
        ...

    def heard(self, hz: float | None) -> None:
        """Say which pitch sounds from now on: 0 for the pitch of an active buzzer, None for silence."""
        ...


class FarEnd:
    """What is at the other end of a part's wires at the simulated desk. This one does nothing."""

    hand = ""
    """The name of the hand that moves it: `seat`, `button` or `panel`."""

    def act(self, value: bool) -> None:
        """Let the hand take the seat, push the button or give back the panel; False undoes that."""

    def weigh(self, level: float) -> None:
        """Put a weight on the seat, by the level that its sensor then has: a fraction of full scale, 0 to 1.

        A contact closes under it as a mat does. A level at the rail stands for a wire that is off, so it opens.
        """
        self.act(is_level(level) and level >= MAT_CLOSES_AT)

    def power_up(self) -> None:
        """Put on its wires what the hand did before. A part that takes a pin first pulls it to rest."""

    def pin_changed(self, pin: Any) -> None:
        """Hear that a pin has changed; the part may have done that."""

    @property
    def sounding_hz(self) -> float | None:
        """The audible pitch; 0 for the pitch of an active buzzer, None for silence."""
        return None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the device, as the `PART` of its file. It has either an input or an output."""

    name: str
    """As `unsit check` calls it."""
    check: Callable[[Checking], Found]
    """Says what is wrong with it, if anything. It may raise PartError."""
    far_end: Callable[[FarWires], FarEnd]
    input: Callable[[Wires], Input] | None = None
    """Makes it. Raises PartError."""
    output: Callable[[Wires], Output] | None = None
    """As above."""
    group: str = ""
    """The group that may use it, if it is on neither pins nor the I2C bus."""
    drop_in: str = ""
    """The file in systemd/ that lets the service use it, if the service's own sandbox doesn't."""


def part_at(place: Place) -> Part:
    """The part that stands there."""
    part: Part = import_module(f"hardware.{place.file}").PART
    return part


def parts_of(settings: Settings) -> list[Part]:
    """The parts that the settings ask for, in the order of the table."""
    return [part_at(place) for place in PLACES if place.stands(settings)]
