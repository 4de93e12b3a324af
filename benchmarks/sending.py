"""What a picture costs between being drawn and being on the bus: packed, compared and sent, beside luma's display()."""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from luma.oled.device import ssd1306
from PIL import Image

from benchmarks.guide import every_movement, frames_of
from benchmarks.table import Row
from device.pictures.drawing import draw
from hardware.panel.bus import PanelBus
from hardware.panel.delta import packed, windows


class _Nowhere:
    """A bus that takes everything at once, so that only what is above it costs."""

    def i2c_rdwr(self, *messages: Any) -> None:
        """Gone."""

    def write_i2c_block_data(self, address: int, register: int, data: list[int]) -> None:
        """Gone, too."""

    def close(self) -> None:
        """Nothing to close."""


class _Ours:
    """As the panel does it."""

    def __init__(self, serial: PanelBus) -> None:
        self._serial = serial
        self._held: bytes | None = None

    def display(self, picture: Image.Image) -> None:
        """Send what has changed."""
        wanted = packed(picture)
        if wanted != self._held:
            self._serial.transfer(windows(self._held, wanted))
            self._held = wanted


def rows() -> Iterator[Row]:
    """Each frame of every movement, sent both ways, in turn."""
    serial = PanelBus(0x3C, bus=_Nowhere())
    ours, theirs = _Ours(serial), ssd1306(serial)
    drawing_s, ours_s, theirs_s = [], [], []
    with warnings.catch_warnings():
        # luma uses what Pillow is giving up.
        warnings.simplefilter("ignore", DeprecationWarning)
        for movement in every_movement():
            for nth, (screen, now) in enumerate(frames_of(movement)):
                began = time.thread_time()
                picture = draw(screen, now)
                drawing_s.append(time.thread_time() - began)
                ours_s.append(_cpu_s(ours.display, picture))
                # A tenth of them is enough for the slower one.
                if nth % 10 == 0:
                    theirs_s.append(_cpu_s(theirs.display, picture))
    yield Row("CPU to send a frame: pack, compare, emit; mean", "ms", 1000 * statistics.mean(ours_s), "a fifth at most",
              "luma display()", 1000 * statistics.mean(theirs_s))  # fmt: skip
    yield Row("CPU to draw it, median", "ms", 1000 * statistics.median(drawing_s))


def _cpu_s(display: Callable[[Image.Image], None], picture: Image.Image) -> float:
    began = time.thread_time()
    display(picture)
    return time.thread_time() - began
