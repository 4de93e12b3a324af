"""The coach decides what it all means: facts come in by one door, effects go out, and the rules are one table.

Every event goes through `handle`. Before it is heard, each deadline up to its instant is played at its own
time, so it makes no difference how often or how late the coach is called.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial

from device.core.button import Finger, Gesture
from device.core.guide import Guide
from device.core.memory import Interruption, Memory
from device.core.presence import Presence
from device.core.questions import Questions
from device.core.reminders import Voice
from device.core.rules import Mode, Push
from device.core.session import Milestone, Session
from device.core.snapshot import Asked, GuideStatus, Notice, Owed, Status
from device.settings.choices import choice
from device.settings.settings import Settings
from device.stretches.repertoire import Repertoire
from device.stretches.steps import StepKind, Turn, cautioned, steps
from device.stretches.stretch import Posture, Stretch
from device.words.effects import Cue, Effect, Fact, Note, Play, Screen, Show, Silence
from device.words.events import Button, Chosen, Clock, DayEnded, Event, Panel, Power, QuietHours, Seat
from device.words.instants import A_MOMENT_S, after, between, whole
from device.words.past import Past

_ASKED_ANEW_S = 120.0
"""So long a question that was asked for again waits for a finger."""


class Signal(Enum):
    """What the stages tell the rules."""

    EMPTY = auto()
    """The raw level went empty."""
    LEFT = auto()
    FULL_BREAK = auto()
    INVITE = auto()
    DUE = auto()
    PRESS = auto()
    HOLD = auto()
    LONG_HOLD = auto()
    RISEN = auto()
    """The level has been empty long enough for the guide."""
    SAT_DOWN = auto()
    """The level has been taken long enough to pause the guide."""
    STAYED_DOWN = auto()
    """The level has been taken long enough to end the guide."""
    STEP_OVER = auto()
    LAPSED = auto()
    """The mode has had its time."""
    REMINDER = auto()
    STILL_YOU = auto()


Action = Callable[["Coach"], None]
Compose = Callable[[Status], tuple[Screen, float | None]]
"""From how things stand to what to show, and until when that stays true."""
_Deadline = tuple[float, Callable[[], None]]


class Coach:
    """The core of the device. It has no clock, thread, pin or file: time comes in with each event."""

    def __init__(
        self, settings: Settings, repertoire: Repertoire, now: float = 0.0, compose: Compose | None = None
    ) -> None:
        """Where nobody looks nothing composes screens; all else is the same."""
        self._settings = settings
        self._repertoire = repertoire
        self._now = now
        self._effects: list[Effect] = []

        self._presence = Presence(settings.settle, now)
        self._memory = Memory(settings, now)
        self._finger = Finger(settings.press)
        self._press_means: Action | None = None
        self._hold_means: Action | None = None
        self._long_hold_means: Action | None = None
        self._at_hand: Stretch | None = None
        """What the guide showed when a finger last came down."""

        self._mode = Mode.WATCHING
        self._lapses_at: float | None = None
        self._lit_at = now
        """When a card that nobody has answered was last brought to light."""
        self._guide: Guide | None = None
        self._guide_ended_at: float | None = None
        self._guided_absence = False
        """The guide has already had its chance since the chair emptied."""
        self.left_out = 0
        """Facts that were to be remembered and made no sense where they stood."""
        self._past: Past | None = None
        """What is to be resumed as soon as it is told that the power is back."""
        self._asked_until: float | None = None
        """Till when a break that was asked for before a power cut waits for somebody to rise."""

        self._asks: Collection[str] = ()
        self._languages: Mapping[str, Repertoire] = {}
        self._questions: Questions | None = None

        self._reminding = False

        self._its_me_at = now
        self._doubted_since: float | None = None
        """Since when it had been doubtful that the weight is a person, the last time that was asked."""
        self._panel_present = True
        self._wall: tuple[float, datetime] | None = None

        self._notice: Notice | None = None
        self._notice_until = now

        self._shown: Screen | None = None
        self._compose = compose
        self._screen_until: float | None = now if compose else None
        self._rest()

    # ---- the door

    def recall(self, past: Past) -> None:
        """Know what was before the power went; instants go on from there. Comes before the first event, a `Power`."""
        self._past, self._now = past, past.seen.at
        for told in past.told:
            self._remember(told)
        # Nothing falls due while nobody knows whether somebody sits.
        self._session.halt(past.seated_till)
        self.know(past.choices)

    def _remember(self, told: Fact | DayEnded) -> None:
        """Let it change what it changed then. What doesn't fit is left out, and is no reason not to start."""
        at = told.said if isinstance(told, Fact) else told.at
        if at > self._now or (isinstance(told, Fact) and not self._memory.fits(told)):
            # What is left of a story whose beginning was deleted is nothing odd.
            self.left_out += not self._session.is_untouched
            return
        closes_at = self._memory.closes_day_at()
        if closes_at is not None and closes_at <= at:
            self._memory.close_day(closes_at)
        if not isinstance(told, Fact):
            self._memory.split_day(at)
            return
        self._memory.take(told)

    def follow(self, routines: Iterable[Sequence[str]]) -> None:
        """Know the routines so far, oldest first, by the ids of their stretches."""
        self._memory.routines = [list(routine) for routine in routines]

    def ask(self, topics: Collection[str], languages: Mapping[str, Repertoire]) -> None:
        """Ask for these, as far as they aren't known; `languages` are those that may be chosen."""
        self._asks, self._languages = topics, languages

    def know(self, choices: Iterable[Fact]) -> None:
        """Know what the person has chosen, however long ago."""
        for fact in choices:
            self._memory.choices.take(fact)
        self._be_idle()

    def handle(self, event: Event) -> list[Effect]:
        """Hear an event and answer with what is to be done. An event older than the last is heard as of then."""
        self._effects = []
        at = max(whole(event.at), self._now)
        self._play_until(at)
        self._now = at
        self._hear(event)
        self._play_until(at)
        self._show()
        return self._effects

    def next_deadline(self) -> float | None:
        """When to call again at the latest, with a Tick if nothing else happens."""
        deadlines = [deadline for deadline, _ in self._deadlines()]
        if self._screen_until is not None:
            deadlines.append(self._screen_until)
        return max(min(deadlines), self._now) if deadlines else None

    @property
    def mode(self) -> Mode:
        """The name of the state."""
        return self._mode

    def status(self) -> Status:
        """A snapshot of how things stand."""
        now, session, presence = self._now, self._session, self._presence
        guide = self._guide
        return Status(
            settings=self._settings,
            words=self._spoken.words,
            now=now,
            mode=self._mode,
            owed=self._memory.owed,
            seated=presence.seated,
            settles_at=presence.next_deadline(),
            sitting_s=session.sitting_s(now),
            invited_at=session.invited_at,
            press=_DOES.get(self._meaning(Signal.PRESS)),
            hold=_DOES.get(self._meaning(Signal.HOLD)),
            lapses_at=self._lapses_at,
            ends_at=self._ends_at(),
            off_at=self._off_at(),
            counts_at=self._counts_at(),
            rested=session.rested,
            muted_until=self._voice.muted_until,
            muted_till=self._wall_clock(self._voice.muted_until),
            quiet=self._voice.quiet and self._voice.has_buzzer,
            reminder_at=self._voice.reminder_at,
            felt=self._finger.felt,
            holds_on=self._finger.holds_on and self._long_hold_means is not None,
            at_hand=self._at_hand,
            left_out=self._memory.choices.left_out,
            spared=self._spared,
            button_stuck=self._finger.stuck,
            dims_at=self._dims_at(),
            notice=self._notice,
            notice_until=self._notice_until,
            today=self._memory.tally.figures(now),
            last_day=self._memory.last_day,
            first_stretch=self._first_stretch(),
            guide=GuideStatus(guide.step, guide.began, guide.elapsed_s(now)) if guide else None,
            asked=self._asked(),
        )

    # ---- time

    def _play_until(self, at: float) -> None:
        """Let every deadline up to `at` happen at its own time, earliest first."""
        while True:
            # min keeps the first of equals, so the order of _deadlines settles ties.
            coming = min(self._deadlines(), key=lambda deadline: deadline[0], default=None)
            if coming is None or coming[0] > at:
                return
            self._now = max(self._now, coming[0])
            coming[1]()

    def _deadlines(self) -> Iterator[_Deadline]:
        """Everything that time alone will bring about; one that lies in the past happens now."""
        settles_at = self._presence.next_deadline()
        if settles_at is not None:
            yield settles_at, self._settle
        gesture_at = self._finger.next_deadline()
        if gesture_at is not None:
            yield gesture_at, self._gesture
        milestone = self._session.next_milestone()
        # Nothing falls due in a fidget, and no break is over while a touch may turn out to be somebody sitting.
        if milestone is not None and self._presence.settled:
            yield milestone[0], partial(self._reach, milestone[1])
        if self._voice.muted_until is not None:
            yield self._voice.muted_until, self._unmute
        day_closes_at = self._memory.closes_day_at()
        if day_closes_at is not None and self._presence.settled:
            yield day_closes_at, self._close_day
        for at, signal in self._timers():
            # Time doesn't pass by what nobody listens to: it would stay due for ever.
            if (self._mode, signal) in RULES:
                yield at, partial(self._apply, signal)

    def _timers(self) -> Iterator[tuple[float, Signal]]:
        """The rules' own deadlines, derived from the state wherever that is possible."""
        # Whoever rises at the last moment is no longer waited for in vain.
        rising = self._mode is Mode.ACKNOWLEDGED and not self._presence.taken
        if self._lapses_at is not None and not rising:
            yield self._lapses_at, Signal.LAPSED
        guide_ends_at = self._guide.next_deadline() if self._guide else None
        if guide_ends_at is not None:
            yield guide_ends_at, Signal.STEP_OVER
        yield from self._level_timers()
        reminder_at = self._voice.reminder_at
        if reminder_at is not None and self._presence.taken and self._presence.seated:
            yield reminder_at, Signal.REMINDER

    def _level_timers(self) -> Iterator[tuple[float, Signal]]:
        since, guide = self._presence.since, self._settings.guide
        if not self._presence.taken:
            if self._rising_starts_guide():
                yield after(since, guide.begins_after_s), Signal.RISEN
            return
        # Whoever does a stretch on the chair hasn't sat down from it.
        if self._guide is None or self._guide.step.stretch.posture is not Posture.SEATED:
            yield after(since, guide.pauses_after_s), Signal.SAT_DOWN
            yield after(since, guide.ends_after_s), Signal.STAYED_DOWN
        if self._presence.seated and self._unmoved_since != self._doubted_since:
            yield after(self._unmoved_since, self._settings.limits.still_you_after_s), Signal.STILL_YOU

    def _rising_starts_guide(self) -> bool:
        asked = self._mode in (Mode.ACKNOWLEDGED, Mode.PAUSED)
        return asked or (self._session.due_at is not None and not self._guided_absence)

    @property
    def _unmoved_since(self) -> float:
        """Since when nothing has told that a person sits there."""
        return max(self._presence.since, self._its_me_at)

    # ---- hearing

    def _hear(self, event: Event) -> None:
        match event:
            case Seat(taken=taken):
                self._level(taken)
            case Button(at=at, down=down):
                # Late or not, a bounce is told from a press by when it was.
                if self._finger.report(whole(at), down) is Gesture.DOWN:
                    self._feel()
            case QuietHours(quiet=quiet):
                self._voice.quiet = quiet
                if quiet:
                    self._hush()
            case Clock(shows=shows, stepped_s=stepped_s):
                self._wall = (self._now, shows)
                if stepped_s:
                    self._note("clock_stepped", by_s=whole(stepped_s))
            case DayEnded():
                self._split_day()
            case Chosen(name=name, value=value):
                self._choose(name, value)
            case Power(off_s=off_s, new_day=new_day):
                if self._past is not None:
                    self._go_on(self._past)
                if off_s is not None and self._memory.before is not None:
                    self._learn(self._memory.before, off_s, new_day)
            case Panel(present=present):
                if present != self._panel_present:
                    self._panel_present = present
                    self._note("panel_back" if present else "panel_lost")
            # A Tick is nothing but its time, which has been played already, and Upkeep is for others.

    def _level(self, taken: bool) -> None:
        since = self._presence.since
        if not self._presence.report(self._now, taken) or taken:
            return
        if between(since, self._now) >= self._settings.settle.sit_s:
            # Whoever sat so long rises anew; after a mere touch it is still the same rising.
            self._guided_absence = False
        self._apply(Signal.EMPTY)

    def _settle(self) -> None:
        """Presence has made up its mind."""
        since = self._presence.settle()
        if self._presence.seated:
            self._sat(since)
        else:
            self._note("left", since)
            self._apply(Signal.LEFT)

    def _sat(self, since: float) -> None:
        owed, left_at, first = self._memory.absence_owed, self._session.left_at, not self._memory.day_open
        self._note("sat", since)
        # Who sat before a cut and sits after it hasn't been seen to rise.
        if owed is not None and left_at is not None and since > left_at:
            self._note("break_cut_short", since, after=owed.value)
        if first and self._memory.before is None:
            self._greet()

    def _reach(self, milestone: Milestone) -> None:
        """The session has come to a mark."""
        reached = {
            Milestone.BREAK: self._end_bout,
            Milestone.FULL_BREAK: self._start_afresh,
            Milestone.DUE: self._fall_due,
            Milestone.INVITE: self._invite,
        }
        reached[milestone]()

    def _end_bout(self) -> None:
        session = self._session
        self._note("bout", session.left_at, start=session.bout_start, seated_s=session.bout_s(self._now))

    def _start_afresh(self) -> None:
        self._tell_full_break(self._session, self._session.full_break_at, self._memory.absence_owed)
        self._apply(Signal.FULL_BREAK)

    def _tell_full_break(self, session: Session, at: float | None, owed: Owed | None) -> None:
        due_at, left_at = session.due_at, session.left_at
        self._note("full_break", at)
        if owed is Owed.DUE and due_at is not None and left_at is not None:
            self._note("break_honoured", at, after=owed.value, rose_after_s=between(due_at, left_at))
        elif owed is not None:
            self._note("break_honoured", at, after=owed.value)

    def _fall_due(self) -> None:
        self._note("due", sitting_s=self._session.sitting_s(self._now))
        self._apply(Signal.DUE)

    def _invite(self) -> None:
        self._note("invite", sitting_s=self._session.sitting_s(self._now))
        self._apply(Signal.INVITE)

    def _feel(self) -> None:
        """A finger came down: silence, no notice in the way, and what it will mean is fixed now."""
        self._hush()
        self._notice_until = self._now
        self._press_means, self._hold_means = self._meaning(Signal.PRESS), self._meaning(Signal.HOLD)
        self._long_hold_means = RULES.get((self._mode, Signal.LONG_HOLD))
        if self._mode is Mode.WATCHING and not (self._is_dark and self._asks):
            self._long_hold_means = None
        self._at_hand = None if self._guide is None or self._cautions else self._guide.step.stretch
        self._lit_at = self._now

    def _meaning(self, gesture: Signal) -> Action | None:
        """What a press or a hold would do now."""
        if gesture is Signal.HOLD and self._voice.muted_until is not None:
            return Coach._unmute
        unseen = self._mode in (Mode.STARTING, Mode.CHOOSING) and self._is_dark
        if unseen and (gesture is Signal.PRESS or self._mode is Mode.CHOOSING):
            # It brings the card to light; what nobody could read is not answered.
            return None
        action = RULES.get((self._mode, gesture))
        if action is Coach._skip and self._mode is Mode.GUIDING and self._cautions:
            return Coach._get_it
        if action is Coach._snooze and self._memory.owed is None:
            return Coach._put_away
        if action is Coach._snooze and not self._voice.may_snooze:
            action = Coach._mute
        # Without a buzzer there is no sound that could be off.
        return action if action is not Coach._mute or self._voice.has_buzzer else None

    def _gesture(self) -> None:
        """The finger has made itself clear."""
        match self._finger.settle():
            case Gesture.PRESS if self._press_means is not None:
                self._press_means(self)
            case Gesture.HOLD if self._hold_means is not None:
                self._hold_means(self)
            case Gesture.LONG_HOLD if self._long_hold_means is not None:
                self._long_hold_means(self)
            case Gesture.STUCK:
                self._note("stuck", what="button")

    def _apply(self, signal: Signal) -> None:
        """The only way from a signal to an action."""
        if signal is Signal.EMPTY and self._reminding:
            self._hush()
        action = RULES.get((self._mode, signal))
        if action is not None:
            action(self)

    # ---- after a power cut

    def _go_on(self, past: Past) -> None:
        """The first thing said after a start that isn't the first."""
        asked = self._memory.under_way
        if asked is not None and asked.fact == "guide_started":
            self._note("guide_ended", past.seen.at, how="power_cut")
        self._note("resumed", cut_at=past.seen.at, seated_till=past.seated_till)
        assert self._memory.before is not None, "a start interrupts what was before"
        self._memory.before.unsure_s = past.unsure_s
        self._past, self._presence = None, Presence(self._settings.settle, self._now)
        self._its_me_at = self._lit_at = self._now
        self._asked_until = self._waits_until(asked)

    def _waits_until(self, asked: Fact | None) -> float | None:
        if asked is None or not asked.details.get("asked", True):
            return None
        began = asked.said if asked.fact == "acknowledged" else self._now
        return after(began, self._settings.reminders.acknowledged_s)

    def _learn(self, before: Interruption, off_s: float, new_day: bool) -> None:
        """Now it is known for how long the device was off: as long as a full break, it was one."""
        limits, session = self._settings.limits, before.session
        absence_s = before.absence_s(off_s)
        long_s = between(before.unsure_s, off_s)
        # After a full break, which is over, a short cut is none by itself either.
        counts = max(long_s, 0.0 if session.rested else absence_s) >= limits.full_break_s
        left_at = before.cut_at if session.left_at is None else session.left_at
        if session.bout_start is not None and (counts or absence_s >= limits.break_after_s):
            self._note("bout", left_at, start=session.bout_start, seated_s=session.bout_s(self._now))
        if counts and not session.rested and not session.is_untouched:
            # Before the start in any case, so that it belongs to what was before.
            at = min(after(left_at, limits.full_break_s), between(A_MOMENT_S, before.on))
            self._tell_full_break(session, at, before.absence_owed)
        first = new_day or not before.day_open
        self._note("power_cut", off_s=whole(off_s), counts=counts, new_day=new_day)
        if first and before.sat_at is not None:
            self._greet()
        self._take_up(counts=counts)

    def _take_up(self, *, counts: bool) -> None:
        """Go on with what the sitting time calls for now, and with a break that had been asked for."""
        if self._mode not in (Mode.CHOOSING, Mode.STARTING, Mode.WATCHING, Mode.INVITED, Mode.DUE):
            return
        self._rest()
        if not counts and self._asked_until is not None:
            self._enter(Mode.ACKNOWLEDGED, self._asked_until)

    # ---- actions: what a rule does

    def _rest(self) -> None:
        """Go back to the mode that the sitting time calls for; a guide that has begun goes on."""
        if self._guide is not None:
            return
        snoozed_until = self._voice.snoozed_until
        if self._memory.owed is None:
            self._be_idle()
        elif snoozed_until is not None and snoozed_until > self._now:
            self._enter(Mode.SNOOZED, snoozed_until)
        else:
            self._enter(Mode.DUE if self._memory.owed is Owed.DUE else Mode.INVITED)

    def _be_idle(self) -> None:
        """Nothing is owed: there is time for what nobody has answered yet."""
        choices = self._memory.choices
        open_ones = [topic for topic in self._asks if choices.value(topic) is None]
        if self._questions is None and open_ones:
            self._questions = Questions(open_ones, list(self._languages))
        if self._questions is not None:
            # Asked anew, they have been answered once and go by themselves.
            lapses_at = None if open_ones else after(self._now, _ASKED_ANEW_S)
            self._enter(Mode.CHOOSING, lapses_at)
        else:
            self._enter(Mode.STARTING if self._is_unwarned else Mode.WATCHING)

    def _next_answer(self) -> None:
        if self._questions is not None:
            self._hear_answer(self._questions, self._questions.press())

    def _this_answer(self) -> None:
        if self._questions is not None:
            self._hear_answer(self._questions, self._questions.hold())

    def _hear_answer(self, questions: Questions, answer: tuple[str, str] | None) -> None:
        if answer is not None:
            self._choose(*answer)
        if questions.topic is None:
            self._questions = None
        self._rest()

    def _ask_anew(self) -> None:
        """Held on in the dark: language and conditions once more. What the hold did to the sound is taken back."""
        if self._asks:
            self._unmute()
            self._questions = Questions(self._asks, list(self._languages))
            self._rest()

    def _leave_it(self) -> None:
        """Asked anew, and nobody answers: all stays as it was."""
        self._questions = None
        self._rest()

    def _asked(self) -> Asked | None:
        questions = self._questions
        if self._mode is not Mode.CHOOSING or questions is None or questions.topic is None:
            return None
        return Asked(questions.topic, questions.nth, tuple(each.words for each in self._languages.values()))

    @property
    def _spoken(self) -> Repertoire:
        """What there is to show, in the language that was chosen."""
        language = self._memory.choices.value("language")
        return self._languages.get(language or "", self._repertoire)

    @property
    def _is_unwarned(self) -> bool:
        return self._settings.screens.safety_s > 0 and not self._memory.choices.safety_seen

    def _get_it(self) -> None:
        """The stop-if-it-hurts card has been read, by itself or in the guide."""
        self._choose("safety_seen")
        if self._cautions:
            self._skip()
        self._rest()

    def _show_today(self) -> None:
        if self._guide is None:
            self._enter(Mode.TODAY, after(self._now, self._settings.screens.today_s))

    def _acknowledge(self) -> None:
        """A press that asks for the break: silence, and the card of the first stretch."""
        self._note("acknowledged")
        if self._guide is not None:
            # It began between the finger's coming down and going up.
            self._guide.asked = True
        else:
            self._enter(Mode.ACKNOWLEDGED, after(self._now, self._settings.reminders.acknowledged_s))

    def _snooze(self) -> None:
        """Not now: put off what is owed, if it still is."""
        if self._memory.owed is not None:
            until = after(self._now, self._settings.reminders.snooze_s)
            self._note("snoozed", until=until, nth=self._voice.snoozes + 1)
        self._rest()

    def _put_away(self) -> None:
        """Not now, of a card that nothing called for."""
        self._rest()

    def _mute(self) -> None:
        self._note("muted", until=after(self._now, self._settings.reminders.mute_s))
        self._rest()

    def _unmute(self) -> None:
        if self._voice.muted_until is not None:
            self._note("unmuted")

    def _remind(self) -> None:
        self._reminding = True
        self._sound(Cue.REMINDER, self._voice.spent + 1)

    def _ask_still_you(self) -> None:
        self._doubted_since = self._unmoved_since
        self._note("stuck", what="seat", since=self._doubted_since)
        self._hush()
        self._lit_at = self._now
        self._enter(Mode.ASKING)

    def _its_me(self) -> None:
        self._note("answered")
        self._its_me_at = self._now
        self._rest()

    # ---- actions of the guide

    def _begin_unasked(self) -> None:
        if not self._guided_absence:
            self._begin_guide(asked=False)

    def _begin_asked(self) -> None:
        self._begin_guide(asked=True)

    def _begin_guide(self, *, asked: bool) -> None:
        routine = self._routine()
        self._guided_absence = True
        if not routine:
            self._rest()
            return
        self._enter(Mode.GUIDING)
        walk = steps(routine, self._settings.guide, self._settings.screens.counts_s)
        if self._is_unwarned and not any(self._memory.routines):
            walk = cautioned(walk, self._settings.screens.safety_s)
        self._guide = Guide(walk, self._now, asked=asked, rested=self._session.rested)
        self._note("guide_started", asked=asked)

    def _pause_or_end(self) -> None:
        """Somebody sat down: before the break counts that pauses the guide, after it they are done."""
        assert self._guide is not None, "guiding needs a guide"
        if self._session.rested:
            self._end_guide("sat_down")
        else:
            self._guide.pause(self._now)
            self._enter(Mode.PAUSED)

    def _resume(self) -> None:
        assert self._guide is not None, "a paused guide is a guide"
        self._guided_absence = True
        self._guide.resume(self._now)
        self._enter(Mode.GUIDING)

    def _step_over(self) -> None:
        assert self._guide is not None, "guiding needs a guide"
        step = self._guide.step
        if step.kind is StepKind.MOVE:
            fact = "stretch_done" if self._guide.asked else "stretch_shown"
            self._note(fact, stretch=step.stretch.id, side=step.side.value)
        if self._guide.advance(self._now, rested=self._session.rested):
            self._begin_step()
        else:
            self._sound(Cue.GUIDE_END)
            self._end_guide("done")

    def _skip(self) -> None:
        """A press in the guide: on to the next stretch, and whoever presses goes along with it."""
        if self._guide is None:
            return
        self._guide.asked = True
        if self._guide.skip(self._now):
            self._begin_step()
        else:
            self._end_guide("skipped")

    def _begin_step(self) -> None:
        assert self._guide is not None, "a step is part of a guide"
        step = self._guide.step
        if step.changes_side:
            self._sound(Cue.CHANGE_SIDE)
        if step.kind is StepKind.MOVE:
            self._note("stretch_started", stretch=step.stretch.id, side=step.side.value)

    def _finish(self) -> None:
        if self._guide is not None:
            self._end_guide("finished")

    def _never_again(self) -> None:
        """Held on in the guide: the stretch at hand is left out from now on."""
        self._finish()
        if self._at_hand is not None:
            self._choose("stretch_never", self._at_hand.id)
            self._tell(Notice.LEFT_OUT, self._settings.screens.left_out_s)

    def _stay_down(self) -> None:
        self._end_guide("sat_down")

    def _end_guide(self, how: str) -> None:
        self._note("guide_ended", how=how)
        self._guide, self._guide_ended_at = None, self._now
        if self._presence.taken:
            self._voice.sit_back(self._presence.since)
        self._tell(Notice.THANKS, self._settings.screens.thanks_s)
        self._rest()

    @property
    def _cautions(self) -> bool:
        """The guide is at its caution."""
        return self._guide is not None and self._guide.step.kind is StepKind.CAUTION

    # ---- days

    def _greet(self) -> None:
        if self._memory.last_day is not None:
            self._tell(Notice.GREETING, self._settings.screens.greeting_s)

    def _close_day(self) -> None:
        self._memory.close_day(self._now)

    def _split_day(self) -> None:
        # Whoever is just leaving may turn out to have left before midnight.
        leaving = self._presence.seated and not self._presence.taken
        self._memory.split_day(self._presence.since if leaving else self._now)

    # ---- details

    def _first_stretch(self) -> Stretch | None:
        """The one whose card is shown while somebody rises; worked out only then."""
        if self._mode is not Mode.ACKNOWLEDGED:
            return None
        routine = self._routine()
        return routine[0].stretch if routine else None

    def _routine(self) -> tuple[Turn, ...]:
        """That of the next break."""
        offered = self._spoken.without(self._memory.choices.left_out, self._spared)
        return offered.routine(self._memory.routines, self._settings.guide)

    @property
    def _spared(self) -> tuple[str, ...]:
        """The conditions that were chosen. What the settings say has the last word."""
        return () if self._settings.stretches.conditions else self._memory.choices.conditions

    def _choose(self, name: str, value: str = "") -> None:
        """Note what was chosen, unless it is so already."""
        fact = choice(self._now, name, value)
        if not self._memory.choices.are_as(fact):
            self._note(fact.fact, **fact.details)

    @property
    def _session(self) -> Session:
        return self._memory.session

    @property
    def _voice(self) -> Voice:
        return self._memory.voice

    def _enter(self, mode: Mode, lapses_at: float | None = None) -> None:
        self._mode, self._lapses_at = mode, lapses_at

    def _sound(self, cue: Cue, nth: int = 1) -> None:
        if self._voice.silenced:
            return
        self._effects.append(Play(cue, nth))
        if cue is Cue.REMINDER:
            self._note("sound", cue=cue.value, nth=nth)

    def _hush(self) -> None:
        self._reminding = False
        self._effects.append(Silence())

    def _tell(self, notice: Notice, lasts_s: float) -> None:
        self._notice, self._notice_until = notice, after(self._now, lasts_s)

    def _note(self, fact: str, t: float | None = None, **details: str | float | int | None) -> None:
        """Write a fact down, true since `t`, or since now."""
        noted = Fact(self._now if t is None else t, self._now, fact, details)
        self._memory.take(noted)
        self._effects.append(Note(noted))

    def _ends_at(self) -> float | None:
        """When a paused guide ends unless somebody rises."""
        if self._mode is not Mode.PAUSED or not self._presence.taken:
            return None
        return after(self._presence.since, self._settings.guide.ends_after_s)

    def _off_at(self) -> float | None:
        """When the panel may go dark; None while somebody sits."""
        if self._presence.seated or self._sits_since_start:
            return None
        since = self._session.left_at
        if self._guide_ended_at is not None and since is not None:
            since = max(since, self._guide_ended_at)
        if self._mode in (Mode.STARTING, Mode.CHOOSING):
            since = self._lit_at if since is None else max(since, self._lit_at)
        return after(since, self._settings.screens.off_after_s) if since is not None else self._now

    @property
    def _is_dark(self) -> bool:
        off_at = self._off_at()
        return off_at is not None and off_at <= self._now

    def _dims_at(self) -> float | None:
        seen_at: float | None = None
        if self._mode is Mode.ASKING:
            seen_at = self._lit_at
        elif self._finger.stuck:
            seen_at = after(self._lit_at, self._settings.press.stuck_s)
        return None if seen_at is None else after(seen_at, self._settings.screens.question_s)

    def _counts_at(self) -> float | None:
        if self._sits_since_start:
            return None
        if self._session.full_break_at is not None:
            return self._session.full_break_at
        if self._presence.seated and not self._presence.taken:
            return after(self._presence.since, self._settings.limits.full_break_s)
        return None

    @property
    def _sits_since_start(self) -> bool:
        """Somebody was on the chair when the power came back, and will soon be believed to sit there."""
        left_at, presence = self._session.left_at, self._presence
        if left_at is None or presence.seated or not presence.taken:
            return False
        # Who has left has been away for longer than that before they are back.
        return between(left_at, presence.since) < self._settings.settle.leave_s

    def _wall_clock(self, at: float | None) -> datetime | None:
        if at is None or self._wall is None:
            return None
        read_at, shows = self._wall
        return shows + timedelta(seconds=between(read_at, at))

    def _show(self) -> None:
        if self._compose is None:
            return
        screen, self._screen_until = self._compose(self.status())
        if screen != self._shown:
            self._shown = screen
            self._effects.append(Show(screen))


# Every pair that is not listed is ignored on purpose.
RULES: dict[tuple[Mode, Signal], Action] = {
    (Mode.STARTING, Signal.PRESS): Coach._get_it,
    (Mode.STARTING, Signal.HOLD): Coach._mute,
    (Mode.STARTING, Signal.INVITE): Coach._rest,
    (Mode.STARTING, Signal.DUE): Coach._rest,
    (Mode.STARTING, Signal.STILL_YOU): Coach._ask_still_you,
    (Mode.CHOOSING, Signal.PRESS): Coach._next_answer,
    (Mode.CHOOSING, Signal.HOLD): Coach._this_answer,
    (Mode.CHOOSING, Signal.LAPSED): Coach._leave_it,
    (Mode.CHOOSING, Signal.INVITE): Coach._rest,
    (Mode.CHOOSING, Signal.DUE): Coach._rest,
    (Mode.CHOOSING, Signal.STILL_YOU): Coach._ask_still_you,
    (Mode.WATCHING, Signal.PRESS): Coach._show_today,
    (Mode.WATCHING, Signal.HOLD): Coach._mute,
    (Mode.WATCHING, Signal.LONG_HOLD): Coach._ask_anew,
    (Mode.WATCHING, Signal.INVITE): Coach._rest,
    (Mode.WATCHING, Signal.DUE): Coach._rest,
    (Mode.WATCHING, Signal.STILL_YOU): Coach._ask_still_you,
    (Mode.TODAY, Signal.PRESS): Coach._acknowledge,
    (Mode.TODAY, Signal.HOLD): Coach._mute,
    (Mode.TODAY, Signal.LAPSED): Coach._rest,
    (Mode.TODAY, Signal.INVITE): Coach._rest,
    (Mode.TODAY, Signal.DUE): Coach._rest,
    (Mode.TODAY, Signal.STILL_YOU): Coach._ask_still_you,
    (Mode.INVITED, Signal.PRESS): Coach._acknowledge,
    (Mode.INVITED, Signal.HOLD): Coach._snooze,
    (Mode.INVITED, Signal.DUE): Coach._rest,
    (Mode.INVITED, Signal.LEFT): Coach._begin_unasked,
    (Mode.INVITED, Signal.FULL_BREAK): Coach._rest,
    (Mode.INVITED, Signal.STILL_YOU): Coach._ask_still_you,
    (Mode.DUE, Signal.PRESS): Coach._acknowledge,
    (Mode.DUE, Signal.HOLD): Coach._snooze,
    (Mode.DUE, Signal.RISEN): Coach._begin_unasked,
    (Mode.DUE, Signal.REMINDER): Coach._remind,
    (Mode.DUE, Signal.FULL_BREAK): Coach._rest,
    (Mode.DUE, Signal.STILL_YOU): Coach._ask_still_you,
    (Mode.SNOOZED, Signal.PRESS): Coach._acknowledge,
    (Mode.SNOOZED, Signal.HOLD): Coach._mute,
    (Mode.SNOOZED, Signal.RISEN): Coach._begin_unasked,
    (Mode.SNOOZED, Signal.LEFT): Coach._begin_unasked,
    (Mode.SNOOZED, Signal.LAPSED): Coach._rest,
    (Mode.SNOOZED, Signal.FULL_BREAK): Coach._rest,
    (Mode.SNOOZED, Signal.STILL_YOU): Coach._ask_still_you,
    (Mode.ACKNOWLEDGED, Signal.HOLD): Coach._snooze,
    (Mode.ACKNOWLEDGED, Signal.RISEN): Coach._begin_asked,
    (Mode.ACKNOWLEDGED, Signal.LAPSED): Coach._rest,
    (Mode.ACKNOWLEDGED, Signal.STILL_YOU): Coach._ask_still_you,
    (Mode.GUIDING, Signal.PRESS): Coach._skip,
    (Mode.GUIDING, Signal.HOLD): Coach._finish,
    (Mode.GUIDING, Signal.LONG_HOLD): Coach._never_again,
    (Mode.GUIDING, Signal.STEP_OVER): Coach._step_over,
    (Mode.GUIDING, Signal.SAT_DOWN): Coach._pause_or_end,
    (Mode.PAUSED, Signal.PRESS): Coach._skip,
    (Mode.PAUSED, Signal.HOLD): Coach._finish,
    (Mode.PAUSED, Signal.LONG_HOLD): Coach._never_again,
    (Mode.PAUSED, Signal.RISEN): Coach._resume,
    (Mode.PAUSED, Signal.STAYED_DOWN): Coach._stay_down,
    (Mode.ASKING, Signal.PRESS): Coach._its_me,
    (Mode.ASKING, Signal.EMPTY): Coach._rest,
}

# What each action of a press or a hold is called.
_DOES: dict[Action | None, Push] = {
    Coach._get_it: Push.GOT_IT,
    Coach._next_answer: Push.NEXT_ANSWER,
    Coach._this_answer: Push.CHOOSE,
    Coach._show_today: Push.TODAY,
    Coach._acknowledge: Push.SHOW,
    Coach._skip: Push.NEXT,
    Coach._its_me: Push.ITS_ME,
    Coach._snooze: Push.LATER,
    Coach._put_away: Push.PUT_AWAY,
    Coach._mute: Push.MUTE,
    Coach._unmute: Push.UNMUTE,
    Coach._finish: Push.END,
}
