"""What is said of the journal: facts, days, and how far the broker has heard. With days alone, it is a visit."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial

from device.journal.place import changes_file, journal_of_device
from device.mqtt.client import Arrival
from device.mqtt.service import MqttService
from device.mqtt.talks import Message, Refusals, Talk
from device.outbox.cursor import CursorFile, cursor_folder
from device.outbox.day_outbox import DayOutbox, local_now
from device.outbox.outbox import Outbox
from device.outbox.visiting import Visits
from device.settings.layers import in_force_from
from device.settings.settings import Settings
from device.topics.message_form import NoMessageError
from device.topics.names import Topics
from device.topics.sent_message import SendAgain, send_again_of

_AGAIN_AFTER_S = 10.0
_NAME = "resend"


class FactTalk(Talk):
    """Sends on what the device writes down."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def connected(self, now: float) -> None:  # noqa: ARG002 - sends at the next look
        self._outbox.connected()

    def lost(self) -> None:
        self._outbox.lost()

    def told(self, message: Message, now: float) -> None:
        if message["kind"] == "fact":
            self._outbox.told(message["said"], now)

    @property
    def deadline(self) -> float | None:
        return self._outbox.deadline

    def look(self, now: float) -> None:
        self._outbox.attend({}, now)

    def close(self) -> None:
        self._outbox.close()


class DayTalk(Talk):
    """Sends the totals of closed days."""

    def __init__(self, days: DayOutbox) -> None:
        self._days = days

    def connected(self, now: float) -> None:  # noqa: ARG002 - sends at the next look
        self._days.connected()

    def lost(self) -> None:
        self._days.lost()

    @property
    def deadline(self) -> float | None:
        return self._days.deadline

    def look(self, now: float) -> None:
        self._days.attend({}, now)


class VisitTalk(Talk):
    """Connects only while there is something to send."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    @property
    def deadline(self) -> float | None:
        return self._visits.deadline

    def look(self, now: float) -> None:
        self._visits.attend({}, now)


class AgainTalk(Talk):
    """Hears who lacks something of it. Nobody lacks much more often than now and then."""

    def __init__(self, topics: Topics, refusals: Refusals, again: Sequence[Callable[[SendAgain], str]]) -> None:
        """`again` sends again what it has of it, and says why if it can't."""
        self._topic, self._refusals, self._again = topics.command(_NAME), refusals, again
        self._obeys_from = 0.0
        self.hears = (self._topic,)

    def arrived(self, arrival: Arrival, now: float) -> None:
        if arrival.topic == self._topic:
            for why in filter(None, self._whys(arrival, now)):
                self._refusals.say(f"{_NAME}: {why}", now)

    def _whys(self, arrival: Arrival, now: float) -> Iterable[str]:
        """Why it isn't obeyed; nothing if it is."""
        if arrival.is_retained:
            return ["a retained command is never obeyed; send it without"]
        if now < self._obeys_from:
            return [f"too many commands; allowed: 1 in {_AGAIN_AFTER_S:g} s"]
        try:
            order = send_again_of(arrival.payload)
        except NoMessageError as error:
            return [str(error)]
        if not (order.facts or order.days):
            return ["it asks for nothing; allowed: after, days_after or both"]
        self._obeys_from = now + _AGAIN_AFTER_S
        return [each(order) for each in self._again]


def _in_time_s(settings: Settings) -> float:
    """As it is in force now: somebody may have changed it on the page since these settings were read."""
    return in_force_from(settings, changes_file(settings)).settings.limits.in_time_s


def add_journal(
    service: MqttService,
    settings: Settings,
    topics: Topics,
    draw: Callable[[], float] = random.random,
    wall: Callable[[], datetime] = local_now,
) -> None:
    """Have the service say of the journal what these settings share. `draw` returns numbers from 0 to 1."""
    journal, client, share = journal_of_device(settings), service.client, settings.mqtt.share
    folder = cursor_folder(settings)
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    cursor = CursorFile(folder)
    is_alone = share == "days"
    in_time_s = partial(_in_time_s, settings)
    days = DayOutbox(topics, journal, cursor, client.send, in_time_s, is_alone=is_alone, draw=draw, wall=wall)
    service.add(DayTalk(days))
    if is_alone:
        cursor.end_facts()
        service.add(AgainTalk(topics, service.refusals, [days.send_again]))
        service.add(VisitTalk(Visits(client, days)))
        return
    outbox = Outbox(topics, journal, cursor, client.send)
    service.add(FactTalk(outbox))
    service.add(AgainTalk(topics, service.refusals, [outbox.send_again, days.send_again]))
