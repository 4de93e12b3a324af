"""Has the broker forget what it keeps of a desk."""

from __future__ import annotations

import secrets
import time
from functools import partial

from device.files.complaint import OneLineError
from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.topics.names import STATES, Topics

_WITHIN_S = 20.0
_QUIET_S = 1.0
"""After so long without a further message, the broker has told all that it keeps."""


class ClearingError(OneLineError):
    """The broker can't be told."""


def clear(broker: Broker, topics: Topics, within_s: float | None = None) -> int:
    """Clear every message of the desk that the broker keeps; returns how many it has shown. Raises ClearingError.

    What it doesn't let us read is cleared too, where a desk keeps something by itself.
    """
    clearing = _Clearing(broker, topics)
    within_s = _WITHIN_S if within_s is None else within_s
    until = time.monotonic() + within_s
    try:
        while not clearing.is_done(time.monotonic()):
            if time.monotonic() >= until:
                raise ClearingError(clearing.why or f"{broker.host}: doesn't answer within {within_s:.0f} s")
            one_round([clearing.client], min(until, time.monotonic() + _QUIET_S))
    finally:
        clearing.client.close()
    if clearing.left:
        raise ClearingError(f"{broker.host}: doesn't let {broker.user or 'nobody'} clear {min(clearing.left)}")
    return len(clearing.cleared)


class _Clearing:
    """A connection on which that happens."""

    def __init__(self, broker: Broker, topics: Topics) -> None:
        self._topics = topics
        self.cleared: set[str] = set()
        self.left: set[str] = set()
        """What the broker hasn't said to be cleared."""
        self.why = ""
        """Why it isn't connected."""
        self._heard_at: float | None = None
        hooks = Hooks(connected=self._begin, message=self._take, not_connected=self._note)
        name = f"unsit-office-forget-{secrets.token_hex(4)}"
        self.client = Client(broker, name, hooks, Manners(hears=[f"{topics.root}/#"]))
        self.client.open()

    def is_done(self, now: float) -> bool:
        """Whether all is told, and taken."""
        is_quiet = self._heard_at is not None and now >= self._heard_at + _QUIET_S
        return is_quiet and self.client.is_hearing and not self.client.unacknowledged

    def _begin(self, _session_present: bool) -> None:
        self._heard_at = time.monotonic()
        own = self._topics
        for topic in (own.availability, own.sent, own.offer, *(own.state(name) for name in STATES)):
            self._send_empty(topic)

    def _take(self, arrival: Arrival) -> None:
        if arrival.is_retained and arrival.payload:
            self._heard_at = time.monotonic()
            self.cleared.add(arrival.topic)
            self._send_empty(arrival.topic)

    def _send_empty(self, topic: str) -> None:
        self.left.add(topic)
        self.client.send(topic, b"", retain=True, acknowledged=partial(self.left.discard, topic))

    def _note(self, why: str) -> None:
        self.why = why
