"""With `share = "days"` no time of day leaves the desk: the bytes on the wire are looked at."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners
from device.mqtt.rounds import Attentive, one_round
from device.outbox.cursor import CursorFile
from device.outbox.day_outbox import DayOutbox
from device.outbox.visiting import Visits
from device.settings.settings import Screens, Settings
from device.topics.names import Topics
from device.topics.sent_message import SendAgain, send_again_of
from tests.cutting import Cutting
from tests.mosquitto import Mosquitto, free_port
from tests.waiting import WITHIN_S
from tests.world import World

TOPICS = Topics("unsit", "desk-1")
SETTINGS = Settings(screens=Screens(safety_s=0))
BEGAN = datetime(2026, 3, 2, 6).astimezone()

Day = tuple[tuple[int, int], ...]
"""Minutes on the chair and off it, in turn."""
numbers = itertools.count()
sittings = st.lists(st.tuples(st.integers(6, 150), st.integers(3, 60)), min_size=1, max_size=3).map(tuple)
weeks = st.lists(sittings, min_size=1, max_size=3)


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("broker")).start()
    yield broker
    broker.kill()


class DayDesk:
    """A desk of which only days leave it, by a way on which every byte is kept."""

    def __init__(self, folder: Path, port: int, began: datetime) -> None:
        self.world = World(folder, SETTINGS, began)
        self.way = Cutting(port)
        self.name = f"desk-{next(numbers):04d}"
        """A session of its own at the broker."""
        self.state = folder / "state"
        self.state.mkdir()
        self.start()

    def start(self) -> None:
        """Start the process; `draw` makes it send at once, but not before four in the morning."""
        self.cursor = CursorFile(self.state)
        hooks = Hooks(
            connected=lambda _present: self.days.connected(), lost=lambda: self.days.lost(), message=self._hear
        )
        manners = Manners(hears=[TOPICS.command("resend"), TOPICS.offer], keeps_s=3600)
        self.client = Client(
            Broker("127.0.0.1", self.way.port), self.name, hooks, manners, Backoff(shortest_s=0.01, longest_s=0.02)
        )
        self.days = DayOutbox(
            TOPICS,
            self.world.file,
            self.cursor,
            self.client.send,
            lambda: 900.0,
            is_alone=True,
            wall=lambda: self.world.shows,
            draw=lambda: 0.0,
        )
        self.visits = Visits(self.client, self.days, listens_s=0.02, patience_s=0.3)
        self.parts: list[Attentive] = [self.client, self.days, self.visits]

    def _hear(self, arrival: Arrival) -> None:
        self.days.send_again(send_again_of(arrival.payload))

    def go(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < deadline
            one_round(self.parts, time.monotonic() + 0.02)

    def night(self) -> None:
        """It is five in the morning: the process is started, visits the broker and goes."""
        shows = self.world.shows
        five = shows.replace(hour=5, minute=0, second=0, microsecond=0)
        self.world.wait(seconds=(five + timedelta(days=five < shows) - shows).total_seconds())
        self.start()
        self.go(lambda: self.cursor.cursor.days == self.world.shows.date() - timedelta(days=1))
        self.go(lambda: self.visits.deadline is None)
        assert not self.client.is_connected

    def live(self, day: Day, begins_min: int) -> None:
        self.world.wait(minutes=begins_min)
        for on_min, off_min in day:
            self.world.sit(minutes=on_min)
            self.world.rise(minutes=off_min)

    def close(self) -> None:
        self.client.close()
        self.way.close()
        self.world.stop()


def wire_of(folder: Path, port: int, week: list[Day], begins_min: int) -> tuple[bytes, bytes]:
    """All bytes from a desk in a week, and all to it. Its days begin so many minutes after six."""
    desk = DayDesk(folder, port, BEGAN)
    try:
        for day in week:
            desk.live(day, begins_min)
            desk.night()
            desk.world.wait(hours=1)
    finally:
        desk.close()
    # The journal's name is drawn at random, and the client's is another one each time.
    sent = re.sub(rb'"book":"[0-9a-f]{8}"', b'"book":""', bytes(desk.way.sent))
    return sent.replace(desk.name.encode(), b"desk-name"), bytes(desk.way.answered)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks, st.integers(1, 240))
def test_the_bytes_are_the_same_whenever_somebody_sat(
    mosquitto: Mosquitto, tmp_path_factory: pytest.TempPathFactory, week: list[Day], later_min: int
) -> None:
    early, late = (
        wire_of(tmp_path_factory.mktemp("desk"), mosquitto.port, week, begins_min) for begins_min in (0, later_min)
    )
    assert early == late
    sent, _ = early
    assert len(re.findall(rb'\{"id":"2026-03-0\d",', sent)) == len(week)
    # No date-time, no time, and no number that is longer than a year's.
    assert not re.search(rb"\d:\d|\dT\d|\d{5}", sent)


def test_nothing_but_days_and_how_far_they_were_heard_goes_out_and_there_is_no_will(
    mosquitto: Mosquitto, tmp_path: Path
) -> None:
    desk = DayDesk(tmp_path, mosquitto.port, BEGAN)
    try:
        desk.live(((50, 10), (30, 5)), 120)
        desk.night()
    finally:
        desk.close()
    sent = bytes(desk.way.sent)
    flags = sent[sent.index(b"MQTT") + 5]
    assert flags & 0b100 == 0, "a will would tell when the desk went"
    assert {*re.findall(rb"unsit/desk-1/[a-z/]+", sent)} == {
        b"unsit/desk-1/set/resend",
        b"unsit/desk-1/offer",
        b"unsit/desk-1/days",
        b"unsit/desk-1/sent",
    }
    (day,) = [json.loads(found) for found in re.findall(rb'\{"id":.*?\}', sent)]
    assert (day["id"], day["seated_min"], day["longest_min"]) == ("2026-03-02", 80, 50)


def test_what_the_broker_kept_for_the_desk_is_heard_at_the_next_visit(mosquitto: Mosquitto, tmp_path: Path) -> None:
    desk = DayDesk(tmp_path, mosquitto.port, BEGAN)
    office = Client(Broker("127.0.0.1", mosquitto.port), "office", Hooks(), Manners())
    office.open()
    try:
        desk.live(((50, 10),), 0)
        desk.night()
        desk.parts.append(office)
        desk.go(lambda: office.is_connected)
        order = SendAgain(desk.cursor.cursor.book or "00000000", None, date(2026, 2, 28), facts=False)
        office.send(TOPICS.command("resend"), order.as_bytes())
        desk.go(lambda: not office.unacknowledged)
        desk.world.wait(hours=3)
        desk.live(((20, 10),), 0)
        desk.night()
        desk.go(lambda: desk.visits.deadline is None)
    finally:
        office.close()
        desk.close()
    ids = [json.loads(found)["id"] for found in re.findall(rb'\{"id":.*?\}', bytes(desk.way.sent))]
    assert ids.count("2026-03-02") >= 2


def test_a_visit_in_vain_is_tried_again_later(tmp_path: Path) -> None:
    desk = DayDesk(tmp_path, free_port(), BEGAN)
    try:
        desk.live(((50, 10),), 0)
        desk.world.wait(hours=24)
        desk.start()
        desk.go(lambda: desk.visits.deadline is not None)
        desk.go(lambda: desk.days.is_due)
        desk.go(lambda: not desk.days.is_due)
        assert not desk.client.is_connected
        desk.go(lambda: desk.days.is_due)
    finally:
        desk.close()
