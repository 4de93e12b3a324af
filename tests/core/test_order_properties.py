"""What holds whatever the page orders, and whenever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from device.settings.settings import PageSettings, Persons, Settings
from device.settings.settings_file import PRESETS_S
from device.words.effects import ClosePairing, Connect, Cue, Effect, Note, OpenPairing, Play, Show, TakePreset
from device.words.events import (
    Button,
    Chosen,
    ClockRead,
    Event,
    Order,
    Ordered,
    PairingEnded,
    PairingOpened,
    Tick,
)
from device.words.facts import Away, OfficeAnswered, OfficeAsked, OfficeOffered
from device.words.instants import after
from tests import listening
from tests.core.test_properties import (
    ALL_ELSE,
    HALF_HOURLY,
    PUSHING,
    SITTING,
    Happening,
    gaps_ms,
    timeline,
    unhurried,
)
from tests.listening import Listener

HOUSE = replace(HALF_HOURLY, page=PageSettings(reach="house"))
COUNTED = ("sat", "left", "bout", "full_break")
"""What the chair alone says."""


def _ordered(order: Order, lasts_s: float | None) -> Happening:
    return Happening(0, lambda at: Ordered(at, order, None if lasts_s is None else round(at + lasts_s, 3)))


NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def _away(days: int | None) -> Happening:
    until = "" if days is None else f"{NEW_YEAR + timedelta(days=days):%Y-%m-%d}"
    return Happening(0, lambda at: Chosen(at, "away", until))


def _read(gap_ms: int, days: int) -> Happening:
    """The clock is read; it may show any day, as after midnights and steps."""
    return Happening(gap_ms, lambda at: ClockRead(at, NEW_YEAR + timedelta(days=days)))


def _suggested(offer: str, preset: str, days: int) -> Happening:
    value = f"{offer} {preset} {NEW_YEAR + timedelta(days=days):%Y-%m-%d} ACME"
    return Happening(0, lambda at: Chosen(at, "office_offer", value))


def _page_answers(offer: str, answer: str) -> Happening:
    return Happening(0, lambda at: Chosen(at, "office_answer", f"{offer} {answer}"))


ids = st.sampled_from(["a", "b", "c"])
by_office = st.one_of(
    st.builds(_suggested, ids, st.sampled_from(list(PRESETS_S)), st.integers(-2, 400)),
    st.builds(_page_answers, ids, st.sampled_from(["taken", "declined"])),
)
by_calendar = st.one_of(
    by_office,
    st.builds(_away, st.none() | st.integers(-3, 500)),
    st.builds(_read, gaps_ms, st.integers(-1, 5) | st.sampled_from([-20_000, 300, 364, 365, 366, 367])),
)
PRESSED = _ordered(Order.PRESS, None)
"""A press from afar does more than a click on the page, but says no more than that."""
by_page = st.one_of(
    by_calendar,
    st.builds(
        _ordered,
        st.sampled_from([each for each in Order if each is not Order.PRESS]),
        st.none() | st.floats(-1000, 100_000),
    ),
    st.builds(Happening, gaps_ms, st.just(lambda at: PairingOpened(at, "unsit.local:8016", "KLM234"))),
    st.builds(lambda gap_ms, name: Happening(gap_ms, lambda at: PairingEnded(at, name)), gaps_ms, st.text(max_size=3)),
)
from_afar = st.builds(replace, st.just(PRESSED), gap_ms=gaps_ms)
by_phone = by_page | from_afar
by_hand = st.builds(Happening, gaps_ms, st.sampled_from([*SITTING, *SITTING, *PUSHING, *PUSHING, *ALL_ELSE]))
by_chair = st.builds(Happening, gaps_ms, st.sampled_from(SITTING))
days = st.lists(by_hand | by_phone, max_size=40)
handless_days = st.lists(by_chair | by_page, max_size=40)
afar_days = st.lists(by_chair | by_page | from_afar | from_afar, max_size=40)


def heard(events: list[Event]) -> Listener:
    return listening.on_time(events, HOUSE)


def without_page(events: list[Event]) -> list[Event]:
    """The same day, but nothing came from the page."""
    return [Tick(e.at) if isinstance(e, Ordered | PairingOpened | PairingEnded | Chosen) else e for e in events]


@unhurried
@given(days)
def test_a_late_coach_says_and_does_the_same_whatever_the_page_orders(day: list[Happening]) -> None:
    events = timeline(day)
    late = Listener(HOUSE)
    for event in events:
        late.hear(event)
    assert late.deeds == heard(events).deeds


@unhurried
@given(days)
def test_no_order_makes_or_takes_a_break_or_a_seated_second(day: list[Happening]) -> None:
    events = timeline(day)
    ordered = heard(events)
    as_ever = heard(without_page(events))

    def counted(listener: Listener) -> list[object]:
        return [fact for fact in listener.facts if fact[0] in COUNTED]

    assert counted(ordered) == counted(as_ever)
    one, other = ordered.coach.snapshot(), as_ever.coach.snapshot()
    assert (one.sitting_s, one.today.seated_s, one.today.breaks) == (
        other.sitting_s,
        other.today.seated_s,
        other.today.breaks,
    )


@unhurried
@given(handless_days)
def test_a_click_is_never_taken_for_a_press(day: list[Happening]) -> None:
    facts = heard(timeline(day)).facts
    assert not {"acknowledged", "stretch_done", "snoozed", "answered"} & {name for name, *_ in facts}
    assert not any(details["asked"] for name, _, _, details in facts if name == "guide_started")


FIRST = Settings(limits=HALF_HOURLY.limits, persons=Persons(names=("Anna", "Bob")), page=PageSettings(reach="house"))


@unhurried
@given(afar_days)
def test_a_press_from_afar_answers_nothing_that_takes_a_person_there(day: list[Happening]) -> None:
    events = [event for event in timeline(day) if not isinstance(event, Chosen)]
    told = [details for name, *_, details in listening.on_time(events, HOUSE).facts if name == "person"]
    said = listening.on_time(events, FIRST).facts
    facts = {name for name, *_ in said}
    # A name is taken by time alone, but by no press: the first one named stays.
    assert not {"safety_seen", "answered", "chosen", "snoozed", "stretch_never", "acknowledged", "stretch_done"} & facts
    assert not any(details["asked"] for name, _, _, details in said if name == "guide_started")
    assert not told


@unhurried
@given(days)
def test_an_ordered_press_does_what_it_would_do_or_nothing(day: list[Happening]) -> None:
    listener = Listener(HOUSE)
    for event in timeline(day):
        listener.catch_up(event.at)
        if isinstance(event, Ordered) and event.order is Order.PRESS:
            listener.hear(Tick(event.at))
            would, before = listener.coach.snapshot(), len(listener.said)
            assert would.afar in (None, would.press)
            listener.hear(event)
            if would.afar is None:
                assert listener.said[before:] == []
            else:
                assert listener.said[before:]
        else:
            listener.hear(event)


@unhurried
@given(days)
def test_what_the_office_suggests_is_asked_once_a_day_answered_once_and_taken_only_by_an_answer(
    day: list[Happening],
) -> None:
    asked, answered, waits_for = set(), set(), None
    for _, effect in heard(timeline(day)).said:
        if isinstance(effect, TakePreset):
            assert waits_for == effect.preset, "a preset is taken by an answer, and by nothing else"
        waits_for = None
        match effect:
            case Note(fact=OfficeOffered(offer=offer, preset=preset)):
                assert offer not in answered
                offered = preset
            case Note(fact=OfficeAsked(day=date_)):
                assert date_ not in asked
                asked.add(date_)
            case Note(fact=OfficeAnswered(offer=offer, taken=taken)):
                assert offer not in answered
                answered.add(offer)
                waits_for = offered if taken else None


@unhurried
@given(days)
def test_after_enough_there_is_no_sound_and_no_break_is_called_until_sound_is_back(day: list[Happening]) -> None:
    enough = False
    for _, effect in heard(timeline(day)).said:
        if isinstance(effect, Note) and effect.fact.name in ("enough", "unmuted"):
            enough = effect.fact.name == "enough"
        elif isinstance(effect, Note):
            assert not enough or effect.fact.name not in ("due", "invite", "sound", "muted", "break_cut_short")
        assert not (enough and isinstance(effect, Play))


@unhurried
@given(days)
def test_while_somebody_is_away_nothing_sounds_and_no_break_is_called(day: list[Happening]) -> None:
    listener, today, back_on, checked = Listener(HOUSE), date.max, date.min, 0
    for event in timeline(day):
        listener.catch_up(event.at)
        for step in (None, event):
            if step is not None:
                today = step.shows.date() if isinstance(step, ClockRead) else today
                listener.hear(step)
            for _, effect in listener.said[checked:]:
                is_away = 0 < (back_on - today).days <= 366
                if isinstance(effect, Note):
                    assert not is_away or effect.fact.name not in ("due", "invite", "sound", "break_cut_short")
                assert not (is_away and isinstance(effect, Play))
                if isinstance(effect, Note) and isinstance(effect.fact, Away):
                    back_on = effect.fact.back_on or date.min
            checked = len(listener.said)
        snapshot = listener.coach.snapshot()
        assert (snapshot.back_on is not None) == (0 < (back_on - today).days <= 366)
        assert snapshot.back_on is None or snapshot.owed is None


@unhurried
@given(days)
def test_every_code_that_is_opened_is_closed_and_shown_no_longer_than_two_minutes(day: list[Happening]) -> None:
    opened_at: float | None = None
    for at, effect in heard(timeline(day)).said:
        if isinstance(effect, OpenPairing):
            assert opened_at is None
            opened_at = at
        if isinstance(effect, ClosePairing):
            assert opened_at is not None
            assert at <= after(opened_at, 120.0)
            opened_at = None
        if isinstance(effect, Show) and isinstance(effect.screen, Connect):
            assert opened_at is not None
    assert opened_at is None, "two hours later it is gone"


@settings(unhurried, max_examples=30)
@given(handless_days)
def test_a_sound_that_is_tried_is_soft_and_no_reminder(day: list[Happening]) -> None:
    tried = [each for each in day if not isinstance(each.event(0.0), Button)]
    listener = Listener(HOUSE)
    for event in timeline(tried):
        listener.catch_up(event.at)
        before = len(listener.said)
        listener.hear(event)
        if isinstance(event, Ordered) and event.order is Order.TRY_SOUND:
            said: list[Effect] = [effect for _, effect in listener.said[before:]]
            assert all(effect.cue is Cue.GUIDE_END for effect in said if isinstance(effect, Play))
