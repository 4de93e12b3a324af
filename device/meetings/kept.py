"""What the reader of calendars remembers of each: the last good spans, far enough ahead, and when to ask again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from device.files.complaint import in_a_line
from device.files.user_file import UserFileError, user_text
from device.meetings.fetching import Marks
from device.meetings.own_file import write_for_owner
from device.meetings.spans_file import LONGEST_TROUBLE
from device.words.events import Span

_MOST_BYTES = 8_000_000
_NAME = "kept.json"


@dataclass(frozen=True, slots=True)
class KeptCalendar:
    """A calendar as it was read last."""

    source: str = ""
    """Changes when the calendar's address does; then nothing else here holds."""
    zone: str = ""
    """The zone of this computer then. In another one the calendar has to be read anew, though it is as it was."""
    read: datetime | None = None
    """When it was last found as it is now."""
    whole: datetime | None = None
    """When it was last sent whole."""
    spans: tuple[Span, ...] = ()
    passed_over: int = 0
    marks: Marks = field(default_factory=Marks)
    trouble: str | None = None
    failures: int = 0
    """How often in a row it couldn't be read."""
    again: datetime | None = None
    """Not to be asked before."""


def read_kept(folder: Path) -> Mapping[str, KeptCalendar]:
    """By the calendar's name; nothing if there is nothing, or it makes no sense."""
    try:
        told = json.loads(user_text(folder / _NAME, most_bytes=_MOST_BYTES))
        return {name: _kept(each) for name, each in told.items()}
    except (UserFileError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return {}


def write_kept(folder: Path, kept: Mapping[str, KeptCalendar]) -> None:
    """Write it in place of what is there. Raises OSError."""
    told = {name: _told(each) for name, each in kept.items()}
    write_for_owner(folder / _NAME, json.dumps(told).encode())


def _told(kept: KeptCalendar) -> Mapping[str, Any]:
    return {
        "source": kept.source,
        "zone": kept.zone,
        "spans": [[_iso(start), _iso(end)] for start, end in kept.spans],
        "passed_over": kept.passed_over,
        "marks": [kept.marks.etag, kept.marks.modified],
        "trouble": kept.trouble,
        "failures": kept.failures,
        **{name: at and _iso(at) for name, at in (("read", kept.read), ("whole", kept.whole), ("again", kept.again))},
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _kept(told: Any) -> KeptCalendar:
    etag, modified = told["marks"]
    return KeptCalendar(
        source=str(told["source"]),
        zone=str(told["zone"]),
        spans=tuple((_at(start), _at(end)) for start, end in told["spans"]),
        passed_over=int(told["passed_over"]),
        marks=Marks(str(etag), str(modified)),
        trouble=told["trouble"] and in_a_line(told["trouble"])[:LONGEST_TROUBLE],
        failures=int(told["failures"]),
        read=told["read"] and _at(told["read"]),
        whole=told["whole"] and _at(told["whole"]),
        again=told["again"] and _at(told["again"]),
    )


def _at(told: str) -> datetime:
    at = datetime.fromisoformat(told)
    if at.tzinfo is None:
        raise ValueError("this is no instant")
    return at.astimezone(UTC)
