"""The letters in every size: that each is there, and none is like another."""

from __future__ import annotations

import unicodedata
from itertools import combinations

import pytest
from PIL import Image, ImageChops

from device.files.alphabet import LATIN_1, LATIN_EXTENDED_A, LETTERS, undrawn
from device.pictures import letters
from device.pictures.set_text import set_text

SAME = {"ÐĐ"}
"""Two letters that look alike in print, too."""
SIZES = pytest.mark.parametrize("size", letters.SIZES)


def ink(letter: str, size: str) -> tuple[int, bytes]:
    """Its dots, without empty columns at its sides, and how wide it is."""
    glyph = letters.glyph(letter, size)
    box = glyph.getbbox()
    assert box is not None, letter
    cropped = glyph.crop((box[0], 0, box[2], glyph.height))
    return cropped.width, cropped.tobytes()


def test_all_of_latin_1_is_among_the_letters() -> None:
    assert set(bytes(range(0xA1, 0x100)).replace(b"\xad", b"").decode("latin-1")) <= LATIN_1
    assert len(LATIN_EXTENDED_A) == 121
    assert LATIN_1 | LATIN_EXTENDED_A <= LETTERS


@SIZES
def test_every_letter_is_drawn_and_no_two_look_alike(size: str) -> None:
    drawn = {letter: ink(letter, size) for letter in sorted((LATIN_1 | LATIN_EXTENDED_A) - {" "})}
    by_ink: dict[tuple[int, bytes], str] = {}
    for letter, dots in drawn.items():
        by_ink[dots] = by_ink.get(dots, "") + letter
    assert {some for some in by_ink.values() if len(some) > 1} == SAME


@SIZES
def test_every_letter_stays_within_its_line(size: str) -> None:
    """Its accents collide with nothing in the line above, nor its tails with the line below."""
    tall = {letter: letters.glyph(letter, size).height for letter in LETTERS}
    assert set(tall.values()) == {letters.blank(size, 1).height}


@SIZES
def test_an_accent_is_seen_and_told_from_others(size: str) -> None:
    """However the two are laid upon each other, a dot differs; two from the letter without an accent, but for a dot."""
    families: dict[str, list[str]] = {}
    for letter in sorted(LATIN_1 | LATIN_EXTENDED_A):
        families.setdefault(unicodedata.normalize("NFD", letter)[0], []).append(letter)
    pairs = [pair for family in families.values() for pair in combinations(family, 2)]
    assert len(pairs) > 500
    least = {pair: 2 if pair[0].isascii() and pair[1] not in "ĊċĖėĠġİŻżíì" else 1 for pair in pairs}
    assert [one + other for (one, other), dots in least.items() if dots_apart(one, other, size) < dots] == []


def dots_apart(one: str, other: str, size: str) -> int:
    """Laid upon each other so that the fewest dots differ."""
    rows = [letters.glyph(each, size).convert("L").point(lambda shade: 255 * (shade > 0)) for each in (one, other)]
    width = max(row.width for row in rows) + 2
    least = width * rows[0].height
    for shift in range(3):
        left, right = (Image.new("L", (width, rows[0].height)) for _ in range(2))
        left.paste(rows[0], (1, 0))
        right.paste(rows[1], (shift, 0))
        least = min(least, ImageChops.difference(left, right).histogram()[255])
    return least


@SIZES
def test_what_cannot_be_drawn_is_a_question_mark(size: str) -> None:
    assert ink("Ж", size) == ink("?", size) == ink("漢", size)
    assert undrawn("a Жx b") == 'the panel can\'t draw "Ж" (U+0416) in "Жx"'
    assert undrawn("Žluťoučký kůň, ça va ¿sí?") is None


@SIZES
def test_printed_quotation_marks_and_dashes_are_those_of_a_typewriter(size: str) -> None:
    assert (
        set_text("l\u2019eau \u2013 \u201eso\u201c", size).image.tobytes()
        == set_text('l\'eau - "so"', size).image.tobytes()
    )
