"""What the day page tells: each day as data for a picture, up to this very moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from device.history.diary import COUNTED, Day, Days
from device.words.effects import Fact
from device.words.instants import HOUR_S, between
from device.words.record import Run, Span


@dataclass(frozen=True, slots=True)
class Present:
    """A device that is followed: what it has told, which the journal may not have yet."""

    began: float
    """When it was started, on its own line of instants."""
    at: float
    reads: datetime
    """What its clock reads at `at`."""
    right: bool
    """That clock has been told the time."""
    seated: bool
    facts: Sequence[Fact]
    """The last ones, oldest first."""


def dated(present: Present, last: Run | None) -> Present:
    """Where its clock isn't right, it is no earlier there than by the last run of the journal."""
    if present.right or last is None:
        return present
    since = present.began if last.began_s < present.began else last.seen_s
    guess = last.clock_reads + timedelta(seconds=between(since, present.at))
    return replace(present, reads=max(present.reads, guess))


def up_to_now(runs: Iterable[Run], present: Present | None) -> Iterator[Run]:
    """The runs of a journal, the last one continued with what the device has told since."""
    last: Run | None = None
    for run in runs:
        if last is not None:
            yield last
        last = run
    if present is None:
        if last is not None:
            yield last
        return
    present = dated(present, last)
    if last is None or last.began_s < present.began:
        # The device has been started since the journal was last written to.
        if last is not None:
            yield last
        last = Run((), present.began, present.at, None, present.reads)
    yield _continued(last, present)


def _continued(run: Run, present: Present) -> Run:
    written = {(fact.said, fact.t, fact.fact) for fact in run.facts}
    since = run.facts[-1].said if run.facts else present.began
    # Where the last thing was taken out, what the device told till then is gone for good.
    gone_till = run.seen_s if run.facts and _is_of_forgetting(run.facts[-1]) else present.began - 1
    newer = [
        fact
        for fact in present.facts
        if fact.fact in COUNTED and gone_till < fact.said >= since and (fact.said, fact.t, fact.fact) not in written
    ]
    offset = present.reads.utcoffset()
    zones = run.zones
    if zones and offset is not None and offset.total_seconds() != zones[-1][1]:
        zones = [*zones, (run.seen_s, round(offset.total_seconds()))]
    return replace(
        run,
        facts=[*run.facts, *newer],
        zones=zones,
        seen_s=present.at,
        seated_till_s=present.at if present.seated else None,
        clock_reads=present.reads,
        about=not present.right,
    )


def _is_of_forgetting(fact: Fact) -> bool:
    """It stands where something was taken out; a leaving is known only after a while, unless one was put there."""
    return fact.fact == "forgotten" or (fact.fact == "left" and fact.said == fact.t)


def told_days(days: Days) -> list[Mapping[str, Any]]:
    """Each day as an object; times are hours since its midnight, so that no reader has to know about zones.

    Between two spans on the chair is a gap, which a full break makes a third entry of True.
    """
    return [_told(day, each) for day, each in days.items()]


def _told(day: date, told: Day) -> Mapping[str, Any]:
    strip = told.strip
    return {
        "day": day.isoformat(),
        "name": f"{day:%A}",
        "about": strip.about,
        "forgotten": told.forgotten,
        "figures": asdict(told.figures),
        "areas": {area.replace("_", " "): count for area, count in sorted(told.areas.items())},
        "streak": told.streak,
        "seated": [_hours(span) for span in strip.seated],
        "doubtful": [_hours(span) for span in strip.doubtful],
        "gaps": [
            [*_hours(gap), any(fact == "full_break" and gap[0] <= at <= gap[1] for at, fact in strip.moments)]
            for gap in strip.gaps
        ],
        "moments": [(_hour(at), fact) for at, fact in strip.moments],
    }


def _hours(span: Span) -> list[float]:
    return [_hour(span[0]), _hour(span[1])]


def _hour(at: float) -> float:
    return round(at / HOUR_S, 4)
