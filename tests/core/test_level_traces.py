"""Made traces of real chairs, half a second a level: seated seconds against the truth, and how a creeping pad does.

The levels have the statistics of eight force sensors under the cushion of an office chair, seven hours of several
people: empty and seated levels, noise, steps of posture, bounces, and for one small sensor the minutes without a load.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.coach import Coach
from device.settings.settings import Screens, SeatSettings, Settings
from device.stages.pad import Pad
from device.stretches.repertoire import repertoire
from device.words.effects import Adjust, Note
from device.words.events import Event, Seat, Tick
from device.words.facts import Fact, Left, Sat, SeatDrifted
from device.words.levels import Thresholds, is_level

EVERY_S = 0.5
MINUTE_S, DAY_S = 60.0, 86400.0
EMPTY, SEATED = 0.006, 0.3
SPAN = SEATED - EMPTY


class Chair:
    """Makes the levels of a chair: a sum of eight sensors, or several in parallel."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self._posture = self._lifted = SEATED
        self._lifts = 0

    def empty(self) -> float:
        """Median 0.006, 99th percentile 0.02, maximum 0.049."""
        chance = self.dice.random()
        if chance < 0.99:
            return abs(self.dice.gauss(EMPTY, 0.003))
        return self.dice.uniform(0.02, 0.049)

    def seated(self) -> float:
        """Median 0.3, 1st percentile 0.1, minimum 0.04: still for 25 s or so, and at times off most sensors for 2 s."""
        chance = self.dice.random()
        if chance < 0.02:
            self._posture = max(self.dice.gauss(SEATED, 0.05), 0.12)
        if chance > 0.9975:
            self._lifts, self._lifted = 4, self.dice.uniform(0.04, 0.11)
        self._lifts -= 1
        posture = self._lifted if self._lifts >= 0 else self._posture
        return max(posture + self.dice.gauss(0, 0.0015), 0.04)

    def sit_for(self, seconds: float) -> Iterator[float]:
        """A sitting; half of them begin with a bounce."""
        self._posture = SEATED
        for nth in range(int(seconds / EVERY_S)):
            yield self.empty() if nth == 1 and self.dice.random() < 0.5 else self.seated()

    def leave_for(self, seconds: float) -> Iterator[float]:
        """An absence; some begin with a bounce."""
        for nth in range(int(seconds / EVERY_S)):
            yield self.seated() if nth == 1 and self.dice.random() < 0.3 else self.empty()


class InParallel(Chair):
    """Sensors in parallel share one resistor, so that more weight adds less and less."""

    def empty(self) -> float:
        return divided(super().empty())

    def seated(self) -> float:
        return divided(super().seated())


def divided(conducts: float) -> float:
    """The level of a divider, by what the sensors conduct together, in units of some resistor."""
    return conducts / (conducts + 0.3)


class OneSensor(Chair):
    """One small sensor under one thigh: posture takes all load off it, for up to 475 s."""

    def __init__(self, seed: int, without_load: float) -> None:
        """`without_load` is the share of the seated time."""
        super().__init__(seed)
        self._lasts_s = 100.0
        self._every_s = self._lasts_s / without_load
        self._without_load_s = 0.0

    def seated(self) -> float:
        if self._without_load_s <= 0 and self.dice.random() < EVERY_S / self._every_s:
            self._without_load_s = min(self.dice.expovariate(1 / self._lasts_s), 475.0)
        self._without_load_s -= EVERY_S
        return self.empty() if self._without_load_s > 0 else super().seated()


class Levels(Protocol):
    """A chair's levels while somebody sits there, and while nobody does."""

    def sit_for(self, seconds: float) -> Iterator[float]: ...
    def leave_for(self, seconds: float) -> Iterator[float]: ...


@dataclass
class Desk:
    """A pad and the device, on the levels of a chair; the pad's creep comes on top of them."""

    settings: Settings
    creep: Callable[[float], float] = lambda _: 0.0
    learns: bool = True
    every_s: float = EVERY_S
    now: float = 0.0
    truth_s: float = 0.0
    sittings: int = 0
    facts: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        levels = self.settings.seat.levels
        assert levels is not None
        self.pad = Pad(levels.thresholds)
        self.coach = Coach(self.settings, repertoire(self.settings))

    def sit(self, chair: Levels, seconds: float) -> None:
        self.truth_s += seconds
        self.sittings += 1
        self._read(chair.sit_for(seconds))

    def leave(self, chair: Levels, seconds: float) -> None:
        self._read(chair.leave_for(seconds))

    def _read(self, levels: Iterator[float]) -> None:
        for level in levels:
            for event in self.pad.read(self.now, min(level + self.creep(self.now), 0.99)):
                self.tell(event)
            self.now += self.every_s
        self.tell(Tick(self.now))

    def tell(self, event: Event) -> None:
        for effect in self.coach.handle(event):
            if isinstance(effect, Adjust) and self.learns:
                self.pad.thresholds = effect.thresholds
            elif isinstance(effect, Note):
                self.facts.append(effect.fact)

    def of(self, kind: type[Fact]) -> list[Fact]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def seated_s(self) -> float:
        """As the device tells it up to now."""
        left_at = [*(left.t for left in self.of(Left)), self.now]
        return sum(until - sat.t for sat, until in zip(self.of(Sat), left_at, strict=False))

    @property
    def error(self) -> float:
        """How far it is off, as a share of the truth."""
        return abs(self.seated_s - self.truth_s) / self.truth_s


def analog(empty: float = EMPTY, seated: float = SEATED) -> Settings:
    seat = SeatSettings(kind="mcp3008", empty=empty, seated=seated)
    return replace(Settings(seat=seat), screens=Screens(safety_s=0.0))


def live(desk: Desk, chair: Chair, *, sittings: int, sit_minutes: float, away_minutes: float) -> None:
    """So many sittings of about that length, and an absence after each."""
    for _ in range(sittings):
        desk.sit(chair, round(chair.dice.uniform(0.8, 1.2) * sit_minutes * MINUTE_S))
        desk.leave(chair, round(chair.dice.uniform(0.9, 1.1) * away_minutes * MINUTE_S))


def is_heard_right(desk: Desk) -> bool:
    """Each sitting was heard once, and the seconds are within 1 % of the truth."""
    return len(desk.of(Sat)) == len(desk.of(Left)) == desk.sittings and desk.error < 0.01


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", [Chair, InParallel])
def test_eight_sensors_are_within_one_percent_without_a_false_leaving_or_sitting(kind: type[Chair], seed: int) -> None:
    through = divided if kind is InParallel else float
    desk, chair = Desk(analog(through(EMPTY), through(SEATED))), kind(seed)
    desk.leave(chair, 600)
    live(desk, chair, sittings=9, sit_minutes=40, away_minutes=12)
    assert is_heard_right(desk)
    assert desk.of(SeatDrifted) == []


@pytest.mark.parametrize(("without_load", "loses"), [(0.04, (0.01, 0.06)), (0.16, (0.10, 0.18))])
def test_one_small_sensor_loses_as_much_as_the_docs_say(without_load: float, loses: tuple[float, float]) -> None:
    desk, chair = Desk(analog()), OneSensor(7, without_load)
    live(desk, chair, sittings=40, sit_minutes=40, away_minutes=12)
    assert loses[0] < desk.error < loses[1]
    # Its false absences are too short to be learned from.
    assert all(abs(fact.empty - EMPTY) < 0.02 * SPAN for fact in desk.of(SeatDrifted) if isinstance(fact, SeatDrifted))


def creeping(over_s: float, share: float = 0.3) -> Callable[[float], float]:
    """A pad that is pressed together by that share of the span."""
    return lambda at: share * SPAN * min(at / over_s, 1.0)


@pytest.mark.parametrize("seed", [11, 12])
def test_thirty_percent_of_creep_costs_less_than_one_percent_and_is_said(seed: int) -> None:
    """Though the empty chair is knocked against, up to 0.049, more than once in each half-hour."""
    desk, chair = Desk(analog(), creeping(30 * 70 * MINUTE_S)), Chair(seed)
    live(desk, chair, sittings=32, sit_minutes=28, away_minutes=42)
    assert is_heard_right(desk)
    follows(desk)


def follows(desk: Desk) -> None:
    """What was last said of the empty chair is what it reads by now, nearly."""
    said = desk.of(SeatDrifted)[-1]
    assert isinstance(said, SeatDrifted)
    assert abs(said.empty - EMPTY - desk.creep(desk.now)) < 0.04 * SPAN
    assert (said.from_empty, said.from_seated) == (EMPTY, SEATED)
    assert said.seated > SEATED + 0.05 * SPAN


def test_a_new_pad_that_creeps_a_tenth_of_the_span_on_its_first_day_is_followed() -> None:
    """Force sensors creep with the logarithm of time, so that most of a month's creep comes before the first nights."""
    desk, chair = Desk(analog(), lambda at: 0.3 * SPAN * math.log1p(at / 4 / 60 / MINUTE_S) / math.log1p(180)), Chair(5)
    for day in range(3):
        live(desk, chair, sittings=4, sit_minutes=45, away_minutes=8)
        desk.leave(chair, 40 * MINUTE_S)
        live(desk, chair, sittings=4, sit_minutes=45, away_minutes=8)
        desk.leave(chair, (day + 1) * DAY_S - desk.now)
    assert is_heard_right(desk)


def test_a_seat_that_learns_nothing_is_lost_to_the_same_creep() -> None:
    desk, chair = Desk(analog(), creeping(30 * 70 * MINUTE_S), learns=False), Chair(11)
    live(desk, chair, sittings=32, sit_minutes=28, away_minutes=42)
    assert desk.error > 0.1


@pytest.mark.slow
def test_a_month_of_creep_is_within_one_percent() -> None:
    desk, chair = Desk(analog(), creeping(30 * DAY_S)), Chair(1)
    for day in range(30):
        if day % 7 < 5:
            live(desk, chair, sittings=4, sit_minutes=45, away_minutes=8)
            desk.leave(chair, 40 * MINUTE_S)
            live(desk, chair, sittings=4, sit_minutes=45, away_minutes=8)
        desk.leave(chair, (day + 1) * DAY_S - desk.now)
    assert is_heard_right(desk)
    follows(desk)


# ---- whatever it reads

LEVELS = st.one_of(st.floats(0, 1), st.floats(), st.sampled_from([0.0, EMPTY, 0.06, 0.1, SEATED, 0.5, 0.995, 1.0]))
TRACES = st.lists(st.tuples(LEVELS, st.integers(1, 3000)), max_size=30)


def edges_and_crossings(
    desk: Desk, trace: list[tuple[float, int]], moved: Sequence[Thresholds] = ()
) -> tuple[int, int]:
    """How often the seat has changed, and how often the level has crossed the band between both thresholds.

    Each level stands for so many readings. With each come new thresholds, if there are any in `moved`.
    """
    edges, crossings, side, was = 0, 0, None, None
    for (level, readings), new in zip_longest(trace, moved[: len(trace)]):
        desk.pad.thresholds = new or desk.pad.thresholds
        for _ in range(readings):
            bounds = desk.pad.thresholds
            assert bounds is not None
            if is_level(level) and (level >= bounds.sit_above or level <= bounds.leave_below):
                crossings += side is not None and side is not (level >= bounds.sit_above)
                side = level >= bounds.sit_above
            for event in desk.pad.read(desk.now, level):
                if isinstance(event, Seat):
                    edges += was is not None and event.taken is not was
                    was = event.taken
                desk.tell(event)
            desk.now += EVERY_S
    return edges, crossings


@given(TRACES)
def test_no_trace_makes_more_than_two_edges_per_crossing_of_both_thresholds_even_while_they_move(
    trace: list[tuple[float, int]],
) -> None:
    edges, crossings = edges_and_crossings(Desk(analog()), trace)
    assert edges <= 2 * crossings + 1


@given(TRACES, st.lists(st.floats(-0.5, 0.5), min_size=30, max_size=30))
def test_thresholds_that_move_with_every_level_make_no_more(trace: list[tuple[float, int]], drift: list[float]) -> None:
    desk = Desk(analog(0.2, 0.6))
    levels = desk.settings.seat.levels
    assert levels is not None
    moved = [levels.moved(0.2 + 0.4 * share, 0.6 + 0.2 * share).thresholds for share in drift]
    edges, crossings = edges_and_crossings(desk, [(level, min(nth, 5)) for level, nth in trace], moved)
    assert edges <= 2 * crossings + 1


@given(st.lists(st.tuples(st.sampled_from([math.nan, math.inf, -0.1, 0.995, 1.0, 0.0, EMPTY]), st.integers(1, 3000))))
def test_nan_rails_and_gaps_never_become_sitting(trace: list[tuple[float, int]]) -> None:
    desk = Desk(analog())
    edges_and_crossings(desk, trace)
    assert desk.of(Sat) == desk.of(SeatDrifted) == []
