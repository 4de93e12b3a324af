"""`unsit mqtt`, and what `unsit check` says of a broker: one line for each thing that may be wrong."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import pytest

from device.__main__ import main
from device.commands.brokers import mqtt as command
from device.mqtt.broker import Broker
from device.mqtt.client import Manners
from device.mqtt.service import KEEPS_S
from device.mqtt.trying import tried
from device.settings.settings import MqttSettings
from tests.meetings.tls_server import Authority
from tests.mosquitto import Mosquitto, free_port
from tests.mqtt.test_client import talker


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Mosquitto]:
    """Over TLS, and with users."""
    Authority(tmp_path).context()
    (tmp_path / "passwords").write_text(f"desk:{_RIGHT}\n")
    lines = [f"{key} {tmp_path}/{file}" for key, file in _FILES.items()]
    it = Mosquitto(tmp_path / "secure", ["allow_anonymous false", *lines]).start()
    yield it
    it.kill()


_RIGHT = (
    "$7$101$LIYDNSp08Mh5QFD+$m9f7AiiFznQm8HM3QpkGVM4FNyLSQgshYZubI5FQvylhtqHrz+hXcQm9/aL+RVpRFmuOiPX686DwnsNx0cThuA=="
)
"""The password is right; as mosquitto_passwd writes it."""
_FILES = {"password_file": "passwords", "cafile": "ca.pem", "certfile": "server.pem", "keyfile": "server.key"}


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Mosquitto]:
    it = Mosquitto(tmp_path / "plain").start()
    yield it
    it.kill()


def to(host: str, port: int, **more: str) -> str:
    return tried(MqttSettings(host=host, port=port, **more))


def test_a_broker_that_lets_the_desk_in_is_fine(plain: Mosquitto) -> None:
    assert to("127.0.0.1", plain.port) == f"127.0.0.1, port {plain.port}: it lets the desk in"
    assert to("localhost", plain.port, version="3.1.1") == f"localhost, port {plain.port}: it lets the desk in"


def test_a_name_that_nobody_has_is_said() -> None:
    assert to("broker.invalid", 1883).startswith("mqtt.host: no computer is called broker.invalid")
    assert to("a" * 70, 1883).startswith("mqtt.host: no computer can be called aaaa")


def test_a_port_on_which_nobody_listens_is_said() -> None:
    port = free_port()
    assert to("127.0.0.1", port) == f"mqtt.port: nobody listens at 127.0.0.1, port {port}"


def test_tls_that_is_expected_on_one_side_only_is_said(plain: Mosquitto, secure: Mosquitto) -> None:
    assert 'it hangs up at once; it may want TLS: mqtt.tls = "yes"' in to("127.0.0.1", secure.port)
    assert 'mqtt.tls = "no"' in to("127.0.0.1", plain.port, tls="yes")


def test_a_certificate_that_is_not_trusted_is_said(secure: Mosquitto) -> None:
    says = to("127.0.0.1", secure.port, tls="yes")
    assert "its certificate isn't trusted" in says
    assert "mqtt.ca says whom to trust" in says


def test_a_certificate_of_another_name_is_said(tmp_path: Path) -> None:
    Authority(tmp_path).context("DNS:broker.example")
    lines = [f"{key} {tmp_path}/{file}" for key, file in _FILES.items() if key != "password_file"]
    other = Mosquitto(tmp_path / "other", ["allow_anonymous true", *lines]).start()
    try:
        says = to("localhost", other.port, tls="yes", ca=str(tmp_path / "ca.pem"))
        where = f"localhost, port {other.port}"
        assert says == f"{where}: its certificate isn't for localhost: mqtt.host is the name that stands in it"
    finally:
        other.kill()


def test_a_user_or_password_that_is_refused_is_said(secure: Mosquitto, tmp_path: Path) -> None:
    ca, file = str(tmp_path / "ca.pem"), tmp_path / "password"
    file.write_text("wrong\n")
    for version in ("5", "3.1.1"):
        more = {"tls": "yes", "ca": ca, "version": version}
        assert "it refuses the user or the password: mqtt.user, mqtt.password" in to("localhost", secure.port, **more)
        more |= {"user": "desk", "password": str(file)}
        assert "it refuses the user or the password: mqtt.user, mqtt.password" in to("localhost", secure.port, **more)
        file.write_text("right\n")
        assert to("localhost", secure.port, **more).endswith("with TLS: it lets the desk in")
        file.write_text("wrong\n")
    file.unlink()
    assert to("localhost", secure.port, **more).startswith(f"mqtt.password: {file}")


@pytest.mark.parametrize("version", ["5", "3.1.1"])
def test_what_waits_for_a_desk_that_only_visits_goes_on_waiting(tmp_path: Path, version: str) -> None:
    (tmp_path / "passwords").write_text(f"desk:{_RIGHT}\noffice:{_RIGHT}\n")
    lines = ["allow_anonymous false", f"password_file {tmp_path}/passwords", "use_username_as_clientid true"]
    (file := tmp_path / "password").write_text("right\n")
    broker = Mosquitto(tmp_path / "office", lines).start()
    try:
        desk = Broker("127.0.0.1", broker.port, "desk", "right", version=version)
        keeps = Manners(hears=["unsit/desk-7/offer"], keeps_s=KEEPS_S)
        with talker(desk, "unsit-desk-7", keeps) as first:
            first.connected()
        with talker(Broker("127.0.0.1", broker.port, "office", "right"), "office") as office:
            office.connected()
            office.client.send("unsit/desk-7/offer", b"an offer")
            office.until(lambda: not office.client.unacknowledged)
        more = {"user": "desk", "password": str(file), "version": version, "desk": "desk-7", "share": "days"}
        assert to("127.0.0.1", broker.port, **more).endswith("it lets the desk in")
        with talker(desk, "unsit-desk-7", keeps) as again:
            again.until(lambda: again.payloads() == [b"an offer"])
            assert again.told == ["session"]
    finally:
        broker.kill()


@pytest.fixture
def fine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No parts to try."""

    class NothingToTry:
        def __init__(self, *_: object) -> None:
            pass

        def run(self) -> bool:
            return True

        def drawing(self, **_: object) -> list[str]:
            return []

    monkeypatch.setattr("hardware.check.Check", NothingToTry)
    monkeypatch.setattr("hardware.check.pi_ends", lambda _: None)


@pytest.mark.usefixtures("fine")
def test_check_tries_the_broker_only_where_one_is_named(plain: Mosquitto, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert "broker" not in capsys.readouterr().out
    assert main(["check", "--set", "mqtt.host=127.0.0.1", "--set", f"mqtt.port={plain.port}"]) == 0
    assert f"broker     127.0.0.1, port {plain.port}: it lets the desk in\n" in capsys.readouterr().out


@pytest.mark.usefixtures("fine")
def test_without_the_library_a_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith(("paho", "device.mqtt"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "paho", None)
    assert main(["mqtt", "run", "--set", "mqtt.host=broker.local"]) == 69
    assert "which comes with `sudo make install-mqtt`" in capsys.readouterr().err
    assert main(["check", "--set", "mqtt.host=broker.local"]) == 0
    assert "which comes with `sudo make install-mqtt`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ([], "no broker is named in the settings: mqtt.host; docs/mqtt.md says how"),
        (["mqtt.port=99999", "mqtt.host=broker"], "--set: mqtt.port = 99999: is out of bounds; allowed: 0 to 65535"),
        (["mqtt.host=broker", "mqtt.ca=/ca.pem"], 'mqtt.ca: nothing is encrypted; allowed: with mqtt.tls = "yes"'),
        (["mqtt.host=broker", "mqtt.user=desk", "mqtt.password=/nowhere/p"], "mqtt.password: /nowhere/p"),
        (["mqtt.host=broker", "mqtt.tls=yes", "mqtt.ca=/nowhere/ca"], "mqtt.ca: /nowhere/ca: No such file"),
    ],
)
def test_wrong_settings_stop_the_service_with_a_line_and_78(
    overrides: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mqtt", "run", *(f"--set={each}" for each in overrides)]) == 78
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


def test_it_tells_where_it_is_connected_and_what_the_service_says_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*overrides: str) -> str:
        assert main(["mqtt", *(f"--set={each}" for each in overrides)]) == 0
        return capsys.readouterr().out

    monkeypatch.setattr(command, "_RUNTIME", tmp_path)
    assert told() == "No broker is named in the settings: mqtt.host; docs/mqtt.md says how.\n"
    named = ["mqtt.host=broker.local", "mqtt.tls=yes", "mqtt.user=anna", "mqtt.desk=desk-7", "mqtt.share=days"]
    first = "broker: broker.local, port 8883, with TLS, as anna\ntopics: unsit/desk-7/...\nshares: days\n"
    assert told(*named).startswith(f"{first}service: it isn't there: ")
    status = tmp_path / "status.json"
    status.write_text(json.dumps({"connected": True, "since": "2026-03-02T09:00:00+01:00", "why": ""}))
    assert "service: connected since 2026-03-02 09:00" in told(*named)
    status.write_text(json.dumps({"connected": False, "since": "2026-03-02T09:00:00+01:00", "why": "nobody listens"}))
    assert "service: not connected since 2026-03-02 09:00: nobody listens" in told(*named)
    status.write_text("[]")
    assert "isn't understood" in told(*named)


@contextmanager
def running(folder: Path, *words: str) -> Iterator[Iterator[str]]:
    """What it says as it goes on, line by line."""
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    asked = [sys.executable, "-m", "device", *words]
    with subprocess.Popen(asked, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield process.stderr
        finally:
            process.terminate()


SIMULATED = ("run", "--hardware", "simulated", "--set", "page.port=0")


def test_the_simulated_desk_says_how_to_follow_it_for_the_broker(plain: Mosquitto, tmp_path: Path) -> None:
    broker = ("--set", "mqtt.host=127.0.0.1", "--set", f"mqtt.port={plain.port}")
    with running(tmp_path, *SIMULATED, *broker) as told:
        says = next(line for line in told if "for the broker, with the same settings: unsit " in line)
        words = shlex.split(says.partition(": unsit ")[2])
        assert words[-1].startswith("journal.file=/")
        with running(tmp_path, *words, *broker) as heard:
            assert f"connected to 127.0.0.1, port {plain.port}" in next(heard)


def test_a_wrong_setting_about_a_broker_is_said_once_by_the_desk_that_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text("[mqtt]\nport = 99999\n")
    with running(tmp_path, *SIMULATED, "--config", str(file)) as told:
        before = list(takewhile(lambda line: "the desk is at" not in line, told))
    assert len([line for line in before if "mqtt.port" in line]) == 1
