"""A picture as the controllers hold it, and what has to be sent of it: the changes, in as few bytes as will do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from PIL import Image

WIDTH, PAGES = 128, 8
"""A page is a strip of eight lines; a byte is a column of it, its lowest bit on top."""

Changes = Callable[[bytes | None, bytes], list[bytes]]
"""The I2C writes, without the address, that turn the memory held into the one wanted; none when the two are alike.

Held is None when nobody knows what it is.
"""

_COMMANDS, _DATA = b"\x00", b"\x40"
"""What a write begins with."""


def packed(picture: Image.Image, *, upside_down: bool = False) -> bytes:
    """The memory for a picture of mode "1": page after page, 1024 bytes."""
    # On its side, a row of the picture is a column of the memory, and Pillow packs it eight pixels to the byte.
    side = Image.Transpose.TRANSVERSE if upside_down else Image.Transpose.TRANSPOSE
    columns = picture.transpose(side).tobytes("raw", "1;R")
    return b"".join([columns[page::PAGES] for page in range(PAGES)])


def wire_bytes(writes: Sequence[bytes]) -> int:
    """How long they are on the bus, with the address before each."""
    return len(writes) + sum(map(len, writes))


# ---- what has changed

_ALL = b"\xff" * (WIDTH * PAGES)


def _changed(held: bytes | None, wanted: bytes) -> bytes:
    """Each byte of the memory: 0 where it can stay."""
    if held is None:
        return _ALL
    return (int.from_bytes(held, "big") ^ int.from_bytes(wanted, "big")).to_bytes(len(_ALL), "big")


def _joined(gap: int) -> re.Pattern[bytes]:
    """What finds runs of changes that are more than `gap` bytes apart: to send so few is cheaper than to skip them."""
    return re.compile(rb"[^\0](?:\0{0,%d}[^\0])*" % gap)


def _runs(changed: bytes, page: int, run: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """Where the changes of a page are: first column and last."""
    begins = page * WIDTH
    for found in run.finditer(changed, begins, begins + WIDTH):
        yield found.start() - begins, found.end() - begins - 1


# ---- a controller that is written to through windows: SSD1306, SSD1309, SSD1315


class _Window(NamedTuple):
    """A rectangle of the memory; all four bounds belong to it."""

    page: int
    last_page: int
    first: int
    last: int
    size: int
    """How many bytes it holds."""


def _around(one: _Window, other: _Window) -> _Window:
    """The smallest window that holds both."""
    # Comparing by hand takes half the time of min and max, and this is asked for a hundred times a second.
    page = min(other.page, one.page)
    last_page = max(other.last_page, one.last_page)
    first = min(other.first, one.first)
    last = max(other.last, one.last)
    return _Window(page, last_page, first, last, (last_page - page + 1) * (last - first + 1))


_WINDOW_COSTS = 10
"""Two addresses, two control bytes, three bytes each for columns and pages."""
_NEXT_TO_IT_COSTS = 7
"""The pages need not be said again."""
_RUN_OF_WINDOW = _joined(_NEXT_TO_IT_COSTS)
_WHOLE = _Window(0, PAGES - 1, 0, WIDTH - 1, PAGES * WIDTH)
_WHOLE_COSTS = _WINDOW_COSTS + WIDTH * PAGES


def windows(held: bytes | None, wanted: bytes) -> list[bytes]:
    """The changes for a controller that takes rectangles."""
    writes = _written(_cheapest(_changed(held, wanted)), wanted)
    return writes if wire_bytes(writes) <= _WHOLE_COSTS else _written([_WHOLE], wanted)


def _cheapest(changed: bytes) -> list[_Window]:
    """Windows around all changes; where a larger one is cheaper than two, that."""
    done: list[_Window] = []
    above: list[_Window] = []
    for page in range(PAGES):
        here: list[_Window] = []
        for first, last in _runs(changed, page, _RUN_OF_WINDOW):
            run = _Window(page, page, first, last, last - first + 1)
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


def _written(areas: list[_Window], wanted: bytes) -> list[bytes]:
    writes = []
    columns = pages = (-1, -1)
    for area in areas:
        commands = _COMMANDS
        # Once a window is full the controller is back at its first column and page, so what stays needn't be said.
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
"""The first of its 132 columns that is wired to the glass, on nearly all panels."""
_RUN_OF_PAGE = _joined(5)
"""Two addresses, two control bytes, and at least half of the column's number."""


def page_runs(held: bytes | None, wanted: bytes, glass_at: int = GLASS_AT) -> list[bytes]:
    """The changes for a controller that takes one page at a time."""
    changed = _changed(held, wanted)
    writes = []
    for page in range(PAGES):
        at = None
        for first, last in _runs(changed, page, _RUN_OF_PAGE):
            low, high = (glass_at + first) & 0x0F, (glass_at + first) >> 4
            # On from the last run the page stays as it is, and often the upper half of the column does, too.
            moves = (0xB0 | page, low, 0x10 | high) if at is None else (low,) if at >> 4 == high else (low, 0x10 | high)
            writes += [_COMMANDS + bytes(moves), _DATA + wanted[page * WIDTH + first : page * WIDTH + last + 1]]
            at = glass_at + last + 1
    return writes
