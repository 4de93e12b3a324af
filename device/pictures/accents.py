"""Puts accents on letters: above, below or beside them. A capital gets lower to make room."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

Rows = tuple[str, ...]
"""A letter from top to bottom; # is lit."""

GRAVE, ACUTE, CIRCUMFLEX, TILDE, MACRON, BREVE = "\u0300", "\u0301", "\u0302", "\u0303", "\u0304", "\u0306"
DOT, DIAERESIS, RING, DOUBLE_ACUTE, CARON = "\u0307", "\u0308", "\u030a", "\u030b", "\u030c"
CEDILLA, OGONEK = "\u0327", "\u0328"

_BESIDE = "ďťľĽ"
"""These letters have an apostrophe as caron, since there is no room above them."""


@dataclass(frozen=True, slots=True)
class Accents:
    """The accents of a size, and where they go."""

    above: Mapping[str, tuple[str, str]]
    """One for odd widths and one for even widths. A space separates rows; dark rows below keep it off the letter."""
    below: Mapping[str, str]
    small: int
    """The first row of a small letter."""
    line: int
    """The first row below the line that letters stand on."""
    tight: bool = False
    """Accents touch capitals."""


_THIN_ABOVE = {
    GRAVE: ("#.. .#. ...", "#. .# .."),
    ACUTE: ("..# .#. ...", ".# #. .."),
    CIRCUMFLEX: (".#. #.# ...", ".##. #..# ...."),
    TILDE: (".##.# #.##. .....", ".##..# #..##. ......"),
    MACRON: ("### ...", "#### ...."),
    BREVE: ("#...# .###. .....", "#..# .##. ...."),
    DOT: ("# .", "## .."),
    DIAERESIS: ("#.# ...", "#..# ...."),
    RING: (".#. #.# .#.", ".##. #..# .##."),
    DOUBLE_ACUTE: (".#.# #.#. ....", ".#.# #.#. ...."),
    CARON: ("#.# .#. ...", "#.# .#. ..."),
}
_THICK_ABOVE = {
    GRAVE: ("##. .## ...", "##.. .##. ...."),
    ACUTE: (".## ##. ...", "..## .##. ...."),
    CIRCUMFLEX: ("..###.. ##...## .......", "..##.. ##..## ......"),
    TILDE: (".###..# #..###. .......", "###..# #..### ......"),
    MACRON: ("##### .....", "#### ...."),
    BREVE: ("##...## .#####. .......", "##..## .####. ......"),
    DOT: ("### ...", "## .."),
    DIAERESIS: ("##...## .......", "##..## ......"),
    RING: (".###. ##.## .###.", ".##. #..# .##."),
    DOUBLE_ACUTE: ("..##.## .##.##. .......", ".##.## ##.##. ......"),
    CARON: ("##...## ..###.. .......", "##..## ..##.. ......"),
}
_SMALL_ABOVE = {
    **_THIN_ABOVE,
    TILDE: (".#.# #.#. ....", ".#.# #.#. ...."),
    DOT: ("# .", "# ."),
    RING: ("### #.# ###", ".##. .##. ...."),
    DOUBLE_ACUTE: ("#.# #.# ...", "#.#. #.#. ...."),
}
_BELOW = {CEDILLA: ".#. ..# ##.", OGONEK: ".#. #.. .##"}

THIN = Accents(_THIN_ABOVE, _BELOW, small=3, line=10)
THICK = Accents(_THICK_ABOVE, {CEDILLA: ".##. ..## ###.", OGONEK: ".##. ##.. .###"}, small=3, line=10)
OF_5_BY_8 = Accents(_SMALL_ABOVE, {CEDILLA: "##", OGONEK: "##"}, small=2, line=7)
OF_6_BY_12 = Accents(_THIN_ABOVE, {CEDILLA: ".# .# #.", OGONEK: ".#. #.. .##"}, small=3, line=9, tight=True)


def accented(letter: str, plain: Callable[[str], Rows | None], accents: Accents) -> Rows | None:
    """The letter, made of a plain one and its accent; None if either is missing."""
    base, *marks = list(unicodedata.normalize("NFD", letter))
    rows = plain(base)
    if len(marks) != 1 or rows is None:
        return None
    mark = ACUTE if letter == "ģ" else marks[0]
    if letter in _BESIDE:
        return _beside(rows)
    if mark in accents.below:
        return _below(rows, accents.below[mark].split(), accents.line, at_right=mark == OGONEK)
    if mark not in accents.above:
        return None
    if base in "ij":
        rows = ("." * len(rows[0]),) * accents.small + rows[accents.small :]
    rows = plain(f"{base}^") or rows
    left, right = _ink(rows)
    above = accents.above[mark][(right - left) % 2 == 0].split()
    if accents.tight and len(above) > 2 and "#" not in above[-1] and "#" in "".join(rows[: accents.small]):
        above.pop()
    return _above(rows, above, accents.line)


def _above(rows: Rows, accent: Sequence[str], line: int) -> Rows:
    """The letter with the accent above it, squeezed if it leaves no room."""
    top = next(nth for nth, row in enumerate(rows) if "#" in row)
    body = (*_squeezed(rows[top:line], len(accent) - top), *rows[line:])
    left, right = _ink(rows)
    start = (left + right - len(accent[0])) // 2
    lines = [""] * (top - len(accent)) + ["." * start + row for row in accent] + ["." * -start + row for row in body]
    return _even(lines)


def _below(rows: Rows, accent: Sequence[str], line: int, *, at_right: bool) -> Rows:
    left, right = _ink(rows)
    start = right - len(accent[0]) if at_right else (left + right - len(accent[0]) + 1) // 2
    below = ["." * start + row for row in accent]
    return _even([*rows[:line], *below, *rows[line + len(below) :]])


def _beside(rows: Rows) -> Rows:
    top = next(nth for nth, row in enumerate(rows) if "#" in row)
    _, right = _ink(rows)
    ticks = range(top, top + max(2, len(rows) // 5))
    return tuple(f"{row[:right]}.{'#' if nth in ticks else '.'}" for nth, row in enumerate(rows))


def _squeezed(rows: Rows, by: int) -> Rows:
    """The letter with that many rows less. It loses rows from the longest run of equal rows, or else the second row."""
    for _ in range(by):
        runs = [len(list(same)) for _, same in groupby(rows)]
        longest = max(runs)
        at = sum(runs[: runs.index(longest)]) if longest > 1 else 1
        rows = rows[:at] + rows[at + 1 :]
    return rows


def _even(rows: Sequence[str]) -> Rows:
    """The rows, each filled up to the widest."""
    width = max(map(len, rows))
    return tuple(row.ljust(width, ".") for row in rows)


def widened(seed: Rows) -> Rows:
    """The letter with upright strokes two pixels wide."""
    beside = ((f".{row}", f"{row}.") for row in seed)
    return tuple("".join("#" if "#" in pair else "." for pair in zip(*rows, strict=True)) for rows in beside)


def _ink(rows: Rows) -> tuple[int, int]:
    """The first column with ink, and the first beyond it."""
    lit = [x for row in rows for x, dot in enumerate(row) if dot == "#"]
    return min(lit), max(lit) + 1
