"""The meetings that the device was told, as the text of a row in a day file and in the journal."""

from __future__ import annotations

from datetime import UTC, datetime

from device.words.events import MeetingsTold

_MOST = 500
_YEARS = range(1970, 2200)
"""Far from the limits of `datetime`."""


def meetings_text(told: MeetingsTold) -> str:
    """The beginning and the end of each in UTC, such as `2026-03-02T09:00:00+00:00/2026-03-02T10:00:00+00:00`."""
    return " ".join("/".join(bound.astimezone(UTC).isoformat() for bound in span) for span in told.spans)


def meetings_at(at: float, text: str) -> MeetingsTold:
    """The opposite of `meetings_text`. Raises ValueError."""
    spans = text.split()
    if len(spans) > _MOST:
        raise ValueError(f"are {len(spans)}; allowed: up to {_MOST}")
    return MeetingsTold(at, tuple(_span(each) for each in spans))


def are_meetings(text: str) -> bool:
    """Whether `meetings_at` takes it."""
    try:
        meetings_at(0.0, text)
    except ValueError:
        return False
    return True


def _span(text: str) -> tuple[datetime, datetime]:
    begins, _, ends = text.partition("/")
    try:
        span = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    except ValueError:
        span = None
    if span is not None and all(bound.tzinfo and bound.year in _YEARS for bound in span) and span[0] < span[1]:
        return span
    shown = "2026-03-02T09:00:00+00:00/2026-03-02T10:00:00+00:00"
    raise ValueError(f"must be spans of the years 1970 to 2199 with their zone, such as {shown}")
