"""The small signs in the corner of a picture: muted, quiet hours, invited, and so on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from PIL import Image

from device.pictures.letters import dots
from device.pictures.piece import EDGE, WIDTH, Piece
from device.words.effects import Mark

_ICONS = {
    Mark.MUTED: """
        ....#....
        ...##....
        #####....
        #####.#.#
        #####..#.
        #####.#.#
        #####....
        ...##....
        ....#....""",
    Mark.QUIET: """
        ...##....
        .###.....
        .##......
        ###......
        ###......
        ####....#
        .#######.
        .#######.
        ...###...""",
    Mark.INVITED: """
        #...#...#
        #..###..#
        .#..#..#.
        ..#####..
        ....#....
        ....#....
        ...#.#...
        ..#...#..
        ..#...#..""",
    Mark.COUNTS: """
        .........
        ........#
        .......##
        #.....##.
        ##...##..
        .##.##...
        ..###....
        ...#.....
        .........""",
    Mark.ASKING: """
        ..#####..
        .##...##.
        .......##
        ......##.
        ....##...
        ...##....
        .........
        ...##....
        ...##....""",
    Mark.FELT: """
        ..#####..
        .#.....#.
        #.......#
        #..###..#
        #..###..#
        #..###..#
        #.......#
        .#.....#.
        ..#####..""",
}
"""Each mark's drawing, from the corner on. The button's mark comes and goes, so it is last, in room kept free."""
ICON_SIZE = 9
BESIDE_MARK = WIDTH - 2 * EDGE - ICON_SIZE - 2


def marks_across(marks: Collection[Mark]) -> Iterator[Piece]:
    """The marks side by side, from the top right corner."""
    for nth, mark in enumerate(in_order(marks)):
        yield Piece(icon(mark), WIDTH - EDGE - ICON_SIZE - nth * (ICON_SIZE + 2), EDGE)


def marks_down(marks: Collection[Mark], top: int) -> Iterator[Piece]:
    """The marks one below the other, on the right."""
    for nth, mark in enumerate(in_order(marks)):
        yield Piece(icon(mark), WIDTH - EDGE - ICON_SIZE, top + nth * (ICON_SIZE + 2))


def room_beside(marks: Collection[Mark]) -> int:
    """The room that marks at its end leave on a line."""
    return WIDTH - 2 * EDGE - (ICON_SIZE + 2) * len(in_order({*marks, Mark.FELT}))


def in_order(marks: Collection[Mark]) -> list[Mark]:
    """The marks from the corner on. While the sound is muted, quiet hours need no mark."""
    return [mark for mark in _ICONS if mark in marks and not (mark is Mark.QUIET and Mark.MUTED in marks)]


@cache
def icon(mark: Mark) -> Image.Image:
    """Its drawing, the same object each time."""
    return dots(_ICONS[mark].split())
