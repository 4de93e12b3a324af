"""The seat drifts: its thresholds follow, it is said, and it is known again after a power cut."""

from __future__ import annotations

from dataclasses import replace

from device.core.coach import Coach
from device.settings.settings import SeatSettings, Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Adjust
from device.words.events import Power
from device.words.facts import SeatDoubted, SeatDrifted
from device.words.levels import SeatLevels
from device.words.past import Past, Readings
from tests.story import Day

SEAT = SeatSettings(kind="ads1115", empty=0.1, seated=0.5)
ANALOG = Settings(seat=SEAT)
LEVELS = SEAT.levels
assert LEVELS is not None


def stay(day: Day, level: float, minutes: float) -> None:
    """The seat reads that level for so long, and tells it every 10 minutes."""
    for _ in range(int(minutes / 10)):
        day.reads(level)
        day.wait(minutes=10)
    day.reads(level)


def sit_and_leave(day: Day, empty: float, seated: float = 0.5, *, times: int = 1) -> None:
    """Somebody sits for half an hour and is away for an hour, so many times."""
    for _ in range(times):
        day.sit(minutes=1)
        stay(day, seated, 30)
        day.rise(minutes=1)
        stay(day, empty, 60)


def adjusted(day: Day) -> list[Adjust]:
    return [effect for _, effect in day.told if isinstance(effect, Adjust)]


def drifts(day: Day) -> list[SeatDrifted]:
    return [fact for fact in day.notes if isinstance(fact, SeatDrifted)]


def moved(empty: float, seated: float = 0.5) -> SeatLevels:
    assert LEVELS is not None
    return LEVELS.moved(empty, seated)


def drifted_day(settings: Settings = ANALOG) -> Day:
    """A day after which the seat reads 0.124 empty, as far as is learned."""
    day = Day(settings)
    sit_and_leave(day, 0.15, times=2)
    return day


def test_a_drift_is_said_and_the_thresholds_follow() -> None:
    day = drifted_day()
    first, second = drifts(day)
    assert (first.empty, first.seated, first.from_empty, first.from_seated) == (0.112, 0.5, 0.1, 0.5)
    assert (second.empty, second.seated, second.from_empty, second.from_seated) == (0.124, 0.5, 0.1, 0.5)
    assert adjusted(day) == [Adjust(moved(0.112).thresholds), Adjust(moved(0.124).thresholds)]


def test_a_threshold_that_a_person_set_stays_where_it_is() -> None:
    own = replace(SEAT, sit_above=0.25)
    day = drifted_day(Settings(seat=own))
    assert [fact.empty for fact in drifts(day)] == [0.112, 0.124]
    assert [(each.thresholds.sit_above, each.thresholds.leave_below) for each in adjusted(day)] == [
        (0.25, 0.1847),
        (0.25, 0.1945),
    ]
    day.told.clear()
    day.cut_power(minutes=1)
    assert adjusted(day)[0].thresholds.sit_above == 0.25


def test_thresholds_that_a_calibration_found_follow() -> None:
    found = replace(SEAT, sit_above=0.25, leave_below=0.2, follows=("sit_above", "leave_below"))
    day = drifted_day(Settings(seat=found))
    assert adjusted(day)[-1].thresholds.sit_above == 0.2650


def test_a_drift_of_a_calibration_moves_no_levels_that_the_settings_say() -> None:
    day = drifted_day(Settings(seat=replace(SEAT, calibrated="2026-03-02T08:30:00+01:00")))
    day.told.clear()
    day.cut_power(minutes=1, seat=SEAT)
    assert adjusted(day) == []


def test_without_a_drift_nothing_is_said() -> None:
    day = Day(ANALOG)
    sit_and_leave(day, 0.1, times=3)
    assert drifts(day) == adjusted(day) == []  # type: ignore[comparison-overlap]


def test_a_contact_and_a_seat_without_calibration_learn_nothing() -> None:
    for seat in (SeatSettings(), replace(SEAT, kind="contact"), SeatSettings(kind="mcp3008")):
        day = drifted_day(Settings(seat=seat))
        day.cut_power(minutes=1)
        assert drifts(day) == []
        assert adjusted(day) == []


def test_after_a_power_cut_the_thresholds_are_where_they_were_and_learning_goes_on() -> None:
    day = drifted_day()
    day.told.clear()
    day.cut_power(minutes=1)
    assert adjusted(day) == [Adjust(moved(0.124).thresholds)]
    assert drifts(day) == []
    sit_and_leave(day, 0.15)
    assert [fact.empty for fact in drifts(day)] == [0.136]


def test_after_a_power_cut_nothing_is_learned_before_somebody_has_sat_and_left() -> None:
    day = drifted_day()
    day.told.clear()
    day.cut_power(minutes=1)
    stay(day, 0.15, 300)
    assert drifts(day) == []


def test_a_new_calibration_forgets_an_old_drift() -> None:
    day = drifted_day()
    day.told.clear()
    day.cut_power(minutes=1, seat=replace(SEAT, empty=0.15))
    assert adjusted(day) == []
    sit_and_leave(day, 0.2)
    assert [(fact.empty, fact.from_empty) for fact in drifts(day)] == [(0.1605, 0.15)]


def test_a_new_calibration_that_finds_the_same_levels_forgets_an_old_drift_too() -> None:
    day = drifted_day()
    for date in ("2026-03-02T08:30:00+01:00", "2026-04-02T08:30:00+02:00"):
        day.told.clear()
        day.cut_power(minutes=1, seat=replace(SEAT, calibrated=date))
        assert adjusted(day) == []
        sit_and_leave(day, 0.15)
        assert [(fact.empty, fact.calibrated) for fact in drifts(day)] == [(0.112, date)]
    day.told.clear()
    day.cut_power(minutes=1)
    assert adjusted(day) == [Adjust(moved(0.112).thresholds)]


def test_a_drift_that_no_pad_has_is_not_believed() -> None:
    for empty, seated, known in ((0.124, 0.5, True), (0.45, 0.5, False), (0.0, 0.9, False)):
        coach = Coach(ANALOG, repertoire(ANALOG), 100.0)
        coach.recall(Past([SeatDrifted(10.0, 10.0, empty, seated, 0.1, 0.5)], Readings(50.0)))
        effects = coach.handle(Power(100.0, 50.0))
        assert any(isinstance(effect, Adjust) for effect in effects) is known


def test_a_drift_noted_before_there_were_calibrations_in_it_is_not_believed() -> None:
    coach = Coach(ANALOG, repertoire(ANALOG), 100.0)
    coach.recall(Past([SeatDrifted(10.0, 10.0, 0.124, 0.5)], Readings(50.0)))
    assert not any(isinstance(effect, Adjust) for effect in coach.handle(Power(100.0, 50.0)))


def test_a_seat_that_was_lost_teaches_nothing_until_somebody_has_sat_and_left() -> None:
    day = drifted_day()
    day.told.clear()
    day.lose_seat(minutes=1)
    day.reads(0.15)
    day.find_seat(taken=False)
    stay(day, 0.15, 24 * 60)
    assert drifts(day) == []
    sit_and_leave(day, 0.15)
    assert len(drifts(day)) == 1


def test_a_seat_that_is_not_trusted_teaches_nothing() -> None:
    day = Day(ANALOG)
    day.coach._state.note(SeatDoubted(day.now, day.now, "loose", day.now))
    for _ in range(3):
        day.sit(minutes=2)
        day.rise(minutes=1)
        stay(day, 0.15, 60)
    assert drifts(day) == []
    sit_and_leave(day, 0.15)
    assert len(day.facts("seat_trusted")) == 1
    assert drifts(day) == []
    sit_and_leave(day, 0.15)
    assert [fact.empty for fact in drifts(day)] == [0.112]


def test_a_seat_is_lost_before_it_has_told_a_level() -> None:
    day = Day(ANALOG)
    day.lose_seat(minutes=1)
    day.find_seat(taken=False)
    sit_and_leave(day, 0.15)
    assert len(drifts(day)) == 1


def test_a_drift_is_noted_again_before_a_start_would_miss_it() -> None:
    day = drifted_day()
    day.told.clear()
    for _ in range(510):
        day.choose("stretch_never", "hip_lunge")
        day.choose("stretch_again", "hip_lunge")
    day.reads(0.124)
    assert [(fact.empty, fact.from_empty) for fact in drifts(day)] == [(0.124, 0.1)]
    day.reads(0.124)
    assert len(drifts(day)) == 1
    assert adjusted(day) == []


def test_many_facts_without_a_drift_say_none() -> None:
    day = Day(ANALOG)
    for _ in range(510):
        day.choose("stretch_never", "hip_lunge")
        day.choose("stretch_again", "hip_lunge")
    day.reads(0.1)
    assert drifts(day) == []


def test_a_month_of_busy_days_later_a_start_still_knows_the_drift() -> None:
    day = drifted_day()
    for _ in range(3600):
        day.choose("stretch_never", "hip_lunge")
        day.choose("stretch_again", "hip_lunge")
        day.reads(0.124)
    day.told.clear()
    day.cut_power(minutes=1)
    assert adjusted(day) == [Adjust(moved(0.124).thresholds)]
