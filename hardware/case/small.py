"""The small printed parts: the bar behind the panel, the clip at the chair, and the holder of the converter."""

from __future__ import annotations

import cadquery as cq

from hardware.case.placing import BAR, BAR_RISE, PAD, PLAY, SCREW, bar_reach
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import Build

_THROUGH = SCREW + 0.3


def bar(build: Build) -> cq.Workplane:
    """The bar that presses the panel's board to its pads; flat, with its feet up, its middle at the origin."""
    panel, reach = outlines()[build.panel], bar_reach(build)
    wide, thick = BAR
    plate = cq.Workplane("XY").slot2D(2 * reach + wide, wide).extrude(thick)
    foot = BAR_RISE - PAD - panel.size[2] - 0.1
    for side in (-1, 1):
        x = side * (panel.size[0] / 2 - 1.0)
        plate = plate.union(cq.Workplane("XY", origin=(x, 0, thick)).rect(2.4, wide - 1).extrude(foot))
    return plate.cut(cq.Workplane("XY").pushPoints([(-reach, 0), (reach, 0)]).circle(_THROUGH / 2).extrude(thick))


def clip(_: Build) -> cq.Workplane:
    """The clip under the chair: a plate with slots for a cable tie, and a wall that the socket sits in."""
    socket = outlines()["socket"]
    plate = cq.Workplane("XY").box(46, 20, 3.0, centered=(True, True, False)).edges("|Z").fillet(4)
    wall = cq.Workplane("XY").box(18, 2.4, 18, centered=(True, False, False)).edges("|Y and >Z").fillet(4)
    body = plate.union(wall.translate((0, 7.6, 0)))
    for side in (-1, 1):
        rib = cq.Workplane("YZ", origin=(side * 9 - 1, 0, 0))
        body = body.union(rib.polyline([(-8, 3), (8, 3), (8, 17)]).close().extrude(2.0))
        body = body.cut(cq.Workplane("XY").box(2.4, 10, 8).translate((side * 14, 0, 0)))
        body = body.cut(cq.Workplane("XY", origin=(side * 19, 0, -1)).circle(1.9).extrude(6))
        body = body.cut(cq.Workplane("XY").box(1.8, 5.0, 8).translate((side * 3.5, -6.0, 0)))
    hole = cq.Workplane("XZ", origin=(0, 12, 10.5)).circle((socket.thread + PLAY) / 2).extrude(6)
    return body.cut(hole)


def holder(_: Build) -> cq.Workplane:
    """The tray that the converter's board slides into; its left lower corner at the origin."""
    wide, deep, thick = outlines()["converter"].size
    plate = cq.Workplane("XY").box(wide + 2, deep + 2 * (1.6 + PLAY), 2.0, centered=(True, True, False))
    top = 2.0 + 2.0 + thick + PLAY
    half = deep / 2 + PLAY
    one = [(half + 1.6, 0), (half - 1.6, 0), (half - 1.6, 4.0), (half, 4.0), (half, top), (half - 1.2, top + 1.2)]
    one += [(half - 1.2, top + 2.4), (half + 1.6, top + 2.4)]
    for side in (-1, 1):
        rail = cq.Workplane("YZ", origin=(-wide / 2 - 1, 0, 0)).polyline([(side * y, z) for y, z in one]).close()
        plate = plate.union(rail.extrude(wide + 2))
    return plate.cut(cq.Workplane("XY").pushPoints([(-11, 0), (11, 0)]).circle(_THROUGH / 2).extrude(2.0))
