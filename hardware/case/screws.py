"""Where each screw goes, how long it is, and where the printed parts sit that have a frame of their own."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.case.placing import (
    BACK,
    BAR,
    BAR_RISE,
    FACE,
    FLOOR,
    FRONT_SCREW,
    HEAD,
    HOLDER_PLATE,
    HOLDER_SCREWS,
    LEAN_DEG,
    PLAY,
    REAR_SCREW_X,
    STANDOFF,
    STRIP_Y,
    SUNK,
    Placement,
    bar_reach,
    bar_s,
    holder_middle,
    on_face,
    places,
    rear_screw_z,
    sizes,
)
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import SHIPPED, Build

_BESIDE_MIDDLE = 13.2
"""The strip board's screw is off its middle by that: its post stands where nothing is soldered, beside column 10."""


@dataclass(frozen=True, slots=True)
class ScrewPlace:
    """A screw of 2.5 mm: its frame begins under its head, z towards whoever turns it."""

    name: str
    holds: str
    """The part that it holds."""
    into: str
    """The printed part that its thread goes into."""
    at: Placement
    length: float


def screws(build: Build = SHIPPED) -> tuple[ScrewPlace, ...]:
    """All of a build, in the order in which they are driven."""
    return (*_bar(build), *_board(build), _strip(build), *_holder(build), *_hood(build))


def placed_printed(build: Build = SHIPPED) -> dict[str, Placement]:
    """Where the bar and the holder sit in the case; base and hood lie in the case's frame as they are."""
    depth = FACE + BAR_RISE + BAR[1]
    placed = {"bar": Placement(on_face(0.0, bar_s(build), depth), lean_deg=90 - LEAN_DEG)}
    if build.seat == "force":
        placed["holder"] = Placement((*holder_middle(build), FLOOR + STANDOFF))
    return placed


def _bar(build: Build) -> list[ScrewPlace]:
    depth = FACE + BAR_RISE + BAR[1]
    return [
        ScrewPlace(f"bar {side}", "bar", "hood", Placement(on_face(x, bar_s(build), depth), -90 - LEAN_DEG), 8.0)
        for side, x in (("left", -bar_reach(build)), ("right", bar_reach(build)))
    ]


def _board(build: Build) -> list[ScrewPlace]:
    board, placed = outlines()[build.board], places(build)["header"]
    return [
        ScrewPlace(f"Pi {nth}", "header", "base", Placement(placed.of((x, y, board.size[2]))), 6.0)
        for nth, (x, y) in enumerate(board.holes, 1)
    ]


def _strip(build: Build) -> ScrewPlace:
    # Its head stands in the way of the strip board, which can't slide out.
    x = places(build)["board"].at[0] + outlines()["board"].size[0] / 2 + _BESIDE_MIDDLE
    at = Placement((x, STRIP_Y - HEAD / 2 - PLAY, FLOOR + STANDOFF))
    return ScrewPlace("strip board", "board", "base", at, 6.0)


def _holder(build: Build) -> list[ScrewPlace]:
    if build.seat != "force":
        return []
    (x, y), top = holder_middle(build), FLOOR + STANDOFF + HOLDER_PLATE
    return [
        ScrewPlace(f"holder {side}", "holder", "base", Placement((x + beside, y, top)), 6.0)
        for side, beside in (("left", -HOLDER_SCREWS), ("right", HOLDER_SCREWS))
    ]


def _hood(build: Build) -> list[ScrewPlace]:
    case = sizes(build)
    held = []
    for side, sign in (("left", -1), ("right", 1)):
        front = Placement((sign * (case.inner_half + FRONT_SCREW[0]), FRONT_SCREW[1], SUNK), lean_deg=180.0)
        x = sign * (case.inner_half + REAR_SCREW_X)
        rear = Placement((x, case.back + BACK, rear_screw_z(build)), lean_deg=-90.0)
        held += [ScrewPlace(f"front {side}", "base", "hood", front, 8.0)]
        held += [ScrewPlace(f"rear {side}", "base", "hood", rear, 8.0)]
    return held
