"""Thins out the changes of a level that chatters."""

from __future__ import annotations

from collections.abc import Sequence

from device.journal.rows import KeptInput

_CHANGES_KEPT = 40
"""The most changes of a level in one write. Only the beginning and the end of chatter are worth the card's wear."""


def thinned(inputs: Sequence[KeptInput]) -> list[KeptInput]:
    """Keep the first and last changes of a level that chatters, and add a row that says so."""
    kept = list(inputs)
    for name in ("seat", "button"):
        changes = [each for each in kept if each.name == name]
        # Leave out an even number, so that the level still alternates.
        inner = changes[_CHANGES_KEPT // 2 : len(changes) - _CHANGES_KEPT // 2]
        inner = inner[: len(inner) // 2 * 2]
        if len(changes) > _CHANGES_KEPT and inner:
            note = KeptInput(inner[0].at, "thinned", f"{len(inner)} changes of the {name} are left out")
            place = kept.index(inner[0])
            left_out = set(inner)
            kept = [*kept[:place], note, *(each for each in kept[place:] if each not in left_out)]
    return kept
