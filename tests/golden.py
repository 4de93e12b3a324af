"""Golden pictures: what the panel should show, kept as PNG files that somebody has looked at."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

FOLDER = Path(__file__).parent / "golden"


def assert_golden(image: Image.Image, name: str) -> None:
    """Compare with the golden picture of that name, pixel by pixel.

    With UNSIT_GOLDEN=write in the environment the golden picture is written anew, and the test fails all the same: a
    run that makes its own answers must not be green.
    """
    file = FOLDER / f"{name}.png"
    if os.environ.get("UNSIT_GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        image.save(file, optimize=True)
        raise AssertionError(f"{file.name} was drawn anew: look at it, then run the tests without UNSIT_GOLDEN")
    assert file.exists(), f"there is no golden picture {file.name}: `make golden` draws it, then look at it"
    with Image.open(file) as kept:
        differing = _differing(kept, image)
    if differing:
        new = Path(tempfile.gettempdir()) / f"unsit-{name}.png"
        image.save(new)
        raise AssertionError(f"{differing} pixels differ from {file.name}; the new picture is {new}")


def _differing(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ; those that only one of them has do."""
    size = max(one.width, other.width), max(one.height, other.height)
    beyond = size[0] * size[1] - min(one.width, other.width) * min(one.height, other.height)
    differs = ImageChops.logical_xor(one.convert("1"), other.convert("1"))
    return beyond + differs.convert("L").histogram()[255]
