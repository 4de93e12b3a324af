"""Days away: what somebody said of it, which days that makes, and what they do to streaks and figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.history.aways import Aways
from device.history.days_as_data import told_together
from device.history.diary import Days, Diary, Shelf
from device.history.shares import by_day
from device.history.tables import csv_of, json_of, page_of, table_of
from device.words.facts import Fact
from device.words.record import Run
from tests.facts import fact_of

DAY_S, HOUR = 86_400.0, 3600.0
MONDAY = date(2026, 3, 2)


def on(nth: int) -> date:
    """The Monday, or so many days after it."""
    return MONDAY + timedelta(days=nth)


# ---- which days


def days_away(said: Mapping[int, Sequence[int | None]], days: int = 12) -> list[int]:
    """Which days are away, by what is said on each: back on that day, or back now."""
    aways = Aways()
    told = {nth: ["" if until is None else on(until).isoformat() for until in each] for nth, each in said.items()}
    found = [nth for nth in range(days) if aways.is_away(on(nth), told.get(nth, ()))]
    spans = [(first - MONDAY, last - MONDAY) for first, last in aways.between(on(0), on(days - 1))]
    within = [nth for first, last in spans for nth in range(first.days, last.days + 1) if nth < days]
    assert within == found, "the times away are those days"
    return found


@pytest.mark.parametrize(
    ("said", "away"),
    [
        ({}, []),
        ({2: [6]}, [3, 4, 5]),
        ({2: [3]}, []),
        ({2: [None]}, []),
        ({2: [2], 5: [1]}, []),
        ({2: [8], 5: [None]}, [3, 4]),
        ({2: [8], 5: [10]}, [3, 4, 5, 6, 7, 8, 9]),
        ({2: [8], 5: [7]}, [3, 4, 5, 6]),
        ({2: [8], 5: [4]}, [3, 4]),
        ({2: [8], 5: [None, 9]}, [3, 4, 6, 7, 8]),
        ({2: [8, None]}, []),
        ({2: [4], 4: [7]}, [3, 5, 6]),
        ({2: [4], 6: [8]}, [3, 7]),
        ({2: [4], 6: [None]}, [3]),
        ({2: [5000]}, []),
        ({2: [8], 5: [5000]}, [3, 4]),
        ({2: [30]}, [3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ],
)
def test_a_day_is_away_if_it_lies_between_saying_so_and_being_back(
    said: Mapping[int, Sequence[int | None]], away: list[int]
) -> None:
    assert days_away(said) == away


orders = st.dictionaries(
    st.integers(0, 11), st.lists(st.none() | st.integers(-3, 20), min_size=1, max_size=3), max_size=5
)


@given(orders)
def test_whatever_is_said_a_day_on_which_it_is_said_first_or_taken_back_is_none(
    said: dict[int, list[int | None]],
) -> None:
    away, until = days_away(said), -1
    for nth in range(12):
        was_away = until > nth
        if not was_away:
            assert nth not in away
        for each in said.get(nth, ()):
            until = -1 if each is None or each <= nth else each
            if until < 0:
                assert nth not in away
        assert (nth in away) <= was_away


def test_only_times_away_that_reach_into_the_asked_days_are_told() -> None:
    aways = Aways()
    for nth, until in ((0, 3), (10, 13), (20, 23)):
        assert not aways.is_away(on(nth), [on(until).isoformat()])
    assert aways.between(on(2), on(11)) == [(on(1), on(2)), (on(11), on(12))]
    assert aways.between(on(3), on(10)) == []
    assert aways.between(date.min, date.max)[-1] == (on(21), on(22))


# ---- figures


def fact(t: float, name: str, **details: object) -> Fact:
    return fact_of(t, t, name, details)


def a_day(nth: int, *, taken: bool | None) -> list[Fact]:
    """An hour on the chair from nine on, with a due break after it that is taken or not; None for none due."""
    nine = nth * DAY_S + 9 * HOUR
    facts = [fact(nine, "sat")]
    if taken is not None:
        facts.append(fact(nine + HOUR, "due"))
    left = nine + HOUR + (60.0 if taken else 3 * HOUR)
    facts += [fact(left, "left"), fact(left, "bout", start=nine, seated_s=left - nine)]
    if taken:
        facts.append(fact(left + 120.0, "break_honoured", after="due", rose_after_s=60.0))
    return facts


def days_of(facts: list[Fact], days: int) -> Days:
    seen_s = days * DAY_S
    reads = datetime(2026, 3, 2).astimezone() + timedelta(seconds=seen_s)
    return by_day([Run(facts, 0.0, seen_s, None, reads)], {})


@pytest.fixture
def holiday() -> Days:
    """Monday a break is taken; away from that evening until Friday, though somebody sat on Wednesday, for long."""
    facts = [
        *a_day(0, taken=True),
        fact(20 * HOUR, "away", until="2026-03-06"),
        *a_day(2, taken=False),
        *a_day(4, taken=True),
    ]
    return days_of(facts, 5)


def test_a_streak_passes_over_days_away(holiday: Days) -> None:
    assert {day: told.streak for day, told in holiday.items()} == {on(0): 1, on(2): 1, on(4): 2}
    assert [told.strip.away for told in holiday.values()] == [False, True, False]
    assert holiday.aways == ((on(1), on(3)),)


def test_the_same_days_without_a_word_of_it_break_the_streak() -> None:
    days = days_of([*a_day(0, taken=True), *a_day(2, taken=False), *a_day(4, taken=True)], 5)
    assert [told.streak for told in days.values()] == [1, 0, 1]
    assert days.aways == ()


def test_a_day_away_keeps_its_hours(holiday: Days) -> None:
    assert holiday[on(2)].figures.seated_s == 4 * HOUR
    assert holiday[on(2)].strip.seated


def test_the_table_the_page_and_the_data_say_away(holiday: Days) -> None:
    table = list(table_of(holiday))
    assert [line.split()[-1] for line in table[1:4]] == ["1", "away", "2"]
    assert table[-1] == "2026-03-03 to 2026-03-05: away; streaks pass over it."
    assert any(line.split()[:1] == ["away"] for line in page_of(on(2), holiday[on(2)]))
    assert [json.loads(line).get("away") for line in json_of(holiday)] == [None, True, None]
    header, *rows = csv_of(holiday)
    assert header.endswith(",about,away")
    assert [row.rsplit(",", 1)[1] for row in rows] == ["0", "1", "0"]
    told: Any = told_together(holiday)
    assert told["aways"] == [("2026-03-03", "2026-03-05")]
    assert [each.get("away") for each in told["days"]] == [None, True, None]


def test_a_single_day_away_is_said_alone_even_if_nobody_sat_since() -> None:
    days = days_of([fact(20 * HOUR, "away", until="2026-03-04")], 3)
    assert list(table_of(days)) == ["Nothing is noted of these days.", "2026-03-03: away; streaks pass over it."]


def test_without_a_word_of_it_nothing_is_said(holiday: Days) -> None:
    days = days_of([*a_day(0, taken=True), *a_day(2, taken=False)], 3)
    said = "\n".join([*table_of(days), *json_of(days), *csv_of(days)])
    assert "away" not in said
    assert "aways" not in told_together(days)
    assert holiday != days


# ---- kept pages


def test_a_kept_page_keeps_what_was_said_of_it() -> None:
    dues, page = '[[],[],[],["2026-03-06"]]', '[{"away":1},[[],0.0,0.0,null,null],[],[],[],[],"",{},false]'
    shelf = Shelf({MONDAY: dues}, lambda _: (dues, page), MONDAY)
    for first in (MONDAY, on(1)):
        days = Diary(shelf).days({}, 900.0, first)
        assert days.aways == ((on(1), on(3)),)
