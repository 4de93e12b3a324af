"""The case's files: they are what the code makes."""

import struct
from pathlib import Path

import pytest

from hardware.case.printed import PRINTED, on_bed, printed
from hardware.case.shipped import FILES, FOR_ALL, OF_EACH, VARIANTS, parts, variant, write_part
from hardware.case.slicer import figures_of
from hardware.wiring.wires import SHIPPED, Build

pytestmark = pytest.mark.case

_MOVED_MM = 0.015
_CLOSE_MM = 0.05
"""Round ends are a little shorter in triangles."""


def test_all_that_is_printed_is_shipped() -> None:
    assert set(OF_EACH) | set(FOR_ALL) == set(PRINTED)
    assert SHIPPED in VARIANTS


@pytest.mark.parametrize("build", VARIANTS, ids=variant)
@pytest.mark.parametrize("name", PRINTED)
def test_each_part_is_one_closed_solid(name: str, build: Build) -> None:
    part = printed(name, build)
    assert len(part.solids().vals()) == 1
    assert part.val().isValid()
    assert all(shell.Closed() for shell in part.shells().vals())
    assert on_bed(name, build).val().BoundingBox().zmin == pytest.approx(0)


@pytest.mark.parametrize("build", VARIANTS, ids=variant)
def test_the_files_are_what_the_code_makes(build: Build) -> None:
    for name, path in parts(build):
        solid = on_bed(name, build).val()
        box, triangles = solid.BoundingBox(), _triangles(FILES / f"{path}.stl")
        low, high = _box(triangles)
        assert low == pytest.approx((box.xmin, box.ymin, box.zmin), abs=_CLOSE_MM), path
        assert high == pytest.approx((box.xmax, box.ymax, box.zmax), abs=_CLOSE_MM), path
        # What is round is a little smaller in triangles, or a hole a little smaller.
        assert _volume(triangles) == pytest.approx(solid.Volume(), rel=0.005), path
        # A post that has moved changes neither box nor volume.
        middle = solid.Center().toTuple()
        assert _middle(triangles) == pytest.approx(middle, abs=_MOVED_MM), path


def test_a_part_is_written_without_the_time(tmp_path: Path) -> None:
    write_part("bar", SHIPPED, tmp_path / "bar")
    assert "'2026-01-01T00:00:00'" in (tmp_path / "bar.step").read_text("utf-8")
    assert _volume(_triangles(tmp_path / "bar.stl")) == pytest.approx(_volume(_triangles(FILES / "zero-large/bar.stl")))


def test_the_slicers_notes_are_read() -> None:
    found = figures_of(
        "G1 X1\n; filament used [mm] = 6840.12\n; filament used [g] = 20.44\n; total filament cost = 0.00\n"
        "; estimated printing time (normal mode) = 1h 59m 31s\n"
    )
    assert (found.minutes, found.grams, found.metres) == (120, 20.4, 6.84)


_Corner = tuple[float, float, float]


def _triangles(file: Path) -> list[tuple[_Corner, _Corner, _Corner]]:
    data = file.read_bytes()
    (count,) = struct.unpack_from("<I", data, 80)
    every = [struct.unpack_from("<12f", data, 84 + 50 * nth) for nth in range(count)]
    return [(each[3:6], each[6:9], each[9:12]) for each in every]


def _box(triangles: list[tuple[_Corner, _Corner, _Corner]]) -> tuple[_Corner, _Corner]:
    along = list(zip(*(corner for each in triangles for corner in each), strict=True))
    return (min(along[0]), min(along[1]), min(along[2])), (max(along[0]), max(along[1]), max(along[2]))


def _volume(triangles: list[tuple[_Corner, _Corner, _Corner]]) -> float:
    return sum(_wedge(*each) for each in triangles)


def _middle(triangles: list[tuple[_Corner, _Corner, _Corner]]) -> _Corner:
    """The centre of mass: of the wedges between each triangle and the origin."""
    wedges = [(_wedge(*each), each) for each in triangles]
    x, y, z = (sum(wedge * (a[n] + b[n] + c[n]) / 4 for wedge, (a, b, c) in wedges) for n in range(3))
    whole = sum(wedge for wedge, _ in wedges)
    return x / whole, y / whole, z / whole


def _wedge(a: _Corner, b: _Corner, c: _Corner) -> float:
    across = (
        a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0])
    )
    return across / 6
