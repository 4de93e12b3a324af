"""Where the broker is and what opens it: from the settings, a password file or what systemd hands over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from device.mqtt import broker
from device.mqtt.broker import Broker, BrokerError, broker_of, topics_of, where
from device.settings.settings import MqttSettings
from tests.meetings.tls_server import Authority

PLAIN: dict[str, str] = {}


def test_without_a_port_it_is_the_usual_one_with_or_without_tls() -> None:
    assert broker_of(MqttSettings(host="broker.local"), PLAIN) == Broker("broker.local", 1883)
    secure = broker_of(MqttSettings(host="broker.local", tls="yes"), PLAIN)
    assert (secure.port, secure.says) == (8883, "broker.local, port 8883, with TLS")
    assert where(MqttSettings(host="broker.local", tls="yes")) == secure.says
    assert broker_of(MqttSettings(host="broker.local", port=99), PLAIN).port == 99


def test_the_password_is_the_first_line_of_its_file_and_no_repr_says_it(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\nnot this\n", "utf-8")
    found = broker_of(MqttSettings(host="broker.local", user="desk", password=str(file)), PLAIN)
    assert found.password == "hunter2"
    assert "hunter2" not in repr(found)


def test_what_systemd_hands_over_wins(tmp_path: Path) -> None:
    (tmp_path / "mqtt-password").write_text("handed over")
    mqtt = MqttSettings(host="broker.local", user="desk", password="/nowhere/password")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert broker_of(mqtt, environment).password == "handed over"
    assert broker_of(MqttSettings(host="broker.local"), environment).password == ""


def test_where_systemd_hands_over_nothing_the_file_counts(tmp_path: Path) -> None:
    # The unit has it so where there is no file of root's.
    (tmp_path / "mqtt-password").write_text("\n")
    (tmp_path / "own").write_text("my own\r\n")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    own = MqttSettings(host="broker.local", user="desk", password=str(tmp_path / "own"))
    assert broker_of(own, environment).password == "my own"
    assert broker_of(MqttSettings(host="broker.local", user="desk"), environment).password == ""


def test_who_tries_by_hand_has_the_password_of_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mqtt-password"
    monkeypatch.setattr(broker, "_OF_THE_SERVICE", file)
    mqtt = MqttSettings(host="broker.local", user="desk")
    assert broker_of(mqtt, PLAIN).password == ""
    file.write_text("of the service\n")
    assert broker_of(mqtt, PLAIN).password == "of the service"


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), (b"", "is empty"), (b"\nlate\n", "is empty"), (b"\xff\xfe", "is not UTF-8 text")],
)
def test_a_password_file_that_is_no_use_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BrokerError) as told:
        broker_of(MqttSettings(host="broker.local", user="desk", password=str(file)), PLAIN)
    assert str(told.value).startswith(f"mqtt.password: {file}")
    assert says in str(told.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_password_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2")
    file.chmod(0)
    with pytest.raises(BrokerError, match="ermission"):
        broker_of(MqttSettings(host="broker.local", user="desk", password=str(file)), PLAIN)


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    mqtt = MqttSettings(host="broker.local", tls="yes", ca=str(file))
    with pytest.raises(BrokerError, match="No such file"):
        broker_of(mqtt, PLAIN)
    file.write_text("this is no certificate")
    with pytest.raises(BrokerError, match="has no certificate in it; allowed: a file in PEM form"):
        broker_of(mqtt, PLAIN)
    Authority(tmp_path)
    assert broker_of(mqtt, PLAIN).tls is not None


def test_a_desk_without_a_name_has_one_that_this_computer_makes_up() -> None:
    assert topics_of(MqttSettings(desk="desk-7", topic="office")).root == "office/desk-7"
    made_up = topics_of(MqttSettings()).desk
    assert made_up == topics_of(MqttSettings()).desk
    assert made_up.startswith("desk-")
    assert topics_of(MqttSettings(), "another computer").desk != made_up
