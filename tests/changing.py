"""Somebody at the page who gives orders, and remembers what the line told meanwhile."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from tests.ear import Ear


class Orderer:
    """Hears all that is told, whatever it waits for."""

    def __init__(self, ear: Ear) -> None:
        self.ear = ear
        self.latest: dict[str, dict[str, Any]] = {}
        self._facts: deque[dict[str, Any]] = deque()
        self._nth = 0
        # A mock pin forgets what is put on it before the device takes it.
        self.told("standing")

    def orders(self, do: str, to: Any) -> dict[str, Any]:
        """Give an order; returns the answer."""
        self._nth += 1
        nth = self._nth
        self.ear.says(json.dumps({"kind": "order", "nth": nth, "do": do, "to": to}) + "\n")
        return self.told("answer", lambda answer: answer["nth"] == nth)

    def changes(self, **values: Any) -> dict[str, Any]:
        """Change settings; __ stands for the dot in a key."""
        return self.orders("set", {"values": {key.replace("__", "."): value for key, value in values.items()}})

    def told(self, kind: str, holds: Callable[[dict[str, Any]], object] = lambda _: True) -> dict[str, Any]:
        """What was told last of that kind, once it holds."""
        while kind not in self.latest or not holds(self.latest[kind]):
            self._hear()
        return self.latest[kind]

    def setting(self, key: str, value: str) -> dict[str, Any]:
        """All settings, once this one has that value."""
        return self.told("settings", lambda told: told["values"][key] == value)

    def fact(self) -> dict[str, Any]:
        """The next fact."""
        while not self._facts:
            self._hear()
        return self._facts.popleft()

    def _hear(self) -> None:
        told = self.ear.hears()
        self.latest[told["kind"]] = told
        if told["kind"] == "fact":
            self._facts.append(told)
