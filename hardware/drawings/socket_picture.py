"""A socket of the plug cable: what the plug's contacts are called, and which wire is soldered to which lug."""

from __future__ import annotations

from hardware.drawings.svg import INK, PALE, Svg
from hardware.drawings.tables import end_text
from hardware.wiring.wires import Conductor, Wiring

_SIZE = (830.0, 330.0)
_CARD = "#ffffff"
_EDGE = "#ddd6c8"
_METAL = "#cdb670"
_DARK = "#3a3936"
_LEFT_CARD, _RIGHT_CARD = (24.0, 24.0, 356.0, 282.0), (396.0, 24.0, 410.0, 282.0)
_AXIS = 170.0
_CONTACTS = {"sleeve": (128.0, 112.0), "ring": (246.0, 34.0), "tip": (286.0, 46.0)}
"""Of the plug: where each begins, and how long it is."""
_LUGS = {"tip": 118.0, "sleeve": 222.0}
_SOCKET_X = 500.0
_LUG_X = _SOCKET_X + 46.0
_TITLES = {"socket": "The case's socket, from behind", "chair socket": "The chair's socket, from behind"}


def socket_picture(wired: Wiring, socket: str) -> str:
    """The SVG of `socket`, the one in the case, or of `chair socket`."""
    wires = [(wire, *_ends(wire, socket)) for wire in wired.at(socket)]
    svg = Svg(*_SIZE, _TITLES[socket])
    for card, title in ((_LEFT_CARD, "The cable's plug"), (_RIGHT_CARD, _TITLES[socket])):
        svg.box(*card, fill=_CARD, stroke=_EDGE, rounding=8)
        svg.words(card[0] + 16, card[1] + 27, title, size=16, bold=True, anchor="start")
    _plug(svg, {lug: wire for wire, lug, _ in wires})
    _socket(svg)
    for wire, lug, far in wires:
        _wire(svg, wire, lug, far)
    return svg.text()


def _ends(wire: Conductor, socket: str) -> tuple[str, str]:
    """The lug, and where the wire leads."""
    here, there = wire.ends if wire.ends[0].part == socket else wire.ends[::-1]
    return here.pin, end_text(there)


def _plug(svg: Svg, wires: dict[str, Conductor]) -> None:
    svg.box(24.5, _AXIS - 7, 30, 14, fill="#6b6862")
    svg.box(46, _AXIS - 28, 84, 56, fill="#55524c", stroke=INK, rounding=10)
    svg.box(128, _AXIS - 13, 162, 26, fill=_DARK, rounding=3)
    for contact, (x, long) in _CONTACTS.items():
        if contact == "tip":
            nose = f"M{x:g} {_AXIS - 13:g}h26l20 9q4 4 0 8l-20 9h-26Z"
            svg.shape(nose, fill=_METAL, stroke=INK)
        else:
            svg.box(x, _AXIS - 13, long, 26, fill=_METAL, stroke=INK, rounding=2)
        middle = x + long / 2
        svg.path([(middle, _AXIS - 17), (middle, _AXIS - 34)], stroke=PALE, line=1.2)
        svg.words(middle, _AXIS - 40, contact, size=14, bold=contact in wires)
        if contact in wires:
            svg.path([(middle, _AXIS + 17), (middle, _AXIS + 34)], stroke=PALE, line=1.2)
            svg.number(middle, _AXIS + 48, wires[contact].number, wires[contact].colour, scale=1.4)
    svg.words(_LEFT_CARD[0] + 16, 286, "The ring has no wire.", size=13, anchor="start")


def _socket(svg: Svg) -> None:
    svg.box(_SOCKET_X - 92, _AXIS - 8, 42, 16, fill=_METAL, stroke=INK, rounding=4)
    svg.dot(_SOCKET_X - 82, _AXIS, 3.5, fill=_CARD, stroke=INK)
    for y in _LUGS.values():
        svg.path([(_SOCKET_X, _AXIS), (_LUG_X - 12, y)], stroke=INK, line=17)
        svg.path([(_SOCKET_X, _AXIS), (_LUG_X - 12, y)], stroke=_METAL, line=14)
    svg.dot(_SOCKET_X, _AXIS, 54, fill=_DARK, stroke=INK)
    svg.dot(_SOCKET_X, _AXIS, 24, fill="#55524c", stroke=INK)
    svg.dot(_SOCKET_X, _AXIS, 10, fill="#1b1a18")
    svg.words(_SOCKET_X - 72, _AXIS - 18, "ring", size=14)
    svg.words(_SOCKET_X - 72, _AXIS + 26, "free", size=13, fill=PALE)
    svg.words(412, 286, "Lugs differ: find yours with the cable and the meter.", size=13, anchor="start")


def _wire(svg: Svg, wire: Conductor, lug: str, far: str) -> None:
    y, right = _LUGS[lug], _RIGHT_CARD[0] + _RIGHT_CARD[2] - 18
    svg.box(_LUG_X - 14, y - 8, 40, 16, fill=_METAL, stroke=INK, rounding=4)
    svg.wire([(_LUG_X + 18, y), (right, y)], wire.colour, f"{wire.number}: {wire.ends[0]} - {wire.ends[1]}")
    svg.dot(_LUG_X + 16, y, 6, fill="#cfd3d6", stroke=INK)
    is_upper = y < _AXIS
    svg.words(_LUG_X + 6, y + (-16 if is_upper else 26), lug, size=14, bold=True)
    svg.number(_LUG_X + 52, y, wire.number, wire.colour, scale=1.5)
    svg.words(right, y + (-20 if is_upper else 30), far, size=13.5, anchor="end")
