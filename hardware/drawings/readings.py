"""What a multimeter reads on a strip board that is right, for any build, and between which holes one has to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hardware.wiring.figures import ohms_text, values
from hardware.wiring.wires import FREE, Soldered, Wiring

NOTHING = "nothing"
NOT_ZERO = "this or that, but not 0"
"""Through a transistor, or the electronics of a buzzer: meters differ."""
_FILLS = "seat_filter"
_KEEPS_APART = (_FILLS, "piezo")
"""Parts that no current flows through."""


@dataclass(frozen=True, slots=True)
class MeterReading:
    """One row of the table: two holes, and what the meter shows."""

    strips: tuple[str, str]
    holes: tuple[str, str]
    says: str


@dataclass(frozen=True, slots=True)
class _Way:
    """From one strip to another through a part; of a part that isn't a resistor one can't say the ohms."""

    strips: tuple[str, str]
    ohms: float = 0.0
    is_known: bool = False
    is_junction: bool = False
    """It lets current through in one direction: two of them, back to back, let none through."""


def readings(wired: Wiring) -> list[MeterReading]:
    """The resistors' ohms; then what a drop between two strips beside each other would join, or a dead part."""
    resistors = [each for each in wired.soldered if values()[each.kind].ohms]
    others = [each for each in wired.soldered if each not in resistors and len(each.legs) == 2]
    pairs = [_strips(each) for each in resistors]
    pairs += [pair for pair in pairwise(wired.strips) if FREE not in pair]
    pairs += [_strips(each) for each in others]
    filled = [_strips(each) for each in others if each.kind == _FILLS]
    found: list[MeterReading] = []
    for one, other in dict.fromkeys(pairs):
        says = reads(wired, one, other)
        says += ", once the capacitor is full" if says == NOTHING and (one, other) in filled else ""
        found.append(MeterReading((one, other), (_probed(wired, one), _probed(wired, other)), says))
    return found


def reads(wired: Wiring, one: str, other: str) -> str:
    """What the meter shows between two strips: ohms, `NOTHING` or `NOT_ZERO`."""
    ways = [way for each in wired.soldered for way in _ways(each)]
    found = list(_sums(ways, one, other, frozenset({one})))
    known = [ohms for ohms, is_known, _ in found if is_known]
    if known:
        return ohms_text(known[0])
    return NOT_ZERO if any(junctions < 2 for _, _, junctions in found) else NOTHING


def _sums(ways: list[_Way], one: str, other: str, seen: frozenset[str]) -> Iterator[tuple[float, bool, int]]:
    """Of each way from strip to strip its ohms, whether these are known, and how many junctions it has."""
    if one == other:
        yield 0.0, True, 0
        return
    for way in ways:
        if one in way.strips:
            there = way.strips[1] if way.strips[0] == one else way.strips[0]
            if there not in seen:
                for ohms, is_known, junctions in _sums(ways, there, other, seen | {there}):
                    yield ohms + way.ohms, is_known and way.is_known, junctions + way.is_junction


def _ways(part: Soldered) -> Iterator[_Way]:
    if part.kind in _KEEPS_APART:
        return
    if len(part.legs) == 3:
        for one, other in pairwise(part.legs):
            yield _Way((one.pin, other.pin), is_junction=True)
        return
    ohms = values()[part.kind].ohms
    yield _Way(_strips(part), ohms, is_known=ohms > 0)


def _strips(part: Soldered) -> tuple[str, str]:
    one, other = (leg.pin for leg in part.legs)
    return one, other


def _probed(wired: Wiring, strip: str) -> str:
    """The hole that is named for a strip: of its first wire, or else of its last leg. Each of its joints would do."""
    wires = [end for wire in wired.wires for end in wire.ends if (end.part, end.pin) == ("board", strip)]
    legs = [leg for each in wired.soldered for leg in each.legs if leg.pin == strip]
    end = min(wires, key=lambda end: end.column) if wires else max(legs, key=lambda leg: leg.column)
    return end.hole
