"""What holds of short breaks and of the offer to move, on any day whatever: they change nothing that is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies
from hypothesis.stateful import rule

from device.settings.settings import Settings
from device.words.effects import Cue, Effect, Note, Play
from device.words.events import Event, QuietHours, Seat, Tick
from device.words.facts import Fact, MoveOffered, ShortOffered, ShortTaken
from device.words.instants import after
from tests import listening
from tests.core.test_properties import (
    ALL_ELSE,
    HALF_HOURLY,
    SENSOR,
    SITTING,
    AnyDay,
    Happening,
    _happenings,
    days,
    lost_seats,
    timeline,
    unhurried,
)
from tests.history.test_days import each_day, events_of
from tests.listening import Listener, ms
from tests.story import Day

EVERY_S, LASTS_S, HEADS_UP_S, LIMIT_S = 600.0, 20.0, 120.0, 1500.0
PLAIN = HALF_HOURLY
OFFERING = replace(PLAIN, limits=replace(PLAIN.limits, short_every_s=EVERY_S, standing="half"))
KINDS = (ShortOffered, ShortTaken, MoveOffered)

untouched = _happenings(*SITTING, *SITTING, *SENSOR, *ALL_ELSE)
"""Days on which nobody presses the button."""


def on_time(events: Sequence[Event]) -> Listener:
    return listening.on_time(events, OFFERING)


def as_ever(events: Sequence[Event]) -> Listener:
    """The same day without any of the offers."""
    return listening.on_time(events, PLAIN)


def but_for_offers(deeds: Sequence[Effect]) -> list[Effect]:
    """The facts that have nothing to do with the offers, and the reminders."""
    return [
        effect
        for effect in deeds
        if (isinstance(effect, Note) and not isinstance(effect.fact, KINDS))
        or (isinstance(effect, Play) and effect.cue is not Cue.SHORT_OFFER)
    ]


@unhurried
@given(untouched)
def test_where_nobody_presses_the_button_all_other_facts_and_sounds_are_as_without(day: list[Happening]) -> None:
    events = timeline(day)
    assert but_for_offers(on_time(events).deeds) == but_for_offers(as_ever(events).deeds)


@unhurried
@given(days)
def test_whatever_is_pressed_all_that_is_counted_is_as_without(day: list[Happening]) -> None:
    events = timeline(day)
    told, plain = on_time(events), as_ever(events)
    assert told.reading == plain.reading
    figures, as_before = told.coach.snapshot().today, plain.coach.snapshot().today
    counted = ("seated_s", "doubtful_s", "share", "bouts", "longest_s", "breaks", "full_breaks", "due", "in_time")
    assert [getattr(figures, name) for name in counted] == [getattr(as_before, name) for name in counted]


@each_day
def test_on_recorded_days_all_that_is_counted_is_as_without(file: Path) -> None:
    events = events_of(file)
    told, plain = on_time(events), as_ever(events)
    assert told.reading == plain.reading
    assert any(isinstance(fact, ShortOffered) for fact in noted(told.deeds))


@pytest.mark.parametrize("every_s", [300.0, 1200.0, 3000.0])
@each_day
def test_on_recorded_days_every_other_fact_and_sound_is_as_without(file: Path, every_s: float) -> None:
    plain = Settings()
    offering = replace(plain, limits=replace(plain.limits, short_every_s=every_s, standing="half"))
    events = events_of(file)
    told, as_before = (listening.on_time(events, each).deeds for each in (offering, plain))
    assert but_for_offers(told) == but_for_offers(as_before)
    assert any(isinstance(fact, KINDS) for fact in noted(told))


@unhurried
@given(lost_seats)
def test_a_late_coach_makes_the_same_offers(day: list[Happening]) -> None:
    events = timeline(day)
    late = Listener(OFFERING)
    for event in events:
        late.hear(event)
    assert late.deeds == on_time(events).deeds


@unhurried
@given(days, strategies.lists(strategies.integers(0, 20_000_000), max_size=30))
def test_ticks_that_nobody_asked_for_change_no_offer_and_no_screen(day: list[Happening], extra: list[int]) -> None:
    events = timeline(day)
    ticks = [Tick(at_ms / 1000) for at_ms in extra if at_ms / 1000 <= events[-1].at]
    assert on_time(sorted([*events, *ticks], key=lambda event: event.at)).said == on_time(events).said


@unhurried
@given(days)
def test_a_short_break_sounds_once_for_an_offer_at_the_most_and_never_to_an_empty_chair(day: list[Happening]) -> None:
    listens = Listener(OFFERING)
    offers = cues = 0
    for event in timeline(day):
        for step in (listens.catch_up, lambda _: listens.hear(event)):  # noqa: B023  # it is called at once
            heard = len(listens.said)
            step(event.at)
            for _, effect in listens.said[heard:]:
                if isinstance(effect, Note) and isinstance(effect.fact, ShortOffered):
                    offers, cues = offers + 1, 0
                if isinstance(effect, Play) and effect.cue is Cue.SHORT_OFFER:
                    cues += 1
                    assert listens.taken
                    assert offers
                    assert cues == 1


@unhurried
@given(days)
def test_in_quiet_hours_no_short_break_is_offered(day: list[Happening]) -> None:
    loud = [happening for happening in day if not isinstance(happening.event(0.0), QuietHours)]
    quiet = [Happening(0, lambda at: QuietHours(at, True)), *loud]
    told = on_time(timeline(quiet)).deeds
    assert not any(isinstance(fact, ShortOffered) for fact in noted(told))
    assert not any(isinstance(effect, Play) for effect in told)


class AnyDayWithOffers(AnyDay):
    """The same day, with short breaks and a desk that rises."""

    settings = OFFERING

    @rule()
    def sitting_till_a_short_break(self) -> None:
        self._all_hear(Seat(self.now, True))
        self.now_ms += round(EVERY_S * 1000)
        self._all_hear(Tick(self.now))

    @rule()
    def long_off_the_chair(self) -> None:
        self._all_hear(Seat(self.now, False))
        self.now_ms += 2_700_000
        self._all_hear(Tick(self.now))


TestAnyDayWithOffers = AnyDayWithOffers.TestCase
TestAnyDayWithOffers.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


# ---- an independent reading


def noted(deeds: Sequence[Effect]) -> list[Fact]:
    return [effect.fact for effect in deeds if isinstance(effect, Note)]


def spans(levels: Sequence[tuple[int, bool]], end_ms: int) -> Iterator[tuple[int, int]]:
    """From when until when the level was taken, with fidgets and touches left out, in ms."""
    runs = [[at, until, taken] for (at, taken), (until, _) in pairwise([*levels, (end_ms, False)])]
    merged: list[list[int]] = []
    for at, until, taken in runs:
        if merged and merged[-1][2] == taken:
            merged[-1][1] = until
        else:
            merged.append([at, until, taken])
    seated_from: int | None = None
    for at, until, taken in merged:
        if taken and seated_from is None and until - at >= 5000:
            seated_from = at
        elif not taken and seated_from is not None and until - at >= 15000:
            yield seated_from, at
            seated_from = None
    if seated_from is not None:
        yield seated_from, end_ms


@unhurried
@given(_happenings(*SITTING))
def test_short_breaks_come_when_an_independent_reading_of_the_day_says(day: list[Happening]) -> None:
    """By spans of sitting alone, in ms: when offers come, but for the fidgets that put them off."""
    events = timeline(day)
    end_ms = ms(events[-1].at)
    expected: list[tuple[str, int]] = []
    sitting = unbroken = 0
    invited = offered = False
    left: int | None = None
    for since, until in spans([(ms(each.at), each.taken) for each in events if isinstance(each, Seat)], end_ms):
        if left is not None:
            empty = since - left
            if offered and empty >= ms(LASTS_S):
                expected.append(("short_break", left + ms(LASTS_S)))
            if empty >= ms(LASTS_S):
                unbroken, offered = 0, False
            if empty >= 120_000:
                sitting, invited = 0, False
        at = since
        while not invited:
            to_invite, to_offer = at + ms(LIMIT_S) - sitting, at + ms(EVERY_S) - unbroken
            is_short = to_invite - to_offer > ms(HEADS_UP_S)
            comes = to_offer if is_short else to_invite
            if comes > until:
                break
            if is_short:
                expected.append(("short_offer", comes))
                offered, unbroken = True, 0
                sitting += comes - at
            else:
                invited, offered = True, False
            at = comes
        sitting, unbroken, left = sitting + until - at, unbroken + until - at, until
    if left is not None and offered and end_ms - left >= ms(LASTS_S):
        expected.append(("short_break", left + ms(LASTS_S)))
    facts = [fact for fact in noted(on_time(events).deeds) if isinstance(fact, ShortOffered | ShortTaken)]
    told = [(fact.name, ms(fact.t)) for fact in facts]
    assert [name for name, _ in told] == [name for name, _ in expected]
    for (name, at), (_, wanted) in zip(told, expected, strict=True):
        # An offer waits for the end of a fidget, and for the sitting to be believed.
        assert at == wanted or (name == "short_offer" and 0 < at - wanted <= 15_000)


# ---- power cuts

_steps = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(["sit", "rise", "cut", "cut taken", "cut for unknown"]),
        strategies.sampled_from([0, 1, 10, 19, 20, 21, 45, 60, 119, 120, 300, 580, 600, 700, 2700]),
    ),
    max_size=14,
)


def told_with(steps: Sequence[tuple[str, int]], wanted: Settings) -> list[tuple[str, float, float]]:
    day = Day(wanted)
    for what, seconds in steps:
        match what:
            case "sit":
                day.sit(seconds=seconds)
            case "rise":
                day.rise(seconds=seconds)
            case "cut for unknown":
                day.cut_power(known=False)
                day.wait(seconds=30)
                day.learn(seconds=seconds)
            case _:
                day.cut_power(seconds=seconds, taken=True if what == "cut taken" else None)
    day.wait(hours=1)
    facts = [fact for fact in day.notes if not isinstance(fact, KINDS)]
    assert all(fact.t <= fact.said for fact in day.notes)
    return [(fact.name, fact.t, fact.said) for fact in facts]


@settings(unhurried, max_examples=60)
@given(_steps)
def test_over_power_cuts_all_other_facts_are_as_without(steps: list[tuple[str, int]]) -> None:
    assert told_with(steps, OFFERING) == told_with(steps, PLAIN)


def test_the_reading_would_notice_an_offer_that_is_a_second_late() -> None:
    events: list[Event] = [Seat(0.0, True), Tick(after(EVERY_S, 1.0))]
    facts = noted(on_time(events).deeds)
    assert [(fact.name, fact.t) for fact in facts] == [("sat", 0.0), ("short_offer", EVERY_S)]


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_settings_there_is_no_such_fact(kind: type[Fact]) -> None:
    events: list[Event] = [Seat(0.0, True), Seat(1000.0, False), Tick(9000.0)]
    assert not any(isinstance(fact, kind) for fact in noted(as_ever(events).deeds))
