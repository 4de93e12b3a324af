"""Hours of the week: how a person writes them, and whether a local time lies in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Week = Mapping[str, str]
"""The hours of each day, such as `09:00-12:00, 13:00-18:00`; empty for none. Days that are missing have none."""
ALL_DAY = "00:00-24:00"
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")
_DAY_MIN = 24 * 60


def are_day_hours(text: str) -> bool:
    """Whether these are hours of a day that rise and don't overlap; only the last span may go past midnight."""
    spans = [each.strip() for each in text.split(",")] if text else []
    if not all(_SPAN.fullmatch(each) for each in spans):
        return False
    bounds = [bound for span in _spans(text) for bound in span]
    rises = all(earlier <= later for earlier, later in pairwise(bounds))
    return rises and all(opens < closes <= opens + _DAY_MIN for opens, closes in _spans(text))


def is_within(at: datetime, week: Week) -> bool:
    """Whether the local time lies in the hours. Those that go past midnight belong to the day on which they begin."""
    minute = at.hour * 60 + at.minute
    today, yesterday = (_spans(week.get(DAYS[day.weekday()], "")) for day in (at, at - timedelta(days=1)))
    begun_today = any(opens <= minute < closes for opens, closes in today)
    return begun_today or any(minute + _DAY_MIN < closes for _, closes in yesterday)


def begins_after(at: datetime, week: Week) -> datetime:
    """When hours begin next after that local time; some day has to have some."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=nth) for nth in range(8)]
    begins = [day + timedelta(minutes=opens) for day in days for opens, _ in _spans(week.get(DAYS[day.weekday()], ""))]
    return min(each for each in begins if each > at)


def bounds_of(week: Week) -> set[str]:
    """The local times at which hours begin or end on some day, as `HH:MM`."""
    minutes = {bound % _DAY_MIN for text in week.values() for span in _spans(text) for bound in span}
    return {f"{minute // 60:02}:{minute % 60:02}" for minute in minutes}


def _spans(text: str) -> list[tuple[int, int]]:
    """Each span in minutes from the day's midnight; past midnight the end is over 24 hours."""
    found = []
    for span in _SPAN.finditer(text):
        opens_h, opens_min, closes_h, closes_min = span.groups()
        opens = int(opens_h) * 60 + int(opens_min)
        closes = _DAY_MIN if closes_h is None else int(closes_h) * 60 + int(closes_min)
        found.append((opens, closes if closes > opens else closes + _DAY_MIN))
    return found
