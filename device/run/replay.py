"""Plays a recorded day through the device, in step with the recording and as fast as possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from device.core.coach import Coach
from device.history.day_file import HANDS, DayRow, RecordedDay
from device.history.meetings_row import meetings_at
from device.history.order_row import ROW_EVENTS
from device.mind.snapshot import Snapshot
from device.run.calendar import Calendar
from device.run.clock import DeskWall, RecordedClock
from device.run.loop import Device, EventQueue, Performer, earliest
from device.run.moments import Moment
from device.run.restart import Start, Trail, change, resumed
from device.settings.settings import SeatSettings
from device.stages.pad import LOST_AFTER_S, Pad
from device.words.effects import Adjust, Effect
from device.words.events import Button, Event, Level, Panel, Seat, SeatSensor, Tick
from device.words.instants import A_MOMENT_S, MINUTE_S, after, between
from device.words.levels import Thresholds, is_level
from device.words.past import Readings
from device.words.ports import Inbox, Input, Output

_LOOK_EVERY_S = 10 * MINUTE_S
"""As often as an ADS1115 is looked at."""


class Desk(Protocol):
    """The desk on which the day is played."""

    @property
    def inputs(self) -> Sequence[Input]:
        """The parts that report events."""
        ...

    @property
    def outputs(self) -> Sequence[Output]:
        """The parts that perform effects."""
        ...

    def act(self, part: str, value: bool) -> None:
        """Change a part: True takes the `seat`, pushes the `button` and gives back the `panel`; False undoes that."""
        ...

    def weigh(self, level: float) -> None:
        """Put a weight on the seat, by the level that its sensor then has."""
        ...

    def adjust(self, thresholds: Thresholds) -> None:
        """Have an analog seat go by these thresholds until the power is cut."""
        ...

    def start(self) -> None:
        """Report the present levels, and each change from now on."""
        ...

    def stop(self) -> None:
        """Cut the power: all is dark and silent, and no part reports anything."""
        ...


class BareDesk:
    """A desk with no parts but an analog seat, which is enough for facts. Changes go straight to the inbox."""

    outputs: Sequence[Output] = ()

    def __init__(self, inbox: Inbox, clock: RecordedClock, seat: SeatSettings | None = None) -> None:
        """Without `seat` the seat is a contact."""
        self._inbox = inbox
        self._clock = clock
        self._seat = _BareSeat(inbox, clock, seat) if seat is not None and seat.kind != "contact" else None
        self.inputs: Sequence[Input] = () if self._seat is None else (self._seat,)
        self._levels = {"seat": False, "button": False}
        self._started = False

    def act(self, part: str, value: bool) -> None:
        """Set a level, and report it if started. An analog seat reads what its calibration read then."""
        if part == "seat" and self._seat is not None:
            self._seat.sit(value)
            return
        self._levels[part] = value
        if self._started:
            self._report(part)

    def weigh(self, level: float) -> None:
        """Put a weight on an analog seat."""
        if self._seat is not None:
            self._seat.weigh(level)

    def adjust(self, thresholds: Thresholds) -> None:
        """Have an analog seat go by these thresholds until the power is cut."""
        if self._seat is not None:
            self._seat.adjust(thresholds)

    def stop(self) -> None:
        """Report no more."""
        self._started = False
        if self._seat is not None:
            self._seat.close()

    def start(self) -> None:
        """Report both levels."""
        self._started = True
        self._report("button")
        if self._seat is None:
            self._report("seat")
        else:
            self._seat.start()

    def _report(self, part: str) -> None:
        at, level = self._clock.now(), self._levels[part]
        self._inbox.put(Seat(at, level) if part == "seat" else Button(at, level))


class _BareSeat:
    """An analog seat that looks when its level changes, and now and then: it tells a level that stays, or is none."""

    def __init__(self, inbox: Inbox, clock: RecordedClock, settings: SeatSettings) -> None:
        self._inbox, self._clock = inbox, clock
        self._levels = settings.levels
        self._thresholds = self._levels.thresholds if self._levels else None
        self._pad = Pad(self._thresholds)
        self._level: float | None = None
        self._look_at: float | None = None
        """When to look again; None without a level, and before the start."""
        self._is_started = False

    def start(self) -> None:
        """Report the level from now on."""
        self._is_started = True
        self._look(self._clock.now())

    def sit(self, taken: bool) -> None:
        """Somebody of the weight at calibration sits down, or rises. Before calibration this changes nothing."""
        if self._levels is not None:
            self.weigh(self._levels.seated if taken else self._levels.empty)

    def weigh(self, level: float) -> None:
        """Read the level that it has had up to now, and this one."""
        before, self._level = self._level, level
        if self._is_started and before is not None:
            self._read(self._clock.now(), before)
        self._look(self._clock.now())

    def adjust(self, thresholds: Thresholds) -> None:
        """Go by these thresholds until the power is cut."""
        self._pad.thresholds = thresholds

    def next_deadline(self) -> float | None:
        """When to look again."""
        return self._look_at

    def tick(self, now: float) -> None:
        """Look again."""
        self._look(now)

    def close(self) -> None:
        """Report nothing any more, and forget all but the level."""
        self._is_started, self._look_at = False, None
        self._pad = Pad(self._thresholds)

    def _look(self, now: float) -> None:
        if self._is_started and self._level is not None:
            self._read(now, self._level)
            self._look_at = after(now, _LOOK_EVERY_S if is_level(self._level) else LOST_AFTER_S)

    def _read(self, now: float, level: float) -> None:
        for event in self._pad.read(now, level):
            self._inbox.put(event)


class Replay:
    """One recorded day, one desk."""

    def __init__(
        self,
        starts: Callable[[float], Start],
        clock: RecordedClock,
        inbox: EventQueue,
        desk: Desk,
        listeners: Sequence[Performer],
    ) -> None:
        """`starts` returns what a start at an instant goes by: the first at 0, the others when the power is back."""
        self._starts = starts
        self._clock = clock
        self._inbox = inbox
        self._desk = desk
        self._wall = DeskWall()
        self._trail = Trail()
        self._cut_at: Readings | None = None
        self._unsure_s = 0.0
        self._is_heard = False
        self._sensor: bool | None = None
        self._level: float | None = None
        """Whether the seat's sensor is there at the next start, and its level, in a day of what the device heard."""
        self._changed_at = 0.0
        self._performers = list(listeners)
        self._device: Device | None = None
        self._coach: Coach | None = None

    def play(self, day: RecordedDay, moments: Iterable[Moment] = ()) -> None:
        """Play the day to its end. Each moment comes at its instant, after all else at that instant."""
        if len(day.starts) > 1:
            # Only a start after a power cut asks what was before it; a month of facts is half a megabyte.
            self._performers.append(self._trail)
        self._begin(day)
        happenings: list[DayRow | Moment] = [*day.later, *moments]
        # The sort is stable: rows keep their order and come before moments of the same instant.
        set_at = {row.t for row in day.later if isinstance(row.value, datetime)}
        for happening in sorted(happenings, key=lambda happening: happening.t):
            # The device reads the clock first: what that clock would have begun at this instant, another one doesn't.
            self._run_until(happening.t, short_of=isinstance(happening, DayRow) and happening.t in set_at)
            if isinstance(happening, DayRow):
                self._act(happening)
            else:
                happening.do()
        self._run_until(day.end)

    def snapshot(self) -> Snapshot | None:
        """How things stand now; None without power."""
        if self._coach is None:
            return None
        self._hear(Tick(self._clock.now()))
        return self._coach.snapshot()

    # ---- the power

    def _begin(self, day: RecordedDay) -> None:
        self._is_heard = day.is_heard
        for row in day.at_start:
            self._find(row)
        if day.shows_at_start is not None:
            self._wall.set(0.0, day.shows_at_start)
            self._wall.is_right = any(row.part == "clock" for row in day.at_start)
        start, coach = self._coach_for(0.0)
        self._go(Device(coach, Calendar(start.settings, self._wall), self._all()))
        for row in day.at_start:
            if row.part == "meetings":
                self._hear(meetings_at(0.0, str(row.value)))

    def _find(self, row: DayRow) -> None:
        """Have that on the desk when the device starts."""
        if row.part == "sensor_seen":
            self._sensor = row.value is True
        elif isinstance(row.value, float):
            if self._is_heard:
                self._level = row.value
            else:
                self._desk.weigh(row.value)
        elif isinstance(row.value, bool) and row.part in HANDS:
            self._desk.act(row.part, row.value)

    def _coach_for(self, now: float) -> tuple[Start, Coach]:
        start = self._starts(now)
        # Only screens change every second. Without them a replay takes a fraction of the time.
        self._coach = start.coach(now, is_seen=bool(self._desk.outputs))
        return start, self._coach

    def _all(self) -> Sequence[Performer]:
        outputs = (_InStep(output, self._clock) for output in self._desk.outputs)
        return [*self._performers, *outputs, _ToDesk(self._desk)]

    def _go(self, device: Device) -> None:
        self._device = device
        if self._sensor is not None:
            self._hear(SeatSensor(self._clock.now(), self._sensor))
        self._desk.start()
        self._hear_all()
        if self._level is not None:
            self._hear(Level(self._clock.now(), self._level))
        self._sensor = self._level = None
        device.catch_up(self._clock.now())

    def _cut(self) -> None:
        self._cut_at = self._readings("recorded")
        self._hear_all()
        self._desk.stop()
        self._device = self._coach = None

    def _power_on(self) -> None:
        assert self._cut_at is not None, "a day file can't be on twice"
        past = replace(self._trail.past(self._cut_at), unsure_s=self._unsure_s)
        self._unsure_s = 0.0
        known = between(past.seen.at, self._clock.now()) > A_MOMENT_S
        if not known:
            # The device is on at the instant of the cut, since the length of the cut isn't known yet.
            self._wall.is_right = False
        start, coach = self._coach_for(self._clock.now())
        here = self._readings("recorded" if known else "")
        self._go(resumed(coach, start.settings, self._wall, self._all(), past, here))

    def _readings(self, boot: str) -> Readings:
        now = self._clock.now()
        return replace(self._wall.readings(now), boot=boot, boot_s=now)

    # ---- time

    def _run_until(self, t: float, *, short_of: bool = False) -> None:
        """Play every deadline up to `t`, or before it."""
        while (deadline := self._next_deadline()) is not None and (deadline < t or (deadline == t and not short_of)):
            self._clock.at = max(self._clock.at, deadline)
            self._catch_up()
            for part in self._parts:
                part_at = part.next_deadline()
                if part_at is not None and part_at <= self._clock.at:
                    part.tick(self._clock.at)
            self._hear_all()
        self._clock.at = t

    def _next_deadline(self) -> float | None:
        if self._device is None:
            return None
        return earliest(self._device.next_deadline(), *(part.next_deadline() for part in self._parts))

    @property
    def _parts(self) -> Sequence[Input | Output]:
        return [*self._desk.inputs, *self._desk.outputs]

    # ---- what happens

    def _act(self, row: DayRow) -> None:
        match row.part, row.value:
            case "clock" | "clock_stale", datetime() as shows:
                self._set_wall(row.t, shows, is_right=row.part == "clock")
            case "unsure", str() as seconds:
                self._unsure_s = float(seconds)
            case "setting", _:
                self._change(row.t)
            case "power", False:
                self._cut()
            case "power", _:
                self._power_on()
            case ("chosen" | "order" | "pairing" | "meetings") as part, str() as text:
                self._hear(ROW_EVENTS[part](row.t, text))
            case "panel_seen", bool() as present:
                self._hear(Panel(row.t, present))
            case "sensor_seen", bool() as present if self._device is not None:
                self._hear(SeatSensor(row.t, present))
            case "level", float() as level if self._is_heard and self._device is not None:
                self._hear(Level(row.t, level))
            case _:
                self._find(row)
        self._hear_all()

    def _change(self, t: float) -> None:
        """Go by other settings, once for all that change at one instant. Without power the next start does."""
        if self._device is not None and self._changed_at != t:
            self._changed_at = t
            change(self._device, self._starts(t), t)

    def _set_wall(self, t: float, shows: datetime, *, is_right: bool) -> None:
        self._wall.set(t, shows)
        self._wall.is_right = is_right
        if self._device is not None:
            self._device.read_calendar(t)

    def _catch_up(self) -> None:
        if self._device is not None:
            self._device.catch_up(self._clock.at)

    def _hear(self, event: Event) -> None:
        if self._device is not None:
            self._device.hear(event)

    def _hear_all(self) -> None:
        for event in self._inbox.drain():
            self._hear(event)


class _ToDesk:
    """Tells the desk's seat the thresholds to go by."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def perform(self, effect: Effect) -> None:
        if isinstance(effect, Adjust):
            self._desk.adjust(effect.thresholds)


class _InStep:
    """Lets an output perform at once."""

    def __init__(self, output: Output, clock: RecordedClock) -> None:
        self._output = output
        self._clock = clock

    def perform(self, effect: Effect) -> None:
        self._output.perform(effect, self._clock.now())
