"""What a calibration makes of the levels it reads: thresholds that keep clear of the spread, or what to do."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.settings.calibration_file import Calibration
from device.stages.calibration import STEPS, Unfit, calibrate

USUAL = {"empty": 0.006, "sit": 0.3, "left": 0.2, "right": 0.22, "forward": 0.15, "rise": 0.008}


def read(spread: float = 0.002, **levels: float) -> dict[str, list[float]]:
    """What a usual seat reads in each step, but for the levels given, with that spread."""
    return {step: [(USUAL | levels)[step] + spread * (nth % 3 - 1) for nth in range(20)] for step in STEPS}


def fine(levels: dict[str, list[float]]) -> Calibration:
    found = calibrate(levels)
    assert isinstance(found, Calibration), found
    return found


def unfit(levels: dict[str, list[float]]) -> tuple[str, str]:
    found = calibrate(levels)
    assert isinstance(found, Unfit)
    return str(found.why), "\n".join(map(str, found.todo))


def test_the_thresholds_of_a_usual_chair_lie_where_they_lie_without_spread() -> None:
    found = fine(read())
    assert (found.empty_most, found.seated_least) == (0.01, 0.148)
    empty, span = found.levels.empty, found.levels.span
    assert empty == pytest.approx(0.007, abs=0.001)
    assert found.levels.thresholds.sit_above == pytest.approx(empty + 0.2 * span, abs=1e-4)
    assert found.levels.thresholds.leave_below == pytest.approx(empty + 0.1 * span, abs=1e-4)


def test_a_restless_empty_chair_moves_the_thresholds_up_and_a_lean_moves_them_down() -> None:
    restless = fine({**read(), "empty": [0.0, 0.05] * 10}).levels.thresholds
    assert restless.leave_below > 0.055
    leaning = fine(read(forward=0.03)).levels.thresholds
    assert leaning.leave_below < 0.028
    assert leaning.sit_above > leaning.leave_below


@pytest.mark.parametrize("readings", [10, 20])
def test_a_bounce_or_a_knock_of_half_a_second_changes_nothing(readings: int) -> None:
    stray = {step: levels[:readings] for step, levels in read().items()}
    for nth in range(3, 3 + readings // 10):
        stray["empty"][nth], stray["left"][nth], stray["rise"][nth], stray["sit"][nth] = 0.4, 0.0, 0.2, math.nan
    bounds, usual = fine(stray).levels.thresholds, fine(read()).levels.thresholds
    assert bounds.sit_above == pytest.approx(usual.sit_above, abs=0.002)
    assert bounds.leave_below == pytest.approx(usual.leave_below, abs=0.002)


@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=12), min_size=6, max_size=6))
def test_thresholds_keep_clear_of_everything_read_but_strays(read_: list[list[float]]) -> None:
    found = calibrate(dict(zip(STEPS, read_, strict=True)))
    if isinstance(found, Calibration):
        bounds = found.levels.thresholds
        assert found.empty_most < bounds.leave_below < found.seated_least
        assert bounds.leave_below < bounds.sit_above < found.levels.seated <= 0.99
        assert bounds.sit_above < max(read_[1])
    else:
        assert found.todo
        assert "{" not in str(found.why) + "".join(map(str, found.todo))


def test_a_lean_that_reads_as_empty_is_named_with_a_second_sensor_computed() -> None:
    why, todo = unfit(read(left=0.009))
    assert why == "empty it reads up to 0.010, and while you lean left down to 0.007: too close to tell apart"
    assert "in parallel" in todo
    assert "about 0.303 at least, 0.020 empty" in todo
    assert "move the sensor to where there is weight while you lean left, too" in todo
    assert "resistor" not in todo


def test_a_second_sensor_is_advised_only_if_it_helps() -> None:
    assert "in parallel" in unfit(read(rise=0.12, forward=0.1))[1]
    assert "in parallel" not in unfit(read(sit=0.01))[1]


def test_a_light_thing_that_lies_there_at_first_and_a_soft_cushion_are_no_reason_to_begin_anew() -> None:
    assert fine(read(empty=0.05)).empty_most < 0.06
    assert fine(read(rise=0.07)).empty_most < 0.08


def test_levels_that_are_merely_small_take_a_resistor_computed_from_the_divider() -> None:
    levels = read(0.0, empty=0.0005, rise=0.0005, sit=0.006, left=0.005, right=0.005, forward=0.005)
    _, todo = unfit(levels)
    # Rs / R is 999 empty (no less is computed with) and 199 seated: R times the root of both reads 0.31 and 0.69.
    assert "take a resistor 450 times the present one (4500 kilohm for 10)" in todo
    assert "it would read 0.309 empty, and 0.691 at least" in todo
    assert "move the sensor" in todo


def test_the_worst_may_be_sitting_upright() -> None:
    why, todo = unfit(read(sit=0.01))
    assert "while you sit down to 0.008" in why
    assert "move the sensor under where you sit" in todo


@pytest.mark.parametrize(
    ("levels", "why", "todo"),
    [
        (read(rise=0.25, left=0.1), "after you rose it still read 0.250, before 0.006", "nothing lies on the seat"),
        (read(empty=0.08), "before you sat it read 0.080, after you rose 0.008", "nobody and nothing on the seat"),
        (read(empty=0.3), "before you sat it read 0.300, after you rose 0.008", "nobody and nothing on the seat"),
        (read(sit=0.006), "while you sit down to 0.004", "move the sensor under where you sit"),
        (read(empty=0.6, rise=0.6), "it reads less while you sit (0.300) than empty (0.600)", "swap sensor and"),
        (read(empty=0.9, rise=0.9, sit=0.95), "with nobody there it reads 0.900: nearly full", "a tenth"),
        (read(0.0, empty=1.0), "it reads full scale with nobody there", "a wire is off, or shorted"),
        (read(0.0, right=0.999), "it reads full scale while you lean right", "a third or less"),
        (read(left=math.nan), "the sensor doesn't answer", "check its wires"),
    ],
)
def test_what_isn_t_a_matter_of_thresholds_is_said(levels: dict[str, list[float]], why: str, todo: str) -> None:
    said: Sequence[str] = unfit(levels)
    assert why in said[0]
    assert todo in said[1]
