"""The small printed parts: the bar behind the panel, the clip at the chair, and the holder of the converter."""

from __future__ import annotations

import cadquery as cq

from hardware.case.placing import (
    BACK,
    BAR,
    BAR_RISE,
    CLIP_SOCKET,
    CLIP_TIE_Y,
    HOLDER_LEDGE,
    HOLDER_PLATE,
    HOLDER_SCREWS,
    JOINT,
    LIP,
    PAD,
    PLAY,
    RAIL,
    THROUGH,
    bar_reach,
)
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import Build


def bar(build: Build) -> cq.Workplane:
    """The bar that presses the panel's board to its pads; flat, with its feet up, its middle at the origin."""
    panel, reach = outlines()[build.panel], bar_reach(build)
    wide, thick = BAR
    plate = cq.Workplane("XY").slot2D(2 * reach + wide, wide).extrude(thick)
    foot = BAR_RISE - PAD - panel.size[2] - 0.1
    for side in (-1, 1):
        x = side * (panel.size[0] / 2 - 1.0)
        plate = plate.union(cq.Workplane("XY", origin=(x, 0, thick)).rect(2.4, wide - 1).extrude(foot))
    return plate.cut(cq.Workplane("XY").pushPoints([(-reach, 0), (reach, 0)]).circle(THROUGH / 2).extrude(thick))


def clip(_: Build) -> cq.Workplane:
    """The clip under the chair: a plate with slots for a cable tie, and a wall that the socket sits in."""
    plate = cq.Workplane("XY", origin=(0, -2.5, 0)).box(46, 27, 3.0, centered=(True, True, False)).edges("|Z").fillet(5)
    plate = plate.faces(">Z").edges().fillet(1.0)
    wall = cq.Workplane("XY", origin=(0, CLIP_SOCKET.at[1] - BACK, 1.0)).box(
        18, BACK, 18, centered=(True, False, False)
    )
    body = plate.union(wall.edges("|Y and >Z").fillet(5))
    for side in (-1, 1):
        rib = cq.Workplane("YZ", origin=(side * 8 - 1, 0, 0))
        body = body.union(rib.polyline([(-7, 2), (7, 2), (7, 14), (6.4, 14)]).close().extrude(2.0))
    return body.cut(_clip_holes())


def _clip_holes() -> cq.Workplane:
    """For a cable tie round a leg of the chair, or two screws into its seat; for the pad's lead; for the socket."""
    flat = cq.Workplane("XY", origin=(0, 0, -1))
    ties = flat.pushPoints([(-13.5, 0), (13.5, 0)]).rect(2.4, 10).extrude(6)
    screws = flat.pushPoints([(-18.5, 0), (18.5, 0)]).circle(1.9).extrude(6)
    lead = flat.pushPoints([(-3.5, CLIP_TIE_Y), (3.5, CLIP_TIE_Y)]).rect(1.8, 4.0).extrude(6)
    socket = (
        cq.Workplane("XZ", origin=(0, 12, CLIP_SOCKET.at[2]))
        .circle((outlines()["socket"].thread + PLAY) / 2)
        .extrude(8)
    )
    return ties.union(screws).union(lead).union(socket)


def holder(_: Build) -> cq.Workplane:
    """The tray that the converter's board slides into; the middle of its underside at the origin."""
    wide, deep = outlines()["converter"].size[:2]
    tray = cq.Workplane("XY").box(wide + 2, deep + 2 * (PLAY + RAIL), HOLDER_PLATE, centered=(True, True, False))
    start, end, pins = -wide / 2 - 1, deep / 2 + PLAY, 1
    # On the pins' side it is held down at its far end only, since it slides in under the pins, and lies on a ledge
    # that leaves their joints room.
    for profile, long in (
        (_rail(-pins, lip=True), wide + 2),
        (_ledge(-pins, end), wide + 2),
        (_rail(pins, lip=False), wide + 2),
        (_ledge(pins, _before_joints()), wide + 2),
        (_rail(pins, lip=True), 2.0),
    ):
        tray = tray.union(profile.extrude(long).translate((start, 0, 0)))
    screws = cq.Workplane("XY").pushPoints([(-HOLDER_SCREWS, 0), (HOLDER_SCREWS, 0)])
    return tray.cut(screws.circle(THROUGH / 2).extrude(HOLDER_PLATE))


def _rail(side: int, *, lip: bool) -> cq.Workplane:
    _, deep, thick = outlines()["converter"].size
    half, top = deep / 2 + PLAY, HOLDER_PLATE + HOLDER_LEDGE + thick + PLAY
    over = [(half - LIP, top + LIP), (half - LIP, top + LIP + RAIL)] if lip else []
    profile = [(half + RAIL, 0.0), (half, 0.0), (half, top), *over, (half + RAIL, top + (LIP + RAIL if lip else 0.0))]
    return cq.Workplane("YZ").polyline([(side * y, z) for y, z in profile]).close()


def _ledge(side: int, outer: float) -> cq.Workplane:
    """What the board lies on, from that far from its middle inwards."""
    low = HOLDER_PLATE + HOLDER_LEDGE
    profile = [(outer, 0.0), (outer, low), (outer - RAIL, low), (outer - RAIL, 0.0)]
    return cq.Workplane("YZ").polyline([(side * y, z) for y, z in profile]).close()


def _before_joints() -> float:
    """As far from the middle of the converter as a ledge may be beside the joints of its pins."""
    converter = outlines()["converter"]
    row = min(y for _, y in converter.pins.values())
    return converter.size[1] / 2 - row - JOINT - PLAY
