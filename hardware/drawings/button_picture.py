"""The button from behind: its two lugs, the wire that is soldered to each, the tubes over them, and the nut."""

from __future__ import annotations

from math import cos, pi, sin

from hardware.drawings.svg import INK, Svg
from hardware.drawings.tables import end_text
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import Conductor, Wiring

_SIZE = (830.0, 330.0)
_METAL = "#cdb670"
_TUBE = "#4b4f58"
_MM = 9.0
_CENTRE = (302.0, 170.0)
_NUT = (128.0, 170.0)
_LUGS = {"one lug": 132.0, "other lug": 208.0}
_LUG_X = 312.0
_RIGHT = 788.0
_TITLE = "The button, from behind"
_TUBE_MM = (3, 10)
"""Before it shrinks: how wide, and how long."""


def button_picture(wired: Wiring) -> str:
    """The SVG of the button's lugs with their wires."""
    svg = Svg(*_SIZE, _TITLE)
    svg.box(24, 24, 782, 282, fill="#ffffff", stroke="#ddd6c8", rounding=8)
    svg.words(40, 51, _TITLE, size=16, bold=True, anchor="start")
    _nut(svg)
    button, (x, y) = outlines()["button"], _CENTRE
    svg.dot(x, y, button.bezel / 2 * _MM, fill="#3a3936", stroke=INK)
    svg.dot(x, y, button.thread / 2 * _MM, fill="#55524c", stroke=INK)
    for wire in wired.at("button"):
        _wire(svg, wire)
    wide, long = _TUBE_MM
    said = f"A heat-shrink tube over each lug: {wide} mm wide, {long} mm long. Either wire fits either lug."
    svg.words(40, 290, said, size=13, anchor="start")
    return svg.text()


def _nut(svg: Svg) -> None:
    button, (x, y) = outlines()["button"], _NUT
    radius = button.nut / 2 / cos(pi / 6) * _MM
    corners = [(x + radius * cos(nth * pi / 3), y + radius * sin(nth * pi / 3)) for nth in range(6)]
    svg.shape("M" + "L".join(f"{at:.1f} {down:.1f}" for at, down in corners) + "Z", fill="#b9b4a9", stroke=INK)
    svg.dot(x, y, button.thread / 2 * _MM, fill="#ffffff", stroke=INK)
    svg.words(x, y + 5, "nut", size=14, bold=True)


def _wire(svg: Svg, wire: Conductor) -> None:
    here, there = wire.ends if wire.ends[0].part == "button" else wire.ends[::-1]
    y = _LUGS[here.pin]
    wide, long = (size * _MM for size in _TUBE_MM)
    svg.box(_LUG_X - 30, y - 9, 74, 18, fill=_METAL, stroke=INK, rounding=4)
    svg.wire([(_LUG_X + 30, y), (_RIGHT, y)], wire.colour, f"{wire.number}: {wire.ends[0]} - {wire.ends[1]}")
    svg.dot(_LUG_X + 30, y, 6, fill="#cfd3d6", stroke=INK)
    with svg.faded(0.75):
        svg.box(_LUG_X + 16, y - wide / 2, long, wide, fill=_TUBE, stroke=INK, rounding=5)
    svg.words(_LUG_X - 4, y + 4.5, here.pin.partition(" ")[0], size=12, bold=True)
    svg.number(_LUG_X + 156, y, wire.number, wire.colour, scale=1.5)
    is_upper = y < _CENTRE[1]
    svg.words(_RIGHT, y + (-20 if is_upper else 30), end_text(there), size=13.5, anchor="end")
