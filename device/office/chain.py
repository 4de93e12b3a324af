"""Up to where nothing is missing of what desks have sent, and what to order again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sql

from device.office.post import Post
from device.office.store import DAY, HEARD, OfficeStore, Row
from device.topics.fact_message import FactMessage
from device.topics.message_form import FactId
from device.topics.sent_message import SendAgain, Sent

Book: TypeAlias = tuple[str, str]
"""A desk, and the name of its journal."""
_WAITS_S = 30.0
"""What seems to be missing may be on its way."""
_LONGEST_S = 3600.0
_AT_ONCE = 100
"""So many are looked for, then messages come first again."""
_APART = timedelta(seconds=20)
"""Another collector may have ordered it already."""


def whole_to(heard: FactId | None, says: FactMessage) -> FactId | None:
    """Up to where nothing is missing once this has come; as before if something is missing before it."""
    # What the desk has forgotten itself needs no word: asked again, it goes on from what it was asked for.
    if says.after is None or (heard is not None and says.after <= heard):
        return says.id if heard is None else max(heard, says.id)
    return heard


@dataclass(slots=True)
class Lack:
    """Something seems to be missing: a fact, a day, or both."""

    looks_at: float
    """When to see whether it has come, in monotonic seconds."""
    fact: FactId | None = None
    day: date | None = None
    orders: int = 0

    def look_again(self, now: float) -> None:
        """It was ordered: look after a while, twice as long each time."""
        self.orders += 1
        self.looks_at = now + min(_WAITS_S * 2.0**self.orders, _LONGEST_S)


@dataclass(slots=True)
class Chains:
    """What this collector believes to be missing, by desk and journal."""

    lacks: dict[Book, Lack] = field(default_factory=dict)

    @property
    def deadline(self) -> float | None:
        """When to look."""
        return min((each.looks_at for each in self.lacks.values()), default=None)

    def follow(self, store: OfficeStore, connection: sql.Connection, posts: Iterable[Post], now: float) -> None:
        """Write down up to where nothing is missing now; within the transaction that stores the same messages."""
        facts = [(each.desk, each.says) for each in posts if isinstance(each.says, FactMessage)]
        heard = _heard(connection, {desk for desk, _ in facts})
        moved: dict[Book, FactId] = {}
        for desk, says in facts:
            book = desk, says.book
            before = moved.get(book) or heard.get(book)
            whole = whole_to(before, says)
            if whole is not None and whole != before:
                moved[book] = whole
            if whole is None or whole < says.id:
                self._suspect(book, now, fact=says.id)
        _write_heard(store, connection, moved)

    def suspect(self, posts: Iterable[Post], now: float) -> None:
        """Note what desks say to have sent; after a while it must have come."""
        for each in posts:
            if isinstance(each.says, Sent) and (each.says.facts or each.says.days):
                self._suspect((each.desk, each.says.book), now, fact=each.says.facts, day=each.says.days)

    def _suspect(self, book: Book, now: float, *, fact: FactId | None = None, day: date | None = None) -> None:
        lack = self.lacks.setdefault(book, Lack(now + _WAITS_S))
        lack.fact = max(filter(None, (lack.fact, fact)), default=None)
        lack.day = max(filter(None, (lack.day, day)), default=None)

    # ---- ordering

    def due_orders(
        self, store: OfficeStore, first_days: Mapping[str, date], now: float, utc: datetime
    ) -> Mapping[str, SendAgain]:
        """What is still missing, by desk; the rest is dropped. Raises StoreError.

        `first_days` are those from which on anything of a desk is kept; others aren't enrolled.
        """
        looked = [(book, each) for book, each in self.lacks.items() if each.looks_at <= now]
        orders = {}
        for book, lack in looked[:_AT_ONCE]:
            desk, name = book
            order = _order(store, name, lack, desk, first_days[desk]) if desk in first_days else None
            if order is None:
                del self.lacks[book]
                continue
            lack.look_again(now)
            if _takes_turn(store, book, utc):
                orders[desk] = order
        return orders


def _order(store: OfficeStore, book: str, lack: Lack, desk: str, first: date) -> SendAgain | None:
    """What to order; None if nothing is missing."""
    with store.reading() as connection:
        heard = _heard(connection, {desk}).get((desk, book))
        before, is_there = _days_around(connection, desk, lack.day)
    facts = lack.fact is not None and (heard is None or heard < lack.fact)
    days = lack.day is not None and lack.day >= first and not is_there
    return SendAgain(book, heard, before, facts=facts, days=days) if facts or days else None


def _days_around(connection: sql.Connection, desk: str, day: date | None) -> tuple[date | None, bool]:
    """The last day that is there before that one, and whether that one is."""
    if day is None:
        return None, True
    own = sql.select(sql.func.max(DAY.c.day)).where(DAY.c.desk == desk)
    before = connection.execute(own.where(DAY.c.day < day)).scalar()
    return before, connection.execute(own.where(DAY.c.day == day)).scalar() is not None


def _takes_turn(store: OfficeStore, book: Book, utc: datetime) -> bool:
    """Whether it is for this collector to order it: no other one did so lately."""
    mine = (HEARD.c.desk == book[0]) & (HEARD.c.book == book[1])
    free = HEARD.c.asked.is_(None) | (HEARD.c.asked < utc - _APART)
    with store.changing() as connection:
        store.insert(connection, HEARD, [_heard_row(book, None)])
        return connection.execute(sql.update(HEARD).where(mine & free).values(asked=utc)).rowcount > 0


# ---- rows


def _heard(connection: sql.Connection, desks: Iterable[str]) -> dict[Book, FactId]:
    asked = sql.select(HEARD).where(HEARD.c.desk.in_(list(desks)), HEARD.c.run.is_not(None))
    return {(row.desk, row.book): FactId(row.run, row.nth) for row in connection.execute(asked)}


def _heard_row(book: Book, whole: FactId | None) -> Row:
    run, nth = whole or (None, None)
    return {"desk": book[0], "book": book[1], "run": run, "nth": nth, "asked": None}


def _write_heard(store: OfficeStore, connection: sql.Connection, moved: Mapping[Book, FactId]) -> None:
    """Another collector may have come further meanwhile."""
    store.insert(connection, HEARD, [_heard_row(book, None) for book in moved])
    mine = (HEARD.c.desk == sql.bindparam("of_desk")) & (HEARD.c.book == sql.bindparam("of_book"))
    run: sql.BindParameter[int] = sql.bindparam("to_run")
    nth: sql.BindParameter[int] = sql.bindparam("to_nth")
    behind = HEARD.c.run.is_(None) | (HEARD.c.run < run) | ((HEARD.c.run == run) & (HEARD.c.nth < nth))
    rows = [
        {"of_desk": desk, "of_book": book, "to_run": to.run, "to_nth": to.nth}
        for (desk, book), to in sorted(moved.items())
    ]
    if rows:
        connection.execute(sql.update(HEARD).where(mine & behind).values(run=run, nth=nth), rows)
