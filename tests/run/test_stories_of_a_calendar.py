"""Stories of whole days by the calendar: a device with its clock, its journal and its file of meetings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from device.settings.settings import Settings
from device.settings.settings_file import load_settings
from device.words.facts import Fact
from tests.facts import details_of
from tests.world import World

COUNTED = ("sat", "left", "bout", "full_break")


def settings_of(*sets: str) -> Settings:
    """An hourly day with a calendar, and these."""
    return load_settings(None, ["limits.preset=hourly", 'meetings.calendar=["work"]', *sets], places=[])[0]


def a_world(folder: Path, *sets: str) -> World:
    """It begins on a Monday at eight; the cards of safety have been read."""
    world = World(folder, settings_of(*sets))
    world.read_safety()
    return world


def told(world: World, *names: str) -> list[Fact]:
    """The facts of these names."""
    return [fact for fact in world.said if fact.name in names]


def minutes(world: World, *names: str) -> list[float]:
    """When these facts were said, in minutes after eight."""
    return [round(fact.said / 60, 1) for fact in told(world, *names)]


def sit_until(world: World, text: str, days: int = 0) -> None:
    """Somebody sits until then by the true time."""
    world.sit(seconds=(world.at(text, days) - world.began).total_seconds() - world.real_s)


def test_what_falls_due_in_a_meeting_is_called_two_minutes_after_its_end(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.have_meetings((world.at("08:30"), world.at("09:30")))
    sit_until(world, "10:00")
    assert minutes(world, "due") == [60.0]
    assert minutes(world, "meeting", "meeting_over") == [30.0, 90.0]
    assert minutes(world, "sound")[0] == 92.0


def test_two_in_a_row_and_two_that_overlap_are_quiet_to_the_last_end(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    at = world.at
    world.have_meetings((at("08:30"), at("09:15")), (at("09:15"), at("09:45")), (at("09:30"), at("10:00")))
    sit_until(world, "10:30")
    assert minutes(world, "meeting") == [30.0, 75.0, 90.0]
    assert minutes(world, "meeting_over") == [120.0]
    assert minutes(world, "sound")[0] == 122.0


def test_a_meeting_that_is_cancelled_while_it_runs_is_over_within_a_minute(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.have_meetings((world.at("08:30"), world.at("11:00")))
    sit_until(world, "09:20")
    world.have_meetings()
    sit_until(world, "09:40")
    assert minutes(world, "meeting_over") == pytest.approx([81.0], abs=1)
    assert minutes(world, "sound")[0] == pytest.approx(83.0, abs=1)


def test_a_meeting_that_is_added_while_it_runs_silences_from_then_on(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    sit_until(world, "09:02")
    assert len(told(world, "sound")) == 1
    world.have_meetings((world.at("08:30"), world.at("10:00")))
    sit_until(world, "10:05")
    assert [sound > 120 for sound in minutes(world, "sound")] == [False, True]


def test_until_the_network_tells_the_time_no_meeting_is_trusted(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.stale = datetime(1970, 1, 1).astimezone()
    world.have_meetings((world.at("08:30"), world.at("10:30")))
    sit_until(world, "08:55")
    world.cut_power(30, answer_s=600.0)
    before = len(told(world, "meeting"))
    world.wait(minutes=9)
    assert len(told(world, "meeting")) == before
    world.wait(minutes=3)
    assert len(told(world, "meeting")) == before + 1
    sit_until(world, "10:29")
    assert not [sound for sound in told(world, "sound") if sound.said > 75 * 60]


def test_a_clock_that_steps_over_the_end_of_a_meeting_ends_it_and_back_begins_it(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.have_meetings((world.at("08:30"), world.at("09:30")))
    sit_until(world, "08:40")
    world.error_s = 3600.0
    world.wait(minutes=5)
    world.error_s = 0.0
    world.wait(minutes=5)
    assert [fact.name for fact in told(world, "meeting", "meeting_over")] == ["meeting", "meeting_over", "meeting"]


def test_the_hours_hold_back_what_is_owed_and_the_count_goes_on(tmp_path: Path) -> None:
    world = a_world(tmp_path, 'hours.mon="09:30-18:00"')
    sit_until(world, "09:40")
    assert minutes(world, "off_hours", "on_hours") == [0.0, 90.0]
    assert minutes(world, "due") == [90.0]
    assert minutes(world, "sound")[0] == 91.0
    assert details_of(told(world, "due")[0])["sitting_s"] == pytest.approx(90 * 60, abs=3)


def test_a_meeting_outside_of_the_hours_and_hours_that_begin_in_it_wait_for_both(tmp_path: Path) -> None:
    world = a_world(tmp_path, 'hours.mon="09:30-18:00"')
    world.have_meetings((world.at("09:00"), world.at("10:00")))
    sit_until(world, "10:10")
    assert minutes(world, "due") == [90.0]
    assert minutes(world, "sound")[0] == 122.0


# ---- a plan that begins whenever

QUICK = '{name = "quick", hours = "09:00-10:00", limits.preset = "half-hourly", reminders.snooze = "2min"}'
SLOW = '{name = "slow", hours = "09:00-10:00", limits.preset = "couple-of-hours"}'


def test_a_plan_changes_the_limit_in_the_middle_of_a_sitting(tmp_path: Path) -> None:
    world = a_world(tmp_path, f"plan=[{QUICK}]", "limits.preset=couple-of-hours")
    sit_until(world, "09:30")
    assert minutes(world, "plan") == [60.0]
    assert minutes(world, "due") == [60.0]


def test_a_break_that_is_due_stays_due_under_a_plan_with_a_later_limit_and_is_said_once(tmp_path: Path) -> None:
    world = a_world(tmp_path, f"plan=[{SLOW}]")
    sit_until(world, "10:40")
    assert len(told(world, "due")) == 1
    assert len(told(world, "plan")) == 2


def test_a_snooze_lasts_as_it_was_said_when_a_plan_begins_in_it(tmp_path: Path) -> None:
    world = a_world(tmp_path, f"plan=[{QUICK}]", "limits.due_after=57min", "limits.invite_after=57min")
    sit_until(world, "08:59")
    world.push(1.5)
    sit_until(world, "09:10")
    (snoozed,) = told(world, "snoozed")
    until = details_of(snoozed)["until"]
    assert until == snoozed.said + 300
    assert minutes(world, "plan") == [60.0]
    assert next(sound.said for sound in told(world, "sound") if sound.said > snoozed.said) == until


def test_a_guide_goes_on_when_a_plan_and_a_meeting_begin_in_it(tmp_path: Path) -> None:
    world = a_world(tmp_path, f"plan=[{SLOW}]", "limits.due_after=58min", "limits.invite_after=58min")
    world.have_meetings((world.at("09:00"), world.at("09:30")))
    sit_until(world, "08:59")
    world.rise(minutes=6)
    (ended,) = told(world, "guide_ended")
    (honoured,) = told(world, "break_honoured")
    assert ended.said > 3600
    assert honoured.said > 3600
    assert minutes(world, "plan") == minutes(world, "meeting") == [60.0]


def test_what_is_changed_on_the_page_in_a_meeting_and_off_hours_and_under_a_plan_holds_at_once(tmp_path: Path) -> None:
    world = a_world(tmp_path, 'hours.mon="10:00-18:00"', f"plan=[{QUICK}]")
    world.have_meetings((world.at("08:30"), world.at("11:00")))
    sit_until(world, "09:20")
    settings = world.start_of.settings
    world.go_by(replace(settings, hours=settings_of().hours))
    assert minutes(world, "on_hours") == pytest.approx([80.0], abs=0.1)
    assert minutes(world, "due") == pytest.approx([80.0], abs=0.1)
    world.go_by(settings_of())
    assert [details_of(fact)["plan"] for fact in told(world, "plan")] == ["quick", ""]
    world.wait(minutes=20)
    assert not told(world, "sound")
    world.go_by(replace(settings_of(), meetings=Settings().meetings))
    world.wait(minutes=5)
    assert len(told(world, "meeting_over")) == 1
    assert told(world, "sound")


def test_with_a_calendar_hours_and_plans_all_that_is_counted_is_as_without(tmp_path: Path) -> None:
    busy = a_world(tmp_path, 'hours.mon="09:30-10:00"', f"plan=[{QUICK}]")
    busy.have_meetings((busy.at("08:30"), busy.at("09:30")), (busy.at("11:00"), busy.at("11:30")))
    (tmp_path / "plain").mkdir()
    plain = a_world(tmp_path / "plain")
    for world in (busy, plain):
        world.sit(minutes=70)
        world.rise(seconds=70)
        world.sit(minutes=60)
        world.rise(minutes=5)
        world.sit(minutes=80)
        world.rise(minutes=3)
    assert told(busy, *COUNTED) == told(plain, *COUNTED)
