"""A simulated desk, its service and a real mosquitto: what is said there, and what the desk does about commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from device.journal.layout import open_journal
from device.mqtt.broker import Broker
from device.mqtt.client import Client
from device.mqtt.rounds import Attentive, one_round
from device.mqtt.talks import Talk
from device.topics.names import STATES
from tests.ear import Ear
from tests.mosquitto import Mosquitto
from tests.mqtt.at_the_desk import TOPICS, Witness, does, retained, service
from tests.rig import Rig
from tests.waiting import until

ONLINE, EVENT = TOPICS.availability, TOPICS.event


def at(mosquitto: Mosquitto) -> Broker:
    return Broker("127.0.0.1", mosquitto.port)


def test_how_a_desk_stands_is_on_the_broker_and_changes_when_somebody_sits(
    desk: Rig, mosquitto: Mosquitto, heard: Witness
) -> None:
    with service(desk.line, at(mosquitto)):
        heard.waits_for(ONLINE, "online")
        assert {name: heard.last(TOPICS.state(name)) for name in STATES if name not in ("version", "mode")} == {
            "seated": "OFF",
            "due": "OFF",
            "muted": "OFF",
            "sitting_since": "None",
            "sitting": "0",
            "today": "0",
            "muted_until": "None",
            "seat": "ok",
            "panel": "ok",
            "preset": "half-hourly",
            "due_after": "30",
        }
        does(desk, "seat", True)
        does(desk, "speed", 600)
        heard.waits_for(TOPICS.state("seated"), "ON")
        heard.waits_for(TOPICS.state("due"), "ON")
        does(desk, "speed", 1)
        assert datetime.fromisoformat(heard.last(TOPICS.state("sitting_since")) or "").tzinfo is not None
        told = [json.loads(each)["event_type"] for each in heard.payloads(EVENT)]
        assert told[:1] == ["sat"]
        assert "due" in told
        # Each minute once.
        minutes = [int(each) for each in heard.payloads(TOPICS.state("sitting"))]
        assert minutes == sorted(set(minutes))
    heard.waits_for(ONLINE, "offline")
    assert all(each.is_retained is False for each in heard.heard)
    stands = retained(at(mosquitto))
    assert stands.keys() == {ONLINE, *map(TOPICS.state, STATES)}


def test_after_each_reconnection_all_stands_again_even_if_the_broker_has_forgotten_it(
    desk: Rig, mosquitto: Mosquitto
) -> None:
    with service(desk.line, at(mosquitto)) as it:
        for _ in range(3):
            until(lambda: it.client.is_connected and not it.client.unacknowledged)
            until(lambda: retained(at(mosquitto)).get(ONLINE) == "online")
            assert retained(at(mosquitto)).keys() == {ONLINE, *map(TOPICS.state, STATES)}
            mosquitto.kill()
            until(lambda: not it.client.is_connected)
            mosquitto.forget_all()
            mosquitto.start()


def test_while_the_broker_is_away_nothing_turns_round_and_round(
    desk: Rig, mosquitto: Mosquitto, heard: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[float] = []

    def counted(parts: Sequence[Attentive], until: float | None = None) -> None:
        rounds.append(time.monotonic())
        one_round(parts, until)

    with service(desk.line, at(mosquitto)) as it:
        does(desk, "speed", 60)
        does(desk, "seat", True)
        heard.waits_for(TOPICS.state("sitting"), "1")
        mosquitto.kill()
        until(lambda: not it.client.is_connected)
        monkeypatch.setattr("device.mqtt.service.one_round", counted)
        began = time.monotonic()
        until(lambda: time.monotonic() > began + 2)
        # Five tries a second, and what the device tells: a full minute is one second there.
        assert len([at for at in rounds if at > began]) < 80


def test_no_command_makes_a_break(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    with service(desk.line, at(mosquitto)):
        does(desk, "seat", True)
        does(desk, "speed", 600)
        heard.waits_for(TOPICS.state("due"), "ON")
        does(desk, "speed", 1)
        for command in ("press", "stretch", "press"):
            heard.says(TOPICS.command(command), "PRESS")
        heard.waits_for(TOPICS.state("mode"), "acknowledged")
        heard.says(TOPICS.command("mute"), "ON")
        heard.waits_for(TOPICS.state("muted"), "ON")
        assert heard.last(TOPICS.state("due")) == "ON"
        does(desk, "seat", False)
        does(desk, "speed", 60)
        heard.waits_for(TOPICS.state("due"), "OFF")
        told = [json.loads(each)["event_type"] for each in heard.payloads(EVENT)]
        assert told.index("left") < told.index("full_break")


def test_a_device_that_is_gone_is_not_available_until_it_is_back(
    tmp_path: Path, mosquitto: Mosquitto, heard: Witness
) -> None:
    first = Rig(tmp_path)
    with service(first.line, at(mosquitto)):
        heard.waits_for(ONLINE, "offline")
        with first.desk_alone():
            heard.waits_for(ONLINE, "online")
        heard.waits_for(ONLINE, "offline")
        with Rig(tmp_path).desk_alone():
            heard.waits_for(ONLINE, "online")


def test_what_happened_before_is_no_event(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    does(desk, "speed", 600)
    does(desk, "seat", True)
    with service(desk.line, at(mosquitto)):
        heard.waits_for(TOPICS.state("seated"), "ON")
    assert heard.payloads(EVENT).count('{"event_type":"sat"}') <= 1
    before = len(heard.payloads(EVENT))
    with service(desk.line, at(mosquitto)):
        until(lambda: heard.payloads(ONLINE).count("online") == 2)
        does(desk, "speed", 1)
    later = [json.loads(each)["event_type"] for each in heard.payloads(EVENT)[before:]]
    assert "sat" not in later


def test_a_finger_is_told_and_a_press_from_afar_is_not(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    with service(desk.line, at(mosquitto)):
        heard.waits_for(ONLINE, "online")
        does(desk, "button", True)
        does(desk, "button", False)
        heard.waits_for(TOPICS.button, "press")
        does(desk, "button", True)
        until(lambda: heard.payloads(TOPICS.button) == ["press", "hold"])
        does(desk, "button", False)


@pytest.mark.parametrize("lasts_s", [0.1, 1.2])
def test_what_a_finger_answers_the_office_is_not_told(
    lasts_s: float, desk: Rig, mosquitto: Mosquitto, heard: Witness
) -> None:
    told = {"id": "hourly-1", "preset": "hourly", "from": "Office"}
    told["till"] = str((datetime.now() + timedelta(days=9)).date())

    def push(lasts_s: float) -> None:
        # The contact settles before the next one.
        for down, for_s in ((True, lasts_s), (False, 0.3)):
            does(desk, "button", down)
            ends_at = time.monotonic() + for_s
            until(lambda: time.monotonic() > ends_at)  # noqa: B023 - asked at once

    with service(desk.line, at(mosquitto)):
        heard.waits_for(ONLINE, "online")
        heard.says(TOPICS.offer, json.dumps(told))
        does(desk, "seat", True)
        does(desk, "speed", 20)
        heard.waits_for(TOPICS.state("mode"), "office_offered")
        does(desk, "speed", 1)
        push(lasts_s)
        heard.waits_for(TOPICS.state("mode"), "watching")
        until(lambda: '{"event_type":"office_answer"}' in heard.payloads(EVENT))
        push(0.1)
        until(lambda: heard.payloads(TOPICS.button))
    assert heard.payloads(TOPICS.button) == ["press"]


def test_commands_are_obeyed_or_refused_in_a_line(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    with service(desk.line, at(mosquitto)):
        heard.waits_for(ONLINE, "online")
        heard.says(TOPICS.command("mute"), "ON")
        heard.waits_for(TOPICS.state("muted"), "ON")
        assert heard.last(TOPICS.state("muted_until")) != "None"
        heard.says(TOPICS.command("mute"), "OFF")
        heard.waits_for(TOPICS.state("muted"), "OFF")
        until_time = (datetime.now().astimezone() + timedelta(minutes=20)).isoformat(timespec="seconds")
        heard.says(TOPICS.command("mute_until"), until_time)
        heard.waits_for(TOPICS.state("muted"), "ON")
        heard.says(TOPICS.command("mute"), "loud")
        heard.waits_for(TOPICS.refused, "mute 'loud': allowed: ON or OFF")
        heard.says(TOPICS.command("mute_until"), "2020-01-01T00:00:00+00:00")
        heard.waits_for(TOPICS.refused, "mute_until: '2020-01-01T00:00:00+00:00' is past")


def test_limits_are_set_over_the_broker(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    with service(desk.line, at(mosquitto)):
        heard.waits_for(ONLINE, "online")
        heard.says(TOPICS.command("due_after"), "45")
        heard.waits_for(TOPICS.state("due_after"), "45")
        heard.says(TOPICS.command("preset"), "hourly")
        heard.waits_for(TOPICS.state("preset"), "hourly")


def test_a_retained_command_is_not_obeyed_by_whoever_comes_back(
    desk: Rig, mosquitto: Mosquitto, heard: Witness
) -> None:
    heard.says(TOPICS.command("mute"), "ON", retain=True)
    until(lambda: heard.last(TOPICS.command("mute")))
    with service(desk.line, at(mosquitto)):
        until(lambda: "retained" in (heard.last(TOPICS.refused) or ""))
        heard.waits_for(ONLINE, "online")
        assert heard.payloads(TOPICS.state("muted")) == ["OFF"]


def test_what_is_retained_is_not_obeyed_while_the_desk_is_connected_either(
    desk: Rig, mosquitto: Mosquitto, heard: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    till = str((datetime.now() + timedelta(days=9)).date())
    offer = json.dumps({"id": "hourly-1", "preset": "hourly", "from": "Office", "till": till})
    with service(desk.line, at(mosquitto)) as it:
        heard.waits_for(ONLINE, "online")
        until(lambda: it.client.is_hearing)
        heard.says(TOPICS.offer, offer, retain=True)
        until(lambda: "isn't looked at: it is retained" in caplog.text)
        heard.says(TOPICS.command("mute"), "ON", retain=True)
        heard.waits_for(TOPICS.refused, "'mute': a retained command is never obeyed; send it without")
        # To take away what is kept is no command, not even where nothing means a press.
        heard.says(TOPICS.command("press"), "", retain=True)
        heard.says(TOPICS.offer, "", retain=True)
        heard.says(TOPICS.command("mute"), "loud")
        heard.waits_for(TOPICS.refused, "mute 'loud': allowed: ON or OFF")
        assert heard.payloads(TOPICS.state("muted")) == ["OFF"]
        assert heard.payloads(TOPICS.state("mode")) == ["watching"]
        assert len(heard.payloads(TOPICS.refused)) == 2
        assert "isn't understood" not in caplog.text
        with Ear(desk.line) as ear:
            assert ear.hears("standing")["suggested"] is None


def test_a_flood_of_commands_is_refused(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    with service(desk.line, at(mosquitto)):
        heard.waits_for(ONLINE, "online")
        for _ in range(30):
            heard.says(TOPICS.command("press"), "PRESS")
        until(lambda: "too many commands; allowed: 10 in 10 s" in (heard.last(TOPICS.refused) or ""))


def test_who_shares_facts_says_neither_how_it_stands_nor_that_it_is_there(
    desk: Rig, mosquitto: Mosquitto, heard: Witness
) -> None:
    with service(desk.line, at(mosquitto), "facts") as it:
        until(lambda: it.client.is_connected)
        does(desk, "seat", True)
        does(desk, "speed", 600)
        does(desk, "speed", 1)
        it.client._paho.handed.shutdown(2)  # type: ignore[union-attr]
        until(lambda: not it.client.is_connected)
        until(lambda: it.client.is_connected)
    assert heard.heard == []


def test_what_the_office_suggests_reaches_the_device_and_a_wrong_one_is_said(
    desk: Rig, mosquitto: Mosquitto, heard: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    told = {"id": "hourly-1", "preset": "hourly", "from": "Office", "till": "2099-01-01"}
    till = str((datetime.now() + timedelta(days=9)).date())
    with service(desk.line, at(mosquitto)), Ear(desk.line) as ear:
        heard.waits_for(ONLINE, "online")
        heard.says(TOPICS.offer, json.dumps({**told, "till": till}))
        while (stands := ear.hears("standing"))["suggested"] is None:
            pass
        assert stands["suggested"]["preset"] == "hourly"
        heard.says(TOPICS.offer, "hourly")
        until(lambda: "isn't understood" in caplog.text)
        heard.says(TOPICS.offer, json.dumps({**told, "till": "1999-01-01"}))
        until(lambda: "isn't taken in" in caplog.text)


class AVisit(Talk):
    """Connects at once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._is_there = False

    @property
    def deadline(self) -> float | None:
        return None if self._is_there else 0.0

    def look(self, now: float) -> None:  # noqa: ARG002 - at once
        if not self._is_there:
            self._client.open()
        self._is_there = True


def test_with_days_alone_an_offer_waits_at_the_broker_until_the_desk_comes(
    desk: Rig, mosquitto: Mosquitto, heard: Witness
) -> None:
    told = {"id": "hourly-1", "preset": "hourly", "from": "Office"}
    told["till"] = str((datetime.now() + timedelta(days=9)).date())

    def visits() -> None:
        with service(desk.line, at(mosquitto), "days", more=lambda it: [AVisit(it.client)]) as it:
            until(lambda: it.client.is_hearing)

    visits()
    heard.says(TOPICS.offer, json.dumps(told))
    heard.waits_for(TOPICS.offer, json.dumps(told))
    visits()
    with Ear(desk.line) as ear:
        while ear.hears("standing")["suggested"] is None:
            pass
    assert [each.topic for each in heard.heard] == [TOPICS.offer]


def test_with_days_alone_an_offer_waits_on_while_the_device_is_stopped(
    tmp_path: Path, desk: Rig, mosquitto: Mosquitto, heard: Witness, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = tmp_path / "no device"
    till = str((datetime.now() + timedelta(days=9)).date())
    told = json.dumps({"id": "hourly-1", "preset": "hourly", "from": "Office", "till": till})

    def visits(line: Path, hears: str = "") -> None:
        caplog.clear()
        with service(line, at(mosquitto), "days", more=lambda it: [AVisit(it.client)]) as it:
            until(lambda: it.client.is_hearing and hears in caplog.text)

    visits(nowhere)
    heard.says(TOPICS.command("resend"), "nonsense")
    heard.says(TOPICS.offer, "nonsense")
    heard.says(TOPICS.offer, told)
    heard.waits_for(TOPICS.offer, told)
    visits(nowhere, "the device doesn't answer")
    assert "isn't understood" in caplog.text
    visits(nowhere, "the device doesn't answer")
    assert "isn't understood" not in caplog.text, "only what the device hasn't got comes again"
    visits(desk.line)
    with Ear(desk.line) as ear:
        while ear.hears("standing")["suggested"] is None:
            pass
    visits(nowhere)
    assert "the device doesn't answer" not in caplog.text, "it came once more, and no more than that"


class Process:
    """`unsit mqtt run` as a process of its own."""

    def __init__(self, desk: Rig, mosquitto: Mosquitto, folder: Path, *more: str) -> None:
        words = [sys.executable, "-P", "-m", "device", "mqtt", "run", "--config", os.devnull]
        words += ["--line", str(desk.line), "--set", "mqtt.host=127.0.0.1", "--set", f"mqtt.port={mosquitto.port}"]
        journal = folder / "journal.db"
        open_journal(journal).close()
        words += ["--set", "mqtt.desk=desk-7", "--set", f"journal.file={journal}", *more]
        path = str(Path(__file__).parents[2])
        environment = {**os.environ, "RUNTIME_DIRECTORY": str(folder), "PYTHONPATH": path}
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=environment)

    def ends(self, how: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(how)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said


def test_a_killed_service_is_not_available_and_one_that_is_told_to_end_says_so(
    desk: Rig, mosquitto: Mosquitto, heard: Witness, tmp_path: Path
) -> None:
    one = Process(desk, mosquitto, tmp_path)
    heard.waits_for(ONLINE, "online")
    assert json.loads((tmp_path / "status.json").read_text())["connected"] is True
    assert one.ends(signal.SIGKILL)[0] == -signal.SIGKILL
    heard.waits_for(ONLINE, "offline")
    again = Process(desk, mosquitto, tmp_path)
    heard.waits_for(ONLINE, "online")
    code, said = again.ends(signal.SIGTERM)
    assert code == 0
    assert said == f"unsit: connected to 127.0.0.1, port {mosquitto.port}\n"
    heard.waits_for(ONLINE, "offline")
    assert json.loads((tmp_path / "status.json").read_text())["why"] == "the service has ended"
