"""What a recorded day does at the simulated desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from device.desk.recorded import moments_of
from device.history.day_file import DayRow, RecordedDay
from device.words.events import Event, MeetingsTold

SPAN = "2026-03-02T09:00:00+00:00/2026-03-02T10:00:00+00:00"
NINE, TEN = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_the_meetings_that_a_day_begins_with_are_told_at_the_desk_too() -> None:
    day = RecordedDay((DayRow(0.0, "meetings", SPAN), DayRow(5.0, "meetings", "")), 9.0)
    told: list[Event] = []

    def tell(make: Callable[[float], Event]) -> None:
        told.append(make(1.0))

    for moment in moments_of(day, lambda _: None, tell, lambda _: None, lambda *_: None):
        moment.do()
    assert told == [MeetingsTold(1.0, ((NINE, TEN),)), MeetingsTold(1.0, ())]
