"""Stories of several people who share a chair: who is asked, when, and whose the figures are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.core.coach import Coach
from device.settings.settings import BuzzerSettings, Limits, PageSettings, Persons, Settings
from device.stages.people import Owners, person_before
from device.stretches.repertoire import repertoire
from device.words.effects import BigWords, Card, Play
from device.words.events import Order, Power
from device.words.facts import PersonChosen
from device.words.past import Past, Readings
from tests.facts import details_of
from tests.story import PLAIN, Day

SHARED = replace(PLAIN, persons=Persons(("Anna", "Bob", "Cleo")))


def shared(settings: Settings = SHARED) -> Day:
    """Anna has sat for half an hour, and the chair has been empty for an hour."""
    day = Day(settings)
    day.wait(minutes=1)
    day.sit(minutes=30)
    day.rise(hours=1)
    return day


def persons(day: Day) -> list[tuple[float, str]]:
    """From when on who sits, in the order in which it was said."""
    return [(fact.t, fact.person) for fact in day.notes if isinstance(fact, PersonChosen)]


# ---- the question


def test_who_sits_down_after_a_long_absence_is_asked_silently_and_a_press_says_the_next_name() -> None:
    day = shared()
    sat_at = day.now
    day.sit(seconds=5)
    assert day.screen == BigWords(("Anna",), "press: next name")
    day.press()
    assert (day.mode, day.text) == ("who", "Bob press: next name")
    day.wait(seconds=20)
    assert day.mode == "watching"
    assert persons(day)[1:] == [(sat_at, "Bob")]
    assert details_of(day.facts("person")[-1]) == {"person": "Bob", "before": "Anna"}
    assert not day.did(Play)


def test_without_a_press_it_is_who_sat_last_and_nothing_is_noted() -> None:
    day = shared()
    day.sit(seconds=5)
    assert day.mode == "who"
    day.wait(seconds=14.9)
    assert day.mode == "who"
    day.wait(seconds=0.1)
    assert day.mode == "watching"
    assert [who for _, who in persons(day)] == ["Anna"]


def test_after_the_last_name_comes_the_first_again_and_each_press_gives_time_to_think() -> None:
    day = shared()
    day.sit(seconds=5)
    seen = []
    for _ in range(4):
        seen.append(day.text.split()[0])
        day.press()
        day.wait(seconds=13)
    assert (seen, day.text.split()[0]) == (["Anna", "Bob", "Cleo", "Anna"], "Bob")
    assert len(persons(day)) == 1


def test_the_very_first_sitting_is_the_first_name_s_until_a_press_says_otherwise() -> None:
    day = Day(SHARED)
    day.wait(minutes=1)
    day.sit(seconds=5)
    assert (day.mode, persons(day)) == ("who", [(60.0, "Anna")])
    day.press(2)
    day.wait(seconds=15)
    assert persons(day) == [(60.0, "Anna"), (60.0, "Cleo")]


def test_after_a_shorter_absence_nobody_is_asked() -> None:
    day = shared()
    day.sit(minutes=5)
    day.rise(minutes=29, seconds=59.999)
    day.sit(minutes=5)
    assert day.mode == "watching"
    day.rise(minutes=30)
    day.sit(seconds=5)
    assert day.mode == "who"


def test_one_person_alone_is_never_asked_and_nothing_is_noted() -> None:
    day = shared(PLAIN)
    day.choose("person", "Anna")
    day.sit(minutes=1)
    assert (day.mode, persons(day)) == ("watching", [])


def test_rising_ends_the_question_and_the_name_that_was_held_out_counts() -> None:
    day = shared()
    sat_at = day.now
    day.sit(seconds=6)
    day.press()
    day.rise(seconds=15)
    assert (day.mode, persons(day)[1:]) == ("watching", [(sat_at, "Bob")])


def test_a_fidget_does_not_end_the_question() -> None:
    day = shared()
    day.sit(seconds=6)
    day.fidget()
    assert day.mode == "who"


def test_a_hold_mutes_as_while_nothing_is_due_and_the_question_stays() -> None:
    day = shared()
    day.sit(seconds=6)
    day.hold()
    assert (day.mode, len(day.facts("muted"))) == ("who", 1)
    day.hold()
    assert (day.mode, len(day.facts("unmuted"))) == ("who", 1)


def test_without_a_buzzer_a_hold_does_nothing() -> None:
    day = shared(replace(SHARED, buzzer=BuzzerSettings(kind="none")))
    day.sit(seconds=6)
    day.hold()
    assert (day.mode, day.facts("muted")) == ("who", [])


@pytest.mark.parametrize("limits", [Limits(invite_after_s=10.0), Limits(invite_after_s=10.0, due_after_s=10.0)])
def test_a_break_beats_the_question_and_the_name_that_was_held_out_counts(limits: Limits) -> None:
    day = Day(replace(SHARED, limits=limits))
    day.sit(seconds=6)
    day.press()
    assert day.mode == "who"
    day.wait(seconds=10)
    assert day.mode in ("invited", "due")
    assert [who for _, who in persons(day)] == ["Anna", "Bob"]
    day.wait(minutes=10)
    day.rise(minutes=3)
    assert day.mode != "who"


def test_a_finger_that_comes_up_after_the_question_is_over_changes_nothing() -> None:
    day = shared()
    day.sit(seconds=19.5)
    assert day.mode == "who"
    day.down()
    day.wait(seconds=0.7)
    assert day.mode == "watching"
    day.up()
    day.wait(seconds=20)
    assert len(persons(day)) == 1


def test_the_question_waits_for_the_cards_of_safety() -> None:
    day = Day(SHARED, safety_s=8.0)
    day.sit(minutes=2)
    assert day.mode == "starting"
    day.read_safety()
    assert day.mode == "who"
    day.wait(seconds=15)
    assert day.mode == "watching"


def test_the_question_waits_for_today_s_card_and_has_its_whole_time_then() -> None:
    day = shared()
    day.press()
    day.sit(seconds=5)
    assert day.mode == "today"
    day.wait(seconds=2)
    assert day.mode == "who"
    day.wait(seconds=13)
    assert day.mode == "who"


def test_a_stretch_from_the_page_comes_first_and_the_name_counts_afterwards() -> None:
    day = shared()
    day.sit(seconds=6)
    day.press()
    day.order(Order.STRETCH)
    assert day.mode == "acknowledged"
    day.wait(minutes=3)
    assert (day.mode, persons(day)[-1][1]) == ("watching", "Bob")


def test_a_seat_that_is_lost_ends_the_question() -> None:
    day = shared()
    day.sit(seconds=6)
    day.lose_seat(minutes=1)
    assert day.mode == "seat_lost"
    day.find_seat(taken=False, minutes=1)
    assert day.mode == "watching"


def test_how_to_connect_a_phone_is_shown_once_the_name_is_known() -> None:
    day = Day(replace(SHARED, page=PageSettings(reach="house")))
    day.sit(seconds=6)
    assert day.mode == "who"
    day.wait(seconds=15)
    assert day.mode == "connecting"


# ---- the greeting


def test_the_greeting_comes_after_the_question_with_that_person_s_last_day() -> None:
    day = shared()
    day.sit(seconds=6)
    day.press()
    day.wait(minutes=50)
    day.rise(hours=10)
    day.sit(seconds=6)
    day.press(2)
    assert day.mode == "who"
    assert day.text.split()[0] == "Anna"
    day.wait(seconds=15)
    assert isinstance(day.screen, Card)
    assert "You sat 30 min" in day.text
    day.rise(hours=10)
    day.sit(seconds=6)
    day.press()
    day.wait(seconds=15)
    assert "You sat 50 min" in day.text


def test_who_has_no_day_yet_is_not_greeted_with_another_s() -> None:
    day = shared()
    day.rise(hours=10)
    day.sit(seconds=6)
    day.press()
    day.wait(seconds=15)
    assert not isinstance(day.screen, Card)


def test_who_rises_while_asked_is_not_greeted() -> None:
    day = shared()
    day.rise(hours=10)
    day.sit(seconds=6)
    day.rise(seconds=15)
    assert (day.mode, isinstance(day.screen, Card)) == ("watching", False)


# ---- said elsewhere


def test_who_is_named_on_the_page_has_the_running_bout_from_its_beginning() -> None:
    day = shared()
    sat_at = day.now
    day.sit(minutes=20)
    day.rise(seconds=30)
    day.sit(minutes=10)
    day.choose("person", "Cleo")
    assert persons(day)[1:] == [(sat_at, "Cleo")]
    assert (day.snapshot.person, day.snapshot.today.seated_s) == ("Cleo", 30 * 60)
    day.choose("person", "Anna")
    assert (day.snapshot.person, day.snapshot.today.seated_s) == ("Anna", 60 * 60)


def test_who_is_named_while_the_chair_is_empty_has_the_next_sitting() -> None:
    day = shared()
    day.choose("person", "Bob")
    assert persons(day)[1:] == [(day.now, "Bob")]
    day.sit(seconds=6)
    assert day.text.split()[0] == "Bob"


def test_who_is_named_while_they_sit_down_has_that_sitting() -> None:
    day = shared()
    sat_at = day.now
    day.sit(seconds=3)
    day.choose("person", "Bob")
    day.wait(minutes=10)
    assert persons(day)[1:] == [(sat_at, "Bob")]
    assert day.snapshot.today.seated_s == pytest.approx(603)


def test_a_name_from_the_page_answers_the_question() -> None:
    day = shared()
    day.sit(seconds=6)
    day.choose("person", "Cleo")
    assert (day.mode, persons(day)[-1][1]) == ("watching", "Cleo")


def test_a_name_from_the_page_before_the_question_is_seen_leaves_nothing_to_ask() -> None:
    day = Day(SHARED, safety_s=8.0)
    day.sit(seconds=6)
    day.choose("person", "Cleo")
    assert day.mode == "starting"
    day.read_safety()
    assert day.mode == "watching"


def test_a_name_that_is_in_force_already_or_not_known_changes_nothing() -> None:
    day = shared()
    day.sit(seconds=6)
    for name in ("Anna", "Dora", ""):
        day.choose("person", name)
    assert (day.mode, len(persons(day))) == ("who", 1)


# ---- figures of each


def test_today_s_card_has_the_figures_of_who_sits() -> None:
    day = shared()
    day.sit(seconds=6)
    day.press()
    day.wait(minutes=20)
    day.press()
    assert "Seated 20 min" in " ".join(day.text.split())


def test_a_person_s_break_is_their_own_even_if_another_sits_down_before_it_counts() -> None:
    day = Day(SHARED)
    day.sit(hours=2, minutes=1)
    day.rise(seconds=80)
    day.choose("person", "Bob")
    day.sit(minutes=5)
    day.rise(minutes=5)
    assert (day.snapshot.person, day.snapshot.today.due, day.snapshot.today.honoured) == ("Bob", 0, 0)
    day.choose("person", "Anna")
    assert (day.snapshot.today.due, day.snapshot.today.honoured) == (1, 1)
    assert (day.snapshot.today.breaks, day.snapshot.today.full_breaks) == (1, 0)


def test_a_due_break_that_another_took_is_over_for_both() -> None:
    day = Day(SHARED)
    day.sit(hours=2, minutes=1)
    day.choose("person", "Bob")
    day.choose("person", "Anna")
    day.rise(minutes=40)
    day.sit(seconds=6)
    day.press()
    day.wait(minutes=5)
    assert (day.snapshot.person, day.snapshot.today.due) == ("Bob", 0)


# ---- names that change


def test_a_name_that_is_taken_out_gives_way_to_the_first_at_the_next_sitting() -> None:
    day = shared()
    day.choose("person", "Cleo")
    day.change("persons", names=("Anna", "Bob"))
    day.sit(seconds=6)
    assert (day.text.split()[0], persons(day)[-1][1]) == ("Anna", "Anna")


def test_with_all_names_taken_out_nobody_is_named_from_the_next_sitting_on() -> None:
    day = shared()
    day.change("persons", names=())
    day.sit(minutes=10)
    assert (day.mode, persons(day)[-1][1]) == ("watching", "")
    assert day.snapshot.today.seated_s == 40 * 60


def test_names_that_change_while_it_asks_end_the_question() -> None:
    day = shared()
    day.sit(seconds=6)
    day.change("persons", names=("Dora", "Ed"))
    assert day.mode == "watching"
    day.rise(minutes=40)
    day.sit(seconds=6)
    assert day.text.split()[0] == "Dora"


def test_names_that_come_while_somebody_sits_count_from_the_next_sitting_on() -> None:
    day = Day()
    day.sit(minutes=10)
    day.change("persons", names=("Anna", "Bob"))
    assert (day.mode, day.snapshot.today.seated_s) == ("watching", 600)
    day.rise(hours=1)
    day.sit(minutes=5)
    assert (day.snapshot.person, day.snapshot.today.seated_s) == ("Anna", 300)


# ---- over power cuts


def test_who_sat_before_a_short_cut_sits_after_it_and_is_not_asked() -> None:
    day = shared()
    day.choose("person", "Bob")
    day.sit(minutes=20)
    day.cut_power(seconds=10, taken=True)
    day.wait(minutes=10)
    assert (day.mode, day.snapshot.person, day.snapshot.today.seated_s) == ("watching", "Bob", 30 * 60)
    assert len(persons(day)) == 2


def test_a_start_knows_who_sat_however_long_ago_that_was_said() -> None:
    coach = Coach(SHARED, repertoire(SHARED))
    coach.recall(Past((), Readings(10.0), choices=(PersonChosen(1.0, 1.0, "Bob", ""),)))
    coach.handle(Power(11.0, 1.0))
    assert coach.snapshot().person == "Bob"


def test_after_a_long_cut_it_asks_and_begins_with_who_sat_last() -> None:
    day = shared()
    day.choose("person", "Bob")
    day.sit(minutes=20)
    day.cut_power(hours=1, taken=False)
    day.sit(seconds=6)
    assert (day.mode, day.text.split()[0]) == ("who", "Bob")


def test_after_a_cut_of_unknown_length_it_asks_and_greets_after_the_answer() -> None:
    day = shared()
    day.sit(minutes=20)
    day.cut_power(hours=9, known=False, taken=False)
    day.sit(seconds=6)
    assert day.mode == "who"
    day.learn(hours=9, new_day=True)
    assert day.mode == "who"
    day.wait(seconds=15)
    assert "You sat 50 min" in day.text


def test_a_word_after_a_short_cut_is_about_the_time_since_the_cut() -> None:
    day = shared()
    day.sit(minutes=20)
    day.cut_power(seconds=10, taken=True)
    on_at = day.now
    day.wait(minutes=10)
    day.choose("person", "Bob")
    assert persons(day)[-1] == (on_at, "Bob")
    assert day.snapshot.today.seated_s == 600
    day.choose("person", "Anna")
    assert day.snapshot.today.seated_s == 60 * 60


def test_a_start_without_any_fact_about_it_knows_the_person_from_the_choices() -> None:
    chosen = PersonChosen(5.0, 5.0, "Bob", "Anna")
    assert [person_before([], []), person_before([], [chosen]), person_before([chosen], [])] == ["", "Bob", "Anna"]
    assert Owners("Bob").is_even


# ---- the count


spans = st.floats(0.5, 9000.0).map(lambda seconds: round(seconds, 3))
deeds: st.SearchStrategy[Callable[[Day], object]] = st.one_of(
    spans.map(lambda s: lambda day: day.sit(seconds=s)),
    spans.map(lambda s: lambda day: day.rise(seconds=s)),
    st.sampled_from(SHARED.persons.names).map(lambda name: lambda day: day.choose("person", name)),
    st.just(lambda day: day.press()),
    st.just(lambda day: day.hold()),
    st.just(lambda day: day.midnight()),
    spans.map(lambda s: lambda day: day.cut_power(seconds=s)),
    spans.map(lambda s: lambda day: day.lose_seat(seconds=s)),
    st.booleans().map(lambda taken: lambda day: day.find_seat(taken=taken)),
)


@settings(deadline=None)
@given(st.lists(deeds, max_size=25))
def test_seated_time_bouts_and_breaks_are_the_same_with_and_without_people(life: list[Callable[[Day], object]]) -> None:
    of_the_chair = []
    for each in (PLAIN, SHARED):
        day = Day(each)
        for deed in life:
            deed(day)
        told = day.facts("sat", "left", "bout", "full_break", "due", "resumed", "power_cut")
        of_the_chair.append([(fact.t, fact.said, fact.name, details_of(fact)) for fact in told])
    assert of_the_chair[0] == of_the_chair[1]
