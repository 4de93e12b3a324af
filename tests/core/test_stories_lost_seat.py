"""The seat's sensor gives no level for a while: nobody knows who sits, and nothing is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from device.history.why import why
from device.screens.state_feed import feed_state
from device.settings.settings import Limits, SeatSettings, Settings
from device.stages.tally import Tally
from device.words.effects import BigWords
from device.words.facts import SeatBack, SeatLost
from tests.story import Day

HALF_HOURLY = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))
MINUTE_S = 60.0


def someone_seated(minutes: float = 20, settings: Settings = HALF_HOURLY) -> Day:
    day = Day(settings)
    day.sit(minutes=minutes)
    return day


def test_a_lost_seat_is_said_on_the_panel_and_to_followers() -> None:
    day = someone_seated()
    day.lose_seat(seconds=1)
    assert day.text == "Seat not found Check its wire."
    assert isinstance(day.screen, BigWords)
    assert day.screen.stands
    stands = feed_state(day.snapshot)
    assert (stands.mode, stands.seat, stands.seated) == ("seat_lost", "lost", False)
    assert stands.sits_since is None
    assert [(type(fact), fact.t) for fact in day.notes[-1:]] == [(SeatLost, 20 * MINUTE_S)]
    told = list(why(day.snapshot, day.notes, str))
    assert "nobody could know who sat" in told[0]
    assert "No sound: nothing was known of the chair." in told


def test_the_panel_says_so_in_german() -> None:
    german = replace(HALF_HOURLY, screens=replace(HALF_HOURLY.screens, language="de"))
    day = someone_seated(settings=german)
    day.lose_seat()
    assert day.text == "Sitz nicht gefunden Sein Kabel prüfen."


def test_what_was_being_sat_stands_still_and_goes_on_after_a_short_loss() -> None:
    day = someone_seated()
    day.lose_seat(seconds=100)
    assert day.snapshot.sitting_s == 20 * MINUTE_S
    day.find_seat(taken=True, minutes=5)
    assert day.snapshot.sitting_s == 25 * MINUTE_S
    assert day.notes[2] == SeatBack(20 * MINUTE_S + 100, 20 * MINUTE_S + 100, 100.0, False)
    assert day.facts("left", "bout", "full_break", "break_cut_short") == []
    day.wait(minutes=5)
    assert day.times("due") == [30 * MINUTE_S + 100]
    day.rise(minutes=3)
    (bout,) = day.facts("bout")
    assert (bout.t, bout.said) == (31 * MINUTE_S + 40, 32 * MINUTE_S + 40)


def test_a_loss_of_two_minutes_is_a_full_break_to_who_sat_and_honours_none() -> None:
    day = someone_seated(31)
    assert day.mode == "due"
    day.lose_seat(minutes=2)
    day.find_seat(taken=True, minutes=1)
    assert day.times("bout") == [31 * MINUTE_S]
    assert day.times("full_break") == [33 * MINUTE_S]
    assert day.facts("break_honoured") == []
    assert day.snapshot.sitting_s == MINUTE_S
    assert day.snapshot.today.not_taken == 1


def test_who_has_gone_meanwhile_is_away_from_its_return_on() -> None:
    day = someone_seated()
    day.lose_seat(seconds=100)
    day.find_seat(taken=False, seconds=119)
    assert day.facts("full_break") == []
    assert day.snapshot.counts_at == 20 * MINUTE_S + 220
    day.wait(seconds=1)
    assert day.times("full_break") == [20 * MINUTE_S + 220]
    assert day.facts("guide_started") == []


def test_who_was_away_stays_away_and_no_break_is_said_before_the_seat_is_back() -> None:
    day = someone_seated()
    day.rise(seconds=30)
    day.lose_seat(minutes=10)
    assert day.facts("bout", "full_break") == []
    day.find_seat(taken=False)
    assert day.times("bout", "full_break") == [20 * MINUTE_S, 22 * MINUTE_S]
    assert day.facts("full_break")[0].said == 30.5 * MINUTE_S


def test_who_is_just_rising_when_it_is_lost_is_known_to_have_sat_until_then() -> None:
    day = someone_seated()
    day.rise(seconds=10)
    day.lose_seat(seconds=20)
    assert day.times("seat_lost") == [20 * MINUTE_S]
    assert day.snapshot.sitting_s == 20 * MINUTE_S


def test_a_lost_seat_makes_no_sound_and_calls_nothing_in() -> None:
    day = someone_seated(32)
    sounds = len(day.sounds)
    day.lose_seat(hours=9)
    assert day.silences[-1] == 32 * MINUTE_S
    assert len(day.sounds) == sounds
    assert day.times("due") == [30 * MINUTE_S]
    assert day.facts("stuck") == []


def test_a_seat_that_comes_back_to_an_empty_chair_begins_no_guide() -> None:
    day = someone_seated(31)
    day.lose_seat(seconds=60)
    day.find_seat(taken=False, minutes=1)
    assert day.mode == "due"
    assert day.facts("guide_started") == []
    day.sit(minutes=1)
    day.rise(seconds=3)
    assert day.mode == "guiding"


def test_the_guide_stands_still_while_the_seat_is_lost_and_goes_on_once_the_chair_is_empty() -> None:
    day = someone_seated(31)
    day.rise(seconds=20)
    assert day.mode == "guiding"
    elapsed_s = day.snapshot.guide and day.snapshot.guide.elapsed_s
    day.lose_seat(seconds=50)
    assert day.mode == "paused"
    assert day.text == "Seat not found Check its wire."
    assert (day.snapshot.guide and day.snapshot.guide.elapsed_s) == elapsed_s
    day.find_seat(taken=False, seconds=3)
    assert day.mode == "guiding"


def test_levels_while_it_is_lost_and_news_that_is_none_change_nothing() -> None:
    day = someone_seated()
    day.lose_seat(seconds=5)
    day.sit(seconds=60)
    day.lose_seat()
    assert len(day.facts("seat_lost")) == 1
    assert len(day.facts("sat")) == 1
    assert day.mode == "seat_lost"
    day.find_seat(taken=True)
    day.find_seat(taken=True)
    assert len(day.facts("seat_back")) == 1


def test_a_seat_that_is_lost_for_long_goes_dark_but_for_a_mark_and_a_touch_lights_it_up() -> None:
    day = someone_seated()
    day.lose_seat(hours=1)
    assert day.text == ""
    assert day.screen != day.screens[0]
    day.down()
    assert "Seat not found" in day.text
    day.up()
    day.wait(seconds=1)
    assert day.mode == "today"


def test_a_chair_that_was_never_sat_on_may_be_lost_and_found() -> None:
    day = Day()
    day.lose_seat(hours=5)
    day.find_seat(taken=False, minutes=5)
    assert [fact.name for fact in day.notes] == ["seat_lost", "seat_back"]
    assert day.text == ""
    day.sit(minutes=1)
    assert day.mode == "watching"


def test_a_full_break_that_was_over_before_isnt_said_twice() -> None:
    day = someone_seated()
    day.rise(minutes=3)
    day.lose_seat(minutes=10)
    day.find_seat(taken=True, minutes=1)
    assert len(day.facts("full_break")) == 1
    assert day.snapshot.sitting_s == MINUTE_S


def test_two_losses_in_one_absence_make_one_full_break() -> None:
    day = someone_seated()
    day.lose_seat(minutes=3)
    day.find_seat(taken=False)
    day.lose_seat(minutes=3)
    day.find_seat(taken=True, minutes=1)
    assert len(day.facts("full_break")) == len(day.facts("bout")) == 1


# ---- with a power cut


def test_a_power_cut_while_the_seat_is_lost_is_recalled_and_both_times_count_together() -> None:
    day = someone_seated()
    day.lose_seat(seconds=80)
    day.cut_power(seconds=50, taken=True)
    day.wait(minutes=1)
    assert day.times("bout") == [20 * MINUTE_S]
    assert len(day.times("full_break")) == 1
    assert day.snapshot.sitting_s == MINUTE_S


def test_a_short_cut_while_the_seat_is_lost_keeps_the_count() -> None:
    day = someone_seated()
    day.lose_seat(seconds=30)
    day.cut_power(seconds=50, taken=True)
    day.wait(minutes=1)
    assert day.facts("bout", "full_break") == []
    assert day.snapshot.sitting_s == 21 * MINUTE_S


def test_a_start_without_the_sensor_waits_for_it_and_keeps_the_count() -> None:
    day = someone_seated(31)
    day.cut_power(seconds=20, lost=True)
    day.wait(seconds=60)
    assert day.mode == "seat_lost"
    assert day.facts("bout", "full_break") == []
    day.find_seat(taken=True, minutes=1)
    assert day.mode == "due"
    assert day.snapshot.sitting_s == 32 * MINUTE_S


def test_a_start_without_the_sensor_for_long_is_a_full_break() -> None:
    day = someone_seated(31)
    day.cut_power(seconds=20, lost=True)
    day.wait(minutes=10)
    day.find_seat(taken=True, minutes=1)
    assert len(day.times("full_break")) == 1
    assert day.facts("break_honoured") == []
    assert day.snapshot.sitting_s == MINUTE_S


def test_a_bout_that_a_cut_has_ended_is_not_ended_again_by_a_seat_that_stays_lost() -> None:
    day = someone_seated(31)
    day.rise(seconds=30)
    day.cut_power(seconds=50, lost=True)
    assert len(day.times("bout")) == 1
    day.wait(minutes=3)
    day.find_seat(taken=True, minutes=1)
    assert (len(day.times("bout")), len(day.times("full_break"))) == (1, 1)
    assert day.snapshot.sitting_s == MINUTE_S


def test_a_start_without_the_sensor_and_without_the_time_waits_for_both() -> None:
    day = someone_seated(31)
    day.cut_power(seconds=20, known=False, lost=True)
    day.wait(seconds=10)
    day.learn(seconds=20)
    assert day.mode == "seat_lost"
    day.wait(seconds=30)
    day.find_seat(taken=True, minutes=1)
    assert day.facts("bout", "full_break") == []
    assert day.snapshot.sitting_s == 32 * MINUTE_S


def test_no_bout_is_ended_twice_where_the_time_is_learned_while_the_seat_is_lost() -> None:
    day = someone_seated(31)
    day.rise(seconds=30)
    day.cut_power(seconds=50, known=False, lost=True)
    day.wait(seconds=10)
    day.learn(seconds=50)
    assert len(day.times("bout")) == 1
    day.wait(minutes=3)
    day.find_seat(taken=True, minutes=1)
    assert (len(day.times("bout")), len(day.times("full_break"))) == (1, 1)
    assert day.snapshot.sitting_s == MINUTE_S


# ---- in any order

Part = tuple[str, int]
"""A `cut` or a `loss`, and for how many seconds."""


def go_through(day: Day, parts: Sequence[Part], *, glimpse: bool = False) -> None:
    """One after the other; somebody sits there in the end. With a `glimpse` the sensor gives levels in between."""
    for nth, (what, lasts_s) in enumerate(parts):
        follows = None if glimpse else parts[nth + 1 : nth + 2]
        if what == "cut":
            day.cut_power(seconds=lasts_s, taken=True, lost=bool(follows))
        else:
            day.lose_seat(seconds=lasts_s)
            if not follows or follows[0][0] == "loss":
                day.find_seat(taken=True)
    day.wait(minutes=1)


def judged(day: Day) -> tuple[int, int, float, float]:
    """How many bouts and full breaks there were, the sitting time, and what was sat today."""
    stands = day.snapshot
    return len(day.facts("bout")), len(day.facts("full_break")), stands.sitting_s, stands.today.seated_s


def test_a_cut_and_a_loss_after_it_are_one_time_in_which_nobody_was_seen() -> None:
    for parts in ([("cut", 90), ("loss", 30)], [("loss", 90), ("cut", 30)], [("cut", 60), ("loss", 30), ("cut", 30)]):
        day = someone_seated(31)
        go_through(day, parts)
        assert judged(day) == (1, 1, MINUTE_S, 32 * MINUTE_S), parts
        assert day.facts("break_honoured") == []
        day = someone_seated(31)
        go_through(day, [*parts[:-1], (parts[-1][0], 29)])
        assert judged(day) == (0, 0, 32 * MINUTE_S, 32 * MINUTE_S), parts


def test_a_cut_whose_length_is_learned_later_counts_with_the_loss_after_it() -> None:
    for learned_first in (True, False):
        for off_s, full_breaks in ((90, 1), (89, 0)):
            day = someone_seated(31)
            day.cut_power(seconds=off_s, known=False, lost=True)
            day.wait(seconds=30)
            if learned_first:
                day.learn(seconds=off_s)
            day.find_seat(taken=True, minutes=1)
            day.learn(seconds=off_s)
            assert judged(day)[:2] == (full_breaks, full_breaks)


def test_a_sitting_in_between_parts_them() -> None:
    day = someone_seated()
    day.cut_power(seconds=90, taken=True)
    day.wait(seconds=10)
    go_through(day, [("loss", 60), ("cut", 50)])
    assert judged(day)[:2] == (0, 0)
    day = someone_seated()
    day.cut_power(seconds=90, known=False, taken=True)
    day.wait(seconds=10)
    day.lose_seat(seconds=60)
    day.find_seat(taken=True, seconds=10)
    day.learn(seconds=90)
    assert judged(day)[:2] == (0, 0)


def test_an_absence_that_was_seen_is_honoured_however_often_the_seat_was_lost_in_it() -> None:
    day = someone_seated(31)
    day.rise(seconds=20)
    day.lose_seat(seconds=60)
    day.find_seat(taken=False)
    day.lose_seat(seconds=60)
    day.find_seat(taken=True, minutes=1)
    assert judged(day)[:2] == (1, 1)
    assert day.facts("break_honoured") != []


def test_a_chair_that_is_seen_empty_between_a_cut_and_a_loss_parts_them_no_more_than_it_ends_the_bout_twice() -> None:
    day = someone_seated(31)
    day.cut_power(seconds=100, taken=False)
    day.wait(seconds=65)
    assert judged(day)[:2] == (1, 0)
    day.lose_seat(seconds=30)
    day.find_seat(taken=True, minutes=1)
    assert judged(day)[:3] == (1, 1, MINUTE_S)


PARTS = st.lists(st.tuples(st.sampled_from(("cut", "loss")), st.integers(0, 90)), min_size=1, max_size=5)


@given(parts=PARTS, due=st.booleans(), glimpse=st.booleans())
def test_any_mixture_of_cuts_and_losses_is_judged_as_one_of_that_length(
    parts: list[Part], due: bool, glimpse: bool
) -> None:
    day, plain = (someone_seated(31 if due else 20) for _ in range(2))
    go_through(day, parts, glimpse=glimpse)
    go_through(plain, [("loss", sum(lasts_s for _, lasts_s in parts))])
    assert judged(day) == judged(plain)
    assert day.facts("break_honoured") == []


SPANS = st.sampled_from([0.0, 0.5, 4.999, 5.0, 15.0, 59.0, 60.0, 119.0, 120.0, 300.0, 7200.0, 90000.0])
DEEDS = st.lists(st.tuples(st.sampled_from(("sit", "rise", "lose", "find", "cut", "learn")), SPANS, st.booleans()))


def befall(day: Day, what: str, lasts_s: float, so: bool) -> None:
    """Something happens to the chair or the power. If `so`, the seat is taken after a loss, or lost after a cut."""
    match what:
        case "sit":
            day.sit(seconds=lasts_s)
        case "rise":
            day.rise(seconds=lasts_s)
        case "lose":
            day.lose_seat(seconds=lasts_s)
        case "find":
            day.find_seat(taken=so, seconds=lasts_s)
        case "cut":
            day.cut_power(seconds=lasts_s, lost=so)
        case _:
            day.cut_power(seconds=lasts_s, lost=so, known=False)
            day.wait(seconds=10)
            day.learn(seconds=lasts_s)


@given(DEEDS)
def test_whatever_befalls_the_seat_nothing_ends_twice_and_each_doubt_is_said_once(
    deeds: list[tuple[str, float, bool]],
) -> None:
    day = someone_seated(31)
    for what, lasts_s, so in deeds:
        befall(day, what, lasts_s, so)
    assert day.coach.left_out == 0
    ends = [fact.name for fact in day.facts("sat", "bout", "full_break")]
    assert all(name != then or name == "sat" for name, then in pairwise(ends))
    doubts = [getattr(fact, "why", "") for fact in day.facts("seat_doubted", "seat_trusted")]
    for said in " ".join(doubts).split("  "):
        assert len(set(said.split())) == len(said.split())


def test_figures_from_facts_are_the_ones_of_the_day() -> None:
    day = someone_seated()
    day.lose_seat(seconds=100)
    day.find_seat(taken=True, minutes=5)
    day.rise(minutes=5)
    tally = Tally()
    for fact in day.notes:
        tally.note(fact)
    assert tally.figures(day.now) == day.snapshot.today
    assert day.snapshot.today.seated_s == 25 * MINUTE_S
    assert day.snapshot.today.bouts == 1


# ---- without calibration

UNCALIBRATED = replace(HALF_HOURLY, seat=SeatSettings(kind="ads1115"))


def test_an_analog_seat_without_calibration_asks_for_it_and_counts_nothing() -> None:
    day = Day(UNCALIBRATED)
    assert day.text == "Calibrate the seat unsit calibrate"
    assert day.mode == feed_state(day.snapshot).seat == "uncalibrated"
    day.sit(hours=3)
    day.rise(hours=5)
    assert day.notes == []
    assert "isn't calibrated" in next(why(day.snapshot, day.notes, str))


def test_a_calibrated_seat_and_a_contact_count_as_ever() -> None:
    for seat in (SeatSettings(), SeatSettings(kind="ads1115", empty=0.01, seated=0.3)):
        day = someone_seated(31, replace(HALF_HOURLY, seat=seat))
        assert day.mode == "due"


def test_a_lost_seat_without_calibration_is_lost_first_of_all() -> None:
    day = Day(UNCALIBRATED)
    day.lose_seat()
    assert day.mode == "seat_lost"
    day.find_seat(taken=False)
    assert day.mode == "uncalibrated"


def test_what_was_sat_before_stays_as_it_was_while_the_seat_isnt_calibrated() -> None:
    day = someone_seated()
    day._start = replace(day._start, settings=UNCALIBRATED)
    day.cut_power(seconds=20)
    day.wait(hours=5)
    assert day.facts("bout", "full_break") == []
