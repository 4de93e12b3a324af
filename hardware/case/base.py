"""The base: a floor and a back wall in one, which carry all but the panel and the button."""

from __future__ import annotations

from dataclasses import replace

import cadquery as cq

from hardware.case.placing import (
    BACK,
    BETWEEN_BOARDS,
    BOSS,
    DOT,
    DOTS_APART,
    FACE,
    FLOOR,
    FOOT_DEPTH,
    FRONT_SCREW,
    HEAD,
    LEAN_TAN,
    LIP,
    PILOT,
    PLAY,
    RAIL,
    REAR_SCREW_X,
    STANDOFF,
    STRIP_Y,
    SUNK,
    THROUGH,
    CaseSizes,
    feet,
    grips,
    places,
    rear_screw_z,
    sizes,
)
from hardware.case.screws import screws
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import Build

_CORNER = 4.0
_FRONT_CORNER = 3.0
"""Rounder than the hood is inside."""
_AROUND_PLUG = 0.5
"""More than play: one plugs it in without seeing it."""
_FOOT = 10.5
_DOTS_X = -26.0
"""Where the holes in the back begin."""
_PILOT_END = 1.6
_ANCHOR_LONG, _ANCHOR_SIDE = 8.5, 2.0
_TIE = 4.0
"""The notch for a cable tie of 3.6 mm."""
_TIE_SUNK = 0.8
_HELD = 0.3
"""A usual grip stands so far above what the tie lies on: a tight tie presses it down by that, and no more."""


def base(build: Build) -> cq.Workplane:
    """The base of a build, in the case's frame."""
    case = sizes(build)
    body = _floor(case).union(_back(case)).union(_anchor(build))
    body = body.union(_posts(build)).union(_rails(build))
    return body.cut(_holes(case)).cut(_openings(build)).cut(_pilots(build))


def _floor(case: CaseSizes) -> cq.Workplane:
    front = (FACE + PLAY) / _COS
    slanted = [(front, 0.0), (front + FLOOR * LEAN_TAN, FLOOR), (case.back + 1.0, FLOOR), (case.back + 1.0, 0.0)]
    floor = cq.Workplane("YZ").polyline(slanted).close().extrude(case.inner_half - PLAY, both=True)
    corners = [edge for edge in floor.edges().vals() if edge.Center().y < _CORNER and _is_steep(edge)]
    return floor.newObject(corners).fillet(_FRONT_CORNER)


def _is_steep(edge: cq.Edge) -> bool:
    return bool(abs(edge.Vertices()[0].Z - edge.Vertices()[-1].Z) > FLOOR / 2)


_COS = 1 / (1 + LEAN_TAN**2) ** 0.5


def _back(case: CaseSizes) -> cq.Workplane:
    wall = cq.Workplane("XY").box(2 * case.half, BACK, case.height, centered=(True, False, False))
    wall = wall.translate((0, case.back, 0))
    return wall.edges("|Y and >Z").fillet(_CORNER).faces(">Y").edges("not <Z").fillet(1.2)


def _post(x: float, y: float, top: float) -> cq.Workplane:
    return cq.Workplane("XY", origin=(x, y, FLOOR - 0.5)).circle(BOSS / 2).extrude(top - FLOOR + 0.5)


def _spots(build: Build) -> list[tuple[float, float]]:
    """Where a screw goes down into a post of the floor. The holder's posts are there in every build."""
    into_floor = [one for one in screws(replace(build, seat="force")) if one.into == "base"]
    return [(one.at.at[0], one.at.at[1]) for one in into_floor]


def _posts(build: Build) -> cq.Workplane:
    posts = cq.Workplane("XY")
    for x, y in _spots(build):
        posts = posts.union(_post(x, y, FLOOR + STANDOFF))
    return posts


def _rails(build: Build) -> cq.Workplane:
    """Two rails that the strip board slides into from the front."""
    left = places(build)["board"].at[0] - PLAY
    width, depth, thick = outlines()["board"].size
    inner = width + 2 * PLAY
    bottom, top = FLOOR + STANDOFF, FLOOR + STANDOFF + thick + PLAY
    one = [
        *((-RAIL, FLOOR - 0.5), (1.6, FLOOR - 0.5), (1.6, bottom), (0.0, bottom), (0.0, top), (LIP, top + LIP)),
        *((LIP, top + LIP + RAIL), (-RAIL, top + LIP + RAIL)),
    ]
    other = [(inner - x, z) for x, z in one]
    rails = cq.Workplane("XY")
    for profile in (one, other):
        start = cq.Workplane("XZ", origin=(left, STRIP_Y + depth + BETWEEN_BOARDS / 2, 0))
        rails = rails.union(start.polyline(profile).close().extrude(depth))
    return rails


def _holes(case: CaseSizes) -> cq.Workplane:
    """For screws and feet, from beneath and from behind."""
    cuts = cq.Workplane("XY")
    for side in (-1, 1):
        x = side * (case.inner_half + FRONT_SCREW[0])
        cuts = cuts.union(_down(x, FRONT_SCREW[1], THROUGH, FLOOR)).union(_down(x, FRONT_SCREW[1], HEAD + 0.6, SUNK))
        x, z = side * (case.inner_half + REAR_SCREW_X), rear_screw_z(case.build)
        cuts = cuts.union(_back_hole(case, x, z, THROUGH))
    for x, y in feet(case.build):
        cuts = cuts.union(_down(x, y, _FOOT, FOOT_DEPTH))
    x, _, z = places(case.build)["socket"].at
    return cuts.union(_back_hole(case, x, z, outlines()["socket"].thread + PLAY))


def _down(x: float, y: float, diameter: float, depth: float) -> cq.Workplane:
    return cq.Workplane("XY", origin=(x, y, -0.01)).circle(diameter / 2).extrude(depth + 0.01)


def _back_hole(case: CaseSizes, x: float, z: float, diameter: float) -> cq.Workplane:
    return cq.Workplane("XZ", origin=(x, case.depth + 1, z)).circle(diameter / 2).extrude(BACK + 2)


def _openings(build: Build) -> cq.Workplane:
    """For the power plug, and for warm air."""
    case = sizes(build)
    left, bottom, right, top = _around_plugs(build)
    cuts = cq.Workplane("XY", origin=(left, case.back - 1, bottom))
    cuts = cuts.box(right - left, BACK + 1, top - bottom, centered=False)
    cuts = cuts.edges("|Y and <Z").fillet(1.6).edges("|Y and >Z").fillet(2.2)
    spots = [
        (_DOTS_X + DOTS_APART * (column + row % 2 / 2), case.height - 8.0 - DOTS_APART * 0.866 * row)
        for row in range(3)
        for column in range(7)
    ]
    air = cq.Workplane("XZ", origin=(0, case.depth + 1, 0)).pushPoints(spots).circle(DOT / 2).extrude(BACK + 2)
    return cuts.union(air)


def _pilots(build: Build) -> cq.Workplane:
    # The strip board's screw has nothing under its head but its post, and so its tip ends in the floor's underside.
    spots = _spots(build)
    cuts = cq.Workplane("XY", origin=(0, 0, _PILOT_END)).pushPoints(spots).circle(PILOT / 2).extrude(FLOOR + STANDOFF)
    x, y, _ = next(one.at.at for one in screws(build) if one.holds == "board")
    return cuts.union(_down(x, y, PILOT, FLOOR))


def _around_plugs(build: Build) -> tuple[float, float, float, float]:
    """The room for every plug's grip: left, bottom, right and top."""
    lefts, bottoms, rights, tops = zip(*grips(build).values(), strict=True)
    room = _AROUND_PLUG
    # Higher than it need be, so that round upper corners leave a roof that is short enough to print.
    return min(lefts) - room, min(bottoms) - room, max(rights) + room, max(tops) + 2 * room


def _anchor(build: Build) -> cq.Workplane:
    """A trough behind the power port: a cable tie goes round it and the plug's grip, and lies on its two sides.

    So the tie holds the grip, and can't bend it down far: the sides stop the tie, or the bottom stops a high grip.
    """
    case = sizes(build)
    left, low, right, _ = _around_plugs(build)
    too_high = {kind: (outlines()[kind].size[1] - outlines()[kind].usual) / 2 for kind in grips(build)}
    saddle = min(top - too_high[kind] for kind, (*_, top) in grips(build).items()) - _HELD
    floor = low + _AROUND_PLUG - PLAY / 2
    wide, middle = right - left, (left + right) / 2
    outside = wide + 2 * _ANCHOR_SIDE, _ANCHOR_LONG + 1, saddle + 1.4
    outer = cq.Workplane("XY").box(*outside, centered=(True, False, False))
    outer = outer.edges("|Z and >Y").fillet(1.0)
    inside = cq.Workplane("XY", origin=(0, 0, floor)).box(wide, 40, 40, centered=(True, True, False))
    y = 1 + _ANCHOR_LONG / 2
    over = cq.Workplane("XY", origin=(0, y, saddle)).box(60, _TIE, 20, centered=(True, True, False))
    under = cq.Workplane("XY", origin=(0, y, -1)).box(60, _TIE, 1 + _TIE_SUNK, centered=(True, True, False))
    return outer.cut(inside).cut(over).cut(under).translate((middle, case.depth - 1, 0))
