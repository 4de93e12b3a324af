"""Every picture by its name in docs/build, and how it is written: small enough for a page."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, PngImagePlugin

from hardware.renders.assembly import (
    base_step,
    close_step,
    converter_step,
    exploded,
    hood_step,
    open_step,
    strip_stages,
    wires_step,
)
from hardware.renders.chair_scene import force_sensors, pad_under_cushion
from hardware.renders.desk_scene import desk, plug_step
from hardware.renders.shapes import shapes
from hardware.renders.table_scene import clip_step, parts
from hardware.renders.tableau import Tableau
from hardware.wiring.wires import SHIPPED, Build

FOLDER = Path(__file__).parents[2] / "docs" / "build"
MOST_BYTES = 150_000
SHAPES = "shapes"
"""Under this name a picture keeps which shapes it shows."""
PICTURES: dict[str, Callable[[], Tableau]] = {
    "desk": desk,
    "exploded": exploded,
    "parts": parts,
    "step-clip": clip_step,
    "chair": pad_under_cushion,
    "force": force_sensors,
    "step-board": strip_stages,
    "step-hood": hood_step,
    "step-base": base_step,
    "converter": converter_step,
    "step-wires": wires_step,
    "step-open": open_step,
    "step-close": close_step,
    "step-plug": plug_step,
}
_OF_FORCE = ("force", "converter")
_COLOURS = (256, 192, 128, 96, 64)
_ROUNDS = 3
"""In which the palette is moved towards the picture's colours; else a small red thing turns brown."""


def write_picture(name: str, folder: Path = FOLDER, *, quick: bool = False) -> int:
    """Render a picture and write it; returns its size in bytes."""
    data = as_png(PICTURES[name]().picture(quick=quick), shapes(shown(name)))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.png").write_bytes(data)
    return len(data)


def shown(name: str) -> Build:
    """The build that a picture shows."""
    return Build(seat="force") if name in _OF_FORCE else SHIPPED


def as_png(picture: Image.Image, of: str) -> bytes:
    """With all its colours, or with as many as go into the most that a picture may have."""
    data = _png(picture, of)
    for colours in _COLOURS:
        if len(data) < MOST_BYTES:
            break
        palette = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, kmeans=_ROUNDS)
        data = _png(picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG), of)
    return data


def _png(picture: Image.Image, of: str) -> bytes:
    file, told = BytesIO(), PngImagePlugin.PngInfo()
    told.add_text(SHAPES, of)
    picture.save(file, "PNG", optimize=True, pnginfo=told)
    return file.getvalue()
