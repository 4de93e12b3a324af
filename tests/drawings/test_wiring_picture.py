"""The pictures have each wire between the ends that the data names, and nothing lies over anything else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from math import dist
from xml.etree import ElementTree

import pytest

from hardware.drawings.drawn import DRAWN
from hardware.drawings.strip_picture import copper_picture, empty_picture, parts_picture, wires_picture
from hardware.drawings.svg import CARD
from hardware.drawings.tables import PROJECT
from hardware.drawings.wiring_picture import wiring_picture
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import SHIPPED, Build, Wiring, builds, settings_for, wiring

ALL = pytest.mark.parametrize("build", list(builds()), ids=Build.named)
_SVG = "{http://www.w3.org/2000/svg}"
Spot = tuple[float, float]


def routes(svg: str) -> dict[str, list[Spot]]:
    """The corners of each wire, by its name in the file."""
    paths = ElementTree.fromstring(svg).iter(f"{_SVG}path")
    named = {path.get("data-name"): path.get("d") or "" for path in paths if path.get("data-name")}
    return {name: list(corners(drawn)) for name, drawn in named.items() if name}


def corners(drawn: str) -> Iterator[Spot]:
    """Of a line with round corners its sharp ones: the start, what it bends towards, the end."""
    numbers = re.findall(r"([MLQ])([-\d.]+) ([-\d.]+)", drawn)
    for letter, x, y in (numbers[0], *(each for each in numbers if each[0] == "Q"), numbers[-1]):
        assert letter in "MLQ"
        yield float(x), float(y)


def texts(svg: str) -> list[tuple[str, Spot, float]]:
    """Each text, its middle, and about how wide it is."""
    found = []
    for text in ElementTree.fromstring(svg).iter(f"{_SVG}text"):
        size = float(text.get("font-size") or 0)
        found.append(
            (text.text or "", (float(text.get("x") or 0), float(text.get("y") or 0)), 0.5 * size * len(text.text or ""))
        )
    return found


def text_near(svg: str, spot: Spot, within: float) -> set[str]:
    return {said for said, place, _ in texts(svg) if dist(place, spot) <= within}


@ALL
def test_each_wire_leads_from_its_pin_to_its_terminal(build: Build) -> None:
    wired = wiring(build)
    svg = wiring_picture(wired)
    drawn = routes(svg)
    assert len(drawn) == len(wired.wires)
    for wire in wired.wires:
        spots = drawn[f"{wire.number}: {wire.ends[0]} - {wire.ends[1]}"]
        for end, spot in zip(wire.ends, (spots[0], spots[-1]), strict=True):
            assert (end.hole or end.pin) in text_near(svg, spot, 19.0), (wire, end)
            assert str(wire.number) in text_near(svg, spot, 85.0)


@ALL
def test_what_is_written_in_a_box_stays_off_its_sides(build: Build) -> None:
    svg = wiring_picture(wiring(build))
    found = [rect for rect in ElementTree.fromstring(svg).iter(f"{_SVG}rect") if rect.get("fill") == CARD]
    assert found
    for rect in found:
        left, top, wide, tall = (float(rect.get(name) or 0) for name in ("x", "y", "width", "height"))
        for said, (x, y), long in texts(svg):
            if left <= x <= left + wide and top <= y <= top + tall:
                assert min(x - left, left + wide - x) >= 1.15 * long / 2 + 3.0, said


@ALL
def test_the_picture_is_no_wider_than_a_page(build: Build) -> None:
    assert float(ElementTree.fromstring(wiring_picture(wiring(build))).get("width") or 0) <= 830


@ALL
def test_a_wire_that_goes_down_past_others_does_not_look_like_dashes(build: Build) -> None:
    later = [list(pairwise(spots)) for spots in routes(wiring_picture(wiring(build))).values()]
    while later:
        for (x, y), (end, low) in later.pop(0):
            across = [(a, b) for pieces in later for a, b in pieces if a[1] == b[1]]
            over = [a for a, b in across if min(a[0], b[0]) < x < max(a[0], b[0]) and min(y, low) < a[1] < max(y, low)]
            assert x != end or len(over) <= 2, (x, over)


@ALL
def test_no_wire_runs_along_another(build: Build) -> None:
    pieces = [
        (name, one, other)
        for name, spots in routes(wiring_picture(wiring(build))).items()
        for one, other in pairwise(spots)
    ]
    for (name, a, b), (of, c, d) in combinations(pieces, 2):
        if name == of:
            continue
        for axis in (0, 1):
            if a[axis] == b[axis] and c[axis] == d[axis] and abs(a[axis] - c[axis]) < 6.0:
                across = 1 - axis
                (low, high), (start, end) = sorted((a[across], b[across])), sorted((c[across], d[across]))
                assert min(high, end) - max(low, start) < 1.0, (name, of)


@ALL
def test_no_text_lies_over_another(build: Build) -> None:
    for (said, (x, y), wide), (other, (u, v), width) in combinations(texts(wiring_picture(wiring(build))), 2):
        assert abs(y - v) >= 8.0 or abs(x - u) >= (wide + width) / 2, (said, other)


def test_a_pin_that_is_moved_takes_its_wire_along() -> None:
    settings = settings_for(SHIPPED)
    moved = settings.__class__(pins=settings.pins.__class__(button=22), panel=settings.panel)
    svg = wiring_picture(wiring(SHIPPED, moved))
    spots = routes(svg)["5: header 15 - button one lug"]
    assert "15" in text_near(svg, spots[0], 6.0)


def test_a_picture_of_one_part_has_its_wires_only() -> None:
    wired = wiring()
    assert len(routes(wiring_picture(wired, ("button",)))) == len(wired.at("button")) == 2


@pytest.mark.parametrize("name", DRAWN)
def test_the_drawings_in_docs_are_those_of_the_data(name: str) -> None:
    file = PROJECT / f"docs/build/{name}.svg"
    assert file.read_text("utf-8") == DRAWN[name](), "make drawings draws them anew"


def test_no_drawing_is_left_over() -> None:
    assert {file.stem for file in (PROJECT / "docs/build").glob("*.svg")} == set(DRAWN)


def holes(wired: Wiring) -> set[str]:
    return {end.hole for wire in wired.wires for end in wire.ends if end.part == "board"}


@ALL
def test_the_strip_board_has_a_number_at_each_hole_that_a_wire_goes_into(build: Build) -> None:
    wired = wiring(build)
    said = texts(wires_picture(wired))
    letters = {text: y for text, (x, y), _ in said if text in tuple("ABCDEFGH") and 150 < x < 180}
    columns = {text: x for text, (x, y), _ in said if text.isdecimal() and y < 60}
    on_board = {int(text): (x, y) for text, (x, y), _ in said if text.isdecimal() and x > 190 and 65 < y < 445}
    for wire in wired.at("board"):
        hole = next(end.hole for end in wire.ends if end.part == "board")
        assert f"{hole}  wire {wire.number}, {wire.colour}" in [text for text, _, _ in said]
        x, y = on_board.pop(wire.number)
        assert abs(letters[hole[0]] - y) < 4.0
        assert abs(columns[hole[1:]] - x) < 1.0
    assert not on_board
    assert len(holes(wired)) == len(wired.at("board"))


@ALL
@pytest.mark.parametrize("is_copper", [False, True])
def test_each_leg_is_in_its_hole_on_both_sides_of_the_board(build: Build, is_copper: bool) -> None:
    wired = wiring(build)
    svg = (copper_picture if is_copper else parts_picture)(wired)
    columns = {text: x for text, (x, y), _ in texts(svg) if text.isdecimal() and y < 60}
    letters = {text: y for text, (x, y), _ in texts(svg) if text in tuple("ABCDEFGH") and 150 < x < 180}
    assert (columns["1"] > columns["12"]) is is_copper
    dots = [
        (float(dot.get("cx") or 0), float(dot.get("cy") or 0))
        for dot in ElementTree.fromstring(svg).iter(f"{_SVG}circle")
        if dot.get("fill") == "#cfd3d6"
    ]
    for leg in (leg for part in wired.soldered for leg in part.legs):
        assert any(abs(columns[leg.hole[1:]] - x) < 1 and abs(letters[leg.hole[0]] - y) < 6.5 for x, y in dots)


@ALL
@pytest.mark.parametrize("draw", [parts_picture, wires_picture, copper_picture])
def test_no_text_on_the_strip_board_lies_over_another(build: Build, draw: Callable[[Wiring], str]) -> None:
    for (said, (x, y), wide), (other, (u, v), width) in combinations(texts(draw(wiring(build))), 2):
        assert abs(y - v) >= 8.0 or abs(x - u) >= min(wide, width) / 2, (said, other)


def board_edges(svg: str) -> list[float]:
    """Left, upper edge, width and height of the strip board's outline."""
    box = next(box for box in ElementTree.fromstring(svg).iter(f"{_SVG}rect") if box.get("fill") == "#c9a26b")
    return [float(box.get(name) or 0) for name in ("x", "y", "width", "height")]


@pytest.mark.parametrize("draw", [empty_picture, parts_picture, wires_picture, copper_picture])
def test_the_strip_board_is_drawn_as_large_as_it_is(draw: Callable[[Wiring], str]) -> None:
    svg, board = draw(wiring()), outlines()["board"]
    holes = [
        (float(dot.get("cx") or 0), float(dot.get("cy") or 0))
        for dot in ElementTree.fromstring(svg).iter(f"{_SVG}circle")
        if dot.get("fill") == "#5d4a30"
    ]
    pitch = holes[0][0] - holes[1][0] if draw is copper_picture else holes[1][0] - holes[0][0]
    mm, first = pitch / board.pitch, (min(x for x, _ in holes), min(y for _, y in holes))
    left, upper, wide, tall = board_edges(svg)
    assert wide == pytest.approx(board.size[0] * mm, abs=0.02)
    assert tall == pytest.approx(board.size[1] * mm, abs=0.02)
    assert first[0] - left == pytest.approx(board.hole_a1[0] * mm, abs=0.02)
    assert first[1] - upper == pytest.approx((board.size[1] - board.hole_a1[1]) * mm, abs=0.02)


def test_the_four_cuts_lie_just_outside_of_the_board() -> None:
    svg, board = empty_picture(wiring()), outlines()["board"]
    left, upper, wide, tall = board_edges(svg)
    mm = wide / board.size[0]
    lines = list(ElementTree.fromstring(svg).iter(f"{_SVG}line"))
    down = [float(line.get("x1") or 0) for line in lines if line.get("x1") == line.get("x2")]
    across = [float(line.get("y1") or 0) for line in lines if line.get("y1") == line.get("y2")]
    rim = (board.pitch + 0.5 - board.hole_a1[0]) * mm
    middle = (board.pitch - board.size[1] + board.hole_a1[1]) * mm
    assert rim > 0 < middle
    assert down == pytest.approx([left - rim, left + wide + rim], abs=0.02)
    assert across == pytest.approx([upper - middle, upper + tall + middle], abs=0.02)
    assert {"2.8 mm", "1.6 mm", "33.6 mm", "21 mm"} <= {said for said, _, _ in texts(svg)}


def crossings(svg: str) -> int:
    """How often one wire lies over another."""
    pieces = [(name, *piece) for name, spots in routes(svg).items() for piece in pairwise(spots)]
    return sum(name != of and _cross(a, b, c, d) for (name, a, b), (of, c, d) in combinations(pieces, 2))


def _cross(a: Spot, b: Spot, c: Spot, d: Spot) -> bool:
    def side(of: Spot, start: Spot, end: Spot) -> float:
        return (end[0] - start[0]) * (of[1] - start[1]) - (end[1] - start[1]) * (of[0] - start[0])

    return side(a, c, d) * side(b, c, d) < 0 and side(c, a, b) * side(d, a, b) < 0


def test_few_wires_cross() -> None:
    assert crossings(wiring_picture(wiring())) <= 3
    assert crossings(wiring_picture(wiring(), ("header",))) <= 2
    assert crossings(wiring_picture(wiring(), ("panel",))) == 0


@ALL
def test_no_number_lies_over_another(build: Build) -> None:
    circles = list(ElementTree.fromstring(wiring_picture(wiring(build))).iter(f"{_SVG}circle"))
    rings = [
        (float(ring.get("cx") or 0), float(ring.get("cy") or 0), float(ring.get("r") or 0))
        for ring in circles
        if ring.get("fill") == "#ffffff" and float(ring.get("r") or 0) < 9.0
    ]
    assert len(rings) == 2 * len(wiring(build).wires)
    for (x, y, radius), (u, v, other) in combinations(rings, 2):
        assert dist((x, y), (u, v)) > radius + other + 5.0


def test_the_header_lies_as_in_the_base_with_pin_1_at_the_right_in_the_farther_row() -> None:
    svg = wiring_picture(wiring())
    at = {int(said): place for said, place, _ in texts(svg) if said.isdecimal() and place[1] < 140}
    assert len(at) == 40
    assert max(at.values()) == at[2]
    assert at[1][0] == at[2][0]
    assert at[1][1] < at[2][1]
    assert [at[pin][0] for pin in range(39, 0, -2)] == sorted(at[pin][0] for pin in range(1, 40, 2))
    board, slab = list(ElementTree.fromstring(svg).iter(f"{_SVG}rect"))[1:3]
    (board_left, board_wide), (left, wide) = (
        (float(each.get("x") or 0), float(each.get("width") or 0)) for each in (board, slab)
    )
    assert board_left < left < at[39][0] < at[1][0] < left + wide < board_left + board_wide
    assert any(said.endswith("its ports look away from you") for said, _, _ in texts(svg))


@ALL
def test_no_wire_runs_over_a_part(build: Build) -> None:
    svg = wiring_picture(wiring(build))
    boxes = [
        (
            float(box.get("x") or 0),
            float(box.get("y") or 0),
            float(box.get("width") or 0),
            float(box.get("height") or 0),
        )
        for box in ElementTree.fromstring(svg).iter(f"{_SVG}rect")
        if box.get("fill") == CARD
    ]
    assert len(boxes) == len({end.part for wire in wiring(build).wires for end in wire.ends} - {"header"})
    for name, spots in routes(svg).items():
        for (x, y), (u, v) in pairwise(spots):
            for left, top, wide, tall in boxes:
                is_beside = max(x, u) < left - 4 or min(x, u) > left + wide + 4
                assert is_beside or max(y, v) <= top or min(y, v) >= top + tall, (name, left, top)
