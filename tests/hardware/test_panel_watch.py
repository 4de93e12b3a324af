"""The watch over the simulated panel: what it tells, and that it misses nothing."""

from __future__ import annotations

import base64
import threading
from typing import Any

from PIL import Image

from device.settings.settings import Settings
from hardware.panel.bus import PanelBus
from hardware.simulated.desk import SimulatedDesk
from hardware.simulated.panel_watch import PanelWatch
from tests.waiting import WITHIN_S


def test_what_changes_while_it_is_telling_is_told_next() -> None:
    told: list[dict[str, Any]] = []
    tells, goes_on, has_told = threading.Event(), threading.Event(), threading.Semaphore(0)

    def tell(_kind: str, **message: Any) -> None:
        tells.set()
        assert goes_on.wait(WITHIN_S)
        told.append(message)
        has_told.release()

    desk = SimulatedDesk(Settings())
    watch = PanelWatch(desk, tell)
    watch.look()
    assert tells.wait(WITHIN_S)
    # Power for the glass, on, and every pixel lit.
    PanelBus(0x3C, desk.i2c).command(0x8D, 0x14, 0xAF, 0xA5)
    watch.look()
    goes_on.set()
    for _ in range(2):
        assert has_told.acquire(timeout=WITHIN_S), "what it was told of in between it has forgotten"
    watch.close()
    dark, lit = (Image.new("1", (128, 64), shade).tobytes() for shade in (0, 1))
    assert [base64.b64decode(each["pixels"]) for each in told] == [dark, lit]
    assert told[0]["bytes"] < told[1]["bytes"] == desk.bus.bytes


def test_it_tells_nothing_unasked_and_nothing_once_closed() -> None:
    told: list[str] = []
    watch = PanelWatch(SimulatedDesk(Settings()), lambda kind, **_: told.append(kind))
    watch.close()
    watch.look()
    assert told == []
