"""The rules' actions around a break: cards, questions, reminders, putting off and muting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from device.core.from_page import FromPage
from device.core.guiding import Guiding
from device.core.rules import Action, Mode
from device.core.state import State
from device.stages.questions import Questions
from device.words.effects import Cue
from device.words.facts import Acknowledged, Answered, Away, Muted, SafetySeen, Snoozed, Stuck
from device.words.instants import after


class Actions:
    """Actions that change the state."""

    def __init__(self, state: State, guiding: Guiding, from_page: FromPage) -> None:
        self._state = state
        self._guiding = guiding
        self._from_page = from_page

    def named(self) -> Mapping[Action, Callable[[], None]]:
        """Return the method for each action."""
        return {
            Action.REST: self._state.rest,
            Action.READ_ON: self._read_on,
            Action.GET_IT: self._get_it,
            Action.NEXT_ANSWER: self._next_answer,
            Action.THIS_ANSWER: self._this_answer,
            Action.ASK_ANEW: self._ask_anew,
            Action.LEAVE_IT: self._leave_it,
            Action.SHOW_TODAY: self._show_today,
            Action.ACKNOWLEDGE: self._acknowledge,
            Action.SNOOZE: self._snooze,
            # No break is owed, so this card is put away and nothing is put off.
            Action.PUT_AWAY: self._state.rest,
            Action.MUTE: self._mute,
            Action.UNMUTE: self._unmute,
            Action.COME_BACK: self._come_back,
            Action.REMIND: self._remind,
            Action.ASK_STILL_YOU: self._ask_still_you,
            Action.ITS_ME: self._its_me,
        }

    # ---- cards and questions

    def _read_on(self) -> None:
        """Show the next of the stop-if-it-hurts cards."""
        self._state.safety_nth += 1

    def _get_it(self) -> None:
        """Remember that somebody has read the stop-if-it-hurts cards, or the one in the guide."""
        self._state.choose(SafetySeen.name)
        if self._state.cautions:
            self._guiding.skip()
        self._state.rest()
        self._from_page.offer()

    def _next_answer(self) -> None:
        if self._state.questions is not None:
            self._hear_answer(self._state.questions, self._state.questions.press())

    def _this_answer(self) -> None:
        if self._state.questions is not None:
            self._hear_answer(self._state.questions, self._state.questions.hold())

    def _hear_answer(self, questions: Questions, answer: tuple[str, str] | None) -> None:
        if answer is not None:
            self._state.choose(*answer)
        if questions.topic is None:
            self._state.questions = None
        self._state.rest()
        self._from_page.offer()

    def _ask_anew(self) -> None:
        """Ask for language and conditions again, after a long hold in the dark.

        The hold has muted the sound before it became long; this undoes that.
        """
        state = self._state
        if state.asks:
            self._unmute()
            state.questions = Questions(state.asks, list(state.languages))
            state.rest()

    def _leave_it(self) -> None:
        """Drop repeated questions that nobody answers; the earlier answers stay."""
        self._state.questions = None
        self._state.rest()

    def _show_today(self) -> None:
        state = self._state
        if state.guide is None:
            state.enter(Mode.TODAY, after(state.now, state.settings.screens.today_s))

    # ---- the break

    def _acknowledge(self) -> None:
        """Show the card of the first stretch: a press asked for the break."""
        state = self._state
        state.note(Acknowledged(state.now, state.now))
        if state.guide is not None:
            # The guide began while the finger was down.
            state.guide.asked = True
        else:
            state.by_press = True
            state.enter(Mode.ACKNOWLEDGED, after(state.now, state.settings.reminders.acknowledged_s))

    def _snooze(self) -> None:
        """Put off the break, if one is still owed."""
        state = self._state
        if state.memory.owed is not None:
            until = after(state.now, state.settings.reminders.snooze_s)
            state.note(Snoozed(state.now, state.now, until, state.reminders.snoozes + 1))
        state.rest()

    # ---- sound

    def _mute(self) -> None:
        now = self._state.now
        if not self._state.reminders.enough:
            # It may have become enough for today while the finger was down.
            self._state.note(Muted(now, now, after(now, self._state.settings.reminders.mute_s)))
        self._state.rest()

    def _unmute(self) -> None:
        state, had_offers = self._state, not self._state.reminders.no_offers
        if state.reminders.is_muted:
            state.sound_again()
        if not had_offers:
            state.heed_offers()

    def _come_back(self) -> None:
        self._state.choose(Away.name)
        self._state.heed_date()
        self._unmute()

    def _remind(self) -> None:
        self._state.reminding = True
        self._state.sound(Cue.REMINDER, self._state.reminders.spent + 1)

    # ---- who sits there

    def _ask_still_you(self) -> None:
        state = self._state
        state.doubted_since = state.unmoved_since
        state.note(Stuck(state.now, state.now, Stuck.SEAT, state.doubted_since))
        state.hush()
        state.lit_at = state.now
        state.enter(Mode.ASKING)

    def _its_me(self) -> None:
        self._state.note(Answered(self._state.now, self._state.now))
        self._state.its_me_at = self._state.now
        self._state.rest()
