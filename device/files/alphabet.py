"""The letters that the panel can draw in every size."""

from __future__ import annotations

ASCII = frozenset(map(chr, range(0x20, 0x7F)))
LATIN_1 = ASCII | frozenset(letter for letter in map(chr, range(0xA1, 0x100)) if letter.isprintable())
LATIN_EXTENDED_A = frozenset(map(chr, range(0x100, 0x180))) - frozenset("ĲĳĸĿŀŉſ")
"""But for some that are written in another way today."""
_PRINTERS = frozenset("\u2018\u2019\u201c\u201d\u201e\u2013\u2014")
"""Quotation marks and dashes, drawn as the typewriter's."""
LETTERS = LATIN_1 | LATIN_EXTENDED_A | _PRINTERS
"""device/pictures draws each of them."""
DRAWN = "the letters of Latin-1 and Latin Extended-A, such as é, ø, ł or ş"


def undrawn(text: str) -> str | None:
    """What is wrong with a text in which there is another letter: the letter, its number, and its word."""
    for word in text.split():
        for letter in word:
            if letter not in LETTERS:
                whole = f' in "{word}"' if word != letter else ""
                return f'the panel can\'t draw "{letter}" (U+{ord(letter):04X}){whole}'
    return None
