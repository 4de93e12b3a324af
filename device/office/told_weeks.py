"""The weeks that the report has told, kept as they were shown; and the upkeep of what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

from device.office.store import OfficeStore, StoreError
from device.teams.figures import DeskDay
from device.teams.told_week import ToldWeek, tell, told_from
from device.teams.weeks import days_of, last_closed, monday_of, week_name

TOLD_FOR = timedelta(weeks=260)
"""How much longer told weeks are kept than days: no week can be told twice."""


def told_week(store: OfficeStore, monday: date, today: date) -> ToldWeek:
    """What that week tells: as it was told before, else as its days are now, which is kept.

    A week that isn't closed yet, and one without any day, tells nothing. Raises StoreError.
    """
    known = store.told(monday)
    if known is None and monday <= last_closed(today):
        days = list(_days(store, monday))
        # A week of which nothing has come yet may still be told.
        known = store.keep_told(monday, json.dumps(tell(monday, days).as_data())) if days else None
    try:
        return tell(monday, ()) if known is None else told_from(monday, json.loads(known))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{store.shown}: what it told about {week_name(monday)} makes no sense") from error


def _days(store: OfficeStore, monday: date) -> Iterator[DeskDay]:
    for row in store.days(*days_of(monday)):
        yield DeskDay(row.desk, row.team, row.day, row.seated_min, row.longest_min, row.dues, row.taken)


def keep_up(store: OfficeStore, keep_weeks: int, today: date) -> int:
    """Delete whole weeks that are too old, each told before; returns how many rows that was. Raises StoreError."""
    oldest = monday_of(today) - timedelta(weeks=keep_weeks)
    for monday in sorted({monday_of(day) for day in store.days_before(oldest)}):
        told_week(store, monday, today)
    store.delete_told_before(oldest - TOLD_FOR)
    return store.delete_before(oldest)
