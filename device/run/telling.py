"""Facts for readers: JSON lines for programs, words for a terminal, totals for a summary."""

from __future__ import annotations

import json
from collections.abc import Callable

from device.settings.settings import IN_TIME_S
from device.stages.tally import Figures, Tally
from device.words.effects import Effect, Note
from device.words.fact_codec import details_of
from device.words.facts import Fact


def fact_line(fact: Fact) -> str:
    """One line of JSON: first `t`, `said` and `fact`, then the details."""
    return json.dumps({"t": fact.t, "said": fact.said, "fact": fact.name, **details_of(fact)}, ensure_ascii=False)


def hours(t: float) -> str:
    """Seconds as hours, minutes and seconds: `1:02:03`."""
    seconds = int(t)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


class Telling:
    """Tells each fact in the words that a given function returns; None leaves the fact out."""

    def __init__(self, words: Callable[[Fact], str | None], tell: Callable[[str], object]) -> None:
        self._words = words
        self._tell = tell

    def perform(self, effect: Effect) -> None:
        """Tell a note; other effects are for others."""
        words = self._words(effect.fact) if isinstance(effect, Note) else None
        if words is not None:
            self._tell(words)


class Totalling:
    """Adds facts up."""

    def __init__(self, in_time_s: float = IN_TIME_S) -> None:
        self._tally = Tally(in_time_s)

    def perform(self, effect: Effect) -> None:
        """Count a note; other effects are for others."""
        if isinstance(effect, Note):
            self._tally.note(effect.fact)

    def figures(self, now: float) -> Figures:
        """The figures as of `now`."""
        return self._tally.figures(now)


class Collecting:
    """Keeps all facts."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def perform(self, effect: Effect) -> None:
        """Keep a note; other effects are for others."""
        if isinstance(effect, Note):
            self.facts.append(effect.fact)
