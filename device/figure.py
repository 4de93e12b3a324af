"""A stick figure from joint angles: poses, the movement between them, and the strokes at any moment of the loop.

Angles are degrees. The side view faces right: `torso` leans forward, `neck` bends on from the torso, `head` looks down.
A limb's `shoulder` swings forward from the torso's own line, `elbow` bends forward from there; `hip` lifts the thigh
forward from straight down, `knee` bends back, `ankle` lifts the toes. In the front view `shoulder` and `hip` lift
outward, `elbow` bends on outward, and the person's right is the screen's right, as in a mirror. A limb that points at
the onlooker is drawn shorter: `thigh` and `shank` are parts of its length.

A movement eases out of a pose that is held or turned around at, and into the next; a pose that lies on the way is gone
through without slowing down. The angles of a pose are never overshot.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

SIZE = 64
FLOOR_Y = 61.0
"""Where the feet stand; y counts downward."""

_HEAD_RADIUS, _NECK, _TORSO, _UPPER_ARM, _FOREARM = 4.0, 3.0, 16.0, 9.0, 10.0
_THIGH, _SHANK, _FOOT, _SHOULDER_HALF, _HIP_HALF, _NOSE = 13.0, 13.0, 5.0, 6.0, 3.0, 2.0
_DESK_Y, _DESK_DEPTH = 37.0, 14.0
_SEAT_Y, _SEAT_DEPTH, _BACK_Y = FLOOR_Y - 11, 14.0, FLOOR_Y - 27


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke from one point to another, in pixels of a 64x64 square."""

    x0: float
    y0: float
    x1: float
    y1: float
    far: bool = False
    """On the far side of the body: to be dotted."""
    thing: bool = False
    """No part of the body: a desk, a wall, a chair, a sign. To be drawn thin."""


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
    BOTH = "both"
    """Both: the hips go where the angles and `shift` take them, and the legs are bent to suit."""
    TOES = "toes"
    """The right foot, on its toes."""
    MIDDLE = "middle"
    """Neither: the body stays in the middle."""


class Sign(Enum):
    """What can't be seen of a movement, drawn beside it."""

    SQUEEZE = "squeeze"
    """Two chevrons behind the hips."""
    PRESS = "press"
    """An arrow from the belly to what is behind."""


class Limbs(NamedTuple):
    """The angles of one side's arm and leg."""

    shoulder: float = 0.0
    elbow: float = 0.0
    hip: float = 0.0
    knee: float = 0.0
    ankle: float = 0.0
    thigh: float = 1.0
    shank: float = 1.0


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
    spine: float = 0.0
    """How far the middle of the back bulges forward, or from the front to the right; pixels."""
    twist: float = 0.0
    """How far the trunk turns to the right, seen from the front."""
    shift: float = 0.0
    """How far the hips are from where they rest, with both feet planted; pixels."""


@dataclass(frozen=True, slots=True)
class Pose:
    """A body to get to, how long that takes, and how long it is held."""

    body: Body
    moves_s: float
    holds_s: float
    cue: str
    hold_cue: str
    stand: Stand
    sign: Sign | None = None


@dataclass(frozen=True)
class Figure:
    """A movement that loops. It begins at its last pose, on the way to the first."""

    view: View
    poses: tuple[Pose, ...]
    x: float = 32.0
    """Where the hips are in the last pose."""
    desk_x: float | None = None
    """Where the edge of a desk is; None without one."""
    on_desk: tuple[Stand, ...] = ()
    """The hands that stay on its edge, whatever the angles of their arms."""
    wall_x: float | None = None
    chair_x: float | None = None
    """Where its back is, or from the front its middle."""
    zoom: float = 1.0
    """Head and shoulders, this much larger; what is below the picture's edge isn't seen, nor is the floor."""

    @cached_property
    def loop_s(self) -> float:
        """How long once through takes, in seconds."""
        return math.fsum(pose.moves_s + pose.holds_s for pose in self.poses)

    def lasting(self, loop_s: float) -> Figure:
        """The same with its longest hold as long as that takes."""
        longest = max(range(len(self.poses)), key=lambda number: self.poses[number].holds_s)
        pose = self.poses[longest]
        holds_s = round(pose.holds_s + loop_s - self.loop_s, 3)
        return replace(self, poses=(*self.poses[:longest], replace(pose, holds_s=holds_s), *self.poses[longest + 1 :]))

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
        if pose.stand is Stand.BOTH:
            x = self.x + body.shift
            legs = _legs_to(self.view, body, [spot - x for spot in self._spots])
        else:
            x = _mix(self._root_x(body, before.stand), self._root_x(body, pose.stand), _eased(way))
            legs = [_leg(self.view, body, side) for side in _SIDES]
        lowest = min(y for points in legs for _, y in points[1:])
        arms = [self._arm(body, side, x, lowest) for side in _SIDES]
        placed = _strokes(self.view, body, (x, FLOOR_Y + lowest), legs, arms, self._twists)
        strokes = (*self._things(), *placed, *_sign(pose.sign, x, FLOOR_Y + lowest))
        if self.zoom != 1.0:
            strokes = tuple(_zoomed(stroke, self.zoom, self._centre) for stroke in strokes)
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

    @cached_property
    def shows_nose(self) -> bool:
        """From the front, whether a nose tells which way the face looks."""
        return self.view is View.FRONT and self._twists

    @cached_property
    def _twists(self) -> bool:
        return any(pose.body.twist for pose in self.poses)

    @cached_property
    def _spots(self) -> list[float]:
        """Where the ankles are in the last pose."""
        rest = self.poses[-1].body
        return [self.x + rest.shift + _leg(self.view, rest, side)[2][0] for side in _SIDES]

    @cached_property
    def _centre(self) -> _Point:
        """What stays where it is when it is drawn larger: on the floor of the picture, under the neck at rest."""
        rest = self.poses[-1].body
        head_y = FLOOR_Y - _TORSO - _NECK - _THIGH - _SHANK
        return self.x + _trunk(rest)[-1][0], head_y - (_ZOOMED_Y - head_y) / (self.zoom - 1)

    def _root_x(self, body: Body, stand: Stand) -> float:
        """Where the hips are, if that foot hasn't moved from where it is in the last pose."""
        if stand is Stand.MIDDLE:
            return self.x
        point = 3 if stand is Stand.TOES else 2
        side = Stand.LEFT if stand is Stand.LEFT else Stand.RIGHT
        rest = self.poses[-1].body
        return self.x + _leg(self.view, rest, side)[point][0] - _leg(self.view, body, side)[point][0]

    def _arm(self, body: Body, side: Stand, x: float, lowest: float) -> list[_Point]:
        arm = _arm(self.view, body, side)
        if self.desk_x is None or side not in self.on_desk:
            return arm
        return _arm_to(arm[0], (self.desk_x + 1 - x, FLOOR_Y + lowest - (_DESK_Y - 2)))

    def _things(self) -> Iterator[Stroke]:
        if self.desk_x is not None:
            edge, leg = self.desk_x, self.desk_x + _DESK_DEPTH / 2
            yield Line(edge, _DESK_Y, edge + _DESK_DEPTH, _DESK_Y, thing=True)
            yield Line(leg, _DESK_Y, leg, FLOOR_Y, thing=True)
        if self.wall_x is not None:
            yield Line(self.wall_x, 1.0, self.wall_x, FLOOR_Y, thing=True)
        if self.chair_x is not None:
            back = self.chair_x if self.view is View.SIDE else self.chair_x - _SEAT_DEPTH / 2
            front = back + _SEAT_DEPTH
            yield Line(back, _SEAT_Y, front, _SEAT_Y, thing=True)
            yield from (Line(leg, _SEAT_Y, leg, FLOOR_Y, thing=True) for leg in (back, front))
            if self.view is View.SIDE:
                yield Line(back, _SEAT_Y, back - 1, _BACK_Y, thing=True)


_Point = tuple[float, float]
_SIDES = (Stand.LEFT, Stand.RIGHT)
_ZOOMED_Y = 26.0
"""Where the neck is in a picture of head and shoulders."""


def _strokes(
    view: View,
    body: Body,
    hips: _Point,
    legs: Sequence[list[_Point]],
    arms: Sequence[list[_Point]],
    twists: bool,
) -> tuple[Stroke, ...]:
    """The body with its hips there in the picture."""

    def placed(points: list[_Point], far: bool = False) -> list[Stroke]:
        spots = [(hips[0] + px, hips[1] - py) for px, py in points]
        return [Line(*start, *end, far=far) for start, end in pairwise(spots)]

    sided = view is View.SIDE
    strokes = [*placed(arms[0], sided), *placed(legs[0], sided)]
    strokes += [*placed(_back(body)), *placed(legs[1]), *placed(arms[1])]
    if not sided:
        strokes += [
            *placed(_across(body, _SHOULDER_HALF * math.cos(math.radians(body.twist)), at_hips=False)),
            *placed(_across(body, _HIP_HALF, at_hips=True)),
        ]
    head_x, head_y = _go(_trunk(body)[-1], body.torso + body.neck, _HEAD_RADIUS)
    if sided:
        looks = body.torso + body.neck + body.head + 90
        strokes += placed([_go((head_x, head_y), looks, reach) for reach in (_HEAD_RADIUS, _HEAD_RADIUS + _NOSE)])
    elif twists:
        turned = math.sin(math.radians(body.twist))
        strokes += placed([(head_x + reach * turned, head_y) for reach in (_NOSE, _HEAD_RADIUS + _NOSE)])
    return (*strokes, Circle(hips[0] + head_x, hips[1] - head_y, _HEAD_RADIUS))


def _sign(sign: Sign | None, x: float, y: float) -> Iterator[Stroke]:
    """Beside the hips, and pointing at them."""
    if sign is Sign.SQUEEZE:
        for tip in (x - 5, x - 10):
            yield Line(tip - 4, y - 4, tip, y, thing=True)
            yield Line(tip - 4, y + 4, tip, y, thing=True)
    elif sign is Sign.PRESS:
        y -= 6
        yield Line(x + 16, y, x + 5, y, thing=True)
        yield from (Line(x + 9, y + way, x + 5, y, thing=True) for way in (-4, 4))


def _go(start: _Point, angle: float, length: float) -> _Point:
    """A step from a point; 0 degrees is up, 90 to the right. Here y counts upward, from the hips."""
    turned = math.radians(angle)
    return start[0] + length * math.sin(turned), start[1] + length * math.cos(turned)


def _trunk(body: Body) -> list[_Point]:
    shoulders = _go((0.0, 0.0), body.torso, _TORSO * body.stretch)
    return [(0.0, 0.0), shoulders, _go(shoulders, body.torso + body.neck, _NECK)]


def _back(body: Body) -> list[_Point]:
    """The trunk as it is drawn: it may bulge in the middle."""
    hips, shoulders, neck = _trunk(body)
    middle = _mix(hips[0], shoulders[0], 0.45), _mix(hips[1], shoulders[1], 0.45)
    return [hips, _go(middle, body.torso + 90, body.spine), shoulders, neck]


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
        half = _SHOULDER_HALF * math.cos(math.radians(body.twist))
        shoulder = _go(shoulder, body.torso + 90, outward * half)
        upper = 180 - outward * limbs.shoulder + body.torso
        lower = upper - outward * limbs.elbow
    elbow = _go(shoulder, upper, _UPPER_ARM)
    return [shoulder, elbow, _go(elbow, lower, _FOREARM)]


def _arm_to(shoulder: _Point, hand: _Point) -> list[_Point]:
    """An arm with its hand there, or as near as it reaches; the elbow hangs."""
    long = math.dist(shoulder, hand)
    reach = min(long, _UPPER_ARM + _FOREARM)
    across, along = (hand[0] - shoulder[0]) / long, (hand[1] - shoulder[1]) / long
    upper = (reach**2 + _UPPER_ARM**2 - _FOREARM**2) / (2 * reach)
    bend = math.sqrt(max(0.0, _UPPER_ARM**2 - upper**2))
    elbow = shoulder[0] + across * upper + along * bend, shoulder[1] + along * upper - across * bend
    return [shoulder, elbow, (shoulder[0] + across * reach, shoulder[1] + along * reach)]


def _leg(view: View, body: Body, stand: Stand) -> list[_Point]:
    limbs, outward = _limbs(body, stand)
    hip, out = _hip(view, outward)
    knee = _go(hip, 180 - out * limbs.hip, _THIGH * limbs.thigh)
    shank = 180 - out * (limbs.hip - limbs.knee)
    ankle = _go(knee, shank, _SHANK * limbs.shank)
    return [hip, knee, ankle, _go(ankle, shank - out * (90 + limbs.ankle), _FOOT)]


def _hip(view: View, outward: float) -> tuple[_Point, float]:
    """Where a leg begins, and which way its angles turn."""
    return ((0.0, 0.0), 1.0) if view is View.SIDE else ((outward * _HIP_HALF, 0.0), outward)


def _legs_to(view: View, body: Body, spots: Sequence[float]) -> list[list[_Point]]:
    """Both legs with their ankles on the floor at these places, and the hips as high as the angles say."""
    guesses = [_leg(view, body, side) for side in _SIDES]
    height = -min(y for points in guesses for _, y in points[2:])
    for points, spot in zip(guesses, spots, strict=True):
        height = min(height, math.sqrt(max(0.0, (_THIGH + _SHANK) ** 2 - (spot - points[0][0]) ** 2)))
    return [
        _leg_to(points, (spot, -height), 1.0 if view is View.SIDE else outward)
        for points, spot, outward in zip(guesses, spots, (-1.0, 1.0), strict=True)
    ]


def _leg_to(guess: list[_Point], ankle: _Point, out: float) -> list[_Point]:
    """A leg from the hip to that ankle, its knee on the side where the guess has it, its foot flat."""
    hip, knee = guess[:2]
    (across, along), long = (ankle[0] - hip[0], ankle[1] - hip[1]), math.dist(hip, ankle)
    half = long / 2
    bend = math.sqrt(max(0.0, _THIGH**2 - half**2))
    # Thigh and shank are of a length: the knee is beside the middle of the way.
    leans = across * (knee[1] - hip[1]) - along * (knee[0] - hip[0])
    bend = math.copysign(bend, leans)
    led = hip[0] + across / 2 - bend * along / long, hip[1] + along / 2 + bend * across / long
    return [hip, led, ankle, (ankle[0] + out * _FOOT, ankle[1])]


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
    return (
        *body.left, *body.right,
        body.torso, body.neck, body.head, body.stretch, body.spine, body.twist, body.shift,
    )  # fmt: skip


def _body(numbers: Sequence[float]) -> Body:
    arm_and_leg = len(Limbs._fields)
    return Body(
        Limbs(*numbers[:arm_and_leg]), Limbs(*numbers[arm_and_leg : 2 * arm_and_leg]), *numbers[2 * arm_and_leg :]
    )


def _mix(start: float, end: float, progress: float) -> float:
    return start + (end - start) * progress


def _zoomed(stroke: Stroke, zoom: float, centre: _Point) -> Stroke:
    def at(x: float, y: float) -> _Point:
        return centre[0] + (x - centre[0]) * zoom, centre[1] + (y - centre[1]) * zoom

    if isinstance(stroke, Circle):
        return Circle(*at(stroke.x, stroke.y), stroke.radius * zoom)
    return Line(*at(stroke.x0, stroke.y0), *at(stroke.x1, stroke.y1), stroke.far, stroke.thing)


def _mirror(stroke: Stroke) -> Stroke:
    edge = SIZE - 1
    if isinstance(stroke, Circle):
        return Circle(edge - stroke.x, stroke.y, stroke.radius)
    return replace(stroke, x0=edge - stroke.x0, x1=edge - stroke.x1)
