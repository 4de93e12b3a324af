"""The device while it is live: the loop with everything around it, and the simulated desk with its hands."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from device.core.snapshot import Snapshot
from device.desk.chair import Chair
from device.desk.hands import Hands, InTurn
from device.history.day_file import HANDS, RecordedDay
from device.run.calendar import Calendar
from device.run.clock import YEARS, DeskWall, RunningClock
from device.run.loop import Device, EventQueue, Loop, Mover, Onlooker, Performer, earliest
from device.run.moments import Moment
from device.run.restart import Start, begins_at, resumed
from device.run.service import ServiceManager
from device.run.telling import hours
from device.screens.state_feed import next_break_at, pushes
from device.settings.choices import choice_of, name_and_value
from device.settings.settings import Settings
from device.words.events import Chosen
from device.words.instants import after
from device.words.past import Past, Readings
from device.words.ports import Clock, Inbox, Input, Unplugged, Wall

_SPEEDS = (1.0, 10.0, 60.0, 600.0)
_PRESS_S = 0.2
SCENES = {"noise": "noisy pad", "worn": "worn mat", "wire": "loose wire", "cat": "a cat about"}
"""What may go wrong with the seat, in words."""
_LIFTS_S = 0.1
"""Till what a finger has done is understood, even where time stands otherwise."""


class Stoppable(Protocol):
    """What ends when it is told to."""

    def stop(self) -> None: ...


class Things(Protocol):
    """What hands reach at the simulated desk."""

    def act(self, part: str, value: bool) -> None:
        """Push or let go the `button`, give back or take away the `panel`."""
        ...

    def weigh(self, level: float) -> None:
        """Put a weight on the seat, by the level that its sensor then has."""
        ...

    def lose_power(self) -> None: ...


class TimedPerformer(Performer, Protocol):
    """A performer that waits by the desk's clock."""

    def wake(self) -> None:
        """The clock runs at another speed now."""
        ...


Parts = Callable[[Inbox, Clock, Wall], AbstractContextManager[tuple[Sequence[TimedPerformer], Sequence[Input]]]]
"""Opens the outputs and inputs of the device, and in the end leaves them dark and silent."""


Listen = Callable[[], tuple[Sequence[Performer], Sequence[Onlooker]]]
"""Who listens to a start of the device, and who looks on; asked at each."""


@contextmanager
def until_told_to_stop(running: Stoppable) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a terminal that closes stop it.

    Goes around the parts as well: whenever the word comes, they are left dark and silent.
    """
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, lambda *_: running.stop()) for number in numbers]
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
    moves_at: Callable[[Device], Mover] | None = None,
    past: Past | None = None,
    here: Readings | None = None,
    onlookers: Sequence[Onlooker] = (),
) -> None:
    """Be the device until the inbox says stop. Where there is a past, `here` is where its clock stands."""
    coach = start.coach(clock.now())
    if past is None or here is None:
        device = Device(coach, Calendar(start.settings.sounds, wall), performers)
    else:
        device = resumed(coach, start.settings, wall, performers, past, here)
    moves = moves_at(device) if moves_at else None
    clock.start()
    Loop(device, inbox, clock, ServiceManager(), moves, onlookers).run()
    device.end(clock.now())


class LiveDesk:
    """The simulated desk with the device on it. Hands may come from any thread."""

    def __init__(
        self,
        start: Start,
        things: Things,
        parts: Parts,
        speed: float,
        day: RecordedDay | None = None,
        remembered: Callable[[], Past | None] | None = None,
    ) -> None:
        """`remembered` says what a start knows of the time before. With a day, its hands are there as well."""
        self._start, self._things, self._parts, self._day = start, things, parts, day
        self._remembered = remembered or (lambda: None)
        self.wall = DeskWall()
        self.clock = RunningClock(speed)
        self.changed: Callable[[], None] = lambda: None
        """Called by the loop when all is done, if the desk has changed or its clock runs at another speed."""
        self._is_news = False
        self.button_says = ""
        """What a press and a hold would do now."""
        self._stopped = False
        self._inbox = EventQueue()
        self._hands = Hands(self.clock)
        self._moves: Mover = self._hands
        """The hands, and while there is power the inputs that look now and then."""
        self._device: Device | None = None
        self._performers: Sequence[TimedPerformer] = ()
        self._speed_before: float | None = None
        """How fast time ran before somebody put a finger on the button."""
        self._speed_left = speed
        """How fast time ran before the desk was left."""
        self.pace = speed
        """How fast time runs when it doesn't stand, and no finger is on the button."""
        self.levels = {"seat": False, "button": False, "panel": True, "power": True, **dict.fromkeys(SCENES, False)}
        self.chair = Chair(start.settings.seat, self.clock, lambda moment: self._hands.add(moment), self._weigh)
        self._past: Past | None = None
        self._here = Readings(0.0, reads=datetime.now().astimezone())
        if day is None:
            self._begin()
        else:
            self._follow(day)

    def run(self, listen: Listen) -> None:
        """Be the device until told to stop, however often the plug is pulled."""
        while not self._stopped:
            if self.levels["power"]:
                self._live(*listen())
            else:
                self._lie_dark()

    @property
    def settings(self) -> Settings:
        """Those the device goes by."""
        return self._start.settings

    @property
    def is_over(self) -> bool:
        """Nothing more comes of the day whose hands are here."""
        return self._day is not None and self._hands.next_deadline() is None

    @property
    def says(self) -> str:
        """How things stand at this desk, in a line."""
        chair = "somebody on the chair" if self.levels["seat"] else "chair empty"
        goes_wrong = "".join(f"   {SCENES[each]}" for each in SCENES if self.levels[each])
        level = f"   level {self.chair.level:.2f}" if self.chair.is_analog else ""
        return f"{hours(self.clock.now())}   x{self.clock.speed:g}   {chair}{level}{goes_wrong}"

    # ---- hands

    def sit_or_stand(self) -> None:
        """Whichever it isn't."""
        self.set("seat", not self.levels["seat"])

    def switch(self, part: str) -> None:
        """Let go wrong what goes right, and the other way round."""
        self.set(part, not self.levels[part])

    def weigh(self, level: float) -> None:
        """Whoever sits there, or will, makes an analog sensor read so much: a fraction of full scale, 0 to 1."""
        self._soon(partial(self._do_weigh, level))

    def weigh_more(self, by: float) -> None:
        """So much heavier, in parts of a usual person; lighter if it is less than 0."""
        chair = self.chair
        self.weigh(min(max(chair.weight + by * (chair.usual - chair.empty), chair.empty), 1.0))

    def press(self) -> None:
        """Push the button and let go."""
        self._push(_PRESS_S)

    def hold(self) -> None:
        """Push the button for as long as a hold takes."""
        self._push(self.settings.press.hold_s + _PRESS_S)

    def set(self, part: str, value: bool) -> None:
        """Take or leave the `seat`, push or let go the `button`, plug or pull the `panel` or the `power`.

        With `noise`, the pad under the seat blinks and chatters; it may be `worn`, its `wire` loose, and a `cat` about.
        A finger is slow: while it is on the button, time runs as it does in the world.
        """
        self._soon(partial(self._finger, value) if part == "button" else partial(self._do, part, value))

    def choose(self, name: str, value: str) -> None:
        """Choose something for the device, as one does on the page."""
        self._soon(lambda: self._inbox.put(Chosen(self.clock.now(), name, value)))

    def set_speed(self, speed: float) -> None:
        """So many seconds at the desk in one of the world; 0 lets time stand."""
        self._soon(partial(self._go_at, speed))

    def faster(self) -> None:
        """The next speed; after the last, the first again."""
        self._soon(lambda: self._go_at(next((speed for speed in _SPEEDS if speed > self.clock.speed), _SPEEDS[0])))

    def skip(self) -> None:
        """Go to the next break, or to what time will bring about where none is coming."""
        self._soon(self._skip)

    def step_clock(self, by_s: float) -> None:
        """Set the wall clock forward or back; how much time passes is another matter."""
        self._soon(partial(self._step, by_s))

    def leave(self) -> None:
        """Let time stand here until somebody comes back."""
        self._soon(self._leave)

    def come_back(self) -> None:
        """Go on as fast as before."""
        self._soon(lambda: self._go_at(self._speed_left))

    def look_around(self) -> None:
        """Go round the loop once and tell how the desk is, for somebody has begun to look on."""
        self._is_news = True
        self._inbox.wake()

    def look(self, snapshot: Callable[[], Snapshot] | None = None) -> None:
        """Say so if anything is otherwise than it was."""
        self.button_says = "" if snapshot is None else pushes(snapshot())
        if self._is_news:
            self._is_news = False
            self.changed()

    def stop(self) -> None:
        """End it."""
        self._stopped = True
        self._inbox.stop()

    # ---- plans

    def change_speed_at(self, speeds: Iterable[tuple[float, float]]) -> None:
        """From each instant on, go at that speed."""
        for t, speed in speeds:
            self._hands.add(Moment(t, partial(self._go_at, speed)))

    def stop_at(self, t: float) -> None:
        """End it then."""
        self._hands.add(Moment(t, self.stop))

    # ---- with power and without

    def _live(self, listeners: Sequence[Performer], onlookers: Sequence[Onlooker]) -> None:
        self._inbox = EventQueue()
        if self._stopped:
            return
        try:
            with self._parts(self._inbox, self.clock, self.wall) as (performers, inputs):
                self._performers = performers
                self._moves = InTurn(self._hands, inputs, self.clock)
                run_live(
                    self._start,
                    self.clock,
                    self._inbox,
                    self.wall,
                    [*listeners, *performers],
                    self._moves_at,
                    self._past,
                    self._here,
                    [*onlookers, self],
                )
        except Unplugged:
            self._things.lose_power()
        finally:
            self._performers, self._device = (), None

    def _lie_dark(self) -> None:
        """Time goes on, and hands may sit down, rise and put the plug back."""
        self._inbox = EventQueue()
        while not self.levels["power"] and not self._stopped:
            self.look()
            deadline = self._hands.next_deadline()
            self._inbox.wait(None if deadline is None else self.clock.wait_s(deadline))
            # What hands do once the power is back is the device's to hear.
            while not self.levels["power"] and self._hands.play_next(self.clock.now()):
                pass
        if not self._stopped:
            self._begin()

    def _begin(self) -> None:
        """Go on where the desk was left, as far as that is remembered."""
        self._past = self._remembered()
        now, reads = self.clock.now(), self.wall.reads(self.clock.now()) or self._here.reads
        assert reads is not None, "a computer tells the time"
        here = Readings(now, reads=reads)
        at = now if self._past is None else begins_at(self._past, here)
        self._here = replace(here, at=at)
        self.clock.set(at)
        self.wall.set(at, reads)
        if at < now:
            # The clock was set back meanwhile, so what hands had in mind lies in another time.
            self._hands = Hands(self.clock)
            self._soon(self.chair.go_on)

    def _moves_at(self, device: Device) -> Mover:
        self._device = device
        self._is_news = True
        return self._moves

    # ---- a recorded day

    def _follow(self, day: RecordedDay) -> None:
        if day.shows_at_start is not None:
            self.wall.set(0.0, day.shows_at_start)
        for row in day.at_start:
            if isinstance(row.value, bool) and row.part in HANDS:
                self._do(row.part, row.value)
        for row in day.later:
            if isinstance(row.value, datetime):
                self._hands.add(Moment(row.t, partial(self._set_wall, row.value)))
            elif row.part == "chosen":
                fact = choice_of(str(row.value))
                self._hands.add(Moment(row.t, partial(self.choose, *name_and_value(fact))))
            elif isinstance(row.value, bool) and row.part in HANDS:
                self._hands.add(Moment(row.t, partial(self._do, row.part, row.value)))

    # ---- on the loop's thread

    def _soon(self, do: Callable[[], object]) -> None:
        self._hands.soon(do)
        self._inbox.wake()

    def _push(self, lasts_s: float) -> None:
        at = self._hands.soon(partial(self._do, "button", True))
        self._hands.add(Moment(after(at, lasts_s), partial(self._do, "button", False), asked=True))
        self._inbox.wake()

    def _do(self, part: str, value: bool) -> None:
        if self.levels[part] == value:
            return
        self.levels[part] = value
        self._is_news = True
        match part:
            case "power":
                if not value:
                    raise Unplugged
            case "seat":
                self.chair.sit(value)
            case _ if part in SCENES:
                self.chair.let(part, value)
            case _:
                self._things.act(part, value)

    def _do_weigh(self, level: float) -> None:
        self.chair.weigh(level)
        self._is_news = True

    def _weigh(self, level: float) -> None:
        self._things.weigh(level)
        self._is_news = True

    def _finger(self, down: bool) -> None:
        self._do("button", down)
        if down and self._speed_before is None:
            self._speed_before = self.clock.speed
            self._run_at(1.0)
        elif not down:
            self._hands.add(Moment(after(self.clock.now(), _LIFTS_S), self._lift))

    def _lift(self) -> None:
        if self._speed_before is not None and not self.levels["button"]:
            self._go_at(self._speed_before)

    def _leave(self) -> None:
        self._speed_left = self.clock.speed if self._speed_before is None else self._speed_before
        self._go_at(0.0)

    def _go_at(self, speed: float) -> None:
        self._speed_before = None
        self.pace = speed or self.pace
        self._run_at(speed)

    def _run_at(self, speed: float) -> None:
        self.clock.speed = speed
        self._wake_parts()
        self._is_news = True

    def _wake_parts(self) -> None:
        for part in self._performers:
            part.wake()

    def _step(self, by_s: float) -> None:
        reads = self.wall.reads(self.clock.now())
        with suppress(OverflowError):
            if reads is not None and (stepped := reads + timedelta(seconds=by_s)).year in YEARS:
                self._set_wall(stepped)

    def _set_wall(self, reads: datetime) -> None:
        now = self.clock.now()
        self.wall.set(now, reads)
        if self._device is not None:
            self._device.read_calendar(now)
        self._is_news = True

    def _skip(self) -> None:
        if self._device is None:
            return
        snapshot = self._device.snapshot()
        if snapshot.settles_at is not None and not snapshot.seated:
            # Whoever has just sat down wants to see the break, and not that they are believed.
            self._run_through(self._device, snapshot.settles_at)
            self._device.catch_up(self.clock.now())
        at = next_break_at(self._device.snapshot())
        if at is not None and at > self.clock.now():
            self._run_through(self._device, at)

    def _run_through(self, device: Device, t: float) -> None:
        """Everything on the way there happens at its own time."""
        self._hands.skip_to(t)
        while (deadline := earliest(device.next_deadline(), self._moves.next_deadline())) is not None and deadline < t:
            now = max(deadline, self.clock.now())
            self.clock.jump(now)
            while self._moves.play_next(now):
                for event in self._inbox.drain():
                    device.hear(event)
            device.catch_up(now)
        self.clock.jump(t)
        self._wake_parts()
        self._is_news = True
