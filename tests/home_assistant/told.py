"""A desk that is nothing but what it tells on the broker: discovery, states, and the commands that it hears."""

from __future__ import annotations

import queue
from collections.abc import Iterable
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from device import __version__
from device.languages.phrases import phrases
from device.topics.discovery import Able, Discovery, Retained
from device.topics.names import Topics
from tests.waiting import WITHIN_S

UNKNOWN = "None"
STATES = {
    "seated": "OFF", "due": "OFF", "muted": "OFF", "mode": "watching", "sitting_since": UNKNOWN, "sitting": "0",
    "today": "0", "muted_until": UNKNOWN, "seat": "ok", "panel": "ok", "version": __version__, "preset": "hourly",
    "due_after": "60",
}  # fmt: skip


class ToldDesk:
    """Tells Home Assistant in one form what the test says."""

    def __init__(self, port: int, *, single: bool) -> None:
        self.topics = Topics("unsit", "desk-1a2b3c4d")
        self.single = single
        self.heard: queue.Queue[tuple[str, str]] = queue.Queue()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self._client.on_message = self._hear
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe(self.topics.commands, 1)

    def _hear(self, _client: object, _more: object, message: MQTTMessage) -> None:
        assert not message.retain
        self.heard.put((message.topic, message.payload.decode()))

    def hears(self) -> tuple[str, str]:
        """The next command."""
        return self.heard.get(timeout=WITHIN_S)

    def close(self) -> None:
        """Take all away, and hang up."""
        self.say(self.discovery().withdraw())
        self._client.disconnect()
        self._client.loop_stop()

    def discovery(self, *, called: str = "") -> Discovery:
        """How it is shown."""
        return Discovery(self.topics, "homeassistant", self.single, called)

    def shows(self, able: Able = Able(), language: str = "en") -> None:  # noqa: B008
        """Show the desk with all its states."""
        self.say(self.discovery().announce(able, phrases(language)))
        self.say([Retained(self.topics.availability, "online")])
        self.stands(**STATES)

    def stands(self, **states: str) -> None:
        """Say how some things stand."""
        self.say(Retained(self.topics.state(name), state) for name, state in states.items())

    def say(self, messages: Iterable[Retained]) -> None:
        """Say something that stands on the broker."""
        for topic, payload in messages:
            self._client.publish(topic, payload, 1, retain=True).wait_for_publish(WITHIN_S)

    def tells(self, topic: str, payload: Any) -> None:
        """Say something that passes."""
        self._client.publish(topic, payload, 1).wait_for_publish(WITHIN_S)
