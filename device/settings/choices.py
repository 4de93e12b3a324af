"""What the person has chosen at the device; it lasts until they choose otherwise, however long ago that was."""

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
"""The facts that say so."""


def choice(at: float, name: str, value: str = "") -> Fact:
    """The fact that says it.

    `safety_seen`; `stretch_never` and `stretch_again` with the id of the stretch; `language` with its two letters and
    `conditions` with those that there are, commas between.
    """
    if name in TOPICS:
        return Fact(at, at, "chosen", {"what": name, "value": value})
    return Fact(at, at, name, {"stretch": value} if value else {})


def name_and_value(fact: Fact) -> tuple[str, str]:
    """The other way round."""
    if fact.fact == "chosen":
        return fact.details["what"], fact.details["value"]
    return fact.fact, fact.details.get("stretch", "")


def choice_of(text: str, at: float = 0.0) -> Fact:
    """As a recorded day has it, name and value with a blank between. Raises ValueError."""
    name, _, value = text.partition(" ")
    form = _FORMS.get(name)
    if form is None or not form.fullmatch(value):
        raise ValueError(f"must be {', '.join(_FORMS)}, and what goes with it, such as stretch_never march")
    return choice(at, name, value)


def text_of(fact: Fact) -> str:
    """The other way round."""
    return " ".join(name_and_value(fact)).strip()


def key_of(fact: Fact) -> str:
    """Which choice it is; a later one of the same takes its place."""
    if fact.fact == "chosen":
        return str(fact.details["what"])
    return f"stretch {fact.details['stretch']}" if "stretch" in fact.details else fact.fact


def latest(facts: Iterable[Fact]) -> list[Fact]:
    """The last of each choice among them."""
    return list({key_of(fact): fact for fact in facts if fact.fact in LASTING}.values())


class Choices:
    """All of them together."""

    def __init__(self) -> None:
        self._last: dict[str, Fact] = {}

    def take(self, fact: Fact) -> None:
        """Let one of those facts change them."""
        self._last[key_of(fact)] = fact

    def are_as(self, fact: Fact) -> bool:
        """Whether it would change nothing."""
        last = self._last.get(key_of(fact))
        if last is None:
            return fact.fact == "stretch_again"
        return name_and_value(last) == name_and_value(fact)

    @property
    def safety_seen(self) -> bool:
        """Somebody has pressed the stop-if-it-hurts card away."""
        return "safety_seen" in self._last

    @property
    def left_out(self) -> tuple[str, ...]:
        """The stretches of which somebody said: never this one."""
        return tuple(fact.details["stretch"] for fact in self._last.values() if fact.fact == "stretch_never")

    @property
    def conditions(self) -> tuple[str, ...]:
        """Those that were chosen; none before anything was."""
        return tuple(each for each in (self.value("conditions") or "").split(", ") if each)

    def value(self, topic: str) -> str | None:
        """What was chosen, of those topics that are asked for; None for nothing yet."""
        fact = self._last.get(topic)
        return None if fact is None else str(fact.details["value"])
