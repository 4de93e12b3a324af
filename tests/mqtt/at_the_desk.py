"""The simulated device, the service beside it and somebody at the broker who hears all of it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.mqtt.service import BothEnds, MqttService
from device.mqtt.stop import Stop
from device.mqtt.talks import Talk
from device.topics.names import Topics
from tests.ear import Ear
from tests.mosquitto import Mosquitto
from tests.rig import Rig
from tests.waiting import until

TOPICS = Topics("unsit", "desk-7")
_NTH = itertools.count()
"""A second client of a name would take the first one's place."""


class Witness:
    """Hears all that is said on a broker, in a thread of its own."""

    def __init__(self, broker: Broker) -> None:
        self.heard: list[Arrival] = []
        self._client = Client(
            broker, f"witness-{next(_NTH)}", Hooks(message=self.heard.append), Manners(hears=["#"]), soon()
        )
        self._stop = Stop()
        self._orders: list[Callable[[], None]] = []
        self._client.open()
        self._thread = threading.Thread(target=self._run, name="witness")
        self._thread.start()
        until(lambda: self._client.is_hearing)

    def _run(self) -> None:
        while not self._stop.has_come:
            one_round([self._client, self._stop])
            while self._orders:
                self._orders.pop(0)()
        self._client.close()

    def says(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Sends that."""
        self._orders.append(lambda: self._client.send(topic, payload.encode(), retain=retain))
        self._stop._bell.send(b"!")

    def payloads(self, topic: str) -> list[str]:
        """All that was said there, in order."""
        return [each.payload.decode() for each in list(self.heard) if each.topic == topic]

    def last(self, topic: str) -> str | None:
        """What was said there last."""
        return next(reversed(self.payloads(topic)), None)

    def waits_for(self, topic: str, payload: str) -> None:
        """Until that is what was said there last."""
        until(lambda: self.last(topic) == payload, f"{topic}: {payload}")

    def close(self) -> None:
        """Go away."""
        self._stop.come()
        self._thread.join(20)
        self._stop.close()


def soon() -> Backoff:
    """A backoff for tests."""
    return Backoff(lambda: 0.0, shortest_s=0.02, longest_s=0.2)


def retained(broker: Broker) -> dict[str, str]:
    """What stands on the broker for whoever comes."""
    late = Witness(broker)
    try:
        # What is retained comes before whatever is said after it.
        late.says("end", "of it")
        until(lambda: late.last("end"))
        return {each.topic: each.payload.decode() for each in late.heard if each.is_retained}
    finally:
        late.close()


@contextmanager
def service(
    line: Path,
    broker: Broker,
    share: str = "live",
    status: Path | None = None,
    more: Callable[[MqttService], Sequence[Talk]] = lambda _: (),
) -> Iterator[MqttService]:
    """The service in a thread of its own; `more` has further talks for it."""
    it, stop = MqttService(BothEnds(line, broker, TOPICS, share), soon(), status), Stop()
    for talk in more(it):
        it.add(talk)
    thread = threading.Thread(target=it.run, args=(stop,), name="service")
    thread.start()
    try:
        yield it
    finally:
        stop.come()
        thread.join(20)
        assert not thread.is_alive()
        stop.close()


@contextmanager
def witness(mosquitto: Mosquitto) -> Iterator[Witness]:
    """Somebody who hears all that is said there."""
    it = Witness(Broker("127.0.0.1", mosquitto.port))
    try:
        yield it
    finally:
        it.close()


def does(desk: Rig, what: str, to: object) -> None:
    """What a hand does at the simulated desk."""
    with Ear(desk.line) as hand:
        hand.hears("time")
        hand.does((what, to))
        hand.says('{"kind": "ask"}\n')
        hand.hears("time")
