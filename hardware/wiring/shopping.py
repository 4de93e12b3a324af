"""What to buy for a build, what to check before you do, and what all of it costs; from shopping.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from hardware.wiring.wires import SHIPPED, Build


@dataclass(frozen=True, slots=True)
class Bought:
    """A row of the list: one thing to buy."""

    part: str
    """As docs and drawings call it."""
    name: str
    """What to type into a shop's search."""
    many: str
    check: str
    """What the listing has to say."""
    euro: tuple[float, float]
    """From and to, for all of the row; an estimate of the month `priced()`."""
    instead: tuple[str, ...]
    covers: tuple[str, ...]
    """The parts of wires.toml that it is."""
    only: Mapping[str, str]
    """The choices it belongs to, such as `{"seat": "force"}`; empty for every build."""


def every_row() -> tuple[Bought, ...]:
    """All that there is on the list, for any build."""
    return tuple(_row(entry) for entry in _data()["bought"])


def bought(build: Build = SHIPPED) -> tuple[Bought, ...]:
    """All that a build needs, in the order of the list."""
    return tuple(row for row in every_row() if all(getattr(build, name) == option for name, option in row.only.items()))


def total(rows: Iterable[Bought]) -> tuple[float, float]:
    """What they cost together, from and to."""
    prices = [row.euro for row in rows]
    return sum(low for low, _ in prices), sum(high for _, high in prices)


def priced() -> date:
    """The first day of the month that the prices are of."""
    return date.fromisoformat(f"{_data()['date']}-01")


def tools() -> tuple[tuple[str, str], ...]:
    """What one works with: its name, and what to look for."""
    return tuple((each["name"], each["check"]) for each in _data()["tool"])


def euro_text(low: float, high: float) -> str:
    """A price range: `18 to 28`, `0.10 to 1`."""
    return f"{_amount(low)} to {_amount(high)}"


def _amount(euro: float) -> str:
    return f"{euro:.2f}" if euro % 1 else f"{euro:.0f}"


def _row(entry: dict[str, Any]) -> Bought:
    only = {each.name: entry[each.name] for each in fields(Build) if each.name in entry}
    low, high = entry["euro"]
    told = {name: entry[name] for name in ("part", "name", "many", "check")}
    covers = tuple(entry.get("covers", ()))
    return Bought(**told, euro=(low, high), instead=tuple(entry["instead"]), covers=covers, only=only)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("hardware.wiring").joinpath("shopping.toml").read_text("utf-8"))
