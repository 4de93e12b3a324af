"""Thins out what a level that chatters would write."""

from __future__ import annotations

from collections.abc import Sequence

from device.journal.rows import (
    KeptInput,
)

_CHANGES_KEPT = 40
"""Of each level in one write; of chatter only its beginning and its end are worth a card's wear."""


def thinned(inputs: Sequence[KeptInput]) -> list[KeptInput]:
    """Of a level that changes over and over only its first changes and its last, and a row that says so."""
    kept = list(inputs)
    for name in ("seat", "button"):
        changes = [each for each in kept if each.name == name]
        # An even number, so that the level still changes with each that is left.
        inner = changes[_CHANGES_KEPT // 2 : len(changes) - _CHANGES_KEPT // 2]
        inner = inner[: len(inner) // 2 * 2]
        if len(changes) > _CHANGES_KEPT and inner:
            note = KeptInput(inner[0].at, "thinned", f"{len(inner)} changes of the {name} are left out")
            place = kept.index(inner[0])
            left_out = set(inner)
            kept = [*kept[:place], note, *(each for each in kept[place:] if each not in left_out)]
    return kept
