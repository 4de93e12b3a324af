"""What the pictures show, as one number: a picture keeps it, so that one of older shapes is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from hardware.case.placing import places
from hardware.case.screws import screws
from hardware.case.shipped import FILES, parts
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import SHIPPED, Build, wiring


def shapes(build: Build = SHIPPED) -> str:
    """The hash of all that has a shape or a place in that build: printed and bought parts, screws and wires."""
    hashed = sha256()
    hashed.update(repr(outlines()).encode())
    hashed.update(repr((places(build), screws(build), list(_joined(build)))).encode())
    for name, path in parts(build):
        if name != "holder" or "converter" in places(build):
            hashed.update((FILES / f"{path}.stl").read_bytes())
    return hashed.hexdigest()[:16]


def _joined(build: Build) -> Iterator[tuple[object, ...]]:
    """Wires and soldered parts as they are seen: how a strip is called is not."""
    for wire in wiring(build).wires:
        yield wire.number, wire.colour, *map(str, wire.ends)
    for part in sorted(wiring(build).soldered, key=lambda part: part.name):
        yield part.kind, *map(str, part.legs)
