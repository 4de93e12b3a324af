"""Stories of short breaks: 20 s every 20 min, and who takes them, puts them away or has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.history.why import why
from device.settings.settings import BuzzerSettings, Limits, Settings, Stretching
from device.words.effects import BigNumber, BigWords, Cue, Mark, Silence
from device.words.events import Order
from tests.core.test_stories_calendar import planned
from tests.facts import details_of
from tests.story import Day

HOURLY = Limits(due_after_s=3600.0, invite_after_s=3600.0, short_every_s=1200.0)
RECIPE = Settings(limits=HOURLY, stretches=Stretching(minutes=5))
"""20 s every 20 min, and 5 min after two, as other programs have it."""


def offered(minutes: float = 20) -> Day:
    """A short break has been on offer for a second."""
    day = Day(RECIPE)
    day.sit(minutes=minutes, seconds=1)
    return day


def shorts(day: Day) -> list[tuple[str, float]]:
    return [(fact.name, fact.t) for fact in day.facts("short_offer", "short_break")]


def test_who_sits_for_twenty_minutes_is_offered_a_short_break_without_a_sound() -> None:
    day = Day(RECIPE)
    day.sit(minutes=20, seconds=-0.001)
    assert shorts(day) == []
    day.wait(seconds=0.001)
    assert shorts(day) == [("short_offer", 1200.0)]
    assert details_of(day.facts("short_offer")[0]) == {"seated_s": 1200.0}
    assert day.mode == "short_offered"
    assert isinstance(day.screen, BigWords)
    assert day.screen.lines == ("Up for 20 s?",)
    assert day.cues == []


def test_rising_for_twenty_seconds_is_the_short_break_and_no_break() -> None:
    day = offered()
    rose = day.now
    day.rise(seconds=20)
    assert shorts(day)[1:] == [("short_break", rose + 20)]
    assert day.text == "20 s done. Sit if you like."
    day.sit(minutes=1)
    assert day.times("bout", "full_break", "break_honoured", "break_cut_short", "guide_started") == []
    assert day.snapshot.sitting_s == 1200 + 1 + 60
    assert day.cues == []


def test_the_panel_counts_the_short_break_down_from_the_third_second_on() -> None:
    day = offered()
    day.rise(seconds=1.999)
    assert day.text.startswith("Up for 20 s?")
    day.wait(seconds=0.001)
    assert isinstance(day.screen, BigNumber)
    assert (day.screen.heading, day.screen.number) == ("Short break", "0:18")
    day.wait(seconds=17.5)
    assert day.screen.number == "0:01"
    day.wait(seconds=0.5)
    assert day.text == "20 s done. Sit if you like."
    day.wait(seconds=99)
    assert day.text == "20 s done. Sit if you like."


def test_sitting_back_earlier_keeps_the_offer() -> None:
    day = offered()
    day.rise(seconds=19.999)
    day.sit(seconds=10)
    assert day.mode == "short_offered"
    assert day.text.startswith("Up for 20 s?")
    day.rise(seconds=20)
    assert [name for name, _ in shorts(day)] == ["short_offer", "short_break"]


def test_whoever_still_sits_after_a_minute_hears_one_soft_cue_and_no_more() -> None:
    day = Day(RECIPE)
    day.sit(minutes=21, seconds=-0.001)
    assert day.cues == []
    day.wait(seconds=0.001)
    assert day.cues == [Cue.SHORT_OFFER]
    assert day.sounds == []
    assert day.times("sound") == []
    day.wait(minutes=18)
    assert day.cues == [Cue.SHORT_OFFER]


def test_who_sat_back_too_early_has_two_minutes_before_it_sounds() -> None:
    day = offered()
    day.wait(seconds=39)
    day.rise(seconds=19)
    day.sit(seconds=119.999)
    assert day.cues == []
    day.wait(seconds=0.001)
    assert day.cues == [Cue.SHORT_OFFER]


def test_it_never_sounds_to_an_empty_chair_and_stops_when_the_chair_empties() -> None:
    day = offered()
    day.wait(seconds=55)
    day.rise(seconds=10)
    assert day.cues == []
    day.sit()
    assert day.cues == [Cue.SHORT_OFFER]
    day.rise()
    assert isinstance(day.told[-1][1], Silence)


def test_after_two_minutes_only_a_mark_is_left_and_rising_still_counts() -> None:
    day = offered()
    assert Mark.INVITED in day.screen.marks  # type: ignore[union-attr]
    day.wait(minutes=2)
    assert day.mode == "watching"
    assert isinstance(day.screen, BigNumber)
    assert day.screen.number == "22"
    assert Mark.INVITED in day.screen.marks
    day.rise(seconds=20)
    day.sit(seconds=10)
    assert [name for name, _ in shorts(day)] == ["short_offer", "short_break"]
    assert Mark.INVITED not in day.screen.marks


def test_a_press_closes_the_offer_and_keeps_it_silent_and_the_next_press_shows_the_day() -> None:
    day = offered()
    day.press()
    assert day.mode == "watching"
    day.wait(minutes=10)
    assert day.cues == []
    day.press()
    assert day.mode == "today"
    assert day.times("acknowledged") == []


def test_an_offer_not_taken_is_made_anew_after_as_long_again() -> None:
    day = Day(RECIPE)
    day.sit(minutes=57)
    assert shorts(day) == [("short_offer", 1200.0), ("short_offer", 2400.0)]


def test_a_hold_mutes_and_there_is_no_offer_until_sound_is_back() -> None:
    day = offered()
    day.hold()
    assert day.mode == "watching"
    assert len(day.times("muted")) == 1
    assert Mark.INVITED not in day.screen.marks  # type: ignore[union-attr]
    day.wait(minutes=25)
    assert len(shorts(day)) == 1
    day.hold()
    assert shorts(day)[1:] == [("short_offer", day.times("unmuted")[0])]


def test_the_second_short_break_gives_way_to_the_break_that_is_due() -> None:
    day = Day(RECIPE)
    day.sit(minutes=20)
    day.rise(seconds=20)
    day.sit(minutes=20)
    day.rise(seconds=20)
    day.sit(minutes=20)
    assert [name for name, _ in shorts(day)] == ["short_offer", "short_break"] * 2
    assert day.mode == "due"
    assert Mark.INVITED not in day.screen.marks  # type: ignore[union-attr]


def test_no_short_break_is_offered_while_a_break_is_about_to_be() -> None:
    """The heads-up is two minutes long."""
    for every_s, times in ((3479.0, [3479.0]), (3480.0, [])):
        day = Day(replace(RECIPE, limits=replace(HOURLY, short_every_s=every_s)))
        day.sit(minutes=70)
        assert day.times("short_offer") == times


def test_an_offer_lapses_when_a_break_is_offered() -> None:
    limits = Limits(due_after_s=7200.0, invite_after_s=1500.0, short_every_s=1200.0)
    day = Day(Settings(limits=limits))
    day.sit(minutes=25)
    assert day.mode == "invited"
    day.rise(seconds=30)
    day.sit(minutes=40)
    assert shorts(day) == [("short_offer", 1200.0)]


def test_who_was_up_for_twenty_seconds_by_themselves_is_asked_later() -> None:
    day = Day(RECIPE)
    day.sit(minutes=10)
    day.rise(seconds=20)
    day.sit(minutes=10)
    day.rise(seconds=19)
    day.sit(minutes=10, seconds=-0.001)
    assert shorts(day) == []
    day.wait(seconds=0.001)
    assert [name for name, _ in shorts(day)] == ["short_offer"]
    assert details_of(day.facts("short_offer")[0]) == {"seated_s": 1200.0}


@pytest.mark.parametrize("how", ["muted", "quiet", "enough"])
def test_while_nothing_may_be_said_no_short_break_is_offered(how: str) -> None:
    day = Day(RECIPE)
    day.sit(minutes=10)
    if how == "quiet":
        day.quiet(True)
    else:
        day.order(Order.MUTE if how == "muted" else Order.ENOUGH)
    day.wait(minutes=40)
    assert shorts(day) == []
    assert day.cues == []


def test_quiet_hours_take_an_offer_from_the_panel() -> None:
    day = offered()
    day.quiet(True)
    assert day.mode == "watching"
    day.wait(minutes=2)
    assert day.cues == []


def test_without_a_buzzer_the_panel_offers_short_breaks_all_the_same() -> None:
    day = Day(replace(RECIPE, buzzer=BuzzerSettings(kind="none")))
    day.sit(minutes=22)
    assert [name for name, _ in shorts(day)] == ["short_offer"]
    assert day.cues == []
    assert day.snapshot.hold is None


def test_who_has_not_put_the_card_of_safety_away_is_offered_short_breaks_too() -> None:
    day = Day(RECIPE, safety_s=8.0)
    day.sit(minutes=20)
    assert day.mode == "short_offered"
    day.press()
    assert day.mode == "starting"
    day.wait(minutes=20)
    assert day.mode == "short_offered"


def test_today_s_card_is_not_interrupted() -> None:
    day = Day(RECIPE)
    day.sit(minutes=20, seconds=-1)
    day.press()
    day.wait(seconds=5)
    assert day.mode == "today"
    day.wait(seconds=2)
    assert day.mode == "short_offered"
    assert len(shorts(day)) == 1


def test_a_touch_at_the_end_of_a_short_break_puts_its_word_off_until_it_is_known() -> None:
    day = offered()
    rose = day.now
    day.rise(seconds=18)
    day.sit(seconds=3)
    assert shorts(day)[1:] == []
    day.rise()
    assert [(fact.t, fact.said) for fact in day.facts("short_break")] == [(rose + 20, rose + 21)]


def test_short_breaks_that_begin_in_the_middle_of_a_sitting_count_what_has_been_sat() -> None:
    day = Day(replace(RECIPE, limits=replace(HOURLY, short_every_s=0.0)))
    day.sit(minutes=30)
    assert shorts(day) == []
    day.change("limits", short_every_s=1500.0)
    assert shorts(day) == [("short_offer", 1800.0)]
    day.change("limits", short_every_s=0.0)
    assert day.mode == "watching"
    day.rise(seconds=30)
    day.sit(minutes=10)
    assert len(shorts(day)) == 1
    assert day.snapshot.sitting_s == 40 * 60


def test_the_page_may_ask_for_a_stretch_meanwhile() -> None:
    day = offered()
    day.order(Order.STRETCH)
    assert day.mode == "acknowledged"
    day.wait(minutes=2)
    assert day.cues == []


# ---- what fits the day


def test_in_a_meeting_no_short_break_is_offered_and_after_it_the_note_waits() -> None:
    day = Day(RECIPE)
    day.sit(minutes=10)
    day.meeting(minutes=20)
    day.wait(minutes=20)
    assert shorts(day) == []
    day.meeting()
    assert [name for name, _ in shorts(day)] == ["short_offer"]
    day.wait(seconds=119.999)
    assert day.cues == []
    day.wait(seconds=0.001)
    assert day.cues == [Cue.SHORT_OFFER]


def test_a_meeting_that_begins_takes_the_offer_from_the_panel_and_rising_still_counts() -> None:
    day = offered()
    day.meeting(minutes=30)
    assert day.mode == "watching"
    day.rise(seconds=20)
    assert [name for name, _ in shorts(day)] == ["short_offer", "short_break"]
    assert day.cues == []


def test_outside_of_the_hours_no_short_break_is_offered() -> None:
    day = Day(RECIPE)
    day.hours(False)
    day.sit(minutes=30)
    assert shorts(day) == []
    day.hours(True)
    assert len(shorts(day)) == 1


def test_who_is_away_until_a_date_is_offered_no_short_break() -> None:
    day = Day(RECIPE)
    day.clock("2026-12-20T10:00:00+01:00")
    day.choose("away", "2026-12-24")
    day.sit(minutes=40)
    assert shorts(day) == []


def test_a_plan_with_short_breaks_that_begins_in_a_sitting_counts_what_has_been_sat() -> None:
    day = Day(planned('{name = "short", limits.short_every = "20min"}'))
    day.sit(minutes=15)
    day.plan("short")
    assert shorts(day) == []
    day.wait(minutes=5)
    assert shorts(day) == [("short_offer", 1200.0)]
    day.plan("")
    assert day.mode == "watching"
    day.wait(minutes=5)
    assert Mark.INVITED not in day.screen.marks  # type: ignore[union-attr]


def test_a_day_s_figures_say_how_many_were_offered_and_taken() -> None:
    day = offered()
    day.rise(seconds=20)
    day.sit(minutes=25)
    figures = day.snapshot.today
    assert (figures.short_offers, figures.short_breaks) == (2, 1)


def test_who_asks_why_it_sounded_is_told_of_the_short_break() -> None:
    day = offered()
    day.wait(minutes=1)
    told = list(why(day.snapshot, day.notes, lambda at: f"{at:g}"))
    assert told[-1] == "A short break was on offer since 1200; for that it sounds once, softly, a minute later."


# ---- without power, and without a level


def test_after_a_short_cut_the_count_goes_on() -> None:
    day = Day(RECIPE)
    day.sit(minutes=10)
    day.cut_power(seconds=5)
    day.wait(minutes=10, seconds=-0.001)
    assert shorts(day) == []
    day.wait(seconds=0.001)
    assert [name for name, _ in shorts(day)] == ["short_offer"]


def test_a_cut_as_long_as_a_short_break_counts_as_one() -> None:
    day = Day(RECIPE)
    day.sit(minutes=10)
    day.cut_power(seconds=20)
    day.wait(minutes=20, seconds=-0.001)
    assert shorts(day) == []
    day.wait(seconds=0.001)
    assert len(shorts(day)) == 1


def test_an_offer_outlives_a_short_cut_as_a_mark_and_does_not_sound() -> None:
    day = offered()
    day.cut_power(seconds=5)
    day.wait(seconds=30)
    assert day.mode == "watching"
    assert Mark.INVITED in day.screen.marks  # type: ignore[union-attr]
    day.wait(minutes=5)
    assert day.cues == []
    day.rise(seconds=20)
    assert [name for name, _ in shorts(day)] == ["short_offer", "short_break"]


def test_a_cut_that_is_known_later_joins_the_count() -> None:
    day = Day(RECIPE)
    day.sit(minutes=10)
    day.cut_power(seconds=5, known=False)
    day.wait(minutes=9)
    day.learn(seconds=5)
    day.wait(minutes=1)
    assert len(shorts(day)) == 1


def test_a_short_break_across_a_cut_is_said_after_the_start() -> None:
    day = offered()
    day.rise(seconds=17)
    day.cut_power(seconds=5)
    assert shorts(day)[1:] == [("short_break", day.now)]


def test_a_seat_that_is_lost_for_long_makes_the_count_begin_anew() -> None:
    for lost_s, minutes in ((10, 10), (20, 20)):
        day = Day(RECIPE)
        day.sit(minutes=10)
        day.lose_seat(seconds=lost_s)
        day.find_seat(taken=True)
        day.wait(minutes=minutes, seconds=-0.001)
        assert shorts(day) == []
        day.wait(seconds=0.001)
        assert len(shorts(day)) == 1


def test_nothing_is_offered_to_a_bag() -> None:
    day = Day(replace(RECIPE, limits=replace(HOURLY, due_after_s=36000.0, invite_after_s=36000.0)))
    day.sit(hours=4)
    assert day.mode == "asking"
    made = len(shorts(day))
    day.wait(hours=2)
    assert len(shorts(day)) == made
