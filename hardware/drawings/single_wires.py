"""What the steps of docs/build.md say of single wires, holes and pins, for any build: two can stand side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hardware.wiring.header import header
from hardware.wiring.lengths import lengths
from hardware.wiring.told import listed
from hardware.wiring.wires import Build, Conductor, Wiring, wiring

Said = tuple[int, str]
"""The number of a step, and what it says."""


def said_of_single_wires(build: Build) -> list[Said]:
    """Row by row; the rows of two builds are about the same things."""
    wired = wiring(build)
    return [*_prepared(wired), *_soldered(wired), *_measured(wired), *_plugged(wired)]


def _prepared(wired: Wiring) -> Iterator[Said]:
    by_ends: dict[int, list[int]] = {2: [], 1: [], 0: []}
    for wire in wired.wires:
        if wire.number in lengths(wired.build):
            by_ends[wire.female_ends].append(wire.number)
    both, one, none = map(spans, by_ends.values())
    forked = [wire.number for wire in wired.wires if wire.fork]
    later = f"; {spans(forked)} are for step 9" if forked else ""
    yield 2, f"two female ends: {both}; one: {one}; none: {none}{later}"
    yield 2, f"the number near the end for the strip board: {none}"


def _soldered(wired: Wiring) -> Iterator[Said]:
    rows: dict[str, set[str]] = {}
    for wire in wired.at("board"):
        rows.setdefault(wire.colour, set()).update(end.hole[0] for end in wire.ends if end.hole)
    yield 5, ", ".join(f"{colour} in row {listed(sorted(letters))}" for colour, letters in rows.items())
    yield 7, f"wires {_and(_numbers(wired.at('button')))} to the button"
    at_case = {pin: _wire_at(wired, "socket", pin).number for pin in ("tip", "sleeve")}
    yield 8, f"wire {at_case['tip']} on the tip, {at_case['sleeve']} on the sleeve, a tube over each"
    at_socket = [end.hole for pin in ("tip", "sleeve") for end in _wire_at(wired, "socket", pin).ends if end.hole]
    yield 8, f"the plug's tip beeps with hole {at_socket[0]}, its sleeve with hole {at_socket[1]}"
    at_chair = {pin: _wire_at(wired, "chair socket", pin).number for pin in ("tip", "sleeve")}
    yield 9, f"wire {at_chair['tip']} on the tip, {at_chair['sleeve']} on the sleeve"
    at_panel = [f"{_wire_at(wired, 'panel', pin).number} on {pin}" for pin in ("VCC", "GND", "SDA", "SCL")]
    yield 10, listed(at_panel)


def _measured(wired: Wiring) -> Iterator[Said]:
    power, ground = _for(wired, "board, power"), _for(wired, "board, ground")
    panel = sorted(_to_pi(wired, _wire_at(wired, "panel", pin)).number for pin in ("VCC", "GND"))
    yield 12, f"wires {power.number} and {ground.number} are silent"
    yield 12, f"wires {_and(panel)} are silent"
    yield 12, f"wires {_and(_numbers(wired.at('button')))} beep while you press"
    if seat := [wire for wire in wired.wires if wire.what == "seat, signal"]:
        number = seat[0].number
        yield 12, f"ohms of wires {power.number} and {number}, and of wires {ground.number} and {number}"
    else:
        yield 12, "no ohms: the calibration shows whether the sensors are heard"


def _plugged(wired: Wiring) -> Iterator[Said]:
    taken = {int(end.pin) for wire in wired.wires for end in wire.ends if end.part == "header"}
    far, near = (sorted(pin for pin in taken if pin % 2 == odd) for odd in (1, 0))
    yield 13, f"far row: pins {_and(far)}; near row: pins {_and(near)}"
    empty = [pin for pin in header() if pin not in taken and pin < max(taken)]
    yield 13, f"empty: {', '.join(map(str, empty))}, and all from {max(taken) + 1} on"


def _wire_at(wired: Wiring, part: str, pin: str) -> Conductor:
    return next(wire for wire in wired.wires if any((end.part, end.pin) == (part, pin) for end in wire.ends))


def _for(wired: Wiring, what: str) -> Conductor:
    return next(wire for wire in wired.wires if wire.what == what)


def _to_pi(wired: Wiring, wire: Conductor) -> Conductor:
    """The wire itself if it goes to the header; else the one that joins its strip to it."""
    strips = {end.pin for end in wire.ends if end.part == "board"}
    to_pi = wired.at("header")
    return wire if wire in to_pi else next(each for each in to_pi if strips & {end.pin for end in each.ends})


def _and(numbers: Sequence[int]) -> str:
    return listed([*map(str, numbers)])


def _numbers(wires: Iterable[Conductor]) -> list[int]:
    return [wire.number for wire in wires]


def spans(numbers: Iterable[int]) -> str:
    """`1 to 4`, `2 to 11, 14 to 17 and 19`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [_and(run) if len(run) < 3 else f"{run[0]} to {run[-1]}" for run in runs]
    return listed(said)
