"""What the levels read during a calibration mean: where the thresholds lie, or why none fit and what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from device.files.complaint import Complaint
from device.settings.calibration_file import Calibration
from device.words.levels import LEAST_APART, RAIL, is_level, seat_levels

STEPS = ("empty", "sit", "left", "right", "forward", "rise")
"""What a person does, in order, while the levels are read."""
AGAIN = Complaint("no level: see to the wire, and try again")
"""What to say when a step is asked for again."""
_SEATED = STEPS[1:5]
_EMPTY = ("empty", "rise")
_SAID = {"sit": "you sit", "left": "you lean left", "right": "you lean right", "forward": "you lean forward"}

_FEWEST = 4
"""The fewest levels of a step that say anything."""
_STRAY = 10
"""One reading in this many may be stray: a bounce lasts half a second, which is two readings of twenty."""
_LEAST_SHARE = 0.05
"""The least distance as a share of the distance between an empty chair and a usual sitter."""
_BELOW, _ABOVE = 0.1, 0.2
"""Where the thresholds lie between empty and seated, if the spread leaves them room. An empty chair strays by 0.05."""
_MOST_TAKEN_OFF = 0.15
"""By how much an empty chair may read less at the end than at first, as a share of that distance."""
_SMALLEST = 0.001
"""About the smallest level of ten bits. A smaller one is not enough to compute a divider."""
_FULL = 0.95
"""With another resistor the seated level should stay below this."""
_MOST_EMPTY, _MOST_SEATED = 0.8, 0.99
"""The highest levels with which a seat can be told apart from one that is pressed together, or at full scale."""


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why there are no thresholds, and what may help."""

    why: Complaint
    todo: tuple[Complaint, ...]


def calibrate(read: Mapping[str, Sequence[float]]) -> Calibration | Unfit:
    """Judge the levels read in each of the STEPS. What is no level, as NaN, is left out; too much of it is a fault."""
    for step in STEPS:
        if fault := unread(step, read[step]):
            return fault
    levels = {step: sorted(filter(is_level, read[step])) for step in STEPS}
    empty_most = max(_high(levels[step]) for step in _EMPTY)
    lowest = min(_SEATED, key=lambda step: _low(levels[step]))
    seated_least = _low(levels[lowest])
    empty = median(each for step in _EMPTY for each in levels[step])
    seated = median(levels["sit"])
    if empty > _MOST_EMPTY:
        return _pressed(empty)
    before, risen = (median(levels[step]) for step in _EMPTY)
    if before - risen > max(LEAST_APART, _MOST_TAKEN_OFF * abs(seated - risen)):
        return _not_alone(before, risen)
    gap = seated_least - empty_most
    if gap < max(LEAST_APART, _LEAST_SHARE * (seated - empty)):
        return _overlap(levels, lowest, empty_most, seated_least)
    below = min(max(empty + _BELOW * (seated - empty), empty_most + gap / 12), seated_least - gap / 6)
    above = min(max(empty + _ABOVE * (seated - empty), below + gap / 12), _low(levels["sit"]) - gap / 12)
    found = seat_levels(*(round(each, 4) for each in (empty, min(seated, _MOST_SEATED), above, below)))
    assert found is not None, "the gap keeps them apart"
    return Calibration(found, round(empty_most, 4), round(seated_least, 4))


def unread(step: str, read: Sequence[float]) -> Unfit | None:
    """Why what was read in a step is mostly no level; None if it is enough to judge by."""
    if sum(map(is_level, read)) >= max(_FEWEST, len(read) / 2):
        return None
    return _unread(step, any(level >= RAIL for level in read))


def _low(levels: Sequence[float]) -> float:
    return levels[len(levels) // _STRAY]


def _high(levels: Sequence[float]) -> float:
    return levels[-1 - len(levels) // _STRAY]


# ---- what to do


def _unread(step: str, is_full: bool) -> Unfit:
    if not is_full:
        return Unfit(
            Complaint("the sensor doesn't answer"),
            (Complaint("check its wires, and [seat] in the settings"),),
        )
    if step in _EMPTY:
        return Unfit(
            Complaint("it reads full scale with nobody there"),
            (Complaint("a wire is off, or shorted: check sensor and resistor"),),
        )
    return Unfit(
        Complaint("it reads full scale while {what}", what=_SAID[step]),
        (Complaint("take a resistor of a third or less of the present one, or check for a short"),),
    )


def _pressed(empty: float) -> Unfit:
    return Unfit(
        Complaint("with nobody there it reads {empty:.3f}: nearly full scale", empty=empty),
        (
            Complaint("see that nothing presses on the sensor"),
            Complaint("take a resistor of a tenth of the present one, if nothing does"),
        ),
    )


def _not_alone(before: float, risen: float) -> Unfit:
    return Unfit(
        Complaint("before you sat it read {empty:.3f}, after you rose {risen:.3f}", empty=before, risen=risen),
        (Complaint("begin with nobody and nothing on the seat, and calibrate again"),),
    )


def _overlap(levels: Mapping[str, Sequence[float]], lowest: str, empty_most: float, seated_least: float) -> Unfit:
    before, risen, sat = (median(levels[step]) for step in ("empty", "rise", "sit"))
    if sat < before - LEAST_APART:
        return Unfit(
            Complaint("it reads less while you sit ({sat:.3f}) than empty ({empty:.3f})", sat=sat, empty=before),
            (Complaint("swap sensor and resistor, so that the level rises with weight"),),
        )
    if risen - before > max(LEAST_APART, (sat - before) / 2):
        return Unfit(
            Complaint("after you rose it still read {risen:.3f}, before {empty:.3f}", risen=risen, empty=before),
            (Complaint("see that nothing lies on the seat, give the cushion a minute, and calibrate again"),),
        )
    why = Complaint(
        "empty it reads up to {empty:.3f}, and while {what} down to {seated:.3f}: too close to tell apart",
        empty=empty_most,
        what=_SAID[lowest],
        seated=seated_least,
    )
    resistor = _resistor(empty_most, seated_least, max(_high(levels[step]) for step in _SEATED))
    return Unfit(why, (*resistor, *_in_parallel(empty_most, seated_least, sat), _elsewhere(lowest)))


def _resistor(empty_most: float, seated_least: float, seated_most: float) -> tuple[Complaint, ...]:
    """Another resistor, if it moves the levels apart. level = R / (R + Rs), so Rs / R = 1 / level - 1."""
    empty, seated, hardest = (_ratio(each) for each in (empty_most, seated_least, seated_most))
    times = min(math.sqrt(empty * seated), _FULL / (1 - _FULL) * hardest)
    reads_empty, reads_seated = (times / (times + each) for each in (empty, seated))
    gap = reads_seated - reads_empty
    if gap < max(LEAST_APART, 1.5 * (seated_least - empty_most)) or gap < _LEAST_SHARE * reads_seated:
        return ()
    return (
        Complaint(
            "take a resistor {times:g} times the present one ({kilohm:g} kilohm for 10): "
            "it would read {empty:.3f} empty, and {seated:.3f} at least while you sit",
            times=_two_digits(times),
            kilohm=_two_digits(10 * times),
            empty=reads_empty,
            seated=reads_seated,
        ),
    )


def _in_parallel(empty_most: float, seated_least: float, sat: float) -> tuple[Complaint, ...]:
    """A second sensor where the weight goes, if it moves the levels apart: conductances in parallel add up."""
    of_both = 2 / _ratio(empty_most), 1 / _ratio(seated_least) + 1 / _ratio(max(sat, seated_least))
    empty, seated = (each / (1 + each) for each in of_both)
    if seated - empty < LEAST_APART:
        return ()
    return (
        Complaint(
            "put a second sensor of the kind in parallel, where the weight goes when you lean: "
            "about {seated:.3f} at least, {empty:.3f} empty",
            seated=seated,
            empty=empty,
        ),
    )


def _elsewhere(lowest: str) -> Complaint:
    if lowest == "sit":
        return Complaint("move the sensor under where you sit, and under less foam")
    return Complaint("move the sensor to where there is weight while {what}, too", what=_SAID[lowest])


def _ratio(level: float) -> float:
    """The sensor's resistance, in units of the divider's resistor."""
    return 1 / max(level, _SMALLEST) - 1


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
