"""How a desk stands, as texts for a broker: each is said when it changes, and all of them to who comes anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from device.topics.names import STATES

Message = Mapping[str, Any]
"""What the device tells on its line."""

NONE = "None"
"""There is no such time: what Home Assistant takes for unknown."""
_NEEDED = ("device", "standing", "health", "time")
_MINUTE_S = 60.0
_SAME_WITHIN = timedelta(seconds=3)
"""Clocks wander: a time that moves by less is the same one."""


class States:
    """All that stands, from what the device tells. `now` is this process's monotonic clock, which goes on between."""

    def __init__(self) -> None:
        self._latest: dict[str, Message] = {}
        self._heard_at = 0.0
        self._times: dict[str, datetime] = {}
        self._today_min, self._day = 0, date.min

    def hear(self, message: Message, now: float) -> None:
        """Take in a message of the line."""
        kind = message["kind"]
        if kind == "afresh":
            self.forget()
            self._today_min = 0
        elif kind in _NEEDED:
            self._latest[kind] = message
            if kind == "time":
                self._heard_at = now

    def forget(self) -> None:
        """The device is gone, perhaps for a moment."""
        self._latest.clear()

    @property
    def are_known(self) -> bool:
        """Whether the device has told all that is needed."""
        return all(kind in self._latest for kind in _NEEDED)

    def next_minute_at(self, now: float) -> float | None:
        """When another minute of sitting is full; None while nobody sits."""
        if not self.are_known or self._standing["sits_since"] is None or not self._speed:
            return None
        lacks_s = _MINUTE_S - self._sitting_s(now) % _MINUTE_S
        return now + lacks_s / self._speed

    def texts(self, now: float) -> dict[str, str]:
        """Every state by its name, as of now. Only for when they are known."""
        stands, told = self._standing, self._latest["device"]
        settings = dict(line.split("=", 1) for line in told["settings"])
        texts = {
            "seated": _on_off(stands["seated"]),
            "due": _on_off(stands["due"]),
            "muted": _on_off(stands["muted_until"] is not None or stands["enough"]),
            "mode": stands["mode"],
            "sitting_since": self._time("sitting_since", stands["sits_since"], now),
            "sitting": str(int(self._sitting_s(now) // _MINUTE_S)),
            "today": str(self._today(now)),
            "muted_until": self._time("muted_until", stands["muted_until"], now),
            "seat": stands["seat"] or "ok",
            "panel": self._latest["health"]["panel"],
            "version": told["version"],
            "preset": json.loads(settings["limits.preset"]),
            "due_after": f"{stands['due_after_s'] / _MINUTE_S:g}",
        }
        return {name: str(texts[name]) for name in STATES}

    @property
    def _standing(self) -> Message:
        return self._latest["standing"]

    @property
    def _speed(self) -> float:
        return float(self._latest["time"]["speed"])

    def instant(self, now: float) -> float:
        """The device's own instant. Only for when its time is known."""
        return float(self._latest["time"]["at"]) + (now - self._heard_at) * self._speed

    def _reads(self, now: float) -> datetime | None:
        """What the device's clock shows; None if it doesn't know."""
        reads = self._latest["time"]["reads"]
        return (
            datetime.fromisoformat(reads) + timedelta(seconds=(now - self._heard_at) * self._speed) if reads else None
        )

    def _time(self, name: str, at: float | None, now: float) -> str:
        """An instant by the clock on the wall, in whole seconds."""
        reads = self._reads(now)
        if at is None or reads is None:
            self._times.pop(name, None)
            return NONE
        shown = (reads + timedelta(seconds=at - self.instant(now) + 0.5)).replace(microsecond=0)
        before = self._times.get(name, shown)
        if before.utcoffset() == shown.utcoffset() and abs(before - shown) < _SAME_WITHIN:
            shown = before
        self._times[name] = shown
        return shown.isoformat()

    def _sitting_s(self, now: float) -> float:
        since, stands_s = self._standing["sits_since"], self._standing["sitting_s"]
        return float(max(0.0, self.instant(now) - since if since is not None else stands_s))

    def _today(self, now: float) -> int:
        """Today's minutes. They never fall within a day, even if somebody turns out to have left a little earlier.

        Nor does a device that was killed bring back fewer. Without a clock there is no telling which day it is.
        """
        since, stands_s, reads = self._standing["today_since"], self._standing["today_s"], self._reads(now)
        minutes = int(max(0.0, self.instant(now) - since if since is not None else stands_s) // _MINUTE_S)
        if reads is None:
            return minutes
        if self._latest["time"]["right"]:
            # Midnight comes here before the device has said that the day is over.
            minutes = min(minutes, 60 * reads.hour + reads.minute)
        self._today_min = max(minutes, self._today_min) if reads.date() == self._day else minutes
        self._day = reads.date()
        return self._today_min


def _on_off(is_so: bool) -> str:
    return "ON" if is_so else "OFF"
