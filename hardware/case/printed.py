"""The printed parts of a build, as solids in the case's frame, and how each lies on the printer's bed."""

from __future__ import annotations

from collections.abc import Callable

import cadquery as cq

from hardware.case.base import base
from hardware.case.hood import hood
from hardware.case.placing import LEAN_DEG
from hardware.case.small import bar, clip, holder
from hardware.wiring.wires import SHIPPED, Build

_PARTS: dict[str, Callable[[Build], cq.Workplane]] = {
    "base": base,
    "hood": hood,
    "bar": bar,
    "clip": clip,
    "holder": holder,
}
PRINTED = tuple(_PARTS)


def printed(name: str, build: Build = SHIPPED) -> cq.Workplane:
    """One printed part: base and hood in the case's frame, the small ones as they are printed."""
    return _PARTS[name](build)


def on_bed(name: str, build: Build = SHIPPED) -> cq.Workplane:
    """The same as it is printed, without supports: its lowest point at 0."""
    part = printed(name, build)
    if name == "hood":
        # On its face.
        part = part.rotate((0, 0, 0), (1, 0, 0), 90 + LEAN_DEG)
    box = part.val().BoundingBox()
    return part.translate((-box.center.x, -box.center.y, -box.zmin))
