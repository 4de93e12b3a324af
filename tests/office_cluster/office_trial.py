"""An office on one computer: three nodes, PostgreSQL, the real collector, and as many desks as wanted."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sql

from device.access.nats_files import NATS, nats_password
from device.access.users import BrokerUser, Role
from device.mqtt.broker import Broker
from device.office.store import FACT, OfficeStore
from tests.nats import NODES, Nats
from tests.office_cluster.desk_crowd import Crowd, Identity
from tests.office_cluster.process_costs import Cost, cost_of, family_of
from tests.office_cluster.recorded_week import journal_of_a_week, last_monday_but_one
from tests.postgres import Postgres
from tests.waiting import until

LIMIT_S = 1800.0
"""What hasn't come by then never will."""
_TIMES = "SELECT desk, book, run, nth, extract(epoch FROM pg_xact_commit_timestamp(xmin)) AS at FROM fact"


@dataclass(frozen=True, slots=True)
class Held:
    """The database, held against the journals."""

    said: int
    stored: int
    lost: int
    doubled: int
    """Rows more than there are identities, and rows of facts that no desk has said."""


class OfficeTrial:
    """All of it, running."""

    def __init__(self, folder: Path, desks: int, week: Path) -> None:
        """`week` is the journal that each desk plays."""
        password = secrets.token_urlsafe(18)
        # One password for all: a trial of what they may do is another one.
        hashed = nats_password(password)
        self._folder, names = folder, [f"desk-{nth:08x}" for nth in range(desks)]
        users = [BrokerUser(name, Role.DESK, {NATS: hashed}) for name in names]
        self.nats = Nats(folder / "nats", [*users, BrokerUser("office", Role.COLLECTOR, {NATS: hashed})]).start()
        self.postgres = Postgres("track_commit_timestamp = on", "max_connections = 20").start()
        self._configure(password)
        with closing(OfficeStore(self.postgres.url)) as store:
            store.lay_out()
            for name in names:
                store.enrol(name, "harbour", datetime.now(UTC).date() - timedelta(days=30))
        self._collector: subprocess.Popen[bytes] | None = None
        self.start_collector()
        # What comes before its first subscription waits for nobody.
        until(lambda: "collecting from" in self.collector_says, "the collector never came")
        port = self.nats.ports
        brokers = {
            name: Broker("127.0.0.1", port[nth % len(NODES)], name, password, version="3.1.1")
            for nth, name in enumerate(names)
        }
        self.crowd = Crowd(brokers, week, folder / "desks")
        self.crowd.open(self.assert_well)

    def _configure(self, password: str) -> None:
        (self._folder / "password").write_text(password + "\n", "utf-8")
        (self._folder / "password").chmod(0o600)
        broker = f'host = "127.0.0.1"\nport = {self.nats.ports[0]}\ntls = "no"\nversion = "3.1.1"\n'
        database = f'database = "{self.postgres.url.replace("+psycopg", "")}"\n'
        (self._folder / "office.toml").write_text(f"{database}[broker]\n{broker}", "utf-8")

    def start_collector(self) -> None:
        """`unsit office collect`, as a process."""
        words = [sys.executable, "-m", "device", "office", "collect", "--office", str(self._folder / "office.toml")]
        with (self._folder / "collector.log").open("ab") as log:
            self._collector = subprocess.Popen(
                words, stdout=log, stderr=log, env={**os.environ, "PYTHONUNBUFFERED": "1"}
            )

    def assert_well(self) -> None:
        """Nothing has ended by itself."""
        assert not self.nats.has_crashed, "a node has crashed"
        assert self._collector is not None
        assert self._collector.poll() is None, self.collector_says

    @property
    def collector_says(self) -> str:
        """Its log."""
        return (self._folder / "collector.log").read_text("utf-8", "replace")

    # ---- figures

    @property
    def costs(self) -> dict[str, Cost]:
        """What each part has cost so far."""
        assert self._collector is not None
        nodes = {f"node {nth}": cost_of([pid]) for nth, pid in enumerate(self.nats.pids, 1)}
        database = cost_of(family_of(self.postgres.pid))
        return {
            **nodes,
            "collector": cost_of([self._collector.pid]),
            "database": database,
            "desks": cost_of([os.getpid()]),
        }

    @property
    def stored(self) -> int:
        """How many facts the database has."""
        with closing(OfficeStore(self.postgres.url)) as store, store.reading() as connection:
            count: int = connection.execute(sql.select(sql.func.count()).select_from(FACT)).scalar_one()
            return count

    def latencies_s(self) -> list[float]:
        """From when a desk's journal had a fact to when the database had it for good, shortest first."""
        with closing(OfficeStore(self.postgres.url)) as store, store.reading() as connection:
            rows = connection.execute(sql.text(_TIMES)).all()
        told = self.crowd.timed.told
        return sorted(float(at) - told[(desk, book, run, nth)] for desk, book, run, nth, at in rows)

    def held(self) -> Held:
        """Hold the database against the journals."""
        said = self.crowd.said
        with closing(OfficeStore(self.postgres.url)) as store, store.reading() as connection:
            rows = connection.execute(sql.select(FACT.c.desk, FACT.c.book, FACT.c.run, FACT.c.nth)).all()
        stored: set[Identity] = {(desk, book, run, nth) for desk, book, run, nth in rows}
        return Held(len(said), len(rows), len(said - stored), len(rows) - len(stored) + len(stored - said))

    # ---- going on

    def settle(self) -> None:
        """Go on until the database has all, or nothing more comes."""
        self.go_on(lambda: self.crowd.are_idle)
        said = len(self.crowd.said)
        self.go_on(lambda: self.stored >= said)

    def go_on(self, until: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
        """The desks go on until it holds."""
        ends_at = time.monotonic() + limit_s
        while not until():
            assert time.monotonic() < ends_at, f"{self.held()}; the collector: {self.collector_says[-2000:]}"
            self.assert_well()
            self.crowd.attend(0.5)

    def rest(self, for_s: float) -> None:
        """The desks go on for so long."""
        self.crowd.attend(for_s)

    def close(self) -> None:
        """End all of it."""
        self.crowd.close()
        if self._collector is not None:
            self._collector.terminate()
            self._collector.wait(60)
        self.nats.stop()
        self.postgres.stop()
        self.postgres.delete()


@contextmanager
def office_of(folder: Path, desks: int) -> Iterator[OfficeTrial]:
    """An office with so many desks."""
    folder.mkdir(parents=True, exist_ok=True)
    week = folder / "week.db"
    journal_of_a_week(week, last_monday_but_one(datetime.now(UTC).date()))
    trial = OfficeTrial(folder, desks, week)
    try:
        yield trial
    finally:
        trial.close()
