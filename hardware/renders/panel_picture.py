"""What the panel shows in the picture of the finished device: the dots that the device itself draws."""

from __future__ import annotations

from PIL import Image

from device.pictures.drawing import draw
from device.stretches.repertoire import shipped
from device.words.effects import Movement, Moving

DOT = 8
_GAP = 1
DARK, LIT = (7, 9, 13), (196, 230, 255)


def guide_dots() -> Image.Image:
    """A stretch for the hips, half way through a break: 128 by 64 dots, lit or not."""
    lunge = next(stretch for stretch in shipped() if stretch.id == "hip_lunge")
    screen = Movement(Moving(lunge.figure, False, 0.0), "5x", "break 1:14", "2/3")
    return draw(screen, lunge.figure.poses[0].moves_s + 0.5)


def as_lit(dots: Image.Image) -> Image.Image:
    """The same as an OLED looks from near."""
    picture = Image.new("RGB", (dots.width * DOT, dots.height * DOT), DARK)
    for x in range(dots.width):
        for y in range(dots.height):
            if dots.getpixel((x, y)):
                left, top = x * DOT, y * DOT
                picture.paste(LIT, (left, top, left + DOT - _GAP, top + DOT - _GAP))
    return picture
