"""Collects what desks send: into the database first, and only then acknowledged."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from device.mqtt.client import Arrival
from device.office.chain import Chains
from device.office.office_file import Office
from device.office.post import HEARD_OF, FactPlace, Post, day_row, fact_row, place_of, post_of
from device.office.store import DAY, FACT, OfficeStore, RowError, StoreError
from device.office.told_weeks import keep_up
from device.teams.weeks import monday_of
from device.topics.day_message import DayMessage
from device.topics.fact_message import FactMessage
from device.topics.message_form import NoMessageError
from device.topics.names import Topics

_log = logging.getLogger(__name__)

KEEPS_S = 60 * 24 * 3600
"""How long the broker keeps messages for a collector that is away."""
_MOST = 500
"""So many are stored at once."""
_WITHIN_S = 0.2
"""The longest that one waits for others."""
_TRIES_EVERY_S = 5.0
_TIDIES_EVERY_S = 6 * 3600.0
_SAYS_EVERY_S = 60.0


class Acknowledging(Protocol):
    """The part of the client that a collector talks to."""

    def send(self, topic: str, payload: bytes) -> None:
        """To the broker."""
        ...

    def acknowledge(self, arrival: Arrival) -> None:
        """It is safe."""
        ...


class Collector:
    """An Attentive without sockets. The client hands it messages by its hooks."""

    def __init__(self, office: Office, store: OfficeStore) -> None:
        self._office, self._store = office, store
        self._waiting: list[Arrival] = []
        self._stores_at: float | None = None
        self._tidies_at = time.monotonic()
        self._chains = Chains()
        self._aside = _PutAside()
        self._is_troubled = False
        self.client: Acknowledging
        """To be set before anything comes."""

    @property
    def hears(self) -> Sequence[str]:
        """The filters of all topics that it wants to hear."""
        return [f"{self._office.broker.topic}/+/{end}" for end in HEARD_OF]

    # ---- what the client tells

    def take(self, arrival: Arrival) -> None:
        """A message has come; it is stored with others soon."""
        self._waiting.append(arrival)
        now = time.monotonic()
        if self._stores_at is None:
            self._stores_at = now + _WITHIN_S
        if len(self._waiting) >= _MOST and not self._is_troubled:
            self._stores_at = now

    def forget_unacknowledged(self) -> None:
        """The connection is lost. The broker sends again what wasn't acknowledged, under other numbers."""
        self._waiting.clear()
        if not self._is_troubled:
            self._stores_at = None

    # ---- in its time

    def wants(self) -> Mapping[int, int]:
        """No socket."""
        return {}

    @property
    def deadline(self) -> float | None:
        """When there is something to store, to order again or to tidy up."""
        # Without the database all of it waits for the next try; what is due already would keep us awake.
        times = [self._stores_at, self._aside.says_at]
        if not self._is_troubled:
            times += [self._chains.deadline, self._tidies_at]
        return min(each for each in times if each is not None)

    def attend(self, ready: Mapping[int, int], now: float) -> None:  # noqa: ARG002 - it has no sockets
        """Do what is due. When the database is away, all of it waits."""
        if self._aside.says_at is not None and now >= self._aside.says_at:
            self._aside.say(now)
        if self._is_troubled and (self._stores_at is None or now < self._stores_at):
            return
        try:
            self._work(now)
        except StoreError as error:
            self._say_trouble(error)
            self._stores_at = now + _TRIES_EVERY_S

    def store_now(self) -> None:
        """Store all that waits, before the end. What can't be stored comes again after the next start."""
        self._stores_at = 0.0
        self.attend({}, time.monotonic())

    def _work(self, now: float) -> None:
        if self._stores_at is not None and now >= self._stores_at:
            self._store_waiting(now)
        utc = datetime.now(UTC).replace(tzinfo=None)
        if now >= self._tidies_at:
            keep_up(self._store, self._office.keep_weeks, utc.date())
            self._tidies_at = now + _TIDIES_EVERY_S
        if self._chains.deadline is not None and now >= self._chains.deadline:
            self._order_again(now, utc)

    def _order_again(self, now: float, utc: datetime) -> None:
        for desk, order in self._chains.due_orders(self._store, self._first_days(utc.date(), None), now, utc):
            _log.info("%s is asked again for what is missing here", desk)
            self.client.send(Topics(self._office.broker.topic, desk).command("resend"), order.as_bytes())

    def _oldest(self, today: date) -> date:
        return monday_of(today) - timedelta(weeks=self._office.keep_weeks)

    def _first_days(self, today: date, among: Collection[str] | None) -> Mapping[str, date]:
        oldest = self._oldest(today)
        return {desk: max(since, oldest) for desk, since in self._store.enrolled(among).items()}

    # ---- storing

    def _store_waiting(self, now: float) -> None:
        arrivals = self._waiting
        utc = datetime.now(UTC).replace(tzinfo=None)
        read = [(arrival, post) for arrival in arrivals if (post := self._read(arrival, utc.date()))]
        first_days = self._first_days(utc.date(), {post.desk for _, post in read})
        posts = [(arrival, post) for arrival, post in read if self._is_enrolled(post, first_days)]
        try:
            self._store_rows([post for _, post in posts], first_days, now, utc)
        except RowError:
            # One by one, so that a row that the database never takes keeps no other one from it.
            for arrival, post in posts:
                self._store_alone(arrival, post, first_days, now, utc)
        self._say_well()
        for arrival in arrivals:
            self.client.acknowledge(arrival)
        self._waiting, self._stores_at = [], None

    def _read(self, arrival: Arrival, today: date) -> Post | None:
        if not arrival.payload:
            # The broker was told to keep nothing there any more.
            return None
        try:
            return post_of(self._office.broker.topic, arrival.topic, arrival.payload, today)
        except NoMessageError as error:
            self._aside.put(arrival.topic, str(error))
            return place_of(self._office.broker.topic, arrival.topic, arrival.payload)

    def _is_enrolled(self, post: Post, first_days: Mapping[str, date]) -> bool:
        if post.desk not in first_days and not isinstance(post.says, FactPlace):
            self._aside.put(post.desk, "the desk isn't enrolled")
        return post.desk in first_days

    def _store_alone(
        self, arrival: Arrival, post: Post, first_days: Mapping[str, date], now: float, utc: datetime
    ) -> None:
        try:
            self._store_rows([post], first_days, now, utc)
        except RowError as error:
            self._aside.put(arrival.topic, str(error))
            place = place_of(self._office.broker.topic, arrival.topic, arrival.payload)
            if place is not None and not isinstance(post.says, FactPlace):
                self._store_alone(arrival, place, first_days, now, utc)

    def _store_rows(self, posts: Sequence[Post], first_days: Mapping[str, date], now: float, utc: datetime) -> None:
        today = datetime.now().astimezone().date()
        days = [day_row(each.desk, each.says, utc) for each in posts if isinstance(each.says, DayMessage)]
        facts = [fact_row(each.desk, each.says, today) for each in posts if isinstance(each.says, FactMessage)]
        with self._store.changing() as connection:
            self._store.insert(connection, DAY, [row for row in days if row["day"] >= first_days[row["desk"]]])
            self._store.insert(connection, FACT, [row for row in facts if row["day"] >= first_days[row["desk"]]])
            self._chains.follow(self._store, connection, posts, now)
        self._chains.suspect(posts, now)

    def _say_trouble(self, error: StoreError) -> None:
        if not self._is_troubled:
            _log.warning("nothing can be stored now; it waits at the broker and comes later: %s", error)
        self._is_troubled = True

    def _say_well(self) -> None:
        if self._is_troubled:
            _log.info("storing works again")
        self._is_troubled = False


class _PutAside:
    """What can't be stored is counted, and said now and then: the first at once, others once a minute."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._last_topic = ""
        self._said_at = -_SAYS_EVERY_S

    @property
    def says_at(self) -> float | None:
        """When to say it."""
        return self._said_at + _SAYS_EVERY_S if self._counts else None

    def put(self, topic: str, why: str) -> None:
        """One more."""
        self._counts[why] += 1
        self._last_topic = topic

    def say(self, now: float) -> None:
        """Say it, and count anew."""
        reasons = "; ".join(f"{count}: {why}" for why, count in self._counts.most_common(5))
        count = self._counts.total()
        messages = f"{count} message{'s' * (count != 1)}"
        _log.warning("put aside %s (%s), the last on %.100r", messages, reasons, self._last_topic)
        self._counts.clear()
        self._said_at = now
