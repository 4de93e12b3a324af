"""The page: what it costs the device that somebody looks, or sixteen do, and how many frames a browser gets to see."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.idle import counts
from benchmarks.press import presses
from benchmarks.table import Row
from device.commands.desk import virtual_desk
from device.commands.page import page_beside
from device.desk.live import LiveDesk
from device.phones.phone_file import Phone, write_phones
from device.phones.phones import hash_of
from device.run.restart import Start
from device.settings.settings import Limits, PageSettings, Screens, Settings
from device.stretches.repertoire import repertoire
from hardware.simulated.desk import SimulatedDesk
from hardware.simulated.panel_watch import GLANCE_S

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PAGES = 16
_GUIDE_S = 10.0
_FAST_S = 5.0
_SETTLING_S = 5.0
_BURST_S = 0.03
"""A frame is sent as several writes, one right behind the other."""
_SETTINGS = Settings(
    limits=Limits(invite_after_s=60.0, due_after_s=60.0), screens=Screens(safety_s=0.0), page=PageSettings(port=0)
)
EMPTY = "t,input,value\n0,seat,empty\n100000,end,\n"


def rows(idle_s: float) -> Iterator[Row]:
    """With pages open and without, one after the other."""
    with _desk() as (things, _, address):
        alone_ms = [1000 * each for each in presses(things)]
        with _readers(address):
            followed_ms = [1000 * each for each in presses(things)]
    yield Row(f"press to first byte on the bus, {_PAGES} pages open, median", "ms", statistics.median(followed_ms),
              "at most 5", "no page open", statistics.median(alone_ms))  # fmt: skip
    yield Row("  the slowest 1 in 100", "ms", _slowest(followed_ms), "", "no page open", _slowest(alone_ms))
    yield from _frames()
    yield from _at_rest(idle_s)
    yield from _asleep()


def _slowest(took_ms: list[float]) -> float:
    return sorted(took_ms)[int(0.99 * len(took_ms))]


@contextmanager
def _desk() -> Iterator[tuple[SimulatedDesk, LiveDesk, str]]:
    """A virtual desk in this process, and its page in another."""
    with tempfile.TemporaryDirectory() as folder:
        start = Start(_SETTINGS, repertoire(_SETTINGS))
        desk, line, settings = virtual_desk(Path(folder), start)
        live = desk._shown[1].desk
        things = live._things
        assert isinstance(things, SimulatedDesk)
        running = threading.Thread(target=desk.run)
        with page_beside(settings, line) as address:
            running.start()
            time.sleep(1)
            try:
                yield things, live, address
            finally:
                desk.stop()
                running.join()


@contextmanager
def _readers(address: str) -> Iterator[None]:
    words = [sys.executable, "-m", "benchmarks.readers", address, str(_PAGES)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as readers:
        assert readers.stdout is not None
        readers.stdout.readline()
        time.sleep(1)
        try:
            yield
        finally:
            readers.kill()


# ---- frames

# Each picture begins with the whole canvas made dark.
_COUNTING = """
window.frames_drawn = 0;
const fill = CanvasRenderingContext2D.prototype.fillRect;
CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
  if (this.canvas.id === "panel" && width === this.canvas.width) window.frames_drawn++;
  return fill.call(this, x, y, width, height);
};
"""


def _frames() -> Iterator[Row]:
    """A guide at the speed of the world: pictures drawn by a browser, and those that stood on the panel."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("No Chromium here, so nobody counts the frames on a page.", file=sys.stderr)
        return
    from playwright.sync_api import sync_playwright

    with _desk() as (things, live, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.add_init_script(_COUNTING)
        page.goto(address)
        live.set("seat", True)
        live.set_speed(60)
        page.locator("#facts", has_text="a break is due").wait_for()
        live.set_speed(1)
        live.set("seat", False)
        page.locator("#facts", has_text="Now: ").wait_for()
        bursts, look = [0.0], things.on_sight

        def see() -> None:
            now = time.perf_counter()
            if now - bursts[-1] > _BURST_S:
                bursts.append(now)
            look()

        things.on_sight = see
        drawn = _drawn(page, _GUIDE_S)
        things.on_sight = look
        live.set_speed(10)
        drawn_fast = _drawn(page, _FAST_S)
        browser.close()
    yield Row("frames of the guide that the page draws", "1/s", drawn / _GUIDE_S, "all of them",
              "frames on the panel", (len(bursts) - 1) / _GUIDE_S)  # fmt: skip
    yield Row("  ten times as fast", "1/s", drawn_fast / _FAST_S, "at least 10", "looks at the panel", 1 / GLANCE_S)


def _drawn(page: Page, for_s: float) -> int:
    """How many pictures the page draws in that time."""
    before: int = page.evaluate("frames_drawn")
    page.wait_for_timeout(1000 * for_s)
    after: int = page.evaluate("frames_drawn")
    return after - before


# ---- at rest


def _at_rest(idle_s: float) -> Iterator[Row]:
    """Two devices at an empty chair: one with its page and somebody who looks at it, one in the terminal."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as until_done:
        day = Path(folder, "empty.csv")
        day.write_text(EMPTY)
        followed, address = until_done.enter_context(running(day, "--set", "page.port=0"))
        alone, _ = until_done.enter_context(running(day, "--terminal"))
        until_done.enter_context(_readers(address))
        time.sleep(_SETTLING_S)
        (page,) = map(int, Path(f"/proc/{followed}/task/{followed}/children").read_text().split())
        pids = (followed, alone, page)
        before = [counts(pid) for pid in pids]
        time.sleep(idle_s)
        woken = [(counts(pid).woken - earlier.woken) / idle_s for pid, earlier in zip(pids, before, strict=True)]
        resident_mb = [resident_mb(pid) for pid in pids]
    yield Row("woken, chair empty, 16 pages open", "1/s", woken[0], "at most 0.2", "no page", woken[1])
    yield Row("  the page's own process", "1/s", woken[2])
    yield Row("resident memory with the page on", "MB", resident_mb[0], "at most 40", "no page", resident_mb[1])
    yield Row("  the page's own process", "MB", resident_mb[2])


# ---- asleep

_SLOWER = 4
"""So many times slower is a small Pi: a second of processor here is as many there."""
_STARTS = 5
_AS_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
_LOADED = ("/day", "/said.js", "/stretches.json", "/days.json")
"""What takes time of all that the first page loads."""


def _asleep() -> Iterator[Row]:
    """The first who asks has systemd start the page; when nobody is left, it ends."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as door:
        write_phones(Path(folder, "phones.json"), [Phone("0a0b0c0d", "Bench", hash_of("token"), None, None)])
        took_s = [_first_page_s(folder, door) for _ in range(_STARTS)]
    yield Row("first page after it was asleep, at a quarter of this speed", "s", _SLOWER * statistics.median(took_s),
              "at most 3")  # fmt: skip


def _first_page_s(folder: str, door: socket.socket) -> float:
    """The processor's time from the start to the last answer. What is left of the page then must be nothing."""
    words = ["-m", "device", "page", "--config", os.devnull, "--line", "/nowhere", "--ends-after", "1s",
             "--set", "page.reach=house", "--set", f"journal.file={folder}/journal.db"]  # fmt: skip
    started = [sys.executable, "-c", _AS_SYSTEMD, str(door.fileno()), *words]
    with subprocess.Popen(started, pass_fds=[door.fileno()], stdout=subprocess.DEVNULL) as page:
        port = door.getsockname()[1]
        for path in _LOADED:
            asks = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            asks.request("GET", path, headers={"Cookie": "unsit=token", "Accept": "text/html"})
            assert asks.getresponse().read()
            asks.close()
        used_s = int(Path(f"/proc/{page.pid}/schedstat").read_text().split()[0]) / 1e9
        assert page.wait(30) == 0
    return used_s


@contextmanager
def running(day: Path, *words: str) -> Iterator[tuple[int, str]]:
    command = [sys.executable, "-m", "device", "run", "--hardware", "simulated", "--play", str(day),
               "--set", "screens.safety=0s", *words]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said = "" if "--terminal" in words else process.stderr.readline()
        address = re.search(r"http://\S+", said)
        try:
            yield process.pid, address[0] if address else ""
        finally:
            process.terminate()


def resident_mb(pid: int) -> float:
    resident = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert resident
    return int(resident[1]) / 1024
