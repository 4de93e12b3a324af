"""The circuit of a build on one sheet: the diagrams that schemdraw draws, each on a card with its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardware.drawings import circuit
from hardware.drawings.svg import FONT, PALE, Svg
from hardware.wiring.wires import Wiring

_WIDE = 830.0
_MARGIN = 24.0
_HEAD = 34.0
_AIR = 20.0
"""Around a diagram: letters may be wider than schemdraw thinks."""
_LARGEST = 1.25
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?|-0(?![\d.])")
_VIEW = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')


@dataclass(frozen=True, slots=True)
class _Diagram:
    """What schemdraw has drawn, in its own units."""

    title: str
    note: str
    inner: str
    view: tuple[float, float, float, float]

    def height(self, scale: float) -> float:
        """Of its card."""
        return _HEAD + self.view[3] * scale + 2 * _AIR

    def scale(self, width: float) -> float:
        """How large it can be on a card of that width."""
        return min(_LARGEST, (width - 2 * _AIR) / self.view[2])


def circuit_picture(wired: Wiring) -> str:
    """The SVG of the build's circuit. Raises OtherwiseWiredError."""
    seat = _diagram("Seat", "Strips and wires have the names of the other drawings.", circuit.seat(wired))
    buzzer = _diagram("Buzzer", "", circuit.buzzer(wired))
    button = _diagram("Button", "", circuit.button(wired))
    panel = _diagram("Panel", "", circuit.panel(wired))
    whole, half = _WIDE - 2 * _MARGIN, (_WIDE - 3 * _MARGIN) / 2
    scale = min(each.scale(half) for each in (buzzer, button, panel))
    below = _MARGIN * 2 + seat.height(seat.scale(whole))
    right = button.height(scale) + _MARGIN + panel.height(scale)
    svg = Svg(_WIDE, below + max(buzzer.height(scale), right) + _MARGIN, "Circuit diagram")
    _card(svg, seat, _MARGIN, _MARGIN, whole, seat.scale(whole))
    _card(svg, buzzer, _MARGIN, below, half, scale, max(buzzer.height(scale), right))
    _card(svg, button, 2 * _MARGIN + half, below, half, scale)
    _card(svg, panel, 2 * _MARGIN + half, below + button.height(scale) + _MARGIN, half, scale)
    return svg.text()


def _diagram(title: str, note: str, drawn: str) -> _Diagram:
    drawn = _steady(drawn)
    found = _VIEW.search(drawn)
    assert found is not None
    left, top, wide, tall = (float(number) for number in found.groups())
    inner = drawn[drawn.index(">") + 1 : drawn.rindex("</svg>")]
    return _Diagram(title, note, inner, (left, top, wide, tall))


def _steady(drawn: str) -> str:
    """The same with numbers to a tenth, so that no computer's last digit shows, and with letters of our own."""
    rounded = _NUMBER.sub(lambda number: f"{round(float(number[0]), 1) + 0.0:g}", drawn)
    return re.sub(r'font-family="[^"]*"', f'font-family="{FONT}"', rounded).replace("stroke-dasharray:-;", "")


def _card(
    svg: Svg, diagram: _Diagram, x: float, y: float, width: float, scale: float, height: float | None = None
) -> None:
    height = height or diagram.height(scale)
    svg.box(x, y, width, height, fill="#ffffff", stroke="#ddd6c8", rounding=8)
    svg.words(x + 16, y + 25, diagram.title, size=16, bold=True, anchor="start")
    if diagram.note:
        svg.words(x + width - 16, y + 25, diagram.note, size=12, fill=PALE, anchor="end")
    _, _, wide, tall = diagram.view
    left = x + (width - wide * scale) / 2
    top = y + _HEAD + (height - _HEAD - tall * scale) / 2
    svg.inner(left, top, wide * scale, tall * scale, diagram.view, diagram.inner)
