"""The shopping list has all that each build takes, and says the values that are computed."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from hardware.wiring.figures import bands, values
from hardware.wiring.lengths import lengths
from hardware.wiring.outlines import PITCH, outlines
from hardware.wiring.shopping import bought, euro_text, every_row, total
from hardware.wiring.wires import SHIPPED, Build, builds, wiring

GRIP = re.compile(r"([\d.]+) x ([\d.]+) mm")
_RIBBON = 4
"""How many wires of each colour a ribbon of forty has."""


def needed(build: Build) -> set[str]:
    """Every part that a wire ends at, and every kind that is soldered onto the strip board."""
    wires = wiring(build)
    return {end.part for wire in wires.wires for end in wire.ends} | {each.kind for each in wires.soldered}


@pytest.mark.parametrize("build", tuple(builds()), ids=Build.named)
def test_each_part_of_a_build_is_bought_once_and_nothing_else(build: Build) -> None:
    covered = [part for row in bought(build) for part in row.covers]
    assert sorted(covered) == sorted(needed(build))


def jumpers_of(build: Build) -> Counter[str]:
    """How many jumpers of each colour that build takes."""
    jumpers = Counter(wire.colour for wire in wiring(build).wires if wire.number in lengths(build))
    for wire in wiring(build).wires:
        if wire.fork:
            jumpers[wire.colour] += wire.fork.branches
    return jumpers


@pytest.mark.parametrize("build", tuple(builds()), ids=Build.named)
def test_the_ribbons_of_jumper_wires_are_enough(build: Build) -> None:
    jumpers = jumpers_of(build)
    ribbons = sum(row.part in ("wires", "more wires") for row in bought(build))
    assert (ribbons - 1) * _RIBBON < max(jumpers.values()) <= ribbons * _RIBBON


def test_the_second_ribbon_is_for_what_the_first_lacks() -> None:
    lacks = {colour: many - _RIBBON for colour, many in jumpers_of(Build(seat="force")).items() if many > _RIBBON}
    assert lacks == {"red": 4, "grey": 2}
    (row,) = (row for row in bought(Build(seat="force")) if row.part == "more wires")
    assert "four red and two grey ones more" in row.check


def test_the_lead_of_the_force_sensors_is_long_enough() -> None:
    forks = [wire.fork for wire in wiring(Build(seat="force")).wires if wire.fork]
    (row,) = (row for row in bought(Build(seat="force")) if row.part == "lead")
    assert row.many == "half a metre"
    assert all(fork.lead_mm <= 500 for fork in forks)
    assert not [row for row in bought(SHIPPED) if row.part == "lead"]


def test_the_list_says_the_values_and_the_bands_that_are_computed() -> None:
    told = {kind: row for row in every_row() for kind in row.covers if kind in values()}
    for kind, value in values().items():
        row = told[kind]
        if value.ohms:
            assert row.name == f"resistor {value.name}"
            assert f"bands {', '.join(bands(value.ohms))}, gold" in row.check
    assert values()["seat_filter"].name in told["seat_filter"].name


def test_each_resistor_is_short_enough_for_its_holes() -> None:
    resistor = outlines()["resistor"]
    for build in builds():
        rows = {kind: row for row in bought(build) for kind in row.covers}
        for part in wiring(build).soldered:
            if values()[part.kind].ohms:
                apart = PITCH * (part.legs[1].row - part.legs[0].row)
                (most,) = re.findall(r"body not over ([\d.]+) mm", rows[part.kind].check)
                # Its legs leave the body straight, and bend within their own thickness.
                assert resistor.height <= float(most) <= apart - 2 * resistor.thread, (build, part)
                assert float(most) == (6.5 if apart < 8 else 7.0)


def test_parts_of_the_strip_board_have_the_same_names_as_on_it() -> None:
    for build in builds():
        rows = {kind: row.part for row in bought(build) for kind in row.covers}
        soldered = {each.kind: each.name for each in wiring(build).soldered}
        assert all(rows[kind] in (name, "buzzer") for kind, name in soldered.items())


def test_a_plug_for_power_may_be_as_thick_as_the_case_has_room_for() -> None:
    room = [outlines()[kind].size[:2] for kind in ("micro_usb_plug", "usb_c_plug", "micro_usb_plug")]
    said = [pair for row in every_row() if row.part == "power supply" for pair in GRIP.findall(row.check)]
    for grip, most in zip(said, room, strict=True):
        assert all(float(mm) <= limit < float(mm) + 1 for mm, limit in zip(grip, most, strict=True))


def test_every_row_has_two_alternatives_and_a_range() -> None:
    for row in every_row():
        assert len(row.instead) == 2, row.name
        assert 0 < row.euro[0] < row.euro[1], row.name


def test_a_total_is_the_sum_of_the_rows() -> None:
    low, high = total(bought(SHIPPED))
    assert 0 < low < high
    assert (low, high) == (sum(row.euro[0] for row in bought()), sum(row.euro[1] for row in bought()))
    assert total(bought(Build(seat="force"))) > (low, high)


def test_a_range_is_written_in_euro_and_cents_only_where_there_are_cents() -> None:
    assert euro_text(18, 28) == "18 to 28"
    assert euro_text(0.1, 1) == "0.10 to 1"
