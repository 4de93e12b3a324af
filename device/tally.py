"""What a day, or a recorded day, adds up to; fed with facts, it knows nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from device.effects import Fact
from device.instants import MINUTE_S, after, between, whole


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures a person wants, by the definitions of the design; the open bout is part of them."""

    seated_s: float
    bouts: int
    longest_s: float
    over_30: int
    over_60: int
    over_120: int
    breaks: int
    full_breaks: int
    due: int
    honoured: int
    sounds: int
    stretches_done: int


class Tally:
    """Adds up facts as they are said."""

    def __init__(self) -> None:
        self._bouts_s: list[float] = []
        """Seated seconds of each finished bout."""
        self._open_s = 0.0
        self._sat_at: float | None = None
        self._counts: Counter[str] = Counter()

    def note(self, fact: Fact) -> None:
        """Take a fact in."""
        match fact.fact:
            case "sat":
                self._sat_at = fact.t
            case "left":
                self._bank(fact.t)
                self._sat_at = None
            case "bout" if self._open_s:
                self._bouts_s.append(self._open_s)
                self._open_s = 0.0
            case "resumed" if self._sat_at is not None:
                self._bank(fact.details["seated_till"])
                self._sat_at = None
            case "break_honoured" if fact.details["after"] != "due":
                return
        self._counts[fact.fact] += 1

    def figures(self, now: float) -> Figures:
        """The figures as they stand at `now`."""
        bouts_s = list(self._bouts_s)
        if self._sat_at is not None or self._open_s:
            bouts_s.append(self._open_until(now))

        def over(minutes: int) -> int:
            return sum(bout_s >= minutes * MINUTE_S for bout_s in bouts_s)

        return Figures(
            seated_s=whole(sum(bouts_s)),
            bouts=len(bouts_s),
            longest_s=max(bouts_s, default=0.0),
            over_30=over(30),
            over_60=over(60),
            over_120=over(120),
            breaks=self._counts["bout"],
            full_breaks=self._counts["full_break"],
            due=self._counts["due"],
            honoured=self._counts["break_honoured"],
            sounds=self._counts["sound"],
            stretches_done=self._counts["stretch_done"],
        )

    def split(self, at: float) -> Tally:
        """Close these figures at `at`; who sits on goes into the new ones from that instant."""
        fresh = Tally()
        if self._sat_at is not None:
            self._bank(at)
            self._sat_at, fresh._sat_at = None, at
        return fresh

    def join(self, before: Tally) -> None:
        """Count what came before a cut in, too; a bout that was open there goes on here."""
        if self._bouts_s:
            self._bouts_s[0] = after(before._open_s, self._bouts_s[0])
        else:
            self._open_s = after(before._open_s, self._open_s)
        self._bouts_s = [*before._bouts_s, *self._bouts_s]
        self._counts += before._counts

    def _open_until(self, now: float) -> float:
        return self._open_s if self._sat_at is None else after(self._open_s, between(self._sat_at, now))

    def _bank(self, at: float) -> None:
        self._open_s = self._open_until(at)
