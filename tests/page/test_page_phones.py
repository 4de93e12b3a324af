"""The connected devices in a real browser, and the first steps on one that has just been connected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from device.journal.place import phones_file
from device.page.answers import told_phones
from device.page.gate import _code
from device.phones.phone_file import Phone, read_phones, write_phones
from device.phones.phones import hash_of
from device.settings.settings import PageSettings, Settings
from tests.rig import HALF_HOURLY, Browser, Rig, Window
from tests.waiting import until

TARGETS = """() => [...document.querySelectorAll("main button, main input, .pages a, label.choice-row")]
  .filter((each) => each.offsetParent && !each.closest("label.choice-row input") && each.type !== "radio")
  .filter((each) => each.getBoundingClientRect().height < 36).map((each) => each.id || each.textContent)"""
IN_HOUSE: Settings = replace(HALF_HOURLY, page=PageSettings(port=0, reach="house"))
SINCE = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=1)))
PHONES = tuple(Phone(f"{nth}" * 8, name, hash_of(f"token-{nth}"), SINCE, SINCE + timedelta(days=nth))
               for nth, name in enumerate(("Old tablet", "Anna's <b>phone</b>", "This one"), 1))  # fmt: skip


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with Rig(tmp_path_factory.mktemp("rig"), IN_HOUSE).running() as rig:
        yield rig


@pytest.fixture
def window(browser: Browser, rig: Rig) -> Iterator[Window]:
    """A phone that is connected."""
    write_phones(phones_file(rig.settings), PHONES)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.add_cookies([{"name": "unsit", "value": "token-3", "url": rig.address}])
    window = Window(context)
    yield window
    context.close()
    assert not window.complaints, window.complaints


def hand(rig: Rig, do: str, to: object) -> None:
    """What a connected desk page sends."""
    headers = {"content-type": "application/json", "cookie": "unsit=token-3"}
    assert rig.ask("POST", "/hands", json.dumps({"do": do, "to": to}).encode(), headers)[0] == 204


def names(rig: Rig) -> list[str]:
    return [each.name for each in read_phones(phones_file(rig.settings))]


def test_the_connected_devices_are_listed_and_one_is_forgotten_after_a_question(window: Window, rig: Rig) -> None:
    page = window.page
    page.goto(f"{rig.address}phones")
    assert page.locator("#to-phones[aria-current=page]").is_visible()
    tablet = page.locator("#paired li", has_text="Old tablet")
    tablet.wait_for()
    assert page.locator("#paired li").count() == 3
    told = page.inner_text("#address")
    assert told.endswith(f".local:{urlsplit(rig.address).port}"), "127.0.0.1 would be the other phone itself"
    assert "since 2 March 2026, last here 3 March 2026" in tablet.inner_text()
    assert page.locator("#paired b", has_text="Anna's <b>phone</b>").count() == 1, "a name is text, whatever is in it"
    tablet.get_by_role("button", name="Forget Old tablet").focus()
    page.keyboard.press("Enter")
    assert "Forget Old tablet?" in tablet.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "No"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Forget Old tablet"
    assert len(names(rig)) == 3
    page.keyboard.press("Enter")
    tablet.get_by_role("button", name="Yes, forget").click()
    window.waits_for("#says", "It is forgotten, and this page is closed to it.")
    assert page.locator("#paired li").count() == 2
    assert "Old tablet" not in names(rig)


def test_whoever_forgets_the_one_in_hand_is_told_so_where_it_can_be_connected_again(window: Window, rig: Rig) -> None:
    page = window.page
    page.goto(f"{rig.address}phones")
    own = page.locator("#paired li").first
    own.locator(".own", has_text="this one").wait_for()
    own.get_by_role("button").click()
    assert "This page is closed to it then." in own.inner_text()
    own.get_by_role("button", name="Yes, forget").click()
    page.locator("#forgotten").wait_for()
    page.locator("#wrong").wait_for(state="hidden")
    assert page.locator("[role=alert]:visible").count() == 1
    page.fill("#code", "abc 2o1")
    page.get_by_role("button", name="Connect").click()
    window.waits_for("#said", "this code doesn't count, or no longer")
    assert page.locator("[role=alert]:visible").count() == 1, "what was said before is gone"
    page.goto(f"{rig.address}day")
    page.locator("#code").wait_for()
    assert names(rig) == ["Old tablet", "Anna's <b>phone</b>"]
    # Chromium complains of a page that is refused.
    assert all("401" in each or "403" in each for each in window.complaints), window.complaints
    window.complaints.clear()


@pytest.mark.parametrize("typed", ["abq2l3", "AB O2-I3", " a b 0 2 1 3 "])
def test_a_code_counts_however_it_is_typed(typed: str) -> None:
    assert _code(typed) == "ABQ2L3"


def test_the_one_that_asks_comes_first_and_no_list_tells_what_lets_one_in() -> None:
    listed = told_phones(PHONES, "2" * 8)
    assert [each["id"] for each in listed] == ["2" * 8, "3" * 8, "1" * 8]
    assert [each["own"] for each in listed] == [True, False, False]
    assert all(each.keys() == {"id", "name", "own", "since", "seen"} for each in listed)
    assert told_phones([replace(PHONES[0], since=None, seen=None)], None)[0]["since"] is None


def test_the_first_steps_are_three_screens_that_are_shown_once(window: Window, rig: Rig) -> None:
    page = window.page
    page.goto(f"{rig.address}welcome")
    page.locator("#step-1").wait_for()
    page.locator("input[value=half-hourly]:checked").wait_for()
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    page.locator("#step-2").wait_for()
    assert page.evaluate("document.activeElement.id") == "step-2-heading"
    assert page.locator("#simulated a[href='/']").is_visible(), "nobody looks for a button that isn't there"
    window.waits_for("#pressed", "Waiting for a press")
    hand(rig, "button", True)
    until(lambda: rig.live.levels["button"])
    hand(rig, "button", False)
    window.waits_for("#pressed", "It has felt you")
    page.click("#try-sound")
    until(lambda: rig.things.sounding_hz is not None)
    window.waits_for("#sounded", "That was it.")
    page.click("#next")
    window.waits_for("#sits", "Sit down, and you read here")
    hand(rig, "seat", True)
    until(lambda: rig.live.levels["seat"])
    rig.live._soon(lambda: rig.live.clock.jump(30.0))
    window.waits_for("#sits", "Unsit knows that you sit")
    page.click("#back")
    page.locator("#step-2").wait_for()
    page.click("#next")
    page.click("#next")
    page.locator("#orders").wait_for()
    page.goto(f"{rig.address}welcome")
    page.wait_for_url("**/day")
    page.goto(f"{rig.address}welcome?again")
    page.locator("#step-1").wait_for()
    page.click("#skip")
    page.wait_for_url("**/day")


def test_the_language_that_is_chosen_is_that_of_panel_and_page(window: Window, rig: Rig) -> None:
    page = window.page
    page.goto(f"{rig.address}welcome?again")
    page.get_by_label("Deutsch").click()
    window.waits_for("#step-1-heading", "Willkommen")
    page.locator("input[value=de]:checked").wait_for()
    page.get_by_label("English").click()
    window.waits_for("#step-1-heading", "Welcome")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_check_finds_nothing_and_nothing_is_wider_than_a_phone(
    browser: Browser, rig: Rig, scheme: Any
) -> None:
    write_phones(phones_file(rig.settings), PHONES)
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    for address, part in (
        ("pair#wrong", "#wrong"),
        ("phones", "#paired li"),
        ("welcome?again", "#step-1"),
        ("welcome?step=2", "#step-2"),
        ("welcome?step=3", "#step-3"),
        ("day", "#orders"),
    ):
        page.goto(f"{rig.address}{address}")
        page.locator(part).first.wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["target"]) for each in found] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        assert page.evaluate(TARGETS) == [], f"{address}: too small for a thumb"
        context.add_cookies([{"name": "unsit", "value": "token-3", "url": rig.address}])
    context.close()
