"""Reads a text file that a person wrote on whatever computer: byte order marks, UTF-16, line ends, hidden endings."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from unsit_card.faults import Fault, Found

_MOST_BYTES = 64_000
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = {chr(code) for code in range(32)} - set("\t\n\r\f")
_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "”": "”", "‘": "’", "«": "»", "»": "«"}  # noqa: RUF001
"""What a person puts around a value, and what closes it; word processors make them."""


class Written(NamedTuple):
    """A file of the person's: its name, and its lines that say something."""

    file: str
    lines: Sequence[tuple[int, str]]
    """The number from 1, and the text without blanks around it."""


def written(folder: Path, name: str) -> tuple[Written | None, list[Found]]:
    """The file of that name, if there is one, and what is wrong with it or with names like it."""
    near = list(_nearly(folder, name))
    # Windows hides the ending of a file's name, and Notepad adds one: the person sees the right name.
    there = [each for each in (name, f"{name}.txt") if each.lower() in {one.lower() for one in near}][:1]
    found = [Found(each, Fault.OTHER_NAME, wanted=name) for each in near if each.lower() not in there]
    if not there:
        return None, found
    file = next(each for each in near if each.lower() == there[0])
    try:
        with open(folder / file, "rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except OSError:
        return None, [Found(file, Fault.UNREAD), *found]
    if len(data) > _MOST_BYTES:
        return None, [Found(file, Fault.TOO_LARGE), *found]
    text = decoded(data)
    if text is None:
        return None, [Found(file, Fault.NO_TEXT), *found]
    return Written(file, list(_telling(text))), found


def decoded(data: bytes) -> str | None:
    """The text of these bytes; None if they are no text."""
    if data.startswith(_WIDE):
        encodings = ["utf-16"]
    elif b"\0" in data:
        # Without its mark: letters of Western languages have their zero second, or first.
        encodings = ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    else:
        # What is no UTF-8 is what Notepad calls ANSI.
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL & set(text) or text.startswith("{\\rtf") else text
    return None


def unquoted(value: str) -> str:
    """The value without one pair of quotes around it."""
    if len(value) >= 2 and value[-1] == _QUOTES.get(value[0]):
        return value[1:-1]
    # A word processor closes „ with " or ”, as its language has it.
    if len(value) >= 2 and value[0] in "“„" and value[-1] in '“”"':
        return value[1:-1]
    return value


def _telling(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines(), which also ends a line at marks that may stand in a name.
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        told = line.strip(" \t\f\u00a0\ufeff")
        if told and not told.startswith("#"):
            yield number, told


def _nearly(folder: Path, name: str) -> Iterator[str]:
    """The files that somebody may have meant by that name."""
    stem = name.partition(".")[0]
    try:
        names = sorted(each.name for each in folder.iterdir() if each.is_file())
    except OSError:
        return
    for each in names:
        begun = each.lower().partition(".")[0].rstrip("-_ ()0123456789")
        # ._wifi.txt is what a Mac puts beside it; wifi.txt~ and the like are copies of editors.
        if begun == stem and not each.endswith(("~", ".bak", ".new", ".example")):
            yield each
