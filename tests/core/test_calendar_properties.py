"""What holds whatever the calendar says: what is counted is as without it, and it is silent when it must be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.coach import Coach
from device.mind.rules import Mode
from device.run.restart import Start, by_plan
from device.screens.screens import compose
from device.settings.settings import Settings
from device.settings.settings_file import load_settings
from device.stretches.repertoire import repertoire
from device.words.effects import Note, Play
from device.words.events import (
    Chosen,
    ClockRead,
    DayEnded,
    Event,
    Hours,
    Level,
    Meeting,
    PlanOn,
    QuietHours,
    Seat,
    Tick,
)
from device.words.facts import Away, Enough, Fact, FellDue, FullBreak, Invited, MeetingOff, Muted, Sounded, Unmuted
from device.words.instants import after
from tests.core.test_order_properties import by_hand, by_phone
from tests.core.test_properties import SENSOR, Happening, gaps_ms, timeline, unhurried
from tests.listening import Listener

a_few = settings(unhurried, max_examples=40)
COUNTED = ("sat", "left", "bout", "full_break")
PLANS = (
    'plan=[{name = "quick", limits.due_after = "10min", limits.invite_after = "9min"}, '
    '{name = "slow", limits.preset = "couple-of-hours", reminders.snooze = "1min"}]'
)
PLAIN = load_settings(None, ["limits.preset=half-hourly", "screens.safety=0s"], places=[])[0]
FULL = load_settings(
    None,
    [
        *("limits.preset=half-hourly", "screens.safety=0s", "limits.short_every=20min", "limits.standing=half"),
        *('persons.names=["Anna", "Ben"]', PLANS),
    ],
    places=[],
)[0]
OWED_MODES = {Mode.DUE, Mode.SNOOZED, Mode.ACKNOWLEDGED, Mode.ASKING, Mode.CHOOSING, Mode.WHO, Mode.TODAY}
OWED_MODES |= {Mode.GUIDING, Mode.PAUSED, Mode.SEAT_LOST, Mode.CONNECTING}


def _meeting(gap_ms: int, lasts_s: float | None, began: str) -> Happening:
    def event(at: float) -> Event:
        return Meeting(at, None if lasts_s is None else after(at, lasts_s), began if lasts_s else "")

    return Happening(gap_ms, event)


def _level(gap_ms: int, told: tuple[str, object]) -> Happening:
    kind, value = told

    def event(at: float) -> Event:
        if kind == "hours":
            return Hours(at, value is True)
        return Chosen(at, "person", str(value)) if kind == "person" else PlanOn(at, str(value))

    return Happening(gap_ms, event)


TOLD: list[tuple[str, object]] = [
    *(("hours", True), ("hours", True), ("hours", False)),
    *(("plan", ""), ("plan", "quick"), ("plan", "slow"), ("plan", "nobody's")),
    *(("person", "Anna"), ("person", "Ben")),
]
by_calendar = st.one_of(
    st.builds(_meeting, gaps_ms, st.sampled_from([None, 60.0, 1800.0, 1e8]), st.sampled_from("ABC")),
    st.builds(_level, gaps_ms, st.sampled_from(TOLD)),
)
SIT = Happening(0, lambda at: Seat(at, True))
RISE = Happening(0, lambda at: Seat(at, False))
by_chair = st.builds(
    lambda gap_s, happening: Happening(gap_s * 1000, happening.event),
    st.sampled_from([1, 20, 130, 700, 1900]),
    st.sampled_from([SIT, SIT, SIT, RISE]),
)


def _days(*kinds: st.SearchStrategy[Happening]) -> st.SearchStrategy[list[Happening]]:
    """Somebody sits down, and much happens."""
    return st.lists(st.one_of(kinds), min_size=8, max_size=25).map(lambda day: [SIT, *day])


days = _days(by_chair, by_calendar, by_hand, by_calendar, by_phone)
lost_seats = _days(by_chair, by_calendar, by_hand, st.builds(Happening, gaps_ms, st.sampled_from(SENSOR)))
ONLY_FULL = (Meeting, Hours, PlanOn, Chosen, QuietHours)
"""What only a day with a calendar hears. The gaps of the others stay."""


@dataclass
class Silence:
    """What has been said of silence, by the events and facts alone."""

    meeting: str | None = None
    sound_in: str = ""
    within: bool = True
    quiet: bool = False
    muted: bool = False
    away_until: str = ""
    today: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing may sound."""
        in_meeting = self.meeting is not None and self.meeting != self.sound_in
        return in_meeting or not self.within or self.quiet or self.is_away

    @property
    def is_away(self) -> bool:
        """Whether somebody is away by a date that may be true."""
        if not self.away_until or not self.today:
            return False
        ahead = datetime.fromisoformat(self.away_until) - datetime.fromisoformat(self.today)
        return timedelta() < ahead <= timedelta(days=366)

    @property
    def is_off_duty(self) -> bool:
        """Whether no break may be offered either."""
        return not self.within or self.is_away

    def hear(self, event: Event) -> None:
        """Take in a level."""
        match event:
            case Meeting(until=until, began=began):
                self.meeting = None if until is None else began
            case Hours(within=within):
                self.within = within
            case QuietHours(quiet=quiet):
                self.quiet = quiet
            case ClockRead(shows=shows):
                self.today = f"{shows:%Y-%m-%d}"

    def note(self, fact: Fact) -> None:
        """Take in what somebody wants."""
        match fact:
            case MeetingOff(began=began):
                self.sound_in = began
            case Away(until=until):
                self.away_until = until
            case Muted() | Enough():
                self.muted = True
            case Unmuted():
                self.muted = False


class Told(Listener):
    """A coach with plans, and what it may not do."""

    def __init__(self, by: Settings) -> None:
        super().__init__(by)
        start = Start(by, repertoire(by), plans=by_plan(by))
        self.coach: Coach = start.coach()
        self.silence = Silence()
        self.last_at = 0.0
        """When something happened last. Time alone isn't anything."""

    def hear(self, event: Event) -> None:
        """Let the coach hear it; no sound may follow while it must be silent."""
        heard = len(self.said)
        super().hear(event)
        if not isinstance(event, Tick):
            self.last_at = event.at
        self.silence.hear(event)
        for _, effect in self.said[heard:]:
            if isinstance(effect, Note):
                self.silence.note(effect.fact)
            assert not (isinstance(effect, Play) and self.silence.holds), (event, effect, self.silence)
        if self.silence.is_off_duty:
            assert self.coach.mode not in (Mode.INVITED, Mode.DUE, Mode.SNOOZED)
            assert not any(
                isinstance(effect, Note) and isinstance(effect.fact, Invited) for _, effect in self.said[heard:]
            )

    def noted(self, *kinds: type[Fact]) -> list[Fact]:
        """The facts of these kinds."""
        return [effect.fact for _, effect in self.said if isinstance(effect, Note) and isinstance(effect.fact, kinds)]

    @property
    def counted(self) -> list[tuple[str, float, dict[str, object]]]:
        """The facts of what is counted."""
        return [(name, t, dict(details)) for name, t, _, details in self.facts if name in COUNTED]


def on_time(events: list[Event], by: Settings = FULL) -> Told:
    told = Told(by)
    for event in events:
        told.catch_up(event.at)
        told.hear(event)
    return told


@a_few
@given(days)
def test_all_that_is_counted_is_as_without_and_nothing_sounds_where_it_must_not(day: list[Happening]) -> None:
    events = timeline(day)
    told = on_time(events)
    plain = on_time([each for each in events if not isinstance(each, ONLY_FULL)], PLAIN)
    assert told.counted == plain.counted
    if not any(isinstance(each, Chosen) and each.name == "person" for each in events):
        # Each person has figures of their own.
        assert told.coach.snapshot().today.seated_s == plain.coach.snapshot().today.seated_s
    assert told.coach.snapshot().sitting_s == plain.coach.snapshot().sitting_s


@a_few
@given(days | lost_seats)
def test_a_coach_that_is_called_only_when_something_happens_says_and_does_the_same(day: list[Happening]) -> None:
    events = timeline(day)
    late = Listener(FULL)
    start = Start(FULL, repertoire(FULL), plans=by_plan(FULL))
    late.coach = start.coach()
    for event in events:
        late.hear(event)
    assert late.deeds == on_time(events).deeds


@a_few
@given(days, st.lists(st.integers(0, 20_000_000), max_size=20))
def test_ticks_that_nobody_asked_for_change_nothing(day: list[Happening], extra_ms: list[int]) -> None:
    events = timeline(day)
    ticks = [Tick(at_ms / 1000) for at_ms in extra_ms if at_ms / 1000 <= events[-1].at]
    more = sorted([*events, *ticks], key=lambda event: event.at)
    assert on_time(more).said == on_time(events).said


@a_few
@given(days)
def test_what_is_owed_is_on_the_screen_or_has_sounded_two_minutes_after_all_else(day: list[Happening]) -> None:
    told = Told(FULL)
    for event in timeline(day):
        quiet_at = after(told.last_at, 120.0)
        if event.at > quiet_at:
            told.catch_up(quiet_at)
            assert_owed_is_said(told, quiet_at)
        told.catch_up(event.at)
        told.hear(event)


def assert_owed_is_said(told: Told, now: float) -> None:
    """Nothing has happened for two minutes: who sits and owes a break sees it, or has heard it."""
    told.hear(Tick(now))
    coach, silence = told.coach, told.silence
    snapshot = coach.snapshot()
    due = told.noted(FellDue, FullBreak)
    is_due = bool(due) and isinstance(due[-1], FellDue)
    offers = silence.within and not silence.is_away and not snapshot.enough
    if not (snapshot.seated and told.taken and is_due and offers):
        return
    assert coach.mode in OWED_MODES
    sounds = [each for each in told.noted(Sounded) if each.said >= due[-1].said]
    if coach.mode is Mode.DUE and not silence.holds and not silence.muted and now - due[-1].said >= 60:
        assert sounds


# ---- nothing makes it fall

any_at = st.integers(-10_000, 40_000_000).map(lambda at_ms: at_ms / 1000)
any_events: st.SearchStrategy[list[Event]] = st.lists(
    st.one_of(
        st.builds(Meeting, any_at, st.none() | any_at | st.floats(-1e12, 1e12), st.text(max_size=3)),
        st.builds(Hours, any_at, st.booleans()),
        st.builds(QuietHours, any_at, st.booleans()),
        st.builds(PlanOn, any_at, st.sampled_from(["", "quick", "slow", "x"])),
        st.builds(Seat, any_at, st.booleans()),
        st.builds(DayEnded, any_at),
        st.builds(Level, any_at, st.floats(0, 1)),
        st.builds(Chosen, any_at, st.just("away"), st.sampled_from(["", "2027-01-07"])),
        st.builds(ClockRead, any_at, st.just(datetime(2027, 1, 1, tzinfo=UTC)), st.floats(-1e9, 1e9)),
    ),
    max_size=30,
)


@a_few
@given(any_events, st.booleans())
def test_whatever_comes_in_whichever_order_is_taken(events: list[Event], settings_change: bool) -> None:
    told = Listener(FULL)
    told.coach = Start(FULL, repertoire(FULL), plans=by_plan(FULL)).coach()
    for nth, event in enumerate(events):
        told.hear(event)
        compose(told.coach.snapshot())
        if settings_change and nth == len(events) // 2:
            start = Start(PLAIN, repertoire(PLAIN))
            told.coach.go_by(event.at, start.usual, start.plans, ())
        deadline = told.coach.next_deadline()
        assert deadline is None or deadline >= 0
