"""The process between the device's line and the broker: one thread, which sleeps until something comes."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from device.files.whole_file import write_whole
from device.mqtt.broker import Broker
from device.mqtt.client import Arrival, Backoff, Client, Hooks, Manners, Will
from device.mqtt.link import Answered, LineHooks, Link
from device.mqtt.rounds import Attentive, one_round
from device.mqtt.stop import Stop, stop_at_signals
from device.mqtt.talks import OFFLINE, CommandTalk, EventTalk, Refusals, StateTalk, SuggestionTalk, Talk
from device.phones.ordering import UnansweredError, ordered
from device.run.service import ServiceManager
from device.topics.names import Topics

_log = logging.getLogger(__name__)

_LEAVES_WITHIN_S = 2.0
_LARGEST = 65_536
"""No message for a desk has so many bytes."""
KEEPS_S = 30 * 24 * 3600
"""How long the broker keeps what comes for a desk that visits it, in seconds."""
STATUS = "status.json"
"""How the service stands, in its folder below /run."""


@dataclass(frozen=True, slots=True)
class BothEnds:
    """What the service is between."""

    line: Path
    broker: Broker
    topics: Topics
    share: str
    """What leaves the desk: `live`, `facts` or `days`."""


def _manners(ends: BothEnds, hears: Sequence[str]) -> Manners:
    """Nothing waits for a desk that is connected anyway; who comes now and then has it kept for a month.

    An offer is kept until the device has it: each arrival is acknowledged by itself then.
    """
    match ends.share:
        case "live":
            will = Will(ends.topics.availability, OFFLINE)
            return Manners(will, hears, hears_qos=0, largest=_LARGEST, knows_retained=True)
        case "facts":
            return Manners(None, hears, hears_qos=0, largest=_LARGEST, knows_retained=True)
    return Manners(None, hears, keeps_s=KEEPS_S, acknowledges_itself=True, largest=_LARGEST, knows_retained=True)


class MqttService:
    """Follows the line and talks to the broker."""

    def __init__(
        self,
        ends: BothEnds,
        backoff: Backoff | None = None,
        status: Path | None = None,
        manager: ServiceManager | None = None,
    ) -> None:
        """`status` is where it writes how it stands."""
        self._ends, self._status = ends, status
        self._manager = manager or ServiceManager()
        self._why = ""
        self.talks: list[Talk] = []
        self._visits = ends.share == "days"
        """It is connected only for a visit now and then, and doesn't follow the device."""
        topics = ends.topics
        self._link = Link(ends.line, LineHooks(self._tell, self._miss))
        self.hears: list[str] = []
        self.client = Client(
            ends.broker,
            f"unsit-{topics.desk}",
            Hooks(self._begin, self._lose, self._hear, self._give_up),
            _manners(ends, self.hears),
            backoff,
        )
        self.refusals = Refusals(topics, self.client, told=not self._visits)
        if ends.share == "live":
            self.add(StateTalk(topics, self.client))
            self.add(EventTalk(topics, self.client))
            self.add(CommandTalk(topics, self.refusals, self._link))
        order = self._order_once if self._visits else self._link.order
        self.add(SuggestionTalk(topics, order, self.client.acknowledge))

    def add(self, talk: Talk) -> None:
        """Say or hear this, too. Before it runs."""
        self.talks.append(talk)
        self.hears.extend(talk.hears)

    def say_again(self) -> None:
        """Have all that stands said anew, for somebody who may have missed it."""
        for talk in self.talks:
            talk.say_again()

    def run(self, stop: Stop) -> None:
        """Go round until stopped."""
        parts: list[Attentive] = [self.client, stop]
        if not self._visits:
            self.client.open()
            parts.append(self._link)
        else:
            _log.info("only days are shared: it connects to %s when there are any to send", self._ends.broker.says)
        self._manager.ready()
        try:
            while not stop.has_come:
                one_round(parts, self._deadline())
                self._look(time.monotonic())
                self._manager.keep_alive()
        finally:
            self._manager.stopping()
            self._leave()

    def _deadline(self) -> float | None:
        deadlines = [each.deadline for each in self.talks]
        every_s = self._manager.alive_every_s
        deadlines.append(None if every_s is None else time.monotonic() + every_s)
        return min((each for each in deadlines if each is not None), default=None)

    def _look(self, now: float) -> None:
        for talk in self.talks:
            talk.look(now)

    def _leave(self) -> None:
        """What is said last has to reach the broker, but nobody waits for long."""
        self._link.close()
        for talk in self.talks:
            talk.close()
        ends_at = time.monotonic() + _LEAVES_WITHIN_S
        while self.client.is_connected and self.client.unacknowledged and time.monotonic() < ends_at:
            one_round([self.client], ends_at)
        self.client.close()
        self._write_status(connected=False, why="the service has ended")

    def _order_once(self, do: str, to: object, answered: Answered, _: float) -> None:
        try:
            answered(ordered(self._ends.line, do, to))
        except UnansweredError:
            answered(None)

    # ---- what happens

    def _tell(self, message: Mapping[str, Any]) -> None:
        now = time.monotonic()
        for talk in self.talks:
            talk.told(message, now)

    def _miss(self) -> None:
        for talk in self.talks:
            talk.gone()

    def _begin(self, session_present: bool) -> None:  # noqa: ARG002 - all is said again anyway
        _log.info("connected to %s", self._ends.broker.says)
        self._why = ""
        now = time.monotonic()
        for talk in self.talks:
            talk.connected(now)
        self._write_status(connected=True)

    def _lose(self) -> None:
        for talk in self.talks:
            talk.lost()

    def _hear(self, arrival: Arrival) -> None:
        is_taken_away = arrival.is_retained and not arrival.payload
        if is_taken_away or arrival.topic != self._ends.topics.offer:
            # An offer is acknowledged once the device has it.
            self.client.acknowledge(arrival)
        if is_taken_away:
            # Somebody takes away what the broker has kept.
            return
        now = time.monotonic()
        for talk in self.talks:
            talk.arrived(arrival, now)

    def _give_up(self, why: str) -> None:
        # It tries again and again, and says only what is new.
        if why != self._why:
            self._why = why
            _log.warning("%s; trying again", why)
            self._write_status(connected=False, why=why)

    def _write_status(self, *, connected: bool, why: str = "") -> None:
        if self._status is None:
            return
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        told = json.dumps({"connected": connected, "since": since, "why": why}) + "\n"
        with suppress(OSError):
            write_whole(self._status, told.encode())


def talk_to_broker(service: MqttService, more: Sequence[Talk] = ()) -> None:
    """Run the service until a signal comes."""
    for talk in more:
        service.add(talk)
    with stop_at_signals() as stop:
        service.run(stop)
