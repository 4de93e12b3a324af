"""An independent reading of what the device's facts mean: a whole day at once, on intervals instead of events.

The device decides event by event, with deadlines. Here the day is already over: the level is a row of runs, a run
is believed when it is long enough, and all else is arithmetic on the spans that remain. Nothing of the device is
imported, so that agreement means something. Instants and spans are whole milliseconds throughout, as integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, zip_longest


@dataclass(frozen=True, slots=True)
class Definitions:
    """The numbers the facts depend on."""

    limit_ms: int
    """Sitting time at which the break is due."""
    sit_ms: int = 5_000
    leave_ms: int = 15_000
    break_ms: int = 60_000
    full_break_ms: int = 120_000


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was true at `t` and could be known at `said`."""

    t: int
    said: int


@dataclass(frozen=True, slots=True)
class Due:
    """The break fell due: the instant it is said, and the sitting time at that instant."""

    t: int
    sitting_ms: int


@dataclass(frozen=True, slots=True)
class Bout:
    """A bout that has ended. Seconds off the chair within it are none of its seated ones."""

    start: int
    seated_ms: int
    said: int


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the device has to have said by the end, each list in the order of time."""

    sat: list[Told]
    left: list[Told]
    full_break: list[Told]
    due: list[Due]
    bout: list[Bout]


def read(levels: Iterable[tuple[int, bool]], end: int, by: Definitions) -> Reading:
    """The facts of a day on which the chair's level changed like this (instant, taken) and which is known up to `end`.

    Until the first level the chair counts as empty. The same level twice is no change. No level comes after `end`.
    """
    runs = _runs(levels, end)
    sits, leaves = _turns(runs, by)
    seated = [_Seated(sit.start, leave.start if leave else end) for sit, leave in zip_longest(sits, leaves)]
    away = [_Away(leave.start, sit.start if sit else None) for leave, sit in zip_longest(leaves, sits[1:])]
    return Reading(
        sat=[Told(run.start, run.start + by.sit_ms) for run in sits],
        left=[Told(run.start, run.start + by.leave_ms) for run in leaves],
        full_break=[Told(left + by.full_break_ms, said) for left, said in _lasted(away, by.full_break_ms, runs, by)],
        due=[due for sitting in _parted(seated, by.full_break_ms) if (due := _due(sitting, runs, by))],
        bout=[
            Bout(bout[0].since, sum(spell.lasts_ms for spell in bout), said)
            # The bout that is open at the end has no partner here and is left out.
            for bout, (_, said) in zip(_parted(seated, by.break_ms), _lasted(away, by.break_ms, runs, by), strict=False)
        ],
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """One level without a change. The last run stops at the end only because no more is known."""

    start: int
    stop: int
    taken: bool
    goes_on: bool

    @property
    def lasts_ms(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class _Seated:
    """From a back-dated sit to the back-dated leaving, or to the end."""

    since: int
    until: int

    @property
    def lasts_ms(self) -> int:
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class _Away:
    """From a back-dated leaving to the next back-dated sit, if one is known."""

    left: int
    sat: int | None


def _runs(levels: Iterable[tuple[int, bool]], end: int) -> list[_Run]:
    """The level as runs. One that begins and stops in the same millisecond is a run too: a gap, however short."""
    changes = [next(alike) for _, alike in groupby(levels, key=lambda level: level[1])]
    runs = [_Run(start, stop, taken, goes_on=False) for (start, taken), (stop, _) in pairwise(changes)]
    return runs + [_Run(start, end, taken, goes_on=True) for start, taken in changes[-1:]]


def _turns(runs: Iterable[_Run], by: Definitions) -> tuple[list[_Run], list[_Run]]:
    """The runs that turned belief to seated and those that turned it to away, alternating, seated first."""
    settled = [run for run in runs if run.lasts_ms >= (by.sit_ms if run.taken else by.leave_ms)]
    turns = [next(alike) for _, alike in groupby(settled, key=lambda run: run.taken)]
    if turns and not turns[0].taken:
        # Nobody has sat yet, so nobody leaves.
        turns = turns[1:]
    return turns[0::2], turns[1::2]


def _parted(seated: Iterable[_Seated], by_ms: int) -> list[list[_Seated]]:
    """Spells of sitting put together, parted where at least `by_ms` lie between two of them."""
    together: list[list[_Seated]] = []
    for spell in seated:
        if together and spell.since - together[-1][-1].until < by_ms:
            together[-1].append(spell)
        else:
            together.append([spell])
    return together


def _lasted(
    away: Iterable[_Away], at_least_ms: int, runs: Sequence[_Run], by: Definitions
) -> Iterator[tuple[int, int]]:
    """The absences known to have lasted so long: when they began, and when their length was known.

    A touch that began before the length was reached holds the answer back until it has gone by: it might be a sit.
    """
    for absence in away:
        if absence.sat is not None and absence.sat - absence.left < at_least_ms:
            continue
        known = absence.left + max(at_least_ms, by.leave_ms)
        touch = next((run for run in runs if run.taken and run.start < known <= run.stop), None)
        if touch is None and known <= runs[-1].stop:
            yield absence.left, known
        elif touch is not None and not touch.goes_on:
            yield absence.left, touch.stop


def _due(sitting: Iterable[_Seated], runs: Iterable[_Run], by: Definitions) -> Due | None:
    """When one sitting time reaches the limit; said as soon as the sit is known and the level is taken."""
    banked_ms = 0
    for spell in sitting:
        reached = spell.since + by.limit_ms - banked_ms
        if reached <= spell.until:
            earliest = max(reached, spell.since + by.sit_ms)
            taken = (run for run in runs if run.taken and spell.since <= run.start and run.stop <= spell.until)
            said = next((max(earliest, run.start) for run in taken if earliest <= run.stop), None)
            return None if said is None else Due(said, banked_ms + said - spell.since)
        banked_ms += spell.lasts_ms
    return None
