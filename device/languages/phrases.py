"""What is said beside the panel: English stands where it is said, and `page.toml` of a language has it in that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from device.files.complaint import ContentError
from device.files.user_file import UserFileError, user_tables
from device.languages.screen_words import ENGLISH, blanks, content, content_text
from device.settings.settings_file import setting_docs

_FILE, _SETTINGS_FILE = "page.toml", "settings.toml"


class Phrases:
    """Says an English text in a language, or as it is where the language lacks it."""

    def __init__(self, language: str = ENGLISH, said: Mapping[str, str] | None = None) -> None:
        self.language = language
        self.said: Mapping[str, str] = said or {}
        """By the English text."""

    def __call__(self, text: str, **values: str | int) -> str:
        """That text, filled in."""
        return self.said.get(text, text).format(**values)


@cache
def phrases(language: str) -> Phrases:
    """Those of a language. Raises ContentError."""
    said = _texts(language, _FILE)
    for text, own in said.items():
        allowed = sorted(blanks(text))
        try:
            filled_in = sorted(blanks(own))
        except ValueError as error:
            raise ContentError(f'{language}/{_FILE}: "{text}": {error}; allowed: {allowed or "no braces"}') from error
        if filled_in != allowed:
            told = f"fills in {filled_in or 'nothing'}; allowed: {allowed or 'nothing'}"
            raise ContentError(f'{language}/{_FILE}: "{text}": {told}')
        for name, form in blanks(own).items():
            if form not in ("", blanks(text)[name]):
                raise ContentError(f'{language}/{_FILE}: "{text}": fills in {{{name}{form}}}; allowed: {{{name}}}')
    return Phrases(language, said)


@cache
def explained(language: str) -> Mapping[str, str]:
    """What each setting is for, by its key, and each section of them, by its name. Raises ContentError."""
    return {**setting_docs(), **_texts(language, _SETTINGS_FILE)}


def _texts(language: str, name: str) -> dict[str, str]:
    file, place = content() / language / name, f"{language}/{name}"
    if not file.is_file():
        return {}
    try:
        tables = user_tables(content_text(file, place), place)
    except UserFileError as error:
        raise ContentError(str(error)) from error
    return {text: own for text, own in tables.items() if isinstance(own, str)}
