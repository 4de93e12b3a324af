"""Checks the parts of the device one by one. A line for each says that it is fine, or what to do."""

from __future__ import annotations

import errno
import grp
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from gpiozero import Factory
from luma.core.error import Error as LumaError
from smbus2 import SMBus

from device.settings.settings import PanelSettings, Settings
from device.words.effects import Card, Cue, Play, Show
from device.words.events import Button, Event, Panel, Seat
from device.words.ports import Clock, PartError
from hardware.buzzer.buzzer import Buzzer
from hardware.gpio.pins import ChairPad, PushButton, open_factory
from hardware.panel.bus import Serial, panel_on
from hardware.panel.oled import OledPanel
from hardware.panel.which_panel import ASKS, FOUND, show_lines
from hardware.parts import is_a_pi
from hardware.shared.bus import real_bus

Ask = Callable[[str], str]
"""Asks the person to do or say something, and returns what they typed."""
Say = Callable[[str], object]
Keep = Callable[[Mapping[str, str | int]], str | None]
"""Writes keys of [panel] into the settings file; returns the file's name, or None if it can't."""

_LEAN_S, _PRESS_WITHIN_S, _REACT_S = 5.0, 10.0, 1.0
_GROUPS = ("gpio", "i2c")
_SERVICE = "unsit"
"""The name that the kernel shows for pins taken through our own back-end."""
_TEST_CARD = Card(
    "Unsit", ("The quick brown fox", "jumps over the lazy", "dog. 0123456789 +:?", "Is it upright?"), "a test"
)


class Watch(Protocol):
    """An inbox whose events can be watched for a while."""

    def put(self, event: Event) -> None: ...

    def wait(self, timeout_s: float | None) -> Event | None: ...


@dataclass(frozen=True, slots=True)
class Ends:
    """What the parts are wired to, and how to search the bus."""

    factory: Factory
    open_bus: Callable[[], Serial]
    scan: Callable[[], list[int]]
    holder: Callable[[int], str] = lambda _: ""
    """Which program holds a pin; empty for none."""


def pi_ends(settings: Settings) -> Ends:
    """The ends of a Pi. Raises PartError, also if this isn't a Pi."""
    if not is_a_pi():
        raise PartError("check goes through the parts of a Raspberry Pi, and this computer is none")
    factory = open_factory(settings.pins.backend)
    # Only our own back-end knows who holds a pin.
    holder = getattr(factory, "holder", lambda _: "")
    panel = settings.panel
    open_panel = partial(panel_on, real_bus(panel.port), panel.address)
    return Ends(factory, open_panel, partial(_scan, panel.port), holder)


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
        self._inbox = inbox
        self._clock = clock
        self._ask = ask
        self._say = say
        self._told_by = told_by
        self._keep = keep
        self._all_fine = True

    def run(self) -> bool:
        """Check everything, even after a failure. Return whether all is fine."""
        held = self._held()
        if held is not None:
            # Another program holds a part, so further checks would say nothing about the device.
            self._report("pins", held, "")
            return False
        self._report("pins", None, f"{self._settings.pins.backend} drives them")
        for part, check in (
            ("groups", self._groups),
            ("clock", self._wall_clock),
            ("bus", self._bus),
            ("panel", self._panel),
            ("chair pad", self._pad),
            ("button", self._button),
            ("buzzer", self._buzzer),
        ):
            try:
                self._report(part, *check())
            except PartError as error:
                self._report(part, str(error), "")
        return self._all_fine

    def _report(self, part: str, wrong: str | None, fine: str) -> None:
        self._all_fine = self._all_fine and wrong is None
        self._say(f"{part:10} {f'fine: {fine}' if wrong is None else f'TO DO: {wrong}'}")

    # ---- each part: what is wrong, if anything, and else what is fine

    def _held(self) -> str | None:
        pins = self._settings.pins
        for gpio in (pins.seat, pins.button, *((pins.buzzer,) if self._settings.buzzer.kind != "none" else ())):
            holder = self._ends.holder(gpio)
            if holder == _SERVICE:
                return "the service runs and has them: sudo systemctl stop unsit, check, and start it again"
            if holder:
                return f"GPIO{gpio} is held by {holder}: stop that, or use another pin"
        return None

    def _groups(self) -> tuple[str | None, str]:
        own = _GROUPS if os.geteuid() == 0 else _own_groups()
        missing = [name for name in _GROUPS if name not in own]
        if missing:
            return (
                f"not in {' and '.join(missing)}: sudo usermod -aG {','.join(missing)} $USER, then log in again",
                "",
            )
        return None, "this user may use pins and bus"

    def _wall_clock(self) -> tuple[str | None, str]:
        if self._told_by is not None:
            return None, f"told the time by {self._told_by}"
        return None, (
            "nobody has told it the time yet. Minutes are counted right all the same; dates and quiet hours may be "
            "wrong, and each power cut counts as a full break"
        )

    def _bus(self) -> tuple[str | None, str]:
        port, address = self._settings.panel.port, self._settings.panel.address
        try:
            found = self._ends.scan()
        except OSError as error:
            return (
                f"/dev/i2c-{port} can't be used ({error.strerror}): sudo raspi-config nonint do_i2c 0, then reboot",
                "",
            )
        answered = ", ".join(f"0x{each:02X}" for each in found) or "nobody"
        if address in found:
            return None, f"on bus {port} answer: {answered}"
        return (
            f"on bus {port} answers {answered}, not 0x{address:02X}: check VCC, GND, SDA, SCL, or set panel.address",
            "",
        )

    def _panel(self) -> tuple[str | None, str]:
        found = self._which_panel()
        if found is None:
            return "it doesn't answer; the line about the bus says more", ""
        settings, todo = found
        panel = OledPanel(settings, self._inbox, self._ends.open_bus)
        try:
            panel.perform(Show(_TEST_CARD), self._clock.now())
            if any(isinstance(event, Panel) and not event.present for event in self._events_for(0.0)):
                return "it doesn't answer; the line about the bus says more", ""
            self._ask("The panel shows a text. Upside down: panel.rotation = 180.")
        finally:
            panel.close()
        return todo, f"it answers at 0x{settings.address:02X}, driver {settings.driver}"

    def _which_panel(self) -> tuple[PanelSettings, str | None] | None:
        """The settings that fit the connected panel, and what is left to do; None if no panel answers."""
        panel = self._settings.panel
        try:
            bus = self._ends.open_bus()
            try:
                show_lines(bus)
            finally:
                bus.cleanup()
        except (OSError, LumaError):
            return None
        driver, first_column = FOUND.get(self._ask(ASKS).strip(), (panel.driver, panel.first_column))
        if driver == panel.driver or (driver == "ssd1306" and panel.driver != "sh1106"):
            driver = panel.driver
        changed: dict[str, str | int] = {}
        if driver != panel.driver:
            changed["driver"] = driver
        if driver == "sh1106" and first_column != panel.first_column:
            changed["first_column"] = first_column
        if not changed:
            return panel, None
        lines = ", ".join(
            f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in changed.items()
        )
        kept_in = self._keep(changed)
        if kept_in is not None:
            self._say(f"{'':10} {lines} is written into {kept_in}, for the next start")
        todo = None if kept_in else f"below [panel] in the settings file, write {lines}"
        return replace(panel, driver=driver, first_column=first_column), todo

    def _pad(self) -> tuple[str | None, str]:
        pad = ChairPad(self._ends.factory, self._settings.pins, self._inbox, self._clock)
        try:
            pad.start()
            self._say(f"{'':10} the pad says now: {'taken' if pad.level else 'empty'}")
            self._ask("Sit down.")
            if not self._level_after(pad):
                return self._deaf("it says empty while you sit"), ""
            drops = sum(self._drop_outs(side) for side in ("left", "right"))
            self._ask("Rise.")
            if self._level_after(pad):
                return self._deaf("it says taken with nobody there"), ""
        finally:
            pad.close()
        if drops:
            said = "1 drop-out" if drops == 1 else f"{drops} drop-outs"
            return None, f"{said} while you leaned; under {self._settings.settle.leave_s:g} s each does no harm"
        return None, "it follows you, and holds while you lean"

    def _button(self) -> tuple[str | None, str]:
        button = PushButton(self._ends.factory, self._settings.pins, self._inbox, self._clock)
        try:
            button.start()
            if button.level:
                return self._miswired("button", "it says down while nobody presses", self._settings.pins.button), ""
            self._say(f"{'':10} Press the button, within {_PRESS_WITHIN_S:g} s.")
            felt = any(isinstance(event, Button) and event.down for event in self._events_for(_PRESS_WITHIN_S))
        finally:
            button.close()
        if not felt:
            return self._miswired("button", "no press was felt", self._settings.pins.button), ""
        return None, "the press was felt"

    def _buzzer(self) -> tuple[str | None, str]:
        if self._settings.buzzer.kind == "none":
            return None, "there is none, as the settings say"
        buzzer = Buzzer(self._ends.factory, self._settings)
        try:
            buzzer.perform(Play(Cue.REMINDER), self._clock.now())
            while (deadline := buzzer.next_deadline()) is not None:
                self._inbox.wait(self._clock.wait_s(deadline))
                buzzer.tick(self._clock.now())
        finally:
            buzzer.close()
        self._ask("It has sounded, softly. Nothing heard: check GPIO and ground, and buzzer.kind.")
        return None, f"it was told to sound, as a {self._settings.buzzer.kind} one"

    # ---- details

    def _events_for(self, span_s: float) -> Iterator[Event]:
        """Yield the events that wait already, and those of the next `span_s` seconds."""
        deadline = self._clock.now() + span_s
        while (event := self._inbox.wait(self._clock.wait_s(deadline))) is not None:
            yield event

    def _level_after(self, pad: ChairPad) -> bool:
        for _ in self._events_for(_REACT_S):
            pass
        return pad.level

    def _drop_outs(self, side: str) -> int:
        self._ask(f"Lean {side}.")
        self._say(f"{'':10} Stay so for {_LEAN_S:g} s.")
        return sum(isinstance(event, Seat) and not event.taken for event in self._events_for(_LEAN_S))

    def _deaf(self, what: str) -> str:
        return self._miswired("seat", what, self._settings.pins.seat)

    def _miswired(self, part: str, what: str, gpio: int) -> str:
        return f"{what}: check its wires at GPIO{gpio} and ground, or pins.{part}_pull and the level that counts"


def _own_groups() -> list[str]:
    names = []
    for number in os.getgroups():
        try:
            names.append(grp.getgrgid(number).gr_name)
        except KeyError:
            continue
    return names


def _scan(port: int) -> list[int]:
    """The addresses that answer on the bus. Raises OSError if the bus doesn't exist or isn't accessible."""
    with SMBus(port) as bus:
        return [address for address in range(0x08, 0x78) if _answers(bus, address)]


def _answers(bus: SMBus, address: int) -> bool:
    try:
        bus.write_quick(address)
    except OSError as error:
        if error.errno != errno.EOPNOTSUPP:
            return False
        # Some adapters can't send an address without data.
        with suppress(OSError):
            bus.read_byte(address)
            return True
        return False
    return True
