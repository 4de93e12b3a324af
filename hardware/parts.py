"""The parts of the device, and what they are wired to: a Pi or the simulated desk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from gpiozero.pins.local import get_pi_revision

from device.journal.kept_days import keep_days
from device.journal.place import journal_file, lies_in_memory
from device.journal.writer import Journal
from device.settings.settings import PanelSettings, Settings
from device.words.effects import Screen, Show
from device.words.events import Event
from device.words.levels import Thresholds
from device.words.ports import Adjustable, Clock, Inbox, Input, Output, Unplugged, Wall
from hardware.gpio.pins import open_factory
from hardware.panel.bus import panel_on
from hardware.panel.oled import OledPanel
from hardware.shared.bus import real_bus
from hardware.shared.part import Wires, parts_of
from hardware.worker import LooksOnOwnThread, OnOwnThread, ToSeat

if TYPE_CHECKING:
    # On a Pi there is no desk, so its mock pins and the model of the panel aren't loaded.
    from hardware.simulated.desk import SimulatedDesk

_Sense = TypeVar("_Sense", Input, LooksOnOwnThread)


def inputs(wires: Wires) -> Iterator[Input]:
    """All inputs that the settings ask for. Raises PartError."""
    return (part.input(wires) for part in parts_of(wires.settings) if part.input)


def outputs(wires: Wires) -> Iterator[Output]:
    """All outputs that the settings ask for. Raises PartError."""
    return (part.output(wires) for part in parts_of(wires.settings) if part.output)


# ---- live


@contextmanager
def at_the_desk(
    desk: SimulatedDesk, settings: Settings, inbox: Inbox, clock: Clock, wall: Wall, lines: str = ""
) -> Iterator[tuple[Sequence[OnOwnThread | ToSeat], Sequence[Input]]]:
    """Run the parts on a simulated desk. `lines` are the settings in the journal's form.

    The mover of the desk's hands also drives its inputs, so that a high speed blurs nothing.
    """
    wires = Wires(settings, inbox, clock, desk.factory, desk.i2c)
    with (
        journal_of(settings, lines, clock, wall, inbox) as journal,
        _performing(outputs(wires), clock) as performers,
        _sensing(inputs(wires), desk.power_up) as sensing,
    ):
        yield [*performers, *journal, *_adjusting(sensing)], sensing


@contextmanager
def on_the_pi(
    settings: Settings,
    inbox: Inbox,
    clock: Clock,
    wall: Wall,
    lines: str = "",
    journal: Sequence[OnOwnThread] | None = None,
) -> Iterator[Sequence[OnOwnThread | ToSeat]]:
    """Run the parts on the Pi's pins and bus. `lines` are the settings in the journal's form. Raises PartError.

    A `journal` that is open goes on, and other parts may be opened beside it afterwards.
    """
    factory = open_factory(settings.pins.backend)
    wires = Wires(settings, inbox, clock, factory, real_bus(settings.panel.port))
    with (
        # gpiozero keeps pins for all factories: parts that are opened next, perhaps with others, shall find none.
        nullcontext() if journal is None else closing(factory),
        journal_of(settings, lines, clock, wall, inbox) if journal is None else nullcontext(journal) as kept,
        _performing(outputs(wires), clock) as performers,
        _sensing(LooksOnOwnThread(each, clock) for each in inputs(wires)) as sensing,
    ):
        yield [*performers, *kept, *_adjusting(each.sensor for each in sensing)]


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
def journal_of(
    settings: Settings, lines: str, clock: Clock, wall: Wall, inbox: Inbox
) -> Iterator[Sequence[OnOwnThread]]:
    """The journal on its own thread, if the settings have a file for it."""
    file = journal_file(settings)
    if file is None:
        yield []
        return
    # Who names a file has chosen where it lies.
    in_memory = lies_in_memory if not settings.journal.file else lambda _: False
    journal = Journal(file, wall, lines, settings.journal.keep_days, inbox, keep_days, in_memory)
    writer = OnOwnThread(journal, clock)
    try:
        yield [writer]
    except Unplugged:
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


def _adjusting(sensing: Iterable[Input]) -> Iterator[ToSeat]:
    return (ToSeat(each) for each in sensing if isinstance(each, Adjustable))


# ---- in step with a recording


class WiredDesk:
    """The simulated desk with all parts, which a replay drives step by step."""

    def __init__(
        self, desk: SimulatedDesk, settings: Settings, inbox: Inbox, clock: Clock, *, is_seen: bool = True
    ) -> None:
        """Without `is_seen` nobody looks or listens, so there are only inputs."""
        self._desk, self._settings, self._inbox, self._clock = desk, settings, inbox, clock
        self._is_seen = is_seen
        self.act, self.weigh = desk.act, desk.weigh
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

    def adjust(self, thresholds: Thresholds) -> None:
        """Have an analog seat go by these thresholds."""
        for each in self.inputs:
            if isinstance(each, Adjustable):
                each.adjust(thresholds)

    def _build(self) -> None:
        wires = Wires(self._settings, self._inbox, self._clock, self._desk.factory, self._desk.i2c)
        self.outputs = list(outputs(wires)) if self._is_seen else []
        self.inputs = list(inputs(wires))
