"""Texts that aren't on the panel: the code has them in English, and `page.toml` of a language translates them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from device.files.complaint import Complaint, ContentError, brief
from device.languages.language_files import ENGLISH, PAGE, SETTINGS, WORDS, language_files
from device.languages.plurals import ENGLISH_RULE, FORMS, RULES, Plural
from device.languages.screen_words import SHOWN, check_blanks
from device.settings.settings_file import setting_docs

HALF = "0.5"
"""A number, of which a language says how it writes it: with a comma, perhaps."""


class Phrases:
    """Translates an English text into a language; returns the English text if the language lacks it."""

    def __init__(
        self,
        language: str = ENGLISH,
        said: Mapping[str, str] | None = None,
        forms: Mapping[str, Mapping[str, str]] | None = None,
        rule: str = ENGLISH_RULE,
    ) -> None:
        self.language = language
        self.said: Mapping[str, str] = said or {}
        """The texts by the English ones."""
        self.forms: Mapping[str, Mapping[str, str]] = forms or {}
        """The forms of texts with a number, by the English plural and then by the form's name."""
        self.rule = rule
        """The name of the plural rule."""

    def __call__(self, text: str, /, **values: str | int) -> str:
        """The translated text with its values filled in."""
        return self.said.get(text, text).format(**values)

    def tell(self, complaint: Complaint) -> str:
        """The complaint in that language. Texts and numbers inside it are said as there, too; names are not."""
        values = {name: self._of(value) for name, value in complaint.values.items()}
        return self.said.get(complaint.text, complaint.text).format(**values)

    def _of(self, value: object) -> object:
        match value:
            case str():
                return self.said.get(value, value)
            case float():
                return _Number(value, self)
            case Complaint():
                return self.tell(value)
        return value

    def number(self, value: float, how: str) -> str:
        """The number as Python's `how` writes it, with the language's own decimal mark."""
        return format(value, how).replace(".", self.said.get(HALF, HALF)[1:-1])

    def many(self, count: int, one: str, more: str) -> str:
        """The text for that number, in the form that the language needs."""
        if more in self.forms:
            return Plural(self.rule, self.forms[more]).text(count)
        return self(one if count == 1 else more, count=count)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number inside a text, which says how many digits it takes."""

    value: float
    language: Phrases

    def __format__(self, how: str) -> str:
        return self.language.number(self.value, how)


@cache
def phrases(language: str, folder: str = "") -> Phrases:
    """The texts of a language; `folder` has the user's own languages. Raises ContentError."""
    said: dict[str, str] = {}
    forms: dict[str, Mapping[str, str]] = {}
    for file in language_files(language, PAGE, folder):
        for text, own in file.tables().items():
            place = f'{file.name}: "{text:.{SHOWN}}"'
            if isinstance(own, dict):
                forms[text] = {form: _form(f"{place}: {form:.{SHOWN}}", form, each, text) for form, each in own.items()}
            else:
                said[text] = _checked(place, own, text)
    return Phrases(language, said, forms, _rule(language, folder))


def _rule(language: str, folder: str) -> str:
    """The name of its plural rule, from `words.toml`. The screens' words report a wrong one."""
    rule = ENGLISH_RULE
    for file in language_files(language, WORDS, folder):
        said = file.tables().get("language", {})
        rule = said.get("plural", rule) if isinstance(said, dict) else rule
    return rule if isinstance(rule, str) and rule in RULES else ENGLISH_RULE


@cache
def explained(language: str, folder: str = "") -> Mapping[str, str]:
    """The purpose of each setting by its key, and of each section by its name. Raises ContentError."""
    docs = setting_docs()
    for file in language_files(language, SETTINGS, folder):
        docs |= {key: _text(f"{file.name}: {key:.{SHOWN}}", doc) for key, doc in file.tables().items()}
    return docs


def missing_phrases(language: str, folder: str = "") -> dict[str, list[str]]:
    """The texts that a language lacks, by file. German, which is complete, says which texts there are."""
    whole, own = phrases(_WHOLE), phrases(language, folder)
    asked = (whole.said.keys() | whole.forms.keys()) if language != ENGLISH else set()
    explains = {key for file in language_files(language, SETTINGS, folder) for key in file.tables()}
    docs = setting_docs().keys() if language != ENGLISH else set()
    return {PAGE: sorted(asked - own.said.keys() - own.forms.keys()), SETTINGS: sorted(docs - explains)}


_WHOLE = "de"


def _form(place: str, form: str, own: object, text: str) -> str:
    if form not in FORMS:
        raise ContentError(f"{place}: is no form; allowed: {', '.join(FORMS)}")
    return _checked(place, own, text)


def _checked(place: str, own: object, text: str) -> str:
    said = _text(place, own)
    if text == HALF and not (len(said) == len(HALF) and said[0] == "0" and said[-1] == "5"):
        raise ContentError(f"{place}: is {brief(own)}; allowed: 0, your decimal mark and 5, as in 0.5")
    check_blanks(place, said, text)
    return said


def _text(place: str, own: object) -> str:
    if not isinstance(own, str) or not own.isprintable():
        raise ContentError(f"{place}: is {brief(own)}; allowed: text")
    return own
