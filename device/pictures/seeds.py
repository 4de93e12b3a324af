"""Reads the letters that were drawn for Unsit, each a few rows of dots."""

from __future__ import annotations

from functools import cache
from importlib import resources

from device.pictures.accents import Rows


@cache
def seeds(file: str, section: str, tall: int) -> dict[str, Rows]:
    """The letters of a section of a file in `fonts`; each is filled up to that many rows."""
    text = (resources.files("device.pictures") / "fonts" / file).read_text("utf-8")
    (part,) = (part for part in text.split("# ---- ") if part.startswith(section))
    read: dict[str, Rows] = {}
    for block in part.strip().split("\n\n")[1:]:
        names, *rows = (line.split() for line in block.splitlines())
        for name, *cells in zip(names, *rows, strict=True):
            read[name] = (*cells, *["." * len(cells[0])] * (tall - len(cells)))
    return read
