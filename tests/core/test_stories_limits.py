"""Stories of the invite, the heads-up, and the moment a break falls due."""

from __future__ import annotations

from dataclasses import replace

from device.settings.settings import Limits, Settings
from device.words.effects import BigNumber, BigWords, Mark
from tests.facts import details_of
from tests.story import Day

HOURLY = Settings(limits=Limits(invite_after_s=3000.0, due_after_s=3600.0))
NO_INVITE = Settings(limits=Limits(invite_after_s=3600.0, due_after_s=3600.0))


def test_by_default_the_invite_comes_after_60_min_and_the_break_is_due_after_120() -> None:
    day = Day()
    day.sit(minutes=120)
    assert [(fact.name, fact.t, details_of(fact)) for fact in day.facts("invite", "due")] == [
        ("invite", 3600, {"sitting_s": 3600.0}),
        ("due", 7200, {"sitting_s": 7200.0}),
    ]


def test_own_limits_are_gone_by() -> None:
    day = Day(HOURLY)
    day.sit(minutes=60)
    assert day.times("invite", "due") == [3000, 3600]


def test_an_invite_as_late_as_due_is_no_invite() -> None:
    day = Day(NO_INVITE)
    day.sit(hours=1)
    assert not day.facts("invite")
    assert day.times("due") == [3600]


def test_the_limit_counts_seated_seconds_not_the_time_of_day() -> None:
    day = Day()
    day.sit(minutes=100)
    day.rise(seconds=100)
    day.sit(minutes=20)
    assert day.times("due") == [7300]


def test_nothing_becomes_due_in_a_fidget_and_is_said_when_it_ends() -> None:
    day = Day()
    day.sit(seconds=7195)
    day.fidget(10)
    (due,) = day.facts("due")
    assert (due.t, due.said, details_of(due)) == (7205, 7205, {"sitting_s": 7205.0})


def test_an_invite_waits_for_the_end_of_a_fidget_too() -> None:
    day = Day()
    day.sit(seconds=3595)
    day.fidget(10)
    assert day.times("invite") == [3605]


def test_a_limit_that_falls_into_a_leaving_is_reached_after_sitting_back() -> None:
    day = Day()
    day.sit(seconds=7195)
    day.rise(seconds=30)
    day.sit(seconds=60)
    assert day.times("due") == [7230]


def test_the_invite_fills_the_screen_for_2_min_and_is_a_small_mark_then() -> None:
    day = Day()
    day.sit(minutes=60)
    assert day.mode == "invited"
    assert day.screen == BigWords(("Fancy a", "stretch?"), "just rise   hold: later", frozenset({Mark.INVITED}))
    day.wait(seconds=119.999)
    assert isinstance(day.screen, BigWords)
    day.wait(seconds=0.001)
    assert isinstance(day.screen, BigNumber)
    assert day.screen.marks == {Mark.INVITED}


def test_the_invite_is_silent() -> None:
    day = Day()
    day.sit(minutes=119)
    assert not day.sounds


def test_a_heads_up_stands_on_the_screen_from_2_min_before() -> None:
    day = Day()
    day.sit(seconds=7079.999)
    assert "coming" not in day.text
    day.wait(seconds=0.001)
    assert "Break coming up" in day.text
    assert "2 min" in day.text
    day.wait(seconds=60)
    assert "1 min" in day.text


def test_a_heads_up_comes_to_the_second_between_two_minutes_too() -> None:
    day = Day(replace(NO_INVITE, limits=replace(NO_INVITE.limits, heads_up_s=90.0)))
    day.sit(seconds=3509.999)
    assert "coming" not in day.text
    day.wait(seconds=0.001)
    assert "Break coming up" in day.text


def test_there_is_no_heads_up_when_none_is_wanted() -> None:
    day = Day(replace(NO_INVITE, limits=replace(NO_INVITE.limits, heads_up_s=0.0)))
    day.sit(seconds=3599)
    assert "break in 1 min" in day.text


def test_the_screen_shows_how_long_one_sits_and_how_far_it_is_to_the_break() -> None:
    day = Day()
    day.sit(minutes=42, seconds=30)
    assert day.text == "Seated 42 min break in 1 h 18"


def test_an_invite_that_became_due_is_due() -> None:
    day = Day()
    day.sit(minutes=120)
    assert day.mode == "due"
    assert day.screen == BigWords(("Time to", "get up"), "press: show  hold: later")


def test_a_full_break_takes_an_invite_back() -> None:
    day = Day()
    day.sit(minutes=61)
    day.rise(minutes=10)
    day.sit(minutes=59)
    assert day.mode == "watching"
    assert len(day.facts("invite")) == 1
    day.wait(minutes=1)
    assert len(day.facts("invite")) == 2
