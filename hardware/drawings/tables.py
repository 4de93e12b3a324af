"""Tables in the README and in docs: who names one between two marks finds it written there, from the wiring's data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from hardware.drawings.readings import readings
from hardware.drawings.single_wires import said_of_single_wires
from hardware.wiring.figures import comparator_levels, ohms_text, sensor_levels, values
from hardware.wiring.header import header
from hardware.wiring.lengths import lengths
from hardware.wiring.shopping import Bought, bought, euro_text, every_row, priced, tools, total
from hardware.wiring.wires import SHIPPED, Build, Conductor, End, chosen_name, wiring

PROJECT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/build.md", "docs/wiring.md")
"""Where tables may stand."""
_MARKED = re.compile(r"(<!-- `make drawings` writes: ([\w ]+) -->\n).*?(<!-- So far. -->)", re.DOTALL)

_FORCE = Build(seat="force")
_ACTIVE = Build(buzzer="active")


class NoTableError(Exception):
    """A document asks for a table that isn't there; the message is one line."""


def written(text: str) -> str:
    """The document with all of its tables anew. Raises NoTableError."""
    return _MARKED.sub(lambda found: f"{found[1]}\n{table(found[2])}\n\n{found[3]}", text)


def asked_for(text: str) -> list[str]:
    """The names of the tables that a document has."""
    return [name for _, name, _ in _MARKED.findall(text)]


def table(name: str) -> str:
    """The table of that name, in Markdown. Raises NoTableError."""
    if name not in TABLES:
        raise NoTableError(f"no table {name!r}; there are: {', '.join(TABLES)}")
    return TABLES[name]()


# ---- wires


def _wires_at(build: Build, *parts: str) -> str:
    """The wires of a build that have an end at one of these parts; of all parts, if none is named."""
    wires = wiring(build).wires
    return _wire_table(wire for wire in wires if not parts or any(end.part in parts for end in wire.ends))


def _wire_table(wires: Iterable[Conductor]) -> str:
    rows = [(str(wire.number), wire.colour, *map(end_text, wire.ends)) for wire in wires]
    return _markdown(("wire", "colour", "from", "to"), rows)


def end_text(end: End) -> str:
    """An end in words: `Pi, pin 11 (GPIO17)`, `strip board, hole C2 (ground)`, `panel, SDA`."""
    if end.part == "header":
        return f"Pi, pin {end.pin} ({header()[int(end.pin)].name})"
    if end.part == "board":
        return f"strip board, hole {end.hole} ({end.pin})"
    return f"{end.part}, {end.pin}"


def _header() -> str:
    """The rows of the header down to the last wire, and ten at least, with what the shipped build has at each pin."""
    told = dict.fromkeys(header(), "")
    told |= {int(end.pin): wire.what for wire in wiring().wires for end in wire.ends if end.part == "header"}
    last = max(20, *(number for number, what in told.items() if what))
    lines = [
        f"{told[one]:>18}  {header()[one].name:>7} {one:>3} {one + 1:>3}   {header()[one + 1].name:<7}  {told[one + 1]}"
        for one in range(1, last + 1, 2)
    ]
    return "\n".join(["```", *(line.rstrip() for line in lines), "```"])


def _prepared(build: Build) -> str:
    long = lengths(build)
    rows = []
    for wire in wiring(build).wires:
        ends = wire.female_ends
        if wire.number in long:
            cut = "not cut" if ends == 2 else f"{long[wire.number].mm} mm"
            rows.append((str(wire.number), wire.colour, cut, ("none", "one", "both")[ends]))
        elif wire.fork:
            rows.append((str(wire.number), wire.colour, f"{wire.fork.lead_mm} mm of the lead", "none"))
            branches = f"{wire.fork.branches} jumpers of {wire.fork.branch_mm} mm"
            rows.append((f"{wire.number}, its branches", wire.colour, branches, "one each"))
    return _markdown(("wire", "colour", "cut to", "female ends that stay"), rows)


def _single_wires(build: Build) -> str:
    pairs = zip(said_of_single_wires(SHIPPED), said_of_single_wires(build), strict=True)
    rows = [(str(step), here, there) for (step, here), (_, there) in pairs]
    return _markdown(("step", "with the pad", "with force sensors"), rows)


# ---- the strip board


def _soldered(build: Build) -> str:
    bought = values()
    return _markdown(
        ("part", "what", "legs"),
        [
            (each.name, bought[each.kind].name, ", ".join(f"{leg.hole} ({leg.pin})" for leg in each.legs))
            for each in wiring(build).soldered
        ],
    )


def _readings(build: Build) -> str:
    rows = [(f"holes {' and '.join(each.holes)}", each.says) for each in readings(wiring(build))]
    return _markdown(("probes on", "it reads"), rows)


def _figures() -> str:
    used = {each.kind: f"{each.name}, active buzzer" for each in wiring(_ACTIVE).soldered}
    used |= {each.kind: f"{each.name}, force sensors" for each in wiring(_FORCE).soldered}
    used |= {each.kind: each.name for each in wiring().soldered}
    computed = [value for value in values().values() if "=" in value.formula]
    return _markdown(
        ("part", "value", "how it is computed", "why"),
        [(used[value.kind], value.name, value.formula, value.reason) for value in computed],
    )


def _sensors() -> str:
    rows = []
    for sensors in (1, 2, 4):
        levels = sensor_levels(sensors)
        rows.append(
            (
                str(sensors),
                ohms_text(levels.ohms),
                f"{levels.empty:.3f}",
                f"{levels.one_thigh:.2f}",
                f"{levels.most:.2f}",
                f"{levels.most_a * 1000:.1f} mA",
            )
        )
    names = ("sensors in parallel", "resistor", "level, empty", "one under a thigh", "all under the most")
    return _markdown((*names, "current, at most"), rows)


def _comparator() -> str:
    opens, closes = comparator_levels()
    return f"It closes above a level of {closes:.2f} and opens below {opens:.2f}."


def _builds() -> str:
    choices = ("board", "panel", "seat", "buzzer")
    shipped = [chosen_name(choice, getattr(SHIPPED, choice)) for choice in choices]
    return _markdown(("part", "in these pictures"), list(zip(choices, shipped, strict=True)))


# ---- what to buy


def _shopping() -> str:
    rows = bought()
    cells = [(row.part, row.name, row.many, row.check, euro_text(*row.euro)) for row in rows]
    in_month = f"{priced():%B %Y}"
    return _markdown(
        ("part", "what to search for", "how many", "what to check before you buy", "euro"),
        [*cells, ("**all of it**", "", "", f"estimated, {in_month}", f"**{euro_text(*_whole(rows))}**")],
    )


def _instead() -> str:
    return _markdown(("part", "or", "or"), [(row.part, *row.instead) for row in bought()])


def _shopping_for_others() -> str:
    shipped = bought()
    rows = [row for row in every_row() if row not in shipped]
    cells = [(_chosen(row), row.part, row.name, row.many, row.check, euro_text(*row.euro)) for row in rows]
    return _markdown(("if you choose", "part", "what to search for", "how many", "what to check", "euro"), cells)


def _chosen(row: Bought) -> str:
    return ", ".join(chosen_name(choice, option) for choice, option in row.only.items())


def _whole(rows: Iterable[Bought]) -> tuple[float, float]:
    low, high = total(rows)
    return round(low), round(high)


def _printed() -> str:
    """What the shipped build's parts take to print, as `make case` has measured with a slicer."""
    figures = tomllib.loads((PROJECT / "hardware/case/files/print.toml").read_text("utf-8"))
    shipped = f"{SHIPPED.board}-{SHIPPED.panel}/"
    rows = [
        (path.removeprefix(shipped), entry) for path, entry in figures.items() if path.startswith((shipped, "clip"))
    ]
    total = {unit: sum(entry[unit] for _, entry in rows) for unit in ("minutes", "grams", "metres")}
    return _markdown(
        ("part", "time", "filament", "its length"),
        [
            (name, f"{of['minutes']} min", f"{of['grams']:.0f} g", f"{of['metres']:.1f} m")
            for name, of in (*rows, ("together", total))
        ],
    )


def _markdown(names: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    named = list(names)
    lines = [named, ["---"] * len(named), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


TABLES: dict[str, Callable[[], str]] = {
    "all wires": lambda: _wires_at(SHIPPED),
    "wires at the header": lambda: _wires_at(SHIPPED, "header"),
    "wires of the panel": lambda: _wires_at(SHIPPED, "panel"),
    "wires of the button": lambda: _wires_at(SHIPPED, "button"),
    "wires of the strip board": lambda: _wires_at(SHIPPED, "board"),
    "wires of the socket": lambda: _wires_at(SHIPPED, "socket"),
    "wires at the chair": lambda: _wires_at(SHIPPED, "chair socket"),
    "all wires with force sensors": lambda: _wires_at(_FORCE),
    "strip board": lambda: _soldered(SHIPPED),
    "strip board with force sensors": lambda: _soldered(_FORCE),
    "strip board with an active buzzer": lambda: _soldered(_ACTIVE),
    "what the strip board reads": lambda: _readings(SHIPPED),
    "what the strip board reads with force sensors": lambda: _readings(_FORCE),
    "what the strip board reads with an active buzzer": lambda: _readings(_ACTIVE),
    "wires to prepare": lambda: _prepared(SHIPPED),
    "wires to prepare with force sensors": lambda: _prepared(_FORCE),
    "single wires with force sensors": lambda: _single_wires(_FORCE),
    "header": _header,
    "values": _figures,
    "force sensors": _sensors,
    "comparator": _comparator,
    "this build": _builds,
    "print figures": _printed,
    "shopping": _shopping,
    "what else would do": _instead,
    "shopping for other builds": _shopping_for_others,
    "tools": lambda: _markdown(("tool", "what to look for"), tools()),
}
"""What a document can ask for."""
