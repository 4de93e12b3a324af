"""Days are cut where the local date begins, whatever clocks showed there, and every walk over days comes to its end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.history.shares import by_day
from device.journal.reader import runs
from device.journal.zone_rules import zones_by_rules
from device.settings.settings import Settings
from device.words.record import Run
from device.words.zones import LocalTime
from tests.facts import fact_of
from tests.world import World

HOUR = 3600.0
ODD = {
    "Asia/Beirut": ("2026-03-28T20:00:00+02:00", "2026-10-24T20:00:00+03:00"),
    "Africa/Cairo": ("2026-04-23T20:00:00+02:00", "2026-10-29T20:00:00+03:00"),
    "America/Havana": ("2026-03-07T20:00:00-05:00", "2026-10-31T20:00:00-04:00"),
    "America/Santiago": ("2026-09-05T20:00:00-04:00", "2026-04-04T20:00:00-03:00"),
    "Atlantic/Azores": ("2026-03-28T20:00:00-01:00", "2026-10-24T20:00:00+00:00"),
    "America/Asuncion": ("2023-09-30T20:00:00-04:00", "2024-03-23T20:00:00-03:00"),
    "Asia/Tehran": ("2022-03-21T20:00:00+03:30", "2022-09-21T20:00:00+04:30"),
    "America/St_Johns": ("2010-03-13T20:00:00-03:30", "2010-11-06T20:00:00-02:30"),
    "Europe/Berlin": ("2026-03-28T20:00:00+01:00", "2026-10-24T20:00:00+02:00"),
}
"""The evenings before clocks change, most of them at midnight or near it."""
EVENINGS = [(zone, evening) for zone, evenings in ODD.items() for evening in evenings]


@contextmanager
def living_in(zone: str) -> Iterator[None]:
    """The computer's own zone is that one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        try:
            yield
        finally:
            patch.undo()
            time.tzset()


offsets = st.sampled_from([-43_200, -12_600, 0, 7200, 20_700, 50_400])
zones = st.lists(st.tuples(st.floats(0, 900_000).map(lambda t: round(t, 3)), offsets), max_size=6).map(sorted)


@settings(deadline=None)
@given(zones=zones, t=st.floats(0, 900_000), microseconds=st.integers(0, 86_400_000_000))
def test_an_instant_lies_in_its_day_and_the_next_day_lies_ahead(
    zones: list[tuple[float, int]], t: float, microseconds: int
) -> None:
    local = LocalTime(5e5, datetime(2026, 3, 2, tzinfo=UTC) + timedelta(microseconds=microseconds), zones)
    here = local.at(t)
    assert here.begins <= round(t, 3) < here.ends
    assert here.when(t).date() == here.day == local.when(t).date()
    assert here.when(here.ends) <= datetime.combine(here.day + timedelta(days=1), datetime.min.time(), here.zone)
    assert any(begins <= round(t, 3) < ends for begins, ends in local.spans_of(here.day))
    assert abs(local.instant(here.when(t)) - t) <= 0.001


@pytest.mark.parametrize(("zone", "evening"), EVENINGS)
def test_days_by_the_rules_of_a_zone_are_those_of_its_clocks(zone: str, evening: str) -> None:
    began = datetime.fromisoformat(evening)
    reads = (began + timedelta(hours=12)).astimezone(ZoneInfo(zone))
    with living_in(zone):
        local = LocalTime(12 * HOUR, reads, zones_by_rules(0.0, 12 * HOUR, reads))
    for minute in range(-60, 13 * 60):
        shown = (began + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
        assert local.when(minute * 60.0).isoformat() == shown.isoformat()
        assert local.at(minute * 60.0).day == shown.date()


@pytest.mark.parametrize(("zone", "evening"), EVENINGS)
def test_who_sits_while_the_clocks_change_sits_as_long_and_no_strip_leaves_its_day(zone: str, evening: str) -> None:
    reads = (datetime.fromisoformat(evening) + timedelta(hours=12, microseconds=600)).astimezone(ZoneInfo(zone))
    with living_in(zone):
        zones = zones_by_rules(0.0, 12 * HOUR, reads)
    facts = [fact_of(10.0, 15.0, "sat"), fact_of(40_000.0, 40_015.0, "left")]
    days = by_day([Run(facts, 0.0, 12 * HOUR, None, reads, zones=zones)], {})
    assert sum(told.figures.seated_s for told in days.values()) == pytest.approx(39_990.0)
    for told in days.values():
        assert all(0 <= since < until <= 24 * HOUR for since, until in told.strip.seated)
        assert sum(until - since for since, until in told.strip.seated) == pytest.approx(told.figures.seated_s)
        assert not told.strip.gaps


@pytest.mark.parametrize("microsecond", [0, 1, 499, 500, 501, 600, 999_999])
def test_somebody_who_sits_over_midnight_sits_on_two_days_whatever_fraction_of_a_second_the_clock_shows(
    microsecond: int,
) -> None:
    reads = datetime(2026, 3, 3, 0, 30, 0, microsecond, tzinfo=UTC)
    facts = [fact_of(20_000.0, 20_005.0, "sat"), fact_of(29_000.0, 29_015.0, "left")]
    days = by_day([Run(facts, 0.0, 30_000.0, None, reads)], {})
    assert list(days) == [date(2026, 3, 2), date(2026, 3, 3)]
    assert sum(told.figures.seated_s for told in days.values()) == pytest.approx(9000.0)


def test_a_day_is_told_in_the_zone_it_was_lived_in_whoever_reads_it(tmp_path: Path) -> None:
    with living_in("Europe/Berlin"):
        world = World(tmp_path, Settings(), began=datetime.fromisoformat("2026-03-28T23:00:00+01:00"))
        world.sit(hours=4)
        world.rise(minutes=10)
        world.stop()
    with living_in("America/New_York"):
        days = by_day(runs(world.file), {})
    assert list(days) == [date(2026, 3, 28), date(2026, 3, 29)]
    ((since, until),) = days[date(2026, 3, 28)].strip.seated
    assert since == pytest.approx(23 * HOUR, abs=0.1)
    assert until == 24 * HOUR
    # Clocks were put forward while somebody sat: that is no gap, and the hour that wasn't is no part of the strip.
    assert [round(at) for span in days[date(2026, 3, 29)].strip.seated for at in span] == [0, 7200, 10_800, 14_400]
    assert days[date(2026, 3, 29)].strip.gaps == ()


@pytest.mark.parametrize(("zone", "evening"), [each for each in EVENINGS if each[1] > "2026"])
def test_the_journal_knows_when_the_clocks_changed(tmp_path: Path, zone: str, evening: str) -> None:
    began = datetime.fromisoformat(evening)
    with living_in(zone):
        world = World(tmp_path, Settings(), began=began)
        world.sit(hours=9)
        world.rise(minutes=10)
        world.stop()
    days = by_day(runs(world.file), {})
    assert sum(told.figures.seated_s for told in days.values()) == pytest.approx(9 * HOUR, abs=0.01)
    for minute in range(1, 9 * 60):
        shown = (began + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
        of_day = shown.hour * HOUR + shown.minute * 60.0
        assert any(since <= of_day + 1 <= until for since, until in days[shown.date()].strip.seated), shown


def test_a_zone_that_is_set_by_hand_counts_from_when_the_device_noticed(tmp_path: Path) -> None:
    with living_in("Europe/Berlin"):
        world = World(tmp_path, Settings(), began=datetime.fromisoformat("2026-03-03T00:30:00+01:00"))
        world.sit(hours=1)
    with living_in("America/New_York"):
        world.wait(hours=1)
        world.rise(minutes=10)
        world.stop()
    days = by_day(runs(world.file), {})
    assert list(days) == [date(2026, 3, 2), date(2026, 3, 3)]
    assert all(abs(told.figures.seated_s - HOUR) <= 60 for told in days.values())


def test_a_clock_that_shows_what_no_computer_knows_goes_by_what_it_shows() -> None:
    reads = datetime(9999, 12, 31, 20, tzinfo=UTC)
    with living_in("UTC"):
        assert zones_by_rules(0.0, 1e300, reads)[-1][1] == 0
        assert zones_by_rules(5.0, 1.0, reads) == [(5.0, 0)]


def test_a_date_has_the_spans_in_which_clocks_showed_it() -> None:
    local = LocalTime(0.0, datetime.fromisoformat("2026-03-02T12:00:00+00:00"), [(0.0, 0), (HOUR, 14 * 3600)])
    # An hour after noon the zone was set 14 hours ahead: the rest of the day was gone, and the next had begun.
    assert list(local.spans_of(date(2026, 3, 2))) == [(-12 * HOUR, HOUR)]
    assert list(local.spans_of(date(2026, 3, 3))) == [(HOUR, 22 * HOUR)]
    assert list(local.spans_of(date(2026, 3, 9))) == [(142 * HOUR, 166 * HOUR)]
