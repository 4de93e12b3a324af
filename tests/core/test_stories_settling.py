"""Stories of sitting down and getting up: what is believed, and what counts as a break."""

from __future__ import annotations

from device.words.effects import Dark
from tests.facts import details_of
from tests.story import Day


def test_somebody_sits_when_the_level_has_been_taken_for_5_s_and_has_sat_since_its_first_instant() -> None:
    day = Day()
    day.wait(seconds=100)
    day.sit(seconds=4.999)
    assert not day.facts("sat")
    day.wait(seconds=0.001)
    (sat,) = day.facts("sat")
    assert (sat.t, sat.said) == (100, 105)


def test_a_gap_however_short_starts_the_settling_anew() -> None:
    day = Day()
    day.sit(seconds=4)
    day.rise(seconds=0.001)
    day.sit(seconds=4.998)
    assert not day.facts("sat")
    day.wait(seconds=1)
    assert day.times("sat") == [4.001]


def test_they_have_left_when_the_level_has_been_empty_for_15_s_and_left_at_its_first_instant() -> None:
    day = Day()
    day.sit(seconds=200)
    day.rise(seconds=14.999)
    assert not day.facts("left")
    day.wait(seconds=0.001)
    (left,) = day.facts("left")
    assert (left.t, left.said) == (200, 215)


def test_an_empty_chair_at_the_start_was_left_by_nobody() -> None:
    day = Day()
    day.wait(hours=9)
    assert not day.notes


def test_a_fidget_still_counts_as_seated() -> None:
    day = Day()
    day.sit(seconds=1000)
    day.fidget(14.9)
    day.wait(seconds=985.1)
    assert day.snapshot.sitting_s == 2000
    assert not day.facts("left", "bout")


def test_a_touch_shorter_than_5_s_is_still_away() -> None:
    day = Day()
    day.sit(seconds=100)
    day.rise(seconds=60)
    day.touch(4.999)
    day.wait(seconds=60)
    assert day.times("sat") == [0]
    assert day.times("full_break") == [220]


def test_away_for_15_s_the_sitting_time_stands_still_in_the_same_bout() -> None:
    day = Day()
    day.sit(seconds=1000)
    day.rise(seconds=59.999)
    day.sit(seconds=500)
    assert day.snapshot.sitting_s == 1500
    assert not day.facts("bout", "full_break")


def test_away_for_60_s_the_bout_ends_and_the_sitting_time_resumes_where_it_was() -> None:
    day = Day()
    day.sit(seconds=1000)
    day.rise(seconds=119.999)
    day.sit(seconds=500)
    (bout,) = day.facts("bout")
    assert (bout.t, bout.said, details_of(bout)) == (1000, 1060, {"start": 0.0, "seated_s": 1000.0})
    assert day.snapshot.sitting_s == 1500
    assert not day.facts("full_break")


def test_the_next_bout_begins_with_its_own_seconds() -> None:
    day = Day()
    day.sit(seconds=1000)
    day.rise(seconds=60)
    day.sit(seconds=30)
    day.rise(seconds=60)
    assert details_of(day.facts("bout")[-1]) == {"start": 1060.0, "seated_s": 30.0}


def test_away_for_120_s_the_sitting_time_starts_afresh() -> None:
    day = Day()
    day.sit(seconds=1000)
    day.rise(seconds=120)
    assert [(fact.t, fact.said) for fact in day.facts("full_break")] == [(1120, 1120)]
    day.sit(seconds=500)
    assert day.snapshot.sitting_s == 500


def test_a_full_break_waits_while_a_touch_is_settling_and_is_said_late() -> None:
    day = Day()
    day.sit(seconds=1000)
    day.rise(seconds=118)
    day.sit(seconds=4)
    assert not day.facts("full_break")
    day.rise()
    assert [(fact.t, fact.said) for fact in day.facts("full_break")] == [(1120, 1122)]


def test_a_full_break_that_waited_for_somebody_who_sat_was_none() -> None:
    day = Day()
    day.sit(seconds=1000)
    day.rise(seconds=118)
    day.sit(seconds=5)
    assert day.snapshot.sitting_s == 1005
    assert not day.facts("full_break")


def test_a_deadline_at_the_very_instant_of_an_event_comes_before_it() -> None:
    day = Day()
    day.sit(seconds=5)
    day.rise(seconds=15)
    day.sit()
    assert day.times("sat") == [0]
    assert day.times("left") == [5]


def test_an_event_older_than_the_last_is_heard_as_of_then() -> None:
    day = Day()
    day.sit(seconds=100)
    day.quiet(False)
    day.now = 60.0
    day.rise()
    day.wait_until(200.0)
    assert day.times("left") == [100]


def test_the_same_level_twice_is_harmless() -> None:
    day = Day()
    day.sit(seconds=3)
    day.sit(seconds=3)
    assert day.times("sat") == [0]


def test_an_empty_chair_means_a_dark_panel_two_minutes_after_leaving() -> None:
    day = Day()
    day.sit(minutes=10)
    day.rise(seconds=119.999)
    assert day.screen != Dark()
    day.wait(seconds=0.001)
    assert day.screen == Dark()


def test_at_an_empty_chair_nothing_ever_wants_to_be_called() -> None:
    day = Day()
    day.wait(hours=1)
    assert day.coach.next_deadline() is None
    day.sit(minutes=10)
    day.rise(hours=5)
    assert day.coach.next_deadline() is None
