"""Shows the desk to Home Assistant, again whenever it has started, and takes away what isn't to be shown any more."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from device.files.complaint import ContentError
from device.files.whole_file import write_whole
from device.languages.phrases import Phrases, phrases
from device.mqtt.client import Arrival, Client
from device.mqtt.talks import Message, Talk
from device.settings.settings import MqttSettings
from device.topics.discovery import BORN, Able, Discovery, able
from device.topics.names import Topics

_log = logging.getLogger(__name__)

_SOON_S = (0.2, 2.0)
"""How long to wait once Home Assistant has started, so that not all devices of a house talk at once."""


class ShownAt:
    """Where the desk was shown last, kept in a file, so that it can be taken away from there."""

    def __init__(self, folder: Path | None) -> None:
        """Without a folder it is forgotten at the end."""
        self._file = None if folder is None else folder / "shown.json"
        self.where = self._read()

    def is_elsewhere(self, where: Discovery | None) -> bool:
        """Whether it was shown, and in another place than there."""
        return self.where is not None and (where is None or _place(self.where) != _place(where))

    def keep(self, where: Discovery | None) -> None:
        """From now on it is shown there; None for nowhere."""
        if self._file is None or (where and _place(where)) == (self.where and _place(self.where)):
            self.where = where
            return
        self.where = where
        try:
            if where is None:
                self._file.unlink(missing_ok=True)
            else:
                write_whole(self._file, json.dumps(_place(where)).encode() + b"\n")
        except OSError as error:
            _log.warning("%s can't be written, so a later change leaves it shown: %s", self._file, error.strerror)

    def _read(self) -> Discovery | None:
        if self._file is None:
            return None
        with suppress(OSError, ValueError):
            match json.loads(self._file.read_bytes()):
                case [str() as prefix, str() as base, str() as desk]:
                    return Discovery(Topics(base, desk), prefix)
        return None


def _place(where: Discovery) -> tuple[str, str, str]:
    return where.prefix, where.topics.base, where.topics.desk


def spoken(folder: str) -> Callable[[str], Phrases]:
    """The texts in the language asked for, which may be one of the user's own; English if there is none."""

    def say(language: str) -> Phrases:
        try:
            return phrases(language, folder)
        except ContentError as error:
            _log.warning("Home Assistant is told in English: %s", error)
            return Phrases()

    return say


def shown_where(mqtt: MqttSettings, topics: Topics) -> Discovery | None:
    """Where the settings have it shown; None for nowhere. Only of a desk that is live is there anything to show.

    Without discovery, too, it stands there how the desk is, which is to be taken away at last.
    """
    if mqtt.share != "live":
        return None
    return Discovery(topics, mqtt.discovery, mqtt.components == "single", mqtt.desk)


class WithdrawingTalk(Talk):
    """Takes the desk away from where it was shown, once it is to be shown in another place, or in none."""

    def __init__(
        self,
        where: Discovery | None,
        shown: ShownAt,
        client: Client,
        say_again: Callable[[], object],
        *,
        visits: bool = False,
    ) -> None:
        """`where` it is to be shown; None for nowhere. `say_again` has all states said anew.

        A client that only `visits` the broker is sent there once if there is something to take away.
        """
        self._where, self._shown, self._client, self._say_again = where, shown, client, say_again
        self._is_leaving = self._came = False
        self._has_to_come = visits and shown.is_elsewhere(where)

    def connected(self, now: float) -> None:  # noqa: ARG002 - it tells at the next look
        self._is_leaving = False

    @property
    def deadline(self) -> float | None:
        return 0.0 if self._has_to_come else None

    def look(self, now: float) -> None:  # noqa: ARG002 - whenever there is a connection
        if self._has_to_come:
            self._has_to_come, self._came = False, True
            self._client.open()
        if not self._client.is_connected or self._is_leaving:
            return
        if self._shown.where is not None and self._shown.is_elsewhere(self._where):
            self._take_away(self._shown.where)
        elif self._came:
            self._came = False
            # What else is on its way has come for a visit of its own, which ends by itself.
            if not self._client.unacknowledged:
                self._client.close()

    def _take_away(self, was: Discovery) -> None:
        """Only once the broker has answered to the last of it, it is forgotten that it was shown there.

        A desk that was given another name may not be allowed to write under its old one: then that stays.
        """
        self._is_leaving = True
        *messages, last = was.withdraw()
        for topic, payload in messages:
            self._client.send(topic, payload.encode(), retain=True)
        self._client.send(last.topic, last.payload.encode(), retain=True, acknowledged=self._left, refused=self._left)

    def _left(self) -> None:
        self._is_leaving = False
        self._shown.keep(None)
        self._say_again()


class AnnouncingTalk(Talk):
    """Tells Home Assistant what the desk is."""

    def __init__(
        self,
        where: Discovery,
        shown: ShownAt,
        client: Client,
        spoken: Callable[[str], Phrases],
        say_again: Callable[[], object],
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """`say_again` has all states said anew; `draw` returns a number between two others."""
        self._where, self._shown, self._client = where, shown, client
        self._spoken, self._say_again, self._draw = spoken, say_again, draw
        self._language: str | None = None
        self._able: Able | None = None
        self._told: tuple[str, Able] | None = None
        """What was told over this connection, so that nothing is told twice."""
        self._again_at: float | None = None
        self.hears = (where.status,) if where.prefix else ()

    def connected(self, now: float) -> None:  # noqa: ARG002 - it tells at the next look
        self._told = None

    def told(self, message: Message, now: float) -> None:  # noqa: ARG002 - likewise
        if message["kind"] == "device":
            self._language = message["language"]
        elif message["kind"] == "settings":
            self._able = able(message)

    def arrived(self, arrival: Arrival, now: float) -> None:
        if arrival.topic == self._where.status and arrival.payload == BORN.encode() and self._again_at is None:
            self._again_at = now + self._draw(*_SOON_S)

    @property
    def deadline(self) -> float | None:
        return self._again_at

    def look(self, now: float) -> None:
        if self._again_at is not None and now >= self._again_at:
            self._again_at = self._told = None
            self._say_again()
        is_ready = self._client.is_connected and not self._shown.is_elsewhere(self._where)
        if is_ready and self._language is not None and self._able is not None:
            self._announce(self._language, self._able)

    def _announce(self, language: str, able: Able) -> None:
        if self._told == (language, able):
            return
        self._told = language, able
        self._shown.keep(self._where)
        for topic, payload in self._where.announce(able, self._spoken(language)):
            self._client.send(topic, payload.encode(), retain=True)
