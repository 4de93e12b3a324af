"""The things around the person, and signs for what you can't see of a movement, as thin strokes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from device.body.skeleton import FLOOR_Y, SIZE, Point, Straight, View

_DESK_Y, _DESK_DEPTH = 37.0, 14.0
_SEAT_Y, _SEAT_DEPTH, _SEAT_WIDE, _BACK_Y, _TOP_Y = FLOOR_Y - 11, 14.0, 26.0, FLOOR_Y - 27, FLOOR_Y - 43
_QUARTER_CHAIR = (
    ((-0.1, -22.1), (-10.1, -16.0), (3.2, -12.1), (13.2, -18.1), (-0.1, -22.1)),
    ((-0.1, -22.1), (-1.1, -40.7), (-11.2, -34.6), (-10.1, -16.0)),
    ((-10.1, -16.0), (-10.1, -3.5)),
    ((3.2, -12.1), (3.2, 0.0)),
    ((13.2, -18.1), (13.2, -6.3)),
)
"""Seat, back and legs: corners, measured from the middle of the seat and from the floor."""
_PAD_HALF, _PAD_HIGH = 7.0, 4
_BRICK_WIDE, _BRICK_HIGH = 16, 8


@dataclass(frozen=True, slots=True)
class Props:
    """The things of a movement; one whose number is left out isn't there."""

    desk_x: float | None = None
    """Where a desk begins."""
    desk_to: float | None = None
    """Where the desk ends; if left out, you see it from its narrow side."""
    hand_x: float | None = None
    """Where hands rest on the desk; if left out, just past its edge."""
    wall_x: float | None = None
    wall_behind: bool = False
    """A wall behind the person, who faces you."""
    chair_x: float | None = None
    """Where the back of the chair is, or its middle in the front view."""
    pad_x: float | None = None
    """Where the middle of a pad on the floor is."""

    @property
    def hand(self) -> Point | None:
        """Where a hand on the desk is in the picture."""
        if self.desk_x is None:
            return None
        return self.desk_x + 1 if self.hand_x is None else self.hand_x, _DESK_Y - 2

    def strokes(self, view: View) -> Iterator[Straight]:
        """The strokes of all things."""
        if self.wall_behind:
            yield from _bricks()
        if self.desk_x is not None:
            yield from self._desk(self.desk_x)
        if self.wall_x is not None:
            yield _thin(self.wall_x, 1.0, self.wall_x, FLOOR_Y)
            yield from (_thin(self.wall_x, y, self.wall_x - 4, y + 4) for y in range(4, int(FLOOR_Y) - 4, 8))
        if self.chair_x is not None:
            yield from _chair(self.chair_x, view)
        if self.pad_x is not None:
            for up in range(_PAD_HIGH):
                half = _PAD_HALF - (up == _PAD_HIGH - 1)
                yield _thin(self.pad_x - half, FLOOR_Y - up, self.pad_x + half, FLOOR_Y - up)

    def _desk(self, begins: float) -> Iterator[Straight]:
        ends = begins + _DESK_DEPTH if self.desk_to is None else self.desk_to
        yield _thin(begins, _DESK_Y, ends, _DESK_Y)
        narrow = ends - begins <= _DESK_DEPTH
        for leg in ((begins + ends) / 2,) if narrow else (begins + 2, ends - 2):
            yield _thin(leg, _DESK_Y, leg, FLOOR_Y)


class Sign(Enum):
    """The part of a movement that you can't see, as a sign beside it."""

    SQUEEZE = "squeeze"
    """Two chevrons behind the hips."""
    PRESS = "press"
    """An arrow from the belly backward."""
    TUCK = "tuck"
    """An arrow that turns the pelvis under."""
    UP = "up"
    """An arrow upward behind the heels."""
    BACK = "back"
    """An arrow to the face."""
    TURN = "turn"
    """An arrow around the trunk, the way it turns."""
    CIRCLE = "circle"
    """Arrows around the hips, to the right in front."""

    def behind(self, hips: Point, head: Point, heel: Point) -> Iterator[Straight]:
        """The sign beside or behind a person with hips, head and near heel at these points."""
        x, y = hips
        match self:
            case Sign.SQUEEZE:
                for tip in (x - 5, x - 10):
                    yield from _path((tip - 4, y - 4), (tip, y), (tip - 4, y + 4))
            case Sign.PRESS:
                yield from _arrow((x + 21, y - 6), (x + 10, y - 6))
            case Sign.TUCK:
                yield from _arrow(*_arc((x + 1, y - 1), (11, 11), 330, 238))
            case Sign.UP:
                yield from _arrow((heel[0] - 6, heel[1]), (heel[0] - 6, heel[1] - 12))
            case Sign.BACK:
                yield from _arrow((head[0] + 15, head[1]), (head[0] + 8, head[1]))
            case Sign.CIRCLE:
                yield from _arrow(*_arc((x, y + 2), (21, 7), 75, -75))
            case _:
                # For a turn, all of the arrow is in front.
                return

    def ahead(self, hips: Point, way: float) -> Iterator[Straight]:
        """The sign in front of a body with its hips there; `way` is 1 to the right, -1 to the left."""
        x, y = hips
        if self is Sign.TURN:
            yield from _arrow(*_arc((x, y - 8), (15 * way, 5), 270, 90))
        elif self is Sign.CIRCLE:
            yield from _arrow(*_arc((x, y + 2), (21, 7), 255, 105))


def _bricks() -> Iterator[Straight]:
    """One wall from edge to edge, right behind the person."""
    for row, y in enumerate(range(2, int(FLOOR_Y) - 1, _BRICK_HIGH)):
        yield _thin(0.0, y, SIZE - 1, y)
        for x in range(_BRICK_WIDE // 2 * (row % 2) + 3, SIZE, _BRICK_WIDE):
            yield _thin(x, y, x, min(y + _BRICK_HIGH, FLOOR_Y))


def _chair(at: float, view: View) -> Iterator[Straight]:
    if view is View.SIDE:
        front = at + _SEAT_DEPTH
        yield _thin(at, _SEAT_Y, front, _SEAT_Y)
        yield from (_thin(leg, _SEAT_Y, leg, FLOOR_Y) for leg in (at, front))
        yield _thin(at, _SEAT_Y, at - 1, _BACK_Y)
        return
    if view is View.QUARTER:
        for corners in _QUARTER_CHAIR:
            yield from _path(*((at + x, FLOOR_Y + y) for x, y in corners))
        return
    half = _SEAT_WIDE / 2
    yield from _path((at - half, FLOOR_Y), (at - half, _SEAT_Y - 3), (at + half, _SEAT_Y - 3), (at + half, FLOOR_Y))
    half -= 3
    yield from _path((at - half, _SEAT_Y - 3), (at - half, _TOP_Y), (at + half, _TOP_Y), (at + half, _SEAT_Y - 3))


def _arc(centre: Point, half: Point, since: float, until: float) -> list[Point]:
    """Points along an ellipse; 0 degrees is up, 90 to the right."""
    turns = [math.radians(since + (until - since) * nth / 8) for nth in range(9)]
    return [(centre[0] + half[0] * math.sin(turn), centre[1] - half[1] * math.cos(turn)) for turn in turns]


def _arrow(*points: Point) -> Iterator[Straight]:
    """A line with a head at its end."""
    yield from _path(*points)
    (x0, y0), (x1, y1) = points[-2:]
    came = math.atan2(y0 - y1, x0 - x1)
    for turned in (came - math.pi / 4, came + math.pi / 4):
        yield _thin(x1 + 4 * math.cos(turned), y1 + 4 * math.sin(turned), x1, y1)


def _path(*points: Point) -> Iterator[Straight]:
    return (_thin(*start, *end) for start, end in pairwise(points))


def _thin(x0: float, y0: float, x1: float, y1: float) -> Straight:
    return Straight(x0, y0, x1, y1, thing=True)
