"""The hood: the face that leans back, the two sides and the top, with the panel behind the window and the button."""

from __future__ import annotations

from math import cos, radians, sin

import cadquery as cq

from hardware.case.placing import (
    BAR_RISE,
    BOSS,
    BOSS_DEPTH,
    BOSS_HIGH,
    DOT,
    DOTS_APART,
    FACE,
    FLOOR,
    FRONT_SCREW,
    LEAN_DEG,
    LEAN_TAN,
    PAD,
    PANEL_S,
    PILOT,
    PLAY,
    REAR_SCREW_X,
    WALL,
    CaseSizes,
    bar_reach,
    bar_s,
    on_face,
    places,
    rear_screw_z,
    sizes,
)
from hardware.wiring.outlines import hole, outlines
from hardware.wiring.wires import Build

_ROUND = 4.0
_BROW = 1.2
"""How far below the top the face begins to bend."""
_FAR = 150.0
"""Beyond all of the case."""
_GAP = 0.2
"""Between the hood and the base where the one closes on the other."""
_ROOF = 3.6
_MARGIN = 0.9
"""Around the dots, so that nobody who looks from the side misses any."""
_GUIDE = 1.6


def hood(build: Build) -> cq.Workplane:
    """The hood of a build, in the case's frame."""
    case = sizes(build)
    body = _shell(case).union(_bosses(case).intersect(_block(case, _GAP)))
    behind = _behind_the_face(build)
    return body.union(behind).cut(_window(build)).cut(_pilots(build)).cut(_openings(build))


def _block(case: CaseSizes, inset: float = 0.0) -> cq.Workplane:
    """The hood's outer shape, filled."""
    end, wide = case.back - _GAP, case.half - inset
    side = [(0.0, 0.0), *_brow(case), (end, case.height), (end, 0.0)]
    block = cq.Workplane("YZ").polyline(side).close().extrude(wide, both=True)
    return block.intersect(_upright(case, wide)).intersect(_along_face(wide))


def _brow(case: CaseSizes) -> list[tuple[float, float]]:
    """Where the face bends into the top, in two steps: on the bed, none of them leans out by more than 45 degrees."""
    lean = radians(LEAN_DEG)
    y, z = case.slope * sin(lean), case.height
    on_top = _BROW * sin(radians(45)) / sin(radians(LEAN_DEG - 15))
    return [(y - _BROW * sin(lean), z - _BROW * cos(lean)), (y + on_top, z)]


def _upright(case: CaseSizes, wide: float) -> cq.Workplane:
    """Everything between two sides under a top with round edges."""
    room = cq.Workplane("XZ", origin=(0, -_FAR, 0)).rect(2 * wide, 2 * case.height).extrude(-3 * _FAR)
    return room.edges("|Y and >Z").fillet(_ROUND)


def _along_face(wide: float) -> cq.Workplane:
    """Everything behind the face; its edges begin at 45 degrees and end in a curve, so they print without a support."""
    flat, lean = _ROUND * (2 - 2**0.5), radians(LEAN_DEG)
    across = cq.Plane(origin=on_face(0, -_FAR), xDir=(1, 0, 0), normal=(0, sin(lean), cos(lean)))
    half = [(wide - flat, 0.0), (wide, flat), (wide, _FAR)]
    outline = cq.Workplane(across).polyline(half + [(-x, depth) for x, depth in reversed(half)]).close()
    body = outline.extrude(3 * _FAR)
    bends = [edge for edge in body.edges().vals() if _is_bend(edge, wide, flat)]
    return body.newObject(bends).fillet(_ROUND)


def _is_bend(edge: cq.Edge, wide: float, flat: float) -> bool:
    lean = radians(LEAN_DEG)
    at = edge.Center()
    depth = at.y * cos(lean) - at.z * sin(lean)
    return bool(abs(abs(at.x) - wide) < 1e-6 and abs(depth - flat) < 1e-6)


def _shell(case: CaseSizes) -> cq.Workplane:
    lean = radians(LEAN_DEG)
    foot = FACE / cos(lean)
    ceiling = case.height - WALL
    below, beyond = -5.0, case.depth + 5.0
    side = [
        *((foot + below * LEAN_TAN, below), (foot + ceiling * LEAN_TAN, ceiling)),
        *((beyond, ceiling), (beyond, below)),
    ]
    room = cq.Workplane("YZ").polyline(side).close().extrude(case.inner_half, both=True)
    edges = [edge for edge in room.edges().vals() if not _is_outside(edge, below, beyond)]
    return _block(case).cut(room.newObject(edges).fillet(_ROUND - WALL))


def _is_outside(edge: cq.Edge, below: float, beyond: float) -> bool:
    ends = edge.Vertices()
    return all(abs(end.Z - below) < 1e-6 for end in ends) or all(abs(end.Y - beyond) < 1e-6 for end in ends)


def _bosses(case: CaseSizes) -> cq.Workplane:
    """What the four screws go into: two blocks at the foot of the face, two in front of the back wall."""
    bosses = cq.Workplane("XY")
    for side in (-1, 1):
        outer = side * (case.inner_half + WALL / 2)
        inner = side * (case.inner_half + FRONT_SCREW[0] * 2)
        end = FRONT_SCREW[1] + BOSS / 2
        front = cq.Workplane("YZ", origin=(inner, 0, 0))
        low, high = FLOOR + _GAP, FLOOR + 9.4
        bosses = bosses.union(
            front.polyline([(1 + low * LEAN_TAN, low), (1 + high * LEAN_TAN, high), (end, high), (end, low)])
            .close()
            .extrude(outer - inner)
        )
        bosses = bosses.union(_rear_boss(case, inner, outer))
    return bosses


def _rear_boss(case: CaseSizes, inner: float, outer: float) -> cq.Workplane:
    end, reach = case.back - _GAP, abs(outer - inner)
    # Its front slants by 45 degrees, so that it prints without a support.
    plan = [(inner, end), (inner, end - BOSS_DEPTH), (outer, end - BOSS_DEPTH - reach), (outer, end)]
    return (
        cq.Workplane("XY", origin=(0, 0, rear_screw_z(case.build) - BOSS_HIGH / 2))
        .polyline(plan)
        .close()
        .extrude(BOSS_HIGH)
    )


def _face_plane(s: float, depth: float, x: float = 0.0) -> cq.Plane:
    """A plane behind the face: its x to the right, its y up along the face, its normal outwards."""
    lean = radians(LEAN_DEG)
    return cq.Plane(origin=on_face(x, s, depth), xDir=(1, 0, 0), normal=(0, -cos(lean), sin(lean)))


def _behind_the_face(build: Build) -> cq.Workplane:
    """Pads that the panel's board rests on, guides around its corners, and bosses for the bar."""
    panel = outlines()[build.panel]
    half, high = panel.size[0] / 2, panel.size[1]
    plane = cq.Workplane(_face_plane(PANEL_S, FACE))
    tall = PAD + panel.size[2]
    grown = half + panel.spread / 2 + PLAY
    lower, upper = -panel.spread / 2 - PLAY, high + panel.spread / 2 + PLAY
    parts = cq.Workplane("XY")
    for side in (-1, 1):
        # Lower ones under the glass, upper ones beside the pins.
        for y, width in ((panel.glass[1] / 2 - 0.4, 5.0), ((high + panel.glass[3]) / 2 + 0.4, 5.0)):
            deep = min(panel.glass[1], high - panel.glass[3]) - 1.0
            parts = parts.union(plane.center(side * (half - width / 2), y).rect(width, deep).extrude(-PAD))
        for y in (lower - _GUIDE / 2, upper + _GUIDE / 2):
            parts = parts.union(plane.center(side * (half - 4.0), y).rect(8.0, _GUIDE).extrude(-tall))
        boss = plane.center(side * bar_reach(build), bar_s(build) - PANEL_S).rect(BOSS, BOSS + 3.0).extrude(-BAR_RISE)
        parts = parts.union(boss)
        assert bar_reach(build) - BOSS / 2 >= grown - 1e-6
    return parts


def _window(build: Build) -> cq.Workplane:
    """The opening over the dots, wider towards the outside."""
    panel = outlines()[build.panel]
    left, lower, right, upper = panel.active
    x, y = (left + right) / 2 - panel.size[0] / 2, (lower + upper) / 2
    wide, high = right - left + 2 * _MARGIN, upper - lower + 2 * _MARGIN
    plane = cq.Workplane(_face_plane(PANEL_S + y, FACE + 0.01, x))
    straight = plane.rect(wide, high).extrude(FACE + 1.0).edges("|X").fillet(0.01)
    bevel = FACE - 0.8
    slanted = (
        cq.Workplane(_face_plane(PANEL_S + y, bevel, x))
        .rect(wide, high)
        .workplane(offset=bevel)
        .rect(wide + 2 * bevel, high + 2 * bevel)
        .loft()
    )
    return straight.union(slanted)


def _pilots(build: Build) -> cq.Workplane:
    case = sizes(build)
    cuts = cq.Workplane("XY")
    plane = cq.Workplane(_face_plane(bar_s(build), FACE + BAR_RISE + 0.01))
    for side in (-1, 1):
        cuts = cuts.union(plane.center(side * bar_reach(build), 0).circle(PILOT / 2).extrude(BAR_RISE + 0.6))
        x = side * (case.inner_half + FRONT_SCREW[0])
        cuts = cuts.union(cq.Workplane("XY", origin=(x, FRONT_SCREW[1], FLOOR)).circle(PILOT / 2).extrude(7.5))
        x, z = side * (case.inner_half + REAR_SCREW_X), rear_screw_z(build)
        cuts = cuts.union(cq.Workplane("XZ", origin=(x, case.back, z)).circle(PILOT / 2).extrude(8.5))
    return cuts


def _openings(build: Build) -> cq.Workplane:
    """For the button, the card, the sound and warm air."""
    case, placed = sizes(build), places(build)
    x, y, _ = placed["button"].at
    thread = outlines()["button"].thread
    above = cq.Workplane("XY", origin=(x, y, case.height - 5))
    button = above.circle((thread + PLAY) / 2).extrude(10)
    # A round roof would hang over where it prints; the button's rim covers this one.
    wide = (thread + PLAY) / 8**0.5
    roof = above.polyline(
        [(-wide, wide), (-_ROOF / 2, 2 * wide - _ROOF / 2), (_ROOF / 2, 2 * wide - _ROOF / 2), (wide, wide)]
    )
    return button.union(roof.close().extrude(10)).union(_card(build)).union(_dots(build))


def _dots(build: Build) -> cq.Workplane:
    """A little field of holes in each side, as high as the buzzer's top: sound goes out, and cool air comes in."""
    board = outlines()["board"]
    _, y, z = places(build)["board"].of((0.0, hole(board, 4.5, 1)[1], board.size[2] + 7.0))
    spots = [
        (y + DOTS_APART * (column + row % 2 / 2), z + DOTS_APART * row * 0.866)
        for row in range(-2, 3)
        for column in range(-2, 3)
        if abs(column + row % 2 / 2) + abs(row) / 2 <= 2
    ]
    case = sizes(build)
    return (
        cq.Workplane("YZ", origin=(-case.half - 1, 0, 0)).pushPoints(spots).circle(DOT / 2).extrude(2 * case.half + 2)
    )


def _card(build: Build) -> cq.Workplane:
    """An opening in the right side, where the card is, wider towards the outside: fingernails reach it."""
    case = sizes(build)
    _, front, bottom, _, back, top = outlines()[build.board].ports["microSD"]
    _, y, z = places(build)["header"].of((0.0, (front + back) / 2, (bottom + top) / 2))
    wide, high = back - front + 3.0, 6.0
    straight = cq.Workplane("YZ", origin=(case.half - 5, y, z)).rect(wide, high).extrude(10).edges("|X").fillet(1.5)
    deep = WALL - 0.8
    outer = _rounded(wide + 2 * deep, high + 2 * deep, 2.5).moved(cq.Location(cq.Vector(0, 0, deep)))
    start = cq.Workplane("YZ", origin=(case.half - deep, y, z))
    bevel = start.placeSketch(_rounded(wide, high, 1.5), outer).loft()
    return straight.union(bevel)


def _rounded(wide: float, high: float, corner: float) -> cq.Sketch:
    return cq.Sketch().rect(wide, high).vertices().fillet(corner)
