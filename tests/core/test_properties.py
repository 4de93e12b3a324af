"""What holds on any day whatever: days are drawn at random, and thresholds are met to the millisecond."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, product

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from device.mind.rules import RULES, Mode, Push, Signal
from device.settings.settings import TOPICS, Limits, PageSettings, Persons, ReminderSettings, SeatSettings, Settings
from device.words.effects import Cue, Note, Play, Show
from device.words.events import (
    Button,
    ClockRead,
    DayEnded,
    Event,
    JournalKept,
    JournalTrouble,
    Panel,
    QuietHours,
    Seat,
    SeatSensor,
    Tick,
)
from device.words.facts import Muted, SeatDoubted, SeatTrusted
from device.words.instants import whole
from tests import listening
from tests.listening import Listener, levels, ms
from tests.reading import Definitions, read
from tests.story import Day

LIMIT_S = 1800.0
HALF_HOURLY = Settings(
    limits=Limits(invite_after_s=1500.0, due_after_s=LIMIT_S), reminders=ReminderSettings(mute_s=900.0)
)

# Around every threshold there is, and the long spans between them.
_THRESHOLDS_MS = [
    0, 25, 1_000, 2_000, 4_000, 5_000, 10_000, 15_000, 20_000, 45_000, 60_000, 105_000, 118_000, 120_000, 240_000,
    300_000, 480_000, 900_000, 1_320_000, 1_500_000, 1_680_000, 1_800_000,
]  # fmt: skip
near_a_threshold = strategies.tuples(strategies.sampled_from(_THRESHOLDS_MS), strategies.integers(-1, 1)).map(
    lambda pair: max(0, sum(pair))
)
gaps_ms = strategies.one_of(
    near_a_threshold, near_a_threshold, strategies.integers(0, 30_000), strategies.integers(0, 2_000_000)
)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A machine with other things to do is no reason to fail."""
SHOWS = datetime.fromisoformat("2026-03-02T08:30:00")


@dataclass(frozen=True)
class Happening:
    """Something that happens so long after the one before."""

    gap_ms: int
    event: Callable[[float], Event]


def _happenings(*events: Callable[[float], Event]) -> strategies.SearchStrategy[list[Happening]]:
    return strategies.lists(strategies.builds(Happening, gaps_ms, strategies.sampled_from(events)), max_size=40)


SITTING: tuple[Callable[[float], Event], ...] = (lambda at: Seat(at, True), lambda at: Seat(at, False))
PUSHING: tuple[Callable[[float], Event], ...] = (lambda at: Button(at, True), lambda at: Button(at, False))
ALL_ELSE: tuple[Callable[[float], Event], ...] = (
    lambda at: QuietHours(at, True),
    lambda at: QuietHours(at, False),
    lambda at: Panel(at, False),
    lambda at: Panel(at, True),
    lambda at: JournalKept(at, JournalTrouble.IN_MEMORY),
    lambda at: JournalKept(at, None),
    DayEnded,
)
SENSOR: tuple[Callable[[float], Event], ...] = (lambda at: SeatSensor(at, False), lambda at: SeatSensor(at, True))

sittings = _happenings(*SITTING)
lost_seats = _happenings(*SITTING, *SITTING, *PUSHING, *SENSOR, *ALL_ELSE)
days = _happenings(*SITTING, *SITTING, *PUSHING, *PUSHING, *ALL_ELSE)


def timeline(happenings: Iterable[Happening]) -> list[Event]:
    """A day's events: the levels at the start, what happens, and some hours in which all of it plays out."""
    at_ms = 0
    events: list[Event] = [Seat(0.0, False), Button(0.0, False)]
    for happening in happenings:
        at_ms += happening.gap_ms
        events.append(happening.event(at_ms / 1000))
    return [*events, Tick(at_ms / 1000 + 7200.0)]


def on_time(events: Sequence[Event]) -> Listener:
    """A half-hourly day with every deadline kept."""
    return listening.on_time(events, HALF_HOURLY)


def only_events(events: Sequence[Event]) -> Listener:
    """A day on which nobody looked at the time between two events."""
    listens = Listener(HALF_HOURLY)
    for event in events:
        listens.hear(event)
    return listens


# ---- late is harmless


@unhurried
@given(days)
def test_a_coach_that_is_called_only_when_something_happens_says_and_does_the_same(day: list[Happening]) -> None:
    events = timeline(day)
    assert only_events(events).deeds == on_time(events).deeds


@unhurried
@given(lost_seats)
def test_a_late_coach_says_and_does_the_same_where_the_seat_comes_and_goes(day: list[Happening]) -> None:
    events = timeline(day)
    assert only_events(events).deeds == on_time(events).deeds
    assert not any(isinstance(effect, Play) for at, effect in on_time(events).said if _is_lost(events, at))


_BURSTS = strategies.builds(
    lambda changes, gap_ms: [Happening(gap_ms, SITTING[nth % 2]) for nth in range(changes)],
    strategies.sampled_from([1, 2, 40, 119, 120, 121, 122]),
    strategies.sampled_from([0, 1, 700, 1_499, 1_500, 1_501, 20_000]),
)
_WAITS = strategies.builds(
    lambda gap_ms, event: [Happening(gap_ms, event)],
    strategies.sampled_from([180_000, 600_000, 86_399_999, 86_400_000, 90_000_000]),
    strategies.sampled_from([*SITTING, *PUSHING, *SENSOR, *ALL_ELSE]),
)


@settings(unhurried, max_examples=40)
@given(strategies.lists(_BURSTS | _WAITS, max_size=8))
def test_a_late_coach_says_and_does_the_same_where_the_seat_is_doubted_and_trusted(
    spells: list[list[Happening]],
) -> None:
    events = timeline([each for spell in spells for each in spell])
    told = on_time(events)
    assert only_events(events).deeds == told.deeds
    facts = [effect.fact for effect in told.deeds if isinstance(effect, Note)]
    doubts = [fact.name for fact in facts if isinstance(fact, SeatDoubted | SeatTrusted)]
    assert doubts[:1] in ([], [SeatDoubted.name])
    assert (SeatTrusted.name, SeatTrusted.name) not in pairwise(doubts)


def _is_lost(events: Sequence[Event], at: float) -> bool:
    told = [event.present for event in events if isinstance(event, SeatSensor) and event.at <= at]
    return bool(told) and not told[-1] and not any(isinstance(e, SeatSensor) and e.at == at for e in events)


@unhurried
@given(days)
def test_a_coach_that_nobody_sees_says_and_does_the_same_without_a_screen(day: list[Happening]) -> None:
    events = timeline(day)
    unseen = listening.on_time(events, HALF_HOURLY, is_seen=False)
    assert unseen.deeds == on_time(events).deeds
    assert not any(isinstance(effect, Show) for _, effect in unseen.said)


@unhurried
@given(days, strategies.lists(strategies.integers(0, 20_000_000), max_size=30))
def test_ticks_that_nobody_asked_for_change_nothing_not_even_a_screen(day: list[Happening], extra: list[int]) -> None:
    events = timeline(day)
    ticks = [Tick(at_ms / 1000) for at_ms in extra if at_ms / 1000 <= events[-1].at]
    # Stable: a tick comes after the events of its instant.
    assert on_time(sorted([*events, *ticks], key=lambda event: event.at)).said == on_time(events).said


class AnyDay(RuleBasedStateMachine):
    """Three coaches hear one day: one on time, one too often, one too late."""

    settings = HALF_HOURLY

    @initialize()
    def at_the_start(self) -> None:
        self.now_ms = 0
        self.exact, self.busy, self.late = (Listener(self.settings) for _ in range(3))
        self._all_hear(Seat(0.0, False))
        self._all_hear(Button(0.0, False))

    @rule(gap_ms=gaps_ms)
    def time_passes(self, gap_ms: int) -> None:
        self.now_ms += gap_ms

    @rule(taken=strategies.booleans())
    def the_chair(self, taken: bool) -> None:
        self._all_hear(Seat(self.now, taken))

    @rule(down=strategies.booleans())
    def the_button(self, down: bool) -> None:
        self._all_hear(Button(self.now, down))

    @rule(down_ms=strategies.sampled_from([40, 300, 999, 1000, 1500]))
    def a_push(self, down_ms: int) -> None:
        self._all_hear(Button(self.now, True))
        self.now_ms += down_ms
        self._all_hear(Button(self.now, False))
        self.now_ms += 30

    @rule()
    def sitting_till_it_is_due(self) -> None:
        self._all_hear(Seat(self.now, True))
        self.now_ms += round(LIMIT_S * 1000)
        self._all_hear(Tick(self.now))

    @rule(event=strategies.sampled_from(ALL_ELSE))
    def something_else(self, event: Callable[[float], Event]) -> None:
        self._all_hear(event(self.now))

    @rule(step_s=strategies.sampled_from([0.0, -86_400.0, -3600.0, 3600.0, 1.7e9]))
    def the_clock(self, step_s: float) -> None:
        self._all_hear(ClockRead(self.now, SHOWS, step_s))

    @precondition(lambda self: self.now_ms > 0)
    @rule(part=strategies.floats(0, 1))
    def a_tick_too_many(self, part: float) -> None:
        self.busy.catch_up(self.now)
        self.busy.hear(Tick(whole(part * self.now)))
        self.busy.hear(Tick(self.now))

    @property
    def now(self) -> float:
        return self.now_ms / 1000

    def _all_hear(self, event: Event) -> None:
        for coach in (self.exact, self.busy):
            coach.catch_up(event.at)
        for coach in (self.exact, self.busy, self.late):
            coach.hear(event)
        assert self.late.deeds == self.busy.deeds == self.exact.deeds
        assert self.exact.coach.snapshot() == self.busy.coach.snapshot() == self.late.coach.snapshot()


TestAnyDay = AnyDay.TestCase
TestAnyDay.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


# ---- politeness


@unhurried
@given(days)
def test_reminders_are_few_and_far_between_and_never_go_to_an_empty_chair(day: list[Happening]) -> None:
    listens = Listener(HALF_HOURLY)
    at_reminders: list[float] = []
    in_this_sitting_time = 0
    for event in timeline(day):
        for step in (listens.catch_up, lambda _: listens.hear(event)):  # noqa: B023  # it is called at once
            heard = len(listens.said)
            step(event.at)
            for at, effect in listens.said[heard:]:
                if isinstance(effect, Note) and effect.fact.name == "full_break":
                    in_this_sitting_time = 0
                if isinstance(effect, Play) and effect.cue is Cue.REMINDER:
                    in_this_sitting_time += 1
                    at_reminders.append(at)
                    assert listens.taken
                    assert effect.nth == in_this_sitting_time <= 4
    assert all(later - earlier >= 120 for earlier, later in pairwise(at_reminders))


@unhurried
@given(days)
def test_in_quiet_hours_nothing_sounds(day: list[Happening]) -> None:
    loud = [happening for happening in day if not isinstance(happening.event(0.0), QuietHours)]
    quiet = [Happening(0, lambda at: QuietHours(at, True)), *loud]
    assert not any(isinstance(effect, Play) for _, effect in on_time(timeline(quiet)).said)


# ---- the truth about time


@unhurried
@given(sittings)
def test_what_is_said_agrees_with_an_independent_reading_of_the_whole_day(day: list[Happening]) -> None:
    events = timeline(day)
    expected = read(levels(events), ms(events[-1].at), Definitions(limit_ms=ms(LIMIT_S)))
    assert on_time(events).reading == expected


@unhurried
@given(days)
def test_no_button_no_quiet_hours_and_no_panel_bend_what_is_counted(day: list[Happening]) -> None:
    events = timeline(day)
    expected = read(levels(events), ms(events[-1].at), Definitions(limit_ms=ms(LIMIT_S)))
    assert on_time(events).reading == expected


@unhurried
@given(days)
def test_a_fact_is_never_said_before_it_is_true_and_what_is_said_later_comes_later(day: list[Happening]) -> None:
    facts = on_time(timeline(day)).facts
    assert all(t <= said for _, t, said, _ in facts)
    assert all(said <= later for (_, _, said, _), (_, _, later, _) in pairwise(facts))


@unhurried
@given(days, strategies.integers(0, 10_000_000), strategies.sampled_from([3600.0, -3600.0, 86_400.0, -86_400.0, 1.8e9]))
def test_a_clock_step_moves_no_seated_second_and_no_sound(day: list[Happening], at_ms: int, step_s: float) -> None:
    events = timeline(day)
    step = ClockRead(at_ms / 1000, SHOWS, step_s)
    stepped = on_time(sorted([*events, step, Tick(events[-1].at)], key=lambda event: event.at))
    as_ever = [effect for effect in stepped.deeds if not (isinstance(effect, Note) and "clock" in effect.fact.name)]
    steady = on_time([*events, Tick(max(events[-1].at, step.at))])
    assert as_ever == steady.deeds
    assert stepped.coach.snapshot().today == steady.coach.snapshot().today


@unhurried
@given(days, strategies.integers(0, 10_000_000))
def test_midnight_splits_figures_and_nothing_else(day: list[Happening], at_ms: int) -> None:
    events = timeline([each for each in day if not isinstance(each.event(0.0), DayEnded)])
    midnight = DayEnded(min(at_ms / 1000, events[-1].at))
    whole_day = on_time(events)
    split = on_time(sorted([*events, midnight], key=lambda event: event.at))
    assert split.deeds == whole_day.deeds


# ---- the rules


IN_MODE: dict[Mode, Callable[[], Day]] = {}
_SETTINGS = {
    Mode.UNCALIBRATED: Settings(seat=SeatSettings("ads1115")),
    Mode.WHO: Settings(persons=Persons(("Anna", "Bob"))),
    Mode.CONNECTING: Settings(page=PageSettings(reach="house")),
    Mode.SHORT_OFFERED: Settings(limits=Limits(short_every_s=1200.0)),
    Mode.MOVE_OFFERED: Settings(limits=Limits(standing="half")),
}


def _reached(mode: Mode) -> Callable[[Callable[[Day], None]], None]:
    def reached(story: Callable[[Day], None]) -> None:
        def day() -> Day:
            told = Day(
                _SETTINGS.get(mode, Settings()),
                safety_s=20.0 if mode is Mode.STARTING else 0.0,
                asks=list(TOPICS) if mode is Mode.CHOOSING else (),
            )
            story(told)
            return told

        IN_MODE[mode] = day

    return reached


@_reached(Mode.STARTING)
def _(day: Day) -> None:
    day.sit(minutes=1)


@_reached(Mode.CHOOSING)
def _(day: Day) -> None:
    day.sit(minutes=1)


@_reached(Mode.WATCHING)
def _(day: Day) -> None:
    day.sit(minutes=10)


@_reached(Mode.WHO)
def _(day: Day) -> None:
    day.sit(seconds=6)


@_reached(Mode.TODAY)
def _(day: Day) -> None:
    day.sit(minutes=10)
    day.press()


@_reached(Mode.CONNECTING)
def _(day: Day) -> None:
    day.choose("connect_seen")
    day.sit(minutes=10)
    day.press()
    day.hold()


@_reached(Mode.SHORT_OFFERED)
def _(day: Day) -> None:
    day.sit(minutes=20)


@_reached(Mode.MOVE_OFFERED)
def _(day: Day) -> None:
    day.sit(minutes=10)
    day.rise(minutes=45)


@_reached(Mode.OFFICE_OFFERED)
def _(day: Day) -> None:
    day.clock("2026-03-02T08:30:00+01:00")
    day.choose("office_offer", "spring hourly 2026-03-31 ACME")
    day.sit(minutes=2)


@_reached(Mode.INVITED)
def _(day: Day) -> None:
    day.sit(minutes=70)


@_reached(Mode.DUE)
def _(day: Day) -> None:
    day.sit(minutes=120)


@_reached(Mode.SNOOZED)
def _(day: Day) -> None:
    day.sit(minutes=120)
    day.hold()


@_reached(Mode.ACKNOWLEDGED)
def _(day: Day) -> None:
    day.sit(minutes=120)
    day.press()


@_reached(Mode.GUIDING)
def _(day: Day) -> None:
    day.sit(minutes=120)
    day.rise(seconds=20)


@_reached(Mode.PAUSED)
def _(day: Day) -> None:
    day.sit(minutes=120)
    day.rise(seconds=20)
    day.sit(seconds=3)


@_reached(Mode.ASKING)
def _(day: Day) -> None:
    day.sit(hours=4)


@_reached(Mode.SEAT_LOST)
def _(day: Day) -> None:
    day.sit(minutes=10)
    day.lose_seat()


@_reached(Mode.UNCALIBRATED)
def _(day: Day) -> None:
    day.sit(minutes=10)


def test_every_mode_can_be_reached() -> None:
    assert {mode: day().mode for mode, day in IN_MODE.items()} == {mode: mode.value for mode in Mode}


@pytest.mark.parametrize(("mode", "signal"), list(product(Mode, Signal)), ids=lambda each: each.name.lower())
def test_every_signal_is_borne_in_every_mode_and_ignored_where_no_rule_is_listed(mode: Mode, signal: Signal) -> None:
    day = IN_MODE[mode]()
    before = day.snapshot
    day.coach._apply(signal)
    unheard = (mode, signal) not in RULES
    assert not unheard or day.coach.snapshot() == before
    told = len(day.told)
    day.wait(seconds=0)
    day.panel(True)
    assert not unheard or len(day.told) == told
    day.wait(hours=1)
    day.rise(hours=1)
    waits = "choosing" if day.snapshot.asked else "starting" if day.coach._state.is_unwarned else "watching"
    assert day.mode == (waits if day.snapshot.seat is None else mode.value)


@pytest.mark.parametrize("mode", Mode)
def test_the_device_says_what_the_button_would_do_wherever_it_does_anything(mode: Mode) -> None:
    snapshot = IN_MODE[mode]().snapshot
    assert (snapshot.press is not None) == ((mode, Signal.PRESS) in RULES)
    assert (snapshot.hold is not None) == ((mode, Signal.HOLD) in RULES)


TOLD_BY = {
    Push.LATER: "snoozed",
    Push.MUTE: "muted",
    Push.UNMUTE: "unmuted",
    Push.END: "guide_ended",
    Push.PUT_AWAY: None,
    Push.FORGET: None,
    Push.DECLINE: "office_answer",
    None: None,
}
"""The fact by which one sees that a hold did what was said."""


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode is not Mode.CHOOSING])
@pytest.mark.parametrize("muted", [False, True])
@pytest.mark.parametrize("spent", [False, True])
def test_a_hold_does_what_the_device_says_it_would(mode: Mode, muted: bool, spent: bool) -> None:
    day = IN_MODE[mode]()
    if spent:
        day.coach._state.reminders.snoozes = 2
    if muted:
        day.coach._state.note(Muted(day.now, day.now, day.now + 3600))
    says, told = day.snapshot.hold, len(day.notes)
    day.down()
    day.wait(seconds=1)
    expected = TOLD_BY[says]
    assert [fact.name for fact in day.notes[told:]] == ([] if expected is None else [expected])


@pytest.mark.parametrize("mode", Mode)
def test_whoever_is_away_is_back_by_a_hold_where_the_device_says_so(mode: Mode) -> None:
    day = IN_MODE[mode]()
    day.clock("2027-01-01T12:00:00+00:00")
    day.choose("away", "2027-01-07")
    says, told = day.snapshot.hold, len(day.notes)
    assert says in (Push.BACK, Push.FORGET)
    day.hold()
    assert ("away" in [fact.name for fact in day.notes[told:]]) == (says is Push.BACK)
    assert (day.snapshot.back_on is None) == (says is Push.BACK)


def test_every_rule_is_one_of_a_mode_and_a_signal_that_are_used() -> None:
    assert {mode for mode, _ in RULES} == set(Mode)
    assert {signal for _, signal in RULES} == set(Signal)
