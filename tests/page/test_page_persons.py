"""Several people on one chair, on the day page in a real browser the size of a phone: who sits, and whose figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from device.commands.page import page_beside
from device.settings.settings import JournalSettings, PageSettings, Persons
from tests.made_month import SETTINGS
from tests.rig import HALF_HOURLY, Browser, Rig, Window
from tests.waiting import until
from tests.world import World

SHARED = Persons(("Anna", "Bob <i>"))


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    settings = replace(HALF_HOURLY, persons=SHARED)
    with Rig(tmp_path_factory.mktemp("rig"), settings).running() as rig:
        until(lambda: rig.ask("GET", "/")[0] == 200)
        yield rig


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    window = Window(context)
    yield window
    context.close()
    assert not window.complaints, window.complaints


def is_narrow(window: Window) -> bool:
    return bool(window.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_somebody_says_on_a_phone_who_sits_and_every_phone_shows_it(window: Window, rig: Rig) -> None:
    page, other = window.page, window.context.new_page()
    for each in (page, other):
        each.goto(f"{rig.address}day")
        each.locator("#who").wait_for()
    assert page.locator("#who-sits option").all_text_contents() == ["nobody yet", *SHARED.names]
    page.select_option("#who-sits", "Bob <i>")
    for each in (page, other):
        each.wait_for_function("() => document.getElementById('who-sits').value === 'Bob <i>'")
    assert page.locator("#who-sits option").all_text_contents() == list(SHARED.names)
    assert is_narrow(window)
    high = page.locator("#who-sits").bounding_box()
    assert high is not None
    assert high["height"] >= 44, "a thumb meets it"
    rig.hand("seat", True)
    page.locator("#who-says", has_text="since somebody sat down").wait_for()


def test_the_figures_are_of_everybody_until_somebody_chooses_one_person(window: Window, tmp_path: Path) -> None:
    yesterday = datetime.now().astimezone().replace(hour=9, minute=0) - timedelta(days=1)
    world = World(tmp_path, replace(SETTINGS, persons=SHARED), yesterday)
    for name, minutes in (("Anna", 20), ("Bob <i>", 10)):
        world.choose("person", name)
        world.sit(minutes=minutes)
        world.rise(minutes=10)
    world.stop()
    settings = replace(SETTINGS, journal=JournalSettings(file=str(world.file)), page=PageSettings(port=0))
    with page_beside(settings, tmp_path / "nobody") as address:
        page = window.page
        page.goto(f"{address}day")
        page.locator("#whose").wait_for()
        assert not page.is_visible("#who"), "without a device nobody can say who sits"
        assert page.locator("#whose-days option").all_text_contents() == ["everybody", *SHARED.names]
        week = page.locator("#week")
        week.get_by_text("30 min").first.wait_for()
        page.select_option("#whose-days", "Bob <i>")
        week.get_by_text("10 min").first.wait_for()
        assert is_narrow(window)
        page.select_option("#whose-days", "")
        week.get_by_text("30 min").first.wait_for()


def test_people_are_named_in_the_settings_and_the_device_knows_them_at_once(browser: Browser, tmp_path: Path) -> None:
    with Rig(tmp_path).running() as rig:
        until(lambda: rig.ask("GET", "/")[0] == 200)
        context = browser.new_context(viewport={"width": 390, "height": 844})
        window = Window(context)
        page = window.page
        page.goto(f"{rig.address}settings")
        page.locator("#groups:visible").wait_for()
        row = page.locator(".setting[data-key='persons.names']")
        row.evaluate("(row) => { row.closest('details').open = true; }")
        field = row.locator("input")
        for typed, says in (
            ("Anna", "2 to 8 names"),
            ("Anna, anna", "Each name only once."),
            ("Anna, Bob the Builder", "At most 12 letters each."),
        ):
            field.fill(typed)
            assert says in row.locator(".fault").inner_text()
        page.locator(".setting[data-key='limits.full_break'] input").fill("45 min")
        field.fill("Anna ,Bob")
        assert "can't be shorter" in page.locator("#groups").inner_text()
        page.locator(".setting[data-key='limits.full_break'] input").fill("2 min")
        field.blur()
        assert field.input_value() == "Anna, Bob"
        page.click("#save")
        window.waits_for("#save-says", "1 change is saved.")
        page.goto(f"{rig.address}day")
        page.locator("#who").wait_for()
        page.select_option("#who-sits", "Bob")
        page.wait_for_function("() => document.querySelectorAll('#who-sits option').length === 2")
        assert page.input_value("#who-sits") == "Bob"
        context.close()
        assert not window.complaints


def test_where_one_person_sits_nothing_of_this_is_there(browser: Browser, tmp_path: Path) -> None:
    with Rig(tmp_path).running() as rig:
        until(lambda: rig.ask("GET", "/")[0] == 200)
        context = browser.new_context(viewport={"width": 390, "height": 844})
        window = Window(context)
        window.page.goto(f"{rig.address}day")
        window.page.locator("#orders").wait_for()
        window.page.locator("#figures, .empty").first.wait_for(state="attached")
        assert not window.page.is_visible("#who")
        assert not window.page.is_visible("#whose")
        assert "persons" not in rig.ask("GET", "/days.json")[1]
        context.close()
        assert not window.complaints
