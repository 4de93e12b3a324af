"""The person who shows a movement, as dots: near limbs thick, far ones thinner, things thin."""

from __future__ import annotations

from PIL import Image, ImageDraw

from device.body.figure import Figure
from device.body.skeleton import FLOOR_Y, SIZE, Circle, Straight
from device.pictures.piece import Piece

_FINER = 4
"""Draw the figure this much larger first, so that its limbs are smooth and can move by less than a pixel."""
_NEAR, _FAR, _THING, _SEAM = 3.0, 2.0, 1.0, 1.2
"""The width of near limbs, far limbs and things, and of the dark seam around near limbs, in pixels."""
_SEAM_ON_BRICKS = 2.0
"""The same if a wall is behind the whole body."""
_SLANTED = 1.5
"""The width of a slanted thing; a thinner one would have gaps."""


def figure(movement: Figure, elapsed_s: float, *, other_side: bool) -> Piece:
    """The person at that moment, in a square of 64 pixels: near limbs thick, far ones thinner, things thin."""
    image = Image.new("L", (SIZE * _FINER, SIZE * _FINER))
    canvas = ImageDraw.Draw(image)
    strokes = movement.strokes_at(elapsed_s, other_side)
    (head,) = (stroke for stroke in strokes if isinstance(stroke, Circle))
    lines = [stroke for stroke in strokes if isinstance(stroke, Straight)]
    # The head is the last stroke of the body. Later strokes are in front of the body.
    behind, ahead = lines[: strokes.index(head)], lines[strokes.index(head) :]
    near = [line for line in behind if not line.far and not line.thing]
    wide = 1.0 if movement.zoom == 1.0 else 1.4
    seam = _SEAM_ON_BRICKS if movement.props.wall_behind else _SEAM
    for line in behind:
        if line.thing:
            _thing(canvas, line)
        elif line.far:
            _limb(canvas, line, _FAR, 255)
    _disc(canvas, head.x, head.y, head.radius + 0.3 + seam, 0)
    for line in near:
        _limb(canvas, line, _NEAR * wide + 2 * seam, 0)
    for line in near:
        _limb(canvas, line, _NEAR * wide, 255)
    _disc(canvas, head.x, head.y, head.radius + 0.3, 255)
    _disc(canvas, head.x, head.y, head.radius - 1.7 * wide, 0)
    for line in ahead:
        _limb(canvas, line, _THING + 2 * _SEAM, 0)
    for line in ahead:
        _thing(canvas, line)
    if movement.zoom == 1.0:
        floor = (int(FLOOR_Y) + 1) * _FINER
        canvas.rectangle((4 * _FINER, floor, (SIZE - 4) * _FINER - 1, floor + _FINER - 1), fill=255)
    return Piece(image.reduce(_FINER).point(lambda shade: 255 * (shade >= 128), "1"), 0, 0)


def _thing(canvas: ImageDraw.ImageDraw, line: Straight) -> None:
    _limb(canvas, line, _THING if line.x0 == line.x1 or line.y0 == line.y1 else _SLANTED, 255)


def _limb(canvas: ImageDraw.ImageDraw, line: Straight, width: float, shade: int) -> None:
    ends = [(coordinate + 0.5) * _FINER for coordinate in (line.x0, line.y0, line.x1, line.y1)]
    canvas.line(ends, fill=shade, width=round(width * _FINER))
    _disc(canvas, line.x0, line.y0, width / 2, shade)
    _disc(canvas, line.x1, line.y1, width / 2, shade)


def _disc(canvas: ImageDraw.ImageDraw, x: float, y: float, radius: float, shade: int) -> None:
    left, top, reach = (x + 0.5) * _FINER, (y + 0.5) * _FINER, radius * _FINER
    canvas.ellipse((left - reach, top - reach, left + reach, top + reach), fill=shade)
