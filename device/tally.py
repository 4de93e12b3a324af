"""What a day, or a recorded day, adds up to; fed with facts, it knows nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from device.effects import Fact
from device.instants import MINUTE_S, after, between, whole


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures a person wants, by the definitions of the design; the open bout is part of them."""

    seated_s: float
    share: float
    """Of the time from the first sitting to the last leaving."""
    bouts: int
    longest_s: float
    over_30: int
    over_60: int
    over_120: int
    breaks: int
    full_breaks: int
    due: int
    honoured: int
    rose_after_s: float | None
    """How long it took to rise once a break was due, in the middle of all times; None when nobody had to."""
    snoozes: int
    mutes: int
    sounds: int
    stretches_done: int


class Count:
    """What facts are counted as, and how long it took to rise."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()
        self.rises_s: list[float] = []
        self._due_at: float | None = None

    def note(self, fact: Fact) -> None:
        """Take a fact in."""
        if fact.fact == "break_honoured" and fact.details["after"] != "due":
            return
        if fact.fact == "due":
            self._due_at = fact.t
        elif fact.fact == "left" and self._due_at is not None:
            self.rises_s.append(between(self._due_at, fact.t))
            self._due_at = None
        elif fact.fact in ("full_break", "resumed"):
            self._due_at = None
        self.of[fact.fact] += 1

    def join(self, before: Count) -> None:
        """Count what came before in, too."""
        self.of += before.of
        self.rises_s = [*before.rises_s, *self.rises_s]

    def figures(self, bouts_s: Sequence[float], spanned_s: float) -> Figures:
        """The figures with bouts of that length, between whose ends lies so much time."""

        def over(minutes: int) -> int:
            return sum(bout_s >= minutes * MINUTE_S for bout_s in bouts_s)

        seated_s = whole(sum(bouts_s))
        return Figures(
            seated_s=seated_s,
            share=round(min(1.0, seated_s / spanned_s), 3) if spanned_s > 0 else 0.0,
            bouts=len(bouts_s),
            longest_s=max(bouts_s, default=0.0),
            over_30=over(30),
            over_60=over(60),
            over_120=over(120),
            breaks=self.of["bout"],
            full_breaks=self.of["full_break"],
            due=self.of["due"],
            honoured=self.of["break_honoured"],
            rose_after_s=whole(median(self.rises_s)) if self.rises_s else None,
            snoozes=self.of["snoozed"],
            mutes=self.of["muted"],
            sounds=self.of["sound"],
            stretches_done=self.of["stretch_done"],
        )


class Tally:
    """Adds up facts as they are said."""

    def __init__(self) -> None:
        self._bouts_s: list[float] = []
        """Seated seconds of each finished bout."""
        self._open_s = 0.0
        self._sat_at: float | None = None
        self._first_at: float | None = None
        self._last_at: float | None = None
        self._count = Count()

    def note(self, fact: Fact) -> None:
        """Take a fact in."""
        match fact.fact:
            case "sat":
                self._sat(fact.t)
            case "left" if self._sat_at is not None:
                self._bank(fact.t)
            case "bout" if self._open_s:
                self._bouts_s.append(self._open_s)
                self._open_s = 0.0
            case "resumed" if self._sat_at is not None:
                self._bank(max(self._sat_at, fact.details["seated_till"] or 0.0))
        self._count.note(fact)

    def figures(self, now: float) -> Figures:
        """The figures as they stand at `now`."""
        bouts_s = list(self._bouts_s)
        if self._sat_at is not None or self._open_s:
            bouts_s.append(self._open_until(now))
        last_at = self._last_at if self._sat_at is None else now
        spanned_s = 0.0 if self._first_at is None or last_at is None else between(self._first_at, last_at)
        return self._count.figures(bouts_s, spanned_s)

    def split(self, at: float) -> Tally:
        """Close these figures at `at`; who sits on goes into the new ones from that instant."""
        fresh = Tally()
        if self._sat_at is not None:
            self._bank(at)
            fresh._sat(at)
        return fresh

    def join(self, before: Tally) -> None:
        """Count what came before a cut in, too; a bout that was open there goes on here."""
        if self._bouts_s:
            self._bouts_s[0] = after(before._open_s, self._bouts_s[0])
        else:
            self._open_s = after(before._open_s, self._open_s)
        self._bouts_s = [*before._bouts_s, *self._bouts_s]
        self._count.join(before._count)
        if before._first_at is not None:
            self._first_at, self._last_at = before._first_at, self._last_at or before._last_at

    def _sat(self, at: float) -> None:
        self._sat_at = at
        self._first_at = at if self._first_at is None else self._first_at

    def _open_until(self, now: float) -> float:
        return self._open_s if self._sat_at is None else after(self._open_s, between(self._sat_at, now))

    def _bank(self, at: float) -> None:
        self._open_s = self._open_until(at)
        self._sat_at, self._last_at = None, at
