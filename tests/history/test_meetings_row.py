"""Rows of meetings: what is written is read, and what is broken is one clear line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.history.day_file import DayFileError, read_day
from device.history.meetings_row import are_meetings, meetings_at, meetings_text
from device.words.events import MeetingsTold

SPAN = "2026-03-02T09:00:00+00:00/2026-03-02T10:00:00+00:00"
instants = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.astimezone(timezone(timedelta(hours=5, minutes=45)))
)
spans = st.tuples(instants, st.timedeltas(timedelta(microseconds=1), timedelta(days=300))).map(
    lambda each: (each[0], each[0] + each[1])
)


@given(st.lists(spans, max_size=500))
def test_meetings_come_back_from_their_text_as_they_were(told: list[tuple[datetime, datetime]]) -> None:
    event = MeetingsTold(7.0, tuple(told))
    assert meetings_at(7.0, meetings_text(event)) == event


BROKEN = [
    "2026-03-02T09:00:00+00:00",
    "2026-03-02T09:00:00+00:00/",
    "/",
    "lunch",
    "2026-03-02T09:00:00/2026-03-02T10:00:00",
    "2026-03-02T09:00:00+00:00/2026-03-02T10:00:00",
    "2026-03-02T10:00:00+00:00/2026-03-02T09:00:00+00:00",
    "2026-03-02T09:00:00+00:00/2026-03-02T09:00:00+00:00",
    "0001-01-01T00:00:00+14:00/9999-12-31T23:59:59-14:00",
    "1969-12-31T23:00:00+00:00/1970-01-01T01:00:00+00:00",
    f"{SPAN}/2026-03-02T11:00:00+00:00",
    f"{SPAN} x",
    " ".join([SPAN] * 501),
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_row_is_one_clear_line(text: str, tmp_path: Path) -> None:
    assert not are_meetings(text)
    file = tmp_path / "day.csv"
    file.write_text(f"t,input,value\n0,clock,2026-03-02T08:00:00+00:00\n5,meetings,{text}\n9,end,\n")
    with pytest.raises(DayFileError) as refused:
        read_day(file)
    said = str(refused.value)
    assert said.startswith(f"{file}: line 3: meetings ")
    assert "allowed" in said or "must be spans of the years 1970 to 2199 with their zone" in said
    assert "\n" not in said
    assert len(said) < 300


def test_rows_of_meetings_are_read_also_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    many = " ".join([SPAN] * 500)
    file.write_text(f"t,input,value\n0,meetings,{SPAN}\n5,meetings,\n7,meetings,{many}\n9,end,\n")
    assert [row.value for row in read_day(file).rows] == [SPAN, "", many]
