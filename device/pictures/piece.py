"""A piece of a picture: the dots of one drawing or of one line of words, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

WIDTH, HEIGHT = 128, 64
"""The size of a picture, in pixels."""
EDGE = 2
"""The pixels left free on each side. A full line of 21 small letters takes one of them on the right."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Something that is drawn: its ink, without empty rows and columns around, and where its top left corner is."""

    ink: Image.Image
    left: int
    top: int
    text: str = ""
    """The words it shows; empty for a drawing."""
    capitals: int = 0
    """The height of its capitals in pixels."""

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, and the first column and row beyond it."""
        return self.left, self.top, self.left + self.ink.width, self.top + self.ink.height
