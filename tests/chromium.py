"""A real browser for all tests that look at a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS = [
    # As root, which CI may be, Chromium has no sandbox; and it shall ask nobody anything.
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--autoplay-policy=user-gesture-required"),
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, best without its windows, which takes a third less time; on CI it has to be there."""
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium to look at the page with: apt install chromium-headless-shell")
        pytest.skip("no Chromium here: sudo apt install chromium")
    # Not above: the tests that need no browser do without it, as on 32 bits, for which nobody builds it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        opens = browser.new_context
        # Whatever the computer's own, dates and clocks are as in Britain unless a test says otherwise.
        browser.new_context = lambda **more: opens(**{"locale": "en-GB", **more})  # type: ignore[method-assign]
        yield browser
        browser.close()
