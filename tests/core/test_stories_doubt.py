"""A seat that reports what no person does: it is said, marked doubtful, and trusted again when it behaves."""

from __future__ import annotations

from dataclasses import replace

from device.history.why import why
from device.screens.state_feed import feed_state
from device.settings.settings import Limits, SeatSettings, Settings
from device.stages.tally import Tally
from device.words.effects import Mark
from device.words.facts import SeatDoubted, SeatTrusted
from tests.story import PLAIN, Day

MINUTE_S = 60.0
HOUR_S = 3600.0
HALF_HOURLY = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))
GERMAN = replace(PLAIN, screens=replace(PLAIN.screens, language="de"))


def worn_day(settings: Settings = PLAIN, hours: float = 24) -> Day:
    """Somebody sat down, and the pad has said taken ever since."""
    day = Day(settings)
    day.wait(minutes=1)
    day.sit(hours=hours)
    return day


def chatter(day: Day, changes: int, every_s: float = 1.0) -> None:
    """The level jumps so many times."""
    for _ in range(changes):
        if day._taken:
            day.rise(seconds=every_s)
        else:
            day.sit(seconds=every_s)


def loose_day(settings: Settings = PLAIN) -> Day:
    """A wire has just been seen to be loose; the chair says empty."""
    day = Day(settings)
    day.wait(minutes=1)
    chatter(day, 122)
    return day


def doubts(day: Day) -> list[tuple[str, float, float]]:
    return [(fact.why, fact.since, fact.said) for fact in day.notes if isinstance(fact, SeatDoubted)]


# ---- worn


def test_a_chair_taken_for_24_h_without_a_lift_is_worn() -> None:
    day = worn_day(hours=23.999)
    assert doubts(day) == []
    day.wait(hours=0.001)
    assert doubts(day) == [("worn", MINUTE_S, MINUTE_S + 24 * HOUR_S)]
    day.wait(hours=72)
    assert len(doubts(day)) == 1


def test_a_calibrated_analog_seat_is_worn_as_a_contact_is() -> None:
    day = worn_day(replace(PLAIN, seat=SeatSettings(kind="ads1115", empty=0.01, seated=0.3)))
    assert [each[0] for each in doubts(day)] == ["worn"]


def test_a_lift_starts_the_24_h_anew() -> None:
    day = worn_day(hours=23)
    day.fidget(15)
    day.wait(hours=23.99)
    assert doubts(day) == []
    day.wait(hours=0.01)
    assert len(doubts(day)) == 1


def test_a_worn_pad_that_flickers_is_worn_all_the_same() -> None:
    day = worn_day(hours=23)
    day.fidget(1)
    day.wait(minutes=59)
    day.rise(seconds=58)
    assert doubts(day) == []
    day = worn_day(hours=23.999)
    day.rise(seconds=10)
    assert doubts(day) == [], "they may be leaving"
    day.sit()
    assert [each[:2] for each in doubts(day)] == [("worn", MINUTE_S)]


def test_the_panel_says_that_the_pad_may_be_worn_then_shrinks_to_a_mark_and_a_touch_brings_it_back() -> None:
    day = worn_day()
    assert day.mode == "asking"
    assert day.text == "The pad may be worn press: yes, it's me"
    day.wait(hours=1)
    assert (day.text, day.screen.marks) == ("", {Mark.ASKING})  # type: ignore[union-attr]
    day.down()
    assert day.text.startswith("The pad may be worn")


def test_a_press_answers_who_sits_and_a_lift_tells_more_but_neither_trusts_the_pad() -> None:
    day = worn_day()
    day.press()
    assert day.facts("answered")
    assert day.mode == "due"
    assert "The pad" not in day.text
    day.rise(minutes=10)
    assert day.facts("seat_trusted") == []
    assert day.snapshot.seat is not None


def test_followers_and_why_are_told() -> None:
    stands = feed_state((day := worn_day()).snapshot)
    assert (stands.seat, stands.says) == ("worn", "worn: the seat says taken all day, the pad may be worn")
    assert "without a lift, so the pad may be worn" in next(why(day.snapshot, day.notes, str))
    assert "without a lift" in next(why(day.snapshot, [], str)), "the day on which it was said may be another"
    stands = feed_state((day := loose_day()).snapshot)
    assert (stands.seat, stands.says) == ("loose", "loose: the seat jumps, a wire is loose")
    assert "a wire may be loose" in next(why(day.snapshot, day.notes, str))


def test_the_panel_says_so_in_german() -> None:
    assert worn_day(GERMAN).text.startswith("Kissen wohl abgenutzt")
    assert loose_day(GERMAN).text == "Ein Draht ist lose Das Sitzkabel prüfen."


# ---- loose


def test_more_changes_than_a_person_makes_mean_a_loose_wire() -> None:
    day = Day()
    day.wait(minutes=1)
    chatter(day, 120)
    assert doubts(day) == []
    chatter(day, 1)
    assert doubts(day) == [("loose", 60.0, 180.0)]
    chatter(day, 300)
    assert len(doubts(day)) == 1


def test_sixty_sit_to_stands_in_a_row_are_a_person() -> None:
    day = Day()
    for _ in range(4):
        chatter(day, 120, every_s=1.5)
        day.wait(minutes=2)
    assert doubts(day) == []


def test_chatter_of_a_faster_kind_is_said_before_three_minutes_are_over() -> None:
    day = Day()
    chatter(day, 122, every_s=0.1)
    assert len(doubts(day)) == 1


def test_a_sensor_that_comes_and_goes_all_the_time_has_a_loose_wire() -> None:
    day = Day()
    for nth in range(6):
        assert doubts(day) == [], nth
        day.lose_seat(seconds=15)
        day.find_seat(taken=False, seconds=4)
    assert [each[0] for each in doubts(day)] == ["loose"]
    for _ in range(6):
        day.lose_seat(seconds=15)
        day.find_seat(taken=False, seconds=4)
    assert len(doubts(day)) == 1


def test_a_sensor_that_is_lost_now_and_then_is_none() -> None:
    day = Day()
    for _ in range(20):
        day.lose_seat(minutes=1)
        day.find_seat(taken=False, minutes=1)
    assert doubts(day) == []


def test_figures_from_facts_are_the_ones_of_the_day() -> None:
    day = worn_day()
    day.rise(minutes=10)
    day.sit(minutes=20)
    day.rise(minutes=10)
    day.sit(minutes=10)
    tally = Tally()
    for fact in day.notes:
        tally.note(fact)
    assert tally.figures(day.now) == day.snapshot.today


def test_the_panel_says_that_a_wire_is_loose_and_gives_way_to_what_is_counted() -> None:
    day = loose_day()
    assert day.text == "A wire is loose Check the seat's wire."
    day.wait(hours=1)
    assert day.text == ""
    day.sit(seconds=10)
    assert day.text.startswith("A wire is loose")
    day.wait(minutes=20)
    assert day.text.startswith("Seated 20 min")
    assert Mark.ASKING in day.screen.marks  # type: ignore[union-attr]
    day.down()
    day.up()
    day.wait(seconds=1)
    day.wait(minutes=1)
    assert day.text.startswith("A wire is loose")


def test_it_hides_neither_a_due_break_nor_the_guide_nor_the_clock_of_the_break() -> None:
    day = loose_day(HALF_HOURLY)
    day.sit(minutes=31)
    assert day.mode == "due"
    assert "wire" not in day.text
    day.rise(seconds=20)
    assert day.mode == "guiding"
    assert "wire" not in day.text
    day.hold()
    assert "wire" not in day.text
    assert not any(Mark.ASKING in getattr(screen, "marks", ()) for screen in day.screens[-5:])


def test_each_doubt_is_said_once_though_both_go_on() -> None:
    day = worn_day()
    for _ in range(30):
        for _ in range(5):
            day.fidget(0.5)
            day.wait(minutes=9)
    assert [each[0] for each in doubts(day)] == ["worn"]
    for _ in range(15):
        for _ in range(10):
            day.fidget(0.5)
            day.wait(minutes=9)
    assert [each[0] for each in doubts(day)] == ["worn", "loose"]


def test_an_invite_keeps_its_place() -> None:
    day = loose_day(HALF_HOURLY)
    day.sit(minutes=25)
    day.wait(seconds=10)
    assert day.mode == "invited"
    assert day.text.startswith("Fancy a stretch?")
    day.wait(minutes=4)
    assert Mark.ASKING not in day.screen.marks  # type: ignore[union-attr]


def test_after_both_the_later_doubt_is_the_one_that_is_shown() -> None:
    day = worn_day()
    chatter(day, 122)
    assert [each[0] for each in doubts(day)] == ["worn", "loose"]
    assert feed_state(day.snapshot).seat == "loose"


# ---- trusted again


def test_after_a_full_sitting_of_an_ordinary_kind_the_seat_is_trusted() -> None:
    for day in (worn_day(), loose_day()):
        day.rise(minutes=10)
        since = day.now
        day.sit(minutes=20)
        assert day.facts("seat_trusted") == []
        day.rise(seconds=20)
        left_at = since + 20 * MINUTE_S
        assert day.notes[-1] == SeatTrusted(left_at, left_at + 15.0)
        assert day.snapshot.seat is None
        day.wait(minutes=10)
        day.sit(minutes=5)
        day.rise(minutes=5)
        assert len(day.facts("seat_trusted")) == 1


def test_neither_a_short_sitting_nor_an_endless_one_nor_one_that_chatters_is_ordinary() -> None:
    day = worn_day()
    day.rise(minutes=1)
    day.sit(minutes=2)
    day.rise(minutes=1)
    day.sit(hours=25)
    day.rise(minutes=1)
    day.sit(minutes=10)
    chatter(day, 80)
    day.wait(minutes=10)
    day.rise(minutes=1)
    assert day.facts("seat_trusted") == []
    assert len(doubts(day)) == 1
    day.sit(minutes=10)
    day.rise(minutes=1)
    assert len(day.facts("seat_trusted")) == 1


def test_a_sitting_that_nobody_saw_begin_tells_nothing_of_the_seat() -> None:
    day = worn_day()
    day.lose_seat(minutes=5)
    day.find_seat(taken=True, minutes=20)
    day.rise(minutes=1)
    assert len(day.facts("left")) == 1
    assert day.facts("seat_trusted") == []


def test_a_pad_that_is_worn_once_more_is_said_once_more() -> None:
    day = worn_day()
    day.rise(minutes=1)
    day.sit(minutes=10)
    day.rise(minutes=1)
    day.sit(hours=25)
    assert [each[0] for each in doubts(day)] == ["worn", "worn"]


# ---- in the figures


def test_what_is_sat_meanwhile_is_counted_and_doubtful_until_the_seat_is_trusted() -> None:
    day = worn_day()
    day.rise(minutes=10)
    day.sit(minutes=20)
    day.rise(minutes=10)
    assert day.snapshot.today.doubtful_s == day.snapshot.today.seated_s == 24 * HOUR_S + 20 * MINUTE_S
    day.sit(minutes=30)
    assert day.snapshot.today.doubtful_s == 24 * HOUR_S + 20 * MINUTE_S


def test_a_break_that_falls_due_meanwhile_is_doubtful_even_after_an_answer() -> None:
    day = loose_day(HALF_HOURLY)
    day.sit(hours=4.1)
    day.press()
    assert day.facts("answered")
    due = day.coach._state.memory.tally._everybody._pending.due
    assert due is not None
    assert due.doubtful


def test_the_next_day_is_in_doubt_as_well() -> None:
    day = loose_day()
    chatter(day, 2, every_s=30.0)
    day.wait(hours=5)
    day.midnight()
    day.sit(minutes=10)
    assert day.snapshot.today.doubtful_s == 10 * MINUTE_S


# ---- over a power cut


def test_a_doubt_outlives_a_power_cut_with_all_that_follows() -> None:
    for known in (True, False):
        day = worn_day()
        day.cut_power(hours=2, known=known)
        day.wait(minutes=10)
        assert feed_state(day.snapshot).seat == "worn"
        assert day.snapshot.today.doubtful_s == day.snapshot.today.seated_s > 0
        assert len(doubts(day)) == 1
        day.rise(minutes=5)
        assert day.facts("seat_trusted") == []
        day.sit(minutes=5)
        day.rise(minutes=5)
        assert len(day.facts("seat_trusted")) == 1
        day.cut_power(minutes=5)
        assert day.snapshot.seat is None


def test_a_worn_pad_on_a_device_that_is_off_every_night_is_said_after_24_h_of_power() -> None:
    for known in (True, False):
        day = worn_day(hours=8)
        for _ in range(2):
            day.cut_power(hours=16, known=known)
            day.wait(hours=7.9)
        assert doubts(day) == []
        day.cut_power(hours=16, known=known)
        day.wait(hours=0.3)
        assert [each[:2] for each in doubts(day)] == [("worn", MINUTE_S)]
        day.cut_power(hours=16, known=known)
        day.wait(hours=30)
        assert len(doubts(day)) == 1


def test_a_lift_on_any_of_these_days_starts_the_24_h_anew() -> None:
    day = worn_day(hours=8)
    day.cut_power(hours=16)
    day.wait(hours=8)
    day.rise(minutes=1)
    day.sit(hours=7)
    day.cut_power(hours=16)
    day.wait(hours=16.9)
    assert doubts(day) == []
    day.wait(hours=0.1)
    assert len(doubts(day)) == 1


def test_a_chair_that_is_empty_at_a_start_was_lifted() -> None:
    day = worn_day(hours=23)
    day.cut_power(hours=9, taken=False)
    day.wait(minutes=1)
    day.sit(hours=8)
    day.cut_power(hours=9)
    day.wait(hours=15.9)
    assert doubts(day) == []
    day.wait(hours=0.1)
    assert len(doubts(day)) == 1


def test_a_chair_that_was_empty_for_as_long_as_a_start_lasted_was_lifted() -> None:
    day = worn_day(hours=23)
    day.cut_power(hours=9, taken=False)
    day.wait(hours=1)
    day.cut_power(hours=9, taken=True)
    day.wait(hours=23.9)
    assert doubts(day) == []


def test_a_start_that_is_cut_off_at_once_lifts_nothing() -> None:
    day = worn_day(hours=23)
    for _ in range(3):
        day.cut_power(seconds=30, taken=False)
        day.cut_power(seconds=2, taken=True)
    day.wait(hours=1)
    assert len(doubts(day)) == 1


def test_a_sensor_that_is_lost_for_a_moment_every_night_hides_no_worn_pad() -> None:
    day = worn_day(hours=20)
    day.lose_seat(minutes=1)
    day.find_seat(taken=True, minutes=239)
    assert doubts(day) == []
    day.wait(minutes=1)
    assert [each[:2] for each in doubts(day)] == [("worn", MINUTE_S)]
    day = worn_day(hours=20)
    day.lose_seat(minutes=1)
    day.cut_power(hours=9, lost=True)
    day.wait(hours=2)
    day.find_seat(taken=True, minutes=240)
    assert len(doubts(day)) == 1


def test_a_doubt_is_noted_again_before_a_start_would_miss_it() -> None:
    for day in (worn_day(), loose_day()):
        ((why, since, _),) = doubts(day)
        for nth in range(3600):
            day.choose("stretch_never", "hip_lunge")
            day.choose("stretch_again", "hip_lunge")
            if nth % 100 == 0:
                day.fidget()
                day.rise()
        again = doubts(day)[1:]
        assert 6 <= len(again) <= 7
        assert {each[:2] for each in again} == {(why, since)}
        day.cut_power(minutes=5)
        assert day.snapshot.seat is not None


def test_a_doubt_from_a_newer_unsit_is_kept_as_one_about_the_pad() -> None:
    day = worn_day(hours=1)
    day.coach._state.note(SeatDoubted(day.now, day.now, "gnawed", day.now))
    assert feed_state(day.snapshot).seat == "worn"
