"""A line of text as dots, in a size in which it fits."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from device.pictures.letters import blank, cap_height, cap_rows, gap, glyph
from device.pictures.piece import Piece


@dataclass(frozen=True, slots=True, eq=False)
class SetText:
    """A set text: its ink, and where that begins and ends."""

    text: str
    image: Image.Image
    drop: int
    """From the top of a capital down to the top of the ink; 0 if a letter is tall."""
    capitals: int

    @property
    def rise(self) -> int:
        """How far a part, such as an apostrophe, rises above the capitals."""
        return max(0, -self.drop)

    @property
    def depth(self) -> int:
        """From the top of a capital down to the end of the ink."""
        return self.drop + self.image.height

    def at(self, left: int, top: int) -> Piece:
        """The text as a piece, with the top of its capitals there."""
        return Piece(self.image, left, top + self.drop, self.text, self.capitals)


def fitted(text: str, room: int, *sizes: str) -> tuple[str, str]:
    """The text and its size. A text that fits in none of the sizes ends in dots."""
    size = _fitting(text, room, *sizes)
    shown, cut = text, text
    while cut and set_text(shown, size).image.width > room:
        cut = cut[:-1]
        shown = cut.rstrip() + ".."
    return shown, size


def _fitting(text: str, room: int, *sizes: str) -> str:
    """The first of the sizes in which the text fits, else the last."""
    return next((size for size in sizes if set_text(text, size).image.width <= room), sizes[-1])


def set_text(text: str, size: str, apart: int | None = None) -> SetText:
    """The text in that size, with that gap between letters, or the usual one of the size."""
    glyphs = [glyph(letter, size) for letter in text]
    between = gap(size) if apart is None else apart
    line = blank(size, sum(each.width + between for each in glyphs) + 1)
    left = 0
    for each in glyphs:
        line.paste(each, (left, 0))
        left += each.width + between
    first, top, last, bottom = line.getbbox() or (0, 0, 1, 1)
    # A digit keeps its full width. Otherwise a 1 would pull its neighbours closer for a minute.
    first = 0 if text[:1].isdigit() else first
    last = left - between if text[-1:].isdigit() else last
    return SetText(text, line.crop((first, top, last, bottom)), top - cap_rows(size)[0], cap_height(size))
