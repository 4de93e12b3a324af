"""What is said beside the panel: English stands where it is said, and `page.toml` of a language has it in that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from device.files.complaint import ContentError, brief
from device.languages.language_files import ENGLISH, PAGE, SETTINGS, WORDS, language_files
from device.languages.plurals import ENGLISH_RULE, FORMS, RULES, Plural
from device.languages.screen_words import SHOWN, check_blanks
from device.settings.settings_file import setting_docs


class Phrases:
    """Says an English text in a language, or as it is where the language lacks it."""

    def __init__(
        self,
        language: str = ENGLISH,
        said: Mapping[str, str] | None = None,
        forms: Mapping[str, Mapping[str, str]] | None = None,
        rule: str = ENGLISH_RULE,
    ) -> None:
        self.language = language
        self.said: Mapping[str, str] = said or {}
        """By the English text."""
        self.forms: Mapping[str, Mapping[str, str]] = forms or {}
        """Texts with a number, in each form: by the English text for more than one, and by the form's name."""
        self.rule = rule
        """The name of the rule by which a number takes its form."""

    def __call__(self, text: str, **values: str | int) -> str:
        """That text, filled in."""
        return self.said.get(text, text).format(**values)

    def many(self, count: int, one: str, more: str) -> str:
        """One, or how many, in as many forms as the language has."""
        if more in self.forms:
            return Plural(self.rule, self.forms[more]).text(count)
        return self(one if count == 1 else more, count=count)


@cache
def phrases(language: str, folder: str = "") -> Phrases:
    """Those of a language; `folder` has the user's own languages. Raises ContentError."""
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
    """The name of its rule for numbers, which its screens have; they say what is wrong with it."""
    rule = ENGLISH_RULE
    for file in language_files(language, WORDS, folder):
        said = file.tables().get("language", {})
        rule = said.get("plural", rule) if isinstance(said, dict) else rule
    return rule if isinstance(rule, str) and rule in RULES else ENGLISH_RULE


@cache
def explained(language: str, folder: str = "") -> Mapping[str, str]:
    """What each setting is for, by its key, and each section of them, by its name. Raises ContentError."""
    docs = setting_docs()
    for file in language_files(language, SETTINGS, folder):
        docs |= {key: _text(f"{file.name}: {key:.{SHOWN}}", doc) for key, doc in file.tables().items()}
    return docs


def missing_phrases(language: str, folder: str = "") -> dict[str, list[str]]:
    """What is said in English beside the panel, by the file that lacks it. German, which ships whole, has it all."""
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
    check_blanks(place, said, text)
    return said


def _text(place: str, own: object) -> str:
    if not isinstance(own, str) or not own.isprintable():
        raise ContentError(f"{place}: is {brief(own)}; allowed: text")
    return own
