"""Stories of what lasts for hours, and of the first start: still you, the day's end, the safety card, the panel."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.languages.screen_words import vocabulary
from device.mind.rules import Push
from device.settings.settings import Limits, Screens, Settings
from device.stretches.steps import StepKind
from device.words.effects import BigWords, Card, Dark
from tests.facts import details_of
from tests.story import PLAIN, Day, text_of

NO_LIMITS = Settings(limits=Limits(invite_after_s=43200.0, due_after_s=43200.0))


# ---- still you?


def test_seated_for_4_h_without_a_lift_the_screen_asks_silently() -> None:
    day = Day(NO_LIMITS)
    day.wait(seconds=100)
    day.sit(seconds=14399.999)
    assert day.mode == "watching"
    day.wait(seconds=0.001)
    assert day.screen == BigWords(("Still", "there?"), "press: yes, it's me")
    (stuck,) = day.facts("stuck")
    assert (stuck.t, stuck.said, details_of(stuck)) == (14500, 14500, {"what": "seat", "since": 100.0})
    assert not day.sounds


def test_a_lift_of_a_moment_starts_the_4_h_anew() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=3)
    day.fidget(1)
    day.wait(hours=3)
    assert not day.facts("stuck")
    day.wait(hours=1)
    assert len(day.facts("stuck")) == 1


def test_it_asks_while_due_invited_snoozed_or_acknowledged_and_today_shows() -> None:
    asking = Settings(limits=Limits(invite_after_s=43000.0, due_after_s=43200.0))
    for limits_s, gesture in ((14000.0, None), (14300.0, Day.hold), (14300.0, Day.press), (43200.0, Day.press)):
        limits = replace(asking.limits, invite_after_s=limits_s, due_after_s=limits_s)
        day = Day(replace(asking, limits=limits))
        day.sit(seconds=14398)
        if gesture:
            gesture(day)
        day.wait(seconds=3)
        assert day.mode == "asking"
    day = Day(replace(asking, limits=replace(asking.limits, invite_after_s=14300.0)))
    day.sit(hours=4)
    assert day.mode == "asking"


def test_while_it_asks_there_are_no_reminders() -> None:
    day = Day(Settings(limits=Limits(invite_after_s=14390.0, due_after_s=14390.0)))
    day.sit(hours=8)
    assert day.times("due") == [14390]
    assert not day.sounds


def test_a_break_that_falls_due_meanwhile_waits_for_the_answer() -> None:
    day = Day(Settings(limits=Limits(invite_after_s=14410.0, due_after_s=14410.0)))
    day.sit(seconds=14500)
    assert day.times("due") == [14410]
    assert day.mode == "asking"
    day.press()
    assert day.mode == "due"
    assert [nth for _, nth in day.sounds] == [1]


def test_a_press_answers_it_is_me_and_all_is_as_before() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=4)
    day.press()
    assert day.mode == "watching"
    assert day.text == "Seated 4 h 00 break in 8 h 00"


def test_after_the_answer_it_asks_again_4_h_later() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=4, minutes=10)
    day.press()
    answered = 15000.225
    day.wait_until(answered + 14399.9)
    assert day.mode == "watching"
    day.wait(seconds=0.1)
    assert day.mode == "asking"
    assert [details_of(fact)["since"] for fact in day.facts("stuck")] == [0, answered]


def test_unanswered_it_is_asked_once_and_a_lift_ends_it() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=9)
    assert len(day.facts("stuck")) == 1
    day.fidget(1)
    assert day.mode == "watching"
    day.wait(hours=1)
    assert len(day.facts("stuck")) == 1


def test_an_unanswered_question_changes_nothing_of_what_was_counted() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=5)
    day.rise(minutes=2)
    assert [(fact.name, fact.t) for fact in day.facts("sat", "left")] == [("sat", 0), ("left", 18000)]
    assert [details_of(fact)["seated_s"] for fact in day.facts("bout")] == [18000]


def test_who_rises_while_it_asks_and_a_break_is_due_gets_the_guide() -> None:
    day = Day()
    day.sit(hours=4)
    assert day.mode == "asking"
    day.rise(seconds=2)
    assert day.mode == "guiding"


# ---- the day


def test_empty_for_4_h_the_day_is_closed_and_its_summary_greets_the_next_first_sit_for_10_s() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=1, minutes=12)
    day.rise(minutes=30)
    day.sit(minutes=40)
    day.rise(hours=14)
    day.sit(seconds=5)
    assert day.screen == Card("Last time", ("You sat 1 h 52,", "longest 1 h 12,", "2 breaks."), "a new day begins")
    day.wait(seconds=9.999)
    assert isinstance(day.screen, Card)
    day.wait(seconds=0.001)
    assert day.text.startswith("Seated")
    assert day.snapshot.today.bouts == 1


def test_empty_for_less_than_4_h_it_is_still_the_same_day() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=1)
    day.rise(seconds=4 * 3600 - 0.001)
    day.sit(minutes=1)
    assert "Seated" in day.text
    assert day.snapshot.today.bouts == 2


def test_the_day_is_not_closed_over_a_touch_that_turns_out_to_be_a_sit() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=1)
    day.rise(seconds=4 * 3600 - 1)
    day.sit(minutes=1)
    assert day.snapshot.today.bouts == 2


def test_the_first_day_greets_with_nothing() -> None:
    day = Day()
    day.wait(hours=5)
    day.sit(seconds=6)
    assert day.text.startswith("Seated 0 min")


def test_a_second_sit_of_the_day_is_not_greeted() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=1)
    day.rise(hours=5)
    day.sit(minutes=10)
    day.rise(minutes=10)
    day.sit(seconds=6)
    assert day.text.startswith("Seated")


def test_midnight_splits_figures_and_nothing_else() -> None:
    day = Day(NO_LIMITS)
    day.sit(minutes=50)
    said = len(day.told)
    day.midnight()
    day.wait(seconds=1)
    assert len(day.told) == said
    day.wait(seconds=1799)
    assert day.snapshot.sitting_s == 50 * 60 + 1800
    assert day.snapshot.today.seated_s == 1800
    assert day.snapshot.last_day is not None
    assert day.snapshot.last_day.seated_s == 3000


def test_seconds_of_a_leaving_that_settles_over_midnight_are_counted_once() -> None:
    for back in (False, True):
        day = Day(NO_LIMITS)
        day.sit(seconds=1000)
        day.rise(seconds=10)
        day.midnight()
        day.wait(seconds=4)
        if back:
            day.sit()
        day.wait(seconds=100)
        today, last_day = day.snapshot.today, day.snapshot.last_day
        assert last_day is not None
        assert last_day.seated_s == 1000
        assert today.seated_s == (114 if back else 0)
        assert today.bouts == (1 if back else 0)


def test_an_evening_left_before_midnight_is_what_the_next_day_hears_of() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=2)
    day.rise(hours=3)
    day.midnight()
    day.wait(hours=8)
    day.sit(seconds=6)
    assert "You sat 2 h 00" in day.text


def test_midnight_at_a_closed_day_does_nothing() -> None:
    day = Day(NO_LIMITS)
    day.sit(hours=2)
    day.rise(hours=5)
    day.midnight()
    day.midnight()
    day.sit(seconds=6)
    assert "You sat 2 h 00" in day.text


# ---- first start


def unwarned_day(settings: Settings = PLAIN) -> Day:
    """Nobody has pressed the safety card away yet."""
    return Day(settings, safety_s=8.0)


def test_the_stop_if_it_hurts_card_stands_until_somebody_presses() -> None:
    day = unwarned_day()
    assert day.text.startswith("Stop if it hurts")
    day.sit(minutes=50)
    assert day.text.startswith("Stop if it hurts")
    assert day.snapshot.sitting_s == 3000
    day.read_safety()
    assert [fact.name for fact in day.facts("safety_seen")] == ["safety_seen"]
    assert day.text.startswith("Seated 50 min")
    day.wait(minutes=5)
    assert day.text.startswith("Seated 55 min")


def test_the_card_waits_in_the_dark_while_nobody_is_there() -> None:
    day = unwarned_day()
    day.wait(seconds=119.999)
    assert day.text.startswith("Stop if it hurts")
    day.wait(seconds=0.001)
    assert day.screen == Dark()
    day.wait(hours=9)
    day.sit(seconds=5)
    assert day.text.startswith("Stop if it hurts")
    day.rise(seconds=119)
    assert day.text.startswith("Stop if it hurts")
    day.wait(seconds=1)
    assert day.screen == Dark()


def test_a_press_in_the_dark_brings_the_card_to_light_and_the_next_ones_put_it_away() -> None:
    day = unwarned_day()
    day.wait(minutes=3)
    day.press()
    assert day.text.startswith("Stop if it hurts")
    assert not day.facts("safety_seen")
    day.read_safety()
    assert day.facts("safety_seen")
    assert day.mode == "watching"
    assert day.screen == Dark()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Stop if it hurts", "A mild pull will do", "Keep breathing", "Unsteady? Hold on"]),
        ("de", ["Bei Schmerz aufhören", "Leichter Zug genügt", "Ruhig weiteratmen", "Wackelt es? Festhalten"]),
    ],
)
def test_the_cards_are_pressed_through_one_thing_at_a_time_and_the_last_puts_them_away(
    language: str, told: list[str]
) -> None:
    day = unwarned_day(Settings(screens=Screens(language=language)))
    for nth, each in enumerate(told, 1):
        assert day.text.startswith(each)
        assert day.text.endswith(vocabulary(language).text("safety.small")) == (nth == 4)
        assert day.snapshot.press is (Push.GOT_IT if nth == 4 else Push.READ_ON)
        assert not day.facts("safety_seen")
        day.press()
    assert day.facts("safety_seen")
    assert day.mode == "watching"


def test_a_hold_is_no_answer_to_the_card_and_mutes_as_ever() -> None:
    day = unwarned_day()
    day.hold()
    assert day.mode == "starting"
    assert [fact.name for fact in day.notes] == ["muted"]


def test_a_button_held_down_at_the_start_is_no_press() -> None:
    day = Day(safety_s=8.0, held=True)
    day.wait(seconds=3)
    day.up()
    day.wait(seconds=1)
    assert day.mode == "starting"
    day.read_safety()
    assert day.mode == "watching"


def test_what_falls_due_under_the_card_takes_its_place_and_the_card_comes_back() -> None:
    quick = Settings(limits=Limits(invite_after_s=6.0, due_after_s=8.0))
    day = unwarned_day(quick)
    day.sit(seconds=6)
    assert day.mode == "invited"
    day = unwarned_day(replace(quick, limits=replace(quick.limits, invite_after_s=8.0)))
    day.sit(seconds=8)
    assert day.mode == "due"
    day.rise(minutes=10)
    assert day.mode == "starting"
    day.sit(seconds=5)
    assert day.text.startswith("Stop if it hurts")


def test_no_card_can_be_wanted() -> None:
    day = Day(safety_s=0.0)
    assert day.mode == "watching"
    day.sit(hours=2)
    day.rise(seconds=2)
    assert not day.text.startswith("Stop")


@pytest.mark.parametrize("asked", [False, True])
def test_who_never_pressed_it_sees_it_before_the_first_guide(asked: bool) -> None:
    day = unwarned_day()
    day.sit(hours=2)
    if asked:
        day.press()
    day.rise(seconds=2)
    assert day.text.startswith("Stop if it hurts. press: got it")
    day.wait(seconds=7.999)
    assert day.text.startswith("Stop if it hurts.")
    day.wait(seconds=0.001)
    assert not day.text.startswith("Stop")
    assert day.mode == "guiding"
    assert not day.facts("safety_seen"), "nobody has pressed"


def test_it_stands_before_the_first_guide_and_before_no_other() -> None:
    day = unwarned_day()
    for _ in range(2):
        shown = len(day.screens)
        day.sit(hours=2)
        day.rise(minutes=10)
    assert not any(text_of(screen).startswith("Stop if it hurts. press") for screen in day.screens[shown:])
    assert day.mode == "starting"


def test_a_guide_that_ended_under_the_card_was_none() -> None:
    day = unwarned_day()
    day.sit(hours=2)
    day.rise(seconds=4)
    day.sit(minutes=3)
    day.rise(seconds=2)
    assert day.text.startswith("Stop if it hurts.")


def test_a_press_before_the_guide_has_seen_the_card_and_goes_on_to_the_first_stretch() -> None:
    day = unwarned_day()
    day.sit(hours=2)
    day.rise(seconds=4)
    assert day.snapshot.press is Push.GOT_IT
    day.press()
    assert day.facts("safety_seen")
    assert day.snapshot.guide is not None
    assert day.snapshot.guide.step.kind is StepKind.TITLE
    assert not day.text.startswith("Stop")
    day.rise(minutes=10)
    assert day.mode == "watching"


def test_the_card_has_been_seen_for_good_whatever_happens_to_the_power() -> None:
    day = unwarned_day()
    day.read_safety()
    day.cut_power(hours=1)
    assert day.mode == "watching"
    for _ in range(4000):
        day.panel(False)
        day.panel(True)
    day.cut_power(hours=1)
    assert day.mode == "watching"
    never = unwarned_day()
    never.cut_power(hours=1)
    assert never.text.startswith("Stop if it hurts")


# ---- the panel


def test_a_panel_that_goes_is_said_once_and_so_is_its_coming_back() -> None:
    day = Day()
    day.panel(True)
    for present in (False, False, True, True):
        day.wait(seconds=10)
        day.panel(present)
    assert [(fact.name, fact.t) for fact in day.notes] == [("panel_lost", 10), ("panel_back", 30)]


def test_without_a_panel_the_counting_goes_on() -> None:
    day = Day()
    day.panel(False)
    day.sit(minutes=120)
    assert day.times("due") == [7200]
