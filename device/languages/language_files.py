"""Where the files of a language are: in the package, and in a folder of the user's own, which adds to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from device.files.complaint import ContentError
from device.files.user_file import UserFileError, files_in, first_there, unread, user_tables, user_text

ENGLISH = "en"
WORDS, STRETCHES, PAGE, SETTINGS = FILES = ("words.toml", "stretches.toml", "page.toml", "settings.toml")
"""The files that a language may have."""
_LETTERS = "[a-z]{2}"
_MORE_WORDS = r"words_\w+\.toml"
"""Words beside those in `words.toml`, such as those of a single screen."""


class LanguageFile(NamedTuple):
    """One of them, read."""

    name: str
    """What complaints call it."""
    text: str

    def tables(self) -> dict[str, Any]:
        """What is in it. Raises ContentError."""
        try:
            return user_tables(self.text, self.name)
        except UserFileError as error:
            raise ContentError(str(error)) from error


def content() -> Traversable:
    """The folder of all that the device says and shows."""
    return resources.files("device") / "content"


def content_text(file: Traversable, name: str) -> str:
    """The text of a file of the content; `name` is what complaints call it. Raises ContentError."""
    try:
        return user_text(Path(str(file)), name)
    except UserFileError as error:
        raise ContentError(str(error)) from error


def languages(folder: str = "") -> list[str]:
    """Those that ship, and those in a folder of the user's own, by their two letters. Raises ContentError."""
    shipped = {each.name for each in content().iterdir() if (each / WORDS).is_file()}
    return sorted(shipped | own_languages(folder).keys())


def own_languages(folder: str) -> Mapping[str, Path]:
    """The folders of the user's own languages, by their two letters. Raises ContentError."""
    if not folder:
        return {}
    try:
        named = [each for each in files_in(Path(folder), "") if re.fullmatch(_LETTERS, each.name)]
        return {each.name: each for each in named if _has_words(each)}
    except UserFileError as error:
        raise ContentError(f"languages.folder: {error}") from error


def passed_over(folder: str) -> list[Path]:
    """Folders with words whose names are none of a language. Raises ContentError."""
    own = own_languages(folder)
    others = [each for each in files_in(Path(folder), "") if each.name not in own] if folder else []
    return [each for each in others if not re.fullmatch(_LETTERS, each.name) and (each / WORDS).is_file()]


def shipped_file(language: str, name: str) -> LanguageFile | None:
    """The one that ships; None where there is none. Raises ContentError."""
    file = content() / language / name
    return LanguageFile(f"{language}/{name}", content_text(file, f"{language}/{name}")) if file.is_file() else None


def own_file(language: str, name: str, folder: str) -> LanguageFile | None:
    """The user's own; None where there is none. Raises ContentError."""
    place = own_languages(folder).get(language)
    try:
        file = first_there([place / name]) if place else None
        return LanguageFile(str(file), user_text(file)) if file else None
    except UserFileError as error:
        raise ContentError(f"languages.folder: {error}") from error


def language_files(language: str, name: str, folder: str) -> list[LanguageFile]:
    """Those that ship and then the user's own. What a later one says replaces what an earlier one says."""
    place, own = content() / language, own_languages(folder).get(language)
    shipped = _parts(name, [file.name for file in place.iterdir()] if place.is_dir() else [])
    theirs = _parts(name, [file.name for file in files_in(own, ".toml")] if own else [])
    files = [shipped_file(language, each) for each in shipped] + [own_file(language, each, folder) for each in theirs]
    return [each for each in files if each]


def _parts(name: str, names: Iterable[str]) -> list[str]:
    """The files of that name; words may be in several."""
    return sorted(each for each in names if each == name or (name == WORDS and re.fullmatch(_MORE_WORDS, each)))


def _has_words(place: Path) -> bool:
    """Whether it is a folder with words. A file with another name would never be read."""
    try:
        if not place.is_dir():
            return False
    except OSError as error:
        raise unread(str(place), error) from error
    names = [file.name for file in files_in(place, ".toml")]
    for name in names:
        if name not in FILES and not re.fullmatch(_MORE_WORDS, name):
            raise UserFileError(f"{place / name}: is none of the files of a language; allowed: {', '.join(FILES)}")
    return bool(names)
