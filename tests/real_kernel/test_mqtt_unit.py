"""The unit that talks to a broker under a real systemd: what is heard there, who may read what, what it survives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import pytest

from tests.real_kernel.desk import Desk

pytestmark = pytest.mark.kernel

PASSWORD = "a-secret-5e6f"
BROKER = f"""
systemctl stop unsit-mqtt broker 2>/dev/null || true
systemctl reset-failed unsit-mqtt broker 2>/dev/null || true
rm -rf /var/lib/unsit-mqtt/*
mkdir -p /run/broker
printf 'listener 1883 127.0.0.1\\nallow_anonymous false\\npassword_file /run/broker/passwords\\n' >/run/broker/conf
touch /run/broker/passwords
mosquitto_passwd -b /run/broker/passwords desk {PASSWORD}
mosquitto_passwd -b /run/broker/passwords eye eye
chown -R mosquitto /run/broker
printf '%s\\n' {PASSWORD} >/etc/unsit/mqtt-password
chmod 600 /etc/unsit/mqtt-password
"""
STARTS_BROKER = ("systemd-run", "--quiet", "--unit=broker", "mosquitto", "-c", "/run/broker/conf")
SETTINGS = {"host": "127.0.0.1", "user": "desk", "desk": "anna"}
SOON = "[Service]\nRestartSec=1\n"


@pytest.fixture
def told(booted: Desk) -> Iterator[Desk]:
    """A broker that asks for a password, and the service that has it; somebody is about to sit."""
    booted.restart(mqtt=SETTINGS, settle={"sit": "1s", "leave": "1s"}, screens={"safety": "0s"})
    machine = booted.machine
    machine.shell(BROKER)
    machine.do(*STARTS_BROKER)
    machine.shell("mkdir -p /run/systemd/system/unsit-mqtt.service.d")
    machine.do("tee", "/run/systemd/system/unsit-mqtt.service.d/soon.conf", stdin=SOON)
    machine.do("systemctl", "daemon-reload")
    machine.do("systemctl", "start", "unsit-mqtt", timeout_s=120)
    yield booted
    machine.shell("systemctl stop unsit-mqtt broker; rm -rf /run/systemd/system/unsit-mqtt.service.d /run/broker")
    machine.do("systemctl", "daemon-reload")


def heard(desk: Desk, name: str, text: str) -> None:
    """Wait until that stands at the broker."""
    topic = f"unsit/anna/{name}"
    asked = ("mosquitto_sub", "-h", "127.0.0.1", "-u", "eye", "-P", "eye", "-t", topic, "-C", "1", "-W", "5")
    desk.until(lambda: desk.machine.run(*asked).out.strip() == text, f"{text} at {topic}", 90)


def pid_of(desk: Desk, unit: str) -> str:
    return desk.systemctl("show", unit, "--property=MainPID", "--value")


def test_the_broker_hears_how_the_desk_is_and_nobody_else_has_the_password(told: Desk) -> None:
    heard(told, "availability", "online")
    heard(told, "state/seated", "OFF")
    told.sit()
    heard(told, "state/seated", "ON")
    machine = told.machine
    for user in ("unsit", "unsit-page", "unsit-mqtt", "nobody"):
        assert machine.run("runuser", "-u", user, "--", "cat", "/etc/unsit/mqtt-password").code != 0, user
    for user in ("unsit", "unsit-page", "nobody"):
        seen = machine.run("runuser", "-u", user, "--", "sh", "-c", "cat /run/credentials/*/* /run/unsit-mqtt/*")
        assert PASSWORD not in seen.out, user
    left = machine.shell(
        "find /var/lib/unsit /var/lib/unsit-mqtt /run/unsit /run/unsit-mqtt -type f -exec cat {} +;"
        "journalctl -b --no-pager; systemctl show unsit-mqtt; cat /proc/*/cmdline"
    )
    assert PASSWORD not in left
    # It may read what the device has, and change nothing of it.
    for command in (("touch", "/var/lib/unsit/x"), ("rm", "/var/lib/unsit/journal.db"), ("touch", "/run/unsit/x")):
        assert machine.run("runuser", "-u", "unsit-mqtt", "--", *command).code != 0, command


def test_killed_it_is_said_to_be_away_and_comes_back_and_the_device_never_notices(told: Desk) -> None:
    heard(told, "availability", "online")
    device, told_by = pid_of(told, "unsit"), pid_of(told, "unsit-mqtt")
    asked = "mosquitto_sub -h 127.0.0.1 -u eye -P eye -t unsit/anna/availability -W 120"
    told.machine.shell(f"{asked} >/run/broker/seen 2>&1 &")

    def until_seen(*words: str) -> None:
        # As long as it hasn't heard the device, it may say once more that the desk is offline.
        told.until(
            lambda: [word for word, _ in groupby(told.machine.do("cat", "/run/broker/seen").split())] == [*words],
            f"{words}",
            60,
        )

    until_seen("online")
    told.machine.do("systemctl", "kill", "--signal=KILL", "unsit-mqtt")
    until_seen("online", "offline", "online")
    assert pid_of(told, "unsit-mqtt") not in (told_by, "0")
    told.sit()
    told.until_fact("sat")
    assert pid_of(told, "unsit") == device


def test_without_its_broker_it_waits_and_the_device_counts_as_ever(told: Desk) -> None:
    heard(told, "availability", "online")
    device, told_by = pid_of(told, "unsit"), pid_of(told, "unsit-mqtt")
    told.machine.do("systemctl", "kill", "--signal=KILL", "broker")
    told.until_said(r"unsit\[\d+\]: .*trying again", 60)
    told.sit()
    told.until_fact("sat")
    told.machine.shell("systemctl reset-failed broker 2>/dev/null || true")
    told.machine.do(*STARTS_BROKER)
    heard(told, "state/seated", "ON")
    assert (pid_of(told, "unsit"), pid_of(told, "unsit-mqtt")) == (device, told_by)


def test_without_a_password_file_it_starts_and_without_a_broker_in_the_settings_it_stays_down(told: Desk) -> None:
    machine = told.machine
    machine.do("systemctl", "stop", "unsit-mqtt")
    machine.shell("rm /etc/unsit/mqtt-password")
    machine.do("systemctl", "start", "unsit-mqtt", timeout_s=120)
    told.until_said(r"unsit\[\d+\]: .*trying again", 60)
    told.settings({"mqtt": {"host": ""}})
    assert machine.run("systemctl", "restart", "unsit-mqtt", timeout_s=120).code != 0
    told.until(lambda: told.systemctl("is-active", "unsit-mqtt") == "failed", "end", 30)
    assert told.systemctl("show", "unsit-mqtt", "--property=ExecMainStatus", "--value") == "78"
    assert told.shows("ActiveState") == "active", "the device"


def test_it_is_little_exposed_and_the_device_as_little_as_ever(told: Desk) -> None:
    for unit, most in (("unsit-mqtt.service", 1.5), ("unsit.service", 0.8)):
        said = told.machine.do("systemd-analyze", "security", "--no-pager", unit)
        level = re.search(r"exposure level for \S+: ([\d.]+)", said)
        assert level, said
        assert float(level[1]) <= most, unit
