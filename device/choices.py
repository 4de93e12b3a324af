"""What the person has chosen at the device; it lasts until they choose otherwise, however long ago that was."""

from __future__ import annotations

from collections.abc import Iterable

from device.effects import Fact

LASTING = frozenset({"safety_seen"})
"""The facts that say so."""


def key_of(fact: Fact) -> str:
    """Which choice it is; a later one of the same takes its place."""
    return fact.fact


def latest(facts: Iterable[Fact]) -> list[Fact]:
    """The last of each choice among them."""
    return list({key_of(fact): fact for fact in facts if fact.fact in LASTING}.values())


class Choices:
    """All of them together."""

    def __init__(self) -> None:
        self.safety_seen = False
        """Somebody has pressed the stop-if-it-hurts card away."""

    def take(self, fact: Fact) -> None:
        """Let one of those facts change them."""
        self.safety_seen = self.safety_seen or fact.fact == "safety_seen"
