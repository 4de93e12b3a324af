"""Visits the broker: connected only while days are sent, so that nobody sees when the desk is on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from device.outbox.day_outbox import DayOutbox

_LISTENS_S = 5.0
"""How long to stay for what the broker has kept for the desk, such as an offer."""
_PATIENCE_S = 300.0
"""How long to try in vain."""


class Door(Protocol):
    """Whatever connects and takes leave."""

    def open(self) -> None:
        """Connect."""
        ...

    def close(self) -> None:
        """Take leave."""
        ...


class Visits:
    """An Attentive without a socket."""

    def __init__(
        self, client: Door, days: DayOutbox, *, listens_s: float = _LISTENS_S, patience_s: float = _PATIENCE_S
    ) -> None:
        """A visit lasts `listens_s` after all was sent, and `patience_s` at the most if nothing can be."""
        self._client, self._days = client, days
        self._listens_s, self._patience_s = listens_s, patience_s
        self._since: float | None = None
        """When the visit began; None while there is none."""
        self._done_at: float | None = None
        """When all was sent."""

    def wants(self) -> Mapping[int, int]:
        """It has no socket."""
        return {}

    @property
    def deadline(self) -> float | None:
        """When to look at the latest."""
        if self._since is None:
            return 0.0 if self._days.is_due else None
        if self._days.is_due:
            return self._since + self._patience_s
        return 0.0 if self._done_at is None else self._done_at + self._listens_s

    def attend(self, _ready: Mapping[int, int], now: float) -> None:
        """Come when there is something to send, and go afterwards."""
        if self._since is None:
            if self._days.is_due:
                self._client.open()
                self._since, self._done_at = now, None
        elif self._days.is_due:
            self._done_at = None
            if now >= self._since + self._patience_s:
                self._days.put_off(now)
                self._leave()
        elif self._done_at is None:
            self._done_at = now
        elif now >= self._done_at + self._listens_s:
            self._leave()

    def _leave(self) -> None:
        self._client.close()
        self._since = None
