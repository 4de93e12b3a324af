"""Hundreds of small odd calendars: none crashes, and each has the meetings that a second reader finds, or RFC 5545."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.calendars.lines import CalendarError
from device.calendars.reading import read_calendar
from tests.calendars.oddity import FOLDER, HANGS, WEEK, ZONE, Oddity, oddities, second_reading

ALL = list(oddities())
EACH = pytest.mark.parametrize("oddity", ALL, ids=lambda oddity: oddity.name)


@EACH
def test_each_has_the_meetings_that_it_says(oddity: Oddity) -> None:
    if oddity.broken:
        with pytest.raises(CalendarError, match=oddity.broken) as told:
            read_calendar(oddity.data, ZONE, oddity.since, oddity.since + WEEK)
        assert "\n" not in str(told.value)
        return
    found = read_calendar(oddity.data, ZONE, oddity.since, oddity.since + WEEK)
    assert found.spans == oddity.spans
    assert found.passed_over == oddity.passed_over


@EACH
@pytest.mark.filterwarnings("ignore")
def test_a_second_reader_has_the_same_or_it_is_said_why_not(oddity: Oddity) -> None:
    try:
        other = None if oddity.broken or oddity.other.startswith(HANGS) else second_reading(oddity.data, oddity.since)
    except Exception:  # it is strict, and stops at what we pass over
        other = None
    agrees = other == oddity.spans or bool(oddity.broken)
    assert agrees != bool(oddity.other), f"it has {other}"


def test_there_are_hundreds_and_the_second_reader_agrees_on_most() -> None:
    assert {file.stem for file in FOLDER.glob("*.ics")} == {each.name for each in ALL}
    assert len(ALL) >= 300
    assert sum(not each.other for each in ALL) > len(ALL) / 2


@pytest.mark.parametrize("seed", range(20))
def test_damage_here_and_there_crashes_nothing(seed: int) -> None:
    chance = random.Random(seed)
    for oddity in chance.sample(ALL, 20):
        data = bytearray(oddity.data[:5000])
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 4))
        with suppress(CalendarError):
            read_calendar(bytes(data), ZONE, oddity.since, oddity.since + WEEK)


@given(st.sampled_from([each for each in ALL if not each.broken]), st.data())
def test_whatever_bytes_are_changed_it_is_spans_or_one_line(oddity: Oddity, chosen: st.DataObject) -> None:
    data = bytearray(oddity.data[:5000])
    at = chosen.draw(st.integers(0, len(data)))
    data[at : at + chosen.draw(st.integers(0, 20))] = chosen.draw(st.binary(max_size=20))
    try:
        found = read_calendar(bytes(data), ZONE, oddity.since, oddity.since + WEEK)
    except CalendarError as error:
        said = str(error)
    else:
        said = ""
        assert all(start < end for start, end in found.spans)
        assert list(found.spans) == sorted(set(found.spans))
    assert "\n" not in said
