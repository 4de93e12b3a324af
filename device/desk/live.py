"""The live device: the loop with everything around it, and the simulated desk with its hands."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from device.desk.calibrating import EMPTY_STEPS, Alone, DeskCalibration
from device.desk.chair import Chair
from device.desk.hands import Hands, InTurn
from device.desk.recorded import moments_of
from device.desk.skipping import skip_to_break
from device.history.day_file import HANDS, RecordedDay
from device.history.seat_now import seat_now
from device.meetings.spans_file import SpansWatch, spans_file
from device.mind.snapshot import Snapshot
from device.run.clock import YEARS, DeskWall, RunningClock
from device.run.loop import Device, EventQueue, Loop, Mover, Onlooker, Performer
from device.run.moments import Moment
from device.run.restart import Start, begins_at, begun, change
from device.run.service import ServiceManager
from device.run.telling import hours
from device.screens.state_feed import pushes
from device.settings.settings import Settings, parts_of
from device.stages.drift import levels_since
from device.words.effects import Effect, Note
from device.words.events import Event
from device.words.facts import SeatDrifted
from device.words.instants import after
from device.words.past import Past, Readings
from device.words.ports import Clock, Inbox, Input, Unplugged, Wall

_SPEEDS = (1.0, 10.0, 60.0, 600.0)
_PRESS_S = 0.2
SCENES = {"noise": "noisy pad", "worn": "worn mat", "wire": "loose wire", "cat": "a cat about"}
"""What can be wrong with the seat, in words."""
_LIFTS_S = 0.1
"""How long time runs after a finger has let go, so that the device understands the gesture, even if time is paused."""


class Stoppable(Protocol):
    """Something that can be told to end."""

    def stop(self) -> None: ...


class Things(Protocol):
    """The parts that hands can move at the simulated desk."""

    def act(self, part: str, value: bool) -> None:
        """Push or let go the `button`, give back or take away the `panel`."""
        ...

    def weigh(self, level: float) -> None:
        """Put a weight on the seat, given as the level of its sensor."""
        ...

    def lose_power(self) -> None: ...


class TimedPerformer(Performer, Protocol):
    """A performer that waits by the clock of the desk."""

    def wake(self) -> None:
        """Hear that the clock has another speed now."""
        ...


OpenParts = tuple[Sequence[TimedPerformer], Sequence[Input]]
"""The outputs and inputs of the device."""
Parts = Callable[[Inbox, Clock, Wall], AbstractContextManager[OpenParts]]
"""Opens the outputs and inputs of the device, and in the end leaves them dark and silent."""


Listen = Callable[[], tuple[Sequence[Performer], Sequence[Onlooker]]]
"""Returns who listens to the device and who looks on; called at each start."""


@contextmanager
def until_told_to_stop(running: Stoppable) -> Iterator[None]:
    """Stop it at Ctrl-C, at SIGTERM and when the terminal closes.

    Use it around the parts, too, so that they are dark and silent whenever the signal comes.
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
    """Be the device until the inbox stops. If there is a past, `here` is the time at this start."""
    meetings = SpansWatch(spans_file(start.settings))
    device = begun(start, clock.now(), wall, performers, past, here, meetings)
    moves = moves_at(device) if moves_at else None
    clock.start()
    Loop(device, inbox, clock, ServiceManager(), moves, onlookers).run()
    device.end(clock.now())


def later_by(reads: datetime | None, by_s: float) -> datetime | None:
    """That much later or earlier; None if no clock may show that."""
    with suppress(OverflowError):
        if reads is not None and (stepped := reads + timedelta(seconds=by_s)).year in YEARS:
            return stepped
    return None


class LiveDesk:
    """The simulated desk with the device on it. Hands may come from any thread."""

    on_change: Callable[[Settings], object] = staticmethod(lambda _: None)
    on_power: Callable[[], object] = staticmethod(lambda: None)
    """The loop calls these when the device goes by other settings, and when the power is back."""
    _begins_anew = False

    def __init__(
        self,
        start: Start,
        things: Things,
        parts: Parts,
        speed: float,
        day: RecordedDay | None = None,
        remembered: Callable[[], Past | None] | None = None,
        alone: Alone | None = None,
    ) -> None:
        """`remembered` returns what a start knows about the time before. With `day`, its hands move, too.

        With `alone` the seat can be calibrated.
        """
        self._things, self._parts, self._day, self._remembered = things, parts, day, remembered or (lambda: None)
        self.wall = DeskWall()
        self.clock = RunningClock(speed)
        self.changed: Callable[[], None] = lambda: None
        """The loop calls this at the end of a round if the desk or the speed of its clock has changed."""
        self._is_news = False
        self.button_says = ""
        """What a press and a hold would do now."""
        self._stopped = False
        self._inbox = EventQueue()
        self._hands = Hands(self.clock)
        self._moves: Mover = self._hands
        """The hands and, while there is power, the inputs that look at intervals."""
        self._device: Device | None = None
        self._performers: Sequence[TimedPerformer] = ()
        self._speed_before: float | None = None
        """The speed of time before a finger came down on the button, or a calibration began."""
        self._speed_left = speed
        """The speed of time before the person left the desk."""
        self.pace = speed
        """The speed of time when it isn't paused and no finger is on the button."""
        self.levels = {"seat": False, "button": False, "panel": True, "power": True, **dict.fromkeys(SCENES, False)}
        self.chair = Chair(start.settings.seat, self.clock, lambda moment: self._hands.add(moment), self._weigh)
        self.calibration = DeskCalibration(start, self.clock, self.wall, alone)
        self._past: Past | None = None
        self._here = Readings(0.0, reads=datetime.now().astimezone())
        if day is None:
            self._begin()
        else:
            self._follow(day)

    def run(self, listen: Listen) -> None:
        """Be the device until told to stop, through any number of power cuts."""
        while not self._stopped:
            if not self.levels["power"]:
                self._lie_dark()
            elif self.calibration.is_on:
                self._calibrate()
            elif self._begins_anew:
                self._begins_anew = False
                self._begin()
            else:
                self._live(*listen())

    @property
    def settings(self) -> Settings:
        """The settings that the device uses."""
        return self.calibration.start.settings

    @property
    def is_over(self) -> bool:
        """The recorded day at this desk is over."""
        return self._day is not None and self._hands.next_deadline() is None

    @property
    def says(self) -> str:
        """The state of this desk, in one line."""
        chair = "somebody on the chair" if self.levels["seat"] else "chair empty"
        level = f"level {self.chair.level:.2f}" if self.chair.is_analog else ""
        said = [chair, level, self.calibration.says, *(SCENES[each] for each in SCENES if self.levels[each])]
        return "   ".join([hours(self.clock.now()), f"x{self.clock.speed:g}", *filter(None, said)])

    # ---- hands

    def sit_or_stand(self) -> None:
        """Sit down if the chair is empty, else rise."""
        self.set("seat", not self.levels["seat"])

    def switch(self, part: str) -> None:
        """Switch this fault of the seat on or off."""
        self.set(part, not self.levels[part])

    def weigh(self, level: float) -> None:
        """Set what an analog sensor reads under the person: a fraction of full scale, 0 to 1."""
        self._soon(partial(self._do_weigh, level))

    def weigh_more(self, by: float) -> None:
        """Make the person heavier by this part of a usual person's weight, or lighter if it is negative."""
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

        With `noise` the pad drops out and chatters, with `worn` it stays pressed, with `wire` its wire is loose.
        With `cat` a cat comes and goes. While a finger is on the button, time runs at normal speed.
        """
        self._soon(partial(self._finger, value) if part == "button" else partial(self._do, part, value))

    def calibrate(self, so: bool) -> None:
        """Begin a calibration of the seat, or leave it. It begins at normal speed."""
        self._soon(self._begin_calibration if so else self.calibration.leave)

    def do_step(self, step: str) -> None:
        """Do what this step of a calibration asks for, if it is the one that is asked for."""
        self._soon(partial(self._do_step, step))

    def tell(self, event: Callable[[float], Event]) -> None:
        """Have the device hear an event, which is made for the instant of hearing."""
        self._soon(lambda: self._inbox.put(event(self.clock.now())))

    def plan(self, at: float, do: Callable[[], object]) -> None:
        """Have something done by the loop, at an instant or soon after it."""
        self._hands.add(Moment(at, do, asked=True))
        self._inbox.wake()

    def set_speed(self, speed: float) -> None:
        """Set how many seconds pass at the desk in one real second; 0 pauses time."""
        self._soon(partial(self._go_at, speed))

    def faster(self) -> None:
        """Switch to the next speed; after the last, to the first."""
        self._soon(lambda: self._go_at(next((speed for speed in _SPEEDS if speed > self.clock.speed), _SPEEDS[0])))

    def skip(self) -> None:
        """Go to the next break or, if none is coming, to the next thing that time brings."""
        self._soon(self._skip)

    def step_clock(self, by_s: float) -> None:
        """Set the wall clock forward or back. Monotonic time doesn't change."""
        self._soon(partial(self._step, by_s))

    def leave(self) -> None:
        """Pause time until somebody comes back."""
        self._soon(self._leave)

    def come_back(self) -> None:
        """Go on at the speed before."""
        self._soon(lambda: self._go_at(self._speed_left))

    def perform(self, effect: Effect) -> None:
        """Hear of levels that have drifted, as an output does."""
        levels = self.settings.seat.levels
        if levels and isinstance(effect, Note) and isinstance(effect.fact, SeatDrifted):
            self.chair.go_by(levels_since(effect.fact, levels, self.settings.seat.calibrated))
            self._is_news = True

    def look_around(self) -> None:
        """Go round the loop once and tell the state of the desk, since somebody has begun to look on."""
        self._is_news = True
        self._inbox.wake()

    def look(self, snapshot: Callable[[], Snapshot] | None = None) -> None:
        """Call `changed` if anything has changed."""
        now = snapshot and snapshot()
        self.button_says = pushes(now) if now else ""
        self.calibration.language = now.language if now else self.calibration.language
        if self._is_news:
            self._is_news = False
            self.changed()

    def stop(self) -> None:
        """End it."""
        self._stopped = True
        self._inbox.stop()

    # ---- plans

    def change_speed_at(self, speeds: Iterable[tuple[float, float]]) -> None:
        """Set the speed of time from each instant on."""
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
        self.chair.go_by(seat_now(self.settings.seat, self._past).levels)
        try:
            with self._parts(self._inbox, self.clock, self.wall) as (performers, inputs):
                self._performers = performers
                self._moves = InTurn(self._hands, inputs, self.clock)
                run_live(
                    self.calibration.start,
                    self.clock,
                    self._inbox,
                    self.wall,
                    [*listeners, *performers, self],
                    self._moves_at,
                    self._past,
                    self._here,
                    [*onlookers, self],
                )
                if self._begins_anew:
                    # Parts take a while to close, in which much time would pass at a high speed.
                    self.clock.set(self.clock.now())
        except Unplugged:
            self._things.lose_power()
        finally:
            self._performers, self._device = (), None

    def _lie_dark(self) -> None:
        """Wait without power. Time goes on, and hands may sit down, rise and put the plug back."""
        self._inbox = EventQueue()
        while not self.levels["power"] and not self._stopped:
            self.look()
            deadline = self._hands.next_deadline()
            self._inbox.wait(None if deadline is None else self.clock.wait_s(deadline))
            # What hands do after the power is back goes to the device.
            while not self.levels["power"] and self._hands.play_next(self.clock.now()):
                pass
        if not self._stopped:
            self.on_power()
            self._begin()

    def _calibrate(self) -> None:
        """Guide a person through a calibration. The device doesn't run meanwhile, so nothing is counted wrongly."""
        self._inbox = EventQueue()
        try:
            if not self._stopped:
                self.calibration.run(self._inbox, self._hands, self._look_on)
        except Unplugged:
            self.calibration.leave()
            self._things.lose_power()
        self.chair.lean("")
        self._lift()
        if self.levels["power"] and not self._stopped:
            self._begin()

    def _look_on(self, is_news: bool) -> None:
        self._is_news |= is_news
        self.look()

    def put_in_force(self, start: Start) -> None:
        """Go by this start from now on; the loop calls it. Where parts change it takes a start, but no time."""
        before = self.settings
        self.calibration.go_by(start)
        if self._device is not None and parts_of(before) == parts_of(start.settings):
            change(self._device, start, self.clock.now())
        elif self._device is not None:
            self._begins_anew = True
            self._inbox.stop()
        self.on_change(start.settings)

    def _begin(self) -> None:
        """Go on from where the desk was, as far as the journal knows it."""
        self._past = self._remembered()
        now, reads = self.clock.now(), self.wall.reads(self.clock.now()) or self._here.reads
        assert reads is not None, "a computer tells the time"
        here = Readings(now, reads=reads)
        at = now if self._past is None else begins_at(self._past, here)
        self._here = replace(here, at=at)
        self.clock.set(at)
        self.wall.set(at, reads)
        if at < now:
            # The clock was set back meanwhile, so the plans of the hands don't fit any more.
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
            if isinstance(row.value, float) and not day.is_heard:
                self.chair.read(row.value)
            elif isinstance(row.value, bool) and row.part in HANDS:
                self._do(row.part, row.value)
        for moment in moments_of(day, self._set_wall, self.tell, self.chair.read, self._do):
            self._hands.add(moment)

    # ---- on the loop's thread

    def _soon(self, do: Callable[[], object]) -> None:
        self._hands.soon(do)
        self._inbox.wake()

    def _push(self, lasts_s: float) -> None:
        at = self._hands.soon(partial(self._do, "button", True))
        self._hands.add(Moment(after(at, lasts_s), partial(self._do, "button", False), asked=True))
        self._inbox.wake()

    def _do(self, part: str, value: bool) -> None:
        if self.levels[part] == value and (part != "seat" or self._day is None):  # a day's level may have come since
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

    def _begin_calibration(self) -> None:
        if self._device is not None and self.calibration.begin():
            self._slow_down()
            self._inbox.stop()
        self._is_news = True

    def _do_step(self, step: str) -> None:
        if self.calibration.there(step):
            self._do("seat", step not in EMPTY_STEPS)
            self.chair.lean(step)

    def _do_weigh(self, level: float) -> None:
        self.chair.weigh(level)
        self._is_news = True

    def _weigh(self, level: float) -> None:
        self._things.weigh(level)
        self._is_news = True

    def _finger(self, down: bool) -> None:
        self._do("button", down)
        if down:
            self._slow_down()
        else:
            self._hands.add(Moment(after(self.clock.now(), _LIFTS_S), self._lift))

    def _slow_down(self) -> None:
        if self._speed_before is None:
            self._speed_before = self.clock.speed
            self._run_at(1.0)

    def _lift(self) -> None:
        if self._speed_before is not None and not self.levels["button"] and not self.calibration.is_on:
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
        stepped = later_by(self.wall.reads(self.clock.now()), by_s)
        if stepped is not None:
            self._set_wall(stepped)

    def _set_wall(self, reads: datetime) -> None:
        now = self.clock.now()
        self.wall.set(now, reads)
        if self._device is not None:
            self._device.read_calendar(now)
        self._is_news = True

    def _skip(self) -> None:
        if self._device is not None:
            skip_to_break(self._device, self._hands, self._moves, self._inbox, self.clock)
            self._wake_parts()
            self._is_news = True
