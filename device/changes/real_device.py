"""The device on its own parts, through any number of changed settings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace

from device.changes.orders import calibrating_orders
from device.changes.seat_told import ReadsLevel, SeatTold
from device.desk.calibrating import DeskCalibration
from device.desk.hands import Hands
from device.history.seat_now import seat_now
from device.meetings.spans_file import SpansWatch, spans_file
from device.run.clock import RunningClock
from device.run.loop import Device, EventQueue, Loop, Onlooker, Performer
from device.run.moments import Moment
from device.run.orders import Do
from device.run.restart import Start, begins_at, begun, change
from device.run.service import ServiceManager
from device.settings.settings import Settings, parts_of
from device.words.past import Past, Readings
from device.words.ports import PartError, Wall

_log = logging.getLogger(__name__)

Performers = Sequence[Performer]
OpenParts = Callable[[Settings, Performers], AbstractContextManager[Performers]]
"""Opens the parts, beside a journal that is open."""
OpenJournal = Callable[[Settings], AbstractContextManager[Performers]]
Remembered = Callable[[Start], Past | None]
"""What a start knows about the time before."""
Failed = Callable[[PartError], Start | None]
"""Parts can't be opened: what to go by instead; None if there is nothing else."""


_WAITS_S = 180.0
"""How long a step of a calibration waits for the person, in seconds."""


class RealDevice:
    """Runs until the inbox stops. Changes come from any thread."""

    def __init__(
        self,
        start: Start,
        clock: RunningClock,
        wall: Wall,
        inbox: EventQueue,
        open_journal: OpenJournal,
        open_parts: OpenParts,
        remembered: Remembered,
        calibration: DeskCalibration,
        failed: Failed = lambda _: None,
    ) -> None:
        self._start, self._clock, self._wall, self._inbox = start, clock, wall, inbox
        self._open_journal, self._open_parts = open_journal, open_parts
        self._remembered, self._failed, self.calibration = remembered, failed, calibration
        self._hands = Hands(clock)
        self._manager = ServiceManager()
        self._listeners: Performers = ()
        self._onlookers: Sequence[Onlooker] = ()
        self._device: Device | None = None
        self._is_first = True
        self._begun: Callable[[], object] = lambda: None
        self._asked_at = 0.0
        """When a step of the calibration was last asked for."""
        self.seat_told: SeatTold | None = None
        """Tells followers of the seat, if there may be any."""
        self.on_change: Callable[[Settings], object] = lambda _: None
        """Called on the thread of the device when it goes by other settings."""

    def plan(self, at: float, do: Callable[[], object]) -> None:
        """Have something done on the thread of the device, at an instant or soon after it."""
        self._hands.add(Moment(at, do, asked=True))
        self._inbox.wake()

    def run(
        self,
        listeners: Performers,
        onlookers: Sequence[Onlooker],
        past: Past | None,
        here: Readings,
        begun: Callable[[], object] = lambda: None,
    ) -> None:
        """Be the device. At the first start `past` is what is known of the time before, and `here` is its instant.

        `begun` is called once, when the parts are open.
        """
        self._listeners, self._onlookers, self._begun = listeners, onlookers, begun
        while True:
            if self.calibration.is_on:
                self._calibrate()
            else:
                self._live(past, here)
            if self._inbox.stopped:
                self._manager.stopping()
                return
            past = self._remembered(self._start)
            here = self._wall.readings(self._clock.now())
            at = begins_at(past, here)
            if at > here.at:
                self._clock.jump(at)
            here = replace(here, at=max(at, here.at))

    def put_in_force(self, start: Start) -> None:
        """Go by this start from now on. A seat that changes takes a restart, other wiring only other parts."""
        before, self._start = self._start.settings, start
        self.calibration.go_by(start)
        if start.settings.seat != before.seat or self._device is None:
            self._device = None
            self._inbox.leave()
        else:
            change(self._device, start, self._clock.now())
            if parts_of(start.settings) != parts_of(before):
                self._inbox.leave()
        self.on_change(start.settings)

    # ---- calibrating

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._start.settings

    @property
    def orders(self) -> Mapping[str, Do]:
        """The orders about the seat."""
        return calibrating_orders(lambda: self._start.settings, self._begin_calibration, self._do_step, self._soon)

    def _soon(self, do: Callable[[], object]) -> None:
        self.plan(self._clock.now(), do)

    def _begin_calibration(self, so: bool) -> None:
        if not so:
            self.calibration.leave()
        elif self.calibration.begin():
            self._asked_at, self._device = self._clock.now(), None
            self._inbox.leave()

    def _do_step(self, step: str) -> None:
        if self.calibration.there(step):
            self._asked_at = self._clock.now()

    def _calibrate(self) -> None:
        """Guide a person through a calibration. The device doesn't run meanwhile, so nothing is counted wrongly."""
        try:
            self.calibration.run(self._inbox, self._hands, self._look_on)
        except PartError as error:
            _log.warning("the seat can't be calibrated: %s", error)
            self.calibration.fail(str(error))
        self._start = self.calibration.start
        self.on_change(self._start.settings)

    def _look_on(self, _: bool) -> None:
        self._manager.keep_alive()
        if self._clock.now() - self._asked_at > _WAITS_S and self.calibration.step:
            # Whoever began it has gone, and nothing is counted meanwhile.
            self.calibration.leave()
        if self.seat_told is not None:
            self.seat_told.tell(self.calibration.level)
            self.seat_told.look()

    # ---- details

    def _live(self, past: Past | None, here: Readings) -> None:
        """Be the device with the same count until it stops or the seat changes."""
        with self._open_journal(self._start.settings) as journal:
            device = None
            while device is None or (self._device is device and not self._inbox.stopped):
                self._inbox.left = False
                with self._parts(journal) as performers, self._seat_told(performers, past):
                    everybody = [*self._listeners, *performers]
                    if device is None:
                        meetings = SpansWatch(spans_file(self._start.settings))
                        device = begun(self._start, self._clock.now(), self._wall, everybody, past, here, meetings)
                        self._device = device
                        self._begin()
                    else:
                        device.rewire(everybody, self._clock.now())
                    Loop(device, self._inbox, self._clock, self._manager, self._hands, self._onlookers).run()
            device.end(self._clock.now())

    @contextmanager
    def _seat_told(self, performers: Performers, past: Past | None) -> Iterator[None]:
        """Have followers hear what the seat reads, for as long as its part is open."""
        told, seat = self.seat_told, self._start.settings.seat
        sensor = next((each for each in performers if isinstance(each, ReadsLevel)), None)
        if told is None:
            yield
            return
        told.begin(seat, seat_now(seat, past).levels if sensor else None, sensor)
        try:
            yield
        finally:
            told.begin(seat, None, None)

    def _begin(self) -> None:
        if self._is_first:
            self._is_first = False
            self._begun()
            self._clock.start()

    @contextmanager
    def _parts(self, journal: Performers) -> Iterator[Performers]:
        """The parts as set; as they were set before if these can't be opened."""
        with ExitStack() as opened:
            try:
                performers = opened.enter_context(self._open_parts(self._start.settings, journal))
            except PartError as error:
                start = self._failed(error)
                if start is None:
                    raise
                self._start = start
                self.calibration.go_by(start)
                if self._device is not None:
                    change(self._device, start, self._clock.now())
                self.on_change(start.settings)
                performers = opened.enter_context(self._open_parts(start.settings, journal))
            yield performers
