"""Stories of a break that is due: who speaks when, and how it ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.settings.settings import Limits, ReminderSettings, Settings
from device.words.effects import Cue, Play, Silence
from tests.facts import details_of
from tests.story import Day

DUE_S = 7200.0


def due_day(settings: Settings | None = None) -> Day:
    """A day at the instant its break falls due."""
    day = Day() if settings is None else Day(settings)
    day.sit(seconds=DUE_S)
    return day


def since_due(day: Day) -> list[float]:
    """When reminders sounded, counted from due."""
    return [at - DUE_S for at, _ in day.sounds]


def test_at_first_the_screen_alone_speaks_for_60_s() -> None:
    day = due_day()
    assert "Time to get up" in day.text
    day.wait(seconds=59.999)
    assert not day.sounds
    day.wait(seconds=0.001)
    assert day.sounds == [(DUE_S + 60, 1)]


def test_reminders_come_1_4_8_and_30_min_after_due_and_never_again() -> None:
    day = due_day()
    day.wait(minutes=90)
    assert day.sounds == [(DUE_S + 60, 1), (DUE_S + 240, 2), (DUE_S + 480, 3), (DUE_S + 1800, 4)]
    assert [details_of(fact) for fact in day.facts("sound")] == [
        {"cue": "reminder", "nth": nth} for nth in (1, 2, 3, 4)
    ]


def test_no_reminders_can_be_wanted() -> None:
    day = due_day(Settings(reminders=ReminderSettings(after_due_s=())))
    day.wait(hours=1)
    assert not day.sounds
    assert "Time to get up" in day.text


def test_the_screen_shows_how_far_over_you_are() -> None:
    day = due_day()
    day.wait(minutes=17)
    assert day.text == "Time to get up +17 min press: show me"


def test_a_due_break_is_said_once_and_stays_due_through_breaks_that_are_too_short() -> None:
    day = due_day()
    day.rise(seconds=119)
    day.sit(minutes=10)
    assert day.mode == "due"
    assert day.times("due") == [DUE_S]


def test_a_full_break_ends_it() -> None:
    day = due_day()
    day.rise(seconds=120)
    day.wait(minutes=5)
    day.sit(minutes=10)
    assert day.mode == "watching"
    assert not day.sounds


def test_the_next_sitting_time_has_its_own_reminders() -> None:
    day = due_day()
    day.wait(minutes=5)
    day.rise(minutes=10)
    day.sit(minutes=121)
    assert [nth for _, nth in day.sounds] == [1, 2, 1]


def test_the_level_going_empty_stops_a_sounding_reminder_at_once() -> None:
    day = due_day()
    day.wait(seconds=60)
    assert not day.silences
    day.wait(seconds=0.2)
    day.rise()
    assert day.silences == [DUE_S + 60.2]
    assert [type(effect) for _, effect in day.told if isinstance(effect, Play | Silence)] == [Play, Silence]


def test_rising_without_a_reminder_needs_no_silence() -> None:
    day = due_day()
    day.rise(minutes=1)
    assert not day.silences


def test_a_reminder_that_falls_in_a_fidget_waits_for_its_end_and_the_gaps_after_it_stay() -> None:
    day = due_day()
    day.wait(seconds=59)
    day.fidget(1.9)
    assert since_due(day) == pytest.approx([60.9])
    day.wait(minutes=8)
    assert since_due(day) == pytest.approx([60.9, 240.9, 480.9])


def test_after_sitting_back_there_is_no_reminder_for_2_min() -> None:
    day = due_day()
    day.wait(seconds=55)
    day.rise(seconds=30)
    day.sit(seconds=119.999)
    assert not day.sounds
    day.wait(seconds=0.001)
    assert since_due(day) == [55 + 30 + 120]


def test_no_reminder_sounds_to_an_empty_chair() -> None:
    day = due_day()
    day.rise(seconds=119)
    day.touch(4)
    day.wait(hours=2)
    assert not day.sounds


def test_a_person_who_is_sitting_back_is_not_reminded_before_it_has_settled() -> None:
    day = Day(Settings(reminders=ReminderSettings(after_sitting_back_s=0.0)), stretches=())
    day.sit(seconds=DUE_S)
    day.wait(seconds=50)
    day.rise(seconds=30)
    day.sit(seconds=4.999)
    assert not day.sounds
    day.wait(seconds=0.001)
    assert since_due(day) == [85]


def test_a_reminder_that_falls_in_a_snooze_waits_for_its_end() -> None:
    day = due_day()
    day.wait(seconds=30)
    day.hold()
    day.wait(minutes=10)
    assert since_due(day) == [331, 331 + 180]


def test_reminders_that_fall_in_a_mute_never_come_in_a_burst() -> None:
    day = Day(Settings(limits=Limits(invite_after_s=DUE_S)))
    day.sit(minutes=119)
    day.hold()
    day.wait(minutes=120)
    unmuted_at = 119 * 60 + 1 + 3600
    assert [at - unmuted_at for at, _ in day.sounds] == [0, 180, 420, 1740]


def test_an_absence_begun_while_due_that_lasts_a_full_break_is_honoured() -> None:
    day = due_day()
    day.rise(seconds=120)
    (honoured,) = day.facts("break_honoured")
    assert (honoured.t, honoured.said, details_of(honoured)) == (
        DUE_S + 120,
        DUE_S + 120,
        {"after": "due", "rose_after_s": 0.0},
    )
    assert (day.snapshot.today.due, day.snapshot.today.in_time) == (1, 1)


@pytest.mark.parametrize(("rose_after_s", "in_time"), [(900.0, 1), (900.001, 0)])
def test_a_break_risen_for_within_a_quarter_of_an_hour_is_taken_in_time_else_late(
    rose_after_s: float, in_time: int
) -> None:
    day = due_day()
    day.wait(seconds=rose_after_s)
    day.rise(seconds=120)
    (honoured,) = day.facts("break_honoured")
    assert details_of(honoured) == {"after": "due", "rose_after_s": rose_after_s}
    today = day.snapshot.today
    assert (today.due, today.in_time, today.late, today.not_taken) == (1, in_time, 1 - in_time, 0)


def test_a_break_cut_short_is_not_taken_and_what_counts_is_when_they_rose_for_the_full_one() -> None:
    day = due_day()
    day.wait(minutes=5)
    day.rise(seconds=70)
    day.sit(minutes=20)
    assert day.snapshot.today.not_taken == 1
    day.rise(seconds=120)
    (honoured,) = day.facts("break_honoured")
    assert details_of(honoured)["rose_after_s"] == 5 * 60 + 70 + 20 * 60
    assert (day.snapshot.today.late, day.snapshot.today.not_taken) == (1, 0)


def test_an_absence_begun_while_invited_is_honoured_after_an_invite_and_no_figure() -> None:
    day = Day()
    day.sit(minutes=70)
    day.rise(seconds=120)
    assert [details_of(fact) for fact in day.facts("break_honoured")] == [{"after": "invite"}]
    assert day.snapshot.today.honoured == 0


def test_an_absence_begun_while_snoozed_or_acknowledged_is_honoured_too() -> None:
    for answer in (Day.hold, Day.press):
        day = due_day()
        answer(day)
        day.rise(seconds=120)
        (honoured,) = day.facts("break_honoured")
        assert details_of(honoured)["after"] == "due"
        assert 0 < details_of(honoured)["rose_after_s"] < 2


def test_an_absence_begun_when_nothing_was_owed_is_a_break_like_any_other() -> None:
    day = Day()
    day.sit(minutes=30)
    day.rise(minutes=5)
    day.sit(minutes=1)
    assert not day.facts("break_honoured", "break_cut_short")


def test_a_due_break_that_ends_too_soon_is_cut_short() -> None:
    day = due_day()
    day.rise(seconds=119.999)
    day.sit(seconds=5)
    (cut,) = day.facts("break_cut_short")
    assert (cut.t, cut.said, details_of(cut)) == (DUE_S + 119.999, DUE_S + 124.999, {"after": "due"})
    assert not day.facts("break_honoured")


def test_a_break_honoured_is_not_cut_short_by_sitting_down_at_last() -> None:
    day = due_day()
    day.rise(seconds=120)
    day.sit(minutes=1)
    assert not day.facts("break_cut_short")


def test_a_break_may_be_cut_short_first_and_honoured_then() -> None:
    day = due_day()
    day.rise(seconds=30)
    day.sit(minutes=1)
    day.rise(minutes=2)
    assert [fact.name for fact in day.facts("break_cut_short", "break_honoured")] == [
        "break_cut_short",
        "break_honoured",
    ]


def test_the_break_counts_at_two_minutes_and_the_screen_says_so() -> None:
    day = Day()
    day.sit(minutes=30)
    day.rise(seconds=100)
    assert day.text == "Off the chair 0:20 till the break counts"
    day = Day(replace(Settings(), screens=replace(Settings().screens, off_after_s=300.0)))
    day.sit(minutes=30)
    day.rise(seconds=120)
    assert day.text == "Break done. Sit if you like."


def test_reminders_get_their_number_so_that_each_can_be_a_little_longer() -> None:
    day = due_day()
    day.wait(minutes=30)
    assert [effect for _, effect in day.told if isinstance(effect, Play)] == [
        Play(Cue.REMINDER, nth) for nth in (1, 2, 3, 4)
    ]
