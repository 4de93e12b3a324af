"""Where the files of a language are: in the package, and in the user's own folder, which adds to them."""

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
"""Further files of words, such as those of a single screen."""


class LanguageFile(NamedTuple):
    """One of these files, parsed."""

    name: str
    """Its name in error messages."""
    text: str

    def tables(self) -> dict[str, Any]:
        """Its contents. Raises ContentError."""
        try:
            return user_tables(self.text, self.name)
        except UserFileError as error:
            raise ContentError(str(error)) from error


def content() -> Traversable:
    """The folder with everything that the device says and shows."""
    return resources.files("device") / "content"


def content_text(file: Traversable, name: str) -> str:
    """The text of a file of the content; `name` is its name in error messages. Raises ContentError."""
    try:
        return user_text(Path(str(file)), name)
    except UserFileError as error:
        raise ContentError(str(error)) from error


def languages(folder: str = "") -> list[str]:
    """The languages that ship and those in the user's own folder, by their two letters. Raises ContentError."""
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
    """Folders with words whose name isn't two letters. Raises ContentError."""
    own = own_languages(folder)
    others = [each for each in files_in(Path(folder), "") if each.name not in own] if folder else []
    return [each for each in others if not re.fullmatch(_LETTERS, each.name) and (each / WORDS).is_file()]


def shipped_file(language: str, name: str) -> LanguageFile | None:
    """The folder that ships; None if there is none. Raises ContentError."""
    file = content() / language / name
    return LanguageFile(f"{language}/{name}", content_text(file, f"{language}/{name}")) if file.is_file() else None


def own_file(language: str, name: str, folder: str) -> LanguageFile | None:
    """The user's own folder; None if there is none. Raises ContentError."""
    place = own_languages(folder).get(language)
    try:
        file = first_there([place / name]) if place else None
        return LanguageFile(str(file), user_text(file)) if file else None
    except UserFileError as error:
        raise ContentError(f"languages.folder: {error}") from error


def language_files(language: str, name: str, folder: str) -> list[LanguageFile]:
    """The folders that ship, then the user's own. Later ones override earlier ones."""
    place, own = content() / language, own_languages(folder).get(language)
    shipped = _parts(name, [file.name for file in place.iterdir()] if place.is_dir() else [])
    theirs = _parts(name, [file.name for file in files_in(own, ".toml")] if own else [])
    files = [shipped_file(language, each) for each in shipped] + [own_file(language, each, folder) for each in theirs]
    return [each for each in files if each]


def _parts(name: str, names: Iterable[str]) -> list[str]:
    """The files with that name. Words may be in several files."""
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
