"""Weeks by ISO 8601, and when they are closed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.teams.weeks import days_of, last_closed, monday_of, week_name, weeks_to


@pytest.mark.parametrize(
    ("today", "closed"),
    [("2026-11-23", "2026-11-09"), ("2026-11-24", "2026-11-09"), ("2026-11-25", "2026-11-16"),
     ("2026-11-29", "2026-11-16"), ("2027-01-06", "2026-12-28")],
)  # fmt: skip
def test_a_week_is_closed_from_the_wednesday_after_it_on(today: str, closed: str) -> None:
    assert last_closed(date.fromisoformat(today)) == date.fromisoformat(closed)


@given(st.dates(date(1990, 1, 1), date(2199, 1, 1)))
def test_no_closed_week_has_a_day_that_may_still_come_by_the_rules(today: date) -> None:
    first, after = days_of(last_closed(today))
    assert first.weekday() == 0
    assert after + timedelta(days=2) <= today < after + timedelta(days=9)
    assert monday_of(first) == monday_of(after - timedelta(days=1)) == first


def test_weeks_have_the_names_of_iso_8601() -> None:
    assert week_name(date(2026, 12, 28)) == "2026-W53"
    assert week_name(date(2026, 3, 2)) == "2026-W10"
    assert week_name(date(2025, 12, 29)) == "2026-W01"


def test_weeks_come_oldest_first() -> None:
    assert list(weeks_to(date(2026, 11, 16), 3)) == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]


def test_a_week_goes_from_monday_to_the_next() -> None:
    assert days_of(monday_of(date(2026, 11, 22))) == (date(2026, 11, 16), date(2026, 11, 23))
