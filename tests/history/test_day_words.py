"""A day in words: the same figures for the terminal, the picture and the page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from device.history.day_words import COLUMNS, IN_ENGLISH, SIGNS, columns_of, hours_of, in_words, lines_of, taken_out
from device.history.days_as_data import told_days, told_together
from device.history.diary import Day, Days
from device.history.tables import csv_of, json_of, page_of
from device.languages.phrases import phrases
from device.stages.tally import Figures
from device.words.record import Strip

MONDAY = date(2026, 3, 2)
STRIP = Strip(MONDAY, 3600.0, ((32_400.0, 36_000.0),), (), (), (), False)
NO_TIMES = {"seated_s": 0.0, "doubtful_s": 0.0, "share": 0.0, "longest_s": 0.0, "rose_after_s": None}
COUNTS = dict.fromkeys(set(Figures.__slots__) - NO_TIMES.keys(), 0)
FIGURES = replace(Figures(**NO_TIMES, **COUNTS), seated_s=3600.0, longest_s=3600.0, share=1.0)  # type: ignore[arg-type]
DAY = Day(FIGURES, {}, 1, STRIP)


def said(day: Day, name: str) -> tuple[str, str]:
    return next((line.value, line.more) for line in lines_of(day) if line.name == name)


@pytest.mark.parametrize(
    ("snoozes", "mutes", "enough_at", "says"),
    [
        (0, 0, (), "never put off or muted"),
        (1, 0, (), "put off once"),
        (0, 2, (), "muted 2 times"),
        (2, 1, (), "put off 2 times, muted once"),
        (0, 0, (58_259.9,), "enough for that day at 16:10"),
        (0, 1, (300.0, 58_200.0), "muted once, enough for that day at 00:05, 16:10"),
    ],
)
def test_what_was_put_off_or_muted_is_said_in_words(
    snoozes: int, mutes: int, enough_at: tuple[float, ...], says: str
) -> None:
    figures = replace(FIGURES, snoozes=snoozes, mutes=mutes, enough=len(enough_at))
    strip = replace(STRIP, moments=tuple((at, "enough") for at in enough_at))
    assert said(replace(DAY, figures=figures, strip=strip), "reminders") == ("0", says)


def test_a_day_away_says_so_and_has_no_streak_in_the_table() -> None:
    day = replace(DAY, strip=replace(STRIP, away=True))
    assert said(day, "away") == ("nothing was offered, and the streak passes over this day", "")
    assert (COLUMNS["streak"](day, IN_ENGLISH), COLUMNS["streak"](DAY, IN_ENGLISH)) == ("away", "1")
    assert told_days(Days([(MONDAY, day)]))[0]["away"] is True
    assert "away" not in told_days(Days([(MONDAY, DAY)]))[0]


def test_short_breaks_have_a_line_and_figures_only_where_any_was_offered() -> None:
    day = replace(DAY, figures=replace(FIGURES, short_offers=8, short_breaks=5))
    assert said(day, "short breaks") == ("5", "of 8 offered")
    assert "  short breaks          5 of 8 offered" in page_of(MONDAY, day)
    assert {"short_offers": 8, "short_breaks": 5}.items() <= json.loads(next(json_of(Days([(MONDAY, day)])))).items()
    assert told_days(Days([(MONDAY, day)]))[0]["figures"]["short_breaks"] == 5
    heading, line = csv_of(Days([(MONDAY, day)]))
    assert "stretches_done,short_offers,short_breaks,streak" in heading
    assert len(line.split(",")) == len(heading.split(","))
    without = Days([(MONDAY, DAY)])
    assert not any("short" in text for text in [*page_of(MONDAY, DAY), *json_of(without), *csv_of(without)])


def test_one_is_one_and_two_are_several() -> None:
    assert said(DAY, "streak")[0] == "1 day"
    assert said(replace(DAY, streak=2), "streak")[0] == "2 days"
    assert in_words(replace(DAY, figures=replace(FIGURES, full_breaks=1))).endswith("1 full break")
    assert in_words(DAY) == "seated 1 h 00, longest 1 h 00, 0 full breaks"
    assert [taken_out(count) for count in (0, 1, 2)] == [
        "",
        "1 bout that was not you is left out of all figures.",
        "2 bouts that were not you are left out of all figures.",
    ]


def test_a_figure_that_a_day_has_nothing_of_has_no_line() -> None:
    names = [line.name for line in lines_of(DAY)]
    assert "doubtful" not in names
    assert "up after" not in names
    more = replace(DAY, figures=replace(FIGURES, doubtful_s=600.0, rose_after_s=90.0))
    assert said(more, "up after") == ("1 min", "from when it was due")
    assert said(more, "doubtful")[0] == "10 min"
    assert "10 min of it doubtful" in in_words(more)
    assert set(COLUMNS) - set(columns_of([DAY])) == {"doubtful"}
    assert columns_of([DAY, more]) == list(COLUMNS)


def test_page_and_terminal_say_the_same_of_a_day() -> None:
    day = replace(DAY, areas={"hip_flexors": 2, "psoas": 1})
    (told,) = told_days(Days([(MONDAY, day)]))
    terminal = " ".join("\n".join(page_of(MONDAY, day)).split())
    assert ["stretches", "0", "2 hip flexors, 1 psoas"] in [[*line] for line in told["lines"]]
    for name, value, more in told["lines"]:
        assert f"{name} {value}" in terminal
        assert more in terminal


def test_a_picture_reaches_from_the_first_hour_to_the_last_of_all_days() -> None:
    late = replace(STRIP, seated=((79_200.0, 86_400.0),))
    assert hours_of([STRIP]) == (9, 11)
    assert hours_of([STRIP, late]) == (9, 24)
    assert told_together(Days([(MONDAY, DAY)]))["hours"] == (9, 11)
    assert told_together(Days()) == {
        "hours": (8, 18),
        "signs": signs("doubtful"),
        "columns": told_columns(),
        "days": [],
    }


def signs(*missing: str) -> list[tuple[str, str]]:
    return [(sign, means) for sign, means in SIGNS.items() if sign not in missing]


def told_columns() -> list[str]:
    return [heading for heading in COLUMNS if heading != "doubtful"]


def test_doubtful_time_has_its_sign_where_there_is_any() -> None:
    doubtful = replace(DAY, strip=replace(STRIP, doubtful=STRIP.seated))
    assert told_together(Days([(MONDAY, doubtful)]))["signs"] == signs()


def test_a_day_is_told_in_another_language() -> None:
    (told,) = told_together(Days([(MONDAY, DAY)]), phrases("de"))["days"]
    assert told["lines"][0] == ("gesessen", "1 h 00", "100 % der Zeit vom ersten Sitzen bis zum letzten")
    assert told["in_words"] == "gesessen 1 h 00, am längsten 1 h 00, 0 volle Pausen"
    assert "100 %" in told["cells"]
