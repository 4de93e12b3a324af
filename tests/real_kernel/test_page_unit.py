"""The page's units under a real systemd: what it may read, that it may do nothing else, and that it comes and goes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.real_kernel.desk import Desk

pytestmark = pytest.mark.kernel

ASKS = """
import http.client, json, sys, time
def ask(method, path, body=None, headers={}):
    until = time.monotonic() + 60
    while True:
        page = http.client.HTTPConnection("127.0.0.1", 8016, timeout=60)
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
DROP_INS = "/run/systemd/system/unsit-page"
SOON = "[Service]\nExecStart=\nExecStart=/opt/unsit/bin/unsit page --ends-after {}\n"
IN_THE_HOUSE = "[Socket]\nListenStream=\nListenStream=0.0.0.0:8016\n"


def ask(desk: Desk, *request: Any) -> tuple[int, str]:
    """Somebody on the Pi asks for it."""
    status, said = json.loads(desk.machine.do("python3", "-c", ASKS, json.dumps(request)))
    return status, said


def seated_s(desk: Desk) -> float:
    """What the page tells of all days."""
    status, said = ask(desk, "GET", "/days.json")
    assert status == 200
    return float(sum(day["figures"]["seated_s"] for day in json.loads(said)["days"]))


def page_is(desk: Desk, state: str) -> bool:
    return desk.systemctl("is-active", "unsit-page.service") == state


@pytest.fixture
def page(booted: Desk) -> Iterator[Desk]:
    """The page as it is after `make install-page REACH=this-computer`: systemd listens."""
    listens(booted)
    yield booted
    booted.machine.shell(f"systemctl stop unsit-page.socket unsit-page.service; rm -rf {DROP_INS}.*.d")
    booted.machine.do("systemctl", "daemon-reload")


def listens(
    desk: Desk, service: str = "", socket: str = "[Socket]\nListenStream=\nListenStream=127.0.0.1:8016\n"
) -> None:
    """Have systemd listen, with these lines for the units."""
    desk.machine.shell("systemctl stop unsit-page.socket unsit-page.service")
    for unit, lines in (("service", service), ("socket", socket)):
        desk.machine.shell(f"mkdir -p {DROP_INS}.{unit}.d")
        # It comes after what the installation has written.
        desk.machine.do("tee", f"{DROP_INS}.{unit}.d/test.conf", stdin=lines)
    desk.machine.do("systemctl", "daemon-reload")
    desk.machine.do("systemctl", "start", "unsit-page.socket")


def test_the_page_reads_the_journal_follows_the_device_and_may_do_nothing_to_either(page: Desk) -> None:
    page.restart(settle={"sit": "0s", "leave": "0s"})
    page.sit()
    page.until_fact("sat")
    page.wait(3)
    # Stopped, it writes down what it has; started, it knows of that only from its journal, and so does the page.
    page.systemctl("restart", "unsit")
    page.until(lambda: ask(page, *HAND)[0] == 403, "a real device at the other end of the line")
    assert seated_s(page) >= 3
    live = ask(page, "GET", "/live")
    assert live[0] == 200
    assert live[1].startswith("data: ")
    assert ask(page, "GET", "/")[0] == 307
    assert ask(page, "GET", "/stretches/hip_lunge.png")[0] == 200
    as_the_page = ("runuser", "-u", "unsit-page", "--", "sh", "-c")
    for harm in (
        "echo x >>/var/lib/unsit/journal.db",
        "rm -f /var/lib/unsit/journal.db; test ! -e /var/lib/unsit/journal.db",
        "touch /run/unsit/mine",
        f"kill -STOP {page.shows('MainPID')}",
    ):
        assert page.machine.run(*as_the_page, harm).code != 0, harm
    # Without a device there is still what was written down.
    page.systemctl("stop", "unsit")
    page.until(lambda: ask(page, *HAND)[0] == 503, "nobody at the other end")
    assert seated_s(page) >= 3
    page.systemctl("start", "unsit")
    page.until(lambda: ask(page, *HAND)[0] == 403, "the device again")


def test_who_asks_starts_it_and_when_nobody_is_left_it_ends_in_order_and_starts_again(page: Desk) -> None:
    listens(page, SOON.format("2s"))
    assert page_is(page, "inactive")
    for _ in range(2):
        assert ask(page, "GET", "/day")[0] == 200
        assert page_is(page, "active")
        page.until(lambda: page_is(page, "inactive"), "end of the page when nobody is there")
        assert page.systemctl("show", "unsit-page.service", "--property=Result", "--value") == "success"
    assert page.systemctl("is-active", "unsit-page.socket") == "active"


def test_in_the_house_a_stranger_gets_one_page_and_wrong_settings_cost_one_start_for_each_who_asks(page: Desk) -> None:
    page.restart(page={"reach": "house"})
    listens(page, SOON.format("5s"), IN_THE_HOUSE)
    for path in ("/day", "/days.json", "/nothing"):
        assert ask(page, "GET", path)[0] == 401
    assert "<form" in ask(page, "GET", "/day", None, {"accept": "text/html"})[1]
    assert ask(page, "GET", "/day", None, {"host": "evil.example"})[0] == 400
    page.settings({"page": {"reach": "moon"}})
    page.systemctl("stop", "unsit-page.service")
    page.begin()
    asked = page.machine.run("python3", "-c", ASKS, json.dumps(["GET", "/day"]))
    assert asked.code != 0, "it hangs up"
    page.until(lambda: page_is(page, "failed"), "the end of the page")
    page.wait(2)
    assert page.said.count("page.reach") == 1, page.said
    page.settings({"page": {"reach": "this-computer"}})
    listens(page)
    assert ask(page, "GET", "/day")[0] == 200


def test_neither_unit_is_exposed_and_neither_process_has_a_network(page: Desk) -> None:
    page.restart()
    assert ask(page, "GET", "/day")[0] == 200
    for unit, most in (("unsit-page.service", 1.5), ("unsit.service", 1.0)):
        said = page.machine.do("systemd-analyze", "security", "--no-pager", unit)
        level = re.search(r"exposure level for \S+: ([\d.]+)", said)
        assert level, said
        assert float(level[1]) <= most, unit
        pid = page.systemctl("show", unit, "--property=MainPID", "--value")
        # Two lines of heading, and the one of the loopback device: there is nothing to send by.
        assert len(page.machine.shell(f"cat /proc/{pid}/net/dev").strip().splitlines()) <= 3
