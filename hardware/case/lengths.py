"""How long each wire is cut: the way between its ends along the case's three directions, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from hardware.case.placing import LEAN_DEG, Placement, Vector, places
from hardware.wiring.lengths import WireLength
from hardware.wiring.outlines import header_pin, hole, outlines
from hardware.wiring.wires import Build, Conductor, End, builds, wiring

SLACK_MM = 30
"""To strip both ends, solder them, and not pull."""
STEP_MM = 10
IN_HOOD = ("panel", "button")
"""Their wires are measured with the hood open: tipped forward onto its face, which is how one plugs them."""
BEYOND = ("chair socket", "pad", "sensors")
"""Outside the case, where the pad's own lead is as long as it is."""
_TIPPED = Placement((0.0, 0.0, 0.0), lean_deg=90.0 + LEAN_DEG)
_HEADER_TOP, _PINS = 10.0, 11.5
"""Above the board: where a jumper's housing begins, and how far a panel's pins and their housings reach back."""


def length(wire: Conductor, build: Build) -> WireLength | None:
    """The length of a wire; None for one that isn't in the case."""
    if any(end.part in BEYOND for end in wire.ends):
        return None
    one, other = (_place(end, build) for end in wire.ends)
    ways = [round(abs(a - b)) for a, b in zip(one, other, strict=True)]
    whole = sum(ways) + SLACK_MM
    mm = ceil(whole / STEP_MM) * STEP_MM
    return WireLength(mm, f"{ways[0]} + {ways[1]} + {ways[2]} + {SLACK_MM} = {whole}, up to {mm}")


def _place(end: End, build: Build) -> Vector:
    """Where a wire's end is, in the case's frame."""
    placed = places(build)[end.part]
    place = placed.of(_in_part(end, build)) if end.part != "socket" else _behind_wall(placed)
    return _TIPPED.of(place) if end.part in IN_HOOD else place


def _in_part(end: End, build: Build) -> Vector:
    if end.part == "header":
        board = outlines()[build.board]
        return *header_pin(board, int(end.pin)), board.size[2] + _HEADER_TOP
    if end.part == "board":
        return *hole(outlines()["board"], end.row, end.column), 0.0
    if end.part == "button":
        return 0.0, 0.0, -outlines()["button"].below
    part = outlines()[build.panel if end.part == "panel" else end.part]
    return *part.pins[end.pin], -_PINS if end.part == "panel" else part.size[2]


def _behind_wall(socket: Placement) -> Vector:
    x, y, z = socket.at
    return x, y - outlines()["socket"].body[2], z


# ---- the table


def lengths_text() -> str:
    """The table, as the file has it."""
    lines = [
        "# Written by `make case` from hardware/case/lengths.py: how long each wire is cut, in millimetres.",
        "# The formula: to the right + away from you + up + slack.",
    ]
    for build in builds():
        lines += ["", f"[{build.named()}]", *_entries(build)]
    return "\n".join(lines) + "\n"


def _entries(build: Build) -> Iterator[str]:
    for wire in wiring(build).wires:
        if found := length(wire, build):
            yield f'{wire.number} = {{ mm = {found.mm}, formula = "{found.formula}" }}'
