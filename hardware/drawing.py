"""From a screen to its picture: 128 by 64 pixels, lit or not.

What is read from a metre while moving is set in letters of 14 pixels and more; what is read at the desk may be small.
Each screen is laid out as pieces that keep clear of each other and of the edges, where the orbit needs room.
"""

from __future__ import annotations

import gzip
import io
import math
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from device.effects import Card, Count, Dark, Mark, Movement, Screen, Words
from device.figure import Figure
from device.skeleton import FLOOR_Y, SIZE, Circle, Line

WIDTH, HEIGHT = 128, 64
EDGE = 2
"""Left free on each side; a full line of 21 small letters takes one pixel of it on the right."""

_DESK, _LINE, _TITLE, _BIG, _HUGE, _GIANT = "5x8", "6x12", "8x16", "12x24", "16x32", "24x48"
"""The sizes of Spleen, width by height of a cell; the last is made by doubling."""
_TALL, _SLIM = "8x24", "6x24"
"""For words beside the figure, narrow and yet 14 pixels high and more: made by stretching a size below."""
_STRETCHED = {_TALL: _TITLE, _SLIM: _LINE}
_GAPS = {_TITLE: 1, _BIG: 2, _HUGE: 3, _GIANT: 4, _TALL: 1, _SLIM: 1}
"""Between letters, where they are set by their own widths. Small ones keep their cells, so that columns line up."""
_ROOM = WIDTH - EDGE - (EDGE - 1)
_STACKS = ((_HUGE, 3, 3), (_BIG, 2, 0), (_BIG, 1, 0), (_TITLE, 1, 0))
"""How words may be set, best first: the size, the gap between letters, and the least gap between lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Something that is drawn: its ink, without empty rows and columns around, and where its top left corner is."""

    ink: Image.Image
    left: int
    top: int
    text: str = ""
    """The words it shows; empty for a drawing."""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, and the first column and row beyond it."""
        return self.left, self.top, self.left + self.ink.width, self.top + self.ink.height


def draw(screen: Screen, now: float, orbit: tuple[int, int] = (0, 0)) -> Image.Image:
    """The picture of a screen at that instant, shifted right and down by the orbit's pixels."""
    image = Image.new("1", (WIDTH, HEIGHT))
    canvas = ImageDraw.Draw(image)
    for piece in pieces(screen, now):
        canvas.bitmap((piece.left + orbit[0], piece.top + orbit[1]), piece.ink, fill=1)
    return image


def pieces(screen: Screen, now: float) -> Iterator[Piece]:
    """What a screen is made of at that instant."""
    match screen:
        case Dark():
            return iter(())
        case Card():
            return _card(screen)
        case Count():
            return _count(screen)
        case Words():
            return _words(screen)
        case Movement():
            return _movement(screen, now)


# ---- the screens


def _card(card: Card) -> Iterator[Piece]:
    yield from _marks_across(card.marks)
    crowded = len(card.lines) == 4 and bool(card.footer)
    sizes = (_LINE, _DESK) if crowded else (_TITLE, _LINE, _DESK)
    title = list(_heading(card.title, card.marks, *sizes))
    footer = list(_text(card.footer, EDGE, 55, _ROOM, _DESK))
    top = max([15, *(piece.box[3] for piece in title)])
    bottom = min([HEIGHT - EDGE, *(piece.top for piece in footer)])
    yield from (*title, *_listed(card.lines, top, bottom), *footer)


def _count(count: Count) -> Iterator[Piece]:
    yield from _marks_across(count.marks)
    yield from _heading(count.heading, count.marks, _LINE, _DESK)
    unit = _set(count.unit, _TITLE)
    room = _ROOM - (unit.image.width + 5 if count.unit else 0)
    number = _set(*_fitted(count.number, room, _GIANT, _HUGE, _BIG))
    # Sixteen lines from the top: so its digits fill whole pages of the panel, and a minute is few bytes.
    bottom = 46
    # A number without a unit, a clock, stands in the middle.
    left = EDGE if count.unit else (WIDTH - number.image.width) // 2
    yield number.at(left, bottom - number.depth)
    if count.unit:
        yield unit.at(left + number.image.width + 5, bottom - cap_height(_TITLE))
    yield from _text(count.caption, EDGE, 48, _ROOM, _LINE, _DESK)
    if count.progress is not None:
        yield Piece(_bar(count.progress), EDGE, HEIGHT - EDGE - 2)


def _words(words: Words) -> Iterator[Piece]:
    yield from _marks_down(words.marks, EDGE)
    bottom = HEIGHT - EDGE
    if words.small:
        small = _set(*_fitted(words.small, _ROOM, _LINE, _DESK))
        bottom -= small.image.height
        yield Piece(small.image, (WIDTH + 1 - small.image.width) // 2, bottom, small.text)
        bottom -= 3
    corner = EDGE + (_ICON_SIZE + 2) * len(_shown({*words.marks, Mark.FELT})) - 2
    stacks = (
        _stacked([_set(line, size, gap) for line in words.lines], leading, bottom, corner)
        for size, gap, leading in _STACKS
    )
    yield from next(filter(None, stacks), None) or _listed(words.lines, EDGE, bottom)


def _movement(movement: Movement, now: float) -> Iterator[Piece]:
    moving = movement.moving
    elapsed_s = moving.elapsed_s(now)
    yield figure(moving.figure, elapsed_s, mirrored=moving.mirrored)
    left = SIZE + 3
    room = WIDTH - EDGE - left
    yield from _text(moving.figure.cue_at(elapsed_s), left, EDGE, room, _BIG, _TALL, _SLIM)
    yield from _text(movement.count, left, 24, room, _HUGE)
    # The guide is what the invite was for.
    yield from _marks_down(movement.marks - {Mark.COUNTS, Mark.INVITED}, 24)
    if Mark.COUNTS in movement.marks:
        tick = _tick()
        yield Piece(tick, left, HEIGHT - EDGE - tick.height)
        beside = left + tick.width + 2
        yield from _text(movement.clock, beside, HEIGHT - EDGE - cap_height(_SLIM), WIDTH - EDGE - beside, _TALL, _SLIM)
    else:
        yield from _text(movement.clock, left, HEIGHT - EDGE - cap_height(_BIG), room, _BIG, _TITLE)


# ---- text


@dataclass(frozen=True, slots=True, eq=False)
class _Setting:
    """A set text: its ink, and where that begins and ends."""

    text: str
    image: Image.Image
    drop: int
    """From the top of a capital down to the top of the ink: 0 where some letter is tall."""

    @property
    def rise(self) -> int:
        """How far something, such as an apostrophe, stands out above the capitals."""
        return max(0, -self.drop)

    @property
    def depth(self) -> int:
        """From the top of a capital down to the end of the ink."""
        return self.drop + self.image.height

    def at(self, left: int, top: int) -> Piece:
        """With the top of its capitals there."""
        return Piece(self.image, left, top + self.drop, self.text)


def _text(text: str, left: int, top: int, room: int, *sizes: str) -> Iterator[Piece]:
    """A line with the top of its capitals at `top`, in the first size that fits; nothing where there is no text."""
    if text:
        yield _set(*_fitted(text, room, *sizes)).at(left, top)


def _heading(text: str, marks: Collection[Mark], *sizes: str) -> Iterator[Piece]:
    """A line beside the marks; small letters stand a little lower, at the marks' middle."""
    if text:
        shown, size = _fitted(text, _room_beside(marks), *sizes)
        line = _set(shown, size)
        yield line.at(EDGE, EDGE + max(line.rise, size != _TITLE))


def _listed(lines: Sequence[str], top: int, bottom: int) -> Iterator[Piece]:
    """Lines one below the other, in small letters; in the smallest where their tails would touch."""
    for size in (_LINE, _DESK):
        settings = [_set(*_fitted(line, _ROOM, size)) for line in lines]
        first = top + max((setting.rise for setting in settings[:1]), default=0)
        spare = bottom - first - sum(setting.depth for setting in settings[-1:])
        pitch = min(12, spare // max(1, len(lines) - 1))
        fits = [setting.text for setting in settings] == list(lines)
        if fits and all(one.depth + other.rise <= pitch for one, other in pairwise(settings)):
            break
    first += min(3, (spare - pitch * (len(lines) - 1)) // 2)
    return (setting.at(EDGE, first + row * pitch) for row, setting in enumerate(settings))


def _stacked(lines: Sequence[_Setting], leading: int, bottom: int, corner: int) -> list[Piece]:
    """Lines in the middle of what is above `bottom`, clear of the marks above `corner`; none where they don't fit."""
    spare = bottom - EDGE - sum(line.rise + line.depth for line in lines)
    gap = min(7, spare // len(lines))
    if gap < leading:
        return []
    top = EDGE + (spare - gap * (len(lines) - 1)) // 2
    placed: list[Piece] = []
    for line in lines:
        top += line.rise
        room = _BESIDE_MARK if top + line.drop <= corner else WIDTH - 2 * EDGE
        if line.image.width > room:
            return []
        placed.append(line.at(min((WIDTH - line.image.width) // 2, EDGE + room - line.image.width), top))
        top += line.depth + gap
    return placed


def _fitted(text: str, room: int, *sizes: str) -> tuple[str, str]:
    """The text and its size; what fits in none of the sizes ends in dots."""
    size = _fitting(text, room, *sizes)
    shown, cut = text, text
    while cut and _set(shown, size).image.width > room:
        cut = cut[:-1]
        shown = cut.rstrip() + ".."
    return shown, size


def _fitting(text: str, room: int, *sizes: str) -> str:
    """The first of the sizes in which the text fits, else the last."""
    return next((size for size in sizes if _set(text, size).image.width <= room), sizes[-1])


def _set(text: str, size: str, gap: int | None = None) -> _Setting:
    glyphs = [_glyph(letter, size) for letter in text]
    gap = _GAPS.get(size, 0) if gap is None else gap
    line = Image.new("1", (sum(glyph.width + gap for glyph in glyphs) + 1, _cell(size)[1]))
    left = 0
    for glyph in glyphs:
        line.paste(glyph, (left, 0))
        left += glyph.width + gap
    first, top, last, bottom = line.getbbox() or (0, 0, 1, 1)
    # A digit keeps its room to either side, lest a 1 draws all that stands beside it nearer for a minute.
    first = 0 if text[:1].isdigit() else first
    last = left - gap if text[-1:].isdigit() else last
    return _Setting(text, line.crop((first, top, last, bottom)), top - _cap_rows(size)[0])


@cache
def _glyph(letter: str, size: str) -> Image.Image:
    """A letter, as wide as it needs; a digit as wide as all digits, lest counts jump."""
    if size == _GIANT:
        return _doubled(_glyph(letter, _BIG))
    if size == _DESK and not letter.isascii():
        return _accented(letter)
    width, height = _cell(size)
    if size in _STRETCHED:
        return _glyph(letter, _STRETCHED[size]).resize((_glyph(letter, _STRETCHED[size]).width, height))
    image = Image.new("1", (width, height))
    canvas = ImageDraw.Draw(image)
    canvas.fontmode = "1"
    canvas.text((0, 0), letter, fill=1, font=_font(size))
    if size not in _GAPS:
        return image
    if letter.isdigit() and letter != "0":
        left = (width - _glyph("0", size).width) // 2
        return image.crop((left, 0, left + _glyph("0", size).width, height))
    ink = image.getbbox()
    return image.crop((ink[0], 0, ink[2], height)) if ink else image.crop((0, 0, width // 2 - 1, height))


_ACCENTS = {
    "\u0308": "#..#.",
    "\u0301": "..#..",
    "\u0300": ".#...",
    "\u0302": ".##..",
    "\u0303": ".#.#.",
    "\u030a": ".#...",
}
"""The row above a small letter: diaeresis, acute, grave, circumflex, tilde, ring."""
_SHARP_S = (".....", ".##..", "#..#.", "#.#..", "#..#.", "#..#.", "#.#..", ".....")


@cache
def _accented(letter: str) -> Image.Image:
    """The smallest font has ASCII only; what it lacks is put together here."""
    if letter == "ß":
        return _dots(_SHARP_S)
    base, *marks = list(unicodedata.normalize("NFD", letter))
    image = _glyph(base, _DESK).copy() if base.isascii() else _glyph("?", _DESK).copy()
    for mark in marks:
        image.paste(_dots([_ACCENTS.get(mark, ".....")]), (0, 0))
    return image


def _dots(rows: Sequence[str]) -> Image.Image:
    image = Image.new("1", (max(map(len, rows)), len(rows)))
    for y, row in enumerate(rows):
        for x, dot in enumerate(row):
            image.putpixel((x, y), dot == "#")
    return image


def cap_height(size: str) -> int:
    """How many pixels high a capital is."""
    top, bottom = _cap_rows(size)
    return bottom - top


@cache
def _cap_rows(size: str) -> tuple[int, int]:
    box = _glyph("H", size).getbbox()
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


def _doubled(image: Image.Image) -> Image.Image:
    """Twice the size, with the stairs of its curves rounded off and its corners left as they are."""
    lit = [[bool(image.getpixel((x, y))) for x in range(image.width)] for y in range(image.height)]
    doubled = Image.new("1", (2 * image.width, 2 * image.height))
    for x in range(doubled.width):
        for y in range(doubled.height):
            doubled.putpixel((x, y), _quarter(lit, x // 2, y // 2, 1 if x % 2 else -1, 1 if y % 2 else -1))
    return doubled


def _quarter(lit: Sequence[Sequence[bool]], x: int, y: int, right: int, down: int) -> bool:
    """That quarter of a pixel: as its two neighbours are, if those agree and the two opposite don't (Scale2x)."""

    def at(across: int, along: int) -> bool:
        column, row = x + across * right, y + along * down
        return 0 <= row < len(lit) and 0 <= column < len(lit[row]) and lit[row][column]

    beside, above = at(1, 0), at(0, 1)
    stair = beside == above and beside != at(-1, 0) and beside != at(0, -1)
    # Where both strokes go on, as in a plus, filling the corner would make a star of it.
    crossing = at(1, -1) and at(-1, 1)
    return beside if stair and not (beside and crossing) else at(0, 0)


# ---- signs and drawings


_ICONS = {
    Mark.MUTED: """
        ....#....
        ...##....
        #####....
        #####.#.#
        #####..#.
        #####.#.#
        #####....
        ...##....
        ....#....""",
    Mark.QUIET: """
        ...##....
        .###.....
        .##......
        ###......
        ###......
        ####....#
        .#######.
        .#######.
        ...###...""",
    Mark.INVITED: """
        #...#...#
        #..###..#
        .#..#..#.
        ..#####..
        ....#....
        ....#....
        ...#.#...
        ..#...#..
        ..#...#..""",
    Mark.COUNTS: """
        .........
        ........#
        .......##
        #.....##.
        ##...##..
        .##.##...
        ..###....
        ...#.....
        .........""",
    Mark.FELT: """
        ..#####..
        .#.....#.
        #.......#
        #..###..#
        #..###..#
        #..###..#
        #.......#
        .#.....#.
        ..#####..""",
}
"""Each mark's drawing, from the corner on. The button's comes and goes: it is last, and its room always kept free."""
_ICON_SIZE = 9
_BESIDE_MARK = WIDTH - 2 * EDGE - _ICON_SIZE - 2


def _marks_across(marks: Collection[Mark]) -> Iterator[Piece]:
    for nth, mark in enumerate(_shown(marks)):
        yield Piece(_icon(mark), WIDTH - EDGE - _ICON_SIZE - nth * (_ICON_SIZE + 2), EDGE)


def _marks_down(marks: Collection[Mark], top: int) -> Iterator[Piece]:
    for nth, mark in enumerate(_shown(marks)):
        yield Piece(_icon(mark), WIDTH - EDGE - _ICON_SIZE, top + nth * (_ICON_SIZE + 2))


def _room_beside(marks: Collection[Mark]) -> int:
    """What is left of a line with marks at its end."""
    return WIDTH - 2 * EDGE - (_ICON_SIZE + 2) * len(_shown({*marks, Mark.FELT}))


def _shown(marks: Collection[Mark]) -> list[Mark]:
    """From the corner on. While it is muted, quiet hours tell nothing more: there is no sound anyway."""
    return [mark for mark in _ICONS if mark in marks and not (mark is Mark.QUIET and Mark.MUTED in marks)]


@cache
def _icon(mark: Mark) -> Image.Image:
    return _dots(_ICONS[mark].split())


def _bar(progress: float) -> Image.Image:
    """How far along, as a line that fills; the rest of the way is dotted."""
    image = Image.new("1", (WIDTH - 2 * EDGE, 2))
    canvas = ImageDraw.Draw(image)
    last = image.width - 1
    canvas.point([(x, 1) for x in range(last, 0, -4)], fill=1)
    canvas.rectangle((0, 0, round(last * progress), 1), fill=1)
    return image


@cache
def _tick() -> Image.Image:
    """A tick, as tall as a big letter."""
    image = Image.new("1", (14, cap_height(_BIG)))
    ImageDraw.Draw(image).line([(1, 7), (4, 12), (12, 1)], fill=1, width=3)
    return image


_FINER = 4
"""The figure is drawn this much larger first: then its limbs are smooth, and move by less than a pixel."""
_NEAR, _FAR, _THING, _HALO = 3.0, 2.0, 1.0, 1.2
"""How wide near limbs, far limbs and things are, and the dark seam that sets the near limbs off, in pixels."""
_DOTS = 3.3
"""From one dot of a far limb to the next."""


def figure(movement: Figure, elapsed_s: float, *, mirrored: bool) -> Piece:
    """The person at that moment, in a square of 64 pixels: near limbs solid, far ones dotted, things thin."""
    image = Image.new("L", (SIZE * _FINER, SIZE * _FINER))
    canvas = ImageDraw.Draw(image)
    strokes = movement.strokes_at(elapsed_s, mirrored)
    lines = [stroke for stroke in strokes if isinstance(stroke, Line)]
    near = [line for line in lines if not line.far and not line.thing]
    for line in lines:
        if line.thing:
            _limb(canvas, line, _THING, 255)
        elif line.far:
            _dotted(canvas, line)
    wide = 1.0 if movement.zoom == 1.0 else 1.4
    for line in near:
        _limb(canvas, line, _NEAR * wide + 2 * _HALO, 0)
    for line in near:
        _limb(canvas, line, _NEAR * wide, 255)
    for head in strokes:
        if isinstance(head, Circle):
            _disc(canvas, head.x, head.y, head.radius + 0.3, 255)
            _disc(canvas, head.x, head.y, head.radius - 1.7 * wide, 0)
    for line in near[-1:] if movement.shows_nose else ():
        _limb(canvas, line, _NEAR, 255)
    if movement.zoom == 1.0:
        floor = (int(FLOOR_Y) + 1) * _FINER
        canvas.rectangle((4 * _FINER, floor, (SIZE - 4) * _FINER - 1, floor + _FINER - 1), fill=255)
    return Piece(image.reduce(_FINER).point(lambda shade: 255 * (shade >= 128), "1"), 0, 0)


def _dotted(canvas: ImageDraw.ImageDraw, line: Line) -> None:
    """Dots that keep their places along the limb, however it turns."""
    across, along = line.x1 - line.x0, line.y1 - line.y0
    count = max(1, round(math.hypot(across, along) / _DOTS))
    for nth in range(count + 1):
        _disc(canvas, line.x0 + across * nth / count, line.y0 + along * nth / count, _FAR / 2, 255)


def _limb(canvas: ImageDraw.ImageDraw, line: Line, width: float, shade: int) -> None:
    ends = [(coordinate + 0.5) * _FINER for coordinate in (line.x0, line.y0, line.x1, line.y1)]
    canvas.line(ends, fill=shade, width=round(width * _FINER))
    _disc(canvas, line.x0, line.y0, width / 2, shade)
    _disc(canvas, line.x1, line.y1, width / 2, shade)


def _disc(canvas: ImageDraw.ImageDraw, x: float, y: float, radius: float, shade: int) -> None:
    left, top, reach = (x + 0.5) * _FINER, (y + 0.5) * _FINER, radius * _FINER
    canvas.ellipse((left - reach, top - reach, left + reach, top + reach), fill=shade)
