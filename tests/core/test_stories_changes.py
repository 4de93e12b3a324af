"""Settings that change while somebody sits: the limit moves, what has been counted and said stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.settings.settings import TOPICS
from device.words.facts import Resumed
from tests.story import Day


@given(st.lists(st.floats(0.001, 3000).map(lambda s: round(s, 3)), max_size=5))
def test_a_change_in_the_middle_of_a_sitting_loses_no_second(sat: list[float]) -> None:
    day = Day()
    day.sit()
    for seconds in sat:
        day.wait(seconds=seconds)
        day.change("limits", due_after_s=30_000.0, invite_after_s=20_000.0, still_you_after_s=40_000.0)
    day.wait(hours=1)
    assert day.snapshot.sitting_s == pytest.approx(sum(sat) + 3600, abs=0.0005)
    assert day.facts(Resumed.name) == []
    assert len(day.facts("sat")) == 1


def test_a_longer_limit_moves_the_break_not_the_count() -> None:
    day = Day()
    day.sit(minutes=90)
    day.change("limits", due_after_s=10_800.0)
    day.wait(minutes=89)
    assert day.snapshot.mode.name != "DUE"
    day.wait(minutes=1)
    assert day.times("due") == [10_800.0]


def test_a_shorter_limit_that_has_been_sat_already_is_due_at_once() -> None:
    day = Day()
    day.sit(minutes=50)
    day.change("limits", due_after_s=1800.0, invite_after_s=1800.0)
    assert day.times("due") == [3000.0]
    assert day.snapshot.mode.name == "DUE"
    day.wait(seconds=60)
    assert day.sounds == [(3060.0, 1)]


def test_a_break_that_is_due_stays_due_and_is_honoured() -> None:
    day = Day()
    day.sit(hours=2)
    day.change("limits", due_after_s=14_000.0)
    assert day.snapshot.mode.name == "DUE"
    day.rise(minutes=3)
    assert len(day.facts("break_honoured")) == 1


def test_nothing_falls_due_over_an_empty_chair() -> None:
    day = Day()
    day.sit(minutes=50)
    day.rise(seconds=30)
    day.change("limits", due_after_s=1800.0, invite_after_s=1800.0)
    day.wait(minutes=1)
    assert day.facts("due") == []


def test_the_next_reminder_comes_at_its_new_time() -> None:
    day = Day()
    day.sit(hours=2)
    day.wait(minutes=1)
    day.change("reminders", after_due_s=(60.0, 420.0))
    day.wait(minutes=30)
    assert [at - 7200 for at, _ in day.sounds] == [60, 420]


def test_reminders_that_are_past_by_the_new_times_do_not_come_in_a_burst() -> None:
    day = Day()
    day.change("reminders", after_due_s=(3600.0,))
    day.sit(hours=2, minutes=30)
    day.change("reminders", after_due_s=(60.0, 240.0, 480.0))
    day.wait(minutes=20)
    assert [at for at, _ in day.sounds] == [9000, 9180, 9420]


def test_a_snooze_lasts_as_long_as_it_said() -> None:
    day = Day()
    day.sit(hours=2)
    day.hold()
    until = day.snapshot.lapses_at
    day.change("reminders", snooze_s=1800.0, snoozes=0)
    assert day.snapshot.mode.name == "SNOOZED"
    assert day.snapshot.lapses_at == until
    day.wait(minutes=5)
    assert day.snapshot.mode.name == "DUE"


def test_a_mute_lasts_as_long_as_it_said() -> None:
    day = Day()
    day.sit(minutes=10)
    day.hold()
    until = day.snapshot.muted_until
    day.change("reminders", mute_s=60.0)
    day.wait(minutes=20)
    assert day.snapshot.muted_until == until


def test_a_guide_goes_on_over_a_change() -> None:
    day = Day()
    day.sit(hours=2)
    day.press()
    day.rise(seconds=20)
    step = day.snapshot.guide
    assert step is not None
    day.change("stretches", minutes=5)
    day.change("limits", due_after_s=1800.0, invite_after_s=1800.0)
    assert day.snapshot.mode.name == "GUIDING"
    assert day.facts("guide_ended") == []
    day.wait(minutes=10)
    assert [fact.how for fact in day.facts("guide_ended")] == ["done"]  # type: ignore[attr-defined]


def test_the_next_routine_goes_by_the_change() -> None:
    day = Day()
    day.sit(hours=2)
    day.press()
    day.change("stretches", areas_out=("circulation", "psoas"))
    day.rise(minutes=3)
    begun = {fact.stretch for fact in day.facts("stretch_started")}  # type: ignore[attr-defined]
    assert begun
    assert begun <= set(day.stretches)
    assert "march" not in begun


def test_a_question_that_the_page_has_answered_is_asked_no_more() -> None:
    day = Day(asks=list(TOPICS))
    assert day.snapshot.mode.name == "CHOOSING"
    day.change("screens", answers="language", language="de")
    assert day.snapshot.mode.name == "CHOOSING"
    assert day.snapshot.language == "de"
    day.change("stretches", answers="conditions", conditions=("knees",))
    assert day.snapshot.mode.name == "WATCHING"


def test_the_safety_card_waits_as_before_unless_it_was_switched_off() -> None:
    day = Day(safety_s=8.0)
    assert day.snapshot.mode.name == "STARTING"
    day.change("limits", due_after_s=9000.0)
    assert day.snapshot.mode.name == "STARTING"
    day.change("screens", safety_s=0.0)
    assert day.snapshot.mode.name == "WATCHING"


def test_without_a_buzzer_nothing_sounds_from_then_on() -> None:
    day = Day()
    day.sit(hours=2, minutes=1)
    assert len(day.sounds) == 1
    day.change("buzzer", kind="none")
    day.wait(minutes=40)
    assert len(day.sounds) == 1


def test_a_finger_that_is_down_is_held_by_the_new_time() -> None:
    day = Day()
    day.sit(minutes=10)
    day.down()
    day.wait(seconds=0.5)
    day.change("press", hold_s=2.0)
    day.wait(seconds=1)
    day.up()
    day.wait(seconds=1)
    assert day.snapshot.mode.name == "TODAY"


def test_somebody_who_is_settling_is_believed_by_the_new_time() -> None:
    day = Day()
    day.sit(seconds=3)
    day.change("settle", sit_s=2.0)
    assert day.times("sat") == [0.0]


def test_a_change_during_a_cut_of_unknown_length_holds_for_what_comes_back_too() -> None:
    day = Day()
    day.sit(minutes=50)
    day.cut_power(seconds=20, known=False)
    day.wait(minutes=1)
    day.change("limits", due_after_s=3000.0, invite_after_s=3000.0)
    day.learn(seconds=20)
    day.wait(seconds=1)
    assert len(day.facts("due")) == 1


def test_a_cut_after_a_change_goes_on_from_the_same_count() -> None:
    day = Day()
    day.sit(minutes=50)
    day.change("limits", due_after_s=9000.0)
    day.cut_power(seconds=20)
    day.wait(minutes=99, seconds=59)
    assert day.facts("due") == []
    day.wait(seconds=1)
    assert len(day.facts("due")) == 1
