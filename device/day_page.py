"""What the day page tells: each day as data for a picture, up to this very moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from typing import Any

from device.effects import Fact
from device.history import COUNTED, Day, Days
from device.instants import HOUR_S
from device.ports import Run


@dataclass(frozen=True, slots=True)
class Present:
    """A device that is followed: what it has told, which the journal may not have yet."""

    began: float
    """When it was started, on its own line of instants."""
    at: float
    reads: datetime
    """What its clock reads at `at`."""
    seated: bool
    facts: Sequence[Fact]
    """The last ones, oldest first."""


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
    if last is None or last.began_s < present.began:
        # The device has been started since the journal was last written to.
        if last is not None:
            yield last
        last = Run((), present.began, present.at, None, present.reads)
    yield _continued(last, present)


def _continued(run: Run, present: Present) -> Run:
    written = {(fact.said, fact.t, fact.fact) for fact in run.facts}
    since = run.facts[-1].said if run.facts else present.began
    newer = [
        fact
        for fact in present.facts
        if fact.fact in COUNTED and fact.said >= since and (fact.said, fact.t, fact.fact) not in written
    ]
    return replace(
        run,
        facts=[*run.facts, *newer],
        seen_s=present.at,
        seated_till_s=present.at if present.seated else None,
        clock_reads=present.reads,
    )


def told_days(days: Days) -> list[Mapping[str, Any]]:
    """Each day as an object; times are hours since its midnight, so that no reader has to know about zones."""
    return [_told(day, each) for day, each in days.items()]


def _told(day: date, told: Day) -> Mapping[str, Any]:
    midnight = datetime.combine(day, time()).astimezone()

    def hour(when: datetime) -> float:
        return round((when - midnight).total_seconds() / HOUR_S, 4)

    return {
        "day": day.isoformat(),
        "name": f"{day:%A}",
        "about": told.strip.about,
        "figures": asdict(told.figures),
        "areas": {area.replace("_", " "): count for area, count in sorted(told.areas.items())},
        "streak": told.streak,
        "seated": [[hour(since), hour(until)] for since, until in told.strip.seated],
        "moments": [[hour(when), fact] for when, fact in told.strip.moments],
    }
