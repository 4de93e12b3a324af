"""What an analog seat read on a day, as a curve with few points."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from device.words.instants import HOUR_S, MINUTE_S

_SLOT_S = 3 * MINUTE_S
SLOT_HOURS = _SLOT_S / HOUR_S

Reading = tuple[float, float | None]
"""From that second of the day on the seat read this level; None if it read nothing."""


def curve(readings: Iterable[Reading]) -> list[tuple[float, float, float]]:
    """The lowest and the highest level of each slot in which there was one. A slot is named by its first hour.

    The last reading is only an end.
    """
    slots: dict[int, tuple[float, float]] = {}
    for (since, level), (until, _) in pairwise(readings):
        if level is None:
            continue
        first = int(since // _SLOT_S)
        for slot in range(first, max(first + 1, math.ceil(until / _SLOT_S))):
            low, high = slots.get(slot, (level, level))
            slots[slot] = min(low, level), max(high, level)
    return [(round(slot * SLOT_HOURS, 4), *slots[slot]) for slot in sorted(slots)]
