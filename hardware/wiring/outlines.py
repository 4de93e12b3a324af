"""How large the bought parts are, from outlines.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

PITCH = 2.54
"""From pin to pin of a header."""

Point = tuple[float, float]
Box = tuple[float, float, float, float, float, float]
"""Left, front, bottom, right, back, top."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One bought part, in millimetres, in a frame of its own: see outlines.toml. 0 and () for what it lacks."""

    name: str
    source: str
    """The drawing that the numbers are from."""
    size: tuple[float, ...] = ()
    spread: float = 0.0
    """By how much boards of that kind differ."""
    holes: tuple[Point, ...] = ()
    hole_diameter: float = 0.0
    pins: dict[str, Point] = field(default_factory=dict)
    pin_1: Point = (0.0, 0.0)
    """Of a header: the middle of pin 1."""
    ports: dict[str, Box] = field(default_factory=dict)
    power: dict[str, Point] = field(default_factory=dict)
    """Where the middle of a plug is in the port for power, along the board and up, by the plug."""
    blocks: dict[str, Box] = field(default_factory=dict)
    """What else stands on the board or hangs under it."""
    glass: tuple[float, ...] = ()
    """Left, lower, right and upper edge."""
    glass_height: float = 0.0
    active: tuple[float, ...] = ()
    """The edges of the dots, as those of the glass."""
    active_spread: float = 0.0
    """By how much the dots' place differs between boards, to each side."""
    pitch: float = 0.0
    hole_a1: Point = (0.0, 0.0)
    diameter: float = 0.0
    height: float = 0.0
    thread: float = 0.0
    """The diameter of what goes through a wall."""
    bezel: float = 0.0
    above: float = 0.0
    below: float = 0.0
    """How far it goes beyond the wall, on the outside and on the inside."""
    nut: float = 0.0
    body: tuple[float, ...] = ()
    drive: float = 0.0
    """The diameter of the screwdriver that turns it."""
    wall_most: float = 0.0
    """The thickest wall that its nut still grips."""
    usual: float = 0.0
    """How high the grip of most plugs is; `size` is the largest."""


@cache
def outlines() -> dict[str, Outline]:
    """All of them, by their key."""
    data = tomllib.loads(files("hardware.wiring").joinpath("outlines.toml").read_text("utf-8"))
    return {key: Outline(**{name: _frozen(value) for name, value in entry.items()}) for key, entry in data.items()}


def header_pin(board: Outline, number: int) -> Point:
    """The middle of a pin of the Pi's header."""
    nth, even = divmod(number - 1, 2)
    return board.pin_1[0] + PITCH * nth, board.pin_1[1] + PITCH * even


def hole(board: Outline, row: float, column: int) -> Point:
    """The middle of a hole of the strip board; row 1 is A, and row 1.5 lies between A and B."""
    return board.hole_a1[0] + board.pitch * (column - 1), board.hole_a1[1] - board.pitch * (row - 1)


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    return {key: _frozen(each) for key, each in value.items()} if isinstance(value, dict) else value
