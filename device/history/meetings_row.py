"""The meetings that the device was told, as the text of a row in a day file and in the journal."""

from __future__ import annotations

from datetime import UTC, datetime

from device.words.events import MeetingsTold

_MOST = 500


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
        if span[0] < span[1]:
            return span
    except (ValueError, TypeError):
        # Without a zone two instants can't be compared.
        pass
    raise ValueError("must be spans with their zone, such as 2026-03-02T09:00:00+00:00/2026-03-02T10:00:00+00:00")
