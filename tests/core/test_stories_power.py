"""The plug is pulled and put back: each case of docs/power-cuts.md."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.run.restart import Start
from device.screens.state_feed import feed_state
from device.settings.settings import Limits, Settings
from device.stretches.repertoire import repertoire
from device.words.effects import BigNumber
from device.words.events import Power
from device.words.facts import Fact
from device.words.past import REMEMBERED, Past, Readings, worth_remembering
from tests.facts import details_of, fact_of
from tests.story import Day

HALF_HOURLY = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))
# A short cut is one of 100 s, less than a full break; a long one lasts a night, 14 hours.


def a_day(settings: Settings = HALF_HOURLY) -> Day:
    return Day(settings)


def someone_due() -> Day:
    day = a_day()
    day.sit(minutes=31)
    assert day.mode == "due"
    return day


# ---- with nothing due


def test_who_sits_through_a_short_cut_goes_on_with_what_they_had() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(seconds=100)
    day.wait(minutes=5)
    assert day.snapshot.sitting_s == 25 * 60.0
    day.wait(minutes=5)
    assert day.times("due") == [30 * 60.0 + 100]
    day.rise(minutes=3)
    (bout,) = day.facts("bout")
    assert details_of(bout)["seated_s"] == 30 * 60.0
    assert day.facts("full_break", "break_cut_short", "left") == [*day.facts("left"), *day.facts("full_break")]
    assert len(day.facts("left")) == len(day.facts("full_break")) == 1


def test_a_minute_and_a_half_without_power_is_no_break_by_itself() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(seconds=90)
    day.wait(minutes=1)
    assert day.facts("bout") == []
    assert day.snapshot.sitting_s == 21 * 60.0


def test_two_minutes_without_power_are_a_full_break() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(seconds=120)
    day.wait(minutes=1)
    assert day.times("full_break") == [22 * 60.0 - 0.001]
    assert [details_of(fact)["seated_s"] for fact in day.facts("bout")] == [20 * 60.0]
    assert day.snapshot.sitting_s == 60.0


def test_who_has_gone_while_it_was_off_is_away_from_the_start_on() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(seconds=100, taken=False)
    day.wait(seconds=119.999)
    assert day.facts("full_break") == []
    day.wait(seconds=0.001)
    assert day.times("full_break") == [20 * 60.0 + 100 + 120]
    assert [details_of(fact)["seated_s"] for fact in day.facts("bout")] == [20 * 60.0]
    day.sit(minutes=1)
    assert day.snapshot.sitting_s == 60.0


def test_who_was_away_stays_away_and_the_break_goes_on_through_the_cut() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.rise(seconds=30)
    day.cut_power(seconds=60)
    assert day.times("bout") == [20 * 60.0]
    day.wait(seconds=30)
    assert day.times("full_break") == [20 * 60.0 + 120]


def test_who_was_away_and_sits_when_it_is_back_was_off_the_chair_till_then() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.rise(seconds=20)
    day.cut_power(seconds=30, taken=True)
    day.wait(minutes=1)
    assert day.facts("bout", "full_break") == []
    assert day.snapshot.sitting_s == 21 * 60.0


def test_the_night_ends_the_day_and_the_morning_is_greeted_with_its_figures() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.rise(seconds=20)
    day.cut_power(hours=14, taken=True, new_day=True)
    assert day.times("bout", "full_break") == [20 * 60.0, 20 * 60.0 + 120]
    day.wait(seconds=5)
    assert "20 min" in day.text
    assert day.snapshot.today.seated_s == 5.0


def test_an_empty_chair_stays_dark() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.rise(minutes=10)
    day.cut_power(hours=14)
    assert day.text == ""
    deadline = day.coach.next_deadline()
    assert deadline is None or deadline > day.now + 3600


def test_todays_card_knows_what_was_before() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.rise(minutes=3)
    day.sit(minutes=10)
    day.cut_power(seconds=100)
    day.wait(minutes=1)
    day.press()
    assert day.mode == "today"
    today = day.snapshot.today
    assert (today.seated_s, today.bouts, today.breaks, today.longest_s) == (31 * 60.0 + 0.3, 2, 1, 20 * 60.0)


# ---- in the middle of something


def test_what_is_due_stays_due_and_is_said_no_second_time() -> None:
    day = someone_due()
    day.cut_power(seconds=100)
    day.wait(seconds=10)
    assert day.mode == "due"
    assert len(day.facts("due")) == 1
    # One had sounded; the next waits for its time, and for two minutes from the start.
    day.wait(minutes=10)
    assert [nth for _, nth in day.sounds] == [1, 2, 3]
    assert day.sounds[1][0] == max(1800 + 240.0, 31 * 60 + 100 + 120.0)


def test_who_was_due_and_is_gone_when_it_is_back_gets_the_guide_and_has_honoured_the_break() -> None:
    day = someone_due()
    day.cut_power(seconds=100, taken=False)
    day.wait(minutes=2)
    assert day.mode == "guiding"
    assert [details_of(fact)["after"] for fact in day.facts("break_honoured")] == ["due"]


def test_a_long_cut_is_no_break_that_anybody_honoured_unless_the_chair_was_seen_empty() -> None:
    day = someone_due()
    day.cut_power(hours=14)
    day.wait(minutes=1)
    assert day.mode == "watching"
    assert day.facts("break_honoured") == []
    day = someone_due()
    day.rise(seconds=30)
    day.cut_power(hours=14)
    assert len(day.facts("break_honoured")) == 1


def test_an_invite_stays_an_invite() -> None:
    day = a_day()
    day.sit(minutes=26)
    day.cut_power(seconds=100)
    day.wait(seconds=10)
    assert day.mode == "invited"
    assert len(day.facts("invite")) == 1


@pytest.mark.parametrize(("off_s", "mode"), [(30, "snoozed"), (119, "due")])
def test_a_snooze_ends_when_it_would_have(off_s: float, mode: str) -> None:
    day = someone_due()
    day.hold()
    day.wait(seconds=200)
    day.cut_power(seconds=off_s)
    day.wait(seconds=10)
    assert day.mode == mode
    # One of the two is spent.
    day.wait(minutes=5)
    day.hold()
    day.wait(minutes=20)
    day.hold()
    assert [fact.name for fact in day.facts("snoozed", "muted")] == ["snoozed", "snoozed", "muted"]


@pytest.mark.parametrize(("minutes", "muted"), [(1, True), (20, True), (70, False)])
def test_a_mute_goes_on_till_its_time(minutes: float, muted: bool) -> None:
    day = a_day()
    day.sit(minutes=5)
    day.hold()
    until = day.snapshot.muted_until
    assert until is not None
    day.cut_power(minutes=minutes)
    assert day.snapshot.muted_until == (until if muted else None)
    day.wait(hours=2)
    assert day.times("unmuted") == [until]


def test_an_acknowledged_break_waits_for_the_rest_of_its_time() -> None:
    day = someone_due()
    day.press()
    day.cut_power(seconds=30)
    day.wait(seconds=10)
    assert day.mode == "acknowledged"
    day.wait(seconds=90)
    assert day.mode == "due"


def test_an_acknowledged_break_begins_with_the_guide_when_they_have_risen() -> None:
    day = someone_due()
    day.press()
    day.cut_power(seconds=30, taken=False)
    day.wait(seconds=3)
    assert day.mode == "guiding"
    assert details_of(day.facts("guide_started")[-1])["asked"] is True


@pytest.mark.parametrize("asked", [True, False])
def test_in_the_middle_of_the_guide_it_begins_anew_with_what_has_not_been_done(asked: bool) -> None:
    day = someone_due()
    if asked:
        day.press()
    day.rise(seconds=60)
    done = {details_of(fact)["stretch"] for fact in day.facts("stretch_started")}
    assert done
    day.cut_power(seconds=20)
    day.wait(seconds=30)
    assert day.mode == "guiding"
    assert [details_of(fact)["how"] for fact in day.facts("guide_ended")] == ["power_cut"]
    first, second = day.facts("guide_started")
    assert details_of(first) == details_of(second) == {"asked": asked}
    again = {details_of(fact)["stretch"] for fact in day.facts("stretch_started") if fact.t > second.t}
    assert again
    assert not again & done


def test_a_guide_that_was_asked_for_with_nothing_due_waits_for_them_to_rise_again() -> None:
    day = a_day()
    day.sit(minutes=5)
    day.press()
    day.press()
    day.rise(seconds=30)
    assert day.mode == "guiding"
    day.cut_power(seconds=20, taken=True)
    day.wait(seconds=10)
    assert day.mode == "acknowledged"
    day.rise(seconds=5)
    assert day.mode == "guiding"


def test_after_a_long_cut_the_guide_is_over() -> None:
    day = someone_due()
    day.rise(seconds=60)
    day.cut_power(minutes=5)
    day.wait(seconds=30)
    assert day.mode == "watching"
    assert [details_of(fact)["how"] for fact in day.facts("guide_ended")] == ["power_cut"]
    assert len(day.facts("break_honoured")) == 1


def test_still_you_is_asked_four_hours_after_the_start_at_the_earliest() -> None:
    day = a_day()
    day.sit(hours=3.9)
    day.cut_power(seconds=100)
    day.wait(hours=3.9)
    assert day.facts("stuck") == []
    day.wait(hours=0.2)
    assert [details_of(fact)["what"] for fact in day.facts("stuck")] == ["seat"]


def test_who_was_just_getting_up_has_sat_till_the_level_went_empty() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.rise(seconds=10)
    day.cut_power(seconds=100, taken=True)
    day.wait(minutes=1)
    assert day.snapshot.sitting_s == 21 * 60.0
    assert day.snapshot.today.seated_s == 21 * 60.0


# ---- while nobody knows for how long


def test_a_cut_of_unknown_length_counts_as_a_full_break() -> None:
    day = someone_due()
    day.cut_power(known=False)
    day.wait(minutes=10)
    assert day.mode == "watching"
    assert day.snapshot.sitting_s == 10 * 60.0
    assert day.facts("power_cut", "full_break") == []


def test_if_it_proves_shorter_the_banked_seconds_return() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(known=False)
    day.wait(minutes=5)
    day.learn(seconds=100)
    assert day.snapshot.sitting_s == 25 * 60.0
    assert day.snapshot.today.seated_s == 25 * 60.0
    day.wait(minutes=5)
    assert len(day.facts("due")) == 1
    day.rise(minutes=3)
    assert [details_of(fact)["seated_s"] for fact in day.facts("bout")] == [30 * 60.0]


def test_if_it_proves_shorter_what_was_due_is_due_again() -> None:
    day = someone_due()
    day.cut_power(known=False)
    day.wait(minutes=1)
    day.learn(seconds=100)
    assert day.mode == "due"
    assert len(day.facts("due")) == 1


def test_if_so_much_returns_that_the_limit_is_passed_it_falls_due_at_once() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(known=False)
    day.wait(minutes=15)
    day.learn(seconds=100)
    assert day.mode == "due"
    assert [details_of(fact)["sitting_s"] for fact in day.facts("due")] == [35 * 60.0]


def test_if_it_proves_to_be_a_night_the_break_belongs_to_the_evening() -> None:
    day = someone_due()
    day.rise(seconds=30)
    day.cut_power(known=False)
    cut_at = day.now - 0.001
    day.sit(minutes=1)
    day.learn(hours=14, new_day=True)
    assert day.times("full_break", "break_honoured") == [cut_at, cut_at]
    assert day.times("bout") == [31 * 60.0]
    # Whoever sat down before the clock was right is greeted now.
    assert "31 min" in day.text
    assert day.snapshot.last_day is not None
    assert (day.snapshot.last_day.full_breaks, day.snapshot.last_day.honoured) == (1, 1)
    assert day.snapshot.today.seated_s == 60.0
    assert day.snapshot.sitting_s == 60.0


def test_whoever_was_up_before_and_after_was_up_for_all_of_it() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.rise(seconds=40)
    day.cut_power(known=False)
    day.wait(seconds=30)
    day.learn(seconds=60)
    day.wait(seconds=10)
    # 40 before, 60 in the dark, 30 and 10 since.
    assert len(day.facts("full_break")) == 1


def test_a_break_since_the_start_leaves_nothing_to_return() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(known=False)
    day.wait(minutes=5)
    day.rise(minutes=3)
    day.sit(minutes=1)
    day.learn(seconds=100)
    assert day.snapshot.sitting_s == 60.0
    # The bout went on through the cut all the same.
    assert (day.snapshot.today.bouts, day.snapshot.today.longest_s) == (2, 25 * 60.0)


def test_a_mute_returns_with_the_clock() -> None:
    day = a_day()
    day.sit(minutes=5)
    day.hold()
    until = day.snapshot.muted_until
    assert until is not None
    day.cut_power(known=False)
    assert day.snapshot.muted_until is None
    day.wait(minutes=1)
    day.learn(minutes=10)
    # In the instants that go on, those ten minutes are missing.
    assert day.snapshot.muted_until == pytest.approx(until - 600, abs=0.01)


def test_one_cut_after_the_other() -> None:
    day = a_day()
    day.sit(minutes=10)
    for _ in range(3):
        day.cut_power(seconds=20)
        day.wait(minutes=5)
    assert day.snapshot.sitting_s == 25 * 60.0
    day.cut_power(known=False)
    day.cut_power(seconds=3)
    day.wait(minutes=1)
    assert day.snapshot.sitting_s == 60.0


def test_what_was_said_before_is_followed_by_todays_settings() -> None:
    day = a_day()
    day.sit(minutes=20)
    day._start = replace(day._start, settings=replace(day._start.settings, limits=Limits(due_after_s=900.0)))
    day.cut_power(seconds=5)
    day.wait(seconds=5)
    assert day.mode == "due"


def test_days_that_were_closed_or_ended_before_the_cut_stay_so() -> None:
    day = a_day()
    day.sit(minutes=10)
    day.rise(hours=5)
    day.sit(minutes=20)
    day.cut_power(seconds=10)
    assert day.snapshot.last_day is not None
    assert (day.snapshot.last_day.seated_s, day.snapshot.today.seated_s) == (600.0, 1200.0)
    day.wait(seconds=30)
    day.midnight()
    day.wait(minutes=5)
    day.cut_power(seconds=10)
    assert (day.snapshot.last_day.seated_s, day.snapshot.today.seated_s) == (1230.0, 300.0)


def test_who_left_just_before_midnight_left_on_that_day_for_a_device_that_remembers_too() -> None:
    day = a_day()
    day.sit(minutes=10)
    day.rise(seconds=5)
    day.midnight()
    day.wait(seconds=20)
    day.cut_power(seconds=10)
    assert day.snapshot.last_day is not None
    assert (day.snapshot.last_day.seated_s, day.snapshot.today.seated_s) == (600.0, 0.0)


def test_todays_card_stays_when_it_turns_out_for_how_long_it_was_off() -> None:
    day = a_day()
    day.sit(minutes=10)
    day.cut_power(known=False)
    day.wait(minutes=1)
    day.press()
    day.learn(seconds=100)
    assert day.mode == "today"
    assert day.snapshot.today.seated_s == pytest.approx(660.3)


def test_of_a_long_past_the_last_full_break_and_what_came_since_is_enough() -> None:
    day = a_day()
    for _ in range(70):
        day.sit(minutes=2)
        day.rise(minutes=3)
    told = 20 * [fact for fact in day.notes if fact.name in ("sat", "left", "bout", "full_break")]
    assert len(told) == 5600 > REMEMBERED
    kept = worth_remembering(told)
    assert len(kept) <= REMEMBERED
    assert isinstance(kept[0], Fact)
    assert kept[0].name == "full_break"
    assert list(kept) == told[-len(kept) :]


def test_an_odd_story_is_no_reason_not_to_start() -> None:
    odd = [
        *(fact_of(5.0, 5.0, "left"), fact_of(6.0, 6.0, "stretch_started"), fact_of(8.0, 8.0, "power_cut")),
        fact_of(9.0, 14.0, "sat"),
    ]  # fmt: skip
    coach = Start(HALF_HOURLY, repertoire(HALF_HOURLY)).coach(20.0)
    coach.recall(Past(odd, Readings(20.0), 20.0))
    coach.handle(Power(30.0, 10.0))
    assert coach.snapshot().today.seated_s == 11.0


def test_where_nobody_has_sat_no_cut_is_a_break() -> None:
    day = a_day()
    day.wait(minutes=1)
    day.cut_power(minutes=10)
    day.wait(minutes=10)
    day.cut_power(known=False)
    day.wait(minutes=1)
    day.learn(hours=14, new_day=True)
    day.wait(minutes=10)
    assert {fact.name for fact in day.notes} == {"resumed", "power_cut"}


def test_an_absence_of_a_break_around_a_cut_ends_the_bout_and_keeps_the_sitting_time() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.rise(seconds=30)
    day.cut_power(known=False)
    day.wait(seconds=10)
    day.sit(minutes=1)
    day.learn(seconds=40)
    assert [details_of(fact)["seated_s"] for fact in day.facts("bout")] == [1200.0]
    assert day.facts("full_break") == []
    assert day.snapshot.sitting_s == 21 * 60.0
    assert (day.snapshot.today.bouts, day.snapshot.today.breaks) == (2, 1)


def test_who_sits_when_the_power_is_back_is_told_of_no_break_while_that_settles() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(seconds=100)
    day.wait(seconds=4)
    assert isinstance(day.screen, BigNumber)
    assert day.screen.number == "20"
    assert (day.snapshot.seated, day.snapshot.counts_at, day.snapshot.off_at) == (False, None, None)
    assert feed_state(day.snapshot).says == "watching: somebody has just sat down"
    coming = feed_state(day.snapshot).next
    assert coming is not None
    assert coming.what == "the device believes it"
    day.wait(seconds=1)
    assert day.snapshot.seated


def test_who_is_up_when_the_power_is_back_sees_how_long_till_the_break_counts() -> None:
    day = a_day()
    day.sit(minutes=20)
    day.cut_power(seconds=10, taken=False)
    day.wait(seconds=30)
    assert day.snapshot.counts_at is not None
    day.sit(seconds=3)
    assert day.snapshot.counts_at is not None, "a touch doesn't take that away"
