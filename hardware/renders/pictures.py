"""Every picture by its name in docs/build, and how it is written: small enough for a page."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from hardware.renders.assembly import (
    base_step,
    close_step,
    exploded,
    hood_step,
    open_step,
    strip_stages,
    wires_step,
)
from hardware.renders.chair_scene import force_sensors, pad_under_cushion
from hardware.renders.desk_scene import desk
from hardware.renders.table_scene import clip_step, parts
from hardware.renders.tableau import Tableau

FOLDER = Path(__file__).parents[2] / "docs" / "build"
MOST_BYTES = 150_000
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
    "step-wires": wires_step,
    "step-open": open_step,
    "step-close": close_step,
}
_COLOURS = (256, 192, 128, 96, 64)


def write_picture(name: str, folder: Path = FOLDER, *, quick: bool = False) -> int:
    """Render a picture and write it; returns its size in bytes."""
    data = as_png(PICTURES[name]().picture(quick=quick))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.png").write_bytes(data)
    return len(data)


def as_png(picture: Image.Image) -> bytes:
    """With so many colours as go into the most that a picture may have."""
    for colours in _COLOURS:
        file = BytesIO()
        few = picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
        few.save(file, "PNG", optimize=True)
        if file.tell() < MOST_BYTES:
            break
    return file.getvalue()
