"""Kept pages of days: one that makes no sense is refused, and one that is read adds up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.history.days_as_data import told_days
from device.history.diary import Diary, DiaryPage, KeptPageError, Shelf

DAY = date(2026, 3, 2)
DUES = [[60.0, None], [120.0, None], [False, True]]
PAGE: list[Any] = [
    {"sat": 2, "bout": 1},
    [[3600.0, 60.0], 0.0, 300.0, 1_772_445_600.0, 1_772_449_560.0],
    [36_000_000, 39_600_000, 39_900_000, 39_960_000],
    [],
    [39_600_000, 39_900_000],
    [39_720_000, 39_900_001],
    "full_break,due",
    {"march": 2},
    False,
]
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 10**400), st.floats(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=12,
)


def places(within: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in a kept page: what it is in, and where."""
    for key in list(within) if isinstance(within, dict) else range(len(within)):
        yield within, key
        if isinstance(within[key], list | dict):
            yield from places(within[key])


def is_read(dues: Any, page: Any) -> bool:
    """Whether the page is read; if so, its day can be told."""
    shelf = Shelf({DAY: json.dumps(dues)}, lambda _: (json.dumps(dues), json.dumps(page)), DAY)
    try:
        days = Diary(shelf).days({}, 900.0)
    except KeptPageError:
        return False
    assert [each["day"] for each in told_days(days)] in (["2026-03-02"], [])
    return True


def test_a_page_comes_back_as_it_was_kept() -> None:
    kept = (json.dumps(DUES), json.dumps(PAGE))
    dues, rest = DiaryPage.of(kept).kept()
    assert (json.loads(dues), json.loads(rest)) == (DUES, PAGE)
    assert is_read(DUES, PAGE)


@given(st.data(), values)
def test_whatever_stands_in_a_kept_page_it_is_read_or_refused(data: st.DataObject, value: object) -> None:
    kept = json.loads(json.dumps([DUES, PAGE]))
    within, key = data.draw(st.sampled_from([*places(kept)]))
    within[key] = value
    is_read(*kept)


@pytest.mark.parametrize(
    ("nth", "value"),
    [
        (0, ["sat"]),
        (0, {"sat": "2"}),
        (0, {"sat": 1.5}),
        (1, [[-1.0], 0.0, 0.0, None, None]),
        (1, [[float("nan")], 0.0, 0.0, None, None]),
        (1, [[1.0], "0", 0.0, None, None]),
        (1, [[1.0], 0.0, 1e13, None, None]),
        (1, [[1.0], 0.0, 0.0, None]),
        (1, [[1.0], 0.0, 0.0, "", None]),
        (2, []),
        (2, [1, 2, 3]),
        (2, [1, "2"]),
        (2, [1.0, float("inf")]),
        (2, [1.0, float("nan")]),
        (2, [1, 10**9]),
        (2, [[1.0, 2.0]]),
        (3, {}),
        (5, ["1", 2]),
        (5, [1]),
        (6, "due"),
        (6, ["due", "due"]),
        (6, None),
        (7, {"march": None}),
    ],
)
def test_a_page_with_a_value_of_another_kind_is_refused(nth: int, value: object) -> None:
    assert not is_read(DUES, [value if place == nth else each for place, each in enumerate(PAGE)])


@pytest.mark.parametrize(
    "dues",
    [
        *([], None, [[1.0], [2.0]], [["1"], [None], [False]], [[-1.0], [None], [False]], [[1e13], [0], [0]]),
        *([[], [], [0]], [[], [], [], 5], [[], [], [], "x"], [[], [], [], [1]], [[], [], [], ["2026-03-06"], []]),
    ],
)
def test_due_breaks_that_make_no_sense_are_refused(dues: object) -> None:
    assert not is_read(dues, PAGE)
    with pytest.raises(KeptPageError):
        DiaryPage.of((json.dumps(dues), json.dumps(PAGE)))


@pytest.mark.parametrize("text", ["", "nonsense", "[" * 100_000, None])
def test_a_page_that_is_no_json_is_refused(text: Any) -> None:
    for kept in ((text, json.dumps(PAGE)), (json.dumps(DUES), text)):
        with pytest.raises(KeptPageError):
            DiaryPage.of(kept)
