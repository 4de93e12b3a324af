"""The steps of a calibration: each is asked for until somebody is there, and read while they stay."""

from __future__ import annotations

import math

import pytest

from device.settings.calibration_file import Calibration
from device.stages.calibrating import Steps
from device.stages.calibration import STEPS, Unfit
from device.words.instants import after
from device.words.levels import RAIL

READS = {"empty": 0.006, "sit": 0.3, "left": 0.2, "right": 0.22, "forward": 0.15, "rise": 0.008}
SETTLES_S, STAYS_S = 1.5, 6.5


def stays(steps: Steps, level: float, at: float, for_s: float = STAYS_S) -> float:
    """Somebody is there from then on; the instant after that."""
    steps.there(at)
    for tenth in range(round(10 * for_s) + 1):
        steps.look(after(at, tenth / 10), level)
    return after(at, for_s)


def gone_through(**levels: float) -> Steps:
    steps, at = Steps(), 100.0
    for step in STEPS:
        assert steps.step == step
        at = stays(steps, (READS | levels)[step], at)
    return steps


def test_each_step_waits_for_the_person_and_then_takes_a_few_seconds() -> None:
    steps = Steps()
    assert (steps.step, steps.nth, steps.until) == ("empty", 1, None)
    steps.look(500.0, 0.3)
    assert steps.spreads() == {}, "nobody was there yet"
    steps.there(600.0)
    assert steps.until == 606.5
    steps.there(603.0)
    assert steps.until == 606.5, "who says it twice isn't read for longer"
    stays(steps, 0.006, 600.0)
    assert [steps.step, steps.nth, steps.until] == ["sit", 2, None]


def test_what_moves_while_the_person_settles_is_not_read() -> None:
    steps = Steps()
    steps.there(0.0)
    steps.look(SETTLES_S - 0.1, 0.9)
    stays(steps, 0.02, SETTLES_S)
    assert steps.spreads() == {"empty": (0.02, 0.02)}


def test_however_late_the_looks_are_a_step_is_judged_by_as_many_levels() -> None:
    steps = Steps()
    steps.there(0.0)
    looks = 0
    while steps.step == "empty":
        looks += 1
        steps.look(10.0 * looks, 0.01 + looks / 1000)
    assert looks == 20
    assert steps.spreads() == {"empty": (0.011, 0.03)}


def test_after_the_last_step_it_says_what_the_levels_come_to() -> None:
    steps = gone_through()
    assert steps.step is None
    steps.there(900.0)
    assert steps.until is None, "there is no further step"
    found = steps.found()
    assert isinstance(found, Calibration)
    assert (found.empty_most, found.seated_least) == (0.008, 0.15)
    assert steps.spreads()["left"] == (0.2, 0.2)
    assert isinstance(gone_through(left=0.007).found(), Unfit)


@pytest.mark.parametrize(
    ("step", "reads", "helps"),
    [
        ("empty", RAIL, "a wire is off"),
        ("sit", math.nan, "check its wires"),
        ("sit", RAIL, "take a resistor of a third"),
        ("rise", RAIL, "a wire is off"),
    ],
)
def test_a_step_that_is_mostly_no_level_is_asked_for_again_until_it_is_one(step: str, reads: float, helps: str) -> None:
    steps, at = Steps(), 100.0
    while steps.step != step:
        at = stays(steps, READS[str(steps.step)], at)
    for _ in range(2):
        at = stays(steps, reads, at)
        assert (steps.step, steps.until) == (step, None)
        assert steps.fault is not None
        assert str(steps.fault.todo[0]).startswith(helps)
        assert step not in steps.spreads()
    steps.there(at)
    assert steps.fault is None, "the person tries again"
    stays(steps, READS[step], at)
    assert steps.spreads()[step] == (READS[step], READS[step])


def test_a_stray_reading_is_no_reason_to_ask_again() -> None:
    steps = Steps()
    steps.there(0.0)
    for nth in range(70):
        steps.look(nth / 10, math.nan if nth % 4 == 0 else 0.006)
    assert steps.step == "sit"
    assert steps.spreads() == {"empty": (0.006, 0.006)}
