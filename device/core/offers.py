"""The offers beside the break: a short break to who sits, and to move to who has long been off the chair."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from device.mind.rules import Mode
from device.mind.state import State
from device.words.effects import Cue
from device.words.facts import MoveOffered, ShortOffered, ShortTaken
from device.words.instants import MINUTE_S, after, between

_SOUNDS_AFTER_S = 60.0
"""How long somebody sits on with a short break on offer before it sounds once, in seconds."""
MOVE_AFTER_S = 45 * MINUTE_S
"""After how many seconds off the chair the panel offers to move, and again after a press."""

_CALM = (Mode.STARTING, Mode.WATCHING)
"""Where there is nothing more urgent on the panel."""


def short_offer_at(state: State) -> float | None:
    """When a short break is offered if nothing changes; None for never."""
    session, limits = state.session, state.settings.limits
    milestone = session.next_milestone()
    if not _sits(state) or not limits.short_every_s or state.reminders.hushed or milestone is None:
        return None
    at = after(state.now, max(0.0, between(session.unbroken_s(state.now), limits.short_every_s)))
    # What comes up on the screen isn't talked over.
    return at if between(at, milestone[0]) > limits.heads_up_s and session.invited_at is None else None


def short_counts_at(state: State) -> float | None:
    """When the present absence is the short break that was offered; None without such an absence."""
    session, limits = state.session, state.settings.limits
    if session.short_offered_at is None or session.left_at is None or not limits.short_every_s:
        return None
    return after(session.left_at, limits.short_break_s)


def move_offer_at(state: State) -> float | None:
    """When the panel offers to move if the chair stays empty; None for never."""
    left_at, move_from_s = state.session.left_at, state.session.move_from_s
    closes_at = state.memory.closes_day_at()
    if left_at is None or closes_at is None or move_from_s is None or not _may_be_standing(state):
        return None
    at = after(after(left_at, move_from_s), MOVE_AFTER_S)
    return at if at < closes_at else None


def offers_short(state: State) -> bool:
    """Whether a short break is on offer, be it only as a mark."""
    is_wanted = state.settings.limits.short_every_s and not state.reminders.hushed
    return bool(is_wanted) and state.session.short_offered_at is not None and state.chair_is_known


def _sits(state: State) -> bool:
    """Whether it is sure that somebody sits there."""
    return state.presence.seated and state.presence.taken and state.chair_is_known and state.memory.doubt is None


def is_there_to_answer(state: State) -> bool:
    """Whether somebody is believed to sit there who may be asked something that isn't urgent."""
    is_believed = state.presence.seated and state.chair_is_known and state.memory.doubt is None
    return is_believed and not state.reminders.hushed


def _may_be_standing(state: State) -> bool:
    """Whether somebody may be there who is off the chair. Nobody knows."""
    is_wanted = state.settings.limits.standing == "half" and not state.reminders.no_offers
    return is_wanted and state.memory.day_open and state.chair_is_known and state.memory.doubt is None


class Offers:
    """Makes the offers, sounds once for a short break, and withdraws them when they no longer apply."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._sounds_for: float | None = None
        """When the short break was offered for which it may still sound; None if it may not."""

    def deadlines(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """All that happens by time alone. Each is in the future, or happens now."""
        state = self._state
        if state.offer is not None and not self._stands(state.offer[0]):
            yield state.now, self._withdraw
        sounds_at = self._sounds_at()
        if sounds_at is not None:
            yield sounds_at, self._sound
        counts_at = short_counts_at(state)
        # While a touch may become a sitting, no break is over.
        if counts_at is not None and state.presence.settled and state.chair_is_known:
            yield counts_at, self._rest_briefly
        if state.mode not in _CALM or not state.presence.settled:
            return
        for at, make in ((short_offer_at(state), self._offer_short_break), (move_offer_at(state), self._offer_to_move)):
            if at is not None:
                yield at, make

    def _stands(self, offer: Mode) -> bool:
        """Whether what is offered still applies."""
        state = self._state
        if state.mode is Mode.ACKNOWLEDGED or state.guide is not None:
            # Somebody has asked for more.
            return False
        if offer is Mode.OFFICE_OFFERED:
            return state.office_offer is not None and is_there_to_answer(state)
        if offer is Mode.SHORT_OFFERED:
            return offers_short(state)
        waits = state.session.left_at is not None and state.session.move_from_s is None
        return waits and _may_be_standing(state)

    def _withdraw(self) -> None:
        state = self._state
        state.offer = None
        if state.mode in (Mode.SHORT_OFFERED, Mode.MOVE_OFFERED, Mode.OFFICE_OFFERED):
            state.rest()

    # ---- a short break

    def _offer_short_break(self) -> None:
        state = self._state
        state.note(ShortOffered(state.now, state.now, state.session.unbroken_s(state.now)))
        self._sounds_for = state.now
        self._offer(Mode.SHORT_OFFERED, state.settings.screens.invite_s)

    def _rest_briefly(self) -> None:
        state = self._state
        at = short_counts_at(state)
        assert at is not None, "only an empty chair comes to a short break"
        # Before a power cut nobody could have said so.
        state.note(ShortTaken(max(at, state.memory.seen_from), state.now))

    def _sounds_at(self) -> float | None:
        """When it sounds for the short break on offer. Who has just sat back, or met others, is left alone."""
        state = self._state
        if self._sounds_for is None or state.offer is None or state.mode not in (*_CALM, Mode.SHORT_OFFERED):
            return None
        if not _sits(state):
            return None
        return max(after(self._sounds_for, _SOUNDS_AFTER_S), state.reminders.not_before)

    def _sound(self) -> None:
        self._sounds_for = None
        self._state.reminding = True
        self._state.sound(Cue.SHORT_OFFER)

    # ---- to move

    def _offer_to_move(self) -> None:
        state = self._state
        left_at = state.session.left_at
        assert left_at is not None, "only who is off the chair is offered to move"
        state.note(MoveOffered(state.now, state.now, between(left_at, state.now)))
        state.lit_at = state.now
        self._offer(Mode.MOVE_OFFERED, MOVE_AFTER_S)

    def _offer(self, mode: Mode, lasts_s: float) -> None:
        state = self._state
        state.offer = mode, after(state.now, lasts_s)
        state.rest()
