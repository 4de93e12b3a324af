"""A movement of a stick body: poses, the way between them, and the strokes at any moment of the loop.

A movement starts and ends slowly at a pose where it holds or turns around. It goes through other poses without slowing
down. It never goes beyond the angles of a pose.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from device.body.props import Props, Sign
from device.body.skeleton import (
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
    Planted,
    Point,
    Straight,
    Stroke,
    View,
    arm,
    arm_to,
    leg,
    legs_to,
    strokes,
    trunk,
)

_SEEN = 0.7
"""The least movement that can be seen, in pixels."""
_ZOOMED_Y = 26.0
"""Where the neck is in a picture of head and shoulders."""
_LEAST_WIDTH = 0.4
"""How wide a movement that grows is at first."""


_BARE = Props()


@dataclass(frozen=True, slots=True)
class Pose:
    """A body to get to, how long that takes, and how long it is held."""

    body: Body
    moves_s: float
    holds_s: float
    cue: str
    hold_cue: str
    stand: Planted
    sign: Sign | None = None


@dataclass(frozen=True)
class Figure:
    """A movement that loops. It begins at its last pose, on the way to the first."""

    view: View
    poses: tuple[Pose, ...]
    x: float = 32.0
    """Where the hips are in the last pose."""
    props: Props = _BARE
    on_desk: tuple[Planted, ...] = ()
    """The hands that stay on the desk, whatever the angles of their arms."""
    grows: int = 0
    """The number of first loops that are smaller; the movement grows through them."""
    zoom: float = 1.0
    """Head and shoulders, this much larger. The rest is below the picture's edge, and there is no floor."""
    turns: bool = False
    """For the other side the person turns round, to hold on with the other hand."""

    @cached_property
    def loop_s(self) -> float:
        """The length of a loop, in seconds."""
        return math.fsum(pose.moves_s + pose.holds_s for pose in self.poses)

    @property
    def keeps_facing(self) -> bool:
        """For the other side it looks the same way and moves its far limbs; if False it is mirrored."""
        return self.view is View.SIDE and not self.turns

    @property
    def grown_s(self) -> float:
        """When it has its full width."""
        return self.grows * self.loop_s

    @property
    def held_s(self) -> tuple[float, float]:
        """When its longest hold begins and ends, the first time through."""
        before = math.fsum(pose.moves_s + pose.holds_s for pose in self.poses[: self._longest])
        held = self.poses[self._longest]
        return before + held.moves_s, before + held.moves_s + held.holds_s

    def holding(self, holds_s: float) -> Figure:
        """The same with its longest hold that long."""
        longest = self._longest
        held = replace(self.poses[longest], holds_s=holds_s)
        return replace(self, poses=(*self.poses[:longest], held, *self.poses[longest + 1 :]))

    def into(self, pose: int, lasts_s: float) -> tuple[Figure, float]:
        """The same, staying in a pose for that long, and when it sets out for it; 0 is the last, which it is in."""
        number = (pose or len(self.poses)) - 1
        sets_out_s = math.fsum(each.moves_s + each.holds_s for each in self.poses[:number])
        stays = replace(self.poses[number], holds_s=lasts_s)
        figure = replace(self, poses=(*self.poses[:number], stays, *self.poses[number + 1 :]))
        return figure, sets_out_s if pose else sets_out_s + stays.moves_s

    def cue_at(self, elapsed_s: float) -> str:
        """The word of the moment."""
        number, way = self._at(elapsed_s)
        pose = self.poses[number]
        return pose.cue if way < 1.0 else pose.hold_cue

    def stands_for_s(self, elapsed_s: float) -> float:
        """The seconds it still holds at that moment; 0 on the way, and while it grows."""
        number, way = self._at(elapsed_s)
        if way < 1.0 or elapsed_s < self.grown_s:
            return 0.0
        held_until_s = math.fsum(pose.moves_s + pose.holds_s for pose in self.poses[: number + 1])
        return max(0.0, held_until_s - elapsed_s % self.loop_s)

    def strokes_at(self, elapsed_s: float, other_side: bool) -> tuple[Stroke, ...]:
        """The figure at that moment; it is drawn for the person's right side, and on the other side for the left."""
        number, way = self._at(elapsed_s)
        first, last = self._seen[number]
        swapped = other_side and self.keeps_facing
        drawn = self._strokes(number, _mix(first, last, way) if way < 1.0 else 1.0, elapsed_s, swapped=swapped)
        return tuple(_mirror(stroke) for stroke in drawn) if other_side and not swapped else drawn

    def _strokes(
        self, number: int, way: float, elapsed_s: float = math.inf, *, swapped: bool = False
    ) -> tuple[Stroke, ...]:
        before, pose = self.poses[number - 1], self.poses[number]
        body = _body(
            self._grown(
                [track.at(way) if isinstance(track, _Track) else track for track in self._tracks[number]], elapsed_s
            )
        )
        if pose.stand is Planted.BOTH:
            x = self.x + body.shift
            legs = legs_to(self.view, body, [spot - x for spot in self._spots])
        else:
            x = _mix(self._root_x(body, before.stand), self._root_x(body, pose.stand), _eased(way))
            legs = [leg(self.view, body, side) for side in SIDES]
        lowest = min(y for points in legs for _, y in points[1:])
        arms = [self._arm(body, side, x, lowest) for side in SIDES]
        placed = strokes(self.view, body, (x, FLOOR_Y + lowest), legs, arms, twists=self._twists, swapped=swapped)
        behind, ahead = _signs(pose, placed, (x - body.shift, FLOOR_Y + lowest), legs)
        drawn = (*self.props.strokes(self.view), *behind, *placed, *ahead)
        return drawn if self.zoom == 1.0 else tuple(_zoomed(stroke, self.zoom, self._centre) for stroke in drawn)

    def _grown(self, numbers: list[float], elapsed_s: float) -> list[float]:
        """What is near the middle of the movement at first, and further from it with time."""
        if not self.grows or elapsed_s >= self.grown_s:
            return numbers
        width = _mix(_LEAST_WIDTH, 1.0, max(0.0, elapsed_s / self.grown_s))
        return [_mix(middle, number, width) for middle, number in zip(self._middle, numbers, strict=True)]

    @cached_property
    def _middle(self) -> list[float]:
        """The numbers of the body half-way between its poses."""
        return [math.fsum(each) / len(each) for each in zip(*(_numbers(pose.body) for pose in self.poses), strict=True)]

    def _at(self, elapsed_s: float) -> tuple[int, float]:
        """Which pose is ahead or held, and which part of the time on the way to it has gone: 0 to 1."""
        # In whole numbers, as what is counted is: as floats, six times 4.7 s are a hair less than 28.2 s.
        left_us = _microseconds(elapsed_s) % self._ends_us[-1]
        stage = bisect_right(self._ends_us, left_us)
        if stage % 2:
            return stage // 2, 1.0
        begins_us = self._ends_us[stage - 1] if stage else 0
        return stage // 2, (left_us - begins_us) / (self._ends_us[stage] - begins_us)

    @cached_property
    def _ends_us(self) -> list[int]:
        """When each way ends, and each hold after it, in microseconds."""
        return list(accumulate(_microseconds(each) for pose in self.poses for each in (pose.moves_s, pose.holds_s)))

    @cached_property
    def _longest(self) -> int:
        """The number of the pose that is held longest."""
        return max(range(len(self.poses)), key=lambda number: self.poses[number].holds_s)

    @cached_property
    def _tracks(self) -> tuple[tuple[_Track | float, ...], ...]:
        """For each pose, how every number of the body gets there from the pose before. Most stay as they are."""
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
                _Track(*ends, pose.moves_s) if ends[0] != ends[1] else ends[0]
                for ends in zip(bodies[number - 1], bodies[number], onward[number - 1], onward[number], strict=True)
            )
            for number, pose in enumerate(self.poses)
        )

    @cached_property
    def _seen(self) -> tuple[tuple[float, float], ...]:
        """The part of each way that shows, so that word and figure change as one.

        Out of a hold and into one it goes so slowly that for a while no pixel moves, though the word has changed.
        """
        return tuple(
            (
                self._near(number, 0.0) if self.poses[number - 1].holds_s else 0.0,
                self._near(number, 1.0) if pose.holds_s else 1.0,
            )
            for number, pose in enumerate(self.poses)
        )

    def _near(self, number: int, end: float) -> float:
        """How far from that end of the way the figure is away from it by as much as one sees."""
        there, near, far = self._strokes(number, end), end, 0.5
        for _ in range(8):
            middle = (near + far) / 2
            seen = _farthest(there, self._strokes(number, middle)) >= _SEEN
            near, far = (near, middle) if seen else (middle, far)
        return far

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

    def _root_x(self, body: Body, stand: Planted) -> float:
        """Where the hips are, if that foot hasn't moved from where it is in the last pose."""
        if stand is Planted.MIDDLE:
            return self.x + body.shift
        point = 3 if stand is Planted.TOES else 2
        side = Planted.LEFT if stand is Planted.LEFT else Planted.RIGHT
        rest = self.poses[-1].body
        return self.x + leg(self.view, rest, side)[point][0] - leg(self.view, body, side)[point][0]

    def _arm(self, body: Body, side: Planted, x: float, lowest: float) -> list[Point]:
        hangs = arm(self.view, body, side)
        hand = self.props.hand
        if hand is None or side not in self.on_desk:
            return hangs
        return arm_to(hangs[0], (hand[0] - x, FLOOR_Y + lowest - hand[1]))


def _microseconds(seconds: float) -> int:
    return round(seconds * 1_000_000)


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


def _signs(
    pose: Pose, placed: Sequence[Stroke], hips: Point, legs: Sequence[list[Point]]
) -> tuple[Sequence[Straight], Sequence[Straight]]:
    """What of the pose's sign is behind the body, and what is in front of it."""
    if pose.sign is None:
        return (), ()
    head = next(stroke for stroke in placed if isinstance(stroke, Circle))
    heel = hips[0] + legs[1][2][0], hips[1] - legs[1][2][1]
    way = math.copysign(1.0, pose.body.twist)
    return list(pose.sign.behind(hips, (head.x, head.y), heel)), list(pose.sign.ahead(hips, way))


def _speed_through(coming: float, going: float) -> float:
    """The speed through a pose: slow enough that nothing overshoots, and 0 where the movement turns around."""
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


def _farthest(some: Sequence[Stroke], others: Sequence[Stroke]) -> float:
    """By how many pixels the end of a limb, or the head, has moved at most."""
    return max(math.dist(one, other) for one, other in zip(map(_points, some), map(_points, others), strict=True))


def _points(stroke: Stroke) -> Sequence[float]:
    return (stroke.x, stroke.y) if isinstance(stroke, Circle) else (stroke.x0, stroke.y0, stroke.x1, stroke.y1)


def _zoomed(stroke: Stroke, zoom: float, centre: Point) -> Stroke:
    def at(x: float, y: float) -> Point:
        return centre[0] + (x - centre[0]) * zoom, centre[1] + (y - centre[1]) * zoom

    if isinstance(stroke, Circle):
        return Circle(*at(stroke.x, stroke.y), stroke.radius * zoom)
    return Straight(*at(stroke.x0, stroke.y0), *at(stroke.x1, stroke.y1), stroke.far, stroke.thing)


def _mirror(stroke: Stroke) -> Stroke:
    edge = SIZE - 1
    if isinstance(stroke, Circle):
        return Circle(edge - stroke.x, stroke.y, stroke.radius)
    return replace(stroke, x0=edge - stroke.x0, x1=edge - stroke.x1)
