"""The wiring as a picture: the Pi as one sees it in the base, the other parts below it, and each wire in its colour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from hardware.drawings.svg import CARD, INK, PALE, Spot, Svg
from hardware.wiring.header import header
from hardware.wiring.outlines import PITCH, outlines
from hardware.wiring.wires import Conductor, End, Wiring, chosen_name

_NARROWEST = 830.0
_PITCH = 30.0
"""From pin to pin."""
_MM = _PITCH / PITCH
_BOARD_SHOWN_MM = 13.0
"""So much of the Pi is drawn: the edge with its header. What lies behind goes on beyond the picture's own edge."""
_LANE = 13.0
_BOX_TALL = 92.0
_TEXT = 12.5
_PCB = "#dfe7da"
_ROWS = (("button", "board", "panel"), ("socket", "converter", "chair socket", "pad", "sensors"))
_CALLED = {"board": "strip board", "chair socket": "socket at the chair", "sensors": "force sensors"}
_NOTES = dict.fromkeys(("button", "pad", "sensors"), "either way round") | {"panel": "by name: their order differs"}
_GAP = 15.0
_INSET = 4.0
"""From a box's side to the first of its ends: the name of a colour is nearly as wide as an end's place."""
_MARGIN = 24.0
_APART = 8.0
"""Two wires that run down side by side are at least so far apart."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a wire meets a part."""

    spot: Spot
    is_below: bool
    """The wire leaves downwards; else upwards."""


def wiring_picture(wired: Wiring, only: Collection[str] = ()) -> str:
    """The SVG of a build; with `only`, no other wires than those that have an end at one of these parts."""
    wires = [wire for wire in wired.wires if not only or any(end.part in only for end in wire.ends)]
    return _Picture(wired, wires).text()


class _Picture:
    def __init__(self, wired: Wiring, wires: list[Conductor]) -> None:
        self._wired = wired
        self._wires = wires
        self._used = {end.part for wire in wires for end in wire.ends}
        self._wide = max(_NARROWEST, *(self._row_wide(parts) for parts in _ROWS))
        self._terminals: dict[End, Terminal] = dict(self._header_pins())
        self._has_pi = any(end.part == "header" for wire in wires for end in wire.ends)
        first = _BOARD_SHOWN_MM * _MM if self._has_pi else -60.0
        self._deep = [
            wire for wire in wires if self._channel(wire) == 1 and "header" in (each.part for each in wire.ends)
        ]
        lanes = [sum(self._channel(wire) == nth for wire in wires) for nth in (0, 1)]
        lanes[0] += len(self._deep)
        self._channels = [first + 54.0, 0.0]
        tops = [self._channels[0] + lanes[0] * _LANE + 40.0, 0.0]
        self._channels[1] = tops[0] + _BOX_TALL + 34.0
        tops[1] = self._channels[1] + lanes[1] * _LANE + 40.0
        self._boxes = [box for nth in (0, 1) for box in self._row(nth, tops[nth])]
        lowest = max([first + 20.0, *(y + _BOX_TALL for _, _, y, _ in self._boxes)])
        build = wired.build
        names = (chosen_name(each, getattr(build, each)) for each in ("board", "panel", "seat", "buzzer"))
        has_cable = {"socket", "chair socket"} <= self._used
        self._svg = Svg(self._wide, lowest + (58.0 if has_cable else 24.0), f"Wiring: {', '.join(names)}")

    # ---- where everything is

    def _header_pins(self) -> Iterator[tuple[End, Terminal]]:
        """As one sees it in the base: pin 1 on the right, the even row at the edge, which is the lower one."""
        right = self._wide / 2 + 9.5 * _PITCH
        low = _BOARD_SHOWN_MM * _MM - 2.2 * _MM
        for pin in header().values():
            spot = (right - (pin.row - 1) * _PITCH, low - (_PITCH if pin.column == 1 else 0.0))
            yield End("header", str(pin.number)), Terminal(spot, is_below=True)

    def _row(self, nth: int, top: float) -> Iterator[tuple[str, float, float, float]]:
        """The boxes of a row: name, left, top, width; and their terminals."""
        parts = [part for part in self._order(nth) if part in self._used]
        ends = {part: self._ends_at(part) for part in parts}
        widths = [self._box_wide(part) for part in parts]
        gap = (self._wide - 2 * _MARGIN - sum(widths)) / max(1, len(parts) - 1)
        left = _MARGIN if len(parts) > 1 else (self._wide - sum(widths)) / 2
        for part, width in zip(parts, widths, strict=True):
            upper, lower = ends[part]
            left += self._free_of_others(left, width, upper)
            for edge, is_below, y in ((upper, False, top), (lower, True, top + _BOX_TALL)):
                for place, end in enumerate(edge):
                    x = _end_x(left, width, place, len(edge))
                    self._terminals[end] = Terminal((x, y), is_below)
            yield part, left, top, width
            left += width + gap

    def _order(self, nth: int) -> tuple[str, ...]:
        """From left to right, so that few wires cross."""
        one, *others = _ROWS[nth]
        is_beside_converter = nth == 0 and "converter" in self._used
        return (others[0], one, *others[1:]) if is_beside_converter else (one, *others)

    def _row_wide(self, parts: Iterable[str]) -> float:
        widths = [self._box_wide(part) for part in parts if part in self._used]
        return sum(widths) + _GAP * (len(widths) - 1) + 2 * _MARGIN

    def _box_wide(self, part: str) -> float:
        edges: tuple[list[End], list[End]] = ([], [])
        for wire in self._wires:
            for end, other in (wire.ends, wire.ends[::-1]):
                if end.part == part:
                    edges[self._is_lower(part, other.part)].append(end)
        said = _text_wide(_CALLED.get(part, part), 15), _text_wide(_NOTES.get(part, ""), 11)
        return max(*said, *map(_edge_wide, edges))

    def _free_of_others(self, left: float, width: float, upper: list[End]) -> float:
        """By how much a box moves aside, so that no wire that ends there runs down where another one begins."""
        starts = [self._start_x(wire) for wire in self._wires if wire.ends[0].part == "header"]

        def nearest(shift: float) -> float:
            at = [_end_x(left + shift, width, place, len(upper)) for place in range(len(upper))]
            return min((abs(x - start) for x in at for start in starts), default=_APART)

        shifts = [0.0, *(side * step for step in range(2, 18, 2) for side in (-1, 1))]
        fits = [shift for shift in shifts if _MARGIN / 2 <= left + shift <= self._wide - width - _MARGIN / 2]
        return next((shift for shift in fits if nearest(shift) >= _APART), 0.0)

    def _ends_at(self, part: str) -> tuple[list[End], list[End]]:
        """The part's ends at its upper and at its lower edge, in an order that crosses few wires."""
        upper: list[tuple[End, End]] = []
        lower: list[tuple[End, End]] = []
        for wire in self._wires:
            for end, other in (wire.ends, wire.ends[::-1]):
                if end.part == part:
                    (lower if self._is_lower(part, other.part) else upper).append((end, other))
        return self._in_order(upper), self._in_order(lower)

    def _is_lower(self, part: str, other: str) -> bool:
        return part in _ROWS[0] and other in _ROWS[1]

    def _in_order(self, ends: list[tuple[End, End]]) -> list[End]:
        def place(pair: tuple[End, End]) -> float:
            known = self._terminals.get(pair[1])
            return known.spot[0] if known else self._wide

        return [end for end, _ in sorted(ends, key=place)]

    def _channel(self, wire: Conductor) -> int:
        """0 for a wire above the upper row of boxes, 1 for one between the rows."""
        return 1 if any(end.part in _ROWS[1] for end in wire.ends) else 0

    # ---- drawing

    def text(self) -> str:
        if self._has_pi:
            self._draw_pi()
        for part, left, top, width in self._boxes:
            self._draw_box(part, left, top, width)
        if {"socket", "chair socket"} <= self._used:
            self._draw_cable()
        # Those that go far across first: what goes down past them lies above, or it would look like a row of dashes.
        routes = sorted(self._routes(), key=lambda route: -abs(route[1][0][0] - route[1][-1][0]))
        for wire, spots in routes:
            self._svg.wire(spots, wire.colour, f"{wire.number}: {wire.ends[0]} - {wire.ends[1]}")
        if self._has_pi:
            self._draw_pins()
        for wire, _ in routes:
            self._draw_ends(wire)
        return self._svg.text()

    def _draw_pi(self) -> None:
        board = outlines()[self._wired.build.board]
        wide, tall = board.size[0] * _MM, _BOARD_SHOWN_MM * _MM
        above = 60.0
        # The middle of the header is so far from the board's own left edge, which is on the right here.
        left = self._wide / 2 + (board.pin_1[0] + 9.5 * PITCH) * _MM - wide
        self._svg.box(left, -above, wide, tall + above, fill=_PCB, stroke=INK, rounding=3 * _MM)
        name = chosen_name("board", self._wired.build.board)
        self._svg.words(self._wide / 2, 32, f"{name}: its ports look away from you", size=16, bold=True)
        right, upper = self._terminals[End("header", "1")].spot
        self._svg.box(right - 19.5 * _PITCH, upper - _PITCH / 2, 20 * _PITCH, 2 * _PITCH, fill="#3c3b39", rounding=3)
        self._svg.words(right, upper - _PITCH / 2 - 7, "pin 1", size=13, bold=True)

    def _draw_pins(self) -> None:
        taken = {end.pin for wire in self._wired.wires for end in wire.ends if end.part == "header"}
        shown = {end.pin for wire in self._wires for end in wire.ends if end.part == "header"}
        for pin in header().values():
            x, y = self._terminals[End("header", str(pin.number))].spot
            fill = "#f7d774" if str(pin.number) in shown else "#c6c2b9" if str(pin.number) not in taken else "#d8d4ca"
            if pin.number == 1:
                self._svg.box(x - 10.5, y - 10.5, 21, 21, fill=fill, stroke="#ffffff")
            else:
                self._svg.dot(x, y, 10, fill=fill)
            self._svg.words(x, y + 4, str(pin.number), size=11, bold=str(pin.number) in shown)

    def _draw_box(self, part: str, left: float, top: float, width: float) -> None:
        self._svg.box(left, top, width, _BOX_TALL, fill=CARD, stroke=INK, rounding=6)
        ends = [(end, spot) for end, spot in self._terminals.items() if end.part == part]
        has = {terminal.is_below for _, terminal in ends}
        middle = top + _BOX_TALL / 2 + (5.0 if len(has) > 1 else -12.0 if True in has else 18.0)
        self._svg.words(left + width / 2, middle, _CALLED.get(part, part), size=15, bold=True)
        if part in _NOTES:
            self._svg.words(left + width / 2, middle + 17, _NOTES[part], size=12)
        colours = {end: wire.colour for wire in self._wires for end in wire.ends}
        for end, terminal in ends:
            x, y = terminal.spot
            self._svg.words(x, y + (-18.0 if terminal.is_below else 14.0), end.hole or end.pin, size=_TEXT, bold=True)
            self._svg.words(x, y + (-6.0 if terminal.is_below else 27.0), colours[end], size=11, fill=PALE)

    def _draw_cable(self) -> None:
        boxes = {part: (left, top, width) for part, left, top, width in self._boxes}
        one, other = boxes["socket"], boxes["chair socket"]
        low = one[1] + _BOX_TALL
        start, end = one[0] + one[2] / 2, other[0] + other[2] / 2
        cable = [(start, low), (start, low + 22), (end, low + 22), (end, low)]
        self._svg.path(cable, stroke=INK, line=9)
        self._svg.path(cable, stroke="#6b6862", line=6)
        self._svg.words((start + end) / 2, low + 42, "plug cable", size=13, bold=True)

    def _routes(self) -> Iterator[tuple[Conductor, list[Spot]]]:
        for channel in (0, 1):
            wires = [wire for wire in self._wires if self._channel(wire) == channel]
            for nth, wire in enumerate(self._by_lane(wires)):
                lane = self._channels[channel] + nth * _LANE
                start, end = (self._terminals[each] for each in wire.ends)
                yield (
                    wire,
                    [*self._leaves(wire.ends[0], start), *self._past_a_box(wire, end), *self._meets(wire, end, lane)],
                )

    def _by_lane(self, wires: Iterable[Conductor]) -> list[Conductor]:
        """Wires are nested: of those that go left the leftmost has the uppermost lane, of the others the rightmost."""

        def place(wire: Conductor) -> tuple[bool, float]:
            start, end = self._start_x(wire), self._terminals[wire.ends[1]].spot[0]
            return (end >= start, start if end < start else -start)

        return sorted(wires, key=place)

    def _leaves(self, end: End, terminal: Terminal) -> list[Spot]:
        x, y = terminal.spot
        if end.part != "header" or int(end.pin) % 2 == 0:
            return [(x, y)]
        # The odd row is behind the even one: between two of its pins there is room.
        return [(x, y), (x - _PITCH / 2, y + _PITCH / 2)]

    def _past_a_box(self, wire: Conductor, end: Terminal) -> list[Spot]:
        """For a wire from the header to the lower row: down through the nearest gap between boxes of the upper row."""
        if wire not in self._deep:
            return []
        lane = self._channels[1] - _BOX_TALL - 74.0 - self._deep.index(wire) * _LANE
        return [(self._start_x(wire), lane), (self._gap_near(end.spot[0]), lane)]

    def _gap_near(self, x: float) -> float:
        upper = [(left, left + width) for part, left, _, width in self._boxes if part in _ROWS[0]]
        gaps = [(one[1] + other[0]) / 2 for one, other in pairwise(upper)]
        return min(gaps, key=lambda gap: abs(gap - x))

    def _start_x(self, wire: Conductor) -> float:
        end = wire.ends[0]
        return self._leaves(end, self._terminals[end])[-1][0]

    def _meets(self, wire: Conductor, end: Terminal, lane: float) -> list[Spot]:
        x = self._gap_near(end.spot[0]) if wire in self._deep else self._start_x(wire)
        return [(x, lane), (end.spot[0], lane), end.spot]

    def _draw_ends(self, wire: Conductor) -> None:
        for end in wire.ends:
            terminal = self._terminals[end]
            x, y = terminal.spot
            if end.part == "header":
                is_odd = int(end.pin) % 2
                x, y = (x - _PITCH / 2, y + _PITCH + 46.0) if is_odd else (x, y + 28.0)
            else:
                y += 18.0 if terminal.is_below else -18.0
            self._svg.number(x, y, wire.number, wire.colour, scale=1.2)


def _end_x(left: float, width: float, place: int, places: int) -> float:
    """Where an end is at a box's edge that has so many."""
    return left + _INSET + (width - 2 * _INSET) * (place + 0.5) / places


def _text_wide(said: str, size: float) -> float:
    """About how wide a box with that text is; no font is asked, so it is a generous guess."""
    return 0.6 * size * len(said) + 2 * 8.0


def _edge_wide(ends: list[End]) -> float:
    return 2 * _INSET + len(ends) * max((40.0, *(_text_wide(end.hole or end.pin, _TEXT) - 4.0 for end in ends)))
