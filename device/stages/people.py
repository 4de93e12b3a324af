"""Several people who share a chair: whose each fact is, what is asked of them, and the figures of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from device.stages.tally import Figures, Tally
from device.words.facts import (
    Away,
    Bout,
    BreakHonoured,
    Choice,
    Fact,
    FellDue,
    PersonChosen,
    PowerCut,
    Resumed,
    Sat,
    SeatBack,
    SeatDoubted,
    SeatDrifted,
    SeatLost,
    SeatTrusted,
)

_OF_EVERYBODY = (Resumed, PowerCut, SeatLost, SeatBack, SeatDrifted, SeatDoubted, SeatTrusted, PersonChosen, Away)
"""Facts about the device and its seat, whoever sits; about who sits, and about who is away."""


@dataclass(slots=True)
class WhoSits:
    """The question who sits now. It holds one name out, which counts if nobody says another."""

    names: Sequence[str]
    nth: int
    sat_at: float
    """When they sat down."""
    until: float | None = None
    """When the name that is held out counts; None while the question hasn't been seen."""
    greets: bool = False
    """The last day's figures come after it."""

    @property
    def name(self) -> str:
        """The name that is held out."""
        return self.names[self.nth]

    def press(self) -> None:
        """Hold the next name out."""
        self.nth = (self.nth + 1) % len(self.names)


def person_before(facts: Iterable[Fact], choices: Iterable[Choice]) -> str:
    """Who was in force before these facts; `choices` are the latest. Empty for nobody named."""
    first = next((fact for fact in facts if isinstance(fact, PersonChosen)), None)
    if first is not None:
        return first.before
    return next((fact.person for fact in choices if isinstance(fact, PersonChosen)), "")


class Owners:
    """Says whose each fact is: that of the person who sat last when it was true."""

    def __init__(self, in_force: str = "") -> None:
        self.in_force = in_force
        """Whose the next sitting is; empty for nobody named."""
        self._due_of: str | None = None
        """Whose break fell due last."""
        self._sat: list[tuple[float, str]] = [(float("-inf"), in_force)]
        """When somebody sat down, and who; only the last two sittings are needed."""

    @property
    def is_even(self) -> bool:
        """Whether the person in force is the one who sat last."""
        return self._sat[-1][1] == self.in_force

    def start_anew(self) -> None:
        """From here on, instants begin again."""
        self._due_of, self._sat = None, [(float("-inf"), self.in_force)]

    def share(self, facts: Sequence[Fact]) -> Iterator[tuple[Fact, str | None]]:
        """Each fact with the person it is of; None for everybody. A word in them may be about facts before it."""
        words = self._words(facts)
        for fact in facts:
            if isinstance(fact, PersonChosen):
                self.in_force = fact.person
            yield fact, self._owner(fact, words)

    def _words(self, facts: Sequence[Fact]) -> list[tuple[float, str]]:
        """From when on who was in force. A later word replaces the earlier ones about the same time."""
        words = [(float("-inf"), self.in_force)]
        for fact in facts:
            if isinstance(fact, PersonChosen):
                words = [each for each in words if each[0] < fact.t]
                words.append((fact.t, fact.person))
        return words

    def _owner(self, fact: Fact, words: Sequence[tuple[float, str]]) -> str | None:
        if isinstance(fact, _OF_EVERYBODY):
            return None
        if isinstance(fact, Sat):
            who = next(who for since, who in reversed(words) if since <= fact.t)
            self._sat = [self._sat[-1], (fact.t, who)]
            return who
        if isinstance(fact, BreakHonoured) and fact.was_due and self._due_of is not None:
            return self._due_of
        # What is found out late, or comes with a sitting, is about the time before it.
        owner = next((who for since, who in reversed(self._sat) if since < fact.t), self._sat[0][1])
        if isinstance(fact, FellDue):
            self._due_of = owner
        return owner


class Tallies:
    """Adds up the facts of a day: of everybody together, and of each person for themselves."""

    def __init__(self, everybody: Tally, owners: Owners | None) -> None:
        """Without `owners` the chair isn't shared."""
        self._everybody = everybody
        self.owners = owners
        self._own: dict[str, Tally] = {}
        self._recent: list[Fact] = []
        """The facts since the last bout ended. Somebody may still say whose they are."""
        self._base: tuple[dict[str, Tally], Owners] = {}, owners or Owners()
        """How it stood before these."""

    def go_by(self, in_time_s: float, owners: Owners | None) -> None:
        """A due break is in time within so many seconds; and the chair is shared, or not."""
        for tally in (self._everybody, *self._own.values(), *self._base[0].values()):
            tally.in_time_s = in_time_s
        if self.owners is None or owners is None:
            self.owners = owners

    def note(self, fact: Fact) -> None:
        """Take in a fact."""
        self._everybody.note(fact)
        if self.owners is None:
            return
        if not self._recent:
            self._base = deepcopy((self._own, self.owners))
        self._recent.append(fact)
        if isinstance(fact, PersonChosen):
            self._own, self.owners = deepcopy(self._base)
            self._take(self.owners, self._recent)
            return
        self._take(self.owners, [fact])
        if isinstance(fact, Bout):
            self._recent.clear()

    def figures(self, now: float) -> Figures:
        """The figures of everybody together, as of `now`."""
        return self._everybody.figures(now)

    def own(self, who: str, now: float) -> Figures:
        """The figures of a person, as of `now`."""
        return self._own.get(who, self._everybody.fresh()).figures(now)

    @property
    def names(self) -> Collection[str]:
        """Who has sat; a name may be empty for nobody named."""
        return self._own

    def split(self, at: float) -> Tallies:
        """Close these at `at` and return new ones. A sitting that goes on counts there from `at`."""
        fresh = Tallies(self._everybody.split(at), self.owners)
        fresh._own = {who: tally.split(at) for who, tally in self._own.items()}
        return fresh

    def join(self, before: Tallies) -> None:
        """Add what came before a power cut. A bout that was open then goes on here."""
        self._everybody.join(before._everybody)
        for own in (self._own, self._base[0]) if self._recent else (self._own,):
            for who, tally in deepcopy(before._own).items():
                own.setdefault(who, self._everybody.fresh()).join(tally)

    def _take(self, owners: Owners, facts: Sequence[Fact]) -> None:
        for fact, owner in owners.share(facts):
            if owner is not None and owner not in self._own:
                self._own[owner] = self._everybody.fresh()
            for who, tally in self._own.items():
                if owner in (None, who):
                    tally.note(fact)
                else:
                    tally.pass_by(fact)
