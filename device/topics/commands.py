"""What a desk may be told over a broker: each command becomes an order, or a line that says why not."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from device.files.complaint import ComplaintError, brief
from device.settings.settings_file import PRESETS_S
from device.topics.names import COMMANDS
from device.words.durations import duration_s

MOST_BYTES = 500
"""A longer command is none that a desk knows."""
_MANY, _IN_S = 10, 10.0
_PRESSED = ("", "PRESS")
"""What it may say that a button was pressed."""
_MINUTES = re.compile(r"([0-9]{1,9})(\.0+)?", re.ASCII)
"""What a template of Home Assistant makes of a number may end in .0."""
_MOST_MIN = 720


class CommandRefusedError(ComplaintError):
    """A command that isn't obeyed; one line says why."""


@dataclass(frozen=True, slots=True)
class Commanded:
    """What to order of the device."""

    do: str
    to: object


class Orderly:
    """Understands commands, so many in a while, none that a broker has kept, and none that is too long."""

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=_MANY)

    def order(self, name: str, payload: bytes, settings: Mapping[str, str], now: float, *, retained: bool) -> Commanded:
        """The order. `settings` has the device's, by their keys, as its file has them. Raises CommandRefusedError."""
        self.let_in(name, payload, now, retained=retained)
        if name not in _TABLE:
            raise CommandRefusedError("there is no command {name}; there are {names}", name=brief(name), names=_NAMES)
        return _TABLE[name](payload.decode("utf-8", "replace").strip(), settings)

    def let_in(self, name: str, payload: bytes, now: float, *, retained: bool) -> None:
        """Raise CommandRefusedError for what is not even looked at."""
        if retained:
            raise CommandRefusedError("{name}: a retained command is never obeyed; send it without", name=brief(name))
        if len(payload) > MOST_BYTES:
            raise CommandRefusedError("{name}: too long; allowed: {most} bytes", name=brief(name), most=MOST_BYTES)
        if len(self._last) == _MANY and now - self._last[0] < _IN_S:
            raise CommandRefusedError(
                "{name}: too many commands; allowed: {many} in {seconds} s", name=brief(name), many=_MANY, seconds=10
            )
        self._last.append(now)


Settings = Mapping[str, str]


def _mute(text: str, settings: Settings) -> Commanded:
    match text:
        case "ON" if "reminders.mute" not in settings:
            raise CommandRefusedError("mute: the device hasn't said yet for how long; try again, or say mute_until")
        case "ON":
            return Commanded("mute", {"for_s": duration_s(json.loads(settings["reminders.mute"]))})
        case "OFF":
            return Commanded("sound", True)
    raise _wrong("mute", text, "ON or OFF")


def _mute_until(text: str, _: Settings) -> Commanded:
    try:
        is_time = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        is_time = False
    if not is_time:
        raise _wrong("mute_until", text, "a time with its zone, such as 2026-03-02T15:00:00+01:00")
    return Commanded("mute", {"until": text})


def _push(name: str) -> Callable[[str, Settings], Commanded]:
    def push(text: str, _: Settings) -> Commanded:
        if text not in _PRESSED:
            raise _wrong(name, text, "PRESS, or nothing")
        return Commanded(name, True)

    return push


def _preset(text: str, _: Settings) -> Commanded:
    if text not in PRESETS_S:
        raise _wrong("preset", text, ", ".join(PRESETS_S))
    # A time of one's own would beat the preset.
    return _set({"limits.preset": text}, ["limits.due_after", "limits.invite_after"])


def _due_after(text: str, _: Settings) -> Commanded:
    found = _MINUTES.fullmatch(text)
    minutes = int(found[1]) if found else 0
    if not 1 <= minutes <= _MOST_MIN:
        raise _wrong("due_after", text, f"whole minutes from 1 to {_MOST_MIN}, in digits")
    return _set({"limits.due_after": f"{minutes}min"}, ["limits.invite_after"])


def _set(values: Mapping[str, Any], reset: list[str]) -> Commanded:
    return Commanded("set", {"values": values, "reset": reset})


def _wrong(name: str, text: str, allowed: str) -> CommandRefusedError:
    return CommandRefusedError("{name} {text}: allowed: {allowed}", name=name, text=brief(text), allowed=allowed)


_TABLE: Mapping[str, Callable[[str, Settings], Commanded]] = {
    "mute": _mute,
    "mute_until": _mute_until,
    "press": _push("press"),
    "stretch": _push("stretch"),
    "preset": _preset,
    "due_after": _due_after,
}
_NAMES = ", ".join(COMMANDS)
