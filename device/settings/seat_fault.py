"""What is wrong with the levels of [seat], alone or beside a calibration: the key, its value and what is allowed."""

from __future__ import annotations

from device.settings.settings import SeatSettings
from device.words.levels import LEAST_APART, SeatLevels

_RISING = ("empty", "leave_below", "sit_above", "seated")
_MOST_ALONE = 0.6
"""Where leave_below stays below without a sit_above, as a part of the distance between empty and seated."""
_LEAST_ALONE = 0.001
"""How far above empty sit_above lies without a leave_below, so that there is room for one."""

_ROUNDED = 0.0001
"""To what computed thresholds are rounded."""


def seat_fault(own: SeatSettings, found: SeatLevels | None = None) -> str:
    """The first setting that doesn't go with the others, or with what a calibration has found; empty if all do.

    Without `found`, `own` has to have a seated level.
    """
    known = _known(own, found)
    empty, seated = known["empty"], known["seated"]
    if (own.empty or own.seated) and round(seated - empty, 6) < LEAST_APART:
        key, side, other = ("seated", "above", "empty") if own.seated else ("empty", "below", "seated")
        return _line(own, key, f"{LEAST_APART} or more {side} {_bound(other, known)}{_whence(own, found, other)}")
    for key in ("sit_above", "leave_below"):
        names = [name for name in _RISING if name in known]
        if not getattr(own, key):
            continue
        lower, upper = (names[names.index(key) + step] for step in (-1, 1))
        if not known[lower] < known[key] < known[upper]:
            return _line(own, key, _between(own, found, known, lower, upper))
    return _alone(own, known)


def seat_lacks(own: SeatSettings) -> str:
    """Why settings of an uncalibrated seat have no effect; empty if there are none, or they are enough."""
    set_ones = [f"seat.{name}" for name in _RISING if getattr(own, name)]
    if own.seated or not set_ones:
        return ""
    return f"seat.seated is missing, and {', '.join(set_ones)} can't do without: set it, or run unsit calibrate"


def _known(own: SeatSettings, found: SeatLevels | None) -> dict[str, float]:
    """The levels, and the thresholds that aren't computed from them."""
    known = {"empty": own.empty, "seated": own.seated} if found is None else _filled(own, found)
    return known | {name: level for name in _RISING if (level := getattr(own, name))}


def _filled(own: SeatSettings, found: SeatLevels) -> dict[str, float]:
    levels = {"empty": found.empty, "seated": found.seated}
    if own.empty or own.seated:
        return levels
    return levels | {"sit_above": found.thresholds.sit_above, "leave_below": found.thresholds.leave_below}


def _alone(own: SeatSettings, known: dict[str, float]) -> str:
    """A threshold that leaves no room for the other one, which is computed."""
    empty, seated = known["empty"], known["seated"]
    if "sit_above" not in known and own.leave_below > (most := empty + _MOST_ALONE * (seated - empty)) - _ROUNDED:
        return _line(own, "leave_below", f"below {_text(most)}, or with a seat.sit_above")
    if own.sit_above and "leave_below" not in known and own.sit_above < empty + _LEAST_ALONE:
        return _line(own, "sit_above", f"{_LEAST_ALONE} or more above {_bound('empty', known)}")
    return ""


def _between(own: SeatSettings, found: SeatLevels | None, known: dict[str, float], lower: str, upper: str) -> str:
    of_lower, of_upper = _whence(own, found, lower), _whence(own, found, upper)
    # What holds for both is said once, at the end.
    of_lower = "" if of_lower == of_upper else of_lower
    return f"above {_bound(lower, known)}{of_lower}, and below {_bound(upper, known)}{of_upper}"


def _whence(own: SeatSettings, found: SeatLevels | None, key: str) -> str:
    return "" if found is None or getattr(own, key) else " (of the calibration)"


def _bound(key: str, known: dict[str, float]) -> str:
    return f"seat.{key}, {_text(known[key])}"


def _text(level: float) -> str:
    short = f"{level:.3f}"
    return short if float(short) == level else f"{level:.6g}"


def _line(own: SeatSettings, key: str, allowed: str) -> str:
    return f"seat.{key} = {getattr(own, key):.6g}: is out of bounds; allowed: {allowed}"
