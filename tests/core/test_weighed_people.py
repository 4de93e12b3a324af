"""People of different weight on eight force sensors: calibrated in the first minutes as `unsit calibrate` does.

Each posture puts its own shares of the weight on the sensors, stays for minutes, and takes all load off some of them.
A sensor conducts in proportion to its load, more the longer it lasts, and reads through the divider's curve.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest

from device.settings.calibration_file import Calibration, calibrated
from device.settings.settings import Screens, SeatSettings, Settings
from device.stages.calibration import STEPS, calibrate
from device.words.facts import Left, Sat, SeatDoubted, SeatLost
from tests.core.test_level_traces import EVERY_S, MINUTE_S, Desk

SHARES = {
    "sit": (0.22, 0.24, 0.12, 0.12, 0.06, 0.06, 0.02, 0.0),
    "left": (0.36, 0.04, 0.20, 0.01, 0.10, 0.0, 0.02, 0.0),
    "right": (0.04, 0.38, 0.01, 0.20, 0.0, 0.10, 0.02, 0.0),
    "forward": (0.10, 0.11, 0.14, 0.14, 0.15, 0.15, 0.0, 0.03),
    "back": (0.27, 0.28, 0.06, 0.06, 0.0, 0.0, 0.12, 0.0),
    "feet up": (0.40, 0.02, 0.01, 0.0, 0.0, 0.0, 0.2, 0.0),
    "edge": (0.0, 0.0, 0.02, 0.02, 0.07, 0.07, 0.0, 0.05),
}
"""How much of the weight is on a sensor: two at the sit bones, in the middle, at the thighs, far back, at the edge."""
THING = (0.10, 0.10, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05)
USUAL, ODD = ("sit", "forward", "back"), ("left", "right", "feet up", "edge")
RESTS = 5
"""The sensor that rests under some load when the chair is empty."""

Through = Callable[[Sequence[float]], float]


def the_sum(conducts: Sequence[float]) -> float:
    """Each sensor has its divider; their levels are added up."""
    return sum(each / (1 + each) for each in conducts) / len(conducts)


def in_parallel(conducts: Sequence[float]) -> float:
    """All share a divider, with an eighth of the resistor."""
    return sum(conducts) / (len(conducts) + sum(conducts))


class WeighedChair:
    """Makes the levels of a chair on which somebody of some weight sits."""

    def __init__(self, seed: int, through: Through, kg: float, every_s: float = EVERY_S) -> None:
        self.dice = random.Random(seed)
        self.kg = kg
        self.thing_kg = 0.0
        """What lies on the chair while nobody sits there, from 3 s after they rose."""
        self.every_s = every_s
        self._through = through
        self._behind = [0.0] * 8
        self._rests = 1.0

    def sit_for(self, seconds: float) -> Iterator[float]:
        """A sitting of many postures. Half of them begin with a bounce."""
        bounces = self.dice.random() < 0.5
        sat_s = 0.0
        while sat_s < seconds:
            is_odd = sat_s > 0 and self.dice.random() < 0.35
            lasts_s = min(round(self.dice.lognormvariate(4.2, 1)), 475, seconds - sat_s)
            levels = list(self.stay(self.dice.choice(ODD if is_odd else USUAL), lasts_s, sat_s))
            if bounces and sat_s == 0:
                levels[self._readings(0.5) : self._readings(1)] = list(self.leave_for(0.5))
            yield from levels
            sat_s += lasts_s

    def stay(self, posture: str, seconds: float, sat_s: float = 0.0) -> Iterator[float]:
        """One posture with small moves, by somebody who has sat for `sat_s` already."""
        self._behind = [0.03 * self.kg * share for share in SHARES[posture]]
        for nth in range(self._readings(seconds)):
            creeps = 1 + 0.15 * math.log1p((sat_s + nth * self.every_s) / 2) / math.log1p(7200)
            weighs = self.kg * (self.dice.uniform(0.5, 1.3) if self.dice.random() < 0.02 else 1.0)
            yield self._level([weighs * share for share in SHARES[posture]], creeps)

    def leave_for(self, seconds: float) -> Iterator[float]:
        """Nobody. What was pressed in recovers with the logarithm of time."""
        for nth in range(self._readings(seconds)):
            at = nth * self.every_s
            remains = max(1 - math.log1p(at) / math.log1p(1800), 0.0)
            thing_kg = self.thing_kg if at >= 3 else 0.0
            behind = zip(self._behind, THING, strict=True)
            yield self._level([each * remains + thing_kg * share for each, share in behind])

    def _level(self, loads: Sequence[float], creeps: float = 1.0) -> float:
        if self.dice.random() < 0.01:
            self._rests = self.dice.lognormvariate(0, 0.5)
        conducts = [0.07 * max(load - 0.6, 0.0) * creeps for load in loads]
        conducts[RESTS] += 0.047 * self._rests
        level = self._through(conducts) + self.dice.gauss(0, 0.0005)
        return round(min(max(level, 0.0), 0.98) * 4095) / 4095

    def _readings(self, seconds: float) -> int:
        return round(seconds / self.every_s)


def calibration(chair: WeighedChair) -> Calibration:
    """What `unsit calibrate` finds, with five seconds a step."""
    read = {"empty": [*chair.leave_for(5)], **{step: [*chair.stay(step, 5)] for step in STEPS[1:5]}}
    read["rise"] = [*chair.leave_for(8)][-len(read["empty"]) :]
    found = calibrate(read)
    assert isinstance(found, Calibration), found
    return found


def calibrated_desk(chair: WeighedChair) -> Desk:
    """The device after whoever sits there has calibrated it."""
    bare = Settings(seat=SeatSettings(kind="mcp3008"), screens=Screens(safety_s=0.0))
    settings = calibrated(bare, calibration(chair), datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert settings is not None
    return Desk(settings, every_s=chair.every_s)


def work(desk: Desk, chair: WeighedChair, hours: float) -> None:
    """Sittings of minutes to an hour and a half, and an absence after each: something to fetch, a coffee, a meeting."""
    until = desk.now + hours * 60 * MINUTE_S
    desk.leave(chair, 60)
    while desk.now < until:
        desk.sit(chair, round(min(max(chair.dice.lognormvariate(7.3, 0.8), 60), 5400)))
        desk.leave(chair, chair.dice.choice((40, 90, 300, 1200)))


def is_heard_right(desk: Desk) -> bool:
    """The seconds are within 1 % of the truth, each sitting was heard once, and the seat is trusted."""
    is_trusted = not desk.of(SeatDoubted) and not desk.of(SeatLost)
    return desk.error < 0.01 and len(desk.of(Sat)) == len(desk.of(Left)) == desk.sittings and is_trusted


@pytest.mark.parametrize("kg", [45, 75, 120])
@pytest.mark.parametrize("through", [the_sum, in_parallel])
def test_whoever_calibrates_is_heard_right_whatever_their_weight_and_posture(through: Through, kg: float) -> None:
    chair = WeighedChair(1, through, kg)
    desk = calibrated_desk(chair)
    work(desk, chair, hours=7)
    assert is_heard_right(desk)


@pytest.mark.parametrize(("calibrates_kg", "sits_kg"), [(55, 110), (95, 60)])
@pytest.mark.parametrize("through", [the_sum, in_parallel])
def test_a_colleague_of_another_weight_is_heard_right_at_once(
    through: Through, calibrates_kg: float, sits_kg: float
) -> None:
    chair = WeighedChair(2, through, calibrates_kg)
    desk = calibrated_desk(chair)
    chair.kg = sits_kg
    work(desk, chair, hours=7)
    assert is_heard_right(desk)


def test_eight_readings_a_second_are_heard_as_two() -> None:
    chair = WeighedChair(3, the_sum, 70, every_s=0.125)
    desk = calibrated_desk(chair)
    work(desk, chair, hours=2)
    assert is_heard_right(desk)


def test_a_coat_or_a_light_bag_on_the_chair_is_nobody() -> None:
    chair = WeighedChair(4, the_sum, 75)
    desk = calibrated_desk(chair)
    chair.thing_kg = 3
    work(desk, chair, hours=7)
    assert is_heard_right(desk)
