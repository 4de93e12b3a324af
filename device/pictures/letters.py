"""Letters: the dots of a character in each size, from Spleen for the desk and from our own narrow letters."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from functools import cache, lru_cache, partial
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

from device.files.alphabet import ASCII, LATIN_1, LETTERS
from device.pictures.accents import OF_5_BY_8, OF_6_BY_12, THICK, THIN, Rows, accented, widened

DESK, LINE, TITLE, BIG, HUGE, GIANT = "5x8", "6x12", "8x16", "12x24", "16x32", "24x48"
"""The sizes of Spleen, width by height of a cell; the last is made by doubling."""
SMALL, MIDDLE, TALL = "narrow 10", "narrow 15", "narrow 20"
"""Our sizes, by the height of a capital, to read from a metre away. Seven of the tallest fit beside a figure."""
MIDDLE_TIGHT, TIGHT = "narrow 15 tight", "narrow 20 tight"
"""The same letters, one pixel closer together, for the longest words."""
WIDE = "wide 20"
"""As high as the tallest and half as wide again, for short words."""

SIZES = (DESK, LINE, TITLE, BIG, HUGE, GIANT, SMALL, MIDDLE, MIDDLE_TIGHT, TALL, TIGHT, WIDE)

_GAPS = {DESK: 1, TITLE: 1, BIG: 2, HUGE: 3, GIANT: 4, SMALL: 1, MIDDLE: 2, MIDDLE_TIGHT: 1, TALL: 2, TIGHT: 1, WIDE: 3}
"""The gap between letters of their own width, by size. In other sizes each letter keeps its cell."""
_OF_15, _OF_20 = (2, 1, 1, 2, 1, 2, 2, 1, 1, 2, 1, 1, 2), (2,) * 10 + (1, 1, 2)
_SEED_ROWS = 13
_REPEATED = {SMALL: (1,) * _SEED_ROWS, MIDDLE: _OF_15, MIDDLE_TIGHT: _OF_15, TALL: _OF_20, TIGHT: _OF_20, WIDE: _OF_20}
"""How often to repeat each row of a seed, so that level strokes are as thick as upright ones."""

_ALIKE = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2013": "-", "\u2014": "-"}
"""Printers' quotation marks and dashes."""
_OWN_ACCENTS = {DESK: OF_5_BY_8, LINE: OF_6_BY_12}


def gap(size: str) -> int:
    """Pixels between two letters."""
    return _GAPS.get(size, 0)


def cap_height(size: str) -> int:
    """How many pixels high a capital is."""
    top, bottom = cap_rows(size)
    return bottom - top


@cache
def cap_rows(size: str) -> tuple[int, int]:
    """The first row of a capital, and the first below it."""
    box = glyph("H", size).getbbox()
    assert box is not None, "a letter has ink"
    return box[1], box[3]


def blank(size: str, width: int) -> Image.Image:
    """Room for a line of that width."""
    return Image.new("1", (width, glyph("H", size).height))


@cache
def glyph(letter: str, size: str) -> Image.Image:
    """A letter at its own width. All digits have one width, so that counts don't jump."""
    letter = _ALIKE.get(letter, letter)
    if letter not in LETTERS:
        letter = "?"
    if size == GIANT:
        return _doubled(glyph(letter, BIG))
    if size in _REPEATED:
        return _narrow(letter, size)
    if size in _OWN_ACCENTS and (drawn := _drawn_small(letter, size)):
        return dots(drawn)
    width, height = _cell(size)
    image = Image.new("1", (width, height))
    canvas = ImageDraw.Draw(image)
    canvas.fontmode = "1"
    canvas.text((0, 0), letter, fill=1, font=_font(size))
    if size not in _GAPS:
        return image
    if letter.isdigit() and letter != "0":
        left = (width - glyph("0", size).width) // 2
        return image.crop((left, 0, left + glyph("0", size).width, height))
    ink = image.getbbox()
    return image.crop((ink[0], 0, ink[2], height)) if ink else image.crop((0, 0, max(3, width // 2 - 1), height))


def dots(rows: Sequence[str]) -> Image.Image:
    """The picture of rows in which # is a lit dot."""
    image = Image.new("1", (max(map(len, rows)), len(rows)))
    for y, row in enumerate(rows):
        for x, dot in enumerate(row):
            image.putpixel((x, y), dot == "#")
    return image


def _rows(image: Image.Image) -> Rows:
    """The opposite of `dots`."""
    return tuple(
        "".join("#" if image.getpixel((x, y)) else "." for x in range(image.width)) for y in range(image.height)
    )


# ---- Spleen


def _cell(size: str) -> tuple[int, int]:
    width, height = size.split("x")
    return int(width), int(height)


# Keep one font only: each takes a quarter of a megabyte, and each letter is drawn only once.
@lru_cache(maxsize=1)
def _font(size: str) -> ImageFont.FreeTypeFont:
    packed = (resources.files("device.pictures") / "fonts" / f"spleen-{size}.pcf.gz").read_bytes()
    # A bitmap font has one size only: that of its cell.
    return ImageFont.truetype(io.BytesIO(gzip.decompress(packed)), _cell(size)[1])


def _drawn_small(letter: str, size: str) -> Rows | None:
    """A letter that Spleen lacks or shows unclearly in a small size: drawn, or made of letters that it has."""
    drawn = seeds("small.txt", size, _cell(size)[1])
    if letter in drawn:
        return drawn[letter]
    if letter in (ASCII if size == DESK else LATIN_1):
        return None

    def plain(base: str) -> Rows | None:
        return drawn.get(base) or (_rows(glyph(base, size)) if base in ASCII else None)

    return accented(letter, plain, _OWN_ACCENTS[size])


def _doubled(image: Image.Image) -> Image.Image:
    """The letter at twice the size, with smooth curves and unchanged corners."""
    lit = [[bool(image.getpixel((x, y))) for x in range(image.width)] for y in range(image.height)]
    doubled = Image.new("1", (2 * image.width, 2 * image.height))
    for x in range(doubled.width):
        for y in range(doubled.height):
            doubled.putpixel((x, y), _quarter(lit, x // 2, y // 2, 1 if x % 2 else -1, 1 if y % 2 else -1))
    return doubled


def _quarter(lit: Sequence[Sequence[bool]], x: int, y: int, right: int, down: int) -> bool:
    """A quarter of a pixel. It becomes like its two neighbours if they agree and the two opposite don't (Scale2x)."""

    def at(across: int, along: int) -> bool:
        column, row = x + across * right, y + along * down
        return 0 <= row < len(lit) and 0 <= column < len(lit[row]) and lit[row][column]

    beside, above = at(1, 0), at(0, 1)
    stair = beside == above and beside != at(-1, 0) and beside != at(0, -1)
    # Where both strokes go on, as in a plus, filling the corner would make a star of it.
    crossing = at(1, -1) and at(-1, 1)
    return beside if stair and not (beside and crossing) else at(0, 0)


# ---- narrow letters


def _narrow(letter: str, size: str) -> Image.Image:
    seed = _seed(letter, thick=size != SMALL)
    if size == WIDE:
        seed = tuple("".join(dot * (1 + (x + 1) % 2) for x, dot in enumerate(row)) for row in seed)
    return dots([row for row, times in zip(seed, _REPEATED[size], strict=True) for _ in range(times)])


def _seed(letter: str, *, thick: bool) -> Rows:
    if letter == " ":
        return (("." * (4 if thick else 3)),) * _SEED_ROWS
    accents = THICK if thick else THIN
    return (
        _plain_seed(letter, thick=thick)
        or accented(letter, partial(_plain_seed, thick=thick), accents)
        or _borrowed(letter)
    )


def _plain_seed(letter: str, *, thick: bool) -> Rows | None:
    """A letter that was drawn for Unsit."""
    if thick and letter in (thick_ones := seeds("narrow.txt", "thick", _SEED_ROWS)):
        return thick_ones[letter]
    thin = seeds("narrow.txt", "thin", _SEED_ROWS).get(letter)
    return widened(thin) if thin and thick else thin


def _borrowed(letter: str) -> Rows:
    """A sign that nobody drew: Spleen's, whose capitals are as high as a seed's."""
    image, top = glyph(letter, TITLE), cap_rows(TITLE)[0]
    ink = image.getbbox()
    assert ink is not None, "a sign has ink"
    return _rows(image.crop((0, min(top, ink[1]), image.width, min(top, ink[1]) + _SEED_ROWS)))


@cache
def seeds(file: str, section: str, tall: int) -> dict[str, Rows]:
    """The letters of a section of a file in `fonts`; each is filled up to that many rows."""
    text = (resources.files("device.pictures") / "fonts" / file).read_text("utf-8")
    (part,) = (part for part in text.split("# ---- ") if part.startswith(section))
    read: dict[str, Rows] = {}
    for block in part.strip().split("\n\n")[1:]:
        names, *rows = (line.split() for line in block.splitlines())
        for name, *cells in zip(names, *rows, strict=True):
            read[name] = (*cells, *["." * len(cells[0])] * (tall - len(cells)))
    return read
