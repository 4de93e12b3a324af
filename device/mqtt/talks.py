"""What is said and heard on the broker, one thing at a time: states, events, commands. Others add theirs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from device.files.complaint import complaint_told, in_a_line
from device.mqtt.client import Arrival, Client
from device.mqtt.link import Answered, Link
from device.run.orders import Pace
from device.topics.commands import CommandRefusedError, Orderly
from device.topics.events import Happenings
from device.topics.message_form import NoMessageError
from device.topics.names import Topics
from device.topics.own_business import is_own_answer
from device.topics.states import States
from device.topics.suggestion import suggestion_of
from device.words.instants import HOUR_S

_log = logging.getLogger(__name__)

Message = Mapping[str, Any]

ONLINE, OFFLINE = b"online", b"offline"
_LONGEST_LINE = 300
_REFUSALS, _REFUSALS_WITHIN_S = 10, 10.0
"""The most refusals that are said in so many seconds."""
_SUGGESTIONS = 10
"""How many messages about suggestions are looked at in an hour."""
_NOT_FOR_THE_DEVICE = ("resend",)

Order = Callable[[str, object, Answered, float], None]
"""Orders something of the device, by name and value; the answer comes later, and the last is now."""


class Talk:
    """One thing that is said or heard. Whatever a talk has nothing to do with, it leaves as it is here."""

    hears: tuple[str, ...] = ()
    """The topics that it wants to hear, or filters for them."""

    def connected(self, now: float) -> None:
        """There is a new connection to the broker, which may have forgotten all that it was told."""

    def say_again(self) -> None:
        """Somebody has begun anew who may have missed how it stands."""

    def lost(self) -> None:
        """The connection is lost."""

    def told(self, message: Message, now: float) -> None:
        """The device has told something on its line."""

    def gone(self) -> None:
        """The device can't be heard."""

    def arrived(self, arrival: Arrival, now: float) -> None:
        """A message has come from the broker, not always for this talk."""

    @property
    def deadline(self) -> float | None:
        """When to look again at the latest; None for never."""
        return None

    def look(self, now: float) -> None:
        """All that came at once was taken in, or the deadline has come."""

    def close(self) -> None:
        """It ends; what it sends now is still waited for, if there is a connection."""


class StateTalk(Talk):
    """Says how the desk stands: all of it over each new connection, and then what has changed."""

    def __init__(self, topics: Topics, client: Client) -> None:
        self._topics, self._client = topics, client
        self._states = States()
        self._said: dict[str, str] = {}
        self._available: bool | None = None
        """What was said of it over this connection; None for nothing so far."""
        self._looks_at: float | None = None
        self._is_news = True

    def connected(self, now: float) -> None:  # noqa: ARG002 - says it at the next look
        self.say_again()

    def say_again(self) -> None:
        self._said.clear()
        self._available, self._is_news = None, True

    def told(self, message: Message, now: float) -> None:
        self._states.hear(message, now)
        self._is_news = True

    def gone(self) -> None:
        self._states.forget()
        self._is_news = True

    @property
    def deadline(self) -> float | None:
        return self._looks_at if self._client.is_connected else None

    def look(self, now: float) -> None:
        if not self._client.is_connected or not (self._is_news or self._is_time(now)):
            return
        self._is_news, self._looks_at = False, self._states.next_minute_at(now)
        if self._states.are_known:
            told = self._states.texts(now)
            for name, text in told.items():
                if self._said.get(name) != text:
                    self._client.send(self._topics.state(name), text.encode(), retain=True)
            self._said = told
        self._say_available(self._states.are_known)

    def close(self) -> None:
        self._say_available(False)

    def _is_time(self, now: float) -> bool:
        return self._looks_at is not None and now >= self._looks_at

    def _say_available(self, is_so: bool) -> None:
        if self._available is not is_so:
            self._available = is_so
            self._client.send(self._topics.availability, ONLINE if is_so else OFFLINE, retain=True)


class EventTalk(Talk):
    """Says what happens, and what a finger does. Nothing of it waits for a connection."""

    def __init__(self, topics: Topics, client: Client) -> None:
        self._topics, self._client = topics, client
        self._happenings = Happenings()

    def told(self, message: Message, now: float) -> None:
        if message["kind"] == "button":
            if is_own_answer(message["modes"]):
                return
            self._client.send(self._topics.button, str(message["did"]).encode())
        elif (text := self._happenings.hear(message, now)) is not None:
            self._client.send(self._topics.event, text.encode())

    def gone(self) -> None:
        self._happenings.forget()


class Refusals:
    """Says why a command isn't obeyed: in the log, and on the broker if that is `told` there."""

    def __init__(self, topics: Topics, client: Client, *, told: bool) -> None:
        self._topic, self._client, self._is_told = topics.refused, client, told
        self._pace = Pace(_REFUSALS, _REFUSALS_WITHIN_S)

    def say(self, why: str, now: float) -> None:
        """Say why, but not to a flood: whoever sends one must not fill the log, nor the broker by way of us."""
        if self._pace.is_full(now):
            return
        self._pace.count(now)
        line = in_a_line(why)[:_LONGEST_LINE]
        _log.warning("a command isn't obeyed: %s", line)
        if self._is_told:
            self._client.send(self._topic, line.encode())


class CommandTalk(Talk):
    """Passes commands on to the device as orders, and says why if one isn't obeyed."""

    def __init__(self, topics: Topics, refusals: Refusals, link: Link) -> None:
        self._topics, self._link = topics, link
        self._orderly = Orderly()
        self._refuse = refusals.say
        self._settings: dict[str, str] = {}
        self.hears = (topics.commands,)

    def told(self, message: Message, now: float) -> None:  # noqa: ARG002 - what it says holds till it says otherwise
        if message["kind"] == "device":
            self._settings = dict(line.split("=", 1) for line in message["settings"])

    def arrived(self, arrival: Arrival, now: float) -> None:
        name = self._topics.commanded(arrival.topic)
        if name is None or name in _NOT_FOR_THE_DEVICE:
            return
        payload, retained = arrival.payload, arrival.is_retained
        try:
            told = self._orderly.order(name, payload, self._settings, now, retained=retained)
        except CommandRefusedError as error:
            self._refuse(str(error), now)
            return
        self._link.order(told.do, told.to, lambda answer: self._answered(name, answer, now), now)

    def _answered(self, name: str, answer: Message | None, now: float) -> None:
        if answer is None:
            self._refuse(f"{name}: the device doesn't answer", now)
        elif not answer["fine"]:
            self._refuse(f"{name}: {complaint_told(answer['why'])}", now)


class SuggestionTalk(Talk):
    """Passes on to the device what the office suggests. Nothing is said of what comes of it."""

    def __init__(self, topics: Topics, order: Order, acknowledge: Callable[[Arrival], object]) -> None:
        """`acknowledge` tells the broker that it needn't keep the message any more."""
        self._topic, self._order, self._acknowledge = topics.offer, order, acknowledge
        self._pace = Pace(_SUGGESTIONS, HOUR_S)
        self.hears = (self._topic,)

    def arrived(self, arrival: Arrival, now: float) -> None:
        if arrival.topic != self._topic:
            return
        suggestion = self._read(arrival, now)
        if suggestion is None:
            self._acknowledge(arrival)
        else:
            self._order("offer", suggestion, partial(self._answered, arrival), now)

    def _read(self, arrival: Arrival, now: float) -> object:
        """What it suggests; None if it isn't passed on."""
        # A flood would take the line from the page.
        if self._pace.is_full(now):
            return None
        self._pace.count(now)
        if arrival.is_retained:
            _log.warning("what the office suggests isn't looked at: it is retained; send it without")
            return None
        try:
            return suggestion_of(arrival.payload)
        except NoMessageError as error:
            _log.warning("what the office suggests isn't understood: %s", error)
            return None

    def _answered(self, arrival: Arrival, answer: Message | None) -> None:
        if answer is None:
            # A broker that keeps it for the desk brings it again over the next connection.
            _log.warning("what the office suggests can't be told: the device doesn't answer")
            return
        self._acknowledge(arrival)
        if not answer["fine"]:
            _log.warning("what the office suggests isn't taken in: %s", complaint_told(answer["why"]))
