"""What somebody may try who has the broker: floods, large messages, and commands before the device is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from device.mqtt.broker import Broker
from device.mqtt.client import Arrival
from device.mqtt.link import Answered
from device.mqtt.talks import SuggestionTalk
from tests.mosquitto import Mosquitto
from tests.mqtt.at_the_desk import TOPICS, Witness, service
from tests.waiting import until


def test_commands_to_a_desk_whose_device_is_not_there_are_refused_and_end_nothing(
    tmp_path: Path, mosquitto: Mosquitto, heard: Witness
) -> None:
    with service(tmp_path / "nobody", Broker("127.0.0.1", mosquitto.port)) as it:
        until(lambda: it.client.is_hearing)
        heard.says(TOPICS.command("mute"), "ON")
        until(lambda: "hasn't said yet for how long" in (heard.last(TOPICS.refused) or ""))
        heard.says(TOPICS.command("press"), "PRESS")
        heard.waits_for(TOPICS.refused, "press: the device doesn't answer")


def test_a_flood_is_refused_a_few_times_and_then_in_silence(
    tmp_path: Path, mosquitto: Mosquitto, heard: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    with service(tmp_path / "nobody", Broker("127.0.0.1", mosquitto.port)) as it:
        until(lambda: it.client.is_hearing)
        for nth in range(100):
            heard.says(TOPICS.command("nonsense"), str(nth))
        heard.says(TOPICS.offer, "the last one")
        until(lambda: "isn't understood" in caplog.text)
    assert 0 < len(heard.payloads(TOPICS.refused)) <= 10
    assert caplog.text.count("a command isn't obeyed") <= 10


def test_what_is_larger_than_any_message_of_ours_never_comes(
    tmp_path: Path, mosquitto: Mosquitto, heard: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    with service(tmp_path / "nobody", Broker("127.0.0.1", mosquitto.port)) as it:
        until(lambda: it.client.is_hearing)
        heard.says(TOPICS.command("press"), 70_000 * "x")
        heard.says(TOPICS.offer, "x")
        until(lambda: "isn't understood" in caplog.text)
        assert it.client.is_connected
    assert heard.payloads(TOPICS.refused) == []


def test_a_flood_of_suggestions_does_not_reach_the_device() -> None:
    ordered: list[object] = []
    done: list[Arrival] = []

    def order(_do: str, to: object, answered: Answered, _now: float) -> None:
        ordered.append(to)
        answered({"fine": True})

    talk = SuggestionTalk(TOPICS, order, done.append)
    for nth in range(100):
        told = {"id": str(nth), "preset": "hourly", "from": "ACME", "till": "2026-12-31"}
        talk.arrived(Arrival(TOPICS.offer, json.dumps(told).encode(), False, nth), 1.0 + nth)
    assert (len(ordered), len(done)) == (10, 100)
    talk.arrived(Arrival(TOPICS.offer, json.dumps(told).encode(), False, 1), 3700.0)
    assert len(ordered) == 11
