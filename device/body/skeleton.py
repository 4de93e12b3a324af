"""A stick body from joint angles: its words, and the points and strokes of a body that stands, sits or kneels.

Angles are degrees. The side view faces right: `torso` leans forward, `neck` bends on from the torso, `head` looks down.
A limb's `shoulder` swings forward from the torso's own line, `elbow` bends forward from there; `hip` lifts the thigh
forward from straight down, `knee` bends back, `ankle` lifts the toes. In the front view `shoulder` and `hip` lift
outward, `elbow` bends on outward, and the person's right is the screen's right, as in a mirror. A limb that points at
the viewer is drawn shorter: `arm`, `thigh` and `shank` are parts of its length. The quarter view, between the two,
has the side view's angles as they are seen in the picture; hips and shoulders are apart, and no limb is far.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

SIZE = 64
FLOOR_Y = 61.0
"""Where the feet stand; y counts downward."""

NECK, TORSO, THIGH, SHANK = 3.0, 16.0, 13.0, 13.0
_HEAD_RADIUS, _UPPER_ARM, _FOREARM, _FOOT = 4.0, 9.0, 10.0, 5.0
_SHOULDER_HALF, _HIP_HALF, _NOSE = 6.0, 3.0, 2.0
_QUARTER_SHOULDER, _QUARTER_HIP = (-5.0, -2.2), (-2.0, 0.0)
"""Where the near shoulder and the near hip are in the quarter view, from the middle."""


@dataclass(frozen=True, slots=True)
class Straight:
    """A stroke from one point to another, in pixels of a 64x64 square."""

    x0: float
    y0: float
    x1: float
    y1: float
    far: bool = False
    """On the far side of the body. It is drawn thinner than the near one."""
    thing: bool = False
    """Not a part of the body: a desk, a wall, a chair, a sign. It is drawn thinnest."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A head."""

    x: float
    y: float
    radius: float


Stroke = Straight | Circle


class View(Enum):
    """The direction from which you see the body."""

    SIDE = "side"
    FRONT = "front"
    QUARTER = "quarter"
    """From ahead and from their right."""


class Planted(Enum):
    """Which foot stays where it is while a pose is reached."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    """Both: the hips go where the angles and `shift` take them, and the legs are bent to suit."""
    TOES = "toes"
    """The right foot, on its toes."""
    MIDDLE = "middle"
    """Neither: the hips are in the middle, or where `shift` takes them."""


class Limbs(NamedTuple):
    """The angles of one side's arm and leg."""

    shoulder: float = 0.0
    elbow: float = 0.0
    hip: float = 0.0
    knee: float = 0.0
    ankle: float = 0.0
    arm: float = 1.0
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
    """How far the hips are from where they rest, with both feet planted or neither; pixels."""


Point = tuple[float, float]
"""Relative to the hips, y upward; or in the picture, y downward."""
SIDES = (Planted.LEFT, Planted.RIGHT)


def strokes(
    view: View,
    body: Body,
    hips: Point,
    legs: Sequence[list[Point]],
    arms: Sequence[list[Point]],
    *,
    twists: bool,
    swapped: bool = False,
) -> tuple[Stroke, ...]:
    """The body with its hips there in the picture. Swapped, the left limbs do what the right ones would, and so on."""

    def placed(points: list[Point], far: bool = False) -> list[Stroke]:
        spots = [(hips[0] + px, hips[1] - py) for px, py in points]
        return [Straight(*start, *end, far=far) for start, end in pairwise(spots)]

    sided = view is View.SIDE
    # A person who faces right has the right limbs near. A swap changes which limbs are drawn as far ones.
    first, second = sided and not swapped, sided and swapped
    strokes = [*placed(arms[0], first), *placed(legs[0], first)]
    strokes += [*placed(_back(body)), *placed(legs[1], second), *placed(arms[1], second)]
    if view is View.QUARTER:
        strokes += [*placed([arms[0][0], arms[1][0]]), *placed([legs[0][0], legs[1][0]])]
    elif view is View.FRONT:
        strokes += [
            *placed(_across(body, _SHOULDER_HALF * math.cos(math.radians(body.twist)), at_hips=False)),
            *placed(_across(body, _HIP_HALF, at_hips=True)),
        ]
    head_x, head_y = _go(trunk(body)[-1], body.torso + body.neck, _HEAD_RADIUS)
    if view is not View.FRONT:
        looks = body.torso + body.neck + body.head + 90
        strokes += placed([_go((head_x, head_y), looks, reach) for reach in (_HEAD_RADIUS, _HEAD_RADIUS + _NOSE)])
    elif twists:
        turned = math.sin(math.radians(body.twist))
        strokes += placed([(head_x + reach * turned, head_y) for reach in (_HEAD_RADIUS, _HEAD_RADIUS + _NOSE)])
    return (*strokes, Circle(hips[0] + head_x, hips[1] - head_y, _HEAD_RADIUS))


def _go(start: Point, angle: float, length: float) -> Point:
    """A step from a point; 0 degrees is up, 90 to the right. Here y counts upward, from the hips."""
    turned = math.radians(angle)
    return start[0] + length * math.sin(turned), start[1] + length * math.cos(turned)


def trunk(body: Body) -> list[Point]:
    """Hips, shoulders, and where the neck ends."""
    shoulders = _go((0.0, 0.0), body.torso, TORSO * body.stretch)
    return [(0.0, 0.0), shoulders, _go(shoulders, body.torso + body.neck, NECK)]


def _back(body: Body) -> list[Point]:
    """The trunk as it is drawn: it may bulge in the middle."""
    hips, shoulders, neck = trunk(body)
    middle = 0.45 * shoulders[0], 0.45 * shoulders[1]
    return [hips, _go(middle, body.torso + 90, body.spine), shoulders, neck]


def _across(body: Body, half: float, *, at_hips: bool) -> list[Point]:
    middle = (0.0, 0.0) if at_hips else trunk(body)[1]
    return [_go(middle, body.torso + 90, -half), _go(middle, body.torso + 90, half)]


def arm(view: View, body: Body, stand: Planted) -> list[Point]:
    """Shoulder, elbow and hand of that side."""
    limbs, outward = _limbs(body, stand)
    shoulder = trunk(body)[1]
    if view is not View.FRONT:
        if view is View.QUARTER:
            shoulder = _beside(shoulder, _QUARTER_SHOULDER, outward)
        upper = 180 - (limbs.shoulder - body.torso)
        lower = upper - limbs.elbow
    else:
        half = _SHOULDER_HALF * math.cos(math.radians(body.twist))
        shoulder = _go(shoulder, body.torso + 90, outward * half)
        upper = 180 - outward * limbs.shoulder + body.torso
        lower = upper - outward * limbs.elbow
    elbow = _reach(shoulder, upper, _UPPER_ARM, limbs.arm, body.twist)
    return [shoulder, elbow, _reach(elbow, lower, _FOREARM, limbs.arm, body.twist)]


def _reach(start: Point, angle: float, length: float, seen: float, twist: float) -> Point:
    """A step along a bone. You see that part of its length, since it points at you; a twist turns it to the right."""
    across, along = _go((0.0, 0.0), angle, length * seen)
    turned, ahead = math.radians(twist), length * math.sqrt(1 - seen**2)
    return start[0] + across * math.cos(turned) + ahead * math.sin(turned), start[1] + along


def arm_to(shoulder: Point, hand: Point) -> list[Point]:
    """An arm with its hand at that point, or as near as it reaches; the elbow hangs."""
    long = math.dist(shoulder, hand)
    reach = min(long, _UPPER_ARM + _FOREARM)
    across, along = (hand[0] - shoulder[0]) / long, (hand[1] - shoulder[1]) / long
    upper = (reach**2 + _UPPER_ARM**2 - _FOREARM**2) / (2 * reach)
    bend = math.sqrt(max(0.0, _UPPER_ARM**2 - upper**2))
    elbow = shoulder[0] + across * upper + along * bend, shoulder[1] + along * upper - across * bend
    return [shoulder, elbow, (shoulder[0] + across * reach, shoulder[1] + along * reach)]


def leg(view: View, body: Body, stand: Planted) -> list[Point]:
    """Hip, knee, ankle and toes of that side."""
    limbs, outward = _limbs(body, stand)
    hip, out = _hip(view, outward)
    knee = _go(hip, 180 - out * limbs.hip, THIGH * limbs.thigh)
    shank = 180 - out * (limbs.hip - limbs.knee)
    ankle = _go(knee, shank, SHANK * limbs.shank)
    return [hip, knee, ankle, _go(ankle, shank - out * (90 + limbs.ankle), _FOOT)]


def _hip(view: View, outward: float) -> tuple[Point, float]:
    """Where a leg begins, and which way its angles turn."""
    if view is View.FRONT:
        return (outward * _HIP_HALF, 0.0), outward
    return _beside((0.0, 0.0), _QUARTER_HIP if view is View.QUARTER else (0.0, 0.0), outward), 1.0


def _beside(middle: Point, near: Point, outward: float) -> Point:
    """The near end of a line across the body, or its far end."""
    return middle[0] + outward * near[0], middle[1] + outward * near[1]


def legs_to(view: View, body: Body, spots: Sequence[float]) -> list[list[Point]]:
    """Both legs with their ankles on the floor at these places, and the hips as high as the angles say."""
    guesses = [leg(view, body, side) for side in SIDES]
    height = -min(y for points in guesses for _, y in points[2:])
    for points, spot in zip(guesses, spots, strict=True):
        height = min(height, math.sqrt(max(0.0, (THIGH + SHANK) ** 2 - (spot - points[0][0]) ** 2)))
    return [
        _leg_to(points, (spot, -height), outward if view is View.FRONT else 1.0)
        for points, spot, outward in zip(guesses, spots, (-1.0, 1.0), strict=True)
    ]


def _leg_to(guess: list[Point], ankle: Point, out: float) -> list[Point]:
    """A leg from the hip to that ankle, with a flat foot. The guess says on which side the knee is."""
    hip, knee = guess[:2]
    (across, along), long = (ankle[0] - hip[0], ankle[1] - hip[1]), math.dist(hip, ankle)
    half = long / 2
    bend = math.sqrt(max(0.0, THIGH**2 - half**2))
    # Thigh and shank have the same length, so the knee is beside the middle.
    leans = across * (knee[1] - hip[1]) - along * (knee[0] - hip[0])
    bend = math.copysign(bend, leans)
    led = hip[0] + across / 2 - bend * along / long, hip[1] + along / 2 + bend * across / long
    return [hip, led, ankle, (ankle[0] + out * _FOOT, ankle[1])]


def _limbs(body: Body, stand: Planted) -> tuple[Limbs, float]:
    """One side's limbs, and which way is outward for them."""
    return (body.left, -1.0) if stand is Planted.LEFT else (body.right, 1.0)
