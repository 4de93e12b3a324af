"""The questions of the first start. A press shows the next answer, a hold takes the one shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from device.settings.settings import TOPICS
from device.words.traits import CONDITIONS


class Questions:
    """Asks for the language, then for the conditions: first whether there are any, and after a yes for each of them."""

    def __init__(self, topics: Collection[str], languages: Sequence[str]) -> None:
        self._topics = [topic for topic in TOPICS if topic in topics]
        self._languages = languages
        self.nth = 0
        """Which answer is shown. For the conditions, 0 asks whether any of them applies."""
        self._picked: list[str] = []

    @property
    def topic(self) -> str | None:
        """The topic of the question; None when all are answered."""
        return self._topics[0] if self._topics else None

    def press(self) -> tuple[str, str] | None:
        """Show the next language, or say no to a condition. Return topic and value once the topic is answered."""
        if self.topic == "language":
            self.nth = (self.nth + 1) % len(self._languages)
            return None
        return self._go_on() if self.nth else self._settle("")

    def hold(self) -> tuple[str, str] | None:
        """Take the language shown, or say yes to a condition. Return topic and value once the topic is answered."""
        if self.topic == "language":
            return self._settle(self._languages[self.nth])
        if self.nth:
            self._picked.append(CONDITIONS[self.nth - 1])
        return self._go_on()

    def _go_on(self) -> tuple[str, str] | None:
        self.nth += 1
        return self._settle(", ".join(self._picked)) if self.nth > len(CONDITIONS) else None

    def _settle(self, value: str) -> tuple[str, str]:
        self.nth, self._picked = 0, []
        return self._topics.pop(0), value
