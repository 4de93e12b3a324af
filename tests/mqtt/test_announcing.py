"""How a desk is shown to Home Assistant over a real broker: again whenever it has started, and nowhere else."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.mqtt.announcing import AnnouncingTalk, ShownAt, WithdrawingTalk, shown_where, spoken
from device.mqtt.broker import Broker
from device.mqtt.service import BothEnds, MqttService
from device.mqtt.stop import Stop
from device.settings.settings import MqttSettings
from device.topics.discovery import Discovery
from device.topics.names import Topics
from tests.changing import Orderer
from tests.ear import Ear
from tests.mosquitto import Mosquitto
from tests.mqtt.at_the_desk import TOPICS, Witness, retained, soon, witness
from tests.rig import Rig
from tests.waiting import until

PLACE = Discovery(TOPICS, "homeassistant")
WHOLE = f"homeassistant/device/unsit_{TOPICS.desk}/config"
SEATED = TOPICS.state("seated")


@contextmanager
def announced(desk: Rig, mosquitto: Mosquitto, where: Discovery | None, share: str = "live") -> Iterator[None]:
    """The service in a thread of its own, which shows the desk there."""
    it, stop = MqttService(BothEnds(desk.line, Broker("127.0.0.1", mosquitto.port), TOPICS, share), soon()), Stop()
    shown = ShownAt(desk.line.parent)
    it.add(WithdrawingTalk(where, shown, it.client, it.say_again, visits=share == "days"))
    if where is not None:
        it.add(AnnouncingTalk(where, shown, it.client, spoken(""), it.say_again, lambda soonest, _: soonest))
    thread = threading.Thread(target=it.run, args=(stop,), name="service")
    thread.start()
    try:
        yield
    finally:
        stop.come()
        thread.join(20)
        assert not thread.is_alive()
        stop.close()


def names(heard: Witness) -> list[str]:
    """What the switch for the sound was called, each time that the desk was shown."""
    told = [json.loads(each)["components"] for each in heard.payloads(WHOLE) if each]
    # Before each, a message takes back what the desk doesn't have.
    return [each["switch_mute"]["name"] for each in told if all(len(one) > 1 for one in each.values())]


def test_a_desk_is_shown_once_over_each_connection(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    with announced(desk, mosquitto, PLACE):
        heard.waits_for(TOPICS.availability, "online")
        until(lambda: names(heard) == ["Mute"])
        heard.says(f"{TOPICS.root}/set/mute", "ON")
        heard.waits_for(TOPICS.state("muted"), "ON")
    assert names(heard) == ["Mute"]
    assert json.loads(retained(Broker("127.0.0.1", mosquitto.port))[WHOLE])["device"]["name"] == "Unsit"


def test_once_home_assistant_has_started_all_is_said_again(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    with announced(desk, mosquitto, PLACE):
        until(lambda: names(heard) == ["Mute"])
        heard.waits_for(SEATED, "OFF")
        heard.says(PLACE.status, "offline")
        heard.says(PLACE.status, "online")
        until(lambda: names(heard) == ["Mute", "Mute"])
        until(lambda: heard.payloads(SEATED) == ["OFF", "OFF"])
        until(lambda: heard.payloads(TOPICS.availability)[-2:] == ["online", "online"])


def test_a_changed_language_is_told_at_once(desk: Rig, mosquitto: Mosquitto, heard: Witness) -> None:
    with announced(desk, mosquitto, PLACE), Ear(desk.line) as ear:
        until(lambda: names(heard) == ["Mute"])
        assert Orderer(ear).changes(screens__language="de")["fine"]
        until(lambda: names(heard) == ["Mute", "Stumm"])


@pytest.mark.parametrize(
    ("where", "stays"),
    [
        (Discovery(TOPICS, "elsewhere"), {f"elsewhere/device/unsit_{TOPICS.desk}/config"}),
        (Discovery(TOPICS, "homeassistant", single=True), {f"homeassistant/switch/unsit_{TOPICS.desk}/mute/config"}),
        (None, set()),
    ],
)
def test_a_desk_is_taken_away_from_where_it_was_shown(
    desk: Rig, mosquitto: Mosquitto, heard: Witness, where: Discovery | None, stays: set[str]
) -> None:
    with announced(desk, mosquitto, PLACE):
        until(lambda: names(heard) == ["Mute"])
    with announced(desk, mosquitto, where):
        heard.waits_for(WHOLE, "")
        until(lambda: {each.topic for each in heard.heard if each.payload} >= stays)
        heard.waits_for(TOPICS.availability, "online")
    standing = retained(Broker("127.0.0.1", mosquitto.port)).keys()
    assert WHOLE not in standing
    assert stays <= standing
    assert ShownAt(desk.line.parent).where == (where and Discovery(TOPICS, where.prefix))


def test_a_desk_that_is_not_live_any_more_leaves_nothing_that_stands(
    desk: Rig, mosquitto: Mosquitto, heard: Witness
) -> None:
    with announced(desk, mosquitto, PLACE):
        until(lambda: names(heard) == ["Mute"])
        heard.waits_for(SEATED, "OFF")
    with announced(desk, mosquitto, None, share="days"):
        until(lambda: ShownAt(desk.line.parent).where is None)
    assert retained(Broker("127.0.0.1", mosquitto.port)) == {}


def test_a_desk_that_may_not_write_under_its_old_name_is_shown_under_its_new_one(desk: Rig, tmp_path: Path) -> None:
    access = tmp_path / "access"
    access.write_text(f"topic read #\ntopic write {TOPICS.root}/#\ntopic write homeassistant/#\n", "utf-8")
    ShownAt(desk.line.parent).keep(Discovery(Topics(TOPICS.base, "desk-old"), "homeassistant"))
    strict = Mosquitto(tmp_path / "strict", ["allow_anonymous true", f"acl_file {access}"]).start()
    try:
        with witness(strict) as heard, announced(desk, strict, PLACE):
            until(lambda: names(heard) == ["Mute"])
    finally:
        strict.kill()
    assert not ShownAt(desk.line.parent).is_elsewhere(PLACE)


def test_a_live_desk_that_was_never_shown_leaves_nothing_either(
    desk: Rig, mosquitto: Mosquitto, heard: Witness
) -> None:
    with announced(desk, mosquitto, shown_where(MqttSettings(discovery=""), TOPICS)):
        heard.waits_for(SEATED, "OFF")
        until(lambda: ShownAt(desk.line.parent).where is not None)
    assert not any(each.topic.startswith("homeassistant") or "config" in each.topic for each in heard.heard)
    with announced(desk, mosquitto, shown_where(MqttSettings(share="days"), TOPICS), share="days"):
        until(lambda: ShownAt(desk.line.parent).where is None)
    assert retained(Broker("127.0.0.1", mosquitto.port)) == {}
    assert not any("config" in each.topic for each in heard.heard)


def test_only_a_live_desk_stands_on_the_broker() -> None:
    assert shown_where(MqttSettings(), TOPICS) == PLACE
    assert shown_where(MqttSettings(components="single"), TOPICS) == Discovery(TOPICS, "homeassistant", single=True)
    assert shown_where(MqttSettings(desk="anna"), TOPICS) == Discovery(TOPICS, "homeassistant", called="anna")
    for nowhere in (MqttSettings(share="facts"), MqttSettings(share="days")):
        assert shown_where(nowhere, TOPICS) is None
    assert shown_where(MqttSettings(discovery=""), TOPICS) == Discovery(TOPICS, "")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'["homeassistant", "unsit"]', b'{"prefix": 1}', b"\xff", b"[1, 2, 3]"]
)
def test_a_file_that_makes_no_sense_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shown.json").write_bytes(content)
    assert ShownAt(tmp_path).where is None


def test_where_it_was_shown_is_kept_until_it_is_gone(tmp_path: Path) -> None:
    shown = ShownAt(tmp_path)
    shown.keep(PLACE)
    assert ShownAt(tmp_path).is_elsewhere(None)
    assert ShownAt(tmp_path).is_elsewhere(Discovery(Topics("unsit", "other"), "homeassistant"))
    assert not ShownAt(tmp_path).is_elsewhere(Discovery(TOPICS, "homeassistant", single=True, called="anna"))
    shown.keep(None)
    shown.keep(None)
    assert list(tmp_path.iterdir()) == []
    nowhere = ShownAt(None)
    nowhere.keep(PLACE)
    assert nowhere.is_elsewhere(None)


def test_a_folder_that_takes_no_file_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        ShownAt(tmp_path / "nowhere").keep(PLACE)
    assert "shown.json can't be written, so a later change leaves it shown: No such file" in caplog.text


def test_a_language_that_makes_no_sense_is_no_reason_to_be_silent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx/words.toml").write_text("")
    (tmp_path / "xx/page.toml").write_text("in")
    with caplog.at_level(logging.WARNING):
        assert spoken(str(tmp_path))("xx")("Seated") == "Seated"
    assert "Home Assistant is told in English" in caplog.text
