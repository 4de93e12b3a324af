"""What every screen is made with: its type, the signs in its corner, and its words."""

from __future__ import annotations

from device.mind.snapshot import Owed, Snapshot
from device.words.effects import BigWords, Mark, Screen
from device.words.instants import after, between

Shown = tuple[Screen, float | None]
"""A screen, and when time alone changes it, in monotonic seconds; None for never."""


def marks(snapshot: Snapshot) -> frozenset[Mark]:
    """The signs in the corner. Every screen has them, so that a press is seen to be felt."""
    signs = {
        Mark.FELT: snapshot.felt,
        Mark.MUTED: snapshot.muted_until is not None or snapshot.in_meeting or snapshot.no_offers,
        Mark.QUIET: snapshot.quiet,
        Mark.INVITED: (snapshot.owed is Owed.INVITE or snapshot.short_offered) and snapshot.seated,
        Mark.COUNTS: snapshot.rested and not snapshot.seated,
    }
    return frozenset(mark for mark, applies in signs.items() if applies)


def big_words(snapshot: Snapshot, name: str) -> BigWords:
    """Big words and a small line, `lines` and `small` of that table of words."""
    return BigWords(snapshot.words.lines(f"{name}.lines"), snapshot.words.text(f"{name}.small"), marks(snapshot))


def short_counts_at(snapshot: Snapshot) -> float | None:
    """When the present absence is the short break that is on offer; None without such an absence."""
    if not snapshot.short_offered or snapshot.counts_at is None:
        return None
    limits = snapshot.settings.limits
    return after(between(limits.full_break_s, snapshot.counts_at), limits.short_break_s)
