"""A picture in the form of the controllers' memory, and its changes in as few bytes as possible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from PIL import Image

WIDTH, PAGES = 128, 8
"""A page is a strip of eight lines. A byte is one column of a page, with the lowest bit on top."""

Changes = Callable[[bytes | None, bytes], list[bytes]]
"""Takes the held and the wanted memory; returns the I2C writes (without address) that turn one into the other.

The held memory is None if it isn't known.
"""

_COMMANDS, _DATA = b"\x00", b"\x40"
"""The control byte at the beginning of a write."""


def packed(picture: Image.Image, *, upside_down: bool = False) -> bytes:
    """The memory for a picture of mode "1": 1024 bytes, page after page."""
    # When the picture lies on its side, its rows are the memory's columns, and Pillow packs eight pixels into a byte.
    side = Image.Transpose.TRANSVERSE if upside_down else Image.Transpose.TRANSPOSE
    columns = picture.transpose(side).tobytes("raw", "1;R")
    return b"".join([columns[page::PAGES] for page in range(PAGES)])


def wire_bytes(writes: Sequence[bytes]) -> int:
    """The number of bytes on the bus, with the address of each write."""
    return len(writes) + sum(map(len, writes))


# ---- what has changed

_ALL = b"\xff" * (WIDTH * PAGES)


def _changed(held: bytes | None, wanted: bytes) -> bytes:
    """A byte for each byte of the memory: 0 if it can stay."""
    if held is None:
        return _ALL
    return (int.from_bytes(held, "big") ^ int.from_bytes(wanted, "big")).to_bytes(len(_ALL), "big")


def _joined(gap: int) -> re.Pattern[bytes]:
    """A pattern for runs of changes. It joins gaps of up to `gap` bytes: sending them is cheaper than skipping."""
    return re.compile(rb"[^\0](?:\0{0,%d}[^\0])*" % gap)


def _runs(changed: bytes, page: int, run: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """The first and last column of each run of changes in a page."""
    begins = page * WIDTH
    for found in run.finditer(changed, begins, begins + WIDTH):
        yield found.start() - begins, found.end() - begins - 1


# ---- a controller that is written to through windows: SSD1306, SSD1309, SSD1315


class _Rectangle(NamedTuple):
    """A rectangle of the memory, including its four bounds."""

    page: int
    last_page: int
    first: int
    last: int
    size: int
    """The number of bytes in it."""


def _around(one: _Rectangle, other: _Rectangle) -> _Rectangle:
    """The smallest window that holds both."""
    # Plain comparisons take half the time of min and max, and this is called a hundred times a second.
    page = min(other.page, one.page)
    last_page = max(other.last_page, one.last_page)
    first = min(other.first, one.first)
    last = max(other.last, one.last)
    return _Rectangle(page, last_page, first, last, (last_page - page + 1) * (last - first + 1))


_WINDOW_COSTS = 10
"""The bytes before a window's data: two addresses, two control bytes, and three bytes each for columns and pages."""
_NEXT_TO_IT_COSTS = 7
"""The same if the pages needn't be sent again."""
_RUN_OF_WINDOW = _joined(_NEXT_TO_IT_COSTS)
_WHOLE = _Rectangle(0, PAGES - 1, 0, WIDTH - 1, PAGES * WIDTH)
_WHOLE_COSTS = _WINDOW_COSTS + WIDTH * PAGES


def windows(held: bytes | None, wanted: bytes) -> list[bytes]:
    """The changes for a controller that takes rectangles."""
    writes = _written(_cheapest(_changed(held, wanted)), wanted)
    return writes if wire_bytes(writes) <= _WHOLE_COSTS else _written([_WHOLE], wanted)


def _cheapest(changed: bytes) -> list[_Rectangle]:
    """Windows around all changes. Two windows are joined if one larger window is cheaper."""
    done: list[_Rectangle] = []
    above: list[_Rectangle] = []
    for page in range(PAGES):
        here: list[_Rectangle] = []
        for first, last in _runs(changed, page, _RUN_OF_WINDOW):
            run = _Rectangle(page, page, first, last, last - first + 1)
            for others in (here, above):
                for other in others[:]:
                    union = _around(run, other)
                    if union.size < run.size + other.size + _WINDOW_COSTS:
                        others.remove(other)
                        run = union
            here.append(run)
        done += above
        above = here
    return done + above


def _written(areas: list[_Rectangle], wanted: bytes) -> list[bytes]:
    writes = []
    columns = pages = (-1, -1)
    for area in areas:
        commands = _COMMANDS
        # After a full window the controller is back at its first column and page, so bounds that stay needn't be sent.
        if (area.first, area.last) != columns:
            columns = area.first, area.last
            commands += bytes((0x21, *columns))
        if (area.page, area.last_page) != pages:
            pages = area.page, area.last_page
            commands += bytes((0x22, *pages))
        rows = range(area.page * WIDTH, (area.last_page + 1) * WIDTH, WIDTH)
        writes += [commands, _DATA + b"".join([wanted[row + area.first : row + area.last + 1] for row in rows])]
    return writes


# ---- a controller that is written to page by page: SH1106

GLASS_AT = 2
"""The first of the 132 columns that is wired to the glass, on nearly all panels."""
_RUN_OF_PAGE = _joined(5)
"""A new run costs five bytes at least: two addresses, two control bytes and half of the column's number."""


def page_runs(held: bytes | None, wanted: bytes, glass_at: int = GLASS_AT) -> list[bytes]:
    """The changes for a controller that takes one page at a time."""
    changed = _changed(held, wanted)
    writes = []
    for page in range(PAGES):
        at = None
        for first, last in _runs(changed, page, _RUN_OF_PAGE):
            low, high = (glass_at + first) & 0x0F, (glass_at + first) >> 4
            # After the last run the page is still set, and often the upper half of the column is right, too.
            moves = (0xB0 | page, low, 0x10 | high) if at is None else (low,) if at >> 4 == high else (low, 0x10 | high)
            writes += [_COMMANDS + bytes(moves), _DATA + wanted[page * WIDTH + first : page * WIDTH + last + 1]]
            at = glass_at + last + 1
    return writes
