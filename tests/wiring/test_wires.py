"""The wires lead where the settings and the parts want them: followed from pin to pin through strips and cables."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.settings.settings import Settings, claims
from hardware.wiring.header import header, pin_of
from hardware.wiring.wires import FREE, Build, End, Wiring, builds, settings_for, wiring

ALL = pytest.mark.parametrize("build", list(builds()), ids=Build.named)
_BUS = {"2": "panel.port", "3": "panel.port"}


class Nets:
    """What is joined by copper: wires, strips of the board, and the plug cable. Resistors and the like join nothing."""

    def __init__(self, wired: Wiring) -> None:
        self._of: dict[str, str] = {}
        for wire in wired.wires:
            self._join(*map(_node, wire.ends))
        for each in wired.soldered:
            for leg in each.legs:
                self._join(_node(leg), f"{each.name} {leg.pin}")
        for contact in ("tip", "sleeve"):
            self._join(f"socket {contact}", f"chair socket {contact}")
        for one, other in combinations(header().values(), 2):
            if one.name == other.name:
                self._join(f"header {one.number}", f"header {other.number}")

    def _join(self, one: str, other: str) -> None:
        self._of[self.root(one)] = self.root(other)

    def root(self, node: str) -> str:
        while self._of.setdefault(node, node) != node:
            node = self._of[node]
        return node

    def joined(self, *nodes: str) -> bool:
        return len({self.root(node) for node in nodes}) == 1


def _node(end: End) -> str:
    return f"{end.part} {end.pin}"


def gpio(number: int) -> str:
    return f"header {pin_of(number).number}"


POWER, GROUND, FIVE = "header 1", "header 6", "header 2"


@ALL
def test_power_and_ground_never_meet_and_five_volts_go_nowhere(build: Build) -> None:
    nets = Nets(wiring(build))
    pins = [f"header {pin.number}" for pin in header().values()]
    for one, other in combinations(pins, 2):
        same = header()[int(one.split()[1])].name == header()[int(other.split()[1])].name
        assert nets.joined(one, other) == same, (one, other)
    assert not wiring(build).at("header 2")
    assert not [wire for wire in wiring(build).wires if nets.joined(FIVE, _node(wire.ends[0]))]


@ALL
def test_the_panel_has_power_ground_and_the_bus(build: Build) -> None:
    nets = Nets(wiring(build))
    assert nets.joined("panel VCC", POWER)
    assert nets.joined("panel GND", GROUND)
    assert nets.joined("panel SDA", gpio(2))
    assert nets.joined("panel SCL", gpio(3))


@ALL
def test_the_button_closes_its_pin_to_ground(build: Build) -> None:
    nets = Nets(wiring(build))
    assert settings_for(build).pins.button_pull == "up"
    assert nets.joined("button one lug", gpio(settings_for(build).pins.button))
    assert nets.joined("button other lug", GROUND)


@ALL
def test_the_seat_is_as_docs_have_it(build: Build) -> None:
    nets, pins = Nets(wiring(build)), settings_for(build).pins
    if build.seat == "pad":
        assert nets.joined("pad other end", GROUND)
        assert nets.joined("pad one end", "R1 seat line")
        assert nets.joined("R1 GPIO of the seat", "R2 GPIO of the seat", "C1 GPIO of the seat", gpio(pins.seat))
        assert nets.joined("R2 3.3 V", POWER)
        assert nets.joined("C1 ground", GROUND)
        assert not nets.joined("pad one end", gpio(pins.seat))
    else:
        assert nets.joined("converter ALRT", gpio(pins.seat))
        assert nets.joined("converter VDD", "sensors one end", POWER)
        assert nets.joined("converter A0", "sensors other end", "R2 sensors", "C1 sensors")
        assert nets.joined("converter GND", "R2 ground", "C1 ground", GROUND)
        assert nets.joined("converter SDA", gpio(2))
        assert nets.joined("converter SCL", gpio(3))


@ALL
def test_the_buzzer_is_as_docs_have_it(build: Build) -> None:
    nets, pins = Nets(wiring(build)), settings_for(build).pins
    assert nets.joined("R3 GPIO of the buzzer", gpio(pins.buzzer))
    if build.buzzer == "passive":
        assert nets.joined("R3 buzzer", "BZ1 buzzer")
        assert nets.joined("BZ1 ground", GROUND)
    else:
        assert nets.joined("R3 transistor", "Q1 transistor")
        assert nets.joined("Q1 ground", GROUND)
        assert nets.joined("Q1 buzzer", "BZ1 buzzer")
        assert nets.joined("BZ1 3.3 V", POWER)


@ALL
def test_every_pin_of_the_settings_has_a_wire_and_no_other_pin_has(build: Build) -> None:
    settings = settings_for(build)
    wanted = {gpio(claim.number) for claim in claims(settings) if claim.is_pin} | {gpio(2), gpio(3)}
    used = {_node(end) for wire in wiring(build).wires for end in wire.ends if end.part == "header"}
    assert {pin for pin in used if header()[int(pin.split()[1])].name.startswith("GPIO")} == wanted
    assert settings.panel.port == 1, "GPIO2 and GPIO3 are bus 1"


@ALL
def test_a_place_takes_one_wire_or_leg(build: Build) -> None:
    wired = wiring(build)
    ends = [end for wire in wired.wires for end in wire.ends] + [leg for each in wired.soldered for leg in each.legs]
    assert [str(end) for end, count in Counter(ends).items() if count > 1] == []


@ALL
def test_holes_are_on_the_board_and_none_that_is_used_lies_under_the_buzzer(build: Build) -> None:
    wired = wiring(build)
    buzzer = next(each for each in wired.soldered if each.name == "BZ1")
    middle = [sum(values) / 2 for values in zip(*((leg.row, leg.column) for leg in buzzer.legs), strict=True)]
    holes = [end for wire in wired.wires for end in wire.ends if end.part == "board"]
    holes += [leg for each in wired.soldered if each is not buzzer for leg in each.legs]
    for hole in holes:
        assert 1 <= hole.row <= len(wired.strips)
        assert 1 <= hole.column <= wired.columns
        assert 2.54 * hypot(hole.row - middle[0], hole.column - middle[1]) > 6.1 + 0.5, hole


@ALL
def test_a_strip_is_free_exactly_where_nothing_is_in_it(build: Build) -> None:
    wired = wiring(build)
    ends = [end for wire in wired.wires for end in wire.ends] + [leg for each in wired.soldered for leg in each.legs]
    used = {end.row for end in ends if end.part == "board"}
    assert {row for row, strip in enumerate(wired.strips, start=1) if strip != FREE} == used
    assert all(wired.strips[end.row - 1] == end.pin for end in ends if end.part == "board")


def test_row_d_is_free_without_a_transistor() -> None:
    assert wiring().strips[3] == wiring(Build(seat="force")).strips[3] == FREE
    assert wiring(Build(buzzer="active")).strips[3] == "transistor"


@pytest.mark.parametrize(
    ("build", "order"),
    [
        (Build(), ["R1", "R2", "R3", "C1", "BZ1"]),
        (Build(seat="force"), ["R2", "R3", "C1", "BZ1"]),
        (Build(buzzer="active"), ["R1", "R2", "R3", "C1", "Q1", "BZ1"]),
    ],
)
def test_flat_parts_are_soldered_first(build: Build, order: list[str]) -> None:
    assert [each.name for each in wiring(build).soldered] == order


@ALL
def test_wires_are_numbered_from_one_on_and_two_ends_differ(build: Build) -> None:
    wires = wiring(build).wires
    assert [wire.number for wire in wires] == list(range(1, len(wires) + 1))
    assert all(wire.ends[0] != wire.ends[1] for wire in wires)


@ALL
def test_colours_say_what_a_wire_is(build: Build) -> None:
    nets = Nets(wiring(build))
    for wire in wiring(build).wires:
        assert (wire.colour == "red") == nets.joined(POWER, _node(wire.ends[0])), wire
        assert (wire.colour == "black") == nets.joined(GROUND, _node(wire.ends[0])), wire


@given(st.permutations([4, 17, 18, 22, 23, 24, 25, 27]))
def test_a_pin_that_the_settings_move_takes_its_wire_along(numbers: list[int]) -> None:
    pins = replace(Settings().pins, seat=numbers[0], button=numbers[1], buzzer=numbers[2])
    for build in (Build(), Build(seat="force")):
        wired = wiring(build, replace(Settings(), pins=pins))
        by_what = {wire.what: wire.ends[0].pin for wire in wired.wires if wire.ends[0].part == "header"}
        seat = "seat, signal" if build.seat == "pad" else "converter, alert"
        expected = {seat: numbers[0], "button, signal": numbers[1], "buzzer, signal": numbers[2]}
        assert {what: by_what[what] for what in expected} == {
            what: str(pin_of(number).number) for what, number in expected.items()
        }


def test_the_header_is_that_of_a_pi() -> None:
    names = {number: pin.name for number, pin in header().items()}
    assert len(names) == 40
    assert (names[1], names[2], names[3], names[6], names[11], names[40]) == (
        *("3.3 V", "5 V", "GPIO2", "ground", "GPIO17"),
        "GPIO21",
    )


def test_the_default_settings_are_a_documented_build() -> None:
    assert settings_for(Build(panel="small")) == Settings()


def test_holes_are_named_like_fields_of_a_chessboard() -> None:
    ground = next(wire for wire in wiring().wires if wire.what == "board, ground").ends[1]
    assert (ground.pin, ground.hole, str(ground)) == ("ground", "C1", "board C1")
