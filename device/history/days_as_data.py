"""The data of the day page: each day as data for a picture, up to the present moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from device.history.day_words import (
    COLUMNS,
    IN_ENGLISH,
    SIGNS,
    breaks_and_sounds,
    columns_of,
    hours_of,
    in_words,
    lines_of,
    signs_of,
    taken_out,
)
from device.history.diary import COUNTED, Day, Days
from device.languages.phrases import Phrases
from device.words.durations import span_text
from device.words.facts import Away, BoutForgotten, Fact, FullBreak, Left
from device.words.instants import HOUR_S, between
from device.words.record import Run, Span

_OFFICE_HOURS = (8, 18)
"""What a picture without a day shows."""


@dataclass(frozen=True, slots=True)
class Present:
    """What a followed device has told, which the journal may not have yet."""

    began: float
    """The device's instant at which it was started."""
    at: float
    reads: datetime
    """What the device's clock shows at `at`."""
    right: bool
    """Its clock has been told the time."""
    seated: bool
    facts: Sequence[Fact]
    """The last facts, oldest first."""


def dated(present: Present, last: Run | None) -> Present:
    """If its clock isn't right, date the device no earlier than the journal's last run allows."""
    if present.right or last is None:
        return present
    since = present.began if last.began_s < present.began else last.seen_s
    guess = last.clock_reads + timedelta(seconds=between(since, present.at))
    return replace(present, reads=max(present.reads, guess))


def up_to_now(runs: Iterable[Run], present: Present | None) -> Iterator[Run]:
    """The runs of a journal, the last one continued with what the device has told since then."""
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
        # The device has been started since the last write to the journal.
        if last is not None:
            yield last
        last = Run((), present.began, present.at, None, present.reads)
    yield _continued(last, present)


def _continued(run: Run, present: Present) -> Run:
    written = {(fact.said, fact.t, fact.name) for fact in run.facts}
    since = run.facts[-1].said if run.facts else present.began
    # If the end of the run was deleted, what the device told up to there has to stay deleted.
    gone_till = run.seen_s if run.facts and _is_of_forgetting(run.facts[-1]) else present.began - 1
    newer = [
        fact
        for fact in present.facts
        if isinstance(fact, COUNTED)
        and gone_till < fact.said >= since
        and (fact.said, fact.t, fact.name) not in written
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
    """Whether the fact replaces deleted ones. A real `left` is noted some time after its instant."""
    return isinstance(fact, BoutForgotten) or (isinstance(fact, Left) and fact.said == fact.t)


def told_together(days: Days, say: Phrases = IN_ENGLISH) -> Mapping[str, Any]:
    """The days, and what a picture and a table of them need: `hours`, `signs` with their meaning, and `columns`."""
    return {
        "hours": hours_of(each.strip for each in days.values()) if days else _OFFICE_HOURS,
        "signs": [(sign, say(SIGNS[sign])) for sign in signs_of(days)],
        "columns": [say(heading) for heading in columns_of(days.values())],
        "days": told_days(days, say),
        **({"aways": [(first.isoformat(), last.isoformat()) for first, last in days.aways]} if days.aways else {}),
    }


def told_days(days: Days, say: Phrases = IN_ENGLISH) -> list[Mapping[str, Any]]:
    """Each day as an object. Times are hours since its midnight, so that readers needn't know about zones."""
    columns = columns_of(days.values())
    return [{**_told(day, each), **_said(each, columns, say)} for day, each in days.items()]


def _told(day: date, told: Day) -> Mapping[str, Any]:
    """Between two seated spans is a gap: begin, end, and True if it holds a full break."""
    strip = told.strip
    return {
        "day": day.isoformat(),
        "name": f"{day:%A}",
        "about": strip.about,
        "forgotten": told.forgotten,
        "figures": told.figures.as_data(),
        "areas": {area.replace("_", " "): count for area, count in sorted(told.areas.items())},
        "streak": told.streak,
        **({Away.name: True} if strip.away else {}),
        "seated": [_hours(span) for span in strip.seated],
        "doubtful": [_hours(span) for span in strip.doubtful],
        "gaps": [
            [*_hours(gap), any(fact == FullBreak.name and gap[0] <= at <= gap[1] for at, fact in strip.moments)]
            for gap in strip.gaps
        ],
        "moments": [(_hour(at), fact) for at, fact in strip.moments],
    }


def _said(told: Day, columns: Iterable[str], say: Phrases) -> Mapping[str, Any]:
    """The same in words."""
    return {
        "hours": hours_of([told.strip]),
        "in_words": in_words(told, say),
        "sat": span_text(told.figures.seated_s),
        "lines": [(line.name, line.value, line.more) for line in lines_of(told, say)],
        "cells": [COLUMNS[heading](told, say) for heading in columns],
        "taken_out": taken_out(told.forgotten, say),
        "breaks_and_sounds": breaks_and_sounds(told.figures, say),
    }


def _hours(span: Span) -> list[float]:
    return [_hour(span[0]), _hour(span[1])]


def _hour(at: float) -> float:
    return round(at / HOUR_S, 4)
