"""Many desks in one loop: each with its own journal, cursor, outbox and connection, playing recorded days at speed."""

from __future__ import annotations

import random
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners
from device.mqtt.rounds import Attentive, one_round
from device.outbox.cursor import CursorFile
from device.outbox.outbox import WINDOW, Outbox, Send
from device.topics.names import Topics
from device.topics.sent_message import send_again_of

_DAY_MS, _OPENS_MS = 86_400_000, 8 * 3_600_000
WORKING_DAY_S = 9 * 3600
"""The nights between the days are left out."""

FactRow = tuple[int, int, int, int, str, str]
Identity = tuple[str, str, int, int]
"""Of a fact in the office's database: desk, journal, run, number."""


def rows_of(week: Path) -> Sequence[FactRow]:
    """All facts of a journal."""
    with closing(sqlite3.connect(week)) as connection:
        return connection.execute("SELECT * FROM fact ORDER BY run, nth").fetchall()


def plays_at_s(row: FactRow) -> float:
    """When a fact is said, in seconds of working days."""
    day, in_day_ms = divmod(row[3], _DAY_MS)
    return day * WORKING_DAY_S + min((in_day_ms - _OPENS_MS) / 1000, WORKING_DAY_S)


@dataclass(slots=True)
class Timed:
    """What was said, and when it was told and acknowledged, by the clock on the wall."""

    told: dict[Identity, float] = field(default_factory=dict)
    acknowledged: int = 0
    sent: int = 0
    ordered: int = 0
    """How often the office has ordered again what it missed."""


class PlayedDesk:
    """An Attentive. What it plays goes into its journal, and from there the real way."""

    def __init__(self, name: str, broker: Broker, week: Path, folder: Path, timed: Timed) -> None:
        self.name, self._timed = name, timed
        self._journal = folder / "journal.db"
        folder.mkdir(parents=True)
        shutil.copy(week, self._journal)
        number = 1 + secrets.randbelow(2**31 - 1)
        self._book = f"{number:08x}"
        with closing(self._open()) as connection, connection:
            connection.execute("DELETE FROM fact")
            connection.execute(f"PRAGMA application_id = {number}")
        topics = Topics("unsit", name)
        hooks = Hooks(connected=self._connected, lost=self._lost, message=self._hear)
        self.client = Client(
            broker, name, hooks, Manners(hears=(topics.commands,), hears_qos=0), Backoff(longest_s=10.0)
        )
        send = self._counting(self.client.send)
        self.outbox = Outbox(topics, self._journal, CursorFile(folder), send, written_after_s=0.0)

    def play(self, rows: Sequence[FactRow], now: float) -> None:
        """It says these facts, and its journal has them at once."""
        with closing(self._open()) as connection, connection:
            connection.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", rows)
        wall = time.time()
        for run, nth, *_ in rows:
            self._timed.told[self.name, self._book, run, nth] = wall
        self.outbox.told(rows[-1][3] / 1000, now)

    @property
    def said(self) -> set[Identity]:
        """Every fact that its journal has."""
        with closing(self._open()) as connection:
            return {(self.name, self._book, *row) for row in connection.execute("SELECT run, nth FROM fact")}

    @property
    def is_idle(self) -> bool:
        """Whether all that its journal has is acknowledged."""
        return self.client.is_connected and self.outbox.is_idle

    def close(self) -> None:
        """Go away."""
        self.client.close()

    # ---- as an Attentive

    def wants(self) -> Mapping[int, int]:
        """The client's socket."""
        return self.client.wants()

    @property
    def deadline(self) -> float | None:
        """The earlier of the two."""
        return min((at for at in (self.client.deadline, self.outbox.deadline) if at is not None), default=None)

    def attend(self, ready: Mapping[int, int], now: float) -> None:
        """Both attend."""
        self.client.attend(ready, now)
        self.outbox.attend({}, now)

    def _connected(self, _session_present: bool) -> None:
        self.outbox.connected()

    def _lost(self) -> None:
        self.outbox.lost()

    def _hear(self, arrival: Arrival) -> None:
        if arrival.topic.endswith("/resend"):
            self._timed.ordered += 1
            self.outbox.send_again(send_again_of(arrival.payload))

    def _counting(self, send: Send) -> Send:
        def counted(
            topic: str,
            payload: bytes,
            *,
            retain: bool = False,
            acknowledged: Callable[[], None] | None = None,
            refused: Callable[[], None] | None = None,
        ) -> None:
            def heard() -> None:
                self._timed.acknowledged += acknowledged is not None
                if acknowledged is not None:
                    acknowledged()

            self._timed.sent += acknowledged is not None
            send(topic, payload, retain=retain, acknowledged=heard, refused=refused)

        return counted

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._journal)
        # A power cut isn't what is looked at here, and a thousand desks share one disk.
        connection.execute("PRAGMA synchronous = OFF")
        return connection


class Crowd:
    """The desks of an office. Each plays the same days, a little earlier or later than the others."""

    def __init__(self, brokers: Mapping[str, Broker], week: Path, folder: Path) -> None:
        """Desks are connected in turn to the nodes of their brokers."""
        self.timed, self.rows = Timed(), rows_of(week)
        self.desks = [PlayedDesk(name, broker, week, folder / name, self.timed) for name, broker in brokers.items()]
        self._next, self._played_s = [0] * len(self.desks), 0.0
        self._late_s = [random.Random(name).uniform(0, 600) for name in brokers]

    def open(self, until: Callable[[], object]) -> None:
        """Connect all, some at a time."""
        for nth in range(0, len(self.desks), WINDOW):
            some = self.desks[nth : nth + WINDOW]
            for desk in some:
                desk.client.open()
            while not all(desk.client.is_hearing for desk in some):
                one_round(self.desks[: nth + WINDOW], time.monotonic() + 1)
                until()

    def play(self, hours: float, speed: float, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Play on for so many hours of working days, at that many times the true speed.

        `meanwhile` is called about ten times a second.
        """
        began, from_s = time.monotonic(), self._played_s
        ends_s = from_s + hours * 3600
        while self._played_s < ends_s:
            plays = time.monotonic()
            self._play_until(min(from_s + (plays - began) * speed, ends_s))
            # On a busy computer, playing mustn't take the time in which desks send.
            self.attend(max(0.1, time.monotonic() - plays))
            meanwhile()

    def play_at_once(self, hours: float) -> None:
        """The same, as after a time without a network."""
        self._play_until(self._played_s + hours * 3600)

    def attend(self, for_s: float) -> None:
        """Let the desks do what they have to for so long."""
        ends_at = time.monotonic() + for_s
        parts: Sequence[Attentive] = self.desks
        while time.monotonic() < ends_at:
            one_round(parts, ends_at)

    @property
    def are_idle(self) -> bool:
        """Whether all of it is acknowledged."""
        return all(desk.is_idle for desk in self.desks)

    @property
    def said(self) -> set[Identity]:
        """All that the journals have."""
        return set().union(*(desk.said for desk in self.desks))

    def close(self) -> None:
        """End them."""
        for desk in self.desks:
            desk.close()

    def _play_until(self, played_s: float) -> None:
        self._played_s = played_s
        for nth, desk in enumerate(self.desks):
            first = last = self._next[nth]
            while last < len(self.rows) and plays_at_s(self.rows[last]) <= played_s - self._late_s[nth]:
                last += 1
            if last > first:
                desk.play(self.rows[first:last], time.monotonic())
                self._next[nth] = last
