"""Inputs as rows of the journal, and the changes of a level that chatters thinned out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from device.history.meetings_row import meetings_text
from device.history.order_row import order_text, pairing_text
from device.journal.rows import in_ms
from device.words.events import (
    Button,
    Changed,
    ClockRead,
    DayEnded,
    Event,
    Level,
    MeetingsTold,
    Ordered,
    PairingEnded,
    Panel,
    Seat,
    SeatSensor,
)
from device.words.instants import MINUTE_S
from device.words.levels import level_text

_CHANGES_KEPT = 40
"""The most changes of a contact in one write, and of a level in a minute.

Only the beginning and the end of chatter are worth the card's wear.
"""
CHANGED = "changed"
"""The input that has changed settings, a line for each in the form that `--set` takes."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptInput:
    """An input in the form of the file."""

    at: float
    name: str
    value: str


def kept_input(event: Event) -> KeptInput | None:
    """The event in the form of the file; None for one that isn't kept, such as the code that connects a phone."""
    match event:
        case Seat(at=at, taken=taken):
            return KeptInput(at, "seat", "taken" if taken else "empty")
        case Level(at=at, level=level):
            return KeptInput(at, "level", level_text(level))
        case SeatSensor(at=at, present=present):
            return KeptInput(at, "sensor_seen", "back" if present else "gone")
        case Button(at=at, down=down):
            return KeptInput(at, "button", "down" if down else "up")
        case Panel(at=at, present=present):
            return KeptInput(at, "panel_seen", "back" if present else "gone")
        case ClockRead(at=at, shows=shows):
            return KeptInput(at, "clock", shows.isoformat())
        case Changed(at=at, lines=lines):
            return KeptInput(at, CHANGED, "\n".join(lines))
        case DayEnded(at=at):
            return KeptInput(at, "day", "ended")
        case Ordered(at=at):
            return KeptInput(at, "order", order_text(event))
        case MeetingsTold(at=at):
            return KeptInput(at, "meetings", meetings_text(event))
        case PairingEnded(at=at):
            return KeptInput(at, "pairing", pairing_text(event))
    return None


def input_row(each: KeptInput) -> tuple[int, str, str]:
    return in_ms(each.at), each.name, each.value


def thinned(inputs: Sequence[KeptInput]) -> list[KeptInput]:
    """Keep the first and last changes of a level that chatters, and add a row that says so."""
    kept = list(inputs)
    # Levels wait for hours while nobody is there, so they are counted by the minute.
    groups = sorted({(each.name, each.at // MINUTE_S if each.name == "level" else 0) for each in kept})
    for name, minute in groups:
        if name not in ("seat", "button", "level"):
            continue
        changes = [each for each in kept if each.name == name and (name != "level" or each.at // MINUTE_S == minute)]
        # Leave out an even number, so that the level still alternates.
        inner = changes[_CHANGES_KEPT // 2 : len(changes) - _CHANGES_KEPT // 2]
        inner = inner[: len(inner) // 2 * 2]
        if len(changes) > _CHANGES_KEPT and inner:
            note = KeptInput(inner[0].at, "thinned", f"{len(inner)} changes of the {name} are left out")
            place = kept.index(inner[0])
            left_out = set(inner)
            kept = [*kept[:place], note, *(each for each in kept[place:] if each not in left_out)]
    return kept
