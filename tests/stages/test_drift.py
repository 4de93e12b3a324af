"""What an ageing pad teaches: the levels of a chair that is certainly empty, and of sittings that are over."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from device.stages.drift import Drift, drifted
from device.words.levels import RAIL, SeatLevels, Thresholds, seat_levels

LEVELS = SeatLevels(0.1, 0.5, Thresholds(0.2, 0.16))
SPAN = 0.4
MINUTE_S, HOUR_S = 60.0, 3600.0


class Pad:
    """A pad and a person, and what is learned of them."""

    def __init__(self, calibrated: SeatLevels = LEVELS, levels: SeatLevels | None = None) -> None:
        self.drift = Drift(calibrated, levels or calibrated)
        self.now = 0.0
        self.said: list[SeatLevels] = []

    def tell(self, level: float, taken: bool | None) -> None:
        moved = self.drift.read(self.now, level, taken)
        if moved is not None:
            self.said.append(moved)

    def stay(self, level: float, taken: bool | None, minutes: float, every_s: float = 10 * MINUTE_S) -> None:
        """It reads that level for so long, told at intervals."""
        ends = self.now + minutes * MINUTE_S
        while self.now < ends:
            self.tell(level, taken)
            self.now += every_s
        self.now = ends

    def day(self, empty: float, seated: float = 0.5, *, sittings: int = 2) -> None:
        """Half an hour on the chair and an hour away, so many times."""
        for _ in range(sittings):
            self.stay(seated, True, 30)
            self.stay(empty, False, 60)

    @property
    def empty(self) -> float:
        return self.said[-1].empty if self.said else LEVELS.empty

    @property
    def seated(self) -> float:
        return self.said[-1].seated if self.said else LEVELS.seated


# ---- the empty level


def test_a_pad_that_creeps_takes_its_thresholds_along() -> None:
    pad = Pad()
    for day in range(30):
        pad.day(0.1 + 0.3 * SPAN * day / 29)
    assert abs(pad.empty - 0.22) < 0.03 * SPAN
    assert pad.seated == 0.5
    assert pad.said[-1] == LEVELS.moved(pad.empty, 0.5)
    assert 13 <= len(pad.said) <= 16


def test_a_pad_that_relaxes_is_followed_down() -> None:
    pad = Pad(levels=LEVELS.moved(0.2, 0.5))
    for _ in range(8):
        pad.day(0.1)
    assert abs(pad.empty - 0.1) < 0.03 * SPAN


def test_one_absence_moves_the_level_by_three_percent_at_most() -> None:
    pad = Pad()
    pad.day(0.15, sittings=1)
    assert pad.said == [LEVELS.moved(0.112, 0.5)]


def test_nothing_is_learned_before_somebody_has_sat_and_left() -> None:
    pad = Pad()
    pad.stay(0.15, False, 3 * 24 * 60)
    assert pad.said == []


def test_a_short_absence_teaches_nothing() -> None:
    pad = Pad()
    for _ in range(20):
        pad.stay(0.5, True, 30)
        pad.stay(0.15, False, 29)
    assert pad.said == []


def test_a_level_that_was_told_only_once_teaches_nothing_yet() -> None:
    pad = Pad()
    pad.stay(0.5, True, 30)
    pad.stay(0.15, False, 80, every_s=40 * MINUTE_S)
    assert pad.said == []
    pad.tell(0.15, False)
    assert len(pad.said) == 1


def test_a_chair_that_isnt_quiet_teaches_nothing() -> None:
    pad = Pad()
    pad.stay(0.5, True, 30)
    for _ in range(100):
        pad.stay(0.155, False, 10)
        pad.stay(0.112, False, 10)
    assert pad.said == []


def test_after_a_restless_time_the_chair_has_to_be_quiet_for_long_again() -> None:
    pad = Pad()
    pad.stay(0.5, True, 30)
    pad.stay(0.11, False, 20)
    pad.stay(0.155, False, 30)
    assert pad.said == []
    pad.stay(0.155, False, 20)
    assert len(pad.said) == 1


def touched(pad: Pad, *, times: int, every_minutes: float, touch: float = 0.3) -> None:
    """An empty chair at 0.15 that is touched for 4 s now and then."""
    pad.stay(0.5, True, 30)
    for _ in range(times):
        pad.stay(0.15, False, every_minutes)
        pad.stay(touch, None, 4 / 60)


def test_a_touch_now_and_then_is_no_reason_to_learn_nothing() -> None:
    """Otherwise whoever brushes past it twice an hour keeps the thresholds where they are while the pad creeps."""
    pad = Pad()
    touched(pad, times=5, every_minutes=9)
    assert pad.empty == 0.112


def test_a_chair_that_is_touched_for_more_than_a_twentieth_of_the_time_teaches_nothing() -> None:
    pad = Pad()
    touched(pad, times=200, every_minutes=1)
    assert pad.said == []


def test_an_instant_without_a_level_says_nothing_of_the_absence() -> None:
    pad = Pad()
    touched(pad, times=200, every_minutes=1, touch=math.nan)
    assert pad.empty == 0.112


def test_a_long_absence_teaches_twice_a_day() -> None:
    pad = Pad()
    pad.stay(0.5, True, 30)
    pad.stay(0.15, False, 4 * 24 * 60)
    assert [round(each.empty, 3) for each in pad.said] == [0.112, 0.124, 0.136, 0.146]


def test_a_bag_put_on_the_empty_chair_teaches_nothing_more() -> None:
    pad = Pad()
    pad.stay(0.5, True, 30)
    pad.stay(0.102, False, 60)
    pad.stay(0.15, False, 7 * 24 * 60)
    assert pad.said == []
    pad.day(0.15, sittings=1)
    assert len(pad.said) == 1


def test_a_seat_that_was_lost_waits_for_somebody_to_sit_and_leave() -> None:
    pad = Pad()
    pad.stay(0.5, True, 30)
    pad.stay(0.15, False, 20)
    pad.drift.start_anew()
    pad.stay(0.15, False, 24 * 60)
    assert pad.said == []


# ---- the seated level


def test_heavier_sittings_take_the_seated_level_along_slowly() -> None:
    pad = Pad()
    for _ in range(5):
        pad.day(0.1, 0.6)
    assert pad.said == [LEVELS.moved(0.1, 0.52)]
    for _ in range(40):
        pad.day(0.1, 0.6)
    assert abs(pad.seated - 0.6) < 0.06 * SPAN
    assert pad.empty == 0.1


def test_a_sitting_counts_by_the_level_it_had_for_half_of_its_time() -> None:
    pad = Pad()
    for _ in range(40):
        # Each lean is told, the long time between them hardly.
        pad.stay(0.5, True, 25)
        pad.stay(0.3, True, 5, every_s=1.0)
        pad.stay(0.1, False, 10)
    assert pad.said == []


def test_a_sitting_of_under_twenty_minutes_and_one_of_over_four_hours_teach_nothing() -> None:
    pad = Pad()
    for _ in range(5):
        pad.stay(0.9, True, 15)
        pad.stay(0.1, False, 10)
        pad.stay(0.9, True, 5 * 60)
        pad.stay(0.1, False, 10)
    assert pad.said == []


def test_levels_between_sitting_and_leaving_count_for_neither() -> None:
    pad = Pad()
    for _ in range(5):
        pad.stay(0.5, True, 30)
        pad.stay(0.9, None, 60, every_s=1.0)
        pad.stay(0.1, False, 40)
    assert pad.said == []


# ---- bounds


def test_the_levels_move_by_half_of_the_span_at_most() -> None:
    pad = Pad()
    for _ in range(200):
        pad.day(0.15 + 0.5, 0.89)
    assert 0.27 < pad.empty <= 0.3
    assert 0.67 < pad.seated <= 0.7


def test_the_levels_never_come_too_close() -> None:
    pad = Pad()
    for _ in range(100):
        pad.day(0.28, 0.32)
    assert pad.seated - pad.empty >= 0.4 * SPAN


def test_levels_too_far_from_a_calibration_never_came_from_it() -> None:
    assert drifted(LEVELS, 0.2, 0.5) == LEVELS.moved(0.2, 0.5)
    assert drifted(LEVELS, 0.31, 0.7) is None
    assert drifted(LEVELS, 0.1, 0.25) is None
    assert drifted(LEVELS, 0.3, 0.45) is None
    low, high = seat_levels(0.01, 0.3), seat_levels(0.3, 0.9)
    assert low is not None
    assert high is not None
    assert drifted(low, -0.01, 0.3) is None
    assert drifted(high, 0.3, RAIL) is None


def test_levels_of_a_hair_breadth_stay_as_calibrated() -> None:
    hair = seat_levels(0.1, 0.1004, 0.1002, 0.1001)
    assert hair is not None
    pad = Pad(hair)
    for _ in range(20):
        pad.day(0.10015, 0.1004)
    assert pad.said == []


# ---- whatever comes

READINGS = st.one_of(st.floats(0, 1), st.floats(), st.sampled_from([0.1, 0.15, 0.5, 0.6, RAIL]))


TOLD = st.tuples(READINGS, st.sampled_from([True, True, False, False, None]), st.floats(1, 3000))


@given(st.lists(TOLD, max_size=60))
def test_whatever_it_reads_the_levels_stay_apart_and_within_bounds(
    told: list[tuple[float, bool | None, float]],
) -> None:
    pad = Pad()
    for level, taken, lasts_s in told:
        pad.stay(level, taken, lasts_s / MINUTE_S, every_s=300.0)
    for each in pad.said:
        bounds = each.thresholds
        assert 0 <= each.empty < bounds.leave_below < bounds.sit_above < each.seated < RAIL
        assert drifted(LEVELS, each.empty, each.seated) == each
    for before, now in pairwise([LEVELS, *pad.said]):
        assert max(abs(now.empty - before.empty), abs(now.seated - before.seated)) < 0.06 * SPAN


@given(st.lists(st.sampled_from([math.nan, math.inf, -0.1, RAIL, 1.0]), min_size=1, max_size=20))
def test_what_is_no_level_teaches_nothing(none: list[float]) -> None:
    pad = Pad()
    pad.stay(0.5, True, 30)
    pad.stay(0.1, False, 60)
    for each in none:
        pad.stay(each, True, 30)
        pad.stay(each, False, 60)
    assert pad.said == []
