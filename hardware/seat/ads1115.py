"""A seat that is an ADS1115, a converter on the I2C bus: its comparator watches the level and drives the seat's pin.

The numbers of registers and bits are those of its data sheet (SBAS444). The converter compares by itself, so nobody
polls: its ALERT pin is a contact to ground that closes above one threshold and opens below the other.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from device.settings.settings import SeatSettings
from device.stages.pad import LOST_AFTER_S, LevelNews
from device.words.events import Event, Level, Seat, SeatSensor
from device.words.instants import MINUTE_S, after
from device.words.levels import Thresholds, is_level
from hardware.gpio.contact import Contact, ContactInput
from hardware.seat.ads1115_model import WeighedConverter
from hardware.seat.analog import FULL_SCALE_V, check_levels, near_wires
from hardware.shared.bus import Bus
from hardware.shared.checking import Checking, Found
from hardware.shared.part import Part, Wires

_log = logging.getLogger(__name__)

_CONVERSION, _CONFIGURATION, _LOW, _HIGH = range(4)
_WATCH_AIN0 = 0x4202
"""The first input against ground, 4.096 V, 8 readings a second, ALERT low after four above the threshold, no latch."""
_CHANNEL = 12
"""The lowest bit of the input's number."""
_BUSY = 0x8000
"""When this bit is read, it says whether a conversion is going on."""
_STEPS = FULL_SCALE_V / 125e-6
"""Full scale at 125 uV a step. The chip's own range goes further, but its inputs mustn't."""
_NEVER = (0x7FFF, 0x7FFE)
"""Thresholds that no level reaches."""

_LOOK_EVERY_S = 10 * MINUTE_S
"""Seconds between checks whether it is there and set up: a dip of its voltage resets it without a sign."""
_LOOK_TAKEN_EVERY_S = MINUTE_S
"""As above, while ALERT is down: full scale keeps it there, so a wire that comes off under somebody moves no edge."""
_SETTLES_S = 0.7
"""Four readings at 8 a second, on a clock that may be a tenth slow."""
_DOUBTS_EVERY_S = 60.0
"""The fewest seconds between looks after faults of others on the bus, such as a panel that is unplugged for days."""
_EDGES_EVERY_S = 1.0
"""The fewest seconds between looks after edges while it is lost: a loose wire chatters."""
_CLEARLY = 0.005
"""By so much a level is clearly above or below a threshold."""
_AGAIN_S = 0.1
"""Seconds till the next look while it gives no level but isn't lost. Long leads and a busy bus cost a transfer."""
_TRIES = 3
"""How often it is asked for a level that somebody waits for."""
_RETRY_S, _MOST_RETRY_S = 0.5, 10.0
"""Seconds between looks while it is lost: few at first, then more."""


class Converter:
    """The chip: its set-up, and what it reads. Everything raises OSError if the chip doesn't answer."""

    def __init__(self, bus: Bus, settings: SeatSettings) -> None:
        self._chip = bus.chip(settings.address)
        self._watch = _WATCH_AIN0 + (settings.channel << _CHANNEL)
        self._told: dict[int, int] | None = None
        """What its registers must have, as far as is known."""

    def level(self) -> float:
        """The latest reading, as a fraction of full scale."""
        code = int.from_bytes(self._chip.read(_CONVERSION, 2), "big", signed=True)
        return min(max(code / _STEPS, 0.0), 1.0)

    def set_up(self, thresholds: Thresholds | None) -> bool:
        """Make it watch, unless it does so already. Return whether anything had to be written.

        Without thresholds ALERT lets go, and stays so.
        """
        high, low = _NEVER if thresholds is None else _codes(thresholds)
        wanted = {_LOW: low, _HIGH: high, _CONFIGURATION: self._watch}
        found = self._found()
        if self._told not in (None, found):
            _log.warning("the seat's converter had forgotten how to watch, and was told again: was its power gone?")
        if found != wanted:
            self._tell(wanted, found)
        self._told = wanted
        return found != wanted

    def expect_nothing(self) -> None:
        """Be silent if it needs its set-up the next time: it may have been without power."""
        self._told = None

    def _tell(self, wanted: dict[int, int], found: dict[int, int]) -> None:
        self.expect_nothing()
        # Thresholds never cross on the way, and the configuration comes last: it may be comparing already.
        if wanted[_LOW] >= found[_HIGH]:
            wanted = {_HIGH: wanted[_HIGH], **wanted}
        for register, value in wanted.items():
            self._chip.write([register, *value.to_bytes(2, "big")])
        if self._found() != wanted:
            raise OSError(
                "what answers there keeps nothing that it is told, so it is no ADS1115, or has no steady power"
            )

    def _found(self) -> dict[int, int]:
        return {register: self._read(register) for register in (_LOW, _HIGH, _CONFIGURATION)}

    def _read(self, register: int) -> int:
        value = int.from_bytes(self._chip.read(register, 2), "big")
        return value & ~_BUSY if register == _CONFIGURATION else value


def _codes(thresholds: Thresholds) -> tuple[int, int]:
    """The chip's comparisons exclude the threshold, and ours include it."""
    high, low = math.ceil(thresholds.sit_above * _STEPS) - 1, math.floor(thresholds.leave_below * _STEPS) + 1
    return max(high, low + 1), low


class WatchedSeat:
    """An `AnalogSeat` that hears of changes through the seat's pin, and then asks the converter whether they are true.

    A converter that has lost its power opens the contact as a person does who rises. So an edge is believed only once
    the converter has answered and is found set up. It is lost when it has given no level for a while: each look asks
    once, so that nobody else on the bus waits, and plans the next.
    """

    def __init__(self, wires: Wires) -> None:
        self._inbox, self._clock, self._bus = wires.inbox, wires.clock, wires.bus
        pins, levels = wires.settings.pins, wires.settings.seat.levels
        self._gpio = pins.seat
        contact = Contact("seat's ALERT", pins.seat, "up", "low", pins.backend)
        self._contact = ContactInput(wires.factory, contact, Seat, _Edges(self._edge), wires.clock)
        self._converter = Converter(wires.bus, wires.settings.seat)
        self._thresholds = levels.thresholds if levels else None
        self.on_earlier: Callable[[], None] = lambda: None
        self._order = threading.Lock()
        self._edges: list[Seat] = []
        """Those that the converter hasn't been asked about yet."""
        self._taken = False
        """What the pin says."""
        self._present: bool | None = None
        self._settles_at: float | None = None
        """When the comparator has seen enough readings since it was set up; None if it has."""
        self._no_level_since: float | None = None
        """Since when it has not answered, has read full scale, or has not been heard; None while all is well."""
        self._was_full = False
        """It has read full scale, which leaves ALERT down as if somebody sat."""
        self._looked_at = 0.0
        self._look_at: float | None = None
        self._asked_for_at = math.inf
        """The earliest look that was asked for since the last one began."""
        self._retry_s = _RETRY_S
        self._news = LevelNews()

    def start(self) -> None:
        """Set the converter up, and report what it says from now on. Raises PartError if the pin can't be watched."""
        self._contact.start()
        self._bus.on_fault.append(self._doubt)
        self._look(self._clock.now())

    def next_deadline(self) -> float | None:
        """When to look again. An edge brings that forward, and so does a fault of another chip on the bus."""
        return min((at for at in (self._look_at, self._contact.next_deadline()) if at is not None), default=None)

    def tick(self, now: float) -> None:
        """Look if it is time."""
        self._contact.tick(now)
        if self._look_at is not None and now >= self._look_at:
            self._look(now)

    def level(self) -> float:
        """What it reads right now, as a fraction of full scale; NaN if it doesn't answer."""
        for _ in range(_TRIES):
            with suppress(OSError):
                return self._converter.level()
        return math.nan

    def adjust(self, thresholds: Thresholds) -> None:
        """Go by these thresholds from now on. Any thread may call it."""
        self._thresholds = thresholds
        self._look_by(self._clock.now())

    def close(self) -> None:
        """Report nothing any more. It may be called twice."""
        self._look_at = None
        if self._doubt in self._bus.on_fault:
            self._bus.on_fault.remove(self._doubt)
        self._contact.close()

    # ---- what other threads tell: they must not have to wait for the bus

    def _edge(self, edge: Seat) -> None:
        with self._order:
            self._edges.append(edge)
            self._taken = edge.taken
        now = self._clock.now()
        self._look_by(now if self._no_level_since is None else max(now, after(self._looked_at, _EDGES_EVERY_S)))

    def _doubt(self) -> None:
        if self._present:
            self._look_by(max(self._clock.now(), after(self._looked_at, _DOUBTS_EVERY_S)))

    def _look_by(self, at: float) -> None:
        with self._order:
            self._asked_for_at = min(self._asked_for_at, at)
            if self._look_at is None or self._look_at <= at:
                return
            self._look_at = at
        self.on_earlier()

    # ---- looking

    def _look(self, now: float) -> None:
        with self._order:
            edges, self._edges = self._edges, []
            self._asked_for_at = math.inf
        self._looked_at = now
        try:
            level = self._ask()
        except OSError as fault:
            # The edges may be true: who has sat down in the meantime did so then.
            self._miss(f"doesn't answer: {fault}", edges, now)
            return
        if level is None:
            self._settles_at = after(now, _SETTLES_S)
            self._plan(self._settles_at)
        elif self._settles_at is not None and now < self._settles_at:
            self._plan(self._settles_at)
        elif not is_level(level):
            self._was_full = True
            self._miss("reads full scale: a wire is off, or shorted", [], now)
        elif self._contradicts(level):
            self._miss(f"isn't heard: check the wire from ALRT to GPIO{self._gpio}", edges, now)
        else:
            self._report(level, edges, now)

    def _ask(self) -> float | None:
        """The level; None if the converter had to be set up, so that it has read nothing yet."""
        if self._converter.set_up(self._thresholds):
            return None
        level = self._converter.level()
        if self._was_full and is_level(level):
            # The next look sets it up again.
            self._converter.set_up(None)
            self._was_full = False
            return None
        return level

    def _contradicts(self, level: float) -> bool:
        """Whether the pin says what it can't at this level, but for the half second that the comparator takes."""
        if self._thresholds is None:
            return self._taken
        if self._taken:
            return level <= self._thresholds.leave_below - _CLEARLY
        return level >= self._thresholds.sit_above + _CLEARLY

    def _report(self, level: float, edges: list[Seat], now: float) -> None:
        """Report what is true now that the converter has answered."""
        with self._order:
            # Edges of a converter that wasn't set up say nothing of the chair.
            if self._settles_at is not None or not self._present:
                edges = [Seat(now, self._taken)]
            events: list[Event] = [*edges]
            if not self._present:
                events.insert(0, SeatSensor(now, True))
                self._news = LevelNews()
            if self._news.is_news(now, level):
                events.append(Level(now, level))
            next_s = _LOOK_TAKEN_EVERY_S if self._taken else _LOOK_EVERY_S
        self._present, self._settles_at, self._no_level_since = True, None, None
        self._retry_s = _RETRY_S
        for event in events:
            self._inbox.put(event)
        self._plan(after(now, next_s))

    def _miss(self, why: str, edges: list[Seat], now: float) -> None:
        """It gives no level: look again soon, and keep the edges for then; or it has been so for too long."""
        if self._no_level_since is None:
            self._no_level_since = now
        if now >= after(self._no_level_since, LOST_AFTER_S):
            self._lose(why, now)
            return
        with self._order:
            self._edges[:0] = edges
        self._plan(after(now, _AGAIN_S))

    def _lose(self, why: str, now: float) -> None:
        if self._present is not False:
            _log.warning("the seat's converter %s", why)
            self._inbox.put(SeatSensor(now, False))
        self._present, self._settles_at = False, None
        self._converter.expect_nothing()
        self._plan(after(now, self._retry_s))
        self._retry_s = min(2 * self._retry_s, _MOST_RETRY_S)

    def _plan(self, at: float) -> None:
        """Look again then, or as soon as somebody has asked for it in the meantime."""
        with self._order:
            self._look_at = min(at, self._asked_for_at)


@dataclass(frozen=True, slots=True)
class _Edges:
    """Stands in for the inbox of the contact."""

    take: Callable[[Seat], None]

    def put(self, event: Event) -> None:
        assert isinstance(event, Seat)
        self.take(event)


def _check(checking: Checking) -> Found:
    return check_levels(checking, WatchedSeat(near_wires(checking)))


PART = Part("seat", _check, WeighedConverter, input=WatchedSeat)
