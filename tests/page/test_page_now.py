"""What somebody asks of the device on the day page: no sound for a while, enough for today, a stretch now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from device.commands.page import page_beside
from device.page.orders import NAMES
from device.settings.settings import Screens
from tests.rig import HALF_HOURLY, Browser, Rig, Window, ask
from tests.waiting import until

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with Rig(tmp_path_factory.mktemp("rig")).running() as rig:
        until(lambda: rig.ask("GET", "/")[0] == 200)
        yield rig


@pytest.fixture
def window(browser: Browser, rig: Rig) -> Iterator[Window]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
    window = Window(context)
    window.page.goto(f"{rig.address}day")
    window.page.locator("#orders").wait_for()
    yield window
    context.close()
    assert not window.complaints, window.complaints


def order(rig: Rig, body: object) -> tuple[int, str]:
    return rig.ask("POST", "/orders", json.dumps(body).encode(), JSON)


def passes(rig: Rig, seconds: float) -> None:
    """Time at the desk."""
    rig.live._soon(lambda: rig.live.clock.jump(seconds))


def test_a_mute_is_shown_once_the_device_says_so_on_every_phone_and_ends_by_the_button(
    window: Window, rig: Rig
) -> None:
    page, other = window.page, window.context.new_page()
    other.goto(f"{rig.address}day")
    page.click("#mute-30")
    for each in (page, other):
        each.locator("#mute-says", has_text="No sound until").wait_for()
        each.locator("#sound-back").wait_for()
        assert not each.is_visible("#mutes")
    assert page.evaluate("document.activeElement.id") == "sound-back", "whoever uses the keyboard can take it back"
    rig.hand("button", True)
    for each in (page, other):
        each.locator("#mutes").wait_for()
    rig.hand("button", False)
    page.click("#mute-60")
    other.locator("#sound-back").click()
    page.locator("#mutes").wait_for()


def test_a_mute_until_a_time_ends_when_the_devices_clock_reads_so(window: Window) -> None:
    page = window.page
    soon = f"{datetime.now() + timedelta(minutes=90):%H:%M}"
    assert not page.is_visible("#set-until")
    page.fill("#until", soon)
    page.locator("#until").press("Enter")
    page.locator("#mute-says", has_text=soon).wait_for()
    page.click("#sound-back")
    page.locator("#mutes").wait_for()


def test_a_stretch_that_was_asked_for_waits_until_the_chair_empties(window: Window, rig: Rig) -> None:
    page = window.page
    rig.hand("seat", True)
    until(lambda: rig.live.levels["seat"])
    passes(rig, 60.0)
    window.waits_for("#state", "somebody sits")
    assert window.text("#stretch-says") == "It starts when the chair empties."
    page.click("#stretch-now")
    window.waits_for("#stretch-says", "Its card is on the panel. Get up, and it starts.")
    assert page.get_attribute("#stretch-now", "aria-disabled") == "true"
    rig.hand("seat", False)
    window.waits_for("#stretch-says", "It is on the panel now.")
    passes(rig, 900.0)
    window.waits_for("#stretch-says", "It starts at once.")


def test_enough_for_today_holds_until_it_is_taken_back(window: Window) -> None:
    page = window.page
    page.focus("#enough")
    page.keyboard.press("Enter")
    window.waits_for("#enough-says", "No more reminders and offers today. The count goes on.")
    window.waits_for("#mute-says", "There is no sound today: it is enough.")
    window.waits_for("#sitting", "Reminders: none today")
    assert page.locator("#mutes, #sound-back").locator("visible=true").count() == 0, "they would do nothing"
    page.wait_for_function("() => document.activeElement.id === 'not-enough'")
    page.keyboard.press("Enter")
    page.locator("#enough").wait_for()


@pytest.mark.parametrize("wide", [390, 1280])
def test_somebody_goes_away_until_a_date_and_is_back_again(window: Window, wide: int) -> None:
    page, day = window.page, datetime.now().date() + timedelta(days=20)
    page.set_viewport_size({"width": wide, "height": 844})
    assert not page.is_visible("#set-away")
    page.fill("#back-on", f"{day}")
    page.locator("#set-away").focus()
    page.keyboard.press("Enter")
    window.waits_for("#back-says", f"Away until {day:%A}")
    assert page.evaluate("document.activeElement.id") == "im-back", "whoever uses the keyboard can take it back"
    assert window.text("#mute-says") == ""
    window.waits_for("#sitting", "Reminders: none till")
    assert page.locator("#mutes, #sound-back, #enough, #not-enough").locator("visible=true").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    page.click("#im-back")
    page.locator("#be-away").wait_for()
    page.locator("#enough").wait_for()


def test_a_day_on_which_nobody_can_be_back_is_refused_with_what_is_allowed(window: Window) -> None:
    page, today = window.page, datetime.now().date()
    page.fill("#back-on", f"{today}")
    page.click("#set-away")
    window.waits_for("#order-says", f"you can't be back on {today}: allowed are {today + timedelta(days=1)} to")
    assert page.is_visible("#be-away")
    page.fill("#back-on", "")
    page.locator("#back-on").press("Enter")
    window.waits_for("#order-says", "Write a day first.")
    window.complaints.clear()


def test_what_the_device_refuses_is_said_and_nothing_looks_done(window: Window) -> None:
    page = window.page
    page.route("**/orders", lambda route: route.fulfill(status=409, body="not now, says the device\n"))
    page.click("#mute-30")
    window.waits_for("#order-says", "not now, says the device")
    assert page.is_visible("#mutes")
    page.unroute("**/orders")
    page.click("#mute-30")
    page.locator("#sound-back").click()
    page.locator("#mutes").wait_for()
    assert not page.is_visible("#order-says")
    window.complaints.clear()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ([], 400),
        ({"do": "sound"}, 400),
        ({"do": ["sound"], "to": True}, 400),
        ({"do": "sound", "to": True, "nth": 1}, 400),
        ({"do": "pair", "to": {"code": "ABCDEF", "hash": "0", "name": "x"}}, 400),
        ({"do": "seen", "to": {"phone": "1"}}, 400),
        ({"do": "seat", "to": True}, 400),
        ({"do": "\ud800\n", "to": True}, 400),
        ({"do": "sound", "to": False}, 409),
        ({"do": "mute", "to": {"for_s": -1}}, 409),
        ({"do": "mute", "to": {"until": "soon"}}, 409),
        ({"do": "sound", "to": True}, 200),
    ],
)
def test_an_order_is_of_a_known_name_and_the_device_says_what_it_takes(rig: Rig, asked: object, status: int) -> None:
    answer, says = order(rig, asked)
    assert answer == status, says
    assert len(says.splitlines()) == 1


def test_whoever_pairs_or_was_seen_is_no_order_of_a_page() -> None:
    assert not {"pair", "seen"} & set(NAMES)


def test_an_order_that_no_device_hears_is_not_done(tmp_path: Path) -> None:
    settings = replace(HALF_HOURLY, screens=Screens(language="de"))
    with page_beside(settings, tmp_path / "nobody") as address:
        assert ask(address, "POST", "/orders", b'{"do": "sound", "to": true}', JSON) == (503, "kein Gerät antwortet\n")
