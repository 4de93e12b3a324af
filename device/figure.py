"""A movement of a stick body: poses, the way between them, and the strokes at any moment of the loop.

A movement eases out of a pose that is held or turned around at, and into the next; a pose that lies on the way is gone
through without slowing down. The angles of a pose are never overshot.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from device.skeleton import (
    FLOOR_Y,
    NECK,
    SHANK,
    SIDES,
    SIZE,
    THIGH,
    TORSO,
    Body,
    Circle,
    Limbs,
    Line,
    Point,
    Sign,
    Stand,
    Stroke,
    View,
    arm,
    arm_to,
    leg,
    legs_to,
    strokes,
    trunk,
)

_DESK_Y, _DESK_DEPTH = 37.0, 14.0
_SEAT_Y, _SEAT_DEPTH, _BACK_Y = FLOOR_Y - 11, 14.0, FLOOR_Y - 27
_ZOOMED_Y = 26.0
"""Where the neck is in a picture of head and shoulders."""


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

    @property
    def moving_s(self) -> float:
        """How much of that it is on the way, in seconds."""
        return math.fsum(pose.moves_s for pose in self.poses)

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

    def stands_for_s(self, elapsed_s: float) -> float:
        """How much longer it stands still at that moment; 0 on the way."""
        number, way = self._at(elapsed_s)
        if way < 1.0:
            return 0.0
        held_until_s = math.fsum(pose.moves_s + pose.holds_s for pose in self.poses[: number + 1])
        return max(0.0, held_until_s - elapsed_s % self.loop_s)

    def strokes_at(self, elapsed_s: float, mirrored: bool) -> tuple[Stroke, ...]:
        """The figure at that moment, far strokes first; mirrored it faces left, and near is the person's left."""
        number, way = self._at(elapsed_s)
        before, pose = self.poses[number - 1], self.poses[number]
        body = _body([track.at(way) for track in self._tracks[number]])
        if pose.stand is Stand.BOTH:
            x = self.x + body.shift
            legs = legs_to(self.view, body, [spot - x for spot in self._spots])
        else:
            x = _mix(self._root_x(body, before.stand), self._root_x(body, pose.stand), _eased(way))
            legs = [leg(self.view, body, side) for side in SIDES]
        lowest = min(y for points in legs for _, y in points[1:])
        arms = [self._arm(body, side, x, lowest) for side in SIDES]
        placed = strokes(self.view, body, (x, FLOOR_Y + lowest), legs, arms, self._twists)
        drawn = (*self._things(), *placed, *_sign(pose.sign, x, FLOOR_Y + lowest))
        if self.zoom != 1.0:
            drawn = tuple(_zoomed(stroke, self.zoom, self._centre) for stroke in drawn)
        return tuple(_mirror(stroke) for stroke in drawn) if mirrored else drawn

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
        return [self.x + rest.shift + leg(self.view, rest, side)[2][0] for side in SIDES]

    @cached_property
    def _centre(self) -> Point:
        """What stays where it is when it is drawn larger: on the floor of the picture, under the neck at rest."""
        rest = self.poses[-1].body
        head_y = FLOOR_Y - TORSO - NECK - THIGH - SHANK
        return self.x + trunk(rest)[-1][0], head_y - (_ZOOMED_Y - head_y) / (self.zoom - 1)

    def _root_x(self, body: Body, stand: Stand) -> float:
        """Where the hips are, if that foot hasn't moved from where it is in the last pose."""
        if stand is Stand.MIDDLE:
            return self.x
        point = 3 if stand is Stand.TOES else 2
        side = Stand.LEFT if stand is Stand.LEFT else Stand.RIGHT
        rest = self.poses[-1].body
        return self.x + leg(self.view, rest, side)[point][0] - leg(self.view, body, side)[point][0]

    def _arm(self, body: Body, side: Stand, x: float, lowest: float) -> list[Point]:
        hangs = arm(self.view, body, side)
        if self.desk_x is None or side not in self.on_desk:
            return hangs
        return arm_to(hangs[0], (self.desk_x + 1 - x, FLOOR_Y + lowest - (_DESK_Y - 2)))

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


def _zoomed(stroke: Stroke, zoom: float, centre: Point) -> Stroke:
    def at(x: float, y: float) -> Point:
        return centre[0] + (x - centre[0]) * zoom, centre[1] + (y - centre[1]) * zoom

    if isinstance(stroke, Circle):
        return Circle(*at(stroke.x, stroke.y), stroke.radius * zoom)
    return Line(*at(stroke.x0, stroke.y0), *at(stroke.x1, stroke.y1), stroke.far, stroke.thing)


def _mirror(stroke: Stroke) -> Stroke:
    edge = SIZE - 1
    if isinstance(stroke, Circle):
        return Circle(edge - stroke.x, stroke.y, stroke.radius)
    return replace(stroke, x0=edge - stroke.x0, x1=edge - stroke.x1)
