"""The picture in a terminal: every pixel arrives, in as few characters as fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from device.desk.window import wrapped
from device.pictures.terminal import picture_lines

SIZE = (128, 64)
PICTURES = st.binary(min_size=1024, max_size=1024).map(lambda pixels: Image.frombytes("1", SIZE, pixels))
HALVES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of braille's dots 1 to 8, as Unicode numbers them from the lowest bit up."""


def read_halves(lines: list[str]) -> Image.Image:
    """The picture that half blocks show."""
    image = Image.new("1", SIZE)
    for row, line in enumerate(lines):
        for x, character in enumerate(line):
            for half, lit in enumerate(HALVES[character]):
                image.putpixel((x, 2 * row + half), lit)
    return image


def read_braille(lines: list[str]) -> Image.Image:
    """The picture that braille shows."""
    image = Image.new("1", SIZE)
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            for bit, (x, y) in enumerate(DOTS):
                image.putpixel((2 * column + x, 4 * row + y), ord(character) - 0x2800 >> bit & 1)
    return image


def inside(lines: list[str]) -> list[str]:
    """What the frame is around."""
    return [line[1:-1] for line in lines[1:-1]]


@given(PICTURES)
def test_a_wide_terminal_shows_every_pixel(picture: Image.Image) -> None:
    assert read_halves(inside(picture_lines(picture, 130))).tobytes() == picture.tobytes()


@given(PICTURES)
def test_a_narrow_terminal_shows_every_pixel_as_a_dot(picture: Image.Image) -> None:
    assert read_braille(inside(picture_lines(picture, 129))).tobytes() == picture.tobytes()


@pytest.mark.parametrize(("columns", "width", "height"), [(200, 130, 34), (130, 130, 34), (129, 66, 18), (80, 66, 18)])
def test_the_picture_takes_what_there_is_room_for(columns: int, width: int, height: int) -> None:
    lines = picture_lines(Image.new("1", SIZE), columns)
    assert {len(line) for line in lines} == {width}
    assert len(lines) == height


@pytest.mark.parametrize("columns", [130, 80])
def test_a_thin_frame_is_around_the_picture(columns: int) -> None:
    first, *middle, last = picture_lines(Image.new("1", SIZE), columns)
    assert (first[0], first[-1], last[0], last[-1]) == ("╭", "╮", "╰", "╯")
    assert set(first[1:-1]) == set(last[1:-1]) == {"─"}
    assert {line[0] + line[-1] for line in middle} == {"││"}


def test_a_terminal_without_such_characters_gets_letters() -> None:
    image = Image.new("1", SIZE)
    for x, y in ((0, 0), (1, 1), (64, 32)):
        image.putpixel((x, y), 1)
    lines = picture_lines(image, 80, plain=True)
    assert all(line.isascii() for line in lines)
    assert {len(line) for line in lines} == {66}
    rows = inside(lines)
    assert rows[0][0] == rows[8][32] == "."
    assert sum(row.count(".") for row in rows) == 2


@pytest.mark.parametrize(("columns", "rows", "wide"), [(140, 45, 130), (140, 24, 66), (80, 45, 66)])
def test_half_blocks_are_for_windows_that_have_room_for_them(columns: int, rows: int, wide: int) -> None:
    lines = picture_lines(Image.new("1", SIZE), columns, rows)
    assert len(lines[0]) == wide
    assert len(lines) <= rows


def test_a_long_line_goes_on_below_itself() -> None:
    assert wrapped(["  Care  keep hold of the desk", ""], 20) == ["  Care  keep hold of", "  the desk", ""]


def test_a_key_stays_beside_its_meaning_in_every_terminal() -> None:
    keys = ["s sit/stand", "q quit", "+ - heavier, lighter", "n to the next break", "w worn mat"]
    for width in range(21, 120):
        lines = wrapped([f" {'   '.join(keys)}"], width)
        assert [key for line in lines for key in line.strip().split("   ")] == keys
        assert all(len(line) <= width and line[0] == " " != line[-1] for line in lines)
