"""How long the wires are: the table that is kept is what the case says."""

from math import cos, dist, hypot, radians, sin

import pytest

from hardware.case.lengths import lengths_text
from hardware.case.placing import LEAN_DEG, places, sizes
from hardware.wiring import lengths as kept
from hardware.wiring.header import header
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import Build, builds, under_cushion, wiring


def test_the_table_is_what_the_case_says() -> None:
    with open(kept.__file__.replace("lengths.py", kept.TABLE), encoding="utf-8") as file:
        assert file.read() == lengths_text(), "make case"


@pytest.mark.parametrize("build", list(builds()), ids=Build.named)
def test_every_wire_in_the_case_has_a_length_and_no_other(build: Build) -> None:
    inside = {wire.number for wire in wiring(build).wires if not any("chair" in end.part for end in wire.ends)}
    assert set(kept.lengths(build)) == inside


@pytest.mark.parametrize("build", list(builds()), ids=Build.named)
def test_each_formula_adds_up(build: Build) -> None:
    for length in kept.lengths(build).values():
        ways, _, total = length.formula.partition(" = ")
        assert sum(map(int, ways.split(" + "))) == int(total.split(",")[0])
        assert 0 <= length.mm - int(total.split(",")[0]) < 10


@pytest.mark.parametrize("build", list(builds()), ids=Build.named)
def test_the_buttons_wires_reach_while_the_hood_lies_on_its_face_a_finger_before_the_base(build: Build) -> None:
    case, placed, kinds = sizes(build), places(build), outlines()
    lean, gap, x = radians(LEAN_DEG), 10.0, placed["button"].at[0]

    def laid(y: float, z: float) -> tuple[float, float, float]:
        return x, y * sin(lean) + z * cos(lean) - case.slope - gap, y * cos(lean) - z * sin(lean)

    lug = laid(placed["button"].at[1], case.height - kinds["button"].below)
    rear_edge = laid(case.back, case.height)
    for wire in wiring(build).at("button"):
        pin = header()[int(wire.ends[0].pin)]
        right, up = kinds[build.board].pin_1
        housing = kinds["jumper"].size[2]
        top = placed["header"].of((right + 2.54 * (pin.row - 1), up + 2.54 * (pin.column - 1), 4.0 + housing))
        way = dist(lug, rear_edge) + dist(rear_edge, top) + housing
        assert way + 5 <= kept.lengths(build)[wire.number].mm, way


def test_the_jumpers_of_a_fork_reach_the_farthest_sensor_and_are_cut_from_what_one_buys() -> None:
    lies, forks = under_cushion(), [wire.fork for wire in wiring(Build(seat="force")).wires if wire.fork]
    assert len(forks) == 2
    bare, housing, bought = 10.0, outlines()["jumper"].size[2], 200.0
    for fork in forks:
        # To the sensor's middle: its tail, some 40 mm, is to spare.
        assert hypot(lies.apart_mm / 2, lies.along_mm + lies.behind_mm) + bare <= fork.branch_mm
        assert fork.branch_mm <= bought - housing
