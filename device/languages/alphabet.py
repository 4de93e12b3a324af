"""The letters that the panel can draw in every size."""

from __future__ import annotations

LATIN_1 = frozenset(letter for letter in map(chr, range(0x20, 0x100)) if letter.isprintable())
LETTERS = LATIN_1
"""device/pictures draws each of them."""
DRAWN = "the letters of Latin-1"


def undrawn(text: str) -> str | None:
    """What is wrong with a text in which there is another letter: the letter, its number, and its word."""
    for word in text.split():
        for letter in word:
            if letter not in LETTERS:
                whole = f' in "{word}"' if word != letter else ""
                return f'the panel can\'t draw "{letter}" (U+{ord(letter):04X}){whole}'
    return None
