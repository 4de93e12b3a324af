"""The header in a terminal, as one sees it on the board, with what is wired to each pin and what was measured there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device.settings.settings import Settings
from hardware.wiring.header import HeaderPin, header
from hardware.wiring.told import unwired, wires_in_use

_PAINT = {
    "red": "97;41",
    "black": "97;40",
    "blue": "97;44",
    "yellow": "30;103",
    "green": "30;42",
    "white": "30;107",
    "orange": "30;48;5;208",
    "grey": "30;48;5;245",
}
"""The terminal's codes for a number on its wire's colour."""
_NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class _AtPin:
    """What is at a pin. A wire that the drawings don't have has neither number nor colour."""

    pin: HeaderPin
    what: str
    number: str = "●"
    colour: str = ""

    def mark(self, *, coloured: bool) -> str:
        """Its number, two characters wide."""
        text = f"{self.number:>2}"
        return f"\x1b[{_PAINT[self.colour]}m{text}\x1b[0m" if coloured and self.colour else text


def header_lines(settings: Settings, measured: Mapping[str, str], *, coloured: bool) -> list[str]:
    """The rows of the header that are in use, up to 80 columns wide; `measured` says what, by the wires' names."""
    at = {each.pin.number: each for each in _in_use(settings)}
    last_row = max(each.pin.row for each in at.values())
    lines = ["header     the card's end is up, the board's edge at the right; [ ] is pin 1", f"     ┌{'─' * 8}┐"]
    for odd in range(1, 2 * last_row, 2):
        cells = "".join(_cell(number, at, coloured=coloured) for number in (odd, odd + 1))
        here = [_says(at[number], measured, coloured=coloured) for number in (odd, odd + 1) if number in at]
        first, *more = here or [""]
        lines.append(f"{odd:4} │{cells}│ {odd + 1:<4}{first}".rstrip())
        lines += [f"     │{'':8}│ {'':4}{each}" for each in more]
    is_whole = 2 * last_row == len(header())
    return [*lines, f"     └{'─' * 8}┘" if is_whole else f"     ┆{'':8}┆"]


def _in_use(settings: Settings) -> list[_AtPin]:
    wired = [
        _AtPin(header()[int(end.pin)], wire.what, str(wire.number), wire.colour)
        for wire in wires_in_use(settings)
        for end in wire.ends
        if end.part == "header"
    ]
    return wired + [_AtPin(pin, whose) for pin, whose in unwired(settings)]


def _cell(number: int, at: Mapping[int, _AtPin], *, coloured: bool) -> str:
    mark = at[number].mark(coloured=coloured) if number in at else " ·"
    return f"[{mark}]" if number == 1 else f" {mark} "


def _says(at: _AtPin, measured: Mapping[str, str], *, coloured: bool) -> str:
    found = measured.get(at.what, _NOT_TRIED)
    return f"{at.mark(coloured=coloured)} {at.colour:<6}  {at.what:<16}  {at.pin.name:<6}  {found}"
