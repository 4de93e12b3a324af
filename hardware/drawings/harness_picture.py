"""The harness: each wire stretched out beside the others, how long it is cut, and what its ends are and lead to."""

from __future__ import annotations

from itertools import groupby

from hardware.drawings.svg import INK, PALE, Svg
from hardware.wiring.lengths import lengths
from hardware.wiring.wires import PLUGGED, Conductor, End, Wiring

_WIDE = 830.0
_ROW = 40.0
_HEADING = 46.0
_FROM, _TO = 270.0, 585.0
"""Where the wires begin, and where the longest one in the case ends."""
_HOUSING = (30.0, 11.0)
_BARE = 14.0
_BOUGHT_MM = 200
"""A jumper as one buys it: those that stay whole are drawn so long, and the others as they are cut."""
_CALLED = {"header": "Pi, pin", "board": "strip board,", "chair socket": "chair's socket,"}
_HEADINGS = {
    2: "Jumpers: leave both ends as they are",
    1: "Jumpers, cut off at one end: strip 5 mm there, twist and tin it",
    0: "Cut at both ends: strip 5 mm at both, twist and tin them",
    -1: "At the chair: what is there has leads of its own",
}


def harness_picture(wired: Wiring) -> str:
    """The SVG of a build's wires, sorted by what has to be done with them."""
    wires = sorted(wired.wires, key=lambda wire: (-_kind(wired, wire), wire.number))
    groups = [(kind, list(group)) for kind, group in groupby(wires, key=lambda wire: _kind(wired, wire))]
    svg = Svg(_WIDE, 28 + len(groups) * _HEADING + len(wires) * _ROW + 12, "Wires: lengths and ends")
    y = 28.0
    for kind, group in groups:
        svg.words(24, y + 14, _HEADINGS[kind], size=15, bold=True, anchor="start")
        y += _HEADING
        for wire in group:
            _row(svg, wired, wire, y)
            y += _ROW
    return svg.text()


def _kind(wired: Wiring, wire: Conductor) -> int:
    """How many of its ends keep a jumper's housing; -1 for one that comes with what lies on the chair."""
    if wire.number not in lengths(wired.build):
        return -1
    return sum(end.part in PLUGGED for end in wire.ends)


def _row(svg: Svg, wired: Wiring, wire: Conductor, y: float) -> None:
    cut = lengths(wired.build)
    mm = cut[wire.number].mm if wire.number in cut else 0
    long = (_TO - _FROM) * (mm / _BOUGHT_MM if mm and _kind(wired, wire) < 2 else 1.0)
    svg.number(38, y, wire.number, wire.colour, scale=1.35)
    svg.words(58, y + 4.5, wire.colour, size=13, fill=PALE, anchor="start")
    svg.words(_FROM - 12, y + 4.5, _end_text(wire.ends[0]), size=13.5, anchor="end")
    svg.wire([(_FROM + _BARE, y), (_FROM + long - _BARE, y)], wire.colour, f"{wire.number}: {mm} mm")
    for end, x, inwards in ((wire.ends[0], _FROM, 1.0), (wire.ends[1], _FROM + long, -1.0)):
        _draw_end(svg, end, x, y, inwards)
    svg.words(_FROM + long / 2, y - 7, _length_text(wired, wire, mm), size=12.5, bold=True)
    svg.words(_TO + 12, y + 4.5, _end_text(wire.ends[1]), size=13.5, anchor="start")


def _draw_end(svg: Svg, end: End, x: float, y: float, inwards: float) -> None:
    if end.part in PLUGGED:
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
