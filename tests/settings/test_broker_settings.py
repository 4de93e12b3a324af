"""Settings about a broker: what is wrong with them is said in a line, and never keeps the device from starting."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.settings.layers import in_force
from device.settings.settings import Settings
from device.settings.settings_file import SettingsError, keys_of_settings, load_settings, may_change
from tests.settings.loading import complaint, loaded


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("mqtt.host=mqtt://broker.local", ['mqtt.host = "mqtt://broker.local"', "without a port"]),
        ("mqtt.host=broker:1883", ["mqtt.host", "without a port"]),
        ("mqtt.port=65536", ["mqtt.port = 65536", "0 to 65535"]),
        ("mqtt.tls=true", ["mqtt.tls", "must be text"]),
        ("mqtt.ca=ca.pem", ["mqtt.ca", "begins with /"]),
        ("mqtt.version=4", ["mqtt.version", "must be text"]),
        ('mqtt.version="4"', ['mqtt.version = "4"', '"5" or "3.1.1"']),
        ('mqtt.topic="unsit/#"', ["mqtt.topic", "letters, digits"]),
        ('mqtt.topic=""', ["mqtt.topic"]),
        ('mqtt.topic="$SYS"', ["mqtt.topic"]),
        ('mqtt.desk="a/b"', ["mqtt.desk", "up to 40 letters, digits, - and _"]),
        ("mqtt.share=all", ["mqtt.share", '"live", "facts" or "days"']),
        ("mqtt.discovery=/homeassistant", ["mqtt.discovery", '"homeassistant"']),
        ("mqtt.components=both", ["mqtt.components", '"device" or "single"']),
    ],
)
def test_a_wrong_setting_of_a_broker_is_named_with_what_is_allowed(override: str, says: list[str]) -> None:
    line = complaint(override)
    assert all(each in line for each in says), line


def test_a_password_in_place_of_its_file_is_not_repeated() -> None:
    line = complaint('mqtt.password="hunter2"')
    assert "hunter2" not in line
    assert "mqtt.password" in line
    assert "a file that begins with /" in line


def test_what_would_be_passed_over_silently_is_a_contradiction() -> None:
    assert complaint("mqtt.ca=/etc/ca.pem") == ('--set: mqtt.ca: nothing is encrypted; allowed: with mqtt.tls = "yes"')
    assert "mqtt.password: whose is it? allowed: together with mqtt.user" in complaint("mqtt.password=/etc/password")
    mqtt = loaded("mqtt.ca=/etc/ca.pem", "mqtt.tls=yes", "mqtt.password=/etc/password", "mqtt.user=desk-7").mqtt
    assert (mqtt.ca, mqtt.password) == ("/etc/ca.pem", "/etc/password")


def test_there_is_no_broker_until_somebody_names_one() -> None:
    mqtt = Settings().mqtt
    assert (mqtt.host, mqtt.share, mqtt.discovery, mqtt.components) == ("", "live", "homeassistant", "device")
    for host in ("broker.local", "Broker_1", "192.168.1.5", "fe80::1"):
        assert loaded(f"mqtt.host={host}").mqtt.host == host
    assert loaded('mqtt.discovery=""').mqtt.discovery == ""


def test_what_is_wrong_about_a_broker_does_not_keep_the_device_from_starting(tmp_path: Path) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text('[limits]\npreset = "hourly"\n[mqtt]\nhost = "broker.local"\nport = 99999\nshare = "days"\n')
    found = in_force(file)
    assert found.settings.limits.preset == "hourly"
    assert found.settings.mqtt == Settings().mqtt
    assert f"{file}: mqtt.port = 99999: is out of bounds; allowed: 0 to 65535" in found.broker_trouble
    assert found.with_changes({"limits.preset": "half-hourly"}).settings.limits.preset == "half-hourly"
    with pytest.raises(SettingsError, match="out of bounds"):
        load_settings(file)
    file.write_text('[mqtt]\nhots = "broker.local"\n')
    assert "unknown key mqtt.hots; nearest: mqtt.host" in in_force(file).broker_trouble
    assert in_force(file, ["mqtt.host=broker.local"]).settings.mqtt.host == ""


def test_only_the_file_says_who_hears_of_the_person() -> None:
    assert not any(may_change(key) for key in keys_of_settings() if key.startswith("mqtt."))
