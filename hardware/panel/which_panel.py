"""Tells the controllers of panels apart by a picture that each of them shows differently.

An SH1106 has 132 columns. An SSD1306 and similar ones have 128, after which they begin again at the first. So the
edges of a picture that is written from the third column on appear at different places.
"""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image, ImageDraw

from hardware.panel.bus import Serial
from hardware.panel.delta import GLASS_AT, PAGES, WIDTH, packed, page_runs

ASKS = (
    "The panel shows upright lines. Which? 1: one at the left and one at the right edge; 2: one thick line at the left "
    "edge; 3: one thin line near the left edge; 4: one near the right edge. Type the number; else leave it out."
)
FOUND: Mapping[str, tuple[str, int]] = {
    "1": ("sh1106", GLASS_AT),
    "2": ("ssd1306", GLASS_AT),
    "3": ("sh1106", 0),
    "4": ("sh1106", 4),
}
"""The driver and the first column, by the answer."""

# The part of luma's set-up that both understand: memory page by page, and the charge pump on.
_SET_UP = (0xAE, 0xA8, 0x3F, 0xD3, 0x00, 0x40, 0xA1, 0xC8, 0xDA, 0x12, 0x81, 0x40, 0xA4, 0xA6, 0x8D, 0x14, 0x20, 0x02)
_ON = 0xAF
_MOST_COLUMNS = 132


def show_lines(bus: Serial) -> None:
    """Show the picture. Raises the bus's error if nothing answers."""
    bus.command(*_SET_UP)
    dark = bytes(WIDTH * PAGES)
    for glass_at in (_MOST_COLUMNS - WIDTH, 0):
        bus.transfer(page_runs(None, dark, glass_at))
    bus.transfer(page_runs(None, packed(_lines())))
    bus.command(_ON)


def _lines() -> Image.Image:
    image = Image.new("1", (WIDTH, 8 * PAGES))
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, 0, 8 * PAGES - 1), fill=1)
    canvas.rectangle((WIDTH - 2, 0, WIDTH - 1, 8 * PAGES - 1), fill=1)
    return image
