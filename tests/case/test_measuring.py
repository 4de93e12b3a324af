"""The measuring itself: on simple solids it finds what is wrong, and only that."""

from __future__ import annotations

import cadquery as cq
import numpy as np
import pytest

from tests.case.measuring import blocked_at, collide, common_volume, fits, hidden, mesh, overhangs, thin_places

pytestmark = pytest.mark.case


def _pot(wall: float) -> cq.Workplane:
    return cq.Workplane("XY").box(30, 20, 15).faces(">Z").shell(-wall)


@pytest.mark.parametrize(("wall", "is_thin"), [(1.8, False), (1.6, False), (1.5, True), (0.8, True)])
def test_a_thin_wall_is_found(wall: float, is_thin: bool) -> None:
    assert bool(thin_places(mesh(_pot(wall)), 1.6)) is is_thin


def test_how_thin_and_where_is_said() -> None:
    thinned = _pot(2.0).cut(cq.Workplane("XY").box(6, 6, 6).translate((14.0 + 3.0, 0, 0)))
    places = thin_places(mesh(thinned), 1.6)
    assert {round(thick, 1) for thick, _ in places} == {1.0}
    assert all(point[0] > 12 for _, point in places)


def test_a_wedge_is_no_thin_wall() -> None:
    wedge = cq.Workplane("XZ").polyline([(0, 0), (20, 0), (0, 20)]).close().extrude(10)
    assert not thin_places(mesh(wedge), 1.6)


def _bridge(span: float) -> cq.Workplane:
    return cq.Workplane("XY").box(span + 8, 30, 10).cut(cq.Workplane("XY").box(span, 40, 6).translate((0, 0, -2)))


@pytest.mark.parametrize(("span", "is_long"), [(6, False), (11.5, False), (14, True)])
def test_a_long_bridge_is_found(span: float, is_long: bool) -> None:
    assert bool(overhangs(mesh(_bridge(span)), 12.0)) is is_long


@pytest.mark.parametrize(("out", "hangs"), [(0.5, False), (3.0, True)])
def test_what_sticks_out_over_nothing_is_found(out: float, hangs: bool) -> None:
    shelf = cq.Workplane("XY").box(10, 10, 20).union(cq.Workplane("XY").box(10, 10, 4).translate((out, 0, 8)))
    assert bool(overhangs(mesh(shelf), 12.0)) is hangs


@pytest.mark.parametrize(("degrees", "hangs"), [(40, False), (60, True)])
def test_a_slant_beyond_45_degrees_is_found(degrees: float, hangs: bool) -> None:
    reach = float(10 * np.tan(np.radians(degrees)))
    profile = [(0, 0), (10, 0), (10 + reach, 10), (10 + reach, 12), (0, 12)]
    slant = cq.Workplane("XZ").polyline(profile).close().extrude(10)
    assert bool(overhangs(mesh(slant), 12.0)) is hangs


def _slot() -> cq.Workplane:
    return cq.Workplane("XY").box(20, 20, 10).cut(cq.Workplane("XY").box(10.6, 30, 5).translate((0, 0, 2.5)))


@pytest.mark.parametrize(("wide", "tight"), [(10.0, False), (10.3, True)])
def test_too_little_play_is_found(wide: float, tight: bool) -> None:
    board = mesh(cq.Workplane("XY").box(wide, 15, 1).translate((0, 0, 1)))
    assert bool(fits(board, mesh(_slot()), 0.3, [(1, 0, 0), (-1, 0, 0)])) is tight


def test_what_is_in_the_way_is_found() -> None:
    part, place = mesh(cq.Workplane("XY").box(5, 5, 5)), _slot()
    assert blocked_at(part.moved((0, 0, 3)), mesh(place), (0, 0, 1)) is None
    roof = place.union(cq.Workplane("XY").box(20, 20, 2).translate((0, 0, 20)))
    assert blocked_at(part.moved((0, 0, 3)), mesh(roof), (0, 0, 1)) is not None
    assert blocked_at(part.moved((0, 0, 3)), mesh(roof), (0, 1, 0)) is None


def test_what_collides_is_found() -> None:
    box = cq.Workplane("XY").box(10, 10, 10)
    assert collide(mesh(box), mesh(box.translate((9, 1, 1))))
    assert not collide(mesh(box), mesh(box.translate((11, 1, 1))))
    assert common_volume(box, box.translate((9, 0, 0))) == pytest.approx(100)
    assert common_volume(box, box.translate((11, 0, 0))) == 0


def test_what_is_hidden_is_found() -> None:
    window = cq.Workplane("XY").box(40, 40, 2).cut(cq.Workplane("XY").box(10, 10, 4))
    seen = np.array([(4.0, 0.0, -3.0), (8.0, 0.0, -3.0)])
    assert [x for x, _, _ in hidden(seen, (0.0, 0.0, 500.0), mesh(window))] == [8.0]
