"""The circuit diagrams say what the wiring says, and are the same on every computer."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from hardware.drawings.circuit import OtherwiseWiredError, buzzer, seat
from hardware.drawings.circuit_picture import circuit_picture
from hardware.wiring.figures import values
from hardware.wiring.header import header
from hardware.wiring.wires import SHIPPED, Build, End, builds, settings_for, wiring

ALL = pytest.mark.parametrize("build", list(builds()), ids=Build.named)


def lines(svg: str) -> list[str]:
    """What is written in the picture."""
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter() if text.tag.endswith(("text",))]


@ALL
def test_each_part_and_each_wire_of_the_pi_is_in_the_diagram(build: Build) -> None:
    wired = wiring(build)
    said = " ".join(lines(circuit_picture(wired)))
    for part in wired.soldered:
        assert f"{part.name}{values()[part.kind].name.partition(',')[0]}" in said
    for wire in wired.at("header"):
        pin = next(end.pin for end in wire.ends if end.part == "header")
        assert f"pin {pin}, {header()[int(pin)].name}" in said
    numbers = {int(number) for found in re.findall(r"wires? (\d+)(?: \+ (\d+))?", said) for number in found if number}
    assert numbers == {wire.number for wire in wired.wires}


def test_a_pin_that_is_moved_is_told() -> None:
    settings = settings_for(SHIPPED)
    moved = replace(settings, pins=replace(settings.pins, seat=22))
    assert any("pin 15, GPIO22" in line for line in lines(circuit_picture(wiring(SHIPPED, moved))))


def test_a_part_in_other_holes_is_not_drawn() -> None:
    wired = wiring()
    elsewhere = tuple(
        replace(part, legs=(part.legs[0], End("board", "free", 7, 4))) if part.name == "R2" else part
        for part in wired.soldered
    )
    with pytest.raises(OtherwiseWiredError, match=r"R2 is in \['3.3 V', 'free'\]"):
        seat(replace(wired, soldered=elsewhere))


def test_a_part_or_a_wire_that_is_missing_is_named() -> None:
    wired = wiring()
    with pytest.raises(OtherwiseWiredError, match="no BZ1 on the board"):
        buzzer(replace(wired, soldered=tuple(part for part in wired.soldered if part.name != "BZ1")))
    with pytest.raises(OtherwiseWiredError, match="no wire for 'chair, signal'"):
        seat(replace(wired, wires=tuple(wire for wire in wired.wires if wire.what != "chair, signal")))


def test_a_wire_to_another_pin_of_a_chip_is_not_drawn() -> None:
    wired = wiring(Build(seat="force"))
    crossed = tuple(
        replace(wire, ends=(wire.ends[0], End("converter", "SCL"))) if wire.what == "converter, data" else wire
        for wire in wired.wires
    )
    with pytest.raises(OtherwiseWiredError, match="'converter, data' doesn't end at SDA"):
        seat(replace(wired, wires=crossed))


def test_numbers_are_short_so_that_no_computers_last_digit_shows() -> None:
    drawn = circuit_picture(wiring())
    assert not re.search(r"\d\.\d{3}", drawn)
    assert "-0 " not in drawn
