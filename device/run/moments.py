"""Something to do at an instant of the day, by hand or from a recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to do at an instant of the day."""

    t: float
    do: Callable[[], object]
    asked: bool = False
    """Somebody asked for it just now, so it isn't bound to its instant."""
