"""All fits, comes out again along a straight way, and can be reached with plugs and a screwdriver."""

from __future__ import annotations

from itertools import combinations
from math import cos, radians, sin

import cadquery as cq
import numpy as np
import pytest

from hardware.case.bought import bought, in_case
from hardware.case.placing import LEAN_DEG, PLAY, places, sizes
from hardware.case.screws import screws
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import SHIPPED, Build
from tests.case.assembling import (
    BACKWARD,
    DOWN,
    FORWARD,
    INWARDS,
    RIGHT,
    UP,
    Step,
    card,
    drivers,
    meshes,
    power_grips,
    seat_plug,
    solids,
    steps,
    together,
)
from tests.case.builds import BUILDS
from tests.case.measuring import Mesh, Vector, blocked_at, collide, common_volume, fits, mesh

pytestmark = pytest.mark.case

LEFT: Vector = (-1.0, 0.0, 0.0)
ROUND = [LEFT, RIGHT, FORWARD, BACKWARD]
ALONG_FACE: Vector = (0.0, sin(radians(LEAN_DEG)), cos(radians(LEAN_DEG)))
PLAY_OF_A_BORE = PLAY / 2 - 0.01
HELD, MOST_BENT = 0.2, 0.65
"""A tie around a grip presses it down by that much at least, to hold it, and at most, for the port's sake."""

each_build = pytest.mark.parametrize("build", BUILDS, ids=Build.named)


@each_build
def test_nothing_is_where_something_else_is(build: Build) -> None:
    parts, triangles = solids(build), meshes(build)
    common = {
        (one, other): round(volume, 2)
        for one, other in combinations(parts, 2)
        if not _belong_together(one, other)
        and collide(triangles[one], triangles[other])
        and (volume := common_volume(parts[one], parts[other])) > 0.05
    }
    assert common == {}


def _belong_together(one: str, other: str) -> bool:
    """A jumper's housing is on its pin; the room of the button's wires is around the button."""
    return {one, other} in (
        {"header", "jumpers"},
        {"panel", "panel's jumpers"},
        {"converter", "converter's jumpers"},
        {"button", "button's wires"},
    )


@each_build
def test_a_jumper_is_on_its_pin_and_nowhere_else(build: Build) -> None:
    for part, housings in (("header", "jumpers"), ("panel", "panel's jumpers")):
        where, found = places(build)[part], solids(build)[housings]
        common = {one.name: common_volume(found, in_case(one.solid, where)) for one in bought(part, build)}
        assert common.pop("pins") > 1.0
        assert max(common.values()) < 0.05, common


@each_build
def test_what_is_soldered_on_the_strip_board_stands_apart(build: Build) -> None:
    pieces = bought("board", build)
    bodies = [one for one in pieces if not one.name.endswith("legs")]
    common = {
        (one.name, other.name): round(volume, 2)
        for one, other in combinations(bodies, 2)
        if (volume := common_volume(one.solid, other.solid)) > 0.01
    }
    assert common == {}


@each_build
def test_all_goes_in_and_comes_out_along_a_straight_way(build: Build) -> None:
    ways = [step for step in steps(build) if step.moving != ("board",)]
    stuck = {" and ".join(step.moving[:2]): at for step in ways if (at := _stuck(build, step)) is not None}
    assert stuck == {}


@each_build
def test_the_strip_board_slides_in(build: Build) -> None:
    (step,) = [step for step in steps(build) if step.moving == ("board",)]
    assert _stuck(build, step) is None


def _stuck(build: Build, step: Step) -> float | None:
    return blocked_at(together(build, step.moving), together(build, step.past), step.out, lift=step.lift)


@each_build
def test_every_screw_is_reached_with_a_screwdriver(build: Build) -> None:
    unreached = {
        name: part
        for name, (way, standing) in drivers(build).items()
        for part in standing
        if part != f"screw {name}" and collide(mesh(way), meshes(build)[part])
    }
    assert unreached == {}


@each_build
def test_every_screw_bites_and_goes_freely_through_what_it_holds(build: Build) -> None:
    for one in screws(build):
        thread = in_case(cq.Workplane("XY").circle(1.25).extrude(-one.length + 0.01), one.at)
        bitten = common_volume(thread, solids(build)[one.into])
        # At least 3 mm of thread, between the pilot's radius and the screw's.
        assert bitten > 3.0 * np.pi * (1.25**2 - 1.05**2), one.name
        held = {"board": "base"}.get(one.holds, one.holds)
        if held != one.into:
            assert common_volume(thread, solids(build)[held]) < 0.05, one.name


@each_build
def test_the_plugs_go_in(build: Build) -> None:
    closed = together(build, ("base", "hood", "header", "socket", "socket's nut"))
    for grip in (*power_grips(build).values(), seat_plug(build)):
        assert blocked_at(grip, closed, BACKWARD) is None


@each_build
def test_a_tight_tie_holds_the_power_plug_and_bends_it_by_little(build: Build) -> None:
    base = meshes(build)["base"]
    lies_at = _tie_lies_at(build)
    for kind, outline in ((kind, outlines()[kind]) for kind in outlines()[build.board].power):
        for high in np.arange(outline.usual, outline.size[1] + 0.01, 0.1):
            grip = power_grips(build, float(high))[kind]
            top = grip.corners[:, :, 2].max()
            stands_out = top - lies_at
            assert stands_out >= HELD, (kind, high)
            assert stands_out <= MOST_BENT or collide(grip.moved((0.0, 0.0, -MOST_BENT)), base), (kind, high)


def _tie_lies_at(build: Build) -> float:
    """What a tie around the plug and what is behind the back wall lies on: the lowest place along it."""
    behind, end = solids(build)["base"], sizes(build).depth
    long = behind.val().BoundingBox().ymax - end
    slices = [
        behind.intersect(cq.Workplane("XY", origin=(0, end + y, 0)).box(200, 0.1, 200)).val().BoundingBox().zmax
        for y in np.arange(1.0, long - 1.0, 0.5)
    ]
    return float(min(slices))


@each_build
def test_the_card_comes_out_of_the_closed_case(build: Build) -> None:
    # It is pinched by its edge first, so that it is tried from 1 mm on.
    assert blocked_at(card(build).moved((1.0, 0.0, 0.0)), together(build, ("base", "hood")), RIGHT, far=25.0) is None


@each_build
def test_what_is_guided_has_play(build: Build) -> None:
    part, hood, base = meshes(build), meshes(build)["hood"], meshes(build)["base"]
    lift = np.array((0.0, 0.0, 0.05))
    assert fits(_largest_panel(build), hood, PLAY, [LEFT, RIGHT, _turned(-1), _turned(1)]) == []
    assert fits(part["board"].moved(lift), base, PLAY, [LEFT, RIGHT, BACKWARD]) == []
    assert fits(part["header"].moved(lift), base, PLAY, ROUND) == []
    assert fits(part["button"].moved(lift), hood, PLAY_OF_A_BORE, ROUND) == []
    assert fits(part["socket"].moved((0, -0.05, 0)), base, PLAY_OF_A_BORE, [LEFT, RIGHT, UP, DOWN]) == []
    if build.seat == "force":
        assert fits(part["converter"].moved(lift), part["holder"], PLAY, [FORWARD, BACKWARD]) == []


def _turned(sign: int) -> Vector:
    return (0.0, sign * ALONG_FACE[1], sign * ALONG_FACE[2])


def _largest_panel(build: Build, more: float = 0.0) -> Mesh:
    """The panel's board as large as listings have it, a bit off its pads."""
    panel = outlines()[build.panel]
    wide, high, thick = panel.size
    grown = panel.spread + more
    box = cq.Workplane("XY").box(wide + grown, high + grown, thick, centered=(True, True, False))
    placed = in_case(box.translate((wide / 2, high / 2, 0)), places(build)["panel"])
    return mesh(placed).moved(np.array(INWARDS) * 0.05)


# ---- that these find what is wrong


def test_a_larger_panel_is_found() -> None:
    hood = meshes(SHIPPED)["hood"]
    assert fits(_largest_panel(SHIPPED, more=1.0), hood, PLAY, [_turned(-1), _turned(1)])


def test_a_strip_board_too_wide_is_found() -> None:
    board = meshes(SHIPPED)["board"]
    assert fits(board.moved((0.3, 0.0, 0.05)), meshes(SHIPPED)["base"], PLAY, [LEFT, RIGHT])


def test_a_hole_in_another_place_is_found() -> None:
    one = next(one for one in screws(SHIPPED) if one.name == "Pi 1")
    thread = in_case(cq.Workplane("XY").circle(1.25).extrude(-one.length), one.at).translate((1.0, 0, 0))
    assert common_volume(thread, solids(SHIPPED)["header"]) > 0.05


def test_a_hood_from_behind_would_hit() -> None:
    assert blocked_at(meshes(SHIPPED)["hood"], meshes(SHIPPED)["base"], BACKWARD) is not None


def test_a_thicker_plug_is_found() -> None:
    closed = together(SHIPPED, ("base",))
    (grip,) = power_grips(SHIPPED).values()
    thicker = Mesh(grip.corners * np.array((1.5, 1.0, 1.0)), grip.normals, grip.areas)
    middle = grip.corners.mean(axis=(0, 1))[0]
    assert blocked_at(thicker.moved((-0.5 * middle, 0.0, 0.0)), closed, BACKWARD) is not None
