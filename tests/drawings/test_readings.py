"""What the meter reads on a strip board is solved anew from its parts, and each fault that a drop makes is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest

from hardware.drawings.readings import NOT_ZERO, NOTHING, MeterReading, readings
from hardware.wiring.figures import ohms_text, values
from hardware.wiring.wires import FREE, Build, Wiring, builds, wiring

ALL = pytest.mark.parametrize("build", list(builds()), ids=Build.named)
Branch = tuple[str, str, float]
OPEN = 1e8
"""A meter of 20 or 200 kΩ shows nothing for it."""
SHORT = 0.5


def branches(wired: Wiring, semiconductor: float, without: str = "") -> Iterator[Branch]:
    """The board's parts as resistors; a junction, and the electronics of a buzzer, have whatever ohms a meter sees."""
    for part in wired.soldered:
        one, *others = [leg.pin for leg in part.legs]
        ohms = values()[part.kind].ohms
        if part.name == without or part.kind in ("piezo", "seat_filter"):
            continue
        # Of a transistor's two junctions one conducts at a time: here that of emitter and base, its first two legs.
        yield one, others[0], ohms or semiconductor


def between(ways: Iterable[Branch], one: str, other: str, strips: Iterable[str]) -> float:
    """The ohms between two strips: 1 A goes in at the one and out at the other, and the voltages are solved for."""
    nodes = [strip for strip in dict.fromkeys(strips) if strip != other]
    at = {strip: nth for nth, strip in enumerate(nodes)}
    rows = [[1 / OPEN if row == column else 0.0 for column in range(len(nodes))] + [0.0] for row in range(len(nodes))]
    rows[at[one]][-1] = 1.0
    for start, end, ohms in ways:
        for near, far in ((start, end), (end, start)):
            if near in at:
                rows[at[near]][at[near]] += 1 / ohms
                if far in at:
                    rows[at[near]][at[far]] -= 1 / ohms
    for nth in range(len(nodes)):
        pivot = max(range(nth, len(nodes)), key=lambda row: abs(rows[row][nth]))
        rows[nth], rows[pivot] = rows[pivot], rows[nth]
        for row in range(len(nodes)):
            if row != nth:
                factor = rows[row][nth] / rows[nth][nth]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[nth], strict=True)]
    return rows[at[one]][-1] / rows[at[one]][at[one]]


def fits(reading: MeterReading, ohms: float) -> bool:
    """Whether somebody who sees these ohms takes them for what the table says; a tenth more or less is fine."""
    if reading.says == NOT_ZERO:
        return ohms > 100
    if reading.says.startswith(NOTHING):
        return ohms > 1e6
    number, unit = reading.says.split()
    meant = float(number) * (1000 if unit == "kΩ" else 1)
    return 0.9 * meant < ohms < 1.1 * meant


def shown(wired: Wiring, ways: Iterable[Branch]) -> list[MeterReading]:
    """The readings that are wrong with these parts."""
    ways = list(ways)
    return [each for each in readings(wired) if not fits(each, between(ways, *each.strips, wired.strips))]


@ALL
@pytest.mark.parametrize("semiconductor", [600.0, 2 * OPEN])
def test_a_board_that_is_right_reads_as_told(build: Build, semiconductor: float) -> None:
    wired = wiring(build)
    assert shown(wired, branches(wired, semiconductor)) == []


@ALL
def test_a_drop_between_any_two_strips_beside_each_other_is_found(build: Build) -> None:
    wired = wiring(build)
    for one, other in pairwise(wired.strips):
        if FREE not in (one, other):
            assert shown(wired, [*branches(wired, 600.0), (one, other, SHORT)]), (one, other)


@ALL
def test_a_resistor_with_a_bad_joint_is_found_and_so_is_a_part_that_is_shorted(build: Build) -> None:
    wired = wiring(build)
    for part in wired.soldered:
        if values()[part.kind].ohms:
            assert shown(wired, branches(wired, 2 * OPEN, without=part.name)), part
        if len(part.legs) == 2:
            one, other = (leg.pin for leg in part.legs)
            assert shown(wired, [*branches(wired, 600.0), (one, other, SHORT)]), part


@ALL
def test_no_pair_is_measured_twice_and_each_hole_has_a_joint(build: Build) -> None:
    wired = wiring(build)
    found = readings(wired)
    assert len({frozenset(each.strips) for each in found}) == len(found)
    joints = {end.hole: end.pin for wire in wired.wires for end in wire.ends if end.part == "board"}
    joints |= {leg.hole: leg.pin for part in wired.soldered for leg in part.legs}
    assert all(joints[hole] == strip for each in found for hole, strip in zip(each.holes, each.strips, strict=True))


def test_the_board_with_the_pad_reads_its_three_resistors() -> None:
    of = {part.name: ohms_text(values()[part.kind].ohms) for part in wiring().soldered if values()[part.kind].ohms}
    assert [each.says for each in readings(wiring())][:3] == list(of.values()) == ["1 kΩ", "10 kΩ", "220 Ω"]


@ALL
def test_power_and_ground_read_nothing_in_every_build(build: Build) -> None:
    (found,) = [each for each in readings(wiring(build)) if set(each.strips) == {"3.3 V", "ground"}]
    assert found.says == NOTHING
