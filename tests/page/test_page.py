"""Both pages in a real browser, for everybody: on a phone, by eye, ear or keyboard, and however many look."""

from __future__ import annotations

import http.client
import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.rig import Browser, Rig, Window, rig, window
from tests.sight import to_due
from tests.waiting import until

__all__ = ["rig", "window"]


def test_a_seventeenth_page_is_told_why_it_shows_nothing(rig: Rig, window: Window) -> None:
    host, port = rig.address.removeprefix("http://").rstrip("/").split(":")
    streams = [http.client.HTTPConnection(host, int(port)) for _ in range(16)]
    for each in streams:
        each.request("GET", "/live")
        each.getresponse()
    for address in ("", "day"):
        window.page.goto(rig.address + address)
        window.waits_for("#trouble", "16 pages are open already; close one. This page tries again by itself.")
    for each in streams:
        each.close()
    window.page.locator("#trouble").wait_for(state="hidden")
    window.waits_for("#state", "Watching")
    window.complaints.clear()


def test_however_many_tabs_are_open_each_of_them_works(rig: Rig, browser: Browser) -> None:
    context = browser.new_context()
    windows = [Window(context) for _ in range(9)]
    for nth, one in enumerate(windows):
        one.page.goto(rig.address + ("day" if nth == 4 else ""))
        one.waits_for("#state", "Watching")
    for taken, one in ((True, windows[8]), (False, windows[0])):
        one.page.click("#chair")
        for each in (*windows[:4], *windows[5:]):
            each.page.locator("#chair.taken" if taken else "#chair:not(.taken)").wait_for()
    # Whoever comes and goes takes nothing along.
    windows[0].page.close()
    late = Window(context)
    late.page.goto(rig.address)
    late.page.click("#chair")
    windows[1].page.locator("#chair.taken").wait_for()
    context.close()
    assert [each.complaints for each in (*windows, late)] == [[]] * 10


HIDING = """
  window.isHidden = false;
  Object.defineProperty(document, "hidden", { get: () => window.isHidden });
  window.look = (there) => { isHidden = !there; document.dispatchEvent(new Event("visibilitychange")); };
"""
ALONE = """
  delete window.SharedWorker;
  const Source = window.EventSource;
  window.opened = [];
  window.EventSource = class extends Source {
    constructor(...all) { super(...all); opened.push(this); }
    set onmessage(hear) { super.onmessage = (event) => this.isDeaf || hear(event); }
  };
"""


def streams_of(rig: Rig) -> int:
    """How many streams the page's own process serves. One more is refused if there are sixteen."""
    (server,) = servers()
    ports = {int(rig.address.rstrip("/").rpartition(":")[2])}
    lines = [line.split() for line in Path(f"/proc/{server}/net/tcp").read_text().splitlines()[1:]]
    return sum(int(line[1].partition(":")[2], 16) in ports and line[3] == "01" for line in lines)


def test_a_tab_that_must_listen_alone_lets_go_while_nobody_looks(rig: Rig, window: Window) -> None:
    page = window.page
    page.add_init_script(HIDING + ALONE)
    page.clock.install()
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    page.evaluate("look(false)")
    page.clock.run_for(21_000)
    page.wait_for_function("() => opened.length === 1 && opened[0].readyState === EventSource.CLOSED")
    page.evaluate("look(true)")
    page.wait_for_function("() => opened.length === 2 && opened[1].readyState === EventSource.OPEN")
    page.click("#chair")
    page.locator("#chair.taken").wait_for()
    # If another is opened, this one needs no patience.
    page.evaluate("look(false)")
    other = window.context.new_page()
    other.add_init_script(ALONE)
    other.goto(f"{rig.address}day")
    page.wait_for_function("() => opened[1].readyState === EventSource.CLOSED")
    other.locator("#orders").wait_for()


def test_a_browser_that_nobody_looks_at_lets_go_of_its_stream_and_takes_it_up_again(rig: Rig, browser: Browser) -> None:
    context = browser.new_context()
    context.add_init_script(HIDING)
    windows = [Window(context) for _ in range(2)]
    for one in windows:
        one.page.clock.install()
        one.page.goto(f"{rig.address}day")
        one.page.locator("#orders").wait_for()
    until(lambda: streams_of(rig) >= 1)
    windows[0].page.evaluate("look(false)")
    windows[0].page.clock.run_for(121_000)
    rig.hand("seat", True)
    for one in windows:
        one.page.locator("#state", has_text="sat down").wait_for()
    windows[1].page.evaluate("look(false)")
    windows[1].page.clock.run_for(121_000)
    until(lambda: streams_of(rig) == 0, "what else was open closes by itself after five idle seconds")
    rig.hand("seat", False)
    windows[0].page.evaluate("look(true)")
    windows[0].page.locator("#state", has_text="empty").wait_for()
    context.close()
    assert [each.complaints for each in windows] == [[], []]


def test_a_stream_that_fell_silent_is_opened_anew_and_so_is_one_after_sleep(rig: Rig, window: Window) -> None:
    page = window.page
    page.add_init_script(ALONE)
    page.clock.install()
    page.goto(f"{rig.address}day")
    page.locator("#orders").wait_for()
    page.evaluate("opened[0].isDeaf = true")
    page.clock.run_for(36_000)
    page.wait_for_function("() => opened.length === 2 && opened[0].readyState === EventSource.CLOSED")
    page.locator("#orders").wait_for()
    rig.hand("seat", True)
    window.waits_for("#state", "sat down")
    # A laptop that slept knows nothing of its connection.
    page.evaluate("opened[1].isDeaf = true")
    page.clock.fast_forward(3_600_000)
    page.wait_for_function("() => opened.length === 3")
    rig.hand("seat", False)
    window.waits_for("#state", "empty")


@pytest.mark.parametrize("address", ["", "day"])
def test_when_the_page_stands_still_it_says_since_when_and_so_does_time(rig: Rig, window: Window, address: str) -> None:
    page = window.page
    to_due(window, rig)
    page.add_init_script("delete window.SharedWorker")
    page.clock.install()
    page.goto(rig.address + address)
    window.waits_for("#state", "Due")
    (server,) = servers()
    os.kill(server, signal.SIGSTOP)
    try:
        page.clock.run_for(36_000)
        where = "#trouble" if address == "" else "#state"
        page.locator(where, has_text=re.compile("Not heard since [0-9]{2}:[0-9]{2}.")).wait_for()
        before = page.locator("main").inner_text()
        page.clock.run_for(120_000)
        assert page.locator("main").inner_text() == before
    finally:
        os.kill(server, signal.SIGCONT)
    page.clock.run_for(5000)
    page.locator("#state", has_text="Due").wait_for()
    page.locator("#trouble").wait_for(state="hidden")
    window.complaints.clear()


def test_a_click_that_is_lost_is_told_and_none_after_it_is_done_later(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    window.waits_for("#state", "Watching")
    page.evaluate("window.patience = AbortSignal.timeout; AbortSignal.timeout = () => patience.call(AbortSignal, 300)")
    (server,) = servers()
    os.kill(server, signal.SIGSTOP)
    # All of them before the first is given up.
    page.evaluate("for (const id of ['noise', 'clock-on', 'clock-on']) document.getElementById(id).click()")
    window.waits_for("#trouble", "has not reached the device")
    os.kill(server, signal.SIGCONT)
    page.click("#chair")
    page.locator("#chair.taken").wait_for()
    page.locator("#trouble").wait_for(state="hidden")
    assert "jumped forward" not in window.text("#facts")
    window.complaints.clear()


def servers() -> list[int]:
    """The processes of this one that serve a page."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in children if b"page" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]


def test_it_works_on_a_phone_and_says_so_when_the_device_has_gone(browser: Browser, rig: Rig) -> None:
    context = browser.new_context(
        viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True, color_scheme="dark"
    )
    window = Window(context)
    page = window.page
    page.goto(rig.address)
    page.tap("#sit")
    page.locator("#chair.taken").wait_for()
    page.tap("#chair")
    page.locator("#chair:not(.taken)").wait_for()
    assert page.locator("#chair-hint").text_content() == "tap: Sit down"
    assert page.locator("kbd:visible").count() == 0, "a phone has no keys"
    below = page.evaluate("document.querySelector('.scene').getBoundingClientRect().bottom")
    assert 0 < page.evaluate("document.querySelector('.controls').getBoundingClientRect().top") - below < 40
    for address, part in (("", "#state b"), ("day", ".week-day a")):
        page.goto(rig.address + address)
        page.locator(part).first.wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
    rig.desk.stop()
    window.waits_for("#state", "The device doesn't answer.")
    page.goto(rig.address)
    window.waits_for("#state", "The device doesn't answer.")
    context.close()
    assert window.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["", "day"])
def test_an_accessibility_check_finds_nothing_serious(browser: Browser, rig: Rig, address: str, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": 1000, "height": 900}, color_scheme=scheme)
    window = Window(context)
    page = window.page
    to_due(window, rig)
    page.goto(rig.address + address)
    page.locator("#figures div, .facts li").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    found = Axe().run(page)
    serious = [
        (each["id"], each["impact"], [node["target"] for node in each["nodes"]][:3])
        for each in found.response["violations"]
        if each["impact"] in ("serious", "critical", "moderate")
    ]
    context.close()
    assert serious == []
    assert window.complaints == []


def test_where_colours_are_not_ours_the_device_still_looks_like_itself(browser: Browser, rig: Rig) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(rig.address)
    page.locator("#state b").wait_for()
    background = "(id) => getComputedStyle(document.querySelector(id)).backgroundImage"
    assert "gradient" in page.evaluate(background, "#push")
    glass = page.evaluate("getComputedStyle(document.querySelector('.glass')).backgroundColor")
    assert glass == "rgb(5, 7, 10)"
    context.close()


def test_it_asks_nobody_outside(rig: Rig, window: Window) -> None:
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    for address, there in (
        ("", "#state"),
        ("day", "#state"),
        ("settings", ".setting"),
        ("stretches", "#routine li"),
        ("seat", "#pad"),
    ):
        window.page.goto(rig.address + address, wait_until="load")
        window.page.locator(there).first.wait_for()
    assert len(asked) > 8
    assert [url for url in asked if not url.startswith(rig.address)] == []
