"""The independent reading on days small enough to work out by hand."""

from __future__ import annotations

from itertools import accumulate

from tests.reading import Bout, Definitions, Due, Reading, Told, read

BY = Definitions(limit_ms=1_800_000)
HALF_HOUR_S = 1800


def a_day(*runs_s: float, limit_s: float = HALF_HOUR_S) -> Reading:
    """The reading of a day from t = 0 on: seconds taken are positive, seconds empty negative."""
    stops = list(accumulate(round(abs(run_s) * 1000) for run_s in runs_s))
    levels = [(start, run_s > 0) for start, run_s in zip([0, *stops], runs_s, strict=False)]
    return read(levels, stops[-1], Definitions(limit_ms=round(limit_s * 1000)))


def instants(told: list[Told]) -> list[float]:
    return [each.t / 1000 for each in told]


def dues(reading: Reading) -> list[float]:
    return [due.t / 1000 for due in reading.due]


def bouts(reading: Reading) -> list[tuple[float, float]]:
    return [(bout.start / 1000, bout.seated_ms / 1000) for bout in reading.bout]


def test_a_day_without_a_level_has_no_facts() -> None:
    assert read([], 1_000_000, BY) == Reading([], [], [], [], [])


def test_an_ordinary_sit_and_rise_is_dated_back_and_said_when_settled() -> None:
    assert a_day(-100, 300, -400) == Reading(
        sat=[Told(100_000, 105_000)],
        left=[Told(400_000, 415_000)],
        full_break=[Told(520_000, 520_000)],
        due=[],
        bout=[Bout(100_000, 300_000, 460_000)],
    )


def test_a_chair_that_starts_taken_was_sat_on_at_the_start() -> None:
    assert a_day(60).sat == [Told(0, 5_000)]


def test_a_chair_that_starts_empty_was_left_by_nobody() -> None:
    reading = a_day(-3600, 60)
    assert reading.left == []
    assert reading.full_break == []


def test_taken_for_5_s_is_a_sit_and_a_millisecond_less_is_a_touch() -> None:
    assert instants(a_day(-10, 5, -10).sat) == [10]
    assert a_day(-10, 4.999, -10).sat == []


def test_a_gap_within_one_millisecond_starts_the_settling_anew() -> None:
    levels = [(0, True), (3_000, False), (3_000, True)]
    assert read(levels, 20_000, BY).sat == [Told(3_000, 8_000)]


def test_the_same_level_twice_is_no_gap() -> None:
    assert read([(0, True), (3_000, True)], 20_000, BY).sat == [Told(0, 5_000)]


def test_empty_for_15_s_is_a_leaving_and_a_millisecond_less_is_a_fidget() -> None:
    assert instants(a_day(100, -15, 100).left) == [100]
    assert a_day(100, -14.999, 100).left == []


def test_a_blip_between_two_short_gaps_keeps_them_fidgets() -> None:
    reading = a_day(100, -10, 1, -10, 100)
    assert reading.left == []
    assert instants(reading.sat) == [0]


def test_who_leaves_after_a_fidget_left_at_the_last_gap() -> None:
    reading = a_day(100, -10, 1, -600)
    assert instants(reading.left) == [111]
    assert bouts(reading) == [(0, 111)]


def test_what_settles_at_the_end_is_said_and_what_settles_after_it_is_not() -> None:
    assert instants(a_day(5).sat) == [0]
    assert a_day(4.999).sat == []
    assert instants(a_day(100, -15).left) == [100]
    assert a_day(100, -14.999).left == []
    assert instants(a_day(100, -120).full_break) == [220]
    assert a_day(100, -119.999).full_break == []


def test_sitting_back_exactly_at_the_full_break_leaves_it_full() -> None:
    assert a_day(100, -120, 100).full_break == [Told(220_000, 220_000)]


def test_sitting_back_a_millisecond_before_the_full_break_leaves_none() -> None:
    assert a_day(100, -119.999, 300, -10).full_break == []


def test_a_touch_over_the_full_break_has_it_said_late() -> None:
    assert a_day(100, -118, 4, -60).full_break == [Told(220_000, 222_000)]


def test_a_touch_that_stops_or_starts_at_the_full_break_does_not_shift_it() -> None:
    assert a_day(100, -116, 4, -60).full_break == [Told(220_000, 220_000)]
    assert a_day(100, -120, 4, -60).full_break == [Told(220_000, 220_000)]


def test_a_touch_over_the_full_break_that_becomes_a_sit_makes_it_none() -> None:
    reading = a_day(100, -118, 5, -60)
    assert reading.full_break == []
    assert instants(reading.sat) == [0, 218]


def test_two_touches_in_a_row_hold_the_full_break_back_once() -> None:
    assert a_day(100, -118, 4, -0.5, 300).full_break == [Told(220_000, 222_000)]


def test_a_touch_still_settling_at_the_end_keeps_the_full_break_unsaid() -> None:
    assert a_day(100, -118, 4).full_break == []
    assert a_day(100, -118, 2).full_break == []


def test_a_touch_does_not_start_the_absence_anew() -> None:
    assert instants(a_day(100, -70, 3, -60, 100).full_break) == [220]


def test_the_break_is_due_when_the_limit_is_reached() -> None:
    assert a_day(1800).due == [Due(1_800_000, 1_800_000)]
    assert a_day(1799.999).due == []


def test_the_break_is_due_when_one_rises_exactly_at_the_limit() -> None:
    assert dues(a_day(1800, -600)) == [1800]


def test_a_limit_reached_in_a_fidget_is_said_when_the_fidget_ends() -> None:
    assert a_day(1795, -14, 60).due == [Due(1_809_000, 1_809_000)]
    assert dues(a_day(1795, -5, 60)) == [1800]


def test_a_limit_reached_in_a_fidget_is_said_at_a_blip_of_a_sit() -> None:
    assert dues(a_day(1795, -10, 0.5, -600)) == [1805]


def test_a_limit_that_falls_into_a_leaving_is_not_reached() -> None:
    reading = a_day(1795, -15, 60)
    assert dues(reading) == [1815]
    assert reading.due[0].sitting_ms == 1_800_000


def test_a_limit_reached_in_a_fidget_open_at_the_end_is_not_said() -> None:
    assert a_day(1795, -14).due == []


def test_a_limit_reached_while_a_sit_settles_waits_for_the_sit_to_be_known() -> None:
    assert a_day(1798, -30, 60).due == [Due(1_833_000, 1_803_000)]
    assert a_day(1798, -30, 5, -60).due == [Due(1_833_000, 1_803_000)]
    assert a_day(1798, -30, 4.999).due == []


def test_a_limit_shorter_than_the_settling_is_said_when_the_sit_is_known() -> None:
    assert a_day(60, limit_s=1).due == [Due(5_000, 5_000)]


def test_a_due_break_is_said_once_until_a_full_break() -> None:
    assert dues(a_day(2000, -119.999, 4000)) == [1800]
    assert dues(a_day(2000, -120, 4000)) == [1800, 3920]


def test_seconds_off_the_chair_count_neither_for_the_sitting_time_nor_for_the_bout() -> None:
    reading = a_day(1000, -59.999, 1000, -200)
    assert bouts(reading) == [(0, 2000)]
    assert dues(reading) == [1859.999]


def test_a_break_ends_the_bout_and_the_sitting_time_resumes_where_it_was() -> None:
    reading = a_day(1000, -60, 1000, -200)
    assert bouts(reading) == [(0, 1000), (1060, 1000)]
    assert dues(reading) == [1860]


def test_a_full_break_begins_the_sitting_time_afresh() -> None:
    reading = a_day(1700, -120, 1700, -300)
    assert dues(reading) == []
    assert instants(reading.full_break) == [1820, 3640]


def test_a_touch_over_the_minute_has_the_end_of_the_bout_said_late() -> None:
    assert a_day(100, -58, 3, -30).bout == [Bout(0, 100_000, 161_000)]
    assert a_day(100, -58, 3).bout == []


def test_a_fidget_counts_as_seated_in_the_bout() -> None:
    assert bouts(a_day(100, -14.999, 100, -60)) == [(0, 214.999)]


def test_the_bout_open_at_the_end_has_not_ended() -> None:
    assert bouts(a_day(100, -60, 100)) == [(0, 100)]
    assert bouts(a_day(100, -60, 100, -59.999)) == [(0, 100)]
    assert bouts(a_day(100, -60, 100, -60)) == [(0, 100), (160, 100)]
