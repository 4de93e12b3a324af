"""Moves a picture over the hours, so that no dot of the panel is lit most of the time.

To move by a stroke's width is not enough. So the rows of a count change places, and all rows slide to and fro.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.pictures.piece import Piece

_MARGIN = 1
"""The pixels left free on every side."""
_GAP = 3
"""The most pixels between two rows."""
_APART = 6
"""The most pixels between two pieces of a row."""
_GOLDEN = 0.618034
"""Its multiples fill the span from 0 to 1 evenly, however many there are."""
_ORDERS = ((0, 1, 2, 3, 4), (1, 0, 2, 3, 4), (3, 0, 2, 1, 4), (3, 2, 1, 0, 4), (1, 2, 3, 0, 4))
"""The orders of a count's rows. The first is heading, number, caption, bar; marks may be a fifth row."""
_BIG_EVERY = 3
_HOME_EVERY = 5


def is_big(step: int) -> bool:
    """Whether a count has its largest digits, whose wide strokes restrict where they may be."""
    return step % _BIG_EVERY == 0


def is_home(step: int) -> bool:
    """Whether words that may stay for hours have their largest size."""
    return step % _HOME_EVERY == 0


def rearranged(pieces: Sequence[Piece], step: int, width: int, height: int, *, ordered: bool) -> list[Piece]:
    """The rows close together, each moved sideways. Their order changes, too, unless it matters for reading."""
    rows = _rows(pieces)
    order = range(len(rows)) if ordered else sorted(range(len(rows)), key=_ORDERS[step % len(_ORDERS)].index)
    room, between = height - 2 * _MARGIN - sum(_tall(row) for row in rows), max(1, len(rows) - 1)
    gap = 1 if ordered else max(1, min(_GAP, room // (2 * between)))
    top = _MARGIN + _share(step, 3, 0.5, room - gap * between)
    placed: list[Piece] = []
    for nth in order:
        placed += _slid(rows[nth], step, 0 if ordered else nth, top, width)
        top += _tall(rows[nth]) + gap
    return placed


def shifted(pieces: Sequence[Piece], step: int, width: int, height: int) -> list[Piece]:
    """The whole picture, moved as far as there is room."""
    left, right = min(piece.box[0] for piece in pieces), max(piece.box[2] for piece in pieces)
    across = _MARGIN + _share(step, 1, 0.0, width - 2 * _MARGIN - (right - left)) - left
    top, bottom = _top(pieces), max(piece.box[3] for piece in pieces)
    down = _MARGIN + _share(step, 3, 0.5, height - 2 * _MARGIN - (bottom - top)) - top
    return [replace(piece, left=piece.left + across, top=piece.top + down) for piece in pieces]


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces in rows: those beside each other, from the top."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.top):
        if rows and piece.top < max(each.box[3] for each in rows[-1]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _slid(row: Sequence[Piece], step: int, nth: int, top: int, width: int) -> list[Piece]:
    """A row with its pieces close together, moved sideways; drawings and words change sides."""
    row = sorted(row, key=lambda piece: (step % 2 == 1 and bool(piece.text), piece.left))
    starts, at = [0], row[0].ink.width
    for one, other in pairwise(row):
        starts.append(at + max(2, min(_APART, other.left - one.box[2])))
        at = starts[-1] + other.ink.width
    left = _MARGIN + _share(step, 1 + nth // 2, nth / 2, width - 2 * _MARGIN - at)
    lowest = _top(row)
    return [
        replace(piece, left=left + start, top=top + piece.top - lowest)
        for piece, start in zip(row, starts, strict=True)
    ]


def _top(row: Sequence[Piece]) -> int:
    return min(piece.top for piece in row)


def _tall(row: Sequence[Piece]) -> int:
    return max(piece.box[3] for piece in row) - _top(row)


def _share(step: int, speed: int, begins: float, room: int) -> int:
    """A part of the room, different at each step."""
    return round((step * _GOLDEN * speed + begins) % 1 * max(0, room))
