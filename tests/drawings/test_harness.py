"""The harness has each wire with its length, and tells which ends stay as they are."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest

from hardware.drawings.harness_picture import harness_picture
from hardware.drawings.tables import table
from hardware.wiring.figures import DIVIDER_SENSORS
from hardware.wiring.lengths import lengths
from hardware.wiring.wires import PLUGGED, SHIPPED, Build, builds, wiring

ALL = pytest.mark.parametrize("build", list(builds()), ids=Build.named)
Row = dict[str, float]


def rows(svg: str) -> dict[int, Row]:
    """By each wire's number: what stands in its row, and where."""
    texts = [
        (text.text or "", float(text.get("x") or 0), float(text.get("y") or 0))
        for text in ElementTree.fromstring(svg).iter()
        if text.tag.endswith("text")
    ]
    numbered = {int(said): y for said, x, y in texts if said.isdecimal() and x < 50}
    return {number: {said: x for said, x, y in texts if abs(y - at) < 14.0} for number, at in numbered.items()}


@ALL
def test_each_wire_has_its_row(build: Build) -> None:
    wired, cut = wiring(build), lengths(build)
    found = rows(harness_picture(wired))
    assert set(found) == {wire.number for wire in wired.wires}
    for wire in wired.wires:
        row = found[wire.number]
        assert wire.colour in row
        lefts = [
            next(x for said, x in row.items() if said.endswith(f" {end.hole or end.pin}") and (x > 500) is is_right)
            for end, is_right in zip(wire.ends, (False, True), strict=True)
        ]
        assert lefts[0] < lefts[1]
        is_whole = wire.number in cut and all(end.part in PLUGGED for end in wire.ends)
        told = f"{cut[wire.number].mm} mm" if wire.number in cut else "as long as it is"
        if wire.fork:
            told = f"{wire.fork.lead_mm} mm of the lead"
            assert f"{wire.fork.branches} x {wire.fork.branch_mm} mm" in row
        # A jumper that isn't cut has the length that one buys: any other number invites to cut it.
        assert ("whole, 200 mm" if is_whole else told) in row


def test_a_wire_that_forks_has_a_female_end_for_each_sensor() -> None:
    wired = wiring(Build(seat="force"))
    shapes = list(ElementTree.fromstring(harness_picture(wired)).iter())
    forked = [wire for wire in wired.wires if wire.fork]
    assert [wire.number for wire in forked] == [20, 21]
    lowest = max(
        float(shape.get("y") or 0) for shape in shapes if shape.get("data-name") is None and shape.text == "19"
    )
    housings = [
        float(shape.get("x") or 0) + float(shape.get("width") or 0)
        for shape in shapes
        if shape.get("fill") == "#3a3936" and float(shape.get("y") or 0) > lowest
    ]
    assert len(housings) == 2 * DIVIDER_SENSORS
    assert len(set(housings)) == 1
    for wire in forked:
        assert wire.fork
        assert wire.fork.branches == DIVIDER_SENSORS
        names = [
            name
            for shape in shapes
            if (name := shape.get("data-name", "")).startswith((f"{wire.number}: ", f"{wire.number}, "))
        ]
        assert sorted(names) == [
            *(f"{wire.number}, {nth}: {wire.fork.branch_mm} mm" for nth in range(1, 1 + DIVIDER_SENSORS)),
            f"{wire.number}: {wire.fork.lead_mm} mm",
        ]


def headings(svg: str) -> list[tuple[str, list[int]]]:
    texts = [text for text in ElementTree.fromstring(svg).iter() if text.tag.endswith("text")]
    found: list[tuple[str, list[int]]] = []
    for text in texts:
        if text.get("x") == "24":
            found.append((text.text or "", []))
        elif (text.text or "").isdecimal():
            found[-1][1].append(int(text.text or ""))
    return found


def test_the_shipped_wires_are_sorted_by_what_is_to_be_done() -> None:
    whole, one_end, both_ends, chair = headings(harness_picture(wiring()))
    assert whole == ("Jumpers: leave both ends as they are", [1, 2, 3, 4])
    assert one_end[1] == [5, 6, 7, 8, 9, 10]
    assert both_ends[1] == [11, 12]
    assert chair[1] == [13, 14]


@ALL
def test_no_row_lies_over_another(build: Build) -> None:
    texts = [
        text for text in ElementTree.fromstring(harness_picture(wiring(build))).iter() if text.tag.endswith("text")
    ]
    heights = sorted({float(text.get("y") or 0) for text in texts if (text.text or "").isdecimal()})
    assert all(other - one >= 38.0 for one, other in combinations(heights, 2))


@pytest.mark.parametrize(
    ("build", "name"),
    [(SHIPPED, "wires to prepare"), (Build(seat="force"), "wires to prepare with force sensors")],
)
def test_the_table_leaves_the_same_ends_as_the_picture(build: Build, name: str) -> None:
    told: dict[str, list[int]] = {}
    for line in table(name).splitlines()[2:]:
        number, _, cut, ends = line.strip("| ").split(" | ")
        if "lead" in cut or "jumpers" in cut:
            continue
        told.setdefault(ends, []).append(int(number))
    drawn = headings(harness_picture(wiring(build)))
    assert [numbers for _, numbers in drawn[:-1]] == [told["both"], told["one"], told["none"]]
