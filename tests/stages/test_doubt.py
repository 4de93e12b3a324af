"""What no person does on a seat, to the millisecond."""

from __future__ import annotations

import pytest

from device.stages.doubt import Doubt

DAY_S = 86_400.0


def changed(times: int, within_s: float) -> Doubt:
    """A chair that was empty and has changed so often, the first time at 0."""
    doubt = Doubt()
    doubt.hear(0.0, False)
    for nth in range(times):
        doubt.hear(within_s * nth / (times - 1), nth % 2 == 0)
    return doubt


@pytest.mark.parametrize(
    ("times", "within_s", "since"),
    [(121, 180.0, 0.0), (120, 180.0, None), (120, 1.0, None), (121, 180.001, None), (121, 0.0, 0.0)],
)
def test_more_than_120_changes_in_3_minutes_are_a_loose_wire(times: int, within_s: float, since: float | None) -> None:
    assert changed(times, within_s).loose_since == since


def test_only_changes_count() -> None:
    doubt = Doubt()
    for nth in range(500):
        doubt.hear(nth / 10, True)
    assert doubt.loose_since is None
    assert (doubt.taken_since, doubt.worn_at) == (0.0, DAY_S)


def test_a_chair_that_is_empty_or_unknown_is_never_worn() -> None:
    doubt = Doubt()
    worn_at, taken_since = [doubt.worn_at], [doubt.taken_since]
    doubt.hear(5.0, True)
    doubt.miss(9.0)
    worn_at.append(doubt.worn_at)
    taken_since.append(doubt.taken_since)
    doubt.hear(10.0, True)
    worn_at.append(doubt.worn_at)
    doubt.hear(11.0, False)
    worn_at.append(doubt.worn_at)
    taken_since.append(doubt.taken_since)
    assert worn_at == [None, None, DAY_S + 6.0, None]
    assert taken_since == [None, None, None]


@pytest.mark.parametrize(
    ("lasted_s", "so"), [(179.999, False), (180.0, True), (DAY_S - 0.001, True), (DAY_S, False)], ids=str
)
def test_an_ordinary_sitting_lasts_3_minutes_or_more_and_no_day(lasted_s: float, so: bool) -> None:
    doubt = Doubt()
    doubt.hear(0.0, False)
    doubt.hear(10.0, True)
    assert doubt.is_ordinary(10.0, 10.0 + lasted_s) == so


def test_an_ordinary_sitting_was_seen_to_begin_from_an_empty_chair() -> None:
    doubt = Doubt()
    doubt.hear(0.0, True)
    doubt.hear(500.0, False)
    assert not doubt.is_ordinary(0.0, 500.0)
    assert doubt.is_ordinary(500.0, 800.0)
    doubt.miss(900.0)
    assert not doubt.is_ordinary(500.0, 1000.0)


@pytest.mark.parametrize(("times", "within_s", "so"), [(60, 180.0, False), (59, 180.0, True), (60, 180.001, True)])
def test_a_sitting_with_60_changes_in_3_minutes_proves_nothing(times: int, within_s: float, so: bool) -> None:
    doubt = changed(times, within_s)
    assert doubt.is_ordinary(0.5, 500.0) == so
