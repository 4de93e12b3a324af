"""What the person has chosen at the device. A choice lasts until the person makes a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from device.settings.settings import TOPICS
from device.words.effects import Fact

_FORMS = {
    "safety_seen": re.compile(""),
    **dict.fromkeys(("stretch_never", "stretch_again"), re.compile("[a-z0-9_]{1,60}")),
    "language": re.compile("[a-z]{2}"),
    "conditions": re.compile("[a-z, ]{0,200}"),
}

LASTING = frozenset({"safety_seen", "stretch_never", "stretch_again", "chosen"})
"""The facts that are choices."""


def choice(at: float, name: str, value: str = "") -> Fact:
    """Return the fact of a choice.

    The names are `safety_seen`, `stretch_never` and `stretch_again` (value: id of the stretch), `language` (value: its
    two letters) and `conditions` (value: the conditions, separated by commas).
    """
    if name in TOPICS:
        return Fact(at, at, "chosen", {"what": name, "value": value})
    return Fact(at, at, name, {"stretch": value} if value else {})


def name_and_value(fact: Fact) -> tuple[str, str]:
    """The name and value of a choice: the opposite of `choice`."""
    if fact.fact == "chosen":
        return fact.details["what"], fact.details["value"]
    return fact.fact, fact.details.get("stretch", "")


def choice_of(text: str, at: float = 0.0) -> Fact:
    """The fact from its text in a recorded day: name and value with a space between. Raises ValueError."""
    name, _, value = text.partition(" ")
    form = _FORMS.get(name)
    if form is None or not form.fullmatch(value):
        raise ValueError(f"must be {', '.join(_FORMS)}, and what goes with it, such as stretch_never march")
    return choice(at, name, value)


def text_of(fact: Fact) -> str:
    """The text of a choice in a recorded day: the opposite of `choice_of`."""
    return " ".join(name_and_value(fact)).strip()


def key_of(fact: Fact) -> str:
    """The key of a choice. A later choice with the same key replaces it."""
    if fact.fact == "chosen":
        return str(fact.details["what"])
    return f"stretch {fact.details['stretch']}" if "stretch" in fact.details else fact.fact


def latest(facts: Iterable[Fact]) -> list[Fact]:
    """The latest fact for each choice."""
    return list({key_of(fact): fact for fact in facts if fact.fact in LASTING}.values())


class Choices:
    """All choices that are in force."""

    def __init__(self) -> None:
        self._last: dict[str, Fact] = {}

    def take(self, fact: Fact) -> None:
        """Take in a fact that is a choice."""
        self._last[key_of(fact)] = fact

    def are_as(self, fact: Fact) -> bool:
        """Whether the fact would change nothing."""
        last = self._last.get(key_of(fact))
        if last is None:
            return fact.fact == "stretch_again"
        return name_and_value(last) == name_and_value(fact)

    @property
    def safety_seen(self) -> bool:
        """Whether the stop-if-it-hurts card has been put away."""
        return "safety_seen" in self._last

    @property
    def left_out(self) -> tuple[str, ...]:
        """The ids of the stretches that the person has left out."""
        return tuple(fact.details["stretch"] for fact in self._last.values() if fact.fact == "stretch_never")

    @property
    def conditions(self) -> tuple[str, ...]:
        """The chosen conditions; empty if the person hasn't chosen yet."""
        return tuple(each for each in (self.value("conditions") or "").split(", ") if each)

    def value(self, topic: str) -> str | None:
        """The answer on a topic that the device asks about; None without an answer."""
        fact = self._last.get(topic)
        return None if fact is None else str(fact.details["value"])
