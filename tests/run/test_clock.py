"""The clocks, on a source of time that stands where it is put."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from device.run.clock import DeskWall, RecordedClock, RunningClock, SystemWall


class Source:
    """Seconds of the world."""

    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def test_it_starts_at_zero_whatever_the_world_says() -> None:
    source = Source(8_640_000.25)
    clock = RunningClock(source=source)
    source.at += 60
    assert clock.now() == 0.0
    clock.start()
    source.at += 1.2344
    assert clock.now() == 1.234


def test_at_speed_it_runs_ahead_and_waits_less() -> None:
    source = Source(100.0)
    clock = RunningClock(60.0, source)
    clock.start()
    source.at += 2
    assert clock.now() == 120.0
    assert clock.wait_s(180.0) == 1.0
    assert clock.wait_s(60.0) == 0.0


def test_while_time_stands_nothing_to_come_comes_and_what_has_passed_is_not_waited_for() -> None:
    source = Source(0.0)
    clock = RunningClock(source=source)
    clock.start()
    source.at = 10
    clock.speed = 0.0
    assert clock.wait_s(10.001) > 60
    assert clock.wait_s(10.0) == clock.wait_s(5.0) == 0.0


def test_what_waits_before_the_start_waits_from_where_it_stands() -> None:
    """A sensor has its first deadline before the clock runs, and after a restart that is hours on."""
    source = Source(0.0)
    clock = RunningClock(source=source)
    source.at = 3.0
    clock.set(5000.0)
    assert clock.wait_s(5000.5) == 0.5
    assert clock.wait_s(5000.0) == 0.0
    clock.start()
    source.at = 3.25
    assert clock.wait_s(5000.5) == 0.25


def test_a_change_of_speed_loses_no_time() -> None:
    source = Source(0.0)
    clock = RunningClock(source=source)
    clock.start()
    source.at = 10
    clock.speed = 100.0
    assert clock.now() == 10.0
    source.at = 11
    assert clock.now() == 110.0
    assert clock.speed == 100.0


def test_held_it_stands_and_afterwards_it_is_where_it_would_have_been() -> None:
    source = Source(0.0)
    clock = RunningClock(source=source)
    clock.start()
    source.at = 10
    with clock.holding(7.5):
        assert clock.now() == 7.5
        assert clock.wait_s(12.0) == 2.0
    assert clock.now() == 10.0


def test_a_recorded_clock_is_where_it_is_put() -> None:
    clock = RecordedClock()
    clock.at = 5.0
    assert clock.now() == 5.0
    assert clock.wait_s(9.0) == 0.0


def test_a_desk_wall_runs_with_the_device() -> None:
    wall = DeskWall()
    assert wall.reads(3.0) is None
    nine = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    wall.set(10.0, nine)
    assert wall.reads(70.5) == nine + timedelta(seconds=60.5)


def test_the_computers_wall_clock_knows_its_zone() -> None:
    shows = SystemWall().reads(0.0)
    assert shows is not None
    assert shows.utcoffset() is not None
