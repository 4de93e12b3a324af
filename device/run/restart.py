"""How the device goes on after a power cut: its settings, what it remembers, and how long it was off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from device.core.calendar_told import ByPlan
from device.core.coach import Coach
from device.run.calendar import Calendar, Meetings, is_new_day
from device.run.loop import Device, Performer
from device.screens.screens import compose
from device.settings.choices import latest
from device.settings.settings import SeatSettings, Settings, under
from device.stretches.repertoire import Repertoire, in_every_language, repertoire
from device.words.effects import Effect, Heard, Note
from device.words.events import DayEnded, Event, Power, Seat, Tick
from device.words.facts import Choice, Fact
from device.words.instants import A_MOMENT_S, HOUR_S, MINUTE_S, after
from device.words.past import REMEMBERED, Past, Readings, Sitting, worth_remembering
from device.words.ports import Wall


@dataclass(frozen=True, slots=True)
class Start:
    """What the device goes by after a start."""

    settings: Settings
    repertoire: Repertoire
    routines: Sequence[Sequence[str]] = ()
    """The earlier routines as lists of the stretches that were begun, oldest first."""
    choices: Sequence[Choice] = ()
    """What the person chose before."""
    asks: Collection[str] = ()
    """The topics that the device may ask about, since the settings leave them open."""
    languages: Mapping[str, Repertoire] = field(default_factory=dict)
    """The repertoire in each language that may be chosen."""
    plans: Mapping[str, ByPlan] = field(default_factory=dict)
    """What it goes by under each plan, by the plan's name."""
    own_seat: SeatSettings | None = None
    """[seat] of the settings alone, if there is a calibration beside them."""

    @property
    def usual(self) -> ByPlan:
        """What it goes by while no plan is in force."""
        return ByPlan(self.settings, self.repertoire, self.languages)

    def coach(self, now: float = 0.0, *, is_seen: bool = True) -> Coach:
        """Return a new coach for this start."""
        coach = Coach(self.settings, self.repertoire, now, compose if is_seen else None)
        coach.follow(self.routines)
        coach.ask(self.asks)
        coach.plan(self.usual, self.plans)
        coach.know(self.choices)
        return coach


def change(device: Device, start: Start, now: float) -> None:
    """Have a running device go by the settings of this start. The seat has to be the same as before."""
    device.go_by(now, start.usual, start.plans, start.asks)


def by_plan(settings: Settings) -> dict[str, ByPlan]:
    """What the device goes by under each plan. Raises ContentError."""
    own = {plan.name: under(plan.settings, settings) for plan in settings.plans}
    return {name: ByPlan(each, repertoire(each), in_every_language(each)) for name, each in own.items()}


def begins_at(past: Past | None, here: Readings) -> float:
    """The instant at which the device goes on, in seconds: the last one plus the known length of the cut."""
    if past is None:
        return 0.0
    return after(past.seen.at, max(past.seen.until(here) or 0.0, A_MOMENT_S))


def resumed(
    coach: Coach,
    settings: Settings,
    wall: Wall,
    performers: Sequence[Performer],
    past: Past,
    here: Readings,
    meetings: Meetings | None = None,
) -> Device:
    """Return the device with its past. It hears now how long it was off, or later from its calendar."""
    off_s = past.seen.until(here)
    calendar = Calendar(settings, wall, past.seen.reads if off_s is None else None, meetings)
    device = Device(coach, calendar, performers)
    coach.recall(past)
    device.hear(Power(here.at, off_s, _lies_over_midnight(past.seen, here)))
    return device


def begun(
    start: Start,
    now: float,
    wall: Wall,
    performers: Sequence[Performer],
    past: Past | None = None,
    here: Readings | None = None,
    meetings: Meetings | None = None,
) -> Device:
    """Return the device of this start. If there is a past it goes on from it, and `here` is the time at this start."""
    coach = start.coach(now)
    if past is None or here is None:
        return Device(coach, Calendar(start.settings, wall, meetings=meetings), performers)
    return resumed(coach, start.settings, wall, performers, past, here, meetings)


def fault_of(start: Start, past: Past) -> Exception | None:
    """The error that a device with this past would run into; None if there is none.

    The start is tried out of sight first, because nothing in a file may stop the device from counting.
    """
    at = after(past.seen.at, MINUTE_S)
    for off_s in (MINUTE_S, None):
        try:
            coach = start.coach(at)
            coach.recall(past)
            for event in (Power(at, off_s), *_a_day_from(at)):
                coach.handle(event)
                coach.snapshot()
        except Exception as fault:
            return fault
    return None


def _a_day_from(at: float) -> Iterator[Event]:
    """A day that is long enough for everything to fall due, for a break and for the day's end."""
    yield Seat(at, True)
    yield Power(after(at, MINUTE_S), MINUTE_S)
    yield Tick(after(at, 5 * HOUR_S))
    yield Seat(after(at, 5 * HOUR_S), False)
    yield DayEnded(after(at, 6 * HOUR_S))
    yield Tick(after(at, 12 * HOUR_S))


def _lies_over_midnight(cut: Readings, on: Readings) -> bool:
    return cut.reads is not None and on.reads is not None and is_new_day(cut.reads, on.reads)


class Trail:
    """A performer that keeps in memory what the next start has to know."""

    def __init__(self) -> None:
        self._told: list[Fact | DayEnded] = []
        self._choices: list[Choice] = []
        self._sitting = Sitting()

    def perform(self, effect: Effect) -> None:
        """Keep facts and the ends of days."""
        self._sitting.perform(effect)
        match effect:
            case Note(fact=fact):
                self._told.append(fact)
                self._choices = latest([*self._choices, fact])
            case Heard(event=DayEnded() as end):
                self._told.append(end)
        if len(self._told) > 2 * REMEMBERED:
            self._told = list(worth_remembering(self._told))

    def past(self, seen: Readings) -> Past:
        """What a start would know if the power were cut now."""
        self._told = list(worth_remembering(self._told))
        return Past(self._told, seen, self._sitting.till(seen.at), choices=self._choices)
