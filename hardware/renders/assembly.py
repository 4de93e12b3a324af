"""The steps at the table: the strip board, the hood, the base, the wires, and the case when it is closed."""

from __future__ import annotations

import cadquery as cq

from hardware.case.bought import power_plug
from hardware.case.placing import FOOT_DEPTH, LEAN_DEG, Placement, Vector, feet, places, sizes
from hardware.case.screws import placed_printed, screws
from hardware.renders.cables import COLOURS, WireRun, runs
from hardware.renders.camera.mesh import Surface, moved, placed, solid
from hardware.renders.camera.shot import Shot
from hardware.renders.labels import NumberTag, Tag
from hardware.renders.looks import (
    CABLE,
    CAP,
    bare_strip_board,
    in_its_place,
    lit_panel,
    of_foot,
    of_printed,
    of_screw,
    of_solid,
    soldered_surfaces,
)
from hardware.renders.panel_picture import as_lit, guide_dots
from hardware.renders.tableau import Tableau, around, table
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import SHIPPED, Build, wiring

ON_FACE = Placement((0.0, -22.0, 0.0), lean_deg=90 + LEAN_DEG)
"""The hood on its face before the base, its open bottom towards it: tipped over its lower front edge, not turned."""


def through(outer: Placement, inner: Placement) -> Placement:
    """Where a part of the hood is when the hood is elsewhere: both are turned about x only."""
    return Placement(outer.of(inner.at), outer.lean_deg + inner.lean_deg, inner.turn_deg)


def screws_of(*holds: str, out: float = 0.0, build: Build = SHIPPED) -> list[Surface]:
    """The screws that hold these parts, so far out of their holes."""
    found: list[Surface] = []
    for one in screws(build):
        if one.holds in holds:
            place = Placement(one.at.of((0.0, 0.0, out)), one.at.lean_deg, one.at.turn_deg)
            found += placed(of_screw(one.length), place)
    return found


def filled_base(build: Build = SHIPPED) -> list[Surface]:
    """The base with all that is on it."""
    parts = [of_printed("base", build), *screws_of("header", "board", build=build)]
    for name in ("header", "board", "socket"):
        parts += in_its_place(name, build)
    return parts


def filled_hood(where: Placement) -> list[Surface]:
    """The hood with panel, bar and button, wherever it lies."""
    parts = [of_printed("hood"), of_printed("bar"), *screws_of("bar")]
    for name in ("panel", "button"):
        parts += in_its_place(name)
    return placed(parts, where)


# ---- the strip board


def strip_stages() -> Tableau:
    """Three boards side by side: the resistors, then the rest, then the wires."""
    wide = outlines()["board"].size[0]
    step = wide + 15.0
    stages = [("R1", "R2", "R3"), ("R1", "R2", "R3", "C1", "BZ1"), ("R1", "R2", "R3", "C1", "BZ1")]
    shown = [table()]
    tags: list[Tag | NumberTag] = []
    for nth, names in enumerate(stages):
        left = (nth - 1) * step - wide / 2
        shown += moved([*bare_strip_board(), *soldered_surfaces(names)], left, 0.0, 2.0)
    place = Placement(((2 - 1) * step - wide / 2, 0.0, 2.0))
    middle = (-3.0, 11.0, 2.0)
    shot = Shot(around(middle, 205, 0, 55), middle, lens_deg=21, height=400, reach=100)
    for nth, text in enumerate(("1  resistors, lying flat", "2  capacitor and buzzer", "3  wires 7 to 12")):
        x, _ = shot.seen(((nth - 1) * step, 0.0, 0.0))
        tags.append(Tag(text, None, (x, 372)))
    for run in _loose(place):
        shown += run.surfaces()
        tags.append(_number(run, shot, 0.93))
    for nth, name in enumerate(("R1", "R2", "R3")):
        tags.append(_named(name, 0, step, (60 + 62 * nth, 44)))
    for nth, name in enumerate(("C1", "BZ1")):
        tags.append(_named(name, 1, step, (345 + 100 * nth, 44)))
    return Tableau(shown, shot, tags)


def _named(name: str, stage: int, step: float, at: tuple[float, float]) -> Tag:
    board = outlines()["board"]
    legs = next(one.legs for one in wiring().soldered if one.name == name)
    column, row = legs[0].column, sum(leg.row for leg in legs) / len(legs)
    x = (stage - 1) * step - board.size[0] / 2 + board.hole_a1[0] + board.pitch * (column - 1)
    height = 9.0 if name == "BZ1" else 5.5 if name == "C1" else 5.0
    return Tag(name, (x, board.hole_a1[1] - board.pitch * (row - 1), height), at)


def _loose(board: Placement) -> list[WireRun]:
    """The wires of the strip board, before their other ends are anywhere."""
    found = []
    own_wires = [run for run in runs() if any(end.part == "board" for end in run.wire.ends)]
    for nth, run in enumerate(sorted(own_wires, key=_row)):
        at = [end.part for end in run.wire.ends].index("board")
        start = run.points[:3] if at == 0 else tuple(reversed(run.points[-3:]))
        own = places()["board"]
        here = [_shifted(point, own, board) for point in start]
        x, y, _ = here[0]
        fan = (nth - 2.5) * -5.6
        way = (*here, (x - 4, y + fan * 0.4, 14.0), (x - 9, y + fan, 8.0), (x - 14, y + 1.4 * fan, 4.0))
        found.append(WireRun(run.wire, way, (board, board), SHIPPED, free=1 - at))
    return found


def _row(run: WireRun) -> tuple[int, int]:
    return max((end.row, -end.column) for end in run.wire.ends)


def _shifted(point: Vector, own: Placement, other: Placement) -> Vector:
    x, y, z = (a - b + c for a, b, c in zip(point, own.at, other.at, strict=True))
    return x, y, z


def _number(run: WireRun, shot: Shot, part: float, off: tuple[float, float] = (0.0, 0.0)) -> NumberTag:
    place = run.along(part)
    x, y = shot.seen(place)
    return NumberTag(
        str(run.wire.number), place if off != (0.0, 0.0) else None, (x + off[0], y + off[1]), COLOURS[run.wire.colour]
    )


# ---- base and hood


_ALONE = Placement((0.0, -46.0, 0.0), ON_FACE.lean_deg)
"""While no base is there, its wires lie behind it."""


def hood_step() -> Tableau:
    """The hood on its face, with panel, bar and button in it and their wires on."""
    middle_of_all = (2.0, -52.0, 18.0)
    shot = Shot(around(middle_of_all, 400, -16, 50), middle_of_all, lens_deg=20, height=560, reach=130)
    shown = [table(), *filled_hood(_ALONE)]
    elsewhere = {name: through(_ALONE, places()[name]) for name in ("panel", "button")}
    wires = [_to_the_side(run) for run in runs(elsewhere=elsewhere, only=range(1, 7))]
    for run in wires:
        shown += run.surfaces()
    board = through(_ALONE, places()["panel"]).of((9.0, 31.0, 0.0))
    bar = through(_ALONE, placed_printed()["bar"]).of((-14.0, 0.0, 0.0))
    screw = through(_ALONE, next(one.at for one in screws() if one.name == "bar left")).of((0, 0, 2.0))
    button = through(_ALONE, places()["button"])
    tags: list[Tag | NumberTag] = [
        Tag("hood, on its face", _ALONE.of((-36, 60, 4)), (100, 245)),
        Tag("panel, glass down", board, (250, 538)),
        Tag("bar", bar, (70, 420)),
        Tag("2 screws of 8 mm", screw, (110, 320)),
        Tag("button", button.of((0, 0, 6)), (740, 480)),
        Tag("its nut", button.of((6, 0, -3)), (740, 340)),
        Tag("heat-shrink on both lugs", button.of((3, 0, -15.5)), (690, 190)),
    ]
    tags += [_number(run, shot, 0.85) for run in wires]
    return Tableau(shown, shot, tags)


def _to_the_side(run: WireRun) -> WireRun:
    """A wire of the hood whose other end lies free, behind the hood."""
    inner = tuple(reversed(run.points[-3:]))
    x, y, z = inner[-1]
    fan = (run.wire.number - 3.5) * 12.0
    way = (*inner, (0.7 * x + 0.3 * fan, y + 16, z + 6), (fan, 15.0, 22.0), (fan * 1.2, 42.0, 3.0))
    end = Placement((fan * 1.2, 42.0, 3.0))
    return WireRun(run.wire, way, (end, run.places[1]), SHIPPED, free=0)


def base_step() -> Tableau:
    """The base with the Pi, the strip board and the socket."""
    shot = Shot(around((0, 36, 14), 300, -24, 40), (0, 36, 14), lens_deg=19, height=520, reach=130)
    pi, board, socket = (places()[name] for name in ("header", "board", "socket"))
    held = {one.name: one.at.at for one in screws()}
    tags = [
        Tag("Pi", pi.of((18, 12, 1.4)), (690, 110)),
        Tag("slot for the card", pi.of((0, 17, 3)), (730, 200)),
        Tag("4 screws of 6 mm", held["Pi 3"], (730, 290)),
        Tag("header", pi.of((56.6, 27, 9.5)), (70, 250)),
        Tag("strip board, in its rails", board.of((4, 3, 2)), (130, 480)),
        Tag("screw of 6 mm", held["strip board"], (610, 470)),
        Tag("socket, its nut outside", socket.of((0, 0, -9)), (640, 40)),
        Tag("hole for the power plug", pi.of((54, -6, 6)), (140, 60)),
    ]
    return Tableau([table(), *filled_base()], shot, tags)


_FORCE = Build(seat="force")
_SLID_OUT = 29.0
_BESIDE = 57.0
"""Two bases stand so far to the left and to the right of the picture's middle."""


def converter_step() -> Tableau:
    """With force sensors: the converter before it slides into its holder, and in it with its wires."""
    middle = (13.0, 33.0, 12.0)
    shot = Shot(around(middle, 310, 5, 46), middle, lens_deg=20, height=490, reach=130)
    base = [*filled_base(_FORCE), *screws_of("holder", build=_FORCE), of_printed("holder", _FORCE)]
    converter = in_its_place("converter", _FORCE)
    wires = runs(_FORCE, only=[wire.number for wire in wiring(_FORCE).at("converter")])
    wired = [*base, *converter, *(surface for run in wires for surface in run.surfaces())]
    shown = [table(), *moved([*base, *moved(converter, x=_SLID_OUT)], x=-_BESIDE), *moved(wired, x=_BESIDE)]
    place = places(_FORCE)["converter"]
    right, y, z = place.of((0.0, outlines()["converter"].size[1] / 2, 1.6))
    shown.append(_arrow().moved(right + _SLID_OUT - _BESIDE + 3, y, z))
    held = {one.name: one.at.at for one in screws(_FORCE)}
    tags: list[Tag | NumberTag] = [
        Tag("holder", (held["holder left"][0] - _BESIDE, y - 11, z - 2), (120, 462)),
        Tag("2 screws of 6 mm", _beside(held["holder left"], -_BESIDE), (130, 40)),
        Tag("converter, from the right", _beside(place.of((8, 14, 1.6)), _SLID_OUT - _BESIDE), (390, 462)),
        Tag("its pins at the rear, pointing up", _beside(place.of((20, 1.5, 9)), _SLID_OUT - _BESIDE), (350, 84)),
    ]
    for nth, run in enumerate(sorted(wires, key=lambda run: -run.points[-1][0])):
        at = (800.0 - 36 * nth, 40.0)
        tags.append(NumberTag(str(run.wire.number), _beside(run.points[-2], _BESIDE), at, COLOURS[run.wire.colour]))
    return Tableau(shown, shot, tags)


def _beside(place: Vector, x: float) -> Vector:
    return place[0] + x, place[1], place[2]


def _arrow() -> Surface:
    """To the left, its point at the origin."""
    outline = [(0, 0), (6, 5), (6, 2), (13, 2), (13, -2), (6, -2), (6, -5)]
    return solid(cq.Workplane("XY").polyline(outline).close().extrude(1.2), CAP)


def open_runs() -> list[WireRun]:
    """The wires while the hood lies before the base."""
    return runs(elsewhere={name: through(ON_FACE, places()[name]) for name in ("panel", "button")}, lift=14.0)


def _open() -> tuple[list[Surface], list[WireRun]]:
    wires = open_runs()
    shown = [table(), *filled_base(), *filled_hood(ON_FACE)]
    for run in wires:
        shown += run.surfaces()
    return shown, wires


def open_step() -> Tableau:
    """The hood before the base, its open bottom towards it, all wires on, power plugged in."""
    shown, wires = _open()
    middle = (2.0, 2.0, 14.0)
    shot = Shot(around(middle, 465, -32, 42), middle, lens_deg=20, height=560, reach=170)
    shown.append(of_solid(power_plug(), CABLE, places()["header"]))
    tags: list[Tag | NumberTag] = [
        Tag("hood, on its face", ON_FACE.of((-36, 60, 8)), (130, 470)),
        Tag("its open bottom, to the base", ON_FACE.of((sizes().half - 1, 40, 0)), (690, 215)),
        Tag("base", (-36, 60, 30), (90, 60)),
        Tag("wires 1 to 6", wires[4].along(0.5), (690, 110)),
        Tag("button, far from the base", through(ON_FACE, places()["button"]).of((0, 0, 6)), (690, 520)),
    ]
    return Tableau(shown, shot, tags)


_ABOVE_HEADER = (10.0, 36.0, 18.0)


def wires_step() -> Tableau:
    """The wires on the header, from near, with their numbers: odd pins above, even ones below."""
    shown, wires = _open()
    shot = Shot(around(_ABOVE_HEADER, 190, 0, 64), _ABOVE_HEADER, lens_deg=21, height=560, reach=120)
    on_header = [run for run in wires if run.wire.ends[0].part == "header"]
    tags: list[Tag | NumberTag] = []
    for odd, top in ((1, 40.0), (0, 520.0)):
        row = [run for run in on_header if int(run.wire.ends[0].pin) % 2 == odd]
        for nth, run in enumerate(sorted(row, key=lambda run: run.points[1][0])):
            x = 415 + (nth - len(row) / 2 + 0.5) * 110
            tags.append(NumberTag(str(run.wire.number), run.points[1], (x + 60, top), COLOURS[run.wire.colour]))
    return Tableau(shown, shot, tags)


def close_step() -> Tableau:
    """From behind: the hood comes down on the base; screws from behind and from beneath, feet, plugs."""
    up = 26.0
    shot = Shot(
        around((0, 38, 36), 400, 152, 18), (0, 38, 36), lens_deg=20, height=560, reach=150, lamp=(0.75, 0.6, 1.0)
    )
    lifted = Placement((0.0, 0.0, up))
    floor = 24.0
    shown = [*filled_base(), *filled_hood(lifted), *_hood_screws(12.0), *_feet(12.0)]
    held = {one.name: one.at for one in screws()}
    shown = [table(), *moved(shown, z=floor)]
    port, _, _ = places()["header"].of((54, 0, 0))
    tags = [
        Tag("hood, let down from above", (30, 40, 39 + up + floor - 4), (160, 60)),
        Tag("2 screws of 8 mm", _lifted(held["rear left"].of((0, 0, 14)), floor), (730, 240)),
        Tag("2 screws of 8 mm, from beneath", _lifted(held["front right"].of((0, 0, 14)), floor), (170, 500)),
        Tag("4 feet", _lifted((-24, 65, -12.0), floor), (680, 490)),
        Tag("trough for the plug", _lifted((port, sizes().depth + 7, 3.0), floor), (705, 380)),
        Tag("socket for the chair's cable", _lifted(places()["socket"].of((0, 0, 2)), floor), (620, 60)),
    ]
    return Tableau(shown, shot, tags)


def _lifted(place: Vector, z: float) -> Vector:
    return place[0], place[1], place[2] + z


def _hood_screws(out: float) -> list[Surface]:
    return screws_of("base", out=out)


def _feet(below: float) -> list[Surface]:
    return [foot for x, y in feet() for foot in moved(of_foot(), x, y, FOOT_DEPTH - below)]


def exploded() -> Tableau:
    """All parts of the case, one above the other."""
    target = (4.0, 36.0, 83.0)
    shot = Shot(around(target, 560, -26, 20), target, lens_deg=21.5, height=780, reach=190)
    pi, panel, button, high = 34.0, 72.0, 150.0, 108.0
    shown = [table(), of_printed("base")]
    shown += [each.moved(z=pi) for name in ("header", "board") for each in in_its_place(name)]
    shown += moved(in_its_place("socket"), x=46.0, y=-20.0, z=20.0)
    shown += moved(placed(lit_panel(as_lit(guide_dots())), places()["panel"]), y=-12.0, z=panel)
    shown += moved([of_printed("bar")], x=-46.0, y=-6.0, z=panel - 8)
    shown += moved([of_printed("hood")], z=high) + moved(in_its_place("button"), z=button - 20)
    shown += moved(screws_of("header", "board"), z=pi + 16)
    return Tableau(shown, shot, _exploded_tags(pi, panel, high, button))


def _exploded_tags(pi: float, panel: float, high: float, button: float) -> list[Tag]:
    where = places()
    return [
        Tag("button", _lifted(where["button"].of((0, 0, 6)), button - 20), (660, 60)),
        Tag("hood", (-37, 40, high + 20), (110, 190)),
        Tag("panel", _lifted(where["panel"].of((33.5, 4, 1)), panel), (700, 360)),
        Tag("bar", _lifted(placed_printed()["bar"].of((-56, 0, 5)), panel - 8), (60, 300)),
        Tag("Pi", _lifted(where["header"].of((2, 24, 2)), pi), (600, 560)),
        Tag("socket", (where["socket"].at[0] + 46, where["socket"].at[1] - 30, where["socket"].at[2] + 20), (740, 560)),
        Tag("strip board", _lifted(where["board"].of((3, 3, 2)), pi), (100, 510)),
        Tag("buzzer", _lifted(where["board"].of((25.7, 11.8, 8)), pi), (110, 430)),
        Tag("base", (-34, 20, 2), (110, 650)),
    ]
