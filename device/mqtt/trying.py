"""One try to reach the broker, for whoever wants to know now whether it works."""

from __future__ import annotations

import time

from device.mqtt.broker import Broker, BrokerError, broker_of, topics_of
from device.mqtt.client import Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.mqtt.service import KEEPS_S
from device.settings.settings import MqttSettings

_WITHIN_S = 40.0
_PLAIN = Manners()


def tried(mqtt: MqttSettings) -> str:
    """What comes of a try with these settings, in one line."""
    try:
        broker = broker_of(mqtt)
    except BrokerError as error:
        return str(error)
    name = f"unsit-{topics_of(mqtt).desk}"
    if mqtt.share == "days":
        # For a broker that goes by users it is the service anyway, for which an offer may wait: that has to stay.
        why = why_not_connected(broker, name, Manners(keeps_s=KEEPS_S, acknowledges_itself=True))
    else:
        # Not by the service's own name, whose place it would take.
        why = why_not_connected(broker, f"{name}-check")
    return why or f"{broker.says}: it lets the desk in"


def why_not_connected(broker: Broker, name: str, manners: Manners = _PLAIN) -> str:
    """Why the broker doesn't let somebody of this name in, in one line; empty if it does."""
    told: list[str] = []
    client = Client(broker, name, Hooks(connected=lambda _: told.append(""), not_connected=told.append), manners)
    client.open()
    ends_at = time.monotonic() + _WITHIN_S
    try:
        while not told and time.monotonic() < ends_at:
            one_round([client], ends_at)
    finally:
        client.close()
    return told[0] if told else f"{broker.says}: it doesn't answer"
