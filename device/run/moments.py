"""Something that is to be done at an instant of the day, by hand or as it was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to be done at an instant of the day."""

    t: float
    do: Callable[[], object]
    asked: bool = False
    """Somebody wants it now, whenever that is."""
