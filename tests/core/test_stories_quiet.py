"""Stories of mute and quiet hours: no sound, but the counting goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from device.history.why import why
from device.screens.state_feed import feed_state
from device.settings.settings import BuzzerSettings, Limits, ReminderSettings, Settings
from device.words.effects import BigNumber, Dark, Mark
from tests.facts import details_of
from tests.story import Day

NO_INVITE = Settings(limits=Limits(invite_after_s=7200.0))


def day_of(*, minutes: float) -> Day:
    """Somebody has sat for so long."""
    day = Day(NO_INVITE)
    day.sit(minutes=minutes)
    return day


def test_a_mute_shows_its_icon_and_its_end_time() -> None:
    day = Day(NO_INVITE)
    day.clock("2026-03-02T13:40:00")
    day.sit(minutes=20)
    day.hold()
    assert isinstance(day.screen, BigNumber)
    assert day.screen.heading == "Muted till 15:00"
    assert Mark.MUTED in day.screen.marks


def test_without_a_clock_a_mute_shows_no_time() -> None:
    day = day_of(minutes=20)
    day.hold()
    assert isinstance(day.screen, BigNumber)
    assert day.screen.heading == "Muted"


def test_a_mute_ends_by_time() -> None:
    day = day_of(minutes=20)
    day.hold()
    day.wait_until(20 * 60 + 1 + 3600)
    assert day.times("unmuted") == [20 * 60 + 1 + 3600]
    assert isinstance(day.screen, BigNumber)
    assert not day.screen.marks


def test_a_mute_ends_by_a_hold_in_any_state() -> None:
    for minutes, mode in ((50, "watching"), (115, "due"), (235, "asking")):
        day = Day(Settings(limits=Limits(invite_after_s=43200.0, due_after_s=43200.0 if minutes > 120 else 7200.0)))
        day.sit(minutes=minutes)
        day.hold()
        day.wait(minutes=10)
        assert day.mode == mode
        day.hold()
        assert day.mode == mode
        assert len(day.facts("unmuted")) == 1
        assert not day.facts("snoozed")


def test_a_mute_in_the_guide_ends_by_a_hold_and_the_guide_goes_on() -> None:
    day = day_of(minutes=119)
    day.hold()
    day.wait(minutes=2)
    day.rise(seconds=20)
    assert day.mode == "guiding"
    day.hold()
    assert day.facts("unmuted")
    assert day.mode == "guiding"


def test_a_mute_that_ran_out_under_a_hold_is_not_begun_again() -> None:
    day = day_of(minutes=20)
    day.hold()
    day.wait_until(20 * 60 + 1 + 3600 - 0.5)
    day.hold()
    assert len(day.facts("muted")) == len(day.facts("unmuted")) == 1


def test_a_mute_outlives_a_full_break() -> None:
    day = day_of(minutes=20)
    day.hold()
    day.rise(minutes=10)
    day.sit(minutes=5)
    assert Mark.MUTED in marks(day)


def test_counting_goes_on_and_what_is_owed_is_called_in_after_a_mute() -> None:
    day = day_of(minutes=119)
    day.hold()
    day.wait(minutes=60)
    assert day.times("due") == [7200]
    assert [at for at, _ in day.sounds] == [119 * 60 + 1 + 3600]


def test_the_screen_says_that_a_muted_break_is_due() -> None:
    day = day_of(minutes=119)
    day.hold()
    day.wait(minutes=1)
    assert "Time to get up" in day.text
    assert "Muted" in day.text
    day.wait(minutes=10)
    assert "+10 min" in day.text
    assert "Muted" in day.text


def test_when_a_mute_ends_with_the_chair_empty_nothing_happens() -> None:
    day = day_of(minutes=119)
    day.hold()
    day.wait(minutes=2)
    day.rise(minutes=1)
    day.hold()
    assert day.facts("unmuted")
    day.wait(seconds=30)
    assert not day.sounds


def test_in_quiet_hours_nothing_sounds_and_the_next_reminder_follows_when_they_end() -> None:
    day = Day(NO_INVITE)
    day.quiet(True)
    day.sit(minutes=140)
    assert not day.sounds
    assert Mark.QUIET in marks(day)
    day.quiet(False)
    day.wait(minutes=3)
    assert day.sounds == [(8400, 1), (8580, 2)]


def test_quiet_hours_that_begin_silence_what_sounds() -> None:
    day = day_of(minutes=121)
    day.wait(seconds=0.1)
    day.quiet(True)
    assert day.silences == [7260.1]


def test_the_guide_has_no_cues_while_muted_or_in_quiet_hours() -> None:
    loud, quiet, muted = Day(NO_INVITE), Day(NO_INVITE), Day(NO_INVITE)
    quiet.quiet(True)
    muted.sit(minutes=119)
    muted.hold()
    muted.wait_until(7201.0)
    for day in (loud, quiet):
        day.sit(seconds=7201)
    for day in (loud, quiet, muted):
        day.rise(minutes=5)
        assert len(day.facts("guide_ended")) == 1
    assert loud.cues
    assert not quiet.cues
    assert not muted.cues


def test_without_a_buzzer_nothing_sounds_and_nothing_says_that_it_did() -> None:
    day = Day(replace(NO_INVITE, buzzer=BuzzerSettings("none")))
    day.sit(hours=3)
    day.rise(minutes=10)
    assert day.facts("due", "break_honoured", "guide_ended")
    assert not day.sounds
    assert not day.cues
    assert not day.facts("sound")
    assert day.snapshot.today.sounds == 0


def test_without_a_buzzer_there_is_nothing_to_mute_and_no_word_of_it() -> None:
    day = Day(replace(NO_INVITE, buzzer=BuzzerSettings("none")))
    day.quiet(True)
    day.sit(minutes=20)
    day.hold()
    assert not day.facts("muted")
    assert not marks(day)
    day.wait_until(7200)
    for _ in range(2):
        day.hold()
        day.wait(minutes=5)
    assert len(day.facts("snoozed")) == 2
    day.hold()
    assert not day.facts("muted")
    assert day.snapshot.hold is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"buzzer": BuzzerSettings("none")}, "there is no buzzer, as the settings say"),
        ({"reminders": ReminderSettings(after_due_s=())}, "it never sounds, as the settings say"),
        ({}, "it never sounds to an empty chair"),
    ],
)
def test_what_can_never_sound_is_said_to_be_so(changed: dict[str, Any], says: str) -> None:
    day = Day(replace(NO_INVITE, **changed))
    day.sit(minutes=130)
    day.rise(hours=1)
    assert f"No sound: {says}." in list(why(day.snapshot, [], str))
    assert feed_state(day.snapshot).sounds is not bool(changed)


def test_the_label_of_a_due_break_names_no_hold_where_that_does_nothing() -> None:
    day = Day(
        replace(NO_INVITE, limits=Limits(due_after_s=1200.0, invite_after_s=600.0), buzzer=BuzzerSettings("none"))
    )
    day.sit(minutes=10)
    assert "hold: later" in day.text
    for _ in range(2):
        day.hold()
        day.wait(minutes=5)
    assert "press: show" in day.text
    assert "hold" not in day.text


def test_a_clock_that_steps_is_noted_and_moves_no_seated_second() -> None:
    day = day_of(minutes=60)
    day.clock("2026-03-02T13:40:00", stepped_s=1_772_458_800.0)
    day.wait(minutes=60)
    assert [(fact.t, details_of(fact)) for fact in day.facts("clock_stepped")] == [(3600, {"by_s": 1_772_458_800.0})]
    assert day.times("due") == [7200]


def test_a_clock_that_is_merely_read_is_no_step() -> None:
    day = Day()
    day.clock("2026-03-02T08:00:00")
    assert not day.notes


def test_a_clock_step_moves_the_end_time_shown_and_not_the_mute() -> None:
    day = Day(NO_INVITE)
    day.clock("2026-03-02T13:40:00")
    day.sit(minutes=20)
    day.hold()
    day.clock("2026-03-02T15:00:01", stepped_s=3600.0)
    assert day.text.startswith("Muted till 16:00")
    day.wait_until(20 * 60 + 1 + 3600)
    assert day.facts("unmuted")


def marks(day: Day) -> frozenset[Mark]:
    """The marks on the screen."""
    assert not isinstance(day.screen, Dark)
    return day.screen.marks
