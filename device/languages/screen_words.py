"""The words of the screens in a language, read from its files; what a language lacks is said in English."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cache
from typing import Any

from device.files.alphabet import DRAWN, undrawn
from device.files.complaint import ContentError, brief
from device.languages.language_files import ENGLISH, WORDS, LanguageFile, language_files, languages
from device.languages.plurals import ENGLISH_RULE, RULES, Plural, faults

Said = str | tuple[str, ...] | Plural
"""One line, several lines, or a line in several forms."""

_MOST_LINES = 4
SHOWN = 60
"""The most characters of a key in an error message."""
_LONGEST, _LONGEST_CUE = 40, 8
_RULE = "language.plural"
_NAME = "language.name"


class Vocabulary:
    """The words on the screens. A key is a table and a name in it, such as `due.small`."""

    def __init__(self, words: Mapping[str, Said], cues: Mapping[str, str]) -> None:
        self._words = words
        self._cues = cues

    def text(self, key: str, **values: str | int) -> str:
        """One line, filled in."""
        said = self._words[key]
        assert isinstance(said, str), key
        return said.format(**values)

    def counted(self, key: str, count: int) -> str:
        """One line, in the form for that many."""
        said = self._words[key]
        assert isinstance(said, Plural), key
        return said.text(count)

    def lines(self, key: str) -> tuple[str, ...]:
        """Several lines."""
        said = self._words[key]
        assert isinstance(said, tuple), key
        return said

    def cue(self, word: str) -> str:
        """The cue word of a movement; the stretch's own word if this language has none."""
        return self._cues.get(word, word)


@cache
def vocabulary(language: str = ENGLISH, folder: str = "") -> Vocabulary:
    """The words of that language, in English if it lacks them; `folder` has the user's own languages.

    Raises ContentError.
    """
    known = languages(folder)
    if language not in known:
        own = "" if folder else "; a language of your own takes languages.folder"
        raise ContentError(f'screens.language: there is no "{language}"; allowed: {", ".join(known)}{own}')
    english, own_words = _in_english(), _of(language, folder)
    # A language needs its own name, or nobody finds it.
    unnamed = {} if _NAME in own_words.words else {_NAME: language}
    base = _of(ENGLISH, folder)
    words = {**english.words, **base.words, **unnamed, **own_words.words}
    return Vocabulary(words, {**english.cues, **base.cues, **own_words.cues})


def missing_words(language: str, folder: str = "") -> list[str]:
    """The keys that the language lacks and says in English."""
    return sorted(_in_english().words.keys() - _of(language, folder).words.keys())


def cues(language: str, folder: str = "") -> Mapping[str, str]:
    """The words for movements that a language has, by the English ones."""
    return _of(language, folder).cues


class _Words:
    """The words of a file, or of several."""

    def __init__(self) -> None:
        self.words: dict[str, Said] = {}
        self.cues: dict[str, str] = {}

    def take(self, file: LanguageFile, english: Mapping[str, Said]) -> None:
        """Add the words of a file, and check each against the English one, if there is one."""
        tables = file.tables()
        for table, words in tables.items():
            if not isinstance(words, dict):
                raise ContentError(
                    f"{file.name}: {table:.{SHOWN}} stands outside of a [table]; allowed: [due] and the like"
                )
        rule = tables.get("language", {}).get("plural", self.words.get(_RULE, ENGLISH_RULE))
        if not isinstance(rule, str) or rule not in RULES:
            raise ContentError(f"{file.name}: {_RULE}: is {brief(rule)}; allowed: {', '.join(RULES)}")
        for cue, said in tables.pop("cues", {}).items():
            self.cues[cue] = _cue(f"{file.name}: cues.{cue:.{SHOWN}}", said)
        for table, words in tables.items():
            for key, said in words.items():
                place, name = f"{file.name}: {table:.{SHOWN}}.{key:.{SHOWN}}", f"{table}.{key}"
                if english and name not in english:
                    raise ContentError(f"{place}: unknown key; allowed: those of {ENGLISH}/{WORDS}")
                self.words[name] = _said(place, said, rule, english.get(name))


@cache
def _in_english() -> _Words:
    words = _Words()
    for file in language_files(ENGLISH, WORDS, ""):
        words.take(file, {})
    return words


def _of(language: str, folder: str) -> _Words:
    words = _Words()
    for file in language_files(language, WORDS, folder):
        words.take(file, _in_english().words)
    return words


# ---- one text


def _said(place: str, said: object, rule: str, english: Said | None) -> Said:
    """A text from a file, checked. Without this a wrong value in braces would show only on the panel."""
    if isinstance(english, Plural) or (english is None and isinstance(said, dict)):
        return _plural(place, said, rule)
    read = _lines(place, said) if isinstance(said, list) else _line(place, said)
    if english is None:
        return read
    if type(read) is not type(english):
        raise ContentError(f"{place}: must be {'a list of lines' if isinstance(english, tuple) else 'one line'}")
    assert isinstance(english, str | tuple), place
    check_blanks(place, read, english)
    return read


def _plural(place: str, said: object, rule: str) -> Plural:
    """The forms of a text; a plain text is its only form."""
    forms = said if isinstance(said, dict) else {"other": said}
    plural = Plural(rule, {form: _line(f"{place}.{form:.{SHOWN}}", each) for form, each in forms.items()})
    for form, text in plural.forms.items():
        if "{" in text or "}" in text:
            check_blanks(f"{place}.{form:.{SHOWN}}", text, "{count}")
    for fault in faults(plural):
        raise ContentError(f"{place}: {fault}")
    return plural


def _lines(place: str, said: list[Any]) -> tuple[str, ...]:
    if not 1 <= len(said) <= _MOST_LINES:
        raise ContentError(f"{place}: has {len(said)} lines; allowed: 1 to {_MOST_LINES}")
    return tuple(_line(place, line) for line in said)


def _cue(place: str, said: object) -> str:
    cue = _line(place, said)
    if len(cue) > _LONGEST_CUE:
        raise ContentError(f"{place}: is {len(cue) - _LONGEST_CUE} letters too long; allowed: up to {_LONGEST_CUE}")
    return cue


def _line(place: str, said: object) -> str:
    if not isinstance(said, str) or not said.isprintable():
        raise ContentError(f"{place}: is {brief(said)}; allowed: text, or a list of lines")
    if not said.strip():
        raise ContentError(f"{place}: is empty; allowed: a text, or leave it out")
    if len(said) > _LONGEST:
        raise ContentError(f"{place}: is {len(said) - _LONGEST} letters too long; allowed: up to {_LONGEST}")
    wrong = undrawn(said)
    if wrong:
        raise ContentError(f"{place}: {wrong}; allowed: {DRAWN}")
    return said


def check_blanks(place: str, said: str | tuple[str, ...], english: str | tuple[str, ...]) -> None:
    """The values in braces must be the same as in English, in the same format or in none. Raises ContentError."""
    allowed: dict[str, str] = {}
    try:
        # For the page, the English text is the key in the file.
        allowed = blanks(english)
        filled_in = blanks(said)
    except ValueError as error:
        raise ContentError(
            f"{place}: {error}; allowed: {brief(sorted(allowed)) if allowed else 'no braces'}"
        ) from error
    if filled_in.keys() != allowed.keys():
        raise ContentError(f"{place}: fills in {_names(filled_in)}; allowed: {_names(allowed)}")
    for name, form in filled_in.items():
        if form not in ("", allowed[name]):
            wrong, right = (f"{name}{each}"[:SHOWN] for each in (form, allowed[name]))
            raise ContentError(f"{place}: fills in {{{wrong}}}; allowed: {{{right}}}")


def _names(filled_in: Mapping[str, str]) -> str:
    return brief(sorted(filled_in)) if filled_in else "nothing"


def blanks(said: str | tuple[str, ...]) -> dict[str, str]:
    """The names in braces, with the format of each. Raises ValueError for braces without an end."""
    blanks = {}
    for line in (said,) if isinstance(said, str) else said:
        for _, name, spec, conversion in string.Formatter().parse(line):
            if name is not None:
                blanks[name] = (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
    return blanks
