"""On the desk: one sees all dots, it stands when pressed or pulled, and the clip lets its plug go."""

from __future__ import annotations

from math import radians, sin

import cadquery as cq
import numpy as np
import pytest

from hardware.case.bought import audio_plug, bought, in_case
from hardware.case.placing import BACK, CLIP_SOCKET, LEAN_DEG, PLAY, Placement, eye_angle_deg, places
from hardware.case.printed import printed
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import SHIPPED, Build
from tests.case.assembling import BACKWARD, FORWARD, LOOSE, meshes, solids
from tests.case.builds import BUILDS
from tests.case.measuring import Array, Vector, blocked_at, common_volume, fits, hidden, mesh

pytestmark = pytest.mark.case

SEATED = [(distance, above) for distance in (600.0, 700.0, 800.0) for above in (400.0, 450.0, 500.0)]
STANDING = (1000.0, 850.0)
ASIDE = (-200.0, 0.0, 200.0)
MOST_OFF = 15.0
"""Degrees beside the panel's normal; an OLED is read at 80."""
PLA = 1.24e-3
"""Grams a cubic millimetre; walls of 2 mm print all but solid."""
GRAMS = {"zero": 11.0, "full": 46.0, "panel": 8.0, "button": 6.0, "board": 7.0, "socket": 4.0, "converter": 3.0}
PRESS = 5.0
ROOM_BEFORE_LUGS = 3.0
"""Beneath the lugs of the clip's socket, and around, the plate has no slot."""
RUBBER = 0.8
"""Friction of a rubber foot on a desk."""

each_build = pytest.mark.parametrize("build", BUILDS, ids=Build.named)


@each_build
@pytest.mark.parametrize(("distance", "above"), [*SEATED, STANDING])
@pytest.mark.parametrize("aside", ASIDE)
def test_an_eye_sees_all_dots(build: Build, distance: float, above: float, aside: float) -> None:
    assert hidden(_dots(build), (aside, -distance, above), meshes(build)["hood"]) == []


@each_build
def test_a_smaller_window_is_found(build: Build) -> None:
    left, lower, right, _ = outlines()[build.panel].active
    strip = cq.Workplane("XY").box(right - left, 3.0, 0.5, centered=False).translate((left, lower - 1.0, 3.0))
    narrowed = mesh(solids(build)["hood"], in_case(strip, places(build)["panel"]))
    assert hidden(_dots(build), (0.0, -700.0, 450.0), narrowed)


@each_build
@pytest.mark.parametrize("aside", ASIDE)
def test_no_eye_sees_more_than_the_glass(build: Build, aside: float) -> None:
    panel = outlines()[build.panel]
    edge = _along(panel.glass, panel.size[2] + panel.glass_height, build)
    for distance, above in (*SEATED, STANDING):
        assert len(hidden(edge, (aside, -distance, above), meshes(build)["hood"])) == len(edge)


def _dots(build: Build) -> Array:
    """Points along the dots' edge, as far out as a board may have them."""
    panel = outlines()[build.panel]
    (left, lower, right, upper), out = panel.active, panel.active_spread
    return _along((left - out, lower - out, right + out, upper + out), panel.size[2] + panel.glass_height, build)


def _along(edges: tuple[float, ...], high: float, build: Build) -> Array:
    """Points of the panel along a rectangle's sides, so high over its board, in the case's frame."""
    left, lower, right, upper = edges
    across, along = np.linspace(left, right, 9), np.linspace(lower, upper, 9)
    edge = [(x, y) for x in across for y in (lower, upper)] + [(x, y) for x in (left, right) for y in along]
    return np.array([places(build)["panel"].of((x, y, high)) for x, y in edge])


@each_build
def test_the_panel_looks_at_the_eye(build: Build) -> None:
    off = {eye: eye_angle_deg(*eye, build) for eye in [*SEATED, STANDING]}
    assert {eye: angle for eye, angle in off.items() if abs(angle) > MOST_OFF} == {}


@each_build
def test_a_press_on_the_button_tips_nothing(build: Build) -> None:
    weight, middle = _weight(build)
    left, front, right, back = _stand(build)
    x, y, _ = places(build)["button"].at
    rim = 5.0
    for outside, inside in (
        (x + rim - right, right - middle[0]),
        (left - x + rim, middle[0] - left),
        (y + rim - back, back - middle[1]),
        (front - y + rim, middle[1] - front),
    ):
        # About each edge of the stand: what the finger turns is less than what the weight holds.
        assert PRESS * outside < weight * inside


@each_build
def test_a_pulled_cable_moves_it_before_it_tips(build: Build) -> None:
    """So light a device never holds 5 N: it slides after the cable, and the plug in the clip pulls out."""
    weight, middle = _weight(build)
    *_, back = _stand(build)
    height = places(build)["socket"].at[2] + outlines()["foot"].height
    tips_at = weight * (back - middle[1]) / height
    slides_at = RUBBER * weight
    assert slides_at < tips_at
    assert slides_at < PRESS


def _weight(build: Build) -> tuple[float, Vector]:
    """In newtons, and where its middle is."""
    grams = {name: GRAMS[name] for name in places(build) if name in GRAMS} | {"header": GRAMS[build.board]}
    parts = solids(build)
    masses = [(grams[name], _middle(parts[name])) for name in grams]
    masses += [(PLA * parts[name].val().Volume(), _middle(parts[name])) for name in ("base", "hood", "bar")]
    total = sum(mass for mass, _ in masses)
    x, y, z = (sum(mass * at[axis] for mass, at in masses) / total for axis in range(3))
    return total * 9.81e-3, (x, y, z)


def _middle(part: cq.Workplane) -> Vector:
    found: Vector = cq.Shape.centerOfMass(part.val()).toTuple()
    return found


def _stand(build: Build) -> tuple[float, float, float, float]:
    """Left, front, right and back of what the feet stand on."""
    reach = outlines()["foot"].diameter / 2
    wells = _bores(solids(build)["base"], reach, reach + 0.6)
    feet = [at for at in wells if at[2] < 1.0]
    assert len(feet) == 4
    x, y = [at[0] for at in feet], [at[1] for at in feet]
    return min(x) - reach, min(y) - reach, max(x) + reach, max(y) + reach


def _bores(part: cq.Workplane, least: float, most: float) -> list[Vector]:
    """The middles of round holes of about that radius."""
    found = []
    for face in part.faces("%CYLINDER").vals():
        cylinder = face._geomAdaptor().Cylinder()
        if least - 1e-6 <= cylinder.Radius() <= most + 1e-6:
            box = face.BoundingBox()
            found.append((box.center.x, box.center.y, box.center.z))
    return found


def test_the_clip_holds_its_socket_and_lets_the_plug_go() -> None:
    clip = printed("clip", SHIPPED)
    radius = outlines()["socket"].thread / 2
    ((x, _, z),) = _bores(clip, radius, radius + PLAY)
    wall = max(vertex.Y for vertex in clip.faces("%CYLINDER").vertices().vals() if abs(vertex.Z - z) < radius + PLAY)
    at = Placement((x, wall, z), lean_deg=-90.0)
    assert at == CLIP_SOCKET
    assert outlines()["socket"].wall_most >= BACK
    pieces = [in_case(one.solid, at) for one in bought("socket") if one.name not in LOOSE]
    there, socket = mesh(clip), mesh(*pieces)
    assert blocked_at(socket, there, FORWARD) is None
    assert (
        fits(socket.moved((0, -0.05, 0)), there, PLAY / 2 - 0.01, [(1, 0, 0), (-1, 0, 0), (0, 0, 1), (0, 0, -1)]) == []
    )
    assert blocked_at(mesh(in_case(audio_plug(), at)), there, BACKWARD) is None


def test_the_lead_of_the_pad_has_room_between_its_tie_and_the_lugs() -> None:
    (lugs,) = [in_case(one.solid, CLIP_SOCKET) for one in bought("socket") if one.name == "lugs"]
    box = lugs.val().BoundingBox()
    wide, deep = box.xlen + 2 * ROOM_BEFORE_LUGS, box.ylen + 2 * ROOM_BEFORE_LUGS
    beneath = cq.Workplane("XY").box(wide, deep, 1.0).translate((box.center.x, box.center.y, 1.5))
    assert common_volume(beneath, printed("clip", SHIPPED)) == pytest.approx(wide * deep)


def test_the_face_leans_as_the_eye_looks_down() -> None:
    assert sin(radians(LEAN_DEG)) == pytest.approx(0.5)
    assert abs(eye_angle_deg(700.0, 450.0)) < 5.0
