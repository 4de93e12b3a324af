"""The virtual desk in this process, its page in one of its own, and a real browser that looks at it."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from device.commands.desk import virtual_desk
from device.commands.page import page_beside
from device.desk.live import LiveDesk
from device.history.day_file import RecordedDay
from device.run.restart import Start, by_plan
from device.settings.settings import Limits, PageSettings, Screens, Settings
from device.stretches.repertoire import in_every_language, repertoire
from hardware.simulated.desk import SimulatedDesk
from tests.chromium import browser
from tests.waiting import WITHIN_S

HALF_HOURLY = Settings(
    limits=Limits(preset="half-hourly", invite_after_s=1500.0, due_after_s=1800.0),
    screens=Screens(safety_s=0.0),
    page=PageSettings(port=0),
)


class Rig:
    """A virtual desk that runs, and where its page is."""

    def __init__(self, folder: Path, settings: Settings = HALF_HOURLY, day: RecordedDay | None = None) -> None:
        start = Start(settings, repertoire(settings), languages=in_every_language(settings), plans=by_plan(settings))
        self.desk, self.line, self.settings = virtual_desk(folder, start, day=day)
        self._thread = threading.Thread(target=self.desk.run, name="rig")
        self.address = ""

    @contextmanager
    def running(self) -> Iterator[Rig]:
        """From start to end."""
        with self.desk_alone(), page_beside(self.settings, self.line) as address:
            self.address = address
            yield self

    @contextmanager
    def desk_alone(self) -> Iterator[None]:
        """Without a page."""
        self._thread.start()
        try:
            yield
        finally:
            self.desk.stop()
            self._thread.join(WITHIN_S)
            assert not self._thread.is_alive()

    @property
    def things(self) -> SimulatedDesk:
        """What is on the desk that is shown."""
        things = self.live._things
        assert isinstance(things, SimulatedDesk)
        return things

    @property
    def live(self) -> LiveDesk:
        """The desk that is shown."""
        return self.desk._shown[1].desk

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """One request to this one."""
        return ask(self.address, method, path, body, headers)

    def hand(self, do: str, to: Any) -> int:
        """What the page sends; the status."""
        body = json.dumps({"do": do, "to": to}).encode()
        return self.ask("POST", "/hands", body, {"content-type": "application/json"})[0]


def ask(
    address: str, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """One request to that server, with nothing that a browser would add; the status and what was answered."""
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=WITHIN_S)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with Rig(tmp_path).running() as it:
        yield it


class Window:
    """An open page; what the browser complains of is kept."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.complaints: list[str] = []
        self.page = context.new_page()
        self.page.set_default_timeout(WITHIN_S * 1000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, said: ConsoleMessage) -> None:
        # It is the tests that read a canvas back.
        if said.type in ("error", "warning") and "willReadFrequently" not in said.text:
            self.complaints.append(said.text)

    def text(self, selector: str) -> str:
        """What stands there."""
        return self.page.locator(selector).inner_text()

    def waits_for(self, selector: str, text: str) -> None:
        """Until that stands there."""
        self.page.locator(selector, has_text=text).first.wait_for()


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    """A window of one's own. Whatever the test, the browser must have nothing to complain of."""
    context = browser.new_context(viewport={"width": 1240, "height": 980})
    window = Window(context)
    yield window
    context.close()
    assert not window.complaints, window.complaints


__all__ = ["HALF_HOURLY", "Browser", "Page", "Rig", "Window", "ask", "browser", "rig", "window"]
