"""Has the broker forget what it keeps of a desk."""

from __future__ import annotations

import secrets
import time
from functools import partial

from device.files.complaint import OneLineError
from device.mqtt.broker import Broker
from device.mqtt.client import Client, Hooks
from device.mqtt.rounds import one_round
from device.topics.names import STATES, Topics

_WITHIN_S = 20.0


class ClearingError(OneLineError):
    """The broker can't be told."""


def clear(broker: Broker, topics: Topics, within_s: float | None = None) -> None:
    """Clear each topic on which a broker keeps something of a desk, without reading any. Raises ClearingError."""
    clearing = _Clearing(broker, topics)
    within_s = _WITHIN_S if within_s is None else within_s
    until = time.monotonic() + within_s
    try:
        while not clearing.is_done:
            if time.monotonic() >= until:
                raise ClearingError(clearing.why or f"{broker.host}: doesn't answer within {within_s:.0f} s")
            one_round([clearing.client], until)
    finally:
        clearing.client.close()
    if clearing.left:
        raise ClearingError(f"{broker.host}: doesn't let {broker.user or 'nobody'} clear {min(clearing.left)}")


class _Clearing:
    """A connection on which that happens."""

    def __init__(self, broker: Broker, topics: Topics) -> None:
        self._topics = topics
        self.left: set[str] = set()
        """What the broker hasn't said to be cleared."""
        self.why = ""
        """Why it isn't connected."""
        self._has_begun = False
        hooks = Hooks(connected=self._begin, not_connected=self._note)
        name = f"unsit-office-forget-{secrets.token_hex(4)}"
        self.client = Client(broker, name, hooks)
        self.client.open()

    @property
    def is_done(self) -> bool:
        """Whether the broker has answered all."""
        return self._has_begun and self.client.is_connected and not self.client.unacknowledged

    def _begin(self, _session_present: bool) -> None:
        self._has_begun = True
        own = self._topics
        for topic in (own.availability, own.sent, own.offer, *(own.state(name) for name in STATES)):
            self._send_empty(topic)

    def _send_empty(self, topic: str) -> None:
        self.left.add(topic)
        self.client.send(topic, b"", retain=True, acknowledged=partial(self.left.discard, topic))

    def _note(self, why: str) -> None:
        self.why = why
