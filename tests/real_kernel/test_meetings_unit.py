"""The unit that reads calendars under a real systemd: what it gets, what it leaves behind, and who may read that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.real_kernel.desk import Desk

pytestmark = pytest.mark.kernel

SECRET = "https://127.0.0.1:9/private-5e6f/basic.ics"
SPANS = "/var/lib/unsit-meetings/spans.json"
CALENDAR = """
stamp() { date -u -d "$1" +%Y%m%dT%H%M%SZ; }
mkdir -p /srv/calendars /etc/unsit/calendars
cat >/srv/calendars/team.ics <<end
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//team
BEGIN:VEVENT
UID:1
DTSTAMP:$(stamp now)
DTSTART:$(stamp '-10 min')
DTEND:$(stamp '+5 hours')
SUMMARY:Salaries
END:VEVENT
END:VCALENDAR
end
chmod 700 /etc/unsit/calendars
cat >/etc/unsit/calendars/work
chmod 600 /etc/unsit/calendars/work
rm -rf /var/lib/unsit-meetings/*
"""
TOLD_THE_TIME = "/run/systemd/timesync/synchronized"


@pytest.fixture
def calendars(booted: Desk) -> Iterator[Desk]:
    """A calendar in a file, and a secret address at which nobody answers."""
    booted.machine.do("sh", "-euc", CALENDAR, stdin=SECRET)
    booted.restart(meetings={"calendar": ["/srv/calendars/team.ics", "work"]})
    yield booted
    booted.machine.shell(f"rm -rf /srv/calendars /etc/unsit/calendars {TOLD_THE_TIME}")


def test_it_reads_what_root_keeps_secret_and_leaves_only_times_behind(calendars: Desk) -> None:
    machine = calendars.machine
    machine.do("systemctl", "start", "unsit-meetings.service", timeout_s=120)
    assert calendars.systemctl("show", "unsit-meetings.service", "--property=Result", "--value") == "success"
    told = json.loads(machine.do("cat", SPANS))
    assert len(told["spans"]) == 1
    by_name = {each["name"]: each for each in told["calendars"]}
    assert by_name["team.ics"]["trouble"] is None
    assert by_name["work"]["read"] is None
    assert by_name["work"]["trouble"]
    left = machine.shell("find /var/lib/unsit-meetings -type f -exec cat {} +; journalctl -b --no-pager")
    assert "private-5e6f" not in left
    assert "Salaries" not in machine.do("cat", SPANS)
    assert machine.run("runuser", "-u", "unsit", "--", "cat", SPANS).code == 0
    for user in ("unsit-page", "nobody"):
        assert machine.run("runuser", "-u", user, "--", "cat", SPANS).code != 0, user
    for user in ("unsit", "unsit-meetings"):
        assert machine.run("runuser", "-u", user, "--", "cat", "/etc/unsit/calendars/work").code != 0, user


def test_the_device_hears_of_a_meeting_once_it_has_been_told_the_time(calendars: Desk) -> None:
    calendars.machine.do("systemctl", "start", "unsit-meetings.service", timeout_s=120)
    # It looks every minute, and trusts no meeting by a clock that may be wrong.
    calendars.wait(61)
    assert "meeting" not in calendars.names()
    calendars.machine.shell(f"mkdir -p $(dirname {TOLD_THE_TIME}); touch {TOLD_THE_TIME}")
    calendars.until_fact("meeting", timeout_s=70)


def test_its_timer_starts_it_and_it_is_little_exposed(calendars: Desk) -> None:
    machine = calendars.machine
    machine.do("systemctl", "start", "unsit-meetings.timer")
    assert "unsit-meetings.service" in machine.do("systemctl", "list-timers", "--no-pager")
    machine.do("systemctl", "stop", "unsit-meetings.timer")
    said = machine.do("systemd-analyze", "security", "--no-pager", "unsit-meetings.service")
    level = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert level, said
    assert float(level[1]) <= 2.0
