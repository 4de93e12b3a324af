"""Random faults on played weeks: every fact of the journal is in the office's database once, as the journal has it.

The device is played at speed into a real journal. The outbox is a process of its own, with the real client, and reaches
a real mosquitto by a way that is cut. The office's real collector stores what comes.
"""

from __future__ import annotations

import json
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from device.journal.forgetting import forget_before
from device.journal.layout import name_of
from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.office import chain
from device.office.collecting import KEEPS_S, Collector
from device.office.store import FACT, OfficeStore
from device.outbox.cursor import CursorFile
from device.topics.message_form import FactId
from tests.cutting import Cutting
from tests.made_month import SETTINGS
from tests.mosquitto import Mosquitto
from tests.office.desks import office_at, rows_in
from tests.outbox_process import TOPICS
from tests.world import World

PATIENCE_S = 90.0
FAULTS = ("broker", "cut", "killed", "power", "disk", "clock", "forget", "crash")
WEEKS = 20
PER_WEEK = 10

Key = tuple[str, FactId]


class Office:
    """The real collector on the test's thread, which comes back quickly."""

    def __init__(self, folder: Path, mosquitto: Mosquitto) -> None:
        folder.mkdir()
        self.url = f"sqlite:///{folder}/office.db"
        office = office_at(folder, mosquitto, self.url)
        self._store = OfficeStore(self.url)
        self._store.lay_out()
        self._store.enrol(TOPICS.desk, "harbour", datetime.now().date() - timedelta(days=60))
        self._collector = Collector(office, self._store)
        self.came = 0
        hooks = Hooks(lost=self._collector.forget_unacknowledged, message=self._take)
        manners = Manners(hears=self._collector.hears, keeps_s=KEEPS_S, acknowledges_itself=True)
        broker, quickly = Broker("127.0.0.1", mosquitto.port), Backoff(shortest_s=0.01, longest_s=0.1)
        self._client = self._collector.client = Client(broker, "collector", hooks, manners, quickly)
        self._client.open()

    def _take(self, arrival: Arrival) -> None:
        self.came += arrival.topic == TOPICS.facts
        self._collector.take(arrival)

    def pump(self, for_s: float) -> None:
        ends_at = time.monotonic() + for_s
        while time.monotonic() < ends_at:
            one_round([self._client, self._collector], ends_at)

    def facts(self) -> dict[Key, tuple[str, object]]:
        rows = rows_in(self.url, FACT)
        stored = {(row.book, FactId(row.run, row.nth)): (row.fact, json.loads(row.details)) for row in rows}
        assert len(stored) == len(rows)
        return stored

    def close(self) -> None:
        self._client.close()
        self._store.close()


class Post:
    """The process with the outbox."""

    def __init__(self, port: int, journal: Path, folder: Path) -> None:
        self._words = [sys.executable, "-m", "tests.outbox_process", str(port), str(journal), str(folder)]
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        self.start()

    def start(self) -> None:
        if self._process is None:
            self._process = subprocess.Popen(self._words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def tell(self, said: float) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            with suppress(BrokenPipeError):
                self._process.stdin.write(f"{said}\n".encode())
                self._process.stdin.flush()

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            with suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None

    def fill_disk(self, *, full: bool) -> None:
        """No file of the process may grow any more, as if the disk were full."""
        assert self._process is not None
        _, hard = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (0 if full else hard, hard))

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None


class Week:
    """A week, and the faults in it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        began = (datetime.now() - timedelta(days=9)).replace(hour=8, minute=0, second=0, microsecond=0).astimezone()
        self.world = World(folder, SETTINGS, began)
        self.mosquitto = Mosquitto(folder / "broker", self._broker_lines()).start()
        self.office = Office(folder / "office", self.mosquitto)
        self.way = Cutting(self.mosquitto.port)
        self.state = folder / "state"
        self.post = Post(self.way.port, self.world.file, self.state)
        self.ever: dict[Key, tuple[str, object]] = {}
        """All facts that were ever in the journal."""
        self.forgotten: set[Key] = set()
        self._cursor_before: bytes | None = None
        self.wait_until(lambda: (self.state / "sent.json").exists())

    def _broker_lines(self) -> list[str]:
        # Every half second, every few messages, or only when it ends by itself: a kill costs more or less.
        saves = self.chance.choice(["autosave_interval 1", "autosave_on_changes true\nautosave_interval 7", ""])
        return ["allow_anonymous true", *saves.split("\n")]

    def close(self) -> None:
        self.post.kill()
        self.way.close()
        self.office.close()
        self.mosquitto.kill()
        self.world.stop()

    # ---- living

    def live(self, hours: float) -> None:
        """So many hours at the desk, with breaks, taken and not."""
        ends = self.world.real_s + hours * 3600.0
        while self.world.real_s < ends:
            self.world.sit(minutes=self.chance.uniform(2, 70))
            if self.chance.random() < 0.4:
                self.world.push()
            self.world.rise(minutes=self.chance.choice([0.3, 1.2, 3.0, 30.0]))
            if self.chance.random() < 0.3:
                self.tell()
                self.office.pump(0.01)
        self.tell()

    def tell(self) -> None:
        # The journal writes within a minute of what was said.
        self.world.wait(minutes=1)
        self.post.tell(self.world.said[-1].said)

    def journal(self) -> dict[Key, tuple[str, object]]:
        with closing(sqlite3.connect(self.world.file)) as connection:
            rows = connection.execute("SELECT run, nth, fact, details FROM fact").fetchall()
            name = name_of(connection)
        return {(name, FactId(run, nth)): (fact, json.loads(details)) for run, nth, fact, details in rows}

    def wait_until(self, holds: Callable[[], object]) -> None:
        ends_at = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < ends_at, self.how_it_stands()
            self.office.pump(0.03)

    def how_it_stands(self) -> str:
        there, here = self.office.facts(), self.journal()
        lacks = sorted(str(number) for _, number in here.keys() - there.keys())
        sent = (self.state / "sent.json").read_text("utf-8") if (self.state / "sent.json").exists() else "none"
        return f"lacking {len(lacks)} of {len(here)}: {lacks[:5]}; alive: {self.post.is_alive}; cursor: {sent}"

    # ---- faults

    def suffer(self, fault: str) -> None:
        """Live half a day with that fault somewhere in it, and see that all has come."""
        self.live(self.chance.uniform(0.5, 3))
        self.office.pump(self.chance.uniform(0, 0.1))
        heal: Callable[[], None] = getattr(self, f"_{fault}")()
        self.live(self.chance.uniform(0.5, 3))
        self.office.pump(self.chance.uniform(0, 0.05))
        heal()
        self.post.start()
        self.tell()
        self.check()
        self.world.wait(hours=self.chance.uniform(0.5, 12))

    def check(self) -> None:
        self.ever |= (journal := self.journal())
        self.wait_until(lambda: journal.keys() <= self.office.facts().keys())
        there = self.office.facts()
        assert there.items() <= self.ever.items(), "what is there is as the journal had it"
        lost = self.ever.keys() - there.keys()
        assert lost <= self.forgotten
        if lost:
            # What the broker had acknowledged and lost, the collector has to ask for first.
            self.wait_until(lambda: CursorFile(self.state).cursor.missing)

    def _broker(self) -> Callable[[], None]:
        self.mosquitto.kill()
        if self.chance.random() < 0.3:
            self.mosquitto.start()
            self.office.pump(0.05)
            self.mosquitto.kill()
        return self._start_broker

    def _start_broker(self) -> None:
        self.mosquitto.start()

    def _cut(self) -> Callable[[], None]:
        for _ in range(self.chance.randint(1, 4)):
            self.way.cut_after(self.chance.randint(0, 4000))
            self.live(0.5)
            self.office.pump(self.chance.uniform(0, 0.1))
        return self.way.cut

    def _killed(self) -> Callable[[], None]:
        self.tell()
        self.office.pump(self.chance.uniform(0, 0.02))
        self.post.kill()
        if self.chance.random() < 0.5:
            self.post.start()
        return lambda: None

    def _power(self) -> Callable[[], None]:
        """The computer loses its power, and its disk the last write, or half of it, or the file."""
        file = self.state / "sent.json"
        before = file.read_bytes() if file.exists() else b""
        self.live(1.0)
        self.office.pump(self.chance.uniform(0, 0.2))
        self.post.kill()
        now = file.read_bytes() if file.exists() else b""
        left = self.chance.choice([before, now, now[: len(now) // 2], b"", b"\0" * len(now), None])
        if left is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(left)
            file.with_name("sent.json.new").write_bytes(now[:7])
        self.world.cut_power(self.chance.uniform(1, 600))
        self.post.start()
        return lambda: None

    def _disk(self) -> Callable[[], None]:
        self.post.start()
        self.post.fill_disk(full=True)

        def heal() -> None:
            if self.chance.random() < 0.5:
                self.post.kill()
            else:
                self.post.fill_disk(full=False)

        return heal

    def _clock(self) -> Callable[[], None]:
        self.world.error_s += self.chance.uniform(-6, 6) * 3600.0
        return lambda: None

    def _forget(self) -> Callable[[], None]:
        """The broker is away, and somebody deletes what is older than some time today."""
        self.mosquitto.kill()
        self.live(self.chance.uniform(0.5, 3))
        self.ever |= (before := self.journal())
        forget_before(self.world.file, self.world.shows - timedelta(hours=self.chance.uniform(0.2, 5)))
        self.forgotten |= before.keys() - self.journal().keys()
        return self._start_broker

    def _crash(self) -> Callable[[], None]:
        self.world.crash()
        return lambda: None


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The collector orders again at once what is missing."""
    monkeypatch.setattr(chain, "_WAITS_S", 0.1)
    monkeypatch.setattr(chain, "_LONGEST_S", 0.5)
    monkeypatch.setattr(chain, "_APART", timedelta(0))


def suffered(folder: Path, seed: int, faults: list[str]) -> None:
    week = Week(folder, seed)
    try:
        for fault in faults:
            week.suffer(fault)
        print(json.dumps(figures(week, faults)))  # noqa: T201
    finally:
        week.close()


def figures(week: Week, faults: list[str]) -> dict[str, object]:
    """What `pytest -s` shows."""
    there = week.office.facts()
    return {
        "faults": Counter(faults),
        "facts": len(week.ever),
        "in the database": len(there),
        "forgotten before they were heard": len(week.ever.keys() - there.keys()),
        "came to the collector": week.office.came,
        "cuts": week.way.cuts,
    }


def test_each_kind_of_fault_costs_no_fact_and_doubles_none(tmp_path: Path) -> None:
    suffered(tmp_path, 1, [*FAULTS])


def test_nothing_has_to_be_ordered_again_if_the_broker_itself_forgets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "_WAITS_S", 1e9)
    suffered(tmp_path, 7, ["cut", "killed", "cut", "power", "disk", "killed", "cut"])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 2 + WEEKS))
def test_random_faults_cost_no_fact_and_double_none(tmp_path: Path, seed: int) -> None:
    suffered(tmp_path, seed, random.Random(seed).choices(FAULTS, k=PER_WEEK))
