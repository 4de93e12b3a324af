"""What the parts look like: the bought ones with small details, the printed ones in the colours of the pictures."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

import cadquery as cq
from PIL import Image

from hardware.case.bought import BLACK, BROWN, GLASS, GOLD, LIT, STEEL, Coloured, bought, foot, in_case, screw
from hardware.case.placing import Placement, places
from hardware.case.printed import printed
from hardware.case.screws import placed_printed
from hardware.renders.camera.colours import as_colour
from hardware.renders.camera.mesh import Look, Surface, placed, sheet, solid, tube
from hardware.wiring.figures import bands, values
from hardware.wiring.outlines import hole, outlines
from hardware.wiring.wires import SHIPPED, Build, Soldered, wiring

PRINT, PRINT_BASE = Look("#efe4d2"), Look("#dfd0b9")
CAP = Look("#d8623a", 0.25, 40)
CABLE = Look("#3a3836", 0.2, 20)
METAL = Look("#c4c6c9", 0.5, 30)
BOUGHT_BOARD_MM = (100.0, 50.0)
"""As shopping.toml has the strip board."""
_SHINY = {STEEL: (0.5, 30.0), GOLD: (0.45, 30.0), GLASS: (0.5, 110.0), BLACK: (0.22, 24.0)}
_BANDS = {
    "black": "#1c1a19",
    "brown": "#6b3d1e",
    "red": "#b3261c",
    "orange": "#e07b1f",
    "yellow": "#e2c22c",
    "green": "#2f7d3a",
    "blue": "#2a55a8",
    "violet": "#7a4a9e",
    "grey": "#8a8a8a",
    "white": "#f2f2f2",
    "gold": "#b98f3a",
}


@cache
def of_printed(name: str, build: Build = SHIPPED) -> Surface:
    """A printed part, where it is in the case; the clip, which isn't in it, in its own frame."""
    surface = solid(printed(name, build), PRINT_BASE if name in ("base", "holder", "bar") else PRINT)
    place = placed_printed(build).get(name)
    return surface.placed(place) if place else surface


@cache
def of_part(name: str, build: Build = SHIPPED) -> tuple[Surface, ...]:
    """A bought part in its own frame."""
    surfaces = [_surface(one, name) for one in bought(name, build)]
    if name == "board":
        for one in wiring(build).soldered:
            surfaces += _details(one)
    return tuple(surfaces)


def in_its_place(name: str, build: Build = SHIPPED) -> list[Surface]:
    """A bought part where it is in the case."""
    return placed(of_part(name, build), places(build)[name])


def bare_strip_board() -> list[Surface]:
    """The strip board before anything is soldered on it, in its own frame."""
    return [_surface(one, "board") for one in bought("board") if one.name == "board"]


@cache
def whole_strip_board() -> Surface:
    """The strip board as one buys it, which is larger; its lower left corner at the origin."""
    board = outlines()["board"]
    long, wide = BOUGHT_BOARD_MM
    columns, rows = (int((side - board.pitch) / board.pitch) + 1 for side in (long, wide))
    plate = cq.Workplane("XY").box(long, wide, board.size[2], centered=False)
    middle = cq.Workplane("XY").center(long / 2, wide / 2)
    plate = plate.cut(middle.rarray(board.pitch, board.pitch, columns, rows).circle(0.5).extrude(board.size[2]))
    return solid(plate, Look(as_colour(BROWN), 0.15, 20.0))


def soldered_surfaces(names: Collection[str]) -> list[Surface]:
    """Some of what is soldered onto the strip board, in its frame."""
    shown = [_surface(one, "board") for one in bought("board") if one.name.split()[0] in names]
    for one in wiring().soldered:
        if one.name in names:
            shown += _details(one)
    return shown


def lit_panel(picture: Image.Image, build: Build = SHIPPED) -> list[Surface]:
    """The panel in its own frame, with the picture on its dots."""
    kind = outlines()[build.panel]
    left, lower, right, upper = kind.active
    top = kind.size[2] + kind.glass_height + 0.08
    dots = sheet(
        (left, lower, top), (right, lower, top), (left, upper, top), Look("#ffffff", 0, 1, glows=True), picture
    )
    return [*of_part("panel", build), dots]


@cache
def of_screw(length: float) -> tuple[Surface, ...]:
    return tuple(_surface(one, "screw") for one in screw(length))


@cache
def of_foot() -> tuple[Surface, ...]:
    return tuple(_surface(one, "foot") for one in foot())


def of_solid(shape: cq.Workplane, look: Look, place: Placement) -> Surface:
    """A solid of a part's own frame, where that part is."""
    return solid(in_case(shape, place), look)


def _surface(one: Coloured, part: str) -> Surface:
    if part == "button" and one.name == "cap":
        return solid(one.solid, CAP)
    shine = _SHINY.get(one.colour, (0.15, 20.0))
    colour = GLASS if one.colour == LIT else one.colour
    return solid(one.solid, Look(as_colour(colour), *shine))


def _details(one: Soldered) -> Iterator[Surface]:
    """The legs of what is soldered, and a resistor's rings."""
    board = outlines()["board"]
    if len(one.legs) != 2 or one.kind in ("piezo", "active_buzzer"):
        return
    (x, y), (_, end) = (hole(board, leg.row, leg.column) for leg in one.legs)
    top = board.size[2]
    middle, radius = (y + end) / 2, outlines()["resistor"].diameter / 2
    ohms = values()[one.kind].ohms
    high = top + (radius if ohms else 1.2)
    step = 0.7 if end > y else -0.7
    for start, near in ((y, y + step), (end, end - step)):
        yield tube([(x, start, -1.0), (x, start, high - 0.5), (x, near, high), (x, middle, high)], 0.6, METAL)
    if ohms:
        for nth, ring in enumerate((*bands(ohms), "gold")):
            at = cq.Vector(x, middle + (1.9, 0.8, -0.3, -1.9)[nth] - 0.25, high)
            shape = cq.Solid.makeCylinder(radius + 0.05, 0.5, at, cq.Vector(0, 1, 0))
            yield solid(cq.Workplane("XY").add(shape), Look(_BANDS[ring]))
