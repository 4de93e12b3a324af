"""Stories of a desk that rises: who is off the chair for 45 min is offered to move. Nobody knows whether they stand."""

from __future__ import annotations

from dataclasses import replace

from device.settings.settings import Limits, Settings, Stretching
from device.words.effects import BigWords, Dark
from device.words.events import Order
from tests.core.test_stories_calendar import planned
from tests.facts import details_of
from tests.story import Day

HALF = Settings(limits=Limits(standing="half"), stretches=Stretching(minutes=2))


def up(*, minutes: float = 45, seconds: float = 0, settings: Settings = HALF) -> Day:
    """Somebody sat for ten minutes and has been off the chair for so long."""
    day = Day(settings)
    day.sit(minutes=10)
    day.rise(minutes=minutes, seconds=seconds)
    return day


def test_after_45_min_off_the_chair_the_panel_lights_up_and_offers_to_move_without_a_sound() -> None:
    day = up(seconds=-0.001)
    assert isinstance(day.screen, Dark)
    day.wait(seconds=0.001)
    assert day.times("move_offer") == [55 * 60]
    assert details_of(day.facts("move_offer")[0]) == {"empty_s": 2700.0}
    assert isinstance(day.screen, BigWords)
    assert day.text == "Move a bit? 45 min off  press: show"
    day.wait(minutes=2)
    assert isinstance(day.screen, Dark)
    day.wait(hours=3)
    assert day.times("move_offer") == [55 * 60]
    assert day.cues == []
    assert day.sounds == []


def test_by_default_off_the_chair_is_a_break_and_nothing_is_offered() -> None:
    day = up(settings=Settings())
    day.wait(hours=3)
    assert day.times("move_offer") == []
    assert isinstance(day.screen, Dark)


def test_off_the_chair_is_a_full_break_all_the_same() -> None:
    told = [[(fact.name, fact.t) for fact in up(settings=each).notes] for each in (HALF, Settings())]
    assert [fact for fact in told[0] if fact[0] != "move_offer"] == told[1]


def test_a_press_begins_the_guide_at_once_and_its_stretches_are_done_ones() -> None:
    day = up(seconds=10)
    day.press()
    assert day.mode == "guiding"
    day.wait(minutes=4)
    assert [details_of(fact)["asked"] for fact in day.facts("guide_started")] == [True]
    assert day.facts("stretch_done")
    assert not day.facts("stretch_shown")
    assert day.mode == "watching"


def test_a_press_in_the_dark_means_the_same_until_45_min_later() -> None:
    day = up(minutes=89, seconds=59)
    assert isinstance(day.screen, Dark)
    day.down()
    assert day.text == "Move a bit? 1 h 29 off  press: show"
    day.up()
    day.wait(seconds=1)
    assert day.mode == "guiding"
    late = up(minutes=90)
    late.press()
    assert late.mode == "today"


def test_whoever_has_pressed_is_offered_to_move_again_after_45_min() -> None:
    day = up()
    day.press()
    pressed = day.times("acknowledged")[0]
    day.wait(minutes=50)
    assert day.times("move_offer") == [55 * 60, pressed + 45 * 60]


def test_a_stretch_asked_for_while_off_the_chair_is_a_move_too() -> None:
    day = up(minutes=30)
    day.press()
    day.press()
    pressed = day.times("acknowledged")[0]
    day.wait(minutes=45, seconds=-1)
    assert day.times("move_offer") == []
    day.wait(seconds=1)
    assert day.times("move_offer") == [pressed + 45 * 60]


def test_a_stretch_from_the_page_takes_the_place_of_the_offer() -> None:
    day = up()
    day.order(Order.STRETCH)
    day.wait(minutes=4)
    assert [details_of(fact)["asked"] for fact in day.facts("guide_started")] == [False]
    assert day.mode == "watching"
    day.wait(hours=2)
    assert len(day.times("move_offer")) == 1


def test_a_hold_puts_it_away_for_this_time_off_the_chair() -> None:
    day = up()
    day.hold()
    assert day.mode == "watching"
    assert isinstance(day.screen, Dark)
    day.wait(hours=2)
    assert len(day.times("move_offer")) == 1
    assert day.times("muted") == []


def test_sitting_down_ends_the_offer_and_the_next_absence_has_its_own() -> None:
    day = up()
    day.sit(minutes=5)
    assert day.mode == "watching"
    assert "min" in day.text
    day.rise(minutes=45)
    assert len(day.times("move_offer")) == 2


def test_a_touch_of_the_chair_leaves_the_offer() -> None:
    day = up()
    day.touch(3)
    assert day.mode == "move_offered"


def test_nothing_is_offered_once_the_day_is_closed() -> None:
    day = up(settings=replace(HALF, limits=replace(HALF.limits, day_closes_after_s=2700.0)))
    day.wait(hours=1)
    assert day.times("move_offer") == []


def test_the_offer_ends_when_the_day_closes() -> None:
    day = up(settings=replace(HALF, limits=replace(HALF.limits, day_closes_after_s=3000.0)))
    day.wait(minutes=5)
    assert day.mode == "watching"


def test_nobody_who_has_had_enough_is_offered_to_move() -> None:
    day = up(minutes=30)
    day.order(Order.ENOUGH)
    day.wait(minutes=30)
    assert day.times("move_offer") == []
    day = up()
    day.order(Order.ENOUGH)
    assert day.mode == "watching"
    assert isinstance(day.screen, Dark)


def test_nobody_who_is_away_until_a_date_is_offered_to_move_or_a_short_break() -> None:
    day = up(minutes=30)
    day.clock("2026-12-20T10:00:00+01:00")
    day.choose("away", "2026-12-24")
    day.wait(minutes=30)
    assert day.times("move_offer") == []


def test_outside_of_the_hours_nobody_is_offered_to_move() -> None:
    day = up()
    day.hours(False)
    assert day.mode == "watching"
    day = up(minutes=30)
    day.hours(False)
    day.wait(minutes=30)
    assert day.times("move_offer") == []


def test_a_plan_may_be_for_a_desk_that_rises() -> None:
    day = Day(planned('{name = "afternoon", limits.standing = "half"}'))
    day.sit(minutes=10)
    day.rise(minutes=50)
    day.plan("afternoon")
    assert day.mode == "move_offered"


def test_a_mute_doesn_t_keep_a_silent_offer_back() -> None:
    day = up(minutes=30)
    day.order(Order.MUTE)
    day.wait(minutes=15)
    assert day.mode == "move_offered"


def test_nothing_is_offered_while_nothing_is_known_of_the_chair() -> None:
    day = up(minutes=30)
    day.lose_seat(minutes=30)
    assert day.times("move_offer") == []
    day = up()
    day.lose_seat(seconds=1)
    assert day.mode == "seat_lost"
    day.find_seat(taken=False, minutes=2)
    assert day.mode == "watching"


def test_a_change_of_the_setting_takes_the_offer_away() -> None:
    day = up()
    day.change("limits", standing="break")
    assert day.mode == "watching"
    assert isinstance(day.screen, Dark)


def test_the_offer_goes_on_after_a_cut_only_as_long_as_it_takes_to_ask_anew() -> None:
    day = up(minutes=30)
    day.cut_power(minutes=10)
    day.wait(minutes=5, seconds=-0.001)
    assert day.times("move_offer") == []
    day.wait(seconds=0.001)
    assert len(day.times("move_offer")) == 1
    day.cut_power(minutes=1)
    day.wait(minutes=45)
    assert len(day.times("move_offer")) == 1
