"""What an analog seat reads now: its calibration, moved along by the last drift that the journal has of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from device.history.seat_now import origin_says, seat_now
from device.settings.settings import SeatSettings
from device.words.facts import Fact, Sat, SeatDrifted
from device.words.past import Past, Readings

DATE = "2026-03-02T08:30:00+01:00"
FOUND = SeatSettings(
    "mcp3008",
    empty=0.1,
    seated=0.5,
    sit_above=0.2,
    leave_below=0.16,
    calibrated=DATE,
    follows=("sit_above", "leave_below"),
)
DAY_S = 86400.0


def drift(day: float, empty: float, date: str = DATE, seated: float = 0.5) -> Fact:
    return SeatDrifted(day * DAY_S, day * DAY_S, empty, seated, 0.1, 0.5, date)


def past(*facts: Fact, right: bool = True) -> Past:
    """A past that ends thirty days after its first instant, on 1 April."""
    reads = datetime.fromisoformat("2026-04-01T12:00:00+02:00") if right else None
    return Past([Sat(0.0, 0.0), *facts], Readings(30 * DAY_S, reads=reads))


def test_a_seat_that_has_not_drifted_is_as_calibrated() -> None:
    for known in (None, past(), past(drift(3, 0.12, date="2026-01-01T08:00:00+01:00")), past(drift(3, 0.9))):
        assert seat_now(FOUND, known) == FOUND
        assert list(origin_says(FOUND, known)) == ["calibrated on 2026-03-02"]


def test_a_seat_that_is_not_calibrated_has_no_origin() -> None:
    bare = SeatSettings("mcp3008")
    assert seat_now(bare, past(drift(3, 0.12))) == bare
    assert list(origin_says(bare, past(drift(3, 0.12)))) == []


def test_the_last_drift_moves_levels_and_thresholds_and_is_dated() -> None:
    known = past(drift(3, 0.12), drift(10, 0.14), drift(20, 0.14))
    now = seat_now(FOUND, known)
    assert (now.empty, now.seated, now.sit_above, now.leave_below) == (0.14, 0.5, 0.23, 0.194)
    assert list(origin_says(FOUND, known)) == [
        "calibrated on 2026-03-02 with empty 0.100, seated 0.500; drifted to empty 0.140, seated 0.500 since 2026-03-12"
    ]


def test_where_the_clock_is_not_right_a_drift_has_no_date() -> None:
    (says,) = origin_says(FOUND, past(drift(3, 0.12), right=False))
    assert says.endswith("drifted to empty 0.120, seated 0.500")


def test_levels_that_the_settings_say_drift_too_and_have_no_date_of_a_calibration() -> None:
    own = SeatSettings("mcp3008", empty=0.1, seated=0.5)
    assert list(origin_says(own, past())) == []
    (says,) = origin_says(own, past(drift(3, 0.12, date="")))
    assert says.startswith("set with empty 0.100, seated 0.500; drifted to empty 0.120")


def test_a_threshold_of_the_settings_stays_where_it_is_and_that_is_said() -> None:
    own = replace(FOUND, sit_above=0.25, follows=("leave_below",))
    known = past(drift(3, 0.14))
    now = seat_now(own, known)
    assert (now.empty, now.sit_above, now.leave_below) == (0.14, 0.25, 0.194)
    assert list(origin_says(own, known))[1:] == ["no drift moves what [seat] in the settings sets: sit_above"]
    assert (
        seat_now(replace(FOUND, follows=()), known).levels
        == replace(now, sit_above=0.2, leave_below=0.16, follows=()).levels
    )
