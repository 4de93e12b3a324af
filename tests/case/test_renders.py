"""The pictures of device and steps: all there and small, labels apart, wires on their pins, the panel's own dots."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import dist

import numpy as np
import pytest
from PIL import Image

from hardware.case.placing import Vector, on_face, places, sizes
from hardware.renders.assembly import ON_FACE, open_runs
from hardware.renders.cables import COLOURS, runs
from hardware.renders.camera.mesh import Look, boxes, curve
from hardware.renders.camera.shot import WIDTH, Shot
from hardware.renders.chair_scene import jumper_way, lead_way, sensor_places
from hardware.renders.labels import LabelError, Tag, check
from hardware.renders.panel_picture import DOT, LIT, as_lit, guide_dots
from hardware.renders.pictures import FOLDER, MOST_BYTES, PICTURES, SHAPES, shown
from hardware.renders.shapes import shapes
from hardware.renders.tableau import Tableau, around, table
from hardware.wiring.lengths import lengths
from hardware.wiring.outlines import header_pin, hole, outlines
from hardware.wiring.wires import SHIPPED, Build, wiring

pytestmark = pytest.mark.case

FORCE = Build(seat="force")
WHOLE = 200
"""A jumper that isn't cut, in millimetres."""


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_checked_in_and_small(name: str) -> None:
    file = FOLDER / f"{name}.png"
    assert file.stat().st_size < MOST_BYTES
    with Image.open(file) as picture:
        assert picture.width == WIDTH


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_of_the_shapes_as_they_are(name: str) -> None:
    with Image.open(FOLDER / f"{name}.png") as picture:
        assert picture.info.get(SHAPES) == shapes(shown(name)), "make renders takes it anew"


def test_no_picture_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.png")} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_labels_lie_apart_and_their_lines_end_in_the_picture(name: str) -> None:
    scene = PICTURES[name]()
    check(scene.shot, scene.tags)
    for tag in scene.tags:
        if tag.place is not None:
            x, y = scene.shot.seen(tag.place)
            assert 0 <= x < scene.shot.width, tag.text
            assert 0 <= y < scene.shot.height, tag.text


def test_the_sensors_wires_cross_without_running_through_each_other() -> None:
    left, right = ([curve(jumper_way(place, off)) for place in sensor_places()] for off in (-0.35, 0.35))
    for one, other in itertools.product(left, right):
        assert min(dist(a, b) for a, b in itertools.product(one, other)) >= 0.3


def test_labels_that_touch_are_refused() -> None:
    shot = Shot((0, -100, 50), (0, 0, 0))
    check(shot, [Tag("one", None, (100, 100)), Tag("other", None, (100, 140))])
    with pytest.raises(LabelError, match="lies on"):
        check(shot, [Tag("one", None, (100, 100)), Tag("other", None, (110, 110))])
    with pytest.raises(LabelError, match="edge"):
        check(shot, [Tag("one", None, (5, 100))])


def test_the_panel_shows_what_the_device_draws_dot_by_dot() -> None:
    dots = guide_dots()
    lit = as_lit(dots)
    assert dots.size == (128, 64)
    seen = np.asarray(lit)[DOT // 2 :: DOT, DOT // 2 :: DOT]
    assert ((seen == LIT).all(axis=2) == np.asarray(dots)).all()
    assert 200 < np.asarray(dots).sum() < 4000
    assert any(surface.picture is not None and surface.picture == lit for surface in PICTURES["desk"]().surfaces)


@pytest.mark.parametrize("build", [SHIPPED, FORCE], ids=Build.named)
def test_wires_run_between_the_pins_of_the_data(build: Build) -> None:
    drawn = {run.wire.number: run for run in runs(build)}
    inside = [wire for wire in wiring(build).wires if all(end.part in places(build) for end in wire.ends)]
    assert sorted(drawn) == [wire.number for wire in inside]
    kinds, where = outlines(), places(build)
    for wire in inside:
        run = drawn[wire.number]
        assert run.wire.colour in COLOURS
        for end, point in zip(wire.ends, (run.points[0], run.points[-1]), strict=True):
            if end.part == "header":
                flat = header_pin(kinds[build.board], int(end.pin))
            elif end.part == "board":
                flat = hole(kinds["board"], end.row, end.column)
            else:
                flat = kinds[build.panel if end.part == "panel" else end.part].pins[end.pin]
            # Along the pin's own direction it may begin anywhere on it.
            line = [where[end.part].of((*flat, float(z))) for z in range(-20, 21)]
            assert min(dist(point, each) for each in line) < 1.0, (wire.number, end)


def test_the_open_hood_lies_no_farther_away_than_the_wires_reach() -> None:
    cut = lengths(SHIPPED)
    for run in open_runs():
        whole = all(end.part in ("header", "panel") for end in run.wire.ends)
        assert run.mm <= (WHOLE if whole else cut[run.wire.number].mm), run.wire.number


def test_the_open_hood_is_tipped_forward_and_not_turned() -> None:
    button, base = ON_FACE.of(places()["button"].at), sizes()
    assert button[0] == places()["button"].at[0] > 0
    assert button[1] < ON_FACE.of((0, base.depth, 0))[1] < 0, "the bottom is nearer to the base than the top"
    assert ON_FACE.of(on_face(0, base.slope))[2] == pytest.approx(ON_FACE.of(on_face(0, 0))[2])


def test_the_wires_of_the_force_sensors_are_no_longer_than_they_are_cut() -> None:
    forks = [wire.fork for wire in wiring(FORCE).wires if wire.fork]
    housing, spare = 14.0, 5.0

    def drawn_mm(way: Sequence[Vector]) -> float:
        return 10 * sum(dist(*each) for each in itertools.pairwise(curve(way)))

    jumpers = [drawn_mm(jumper_way(place, off)) for place in sensor_places() for off in (-0.35, 0.35)]
    for fork in forks:
        assert max(jumpers) + housing + spare <= fork.branch_mm
        assert 100 < drawn_mm(lead_way()) + spare <= fork.lead_mm


def test_no_two_wires_end_in_one_place() -> None:
    ends = [point for run in runs() for point in (run.points[0], run.points[-1])]
    assert min(dist(one, other) for one, other in itertools.combinations(ends, 2)) > 2.0


def test_a_picture_taken_twice_is_the_same_and_has_a_shadow() -> None:
    target = (0.0, 0.0, 10.0)
    shot = Shot(around(target, 200, 0, 40), target, height=120, width=180, reach=80)
    scene = Tableau([table(), boxes([(-15, -15, 0, 15, 15, 30)], Look("#c04030"))], shot)
    one, other = (np.asarray(scene.picture(quick=True), int) for _ in range(2))
    assert (one == other).all()
    behind, free = (one[tuple(reversed([round(each) for each in shot.seen(at)]))] for at in ((26, 6, 0), (-40, -20, 0)))
    assert behind.sum() < free.sum() - 60


def test_a_place_is_seen_where_the_camera_shows_it() -> None:
    target = (0.0, 0.0, 0.0)
    shot = Shot(around(target, 300, 25, 35), target, height=200, width=300)
    at = (30.0, -20.0, 12.0)
    dot = [(each[0], each[1], each[2]) for each in [tuple(part + off for part in at) for off in (-1.0, 1.0)]]
    scene = Tableau([boxes([(*dot[0], *dot[1])], Look("#ff0000", glows=True))], shot)
    red = np.argwhere((np.asarray(scene.picture(quick=True), int) @ (1, -1, 0)) > 150)
    assert dist(red.mean(axis=0), tuple(reversed(shot.seen(at)))) < 1.5
