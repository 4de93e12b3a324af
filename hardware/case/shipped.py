"""What is shipped of the case: a file of each printed part for each build, for the printer and for who changes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import cadquery as cq

from hardware.case.printed import on_bed
from hardware.wiring.wires import Build

FILES = Path(__file__).parent / "files"
VARIANTS = tuple(Build(board, panel) for board in ("zero", "full") for panel in ("large", "small"))
OF_EACH = ("base", "hood", "bar")
FOR_ALL = ("clip", "holder")
"""The same for every build."""
_FINE_MM, _FINE_RAD = 0.04, 0.6
_TIME = re.compile(r"(FILE_NAME\('[^']*',)'[^']*'")
_COUNTED = re.compile(r"(Open CASCADE STEP translator [\d.]+?) [\d.]+")


def variant(build: Build) -> str:
    """The folder of a build's files, such as `zero-large`."""
    return f"{build.board}-{build.panel}"


def parts(build: Build) -> Iterator[tuple[str, str]]:
    """What is printed for a build: the part, and its file's path without an ending."""
    yield from ((name, f"{variant(build)}/{name}") for name in OF_EACH)
    yield from ((name, name) for name in FOR_ALL)


def write_part(name: str, build: Build, file: Path) -> None:
    """Write a part as it lies on the printer's bed, as STL and STEP, without the time.

    Two runs give the same shape, and not the same bytes: OpenCASCADE cuts faces into triangles as its memory lies.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    solid = on_bed(name, build)
    cq.exporters.export(solid, str(file.with_suffix(".stl")), tolerance=_FINE_MM, angularTolerance=_FINE_RAD)
    step = file.with_suffix(".step")
    cq.exporters.export(solid, str(step), opt={"write_pcurves": False})
    step.write_text(_without_time(step.read_text("utf-8")), "utf-8")


def _without_time(step: str) -> str:
    return _COUNTED.sub(r"\1", _TIME.sub(r"\1'2026-01-01T00:00:00'", step))
