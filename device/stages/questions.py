"""What the device asks at its first start, with one button: a press for the next answer, a hold for this one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from device.settings.settings import TOPICS
from device.words.traits import CONDITIONS


class Questions:
    """The language, then what is to be spared: one question for all of it, and after a yes one for each."""

    def __init__(self, topics: Collection[str], languages: Sequence[str]) -> None:
        self._topics = [topic for topic in TOPICS if topic in topics]
        self._languages = languages
        self.nth = 0
        """Which answer is shown; of the conditions 0 stands for any of them."""
        self._picked: list[str] = []

    @property
    def topic(self) -> str | None:
        """What is asked about; None when all is answered."""
        return self._topics[0] if self._topics else None

    def press(self) -> tuple[str, str] | None:
        """The next answer, or no to a condition. Returns topic and value once that is settled."""
        if self.topic == "language":
            self.nth = (self.nth + 1) % len(self._languages)
            return None
        return self._go_on() if self.nth else self._settle("")

    def hold(self) -> tuple[str, str] | None:
        """This answer, or yes to a condition. Returns topic and value once that is settled."""
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
