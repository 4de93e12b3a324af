"""The levels of an analog seat as fractions of full scale, and the two thresholds between empty and taken."""

from __future__ import annotations

import re
from dataclasses import dataclass

RAIL = 0.995
"""From this level up it can't be a weight: a wire is off or shorted, and the level says nothing."""
USUAL_EMPTY, USUAL_SEATED = 0.006, 0.3
"""What the sensors of a usual chair read."""
MAT_CLOSES_AT = 0.02
"""The level at which a mat that is a contact closes: under a few kilograms, so that it doesn't miss light people."""
LEAST_APART = 0.01
"""The least distance between empty and seated; less counts as noise elsewhere."""
_LEVEL = re.compile(r"[0-9](\.[0-9]{1,20})?(e-[0-9]{1,2})?")
"""As programs write a fraction, 3.05e-05 too."""
_SIT_ABOVE = 0.2
"""Where the upper threshold lies between empty and seated, unless the settings say it."""
_LEAVE_BELOW = 0.5
"""Where the lower one lies between empty and the upper one: above what an empty chair strays, below any lean."""
_APART = 5 / 3
"""How much higher above empty the upper threshold is at least, if only the lower one is set."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The seat is taken at one level and above, and empty at a lower one and below. Between them nothing changes."""

    sit_above: float
    leave_below: float

    def judge(self, level: float, *, taken: bool) -> bool:
        """Whether the seat is taken at this level, if `taken` says whether it was before."""
        return level >= self.sit_above or (taken and level > self.leave_below)


@dataclass(frozen=True, slots=True)
class SeatLevels:
    """What a seat reads empty and seated, and the thresholds between the two."""

    empty: float
    seated: float
    thresholds: Thresholds
    fixed: tuple[str, ...] = ()
    """The names of the thresholds that a person has set, and that stay where they are."""

    @property
    def span(self) -> float:
        """How far apart empty and seated are."""
        return self.seated - self.empty

    def moved(self, empty: float, seated: float) -> SeatLevels:
        """The same seat after its levels have drifted: thresholds that aren't fixed keep their places between them."""
        above, below = (
            was if name in self.fixed else _short(empty + (was - self.empty) / self.span * (seated - empty))
            for name, was in (("sit_above", self.thresholds.sit_above), ("leave_below", self.thresholds.leave_below))
        )
        return SeatLevels(empty, seated, Thresholds(above, below), self.fixed)


def seat_levels(
    empty: float, seated: float, sit_above: float = 0.0, leave_below: float = 0.0, *, fixed: tuple[str, ...] = ()
) -> SeatLevels | None:
    """The levels of a seat; a threshold of 0 is computed from the other numbers. None if they make no sense."""
    usual = max(_SIT_ABOVE * (seated - empty), _APART * (leave_below - empty))
    above = sit_above or _short(empty + usual)
    below = leave_below or _short(empty + _LEAVE_BELOW * (above - empty))
    if not 0 <= empty < below < above < seated < RAIL:
        return None
    return SeatLevels(empty, seated, Thresholds(above, below), fixed)


def is_level(value: float) -> bool:
    """Whether a reading can come from a weight on the seat. NaN can't."""
    return 0 <= value < RAIL


def level_text(level: float) -> str:
    """A level as files have it, in millionths of full scale."""
    return f"{level:.6f}".rstrip("0").removesuffix(".")


def level_of(text: str) -> float | None:
    """The level that a file has, 0 to 1; None if it is none."""
    return float(text) if _LEVEL.fullmatch(text) and float(text) <= 1 else None


def _short(level: float) -> float:
    return round(level, 4)
