"""The device while it is live: the loop with everything around it, and the simulated desk with its hands."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

from device.calendar import Calendar
from device.clock import DeskWall, RunningClock
from device.daemon import Device, EventQueue, Loop, Performer
from device.day_file import HANDS, Day, Row
from device.facts import hours
from device.hands import Hands, Moment
from device.ports import Clock, Inbox, Mark, Past, Wall
from device.restart import Start, begins_at, resumed
from device.service import ServiceManager

_SPEEDS = (1.0, 10.0, 60.0, 600.0)
_PRESS_S = 0.2

Act = Callable[[str, bool], None]
"""What hands can do: take or leave the `seat`, push or let go the `button`, give back or take away the `panel`."""
Parts = Callable[[Inbox, Clock, Wall], AbstractContextManager[Sequence[Performer]]]
"""Opens the parts of the device, and in the end leaves them dark and silent."""


@contextmanager
def until_told_to_stop(inbox: EventQueue) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a terminal that closes stop the inbox.

    Goes around the parts as well: whenever the word comes, they are left dark and silent.
    """
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, lambda *_: inbox.stop()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def run_live(
    start: Start,
    clock: RunningClock,
    inbox: EventQueue,
    wall: Wall,
    performers: Sequence[Performer],
    hands_at: Callable[[Device], Hands] | None = None,
    past: Past | None = None,
    here: Mark | None = None,
) -> None:
    """Be the device until the inbox says stop. Where there is a past, `here` is where its clock stands."""
    coach = start.coach(clock.now())
    if past is None or here is None:
        device = Device(coach, Calendar(start.settings.sounds, wall), performers)
    else:
        device = resumed(coach, start.settings, wall, performers, past, here)
    hands = hands_at(device) if hands_at else None
    clock.start()
    Loop(device, inbox, clock, ServiceManager(), hands).run()
    device.end(clock.now())


class LiveDesk:
    """The simulated desk with the device on it."""

    def __init__(
        self,
        start: Start,
        act: Act,
        parts: Parts,
        speed: float,
        day: Day | None,
        past: Past | None = None,
    ) -> None:
        self._start = start
        self._act_on_desk = act
        self._parts = parts
        self._wall = DeskWall()
        self._clock = RunningClock(speed)
        self._inbox = EventQueue()
        self._hands = Hands(self._clock)
        self._device: Device | None = None
        self._taken = False
        self._past, self._here = past, Mark(0.0, reads=datetime.now().astimezone())
        if day is None:
            self._begin()
        else:
            self._follow(day)

    def run(self, listeners: Sequence[Performer]) -> None:
        """Be the device until told to stop."""
        with until_told_to_stop(self._inbox), self._parts(self._inbox, self._clock, self._wall) as performers:
            run_live(
                self._start,
                self._clock,
                self._inbox,
                self._wall,
                [*listeners, *performers],
                self._hands_at,
                self._past,
                self._here,
            )

    @property
    def says(self) -> str:
        """How things stand at this desk, in a line."""
        chair = "somebody on the chair" if self._taken else "chair empty"
        return f"{hours(self._clock.now())}   x{self._clock.speed:g}   {chair}"

    # ---- keys

    def sit_or_stand(self) -> None:
        """Whichever it isn't."""
        self._do("seat", not self._taken)

    def press(self) -> None:
        """Push the button and let go."""
        self._push(_PRESS_S)

    def hold(self) -> None:
        """Push the button for as long as a hold takes."""
        self._push(self._start.settings.press.hold_s + _PRESS_S)

    def faster(self) -> None:
        """The next speed; after the last, the first again."""
        self._set_speed(next((speed for speed in _SPEEDS if speed > self._clock.speed), _SPEEDS[0]))

    def stop(self) -> None:
        """End it."""
        self._inbox.stop()

    # ---- plans

    def change_speed_at(self, speeds: Iterable[tuple[float, float]]) -> None:
        """From each instant on, go at that speed."""
        for t, speed in speeds:
            self._hands.add(Moment(t, partial(self._set_speed, speed)))

    def stop_at(self, t: float) -> None:
        """End it then."""
        self._hands.add(Moment(t, self.stop))

    # ---- details

    def _hands_at(self, device: Device) -> Hands:
        self._device = device
        return self._hands

    def _begin(self) -> None:
        """Go on where this desk was left."""
        self._here = replace(self._here, at=begins_at(self._past, self._here))
        self._clock.set(self._here.at)
        assert self._here.reads is not None, "a computer tells the time"
        self._wall.set(self._here.at, self._here.reads)

    def _follow(self, day: Day) -> None:
        if day.shows_at_start is not None:
            self._wall.set(0.0, day.shows_at_start)
        for row in day.at_start:
            if not isinstance(row.value, datetime):
                self._act(row)
        for row in day.later:
            self._hands.add(Moment(row.t, partial(self._act, row)))

    def _act(self, row: Row) -> None:
        if isinstance(row.value, datetime):
            assert self._device is not None, "the clock is set once the device runs"
            self._wall.set(row.t, row.value)
            self._device.read_calendar(row.t)
            return
        if isinstance(row.value, bool) and row.part in HANDS:
            if row.part == "seat":
                self._taken = row.value
            self._act_on_desk(row.part, row.value)

    def _push(self, lasts_s: float) -> None:
        self._do("button", True)
        self._do("button", False, lasts_s)

    def _do(self, part: str, value: bool, in_s: float = 0.0) -> None:
        at = self._clock.now() + in_s
        self._hands.add(Moment(at, partial(self._act, Row(at, part, value))))
        self._inbox.wake()

    def _set_speed(self, speed: float) -> None:
        self._clock.speed = speed
        self._inbox.wake()
