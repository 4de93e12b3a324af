"""The plural rules of languages: which form of a word goes with a number.

The names of the forms, and the numbers that take them, are those of Unicode's CLDR, for whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

FORMS = ("zero", "one", "two", "few", "many", "other")


def _japanese(_: int) -> str:
    return "other"


def _english(n: int) -> str:
    return "one" if n == 1 else "other"


def _french(n: int) -> str:
    return "one" if n <= 1 else "other"


def _czech(n: int) -> str:
    return "one" if n == 1 else "few" if 2 <= n <= 4 else "other"


def _polish(n: int) -> str:
    return "one" if n == 1 else "few" if _ends_in_2_to_4(n) else "many"


def _russian(n: int) -> str:
    return "one" if n % 10 == 1 and n % 100 != 11 else "few" if _ends_in_2_to_4(n) else "many"


def _croatian(n: int) -> str:
    form = _russian(n)
    return "other" if form == "many" else form


def _lithuanian(n: int) -> str:
    if 11 <= n % 100 <= 19 or n % 10 == 0:
        return "other"
    return "one" if n % 10 == 1 else "few"


def _latvian(n: int) -> str:
    if n % 10 == 0 or 11 <= n % 100 <= 19:
        return "zero"
    return "one" if n % 10 == 1 else "other"


def _romanian(n: int) -> str:
    return "one" if n == 1 else "few" if n == 0 or 1 <= n % 100 <= 19 else "other"


def _slovenian(n: int) -> str:
    return {1: "one", 2: "two", 3: "few", 4: "few"}.get(n % 100, "other")


def _irish(n: int) -> str:
    return {1: "one", 2: "two"}.get(n, "few" if 3 <= n <= 6 else "many" if 7 <= n <= 10 else "other")


def _ends_in_2_to_4(n: int) -> bool:
    return 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14


RULES: Mapping[str, Callable[[int], str]] = {
    "japanese": _japanese,
    "english": _english,
    "french": _french,
    "czech": _czech,
    "polish": _polish,
    "russian": _russian,
    "croatian": _croatian,
    "lithuanian": _lithuanian,
    "latvian": _latvian,
    "romanian": _romanian,
    "slovenian": _slovenian,
    "irish": _irish,
}
"""The rules. Each is named after one language; many others share it."""

ENGLISH_RULE = "english"


@dataclass(frozen=True, slots=True)
class Plural:
    """A text in as many forms as its language has."""

    rule: str
    forms: Mapping[str, str]
    """The texts by the names of the forms. A missing form is said as `other`."""

    def text(self, count: int) -> str:
        """The form for that many, filled in."""
        form = RULES[self.rule](count)
        return self.forms.get(form, self.forms.get("other", "")).format(count=count)


def forms_of(rule: str) -> dict[str, list[int]]:
    """The forms of a rule, with the numbers up to 200 that take each."""
    taken: dict[str, list[int]] = {}
    for n in range(201):
        taken.setdefault(RULES[rule](n), []).append(n)
    return {form: taken[form] for form in FORMS if form in taken}


def faults(plural: Plural) -> Iterator[str]:
    """What is wrong with the forms, and what is allowed. Those that are there say `count`, or stand for one number."""
    asked = forms_of(plural.rule)
    allowed = ", ".join(asked if "other" in asked else [*asked, "other"])
    for form in plural.forms:
        if form not in asked and form != "other":
            yield f"has no form {form:.20}; allowed: {allowed}, as in {plural.rule}"
    for form, numbers in asked.items():
        if form not in plural.forms and "other" not in plural.forms:
            yield f"lacks the form {form}; allowed: {allowed}, as in {plural.rule}"
        elif form in plural.forms and len(numbers) > 1 and "{count}" not in plural.forms[form]:
            some = ", ".join(map(str, numbers[:3]))
            yield f"{form} is said of {some} and so on; allowed: a text with {{count}}"
