"""What happens at a desk now, as texts for a broker. What happened before somebody listened is no event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from device.topics.own_business import told_details
from device.words.fact_codec import facts_among

Message = Mapping[str, Any]

_FRESH_S = 30.0
"""How old a fact may be that is said to happen now, in seconds."""


class Happenings:
    """Tells facts that happen from those that the line tells again to whoever comes."""

    def __init__(self) -> None:
        self._since: float | None = None
        """The device's instant when it was first heard; None before that."""
        self._time: Message = {}
        self._heard_at = 0.0

    def hear(self, message: Message, now: float) -> str | None:
        """Take in a message of the line. The event's text if it is a fact that happens now; `now` is monotonic."""
        kind = message["kind"]
        if kind == "afresh":
            self.forget()
        elif kind == "time":
            self._time, self._heard_at = message, now
            self._since = message["at"] if self._since is None else self._since
        elif kind == "fact" and self._is_now(message, now):
            told = {"event_type": message["fact"]}
            for fact in facts_among([(message["t"], message["said"], message["fact"], message["details"])]):
                told |= told_details(fact)
            return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return None

    def forget(self) -> None:
        """The device is gone, or begins anew."""
        self._since = None

    def _is_now(self, fact: Message, now: float) -> bool:
        # Before the first time that it tells, the line tells what it has kept.
        if self._since is None or fact["said"] <= self._since:
            return False
        speed = max(1.0, float(self._time["speed"]))
        passed_s = self._time["at"] + (now - self._heard_at) * self._time["speed"] - fact["said"]
        return bool(passed_s <= _FRESH_S * speed)
