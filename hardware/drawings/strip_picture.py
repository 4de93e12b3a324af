"""The strip board as a picture, hole by hole: from the side with the parts, and from the side with the copper."""

from __future__ import annotations

from collections.abc import Callable

from hardware.drawings.svg import INK, PALE, WIRE_COLOURS, Spot, Svg
from hardware.drawings.tables import end_text
from hardware.wiring.figures import bands, values
from hardware.wiring.outlines import outlines
from hardware.wiring.wires import Conductor, End, Soldered, Wiring

_PITCH = 40.0
_LEFT = 52.0
_TOP = 62.0
_BOARD = "#c9a26b"
_COPPER = "#d8894c"
_RINGS = {
    "black": "#222222",
    "brown": "#7a4a21",
    "red": "#c9252d",
    "orange": "#ee7d1a",
    "yellow": "#f0bf1f",
    "green": "#2f8f46",
    "blue": "#2a63c0",
    "violet": "#7d4fa3",
    "grey": "#8a8a8a",
    "white": "#ffffff",
}
_GOLD = "#cfa53a"


def parts_picture(wired: Wiring) -> str:
    """The parts on the board, from above, and beside it what each is."""
    picture = _Board(wired, "Strip board: the parts, seen from above", len(wired.soldered) * 2)
    for each in wired.soldered:
        picture.part(each)
    bought = values()
    for each in wired.soldered:
        value = bought[each.kind]
        rings = f"rings: {', '.join(bands(value.ohms))}, gold" if value.ohms else value.formula
        holes = " and ".join(leg.hole for leg in each.legs) if len(each.legs) == 2 else ", ".join(_e_b_c(each))
        picture.row(f"{each.name}  {value.name}", f"{holes}; {rings}" if value.ohms else holes)
    return picture.text()


def wires_picture(wired: Wiring) -> str:
    """The wires in their holes, over the parts, and beside it where each leads."""
    wires = wired.at("board")
    picture = _Board(wired, "Strip board: the wires, seen from above", len(wires) * 2)
    for each in wired.soldered:
        picture.part(each)
    for wire in wires:
        here, there = _ends_of(wire)
        picture.wire(wire, here)
        picture.row(f"{here.hole}  wire {wire.number}, {wire.colour}", f"to {end_text(there)}", wire)
    return picture.text()


def copper_picture(wired: Wiring) -> str:
    """The other side: strips of copper from edge to edge, and a joint at each hole that is used."""
    picture = _Board(wired, "Strip board: the copper side, turned over like a page", 0, is_mirrored=True)
    holes = [_ends_of(wire)[0] for wire in wired.at("board")] + [leg for each in wired.soldered for leg in each.legs]
    for hole in holes:
        picture.joint(hole)
    return picture.text()


def _e_b_c(part: Soldered) -> list[str]:
    return [f"{name} in {leg.hole}" for name, leg in zip("EBC", part.legs, strict=True)]


def _ends_of(wire: Conductor) -> tuple[End, End]:
    here, there = wire.ends
    return (here, there) if here.part == "board" else (there, here)


class _Board:
    """The board with its holes; from the copper's side column 1 is on the right."""

    def __init__(self, wired: Wiring, title: str, legend_lines: int, *, is_mirrored: bool = False) -> None:
        self._wired = wired
        self._is_mirrored = is_mirrored
        wide, tall = wired.columns * _PITCH, len(wired.strips) * _PITCH
        self._legend_x = _LEFT + wide + 44.0
        self._legend_y = _TOP - 4.0
        height = max(_TOP + tall + 44.0, self._legend_y + legend_lines * 20.0 + 24.0)
        self._svg = Svg(830.0, height, title)
        self._svg.words(_LEFT - 8, 28, title, size=16, bold=True, anchor="start")
        self._svg.box(_LEFT - 8, _TOP - 8, wide + 16, tall + 16, fill=_BOARD, stroke=INK, rounding=4)
        for row, strip in enumerate(wired.strips, start=1):
            self._strip(row, strip, wide)
        for column in range(1, wired.columns + 1):
            x, _ = self._spot(1, column)
            self._svg.words(x, _TOP - 14, str(column), size=12, fill=PALE)

    def text(self) -> str:
        """The whole file."""
        return self._svg.text()

    def _strip(self, row: int, strip: str, wide: float) -> None:
        _, y = self._spot(row, 1)
        fill = _COPPER if self._is_mirrored else "#d4b483"
        self._svg.box(_LEFT, y - 15, wide, 30, fill=fill, rounding=3)
        self._svg.words(_LEFT - 26, y + 5, chr(ord("A") + row - 1), size=15, bold=True)
        if self._is_mirrored:
            self._svg.words(_LEFT + wide + 20, y + 4, strip, size=12, anchor="start")
        for column in range(1, self._wired.columns + 1):
            x, _ = self._spot(row, column)
            self._svg.dot(x, y, 3.6, fill="#5d4a30")

    def _spot(self, row: int, column: int) -> Spot:
        column = self._wired.columns + 1 - column if self._is_mirrored else column
        return _LEFT + (column - 0.5) * _PITCH, _TOP + (row - 0.5) * _PITCH

    def _at(self, end: End) -> Spot:
        return self._spot(end.row, end.column)

    # ---- what lies on it

    def part(self, part: Soldered) -> None:
        """Draw a part over its holes."""
        drawn: dict[str, Callable[[Soldered], None]] = {
            "seat_filter": self._capacitor,
            "piezo": self._buzzer,
            "active_buzzer": self._buzzer,
            "transistor": self._transistor,
        }
        drawn.get(part.kind, self._resistor)(part)
        for leg in part.legs:
            self._svg.dot(*self._at(leg), 5, fill="#d9d9d9", stroke=INK)

    def _resistor(self, part: Soldered) -> None:
        (x, y), (_, low) = (self._at(leg) for leg in part.legs)
        self._svg.path([(x, y), (x, low)], stroke="#8d8d8d", line=3)
        middle, half = (y + low) / 2, 31.0
        self._svg.box(x - 10, middle - half, 20, 2 * half, fill="#ead9b5", stroke=INK, rounding=8)
        for nth, ring in enumerate((*bands(values()[part.kind].ohms), "gold")):
            fill = _GOLD if ring == "gold" else _RINGS[ring]
            self._svg.box(x - 10, middle - 22 + nth * 12 + (4 if ring == "gold" else 0), 20, 6, fill=fill)
        self._svg.words(x, middle - half - 5, part.name, size=12, bold=True)

    def _capacitor(self, part: Soldered) -> None:
        (x, y), (_, low) = (self._at(leg) for leg in part.legs)
        self._svg.path([(x, y), (x, low)], stroke="#8d8d8d", line=3)
        self._svg.dot(x, (y + low) / 2, 15, fill="#e3963e", stroke=INK)
        self._svg.words(x, (y + low) / 2 + 4, part.name, size=12, bold=True)

    def _buzzer(self, part: Soldered) -> None:
        spots = [self._at(leg) for leg in part.legs]
        x, y = spots[0][0], sum(spot[1] for spot in spots) / len(spots)
        key = "piezo" if part.kind == "piezo" else "active_buzzer"
        self._svg.dot(x, y, outlines()[key].diameter / 2 / 2.54 * _PITCH, fill="#33322f", stroke=INK)
        self._svg.dot(x, y, 7, fill="#100f0e")
        self._svg.words(x + 46, y + 4, part.name, size=12, fill="#ffffff", bold=True)
        if part.kind == "active_buzzer":
            self._svg.words(x + 18, spots[0][1] + 6, "+", size=20, fill="#ffffff", bold=True)

    def _transistor(self, part: Soldered) -> None:
        spots = [self._at(leg) for leg in part.legs]
        x, y = spots[1]
        # Its flat side looks to the left.
        self._svg.box(x - 9, y - 34, 26, 68, fill="#33322f", stroke=INK, rounding=10)
        self._svg.words(x + 2, y - 40, part.name, size=12, bold=True)
        for name, (_, leg_y) in zip("EBC", spots, strict=True):
            self._svg.words(x - 17, leg_y + 4, name, size=11, bold=True)

    def wire(self, wire: Conductor, hole: End) -> None:
        """Show a wire's number at its hole."""
        x, y = self._at(hole)
        self._svg.dot(x, y, 16, fill=INK)
        self._svg.dot(x, y, 15, fill=WIRE_COLOURS[wire.colour])
        self._svg.dot(x, y, 11, fill="#ffffff")
        self._svg.words(x, y + 5, str(wire.number), size=14, bold=True)

    def joint(self, hole: End) -> None:
        """Show a soldered joint."""
        self._svg.dot(*self._at(hole), 9, fill="#cfd3d6", stroke=INK)

    def row(self, bold: str, said: str, wire: Conductor | None = None) -> None:
        """A row of the legend."""
        x = self._legend_x
        if wire is not None:
            self._svg.dot(x - 16, self._legend_y + 7, 7, fill=WIRE_COLOURS[wire.colour], stroke=INK)
        self._svg.words(x, self._legend_y + 12, bold, size=13, anchor="start", bold=True)
        self._svg.words(x, self._legend_y + 28, said, size=11.5, anchor="start")
        self._legend_y += 40.0
