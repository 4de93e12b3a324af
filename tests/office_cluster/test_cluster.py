"""A cluster of three real nodes: what dies there costs no fact and doubles none, and each desk keeps to its own.

`make test-cluster`. UNSIT_DESKS says how many desks there are, UNSIT_AWAY_S how long the database is away.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.access.mosquitto_files import bridge_to
from device.access.nats_files import NATS, nats_password
from device.access.users import BrokerUser, Role
from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.office.office_file import DesksBroker, Office, OfficeBroker
from tests.mosquitto import Mosquitto
from tests.nats import PROGRAM, Nats
from tests.office_cluster.office_trial import office_of
from tests.waiting import WITHIN_S

pytestmark = [pytest.mark.cluster, pytest.mark.skipif(PROGRAM is None, reason="sudo apt install nats-server")]

DESKS, AWAY_S = int(os.environ.get("UNSIT_DESKS", "1000")), float(os.environ.get("UNSIT_AWAY_S", "60"))
SPEED = 60
HASHED = nats_password("secret")


@pytest.mark.timeout(3600)
def test_neither_killed_nodes_nor_a_database_that_is_away_cost_a_fact_or_double_one(tmp_path: Path) -> None:
    with office_of(tmp_path, DESKS) as office:
        office.crowd.play(1.5, SPEED)
        # The first is the collector's own, the third is one of the others.
        for node in (1, 3):
            office.nats.kill(node)
            office.crowd.play(0.5, SPEED)
            office.nats.start_node(node)
            office.crowd.play(1, SPEED)
        office.postgres.stop()
        office.crowd.play(2, 2 * 3600 / AWAY_S, office.assert_well)
        office.postgres.start()
        office.crowd.play(1, SPEED)
        office.settle()
        held = office.held()
        assert held.said > DESKS * 50
        assert (held.lost, held.doubled) == (0, 0)


class Ear:
    """A client that remembers what it hears, on one node."""

    def __init__(self, port: int, user: str, *hears: str, keeps_s: int = 0) -> None:
        self.heard: list[Arrival] = []
        self.taken = 0
        self.losses = 0
        hooks = Hooks(message=self.heard.append, lost=self._lose)
        broker = Broker("127.0.0.1", port, user, "secret", version="3.1.1")
        quickly = Backoff(shortest_s=0.1, longest_s=0.3)
        self.client = Client(
            broker, user, hooks, Manners(hears=hears, hears_qos=1 if keeps_s else 0, keeps_s=keeps_s), quickly
        )
        self.client.open()

    def say(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> None:
        self.client.send(topic, payload, retain=retain, acknowledged=self._take)

    @property
    def topics(self) -> list[str]:
        return [each.topic for each in self.heard]

    def _take(self) -> None:
        self.taken += 1

    def _lose(self) -> None:
        self.losses += 1


def go_on(ears: list[Ear], holds: object, within_s: float = WITHIN_S) -> bool:
    """Whether it holds in time."""
    assert callable(holds)
    ends_at = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > ends_at:
            return False
        one_round([each.client for each in ears], time.monotonic() + 0.05)
    return True


def user(name: str, role: Role = Role.DESK, proof: str = HASHED) -> BrokerUser:
    return BrokerUser(name, role, {NATS: proof})


OFFICES = [user("office", Role.COLLECTOR), user("office-offers", Role.OFFERING), user("floor-1", Role.BRIDGE)]


@contextmanager
def three_nodes(folder: Path) -> Iterator[Nats]:
    nodes = Nats(folder / "nats", [user("desk-1"), user("desk-2"), *OFFICES]).start()
    try:
        yield nodes
    finally:
        nodes.stop()


def test_a_desk_keeps_to_its_own_and_one_locked_out_is_out_within_a_minute(tmp_path: Path) -> None:
    with three_nodes(tmp_path) as nodes:
        office = Ear(nodes.ports[0], "office", "unsit/+/facts", "unsit/+/sent")
        one = Ear(nodes.ports[1], "desk-1", "unsit/desk-1/set/+", "unsit/desk-2/set/+", "unsit/desk-2/facts", "unsit/#")
        two = Ear(nodes.ports[2], "desk-2", "unsit/desk-2/set/+", "unsit/desk-2/offer")
        ears = [office, one, two]
        assert go_on(ears, lambda: all(each.client.is_hearing for each in ears))
        for topic in ("unsit/desk-2/facts", "unsit/desk-2/set/press", "unsit/desk-1/set/press", "unsit/desk-2/sent"):
            one.say(topic)
        one.say("unsit/desk-1/sent", retain=True)
        one.say("unsit/desk-1/facts")
        office.say("unsit/desk-2/set/resend")
        office.say("unsit/desk-1/set/resend")
        assert go_on(ears, lambda: "unsit/desk-1/facts" in office.topics and one.heard and two.heard)
        two.say("unsit/desk-2/facts")
        assert go_on(ears, lambda: "unsit/desk-2/facts" in office.topics)
        assert sorted(set(office.topics)) == [
            "unsit/desk-1/facts", "unsit/desk-1/sent", "unsit/desk-2/facts",
        ]  # fmt: skip
        assert (one.topics, two.topics) == (["unsit/desk-1/set/resend"], ["unsit/desk-2/set/resend"])
        nodes.let_in([user("desk-1", proof=""), user("desk-2"), *OFFICES])
        nodes.reload()
        assert go_on(ears, lambda: one.losses, 60)
        assert not go_on(ears, lambda: one.client.is_connected, 5)
        assert not nodes.has_crashed
        assert (office.losses, two.losses) == (0, 0)


def test_a_floor_hands_over_what_came_while_the_company_was_away(tmp_path: Path) -> None:
    with three_nodes(tmp_path) as nodes:
        broker = OfficeBroker("127.0.0.1", nodes.ports[1], tls="no", version="3.1.1")
        bridge = bridge_to(Office(Path("office.toml"), broker, DesksBroker()), "floor-1", "secret").decode()
        lines = ("allow_anonymous true", "max_queued_messages 10000000", *bridge.splitlines())
        floor = Mosquitto(tmp_path / "floor", lines).start()
        office = Ear(nodes.ports[0], "office", "unsit/+/facts", "unsit/+/sent", keeps_s=3600)
        desk = Ear(floor.port, "desk-1", "unsit/desk-1/set/+", "unsit/desk-1/offer")
        ears = [office, desk]
        try:
            assert go_on(ears, lambda: all(each.client.is_hearing for each in ears))
            _send(desk, ears, 0, 100)
            assert go_on(ears, lambda: len(set(_facts(office))) == 100)
            for node in (1, 2, 3):
                nodes.kill(node)
            for nth in range(100, 3000, 100):
                _send(desk, ears, nth, 100)
            for node in (1, 2, 3):
                nodes.start_node(node)
            assert go_on(ears, lambda: len(set(_facts(office))) == 3000, 120)
            office.say("unsit/desk-1/set/resend", b"{}")
            assert go_on(ears, lambda: desk.topics == ["unsit/desk-1/set/resend"], 60)
        finally:
            floor.stop()


def _send(desk: Ear, ears: list[Ear], first: int, count: int) -> None:
    before = desk.taken
    for nth in range(first, first + count):
        desk.say("unsit/desk-1/facts", str(nth).encode())
    assert go_on(ears, lambda: desk.taken == before + count)


def _facts(office: Ear) -> list[bytes]:
    return [each.payload for each in office.heard if each.topic.endswith("/facts")]
