"""Days of several people as tables, pages, objects and sheets, and whose each fact is."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta, timezone

import pytest

from device.history.diary import Days
from device.history.shares import by_day, of_person, persons_in
from device.history.tables import csv_of, json_of, page_of, table_of
from device.stages.people import Owners
from device.words.facts import Fact
from device.words.record import Run
from tests.facts import details_of, fact_of

MONDAY = date(2026, 3, 2)
MORNING = [
    fact_of(100.0, 105.0, "sat"),
    fact_of(100.0, 105.0, "person", {"person": "Anna", "before": ""}),
    fact_of(3700.0, 3715.0, "left"),
    fact_of(3700.0, 3760.0, "bout", {"start": 100.0, "seated_s": 3600.0}),
    fact_of(3820.0, 3820.0, "full_break"),
    fact_of(9000.0, 9005.0, "sat"),
    fact_of(9000.0, 9020.0, "person", {"person": "Bob, Jr.", "before": "Anna"}),
    fact_of(10200.0, 10215.0, "left"),
    fact_of(10200.0, 10260.0, "bout", {"start": 9000.0, "seated_s": 1200.0}),
]


def days_of(*facts: Fact) -> Days:
    reads = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=1)))
    return by_day([Run(facts, 0.0, 12_000.0, None, reads)], {})


def test_a_table_has_a_line_for_each_below_the_day() -> None:
    lines = list(table_of(days_of(*MORNING)))
    assert [line.split()[0] for line in lines[1:4]] == ["Mon", "Anna", "Bob,"]
    assert "1 h 20" in lines[1]
    assert ("1 h 00" in lines[2], "20 min" in lines[3]) == (True, True)
    assert len({len(line) for line in lines[:4]}) == 1


def test_a_day_alone_has_a_line_for_each() -> None:
    days = days_of(*MORNING)
    page = list(page_of(MONDAY, days[MONDAY]))
    assert "  Anna                  seated 1 h 00, longest 1 h 00, 1 full break" in page
    assert "  Bob, Jr.              seated 20 min, longest 20 min, 0 full breaks" in page


def test_objects_have_the_figures_of_each_under_their_name() -> None:
    (told,) = map(json.loads, json_of(days_of(*MORNING)))
    assert {name: own["seated_s"] for name, own in told["persons"].items()} == {"Anna": 3600.0, "Bob, Jr.": 1200.0}
    assert told["seated_s"] == 4800.0


def test_a_sheet_has_a_line_for_each_behind_that_of_everybody() -> None:
    rows = list(csv.DictReader(csv_of(days_of(*MORNING))))
    assert [(row["person"], row["seated_s"]) for row in rows] == [("", "4800"), ("Anna", "3600"), ("Bob, Jr.", "1200")]


def test_with_one_person_a_table_and_a_sheet_are_as_without_names() -> None:
    alone = [fact for fact in MORNING if fact.name != "person"]
    for facts in (alone, MORNING[:5]):
        days = days_of(*facts)
        assert len(list(table_of(days))) == 6
        assert next(iter(csv_of(days))).startswith("day,seated_s,")
        assert "Anna" not in "".join(page_of(MONDAY, days[MONDAY]))
    assert "persons" not in json.loads(next(iter(json_of(days_of(*alone)))))


def test_a_day_on_which_one_of_them_did_not_sit_has_no_line_for_them() -> None:
    day = 86_400.0
    later = [
        *MORNING,
        fact_of(day, day + 5, "sat"),
        fact_of(day + 600, day + 615, "left"),
        fact_of(day + 600, day + 660, "bout", {"start": day, "seated_s": 600.0}),
    ]
    reads = datetime(2026, 3, 3, 12, tzinfo=timezone(timedelta(hours=1)))
    days = by_day([Run(later, 0.0, 12_000.0 + day, None, reads)], {})
    assert [line.split()[0] for line in list(table_of(days))[1:6]] == ["Mon", "Anna", "Bob,", "Tue", "Bob,"]
    assert [row["person"] for row in csv.DictReader(csv_of(days))] == ["", "Anna", "Bob, Jr.", "", "Bob, Jr."]


def test_the_days_of_one_person_are_a_history_of_its_own() -> None:
    days = days_of(*MORNING)
    assert persons_in(days.values()) == ["Anna", "Bob, Jr."]
    bob = of_person(days, "Bob, Jr.")[MONDAY]
    assert (bob.figures.seated_s, bob.strip.seated_s, len(bob.strip.seated)) == (1200.0, 1200.0, 1)
    assert of_person(days, "Dora") == {}


def test_what_comes_with_a_sitting_or_is_found_out_late_is_of_who_sat_before() -> None:
    owners = Owners()
    late = [
        *MORNING[:6],
        fact_of(9000.0, 9005.0, "break_cut_short"),
        fact_of(3820.0, 9006.0, "full_break"),
        *MORNING[6:],
        fact_of(11_000.0, 11_000.0, "panel_lost"),
    ]
    shared = [(fact.name, owner) for fact, owner in owners.share(late)]
    assert shared[5:8] == [("sat", "Bob, Jr."), ("break_cut_short", "Anna"), ("full_break", "Anna")]
    assert shared[-1] == ("panel_lost", "Bob, Jr.")


def test_a_later_word_about_the_same_time_replaces_the_earlier_ones() -> None:
    owners = Owners("Anna")
    words = [
        fact_of(100.0, 105.0, "sat"),
        fact_of(160.0, 160.0, "person", {"person": "Bob", "before": "Anna"}),
        fact_of(170.0, 175.0, "sat"),
        fact_of(100.0, 200.0, "person", {"person": "Cleo", "before": "Bob"}),
    ]
    assert [owner for fact, owner in owners.share(words) if fact.name == "sat"] == ["Cleo", "Cleo"]
    assert owners.in_force == "Cleo"


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_run_that_does_not_go_on_begins_with_who_was_in_force(goes_on: bool) -> None:
    reads = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=1)))
    later = [
        *([fact_of(12_010.0, 12_010.0, "resumed", {"cut_at": 12_000.0})] if goes_on else []),
        fact_of(12_020.0, 12_025.0, "sat"),
        fact_of(12_620.0, 12_635.0, "left"),
    ]
    runs = [
        Run(MORNING, 0.0, 12_000.0, None, reads),
        Run(later, 12_005.0, 13_000.0, None, reads + timedelta(minutes=17)),
    ]
    day = by_day(runs, {})[MONDAY]
    assert {who: own.figures.seated_s for who, own in day.own.items()} == {"Anna": 3600.0, "Bob, Jr.": 1800.0}
    assert details_of(MORNING[1]) == {"person": "Anna", "before": ""}
