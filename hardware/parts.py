"""The parts of the device, one line each, and what they are wired to: a Pi or the simulated desk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TypeVar

from gpiozero import Factory
from gpiozero.pins.local import get_pi_revision

from device.journal.kept_days import keep_days
from device.journal.place import journal_file
from device.journal.writer import Journal
from device.settings.settings import PanelSettings, Settings
from device.words.effects import Screen, Show
from device.words.events import Event
from device.words.ports import Clock, Inbox, Input, Output, PowerCut, Wall
from hardware.buzzer.buzzer import Buzzer
from hardware.gpio.pins import ChairPad, PushButton, open_factory
from hardware.panel.bus import Serial, panel_on
from hardware.panel.oled import OledPanel
from hardware.shared.bus import real_bus
from hardware.simulated.desk import SimulatedDesk
from hardware.worker import LooksOnOwnThread, OnOwnThread

OpenBus = Callable[[], Serial]
_Sense = TypeVar("_Sense", Input, LooksOnOwnThread)


def inputs(settings: Settings, inbox: Inbox, clock: Clock, factory: Factory) -> Iterator[Input]:
    """All inputs, one line each. Raises PartError."""
    yield ChairPad(factory, settings.pins, inbox, clock)
    yield PushButton(factory, settings.pins, inbox, clock)


def outputs(settings: Settings, inbox: Inbox, factory: Factory, open_bus: OpenBus) -> Iterator[Output]:
    """All outputs, one line each. Raises PartError."""
    yield OledPanel(settings.panel, inbox, open_bus)
    if settings.buzzer.kind != "none":
        yield Buzzer(factory, settings)


# ---- live


@contextmanager
def at_the_desk(
    desk: SimulatedDesk, settings: Settings, inbox: Inbox, clock: Clock, wall: Wall, lines: str = ""
) -> Iterator[tuple[Sequence[OnOwnThread], Sequence[Input]]]:
    """Run the parts on a simulated desk. `lines` are the settings in the journal's form.

    Whoever moves the desk's hands drives its inputs, too, so that speed blurs nothing.
    """
    with (
        _journal(settings, lines, clock, wall, inbox) as journal,
        _performing(outputs(settings, inbox, desk.factory, desk.open_bus), clock) as performers,
        _sensing(inputs(settings, inbox, clock, desk.factory), desk.power_up) as sensing,
    ):
        yield [*performers, *journal], sensing


@contextmanager
def on_the_pi(
    settings: Settings, inbox: Inbox, clock: Clock, wall: Wall, lines: str = ""
) -> Iterator[Sequence[OnOwnThread]]:
    """Run the parts on the Pi's pins and bus. `lines` are the settings in the journal's form. Raises PartError."""
    factory, bus = open_factory(settings.pins.backend), real_bus(settings.panel.port)
    open_panel = partial(panel_on, bus, settings.panel.address)
    with (
        _journal(settings, lines, clock, wall, inbox) as journal,
        _performing(outputs(settings, inbox, factory, open_panel), clock) as performers,
        _sensing(LooksOnOwnThread(each, clock) for each in inputs(settings, inbox, clock, factory)),
    ):
        yield [*performers, *journal]


def is_a_pi() -> bool:
    """Whether this computer says that it is a Pi."""
    try:
        get_pi_revision()
    except Exception:  # gpiozero's own error, and any other that an unusual /proc causes.
        return False
    return True


def show_on_panel(screen: Screen, settings: PanelSettings) -> None:
    """Leave a screen on the panel of a device that doesn't start. Without a panel nothing happens."""
    # The device doesn't start, and its error is enough: don't complain about the panel, too.
    with _hushed(logging.getLogger("hardware.panel.oled")):
        open_panel = partial(panel_on, real_bus(settings.port), settings.address)
        OledPanel(settings, _Nowhere(), open_panel).perform(Show(screen), 0.0)


@contextmanager
def _hushed(log: logging.Logger) -> Iterator[None]:
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def _journal(settings: Settings, lines: str, clock: Clock, wall: Wall, inbox: Inbox) -> Iterator[Sequence[OnOwnThread]]:
    """The journal on its own thread, if the settings have a file for it."""
    file = journal_file(settings)
    if file is None:
        yield []
        return
    journal = Journal(file, wall, lines, settings.journal.keep_days, inbox, keep_days)
    writer = OnOwnThread(journal, clock)
    try:
        yield [writer]
    except PowerCut:
        journal.lose_power()
        raise
    finally:
        writer.close()


class _Nowhere:
    def put(self, event: Event) -> None:
        pass


@contextmanager
def _performing(performing: Iterable[Output], clock: Clock) -> Iterator[Sequence[OnOwnThread]]:
    """Run outputs on their own threads. However this ends, all is dark and silent afterwards."""
    with ExitStack() as until_done:
        performers = []
        for output in performing:
            performers.append(OnOwnThread(output, clock))
            until_done.callback(performers[-1].close)
        yield performers


@contextmanager
def _sensing(made: Iterable[_Sense], power_up: Callable[[], None] = lambda: None) -> Iterator[Sequence[_Sense]]:
    """Let inputs report. However this ends, they report nothing afterwards."""
    with ExitStack() as until_done:
        sensing = []
        for each in made:
            sensing.append(each)
            until_done.callback(each.close)
        power_up()
        for each in sensing:
            each.start()
        yield sensing


# ---- in step with a recording


class WiredDesk:
    """The simulated desk with all parts, which a replay drives step by step."""

    def __init__(self, desk: SimulatedDesk, settings: Settings, inbox: Inbox, clock: Clock) -> None:
        self._desk, self._settings, self._inbox, self._clock = desk, settings, inbox, clock
        self.act = desk.act
        self.outputs: Sequence[Output] = ()
        self.inputs: Sequence[Input] = ()
        self._build()

    def start(self) -> None:
        """Report the present levels, and each change from now on."""
        self._desk.power_up()
        for each in self.inputs:
            each.start()

    def stop(self) -> None:
        """Cut the power: all is dark and silent. The parts are made again, as at a start."""
        for output in self.outputs:
            output.close()
        for each in self.inputs:
            each.close()
        self._desk.lose_power()
        self._build()

    def _build(self) -> None:
        desk, settings = self._desk, self._settings
        self.outputs = list(outputs(settings, self._inbox, desk.factory, desk.open_bus))
        self.inputs = list(inputs(settings, self._inbox, self._clock, desk.factory))
