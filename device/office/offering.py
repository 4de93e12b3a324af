"""Suggests a preset to desks. Each desk asks its owner; what they answer stays there."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection
from datetime import date

from device.files.complaint import OneLineError
from device.mqtt.broker import Broker
from device.mqtt.client import Client, Hooks
from device.mqtt.rounds import one_round
from device.office.office_file import Office
from device.office.session import in_office_words
from device.topics.names import Topics
from device.topics.suggestion import Suggestion

_WITHIN_S = 30.0


class OfferingError(OneLineError):
    """The broker can't be reached, or hasn't taken everything."""


def suggest(
    office: Office, broker: Broker, desks: Collection[str], suggestion: Suggestion, within_s: float = _WITHIN_S
) -> None:
    """Send it to these desks. The broker keeps it for those that are off. Raises OfferingError."""
    waiting, why = set(desks), ""
    is_sent = False

    def not_connected(told: str) -> None:
        nonlocal why
        why = in_office_words(told, office)

    client = Client(broker, f"unsit-office-offer-{secrets.token_hex(4)}", Hooks(not_connected=not_connected))
    client.open()
    ends_at = time.monotonic() + within_s
    try:
        while waiting and not why and time.monotonic() < ends_at:
            one_round([client], ends_at)
            if client.is_connected and not is_sent:
                is_sent = True
                for desk in sorted(desks):
                    _send(client, Topics(office.broker.topic, desk).offer, suggestion, desk, waiting)
    finally:
        client.close()
    if waiting:
        plural, verb = "s" * (len(desks) != 1), "wasn't" if len(waiting) == 1 else "weren't"
        left = f"{len(waiting)} of {len(desks)} desk{plural} {verb} reached"
        raise OfferingError(f"{left}: {why or f'{broker.says}: it did not take everything'}")


def _send(client: Client, topic: str, suggestion: Suggestion, desk: str, waiting: set[str]) -> None:
    # Never retained: a desk that has answered long ago would hear it again at each connection.
    client.send(topic, suggestion.as_bytes(), acknowledged=lambda: waiting.discard(desk))


def id_of(preset: str, today: date) -> str:
    """The id of what is suggested today. The same again on the same day is the same suggestion."""
    return f"{preset}-{today:%Y%m%d}"
