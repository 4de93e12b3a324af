"""The panel's picture as lines of text, for a terminal."""

from __future__ import annotations

from PIL import Image

_WIDE = 130
"""The columns of the panel and its frame if each pixel has one column."""
_TALL = 34
"""The rows of both."""
_SHADES = " .:+#"
_HALVES = (" ", "▄", "▀", "█")
"""The characters, by twice the upper pixel plus the lower one."""
_BRAILLE = 0x2800
_BRAILLE_DOTS = (
    (0, 0, 0x01),
    (0, 1, 0x02),
    (0, 2, 0x04),
    (1, 0, 0x08),
    (1, 1, 0x10),
    (1, 2, 0x20),
    (0, 3, 0x40),
    (1, 3, 0x80),
)
"""The place and the bit of each dot of a braille character."""


def picture_lines(image: Image.Image, columns: int, rows: int = 1000, *, plain: bool = False) -> list[str]:
    """The picture in a thin frame: two pixels for each character if there is room, else eight.

    `plain` is for a terminal that has letters only: each stands for eight pixels and for how many of them are lit.
    """
    if plain:
        drawn = _letters(image)
        rule = "-" * len(drawn[0])
        return [f"+{rule}+", *(f"|{row}|" for row in drawn), f"+{rule}+"]
    drawn = _half_blocks(image) if columns >= _WIDE and rows >= _TALL else _braille(image)
    rule = "─" * len(drawn[0])
    return [f"╭{rule}╮", *(f"│{row}│" for row in drawn), f"╰{rule}╯"]


def _letters(image: Image.Image) -> list[str]:
    def character(x: int, y: int) -> str:
        lit = sum(_lit(image, x + dx, y + dy) for dx in range(2) for dy in range(4))
        return _SHADES[(lit + 1) // 2]

    return ["".join(character(x, y) for x in range(0, image.width, 2)) for y in range(0, image.height, 4)]


def _half_blocks(image: Image.Image) -> list[str]:
    def character(x: int, y: int) -> str:
        return _HALVES[2 * _lit(image, x, y) + _lit(image, x, y + 1)]

    return ["".join(character(x, y) for x in range(image.width)) for y in range(0, image.height, 2)]


def _braille(image: Image.Image) -> list[str]:
    def character(x: int, y: int) -> str:
        return chr(_BRAILLE + sum(bit for dx, dy, bit in _BRAILLE_DOTS if _lit(image, x + dx, y + dy)))

    return ["".join(character(x, y) for x in range(0, image.width, 2)) for y in range(0, image.height, 4)]


def _lit(image: Image.Image, x: int, y: int) -> bool:
    return bool(image.getpixel((x, y)))
