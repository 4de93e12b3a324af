"""Weeks from Monday to Sunday: their names, and which of them are closed. A week is written as its Monday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

_WEEK = timedelta(days=7)
_LATE = timedelta(days=2)
"""How long a closed week waits for days that come late."""


def monday_of(day: date) -> date:
    """The week of that day."""
    return day - timedelta(days=day.weekday())


def days_of(monday: date) -> tuple[date, date]:
    """The first day of the week, and the first day after it."""
    return monday, monday + _WEEK


def week_name(monday: date) -> str:
    """Its name as ISO 8601 has it, such as 2026-W09."""
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def last_closed(today: date) -> date:
    """The latest week that is closed: from the Wednesday after it on."""
    return monday_of(today - _LATE) - _WEEK


def weeks_to(monday: date, count: int) -> Sequence[date]:
    """That week with the ones before it, oldest first: `count` in all."""
    return [monday - nth * _WEEK for nth in reversed(range(count))]
