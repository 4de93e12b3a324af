"""Which wires a build has, from where to where; where the settings choose a pin, the wire follows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from device.settings.settings import Settings
from hardware.wiring.header import header, pin_of

_DATA = "wires.toml"
FREE = "free"
"""What a strip of the board is called that a build has nothing in."""


@dataclass(frozen=True, slots=True)
class Build:
    """What somebody has chosen to build; each is a key of `choices` in wires.toml."""

    board: str = "zero"
    panel: str = "large"
    seat: str = "pad"
    buzzer: str = "passive"

    def named(self) -> str:
        """A name for files, such as `zero-large-pad-passive`."""
        return "-".join(getattr(self, each.name) for each in fields(self))


SHIPPED = Build()
"""The one that docs/build.md leads through."""


def row_letter(row: int) -> str:
    """What a row of the strip board is called: A is row 1, the uppermost."""
    return chr(ord("A") + row - 1)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a wire, or a leg."""

    part: str
    """Such as `header`, or `board`, which is the strip board; all are in `PARTS`."""
    pin: str
    """As it is printed on the part; on the header the position, on the strip board the strip."""
    row: int = 0
    """On the strip board, from 1 on; 0 elsewhere."""
    column: int = 0
    """As above."""

    @property
    def hole(self) -> str:
        """The hole of the strip board, such as `C4`: row C from the top, column 4 from the left."""
        return f"{row_letter(self.row)}{self.column}" if self.column else ""

    def __str__(self) -> str:
        return f"{self.part} {self.hole or self.pin}"


@dataclass(frozen=True, slots=True)
class Fork:
    """How a wire is made that begins as one core of a lead, and ends as several jumpers that are soldered to it."""

    lead_mm: int
    branches: int
    branch_mm: int
    """Of each jumper, from the tip of its female end."""


@dataclass(frozen=True, slots=True)
class UnderCushion:
    """Where the four force sensors lie, from middle to middle."""

    apart_mm: float
    """From a left one to a right one."""
    along_mm: float
    """From a rear one to a front one."""
    behind_mm: float
    """From the rear ones to where the wires meet."""


@dataclass(frozen=True, slots=True)
class Conductor:
    """A wire with its two ends; it has a number, which the drawings and the tables share."""

    number: int
    what: str
    colour: str
    ends: tuple[End, End]
    fork: Fork | None = None

    @property
    def female_ends(self) -> int:
        """How many of its ends are plugged onto a pin, and so keep a jumper's housing."""
        return sum(end.part in PLUGGED for end in self.ends)


@dataclass(frozen=True, slots=True)
class Soldered:
    """A part on the strip board."""

    name: str
    """As on a circuit diagram: R1, C1, BZ1."""
    kind: str
    """Which one to buy, a key of `figures.values()`; shopping.toml covers it."""
    legs: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Wiring:
    """A whole build."""

    build: Build
    settings: Settings
    wires: tuple[Conductor, ...]
    soldered: tuple[Soldered, ...]
    strips: tuple[str, ...]
    """The strips of the board, from top to bottom; those with neither wire nor leg are `FREE`."""
    columns: int
    """How many holes a strip has."""

    def at(self, part: str) -> tuple[Conductor, ...]:
        """The wires that have an end at that part."""
        return tuple(wire for wire in self.wires if any(end.part == part for end in wire.ends))


def builds() -> Iterator[Build]:
    """Every build there is, in the order of the choices."""
    choices = _data()["choices"]
    for chosen in product(*(choices[each.name] for each in fields(Build))):
        yield Build(*chosen)


def chosen_name(choice: str, option: str) -> str:
    """How a person calls an option, such as `1.3 inch`."""
    name: str = _data()["choices"][choice][option]["name"]
    return name


def settings_for(build: Build, settings: Settings | None = None) -> Settings:
    """The settings that this build needs, over those that are given or the defaults."""
    settings = settings or Settings()
    for each in fields(Build):
        for key, value in _data()["choices"][each.name][getattr(build, each.name)].get("settings", {}).items():
            section, _, name = key.partition(".")
            settings = replace(settings, **{section: replace(getattr(settings, section), **{name: value})})
    return settings


def wiring(build: Build = SHIPPED, settings: Settings | None = None) -> Wiring:
    """The wires of a build, as the settings have its pins; without settings, by default."""
    settings = settings_for(build, settings)
    data = _data()
    wires = [each for each in data["wire"] if _belongs(each, build)]
    strips = tuple(data["board"]["strips"][build.seat])
    wired = tuple(_wire(number, each, settings, strips) for number, each in enumerate(wires, start=1))
    soldered = tuple(
        Soldered(each["part"], each["is"], tuple(_hole(leg, strips) for leg in each["legs"]))
        for each in data["onboard"]
        if _belongs(each, build)
    )
    ends = [*(end for wire in wired for end in wire.ends), *(leg for each in soldered for leg in each.legs)]
    used = {end.pin for end in ends if end.part == "board"}
    named = tuple(strip if strip in used else FREE for strip in strips)
    return Wiring(build, settings, wired, soldered, named, data["board"]["columns"])


def under_cushion() -> UnderCushion:
    """Where the force sensors lie, and so how far their jumpers have to reach."""
    return UnderCushion(**_data()["under_cushion"])


def _belongs(entry: Mapping[str, Any], build: Build) -> bool:
    return all(entry.get(each.name, getattr(build, each.name)) == getattr(build, each.name) for each in fields(Build))


def _wire(number: int, entry: Mapping[str, Any], settings: Settings, strips: Sequence[str]) -> Conductor:
    one, other = (_end(text, settings, strips) for text in entry["ends"])
    fork = Fork(**entry["fork"]) if "fork" in entry else None
    return Conductor(number, entry["what"], entry["colour"], (one, other), fork)


PARTS = ("header", "panel", "button", "board", "socket", "converter", "chair socket", "pad", "sensors")
PLUGGED = ("header", "panel", "converter")
"""Parts with pins, onto which a wire's female end is pushed; to all others it is soldered."""


def _end(text: str, settings: Settings, strips: Sequence[str]) -> End:
    part = next(each for each in PARTS if text.startswith(f"{each} "))
    pin = text.removeprefix(f"{part} ")
    if part == "board":
        return _hole(pin, strips)
    if "." in pin:
        section, _, name = pin.partition(".")
        pin = str(pin_of(getattr(getattr(settings, section), name)).number)
    if part == "header":
        assert int(pin) in header(), text
    return End(part, pin)


def _hole(text: str, strips: Sequence[str]) -> End:
    strip, _, column = text.rpartition(".")
    return End("board", strip, strips.index(strip) + 1, int(column))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("hardware.wiring").joinpath(_DATA).read_text("utf-8"))
