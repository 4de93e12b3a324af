"""Told weeks stay as they were shown, whoever comes, leaves, is moved or is forgotten in between."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.office.store import TOLD, OfficeStore, StoreError
from device.office.told_weeks import keep_up, told_week
from device.teams.figures import DeskDay
from device.teams.told_week import TeamWeek, ToldWeek
from tests.teams.attacker import isolated
from tests.teams.offices import MONDAY, Claims, claims

CLOSED = MONDAY + timedelta(days=9)
WEEKS = [MONDAY + timedelta(weeks=nth) for nth in range(3)]
Order = tuple[Any, ...]


def a_row(desk: str, day: date, seated_min: int = 300) -> dict[str, Any]:
    figures = {"longest_min": 60, "bouts": 5, "breaks": 4, "dues": 3, "taken": 2, "in_time": 1}
    return {"desk": desk, "day": day, "seated_min": seated_min, **figures, "came": datetime(2026, 12, 1)}


def enrol(store: OfficeStore, team: str, size: int, since: date = MONDAY, **more: int) -> None:
    """A team with one day each."""
    for nth in range(size):
        store.enrol(f"{team}{nth}", team, since)
        store.add([a_row(f"{team}{nth}", since, **more)], [])


def seated(store: OfficeStore, today: date = CLOSED, monday: date = MONDAY) -> dict[str, int | None]:
    week = told_week(store, monday, today)
    return {team: each.figures.get("seated_min") for team, each in week.teams.items()}


def test_a_week_is_told_once_and_late_days_change_nothing(store: OfficeStore) -> None:
    enrol(store, "hill", 5)
    assert seated(store) == {"hill": 300}
    store.enrol("late", "hill", MONDAY)
    store.add([a_row("late", MONDAY, 700)], [])
    assert seated(store) == {"hill": 300}
    assert seated(store, CLOSED + timedelta(weeks=30)) == {"hill": 300}


def test_whoever_is_forgotten_or_moved_leaves_a_told_week_as_it_was(store: OfficeStore) -> None:
    enrol(store, "hill", 6)
    before = told_week(store, MONDAY, CLOSED)
    store.delete_desk("hill0")
    store.enrol("hill1", "mill", MONDAY)
    assert told_week(store, MONDAY, CLOSED) == before


def test_whoever_is_forgotten_before_is_in_no_figure(store: OfficeStore) -> None:
    enrol(store, "hill", 5)
    store.delete_desk("hill0")
    assert seated(store) == {"hill": None}


def test_a_week_that_isn_t_closed_tells_nothing_and_is_not_kept(store: OfficeStore) -> None:
    enrol(store, "hill", 5)
    assert seated(store, CLOSED - timedelta(days=1)) == {}
    assert store.told(MONDAY) is None
    assert seated(store, CLOSED) == {"hill": 300}


def test_a_week_of_which_nothing_has_come_may_be_told_later(store: OfficeStore) -> None:
    assert told_week(store, MONDAY, CLOSED) == ToldWeek(MONDAY, {}, TeamWeek())
    enrol(store, "hill", 5)
    assert seated(store) == {"hill": 300}


def test_of_two_that_tell_a_week_at_once_the_first_holds(store: OfficeStore) -> None:
    assert store.keep_told(MONDAY, "one") == "one"
    assert store.keep_told(MONDAY, "two") == "one"


@pytest.mark.parametrize("says", ["", "[]", "{}", '{"teams": [], "together": {}}', '{"teams": {"a": 1}}'])
def test_what_was_told_and_makes_no_sense_is_one_line(store: OfficeStore, says: str) -> None:
    store.keep_told(MONDAY, says)
    with pytest.raises(StoreError, match="what it told about 2026-W47 makes no sense"):
        told_week(store, MONDAY, CLOSED)


def test_reports_at_the_same_moment_say_the_same_though_days_go(url: str) -> None:
    together = Barrier(6)

    def ask(nth: int) -> dict[str, Any]:
        with closing(OfficeStore(url)) as own:
            together.wait()
            own.delete_desk(f"hill{nth}")
            return dict(told_week(own, MONDAY, CLOSED).as_data())

    with closing(OfficeStore(url)) as store:
        store.lay_out()
        enrol(store, "hill", 10)
        store.add([a_row(f"hill{nth}", MONDAY + timedelta(1), 500 - 80 * nth) for nth in range(6)], [])
    with ThreadPoolExecutor(6) as threads:
        first, *others = threads.map(ask, range(6))
    assert [each for each in others if each != first] == []


def test_what_is_too_old_is_told_and_then_deleted_in_whole_weeks(store: OfficeStore) -> None:
    enrol(store, "hill", 5)
    enrol(store, "mill", 5, MONDAY + timedelta(weeks=1))
    today = MONDAY + timedelta(weeks=5, days=3)
    assert keep_up(store, 5, today) == 0
    assert keep_up(store, 4, today) == 5
    assert [row.team for row in store.days(MONDAY, today)] == ["mill"] * 5
    assert seated(store) == {"hill": 300}, "nobody had asked before"


def test_told_weeks_are_kept_five_years_longer_than_days_and_no_longer(store: OfficeStore) -> None:
    enrol(store, "hill", 5)
    keep_up(store, 4, MONDAY + timedelta(weeks=264))
    assert store.told(MONDAY) is not None
    keep_up(store, 4, MONDAY + timedelta(weeks=265))
    assert store.told(MONDAY) is None


def test_nothing_of_a_forgotten_desk_is_left_in_the_files(tmp_path: Path) -> None:
    with closing(OfficeStore(f"sqlite:///{tmp_path}/office.db")) as store:
        store.lay_out()
        for desk in ("desk-badcafe0", "desk-00c0ffee"):
            store.enrol(desk, "hill", MONDAY)
            facts = [
                {"desk": desk, "book": "0badcafe", "run": 1, "nth": nth, "fact": "sat", "at": f"{desk} at nine",
                 "day": MONDAY, "details": "{}"}
                for nth in range(300)
            ]  # fmt: skip
            store.add([a_row(desk, MONDAY + timedelta(day)) for day in range(300)], facts)
        assert store.delete_desk("desk-badcafe0") == 601
        store.scrub()
        left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"desk-00c0ffee" in left
        assert b"desk-badcafe0" not in left


def test_scrubbing_keeps_the_rest(store: OfficeStore) -> None:
    enrol(store, "hill", 6)
    store.delete_desk("hill0")
    store.scrub()
    assert len(store.days(MONDAY, CLOSED)) == 5
    store.add([a_row("hill1", MONDAY + timedelta(1))], [])
    assert len(store.days(MONDAY, CLOSED)) == 6


# ---- an attacker who asks again and again


@st.composite
def lives(draw: st.DrawFn) -> list[Order]:
    """Days come, desks are enrolled, moved and deleted, and reports are asked for in between."""
    desks = [f"d{nth}" for nth in range(draw(st.integers(4, 24)))]
    teams = "abc"[: draw(st.integers(1, 3))]
    begin: list[Order] = [("enrol", desk, draw(st.sampled_from(teams)), MONDAY) for desk in desks]
    week, desk, team = st.sampled_from(WEEKS), st.sampled_from(desks), st.sampled_from(teams)
    here = [("days", each, set(draw(st.sets(desk, min_size=len(desks) // 2)))) for each in WEEKS]
    later = st.one_of(
        st.tuples(st.just("days"), week, st.sets(desk, max_size=3)),
        st.tuples(st.just("enrol"), desk, team, week),
        st.tuples(st.just("forget"), desk),
        st.tuples(st.just("leave"), desk, week),
        st.tuples(st.just("ask"), week),
    )
    return [*begin, *here, *draw(st.lists(later, max_size=12)), *(("ask", each) for each in WEEKS)]


@given(lives())
@settings(max_examples=40)
def test_whatever_happens_between_reports_all_answers_together_single_nobody_out(life: list[Order]) -> None:
    today = WEEKS[-1] + timedelta(days=9)
    known: dict[date, Claims] = {}
    shown: dict[date, ToldWeek] = {}
    with tempfile.TemporaryDirectory() as folder, closing(OfficeStore(f"sqlite:///{folder}/office.db")) as store:
        store.lay_out()
        for what, *about in life:
            if what != "ask":
                _do(store, what, *about)
                continue
            monday = about[0]
            days = _days_of(store, monday)
            week = told_week(store, monday, today)
            if monday in shown:
                assert week == shown[monday], "a second answer that differs would be subtracted from the first"
            elif days:
                shown[monday], known[monday] = week, claims(week, days)
    for found in known.values():
        for groups in found.values():
            assert isolated(groups.values()) is None
            assert all(len(desks) >= 5 for desks in groups.values())


def _do(store: OfficeStore, what: str, *about: Any) -> None:
    if what == "days":
        store.add([a_row(desk, about[0]) for desk in sorted(about[1])], [])
    elif what == "enrol":
        store.enrol(*about)
    elif what == "leave":
        store.leave(*about)
    else:
        store.delete_desk(*about)


def _days_of(store: OfficeStore, monday: date) -> list[DeskDay]:
    rows = store.days(monday, monday + timedelta(weeks=1))
    return [DeskDay(row.desk, row.team, row.day, row.seated_min, row.longest_min, row.dues, row.taken) for row in rows]


def test_the_attack_would_find_a_report_that_reckons_anew(store: OfficeStore) -> None:
    enrol(store, "hill", 6)
    before = claims(told_week(store, MONDAY, CLOSED), _days_of(store, MONDAY))
    store.delete_desk("hill0")
    with store.changing() as connection:
        connection.execute(TOLD.delete())
    after = claims(told_week(store, MONDAY, CLOSED), _days_of(store, MONDAY))
    for figure, groups in before.items():
        assert isolated([*groups.values(), *after[figure].values()]) == frozenset({"hill0"})
