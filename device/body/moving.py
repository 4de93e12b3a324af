"""A stretch's figure as data for a drawing: its strokes at each moment at which they change."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from device.body.figure import Figure
from device.body.skeleton import SIZE, Circle, Stroke

_EVERY_S = 0.08
_LONGEST_S = 120.0


def moving(figure: Figure, holds_s: float | None = None, *, other_side: bool = False) -> Mapping[str, Any]:
    """Frames with `at` (seconds from the beginning) and `strokes`. From `grown_s` on, it loops every `loop_s`.

    `holds_s` is the length of the longest hold, if it isn't the usual one. A stroke is [x0, y0, x1, y1, kind], or
    [x, y, radius] for the head; kind is 1 for the far side and 2 for things and noses.
    """
    if holds_s is not None and 0 < holds_s <= _LONGEST_S:
        figure = figure.holding(holds_s)
    loop_s, grown_s = round(figure.loop_s, 3), round(figure.grown_s, 3)
    return {"size": SIZE, "loop_s": loop_s, "grown_s": grown_s, "frames": list(_frames(figure, other_side))}


def _frames(figure: Figure, other_side: bool) -> Iterator[Mapping[str, Any]]:
    last = None
    for nth in range(round((figure.grown_s + figure.loop_s) / _EVERY_S)):
        at = round(nth * _EVERY_S, 3)
        strokes = list(_told(figure.strokes_at(at, other_side)))
        if strokes != last:
            yield {"at": at, "strokes": strokes}
        last = strokes


def _told(strokes: Sequence[Stroke]) -> Iterator[list[float]]:
    heads = [each for each in strokes if isinstance(each, Circle)]
    for each in strokes:
        if isinstance(each, Circle):
            yield [round(number, 1) for number in (each.x, each.y, each.radius)]
            continue
        is_nose = any(math.hypot(each.x1 - head.x, each.y1 - head.y) < head.radius + 3 for head in heads) and any(
            math.hypot(each.x0 - head.x, each.y0 - head.y) < head.radius + 0.5 for head in heads
        )
        ends = (each.x0, each.y0, each.x1, each.y1)
        yield [*(round(number, 1) for number in ends), 2 if each.thing or is_nose else 1 if each.far else 0]
