"""The wires as they run: from pin to pin, with the housings that sit on pins, at the places of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist

from hardware.case.placing import BACK, Placement, Vector, places
from hardware.renders.camera.mesh import Look, Surface, boxes, curve, rod, tube
from hardware.wiring.outlines import header_pin, hole, outlines
from hardware.wiring.wires import PLUGGED, SHIPPED, Build, Conductor, End, wiring

COLOURS = {
    "red": "#c8281e",
    "black": "#242220",
    "blue": "#2355b0",
    "yellow": "#e0b31a",
    "green": "#2c8a41",
    "white": "#f4f2ee",
    "orange": "#e8791a",
    "grey": "#8c8e90",
}
_THICK = 1.3
_HOUSING = Look("#262422", 0.2, 20)
SHRUNK = Look("#74797f", 0.2, 20)
"""Heat-shrink tube; it is sold in black too, but on a black wire one wouldn't see that."""
_TUBES = {"button": 3.2, "socket": 2.4}
"""How thick it is over the lugs of these parts."""
_ON_LUG, _ON_WIRE = 3.6, 4.4
_PLASTIC = 2.5
"""A housing begins where the pins leave their plastic."""
_OUT = 5.0
"""So far a wire goes straight out of a housing, or of what it is soldered to."""


@dataclass(frozen=True, slots=True)
class WireRun:
    """A wire as it runs in the case's frame."""

    wire: Conductor
    points: tuple[Vector, ...]
    """From its one end to its other."""
    places: tuple[Placement, Placement]
    build: Build
    free: int | None = None
    """The end that isn't plugged in yet."""

    def along(self, part: float) -> Vector:
        """The place at that part of its way, from 0 to 1."""
        way = curve(self.points)
        return way[round(part * (len(way) - 1))]

    @property
    def mm(self) -> float:
        """How long it is from pin or lug to pin or lug."""
        return sum(dist(*each) for each in pairwise(curve(self.points)))

    def surfaces(self) -> list[Surface]:
        """The wire, with a housing or a tube at its ends."""
        drawn = [tube(self.points, _THICK, Look(COLOURS[self.wire.colour], 0.25, 25))]
        for nth, (end, place) in enumerate(zip(self.wire.ends, self.places, strict=True)):
            if end.part in PLUGGED and nth != self.free:
                drawn.append(_housing(end, self.build).placed(place))
            if end.part in _TUBES and nth != self.free:
                x, y, z = pin_place(end, self.build)
                drawn.append(rod(_TUBES[end.part], z - _ON_WIRE, z + _ON_LUG, SHRUNK, (x, y)).placed(place))
        return drawn


def pin_place(end: End, build: Build = SHIPPED) -> Vector:
    """Where a wire's end is, in the frame of the part that it goes to."""
    kinds = outlines()
    if end.part == "header":
        return *header_pin(kinds[build.board], int(end.pin)), kinds[build.board].size[2] + _PLASTIC
    if end.part == "board":
        return *hole(kinds["board"], end.row, end.column), kinds["board"].size[2]
    if end.part == "button":
        return *kinds["button"].pins[end.pin], -14.0
    if end.part in ("socket", "chair socket"):
        return *kinds["socket"].pins[end.pin], -BACK - kinds["socket"].body[2]
    if end.part == "panel":
        return *kinds[build.panel].pins[end.pin], -_PLASTIC
    return *kinds["converter"].pins[end.pin], kinds["converter"].size[2] + _PLASTIC


def _out(end: End) -> float:
    """Up or down in its part's frame: where the wire leaves to."""
    return 1.0 if end.part in ("header", "board", "converter") else -1.0


def runs(
    build: Build = SHIPPED,
    elsewhere: Mapping[str, Placement] | None = None,
    only: Sequence[int] | None = None,
    lift: float = 10.0,
) -> list[WireRun]:
    """The wires in the case; `elsewhere` are parts that aren't in their place. The more `lift`, the higher they bow."""
    where = {**places(build), **(elsewhere or {})}
    found = []
    for wire in wiring(build).wires:
        if (only and wire.number not in only) or any(end.part not in where for end in wire.ends):
            continue
        one, other = (where[end.part] for end in wire.ends)
        found.append(_run(wire, build, (one, other), lift))
    return found


def _run(wire: Conductor, build: Build, where: tuple[Placement, Placement], lift: float) -> WireRun:
    one, other = (_leaving(end, place, build) for end, place in zip(wire.ends, where, strict=True))
    x, y, z = ((a + b) / 2 for a, b in zip(one[-1], other[-1], strict=True))
    # Each bows a little differently, so that one can follow it.
    middle = (x + (wire.number % 3 - 1) * 1.8, y, z + lift + wire.number % 4 * 2.0)
    return WireRun(wire, (*one, middle, *reversed(other)), where, build)


def _leaving(end: End, place: Placement, build: Build) -> list[Vector]:
    x, y, z = pin_place(end, build)
    straight = outlines()["jumper"].size[2] if end.part in PLUGGED else 0.0
    return [place.of((x, y, z + _out(end) * far)) for far in (0.0, straight + 0.5, straight + _OUT)]


def _housing(end: End, build: Build) -> Surface:
    x, y, z = pin_place(end, build)
    half, far = 1.2, z + _out(end) * outlines()["jumper"].size[2]
    return boxes([(x - half, y - half, min(z, far), x + half, y + half, max(z, far))], _HOUSING)
