"""The case's parts where they sit, and how each gets there: in which order, along which way, past what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin

import cadquery as cq

from hardware.case.bought import (
    all_bought,
    audio_plug,
    bought,
    button_room,
    converter_jumpers,
    driver,
    in_case,
    jumpers,
    panel_jumpers,
    power_plug,
)
from hardware.case.placing import LEAN_DEG, places
from hardware.case.printed import PRINTED, printed
from hardware.case.screws import placed_printed, screws
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import Build
from tests.case.measuring import Mesh, Vector, mesh

_LEAN = radians(LEAN_DEG)
INWARDS: Vector = (0.0, cos(_LEAN), -sin(_LEAN))
"""From the face into the case."""
UP: Vector = (0.0, 0.0, 1.0)
DOWN: Vector = (0.0, 0.0, -1.0)
FORWARD: Vector = (0.0, -1.0, 0.0)
BACKWARD: Vector = (0.0, 1.0, 0.0)
RIGHT: Vector = (1.0, 0.0, 0.0)
LOOSE = ("nut",)
"""What comes onto a part only when it is in its place."""


@dataclass(frozen=True)
class Step:
    """One or several parts that go into their place together."""

    moving: tuple[str, ...]
    out: Vector
    """The way out; in is the other way round."""
    past: tuple[str, ...]
    """What is there already."""
    lift: Vector = (0.0, 0.0, 0.0)
    """What slides on something is tried that much above it."""


@cache
def solids(build: Build) -> dict[str, cq.Workplane]:
    """Each part, and each piece of room that stays free, in the case's frame."""
    found = {name: _joined(piece.solid for piece in pieces) for name, pieces in all_bought(build).items()}
    placed = places(build)
    for name in ("button", "socket"):
        pieces = bought(name, build)
        found[name] = in_case(_joined(piece.solid for piece in pieces if piece.name not in LOOSE), placed[name])
        found[f"{name}'s nut"] = in_case(_joined(each.solid for each in pieces if each.name in LOOSE), placed[name])
    own = placed_printed(build)
    for name in PRINTED:
        if name in own or name in ("base", "hood"):
            part = printed(name, build)
            found[name] = in_case(part, own[name]) if name in own else part
    found["jumpers"] = in_case(jumpers(build), placed["header"])
    found["panel's jumpers"] = in_case(panel_jumpers(build), placed["panel"])
    if "converter" in placed:
        found["converter's jumpers"] = in_case(converter_jumpers(build), placed["converter"])
    found["button's wires"] = in_case(button_room(), placed["button"])
    return found


def _joined(shapes: Iterable[cq.Workplane]) -> cq.Workplane:
    return cq.Workplane(cq.Compound.makeCompound([solid for shape in shapes for solid in shape.solids().vals()]))


@cache
def meshes(build: Build) -> dict[str, Mesh]:
    return {name: mesh(solid) for name, solid in solids(build).items()}


def together(build: Build, names: Iterable[str]) -> Mesh:
    """The triangles of several parts."""
    return mesh(*(solids(build)[name] for name in names))


def in_hood(build: Build) -> tuple[str, ...]:
    return ("hood", "panel", "panel's jumpers", "bar", *_screws(build, "bar"), "button", "button's nut")


def on_base(build: Build) -> tuple[str, ...]:
    held = ["base", "header", *_screws(build, "Pi"), "socket", "socket's nut", "board", *_screws(build, "strip")]
    if build.seat == "force":
        held += ["holder", *_screws(build, "holder"), "converter", "converter's jumpers"]
    return (*held, "jumpers")


def _screws(build: Build, kind: str) -> tuple[str, ...]:
    return tuple(f"screw {one.name}" for one in screws(build) if one.name.startswith(kind))


def steps(build: Build) -> list[Step]:
    """How it is put together; taken apart it is the same backwards."""
    up = (0.0, 0.0, 0.05)
    order = [
        Step(("panel", "panel's jumpers"), INWARDS, ("hood",)),
        Step(("bar",), INWARDS, ("hood", "panel", "panel's jumpers")),
        Step(("button",), UP, ("hood", "panel", "bar", "panel's jumpers")),
        Step(("button's nut",), DOWN, ("hood", "panel", "bar", "panel's jumpers")),
        Step(("header",), UP, ("base",)),
        # The socket hangs over the Pi, so that the Pi comes first.
        Step(("socket",), FORWARD, ("base", "header", *_screws(build, "Pi"))),
        Step(("socket's nut",), BACKWARD, ("base",)),
        Step(("board",), FORWARD, ("base", "header", "socket"), up),
    ]
    if build.seat == "force":
        there = ("base", "header", "socket", "board")
        order += [Step(("holder",), UP, there)]
        order += [Step(("converter",), RIGHT, (*there, "holder", *_screws(build, "holder")), up)]
    housings = ("jumpers", "converter's jumpers")
    before = tuple(name for name in on_base(build) if name not in (*housings, "header", "converter"))
    return [
        *order,
        Step(tuple(name for name in on_base(build) if name in housings), UP, before),
        Step(in_hood(build), UP, on_base(build)),
    ]


def drivers(build: Build) -> dict[str, tuple[cq.Workplane, tuple[str, ...]]]:
    """The way of the screwdriver to each screw, and what is there already when it is driven."""
    there = {"bar": ("hood", "panel", "panel's jumpers", "bar"), "Pi": ("base", "header")}
    found = {}
    for one in screws(build):
        kind = one.name.split()[0]
        standing = there.get(kind, ("base", "header", "socket", "board"))
        if kind == "holder":
            standing = (*standing, "holder")
        if kind in ("front", "rear"):
            standing = (*in_hood(build), *on_base(build))
        found[one.name] = in_case(driver(), one.at), standing
    return found


def power_grips(build: Build, high: float = 0.0) -> dict[str, Mesh]:
    """The grip of each plug that the port for power takes, the largest or so high."""
    header = places(build)["header"]
    return {kind: mesh(in_case(power_plug(kind, build, high), header)) for kind in outlines()[build.board].power}


def seat_plug(build: Build) -> Mesh:
    return mesh(in_case(audio_plug(), places(build)["socket"]))


def card(build: Build) -> Mesh:
    """The card, in the Pi's holder for it."""
    left, front, bottom, _, back, top = outlines()[build.board].ports["microSD"]
    wide, long, thick = outlines()["card"].size
    middle, height = (front + back) / 2, (bottom + top) / 2
    box = cq.Workplane("XY").box(long, wide, thick, centered=(False, True, True))
    return mesh(in_case(box.translate((left, middle, height)), places(build)["header"]))
