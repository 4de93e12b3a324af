"""Each printed part: closed, thick enough, and printable without supports."""

from __future__ import annotations

import cadquery as cq
import pytest
import trimesh

from hardware.case.placing import FRONT_SCREW, PLAY, SUNK, sizes
from hardware.case.printed import PRINTED, on_bed, printed
from hardware.wiring.wires import SHIPPED, Build
from tests.case.builds import BUILDS
from tests.case.measuring import mesh, overhangs, thin_places

pytestmark = pytest.mark.case

WALL = 1.6
BRIDGE = 12.0

each_part = pytest.mark.parametrize("name", PRINTED)
each_build = pytest.mark.parametrize("build", BUILDS, ids=Build.named)


@each_build
@each_part
def test_a_part_is_one_closed_solid(name: str, build: Build) -> None:
    part = on_bed(name, build)
    (solid,) = part.solids().vals()
    assert solid.isValid()
    assert solid.Volume() > 100
    triangles = mesh(part, fine=0.1)
    closed = trimesh.Trimesh(triangles.corners.reshape(-1, 3), range(3 * len(triangles.corners)), process=False)
    closed.faces = closed.faces.reshape(-1, 3)
    closed.merge_vertices(digits_vertex=4)
    assert closed.is_watertight
    assert closed.volume == pytest.approx(solid.Volume(), rel=0.01)


@each_build
@each_part
def test_no_wall_is_too_thin(name: str, build: Build) -> None:
    assert thin_places(mesh(on_bed(name, build)), WALL)[:5] == []


@each_build
@each_part
def test_a_part_prints_without_supports(name: str, build: Build) -> None:
    assert overhangs(mesh(on_bed(name, build)), BRIDGE)[:5] == []


def test_a_hood_that_is_pared_off_is_found() -> None:
    hood = on_bed("hood", SHIPPED)
    box = hood.val().BoundingBox()
    pared = hood.cut(cq.Workplane("XY").box(0.6, 400, 400).translate((box.xmin + 0.3, 0, 0)))
    assert len(thin_places(mesh(pared), WALL)) > len(thin_places(mesh(hood), WALL)) + 50


def test_a_low_rim_is_found() -> None:
    base, edge = printed("base", SHIPPED), sizes(SHIPPED).inner_half - PLAY
    wider = cq.Workplane("XY", origin=(edge - 4.0, FRONT_SCREW[1], 0)).circle(3.0).extrude(SUNK)
    assert thin_places(mesh(base), WALL) == []
    assert thin_places(mesh(base.cut(wider)), WALL)


def test_a_hood_on_its_back_needs_supports() -> None:
    standing = on_bed("hood", SHIPPED).rotate((0, 0, 0), (1, 0, 0), 180)
    assert overhangs(mesh(standing), BRIDGE)
