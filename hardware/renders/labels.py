"""Names and numbers on a picture, each with a line to the place that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from hardware.case.placing import Vector
from hardware.renders.camera.shot import Shot

WHITE = "#f4f2ee"
"""A white wire; its ring is drawn grey, or one wouldn't see it."""
INK, CARD, LINE = "#2b2622", "#fffdf9", "#5a5049"
_FINER = 4
_SIZE = 17.0
_SIDES, _ENDS = 9, 6
_DOT = 3.0
_ROUND = 12.5


class LabelError(Exception):
    """Two labels lie on each other, or one is beyond the picture's edge."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A name in a small frame."""

    text: str
    place: Vector | None
    """What it is about; None draws no line."""
    at: tuple[float, float]
    """The middle of its frame, in dots from the left and from the top."""

    def box(self) -> tuple[float, float, float, float]:
        wide = _font(1).getlength(self.text) / 2 + _SIDES
        high = _SIZE / 2 + _ENDS
        return self.at[0] - wide, self.at[1] - high, self.at[0] + wide, self.at[1] + high


@dataclass(frozen=True, slots=True)
class NumberTag:
    """A wire's number in a circle with the wire's colour around it."""

    text: str
    place: Vector | None
    at: tuple[float, float]
    colour: str

    def box(self) -> tuple[float, float, float, float]:
        return self.at[0] - _ROUND, self.at[1] - _ROUND, self.at[0] + _ROUND, self.at[1] + _ROUND


def labelled(image: Image.Image, shot: Shot, tags: Sequence[Tag | NumberTag]) -> Image.Image:
    """The picture with its labels."""
    layer = Image.new("RGBA", (image.width * _FINER, image.height * _FINER), (255, 253, 249, 0))
    canvas = ImageDraw.Draw(layer)
    for tag in tags:
        if tag.place is not None:
            _line(canvas, tag.at, shot.seen(tag.place))
    for tag in tags:
        box = [_FINER * each for each in tag.box()]
        edge = tag.colour if isinstance(tag, NumberTag) and tag.colour != WHITE else "#b9ae9f"
        wide = round(_FINER * (3.2 if isinstance(tag, NumberTag) else 1))
        canvas.rounded_rectangle(box, round((box[3] - box[1]) / 2), CARD, edge, wide)
        middle = (_FINER * tag.at[0], _FINER * tag.at[1])
        canvas.text(middle, tag.text, INK, _font(_FINER), anchor="mm")
    layer = layer.resize(image.size, Image.Resampling.BOX)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def _line(canvas: ImageDraw.ImageDraw, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x, y), (left, top) = ((_FINER * a, _FINER * b) for a, b in (end, start))
    dot = _DOT * _FINER
    canvas.line((left, top, x, y), CARD, round(3.2 * _FINER))
    canvas.line((left, top, x, y), LINE, round(1.4 * _FINER))
    canvas.ellipse((x - dot, y - dot, x + dot, y + dot), LINE, CARD, _FINER)


def check(shot: Shot, tags: Sequence[Tag | NumberTag]) -> None:
    """Raise LabelError if labels can't be read."""
    found = [(tag.text, tag.box()) for tag in tags]
    for nth, (text, (left, top, right, bottom)) in enumerate(found):
        if left < 0 or top < 0 or right > shot.width or bottom > shot.height:
            raise LabelError(f"{text!r} is beyond the edge")
        for other, (from_x, from_y, to_x, to_y) in found[nth + 1 :]:
            if left < to_x and from_x < right and top < to_y and from_y < bottom:
                raise LabelError(f"{text!r} lies on {other!r}")


def _font(finer: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(_SIZE * finer)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow without FreeType has one small font only"
    return font
