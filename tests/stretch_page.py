"""The page of the docs that shows every stretch: `python -m tests.stretch_page` writes it, and its moving pictures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from PIL import Image

from device.pictures.drawing import draw
from device.pictures.moving_pictures import render
from device.stretches.repertoire import shipped
from device.stretches.stretch import Posture, Stretch
from device.words.effects import Movement, Moving

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "stretches.md"
PICTURES = DOCS / "stretches"
PANEL = DOCS / "panel.png"

_DOT, _EDGE = 4, 10
_DARK, _LIT = (8, 10, 14), (150, 220, 255)

_TOP = """\
# The stretches

<!-- Written by `make stretches` from device/content/stretches; change it there. -->

This is no medical advice. A mild pull will do; stop if it hurts. Chest pain, dizziness or shortness of breath: stop at
once and get help. With a new hip, after an operation, pregnant, with brittle bones or ill: ask your doctor first.

A routine takes what hasn't had its turn for longest, hips every time. What each is wrong for can be left out by the
[settings](../README.md#settings): by what it takes, by clothes, by condition. [How to add your
own](adding-a-stretch.md).
"""

_CLOTHES = {"skirt": "in a skirt", "tight": "in tight clothes"}


def page() -> str:
    """The whole page."""
    return "\n".join([_TOP, *(line for _, each in _by_area() for line in each)])


def panel() -> Image.Image:
    """The panel in the middle of a stretch, as an OLED looks: for the README."""
    lunge = next(stretch for stretch in shipped() if stretch.id == "hip_lunge")
    screen = Movement(Moving(lunge.figure, False, 0.0), "5x", "break 1:14", "2/3")
    dots = draw(screen, lunge.figure.poses[0].moves_s + 0.5)
    picture = Image.new("RGB", (dots.width * _DOT + 2 * _EDGE, dots.height * _DOT + 2 * _EDGE), _DARK)
    for x in range(dots.width):
        for y in range(dots.height):
            if dots.getpixel((x, y)):
                left, top = _EDGE + x * _DOT, _EDGE + y * _DOT
                picture.paste(_LIT, (left, top, left + _DOT - 1, top + _DOT - 1))
    return picture


def main() -> None:
    """Write page and pictures anew."""
    panel().save(PANEL, optimize=True)
    PICTURES.mkdir(exist_ok=True)
    for left_over in PICTURES.iterdir():
        left_over.unlink()
    for stretch in shipped():
        render(stretch, PICTURES / f"{stretch.id}.gif")
    PAGE.write_text(page(), "utf-8")


def _by_area() -> Iterator[tuple[str, list[str]]]:
    ordered = sorted(shipped(), key=lambda stretch: (not stretch.area.is_hips, stretch.area.value))
    for area, stretches in groupby(ordered, key=lambda stretch: stretch.area.value.replace("_", " ")):
        yield area, [f"## {area.capitalize()}\n", *(_entry(stretch) for stretch in stretches)]


def _entry(stretch: Stretch) -> str:
    least, most = map(stretch.counts_in, (stretch.least, stretch.most))
    dose = f"{least} to {most} {'times' if stretch.counted else 's'}"
    each = " each side" if len(stretch.sides) > 1 else ""
    not_for = sorted(stretch.leave_out) + [_CLOTHES[each] for each in sorted(stretch.not_in)]
    rows = {
        "for": stretch.muscles,
        "dose": dose + each,
        "feel": stretch.feel,
        "stop at": stretch.stop,
        "not like this": stretch.mistake,
        "take care": stretch.caution,
        "easier": stretch.easier,
        "takes": ", ".join(sorted(stretch.needs)),
        "not for": ", ".join(not_for),
        "id": f"`{stretch.id}`",
        "sources": "; ".join(stretch.sources),
    }
    steps = "\n".join(f"{nth}. {' '.join(page)}" for nth, page in enumerate(stretch.steps, 1))
    table = "\n".join(f"| {key} | {value} |" for key, value in rows.items() if value)
    seated = "On the chair, so it is no break; only when asked for.\n\n" if stretch.posture is Posture.SEATED else ""
    return (
        f"### {stretch.name}\n\n![{stretch.name}, moving](stretches/{stretch.id}.gif)\n\n{stretch.why}. {seated}\n\n"
        f"{steps}\n\n| | |\n|---|---|\n{table}\n"
    ).replace(". \n", ".\n")


if __name__ == "__main__":
    main()
