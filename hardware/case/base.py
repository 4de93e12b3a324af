"""The base: a floor and a back wall in one, which carry all but the panel and the button."""

from __future__ import annotations

from math import radians, tan

import cadquery as cq

from hardware.case.placing import (
    BACK,
    BETWEEN_BOARDS,
    BOSS,
    FACE,
    FLOOR,
    FRONT_SCREW,
    HEAD,
    LEAN_DEG,
    PILOT,
    PLAY,
    RAIL,
    REAR_SCREW,
    SCREW,
    STANDOFF,
    STRIP_Y,
    CaseSizes,
    places,
    sizes,
)
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import Build

_CORNER = 4.0
_LIP = 1.2
_PLUG = {"power": (13.0, 9.0)}
"""How wide and high a plug's grip is that reaches into its opening."""
_FOOT, _FOOT_DEPTH = 10.5, 0.8
_HEAD_DEPTH = 1.2
_THROUGH = SCREW + 0.3


def base(build: Build) -> cq.Workplane:
    """The base of a build, in the case's frame."""
    case = sizes(build)
    body = _floor(case).union(_back(case))
    body = body.union(_board_posts(build)).union(_rails(build)).union(_holder_posts(build))
    return body.cut(_holes(case)).cut(_openings(build)).cut(_pilots(build))


def _floor(case: CaseSizes) -> cq.Workplane:
    front = (FACE + PLAY) / _COS
    slanted = [(front, 0.0), (front + FLOOR * _TAN, FLOOR), (case.back + 1.0, FLOOR), (case.back + 1.0, 0.0)]
    return cq.Workplane("YZ").polyline(slanted).close().extrude(case.inner_half - PLAY, both=True)


_TAN = tan(radians(LEAN_DEG))
_COS = 1 / (1 + _TAN**2) ** 0.5


def _back(case: CaseSizes) -> cq.Workplane:
    wall = cq.Workplane("XY").box(2 * case.half, BACK, case.height, centered=(True, False, False))
    wall = wall.translate((0, case.back, 0))
    return wall.edges("|Y and >Z").fillet(_CORNER).faces(">Y").edges("not <Z").fillet(1.2)


def _post(x: float, y: float, top: float) -> cq.Workplane:
    return cq.Workplane("XY", origin=(x, y, FLOOR - 0.5)).circle(BOSS / 2).extrude(top - FLOOR + 0.5)


def _spots(build: Build) -> list[tuple[float, float]]:
    """Where a screw goes down into a post of the floor: the board's, the strip board's, the holder's."""
    placed = places(build)
    board = [placed["header"].of((x, y, 0.0)) for x, y in outlines()[build.board].holes]
    return [(x, y) for x, y, _ in board] + [_strip_spot(build), *_holder_spots(build)]


def _strip_spot(build: Build) -> tuple[float, float]:
    # The screw's head stands in the way of the strip board, so that it can't slide out of its rails.
    middle = places(build)["board"].at[0] + outlines()["board"].size[0] / 2
    return middle, STRIP_Y - HEAD / 2 - PLAY


def _holder_spots(build: Build) -> list[tuple[float, float]]:
    right = sizes(build).inner_half - 3.0
    return [(right - 26.0, STRIP_Y + 9.5), (right - 4.0, STRIP_Y + 9.5)]


def _board_posts(build: Build) -> cq.Workplane:
    posts = cq.Workplane("XY")
    for x, y in _spots(build)[: len(outlines()[build.board].holes) + 1]:
        posts = posts.union(_post(x, y, FLOOR + STANDOFF))
    return posts


def _holder_posts(build: Build) -> cq.Workplane:
    posts = cq.Workplane("XY")
    for x, y in _holder_spots(build):
        posts = posts.union(_post(x, y, FLOOR + STANDOFF))
    return posts


def _rails(build: Build) -> cq.Workplane:
    """Two rails that the strip board slides into from the front."""
    left = places(build)["board"].at[0] - PLAY
    width, depth, thick = outlines()["board"].size
    inner = width + 2 * PLAY
    bottom, top = FLOOR + STANDOFF, FLOOR + STANDOFF + thick + PLAY
    one = [
        *((-RAIL, FLOOR - 0.5), (1.6, FLOOR - 0.5), (1.6, bottom), (0.0, bottom), (0.0, top), (_LIP, top + _LIP)),
        *((_LIP, top + _LIP + 1.2), (-RAIL, top + _LIP + 1.2)),
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
        cuts = cuts.union(_down(x, FRONT_SCREW[1], _THROUGH, FLOOR)).union(
            _down(x, FRONT_SCREW[1], HEAD + 0.6, _HEAD_DEPTH)
        )
        for y in (FRONT_SCREW[1] + 1.0, case.depth - 9.0):
            cuts = cuts.union(_down(side * (case.inner_half - 13.0), y, _FOOT, _FOOT_DEPTH))
        x, z = side * (case.inner_half + REAR_SCREW[0]), REAR_SCREW[1]
        cuts = cuts.union(_back_hole(case, x, z, _THROUGH))
    socket = outlines()["socket"]
    return cuts.union(_back_hole(case, 6.0, 25.0, socket.thread + PLAY))


def _down(x: float, y: float, diameter: float, depth: float) -> cq.Workplane:
    return cq.Workplane("XY", origin=(x, y, -0.01)).circle(diameter / 2).extrude(depth + 0.01)


def _back_hole(case: CaseSizes, x: float, z: float, diameter: float) -> cq.Workplane:
    return cq.Workplane("XZ", origin=(x, case.depth + 1, z)).circle(diameter / 2).extrude(BACK + 2)


def _openings(build: Build) -> cq.Workplane:
    """For the power plug, and for warm air."""
    case, placed, ports = sizes(build), places(build)["header"], outlines()[build.board].ports
    left, _, bottom, right, _, top = ports["power"]
    x, _, z = placed.of(((left + right) / 2, 0.0, (bottom + top) / 2))
    wide, high = _PLUG["power"]
    cuts = cq.Workplane("XY").box(wide, BACK + 2, high).edges("|Y").fillet(2.0).translate((x, case.back + BACK / 2, z))
    for nth in range(7):
        slot = cq.Workplane("XY").box(1.8, BACK + 2, 7.0).edges("|Y").fillet(0.85)
        cuts = cuts.union(slot.translate((-26.0 + 3.6 * nth, case.back + BACK / 2, case.height - 9.5)))
    return cuts


def _pilots(build: Build) -> cq.Workplane:
    cuts = cq.Workplane("XY")
    for x, y in _spots(build):
        cuts = cuts.union(cq.Workplane("XY", origin=(x, y, FLOOR - 1.0)).circle(PILOT / 2).extrude(STANDOFF + 2))
    return cuts
