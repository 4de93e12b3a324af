"""A report puts told weeks side by side, and compares the last with those before."""

from __future__ import annotations

from datetime import timedelta

from device.teams.holding_back import roughly
from device.teams.report import report
from device.teams.told_week import TeamWeek, ToldWeek, tell
from tests.teams.offices import MONDAY, office

SEATED, TAKEN = "seated_min", "taken_percent"


def week(nth: int, together: TeamWeek | None = None, **teams: TeamWeek) -> ToldWeek:
    return ToldWeek(MONDAY + timedelta(weeks=nth), teams, together or TeamWeek())


def seated(minutes: int, without: tuple[str, ...] = ()) -> TeamWeek:
    return TeamWeek({SEATED: minutes}, (5, 9), without)


def test_the_trend_is_against_the_mean_of_the_weeks_before_and_rounded_as_the_figure() -> None:
    told = report([week(0, a=seated(300)), week(1, a=seated(315)), week(2, a=seated(330))])
    assert told.teams[0].trends == {SEATED: 30}
    told = report([week(0, a=seated(300)), week(1, a=seated(330)), week(2, a=seated(285))])
    assert told.teams[0].trends == {SEATED: -30}


def test_weeks_that_are_held_back_are_passed_over() -> None:
    told = report([week(0, a=seated(300)), week(1, a=TeamWeek()), week(2), week(3, a=seated(300))])
    assert told.teams[0].trends == {SEATED: 0}
    assert [bool(each.figures) for each in told.teams[0].weeks] == [True, False, False, True]


def test_there_is_no_trend_of_a_week_that_is_held_back_nor_of_the_first() -> None:
    assert report([week(0, a=seated(300)), week(1, a=TeamWeek())]).teams[0].trends == {}
    assert report([week(0, a=seated(300))]).teams[0].trends == {}


def test_everybody_isn_t_compared_with_those_teams_alone_that_are_shown() -> None:
    together = [seated(300), seated(420, (SEATED,)), seated(315)]
    told = report([week(nth, each, a=TeamWeek()) for nth, each in enumerate(together)])
    assert told.together.trends == {SEATED: 15}


def test_teams_are_in_the_order_of_their_names_and_all_are_listed() -> None:
    told = report([tell(MONDAY, office({"sales": 5, "IT": 3, "Board": 1}))])
    assert [each.team for each in told.teams] == ["Board", "IT", "sales"]
    assert [each.is_ever_shown for each in told.teams] == [False, False, True]
    assert [each.team for each in told.shown] == [None, "sales"]
    assert [each.desks for each in told.teams] == [None, None, (5, 9)]
    assert told.mondays == [MONDAY]


def test_weeks_from_before_there_was_anything_are_left_out_but_for_the_last() -> None:
    some = week(2, a=seated(300))
    assert report([week(0), week(1), some, week(3)]).mondays == [some.monday, week(3).monday]
    assert report([week(0), week(1)]).mondays == [week(1).monday]


def test_many_desks_are_told_as_a_thousand_or_more() -> None:
    assert roughly(4711) == (1000, None)
