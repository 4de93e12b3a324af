"""Levels of [seat] that can't be: the line names the key, its value, and what is allowed beside the others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.settings.calibration_file import Calibration, calibrated
from device.settings.seat_fault import seat_fault, seat_lacks
from device.settings.settings import SeatSettings, Settings
from device.words.levels import LEAST_APART, SeatLevels, Thresholds

FOUND = SeatLevels(0.006, 0.3, Thresholds(0.06, 0.03))
WHEN = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("own", "key", "allowed"),
    [
        ({"sit_above": 0.31}, "sit_above", "above seat.leave_below, 0.030, and below seat.seated, 0.300 (~)"),
        ({"leave_below": 0.2}, "leave_below", "above seat.empty, 0.006, and below seat.sit_above, 0.060 (~)"),
        ({"leave_below": 0.2, "sit_above": 0.4}, "sit_above",
         "above seat.leave_below, 0.200, and below seat.seated, 0.300 (~)"),
        ({"empty": 0.295}, "empty", "0.01 or more below seat.seated, 0.300 (~)"),
        ({"seated": 0.0155}, "seated", "0.01 or more above seat.empty, 0.006 (~)"),
        ({"seated": 0.6, "sit_above": 0.004}, "sit_above",
         "above seat.empty, 0.006 (~), and below seat.seated, 0.600"),
        ({"seated": 0.4, "leave_below": 0.3}, "leave_below", "below 0.2424, or with a seat.sit_above"),
        ({"seated": 0.4, "sit_above": 0.0065}, "sit_above", "0.001 or more above seat.empty, 0.006"),
    ],
)  # fmt: skip
def test_the_line_names_the_key_its_value_and_what_is_allowed(own: dict[str, float], key: str, allowed: str) -> None:
    line = seat_fault(SeatSettings(**own), FOUND)  # type: ignore[arg-type]
    assert line == f"seat.{key} = {own[key]:g}: is out of bounds; allowed: {allowed.replace('~', 'of the calibration')}"


def test_settings_that_go_with_the_calibration_have_no_fault() -> None:
    for own in ({}, {"sit_above": 0.1}, {"leave_below": 0.01}, {"seated": 0.6}, {"empty": 0.01, "leave_below": 0.1}):
        assert seat_fault(SeatSettings(**own), FOUND) == ""  # type: ignore[arg-type]


LEVELS = st.floats(0, 0.9) | st.sampled_from([0.0, 0.006, 0.0061, 0.016, 0.03, 0.06, 0.18, 0.29, 0.3])


@given(empty=LEVELS, seated=LEVELS, sit_above=LEVELS, leave_below=LEVELS)
def test_what_has_no_fault_has_levels_that_lie_apart(**own: float) -> None:
    seat = SeatSettings("mcp3008", **own)  # type: ignore[arg-type]
    together = calibrated(Settings(seat=seat), Calibration(FOUND, 0.02, 0.12), WHEN)
    assert (together is None) == bool(seat_fault(seat, FOUND))
    if together is not None:
        assert together.seat.levels is not None
        assert together.seat.levels.span > LEAST_APART - 1e-6
    if seat.seated and not seat_fault(seat):
        assert seat.levels is not None


def test_only_settings_that_wait_for_a_seated_level_lack_it() -> None:
    assert seat_lacks(SeatSettings()) == seat_lacks(SeatSettings(seated=0.3, sit_above=0.1)) == ""
    assert seat_lacks(SeatSettings(sit_above=0.1, leave_below=0.05)).startswith(
        "seat.seated is missing, and seat.leave_below, seat.sit_above can't do without"
    )
