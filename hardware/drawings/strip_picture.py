"""The strip board as a picture, hole by hole: from the side with the parts, and from the side with the copper."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from hardware.drawings.svg import INK, Spot, Svg
from hardware.drawings.tables import end_text
from hardware.wiring.figures import bands, values
from hardware.wiring.outlines import PITCH, outlines
from hardware.wiring.wires import Conductor, End, Soldered, Wiring, row_letter

_WIDE = 830.0
_PITCH = 46.0
_MM = _PITCH / PITCH
_LEFT = 204.0
_TOP = 72.0
_CUT_TOP = 134.0
"""As above where the next row of the larger board is still there."""
_HOLE = 0.5
"""The radius of a hole, in millimetres."""
_REST = 20.0
_LEGEND = (32.0, 428.0)
"""Where each of its two columns begins."""
_LEGEND_ROW = 44.0
_TIN = "#cfd3d6"
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
    """The parts on the board, from above, and below it what each is and where it goes."""
    picture = _Board(wired, "Strip board, the parts: seen from above", len(wired.soldered))
    bought = values()
    for each in wired.soldered:
        picture.part(each)
        said = _told(each, bought[each.kind].ohms) + _bent(each, wired)
        picture.row(f"{each.name}   {bought[each.kind].name}", said)
    return picture.text()


def wires_picture(wired: Wiring) -> str:
    """The wires in their holes, between the parts, and below it where each leads."""
    wires = wired.at("board")
    picture = _Board(wired, "Strip board, the wires: seen from above", len(wires))
    picture.faint_parts()
    for wire in wires:
        here, there = _ends_of(wire)
        picture.wire(wire, here)
        picture.row(f"{here.hole}  wire {wire.number}, {wire.colour}", f"to {end_text(there)}", wire)
    return picture.text()


def copper_picture(wired: Wiring) -> str:
    """The other side: strips of copper from edge to edge, and a joint at each hole that is used."""
    picture = _Board(wired, "Strip board, the copper side: turned over like a page, column 1 is on the right", 0, True)
    for each in wired.soldered:
        for leg in each.legs:
            picture.joint(leg, each.name)
    for wire in wired.at("board"):
        picture.joint(_ends_of(wire)[0], str(wire.number))
    return picture.text()


def empty_picture(wired: Wiring) -> str:
    """The board before anything is on it, as it is cut from a larger one."""
    return _Board(wired, "Strip board, seen from above: its copper is beneath", 0, cut=True).text()


def _told(part: Soldered, ohms: float) -> str:
    """Where its legs go, and what to look at."""
    holes = [leg.hole for leg in part.legs]
    if part.kind == "transistor":
        legs = ", ".join(f"{name} in {hole}" for name, hole in zip("EBC", holes, strict=True))
        return f"{legs}; its flat side looks to the left"
    if part.kind == "active_buzzer":
        return f"the leg marked + in {holes[0]}, the other in {holes[1]}"
    said = f"; bands {', '.join(bands(ohms))}, gold" if ohms else "; either way round"
    return f"{holes[0]} and {holes[1]}{said}"


def _bent(part: Soldered, wired: Wiring) -> str:
    """A capacitor beside a transistor would be in its room."""
    is_beside = part.kind == "seat_filter" and any(each.kind == "transistor" for each in wired.soldered)
    return "; bent over to the left" if is_beside else ""


def _ends_of(wire: Conductor) -> tuple[End, End]:
    here, there = wire.ends
    return (here, there) if here.part == "board" else (there, here)


class _Board:
    """The board with its holes; from the copper's side column 1 is on the right."""

    def __init__(self, wired: Wiring, title: str, rows: int, is_copper: bool = False, cut: bool = False) -> None:
        self._wired = wired
        self._is_copper = is_copper
        tall = len(wired.strips) * _PITCH
        self._rows, self._row = rows, 0
        self._top = _CUT_TOP if cut else _TOP
        self._is_cut = cut
        self._legend_y = self._top + tall + 44.0
        height = self._legend_y + ceil(rows / 2) * _LEGEND_ROW if rows else self._legend_y + (124.0 if cut else -16.0)
        self._svg = Svg(_WIDE, height, title)
        self._svg.words(_LEGEND[0], 30, title, size=16, bold=True, anchor="start")
        left, upper, right, lower = self._edges()
        if cut:
            self._rest()
        self._svg.box(left, upper, right - left, lower - upper, fill=_BOARD, stroke=INK)
        for row, strip in enumerate(wired.strips, start=1):
            self._strip(row, strip)
        for column in range(1, wired.columns + 1):
            above = self._top - (58 if cut else 15)
            self._svg.words(self._spot(1, column)[0], above, str(column), size=13)
        if cut:
            self._cuts()
            self._dimensions()

    def text(self) -> str:
        """The whole file."""
        return self._svg.text()

    def _edges(self) -> tuple[float, float, float, float]:
        """The board's left, upper, right and lower edge, as large as it really is beside its holes."""
        board = outlines()["board"]
        left = _LEFT + _PITCH / 2 - board.hole_a1[0] * _MM
        upper = self._top + _PITCH / 2 - (board.size[1] - board.hole_a1[1]) * _MM
        return left, upper, left + board.size[0] * _MM, upper + board.size[1] * _MM

    def _cut_lines(self) -> tuple[float, float, float, float]:
        """As the edges: at the outer rim of the next columns' holes, and through the middle of the next rows'."""
        rows, columns = len(self._wired.strips), self._wired.columns
        left, upper = self._spot(0, 0)
        right, lower = self._spot(rows + 1, columns + 1)
        return left - _HOLE * _MM, upper, right + _HOLE * _MM, lower

    def _rest(self) -> None:
        """What is cut off, around the board."""
        left, upper, right, lower = self._cut_lines()
        wide, tall = right - left + 2 * _REST, lower - upper + 2 * _REST
        self._svg.box(left - _REST, upper - _REST, wide, tall, fill="#ebe0cb")

    def _cuts(self) -> None:
        """The next holes, which the cuts open, and the four cuts."""
        rows, columns = len(self._wired.strips), self._wired.columns
        for row in range(rows + 2):
            for column in range(columns + 2):
                if row in (0, rows + 1) or column in (0, columns + 1):
                    self._svg.dot(*self._spot(row, column), _HOLE * _MM, fill="#fbf9f4", stroke="#8d7a56", line=1)
        left, upper, right, lower = self._cut_lines()
        for x in (left, right):
            self._svg.dashes((x, upper - 28), (x, lower + 28), stroke="#c9252d", line=2.5)
        for y in (upper, lower):
            self._svg.dashes((left - 28, y), (right + 28, y), stroke="#c9252d", line=2.5)

    def _dimensions(self) -> None:
        """What is left beyond the outer holes, and the whole, once it is filed."""
        rows, columns, board = len(self._wired.strips), self._wired.columns, outlines()["board"]
        left, upper, right, lower = self._edges()
        x, y = self._spot(rows, columns)
        beside, beyond = board.hole_a1[0], board.size[1] - board.hole_a1[1]
        for start, end, at, size in ((x, right, lower + 62, beside), (left, right, lower + 96, board.size[0])):
            self._measure((start, at), (end, at))
            self._svg.words((start + end) / 2, at - 7, f"{size:.3g} mm" if size > 10 else f"{size:.1f} mm", size=13)
        for start, end, at, size in ((y, lower, 104.0, beyond), (upper, lower, 66.0, board.size[1])):
            self._measure((at, start), (at, end))
            said = f"{size:.3g} mm" if size > 10 else f"{size:.1f} mm"
            below = end + 18 if size < 10 else (start + end) / 2 + 4
            self._svg.words(at if size < 10 else at - 7, below, said, size=13, anchor="middle" if size < 10 else "end")
        said = f"{columns} columns, {rows} rows. Cut along all four red lines, then file down to the dark edge."
        self._svg.words(_LEGEND[0], lower + 126, f"{said} The copper runs from left to right.", size=14, anchor="start")

    def _measure(self, start: Spot, end: Spot) -> None:
        self._svg.path([start, end], stroke=INK, line=1.2)
        tick = (0.0, 5.0) if start[1] == end[1] else (5.0, 0.0)
        for x, y in (start, end):
            self._svg.path([(x - tick[0], y - tick[1]), (x + tick[0], y + tick[1])], stroke=INK, line=1.2)

    def _strip(self, row: int, strip: str) -> None:
        _, y = self._spot(row, 1)
        left, _, right, _ = self._edges()
        self._svg.box(left + 1, y - 17, right - left - 2, 34, fill=_COPPER if self._is_copper else "#d8ba8c")
        self._svg.words(_LEFT - (72 if self._is_cut else 42), y + 5.5, row_letter(row), size=16, bold=True)
        if not self._is_cut:
            self._svg.words(_LEFT - 56, y + 5, strip, size=13, anchor="end")
        for column in range(1, self._wired.columns + 1):
            self._svg.dot(*self._spot(row, column), _HOLE * _MM if self._is_cut else 4, fill="#5d4a30")

    def _spot(self, row: int, column: int) -> Spot:
        column = self._wired.columns + 1 - column if self._is_copper else column
        return _LEFT + (column - 0.5) * _PITCH, self._top + (row - 0.5) * _PITCH

    def _at(self, end: End) -> Spot:
        return self._spot(end.row, end.column)

    # ---- what lies on it

    def faint_parts(self) -> None:
        """The parts that are there already."""
        with self._svg.faded(0.4):
            for each in self._wired.soldered:
                self.part(each)

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
            self._svg.dot(*self._at(leg), 5, fill=_TIN, stroke=INK)

    def _legs(self, part: Soldered) -> Spot:
        """Draw a part's two legs, down the board from hole to hole; the middle between them."""
        (x, y), (_, low) = (self._at(leg) for leg in part.legs)
        self._svg.path([(x, y), (x, low)], stroke="#8d8d8d", line=4)
        return x, (y + low) / 2

    def _resistor(self, part: Soldered) -> None:
        x, y = self._legs(part)
        half, wide = 2.9 * _MM, 1.9 * _MM
        self._svg.box(x - wide / 2, y - half, wide, 2 * half, fill="#ead9b5", stroke=INK, rounding=11)
        for ring, at in zip((*bands(values()[part.kind].ohms), "gold"), (0.12, 0.26, 0.4, 0.84), strict=True):
            fill = _GOLD if ring == "gold" else _RINGS[ring]
            self._svg.box(x - wide / 2 + 0.7, y - half + at * 2 * half, wide - 1.4, 8, fill=fill)
        self._svg.words(x, y + half * 0.42, part.name, size=14, bold=True)

    def _capacitor(self, part: Soldered) -> None:
        x, y = self._legs(part)
        self._svg.dot(x, y, 17, fill="#e3963e", stroke=INK)
        self._svg.words(x, y + 5, part.name, size=14, bold=True)

    def _buzzer(self, part: Soldered) -> None:
        spots = [self._at(leg) for leg in part.legs]
        x, y = spots[0][0], sum(spot[1] for spot in spots) / len(spots)
        key = "piezo" if part.kind == "piezo" else "active_buzzer"
        self._svg.dot(x, y, outlines()[key].diameter / 2 * _MM, fill="#33322f", stroke=INK)
        self._svg.dot(x, y, 8, fill="#100f0e")
        # Between two columns: a hole beneath would show through where the parts are faint.
        self._svg.words(x + 1.5 * _PITCH, y + 5, part.name, size=14, fill="#ffffff", bold=True)
        if part.kind == "active_buzzer":
            self._svg.words(x + 20, spots[0][1] + 7, "+", size=22, fill="#ffffff", bold=True)

    def _transistor(self, part: Soldered) -> None:
        spots = [self._at(leg) for leg in part.legs]
        x, y = spots[1]
        flat, round_, tall = x - 9, x + 30, 2.3 * _MM
        curve = f"C{round_ + 6:g} {y - tall:g} {round_ + 6:g} {y + tall:g} {flat:g} {y + tall:g}"
        self._svg.shape(f"M{flat:g} {y - tall:g}{curve}Z", fill="#33322f", stroke=INK)
        self._svg.words(x + 15, y + 5, part.name, size=12, fill="#ffffff", bold=True)
        for name, (_, leg_y) in zip("EBC", spots, strict=True):
            self._svg.words(x - 18, leg_y + 5, name, size=13, bold=True)

    def wire(self, wire: Conductor, hole: End) -> None:
        """Show a wire's number at its hole."""
        self._svg.number(*self._at(hole), wire.number, wire.colour, scale=1.9)

    def joint(self, hole: End, name: str) -> None:
        """Show a soldered joint, and of what it is: of a part, or of the wire with that number."""
        x, y = self._at(hole)
        self._svg.dot(x, y, 15, fill=_TIN, stroke=INK)
        self._svg.words(x, y + 4.5, name, size=12, bold=True)

    def row(self, bold: str, said: str, wire: Conductor | None = None) -> None:
        """The next row of the legend; its first column is full before the second begins."""
        column, row = divmod(self._row, ceil(self._rows / 2))
        self._row += 1
        x, y = _LEGEND[column], self._legend_y + row * _LEGEND_ROW
        if wire is not None:
            self._svg.number(x + 11, y + 4, wire.number, wire.colour, scale=1.2)
            x += 32
        self._svg.words(x, y, bold, size=14, anchor="start", bold=True)
        self._svg.words(x, y + 17, said, size=12.5, anchor="start")
