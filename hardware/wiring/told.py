"""How a person is told of the wires that their settings ask for: by colour, number and pin, as in docs/build.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from device.settings.settings import Settings, claims
from hardware.wiring.header import HeaderPin, header, pin_of
from hardware.wiring.wires import Build, Conductor, End, wiring

WAYS = {
    "button": ("button, signal", "button, ground"),
    "pad": ("seat, signal", "chair, signal", "pad, signal", "board, ground", "chair, ground", "pad, ground"),
    "buzzer": ("buzzer, signal", "board, ground"),
    "active buzzer": ("buzzer, signal", "board, ground", "board, power"),
    "panel": ("panel, power", "panel, ground", "panel, data", "panel, clock"),
    "converter": ("converter, power", "converter, ground", "converter, data", "converter, clock"),
    "both chips": ("board, power", "board, ground", "bus, data", "bus, clock"),
    "sensors": ("converter, sensors", "chair, sensors", "sensors, signal", "chair, power", "sensors, power"),
    "alert": ("converter, alert",),
}
"""The wires on which a part hangs, as wires.toml calls them. A build has those of them that it needs."""
_ON_CHIPS = ("panel", "converter")
"""Their pins have names printed beside them."""
_BEYOND_THE_CASE = ("pad", "sensors")
_USUAL_PORT = 1
"""The bus whose pins the drawings have."""


def build_of(settings: Settings) -> Build:
    """The build that the settings are for; the board makes no difference."""
    return Build(
        panel="large" if settings.panel.driver == "sh1106" else "small",
        seat="force" if settings.seat.kind == "ads1115" else "pad",
        buzzer="active" if settings.buzzer.kind == "active" else "passive",
    )


def wires_in_use(settings: Settings) -> list[Conductor]:
    """The wires of that build, without those of parts that the settings don't ask for, or have elsewhere."""
    return [wire for wire in wiring(build_of(settings), settings).wires if not _is_left_out(wire.what, settings)]


def unwired(settings: Settings) -> list[tuple[HeaderPin, str]]:
    """The pins of parts that the drawings don't have, such as an MCP3008, and whose they are; by position."""
    drawn = {end.pin for wire in wires_in_use(settings) for end in wire.ends if end.part == "header"}
    unused = {7, 8} - {settings.seat.select_pin} if settings.seat.kind == "mcp3008" else set()
    theirs = [
        (pin_of(claim.number), claim.owner.rpartition(".")[2].removeprefix("the ").removesuffix("'s"))
        for claim in claims(settings)
        if claim.is_pin and claim.number not in unused
    ]
    return sorted((each for each in theirs if str(each[0].number) not in drawn), key=lambda each: each[0].number)


def told(settings: Settings, way: str) -> str:
    """`the green wire 9 (pin 11) and the black wire 8 (pin 9)`: the wires of that way, a key of `WAYS`.

    Where the drawings have none of them, the pins of the parts without a drawing.
    """
    there = {wire.what: wire for wire in wires_in_use(settings)}
    wires = [there[what] for what in WAYS[way] if what in there]
    by_colour: dict[str, list[Conductor]] = {}
    for wire in wires:
        by_colour.setdefault(wire.colour, []).append(wire)
    said = [_of_colour(colour, wires) for colour, wires in by_colour.items()]
    if settings.panel.port != _USUAL_PORT and any(", data" in what for what in WAYS[way]):
        said.append(f"SDA and SCL of bus {settings.panel.port}")
    if way in _BEYOND_THE_CASE and said:
        said.append("the plug cable")
    return listed(said or [f"pin {pin.number} ({pin.name})" for pin, _ in unwired(settings)])


def wire_told(settings: Settings, *whats: str) -> str:
    """The first of these wires that there is, such as `the blue wire 2 (pin 3 to SDA)`; else all that it is called."""
    there = {wire.what: wire for wire in wires_in_use(settings)}
    return next((_of_colour(there[what].colour, [there[what]]) for what in whats if what in there), whats[0])


def listed(texts: Sequence[str]) -> str:
    """`a, b and c`."""
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else "".join(texts)


def _of_colour(colour: str, wires: Iterable[Conductor]) -> str:
    numbered = [f"{wire.number}{_ends(wire)}" for wire in wires]
    return f"the {colour} wire{'s' if len(numbered) > 1 else ''} {listed(numbered)}"


def _ends(wire: Conductor) -> str:
    """Where it goes, as far as that is printed or can be counted there."""
    one, other = wire.ends
    to = f" to {other.pin}" if other.part in _ON_CHIPS else ""
    if one.part != "header" and not to:
        return ""
    return f" ({_start(one)}{to})"


def _start(end: End) -> str:
    return f"pin {header()[int(end.pin)].number}" if end.part == "header" else f"hole {end.hole}"


def _is_left_out(what: str, settings: Settings) -> bool:
    if settings.panel.port != _USUAL_PORT and what.endswith((", data", ", clock")):
        return True
    if settings.seat.kind == "mcp3008" and what in WAYS["pad"] and what != "board, ground":
        return True
    return settings.buzzer.kind == "none" and what == "buzzer, signal"
