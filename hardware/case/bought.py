"""The bought parts as solids in their own frames, in pieces by colour, and the room that plugs and tools take."""

from __future__ import annotations

from dataclasses import dataclass

import cadquery as cq

from hardware.case.placing import BACK, JOINT, WALL, Placement, places
from hardware.case.screws import screws
from hardware.wiring.outlines import Box, Outline, Point, header_pin, hole, outlines
from hardware.wiring.wires import SHIPPED, Build, Soldered, wiring

Colour = tuple[float, float, float]

GREEN: Colour = (0.05, 0.36, 0.20)
BLUE: Colour = (0.05, 0.15, 0.35)
BROWN: Colour = (0.72, 0.56, 0.30)
BLACK: Colour = (0.08, 0.08, 0.09)
GLASS: Colour = (0.12, 0.13, 0.16)
LIT: Colour = (0.75, 0.92, 1.0)
STEEL: Colour = (0.75, 0.76, 0.78)
GOLD: Colour = (0.85, 0.68, 0.25)
BEIGE: Colour = (0.86, 0.77, 0.60)
YELLOW: Colour = (0.90, 0.70, 0.15)
RED: Colour = (0.75, 0.12, 0.10)

PIN = 0.64
_PIN_TOP = 8.5
"""A header's pins end so far above their board."""
_TAIL = 1.6
_HOUSING = 2.5
"""A jumper's housing starts on the header's plastic, so high."""
_THREAD = 2.0
"""A screw of 2.5 mm as thick as its core: what is beyond cuts into the plastic."""
_NUT = 2.0


@dataclass(frozen=True, slots=True)
class Coloured:
    """A solid of one colour."""

    name: str
    solid: cq.Workplane
    colour: Colour


def bought(part: str, build: Build = SHIPPED) -> list[Coloured]:
    """The pieces of one part of `places`, in its own frame."""
    kinds = outlines()
    if part == "header":
        return _pi(kinds[build.board])
    if part == "panel":
        return _panel(kinds[build.panel])
    if part == "board":
        return _strip_board(kinds["board"], build)
    if part == "converter":
        return _converter(kinds["converter"])
    return _button(kinds["button"]) if part == "button" else _socket(kinds["socket"])


def in_case(solid: cq.Workplane, at: Placement) -> cq.Workplane:
    """A solid of a part's own frame, where the part sits."""
    leant = solid.rotate((0, 0, 0), (1, 0, 0), at.lean_deg).rotate((0, 0, 0), (0, 0, 1), at.turn_deg)
    return leant.translate(at.at)


def screw(length: float) -> list[Coloured]:
    """A screw in its own frame: z towards its head."""
    kind = outlines()["screw"]
    head = _cylinder(kind.diameter, 0.0, kind.height).faces(">Z").edges().fillet(0.8)
    slot = _box((-1.5, -0.3, 1.2, 1.5, 0.3, 3.0))
    shaft = _cylinder(_THREAD, -length, 0.1)
    return [Coloured("screw", head.cut(slot).cut(slot.rotate((0, 0, 0), (0, 0, 1), 90)).union(shaft), STEEL)]


def foot() -> list[Coloured]:
    """A foot, hanging from its origin."""
    kind = outlines()["foot"]
    return [Coloured("foot", _cylinder(kind.diameter, -kind.height, 0.0).faces("<Z").edges().fillet(1.0), BLACK)]


def all_bought(build: Build = SHIPPED) -> dict[str, list[Coloured]]:
    """Every bought part of a build with its screws, in the case's frame."""
    parts = {
        name: [Coloured(one.name, in_case(one.solid, at), one.colour) for one in bought(name, build)]
        for name, at in places(build).items()
    }
    for one in screws(build):
        pieces = screw(one.length)
        parts[f"screw {one.name}"] = [Coloured(each.name, in_case(each.solid, one.at), each.colour) for each in pieces]
    return parts


# ---- the room that plugs, jumpers and tools take


def jumpers(build: Build = SHIPPED) -> cq.Workplane:
    """The housings of all wires on the Pi's header, in the Pi's frame."""
    board, long = outlines()[build.board], outlines()["jumper"].size[2]
    housings = cq.Workplane("XY")
    for wire in wiring(build).at("header"):
        for end in wire.ends:
            if end.part == "header":
                x, y = header_pin(board, int(end.pin))
                low = board.size[2] + _HOUSING
                housings = housings.union(_box((x - 1.2, y - 1.2, low, x + 1.2, y + 1.2, low + long)))
    return housings


def converter_jumpers(build: Build) -> cq.Workplane:
    """The housings of the wires on the converter, in its frame."""
    converter, long = outlines()["converter"], outlines()["jumper"].size[2]
    low = converter.size[2] + _HOUSING
    housings = cq.Workplane("XY")
    for wire in wiring(build).at("converter"):
        for end in wire.ends:
            if end.part == "converter":
                x, y = converter.pins[end.pin]
                housings = housings.union(_box((x - 1.2, y - 1.2, low, x + 1.2, y + 1.2, low + long)))
    return housings


def panel_jumpers(build: Build = SHIPPED) -> cq.Workplane:
    """The housings on the panel's pins, in the panel's frame: they hang behind the board."""
    panel, long = outlines()[build.panel], outlines()["jumper"].size[2]
    housings = cq.Workplane("XY")
    for x, y in panel.pins.values():
        housings = housings.union(_box((x - 1.2, y - 1.2, -_HOUSING - long, x + 1.2, y + 1.2, -_HOUSING)))
    return housings


def power_plug(kind: str = "micro_usb_plug", build: Build = SHIPPED, high: float = 0.0) -> cq.Workplane:
    """The grip of a plug in the Pi's port for power, in the Pi's frame; the largest, if nothing says how high it is."""
    board = outlines()[build.board]
    wide, highest, long = outlines()[kind].size
    high = high or highest
    x, z = board.power[kind]
    # Between the grip and the port's shell a gap of 0.8 mm stays.
    end = board.ports["power"][1] - 0.8
    return _box((x - wide / 2, end - long, z - high / 2, x + wide / 2, end, z + high / 2))


def audio_plug() -> cq.Workplane:
    """The grip of the 3.5 mm plug in a socket, in the socket's frame."""
    kind = outlines()["audio_plug"]
    low = _NUT + 0.3
    return _cylinder(kind.diameter, low, low + kind.height)


def driver(length: float = 60.0) -> cq.Workplane:
    """The way of a screwdriver to a screw, in the screw's frame."""
    kind = outlines()["screw"]
    return _cylinder(kind.drive, kind.height, kind.height + length)


# ---- the parts


def _box(box: Box) -> cq.Workplane:
    left, front, bottom, right, back, top = box
    solid = cq.Workplane("XY").box(right - left, back - front, top - bottom, centered=False)
    return solid.translate((left, front, bottom))


def _cylinder(diameter: float, low: float, high: float, x: float = 0.0, y: float = 0.0) -> cq.Workplane:
    return cq.Workplane("XY", origin=(x, y, low)).circle(diameter / 2).extrude(high - low)


def _board(outline: Outline) -> cq.Workplane:
    return cq.Workplane("XY").box(*outline.size, centered=False)


def _plate(outline: Outline, corner: float) -> cq.Workplane:
    plate = _board(outline).edges("|Z").fillet(corner)
    if outline.holes:
        plate = plate.cut(
            cq.Workplane("XY").pushPoints(list(outline.holes)).circle(outline.hole_diameter / 2).extrude(5)
        )
    return plate


def _pi(board: Outline) -> list[Coloured]:
    pieces = [Coloured("board", _plate(board, 3.0), GREEN)]
    for name, box in board.ports.items():
        pieces.append(Coloured(name, _box(box), BLACK if name == "headphones" else STEEL))
    for name, box in board.blocks.items():
        pieces.append(Coloured(name, _box(box), STEEL if name == "radio" else BLACK))
    pins = [header_pin(board, number) for number in range(1, 41)]
    thick = board.size[2]
    above = cq.Workplane("XY", origin=(0, 0, thick + _HOUSING)).pushPoints(pins).rect(PIN, PIN)
    below = cq.Workplane("XY", origin=(0, 0, -_TAIL)).pushPoints(pins).rect(PIN, PIN).extrude(_TAIL)
    pieces.append(Coloured("pins", above.extrude(_PIN_TOP - _HOUSING).add(below), GOLD))
    return pieces


def _panel(panel: Outline) -> list[Coloured]:
    thick = panel.size[2]
    left, lower, right, upper = panel.glass
    glass = _box((left, lower, thick, right, upper, thick + panel.glass_height))
    left, lower, right, upper = panel.active
    top = thick + panel.glass_height
    # A film on the glass: what is lit is seen as such.
    dots = _box((left, lower, top - 0.05, right, upper, top + 0.02))
    x = [place for place, _ in panel.pins.values()]
    y = next(iter(panel.pins.values()))[1]
    plastic = _box((min(x) - 1.27, y - 1.27, -_HOUSING, max(x) + 1.27, y + 1.27, 0.0))
    pins = cq.Workplane("XY", origin=(0, 0, -_PIN_TOP)).pushPoints(list(panel.pins.values())).rect(PIN, PIN)
    return [
        Coloured("board", _plate(panel, 0.8), BLUE),
        Coloured("glass", glass.cut(dots), GLASS),
        Coloured("dots", dots, LIT),
        Coloured("plastic", plastic, BLACK),
        Coloured("pins", pins.extrude(_PIN_TOP - _HOUSING), GOLD),
        Coloured("joints", _joints(panel), STEEL),
    ]


def _joints(panel: Outline) -> cq.Workplane:
    """The pins' soldered ends, on the glass's side."""
    start = cq.Workplane("XY", origin=(0, 0, panel.size[2])).pushPoints(list(panel.pins.values()))
    return start.circle(0.8).extrude(1.2)


def _strip_board(board: Outline, build: Build) -> list[Coloured]:
    columns, rows = wiring(build).columns, len(wiring(build).strips)
    x0, y0 = board.hole_a1
    holes = [(x0 + board.pitch * c, y0 - board.pitch * r) for c in range(columns) for r in range(rows)]
    plate = _board(board)
    plate = plate.cut(cq.Workplane("XY").pushPoints(holes).circle(0.5).extrude(board.size[2]))
    pieces = [Coloured("board", plate, BROWN)]
    for one in wiring(build).soldered:
        pieces += _soldered(board, one, build)
    return pieces


def _soldered(board: Outline, one: Soldered, build: Build) -> list[Coloured]:
    legs = [hole(board, end.row, end.column) for end in one.legs]
    middle = sum(leg[0] for leg in legs) / len(legs), sum(leg[1] for leg in legs) / len(legs)
    top = board.size[2]
    tails = cq.Workplane("XY", origin=(0, 0, -_TAIL)).pushPoints(legs).circle(0.3).extrude(_TAIL)
    if one.kind in ("piezo", "active_buzzer"):
        body = Coloured(one.name, _buzzer(outlines()[one.kind], middle, top), BLACK)
    elif one.kind == "seat_filter":
        stands = build.buzzer == "passive"
        capacitor = _standing(middle, top + 1.0) if stands else _bent_over(middle, top)
        body = Coloured(one.name, capacitor.edges("|X").fillet(1.2), YELLOW)
    elif one.kind == "transistor":
        body = Coloured(one.name, _transistor(middle, top + 2.0), BLACK)
    else:
        body = Coloured(one.name, _resistor(legs, top), BEIGE)
    return [body, Coloured(f"{one.name} legs", tails, STEEL)]


def _buzzer(kind: Outline, middle: Point, low: float) -> cq.Workplane:
    return _cylinder(kind.diameter, low, low + kind.height, *middle).cut(_cylinder(2.0, low + 2.0, low + 20.0, *middle))


def _standing(middle: Point, low: float) -> cq.Workplane:
    """The capacitor; its legs follow one another along y."""
    wide, thick, high = outlines()["capacitor"].size
    x, y = middle
    return _box((x - thick / 2, y - wide / 2, low, x + thick / 2, y + wide / 2, low + high))


def _transistor(middle: Point, low: float) -> cq.Workplane:
    """As if it were round on both sides: which way its flat side looks depends on its maker."""
    wide, _, high = outlines()["transistor"].size
    return _cylinder(wide, low, low + high, *middle)


def _bent_over(middle: Point, top: float) -> cq.Workplane:
    """The capacitor, over the resistors towards column 1: a transistor beside it needs the room."""
    wide, thick, high = outlines()["capacitor"].size
    x, y = middle
    low = top + outlines()["resistor"].diameter + 0.2
    return _box((x - high, y - wide / 2, low, x, y + wide / 2, low + thick))


def _resistor(legs: list[Point], top: float) -> cq.Workplane:
    """Lying where its legs are far enough apart, else standing on one of them."""
    kind = outlines()["resistor"]
    (x, y), (other_x, other_y) = legs
    apart = ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5
    radius = kind.diameter / 2
    if apart < kind.height + 0.5:
        return _cylinder(kind.diameter, top + 0.5, top + 0.5 + kind.height, x, y)
    way = cq.Vector((other_x - x) / apart, (other_y - y) / apart, 0.0)
    start = cq.Vector((x + other_x) / 2, (y + other_y) / 2, top + radius) - way * (kind.height / 2)
    return cq.Workplane("XY").add(cq.Solid.makeCylinder(radius, kind.height, start, way))


def _converter(converter: Outline) -> list[Coloured]:
    thick, places_ = converter.size[2], list(converter.pins.values())
    x = [place for place, _ in places_]
    y = places_[0][1]
    pins = cq.Workplane("XY", origin=(0, 0, thick + _HOUSING)).pushPoints(places_).rect(PIN, PIN)
    wide, deep = converter.size[0] / 2, converter.size[1] / 2
    # Beneath are the pins' joints: what holds the board has to leave them room.
    joints = cq.Workplane("XY", origin=(0, 0, -_TAIL)).pushPoints(places_).circle(JOINT).extrude(_TAIL)
    return [
        Coloured("board", _plate(converter, 0.8), BLUE),
        Coloured("joints", joints, STEEL),
        Coloured("plastic", _box((min(x) - 1.2, y - 1.2, thick, max(x) + 1.2, y + 1.2, thick + _HOUSING)), BLACK),
        Coloured("pins", pins.extrude(_PIN_TOP - _HOUSING), GOLD),
        Coloured("chip", _box((wide - 1.5, deep - 1.5, thick, wide + 1.5, deep + 1.5, thick + 1.1)), BLACK),
    ]


def _button(button: Outline) -> list[Coloured]:
    """From outside through the hood's top; z up."""
    bezel = _cylinder(button.bezel, 0.0, 2.5).faces(">Z").edges().fillet(1.0)
    nut = cq.Workplane("XY", origin=(0, 0, -WALL - _NUT)).polygon(6, button.nut / 0.866).circle(button.thread / 2)
    lugs = cq.Workplane("XY", origin=(0, 0, -14.0)).pushPoints(list(button.pins.values())).rect(0.8, 2.2).extrude(4.2)
    return [
        Coloured("bezel", bezel, BLACK),
        Coloured("cap", _cylinder(9.6, 2.5, button.above).faces(">Z").edges().fillet(1.5), RED),
        Coloured("thread", _cylinder(button.thread, -10.0, 0.0), BLACK),
        Coloured("lugs", lugs, STEEL),
        Coloured("nut", nut.extrude(_NUT), STEEL),
    ]


def button_room() -> cq.Workplane:
    """The button under the hood's top with its wires, in its own frame."""
    button = outlines()["button"]
    return _cylinder(button.thread, -button.below, -WALL)


def _socket(socket: Outline, wall: float = BACK) -> list[Coloured]:
    """From inside through a wall whose outside is at 0; z outwards."""
    wide, high, deep = socket.body
    lugs_deep = 3.0
    body = _box((-wide / 2, -high / 2, -wall - deep + lugs_deep, wide / 2, high / 2, -wall))
    lugs = cq.Workplane("XY", origin=(0, 0, -wall - deep)).pushPoints(list(socket.pins.values())).rect(1.6, 0.5)
    hollow = _cylinder(3.6, -wall - 8.0, 4.0)
    nut = _cylinder(socket.nut, 0.0, _NUT).cut(_cylinder(socket.thread, -1.0, 4.0))
    return [
        Coloured("body", body.cut(hollow), BLACK),
        Coloured("thread", _cylinder(socket.thread, -wall, 2.1).cut(hollow), STEEL),
        Coloured("lugs", lugs.extrude(lugs_deep), STEEL),
        Coloured("nut", nut, STEEL),
    ]
