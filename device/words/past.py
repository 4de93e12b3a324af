"""What a start knows about the time before it: how far the device had come, and its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from device.words.effects import Effect, Heard, Note
from device.words.events import DayEnded, Seat
from device.words.facts import Choice, Fact, FullBreak, Left, Resumed, Sat, SeatLost
from device.words.instants import whole


@dataclass(frozen=True, slots=True)
class Readings:
    """An instant on every clock, so that the time between two starts can be measured."""

    at: float
    boot: str = ""
    """The id of the computer's boot; empty if there is none."""
    boot_s: float = 0.0
    """Seconds since the boot."""
    reads: datetime | None = None
    """The wall clock; None if it wasn't right."""

    def until(self, later: Readings) -> float | None:
        """Seconds from here to later readings; None if no clock ran all the time."""
        if self.boot and self.boot == later.boot:
            return whole(later.boot_s - self.boot_s)
        if self.reads is None or later.reads is None or later.reads < self.reads:
            return None
        return whole((later.reads - self.reads).total_seconds())


@dataclass(frozen=True, slots=True)
class Past:
    """What this start knows about the time before it. After the start, instants go on from there."""

    told: Sequence[Fact | DayEnded]
    """Facts and ends of days, oldest first. Those too old to matter may be left out."""
    seen: Readings
    """How far the device is known to have come."""
    seated_till: float | None = None
    """Until when the person who sat at the end is known to have sat; None if nobody did."""
    unsure_s: float = 0.0
    """For how many seconds the device may have run on after `seen`."""
    choices: Sequence[Choice] = ()
    """The latest fact of each choice, however long ago."""


REMEMBERED = 3000
"""The number of last facts that are sure to hold the present day, the day before, and the routines of some weeks."""


def worth_remembering(told: Sequence[Fact | DayEnded]) -> Sequence[Fact | DayEnded]:
    """The last ones in the order in which they were true, from a full break on: there all counts start again."""
    last = _in_order(told[-REMEMBERED:])
    if len(told) <= REMEMBERED:
        return last
    afresh = (nth for nth, each in enumerate(last) if isinstance(each, FullBreak))
    return last[next(afresh, 0) :]


def _in_order(told: Sequence[Fact | DayEnded]) -> list[Fact | DayEnded]:
    """Sort so that a leaving just before midnight, which is noted after it, comes on the earlier day."""
    ordered: list[Fact | DayEnded] = []
    for each in told:
        place = len(ordered)
        if isinstance(each, Left):
            while place and isinstance(end := ordered[place - 1], DayEnded) and each.t <= end.at:
                place -= 1
        ordered.insert(place, each)
    return ordered


class Sitting:
    """Follows until when somebody is known to sit. A person who is just rising may have left already."""

    def __init__(self) -> None:
        self._seated = False
        self._emptied_at: float | None = None

    def perform(self, effect: Effect) -> None:
        """Take in the level of the pad and the facts about it."""
        match effect:
            case Heard(event=Seat(taken=True)):
                self._emptied_at = None
            case Heard(event=Seat(at=at)) if self._emptied_at is None:
                self._emptied_at = at
            case Note(fact=Sat()):
                self._seated = True
            case Note(fact=Left() | Resumed() | SeatLost()):
                self._seated = False

    def till(self, now: float) -> float | None:
        """Until when somebody is known to sit; None if nobody sits."""
        if not self._seated:
            return None
        return now if self._emptied_at is None else min(now, self._emptied_at)
