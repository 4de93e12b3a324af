"""A broker, an office that collects from it, and desks that send, in one thread or as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sql

from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.office.collecting import Collector
from device.office.office_file import Office, load_office
from device.office.session import connection_of, office_broker
from device.office.store import DAY, FACT, OfficeStore
from device.topics.day_message import DayMessage
from device.topics.fact_message import FactMessage
from device.topics.message_form import FactId
from device.topics.names import Topics
from tests.mosquitto import Mosquitto
from tests.waiting import WITHIN_S

TODAY = datetime.now(UTC).date()
BOOK = "0badcafe"
KEEPS_ALL = ("allow_anonymous true", "max_inflight_messages 1000", "max_queued_messages 0", "autosave_interval 1")


def a_fact(nth: int, after: int | None, *, run: int = 1, book: str = BOOK, missing_from: int | None = None) -> bytes:
    """A fact of today, which follows another one of the same run."""
    when = datetime.now(UTC).replace(microsecond=0)
    before = None if after is None else FactId(run, after)
    missing = None if missing_from is None else FactId(run, missing_from)
    return FactMessage(FactId(run, nth), book, before, "sat", when, 1.0, 1.0, {}, missing_from=missing).as_bytes()


def a_day(day: date) -> bytes:
    """A day on which somebody sat for 5 h."""
    return DayMessage(day, BOOK, 300, 60, 7, 6, 5, 4, 3, "1.0").as_bytes()


def chain(first: int, last: int) -> list[bytes]:
    """Facts that follow one another, from the first number to the last."""
    return [a_fact(nth, nth - 1 if nth > 1 else None) for nth in range(first, last + 1)]


def office_at(folder: Path, mosquitto: Mosquitto, url: str, more: str = "") -> Office:
    """An office of that broker and that database."""
    file = folder / "office.toml"
    own = f'database = "{url.replace("+psycopg", "")}"\n'
    file.write_text(f'{own}[broker]\nhost = "127.0.0.1"\nport = {mosquitto.port}\ntls = "no"\n{more}', "utf-8")
    return load_office(file)


def facts_in(url: str) -> list[tuple[str, int]]:
    """Every fact that is stored: its desk and number."""
    return [(row.desk, row.nth) for row in rows_in(url, FACT)]


def days_in(url: str) -> list[tuple[str, date]]:
    """Every day that is stored."""
    return [(row.desk, row.day) for row in rows_in(url, DAY)]


def rows_in(url: str, table: sql.Table) -> Sequence[sql.Row[tuple[object, ...]]]:
    """The rows of a table, in order."""
    store = OfficeStore(url)
    try:
        with store.reading() as connection:
            return connection.execute(sql.select(table).order_by(*table.primary_key)).all()
    finally:
        store.close()


class Desks:
    """Sends as desks do, and hears what is said to them."""

    def __init__(self, mosquitto: Mosquitto, *, hears: Sequence[str] = ()) -> None:
        self.heard: list[Arrival] = []
        self.taken = 0
        manners = Manners(hears=hears)
        hooks = Hooks(message=self.heard.append)
        quickly = Backoff(shortest_s=0.05, longest_s=0.1)
        self.client = Client(Broker("127.0.0.1", mosquitto.port), f"desks-{id(self)}", hooks, manners, quickly)

    def send(self, desk: str, end: str, payloads: Iterable[bytes]) -> None:
        """Send them to a topic of the desk."""
        for each in payloads:
            self.client.send(f"{Topics('unsit', desk).root}/{end}", each, acknowledged=self._take)

    def _take(self) -> None:
        self.taken += 1


class Collecting:
    """A collector and desks on one thread."""

    def __init__(self, office: Office, mosquitto: Mosquitto, store: OfficeStore) -> None:
        self.collector = Collector(office, store)
        self.client = connection_of(office, office_broker(office), self.collector)
        self.desks = Desks(mosquitto, hears=["unsit/+/set/#"])

    def open(self) -> Collecting:
        """Connect both."""
        for client in (self.client, self.desks.client):
            client.open()
        self.until(lambda: self.client.is_hearing and self.desks.client.is_hearing)
        return self

    def close(self) -> None:
        """End both."""
        for client in (self.client, self.desks.client):
            client.close()

    def until(self, holds: Callable[[], object]) -> None:
        """Go on until it does."""
        ends_at = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < ends_at, "it never came"
            # A look into a database takes longer than a round, in which one message comes.
            looks_at = time.monotonic() + 0.1
            while (left_s := looks_at - time.monotonic()) > 0:
                self.rounds(left_s)

    def rounds(self, for_s: float) -> None:
        """Go on for so long, or until something happens."""
        one_round([self.client, self.collector, self.desks.client], time.monotonic() + for_s)

    def later(self, by_s: float) -> None:
        """The collector believes that so much time has passed."""
        self.collector.attend({}, time.monotonic() + by_s)


@contextmanager
def collecting(office: Office, mosquitto: Mosquitto, url: str, desks: Sequence[str] = ("d1",)) -> Iterator[Collecting]:
    """A collector that is connected, of an office with those desks."""
    store = OfficeStore(url)
    try:
        store.lay_out()
        for desk in desks:
            store.enrol(desk, "harbour", TODAY - timedelta(days=7))
        both = Collecting(office, mosquitto, store).open()
        try:
            yield both
        finally:
            both.close()
    finally:
        store.close()


class CollectorProcess:
    """`unsit office collect`, which can be killed."""

    def __init__(self, office: Office, log: Path) -> None:
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "device", "office", "collect", "--office", str(office.file)],
                stdout=said,
                stderr=said,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; returns its exit code."""
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
        return self._process.wait(20)
