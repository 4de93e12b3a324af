"""The page's unit under a real systemd: what it may read, and that it may do nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.real_kernel.desk import Desk

pytestmark = pytest.mark.kernel

ASKS = """
import http.client, json, sys, time
def ask(method, path, body=None, headers={}):
    until = time.monotonic() + 20
    while True:
        page = http.client.HTTPConnection("127.0.0.1", 8016, timeout=20)
        try:
            page.request(method, path, body, headers)
            answer = page.getresponse()
            said = answer.readline() if path == "/live" else answer.read()
            return answer.status, said.decode(errors="replace")
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
print(json.dumps(ask(*json.loads(sys.argv[1]))))
"""
HAND = ["POST", "/hands", '{"do": "seat", "to": true}', {"content-type": "application/json"}]


def ask(desk: Desk, *request: Any) -> tuple[int, str]:
    """Somebody on the Pi asks for it."""
    status, said = json.loads(desk.machine.do("python3", "-c", ASKS, json.dumps(request)))
    return status, said


def seated_s(desk: Desk) -> float:
    """What the page tells of all days."""
    status, said = ask(desk, "GET", "/days.json")
    assert status == 200
    return float(sum(day["figures"]["seated_s"] for day in json.loads(said)["days"]))


def test_the_page_reads_the_journal_follows_the_device_and_may_do_nothing_to_either(booted: Desk) -> None:
    booted.restart(settle={"sit": "0s", "leave": "0s"})
    booted.sit()
    booted.until_fact("sat")
    booted.wait(3)
    # Stopped, it writes down what it has; started, it knows of that only from its journal, and so does the page.
    booted.systemctl("restart", "unsit")
    booted.systemctl("start", "unsit-page")
    booted.until(lambda: ask(booted, *HAND)[0] == 403, "a real device at the other end of the line")
    assert seated_s(booted) >= 3
    live = ask(booted, "GET", "/live")
    assert live[0] == 200
    assert live[1].startswith("data: ")
    assert ask(booted, "GET", "/")[0] == 307
    assert ask(booted, "GET", "/stretches/hip_lunge.png")[0] == 200
    as_the_page = ("runuser", "-u", "unsit-page", "--", "sh", "-c")
    for harm in (
        "echo x >>/var/lib/unsit/journal.db",
        "rm -f /var/lib/unsit/journal.db; test ! -e /var/lib/unsit/journal.db",
        "touch /run/unsit/mine",
        f"kill -STOP {booted.shows('MainPID')}",
    ):
        assert booted.machine.run(*as_the_page, harm).code != 0, harm
    # Without a device there is still what was written down.
    booted.systemctl("stop", "unsit")
    booted.until(lambda: ask(booted, *HAND)[0] == 503, "nobody at the other end")
    assert seated_s(booted) >= 3
    booted.systemctl("start", "unsit")
    booted.until(lambda: ask(booted, *HAND)[0] == 403, "the device again")
    booted.systemctl("stop", "unsit-page")
