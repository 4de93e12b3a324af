"""The coach: events come in through `handle`, effects go out, and the rules are one table.

Before the coach takes an event, it plays each earlier deadline at its own time. So the result is the same,
however often or late it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from device.core.actions import Actions, Naming
from device.core.calendar_told import ByPlan, CalendarTold
from device.core.from_page import FromPage
from device.core.guiding import Guiding
from device.core.journal_told import JournalTold
from device.core.offers import Offers
from device.core.office import OF_OFFICE, OfficeQuestion
from device.core.push import Pushing
from device.core.recovery import Recovery, tell_bout, tell_full_break
from device.core.seat import SeatWatch
from device.core.view import snapshot, standing
from device.mind.rules import RULES, Action, Mode, Signal
from device.mind.snapshot import Snapshot
from device.mind.state import State
from device.settings.settings import Settings
from device.stages.session import Milestone
from device.stretches.repertoire import Repertoire
from device.stretches.stretch import Posture
from device.words.effects import Effect, Screen, Show, Stand, Standing
from device.words.events import (
    Button,
    Chosen,
    ClockRead,
    DayEnded,
    Event,
    Level,
    Order,
    Ordered,
    Panel,
    Power,
    Seat,
    SeatSensor,
)
from device.words.facts import (
    BreakCutShort,
    Choice,
    ClockStepped,
    FellDue,
    Invited,
    PanelBack,
    PanelLost,
    PersonChosen,
    Sat,
)
from device.words.instants import after, between, whole
from device.words.past import Past

Compose = Callable[[Snapshot], tuple[Screen, float | None]]
"""Takes the snapshot; returns what to show and until when that stays true, in monotonic seconds."""

_Deadline = tuple[float, Callable[[], None]]


class Coach:
    """The core of the device. It has no clock, thread, pin or file: time comes in with each event."""

    def __init__(
        self, settings: Settings, repertoire: Repertoire, now: float = 0.0, compose: Compose | None = None
    ) -> None:
        """Without `compose` no screens are composed; all else is the same."""
        self._state = State(settings, repertoire, now)
        guiding = Guiding(self._state)
        self._from_page = FromPage(self._state, self._do)
        self._naming = Naming(self._state, self._from_page)
        self._office = OfficeQuestion(self._state)
        self._calendar_told = CalendarTold(self._state)
        self._journal_told = JournalTold(self._state)
        self._actions = {
            **Actions(self._state, guiding, self._from_page).named(),
            **guiding.named(),
            **self._from_page.named(),
            **self._naming.named(),
            **self._office.named(),
        }
        self._pushing = Pushing(self._state, self._do, self._from_page.show_stretch)
        self._recovery = Recovery(self._state)
        self._seat = SeatWatch(self._state)
        self._offers = Offers(self._state)
        self._panel_present = True
        self._compose = compose
        self._shown: Screen | None = None
        self._stands: Standing | None = None
        self._screen_until: float | None = now if compose else None
        self._state.rest()

    # ---- the door

    def recall(self, past: Past) -> None:
        """Take in what the device knew before the power cut; instants go on from there.

        Call it before the first event, which is a `Power`.
        """
        self._recovery.recall(past)
        self.know(past.choices)

    def follow(self, routines: Iterable[Sequence[str]]) -> None:
        """Take in the routines so far, oldest first; each is a list of stretch ids."""
        self._state.memory.routines = [list(routine) for routine in routines]

    def ask(self, topics: Collection[str]) -> None:
        """Ask about those topics that have no answer yet."""
        self._state.asks = topics

    def plan(self, usual: ByPlan, plans: Mapping[str, ByPlan]) -> None:
        """Go by `usual` while no plan is in force; `plans` are those that the calendar may name."""
        self._calendar_told.go_by(usual, plans)

    def know(self, choices: Iterable[Choice]) -> None:
        """Take in what the person has chosen, however long ago."""
        for fact in choices:
            self._state.memory.know(fact)
        self._state.be_idle()

    def go_by(self, at: float, usual: ByPlan, plans: Mapping[str, ByPlan], asks: Collection[str]) -> list[Effect]:
        """Use these settings from now on, and return the effects. The seat has to be the same as before.

        What has been counted and said stays, and a guide that has begun goes on. Questions that the settings answer
        now are asked no more.
        """
        state = self._state
        state.effects = []
        at = max(whole(at), state.now)
        self._play_until(at)
        state.now = at
        self.ask(asks)
        self.plan(usual, plans)
        if state.mode in (Mode.CHOOSING, Mode.STARTING, Mode.WATCHING, Mode.WHO):
            state.questions = None
            state.be_idle()
        self._stand()
        self._play_until(at)
        self._show()
        return state.effects

    def handle(self, event: Event) -> list[Effect]:
        """Take an event and return the effects. An event older than the last one counts as coming with it."""
        state = self._state
        state.effects = []
        at = max(whole(event.at), state.now)
        self._play_until(at)
        state.now = at
        self._hear(event)
        self._from_page.hear(event)
        self._naming.hear(event)
        self._office.hear(event)
        self._calendar_told.hear(event)
        self._journal_told.hear(event)
        self._stand()
        self._play_until(at)
        self._show()
        return state.effects

    def tell_again(self) -> None:
        """Say with the next effects what is shown and how things stand, since there are other outputs."""
        self._shown = self._stands = None
        self._seat.go_on()

    def next_deadline(self) -> float | None:
        """When to call `handle` again at the latest, with a Tick if nothing else happens; in monotonic seconds."""
        deadlines = [deadline for deadline, _ in self._deadlines()]
        if self._screen_until is not None:
            deadlines.append(self._screen_until)
        return max(min(deadlines), self._state.now) if deadlines else None

    @property
    def settings(self) -> Settings:
        """The settings in force while no plan is."""
        return self._calendar_told.usual.settings

    @property
    def asks(self) -> Collection[str]:
        """The topics that it may ask about."""
        return self._state.asks

    @property
    def mode(self) -> Mode:
        """The mode the device is in."""
        return self._state.mode

    @property
    def left_out(self) -> int:
        """How many remembered facts were left out because they contradict the facts before them."""
        return self._recovery.left_out

    def snapshot(self) -> Snapshot:
        """A snapshot of how things stand."""
        press, hold = self._pushing.would(Signal.PRESS), self._pushing.would(Signal.HOLD)
        afar = self._pushing.from_afar()
        return snapshot(self._state, press, hold, afar, holds_on=self._pushing.holds_on)

    # ---- time

    def _play_until(self, at: float) -> None:
        """Play every deadline up to `at` at its own time, earliest first."""
        while True:
            # min keeps the first of equals, so the order of _deadlines settles ties.
            coming = min(self._deadlines(), key=lambda deadline: deadline[0], default=None)
            if coming is None or coming[0] > at:
                return
            self._state.now = max(self._state.now, coming[0])
            coming[1]()
            self._stand()

    def _deadlines(self) -> Iterator[_Deadline]:
        """All that happens by time alone. A deadline in the past happens now."""
        state = self._state
        settles_at = state.presence.next_deadline()
        if settles_at is not None:
            yield settles_at, self._settle
        gesture_at = state.finger.next_deadline()
        if gesture_at is not None:
            yield gesture_at, self._pushing.settle
        yield from self._offers.deadlines()
        yield from self._office.deadlines()
        yield from self._journal_told.deadlines()
        milestone = self._milestone()
        # While the pad fidgets nothing falls due. No break is over while a touch may become a sitting.
        knows = state.presence.settled and state.chair_is_known
        if milestone is not None and knows:
            yield milestone[0], partial(self._reach, milestone[1])
        if state.reminders.muted_until is not None:
            yield state.reminders.muted_until, state.sound_again
        day_closes_at = state.memory.closes_day_at()
        if day_closes_at is not None and knows:
            yield day_closes_at, self._close_day
        worn_at = self._seat.worn_at()
        if worn_at is not None:
            yield worn_at, self._seat.doubt_pad
        for at, signal in self._timers():
            # A deadline that no rule listens to would stay due forever.
            if (state.mode, signal) in RULES:
                yield at, partial(self._apply, signal)

    def _milestone(self) -> tuple[float, Milestone] | None:
        """The next milestone of the session. While there are no offers, no break is called."""
        milestone = self._state.session.next_milestone()
        called = milestone is not None and milestone[1] in (Milestone.DUE, Milestone.INVITE)
        return None if called and self._state.reminders.no_offers else milestone

    def _timers(self) -> Iterator[tuple[float, Signal]]:
        """The rules' own deadlines, derived from the state where possible."""
        state = self._state
        # If the person is just rising, the wait doesn't lapse.
        rising = state.mode in (Mode.ACKNOWLEDGED, Mode.WHO) and not state.presence.taken
        if state.lapses_at is not None and not rising:
            yield state.lapses_at, Signal.LAPSED
        guide_ends_at = state.guide.next_deadline() if state.guide else None
        if guide_ends_at is not None:
            yield guide_ends_at, Signal.STEP_OVER
        yield from self._level_timers()
        reminder_at = state.reminders.reminder_at
        if reminder_at is not None and state.presence.taken and state.presence.seated:
            yield reminder_at, Signal.REMINDER

    def _level_timers(self) -> Iterator[tuple[float, Signal]]:
        state, guide = self._state, self._state.settings.guide
        since = state.presence.since
        if not state.chair_is_known:
            return
        if not state.presence.taken:
            if self._rising_starts_guide():
                yield after(since, guide.begins_after_s), Signal.RISEN
            return
        # In a seated stretch the taken chair is part of the stretch.
        if state.guide is None or state.guide.step.stretch.posture is not Posture.SEATED:
            yield after(since, guide.pauses_after_s), Signal.SAT_DOWN
            yield after(since, guide.ends_after_s), Signal.STAYED_DOWN
        if state.presence.seated and state.unmoved_since != state.doubted_since:
            yield after(state.unmoved_since, state.settings.limits.still_you_after_s), Signal.STILL_YOU

    def _rising_starts_guide(self) -> bool:
        asked = self._state.mode in (Mode.ACKNOWLEDGED, Mode.PAUSED)
        return asked or (self._state.session.due_at is not None and not self._state.guided_absence)

    # ---- hearing

    def _hear(self, event: Event) -> None:
        state = self._state
        match event:
            case Seat(taken=taken):
                self._level(taken)
            case SeatSensor(present=present):
                self._seat.sense(present)
            case Level(level=level):
                self._seat.read(level)
            case Button(at=at, down=down):
                # The event's own time, even if it comes late: that tells a bounce from a press.
                self._pushing.report(whole(at), down)
            case ClockRead(shows=shows, stepped_s=stepped_s):
                state.wall = (state.now, shows)
                if stepped_s:
                    state.note(ClockStepped(state.now, state.now, whole(stepped_s)))
            case Ordered(order=Order.PRESS):
                self._pushing.press_from_afar()
            case DayEnded():
                self._split_day()
            case Chosen(name=name, value=value) if name not in (PersonChosen.name, *OF_OFFICE):
                state.choose(name, value)
            case Power(off_s=off_s, new_day=new_day):
                self._recovery.hear(off_s, new_day=new_day)
                self._seat.go_on()
            case Panel(present=present):
                if present != self._panel_present:
                    self._panel_present = present
                    state.note((PanelBack if present else PanelLost)(state.now, state.now))
            # A Tick carries only its time, which has been played already. Upkeep is for others.

    def _level(self, taken: bool) -> None:
        state = self._state
        since = state.presence.since
        if not state.chair_is_known:
            return
        self._seat.hear(taken)
        if not state.presence.report(state.now, taken) or taken:
            return
        if between(since, state.now) >= state.settings.settle.sit_s:
            # After a real sitting this is a new rising; after a mere touch it is still the old one.
            state.guided_absence = False
        self._apply(Signal.EMPTY)

    def _settle(self) -> None:
        """Act on what presence now believes."""
        since = self._state.presence.settle()
        if self._state.presence.seated:
            self._sat(since)
        else:
            self._seat.leave(since)
            self._apply(Signal.LEFT)

    def _sat(self, since: float) -> None:
        state, memory = self._state, self._state.memory
        owed, left_at, first = memory.absence_owed, state.session.left_at, not memory.day_open
        state.note(Sat(since, state.now))
        if memory.doubt is not None:
            # Whoever sits down now is told.
            state.lit_at = state.now
        # A person who sat before a power cut and sits after it wasn't seen to rise.
        if owed is not None and left_at is not None and since > left_at and not state.reminders.no_offers:
            state.note(BreakCutShort(since, state.now, owed.value))
        self._naming.sit(since, left_at)
        if first and memory.before is None:
            state.greet()
        self._from_page.offer()

    def _reach(self, milestone: Milestone) -> None:
        """Act on a milestone of the session."""
        reached = {
            Milestone.BREAK: self._end_bout,
            Milestone.FULL_BREAK: self._start_afresh,
            Milestone.DUE: self._fall_due,
            Milestone.INVITE: self._invite,
        }
        reached[milestone]()

    def _end_bout(self) -> None:
        state = self._state
        tell_bout(state, state.session, state.session.left_at)

    def _start_afresh(self) -> None:
        state = self._state
        at = state.session.full_break_at
        assert at is not None, "only an empty chair comes to a full break"
        tell_full_break(state, state.session, at, state.memory.absence_owed)
        self._apply(Signal.FULL_BREAK)

    def _fall_due(self) -> None:
        now = self._state.now
        self._state.note(FellDue(now, now, self._state.session.sitting_s(now)))
        self._apply(Signal.DUE)

    def _invite(self) -> None:
        now = self._state.now
        self._state.note(Invited(now, now, self._state.session.sitting_s(now)))
        self._apply(Signal.INVITE)

    def _close_day(self) -> None:
        self._end_day(self._state.memory.close_day, self._state.now)

    def _split_day(self) -> None:
        # A person who is just leaving may have left before midnight.
        presence = self._state.presence
        leaving = presence.seated and not presence.taken
        self._end_day(self._state.memory.split_day, presence.since if leaving else self._state.now)

    def _end_day(self, end: Callable[[float], None], at: float) -> None:
        """End the day. If it had had enough, sound is on again."""
        state = self._state
        had_enough = state.reminders.enough
        end(at)
        if had_enough and not state.reminders.enough:
            state.sound_again()

    # ---- answering

    def _apply(self, signal: Signal) -> None:
        """Do what the rules say for a signal. Only presses go another way: their meaning is fixed at first touch."""
        if signal is Signal.EMPTY and self._state.reminding:
            self._state.hush()
        action = RULES.get((self._state.mode, signal))
        if action is not None:
            self._do(action)

    def _do(self, action: Action) -> None:
        self._actions[action]()

    def _show(self) -> None:
        if self._compose is None:
            return
        screen, self._screen_until = self._compose(self.snapshot())
        if screen != self._shown:
            self._shown = screen
            self._state.effects.append(Show(screen))

    def _stand(self) -> None:
        """Say how things stand, each time that changes."""
        stands = standing(self._state)
        if stands != self._stands:
            self._stands = stands
            self._state.effects.append(Stand(stands))
