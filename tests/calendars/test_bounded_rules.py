"""Rules by days and weeks are read from near, and have what they have when walked through from their start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from device.calendars.reading import read_calendar

ZONE = ZoneInfo("Europe/Berlin")
SINCE = datetime(2026, 10, 22, 18, tzinfo=UTC)
"""The clocks change within the week."""
WEEK = timedelta(days=7)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw: st.DrawFn) -> str:
    parts = [f"FREQ={draw(st.sampled_from(('DAILY', 'WEEKLY', 'weekly')))}"]
    parts += [f"INTERVAL={draw(st.integers(1, 40))}"] * draw(st.booleans())
    parts += [f"BYDAY={','.join(draw(st.sets(st.sampled_from(DAYS), min_size=1)))}"] * draw(st.booleans())
    parts += [f"WKST={draw(st.sampled_from(DAYS))}"] * draw(st.booleans())
    parts += [f"BYMONTH={draw(st.sampled_from(('10', '1,10', '5')))}"] * draw(st.booleans())
    parts += [f"COUNT={draw(st.integers(1, 2000))}"] * draw(st.booleans())
    return ";".join(parts)


@given(rules(), st.datetimes(datetime(2019, 1, 1), datetime(2026, 12, 31)))
def test_a_rule_read_from_near_has_what_it_has_from_its_start(rule: str, start: datetime) -> None:
    start = start.replace(microsecond=0, tzinfo=ZONE)
    calendar = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}\r\nDURATION:PT20M\r\nRRULE:{rule}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    found = read_calendar(calendar.encode(), ZONE, SINCE, SINCE + WEEK).spans
    walked = rrulestr(rule.upper(), dtstart=start).between(SINCE - timedelta(days=1), SINCE + WEEK, inc=True)
    within = (each.astimezone(UTC) for each in (start, *walked))
    assert {each[0] for each in found} == {
        each for each in within if each + timedelta(minutes=20) > SINCE and each <= SINCE + WEEK
    }


def test_a_rule_of_many_years_takes_no_longer_than_one_of_last_week() -> None:
    event = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTART:00010101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"
    calendar = f"BEGIN:VCALENDAR\r\n{''.join(event.format(number) for number in range(50))}END:VCALENDAR\r\n"
    found = read_calendar(calendar.encode(), ZONE, SINCE, SINCE + WEEK)
    assert (len(found.spans), found.passed_over) == (7, 0)
