"""What a device that starts knows of the time before: how far it had come, and what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from device.words.effects import Effect, Fact, Heard, Note
from device.words.events import DayEnded, Seat
from device.words.instants import whole


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant on every clock there is, so that what lies between two starts can be measured."""

    at: float
    boot: str = ""
    """Which start of the computer; empty where there is none to tell."""
    boot_s: float = 0.0
    """Seconds since then."""
    reads: datetime | None = None
    """The wall clock, where it was right."""

    def until(self, later: Mark) -> float | None:
        """Seconds from here to a mark of a later start; None where no clock has gone through."""
        if self.boot and self.boot == later.boot:
            return whole(later.boot_s - self.boot_s)
        if self.reads is None or later.reads is None or later.reads < self.reads:
            return None
        return whole((later.reads - self.reads).total_seconds())


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the device's time before this start; instants are on the line that goes on."""

    told: Sequence[Fact | DayEnded]
    """Oldest first. What lies too far back to matter may be left out."""
    seen: Mark
    """How far the device is known to have come."""
    seated_till: float | None = None
    """Till when whoever sat then is known to have sat; None when nobody did."""
    unsure_s: float = 0.0
    """So much longer the device may have lived than it is known to."""
    choices: Sequence[Fact] = ()
    """What the person has chosen, however long ago: the last fact of each choice."""


REMEMBERED = 3000
"""So many of the last facts are sure to hold the present day, the one before and the routines of some weeks."""


def worth_remembering(told: Sequence[Fact | DayEnded]) -> Sequence[Fact | DayEnded]:
    """The last of them in the order they were true, from a full break on: there all counting begins afresh."""
    last = _in_order(told[-REMEMBERED:])
    if len(told) <= REMEMBERED:
        return last
    afresh = (nth for nth, each in enumerate(last) if isinstance(each, Fact) and each.fact == "full_break")
    return last[next(afresh, 0) :]


def _in_order(told: Sequence[Fact | DayEnded]) -> list[Fact | DayEnded]:
    """Whoever left just before midnight left on that day, though it is said on the next."""
    ordered: list[Fact | DayEnded] = []
    for each in told:
        place = len(ordered)
        if isinstance(each, Fact) and each.fact == "left":
            while place and isinstance(end := ordered[place - 1], DayEnded) and each.t <= end.at:
                place -= 1
        ordered.insert(place, each)
    return ordered


class Sitting:
    """Follows how far somebody is known to sit: who is just getting up may turn out to have left already."""

    def __init__(self) -> None:
        self._seated = False
        self._emptied_at: float | None = None

    def perform(self, effect: Effect) -> None:
        """Hear the level, and what was made of it."""
        match effect:
            case Heard(event=Seat(taken=True)):
                self._emptied_at = None
            case Heard(event=Seat(at=at)) if self._emptied_at is None:
                self._emptied_at = at
            case Note(fact=Fact(fact="sat")):
                self._seated = True
            case Note(fact=Fact(fact="left" | "resumed")):
                self._seated = False

    def till(self, now: float) -> float | None:
        """Till when; None when nobody sits."""
        if not self._seated:
            return None
        return now if self._emptied_at is None else min(now, self._emptied_at)
