"""A stretch as a picture for people: moving, as a strip of its poses, or as lines."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import IO

from PIL import Image

from device.body.figure import Figure
from device.body.skeleton import FLOOR_Y, SIZE, Circle, Straight, Stroke
from device.pictures.drawing import draw
from device.pictures.person import figure
from device.stretches.stretch import Stretch
from device.words.effects import Movement, Moving

KINDS = (".gif", ".png", ".svg")

_FRAMES_S = 10
"""Frames a second."""
_LARGER = 3
_STILL_MS = 1500
"""The longest time for which a hold is shown, in seconds."""
_APART = 6
"""Pixels between two figures of a strip."""
_OLED = bytes((8, 10, 14)) * 255 + bytes((150, 220, 255))
"""The palette of a panel, from dark to lit."""


def render(stretch: Stretch, to: Path) -> None:
    """Write a picture. The ending of its name says which kind, one of KINDS. Raises OSError."""
    if to.suffix == ".svg":
        to.write_text(_svg(stretch.figure), "utf-8")
    elif to.suffix == ".png":
        _larger(strip(stretch.figure)).save(to, optimize=True)
    else:
        _save_moving(stretch, to)


def moving_picture(stretch: Stretch) -> bytes:
    """A GIF in the colours of an OLED."""
    written = io.BytesIO()
    _save_moving(stretch, written, _OLED)
    return written.getvalue()


def still_picture(stretch: Stretch) -> bytes:
    """A PNG of its first pose, in the same colours."""
    written = io.BytesIO()
    first = stretch.figure.grown_s + stretch.figure.poses[0].moves_s
    picture = draw(Movement(Moving(stretch.figure, False, 0.0), "", ""), first)
    _larger(picture, _OLED).save(written, "png", optimize=True)
    return written.getvalue()


def _save_moving(stretch: Stretch, to: Path | IO[bytes], colours: bytes | None = None) -> None:
    pictures, lasts_ms = zip(*moving(stretch), strict=True)
    first, *others = (_larger(picture, colours) for picture in pictures)
    first.save(to, "gif", save_all=True, append_images=others, duration=list(lasts_ms), loop=0, optimize=False)


def moving(stretch: Stretch) -> list[tuple[Image.Image, int]]:
    """The panel's pictures through one loop, and for how many milliseconds each stays."""
    pictures = ((picture.tobytes(), picture) for picture in _frames(stretch))
    same = [[picture for _, picture in group] for _, group in groupby(pictures, key=lambda each: each[0])]
    return [(group[0], min(_STILL_MS, len(group) * 1000 // _FRAMES_S)) for group in same]


def strip(movement: Figure) -> Image.Image:
    """The figure half-way to each pose and in each pose, side by side."""
    moments_s = list(_moments_s(movement))
    image = Image.new("1", ((SIZE + _APART) * len(moments_s) - _APART, SIZE))
    for nth, moment_s in enumerate(moments_s):
        image.paste(figure(movement, moment_s, other_side=False).ink, (nth * (SIZE + _APART), 0))
    return image


def _frames(stretch: Stretch) -> Iterator[Image.Image]:
    for nth in range(round(stretch.figure.loop_s * _FRAMES_S)):
        # Without count and clock: the picture is the same for every amount.
        yield draw(Movement(Moving(stretch.figure, False, 0.0), "", ""), stretch.figure.grown_s + nth / _FRAMES_S)


def _moments_s(movement: Figure) -> Iterator[float]:
    begun_s = movement.grown_s
    for pose in movement.poses:
        yield begun_s + pose.moves_s / 2
        yield begun_s + pose.moves_s
        begun_s += pose.moves_s + pose.holds_s


def _larger(picture: Image.Image, colours: bytes | None = None) -> Image.Image:
    larger = picture.resize((picture.width * _LARGER, picture.height * _LARGER)).convert("P")
    if colours is not None:
        larger.putpalette(colours)
    return larger


# ---- as lines


def _svg(movement: Figure) -> str:
    moments_s = list(_moments_s(movement))
    width = (SIZE + _APART) * len(moments_s) - _APART
    figures = (
        f'<g transform="translate({nth * (SIZE + _APART)} 0)">{"".join(map(_drawn, strokes))}</g>'
        for nth, strokes in enumerate(movement.strokes_at(moment_s, False) for moment_s in moments_s)
    )
    floor = "" if movement.zoom > 1 else f'<path d="M0 {FLOOR_Y + 1.5:g}H{width}" stroke-width="1"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {SIZE}" fill="none" stroke="currentColor" '
        f'stroke-linecap="round">{floor}{"".join(figures)}</svg>\n'
    )


def _drawn(stroke: Stroke) -> str:
    if isinstance(stroke, Circle):
        return f'<circle cx="{stroke.x:.2f}" cy="{stroke.y:.2f}" r="{stroke.radius - 0.7:.2f}" stroke-width="2"/>'
    return f'<path d="M{stroke.x0:.2f} {stroke.y0:.2f}L{stroke.x1:.2f} {stroke.y1:.2f}" {_stroked(stroke)}/>'


def _stroked(line: Straight) -> str:
    if line.thing:
        return 'stroke-width="1"'
    return f'stroke-width="{2 if line.far else 3:g}"'
