"""What the calendar says about the present hour: quiet hours, the person's own hours, meetings and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from device.mind.state import State
from device.settings.settings import Settings, under
from device.stretches.repertoire import Repertoire
from device.words.events import Event, Hours, Meeting, PlanOn, QuietHours
from device.words.facts import InMeeting, MeetingOver, OffHours, OnHours, PlanChanged
from device.words.instants import MINUTE_S, after

_AFTER_MEETING_S = 2 * MINUTE_S
"""How long after a meeting a reminder comes: people say goodbye."""


@dataclass(frozen=True, slots=True)
class ByPlan:
    """What the device goes by while a plan is in force."""

    settings: Settings
    repertoire: Repertoire
    languages: Mapping[str, Repertoire] = field(default_factory=dict)
    """The repertoire in each language that may be chosen."""


class CalendarTold:
    """Takes in the levels of the calendar. Counting goes on; only what is said changes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._usual = ByPlan(state.settings, state.repertoire)
        self._plans: Mapping[str, ByPlan] = {}

    @property
    def usual(self) -> ByPlan:
        """What the device goes by while no plan is in force."""
        return self._usual

    def go_by(self, usual: ByPlan, plans: Mapping[str, ByPlan]) -> None:
        """Go by these from now on. A plan that isn't among them is in force no more."""
        self._usual, self._plans = usual, plans
        self._follow_plan()

    def hear(self, event: Event) -> None:
        """Take in a level of the calendar; it ignores the other events."""
        match event:
            case QuietHours(quiet=quiet):
                self._state.reminders.levels.quiet = quiet
                if quiet:
                    self._state.hush()
            case Hours(within=within):
                self._be_within(within)
            case Meeting(until=until, began=began):
                self._meet(until, began)
            case PlanOn(plan=plan):
                self._follow(plan)

    def _be_within(self, within: bool) -> None:
        state, levels = self._state, self._state.reminders.levels
        if levels.off_hours is not within:
            return
        levels.off_hours = not within
        state.note((OnHours if within else OffHours)(state.now, state.now))
        if not within:
            state.hush()
        state.heed_offers()

    def _meet(self, until: float | None, began: str) -> None:
        state, levels = self._state, self._state.reminders.levels
        before, was_in_one = (levels.meeting_until, levels.meeting), levels.in_meeting
        levels.meeting_until, levels.meeting = until, began
        if before == (until, began):
            return
        if until is None:
            state.note(MeetingOver(state.now, state.now))
        else:
            state.note(InMeeting(state.now, state.now, until, began))
        if was_in_one and not levels.in_meeting:
            state.reminders.hold_back(after(state.now, _AFTER_MEETING_S))
        elif levels.in_meeting and not was_in_one:
            state.hush()

    def _follow(self, plan: str) -> None:
        state, levels = self._state, self._state.reminders.levels
        if levels.plan != plan and plan in {"", *self._plans}:
            levels.plan = plan
            state.note(PlanChanged(state.now, state.now, plan))
            self._follow_plan()

    def _follow_plan(self) -> None:
        """Go by the plan in force. It changes the limit, not the count."""
        usual = self._usual
        found = self._plans.get(self._state.reminders.levels.plan, usual)
        self._state.go_by(under(found.settings, usual.settings), found.repertoire)
        # If nobody may choose a language, there is none to choose under a plan either.
        self._state.languages = found.languages if usual.languages else {}
