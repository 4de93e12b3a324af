"""Stories of what somebody orders on the page: no sound, sound, enough for today, and a stretch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.screens.state_feed import feed_state
from device.settings.settings import TOPICS, BuzzerSettings, Limits, PageSettings, SeatSettings, Settings
from device.words.effects import Cue, Mark, Stand
from device.words.events import Order
from device.words.facts import BreakHonoured, GuideStarted, Muted
from tests.facts import details_of
from tests.story import PLAIN, Day, text_of

NO_INVITE = Settings(limits=Limits(invite_after_s=7200.0))
WITHOUT_BUZZER = replace(PLAIN, buzzer=BuzzerSettings(kind="none"))


def seated_for(settings: Settings = NO_INVITE, *, minutes: float) -> Day:
    day = Day(settings)
    day.clock("2026-03-02T08:30:00+01:00")
    day.sit(minutes=minutes)
    return day


def muted_until(day: Day) -> list[float]:
    """The ends of the mutes so far."""
    return [fact.until for fact in day.notes if isinstance(fact, Muted)]


# ---- no sound


def test_the_page_takes_the_sound_off_until_an_instant() -> None:
    day = seated_for(minutes=10)
    day.order(Order.MUTE, minutes=30)
    assert muted_until(day) == [40 * 60.0]
    assert "Muted till 09:10" in day.text
    assert feed_state(day.snapshot).muted_until == 2400.0
    day.wait(minutes=30)
    assert day.times("unmuted") == [2400.0]


def test_without_an_end_a_mute_lasts_as_long_as_one_by_the_button() -> None:
    day = seated_for(minutes=10)
    day.order(Order.MUTE)
    assert muted_until(day) == [600.0 + PLAIN.reminders.mute_s]


@pytest.mark.parametrize("minutes", [15, 90])
def test_the_latest_mute_counts_whether_it_is_shorter_or_longer(minutes: float) -> None:
    day = seated_for(minutes=10)
    day.order(Order.MUTE, minutes=60)
    day.order(Order.MUTE, minutes=minutes)
    day.wait(minutes=100)
    assert day.times("unmuted") == [600.0 + minutes * 60]


def test_a_mute_lasts_half_a_day_at_the_most() -> None:
    day = seated_for(minutes=10)
    day.order(Order.MUTE, minutes=24 * 60)
    assert muted_until(day) == [600.0 + 12 * 3600.0]


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_mute_that_is_over_already_changes_nothing(minutes: float) -> None:
    day = seated_for(minutes=10)
    day.order(Order.MUTE, minutes=minutes)
    assert not muted_until(day)


def test_a_mute_stops_what_sounds_and_what_is_owed_is_called_in_afterwards() -> None:
    day = seated_for(minutes=121)
    assert len(day.sounds) == 1
    day.order(Order.MUTE, minutes=30)
    assert day.silences[-1] == day.now
    day.wait(minutes=29)
    assert len(day.sounds) == 1
    day.wait(minutes=2)
    assert len(day.sounds) == 2


def test_sound_back_ends_a_mute_and_is_no_news_without_one() -> None:
    day = seated_for(minutes=10)
    day.order(Order.SOUND)
    assert not day.facts("unmuted")
    day.order(Order.MUTE, minutes=30)
    day.order(Order.SOUND)
    assert day.times("unmuted") == [600.0]


def test_the_button_puts_the_sound_back_that_the_page_took_off() -> None:
    day = seated_for(minutes=10)
    day.order(Order.MUTE, minutes=300)
    day.hold()
    assert day.facts("unmuted")


def test_the_sound_can_be_tried_softly_unless_it_is_off() -> None:
    day = Day()
    day.order(Order.TRY_SOUND)
    assert day.cues == [Cue.GUIDE_END]
    assert not day.sounds
    assert not day.facts("sound")
    day.order(Order.MUTE, minutes=5)
    day.order(Order.TRY_SOUND)
    day.order(Order.SOUND)
    day.quiet(True)
    day.order(Order.TRY_SOUND)
    assert day.cues == [Cue.GUIDE_END]


# ---- enough for today


def test_after_enough_nothing_is_offered_and_nothing_falls_due_but_it_counts_on() -> None:
    day = seated_for(PLAIN, minutes=30)
    day.order(Order.ENOUGH)
    told = len(day.screens)
    day.wait(hours=3)
    assert [fact.name for fact in day.notes] == ["sat", "enough"]
    assert not day.sounds
    assert all("Enough for today" in text_of(screen) for screen in day.screens[told:])
    assert day.snapshot.today.seated_s == 3.5 * 3600
    assert (day.snapshot.today.due, day.snapshot.today.not_taken) == (0, 0)


def test_the_panel_and_the_feed_say_enough_in_small() -> None:
    day = seated_for(minutes=30)
    assert not feed_state(day.snapshot).enough
    day.order(Order.ENOUGH)
    assert day.text == "Seated 30 min Enough for today"
    assert Mark.MUTED in day.screen.marks  # type: ignore[union-attr]  # it is a number
    state = feed_state(day.snapshot)
    assert (state.enough, state.muted_until, state.mode) == (True, None, "watching")
    assert state.says == "watching: enough for today, no sound and no offers"
    assert state.hold == "sound back on"
    assert state.next is None, "no break is coming"
    day.press()
    assert "Next in  not today" in day.text


def test_outputs_hear_that_nothing_is_owed_and_that_there_is_no_sound() -> None:
    day = seated_for(minutes=121)
    day.order(Order.ENOUGH)
    (standing,) = [effect.standing for _, effect in day.told if isinstance(effect, Stand)][-1:]
    assert (standing.mode, standing.owed, standing.muted) == ("watching", None, True)


@pytest.mark.parametrize("minutes", [61, 120.5, 123])
def test_enough_puts_away_what_was_called(minutes: float) -> None:
    day = seated_for(PLAIN, minutes=minutes)
    assert day.mode in ("invited", "due")
    day.order(Order.ENOUGH)
    assert (day.mode, day.silences[-1]) == ("watching", day.now)
    heard = len(day.sounds)
    day.wait(hours=1)
    assert (day.mode, len(day.sounds)) == ("watching", heard)


def test_enough_puts_away_a_snooze_too() -> None:
    day = seated_for(minutes=121)
    day.hold()
    assert day.mode == "snoozed"
    day.order(Order.ENOUGH)
    assert day.mode == "watching"


def test_enough_is_said_once_and_takes_the_place_of_a_mute() -> None:
    day = seated_for(minutes=10)
    day.order(Order.MUTE, minutes=30)
    day.order(Order.ENOUGH)
    day.order(Order.ENOUGH)
    day.order(Order.MUTE, minutes=30)
    day.wait(hours=2)
    assert [fact.name for fact in day.notes] == ["sat", "muted", "enough"]


def test_a_hold_that_was_under_way_takes_nothing_from_enough() -> None:
    day = seated_for(minutes=10)
    day.down()
    day.order(Order.ENOUGH)
    day.wait(seconds=1)
    day.up()
    assert day.snapshot.enough
    assert not day.facts("muted")


@pytest.mark.parametrize("how", [lambda day: day.order(Order.SOUND), Day.hold])
def test_sound_back_or_a_hold_ends_it_and_what_is_owed_is_called(how: object) -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.wait(hours=3)
    assert callable(how)
    how(day)
    assert day.facts("unmuted")
    assert (day.mode, len(day.facts("due"))) == ("due", 1)
    assert not day.sounds, "at first the panel alone speaks"
    day.wait(minutes=1.1)
    assert len(day.sounds) == 1


def test_a_break_that_was_due_before_is_called_again_with_the_sound() -> None:
    day = seated_for(minutes=121)
    day.order(Order.ENOUGH)
    day.wait(minutes=30)
    day.press()
    assert day.mode == "today"
    day.order(Order.SOUND)
    assert (day.mode, len(day.facts("due"))) == ("due", 1)


def test_sound_back_leaves_today_s_card_where_nothing_is_owed() -> None:
    day = seated_for(minutes=10)
    day.order(Order.ENOUGH)
    day.press()
    day.order(Order.SOUND)
    assert day.mode == "today"


def test_a_press_still_shows_today_and_a_second_one_a_stretch() -> None:
    day = seated_for(minutes=130)
    day.order(Order.ENOUGH)
    day.press()
    assert "Today" in day.text
    day.press()
    assert day.mode == "acknowledged"
    day.rise(minutes=10)
    assert day.facts("stretch_done")


def test_who_rises_after_enough_is_not_asked_to_stretch_and_not_blamed_for_a_short_break() -> None:
    day = seated_for(minutes=121)
    day.order(Order.ENOUGH)
    day.rise(seconds=90)
    day.sit(minutes=5)
    assert not day.facts("guide_started", "break_cut_short")
    day.rise(minutes=5)
    assert [fact.after for fact in day.notes if isinstance(fact, BreakHonoured)] == ["due"], "a good break still counts"


def test_a_guide_that_is_under_way_goes_on_without_a_sound() -> None:
    day = seated_for(minutes=121)
    day.rise(seconds=20)
    assert day.mode == "guiding"
    day.order(Order.ENOUGH)
    assert day.mode == "guiding"
    day.wait(minutes=10)
    assert day.facts("guide_ended")
    assert not day.cues


def test_enough_lasts_until_the_day_closes() -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.rise(hours=3)
    day.sit(hours=1)
    assert day.snapshot.enough
    day.rise(hours=5)
    assert day.times("unmuted") == [day.times("left")[-1] + 4 * 3600.0]
    day.sit(hours=2.1)
    assert day.facts("due")


def test_midnight_leaves_enough_to_a_day_that_goes_on_past_it() -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.midnight()
    assert day.snapshot.enough
    day.wait(hours=3)
    assert not day.facts("due", "unmuted")


def test_enough_on_a_day_on_which_nobody_sits_ends_at_midnight() -> None:
    day = Day()
    day.order(Order.ENOUGH)
    day.midnight()
    assert not day.snapshot.enough
    assert day.facts("unmuted")


def test_enough_on_a_day_whose_seat_is_lost_ends_at_midnight() -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.lose_seat(hours=3)
    day.midnight()
    assert not day.snapshot.enough


def test_without_a_buzzer_enough_means_no_offers_and_a_hold_ends_it() -> None:
    day = Day(WITHOUT_BUZZER)
    day.sit(minutes=30)
    day.order(Order.ENOUGH)
    day.wait(hours=2)
    assert not day.facts("invite", "due")
    day.hold()
    assert day.facts("due")


# ---- over power cuts


@pytest.mark.parametrize("known", [True, False])
def test_enough_outlives_a_power_cut(known: bool) -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.cut_power(seconds=20, known=known)
    if not known:
        day.wait(minutes=1)
        day.learn(seconds=20)
    assert day.snapshot.enough
    day.wait(hours=3)
    assert not day.facts("due", "unmuted")


def test_enough_outlives_a_second_power_cut() -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.cut_power(seconds=20)
    day.cut_power(minutes=10)
    assert day.snapshot.enough


@pytest.mark.parametrize("known", [True, False])
def test_a_power_cut_over_midnight_ends_it(known: bool) -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.cut_power(hours=14, known=known, new_day=True, taken=False)
    day.wait(minutes=1)
    if not known:
        day.learn(hours=14, new_day=True)
    assert not day.snapshot.enough
    assert day.facts("unmuted")


def test_a_power_cut_as_long_as_a_day_s_end_before_somebody_sat_ends_it() -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.rise(minutes=5)
    day.cut_power(hours=6, known=False)
    day.sit(minutes=5)
    day.learn(hours=6)
    assert not day.snapshot.enough


def test_a_mute_after_an_unknown_cut_stays_and_says_nothing_of_sound() -> None:
    day = seated_for(minutes=30)
    day.order(Order.ENOUGH)
    day.cut_power(seconds=20, known=False)
    day.order(Order.MUTE, minutes=30)
    day.learn(seconds=20)
    assert day.snapshot.muted_until is not None
    assert not day.facts("unmuted")


# ---- a stretch


def asked(day: Day) -> list[bool]:
    """Whether a press asked for each guide."""
    return [fact.asked for fact in day.notes if isinstance(fact, GuideStarted)]


@pytest.mark.parametrize("minutes", [10, 61, 121])
def test_the_page_asks_for_a_stretch_which_begins_when_the_chair_empties(minutes: float) -> None:
    day = seated_for(PLAIN, minutes=minutes)
    day.order(Order.STRETCH)
    assert (day.mode, day.silences[-1]) == ("acknowledged", day.now)
    assert "rise, and it begins" in day.text
    assert not day.facts("acknowledged")
    day.rise(minutes=10)
    assert asked(day) == [False]
    assert day.facts("stretch_shown")
    assert not day.facts("stretch_done"), "a click is no stretch"


def test_a_press_in_that_guide_goes_along_with_it() -> None:
    day = seated_for(minutes=10)
    day.order(Order.STRETCH)
    day.rise(seconds=5)
    day.press()
    day.wait(minutes=10)
    assert day.facts("stretch_done")


def test_a_click_after_a_press_takes_nothing_from_it() -> None:
    day = seated_for(minutes=121)
    day.press()
    day.order(Order.STRETCH)
    day.rise(seconds=5)
    assert asked(day) == [True]


def test_a_press_long_after_a_click_asks_again() -> None:
    day = seated_for(minutes=10)
    day.order(Order.STRETCH)
    day.wait(minutes=3)
    assert day.mode == "watching"
    day.press(2)
    day.rise(seconds=5)
    assert asked(day) == [True]


def test_a_stretch_that_was_asked_for_before_a_cut_with_the_button_is_still_asked_for() -> None:
    day = seated_for(minutes=121)
    day.order(Order.STRETCH)
    day.press()
    day.hold()
    day.press()
    day.cut_power(seconds=20, taken=True)
    day.wait(seconds=10)
    assert day.mode == "acknowledged"
    day.rise(seconds=5)
    assert asked(day) == [True]


def test_a_click_in_between_takes_nothing_from_a_press_before_a_cut_whose_length_is_learned_late() -> None:
    day = seated_for(minutes=121)
    day.press()
    day.cut_power(seconds=5, known=False, taken=True)
    day.wait(seconds=10)
    day.order(Order.STRETCH)
    day.hold()
    assert day.mode == "watching"
    day.learn(seconds=5)
    assert day.mode == "acknowledged"
    day.rise(seconds=5)
    assert asked(day) == [True]


def test_nobody_rising_the_card_goes_away_and_the_break_is_due_as_before() -> None:
    day = seated_for(minutes=121)
    day.order(Order.STRETCH)
    day.wait(minutes=2)
    assert day.mode == "due"


def test_at_an_empty_chair_it_begins_at_once_and_makes_no_break() -> None:
    day = Day()
    day.wait(minutes=10)
    day.order(Order.STRETCH)
    assert day.mode == "guiding"
    day.wait(minutes=10)
    assert not day.facts("bout", "full_break", "break_honoured", "stretch_done")


def test_in_a_guide_it_changes_nothing() -> None:
    day = seated_for(minutes=121)
    day.rise(seconds=20)
    told = len(day.told)
    day.order(Order.STRETCH)
    assert len(day.told) == told
    day.sit(seconds=3)
    day.order(Order.STRETCH)
    assert day.mode == "paused"


def test_a_question_is_answered_first() -> None:
    day = Day(asks=list(TOPICS))
    day.sit(minutes=1)
    day.order(Order.STRETCH)
    assert day.mode == "choosing"
    stuck = seated_for(minutes=240)
    assert stuck.mode == "asking"
    stuck.order(Order.STRETCH)
    assert stuck.mode == "asking"


def test_from_the_safety_cards_it_begins_with_the_caution_and_they_wait_on() -> None:
    day = Day(safety_s=8.0)
    day.sit(minutes=1)
    day.order(Order.STRETCH)
    assert day.mode == "acknowledged"
    day.wait(minutes=2)
    assert day.mode == "starting"
    day.order(Order.STRETCH)
    day.rise(seconds=4)
    assert "Stop if it hurts." in day.text


def test_where_nothing_is_known_of_the_chair_no_card_says_that_rising_begins_it() -> None:
    lost = Day(replace(PLAIN, page=PageSettings(reach="house")))
    lost.lose_seat()
    lost.press()
    lost.order(Order.STRETCH)
    assert lost.mode == "today"
    raw = Day(Settings(seat=SeatSettings("ads1115")))
    raw.order(Order.STRETCH)
    assert raw.mode == "uncalibrated"


def test_the_facts_of_a_mute_by_the_page_are_those_of_one_by_the_button() -> None:
    clicked, held = seated_for(minutes=10), seated_for(minutes=10)
    clicked.order(Order.MUTE)
    held.down()
    held.wait(seconds=1)
    assert details_of(clicked.notes[-1]).keys() == details_of(held.notes[-1]).keys()


# ---- a press from afar


@pytest.mark.parametrize("minutes", [61, 121])
def test_a_press_from_afar_asks_for_the_break_but_does_not_say_that_somebody_goes_along(minutes: float) -> None:
    day, by_hand = seated_for(PLAIN, minutes=minutes), seated_for(PLAIN, minutes=minutes)
    day.order(Order.PRESS)
    by_hand.press()
    assert (day.mode, by_hand.mode) == ("acknowledged", "acknowledged")
    assert day.silences[-1] == day.now
    for each in (day, by_hand):
        each.rise(minutes=10)
    assert (asked(day), asked(by_hand)) == ([False], [True])
    assert day.facts("stretch_shown")
    assert not day.facts("acknowledged", "stretch_done")
    assert by_hand.facts("stretch_done")


def test_a_press_from_afar_before_a_cut_is_none_after_it() -> None:
    day = seated_for(minutes=121)
    day.order(Order.PRESS)
    day.cut_power(seconds=20, taken=True)
    day.wait(seconds=10)
    day.rise(minutes=10)
    assert asked(day) == [False]
    assert not day.facts("stretch_done")


def test_a_press_from_afar_shows_today_and_a_second_one_a_stretch() -> None:
    day = seated_for(minutes=10)
    day.order(Order.PRESS)
    assert day.mode == "today"
    day.order(Order.PRESS)
    assert day.mode == "acknowledged"
    day.order(Order.PRESS)
    assert day.mode == "acknowledged", "as with the button, there it means nothing"


def test_a_press_from_afar_in_the_guide_goes_on_to_the_next_stretch() -> None:
    day = seated_for(minutes=121)
    day.rise(seconds=5)
    began = day.snapshot.guide
    day.order(Order.PRESS)
    now = day.snapshot.guide
    assert began is not None
    assert now is not None
    assert now.step.nth == began.step.nth + 1
    day.wait(minutes=10)
    assert day.facts("stretch_shown")
    assert not day.facts("stretch_done"), "the room is empty"


def test_a_press_from_afar_takes_nothing_from_one_by_a_finger() -> None:
    day = seated_for(minutes=121)
    day.press()
    day.rise(seconds=5)
    day.order(Order.PRESS)
    day.wait(minutes=10)
    assert day.facts("stretch_done")
    assert not day.facts("stretch_shown")


def test_a_press_from_afar_alone_is_no_break() -> None:
    day = seated_for(minutes=121)
    day.order(Order.PRESS)
    day.wait(minutes=30)
    assert not day.facts("full_break", "break_honoured", "guide_started")
    assert day.mode == "due"


def test_a_notice_does_not_swallow_a_press_from_afar() -> None:
    day = seated_for(minutes=121)
    day.rise(minutes=3)
    day.hold()
    assert day.snapshot.notice_until > day.now
    day.order(Order.PRESS)
    assert (day.mode, day.snapshot.notice_until) == ("today", day.now)


def test_a_press_from_afar_answers_no_card_of_safety_no_question_and_puts_no_code_away() -> None:
    unwarned = Day(safety_s=15.0)
    unwarned.sit(minutes=1)
    first = Day(asks=list(TOPICS))
    code = Day(replace(PLAIN, page=PageSettings(reach="house")))
    code.sit(minutes=1)
    lasting = seated_for(NO_INVITE, minutes=30)
    lasting.order(Order.ENOUGH)
    lasting.wait(hours=4)
    for day, mode in ((unwarned, "starting"), (first, "choosing"), (code, "connecting"), (lasting, "asking")):
        told = len(day.told)
        assert (day.mode, day.snapshot.afar) == (mode, None)
        day.order(Order.PRESS)
        assert (day.mode, day.told[told:]) == (mode, [])


def test_a_press_from_afar_does_not_put_away_the_caution_in_the_first_guide() -> None:
    day = Day(safety_s=15.0)
    day.sit(minutes=121)
    day.rise(seconds=3)
    assert "safety" not in day.mode
    told = len(day.told)
    day.order(Order.PRESS)
    assert day.told[told:] == []
    assert not day.facts("safety_seen")
