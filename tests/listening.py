"""A coach that is listened to: what it does with a row of events, and its facts in the words of the reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from device.core.coach import Coach
from device.screens.screens import compose
from device.settings.settings import Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Effect, Note, Show
from device.words.events import Event, Seat, Tick
from tests.facts import details_of
from tests.reading import Bout, Due, Reading, Told


class Listener:
    """A coach and everything it has said, with the instant it was called."""

    def __init__(self, settings: Settings, *, is_seen: bool = True) -> None:
        self.coach = Coach(settings, repertoire(settings), compose=compose if is_seen else None)
        self.said: list[tuple[float, Effect]] = []
        self.taken = False
        """The level it heard last."""

    def hear(self, event: Event) -> None:
        """Let the coach hear it."""
        if isinstance(event, Seat):
            self.taken = event.taken
        self.said += [(event.at, effect) for effect in self.coach.handle(event)]

    def catch_up(self, at: float) -> None:
        """Keep every deadline up to `at`."""
        before = None
        while (deadline := self.coach.next_deadline()) is not None and deadline <= at:
            assert before is None or deadline > before, "time goes on"
            before = deadline
            self.hear(Tick(deadline))

    @property
    def deeds(self) -> list[Effect]:
        """All but the screens, which only show what was the case when the coach was asked."""
        return [effect for _, effect in self.said if not isinstance(effect, Show)]

    @property
    def facts(self) -> list[tuple[str, float, float, dict[str, Any]]]:
        """The facts as plain values: name, t, said, details."""
        return [
            (effect.fact.name, effect.fact.t, effect.fact.said, dict(details_of(effect.fact)))
            for _, effect in self.said
            if isinstance(effect, Note)
        ]

    @property
    def reading(self) -> Reading:
        """What was said of sitting and breaks."""
        facts = self.facts

        def told(name: str) -> list[Told]:
            return [Told(ms(t), ms(said)) for fact, t, said, _ in facts if fact == name]

        return Reading(
            sat=told("sat"),
            left=told("left"),
            full_break=told("full_break"),
            due=[Due(ms(t), ms(details["sitting_s"])) for fact, t, _, details in facts if fact == "due"],
            bout=[
                Bout(ms(details["start"]), ms(details["seated_s"]), ms(said))
                for fact, _, said, details in facts
                if fact == "bout"
            ],
        )


def on_time(events: Sequence[Event], settings: Settings, *, is_seen: bool = True) -> Listener:
    """A day with every deadline kept to the millisecond."""
    listener = Listener(settings, is_seen=is_seen)
    for event in events:
        listener.catch_up(event.at)
        listener.hear(event)
    return listener


def levels(events: Sequence[Event]) -> list[tuple[int, bool]]:
    """The chair's levels as the reading takes them."""
    return [(ms(event.at), event.taken) for event in events if isinstance(event, Seat)]


def ms(seconds: float) -> int:
    """Whole milliseconds."""
    return round(seconds * 1000)
