"""The desk's end of a connection to the broker: it sends, hears, and connects again whenever it is lost."""

from __future__ import annotations

import logging
import random
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from device.mqtt.broker import Broker
from device.mqtt.reaching import Reaching
from device.mqtt.rounds import READ, WRITE
from device.mqtt.why_not import (
    why_hung_up,
    why_lost,
    why_not_understood,
    why_refused,
    why_taken_over,
    why_unanswered,
    why_unreached,
)

_log = logging.getLogger(__name__)

KEEPALIVE_S = 60
"""After so long without a word each way, the broker is asked whether it is still there: two wake-ups a minute."""
_ANSWERS_WITHIN_S = 20.0
_STEADY_S = 30.0
"""A connection that has lasted this long is a good one: after it, the next try comes soon."""
_A_MOMENT_S = 0.2
_AT_ONCE = 20
"""How many messages may be on their way."""
_TAKEN_OVER = 142
_VERSIONS = {"5": MQTTProtocolVersion.MQTTv5, "3.1.1": MQTTProtocolVersion.MQTTv311}


Answer = Callable[[], None] | None
"""What is called when the broker has answered."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message from the broker."""

    topic: str
    payload: bytes
    is_retained: bool
    nth: int
    """Its number, by which it is acknowledged; 0 if it came with QoS 0, which isn't."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker tells everybody, and keeps, when the connection is lost without a word."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Hooks:
    """What is called when something happens, on the thread that makes the client attend."""

    connected: Callable[[bool], None] = lambda _session_present: None
    lost: Callable[[], None] = lambda: None
    message: Callable[[Arrival], None] = lambda _arrival: None
    not_connected: Callable[[str], None] = lambda _why: None
    """A try has failed, or the connection has; why, in one line."""


class Backoff:
    """How long to wait before the next try: twice as long after each, and never all at once."""

    def __init__(
        self, draw: Callable[[], float] = random.random, shortest_s: float = 1.0, longest_s: float = 120.0
    ) -> None:
        """`draw` returns numbers from 0 to 1."""
        self._draw, self._shortest_s, self._longest_s = draw, shortest_s, longest_s
        self._tries = 0

    def next_s(self) -> float:
        """The seconds until the next try: between half of what it might be and all of it."""
        self._tries += 1
        most_s = min(self._shortest_s * 2.0 ** min(self._tries, 30), self._longest_s)
        return most_s * (1 + self._draw()) / 2

    def begin_afresh(self) -> None:
        """The last connection was a good one."""
        self._tries = 0


@dataclass(frozen=True, slots=True)
class Manners:
    """How a client behaves towards the broker."""

    will: Will | None = None
    hears: Sequence[str] = ()
    """The topics, or filters for topics, that it wants to hear."""
    keeps_s: int = 0
    """How long the broker keeps messages for it while it is away, in seconds; 0: not at all."""
    acknowledges_itself: bool = False
    """Who hears a message acknowledges it, when it is safe; else it is acknowledged at once."""
    keepalive_s: int = KEEPALIVE_S
    largest: int = 0
    """Larger messages the broker keeps to itself, as of MQTT 5; in bytes, 0 for none."""
    hears_qos: int = 1
    """1: the broker makes sure that it hears them. It may have to keep much for that, so 0 if nothing hangs on it."""
    knows_retained: bool = False
    """Whatever was sent to be kept arrives as retained, as of MQTT 5; else only what was kept before it connected."""


# Patched: paho-mqtt 2.2 connects while everybody waits, and leaks the socket when TLS fails.
class _Paho(paho.Client):
    """Is handed a connection, and looks after it even if the broker doesn't."""

    handed: socket.socket

    def look_after_itself(self, every_s: int) -> None:
        """With 0 of MQTT 5, the broker wants to hear no word; a dead connection is to be noticed all the same."""
        self._keepalive = self._keepalive or every_s

    def _create_socket(self) -> Any:
        return self.handed


class Client:
    """An Attentive. It has one thread, that of whoever makes it attend, and a second one only while it connects."""

    def __init__(
        self,
        broker: Broker,
        name: str,
        hooks: Hooks,
        manners: Manners = Manners(),
        backoff: Backoff | None = None,
    ) -> None:
        """`name` is what the broker knows the client by; a second one of that name takes the first one's place."""
        self._broker, self._name, self._hooks, self._manners = broker, name, hooks, manners
        self._backoff = backoff or Backoff()
        self._reaching: Reaching | None = None
        self._paho: _Paho | None = None
        self._tries_at: float | None = None
        self._heard_at = self._wrote_at = self._since = 0.0
        self._greeted: tuple[ReasonCode, bool] | None = None
        self._ended: ReasonCode | None = None
        self._arrived: list[Arrival] = []
        self._answered: list[tuple[int, ReasonCode]] = []
        self._window = _AT_ONCE
        self._waiting: deque[tuple[str, bytes, bool, Answer, Answer]] = deque()
        """What is to be sent as soon as the broker takes more."""
        self._sent: dict[int, tuple[str, Answer, Answer]] = {}
        self.is_connected = False
        self.is_hearing = False
        """The broker has said that it sends what the client wants to hear."""

    def open(self) -> None:
        """Connect, and stay so until closed."""
        self._tries_at = time.monotonic()

    def close(self) -> None:
        """Take leave of the broker, if it is there. It doesn't tell the will then."""
        was_connected = self.is_connected
        if self._paho is not None and was_connected:
            self._paho.disconnect()
            self._paho.loop_write()
        self._hang_up()
        self._tries_at = None
        if was_connected:
            self._hooks.lost()

    @property
    def unacknowledged(self) -> int:
        """How many sent messages the broker hasn't acknowledged yet."""
        return len(self._sent) + len(self._waiting)

    def send(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        acknowledged: Answer = None,
        refused: Answer = None,
    ) -> None:
        """Send it with QoS 1; `acknowledged` is called once the broker has it. Without a connection nothing is sent.

        `refused` is called if the broker doesn't take it, which only one of MQTT 5 says. What has no answer when the
        connection is lost is dropped.
        """
        if self._paho is None or not self.is_connected:
            return
        self._waiting.append((topic, payload, retain, acknowledged, refused))
        self._send_on(self._paho)

    def _send_on(self, client: _Paho) -> None:
        while self._waiting and len(self._sent) < self._window:
            topic, payload, retain, acknowledged, refused = self._waiting.popleft()
            self._sent[client.publish(topic, payload, qos=1, retain=retain).mid] = topic, acknowledged, refused

    def acknowledge(self, arrival: Arrival) -> None:
        """It is safe; for a client that acknowledges itself."""
        if arrival.nth and self._paho is not None and self.is_connected:
            self._paho.ack(arrival.nth, 1)

    # ---- waiting

    def wants(self) -> Mapping[int, int]:
        """The numbers of the sockets to wait for, and for what."""
        if self._reaching is not None:
            return {self._reaching.number: READ}
        if self._paho is None:
            return {}
        return {self._paho.handed.fileno(): READ | (WRITE if self._paho.want_write() else 0)}

    @property
    def deadline(self) -> float | None:
        """When to attend at the latest."""
        if self._paho is None:
            return None if self._reaching else self._tries_at
        if not self.is_connected:
            return self._since + _ANSWERS_WITHIN_S
        # The broker may want to hear more often than we asked for. paho counts from a moment later than we do.
        return min(self._heard_at, self._wrote_at) + self._paho.keepalive + _A_MOMENT_S

    def attend(self, ready: Mapping[int, int], now: float) -> None:
        """Read, write, ask whether the broker is still there, or try to connect."""
        if self._reaching is not None:
            if ready:
                self._take(self._reaching.take(), now)
        elif self._paho is not None:
            self._talk(self._paho, ready, now)
        elif self._tries_at is not None and now >= self._tries_at:
            self._reaching = Reaching(self._broker)

    # ---- connecting

    def _take(self, reached: socket.socket | Exception | None, now: float) -> None:
        if reached is None:
            return
        self._reaching = None
        if isinstance(reached, Exception):
            self._give_up(why_unreached(self._broker, reached), now)
            return
        self._since = self._heard_at = self._wrote_at = now
        self._paho = self._introduced(reached)

    def _introduced(self, reached: socket.socket) -> _Paho:
        is_5, keeps_s = self._broker.version == "5", self._manners.keeps_s
        client = _Paho(
            CallbackAPIVersion.VERSION2,
            self._name,
            clean_session=None if is_5 else keeps_s == 0,
            protocol=_VERSIONS[self._broker.version],
            reconnect_on_failure=False,
            manual_ack=self._manners.acknowledges_itself,
        )
        client.handed = reached
        client.max_inflight_messages_set(0)
        if self._broker.user:
            client.username_pw_set(self._broker.user, self._broker.password or None)
        if (will := self._manners.will) is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        self._listen_to(client)
        properties = None
        if is_5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            if self._manners.largest:
                properties.MaximumPacketSize = self._manners.largest
            if keeps_s:
                properties.SessionExpiryInterval = keeps_s
        first: bool | Literal[3] = keeps_s == 0 if is_5 else paho.MQTT_CLEAN_START_FIRST_ONLY
        client.connect_async(
            self._broker.host, self._broker.port, self._manners.keepalive_s, clean_start=first, properties=properties
        )
        client.reconnect()
        return client

    def _listen_to(self, client: _Paho) -> None:
        """Have paho tell what happened. Nothing is done about it in the middle of its own doing."""

        def connect(_c: Any, _u: Any, flags: paho.ConnectFlags, reason: ReasonCode, told: Properties | None) -> None:
            self._greeted = reason, flags.session_present
            client.look_after_itself(self._manners.keepalive_s)
            # paho passes over how many messages the broker takes at once, which hangs up on more.
            self._window = min(_AT_ONCE, getattr(told, "ReceiveMaximum", _AT_ONCE))

        def disconnect(_c: Any, _u: Any, _flags: Any, reason: ReasonCode, _p: Any) -> None:
            self._ended = self._ended or reason

        def publish(_c: Any, _u: Any, mid: int, reason: ReasonCode, _p: Any) -> None:
            self._answered.append((mid, reason))

        def message(_c: Any, _u: Any, told: paho.MQTTMessage) -> None:
            self._arrived.append(Arrival(told.topic, bytes(told.payload), told.retain, told.mid))

        def subscribe(_c: Any, _u: Any, _mid: int, reasons: list[ReasonCode], _p: Any) -> None:
            self.is_hearing = True
            refused = [f for f, each in zip(self._manners.hears, reasons, strict=False) if each.is_failure]
            if refused:
                _log.warning("the broker doesn't let us hear %s", ", ".join(refused))

        client.on_connect, client.on_disconnect = connect, disconnect
        client.on_publish, client.on_message, client.on_subscribe = publish, message, subscribe
        # With it, sending only queues: nothing is written, and so nothing is lost, in the middle of something else.
        client.on_socket_register_write = lambda *_: None

    # ---- talking

    def _talk(self, client: _Paho, ready: Mapping[int, int], now: float) -> None:
        deadline = self.deadline
        try:
            self._move(client, next(iter(ready.values()), 0), now)
        # A broker may say anything, and paho raises what comes up: struct.error, KeyError and its own.
        except Exception as error:
            _log.debug("what the broker says isn't understood", exc_info=error)
            self._lose(now, why_not_understood(self._broker))
            return
        self._tell(now)
        if self._paho is client and deadline is not None and now >= deadline:
            self._be_patient_no_more(client, now)

    def _move(self, client: _Paho, events: int, now: float) -> None:
        if events & ~WRITE:
            client.loop_read()
            # What TLS has decrypted already doesn't make the socket ready.
            while isinstance(client.handed, ssl.SSLSocket) and self._ended is None and client.handed.pending():
                client.loop_read()
            self._heard_at = now
        if events & WRITE and self._ended is None:
            client.loop_write()
            self._wrote_at = now

    def _be_patient_no_more(self, client: _Paho, now: float) -> None:
        if not self.is_connected:
            self._lose(now, why_unanswered(self._broker))
            return
        client.loop_misc()
        self._heard_at = self._wrote_at = now
        if self._ended is not None:
            self._lose(now, why_lost(self._broker))

    def _tell(self, now: float) -> None:
        """Pass on what happened."""
        if self._greeted is not None:
            (reason, session_present), self._greeted = self._greeted, None
            if reason.is_failure:
                # A nats-server says so in the middle of a connection, too, when a password has changed.
                self._lose(now, why_refused(self._broker, reason.value, str(reason)))
                return
            self._begin(session_present)
        self._tell_answers()
        arrived, self._arrived = self._arrived, []
        for each in arrived:
            self._hooks.message(each)
        if self._ended is not None:
            self._lose(now, self._why_ended(self._ended))

    def _tell_answers(self) -> None:
        answered, self._answered = self._answered, []
        for nth, reason in answered:
            topic, acknowledged, refused = self._sent.pop(nth, ("", None, None))
            if reason.is_failure:
                _log.warning("the broker doesn't take what goes to %s: %s", topic, reason)
            if (answer := refused if reason.is_failure else acknowledged) is not None:
                answer()
        if answered and self._paho is not None:
            self._send_on(self._paho)

    def _begin(self, session_present: bool) -> None:
        assert self._paho is not None, "it has just been greeted"
        self.is_connected = True
        if self._manners.hears:
            hears, qos, keeps = self._manners.hears, self._manners.hears_qos, self._manners.knows_retained
            if self._broker.version == "5":
                how = SubscribeOptions(qos, retainAsPublished=keeps)
                self._paho.subscribe([(each, how) for each in hears])
            else:
                self._paho.subscribe([(each, qos) for each in hears])
        self._hooks.connected(session_present)

    def _why_ended(self, reason: ReasonCode) -> str:
        if reason.value == _TAKEN_OVER:
            return why_taken_over(self._broker, self._name)
        return why_lost(self._broker) if self.is_connected else why_hung_up(self._broker)

    def _lose(self, now: float, why: str) -> None:
        was_connected = self.is_connected
        if was_connected and now - self._since >= _STEADY_S:
            self._backoff.begin_afresh()
        self._give_up(why, now)
        if was_connected:
            self._hooks.lost()

    def _give_up(self, why: str, now: float) -> None:
        self._hang_up()
        self._tries_at = now + self._backoff.next_s()
        self._hooks.not_connected(why)

    def _hang_up(self) -> None:
        if self._reaching is not None:
            self._reaching.abandon()
            self._reaching = None
        if self._paho is not None:
            self._paho.handed.close()
            self._paho = None
        self.is_connected = self.is_hearing = False
        self._greeted = self._ended = None
        self._arrived, self._answered, self._sent = [], [], {}
        self._waiting.clear()
