"""What the office may suggest, and what comes of it once somebody at the desk has taken it."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from device.changes.changes import Changes
from device.files.alphabet import LETTERS
from device.files.complaint import brief
from device.run.orders import Answer, Do, OrderError, Pace, TellCore, fields
from device.settings.settings import LONGEST_NAME
from device.settings.settings_file import PRESETS_S
from device.words.effects import Effect, TakePreset
from device.words.events import Chosen
from device.words.facts import FARTHEST, OfficeOffered, date_of
from device.words.instants import HOUR_S
from device.words.ports import Clock, Wall

_log = logging.getLogger(__name__)

MOST_AN_HOUR = 5
"""More than any office has to suggest. Each one is kept in the journal."""
_ID = re.compile("[A-Za-z0-9_-]{1,40}")


def offering_orders(
    tell: TellCore, clock: Clock, wall: Wall, now: Callable[[], float] = time.monotonic
) -> Mapping[str, Do]:
    """The order by which the office suggests a preset. Only somebody at the desk, or on its page, can take it."""
    pace = Pace(MOST_AN_HOUR, HOUR_S)

    def offer(to: Any) -> Answer:
        asked = fields("offer", to, **{"id": str, "preset": str, "from": str, "till": str})
        _check(asked)
        _check_till(asked["till"], _today(clock, wall))
        if pace.is_full(now()):
            raise OrderError("too many suggestions: the device takes {count} an hour", count=MOST_AN_HOUR)
        pace.count(now())
        value = f"{asked['id']} {asked['preset']} {asked['till']} {asked['from']}"
        tell(lambda at: Chosen(at, OfficeOffered.name, value))
        return {}

    return {"offer": offer}


def _check(asked: Mapping[str, str]) -> None:
    """Raise OrderError unless id, preset and name are such that the device can keep and show them."""
    offer, preset, by = asked["id"], asked["preset"], asked["from"]
    if not _ID.fullmatch(offer):
        raise OrderError("{what} is no id; allowed: up to {most} letters, digits, - and _", what=brief(offer), most=40)
    if preset not in PRESETS_S:
        raise OrderError("there is no preset {what}; allowed: {says}", what=brief(preset), says=", ".join(PRESETS_S))
    if not 1 <= len(by) <= LONGEST_NAME or by != " ".join(by.split()) or not set(by) <= LETTERS:
        says = "{what} is no name for the panel; allowed: up to {most} letters that it can draw"
        raise OrderError(says, what=brief(by), most=LONGEST_NAME)


def _check_till(till: str, today: date | None) -> None:
    day = date_of(till)
    if day is None:
        raise OrderError("{written} is no date; write it as {example}", written=brief(till), example="2027-01-07")
    # Without the date nobody can say; the core looks at it once it knows.
    if today is not None and not timedelta(0) <= day - today <= FARTHEST:
        raise OrderError("{day} is past, or too far off; allowed are {first} to {last}",
                         day=day, first=today, last=today + FARTHEST)  # fmt: skip


def _today(clock: Clock, wall: Wall) -> date | None:
    reads = wall.reads(clock.now())
    return reads.date() if reads is not None and wall.is_right else None


class TakesPresets:
    """Changes the settings as the page would, once somebody has taken a preset."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    def perform(self, effect: Effect) -> None:
        """Change them on a thread of their own: it takes a while, in which the device must not have to wait."""
        if isinstance(effect, TakePreset):
            threading.Thread(target=self._changes.take_preset, args=(effect.preset,), name="preset").start()
