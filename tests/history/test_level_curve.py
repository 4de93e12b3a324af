"""The curve of a day's levels: few points, and nothing that was read is lost in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from device.history.level_curve import SLOT_HOURS, curve


def test_a_level_holds_until_the_next_one_and_each_slot_has_its_lowest_and_highest() -> None:
    points = curve([(0.0, 0.1), (200.0, 0.3), (250.0, 0.2), (500.0, None)])
    assert points == [(0.0, 0.1, 0.1), (0.05, 0.1, 0.3), (0.1, 0.2, 0.2)]


def test_where_nothing_was_read_there_is_no_point() -> None:
    read = curve([(0.0, 0.1), (100.0, None), (3600.0, 0.2), (3700.0, None)])
    assert [at for at, _, _ in read] == [0.0, 1.0]
    assert curve([]) == curve([(5.0, None)]) == curve([(5.0, 0.2)]) == []


def test_a_level_that_lasts_no_time_is_seen_all_the_same() -> None:
    assert curve([(10.0, 0.1), (20.0, 0.9), (20.0, 0.1), (30.0, None)]) == [(0.0, 0.1, 0.9)]


@given(st.lists(st.tuples(st.floats(0, 86_399), st.one_of(st.none(), st.floats(0, 1))), max_size=60))
def test_a_day_has_at_most_480_points_with_every_level_between_them(readings: list[tuple[float, float | None]]) -> None:
    readings = [*sorted(readings, key=lambda each: each[0]), (86_400.0, None)]
    points = curve(readings)
    assert len(points) <= 480
    assert all(0 <= low <= high <= 1 for _, low, high in points)
    by_slot = {round(at / SLOT_HOURS): (low, high) for at, low, high in points}
    for at, level in readings:
        if level is not None:
            low, high = by_slot[int(at // 180)]
            assert low <= level <= high
