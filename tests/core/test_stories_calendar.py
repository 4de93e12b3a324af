"""Stories about meetings, the person's hours and plans: the count goes on, and only what is said changes."""

from __future__ import annotations

import pytest

from device.settings.settings import Settings
from device.settings.settings_file import load_settings
from device.words.instants import MINUTE_S
from tests.facts import details_of
from tests.story import Day

HOURLY = load_settings(None, ["limits.preset=hourly"], places=[])[0]


def planned(*plans: str) -> Settings:
    """Two hours outside of these plans."""
    return load_settings(None, [f"plan=[{', '.join(plans)}]"], places=[])[0]


# ---- meetings


def test_a_break_that_falls_due_in_a_meeting_waits_on_the_screen_and_is_called_two_minutes_after_it() -> None:
    day = Day(HOURLY)
    day.sit(minutes=50)
    day.meeting(minutes=40)
    day.wait(minutes=40)
    assert day.mode == "due"
    assert day.sounds == []
    day.meeting()
    over = day.now
    day.wait(minutes=3)
    assert [at for at, _ in day.sounds] == [over + 2 * MINUTE_S]


def test_a_meeting_that_ends_before_due_changes_nothing_of_the_reminders() -> None:
    day, plain = Day(HOURLY), Day(HOURLY)
    for each in (day, plain):
        each.sit(minutes=20)
        if each is day:
            day.meeting(minutes=20)
        each.wait(minutes=20)
        if each is day:
            day.meeting()
        each.wait(minutes=60)
    assert day.sounds == plain.sounds
    assert len(day.sounds) == 4


def test_of_two_meetings_in_a_row_the_second_holds_back_what_the_first_did() -> None:
    day = Day(HOURLY)
    day.sit(minutes=50)
    day.meeting(minutes=30)
    day.wait(minutes=30)
    day.meeting(minutes=30, began="B")
    day.wait(minutes=30)
    assert day.sounds == []
    day.meeting()
    day.wait(minutes=2)
    assert len(day.sounds) == 1


def test_a_meeting_that_is_cancelled_while_it_runs_is_over() -> None:
    day = Day(HOURLY)
    day.sit(minutes=50)
    day.meeting(minutes=60)
    day.wait(minutes=20)
    day.meeting()
    day.wait(minutes=2)
    assert len(day.sounds) == 1
    assert day.facts("meeting_over")


def test_a_sounding_reminder_stops_when_a_meeting_begins() -> None:
    day = Day(HOURLY)
    day.sit(minutes=61)
    assert len(day.sounds) == 1
    day.meeting(minutes=30)
    assert day.silences[-1] == day.now


def test_who_rises_early_from_a_meeting_takes_the_break_like_any_other() -> None:
    day = Day(HOURLY)
    day.sit(minutes=50)
    day.meeting(minutes=60)
    day.wait(minutes=20)
    day.rise(minutes=3)
    assert day.facts("break_honoured")
    assert day.facts("guide_started")


def test_a_hold_turns_the_sound_on_in_this_meeting_but_not_in_the_next() -> None:
    day = Day(HOURLY)
    day.sit(minutes=62)
    day.meeting(minutes=60)
    day.hold()
    assert day.facts("meeting_off")
    day.wait(minutes=30)
    sounded = len(day.sounds)
    assert sounded == 4
    day.meeting(minutes=60, began="B")
    day.wait(minutes=30)
    assert len(day.sounds) == sounded


def test_sound_in_a_meeting_outlives_a_power_cut() -> None:
    day = Day(HOURLY)
    day.sit(minutes=50)
    day.meeting(minutes=60)
    day.hold()
    day.cut_power(seconds=20)
    day.meeting(minutes=59)
    day.wait(minutes=30)
    assert day.sounds


def test_a_hold_in_a_meeting_brings_the_sound_back_after_a_mute_as_well() -> None:
    day = Day(HOURLY)
    day.sit(minutes=10)
    day.hold()
    day.meeting(minutes=60)
    day.hold()
    assert day.facts("unmuted")
    assert day.facts("meeting_off")
    day.hold()
    assert len(day.facts("muted")) == 2


def test_the_same_meeting_told_again_is_no_news() -> None:
    day = Day()
    day.sit(minutes=1)
    day.meeting(minutes=30)
    day.meeting(minutes=30)
    assert len(day.facts("meeting")) == 1
    day.meeting()
    day.meeting()
    assert len(day.facts("meeting_over")) == 1


# ---- the person's hours


def test_outside_of_the_hours_nothing_falls_due_and_the_count_goes_on() -> None:
    day = Day(HOURLY)
    day.hours(within=False)
    day.sit(hours=3)
    assert not day.facts("due")
    assert not day.facts("invite")
    assert day.snapshot.sitting_s == 3 * 60 * MINUTE_S


def test_what_is_owed_is_said_when_the_hours_begin() -> None:
    day = Day(HOURLY)
    day.hours(within=False)
    day.sit(minutes=90)
    day.hours(within=True)
    assert day.mode == "due"
    day.wait(minutes=2)
    assert len(day.sounds) == 1


def test_a_due_break_is_called_off_when_the_hours_are_over_and_called_in_when_they_begin_again() -> None:
    day = Day(HOURLY)
    day.sit(minutes=61)
    day.hours(within=False)
    assert day.mode == "watching"
    day.wait(minutes=60)
    assert len(day.sounds) == 1
    day.hours(within=True)
    assert day.mode == "due"
    assert len(day.facts("due")) == 1


def test_hours_that_are_told_again_are_no_news() -> None:
    day = Day()
    day.hours(within=True)
    day.hours(within=False)
    day.hours(within=False)
    day.hours(within=True)
    assert [len(day.facts(name)) for name in ("off_hours", "on_hours")] == [1, 1]


def test_outside_of_the_hours_the_panel_is_dark_and_a_press_shows_the_time_sat() -> None:
    day = Day(HOURLY)
    day.sit(minutes=30)
    assert day.text
    day.hours(within=False)
    assert day.text == ""
    day.press()
    assert "30 min" in day.text
    day.wait(minutes=1)
    assert day.text == ""
    day.hours(within=True)
    assert day.text


def test_in_a_meeting_the_panel_says_till_when_and_claims_none_without_a_clock() -> None:
    day = Day(HOURLY)
    day.sit(minutes=1)
    day.meeting(minutes=40)
    assert "meeting" not in day.text
    day.meeting()
    day.clock("2027-01-04T14:20:00+01:00")
    day.meeting(minutes=40)
    assert "In a meeting till 15:00" in day.text
    day.hold()
    assert "meeting" not in day.text


# ---- plans


def test_a_plan_changes_the_limit_in_the_middle_of_a_sitting_and_not_the_count() -> None:
    day = Day(planned('{name = "morning", limits.preset = "half-hourly"}'))
    day.sit(minutes=40)
    assert not day.facts("due")
    day.plan("morning")
    assert day.facts("due")
    assert day.snapshot.sitting_s == 40 * MINUTE_S
    assert [details_of(fact)["plan"] for fact in day.facts("plan")] == ["morning"]


def test_after_a_plan_the_usual_settings_hold_again() -> None:
    day = Day(planned('{name = "morning", limits.preset = "half-hourly"}'))
    day.plan("morning")
    day.sit(minutes=10)
    day.plan("")
    day.wait(minutes=100)
    assert not day.facts("due")
    day.wait(minutes=10)
    assert day.facts("due")


def test_a_plan_may_bring_short_breaks_and_takes_them_with_it() -> None:
    day = Day(planned('{name = "short", limits.short_every = "20min", limits.short_break = "20s"}'))
    day.sit(minutes=25)
    assert not day.facts("short_offer")
    day.plan("short")
    assert day.mode == "short_offered"
    day.plan("")
    day.wait(minutes=1)
    assert day.mode == "watching"
    assert day.snapshot.sitting_s == 26 * MINUTE_S


def test_a_plan_that_nobody_has_made_is_ignored() -> None:
    day = Day()
    day.plan("nonsense")
    assert not day.facts("plan")


def test_what_is_changed_on_the_page_holds_outside_of_a_plan_and_the_plan_goes_on() -> None:
    day = Day(planned('{name = "morning", limits.preset = "half-hourly"}'))
    day.plan("morning")
    day.change("limits", due_after_s=9000.0, invite_after_s=9000.0)
    day.sit(minutes=20)
    assert not day.facts("due")
    day.wait(minutes=11)
    assert day.facts("due")


@pytest.mark.parametrize("shows", ["14:19:59.98", "14:20:00", "14:20:00.02"])
def test_a_meeting_till_three_ends_at_three_though_the_clock_is_nursed_along(shows: str) -> None:
    day = Day(HOURLY)
    day.sit(minutes=1)
    day.clock(f"2027-01-04T{shows}+01:00")
    day.meeting(minutes=40)
    assert "In a meeting till 15:00" in day.text


def test_a_clock_on_the_last_day_of_the_calendar_claims_no_end_of_a_meeting() -> None:
    day = Day(HOURLY)
    day.sit(minutes=1)
    for minutes in (40.0, 9.75):
        day.clock("9999-12-31T23:50:00+00:00")
        day.meeting(minutes=minutes)
        assert day.snapshot.meeting_till is None
        assert "meeting" not in day.text
