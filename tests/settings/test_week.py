"""Tests of the hours of the week."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.settings.week import ALL_DAY, DAYS, are_day_hours, begins_after, bounds_of, is_within

MONDAY = datetime(2026, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "09:00-12:00",
        "09:00-12:00, 13:00-18:00",
        "09:00-12:00,12:00-18:00",
        ALL_DAY,
        "22:00-06:00",
        "08:00-09:00, 22:00-02:00",
    ],
)
def test_hours_of_a_day_rise_and_the_last_may_go_past_midnight(text: str) -> None:
    assert are_day_hours(text)


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "9-12",
        "09:00-25:00",
        "13:00-18:00, 09:00-12:00",
        "09:00-13:00, 12:00-18:00",
        "22:00-06:00, 23:00-24:00",
        "09:00-12:00;13:00-18:00",
        ",",
        "09:00-12:00,",
        "24:00-24:00",
    ],
)
def test_other_texts_are_no_hours_of_a_day(text: str) -> None:
    assert not are_day_hours(text)


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    week = {"mon": "08:00-09:00, 22:00-02:00"}
    within = [hour for hour in range(24 * 7) if is_within(MONDAY + timedelta(hours=hour), week)]
    assert within == [8, 22, 23, 24, 25]


def test_those_of_sunday_night_go_on_on_monday() -> None:
    assert is_within(MONDAY + timedelta(hours=1), {"sun": "22:00-02:00"})


@given(st.integers(0, 7 * 24 * 60 - 1), st.integers(0, 23), st.integers(0, 23), st.sampled_from(DAYS))
def test_whether_it_is_within_changes_only_at_a_bound(minute: int, opens: int, closes: int, day: str) -> None:
    week = {day: f"{opens:02}:30-{closes:02}:30" if opens != closes else ALL_DAY}
    at = MONDAY + timedelta(minutes=minute)
    before = at - timedelta(minutes=1)
    assert is_within(at, week) is is_within(before, week) or f"{at:%H:%M}" in bounds_of(week)


@given(st.integers(0, 7 * 24 * 60 - 1), st.integers(0, 23), st.integers(0, 23), st.sampled_from(DAYS))
def test_the_next_beginning_is_the_first_minute_within_that_comes(
    minute: int, opens: int, closes: int, day: str
) -> None:
    week = {day: f"{opens:02}:30-{closes:02}:30" if opens != closes else ALL_DAY}
    at = MONDAY + timedelta(minutes=minute)
    begins = begins_after(at, week)
    assert at < begins <= at + timedelta(days=7)
    assert is_within(begins, week)
    assert not is_within(begins - timedelta(minutes=1), week)
