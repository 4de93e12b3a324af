"""What one can guess about a person who joins a team, from the weeks before and after. It is measured, not prevented.

People sit 5 h 30 a day on average. They differ by 60 min, and each person's weeks by 40 min (standard deviations).
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import timedelta

from device.teams.figures import DeskDay
from device.teams.told_week import tell
from tests.teams.offices import MONDAY, desk_day

DIFFER_MIN, VARY_MIN = 60.0, 40.0
TIMES = 120


def off_by(team: int, weeks: int) -> tuple[float, float]:
    """By how many minutes a guess from the difference is off, and one that takes the team's own mean (RMS)."""
    chance = random.Random(7)
    differences, means = [], []
    for _ in range(TIMES):
        usual = [chance.gauss(330, DIFFER_MIN) for _ in range(team + 1)]
        before = _mean_told(chance, usual[:-1], weeks)
        after = _mean_told(chance, usual, weeks)
        differences.append((team + 1) * after - team * before - usual[-1])
        means.append(before - usual[-1])
    return _rms(differences), _rms(means)


def _mean_told(chance: random.Random, usual: list[float], weeks: int) -> float:
    return sum(_told(chance, usual) for _ in range(weeks)) / weeks


def _told(chance: random.Random, usual: list[float]) -> int:
    days = [_day(f"d{nth}", chance.gauss(each, VARY_MIN)) for nth, each in enumerate(usual)]
    return tell(MONDAY, days).teams["a"].figures["seated_min"]


def _day(desk: str, minutes: float) -> DeskDay:
    return replace(desk_day(desk, "a", MONDAY + timedelta(1)), seated_min=max(1, round(minutes)))


def _rms(values: list[float]) -> float:
    return math.sqrt(sum(each**2 for each in values) / len(values))


def test_one_week_before_and_after_tells_less_than_the_team_s_own_mean() -> None:
    for team in (5, 12):
        difference, mean = off_by(team, 1)
        assert difference > 1.5 * mean


def test_ten_weeks_before_and_after_tell_something_in_a_team_of_five_and_little_in_one_of_twelve() -> None:
    difference, mean = off_by(5, 10)
    assert 30 < difference < mean
    difference, mean = off_by(12, 10)
    assert difference > 0.9 * mean
