"""What the day page tells: the journal, and what the device has said since."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.history.days_as_data import Present, dated, told_days, up_to_now
from device.history.shares import by_day
from device.words.facts import Fact
from device.words.record import Run
from tests.facts import fact_of

NINE = datetime(2026, 3, 2, 9).astimezone()
MORNING = [
    *(fact_of(0.0, 5.0, "sat"), fact_of(1800.0, 1815.0, "left")),
    fact_of(1800.0, 1860.0, "bout", {"start": 0.0, "seated_s": 1800.0}),
    *(fact_of(1920.0, 1920.0, "full_break"), fact_of(2400.0, 2405.0, "sat"), fact_of(6000.0, 6000.0, "due")),
    fact_of(6100.0, 6115.0, "left"),
    fact_of(6100.0, 6160.0, "bout", {"start": 2400.0, "seated_s": 3700.0}),
    *(fact_of(6220.0, 6220.0, "full_break"), fact_of(6220.0, 6220.0, "break_honoured", {"after": "due"})),
]


def run(facts: Sequence[Fact], seen_s: float, began_s: float = 0.0, seated_till_s: float | None = None) -> Run:
    return Run(facts, began_s, seen_s, seated_till_s, NINE + timedelta(seconds=seen_s))


def present(at: float, facts: Sequence[Fact], *, seated: bool = False, began: float = 0.0) -> Present:
    return Present(began, at, NINE + timedelta(seconds=at), True, seated, facts)


def told(runs: Sequence[Run], now: Present | None) -> list[Mapping[str, Any]]:
    return list(told_days(by_day(up_to_now(runs, now), {})))


@given(written=st.integers(0, len(MORNING)), known_from=st.integers(0, len(MORNING)))
def test_whatever_the_journal_has_already_the_day_is_the_same(written: int, known_from: int) -> None:
    whole = told([run(MORNING, 7000.0)], None)
    kept = run(MORNING[:written], 5.0 if written == 0 else MORNING[written - 1].said)
    assert told([kept], present(7000.0, MORNING[min(known_from, written) :])) == whole


def test_who_sits_now_is_seated_up_to_now() -> None:
    (day,) = told_days(by_day(up_to_now([run(MORNING[:1], 5.0)], present(1200.0, MORNING[:1], seated=True)), {}))
    assert day["seated"] == [[9.0, 9.3333]]
    assert day["figures"]["seated_s"] == 1200.0


def test_a_run_the_journal_has_nothing_of_yet_goes_on_from_the_one_before() -> None:
    before = run(MORNING[:1], 1000.0, seated_till_s=1000.0)
    resumed = fact_of(1010.0, 1010.0, "resumed", {"cut_at": 1000.0, "seated_till": 1000.0})
    cut = fact_of(1010.0, 1010.0, "power_cut", {"off_s": 10.0, "counts": False, "new_day": False})
    sat = fact_of(1010.0, 1015.0, "sat")
    lost = fact_of(1002.0, 1003.0, "due")
    now = present(1600.0, [MORNING[0], lost, resumed, cut, sat], seated=True, began=1010.0)
    (day,) = told_days(by_day(up_to_now([before], now), {}))
    assert day["figures"]["seated_s"] == 1590.0
    assert day["figures"]["due"] == 0, "what the journal lost, the device doesn't know any more"


def test_without_a_journal_there_is_what_the_device_says() -> None:
    assert told([], None) == []
    assert told([], present(7000.0, MORNING)) == told([run(MORNING, 7000.0)], None)


def test_a_device_that_is_gone_changes_nothing() -> None:
    runs = [run(MORNING[:4], 2000.0), replace(run([], 3000.0), began_s=2500.0)]
    assert list(up_to_now(runs, None)) == runs


def test_what_was_taken_out_does_not_come_back_because_the_device_still_tells_it() -> None:
    taken_out = [*MORNING[:4], fact_of(2400.0, 2400.0, "forgotten")]
    (day,) = told([run(taken_out, 6220.0)], present(7000.0, MORNING))
    assert (day["figures"]["seated_s"], day["figures"]["due"], day["forgotten"]) == (1800.0, 0, 1)
    later = [fact_of(6400.0, 6405.0, "sat")]
    (day,) = told([run(taken_out, 6220.0)], present(7000.0, [*MORNING, *later], seated=True))
    assert day["figures"]["seated_s"] == 2400.0, "but what it has told since then counts"
    # Whoever sat into what was taken out, left there.
    (day,) = told([run([MORNING[0], fact_of(900.0, 900.0, "left")], 6220.0)], present(7000.0, MORNING))
    assert day["figures"]["seated_s"] == 900.0


def test_a_day_is_told_in_hours_since_its_midnight() -> None:
    (day,) = told_days(by_day([run(MORNING, 7000.0)], {}))
    assert day["day"] == "2026-03-02"
    assert day["name"] == "Monday"
    assert day["seated"] == [[9.0, 9.5], [9.6667, 10.6944]]
    assert (10.6667, "due") in day["moments"]


def test_a_gap_tells_whether_it_was_a_full_break() -> None:
    (day,) = told_days(
        by_day([run([*MORNING, fact_of(6160.0, 6165.0, "sat"), fact_of(6170.0, 6185.0, "left")], 7000.0)], {})
    )
    assert day["gaps"] == [[9.5, 9.6667, True], [10.6944, 10.7111, False]]


@pytest.mark.parametrize("began", [datetime(2026, 3, 29), datetime(2026, 10, 25)])
def test_on_a_day_when_the_clocks_change_hours_are_those_they_showed(
    began: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        ten = began.replace(hour=10).astimezone()
        noon = Run(
            [fact_of(0.0, 5.0, "sat"), fact_of(7200.0, 7215.0, "left")],
            0.0,
            7300.0,
            None,
            ten + timedelta(seconds=7300),
        )
        (day,) = told_days(by_day([noon], {}))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert day["seated"] == [[10.0, 12.0]]


def test_a_clock_that_is_not_right_yet_is_no_earlier_than_what_was_and_says_so() -> None:
    before = run(MORNING[:2], 3600.0)
    stale = replace(present(4500.0, [fact_of(4000.0, 4005.0, "sat")], seated=True, began=4000.0), right=False)
    stale = replace(stale, reads=NINE - timedelta(hours=3))
    (day,) = told_days(by_day(up_to_now([before], stale), {}))
    assert day["seated"] == [[9.0, 9.5], [10.0, 10.1389]]
    assert day["about"] is True
    assert dated(stale, before).reads == NINE + timedelta(seconds=3600 + 500)
    same = replace(before, began_s=4000.0, seen_s=4100.0, clock_reads=NINE)
    assert dated(stale, same).reads == NINE + timedelta(seconds=400)
    ahead = replace(stale, reads=NINE + timedelta(days=1))
    assert dated(ahead, before) == ahead
    assert dated(stale, None) == stale
    assert dated(replace(stale, right=True), before).reads == stale.reads


def test_a_zone_that_was_set_since_the_journal_was_written_counts_from_then_on() -> None:
    written = replace(run(MORNING[:1], 5.0), zones=[(0.0, 3600)])
    now = replace(present(1200.0, MORNING[:1], seated=True), reads=NINE.astimezone(timezone(timedelta(hours=-5))))
    (continued,) = up_to_now([written], now)
    assert list(continued.zones) == [(0.0, 3600), (5.0, -5 * 3600)]
