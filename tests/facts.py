"""Facts in the words of a file, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from device.words import fact_codec
from device.words.facts import Fact

_NONE: Mapping[str, object] = {}
_MOVED = {"stretch": "march", "side": "both"}
_USUAL: Mapping[str, Mapping[str, object]] = {
    "bout": {"start": 0.0, "seated_s": 0.0},
    "sound": {"cue": "reminder", "nth": 1},
    "snoozed": {"nth": 1},
    "guide_started": {"asked": False},
    "guide_ended": {"how": "done"},
    "break_honoured": {"after": "due"},
    "break_cut_short": {"after": "due"},
    "stuck": {"what": "seat", "since": 0.0},
    "chosen": {"what": "language", "value": "de"},
    "person": {"person": "Anna", "before": ""},
    "meeting": {"began": "2026-03-02T09:00:00+00:00"},
    "meeting_off": {"began": "2026-03-02T09:00:00+00:00"},
    "plan": {"plan": "morning"},
    "stretch_never": {"stretch": "march"},
    "stretch_again": {"stretch": "march"},
    "away": {"until": "2027-01-07"},
    "office_offer": {"offer": "spring", "preset": "hourly", "by": "ACME", "till": "2027-01-07"},
    "office_asked": {"offer": "spring", "day": "2027-01-07"},
    "office_answer": {"offer": "spring", "taken": True},
    "clock_stepped": {"by_s": 3.0},
    "seat_back": {"lost_s": 0.0, "counts": False},
    "seat_drifted": {"empty": 0.1, "seated": 0.5},
    "seat_doubted": {"why": "worn", "since": 0.0},
    "resumed": {"cut_at": 0.0, "seated_till": None},
    "power_cut": {"off_s": 0.0, "counts": False, "new_day": False},
    **dict.fromkeys(("stretch_started", "stretch_done", "stretch_shown"), _MOVED),
}
"""Details that a test doesn't care about."""


def fact_of(t: float, said: float, name: str, details: Mapping[str, object] = _NONE) -> Fact:
    """The fact of that name, with the usual details where none are given."""
    until = {"until": said} if name in ("snoozed", "muted", "meeting") else {}
    return fact_codec.read_fact(t, said, name, {**_USUAL.get(name, {}), **until, **details})


def details_of(fact: Fact) -> dict[str, Any]:
    """Its details as in a file."""
    return fact_codec.details_of(fact)
