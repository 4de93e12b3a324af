"""Stories of somebody who is away until a date: counting goes on, but nothing is said."""

from __future__ import annotations

import pytest

from device.screens.state_feed import feed_state
from device.words.effects import Cue, Mark, Stand
from device.words.events import Order
from tests.facts import details_of
from tests.story import PLAIN, Day

FRIDAY = "2026-12-18T14:00:00+01:00"
BACK = "2026-12-21"


def away(day: Day | None = None, until: str = BACK) -> Day:
    """Somebody says on a Friday at two that they are away until Monday."""
    day = day or Day()
    day.clock(FRIDAY)
    day.choose("away", until)
    return day


def midnight(day: Day, shows: str) -> None:
    """The day ends, and the clock is read."""
    day.midnight()
    day.clock(shows)


def test_whoever_sits_down_while_away_is_counted_and_nothing_is_said() -> None:
    day = away()
    day.sit(hours=3)
    assert [fact.name for fact in day.notes] == ["away", "sat"]
    assert not day.sounds
    assert day.snapshot.today.seated_s == 3 * 3600
    day.rise(minutes=5)
    assert [fact.name for fact in day.notes[2:]] == ["left", "bout", "full_break"]
    assert not day.cues


def test_the_panel_and_the_feed_say_until_when_and_that_a_hold_ends_it() -> None:
    day = away()
    day.sit(minutes=30)
    assert day.text == "Away till 21 Dec 30 min hold: I'm back"
    assert Mark.MUTED in day.screen.marks  # type: ignore[union-attr]  # it is a number
    state = feed_state(day.snapshot)
    assert (state.back_on, state.enough, state.muted_until, state.mode) == (BACK, False, None, "watching")
    assert state.says == "watching: away until a date, no sound and no offers"
    assert state.hold == "back again, with sound"
    assert state.next is None, "no break is coming"
    day.press()
    assert "Next in  not today" in day.text


def test_a_stretch_that_is_asked_for_goes_without_its_cues() -> None:
    day = away()
    day.sit(minutes=10)
    day.press(2)
    day.rise(minutes=10)
    assert day.facts("guide_started")
    assert not day.cues
    day.order(Order.TRY_SOUND)
    assert not day.cues


def test_at_the_midnight_that_begins_the_date_all_is_as_before() -> None:
    day = away()
    day.wait(hours=10)
    midnight(day, "2026-12-19T00:00:00+01:00")
    assert day.snapshot.back_on is not None
    day.wait(hours=48)
    day.sit(hours=3)
    assert not day.facts("invite", "due")
    midnight(day, "2026-12-21T00:00:00+01:00")
    assert day.snapshot.back_on is None
    assert [fact.name for fact in day.facts("away", "due")] == ["away", "due"], "nothing says that the day came"
    day.wait(minutes=2)
    assert len(day.sounds) == 1


def test_on_the_day_back_somebody_is_greeted_and_reminded_as_always() -> None:
    day = Day()
    day.clock("2026-12-18T09:00:00+01:00")
    day.sit(minutes=40)
    day.rise(minutes=10)
    day.choose("away", BACK)
    day.wait(hours=13)
    midnight(day, "2026-12-19T00:00:00+01:00")
    day.wait(hours=48)
    midnight(day, "2026-12-21T00:00:00+01:00")
    day.wait(hours=9)
    day.sit(seconds=6)
    assert "Last time" in day.text or "40 min" in day.text
    day.wait(hours=2, minutes=2)
    assert len(day.facts("due")) == len(day.sounds) == 1


@pytest.mark.parametrize("come_back", [lambda day: day.choose("away"), Day.hold], ids=["said on the page", "a hold"])
def test_back_early_the_sound_is_back_and_what_is_owed_is_called(come_back: object) -> None:
    day = away()
    day.sit(hours=3)
    assert callable(come_back)
    come_back(day)
    assert [details_of(fact) for fact in day.facts("away")] == [{"until": BACK}, {"until": ""}]
    assert (day.mode, len(day.facts("due")), day.snapshot.back_on) == ("due", 1, None)
    assert not day.sounds, "at first the panel alone speaks"
    day.wait(minutes=1.1)
    assert len(day.sounds) == 1


def test_a_hold_says_back_and_ends_enough_for_today_with_it() -> None:
    day = away()
    day.sit(minutes=10)
    day.order(Order.ENOUGH)
    day.hold()
    assert [fact.name for fact in day.facts("away", "unmuted", "enough")] == ["away", "enough", "away", "unmuted"]
    assert not day.snapshot.no_offers


def test_a_mute_that_ends_meanwhile_brings_nobody_back() -> None:
    day = Day()
    day.clock(FRIDAY)
    day.order(Order.MUTE, minutes=30)
    day.choose("away", BACK)
    day.sit(hours=3)
    assert day.facts("unmuted")
    assert day.snapshot.back_on is not None
    assert not day.sounds
    day.order(Order.SOUND)
    assert day.snapshot.back_on is not None, "sound is not the same as being back"


@pytest.mark.parametrize("minutes", [61, 120.5, 123])
def test_saying_so_puts_away_what_was_called(minutes: float) -> None:
    day = Day(PLAIN)
    day.clock(FRIDAY)
    day.sit(minutes=minutes)
    assert day.mode in ("invited", "due")
    day.choose("away", BACK)
    assert (day.mode, day.silences[-1], day.snapshot.owed) == ("watching", day.now, None)
    heard = len(day.sounds)
    day.wait(hours=1)
    assert (day.mode, len(day.sounds)) == ("watching", heard)
    (standing,) = [effect.standing for _, effect in day.told if isinstance(effect, Stand)][-1:]
    assert (standing.owed, standing.muted) == (None, True)


def test_another_date_takes_the_place_of_the_first() -> None:
    day = away()
    day.choose("away", "2026-12-24")
    day.choose("away", "2026-12-24")
    assert len(day.facts("away")) == 2
    assert feed_state(day.snapshot).back_on == "2026-12-24"


def test_a_date_that_has_come_is_no_time_away_and_neither_is_back_without_one() -> None:
    day = Day()
    day.clock(FRIDAY)
    day.choose("away")
    assert not day.facts("away")
    day.choose("away", "2026-12-18")
    day.sit(hours=3)
    assert len(day.facts("due")) == 1


# ---- the clock


def test_without_a_clock_nobody_is_away() -> None:
    day = Day()
    day.choose("away", BACK)
    day.sit(hours=3)
    assert len(day.facts("due")) == 1


def test_a_wrong_clock_ends_and_begins_nothing_for_good() -> None:
    day = away()
    day.clock("2027-05-01T09:00:00+01:00", stepped_s=1e7)
    assert day.snapshot.back_on is None
    day.clock("2026-12-19T09:00:00+01:00", stepped_s=-1e7)
    assert day.snapshot.back_on is not None
    day.sit(hours=3)
    assert not day.facts("due")


def test_a_clock_without_its_battery_takes_nobody_away() -> None:
    day = away()
    day.clock("1970-01-01T00:00:10+01:00", stepped_s=-1e9)
    assert day.snapshot.back_on is None
    day.sit(hours=3)
    assert len(day.facts("due")) == 1


# ---- power


def test_it_outlives_power_cuts() -> None:
    day = away()
    for _ in range(3):
        day.sit(hours=3)
        day.cut_power(hours=1)
        day.clock("2026-12-19T09:00:00+01:00")
    day.wait(hours=3)
    assert not day.facts("due", "invite", "sound")
    assert day.snapshot.back_on is not None


def test_a_cut_over_the_date_ends_it() -> None:
    day = away()
    day.cut_power(hours=72, new_day=True)
    day.clock("2026-12-21T14:00:00+01:00")
    day.sit(hours=3)
    assert len(day.facts("due")) == 1


def test_a_break_that_was_due_before_a_cut_is_not_called_while_away() -> None:
    day = Day()
    day.clock(FRIDAY)
    day.sit(minutes=120.5)
    day.choose("away", BACK)
    day.cut_power(seconds=20)
    day.clock("2026-12-18T16:02:00+01:00")
    day.wait(minutes=30)
    assert (day.mode, day.sounds) == ("watching", [])


def test_enough_of_before_a_cut_holds_after_it_though_away() -> None:
    day = away()
    day.sit(minutes=10)
    day.order(Order.ENOUGH)
    day.cut_power(seconds=20)
    day.clock("2026-12-18T14:12:00+01:00")
    assert day.snapshot.enough
    day.wait(minutes=1)
    day.choose("away")
    assert day.snapshot.enough
    assert day.snapshot.no_offers
    assert Cue.REMINDER not in day.cues
