"""The header of a Pi: which pin is where, and what it is, from gpiozero's own table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from gpiozero.pins.pi import PiBoardInfo

_ANY_WITH_40_PINS = 0x902120
"""A Zero 2 W; all boards with 40 pins have the same ones in the same places."""
_CALLED = {"3V3": "3.3 V", "5V": "5 V", "GND": "ground"}


@dataclass(frozen=True, slots=True)
class HeaderPin:
    """One pin. With the header along the top edge, row 1 is on the left, and column 2 is next to the edge."""

    number: int
    """Its position, 1 to 40."""
    name: str
    """`3.3 V`, `5 V`, `ground`, or `GPIO17`."""
    row: int
    """1 to 20."""
    column: int
    """1 has the odd numbers, 2 the even ones."""


@cache
def header() -> dict[int, HeaderPin]:
    """All forty, by number."""
    pins = PiBoardInfo.from_revision(_ANY_WITH_40_PINS).headers["J8"].pins.values()
    return {pin.number: HeaderPin(pin.number, _CALLED.get(pin.name, pin.name), pin.row, pin.col) for pin in pins}


def pin_of(gpio: int) -> HeaderPin:
    """The pin with that GPIO number, 0 to 27."""
    return next(pin for pin in header().values() if pin.name == f"GPIO{gpio}")
