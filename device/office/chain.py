"""Up to where nothing is missing of what desks have sent, and what to order again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sql

from device.office.post import FactPlace, Post
from device.office.store import DAY, HEARD, OfficeStore, Row
from device.topics.fact_message import FactMessage
from device.topics.message_form import FactId
from device.topics.sent_message import SendAgain, Sent

Book: TypeAlias = tuple[str, str]
"""A desk, and the name of its journal."""
_WAITS_S = 30.0
"""What seems to be missing may be on its way."""
_LONGEST_S = 3600.0
_MOST_ORDERS = 200
"""A day that hasn't come after so many orders, more than a week of them, doesn't come: the desk has forgotten it."""
_MOST_DAYS = 400
_AT_ONCE = 100
"""So many are looked for, then messages come first again."""
_APART = timedelta(seconds=20)
"""Another collector may have ordered it already."""


def whole_to(heard: FactId | None, says: FactMessage | FactPlace) -> FactId | None:
    """Up to where nothing is missing once this has come; as before if something is missing before it."""
    # What the desk has forgotten itself needs no word: asked again, it goes on from what it was asked for.
    if says.after is None or (heard is not None and says.after <= heard):
        return says.id if heard is None else max(heard, says.id)
    return heard


@dataclass(slots=True)
class Lack:
    """Something seems to be missing: a fact, days, or both."""

    looks_at: float
    """When to see whether it has come, in monotonic seconds."""
    fact: FactId | None = None
    days: dict[date, int] = field(default_factory=dict)
    """Each with how often it was ordered."""
    orders: int = 0

    def add_day(self, day: date) -> None:
        """This one must be there, too."""
        self.days.setdefault(day, 0)
        if len(self.days) > _MOST_DAYS:
            del self.days[min(self.days)]

    def keep_days(self, since: date, stored: Collection[date]) -> None:
        """Leave out those that are there, too old, or ordered in vain too often."""
        wanted = {day: orders for day, orders in self.days.items() if day >= since and day not in stored}
        self.days = {day: orders for day, orders in wanted.items() if orders < _MOST_ORDERS}

    def look_again(self, now: float) -> None:
        """It was ordered: look after a while, twice as long each time."""
        self.orders += 1
        self.days = {day: orders + 1 for day, orders in self.days.items()}
        self.looks_at = now + min(_WAITS_S * 2.0 ** min(self.orders, 10), _LONGEST_S)


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
        facts = [(each.desk, each.says) for each in posts if isinstance(each.says, FactMessage | FactPlace)]
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
            if not isinstance(each.says, Sent):
                continue
            self._drop_others(each.desk, each.says.book)
            if each.says.facts or each.says.days:
                self._suspect((each.desk, each.says.book), now, fact=each.says.facts, day=each.says.days)

    def _drop_others(self, desk: str, book: str) -> None:
        """The desk has that journal now, and passes over orders about another one."""
        for other in [each for each in self.lacks if each[0] == desk and each[1] != book]:
            del self.lacks[other]

    def _suspect(self, book: Book, now: float, *, fact: FactId | None = None, day: date | None = None) -> None:
        lack = self.lacks.setdefault(book, Lack(now + _WAITS_S))
        lack.fact = max(filter(None, (lack.fact, fact)), default=None)
        if day is not None:
            lack.add_day(day)

    # ---- ordering

    def due_orders(
        self, store: OfficeStore, first_days: Mapping[str, date], now: float, utc: datetime
    ) -> Sequence[tuple[str, SendAgain]]:
        """What is still missing, each with its desk; the rest is dropped. Raises StoreError.

        `first_days` are those from which on anything of a desk is kept; others aren't enrolled.
        """
        looked = [(book, each) for book, each in self.lacks.items() if each.looks_at <= now]
        orders = []
        for book, lack in looked[:_AT_ONCE]:
            desk, name = book
            order = _order(store, name, lack, desk, first_days[desk]) if desk in first_days else None
            if order is None:
                del self.lacks[book]
                continue
            lack.look_again(now)
            if _takes_turn(store, book, utc):
                orders.append((desk, order))
        return orders


def _order(store: OfficeStore, book: str, lack: Lack, desk: str, first: date) -> SendAgain | None:
    """What to order; None if nothing is missing."""
    with store.reading() as connection:
        heard = _heard(connection, {desk}).get((desk, book))
        lack.keep_days(first, _stored_among(connection, desk, lack.days))
        before = _last_before(connection, desk, min(lack.days, default=first))
    facts = lack.fact is not None and (heard is None or heard < lack.fact)
    days = bool(lack.days)
    return SendAgain(book, heard, before, facts=facts, days=days) if facts or days else None


def _stored_among(connection: sql.Connection, desk: str, days: Collection[date]) -> Collection[date]:
    asked = sql.select(DAY.c.day).where(DAY.c.desk == desk, DAY.c.day.in_(list(days)))
    return set(connection.execute(asked).scalars())


def _last_before(connection: sql.Connection, desk: str, day: date) -> date | None:
    """The last day that is there before that one."""
    asked = sql.select(sql.func.max(DAY.c.day)).where(DAY.c.desk == desk, DAY.c.day < day)
    return connection.execute(asked).scalar()


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
