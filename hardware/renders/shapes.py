"""What the pictures show, as one number: a picture keeps it, so that one of older shapes is noticed."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files

from hardware.case.placing import places
from hardware.case.screws import screws
from hardware.case.shipped import FILES, parts
from hardware.wiring.wires import SHIPPED, Build


def shapes() -> str:
    """The hash of all that has a shape or a place: printed and bought parts, screws and wires."""
    hashed = sha256()
    for name in ("outlines.toml", "wires.toml"):
        hashed.update(files("hardware.wiring").joinpath(name).read_bytes())
    for build in (SHIPPED, Build(seat="force")):
        hashed.update(repr((places(build), screws(build))).encode())
    for _, path in parts(SHIPPED):
        hashed.update((FILES / f"{path}.stl").read_bytes())
    return hashed.hexdigest()[:16]
