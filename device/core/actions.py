"""The rules' actions around a break: cards, questions, reminders, putting off and muting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from device.core.from_page import FromPage
from device.core.guiding import Guiding
from device.mind.rules import Action, Mode
from device.mind.state import WHO_SITS_S, State
from device.stages.people import WhoSits
from device.stages.questions import Questions
from device.words.effects import Cue
from device.words.events import Chosen, Event
from device.words.facts import Acknowledged, Answered, Away, MeetingOff, Muted, PersonChosen, SafetySeen, Snoozed, Stuck
from device.words.instants import after, between


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
            Action.PUT_AWAY: self._put_away,
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

    def _put_away(self) -> None:
        """Put the card away, and what is offered on it. No break is owed, so nothing is put off."""
        self._state.offer = None
        self._state.rest()

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
        if state.reminders.levels.in_meeting:
            state.note(MeetingOff(state.now, state.now, state.reminders.levels.meeting))
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


class Naming:
    """Knows who of several people sits, and asks after a long absence. With no names it does nothing."""

    def __init__(self, state: State, from_page: FromPage) -> None:
        self._state = state
        self._from_page = from_page

    def named(self) -> Mapping[Action, Callable[[], None]]:
        """Return the method for each action."""
        return {Action.NEXT_NAME: self._next_name, Action.TAKE_NAME: self._take_name}

    def hear(self, event: Event) -> None:
        """Take in who sits now, said on the page or in the terminal; it ignores other events and unknown names."""
        match event:
            case Chosen(name=PersonChosen.name, value=person) if person in self._names and person != self._in_force:
                is_asked, self._state.who = self._state.who is not None, None
                self._note(self._since(), person)
                if is_asked and self._state.mode is Mode.WHO:
                    self._state.rest()

    def sit(self, since: float, left_at: float | None) -> None:
        """Somebody has sat down who is known to have left at `left_at`, if that is known: ask who it is, perhaps."""
        state, names = self._state, self._names
        state.who = None
        if left_at is None and self._in_force:
            # A recorded day begins like that, with a full break that is just over.
            left_at = between(state.settings.limits.full_break_s, state.memory.seen_from)
        in_force = self._in_force if self._in_force in names else (names or ("",))[0]
        if in_force != self._in_force:
            self._note(since, in_force)
        is_known = left_at is not None and state.memory.before is None
        is_short = is_known and between(left_at or 0.0, since) < state.settings.persons.ask_after_s
        if names and not is_short and state.memory.owed is None:
            state.who = WhoSits(names, names.index(in_force), since)
            if state.mode is Mode.WATCHING:
                state.be_idle()

    @property
    def _names(self) -> tuple[str, ...]:
        return self._state.settings.persons.names

    @property
    def _in_force(self) -> str:
        return self._state.memory.choices.person

    def _since(self) -> float:
        """From when on a person sits who is named now: a bout is of one person, as far as this start knows it."""
        state, session = self._state, self._state.session
        if session.seated_since is not None and session.bout_start is not None:
            return max(session.bout_start, min(state.memory.seen_from, session.seated_since))
        # Who is just sitting down isn't believed yet.
        return state.presence.since if state.presence.taken else state.now

    def _note(self, since: float, person: str) -> None:
        self._state.note(PersonChosen(since, self._state.now, person, self._in_force))

    def _next_name(self) -> None:
        """Hold the next name out, unless the question is over since the finger came down."""
        state = self._state
        if state.who is not None:
            state.who.press()
            state.who.until = after(state.now, WHO_SITS_S)
            state.rest()

    def _take_name(self) -> None:
        state, who = self._state, self._state.who
        assert who is not None, "a name is held out"
        state.who = None
        if who.name != self._in_force:
            self._note(who.sat_at, who.name)
        state.rest()
        if who.greets and state.presence.seated:
            state.greet()
        self._from_page.offer()
