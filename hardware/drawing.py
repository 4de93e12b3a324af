"""From a screen to its picture: 128 by 64 pixels, lit or not.

What is read from a metre while moving is set in letters of 14 pixels and more; what is read at the desk may be small.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Collection, Sequence
from functools import cache
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

from device.effects import Card, Count, Dark, Mark, Movement, Screen, Words
from device.figure import FLOOR_Y, SIZE, Circle, Stroke

WIDTH, HEIGHT = 128, 64

_EDGE = 1
"""Left free on each side, for the orbit."""
_DESK, _LINE, _TITLE, _BIG, _HUGE = "5x8", "6x12", "8x16", "12x24", "16x32"
"""The sizes of Spleen, width by height of a cell."""
_RIGHT = SIZE + 2
"""Where the words beside a figure begin."""

_ICONS = {
    Mark.FELT: (" ##### ", "#     #", "# ### #", "# ### #", "# ### #", "#     #", " ##### "),
    Mark.MUTED: ("  #   #", " ##  # ", "### #  ", "####   ", "####   ", " # # # ", "#  # ##"),
    Mark.QUIET: ("  ###  ", " ##    ", "##     ", "##     ", "##    #", " ##  ##", "  #### "),
    Mark.INVITED: ("   #   ", "  ###  ", "   #  #", "####### ", "#  #   ", "  # #  ", " #   # "),
    Mark.COUNTS: ("       ", "      #", "     ##", "#   ## ", "## ##  ", " ###   ", "  #    "),
}
_ICON_SIZE = 7
_TICK = ((0, 8), (5, 13), (16, 1))
"""A tick that can be seen from afar, as points of a line."""


def draw(screen: Screen, now: float, orbit: tuple[int, int] = (0, 0)) -> Image.Image:
    """The picture of a screen at that instant, shifted right and down by the orbit's pixels."""
    canvas = _Canvas()
    match screen:
        case Dark():
            pass
        case Card():
            _card(canvas, screen)
        case Count():
            _count(canvas, screen)
        case Words():
            _words(canvas, screen)
        case Movement():
            _movement(canvas, screen, now)
    if orbit == (0, 0):
        return canvas.image
    shifted = Image.new("1", (WIDTH, HEIGHT))
    shifted.paste(canvas.image, orbit)
    return shifted


# ---- the screens


def _card(canvas: _Canvas, card: Card) -> None:
    free = canvas.marks(card.marks)
    canvas.text(card.title, _EDGE, _EDGE, fitting(card.title, free, _TITLE, _LINE, _DESK), free)
    size = _common([fitting(line, WIDTH - 2 * _EDGE, _LINE, _DESK) for line in card.lines])
    top = 15
    for line in card.lines:
        canvas.text(line, _EDGE, top, size, WIDTH - 2 * _EDGE)
        top += 10
    canvas.text(card.footer, _EDGE, HEIGHT - 7, _DESK, WIDTH - 2 * _EDGE)


def _count(canvas: _Canvas, count: Count) -> None:
    free = canvas.marks(count.marks)
    canvas.text(count.heading, _EDGE, _EDGE + 1, fitting(count.heading, free, _LINE, _DESK), free)
    number = _ink(count.number, _BIG, 2)
    top = 14
    # A number without a unit, a clock, stands in the middle.
    left = _EDGE if count.unit else (WIDTH - number.width) // 2
    canvas.paste(number, left, top)
    canvas.text(count.unit, left + number.width + 5, top + number.height - cap_height(_TITLE), _TITLE, WIDTH)
    caption = fitting(count.caption, WIDTH - 2 * _EDGE, _LINE, _DESK)
    canvas.text(count.caption, _EDGE, 49, caption, WIDTH - 2 * _EDGE)
    if count.progress is not None:
        canvas.bar(HEIGHT - 3, count.progress)


def _words(canvas: _Canvas, words: Words) -> None:
    free = canvas.marks(words.marks)
    room = HEIGHT - 2 * _EDGE
    if words.small:
        small = _ink(words.small, fitting(words.small, WIDTH - 2 * _EDGE, _LINE, _DESK))
        canvas.paste(small, (WIDTH - small.width) // 2, HEIGHT - _EDGE - small.height)
        room -= small.height + 3
    inks = _inks_that_fit(words.lines, free, room)
    gap = (room - sum(ink.height for ink in inks)) // (len(inks) + 1)
    top = _EDGE + gap
    for ink in inks:
        canvas.paste(ink, max(_EDGE, (free + _EDGE - ink.width) // 2), top)
        top += ink.height + gap


def _movement(canvas: _Canvas, movement: Movement, now: float) -> None:
    moving = movement.moving
    elapsed_s = moving.elapsed_s(now)
    canvas.figure(moving.figure.strokes_at(elapsed_s, moving.mirrored))
    counts = Mark.COUNTS in movement.marks
    canvas.marks(movement.marks - {Mark.COUNTS}, from_left=True)
    cue = _ink(moving.figure.cue_at(elapsed_s), _BIG)
    # The letters' tops, not their feet, keep their place: words with and without a tail take turns.
    canvas.paste(cue, _RIGHT, _EDGE)
    canvas.paste(_ink(movement.count, _HUGE), _RIGHT, 22)
    if counts:
        canvas.tick(_RIGHT, HEIGHT - _EDGE - 15)
        canvas.text("counts", _RIGHT + 22, HEIGHT - _EDGE - 10, _LINE, WIDTH)
    else:
        clock = _ink(movement.clock, _BIG)
        canvas.paste(clock, _RIGHT, HEIGHT - _EDGE - clock.height)


# ---- the canvas


class _Canvas:
    """What is drawn on; each thing it draws it draws once, with no frame around."""

    def __init__(self) -> None:
        self.image = Image.new("1", (WIDTH, HEIGHT))
        self._draw = ImageDraw.Draw(self.image)

    def paste(self, ink: Image.Image, left: int, top: int) -> None:
        """Put ink there, leaving what is lit already."""
        self._draw.bitmap((left, top), ink, fill=1)

    def text(self, text: str, left: int, top: int, size: str, width: int) -> None:
        """A line of text with the top of its capitals at `top`; what doesn't fit the width ends in dots."""
        if not text:
            return
        longest = (width + 1) // _cell(size)[0]
        if len(text) > longest:
            text = text[: longest - 2] + ".."
        rows = _rendered(text, size)
        self._draw.bitmap((left, top - _cap_rows(size)[0]), rows, fill=1)

    def marks(self, marks: Collection[Mark], *, from_left: bool = False) -> int:
        """The icons in a corner; returns the width that they leave free on that row."""
        shown = [mark for mark in Mark if mark in marks]
        for number, mark in enumerate(shown):
            nth = number * (_ICON_SIZE + 2)
            left = _EDGE + nth if from_left else WIDTH - _EDGE - _ICON_SIZE - nth
            self._draw.point([(left + x, _EDGE + y) for x, y in _icon_points(mark)], fill=1)
        return WIDTH - 2 * _EDGE - len(shown) * (_ICON_SIZE + 2)

    def bar(self, top: int, progress: float) -> None:
        """How far along, as a line that fills; where it will end is a dot."""
        full = WIDTH - 2 * _EDGE - 1
        self._draw.line((_EDGE, top, _EDGE + round(full * progress), top), fill=1, width=2)
        self._draw.line((_EDGE + full, top, _EDGE + full, top + 1), fill=1)

    def tick(self, left: int, top: int) -> None:
        """A tick, as tall as a big letter."""
        self._draw.line([(left + x, top + y) for x, y in _TICK], fill=1, width=3)

    def figure(self, strokes: Sequence[Stroke]) -> None:
        """The person on the floor."""
        self._draw.line((4, FLOOR_Y + 1, SIZE - 5, FLOOR_Y + 1), fill=1)
        for stroke in strokes:
            if isinstance(stroke, Circle):
                x, y, radius = stroke.x, stroke.y, stroke.radius
                self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=1, fill=0, width=2)
            else:
                ends = (stroke.x0, stroke.y0, stroke.x1, stroke.y1)
                self._draw.line(ends, fill=1, width=1 if stroke.far else 3)


# ---- letters


def fitting(text: str, width: int, *sizes: str) -> str:
    """The first of the sizes in which the text fits, else the last."""
    return next((size for size in sizes if len(text) * _cell(size)[0] - 1 <= width), sizes[-1])


def cap_height(size: str) -> int:
    """How many pixels high a capital is."""
    top, bottom = _cap_rows(size)
    return bottom - top


def _common(sizes: Sequence[str]) -> str:
    """One size for all lines: the smallest that any of them needs."""
    return min(sizes, key=lambda size: _cell(size)[0], default=_DESK)


def _inks_that_fit(lines: Sequence[str], width: int, height: int) -> list[Image.Image]:
    for size in (_HUGE, _BIG, _TITLE):
        inks = [_ink(line, size) for line in lines]
        if max(ink.width for ink in inks) <= width and sum(ink.height + 2 for ink in inks) <= height:
            return inks
    return inks


@cache
def _ink(text: str, size: str, scale: int = 1) -> Image.Image:
    """The text without the empty rows and columns around it."""
    rendered = _rendered(text, size)
    ink = rendered.crop(rendered.getbbox() or (0, 0, 1, 1))
    return ink.resize((ink.width * scale, ink.height * scale), Image.Resampling.NEAREST)


def _rendered(text: str, size: str) -> Image.Image:
    width, height = _cell(size)
    image = Image.new("1", (width * len(text), height))
    draw_on = ImageDraw.Draw(image)
    draw_on.fontmode = "1"
    draw_on.text((0, 0), text, fill=1, font=_font(size))
    return image


@cache
def _cap_rows(size: str) -> tuple[int, int]:
    box = _rendered("H", size).getbbox()
    assert box is not None, "a letter has ink"
    return box[1], box[3]


def _cell(size: str) -> tuple[int, int]:
    width, height = size.split("x")
    return int(width), int(height)


@cache
def _font(size: str) -> ImageFont.FreeTypeFont:
    packed = (resources.files("hardware") / "fonts" / f"spleen-{size}.pcf.gz").read_bytes()
    # A bitmap font has one size only: that of its cell.
    return ImageFont.truetype(io.BytesIO(gzip.decompress(packed)), _cell(size)[1])


def _icon_points(mark: Mark) -> list[tuple[int, int]]:
    rows = _ICONS[mark]
    return [(x, y) for y, row in enumerate(rows) for x, dot in enumerate(row) if dot == "#"]
