"""How to connect a phone: the page's address and a code, as a QR code and in letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PIL import Image

from device.pictures.letters import DESK, HUGE, SMALL, TALL, cap_height
from device.pictures.piece import EDGE, HEIGHT, WIDTH, Piece
from device.pictures.set_text import fitted, set_text
from device.words.effects import Connect, Mark

_VERSION = 2
"""25 modules a side: two pixels each, and a margin of three and a half modules."""
_MODULE = 2
_BESIDE = HEIGHT + 3
"""The first column of words beside the QR code."""


def of_connect(told: Connect) -> Iterator[Piece]:
    """The QR code on a lit square, and beside it address and code; these alone if there is no QR code."""
    square = _square(told)
    left, size = (_BESIDE, DESK) if square else (EDGE, SMALL)
    if square:
        yield Piece(square, 0, 0)
    room = WIDTH - EDGE - left
    address = [set_text(line, size) for line in _broken(told.address, room, size)]
    sizes = (TALL, DESK) if square else (HUGE, TALL)
    code = set_text(*fitted(told.code, room, *(sizes if told.is_wifi else sizes[:1])))
    top = EDGE + max(line.rise for line in address)
    for line in address:
        yield line.at(left, top)
        top += cap_height(size) + 3
    # On one line there is room for both.
    footer = told.footer if square else ("   ".join(told.footer),)
    low = HEIGHT - EDGE - (cap_height(DESK) + 3) * len(footer)
    top += max(0, (low - top - code.capitals) // 2)
    yield code.at(left, top)
    if Mark.FELT in told.marks:
        yield Piece(Image.new("1", (room, 1), 1), left, top + code.capitals + 1)
    first = top + code.capitals + 4
    fitting = max(0, (HEIGHT - EDGE - first + 3) // (cap_height(DESK) + 3))
    shown = footer[len(footer) - min(fitting, len(footer)) :]
    for nth, text in enumerate(shown, -len(shown)):
        yield set_text(*fitted(text, room, DESK)).at(left, HEIGHT - EDGE + 2 + nth * (cap_height(DESK) + 3))


def _broken(address: str, room: int, size: str) -> Sequence[str]:
    """The address in lines that fit, broken before a dot or a colon where that is possible."""
    lines: list[str] = []
    while address:
        most = len(address)
        while most > 1 and set_text(address[:most], size).image.width > room:
            most -= 1
        if most < len(address):
            breaks = max(address.rfind(mark, 1, most + 1) for mark in ".:")
            most = breaks if breaks > 0 else most
        lines.append(address[:most])
        address = address[most:]
    return lines


def _content(told: Connect) -> str:
    """What a phone's camera reads: where to go, or which Wi-Fi to join."""
    if told.is_wifi:
        # Letters of both kinds: of these the smallest code has room for 32, which name and password fit into.
        return f"WIFI:T:WPA;S:{told.address};P:{told.code};;"
    return f"http://{told.address}/P/{told.code}".upper()


def _square(told: Connect) -> Image.Image | None:
    """The QR code, dark on a lit square; None if the address is too long for it, or nothing here can draw one."""
    try:
        # Only a card needs it, and it isn't there without the page.
        import segno
    except ImportError:
        return None
    try:
        drawn = segno.make(_content(told), error="l", version=_VERSION, micro=False)
    except segno.DataOverflowError:
        return None
    rows = list(drawn.matrix)
    square = Image.new("1", (HEIGHT, HEIGHT), 1)
    margin = (HEIGHT - _MODULE * len(rows)) // 2
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                left, top = margin + _MODULE * x, margin + _MODULE * y
                square.paste(0, (left, top, left + _MODULE, top + _MODULE))
    return square
