"""The simulated desk with the device on it, in a terminal or on the line."""

from __future__ import annotations

import logging
import socket
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from device.changes.changes import Changes, ChangesTold
from device.changes.office import TakesPresets, offering_orders
from device.changes.orders import calibrating_orders
from device.commands.asking import as_calibrated, offers_stretches, speaking
from device.desk.calibrating import SeatAndPanel
from device.desk.live import Listen, LiveDesk, OpenParts
from device.history.day_file import RecordedDay
from device.languages.language_files import languages
from device.languages.phrases import Phrases, phrases
from device.phones.paired import PairedPhones
from device.phones.pairing import Pairing, PairingTold
from device.run.feed import Feed, Told
from device.run.line import SERVICE
from device.run.loop import Onlooker, Performer
from device.run.orders import Do, OrderError, Orders, TellCore, orders_to_core
from device.run.restart import Start, by_plan, fault_of
from device.run.telling import hours
from device.screens.fact_sentences import Names, sentence
from device.settings.layers import InForce, in_force_from
from device.settings.settings import Screens, Settings
from device.settings.settings_file import lines_of
from device.stretches.repertoire import all_stretches, repertoire
from device.words.events import Event
from device.words.facts import Choice, Fact, StretchAgain, StretchNever
from device.words.past import Past
from device.words.ports import Clock, Inbox, Wall

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from device.desk.virtual_desk import Scene, Set, VirtualDesk
    from hardware.simulated.desk import SimulatedDesk


def live_desk(
    start: Start,
    speed: float,
    day: RecordedDay | None,
    *,
    remembers: bool = False,
    turns: Mapping[float, Start] = MappingProxyType({}),
) -> tuple[SimulatedDesk, LiveDesk]:
    """The desk and the device on it. The device may go on from its journal, and by another start from each turn on."""
    from hardware import seat_alone
    from hardware.parts import at_the_desk
    from hardware.simulated.desk import SimulatedDesk

    things = SimulatedDesk(start.settings)

    def parts(inbox: Inbox, clock: Clock, wall: Wall) -> AbstractContextManager[OpenParts]:
        """A calibration changes the settings between two runs of the device."""
        return at_the_desk(things, desk.settings, inbox, clock, wall, lines_text(desk.settings))

    def alone(inbox: Inbox, clock: Clock) -> AbstractContextManager[SeatAndPanel]:
        return seat_alone.at_the_desk(things, desk.settings, inbox, clock)

    remembered = partial(past_of, start) if remembers else None
    desk = LiveDesk(start, things, parts, speed, day, remembered, alone)
    for t, turn in turns.items():
        own = replace(turn, settings=replace(turn.settings, journal=start.settings.journal))
        desk.plan(t, partial(desk.put_in_force, own))
    return things, desk


def kept_choices(settings: Settings) -> Sequence[Choice]:
    """The person's choices from the journal, if it can be read."""
    from device.journal.place import journal_file
    from device.journal.reader import JournalError, choices

    file = journal_file(settings)
    with suppress(JournalError, OSError):
        if file is not None:
            return choices(file)
    return ()


def past_of(start: Start) -> Past | None:
    """What the journal knows about the time before this start. If no start can go on from it, set it aside."""
    from device.journal.beside import take_up
    from device.journal.faults import in_a_line
    from device.journal.place import journal_file, set_aside
    from device.journal.reader import past

    file = journal_file(start.settings)
    if file is not None:
        take_up(file)
    before = past(file) if file else None
    fault = fault_of(start, before) if before else None
    if file is None or fault is None:
        return before
    try:
        _log.warning("the journal makes no sense (%s); it is set aside as %s", in_a_line(fault), set_aside(file))
    except OSError as error:
        _log.warning("the journal makes no sense (%s), and can't be set aside: %s", in_a_line(fault), error)
    return None


def lines_text(settings: Settings) -> str:
    """The settings in the journal's form."""
    return "\n".join(lines_of(settings))


def told_by(listener: Performer) -> Listen:
    """This is the only listener."""
    return lambda: ([listener], [])


@contextmanager
def window(
    things: SimulatedDesk, desk: LiveDesk, keys: Mapping[str, Callable[[], object]], says: str
) -> Iterator[deque[str]]:
    """The panel drawn in the terminal, with the latest lines below it."""
    from device.desk.window import Window, wrapped

    latest: deque[str] = deque(maxlen=8)

    def below() -> list[str]:
        return [f" {desk.says}", f" {desk.button_says}", f" {says}"]

    def more(width: int, room: int) -> list[str]:
        """The newest lines, if there isn't room for all."""
        lines = wrapped([f" {line}" for line in list(latest)], width)
        return lines[len(lines) - min(room, len(lines)) :]

    with Window(things.picture, below, keys, more), _logging_to(latest):
        yield latest


@contextmanager
def _logging_to(lines: deque[str]) -> Iterator[None]:
    """Put log messages below the picture, not into it."""

    class LogLines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    root = logging.getLogger()
    before, root.handlers = root.handlers, [LogLines()]
    try:
        yield
    finally:
        root.handlers = before


Reopen = Callable[[InForce, Start], Start]
"""Gives a start the questions that its settings leave open."""


def virtual_desk(
    folder: Path,
    start: Start,
    speed: float = 1.0,
    day: RecordedDay | None = None,
    listeners: Sequence[Performer] = (),
    found: InForce | None = None,
    reopen: Reopen = lambda _, start: start,
    turns: Mapping[float, Start] = MappingProxyType({}),
) -> tuple[VirtualDesk, Path, Settings]:
    """The virtual desk with its line in that folder. The journal is there, too, unless the settings name a file.

    `found` says where the settings come from, if anybody knows. Also returns the path of the line and the settings in
    force.
    """
    from device.desk import demo
    from device.desk.virtual_desk import VirtualDesk

    # A recorded day knows nothing from before. But a temporary journal belongs to the day as a whole.
    remembers = day is None or not start.settings.journal.file
    if not start.settings.journal.file:
        journal = replace(start.settings.journal, file=str(folder / "journal.db"))
        start = replace(start, settings=replace(start.settings, journal=journal))
    page = start.settings.page
    if page.reach == "house" and not page.port:
        # The card that connects a phone names the port.
        start = replace(start, settings=replace(start.settings, page=replace(page, port=_free_port())))

    def own(scene: Scene) -> Set:
        things, desk = live_desk(start, speed, day, remembers=remembers, turns=turns)
        # A recorded day neither pairs a phone nor forgets one.
        pairing = pairing_of(desk.tell, desk.clock, desk.wall, start.settings) if day is None else None
        changes = _changes(start, desk, found, reopen) if day is None else None
        return _set(scene, listeners, things, desk, pairing, changes)

    def recorded(scene: Scene) -> Set:
        settings = replace(Settings(), screens=Screens(language=start.settings.screens.language))
        things, desk = live_desk(Start(settings, repertoire(settings)), 1.0, demo.working_day())
        desk.change_speed_at(demo.WORKING_DAY_SPEEDS)
        return _set(scene, [], things, desk)

    line = folder / SERVICE.name
    return VirtualDesk(line, own, recorded, demo.WORKING_DAY), line, start.settings


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("", 0))
        port: int = door.getsockname()[1]
        return port


def _changes(start: Start, desk: LiveDesk, found: InForce | None, reopen: Reopen) -> Changes:
    """What keeps the changes of settings at the person's own desk, beside its journal."""
    from device.journal.place import changes_file

    def make(found: InForce) -> Start:
        own = replace(found.settings, journal=start.settings.journal)
        settings = as_calibrated(own, simulated=True)
        made = replace(
            start, settings=settings, repertoire=repertoire(settings), plans=by_plan(settings), own_seat=own.seat
        )
        return reopen(found, made)

    found = found or in_force_from(start.settings, changes_file(start.settings), offers_stretches)
    return Changes(found, start, make, desk.clock)


def _set(
    scene: Scene,
    listeners: Sequence[Performer],
    things: SimulatedDesk,
    desk: LiveDesk,
    pairing: Pairing | None = None,
    changes: Changes | None = None,
) -> Set:
    """The simulated desk in a scene, which reports on the line what there is to see and hear."""
    from device.desk.virtual_desk import Set
    from hardware.simulated.panel_watch import PanelWatch

    watch, orders = PanelWatch(things, scene.stand), _desk_orders(desk, pairing, changes)
    things.on_sight = lambda: watch.look() if scene.followed else None
    things.on_sound = lambda hz: scene.tell("sound", kept=False, hz=hz, at=desk.clock.now())

    def listen() -> tuple[Sequence[Performer], Sequence[Onlooker]]:
        feed = feed_of(scene, desk.clock, desk.wall, desk.settings, simulated=True)
        desk.on_change = partial(goes_by, feed)
        told = [ChangesTold(changes, scene)] if changes else []
        hears = [TakesPresets(changes)] if changes else []
        if changes:
            changes.know(desk.calibration.start)
        if pairing is None:
            return [*listeners, feed, *hears], [orders, feed, *told]
        # After a power cut its card is gone.
        pairing.close()
        return [*listeners, feed, pairing, *hears], [orders, feed, PairingTold(pairing, scene), *told]

    first_code = pairing.first_code if pairing else str
    return Set(desk, listen, watch.look, orders, first_code, watch.close)


def _desk_orders(desk: LiveDesk, pairing: Pairing | None, changes: Changes | None) -> Orders:
    """What may be ordered of the device on this desk."""

    def tell(event: Callable[[float], Event]) -> None:
        if desk.calibration.is_on:
            raise OrderError("the seat is being calibrated: finish or leave that first")
        desk.tell(event)

    others = dict(calibrating_orders(lambda: desk.settings, desk.calibrate, desk.do_step))
    if pairing:
        others |= pairing.orders
    if changes:
        changes.join(desk.plan, desk.put_in_force)
        desk.on_power = changes.cut
        others |= {**changes.orders, **offering_orders(tell, desk.clock, desk.wall)}
    return orders_of(tell, desk.clock, desk.wall, lambda: desk.settings, others)


def in_words(settings: Settings) -> Callable[[Fact], str]:
    """Facts in words, with the time at the desk."""
    names, say = _said(settings, settings.screens.language)
    return lambda fact: f"{hours(fact.said)}  {sentence(fact, names, say)}"


def feed_of(line: Told, clock: Clock, wall: Wall, settings: Settings, *, simulated: bool) -> Feed:
    """The reports of one run of the device on the line."""
    spoken, language = partial(_said, settings), settings.screens.language
    return Feed(line, clock, wall, spoken, lines_of(settings), simulated=simulated, language=language)


def goes_by(feed: Feed, settings: Settings) -> None:
    """Have the reports go by these settings from now on."""
    feed.go_by(lines_of(settings), partial(_said, settings), settings.screens.language)


def pairing_of(tell: TellCore, clock: Clock, wall: Wall, settings: Settings) -> Pairing:
    """What pairs phones with the device. Its card has the name that mDNS gives this computer."""
    from device.journal.place import phones_file

    address = f"{socket.gethostname().partition('.')[0]}.local:{settings.page.port}"
    return Pairing(PairedPhones(phones_file(settings), clock, wall), tell, clock, address)


def orders_of(
    tell: TellCore, clock: Clock, wall: Wall, in_force: Callable[[], Settings], others: Mapping[str, Do]
) -> Orders:
    """What may be ordered of the device by the settings in force: what the core does, and `others`."""
    settings = in_force()
    stretches = {stretch.id for stretch in all_stretches(settings)}
    choosable = dict.fromkeys((StretchNever.name, StretchAgain.name), stretches)
    choosable["language"] = set(languages(settings.languages.folder))
    to_core = orders_to_core(tell, clock, wall, choosable, lambda: in_force().persons.names)
    return Orders({**to_core, **others})


def _said(settings: Settings, language: str) -> tuple[Names, Phrases]:
    """The names of the stretches and all texts, in that language."""
    spoken = speaking(settings, language)
    names = {stretch.id: stretch.name for stretch in all_stretches(spoken)}
    return names, phrases(language, settings.languages.folder)
