"""The finished device on a desk, with what else lies there."""

from __future__ import annotations

import cadquery as cq

from hardware.case.bought import audio_plug, in_case, power_plug
from hardware.case.placing import Placement, places, sizes
from hardware.case.printed import printed
from hardware.renders.assembly import screws_of
from hardware.renders.camera.mesh import Look, Surface, moved, placed, sheet, solid, tube
from hardware.renders.camera.shot import Shot
from hardware.renders.labels import Tag
from hardware.renders.looks import CABLE, in_its_place, lit_panel, of_printed, of_solid
from hardware.renders.panel_picture import as_lit, guide_dots
from hardware.renders.tableau import Tableau, around, table
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import SHIPPED

_OAK, _WALL = "#c99d6c", "#ece1d0"
_CUP, _TEA = Look("#5d7f86", 0.35, 50), Look("#6b3e1f", 0.3, 60)
FOOT = outlines()["foot"].height


def device() -> list[Surface]:
    """The closed case with all that one sees of it from outside, standing on its feet at z = 0."""
    shown = [of_printed("base"), of_printed("hood"), *in_its_place("button"), *in_its_place("socket")]
    shown += placed(lit_panel(as_lit(guide_dots())), places()["panel"])
    shown += in_its_place("header")
    shown += plugs()
    return moved(shown, z=FOOT)


def plugs() -> list[Surface]:
    """Both plugs with the beginning of their cables."""
    power, socket = places()["header"], places()["socket"]
    return [
        of_solid(power_plug(), CABLE, power),
        of_solid(audio_plug(), CABLE, socket),
    ]


def desk() -> Tableau:
    """The picture that the README begins with."""
    target = (17.0, 24.0, 37.0)
    shot = Shot(
        around(target, 335, -19, 21),
        target,
        lens_deg=23.5,
        height=520,
        reach=300,
        background=_WALL,
        lamp=(-0.8, -0.6, 1.0),
    )
    wall = sheet((-3000, 420, -10), (3000, 420, -10), (-3000, 420, 2500), Look(_WALL, glows=True))
    return Tableau([*device(), *_cables(), *_cup(), table(_OAK), wall], shot)


def _cables() -> list[Surface]:
    x, y, z = places()["socket"].at
    z += FOOT
    end = outlines()["audio_plug"].height
    chair = [(x, y + end - 2, z), (x, y + end + 10, z - 1), (x + 16, y + end + 34, 12), (x + 60, y + end + 42, 2.2)]
    chair += [(x + 130, y + end + 10, 2.2), (x + 190, y + end + 40, 2.2), (x + 300, y + end + 60, 2.2)]
    left, _, bottom, right, _, top = outlines()["zero"].ports["power"]
    x, y, z = places()["header"].of(((left + right) / 2, -22.0, (bottom + top) / 2))
    power = [(x, y, z + FOOT), (x, y + 14, z + FOOT), (x - 20, y + 45, 2), (x - 90, y + 80, 2), (x - 300, y + 130, 2)]
    return [tube(chair, 3.4, CABLE), tube(power, 3.4, Look("#e9e4db", 0.15, 20))]


def _cup() -> list[Surface]:
    side = [(0, 0), (27, 0), (31, 3), (39, 88), (36.5, 88), (29, 6), (0, 6)]
    shape = cq.Workplane("XZ").polyline(side).close().revolve(360, (0, 0, 0), (0, 1, 0))
    handle = tube([(33, 0, 22), (52, 0, 24), (62, 0, 46), (56, 0, 68), (37, 0, 72)], 8.0, _CUP)
    tea = solid(cq.Workplane("XY", origin=(0, 0, 70)).circle(34.4).extrude(1), _TEA)
    return placed([solid(shape, _CUP), handle, tea], Placement((150.0, 190.0, 0.0), turn_deg=-25))


_TIE_WIDE, _TIE_THICK = 2.5, 0.9
_NYLON = Look("#a9b4bd", 0.25, 25)


def plug_step() -> Tableau:
    """From behind: the power plug in its trough, with the cable tie around both."""
    grip = outlines()["micro_usb_plug"]
    power = in_case(power_plug(high=grip.usual), places()["header"])
    case = sizes()
    trough = printed("base", SHIPPED).intersect(
        cq.Workplane("XY").box(200, 40, 60, centered=(True, False, True)).translate((0, case.depth + 1.0, 0))
    )
    shown = [of_printed("base"), of_printed("hood"), *in_its_place("button"), *in_its_place("socket")]
    shown += [solid(power, CABLE), *_tie_around(trough, power), *screws_of("base")]
    box, side = power.val().BoundingBox(), trough.val().BoundingBox()
    x, y, z = (box.xmin + box.xmax) / 2, box.ymax, (box.zmin + box.zmax) / 2
    middle = (x + 5.0, case.depth + 8.0, 20.0)
    shot = Shot(around(middle, 190, 150, 33), middle, lens_deg=22, height=440, reach=110, lamp=(0.75, 0.6, 1.0))
    shown.append(tube([(x, y - 1, z), (x, y + 20, z), (x - 6, y + 50, 2), (x - 40, y + 120, 2)], 3.4, CABLE))
    tags = [
        Tag("cable tie around both", (side.xmin + 3.0, (case.depth + side.ymax) / 2, box.zmax + FOOT + 4), (690, 90)),
        Tag("trough, with notches for it", (side.xmax, side.ymax - 1.0, side.zmax + FOOT - 4), (150, 380)),
        Tag("power plug", (x, y - 5, box.zmax + FOOT), (650, 380)),
    ]
    return Tableau([table(), *moved(shown, z=FOOT)], shot, tags)


def _tie_around(trough: cq.Workplane, grip: cq.Workplane) -> list[Surface]:
    """A short cable tie, pulled tight: through the groove beneath, in the notches, over the grip; its end cut off."""
    outer, held = trough.val().BoundingBox(), grip.val().BoundingBox()
    y = (sizes().depth + outer.ymax) / 2
    left, right, low, high = outer.xmin - 0.1, outer.xmax + 0.1, outer.zmin + 0.2, held.zmax
    ring = cq.Workplane("XZ", origin=(0, y + _TIE_WIDE / 2, 0))
    middle = ((left + right) / 2, (low + high) / 2)
    outside = ring.center(*middle).rect(right - left + 2 * _TIE_THICK, high - low + 2 * _TIE_THICK)
    band = outside.rect(right - left, high - low).extrude(_TIE_WIDE)
    head = cq.Workplane("XY").box(4.2, 4.4, 4.0).edges().fillet(0.6).translate((left + 3.0, y, high + 2.0))
    end = cq.Workplane("XY").box(5.0, _TIE_WIDE, 1.0).translate((left - 1.5, y, high + 2.4))
    return [solid(each, _NYLON) for each in (band, head, end)]
