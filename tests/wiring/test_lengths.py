"""How long the wires are: the table that is kept is what the case says."""

import pytest

from hardware.case.lengths import lengths_text
from hardware.wiring import lengths as kept
from hardware.wiring.wires import Build, builds, wiring


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
