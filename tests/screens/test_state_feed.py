"""How things stand, as whoever follows is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.languages.phrases import Phrases
from device.mind.rules import Push
from device.screens.state_feed import FeedState, feed_state, in_words, next_break_at, pushes
from device.settings.settings import Limits, Persons, Settings
from device.settings.settings_file import load_settings
from tests.story import PLAIN, Day

NO_INVITE = replace(Settings(), limits=Limits(invite_after_s=7200.0))


def stands(day: Day) -> FeedState:
    """As of the day's present."""
    day.wait()
    return feed_state(day.snapshot)


def coming(day: Day) -> tuple[str, float] | None:
    told = stands(day).next
    return None if told is None else (told.what, told.at)


def test_at_an_empty_chair_nothing_is_coming() -> None:
    day = Day()
    told = stands(day)
    assert (told.mode, told.seated, told.next) == ("watching", False, None)
    assert "empty" in told.says
    assert next_break_at(day.snapshot) is None


def test_while_somebody_sits_it_stays_the_same_and_tells_what_comes() -> None:
    day = Day()
    day.sit(minutes=1)
    earlier = stands(day)
    day.wait(minutes=20)
    assert stands(day) == earlier
    assert earlier.sits_since == 0.0
    assert earlier.sitting_s is None
    assert coming(day) == ("a silent offer", 3600.0)
    assert next_break_at(day.snapshot) == 7200.0


def test_short_breaks_are_told_when_they_come_while_they_stand_and_when_they_count() -> None:
    day = Day(Settings(limits=Limits(short_every_s=1200.0)))
    day.sit(minutes=1)
    earlier = stands(day)
    assert coming(day) == ("a short break is offered", 1200.0)
    day.wait(minutes=10)
    assert stands(day) == earlier
    assert next_break_at(day.snapshot) == 7200.0
    day.wait(minutes=9)
    assert stands(day).says == "short break: one is on offer, silently"
    assert pushes(day.snapshot) == "press: put the card away   hold: no sound for a while"
    rose = day.now
    day.rise(seconds=5)
    assert coming(day) == ("the short break counts", rose + 20)


def test_to_whom_is_off_the_chair_for_long_it_is_told_that_moving_is_offered() -> None:
    day = Day(Settings(limits=Limits(standing="half")))
    day.sit(minutes=1)
    day.rise(minutes=10)
    assert coming(day) == ("it offers to move", 60 + 2700)
    day.wait(minutes=35)
    assert stands(day).says == "off the chair for long: to move is on offer, silently"
    assert coming(day) == ("the panel goes dark", 60 + 2700 + 120)
    assert pushes(day.snapshot) == "press: show me   hold: put the card away"


def test_where_there_is_no_offer_the_break_is_next() -> None:
    day = Day(NO_INVITE)
    day.sit(minutes=1)
    assert coming(day) == ("a break falls due", 7200.0)


def test_due_a_reminder_comes_and_after_a_snooze_its_end() -> None:
    day = Day()
    day.sit(hours=2)
    assert stands(day).mode == "due"
    assert coming(day) == ("a reminder sounds", 7260.0)
    assert next_break_at(day.snapshot) == 7260.0
    day.hold()
    now = day.now
    told = coming(day)
    assert told is not None
    assert told[0] == "the snooze is over"
    assert told[1] <= now + 300


def test_acknowledged_it_waits_and_once_up_the_break_counts() -> None:
    day = Day()
    day.sit(hours=2)
    day.press()
    told = coming(day)
    assert told is not None
    assert told[0] == "it stops waiting for you to rise"
    left = day.now
    day.rise(seconds=1)
    assert coming(day) == ("the break counts", left + 120)
    day.wait(seconds=30)
    assert stands(day).mode == "guiding"
    assert coming(day) == ("the break counts", left + 120)
    assert stands(day).sits_since is None
    day.wait(seconds=102)
    told = coming(day)
    assert told is not None
    assert told[0] == "the next step of the guide"
    assert 0 < told[1] - day.now <= 60
    day.wait(seconds=1)
    assert coming(day) == told
    day.wait(minutes=10)
    assert stands(day).sitting_s == 0.0


def test_after_a_break_the_panel_goes_dark_and_a_mute_ends() -> None:
    day = Day(replace(Settings(), screens=replace(Settings().screens, off_after_s=600.0)))
    day.sit(minutes=10)
    day.hold()
    until = stands(day).muted_until
    assert until is not None
    left = day.now
    day.rise(minutes=5)
    assert coming(day) == ("the panel goes dark", left + 600)
    day.wait(minutes=20)
    assert coming(day) == ("sound comes back", until)


@pytest.mark.parametrize("push", Push)
def test_it_says_all_that_the_button_may_do(push: Push) -> None:
    told = feed_state(replace(Day().snapshot, press=push, hold=None))
    assert told.press
    assert told.hold is None


def test_what_the_button_would_do_is_one_line() -> None:
    day = Day()
    day.sit(minutes=10)
    assert pushes(day.snapshot) == "press: today's figures   hold: no sound for a while"
    day.press()
    assert pushes(day.snapshot) == "press: stretch now   hold: no sound for a while"
    day.press()
    assert pushes(day.snapshot) == "hold: put the card away"


def test_a_name_that_is_held_out_says_when_it_counts() -> None:
    day = Day(replace(PLAIN, persons=Persons(("Anna", "Bob"))))
    day.sit(seconds=6)
    told = coming(day)
    assert day.mode == "who"
    assert told is not None
    assert told[0] == "the name counts"
    assert 0 < told[1] - day.now <= 15


def test_the_cards_that_go_by_themselves_say_when() -> None:
    assert coming(Day(safety_s=8.0)) == ("the panel goes dark", 120.0)
    day = Day()
    day.press()
    told = coming(day)
    assert told is not None
    assert told[0] == "the card goes away"
    assert 0 < told[1] - day.now <= 6


def test_a_paused_guide_says_when_it_ends() -> None:
    day = Day()
    day.sit(hours=2)
    day.rise(seconds=30)
    sat = day.now
    day.sit(seconds=3)
    assert stands(day).mode == "paused"
    assert coming(day) == ("the guide ends", sat + 20)


def test_it_tells_how_far_the_break_has_come() -> None:
    day = Day()
    day.sit(hours=2)
    assert stands(day).counts_at is None
    left = day.now
    day.rise(seconds=30)
    told = stands(day)
    assert (told.counts_at, told.full_break_s, told.rested) == (left + 120, 120.0, False)
    day.wait(minutes=2)
    assert stands(day).rested


def test_it_tells_when_a_level_will_be_believed_and_only_who_sits_down_waits_for_that() -> None:
    day = Day()
    sat = day.now
    day.sit(seconds=1)
    told = stands(day)
    assert (told.settles_at, told.says) == (sat + 5, "watching: somebody has just sat down")
    assert coming(day) == ("the device believes it", sat + 5)
    day.wait(minutes=1)
    assert stands(day).settles_at is None
    left = day.now
    day.rise(seconds=1)
    told = stands(day)
    assert (told.settles_at, told.says) == (left + 15, "watching: the chair has just been left")


def test_a_meeting_is_told_with_its_end_and_whether_it_is_quiet() -> None:
    day = Day(NO_INVITE)
    day.sit(minutes=1)
    day.meeting(minutes=40)
    assert (stands(day).meeting_till, stands(day).in_meeting) == (None, True), "nobody knows the time"
    day.clock("2026-03-02T10:20:00.700+00:00")
    told = stands(day)
    assert (told.meeting_till, told.says) == ("2026-03-02T11:00:00+00:00", "watching: in a meeting, no sound")
    day.wait(minutes=10)
    assert stands(day) == told
    day.hold()
    assert (stands(day).meeting_till, stands(day).in_meeting) == (told.meeting_till, False)
    day.meeting()
    assert stands(day).meeting_till is None


def test_outside_of_the_hours_that_is_told_and_nothing_is_coming() -> None:
    day = Day()
    day.sit(minutes=1)
    day.hours(within=False)
    told = stands(day)
    assert (told.off_hours, told.says) == (True, "watching: outside of your hours, no sound and no offers")
    assert coming(day) is None
    day.hours(within=True)
    assert not stands(day).off_hours
    assert coming(day) == ("a silent offer", 3600.0)


def test_the_plan_in_force_is_told_with_its_limit() -> None:
    asks = 'plan=[{name = "morning", limits.due_after = "45min"}]'
    day = Day(load_settings(None, [asks], places=[])[0])
    assert (stands(day).plan, stands(day).due_after_s) == ("", 7200.0)
    day.plan("morning")
    assert (stands(day).plan, stands(day).due_after_s) == ("morning", 2700.0)


def test_it_tells_which_figure_moves_and_only_while_one_does() -> None:
    day = Day()
    day.sit(hours=2)
    assert stands(day).moves is None
    day.press()
    day.rise(seconds=3)
    assert stands(day).moves is None, "words have the whole panel"
    seen = {}
    for _ in range(600):
        day.wait(seconds=0.5)
        moves = stands(day).moves
        if moves is not None:
            guide = day.snapshot.guide
            assert guide is not None
            assert moves.stretch == guide.step.stretch.id
            assert moves.began <= day.now
            assert moves.holds_s >= 0
            seen[moves.stretch, moves.other_side] = moves
    assert len(seen) > 2


def test_it_is_said_in_another_language() -> None:
    say = Phrases(
        "xx", {"watching: the chair is empty": "Stuhl leer", "today's figures": "Heute", "a silent offer": "x"}
    )
    day = Day()
    told = in_words(stands(day), say)
    assert (told.says, told.press, told.next) == ("Stuhl leer", "Heute", None)
    day.sit(minutes=1)
    told = in_words(stands(day), say)
    assert told.next is not None
    assert told.next.what == "x"


def test_todays_time_is_that_of_all_who_share_the_chair() -> None:
    day = Day(replace(PLAIN, persons=Persons(("Anna", "Bob"))))
    day.choose("person", "Anna")
    day.sit(minutes=40)
    day.rise(minutes=30)
    by_anna = stands(day).today_s or 0.0
    assert by_anna == pytest.approx(2400.0, abs=1.0)
    day.choose("person", "Bob")
    assert (day.snapshot.person, stands(day).today_s) == ("Bob", by_anna)
    day.sit(minutes=5)
    since = stands(day).today_since
    assert since is not None
    assert day.now - since == pytest.approx(by_anna + 300.0, abs=1.0)


def test_a_break_is_due_until_a_full_break_and_todays_time_stands_while_nobody_sits() -> None:
    day = Day()
    day.sit(minutes=119)
    told = stands(day)
    assert (told.due, told.today_since, told.today_s) == (False, 0.0, None)
    day.sit(minutes=2)
    assert stands(day).due
    day.press()
    assert stands(day).due
    day.rise(seconds=90)
    told = stands(day)
    assert (told.due, told.today_since, told.today_s) == (True, None, 121 * 60.0 + 0.3)
    day.wait(seconds=60)
    assert not stands(day).due
    day.sit(minutes=1)
    # The two and a half minutes off the chair come between.
    assert stands(day).today_since == 150.0
