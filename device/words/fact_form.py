"""The details that each fact has to have. Facts from files are checked here before anything relies on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from device.words.effects import Fact
from device.words.instants import HOUR_S

LAST_S = 100 * 365 * 24 * HOUR_S
"""No device gets this old, in seconds: a longer instant or span is an error in the file."""
_PUT_OFF_S = 24 * HOUR_S
"""Longer than any mute or snooze that the settings allow, in seconds."""
_MOST = 1e15
_TEXT_IS = 10_000
"""The most characters in a text."""


def well_formed(fact: Fact) -> bool:
    """Whether a fact has all the details that its name asks for, with sensible values."""
    if not _instant(fact.t) or not _instant(fact.said) or fact.t > fact.said or not _text(fact.fact):
        return False
    if not isinstance(fact.details, Mapping) or not all(map(_plain, fact.details.values())):
        return False
    forms = _FORMS.get(fact.fact, {})
    return all(name in fact.details and form(fact.details[name]) for name, form in forms.items()) and _agrees(fact)


def _agrees(fact: Fact) -> bool:
    """Whether the details of a fact agree with each other."""
    match fact.fact:
        case "bout":
            return bool(fact.details["start"] <= fact.t)
        case "resumed":
            cut_at, seated_till = fact.details["cut_at"], fact.details["seated_till"]
            return bool(cut_at <= fact.t and (seated_till is None or seated_till <= cut_at))
        case "stuck" if fact.details["what"] == "seat":
            return _instant(fact.details.get("since")) and bool(fact.details["since"] <= fact.t)
        case "break_honoured":
            return _instant_or_none(fact.details.get("rose_after_s"))
        case "snoozed" | "muted":
            return bool(fact.said <= fact.details["until"] <= fact.said + _PUT_OFF_S)
    return True


def _number(value: Any) -> bool:
    # In Python a bool is an int, so it is ruled out here.
    return isinstance(value, int | float) and not isinstance(value, bool) and -LAST_S <= value <= LAST_S


def _instant(value: Any) -> bool:
    return _number(value) and value >= 0


def _instant_or_none(value: Any) -> bool:
    return value is None or _instant(value)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return _number(value) and isinstance(value, int) and value >= 0


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _TEXT_IS and value.isprintable()


def _plain(value: Any) -> bool:
    if isinstance(value, str):
        return _text(value)
    # The comparison fails for NaN and infinity, which rules them out.
    return value is None or (isinstance(value, int | float) and -_MOST <= value <= _MOST)


_FORMS: Mapping[str, Mapping[str, Callable[[Any], bool]]] = {
    "bout": {"start": _instant, "seated_s": _instant},
    "sound": {"cue": _text, "nth": _count},
    "snoozed": {"until": _instant, "nth": _count},
    "muted": {"until": _instant},
    "guide_started": {"asked": _flag},
    "stretch_started": {"stretch": _text, "side": _text},
    "stretch_done": {"stretch": _text, "side": _text},
    "stretch_shown": {"stretch": _text, "side": _text},
    "chosen": {"what": _text, "value": _text},
    "stretch_never": {"stretch": _text},
    "stretch_again": {"stretch": _text},
    "guide_ended": {"how": _text},
    "break_honoured": {"after": _text},
    "break_cut_short": {"after": _text},
    "stuck": {"what": _text},
    "resumed": {"cut_at": _instant, "seated_till": _instant_or_none},
    "power_cut": {"off_s": _instant, "counts": _flag, "new_day": _flag},
    "clock_stepped": {"by_s": _number},
}
"""The details that other parts read, by fact. Nobody reads details of a fact that isn't here."""
