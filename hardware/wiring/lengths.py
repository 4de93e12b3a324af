"""How long each wire is cut, from lengths.toml, which the case writes: it knows where the wires' ends are."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hardware.wiring.wires import SHIPPED, Build

TABLE = "lengths.toml"


@dataclass(frozen=True, slots=True)
class WireLength:
    """A wire's length, and how it comes about."""

    mm: int
    formula: str


def lengths(build: Build = SHIPPED) -> dict[int, WireLength]:
    """The length of each wire in the case, by the wire's number."""
    return {int(number): WireLength(**entry) for number, entry in _table()[build.named()].items()}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("hardware.wiring").joinpath(TABLE).read_text("utf-8"))
