"""What every screen is made with: its type, the signs in its corner, and its words."""

from __future__ import annotations

from device.core.snapshot import Owed, Status
from device.words.effects import Mark, Screen, Words

Shown = tuple[Screen, float | None]
"""A screen, and when time alone changes it, in monotonic seconds; None for never."""


def marks(status: Status) -> frozenset[Mark]:
    """The signs in the corner. Every screen has them, so that a press is seen to be felt."""
    signs = {
        Mark.FELT: status.felt,
        Mark.MUTED: status.muted_until is not None,
        Mark.QUIET: status.quiet,
        Mark.INVITED: status.owed is Owed.INVITE and status.seated,
        Mark.COUNTS: status.rested and not status.seated,
    }
    return frozenset(mark for mark, applies in signs.items() if applies)


def big_words(status: Status, name: str) -> Words:
    """Big words and a small line, `lines` and `small` of that table of words."""
    return Words(status.words.lines(f"{name}.lines"), status.words.text(f"{name}.small"), marks(status))
