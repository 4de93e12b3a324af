"""Checks the parts of the device one by one. A line for each says that it is fine, or what to do."""

from __future__ import annotations

import errno
import grp
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gpiozero import Factory
from smbus2 import SMBus

from device.settings.settings import PLACES, Settings, address_text, claims
from device.words.ports import Clock, NotHereError, PartError
from hardware import bus_faults
from hardware.gpio.pins import open_factory
from hardware.parts import is_a_pi
from hardware.shared.bus import Bus, real_bus
from hardware.shared.checking import Ask, Checking, Found, Keep, Say, Watch
from hardware.shared.part import Part, part_at, parts_of
from hardware.wiring.header_drawing import header_lines

_GROUPS = ("gpio", "i2c")
HOLDER = "unsit"
"""The name that the kernel shows for pins taken through our own back-end."""
_KERNEL_HAS = Path("/sys/bus/i2c/devices")
"""The chips on each bus that the kernel knows of; those that it drives have a `driver`."""
_DROP_INS = Path("/etc/systemd/system/unsit.service.d")


@dataclass(frozen=True, slots=True)
class Ends:
    """What the parts are wired to, and how to search the bus."""

    factory: Factory
    bus: Bus
    scan: Callable[[], list[int]]
    holder: Callable[[int], str] = lambda _: ""
    """Which program holds a pin; empty for none."""


def pi_ends(settings: Settings) -> Ends:
    """The ends of a Pi. Raises PartError; NotHereError if this isn't a Pi."""
    if not is_a_pi():
        raise NotHereError("check tries the parts of a Raspberry Pi, and this computer isn't one")
    factory = open_factory(settings.pins.backend)
    # Only our own back-end knows who holds a pin.
    holder = getattr(factory, "holder", lambda _: "")
    port = settings.panel.port
    return Ends(factory, real_bus(port), partial(_scan, port), holder)


class Check:
    """One round through the parts."""

    def __init__(
        self,
        settings: Settings,
        ends: Ends,
        inbox: Watch,
        clock: Clock,
        ask: Ask,
        say: Say,
        told_by: str | None,
        keep: Keep = lambda _: None,
    ) -> None:
        """`told_by` says who told the computer the time; None if that isn't known."""
        self._settings = settings
        self._ends = ends
        self._say = say
        self._told_by = told_by
        self._checking = Checking(settings, ends.factory, ends.bus, inbox, clock, ask, say, keep)
        self._all_fine = True

    def run(self) -> bool:
        """Check everything, even after a failure. Return whether all is fine."""
        held = self._held()
        if held is not None:
            # Another program holds a part, so further checks would say nothing about the device.
            self._report("pins", held, "")
            return False
        self._report("pins", None, f"{self._settings.pins.backend} drives them")
        checks: list[tuple[str, Callable[[], Found]]]
        checks = [("groups", self._groups), ("clock", self._wall_clock), ("bus", self._bus)]
        checks += [(name, partial(self._part, part)) for name, part in _by_name(self._settings).items()]
        for name, check in checks:
            try:
                self._report(name, *check())
            except PartError as error:
                self._report(name, str(error), "")
        return self._all_fine

    def drawing(self, *, coloured: bool) -> list[str]:
        """The header with what was measured, line by line; none if nothing was."""
        measured = self._checking.measured
        return header_lines(self._settings, measured, coloured=coloured) if measured else []

    def _report(self, part: str, wrong: str | None, fine: str) -> None:
        self._all_fine = self._all_fine and wrong is None
        self._say(f"{part:10} {f'fine: {fine}' if wrong is None else f'TO DO: {wrong}'}")

    # ---- what is wrong, if anything, and else what is fine

    def _held(self) -> str | None:
        for claim in claims(self._settings):
            # Pins that can't be set are those of a bus, which the kernel holds.
            holder = self._ends.holder(claim.number) if claim.is_pin and claim.is_set else ""
            if holder == HOLDER:
                return "the service runs and has them: sudo systemctl stop unsit, check, and start it again"
            if holder:
                return f"GPIO{claim.number} is held by {holder}: stop that, or use another pin"
        return None

    def _groups(self) -> Found:
        wanted = [*_GROUPS, *(part.group for part in parts_of(self._settings) if part.group)]
        own = wanted if os.geteuid() == 0 else _own_groups()
        missing = [name for name in wanted if name not in own]
        if missing:
            return (
                f"not in {' and '.join(missing)}: sudo usermod -aG {','.join(missing)} $USER, then log in again",
                "",
            )
        return None, "this user may use pins and bus"

    def _wall_clock(self) -> Found:
        if self._told_by is not None:
            return None, f"told the time by {self._told_by}"
        return None, (
            "nobody has told it the time yet. Minutes are counted right all the same; dates and quiet hours may be "
            "wrong, and each power cut counts as a full break"
        )

    def _bus(self) -> Found:
        port = self._settings.panel.port
        try:
            found = self._ends.scan()
        except TimeoutError:
            self._checking.measured.update(bus_faults.hung())
            return bus_faults.hang(self._settings), ""
        except OSError as error:
            return (
                f"/dev/i2c-{port} can't be used ({error.strerror}): sudo raspi-config nonint do_i2c 0, then reboot",
                "",
            )
        self._checking.measured.update(bus_faults.measured(self._settings, found))
        wrong = self._kernel_has() or bus_faults.fault(self._settings, found)
        return wrong, f"on bus {port} answer: {', '.join(map(address_text, found)) or 'nobody'}"

    def _kernel_has(self) -> str | None:
        for claim in claims(self._settings):
            driver = _KERNEL_HAS / f"{self._settings.panel.port}-{claim.number:04x}" / "driver"
            if not claim.is_pin and driver.exists():
                name, address = driver.resolve().name, address_text(claim.number)
                return f"the kernel's {name} has {address}: take its dtoverlay out of config.txt, then reboot"
        return None

    def _part(self, part: Part | None) -> Found:
        if part is None:
            return None, "there is none, as the settings say"
        wrong, fine = part.check(self._checking)
        if wrong is None and part.drop_in and not (_DROP_INS / part.drop_in).exists():
            install = f"sudo install -D -m 644 systemd/{part.drop_in} {_DROP_INS / part.drop_in}"
            wrong = f"it works here, but not yet in the service: {install} && sudo systemctl daemon-reload"
        return wrong, fine


def _by_name(settings: Settings) -> Mapping[str, Part | None]:
    """All parts by name, in the order of the table; None for one that the settings don't ask for."""
    parts: dict[str, Part | None] = {}
    for place in PLACES:
        part = part_at(place)
        if place.stands(settings):
            parts[part.name] = part
        else:
            parts.setdefault(part.name, None)
    return parts


def _own_groups() -> list[str]:
    names = []
    for number in os.getgroups():
        try:
            names.append(grp.getgrgid(number).gr_name)
        except KeyError:
            continue
    return names


def _scan(port: int) -> list[int]:
    """The addresses that answer on the bus. Raises OSError if it doesn't exist or can't be used, or TimeoutError."""
    with SMBus(port) as bus:
        return [address for address in range(0x08, 0x78) if _answers(bus, address)]


def _answers(bus: SMBus, address: int) -> bool:
    try:
        bus.write_quick(address)
    except TimeoutError:
        # A line is held low, and every further address would take a second.
        raise
    except OSError as error:
        if error.errno != errno.EOPNOTSUPP:
            return False
        # Some adapters can't send an address without data.
        with suppress(OSError):
            bus.read_byte(address)
            return True
        return False
    return True
