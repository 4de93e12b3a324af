"""Adds up the facts of a day, present or recorded. Every figure is defined here."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from device.settings.settings import IN_TIME_S
from device.words.facts import (
    Answered,
    Bout,
    BreakHonoured,
    Enough,
    Fact,
    FellDue,
    FullBreak,
    Left,
    Muted,
    PowerCut,
    Resumed,
    Sat,
    SeatDoubted,
    SeatLost,
    SeatTrusted,
    ShortOffered,
    ShortTaken,
    Snoozed,
    Sounded,
    StretchDone,
    Stuck,
)
from device.words.instants import HOUR_S, MINUTE_S, after, between, whole

_NIGHT_S = 4 * HOUR_S
"""An absence of this length, in seconds, ends the day and isn't part of it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a day, including the open bout. Times are seconds."""

    seated_s: float
    doubtful_s: float
    """The part of `seated_s` in which it isn't known whether a person sat there."""
    share: float
    """The seated share (0 to 1) of the time from first sitting to last leaving, without absences of 4 h or more."""
    bouts: int
    longest_s: float
    over_30: int
    over_60: int
    over_120: int
    breaks: int
    full_breaks: int
    due: int
    in_time: int
    """Due breaks for which the person rose soon enough."""
    late: int
    not_taken: int
    """Due breaks after which no full break has come so far."""
    honoured: int
    """`in_time` and `late` together."""
    rose_after_s: float | None
    """Median of the seconds from a due break to rising; None if nobody rose for one."""
    snoozes: int
    mutes: int
    enough: int
    """How often somebody said that it was enough for the day."""
    sounds: int
    stretches_done: int
    short_offers: int = 0
    """How often a short break was offered."""
    short_breaks: int = 0
    """How many of those were taken."""

    def as_data(self) -> dict[str, Any]:
        """By their names. Who has no short breaks has no figures of them."""
        named = asdict(self)
        return named if self.short_offers else {name: each for name, each in named.items() if name not in SHORT_FIGURES}


SHORT_FIGURES = ("short_offers", "short_breaks")


@dataclass(slots=True)
class Due:
    """A break that fell due. Even if it is taken later, it counts for the day on which it fell due."""

    at: float
    up_after_s: float | None = None
    """Seconds from due until the chair was first left."""
    rose_after_s: float | None = None
    """Seconds from due until the person rose for a full break; None without a full break."""
    doubtful: bool = False
    """It isn't known whether a person sat there."""


class Sums:
    """The sums of one day."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()
        """How often each fact was noted, by its name."""
        self.dues: list[Due] = []
        self.bouts_s: list[float] = []
        """Seated seconds of each finished bout."""
        self.doubtful_s = 0.0
        self.away_s = 0.0
        """Seconds of absence between sittings, without nights."""
        self.first_at: float | None = None
        self.left_at: float | None = None
        """When the last sitting ended."""

    def come(self, at: float) -> None:
        """A sitting begins."""
        self._go_without(self.left_at, at)
        self.first_at = at if self.first_at is None else self.first_at

    def join(self, before: Sums) -> None:
        """Add the earlier sums. The bouts are left to the caller."""
        self.of += before.of
        self.dues = [*before.dues, *self.dues]
        self.doubtful_s = after(self.doubtful_s, before.doubtful_s)
        self.away_s = after(self.away_s, before.away_s)
        self._go_without(before.left_at, self.first_at)
        self.first_at = self.first_at if before.first_at is None else before.first_at
        self.left_at = before.left_at if self.left_at is None else self.left_at

    def _go_without(self, left_at: float | None, sat_at: float | None) -> None:
        """Count the time between as an absence."""
        away_s = 0.0 if left_at is None or sat_at is None else between(left_at, sat_at)
        if 0.0 < away_s < _NIGHT_S:
            self.away_s = after(self.away_s, away_s)

    def figures(self, in_time_s: float, open_bout_s: Sequence[float] = (), doubtful_s: float = 0.0) -> Figures:
        """Return the figures, with the open bout, if any, and the doubtful part of it."""
        bouts_s = sorted([*self.bouts_s, *open_bout_s])
        seated_s = whole(sum(bouts_s))
        taken_s = [due.rose_after_s for due in self.dues if due.rose_after_s is not None]
        in_time = sum(rose_after_s <= in_time_s for rose_after_s in taken_s)
        up_s = [due.up_after_s for due in self.dues if due.up_after_s is not None]
        return Figures(
            seated_s=seated_s,
            doubtful_s=after(self.doubtful_s, doubtful_s),
            share=round(seated_s / after(seated_s, self.away_s), 3) if seated_s else 0.0,
            bouts=len(bouts_s),
            longest_s=max(bouts_s, default=0.0),
            over_30=_over(30, bouts_s),
            over_60=_over(60, bouts_s),
            over_120=_over(120, bouts_s),
            breaks=self.of[Bout.name],
            full_breaks=self.of[FullBreak.name],
            due=len(self.dues),
            in_time=in_time,
            late=len(taken_s) - in_time,
            not_taken=len(self.dues) - len(taken_s),
            honoured=len(taken_s),
            rose_after_s=_median(up_s) if up_s else None,
            snoozes=self.of[Snoozed.name],
            mutes=self.of[Muted.name],
            enough=self.of[Enough.name],
            sounds=self.of[Sounded.name],
            stretches_done=self.of[StretchDone.name],
            short_offers=self.of[ShortOffered.name],
            short_breaks=self.of[ShortTaken.name],
        )


def _median(values: Sequence[float]) -> float:
    """Of at least one; `statistics` takes long to import."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return whole((ordered[middle] + ordered[~middle]) / 2)


def _over(minutes: int, sorted_s: Sequence[float]) -> int:
    return len(sorted_s) - bisect_left(sorted_s, minutes * MINUTE_S)


class Pending:
    """What is still open, even over midnight: a break that may be taken, and doubts about person and seat."""

    def __init__(self, seat_doubted_since: float | None = None) -> None:
        self.due: Due | None = None
        self._person_doubted_since: float | None = None
        """Since when it isn't known whether a person sits there; None if it is."""
        self._seat_doubted_since = seat_doubted_since
        """Since when the seat itself isn't trusted. That outlives a leaving and a power cut."""
        self.left_at: float | None = None
        self._rested = False
        self._before_cut: Due | None = None
        """The break that was due at a power cut, until it is known whether it is still due."""
        self._resumed_at = 0.0

    @property
    def seat_doubted_since(self) -> float | None:
        """Since when the seat itself isn't trusted; None while it is."""
        return self._seat_doubted_since

    @property
    def doubted_since(self) -> float | None:
        """Since when sitting is doubtful, for whichever reason; None if it isn't."""
        doubts = (self._person_doubted_since, self._seat_doubted_since)
        return min((since for since in doubts if since is not None), default=None)

    @property
    def is_clear(self) -> bool:
        """Whether nothing is open."""
        return self.due is None and self.doubted_since is None and self._before_cut is None

    def note(self, fact: Fact, day: Sums) -> None:
        """Take in a fact of the given day."""
        match fact:
            case FellDue():
                self.due = Due(fact.t, doubtful=self.doubted_since is not None)
                day.dues.append(self.due)
            case Sat():
                self._sit()
            case Left():
                self._leave(fact.t)
            case FullBreak():
                self._rested = fact.t >= self._resumed_at
            case BreakHonoured(was_due=True):
                self._take(fact)
            case Stuck() if fact.doubted_since is not None:
                self._doubt_person(fact.doubted_since)
            case SeatDoubted():
                self._doubt_seat(fact.since)
            case SeatTrusted():
                self._seat_doubted_since = None
            case Answered():
                self._trust()
            case Resumed():
                self._before_cut, self.due, self._resumed_at = self.due, None, fact.t
                self._person_doubted_since, self._rested = None, False
            case SeatLost():
                self._person_doubted_since = None
            case PowerCut():
                if self.due is None and not fact.counts:
                    self.due = self._before_cut
                self._before_cut = None

    def pass_by(self, fact: Fact) -> None:
        """Take in a fact of another person on the same chair: what was due before their full break is over."""
        match fact:
            case FullBreak():
                self._rested = fact.t >= self._resumed_at
            case Sat() if self._rested:
                self.due, self._rested = None, False

    def doubtful_s(self, since: float, until: float) -> float:
        """How many seconds of a sitting are doubtful, as far as is known."""
        doubted_since = self.doubted_since
        return 0.0 if doubted_since is None else max(0.0, between(max(since, doubted_since), until))

    def may_be_in_time(self, now: float, in_time_s: float) -> bool:
        """Whether the break that is due can still be taken in time."""
        assert self.due is not None, "asked of what is due"
        return between(self.due.at, now if self.left_at is None else self.left_at) <= in_time_s

    def _sit(self) -> None:
        if self._rested:
            # The full break wasn't taken for the due break, which can't be taken any more.
            self.due = None
        self.left_at, self._rested = None, False

    def _leave(self, at: float) -> None:
        self.left_at, self._person_doubted_since = at, None
        if self.due is not None and self.due.up_after_s is None:
            self.due.up_after_s = between(self.due.at, at)

    def _take(self, fact: BreakHonoured) -> None:
        found_out_late = self._before_cut is not None and fact.t < self._resumed_at
        due = self._before_cut if found_out_late else self.due
        if due is None:
            return
        rose_after_s = fact.rose_after_s
        if rose_after_s is None:
            # Facts from older versions lack this detail.
            rose_after_s = between(due.at, fact.t if self.left_at is None else self.left_at)
        due.rose_after_s = rose_after_s
        if found_out_late:
            self._before_cut = None
        else:
            self.due = None

    def _doubt_person(self, since: float) -> None:
        if self._person_doubted_since is None:
            self._person_doubted_since = since
        self._doubt_due(self._person_doubted_since)

    def _doubt_seat(self, since: float) -> None:
        if self._seat_doubted_since is None:
            self._seat_doubted_since = since
        self._doubt_due(self._seat_doubted_since)

    def _doubt_due(self, since: float) -> None:
        if self.due is not None and self.due.at >= since:
            self.due.doubtful = True

    def _trust(self) -> None:
        """A press says that a person sits there; it says nothing about the seat."""
        self._person_doubted_since = None
        if self.due is not None and self._seat_doubted_since is None:
            self.due.doubtful = False


class Tally:
    """Adds up facts as they are said."""

    def __init__(self, in_time_s: float = IN_TIME_S, seat_doubted_since: float | None = None) -> None:
        """A due break is in time if the person rises within `in_time_s` seconds.

        If the seat was doubted before and isn't trusted yet, it is doubted since `seat_doubted_since`.
        """
        self.in_time_s = in_time_s
        self._sums = Sums()
        self._pending = Pending(seat_doubted_since)
        self._open_s = 0.0
        self._sat_at: float | None = None

    def note(self, fact: Fact) -> None:
        """Take in a fact."""
        match fact:
            case Sat():
                self._sit(fact.t)
            case Left() if self._sat_at is not None:
                self._bank(fact.t)
            case Bout() if self._open_s:
                self._sums.bouts_s.append(self._open_s)
                self._open_s = 0.0
            case SeatLost() if self._sat_at is not None:
                self._bank(max(self._sat_at, fact.t))
            case Resumed() if self._sat_at is not None:
                self._bank(max(self._sat_at, fact.seated_till or 0.0))
        self._sums.of[fact.name] += 1
        self._pending.note(fact, self._sums)

    def pass_by(self, fact: Fact) -> None:
        """Take in a fact of another person on the same chair. It counts nothing here."""
        self._pending.pass_by(fact)

    def fresh(self) -> Tally:
        """A tally without any facts, beside this one."""
        return Tally(self.in_time_s, self._pending.seat_doubted_since)

    def figures(self, now: float) -> Figures:
        """Return the figures as of `now`."""
        if self._sat_at is None:
            return self._sums.figures(self.in_time_s, [self._open_s] if self._open_s else [])
        doubtful_s = self._pending.doubtful_s(self._sat_at, now)
        return self._sums.figures(self.in_time_s, [self._open_until(now)], doubtful_s)

    def split(self, at: float) -> Tally:
        """Close this tally at `at` and return a new one. A sitting that goes on counts there from `at`."""
        fresh = Tally(self.in_time_s)
        fresh._pending = self._pending
        if self._sat_at is not None:
            self._bank(at)
            fresh._sit(at)
        return fresh

    def join(self, before: Tally) -> None:
        """Add what came before a power cut. A bout that was open then goes on here."""
        if self._sums.bouts_s:
            self._sums.bouts_s[0] = after(before._open_s, self._sums.bouts_s[0])
        else:
            self._open_s = after(before._open_s, self._open_s)
        self._sums.bouts_s = [*before._sums.bouts_s, *self._sums.bouts_s]
        self._sums.join(before._sums)
        if self._pending.due is None:
            self._pending.due = before._pending.due

    def _sit(self, at: float) -> None:
        self._sat_at = at
        self._sums.come(at)

    def _open_until(self, now: float) -> float:
        return self._open_s if self._sat_at is None else after(self._open_s, between(self._sat_at, now))

    def _bank(self, at: float) -> None:
        assert self._sat_at is not None, "only who sits can leave"
        self._sums.doubtful_s = after(self._sums.doubtful_s, self._pending.doubtful_s(self._sat_at, at))
        self._open_s = self._open_until(at)
        self._sat_at, self._sums.left_at = None, at
