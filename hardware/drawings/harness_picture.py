"""The harness: each wire stretched out beside the others, how long it is cut, and what its ends are and lead to."""

from __future__ import annotations

from itertools import groupby

from hardware.drawings.svg import INK, PALE, Svg
from hardware.wiring.lengths import lengths
from hardware.wiring.wires import PLUGGED, Conductor, End, Fork, Wiring

_WIDE = 830.0
_ROW = 40.0
_BRANCH = 22.0
"""From one branch of a fork to the next; its row is as much higher."""
_HEADING = 46.0
_FROM, _TO = 270.0, 585.0
"""Where the wires begin, and where the longest one in the case ends."""
_HOUSING = (30.0, 11.0)
_BARE = 14.0
_BOUGHT_MM = 200
"""A jumper as one buys it: those that stay whole are drawn so long, and the others as they are cut."""
_CALLED = {"header": "Pi, pin", "board": "strip board,", "chair socket": "chair's socket,"}
_ON_CHAIR, _FORKED = -1, -2
_HEADINGS = {
    2: "Jumpers: leave both ends as they are",
    1: "Jumpers, cut off at one end: 5 mm bare there, twisted and tinned",
    0: "Jumpers, cut off at both ends: 5 mm bare at both, twisted and tinned",
    _ON_CHAIR: "At the chair: what is there has leads of its own",
    _FORKED: "At the chair: the two cores of the lead, with four jumpers soldered to each (drawn smaller)",
}


def harness_picture(wired: Wiring) -> str:
    """The SVG of a build's wires, sorted by what has to be done with them."""
    wires = sorted(wired.wires, key=lambda wire: (-_kind(wired, wire), wire.number))
    groups = [(kind, list(group)) for kind, group in groupby(wires, key=lambda wire: _kind(wired, wire))]
    rows = sum(_tall(wire) for wire in wires)
    svg = Svg(_WIDE, 28 + len(groups) * _HEADING + rows + 12, "Wires: lengths and ends")
    y = 28.0
    for kind, group in groups:
        svg.words(24, y + 14, _HEADINGS[kind], size=15, bold=True, anchor="start")
        y += _HEADING
        for wire in group:
            _named(svg, wire, y)
            if wire.fork:
                _forked(svg, wire, wire.fork, y)
            else:
                _row(svg, wired, wire, y)
            y += _tall(wire)
    return svg.text()


def _kind(wired: Wiring, wire: Conductor) -> int:
    """How many of its ends keep a jumper's housing; less than 0 for one that is at the chair."""
    if wire.number not in lengths(wired.build):
        return _FORKED if wire.fork else _ON_CHAIR
    return wire.female_ends


def _tall(wire: Conductor) -> float:
    return _ROW + (_BRANCH * (wire.fork.branches - 1) + 10.0 if wire.fork else 0.0)


def _named(svg: Svg, wire: Conductor, y: float) -> None:
    """The wire's number and colour, and where it begins."""
    svg.number(38, y, wire.number, wire.colour, scale=1.35)
    svg.words(58, y + 4.5, wire.colour, size=13, fill=PALE, anchor="start")
    svg.words(_FROM - 12, y + 4.5, _end_text(wire.ends[0]), size=13.5, anchor="end")


def _forked(svg: Svg, wire: Conductor, fork: Fork, y: float) -> None:
    """A core of the lead, then the tube over its joint, then the jumpers with their female ends below one another."""
    scale = (_TO - _FROM) / (fork.lead_mm + fork.branch_mm)
    joint = _FROM + fork.lead_mm * scale
    lowest = y + (fork.branches - 1) * _BRANCH
    for nth in reversed(range(fork.branches)):
        at = y + nth * _BRANCH
        way = [(joint, y), (joint + 18, y), (joint + 18, at), (_TO - _BARE, at)]
        svg.wire(way if nth else [way[0], way[-1]], wire.colour, f"{wire.number}, {nth + 1}: {fork.branch_mm} mm")
        _draw_end(svg, _TO, at, -1.0, has_housing=True)
    svg.wire([(_FROM + _BARE, y), (joint, y)], wire.colour, f"{wire.number}: {fork.lead_mm} mm")
    _draw_end(svg, _FROM, y, 1.0, has_housing=False)
    svg.box(joint - 18, y - 7, 30, 14, fill="#74797f", stroke=INK, rounding=4)
    svg.words((_FROM + joint - 18) / 2, y - 9, f"{fork.lead_mm} mm of the lead", size=12.5, bold=True)
    svg.words((joint + 18 + _TO) / 2, y - 9, f"{fork.branches} x {fork.branch_mm} mm", size=12.5, bold=True)
    for nth, said in enumerate(("twisted together and soldered here,", "then a tube over it")):
        svg.words(joint - 18, lowest - 24 + 17 * nth, said, size=12.5, fill=PALE, anchor="end")
    svg.words(_TO + 12, y + 4.5, _end_text(wire.ends[1]), size=13.5, anchor="start")
    svg.words(_TO + 12, y + 22.5, "each at a sensor of its own", size=12.5, fill=PALE, anchor="start")


def _row(svg: Svg, wired: Wiring, wire: Conductor, y: float) -> None:
    cut = lengths(wired.build)
    mm = cut[wire.number].mm if wire.number in cut else 0
    long = (_TO - _FROM) * (mm / _BOUGHT_MM if mm and _kind(wired, wire) < 2 else 1.0)
    svg.wire([(_FROM + _BARE, y), (_FROM + long - _BARE, y)], wire.colour, f"{wire.number}: {mm} mm")
    for end, x, inwards in ((wire.ends[0], _FROM, 1.0), (wire.ends[1], _FROM + long, -1.0)):
        _draw_end(svg, x, y, inwards, has_housing=end.part in PLUGGED)
    svg.words(_FROM + long / 2, y - 7, _length_text(wired, wire, mm), size=12.5, bold=True)
    svg.words(_TO + 12, y + 4.5, _end_text(wire.ends[1]), size=13.5, anchor="start")


def _draw_end(svg: Svg, x: float, y: float, inwards: float, *, has_housing: bool) -> None:
    if has_housing:
        wide, tall = _HOUSING
        svg.box(x if inwards > 0 else x - wide, y - tall / 2, wide, tall, fill="#3a3936", stroke=INK, rounding=2)
        svg.box(x + (5 if inwards > 0 else -13), y - 2, 8, 4, fill="#b9b4a9")
        return
    svg.box(x if inwards > 0 else x - _BARE, y - 2, _BARE, 4, fill="#c9ccd0", stroke="#8d8f92", line=0.8, rounding=2)


def _length_text(wired: Wiring, wire: Conductor, mm: int) -> str:
    if not mm:
        return "as long as it is"
    return f"whole, {_BOUGHT_MM} mm" if _kind(wired, wire) == 2 else f"{mm} mm"


def _end_text(end: End) -> str:
    return f"{_CALLED.get(end.part, f'{end.part},')} {end.hole or end.pin}"
