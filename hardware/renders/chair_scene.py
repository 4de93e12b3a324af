"""The chair: where the pad or the force sensors lie, and how the cable leaves. All lengths are in centimetres."""

from __future__ import annotations

import cadquery as cq

from hardware.case.placing import Placement, Vector
from hardware.case.printed import printed
from hardware.renders.cables import COLOURS, SHRUNK
from hardware.renders.camera.mesh import Look, Surface, boxes, placed, rod, solid, tube
from hardware.renders.camera.shot import Shot
from hardware.renders.labels import Tag
from hardware.renders.looks import CABLE, PRINT_BASE
from hardware.renders.pad import LEAD, pad
from hardware.renders.tableau import Tableau, around, table
from hardware.wiring.wires import SHIPPED, Build, under_cushion, wiring

_SHELL, _FABRIC, _FRAME = Look("#b4b2ad", 0.1, 12), Look("#7d8f87", 0.05, 8), Look("#35373b", 0.25, 25)
_SENSOR, _SENSOR_FILM = Look("#2b2c30", 0.3, 30), Look("#c9a648", 0.25, 30)
_FORCE = Build(seat="force")
_SEAT = 46.0
"""The height of the seat, in centimetres, as are all lengths here: a pad is some 25 cm wide."""
_BOW = _SEAT - 3.0
"""How high the bows run that carry the backrest, under the seat and behind it."""
_CLIP = (9.1, 29.4, _BOW)
"""The middle of the clip's plate, on the side of a bow: under the rear edge, and one sees it."""
_LEAD_WAY = ((3.0, 25.2, _SEAT), (6.0, 26.6, _SEAT - 0.8), (9.0, 27.4, _SEAT - 1.4), (9.7, 28.4, _BOW + 0.2))
_APART_CM = 0.35
"""The two wires of each sensor run so far to the left and to the right of their common way."""
_ABOVE_CM = 0.32
"""Those on the left of it lie so much higher, so that one sees each of them cross the others."""
_REAR_Y = 15.0
"""The sensors under the sit bones."""
_TAIL = (2.0, 4.4)
"""Where a sensor's tail begins and ends, from its middle."""
_HOUSING = (3.8, 5.2)
"""The female ends on its contacts, likewise."""


def pad_under_cushion() -> Tableau:
    """The pad on the seat, under the cushion's rear third, the clip beneath, and the cable to the desk."""
    seat = placed(pad(0.24), Placement((0.0, 13.0, _SEAT + 0.1)))
    lead = tube([(0, 22.4, _SEAT + 0.4), *_LEAD_WAY], 0.5, LEAD)
    shot = _shot()
    tags = [
        Tag("cushion, lifted", (23, -30, 62), (100, 60)),
        Tag("pad, in the rear third", (8, 8, _SEAT), (300, 520)),
        Tag("its lead, to the back", _LEAD_WAY[0], (560, 40)),
        Tag("clip, at the rear edge", (9.4, 29.2, _BOW - 1.7), (710, 330)),
        Tag("plug cable, to the desk", (12, 40, 24), (700, 430)),
    ]
    return Tableau([*_chair(), *_cushion(), *seat, lead, *_clip_and_cable()], shot, tags)


def force_sensors() -> Tableau:
    """Four force sensors on the seat, in a square, wired side by side."""
    shown: list[Surface] = [tube(lead_way(), 0.45, LEAD)]
    for x, y in sensor_places():
        shown += _sensor(x, y)
    for colour, off in _ends():
        for place in sensor_places():
            shown.append(tube(jumper_way(place, off), 0.3, Look(COLOURS[colour], 0.2, 20)))
        x, y, z = _joint()
        top = z + 0.25 + _ABOVE_CM
        shown.append(boxes([(x + off - 0.25, y - 1.2, z - 0.25, x + off + 0.25, y + 0.9, top)], SHRUNK))
    _, front, _, rear = sensor_places()
    joint = _joint()
    tags = [
        Tag("the seat, its cushion lifted", (-14, 3, _SEAT), (130, 110)),
        Tag("four sensors, a disc on each", (*front, _SEAT + 0.5), (180, 545)),
        Tag("female ends", (rear[0] - _HOUSING[0] - 0.5, rear[1] + _APART_CM, _SEAT + 0.5), (480, 378)),
        Tag("two joints, a tube over each", (joint[0] - _APART_CM, joint[1] - 0.3, _SEAT + 0.7), (385, 40)),
        Tag("the lead, to the socket", lead_way()[1], (640, 60)),
        Tag("clip, at the rear edge", (9.4, 29.2, _BOW - 1.7), (690, 500)),
    ]
    shot = Shot(around(joint, 92, 62, 52), joint, lens_deg=25, height=600, reach=60, lamp=(0.9, 0.1, 1.0))
    return Tableau([*_chair(), *_cushion(), *shown, *_clip_and_cable()], shot, tags)


def _ends() -> list[tuple[str, float]]:
    """The colours of the sensors' wires, and how far each runs beside their common way."""
    forked = [wire.colour for wire in wiring(_FORCE).wires if wire.fork]
    return list(zip(forked, (-_APART_CM, _APART_CM), strict=True))


def sensor_places() -> list[tuple[float, float]]:
    """The sensors' middles: two in front, two behind them."""
    lies = under_cushion()
    xs, ys = (-lies.apart_mm / 20, lies.apart_mm / 20), (_REAR_Y - lies.along_mm / 10, _REAR_Y)
    return [(x, y) for y in ys for x in xs]


def _joint() -> Vector:
    return 0.0, _REAR_Y + under_cushion().behind_mm / 10, _SEAT + 0.4


def lead_way() -> list[Vector]:
    """From the joints to the clip, in centimetres."""
    return [_joint(), *_LEAD_WAY]


def jumper_way(place: tuple[float, float], off: float) -> list[Vector]:
    """From a sensor's tail to the joints, in centimetres, without the female end."""
    x, y = place
    way = 1.0 if x < 0 else -1.0
    joint = _joint()
    bend = [(x + _HOUSING[1] * way, y + off), (off - 0.9 * way, y + 2.5), (joint[0] + off, joint[1] - 1.0)]
    return [(*flat, joint[2] + (_ABOVE_CM if off < 0 else 0.0)) for flat in bend]


def _shot() -> Shot:
    target = (4.0, 9.0, 41.0)
    return Shot(around(target, 200, 70, 36), target, lens_deg=25, height=600, reach=90, lamp=(0.9, 0.1, 1.0))


def _sensor(x: float, y: float) -> list[Surface]:
    """A square one of 4 cm with its tail towards the middle."""
    film = cq.Workplane("XY").box(4, 4, 0.12).edges("|Z").fillet(0.4).translate((x, y, _SEAT + 0.2))
    way = 1.0 if x < 0 else -1.0
    (start, end), (near, far) = (sorted(x + way * each for each in span) for span in (_TAIL, _HOUSING))
    tail = boxes([(start, y - 0.6, _SEAT + 0.15, end, y + 0.6, _SEAT + 0.25)], _SENSOR_FILM)
    coin = rod(2.4, _SEAT + 0.25, _SEAT + 0.5, Look("#8d5a3a"), (x, y))
    female = boxes([(near, y + off - 0.2, _SEAT + 0.2, far, y + off + 0.2, _SEAT + 0.5) for _, off in _ends()], CABLE)
    return [solid(film, _SENSOR), tail, coin, female]


def _chair() -> list[Surface]:
    seat = (
        cq.Workplane("XY").box(50, 50, 2.4).edges("|Z").fillet(9).edges(">Z").fillet(1).translate((0, 0, _SEAT - 1.2))
    )
    # Only its lower part: the picture is about the seat.
    rest = cq.Workplane("XY").box(44, 3, 34).edges("|Y").fillet(8).edges().fillet(0.9).translate((0, 33.5, _SEAT + 27))
    shown = [table(), solid(seat, _SHELL), solid(rest, _FABRIC)]
    for side in (-8.0, 8.0):
        bow = [(side, 10, _BOW), (side, 22, _BOW), (side, 31.5, _BOW), (side, 36, _SEAT + 2), (side, 36, _SEAT + 26)]
        shown.append(tube(bow, 2.2, _FRAME))
    shown.append(rod(6.0, 8.0, _SEAT - 2.4, _FRAME))
    for nth in range(5):
        leg = solid(cq.Workplane("XY").box(30, 4, 3).edges().fillet(1.2).translate((15, 0, 7.5)), _FRAME)
        castor = cq.Workplane("XZ").circle(2.8).extrude(1.8, both=True).edges().fillet(0.6).translate((29, 0, 2.8))
        shown += placed([leg, solid(castor, _FRAME)], Placement((0, 0, 0), turn_deg=20 + 72 * nth))
    return shown


def _cushion() -> list[Surface]:
    """Lifted at its rear, so that one sees what lies under it."""
    body = cq.Workplane("XY").box(48, 48, 6).edges("|Z").fillet(9).edges("<Z or >Z").fillet(2.4)
    return placed([solid(body, _FABRIC)], Placement((0.0, -30.0, _SEAT + 19.0), lean_deg=78.0))


def _clip_and_cable() -> list[Surface]:
    x, y, z = _CLIP
    lying = cq.Workplane("XY").add(printed("clip", SHIPPED).val().scale(0.1))
    clip = lying.rotate((0, 0, 0), (0, 1, 0), 90).translate(_CLIP)
    socket = x + 1.1
    plug = cq.Workplane("XZ").circle(0.55).extrude(-2.8).translate((socket, y + 1.0, z))
    way = [(socket, y + 3.7, z), (socket, y + 6.0, z - 1.6), (12.0, 40.0, 24.0), (14.0, 45.0, 5.0), (10.0, 57.0, 0.4)]
    way += [(-10.0, 80.0, 0.4), (-30.0, 160.0, 0.4)]
    around_bow = [(x + 0.5, 1.0), (x + 0.4, 1.35), (x - 0.6, 1.4), (x - 2.3, 0.9), (x - 2.3, -0.9), (x - 0.6, -1.4)]
    around_bow += [(x + 0.4, -1.35), (x + 0.5, -1.0), (x + 0.5, 1.0)]
    tie = tube([(across, y - 0.4, z + up) for across, up in around_bow], 0.3, CABLE)
    return [solid(clip, PRINT_BASE), solid(plug, CABLE), tie, tube(way, 0.8, CABLE)]
