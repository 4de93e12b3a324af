"""Draws the pictures that the panel shows before the device runs, from their words in `early_screens.toml`.

`python -m systemd.making.early_pictures FOLDER` writes them, one for each language, and a copy of
`hardware/panel/early.py`, which shows them.
"""

from __future__ import annotations

import shutil
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from device.pictures.drawing import draw, pieces
from device.pictures.piece import HEIGHT, WIDTH
from device.words.effects import BigWords
from hardware.panel import early
from hardware.panel.delta import packed

_SCREENS = Path(__file__).with_name("early_screens.toml")
LANGUAGES = ("en", "de")
LEAST_CAPITALS = 14
"""The height of the capitals in pixels from which on somebody a metre away can read them."""
_SCALE, _APART, _ACROSS = 2, 8, 4
"""The gallery: each dot as so many pixels, the room between pictures, and how many stand in a row."""


class EarlyScreenError(Exception):
    """Words that can't be shown: one line that names the screen and what is wrong."""


class EarlyWords(NamedTuple):
    """What a screen says in one language."""

    lines: tuple[str, ...]
    small: str


@dataclass(frozen=True, slots=True)
class EarlyScreen:
    """A screen that is shown before the device runs."""

    name: str
    words: Mapping[str, EarlyWords]
    """By language."""


def early_screens() -> Sequence[EarlyScreen]:
    """All of them, in the order of their file."""
    told = tomllib.loads(_SCREENS.read_text("utf-8"))
    return [
        EarlyScreen(
            name, {language: EarlyWords(tuple(each["lines"]), each["small"]) for language, each in table.items()}
        )
        for name, table in told.items()
    ]


def image_of(screen: EarlyScreen, language: str) -> Image.Image:
    """The picture as the panel shows it. Raises EarlyScreenError if it couldn't be read."""
    words = screen.words[language]
    shown = BigWords(words.lines, words.small)
    set_texts = {piece.text: piece.capitals for piece in pieces(shown, 0.0)}
    for line in words.lines:
        if set_texts.get(line, 0) < LEAST_CAPITALS:
            raise EarlyScreenError(f"{screen.name} ({language}): {line!r} is too long for letters read from a metre")
    if words.small not in set_texts:
        raise EarlyScreenError(f"{screen.name} ({language}): {words.small!r} is too long for one line")
    return draw(shown, 0.0)


def picture_of(screen: EarlyScreen, language: str) -> bytes:
    """The picture in the panel's memory: 1024 bytes, page after page. Raises EarlyScreenError."""
    return packed(image_of(screen, language))


def write_pictures(folder: Path) -> None:
    """Write each picture as NAME.LANGUAGE, and beside them what shows them. Raises EarlyScreenError."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(early.__file__, folder / "early.py")
    for screen in early_screens():
        for language in LANGUAGES:
            (folder / f"{screen.name}.{language}").write_bytes(picture_of(screen, language))


def enlarged(screen: EarlyScreen, language: str) -> Image.Image:
    """The picture as the docs have it."""
    return image_of(screen, language).convert("L").resize((WIDTH * _SCALE, HEIGHT * _SCALE))


def gallery(language: str) -> Image.Image:
    """All screens in one picture, enlarged, for the docs."""
    screens = early_screens()
    across, down = WIDTH * _SCALE + _APART, HEIGHT * _SCALE + _APART
    rows = -(-len(screens) // _ACROSS)
    sheet = Image.new("L", (_ACROSS * across + _APART, rows * down + _APART), 0x80)
    for nth, screen in enumerate(screens):
        sheet.paste(enlarged(screen, language), (_APART + nth % _ACROSS * across, _APART + nth // _ACROSS * down))
    return sheet


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]))
