"""What one can guess about a person who joins a team, from the weeks before and after. It is measured, not prevented.

People sit 5 h 30 a day on average. They differ by 60 min, and each person's weeks by 40 min (standard deviations).
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import timedelta

import pytest

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


@pytest.mark.parametrize(
    ("team", "weeks", "difference", "mean"),
    [(5, 1, 129, 65), (5, 10, 46, 62), (12, 10, 68, 67), (5, 26, 27, 62), (12, 26, 42, 62)],
)
def test_a_guess_is_as_good_as_the_docs_say(team: int, weeks: int, difference: int, mean: int) -> None:
    assert [round(each) for each in off_by(team, weeks)] == [difference, mean]


def test_four_of_five_who_tell_each_other_know_the_fifth_to_within_40_minutes() -> None:
    chance = random.Random(7)
    for _ in range(200):
        usual = [chance.gauss(330, DIFFER_MIN) for _ in range(5)]
        days = [_day(f"d{nth}", each) for nth, each in enumerate(usual)]
        told = tell(MONDAY, days).teams["a"].figures["seated_min"]
        guess = 5 * told - sum(each.seated_min for each in days[:-1])
        assert abs(guess - days[-1].seated_min) <= 40
