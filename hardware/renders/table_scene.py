"""All parts on the table before one begins, and the clip at the chair's end."""

from __future__ import annotations

from collections import Counter

import cadquery as cq

from hardware.case.bought import audio_plug, in_case
from hardware.case.placing import BACK, CLIP_SOCKET, CLIP_TIE_Y, LEAN_DEG, Placement, Vector, feet
from hardware.case.screws import screws
from hardware.renders.cables import COLOURS, SHRUNK
from hardware.renders.camera.mesh import Look, Surface, boxes, moved, placed, rod, solid, tube
from hardware.renders.camera.shot import Shot
from hardware.renders.labels import NumberTag, Tag
from hardware.renders.looks import (
    CABLE,
    METAL,
    of_foot,
    of_part,
    of_printed,
    of_screw,
    of_solid,
    soldered_surfaces,
    whole_strip_board,
)
from hardware.renders.pad import lead_of_pad, pad
from hardware.renders.tableau import Tableau, around, table
from hardware.wiring.outlines import PITCH, hole, outlines
from hardware.wiring.wires import SHIPPED, wiring


def parts() -> Tableau:
    """Everything laid out, each with its name."""
    target = (0.0, -23.0, 0.0)
    shot = Shot(around(target, 720, 0, 58), target, lens_deg=22, height=650, reach=230)
    shown = [table(), *_printed(), *_electric(), *_small(), *_ribbon(), *_plug_cable()]
    shown += placed([*pad(), lead_of_pad()], Placement((112.0, -62.0, 0.3), turn_deg=8))
    names: tuple[tuple[str, Vector, tuple[float, float]], ...] = (
        ("hood", (-96, 62, 38), (70, 60)),
        ("base", (-12, 60, 10), (300, 120)),
        ("bar", (49, 73, 3), (450, 40)),
        ("clip", (62, 40, 10), (560, 40)),
        ("plug cable", (124, 50, 3), (740, 60)),
        ("Pi", (-116, -30, 4), (60, 280)),
        ("panel", (-40, -20, 3), (285, 250)),
        ("button", (-8, -24, 8), (408, 250)),
        ("2 sockets", (22, -26, 6), (520, 250)),
        ("pad", (120, -40, 2), (740, 290)),
        ("strip board, to be cut", (-100, -75, 2), (200, 386)),
        ("3 resistors", (-14, -84, 2), (350, 374)),
        ("capacitor", (11, -84, 4), (452, 404)),
        ("buzzer", (34, -84, 6), (500, 374)),
        (_counted_screws(), (-76.5, -134, 2), (330, 634)),
        (f"{len(feet())} feet", (-107, -150, 3), (80, 634)),
        ("jumper wires", (30, -131, 2), (560, 600)),
    )
    return Tableau(shown, shot, [Tag(*each) for each in names])


def _printed() -> list[Surface]:
    hood = placed([of_printed("hood")], Placement((-84.0, 22.0, 0.0), turn_deg=8))
    base = placed([of_printed("base")], Placement((0.0, 18.0, 0.0), turn_deg=-4))
    flat = of_printed("bar").placed(Placement((0, 0, 0)))
    bar = flat.placed(Placement((0, 0, 0), lean_deg=LEAN_DEG - 90))
    left, right, front, back, low, _ = bar.mesh.GetBounds()
    bar = bar.moved(70 - (left + right) / 2, 72 - (front + back) / 2, -low)
    return [*hood, *base, bar, of_printed("clip").placed(Placement((70.0, 34.0, 0.0), turn_deg=-12))]


def _electric() -> list[Surface]:
    shown = placed(of_part("header"), Placement((-132.0, -46.0, 1.6), turn_deg=3))
    shown += placed(of_part("panel"), Placement((-52.0, -46.0, 8.6), turn_deg=-4))
    shown += placed(of_part("button"), Placement((2.0, -30.0, 8.0), lean_deg=90, turn_deg=24))
    for nth in range(2):
        shown += placed(
            of_part("socket"), Placement((28.0 + 18 * nth, -36.0, 4.6), lean_deg=90, turn_deg=14 - 20 * nth)
        )
    return shown


def _small() -> list[Surface]:
    shown = [whole_strip_board().placed(Placement((-134.0, -116.0, 0.0), turn_deg=-2))]
    board = outlines()["board"]
    for nth, name in enumerate(("R1", "R2", "R3", "C1", "BZ1")):
        one = next(each for each in wiring().soldered if each.name == name)
        column, row = one.legs[0].column, sum(leg.row for leg in one.legs) / 2
        middle = hole(board, row, column)
        x = (-24.0, -14.0, -4.0, 11.0, 34.0)[nth]
        shown += moved(soldered_surfaces((name,)), x - middle[0], -84 - middle[1], 0.4)
    for nth, long in enumerate(_screw_lengths()):
        # They lie, so that one sees which are the longer ones; all heads are in one line.
        lying = Placement((-128 + 9.0 * nth + 6 * (long < 8), -131.0, outlines()["screw"].diameter / 2), lean_deg=-90)
        shown += placed(of_screw(long), lying)
    for nth in range(len(feet())):
        shown += moved(of_foot(), -122.0 + 15 * nth, -150.0, outlines()["foot"].height)
    return shown


def _screw_lengths() -> list[float]:
    return sorted((one.length for one in screws()), reverse=True)


def _counted_screws() -> str:
    (long, longer), (short, shorter) = sorted(Counter(_screw_lengths()).items(), reverse=True)
    return f"{longer} screws of {long:g} mm, {shorter} of {short:g} mm"


def _ribbon() -> list[Surface]:
    """Twelve jumper wires side by side, in the colours of the wires."""
    shown = []
    for nth, wire in enumerate(wiring(SHIPPED).wires[:12]):
        y = -104.0 - PITCH * nth
        look = Look(COLOURS[wire.colour], 0.25, 25)
        shown.append(tube([(-4, y, 1.3), (14, y, 1.3), (34, y, 1.3), (54, y, 1.3)], 1.3, look))
        ends = [(left, y - 1.2, 0.05, left + 14, y + 1.2, 2.5) for left in (-18, 54)]
        shown.append(boxes(ends, CABLE))
    return shown


def _plug_cable() -> list[Surface]:
    """A loop of cable with a plug at both ends."""
    loop: list[Vector] = [(96, 30, 1.8), (112, 50, 1.8), (136, 54, 1.8), (152, 40, 1.8), (140, 22, 1.8)]
    loop += [(118, 24, 5.0), (110, 44, 5.0), (128, 62, 1.8), (152, 66, 1.8)]
    shown = [tube(loop, 3.4, CABLE)]
    for x, y, turn in ((96.0, 30.0, 143.0), (152.0, 66.0, -76.0)):
        shown += placed(_plug(), Placement((x, y, 5.3), turn_deg=turn))
    return shown


def _plug() -> list[Surface]:
    """A plug that lies along y: its cable begins at the origin."""
    kind = outlines()["audio_plug"]
    lying = Placement((0.0, kind.height + 2.0, 0.0), lean_deg=90)
    pin = rod(kind.thread, -12.0, 2.0, METAL).placed(lying)
    return [solid(in_case(audio_plug(), lying), CABLE), pin]


_NYLON = Look("#a9b4bd", 0.25, 25)


def clip_step() -> Tableau:
    """The clip with the second socket, the pad's wires on it, and the plug before it."""
    target = (0.0, 6.0, 8.0)
    shot = Shot(around(target, 235, -38, 38), target, lens_deg=20, height=500, reach=90)
    # The socket goes through the wall from the side of the plate; its outside is towards +y.
    socket = CLIP_SOCKET
    shown = [table(), of_printed("clip"), *placed(of_part("socket"), socket)]
    plug = Placement(socket.of((0.0, 0.0, 22.0)), socket.lean_deg)
    shown += [of_solid(audio_plug(), CABLE, plug), rod(3.5, -12.0, 2.0, METAL).placed(plug)]
    shown.append(tube([(0, 58, 10.5), (0, 70, 10), (-4, 100, 3), (10, 150, 2)], 3.4, CABLE))
    shown += _tie()
    tags: list[Tag | NumberTag] = [
        Tag("second socket, nut on the other side", socket.of((0, 4.5, -8)), (165, 222)),
        Tag("plug cable", (0, 46, 15), (730, 90)),
        Tag("round holes: for screws", (18.5, 1.9, 3), (690, 190)),
        Tag("large slots: for cable ties", (13.5, -4.5, 3), (690, 330)),
        Tag("small cable tie, holds the lead", (-2.6, CLIP_TIE_Y, 4.4), (165, 440)),
    ]
    for number, pin, at in ((13, "tip", (600.0, 420.0)), (14, "sleeve", (470.0, 450.0))):
        colour = COLOURS[next(wire.colour for wire in wiring().wires if wire.number == number)]
        x, y, z = socket.of((*outlines()["socket"].pins[pin], -BACK - outlines()["socket"].body[2]))
        side = 0.85 if number == 13 else -0.85
        # Soldered so that it leaves its lug downwards: the tie is right before the lugs.
        way = [(x, y + 3.0, z), (x, y - 0.4, z), (0.6 * x, -7.2, z - 2.6), (side, -8.4, 4.4), (side, -14, 3.8)]
        way += [(side, -24, 1.2), (side, -40, 0.8), (side, -80, 0.8)]
        shown.append(tube(way, 1.5, Look(colour, 0.25, 25)))
        shown.append(tube(way[:3], 2.4, SHRUNK))
        tags.append(NumberTag(str(number), way[5], at, colour))
    return Tableau(shown, shot, tags)


def _tie() -> list[Surface]:
    """A small cable tie through the two slots and over the lead, its head beside it, its end cut."""
    band = cq.Workplane("XZ", origin=(0, CLIP_TIE_Y + 1.2, 0)).moveTo(-3.9, -0.6).lineTo(-3.9, 3.6)
    band = band.threePointArc((0, 6.0), (3.9, 3.6)).lineTo(3.9, -0.6).lineTo(3.1, -0.6).lineTo(3.1, 3.4)
    loop = band.threePointArc((0, 5.2), (-3.1, 3.4)).lineTo(-3.1, -0.6).close().extrude(2.4)
    head = cq.Workplane("XY").box(3.2, 4.0, 3.6).edges().fillet(0.6).translate((-4.2, CLIP_TIE_Y, 5.0))
    end = cq.Workplane("XY").box(1.0, 2.4, 4.0).translate((-4.6, CLIP_TIE_Y, 8.0))
    return [solid(each, _NYLON) for each in (loop, head, end)]
