"""The pad on random levels: hysteresis, and what is no level."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from device.stages.pad import LevelNews, Pad
from device.words.events import Event, Level, Seat, SeatSensor
from device.words.levels import RAIL, SeatLevels, Thresholds, is_level, seat_levels

BOUNDS = Thresholds(sit_above=0.3, leave_below=0.1)
ANYTHING = st.one_of(
    st.floats(0, 1), st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, 0.1, 0.3, RAIL, 1.0])
)


def edges(events: list[Event]) -> list[bool]:
    """The seat's levels as reported, without repetitions."""
    told = [each.taken for each in events if isinstance(each, Seat)]
    return [each for nth, each in enumerate(told) if nth == 0 or told[nth - 1] is not each]


def read(levels: list[float], thresholds: Thresholds | None = BOUNDS, every_s: float = 0.5) -> list[Event]:
    """What a new pad reports of those levels."""
    pad, events = Pad(thresholds), list[Event]()
    for nth, level in enumerate(levels):
        events += pad.read(nth * every_s, level)
    return events


@given(st.lists(ANYTHING, max_size=60))
def test_a_sitting_takes_a_level_above_one_threshold_and_its_end_one_below_the_other(levels: list[float]) -> None:
    wanted, taken = list[bool](), None
    for level in filter(is_level, levels):
        now = level > BOUNDS.leave_below if taken else level >= BOUNDS.sit_above
        if now is not taken:
            wanted.append(now)
        taken = now
    assert edges(read(levels)) == wanted


@given(st.lists(st.floats(0, 0.2999), max_size=40), st.data())
def test_nan_rails_and_gaps_never_become_sitting(low: list[float], data: st.DataObject) -> None:
    none = st.sampled_from([math.nan, math.inf, -0.2, 1.0, RAIL])
    mixed = data.draw(st.permutations([*low, *data.draw(st.lists(none, max_size=20))]))
    assert True not in edges(read(list(mixed), every_s=data.draw(st.floats(0.1, 100))))


def test_noise_between_the_thresholds_makes_no_edge() -> None:
    assert edges(read([0.02, 0.29, 0.11, 0.31, 0.12, 0.29, 0.11, 0.09, 0.29])) == [False, True, False]


def test_one_bad_reading_is_no_loss_but_two_seconds_of_them_are() -> None:
    assert not [each for each in read([0.5, math.nan, 0.5, 1.0, 0.5])[1:] if isinstance(each, SeatSensor)]
    lost = [each for each in read([0.5, *[math.nan] * 7]) if isinstance(each, SeatSensor)]
    assert lost == [SeatSensor(0.0, True), SeatSensor(2.5, False)]


def test_a_seat_without_a_level_from_the_start_is_lost_and_then_tells_its_level() -> None:
    told = [each for each in read([*[1.0] * 5, 0.4]) if not isinstance(each, Level)]
    assert told == [SeatSensor(2.0, False), SeatSensor(2.5, True), Seat(2.5, True)]


def test_after_a_loss_the_same_level_is_told_again() -> None:
    told = [each for each in read([0.4, *[1.0] * 6, 0.2]) if isinstance(each, Seat)]
    assert told == [Seat(0.0, True), Seat(3.5, True)]


def test_without_thresholds_the_seat_is_never_taken() -> None:
    assert edges(read([0.0, 0.9, 0.5], None)) == [False]


def test_a_level_is_told_when_it_changes_by_more_than_noise_and_every_ten_minutes() -> None:
    news = LevelNews()
    told = [at for at, level in ((0.0, 0.2), (1.0, 0.209), (2.0, 0.211), (600.0, 0.211), (602.0, 0.211))
            if news.is_news(at, level)]  # fmt: skip
    assert told == [0.0, 2.0, 602.0]


def test_thresholds_lie_between_the_levels_and_move_with_them() -> None:
    levels = seat_levels(0.1, 0.5)
    assert levels == SeatLevels(0.1, 0.5, Thresholds(0.18, 0.14))
    moved = levels.moved(0.2, 0.6)
    assert moved == SeatLevels(0.2, 0.6, Thresholds(0.28, 0.24))
    assert moved.moved(0.1, 0.5) == levels


def test_a_threshold_that_is_set_alone_takes_the_other_along() -> None:
    assert seat_levels(0.1, 0.5, sit_above=0.13) == SeatLevels(0.1, 0.5, Thresholds(0.13, 0.115))
    assert seat_levels(0.1, 0.5, leave_below=0.19) == SeatLevels(0.1, 0.5, Thresholds(0.25, 0.19))


def test_an_empty_chair_at_its_most_restless_is_left_and_the_least_of_a_sitting_goes_on() -> None:
    """The 99th percentile of an empty office chair, and the least level of people who sit there."""
    usual = seat_levels(0.006, 0.3)
    assert usual is not None
    assert not usual.thresholds.judge(0.02, taken=True)
    assert not usual.thresholds.judge(0.049, taken=False)
    assert usual.thresholds.judge(0.04, taken=True)


def test_levels_that_dont_rise_make_no_thresholds() -> None:
    assert seat_levels(0.5, 0.1) is None
    assert seat_levels(0.1, 0.5, sit_above=0.6) is None
    assert seat_levels(0.1, 0.5, leave_below=0.4) is None
    assert seat_levels(0.1, 1.0) is None
