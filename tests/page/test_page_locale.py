"""Dates, clocks and weeks on the page: as the browser's locale has them, in the language of the panel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from device.commands.page import page_beside
from device.settings.settings import JournalSettings, PageSettings, Screens
from tests.made_month import SETTINGS, month
from tests.rig import Browser, Window

__all__ = ["month"]

SAID = """async () => {
  const { clockText, dayText, hourText, weekEnd } = await import("/static/shared/locale.js");
  const day = dayText("2026-03-02", { weekday: "long", day: "numeric", month: "long" });
  return [day, clockText(new Date("2026-03-02T15:05:09Z")), hourText(13), weekEnd("2026-03-04"), weekEnd("2026-03-08")]
    .map((each) => each.replaceAll("\\u202f", " "));
}"""
SUNDAYS = ["2026-03-08", "2026-03-08"]
SATURDAYS = ["2026-03-07", "2026-03-14"]


@pytest.fixture(scope="module", params=["en", "de"])
def spoken(request: pytest.FixtureRequest, month: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page in that language."""
    settings = replace(
        SETTINGS,
        journal=JournalSettings(file=str(month)),
        page=PageSettings(port=0),
        screens=Screens(language=request.param),
    )
    with page_beside(settings, tmp_path_factory.mktemp("nobody") / "line") as address:
        yield f"{request.param} {address}"


SAYS = {
    ("en", "en-GB"): ["Monday 2 March", "15:05", "13", *SUNDAYS],
    ("en", "en-US"): ["Monday, March 2", "3:05 PM", "1 PM", *SATURDAYS],
    ("en", "de-DE"): ["Monday, 2 March", "15:05", "13", *SUNDAYS],
    ("de", "de-DE"): ["Montag, 2. März", "15:05", "13", *SUNDAYS],
    ("de", "en-US"): ["Montag, 2. März", "3:05 PM", "1 PM", *SATURDAYS],
    ("de", "ar-EG"): ["Montag, 2. März", "3:05 PM", "1 PM", "2026-03-06", "2026-03-13"],
}


CUT_OFF = """(strip) => [...document.querySelectorAll(`${strip} text`)].filter((each) => {
  const [text, all] = [each, each.closest("svg")].map((one) => one.getBoundingClientRect());
  return text.left < all.left - 1 || text.right > all.right + 1;
}).map((each) => each.textContent)"""


def test_names_are_in_the_pages_language_and_all_else_is_as_at_home(browser: Browser, spoken: str) -> None:
    language, address = spoken.split()
    for (_, locale), says in ((each, says) for each, says in SAYS.items() if each[0] == language):
        for has_weeks in (True, False):
            context = browser.new_context(locale=locale)
            page = context.new_page()
            if not has_weeks:
                page.add_init_script("delete Intl.Locale.prototype.getWeekInfo; delete Intl.Locale.prototype.weekInfo;")
            page.goto(f"{address}static/shared/icon.svg")
            said = page.evaluate(SAID)
            context.close()
            assert said == says, locale


def test_the_day_page_has_american_weeks_and_clocks_in_america(browser: Browser, spoken: str) -> None:
    language, address = spoken.split()
    context = browser.new_context(locale="en-US")
    window = Window(context)
    page = window.page
    page.goto(f"{address}day")
    page.locator("#day-strip .seated").first.wait_for()
    axis = page.locator("#day-strip text").all_text_contents()
    assert all(re.fullmatch(r"[0-9]{1,2}\s[AP]M", each) for each in axis), axis
    wide = page.evaluate("[...document.querySelectorAll('#day-strip text')].map((each) => each.getBoundingClientRect())"
                         ".every((each, nth, all) => !nth || all[nth - 1].right < each.left)")  # fmt: skip
    assert wide, "no hour covers another"
    for strip in ("#day-strip", "#week"):
        assert page.evaluate(CUT_OFF, strip) == [], strip
    page.click("#earlier")
    page.wait_for_function("() => location.search")
    last = date.fromisoformat(page.url.rpartition("last=")[2])
    assert last.weekday() == 5, "a Saturday"
    names = {"en": "Sun", "de": "So"}
    page.wait_for_function(f"() => document.querySelector('.week-day a').textContent.includes('{names[language]}')")
    context.close()
    assert window.complaints == []
