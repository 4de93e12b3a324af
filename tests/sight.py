"""What somebody sees of the desk in a browser, and how they come to a break there."""

from __future__ import annotations

import re

from PIL import Image

from tests.rig import Page, Rig, Window

# The middle of each dot, as it is on the canvas.
SEEN = """(id) => {
  const canvas = document.getElementById(id);
  const dot = canvas.width / 128;
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let bits = "";
  for (let y = 0; y < 64; y++)
    for (let x = 0; x < 128; x++) {
      const at = (Math.floor((y + 0.4) * dot) * canvas.width + Math.floor((x + 0.4) * dot)) * 4;
      bits += data[at + 2] > 128 ? "1" : "0";
    }
  return bits;
}"""


def seen(page: Page, canvas: str = "panel") -> Image.Image:
    """The picture that is on the page."""
    bits: str = page.evaluate(SEEN, canvas)
    return Image.frombytes("1", (128, 64), int(bits, 2).to_bytes(len(bits) // 8, "big"))


def is_seen(page: Page, rig: Rig) -> bool:
    return seen(page).tobytes() == rig.things.picture().tobytes()


def to_due(window: Window, rig: Rig) -> None:
    """Sit down, and skip to the break."""
    window.page.goto(rig.address)
    window.page.click("#sit")
    window.page.click("[data-speed='10']")
    window.waits_for("#facts", "Somebody sits down.")
    window.page.click("[data-speed='1']")
    window.page.click("#skip")
    window.waits_for("#state", "Due: it is time for a break")


def to_stretching(window: Window) -> None:
    """Get up, and on to the first movement: what the guide tells before takes longer than a test waits."""
    window.page.click("#chair")
    window.page.click("[data-speed='10']")
    window.page.locator("#facts .left").wait_for()
    window.page.click("[data-speed='1']")
    window.waits_for("#facts", "Now: ")


def sit_for(window: Window, rig: Rig, minutes: int) -> None:
    """Sit down, and let so many minutes of the half hour go by at speed, which they go on doing."""
    window.page.goto(rig.address)
    window.page.click("#sit")
    window.page.click("[data-speed='60']")
    window.page.locator("#sitting", has_text=f"{minutes} min of 30 min").wait_for()


def minutes_sat(window: Window) -> int:
    """Of the half hour that there may be."""
    found = re.fullmatch("([0-9]+) min of 30 min", window.text("#sitting"))
    assert found, window.text("#sitting")
    return int(found[1])
