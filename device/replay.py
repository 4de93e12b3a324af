"""Plays a recorded day through the device, in step with the recording and as fast as the machine can."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from device.calendar import Calendar
from device.clock import DeskWall, RecordedClock
from device.coach import Coach
from device.daemon import Device, EventQueue, Performer, earliest
from device.day_file import Day, Row
from device.effects import Effect
from device.events import Button, Seat
from device.hands import Moment
from device.ports import Inbox, Output
from device.repertoire import Repertoire
from device.settings import Settings


class Desk(Protocol):
    """What the day happens to."""

    @property
    def outputs(self) -> Sequence[Output]:
        """The parts that perform effects."""
        ...

    def act(self, part: str, value: bool) -> None:
        """Take or leave the chair (`seat`), push or let go the `button`, take or give back the `panel` (back: True)."""
        ...

    def start(self) -> None:
        """Report the levels there are, and each change from now on."""
        ...


class BareDesk:
    """A desk without parts: what is done to it goes straight to the inbox. Facts need no more than this."""

    outputs: Sequence[Output] = ()

    def __init__(self, inbox: Inbox, clock: RecordedClock) -> None:
        self._inbox = inbox
        self._clock = clock
        self._levels = {"seat": False, "button": False}
        self._started = False

    def act(self, part: str, value: bool) -> None:
        """Take over a level, and report it once started."""
        self._levels[part] = value
        if self._started:
            self._report(part)

    def start(self) -> None:
        """Report both levels."""
        self._started = True
        for part in self._levels:
            self._report(part)

    def _report(self, part: str) -> None:
        at, level = self._clock.now(), self._levels[part]
        self._inbox.put(Seat(at, level) if part == "seat" else Button(at, level))


class Replay:
    """One recorded day, one desk."""

    def __init__(
        self,
        settings: Settings,
        repertoire: Repertoire,
        clock: RecordedClock,
        inbox: EventQueue,
        desk: Desk,
        listeners: Sequence[Performer],
    ) -> None:
        self._clock = clock
        self._inbox = inbox
        self._desk = desk
        self._wall = DeskWall()
        performers = [*listeners, *(_InStep(output, clock) for output in desk.outputs)]
        # Nothing but screens changes by the second, so facts alone take a fraction of the time.
        coach = Coach(settings, repertoire, is_seen=bool(desk.outputs))
        self._device = Device(coach, Calendar(settings.sounds, self._wall), performers)

    def play(self, day: Day, moments: Iterable[Moment] = ()) -> None:
        """Play the day to its last instant, doing each moment at its own, after all else that happens then."""
        self._start(day)
        happenings: list[Row | Moment] = [*day.later, *moments]
        # Stable, so rows keep their order and come before the moments of the same instant.
        for happening in sorted(happenings, key=lambda happening: happening.t):
            self._run_until(happening.t)
            if isinstance(happening, Row):
                self._act(happening)
            else:
                happening.do()
        self._run_until(day.end)

    def _start(self, day: Day) -> None:
        for row in day.at_start:
            if not isinstance(row.value, datetime):
                self._desk.act(row.part, row.value)
        if day.shows_at_start is not None:
            self._wall.set(0.0, day.shows_at_start)
        self._desk.start()
        self._hear_all()
        self._device.catch_up(0.0)

    def _run_until(self, t: float) -> None:
        while (deadline := self._next_deadline()) is not None and deadline <= t:
            self._clock.at = max(self._clock.at, deadline)
            self._device.catch_up(self._clock.at)
            for output in self._desk.outputs:
                output_at = output.next_deadline()
                if output_at is not None and output_at <= self._clock.at:
                    output.tick(self._clock.at)
            self._hear_all()
        self._clock.at = t

    def _next_deadline(self) -> float | None:
        return earliest(self._device.next_deadline(), *(output.next_deadline() for output in self._desk.outputs))

    def _act(self, row: Row) -> None:
        if isinstance(row.value, datetime):
            self._wall.set(row.t, row.value)
            self._device.read_calendar(row.t)
        else:
            self._desk.act(row.part, row.value)
        self._hear_all()

    def _hear_all(self) -> None:
        for event in self._inbox.drain():
            self._device.hear(event)


class _InStep:
    """Lets an output perform on the spot."""

    def __init__(self, output: Output, clock: RecordedClock) -> None:
        self._output = output
        self._clock = clock

    def perform(self, effect: Effect) -> None:
        self._output.perform(effect, self._clock.now())
