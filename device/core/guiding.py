"""The rules' actions in the guide: begin it, go from step to step, pause and end it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from device.mind.rules import Action, Mode
from device.mind.snapshot import Notice
from device.mind.state import State
from device.stretches.guide import Guide
from device.stretches.steps import StepKind, cautioned, steps
from device.words.effects import Cue
from device.words.facts import GuideEnded, GuideStarted, StretchDone, StretchNever, StretchShown, StretchStarted


class Guiding:
    """Actions that change the state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def named(self) -> Mapping[Action, Callable[[], None]]:
        """Return the method for each action."""
        return {
            Action.BEGIN_UNASKED: self._begin_unasked,
            Action.BEGIN_ASKED: self._begin_asked,
            Action.PAUSE_OR_END: self._pause_or_end,
            Action.RESUME: self._resume,
            Action.STEP_OVER: self._step_over,
            Action.SKIP: self.skip,
            Action.FINISH: self._finish,
            Action.NEVER_AGAIN: self._never_again,
            Action.STAY_DOWN: self._stay_down,
        }

    # ---- beginning

    def _begin_unasked(self) -> None:
        if not self._state.guided_absence:
            self._begin(asked=False)

    def _begin_asked(self) -> None:
        self._begin(asked=self._state.by_press)

    def _begin(self, *, asked: bool) -> None:
        state = self._state
        routine = state.routine()
        state.guided_absence = True
        if not routine:
            state.rest()
            return
        state.enter(Mode.GUIDING)
        walk = steps(routine, state.settings.guide, state.settings.screens.counts_s)
        if state.is_unwarned and not any(state.memory.routines):
            walk = cautioned(walk, state.settings.screens.safety_s)
        state.guide = Guide(walk, state.now, asked=asked, rested=state.session.rested)
        state.note(GuideStarted(state.now, state.now, asked))

    # ---- from step to step

    def _step_over(self) -> None:
        state, guide = self._state, self._guide
        step = guide.step
        if step.kind is StepKind.MOVE:
            played = StretchDone if guide.asked else StretchShown
            state.note(played(state.now, state.now, step.stretch.id, step.side.value))
        if guide.advance(state.now, rested=state.session.rested):
            self._begin_step()
        else:
            state.sound(Cue.GUIDE_END)
            self._end(GuideEnded.DONE)

    def skip(self) -> None:
        """Go to the next stretch after a press. A press also means that the person goes along with the guide."""
        guide = self._state.guide
        if guide is None:
            return
        guide.asked = True
        if guide.skip(self._state.now):
            self._begin_step()
        else:
            self._end(GuideEnded.SKIPPED)

    def _begin_step(self) -> None:
        state, step = self._state, self._guide.step
        if step.changes_side:
            state.sound(Cue.CHANGE_SIDE)
        if step.kind is StepKind.MOVE:
            state.note(StretchStarted(state.now, state.now, step.stretch.id, step.side.value))

    # ---- pausing

    def _pause_or_end(self) -> None:
        """Somebody sat down: pause the guide, or end it if the break already counts."""
        state = self._state
        if state.session.rested:
            self._end(GuideEnded.SAT_DOWN)
        else:
            self._guide.pause(state.now)
            state.enter(Mode.PAUSED)

    def _resume(self) -> None:
        state = self._state
        state.guided_absence = True
        self._guide.resume(state.now)
        state.enter(Mode.GUIDING)

    # ---- ending

    def _finish(self) -> None:
        if self._state.guide is not None:
            self._end(GuideEnded.FINISHED)

    def _never_again(self) -> None:
        """End the guide after a long hold, and leave out its present stretch from now on."""
        state = self._state
        self._finish()
        if state.at_hand is not None:
            state.choose(StretchNever.name, state.at_hand.id)
            state.tell(Notice.LEFT_OUT, state.settings.screens.left_out_s)

    def _stay_down(self) -> None:
        self._end(GuideEnded.SAT_DOWN)

    def _end(self, how: str) -> None:
        state = self._state
        state.note(GuideEnded(state.now, state.now, how))
        state.guide, state.guide_ended_at = None, state.now
        if state.presence.taken:
            state.reminders.sit_back(state.presence.since)
        state.tell(Notice.THANKS, state.settings.screens.thanks_s)
        state.rest()

    @property
    def _guide(self) -> Guide:
        assert self._state.guide is not None, "guiding needs a guide"
        return self._state.guide
