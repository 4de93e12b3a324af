"""The small odd calendars, what each of them says, and a second reader of calendars that none of ours is part of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ical.calendar_stream import IcsCalendarStream

from device.words.events import Span

FOLDER = Path(__file__).parent / "oddities"
ZONE = ZoneInfo("Europe/Berlin")
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Oddity:
    """A file, and what is expected of it."""

    name: str
    since: datetime
    spans: tuple[Span, ...]
    passed_over: int
    broken: str
    other: str

    @property
    def data(self) -> bytes:
        return (FOLDER / f"{self.name}.ics").read_bytes()


def oddities() -> Iterator[Oddity]:
    """All of them."""
    for name, row in tomllib.loads((FOLDER / "expected.toml").read_text("utf-8")).items():
        since = datetime.fromisoformat(f"{row.get('since', '2026-11-29')}T18:00+00:00")
        spans = tuple(sorted(_span(each, since) for each in row.get("spans", "").split()))
        yield Oddity(name, since, spans, row.get("passed_over", 0), row.get("broken", ""), row.get("other", ""))


def _span(text: str, since: datetime) -> Span:
    """A span such as `30@9-10:30`."""
    day, *hours = re.split("[@-]", text)
    midnight = next(
        each for each in (since.replace(hour=0) + timedelta(days=count) for count in range(9)) if each.day == int(day)
    )
    start, end = (midnight + _clock(each) for each in hours)
    return start, end


def _clock(text: str) -> timedelta:
    hours, minutes, seconds = (*map(int, text.split(":")), 0, 0)[:3]
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


HANGS = "never ends"
"""The beginning of `other` where the second reader isn't even asked."""


def second_reading(data: bytes, since: datetime) -> tuple[Span, ...]:
    """What the library ical makes of the same file, with the plainest rules for who is busy. Raises anything."""
    spans = set()
    for calendar in IcsCalendarStream.from_ics(data.decode("utf-8-sig")).calendars:
        for event in calendar.timeline_tz(ZONE).overlapping(since, since + WEEK + timedelta(seconds=1)):
            extras = {each.name: each.value for each in event.extras}
            is_free = event.transparency == "TRANSPARENT" or extras.get("x-microsoft-cdo-busystatus", "BUSY") in (
                *("FREE", "OOF", "WORKINGELSEWHERE"),
            )
            if is_free or event.status == "CANCELLED" or not isinstance(event.dtstart, datetime):
                continue
            start, end = (_instant(each) for each in (event.start, event.end))
            if start < end and end - start < timedelta(days=1):
                spans.add((start, end))
    return tuple(sorted(spans))


def _instant(when: date) -> datetime:
    assert isinstance(when, datetime)
    return (when if when.tzinfo else when.replace(tzinfo=ZONE)).astimezone(UTC)
