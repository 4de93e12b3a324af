"""The words of the screens in a language, read from its folder; what a language lacks is said in English."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from device.files.complaint import ContentError, brief
from device.files.user_file import UserFileError, user_tables, user_text

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


def content_text(file: Traversable, name: str) -> str:
    """The text of a file of the content, which one may have added to; `name` is what complaints call it."""
    try:
        return user_text(Path(str(file)), name)
    except UserFileError as error:
        raise ContentError(str(error)) from error


class _Words:
    def __init__(self, tables: Mapping[str, Any], name: str) -> None:
        for table, words in tables.items():
            if not isinstance(words, dict):
                raise ContentError(f"{name}: {table} stands outside of a [table]; allowed: [due] and the like")
            for key, said in words.items():
                if not _is_said(said, in_lines=table != "cues"):
                    raise ContentError(f"{name}: {table}.{key}: is {brief(said)}; allowed: text, or a list of lines")
        self.cues: dict[str, str] = tables.get("cues", {})
        self.words: dict[str, str | tuple[str, ...]] = {
            f"{table}.{key}": tuple(said) if isinstance(said, list) else said
            for table, words in tables.items()
            if table != "cues"
            for key, said in words.items()
        }


def _is_said(said: object, *, in_lines: bool) -> bool:
    if isinstance(said, list) and in_lines:
        return all(_is_said(line, in_lines=False) for line in said)
    return isinstance(said, str) and said.isprintable()


def _read(language: str) -> _Words:
    name = f"{language}/words.toml"
    text = content_text(content() / language / "words.toml", name)
    try:
        return _Words(user_tables(text, name), name)
    except UserFileError as error:
        raise ContentError(str(error)) from error


def _check(place: str, said: str | tuple[str, ...], english: str | tuple[str, ...] | None) -> None:
    """A word that is filled in differently, or nowhere used, would only be noticed on the panel."""
    if english is None:
        raise ContentError(f"{place}: unknown key; allowed: those of {ENGLISH}/words.toml")
    if type(said) is not type(english):
        raise ContentError(f"{place}: must be {'a list of lines' if isinstance(english, tuple) else 'one line'}")
    allowed = blanks(english)
    try:
        filled_in = blanks(said)
    except ValueError as error:
        raise ContentError(f"{place}: {error}; allowed: {sorted(allowed) or 'no braces'}") from error
    if filled_in.keys() != allowed.keys():
        raise ContentError(
            f"{place}: fills in {sorted(filled_in) or 'nothing'}; allowed: {sorted(allowed) or 'nothing'}"
        )
    for name, form in filled_in.items():
        if form not in ("", allowed[name]):
            raise ContentError(f"{place}: fills in {{{name}{form}}}; allowed: {{{name}{allowed[name]}}}")


def blanks(said: str | tuple[str, ...]) -> dict[str, str]:
    """The names that are filled in, and in which form each is. Raises ValueError for braces without an end."""
    blanks = {}
    for line in (said,) if isinstance(said, str) else said:
        for _, name, spec, conversion in string.Formatter().parse(line):
            if name is not None:
                blanks[name] = (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
    return blanks
