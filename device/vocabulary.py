"""The words of the screens in a language, read from its folder; what a language lacks is said in English."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from device.stretch_file import ContentError

ENGLISH = "en"


class Vocabulary:
    """What is said on the screens. A key is a table and a name in it, as `due.small`."""

    def __init__(self, words: Mapping[str, str | tuple[str, ...]], cues: Mapping[str, str]) -> None:
        self._words = words
        self._cues = cues

    def text(self, key: str, **values: str | int) -> str:
        """One line, filled in."""
        said = self._words[key]
        assert isinstance(said, str), key
        return said.format(**values)

    def lines(self, key: str) -> tuple[str, ...]:
        """Several lines."""
        said = self._words[key]
        assert isinstance(said, tuple), key
        return said

    def cue(self, word: str) -> str:
        """The word that goes with a movement; as the stretch has it where this language has none."""
        return self._cues.get(word, word)


def content() -> Traversable:
    """The folder of all that the device says and shows."""
    return resources.files("device") / "content"


def languages() -> list[str]:
    """Those there is a folder for."""
    return sorted(folder.name for folder in content().iterdir() if (folder / "words.toml").is_file())


@cache
def vocabulary(language: str = ENGLISH) -> Vocabulary:
    """The words of that language, and English ones for those it lacks. Raises ContentError."""
    if language not in languages():
        raise ContentError(f'screens.language: there is no "{language}"; allowed: {", ".join(languages())}')
    english, own = _read(ENGLISH), _read(language)
    for key, said in own.words.items():
        _check(f"{language}/words.toml: {key}", said, english.words.get(key))
    return Vocabulary({**english.words, **own.words}, {**english.cues, **own.cues})


def missing(language: str) -> list[str]:
    """What that language says in English."""
    return sorted(_read(ENGLISH).words.keys() - _read(language).words.keys())


class _Words:
    def __init__(self, tables: Mapping[str, Any]) -> None:
        self.cues: dict[str, str] = tables.get("cues", {})
        self.words: dict[str, str | tuple[str, ...]] = {
            f"{table}.{key}": tuple(said) if isinstance(said, list) else said
            for table, words in tables.items()
            if table != "cues"
            for key, said in words.items()
        }


def _read(language: str) -> _Words:
    file = content() / language / "words.toml"
    try:
        return _Words(tomllib.loads(file.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{language}/words.toml: not valid TOML: {error}") from error


def _check(place: str, said: str | tuple[str, ...], english: str | tuple[str, ...] | None) -> None:
    """A word that is filled in differently, or nowhere used, would only be noticed on the panel."""
    if english is None:
        raise ContentError(f"{place}: unknown key; allowed: those of {ENGLISH}/words.toml")
    if type(said) is not type(english):
        raise ContentError(f"{place}: must be {'a list of lines' if isinstance(english, tuple) else 'one line'}")
    if _blanks(said) != _blanks(english):
        raise ContentError(f"{place}: fills in {_blanks(said) or 'nothing'}; allowed: {_blanks(english) or 'nothing'}")


def _blanks(said: str | tuple[str, ...]) -> list[str]:
    lines = (said,) if isinstance(said, str) else said
    return sorted(name for line in lines for _, name, _, _ in string.Formatter().parse(line) if name)
