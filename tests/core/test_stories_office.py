"""Stories of what the office suggests: it is asked about quietly, and nothing changes without an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.screens.state_feed import feed_state
from device.settings.settings import Limits, ReminderSettings, Settings
from device.words.effects import Mark, TakePreset
from device.words.events import Order
from device.words.facts import OfficeAnswered
from tests.story import PLAIN, Day

MORNING = "2026-03-02T08:30:00+01:00"
OFFER = "spring hourly 2026-03-31 ACME"


def at_work(settings: Settings = PLAIN, *, offer: str = OFFER, minutes: float = 0.0) -> Day:
    """A morning on which the office has suggested something; somebody has sat for so long."""
    day = Day(settings)
    day.clock(MORNING)
    day.choose("office_offer", offer)
    if minutes:
        day.sit(minutes=minutes)
    return day


def answers(day: Day) -> list[tuple[str, bool]]:
    return [(fact.offer, fact.taken) for fact in day.notes if isinstance(fact, OfficeAnswered)]


def taken(day: Day) -> list[str]:
    return [effect.preset for _, effect in day.told if isinstance(effect, TakePreset)]


def test_after_a_minute_of_sitting_the_panel_asks_without_a_sound() -> None:
    day = at_work()
    day.sit(seconds=59)
    assert day.mode == "watching"
    day.wait(seconds=1)
    assert day.mode == "office_offered"
    assert day.text == "A suggestion From ACME: Due after 1 h 00, offer from 50 min. Now: 2 h 00 press: take  hold: no"
    assert not day.sounds
    assert not day.cues


def test_a_press_takes_it_a_hold_declines_it_and_neither_is_asked_about_again() -> None:
    day, other = at_work(minutes=2), at_work(minutes=2)
    day.press()
    assert (answers(day), taken(day), day.mode) == ([("spring", True)], ["hourly"], "watching")
    assert "Taken" in day.text
    other.hold()
    assert (answers(other), taken(other), other.mode) == ([("spring", False)], [], "watching")
    assert not other.facts("muted")
    for each in (day, other):
        each.choose("office_offer", OFFER)
        each.choose("office_offer", OFFER.replace("03-31", "04-30"))
        each.midnight()
        each.clock("2026-03-03T00:00:00+01:00")
        each.wait(minutes=10)
        assert len(each.facts("office_asked")) == len(each.facts("office_offer")) == 1


def test_without_an_answer_nothing_changes_and_a_mark_says_that_it_waits() -> None:
    day = at_work(minutes=2)
    day.wait(minutes=5)
    assert (day.mode, answers(day), taken(day)) == ("watching", [], [])
    assert "Seated" in day.text
    assert Mark.ASKING in day.screen.marks  # type: ignore[union-attr]  # it is a number
    day.wait(minutes=10)
    assert day.mode == "watching", "once a day"
    day.press()
    assert "Today" in day.text


def test_it_asks_again_on_another_day_until_its_last_one_and_then_never() -> None:
    day = at_work(offer="spring hourly 2026-03-03 ACME", minutes=10)
    for date in ("03", "04", "05"):
        day.rise(hours=5)
        day.midnight()
        day.clock(f"2026-03-{date}T08:00:00+01:00")
        day.sit(minutes=10)
    assert [fact.day for fact in day.facts("office_asked")] == ["2026-03-02", "2026-03-03"]  # type: ignore[attr-defined]
    assert feed_state(day.snapshot).suggested is None
    assert Mark.ASKING not in day.screen.marks  # type: ignore[union-attr]  # it is a number
    day.choose("office_answer", "spring taken")
    assert not answers(day), "it is too late"


def test_who_rises_is_not_asked_any_more_and_a_fidget_leaves_the_question() -> None:
    day = at_work(minutes=2)
    day.fidget()
    assert day.mode == "office_offered"
    day.rise(seconds=20)
    assert day.mode == "watching"


@pytest.mark.parametrize("how", ["meeting", "quiet", "off hours", "away", "muted", "enough"])
def test_in_quiet_times_nothing_is_asked_and_a_question_goes(how: str) -> None:
    def hush(day: Day) -> None:
        match how:
            case "meeting":
                day.meeting(minutes=30)
            case "quiet":
                day.quiet(True)
            case "off hours":
                day.hours(False)
            case "away":
                day.choose("away", "2026-03-10")
            case "muted":
                day.order(Order.MUTE, minutes=30)
            case _:
                day.order(Order.ENOUGH)

    day, asked = at_work(), at_work(minutes=2)
    hush(day)
    day.sit(minutes=10)
    assert not day.facts("office_asked")
    hush(asked)
    assert asked.mode == "watching"
    asked.press()
    asked.hold()
    assert not answers(asked)


def test_it_waits_where_a_break_comes_up_soon_and_asks_afterwards() -> None:
    day = Day(PLAIN)
    day.clock(MORNING)
    day.sit(minutes=54)
    day.choose("office_offer", OFFER)
    day.wait(minutes=5)
    assert not day.facts("office_asked")
    day.wait(minutes=7)
    assert day.mode == "invited"
    day.rise(minutes=10)
    assert day.mode != "office_offered"
    day.sit(minutes=2)
    assert day.mode == "office_offered"


def test_a_seat_that_is_lost_takes_its_place() -> None:
    day = at_work(minutes=2)
    day.lose_seat(seconds=1)
    assert day.mode == "seat_lost"


def test_a_break_that_falls_due_takes_its_place_and_a_finger_that_is_down_still_answers() -> None:
    day = at_work(minutes=2)
    day.change("limits", invite_after_s=121.0, due_after_s=121.0)
    day.wait(seconds=0.5)
    day.down()
    day.wait(seconds=0.6)
    assert day.mode == "due"
    day.up()
    day.wait(seconds=0.1)
    assert (day.mode, answers(day), taken(day)) == ("due", [("spring", True)], ["hourly"])
    assert not day.facts("acknowledged")


def test_a_finger_answers_what_stood_there_when_it_came_down() -> None:
    day = at_work(minutes=2)
    day.down()
    day.choose("office_offer", "summer half-hourly 2026-06-30 ACME")
    day.wait(seconds=0.2)
    day.up()
    day.wait(seconds=0.1)
    assert (answers(day), taken(day), day.mode) == ([], [], "watching")
    assert feed_state(day.snapshot).suggested is not None


def test_the_page_answers_too_and_only_what_still_waits() -> None:
    day = at_work()
    day.choose("office_answer", "autumn taken")
    assert not answers(day)
    day.choose("office_answer", "spring taken")
    day.choose("office_answer", "spring declined")
    assert (answers(day), taken(day)) == ([("spring", True)], ["hourly"])
    day.sit(minutes=5)
    assert not day.facts("office_asked")


def test_an_answer_from_the_page_puts_the_question_away() -> None:
    day = at_work(minutes=2)
    day.choose("office_answer", "spring declined")
    assert (day.mode, answers(day)) == ("watching", [("spring", False)])


def test_a_press_from_afar_does_not_answer_it() -> None:
    day = at_work(minutes=2)
    assert day.snapshot.afar is None
    day.order(Order.PRESS)
    assert (day.mode, answers(day)) == ("office_offered", [])


def test_what_is_in_force_already_is_not_asked_about() -> None:
    day = at_work(replace(PLAIN, limits=Limits("hourly", 3000.0, 3600.0)), minutes=10)
    assert not day.facts("office_asked")
    assert feed_state(day.snapshot).suggested is None


def test_numbers_of_ones_own_that_it_would_replace_are_named() -> None:
    own = replace(PLAIN, limits=Limits("hourly", 3000.0, 5400.0))
    day = at_work(own, minutes=2)
    assert "Instead of 1 h 30" in day.text
    told = feed_state(day.snapshot).suggested
    assert told is not None
    assert (told.own, told.invite_after_s, told.due_after_s, told.by, told.till) == (
        *(True, 3000.0, 3600.0),
        *("ACME", "2026-03-31"),
    )


def test_it_outlives_a_power_cut_and_so_do_its_answer_and_the_day_on_which_it_was_asked() -> None:
    day = at_work()
    day.cut_power(minutes=10)
    day.clock(MORNING)
    day.sit(minutes=2)
    assert day.mode == "office_offered"
    day.cut_power(seconds=20)
    day.clock(MORNING)
    day.wait(minutes=5)
    assert day.mode == "watching"
    day.choose("office_answer", "spring declined")
    day.cut_power(seconds=20)
    day.clock("2026-03-03T08:00:00+01:00")
    day.wait(minutes=5)
    assert len(day.facts("office_asked")) == 1


def test_a_break_that_a_cut_hid_takes_the_place_of_the_question() -> None:
    day = Day(replace(PLAIN, limits=Limits(invite_after_s=7200.0)))
    day.clock(MORNING)
    day.sit(minutes=121)
    day.cut_power(seconds=20, known=False)
    day.choose("office_offer", OFFER)
    day.clock(MORNING)
    day.wait(minutes=3)
    assert day.mode == "office_offered"
    day.learn(seconds=20)
    assert day.mode == "due"


def test_without_a_clock_nothing_is_asked() -> None:
    day = Day(PLAIN)
    day.choose("office_offer", OFFER)
    day.sit(minutes=10)
    assert not day.facts("office_asked")


def test_a_press_in_the_safety_cards_comes_before_it() -> None:
    day = Day(replace(PLAIN, reminders=ReminderSettings()), safety_s=15.0)
    day.clock(MORNING)
    day.choose("office_offer", OFFER)
    day.sit(minutes=3)
    assert day.mode == "starting"
    day.read_safety()
    assert day.mode == "office_offered"
