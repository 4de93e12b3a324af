"""No shown figure, and no sum or difference of them, is about one to four people; and all that is safe is shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings

from device.teams.figures import FIGURES, DeskDay
from device.teams.told_week import TeamWeek, tell, told_from
from tests.teams.attacker import isolated
from tests.teams.offices import MONDAY, claims, desk_day, office, parts, weeks_of_days

SEATED, LONGEST, TAKEN = (figure.name for figure in FIGURES)


@given(weeks_of_days())
@settings(max_examples=60)
def test_nothing_that_is_shown_or_reckoned_from_it_is_about_one_to_four_people(days: list[DeskDay]) -> None:
    for about in claims(tell(MONDAY, days), days).values():
        assert all(len(desks) >= 5 for desks in about.values())
        assert isolated(about.values()) is None


@given(weeks_of_days())
@settings(max_examples=60)
def test_every_shown_figure_is_the_rounded_mean_of_those_whom_it_is_said_to_be_about(days: list[DeskDay]) -> None:
    week, own = tell(MONDAY, days), parts(days)
    for figure, about in claims(week, days).items():
        part = {desk: each for desks in own[figure].values() for desk, each in desks.items()}
        for team, desks in about.items():
            said = (week.teams[team] if team else week.together).figures[figure.name]
            mean = sum(part[desk] for desk in desks) / len(desks)
            assert said % figure.step == 0
            assert figure.low <= said <= figure.high
            assert abs(said - min(max(mean, figure.low), figure.high)) <= figure.step / 2 + 1e-9


@given(weeks_of_days())
@settings(max_examples=60)
def test_nobody_is_more_than_half_of_what_is_shown_or_of_what_is_left_when_it_is_subtracted(
    days: list[DeskDay],
) -> None:
    own = parts(days)
    for figure, about in claims(tell(MONDAY, days), days).items():
        part = {desk: each for desks in own[figure].values() for desk, each in desks.items()}
        teams = frozenset().union(*(desks for team, desks in about.items() if team))
        rest = about.get("", frozenset()) - teams
        for desks in [*about.values(), rest] if rest else about.values():
            assert max(part[desk] for desk in desks) <= sum(part[desk] for desk in desks) / 2 + 1e-9


@given(weeks_of_days())
@settings(max_examples=60)
def test_all_that_is_safe_is_shown_and_everybody_is_left_out_only_where_that_would_leak(days: list[DeskDay]) -> None:
    own = parts(days)
    for figure, about in claims(tell(MONDAY, days), days).items():
        teams = own[figure]
        safe = {team for team, each in teams.items() if _is_safe(list(each.values()))}
        assert about.keys() - {""} == safe
        everybody = frozenset(desk for desks in teams.values() for desk in desks)
        if about.get("") != everybody and everybody:
            rest = [part for team, each in teams.items() if team not in safe for part in each.values()]
            assert isolated([*about.values(), everybody]) or not _is_safe(rest)


def _is_safe(each: Sequence[float]) -> bool:
    return len(each) >= 5 and max(each) * 2 <= sum(each) + 1e-9


@given(weeks_of_days())
@settings(max_examples=30)
def test_how_many_desks_there_are_is_said_only_roughly(days: list[DeskDay]) -> None:
    week = tell(MONDAY, days)
    bounds = {(5, 9), (10, 19), (20, 49), (50, 99), (100, 199)}
    for each in (*week.teams.values(), week.together):
        assert (each.desks is None) == (not each.figures)
        assert each.desks is None or each.desks in bounds


@given(weeks_of_days())
@settings(max_examples=30)
def test_a_told_week_comes_back_from_json_as_it_was(days: list[DeskDay]) -> None:
    week = tell(MONDAY, days)
    assert told_from(MONDAY, json.loads(json.dumps(week.as_data()))).as_data() == week.as_data()


@given(weeks_of_days())
@settings(max_examples=30)
def test_the_order_of_the_days_changes_nothing(days: list[DeskDay]) -> None:
    assert tell(MONDAY, days[::-1]).as_data() == tell(MONDAY, days).as_data()


# ---- examples


def test_a_team_of_four_is_held_back_and_all_together_leaves_it_out() -> None:
    week = tell(MONDAY, [*office({"big": 12, "mid": 6}), *office({"few": 4}, seated_min=600)])
    assert week.teams["few"] == TeamWeek()
    assert week.teams["big"].figures == {SEATED: 300, LONGEST: 60, TAKEN: 65}
    assert week.together.figures[SEATED] == 300
    assert week.together.without == (SEATED, LONGEST, TAKEN)
    assert week.together.desks == (10, 19)


def test_two_small_teams_are_in_all_together_since_nobody_can_tell_them_apart() -> None:
    week = tell(MONDAY, office({"big": 12, "few": 4, "one": 1}))
    assert week.together.without == ()
    assert week.together.desks == (10, 19)
    assert not week.teams["few"].figures
    assert not week.teams["one"].figures


def test_an_office_of_small_teams_has_figures_of_all_together_only() -> None:
    week = tell(MONDAY, office({"a": 3, "b": 3}))
    assert not any(each.figures for each in week.teams.values())
    assert week.together.figures[SEATED] == 300


def test_an_office_of_four_has_no_figures() -> None:
    week = tell(MONDAY, office({"a": 2, "b": 2}))
    assert week.together == TeamWeek()
    assert tell(MONDAY, []).together == TeamWeek()


def test_a_share_of_breaks_is_of_five_who_had_any_due() -> None:
    days = [*office({"a": 4}), *(desk_day(f"a{nth}", "a", dues=0, taken=0) for nth in (5, 6, 7))]
    assert set(tell(MONDAY, days).teams["a"].figures) == {SEATED, LONGEST}


def test_a_desk_at_which_nobody_sat_all_week_counts_for_nothing() -> None:
    days = [*office({"a": 4}), desk_day("a9", "a", seated_min=0, longest_min=0, dues=0, taken=0)]
    assert not tell(MONDAY, days).teams["a"].figures


def test_one_person_who_is_most_of_a_sum_holds_the_team_back() -> None:
    days = [*office({"a": 5}, seated_min=10, longest_min=10), desk_day("a9", "a", seated_min=600, longest_min=50)]
    assert set(tell(MONDAY, days).teams["a"].figures) == {LONGEST, TAKEN}


def test_who_was_moved_in_the_week_is_in_the_last_team_with_the_whole_week() -> None:
    days = office({"a": 5, "b": 5})
    moved = [replace(day, team="b") for day in days if day.desk == "a0" and day.day.weekday() == 4]
    week = tell(MONDAY, [day for day in days if (day.desk, day.day.weekday()) != ("a0", 4)] + moved)
    assert week.teams["a"] == TeamWeek()
    assert week.teams["b"].desks == (5, 9)


def test_a_forgotten_bag_on_the_chair_shifts_the_mean_by_no_more_than_twelve_hours() -> None:
    days = [*office({"a": 9}, seated_min=240), desk_day("bag", "a", seated_min=1440)]
    assert tell(MONDAY, days).teams["a"].figures[SEATED] == 285


@pytest.mark.parametrize(("taken", "said"), [(0, 10), (3, 90), (2, 65)])
def test_where_all_are_at_an_end_of_the_range_it_is_said_as_that_or_beyond(taken: int, said: int) -> None:
    assert tell(MONDAY, office({"a": 5}, taken=taken)).teams["a"].figures[TAKEN] == said


# ---- the attacker is able


def test_the_attacker_finds_who_is_left_when_teams_are_subtracted_from_all() -> None:
    assert isolated([range(5), range(5, 12), range(15)]) == frozenset({12, 13, 14})


def test_the_attacker_finds_who_has_left_between_two_reports_of_one_week() -> None:
    assert isolated([range(9), range(8)]) == frozenset({8})


def test_the_attacker_finds_the_overlap_of_two_groups_from_their_union() -> None:
    assert isolated([range(7), range(5, 12), range(12)]) == frozenset({5, 6})


def test_the_attacker_finds_nobody_in_two_teams_and_their_sum() -> None:
    assert isolated([range(5), range(5, 12), range(12)]) is None
    assert isolated([range(3)]) == frozenset({0, 1, 2})
    assert isolated([]) is None


def test_the_attacker_finds_what_a_total_of_everybody_would_give_away() -> None:
    days = office({"big": 12, "mid": 6, "few": 4})
    about = claims(tell(MONDAY, days), days)[FIGURES[0]]
    everybody = {day.desk for day in days}
    assert isolated([*about.values(), everybody]) == frozenset({f"few{nth}" for nth in range(4)})


def test_a_week_with_shown_and_held_back_teams_comes_back_from_json() -> None:
    week = tell(MONDAY, office({"a": 5, "b": 4}))
    assert told_from(MONDAY, json.loads(json.dumps(week.as_data()))) == week
