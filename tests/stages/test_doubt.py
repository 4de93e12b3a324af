"""What no person does on a seat, to the millisecond."""

from __future__ import annotations

import pytest

from device.stages.doubt import Doubt, Unlifted

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


@pytest.mark.parametrize(("rest_s", "since"), [(599.999, 0.0), (600.0, None)])
def test_a_level_that_never_rests_for_24_h_is_a_loose_wire(rest_s: float, since: float | None) -> None:
    doubt = Doubt()
    doubt.hear(-5.0, False)
    at, taken = 0.0, True
    while at < DAY_S - 700:
        doubt.hear(at, taken)
        assert doubt.loose_since is None
        at, taken = at + 300.0, not taken
    doubt.hear(at, taken)
    for _ in range(2):
        at, taken = at + rest_s, not taken
        doubt.hear(at, taken)
    assert doubt.loose_since == since


def test_a_start_late_in_the_life_of_a_device_is_no_restless_day() -> None:
    doubt = Doubt()
    doubt.hear(100 * DAY_S, True)
    doubt.hear(100 * DAY_S + 5, False)
    assert doubt.loose_since is None


def test_a_sitting_is_too_long_for_a_person_after_24_h_cuts_left_out() -> None:
    sitting = Unlifted()
    assert sitting.worn_at(5.0) == DAY_S + 5.0
    sitting.bank(5.0, 9.0)
    sitting.bank(20.0, 26.0)
    assert (sitting.since, sitting.worn_at(40.0)) == (5.0, DAY_S + 30.0)
    sitting.lift()
    assert sitting == Unlifted()


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
