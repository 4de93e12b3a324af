"""Writes SVG: a few shapes with plain attributes, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import dist
from xml.sax.saxutils import escape, quoteattr

Spot = tuple[float, float]

FONT = "Helvetica, Arial, sans-serif"
INK = "#2b2a28"
PALE = "#5f5b54"
PAPER = "#fbf9f4"
CARD = "#f0ebe0"

WIRE_COLOURS = {
    "red": "#c9252d",
    "black": "#2b2a28",
    "blue": "#2a63c0",
    "yellow": "#f0bf1f",
    "green": "#2f8f46",
    "white": "#ffffff",
    "orange": "#ee7d1a",
    "grey": "#9a9a9a",
}
"""How the colours of wires.toml are drawn."""


class Svg:
    """A picture that grows by one shape after another, on paper of its own, so that a dark page doesn't swallow it."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self._head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" '
            f'width="{_n(width)}" height="{_n(height)}" font-family={quoteattr(FONT)} role="img">\n'
            f"<title>{escape(title)}</title>\n"
        )
        self._shapes: list[str] = []
        self.box(0, 0, width, height, fill=PAPER, rounding=10)

    def text(self) -> str:
        """The whole file."""
        return self._head + "\n".join(self._shapes) + "\n</svg>\n"

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        stroke: str = "none",
        line: float = 1.5,
        rounding: float = 0,
    ) -> None:
        """A rectangle; its upper left corner comes first."""
        self._add(
            "rect", x=x, y=y, width=width, height=height, rx=rounding, fill=fill, stroke=stroke, stroke_width=line
        )

    def dot(self, x: float, y: float, radius: float, *, fill: str, stroke: str = "none", line: float = 1.5) -> None:
        """A circle around that spot."""
        self._add("circle", cx=x, cy=y, r=radius, fill=fill, stroke=stroke, stroke_width=line)

    def words(
        self,
        x: float,
        y: float,
        said: str,
        *,
        size: float = 13,
        fill: str = INK,
        anchor: str = "middle",
        bold: bool = False,
    ) -> None:
        """A line of text; `y` is its base line."""
        weight = {"font_weight": "bold"} if bold else {}
        self._add("text", said, x=x, y=y, font_size=size, fill=fill, text_anchor=anchor, **weight)

    def path(self, spots: Sequence[Spot], *, stroke: str, line: float, rounding: float = 8, name: str = "") -> None:
        """A line from spot to spot with round corners; `name` is kept in the file for those who look for it."""
        named = {"data_name": name} if name else {}
        self._add("path", d=_rounded(spots, rounding), fill="none", stroke=stroke, stroke_width=line, **named)

    def dashes(self, start: Spot, end: Spot, *, stroke: str, line: float) -> None:
        """A straight line of dashes."""
        (x1, y1), (x2, y2) = start, end
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=line, stroke_dasharray="9 6")

    def wire(self, spots: Sequence[Spot], colour: str, name: str) -> None:
        """A wire with a dark edge and some air around it, so that it stays apart from what it crosses."""
        self.path(spots, stroke=PAPER, line=9)
        self.path(spots, stroke=INK, line=5.2)
        self.path(spots, stroke=WIRE_COLOURS[colour], line=3.4, name=name)

    def number(self, x: float, y: float, number: int, colour: str, scale: float = 1.0) -> None:
        """The wire's number in a ring of its colour."""
        self.dot(x, y, 9.5 * scale, fill=INK)
        self.dot(x, y, 8.7 * scale, fill=WIRE_COLOURS[colour])
        self.dot(x, y, 6.9 * scale, fill="#ffffff")
        self.words(x, y + 3.4 * scale, str(number), size=9.5 * scale, bold=True)

    @contextmanager
    def faded(self, by: float) -> Iterator[None]:
        """What is drawn meanwhile is there to find one's way only."""
        self._shapes.append(f'<g opacity="{_n(by)}">')
        yield
        self._shapes.append("</g>")

    def shape(self, outline: str, *, fill: str, stroke: str = "none", line: float = 1.5) -> None:
        """Any outline, in SVG's own words for paths."""
        self._add("path", d=outline, fill=fill, stroke=stroke, stroke_width=line)

    def inner(
        self, x: float, y: float, width: float, height: float, view: tuple[float, float, float, float], drawn: str
    ) -> None:
        """Another SVG's shapes, of which `view` (left, top, width, height) is shown at that place and size."""
        place = " ".join(
            f'{name}="{_n(value)}"' for name, value in (("x", x), ("y", y), ("width", width), ("height", height))
        )
        shown = " ".join(map(_n, view))
        self._shapes.append(f'<svg {place} viewBox="{shown}" overflow="visible">{drawn}</svg>')

    def _add(self, element: str, content: str = "", **attributes: object) -> None:
        told = " ".join(
            f"{name.replace('_', '-')}={quoteattr(_n(value) if isinstance(value, float | int) else str(value))}"
            for name, value in attributes.items()
            if value not in (0, "none") or name in {"x", "y", "cx", "cy", "fill"}
        )
        ends = f">{escape(content)}</{element}>" if content else "/>"
        self._shapes.append(f"<{element} {told}{ends}")


def _n(value: float) -> str:
    """A number in as few signs as possible, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))


def _rounded(spots: Sequence[Spot], rounding: float) -> str:
    words = [f"M{_n(spots[0][0])} {_n(spots[0][1])}"]
    for before, corner, after in zip(spots, spots[1:], spots[2:], strict=False):
        radius = min(rounding, dist(before, corner) / 2, dist(corner, after) / 2)
        words.append("L" + _spot(_towards(corner, before, radius)))
        words.append("Q" + _spot(corner) + " " + _spot(_towards(corner, after, radius)))
    words.append("L" + _spot(spots[-1]))
    return " ".join(words)


def _spot(spot: Spot) -> str:
    return f"{_n(spot[0])} {_n(spot[1])}"


def _towards(start: Spot, end: Spot, by: float) -> Spot:
    apart = dist(start, end)
    if not apart:
        return start
    return start[0] + (end[0] - start[0]) * by / apart, start[1] + (end[1] - start[1]) * by / apart
