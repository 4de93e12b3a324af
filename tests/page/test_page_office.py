"""What the office suggests, on the day page: seen, taken and declined, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from device.commands.page import page_beside
from device.phones.ordering import ordered
from device.settings.settings import Screens
from tests.page.test_page_own import ToldDevice
from tests.page.test_page_week import DESKTOP, PHONE, is_accessible
from tests.rig import HALF_HOURLY, Rig, Window
from tests.waiting import until

SUGGESTED = {
    "offer": "spring", "preset": "hourly", "by": "W\u00fcrmeling-WM", "till": "2026-12-24",
    "invite_after_s": 3000.0, "due_after_s": 3600.0, "own": True,
}  # fmt: skip


class Suggesting(ToldDevice):
    """A device to which the office suggests something; it hears no answer as an answer that is late."""

    def __init__(self, folder: Path, language: str) -> None:
        super().__init__(folder)
        self.stands = {"suggested": SUGGESTED}
        self.more["device"] = {"simulated": False, "settings": [], "language": language, "stretches": {},
                               "version": "", "began": 0.0}  # fmt: skip

    def withdraw(self) -> None:
        self.stands = {"suggested": None}
        self.tell()


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> str:
    spoken: str = request.param
    return spoken


@pytest.fixture
def office(tmp_path: Path, language: str) -> Iterator[tuple[Suggesting, str]]:
    device = Suggesting(tmp_path, language)
    settings = replace(HALF_HOURLY, screens=Screens(language=language, safety_s=0.0))
    with page_beside(settings, tmp_path / "line") as address:
        yield device, f"{address}day"
    device.line.close()


@pytest.fixture(params=[(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def seen(
    request: pytest.FixtureRequest,
    browser: Browser,
    office: object,  # noqa: ARG001 - its page goes after the window
) -> Iterator[Window]:
    size, scheme = request.param
    context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=size is PHONE)
    window = Window(context)
    yield window
    window.page.goto("about:blank")
    context.close()
    # What is refused, a browser says as well.
    assert all("409" in each for each in window.complaints), window.complaints


SAYS = {
    "en": ("W\u00fcrmeling-WM suggests: a break due after 1 h 00, and a silent offer from 50 min.",
           "It takes the place of numbers of your own. You may take it until 24 December.", "No thanks"),
    "de": ("W\u00fcrmeling-WM schl\u00e4gt vor: Pause nach 1 h 00, stilles Angebot ab 50 min.",
           "Das ersetzt deine eigenen Zahlen. Du kannst es bis 24. Dezember annehmen.", "Nein danke"),
}  # fmt: skip


def test_it_says_who_suggests_what_and_is_answered_with_the_keyboard_alone(
    seen: Window, office: tuple[Suggesting, str], language: str
) -> None:
    device, address = office
    what, more, no = SAYS[language]
    seen.page.goto(address)
    seen.waits_for("#suggestion-says", what)
    assert more in seen.page.inner_text("#suggestion-more")
    is_accessible(seen)
    button = seen.page.get_by_role("button", name=no)
    button.focus()
    seen.page.keyboard.press("Enter")
    until(lambda: device.ordered)
    assert device.ordered == [("choose", {"name": "office_answer", "value": "spring declined"})]
    device.withdraw()
    seen.page.locator("#suggestion").wait_for(state="hidden")
    assert seen.page.evaluate("document.activeElement.id") == "now-heading"


def test_a_refusal_is_said_and_where_nothing_is_suggested_there_is_nothing_to_see(
    seen: Window, office: tuple[Suggesting, str]
) -> None:
    device, address = office
    device.refuses = "no such suggestion"
    seen.page.goto(address)
    seen.page.click("#take-it")
    expect(seen.page.locator("#order-says")).to_have_text("no such suggestion")
    device.withdraw()
    seen.page.locator("#suggestion").wait_for(state="hidden")


def test_who_takes_it_on_the_page_of_the_virtual_desk_goes_by_it(browser: Browser, tmp_path: Path) -> None:
    rig, window = Rig(tmp_path), Window(browser.new_context(viewport=PHONE))
    with rig.running():
        until(lambda: rig.ask("GET", "/")[0] == 200)
        offer: dict[str, Any] = {"id": "spring", "preset": "hourly", "from": "ACME",
                                 "till": str(date.today() + timedelta(days=9))}  # fmt: skip
        told = ordered(rig.line, "offer", offer)
        assert told is not None
        assert told["fine"], told
        window.page.goto(f"{rig.address}day")
        window.page.click("#take-it")
        until(lambda: rig.live.settings.limits.due_after_s == 3600.0)
        window.page.locator("#suggestion").wait_for(state="hidden")
        window.page.goto(f"{rig.address}settings")
        window.page.locator("[data-key='limits.preset']", has_text="changed here").wait_for()
        assert rig.ask("POST", "/orders", json.dumps({"do": "offer", "to": offer}).encode(),
                       {"content-type": "application/json"})[0] == 400, "no page suggests anything"  # fmt: skip
        window.page.goto("about:blank")
    window.context.close()
    assert not window.complaints
