"""A recorded day without the names of people or of their office: it may go to strangers with the report of a fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from device.history.day_file import DayRow, RecordedDay
from device.settings.choices import choice, choice_of, text_of
from device.settings.settings_file import override_of
from device.words.facts import OfficeOffered, PersonChosen

NAMES = "persons.names"
"""The setting that has them."""


def without_names(day: RecordedDay) -> RecordedDay:
    """The same day with `person 1`, `person 2` and so on. It plays as the other does, but for the names."""
    numbered: dict[str, str] = {}

    def number(name: str) -> str:
        return numbered.setdefault(name, f"person {len(numbered) + 1}") if name else name

    return replace(day, rows=tuple(_without(row, number) for row in day.rows))


def _without(row: DayRow, number: Callable[[str], str]) -> DayRow:
    text = str(row.value)
    if row.part == "setting" and text.partition("=")[0].strip() == NAMES:
        (written,) = override_of(text).values()
        names = json.dumps([number(name) for name in written.value])
        return replace(row, value=f"{NAMES}={names}")
    if row.part != "chosen":
        return row
    match choice_of(text):
        case PersonChosen() as fact:
            return replace(row, value=text_of(choice(0.0, fact.name, number(fact.person))))
        case OfficeOffered() as fact:
            # Whose office it is tells where somebody works.
            return replace(row, value=text_of(replace(fact, by="office")))
    return row
