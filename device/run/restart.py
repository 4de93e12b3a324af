"""How a device that was without power goes on: what it goes by, what it remembers, and how long it was off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from device.core.coach import Coach
from device.run.calendar import Calendar, is_new_day
from device.run.loop import Device, Performer
from device.screens.screens import compose
from device.settings.choices import latest
from device.settings.settings import Settings
from device.stretches.repertoire import Repertoire
from device.words.effects import Effect, Fact, Heard, Note
from device.words.events import DayEnded, Event, Power, Seat, Tick
from device.words.instants import A_MOMENT_S, HOUR_S, MINUTE_S, after
from device.words.past import REMEMBERED, Mark, Past, Sitting, worth_remembering
from device.words.ports import Wall


@dataclass(frozen=True, slots=True)
class Start:
    """What the device goes by from a start on."""

    settings: Settings
    repertoire: Repertoire
    routines: Sequence[Sequence[str]] = ()
    """Of each routine before it the stretches that were begun, oldest first."""
    choices: Sequence[Fact] = ()
    """What the person has chosen before."""
    asks: Collection[str] = ()
    """What the device may ask for: those topics that the settings leave open."""
    languages: Mapping[str, Repertoire] = field(default_factory=dict)
    """The repertoire in each language that may be chosen."""

    def coach(self, now: float = 0.0, *, is_seen: bool = True) -> Coach:
        """The core, as fresh as that."""
        coach = Coach(self.settings, self.repertoire, now, compose if is_seen else None)
        coach.follow(self.routines)
        coach.ask(self.asks, self.languages)
        coach.know(self.choices)
        return coach


def begins_at(past: Past | None, here: Mark) -> float:
    """The instant at which the device goes on: later by as much as it is known to have been off."""
    if past is None:
        return 0.0
    return after(past.seen.at, max(past.seen.until(here) or 0.0, A_MOMENT_S))


def resumed(
    coach: Coach, settings: Settings, wall: Wall, performers: Sequence[Performer], past: Past, here: Mark
) -> Device:
    """The device with a past. How long it was off is told now, or by its calendar as soon as the clock is right."""
    off_s = past.seen.until(here)
    calendar = Calendar(settings.sounds, wall, past.seen.reads if off_s is None else None)
    device = Device(coach, calendar, performers)
    coach.recall(past)
    device.hear(Power(here.at, off_s, _lies_over_midnight(past.seen, here)))
    return device


def fault_of(start: Start, past: Past) -> Exception | None:
    """What a device that went on from there would stumble over; None where it wouldn't.

    A start is tried, out of everybody's sight, before it is made: nothing in a file may keep the device from counting.
    """
    at = after(past.seen.at, MINUTE_S)
    for off_s in (MINUTE_S, None):
        try:
            coach = start.coach(at)
            coach.recall(past)
            for event in (Power(at, off_s), *_a_day_from(at)):
                coach.handle(event)
                coach.status()
        except Exception as fault:
            return fault
    return None


def _a_day_from(at: float) -> Iterator[Event]:
    """Long enough for everything to fall due, for a break, and for the day to be over."""
    yield Seat(at, True)
    yield Power(after(at, MINUTE_S), MINUTE_S)
    yield Tick(after(at, 5 * HOUR_S))
    yield Seat(after(at, 5 * HOUR_S), False)
    yield DayEnded(after(at, 6 * HOUR_S))
    yield Tick(after(at, 12 * HOUR_S))


def _lies_over_midnight(cut: Mark, on: Mark) -> bool:
    return cut.reads is not None and on.reads is not None and is_new_day(cut.reads, on.reads)


class Trail:
    """Keeps in memory what a start has to know of the time before, as a performer of the device."""

    def __init__(self) -> None:
        self._told: list[Fact | DayEnded] = []
        self._choices: list[Fact] = []
        self._sitting = Sitting()

    def perform(self, effect: Effect) -> None:
        """Hear what was said, and the end of each day."""
        self._sitting.perform(effect)
        match effect:
            case Note(fact=fact):
                self._told.append(fact)
                self._choices = latest([*self._choices, fact])
            case Heard(event=DayEnded() as end):
                self._told.append(end)
        if len(self._told) > 2 * REMEMBERED:
            self._told = list(worth_remembering(self._told))

    def past(self, seen: Mark) -> Past:
        """What a start would know if the power went now."""
        self._told = list(worth_remembering(self._told))
        return Past(self._told, seen, self._sitting.till(seen.at), choices=self._choices)
