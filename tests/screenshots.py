"""The pictures of the page in README and docs, taken of the real one: `python -m tests.screenshots` takes them anew."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from device.history.day_file import DayRow, RecordedDay
from device.reports.report_page import report_page
from device.reports.report_words import ENGLISH
from device.settings.settings import PageSettings
from device.teams.figures import DeskDay
from device.teams.report import report
from device.teams.told_week import tell
from device.teams.weeks import weeks_to
from tests.chromium import ARGUMENTS
from tests.made_month import SETTINGS, made_month
from tests.rig import Rig
from tests.teams.offices import office

DOCS = Path(__file__).parents[1] / "docs"
A_FRIDAY = datetime(2026, 3, 6, 14, 20).astimezone()
A_MONDAY = date(2026, 2, 23)
_COLOURS = 256


def main() -> None:
    """Take them all."""
    with _friday() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_page(locale="en-GB", viewport={"width": 1240, "height": 776})
        page.goto(address)
        _go_through_a_break(page)
        _take(page, "desk.png", until_y=740)
        page.goto(f"{address}day")
        page.locator(".week-day .seated").first.wait_for()
        page.set_viewport_size({"width": 1240, "height": 1060})
        page.wait_for_timeout(500)
        _take(page, "day.png")
        phone = browser.new_page(
            locale="en-GB", viewport={"width": 390, "height": 844}, color_scheme="dark", device_scale_factor=1.5
        )
        phone.goto(f"{address}day")
        phone.locator(".week-day .seated").first.wait_for()
        phone.locator("#week-heading").scroll_into_view_if_needed()
        phone.wait_for_timeout(500)
        _take(phone, "phone.png")
        settings = browser.new_page(locale="en-GB", viewport={"width": 390, "height": 844}, device_scale_factor=1.5)
        settings.goto(f"{address}settings")
        settings.locator("[data-key='limits.due_after'] input").fill("90 min")
        settings.locator("h1").click()
        settings.wait_for_timeout(500)
        _take(settings, "settings.png")
        teams = browser.new_page(viewport={"width": 1100, "height": 760})
        teams.set_content(_report())
        _take(teams, "report.png")
        browser.close()


def _report() -> str:
    """The page of an office of three teams, which sits a little less each week."""
    chance, weeks = random.Random(4), []
    for nth, monday in enumerate(weeks_to(A_MONDAY, 6)):
        days = office({"Harbour": 4 if nth == 2 else 7, "Hill": 12, "Attic": 3}, monday=monday)
        weeks.append(tell(monday, [_a_little_other(day, nth, chance) for day in days]))
    return report_page(report(weeks), "Harbour Street", ENGLISH)


def _a_little_other(day: DeskDay, nth: int, chance: random.Random) -> DeskDay:
    seated, longest = (round(chance.gauss(mean, varies)) for mean, varies in ((350 - 12 * nth, 50), (84 - 6 * nth, 9)))
    taken = chance.choice((1, 2, 2, 3)) if nth < 3 else chance.choice((2, 2, 3))
    return replace(day, seated_min=seated, longest_min=longest, taken=taken)


@contextmanager
def _friday() -> Iterator[str]:
    """The virtual desk on a Friday afternoon, with a month in its journal."""
    with tempfile.TemporaryDirectory() as folder:
        made_month(Path(folder), A_FRIDAY).stop()
        day = RecordedDay((DayRow(0.0, "clock", A_FRIDAY), DayRow(1.0, "seat", True)), 2.0)
        with Rig(Path(folder), replace(SETTINGS, page=PageSettings(port=0)), day).running() as rig:
            yield rig.address


def _go_through_a_break(page: Page) -> None:
    """Up to the middle of the second stretch."""
    page.locator("#chair.taken").wait_for()
    page.locator("#facts", has_text="Somebody sits down.").wait_for()
    page.click("#skip")
    page.locator("#facts", has_text="a break is due").wait_for()
    page.click("#skip")
    page.locator("#facts", has_text="reminder 1").wait_for()
    page.click("#push")
    page.locator("#facts", has_text="A press").wait_for()
    page.click("#chair")
    page.locator("#state", has_text="Guiding").wait_for()
    page.click("#push")
    # What comes first is where to go and how it is done.
    page.locator("#moves:visible").wait_for(timeout=60_000)
    page.wait_for_timeout(4000)
    page.click("[data-speed='0']")
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)


def _take(page: Page, name: str, until_y: float | None = None) -> None:
    """All that is to be seen, or only what is above that."""
    file, size = DOCS / name, page.viewport_size
    assert size is not None
    page.screenshot(path=file, clip={"x": 0, "y": 0, "width": size["width"], "height": until_y or size["height"]})
    # Few colours, so that a picture that is taken often doesn't make the repository large.
    Image.open(file).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()
