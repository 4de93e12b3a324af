"""What the office suggests: the panel asks about it once a day at the most, and nothing changes without an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from device.core.offers import is_there_to_answer
from device.mind.rules import Action, Mode
from device.mind.snapshot import Notice
from device.mind.state import State
from device.settings.choices import choice, name_and_value
from device.words.effects import TakePreset
from device.words.events import Chosen, Event
from device.words.facts import OfficeAnswered, OfficeAsked, OfficeOffered
from device.words.instants import MINUTE_S, after, between

_TOLD_S = 5.0
"""For how many seconds the panel says that a preset is taken."""
OF_OFFICE = (OfficeOffered.name, OfficeAnswered.name)
"""The choices that this takes in."""


def asks_at(state: State) -> float | None:
    """When the panel asks about what the office suggests if nothing changes; None for never.

    Somebody has sat for a minute then, and there is time left for an answer before the next break comes up.
    """
    since, milestone = state.session.seated_since, state.session.next_milestone()
    if state.office_offer is None or state.was_asked or state.offer is not None or since is None or milestone is None:
        return None
    if not state.presence.taken or not is_there_to_answer(state):
        return None
    at = max(state.now, after(since, MINUTE_S), state.notice_until)
    room_s = after(state.settings.limits.heads_up_s, state.settings.screens.question_s)
    return at if between(at, milestone[0]) > room_s else None


class OfficeQuestion:
    """Asks at the panel, and takes in the answer from there or from the page."""

    def __init__(self, state: State) -> None:
        self._state = state

    def named(self) -> Mapping[Action, Callable[[], None]]:
        """Return the method for each action."""
        return {Action.TAKE_OFFER: self._take, Action.DECLINE_OFFER: self._decline}

    def deadlines(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """All that happens by time alone. Each is in the future, or happens now."""
        state = self._state
        at = asks_at(state) if state.mode is Mode.WATCHING and state.presence.settled else None
        if at is not None:
            yield at, self._ask

    def hear(self, event: Event) -> None:
        """Take in what the office suggests and what the page answers; it ignores other events."""
        match event:
            case Chosen(name=OfficeOffered.name, value=value):
                self._be_offered(value)
            case Chosen(name=OfficeAnswered.name, value=value):
                fact = choice(self._state.now, OfficeAnswered.name, value)
                assert isinstance(fact, OfficeAnswered), "its name says so"
                self._answer(fact.offer, taken=fact.taken)

    def _be_offered(self, value: str) -> None:
        """Keep it, unless somebody has answered it already. A new one takes the place of the one before."""
        state = self._state
        fact = choice(state.now, OfficeOffered.name, value)
        assert isinstance(fact, OfficeOffered), "its name says so"
        if not state.memory.choices.has_answered(fact.offer):
            state.choose(*name_and_value(fact))
            # What a finger answers is what stood there, so another one waits for its own day.
            self._put_away()

    def _ask(self) -> None:
        state, offer = self._state, self._state.office_offer
        assert offer is not None, "there is something to ask about"
        assert state.wall is not None, "whether it may be taken follows from the clock"
        state.choose(OfficeAsked.name, f"{offer.offer} {state.wall[1].date()}")
        state.offer = Mode.OFFICE_OFFERED, after(state.now, state.settings.screens.question_s)
        state.rest()

    def _take(self) -> None:
        self._answer_at_hand(taken=True)

    def _decline(self) -> None:
        self._answer_at_hand(taken=False)

    def _answer_at_hand(self, *, taken: bool) -> None:
        """Answer what stood on the panel when the finger came down."""
        offer = self._state.offered_at_hand
        self._answer("" if offer is None else offer.offer, taken=taken)

    def _answer(self, offer: str, *, taken: bool) -> None:
        """Note the answer, if that is what the office suggests; the page may be late."""
        state, open_one = self._state, self._state.office_offer
        if open_one is None or open_one.offer != offer:
            return
        state.note(OfficeAnswered(state.now, state.now, offer, taken))
        if taken:
            state.effects.append(TakePreset(open_one.preset))
            state.tell(Notice.PRESET_TAKEN, _TOLD_S)
        self._put_away()

    def _put_away(self) -> None:
        state = self._state
        if state.offer is not None and state.offer[0] is Mode.OFFICE_OFFERED:
            state.offer = None
        if state.mode is Mode.OFFICE_OFFERED:
            state.rest()
