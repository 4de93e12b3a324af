"""A stick figure from joint angles: poses, the movement between them, and the strokes at any moment of the loop.

Angles are degrees. The side view faces right: `torso` leans forward, `neck` bends on from the torso, `head` looks down.
A limb's `shoulder` swings forward from the torso's own line, `elbow` bends forward from there; `hip` lifts the thigh
forward from straight down, `knee` bends back, `ankle` lifts the toes. In the front view `shoulder` and `hip` lift
outward, `elbow` bends on outward, and the person's right is the screen's right, as in a mirror.

A movement eases out of a pose that is held or turned around at, and into the next; a pose that lies on the way is gone
through without slowing down. The angles of a pose are never overshot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

SIZE = 64
FLOOR_Y = 61.0
"""Where the feet stand; y counts downward."""

_HEAD_RADIUS, _NECK, _TORSO, _UPPER_ARM, _FOREARM = 4.0, 3.0, 16.0, 9.0, 10.0
_THIGH, _SHANK, _FOOT, _SHOULDER_HALF, _HIP_HALF, _NOSE = 13.0, 13.0, 5.0, 6.0, 3.0, 2.0
_DESK_Y, _DESK_DEPTH = 30.0, 14.0


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke from one point to another, in pixels of a 64x64 square."""

    x0: float
    y0: float
    x1: float
    y1: float
    far: bool = False
    """On the far side of the body, or a thing beside it: to be drawn thinner."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A head."""

    x: float
    y: float
    radius: float


Stroke = Line | Circle


class View(Enum):
    """Where the onlooker stands."""

    SIDE = "side"
    FRONT = "front"


class Stand(Enum):
    """Which foot stays where it is while a pose is reached."""

    LEFT = "left"
    RIGHT = "right"
    MIDDLE = "middle"
    """Neither: the body stays in the middle."""


class Limbs(NamedTuple):
    """The angles of one side's arm and leg."""

    shoulder: float = 0.0
    elbow: float = 0.0
    hip: float = 0.0
    knee: float = 0.0
    ankle: float = 0.0


@dataclass(frozen=True, slots=True)
class Body:
    """The angles of a whole body."""

    left: Limbs
    right: Limbs
    torso: float = 0.0
    neck: float = 0.0
    head: float = 0.0
    stretch: float = 1.0
    """The torso's length, in parts of the usual one: less when slumped."""


@dataclass(frozen=True, slots=True)
class Pose:
    """A body to get to, how long that takes, and how long it is held."""

    body: Body
    moves_s: float
    holds_s: float
    cue: str
    hold_cue: str
    stand: Stand


@dataclass(frozen=True)
class Figure:
    """A movement that loops. It begins at its last pose, on the way to the first."""

    view: View
    poses: tuple[Pose, ...]
    x: float = 32.0
    """Where the hips are in the last pose."""
    desk_x: float | None = None
    """Where the edge of a desk to hold on to is; None without one."""

    @cached_property
    def loop_s(self) -> float:
        """How long once through takes, in seconds."""
        return math.fsum(pose.moves_s + pose.holds_s for pose in self.poses)

    def cue_at(self, elapsed_s: float) -> str:
        """The word of the moment."""
        number, way = self._at(elapsed_s)
        pose = self.poses[number]
        return pose.cue if way < 1.0 else pose.hold_cue

    def strokes_at(self, elapsed_s: float, mirrored: bool) -> tuple[Stroke, ...]:
        """The figure at that moment, far strokes first; mirrored it faces left, and near is the person's left."""
        number, way = self._at(elapsed_s)
        before, pose = self.poses[number - 1], self.poses[number]
        body = _body([track.at(way) for track in self._tracks[number]])
        x = _mix(self._root_x(body, before.stand), self._root_x(body, pose.stand), _eased(way))
        strokes = (*self._desk(), *_strokes(self.view, body, x))
        return tuple(_mirror(stroke) for stroke in strokes) if mirrored else strokes

    def _at(self, elapsed_s: float) -> tuple[int, float]:
        """Which pose is ahead or held, and which part of the time on the way to it has gone: 0 to 1."""
        left_s = elapsed_s % self.loop_s
        for number, pose in enumerate(self.poses):
            if left_s < pose.moves_s:
                return number, left_s / pose.moves_s
            left_s -= pose.moves_s
            if left_s < pose.holds_s:
                return number, 1.0
            left_s -= pose.holds_s
        # What a float loses on the way round ends in the last pose.
        return len(self.poses) - 1, 1.0

    @cached_property
    def _tracks(self) -> tuple[tuple[_Track, ...], ...]:
        """For each pose, how every number of the body gets there from the pose before."""
        bodies = [_numbers(pose.body) for pose in self.poses]
        speeds = [
            [(end - start) / pose.moves_s for start, end in zip(bodies[number - 1], bodies[number], strict=True)]
            for number, pose in enumerate(self.poses)
        ]
        onward = [
            [0.0 if pose.holds_s else _speed_through(*both) for both in zip(coming, going, strict=True)]
            for pose, coming, going in zip(self.poses, speeds, [*speeds[1:], speeds[0]], strict=True)
        ]
        return tuple(
            tuple(
                _Track(*ends, pose.moves_s)
                for ends in zip(bodies[number - 1], bodies[number], onward[number - 1], onward[number], strict=True)
            )
            for number, pose in enumerate(self.poses)
        )

    def _root_x(self, body: Body, stand: Stand) -> float:
        """Where the hips are, if that foot hasn't moved from where it is in the last pose."""
        if stand is Stand.MIDDLE:
            return self.x
        rest = self.poses[-1].body
        return self.x + _ankle(self.view, rest, stand)[0] - _ankle(self.view, body, stand)[0]

    def _desk(self) -> tuple[Stroke, ...]:
        if self.desk_x is None:
            return ()
        edge, leg = self.desk_x, self.desk_x + _DESK_DEPTH / 2
        top = Line(edge, _DESK_Y, edge + _DESK_DEPTH, _DESK_Y, far=True)
        return top, Line(leg, _DESK_Y, leg, FLOOR_Y, far=True)


_Point = tuple[float, float]


def _strokes(view: View, body: Body, x: float) -> tuple[Stroke, ...]:
    """The body with its hips at `x` and its lowest foot on the floor."""
    legs = {stand: _leg(view, body, stand) for stand in (Stand.LEFT, Stand.RIGHT)}
    lowest = min(y for points in legs.values() for _, y in points[2:])

    def placed(points: list[_Point], far: bool = False) -> list[Stroke]:
        spots = [(x + px, FLOOR_Y - (py - lowest)) for px, py in points]
        return [Line(*start, *end, far=far) for start, end in pairwise(spots)]

    sided = view is View.SIDE
    strokes = [*placed(_arm(view, body, Stand.LEFT), sided), *placed(legs[Stand.LEFT], sided)]
    strokes += [*placed(_trunk(body)), *placed(legs[Stand.RIGHT]), *placed(_arm(view, body, Stand.RIGHT))]
    if not sided:
        strokes += [
            *placed(_across(body, _SHOULDER_HALF, at_hips=False)),
            *placed(_across(body, _HIP_HALF, at_hips=True)),
        ]
    head_x, head_y = _go(_trunk(body)[-1], body.torso + body.neck, _HEAD_RADIUS)
    if sided:
        looks = body.torso + body.neck + body.head + 90
        strokes += placed([_go((head_x, head_y), looks, reach) for reach in (_HEAD_RADIUS, _HEAD_RADIUS + _NOSE)])
    return (*strokes, Circle(x + head_x, FLOOR_Y - (head_y - lowest), _HEAD_RADIUS))


def _go(start: _Point, angle: float, length: float) -> _Point:
    """A step from a point; 0 degrees is up, 90 to the right. Here y counts upward, from the hips."""
    turned = math.radians(angle)
    return start[0] + length * math.sin(turned), start[1] + length * math.cos(turned)


def _trunk(body: Body) -> list[_Point]:
    shoulders = _go((0.0, 0.0), body.torso, _TORSO * body.stretch)
    return [(0.0, 0.0), shoulders, _go(shoulders, body.torso + body.neck, _NECK)]


def _across(body: Body, half: float, *, at_hips: bool) -> list[_Point]:
    middle = (0.0, 0.0) if at_hips else _trunk(body)[1]
    return [_go(middle, body.torso + 90, -half), _go(middle, body.torso + 90, half)]


def _arm(view: View, body: Body, stand: Stand) -> list[_Point]:
    limbs, outward = _limbs(body, stand)
    shoulder = _trunk(body)[1]
    if view is View.SIDE:
        upper = 180 - (limbs.shoulder - body.torso)
        lower = upper - limbs.elbow
    else:
        shoulder = _go(shoulder, body.torso + 90, outward * _SHOULDER_HALF)
        upper = 180 - outward * limbs.shoulder + body.torso
        lower = upper - outward * limbs.elbow
    elbow = _go(shoulder, upper, _UPPER_ARM)
    return [shoulder, elbow, _go(elbow, lower, _FOREARM)]


def _leg(view: View, body: Body, stand: Stand) -> list[_Point]:
    limbs, outward = _limbs(body, stand)
    hip, out = ((0.0, 0.0), 1.0) if view is View.SIDE else ((outward * _HIP_HALF, 0.0), outward)
    knee = _go(hip, 180 - out * limbs.hip, _THIGH)
    shank = 180 - out * (limbs.hip - limbs.knee)
    ankle = _go(knee, shank, _SHANK)
    return [hip, knee, ankle, _go(ankle, shank - out * (90 + limbs.ankle), _FOOT)]


def _ankle(view: View, body: Body, stand: Stand) -> _Point:
    return _leg(view, body, stand)[2]


def _limbs(body: Body, stand: Stand) -> tuple[Limbs, float]:
    """One side's limbs, and which way is outward for them."""
    return (body.left, -1.0) if stand is Stand.LEFT else (body.right, 1.0)


class _Track(NamedTuple):
    """How one number goes from one pose to the next: a cubic with a given speed at either end."""

    start: float
    end: float
    speed_at_start: float
    """Per second."""
    speed_at_end: float
    lasts_s: float

    def at(self, way: float) -> float:
        """The number when this part of the time has gone. Without speed at the ends it is the smooth-step."""
        back = 1 - way
        bent = self.speed_at_start * back - self.speed_at_end * way
        return _mix(self.start, self.end, _eased(way)) + self.lasts_s * way * back * bent


def _speed_through(coming: float, going: float) -> float:
    """How fast to go through a pose: no faster than nothing overshoots, and not at all where the way turns."""
    # The harmonic mean keeps a cubic between its ends (Fritsch and Butland 1984).
    return 2 * coming * going / (coming + going) if coming * going > 0 else 0.0


def _eased(way: float) -> float:
    return way * way * (3 - 2 * way)


def _numbers(body: Body) -> tuple[float, ...]:
    return (*body.left, *body.right, body.torso, body.neck, body.head, body.stretch)


def _body(numbers: Sequence[float]) -> Body:
    arm_and_leg = len(Limbs._fields)
    return Body(
        Limbs(*numbers[:arm_and_leg]), Limbs(*numbers[arm_and_leg : 2 * arm_and_leg]), *numbers[2 * arm_and_leg :]
    )


def _mix(start: float, end: float, progress: float) -> float:
    return start + (end - start) * progress


def _mirror(stroke: Stroke) -> Stroke:
    edge = SIZE - 1
    if isinstance(stroke, Circle):
        return Circle(edge - stroke.x, stroke.y, stroke.radius)
    return Line(edge - stroke.x0, stroke.y0, edge - stroke.x1, stroke.y1, stroke.far)
