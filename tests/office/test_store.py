"""The office's database: desks and their teams over time, and every day and fact once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from device.office.store import DAY, FACT, META, Membership, OfficeStore, StoreError

MON, TUE, WED, THU = (date(2026, 11, each) for each in (23, 24, 25, 26))


def a_day(desk: str, day: date, **more: object) -> dict[str, Any]:
    figures = dict.fromkeys(("longest_min", "bouts", "breaks", "dues", "taken", "in_time"), 1)
    return {"desk": desk, "day": day, "seated_min": 300, **figures, "came": datetime(2026, 11, 30), **more}


def a_fact(desk: str, nth: int, **more: object) -> dict[str, Any]:
    row = {"desk": desk, "book": "0badcafe", "run": 1, "nth": nth, "fact": "sat", "day": TUE}
    return {**row, "at": "2026-11-24T09:00:00+01:00", "details": "{}", **more}


def count(store: OfficeStore, table: sql.Table) -> int:
    with store.reading() as connection:
        return len(connection.execute(sql.select(table)).all())


def test_a_day_and_a_fact_are_there_once_however_often_they_come(store: OfficeStore) -> None:
    store.add([a_day("d1", MON)], [a_fact("d1", 1), a_fact("d1", 2)])
    store.add([a_day("d1", MON, seated_min=9), a_day("d1", TUE)], [a_fact("d1", 2, fact="left"), a_fact("d1", 3)])
    assert (count(store, DAY), count(store, FACT)) == (2, 3)
    store.enrol("d1", "harbour", MON)
    assert [row.seated_min for row in store.days(MON, THU)] == [300, 300]


def test_a_day_is_of_the_team_that_the_desk_was_in_then(store: OfficeStore) -> None:
    store.enrol("d1", "harbour", MON)
    store.enrol("d1", "hill", WED)
    store.add([a_day("d1", each) for each in (MON, TUE, WED, THU)], [])
    assert [row.team for row in store.days(MON, THU)] == ["harbour", "harbour", "hill"]
    store.leave("d1", THU)
    assert [row.day for row in store.days(WED, date(2027, 1, 1))] == [WED], "Thursday is of no team"


def test_who_changes_teams_twice_in_a_day_is_in_the_last(store: OfficeStore) -> None:
    store.enrol("d1", "harbour", MON)
    for team in ("hill", "mill"):
        store.enrol("d1", team, TUE)
    assert store.stays() == [Membership("d1", MON, "harbour", TUE), Membership("d1", TUE, "mill", None)]


def test_a_desk_that_left_is_not_enrolled_and_may_come_back(store: OfficeStore) -> None:
    store.enrol("d1", "harbour", MON)
    store.enrol("d2", "harbour", TUE)
    store.leave("d1", TUE)
    assert store.enrolled() == {"d2": TUE}
    store.enrol("d1", "harbour", TUE)
    assert store.enrolled() == {"d1": MON, "d2": TUE}


def test_nothing_from_between_leaving_and_coming_back_is_stored(store: OfficeStore) -> None:
    store.enrol("d1", "harbour", MON)
    store.leave("d1", TUE)
    store.enrol("d1", "harbour", THU)
    assert store.enrolled() == {"d1": THU}
    store.enrol("d1", "hill", date(2026, 11, 27))
    assert store.enrolled(["d1", "d2"]) == {"d1": THU}, "a move is no gap"


def test_all_that_is_known_of_a_desk_can_be_deleted(store: OfficeStore) -> None:
    for desk in ("d1", "d2"):
        store.enrol(desk, "harbour", MON)
        store.add([a_day(desk, MON)], [a_fact(desk, 1)])
    assert store.delete_desk("d1") == 3
    assert [stay.desk for stay in store.stays()] == ["d2"]
    assert (count(store, DAY), count(store, FACT)) == (1, 1)


def test_what_is_too_old_is_deleted(store: OfficeStore) -> None:
    store.enrol("d1", "harbour", MON)
    store.enrol("d1", "hill", TUE)
    store.add([a_day("d1", MON), a_day("d1", WED)], [a_fact("d1", 1), a_fact("d1", 2, day=WED)])
    assert store.delete_before(WED) == 3
    assert (count(store, DAY), count(store, FACT)) == (1, 1)
    assert store.enrolled() == {"d1": TUE}


def test_several_write_at_once_and_every_row_is_there_once(url: str) -> None:
    def write(_: int) -> None:
        with closing(OfficeStore(url)) as store:
            store.lay_out()
            for first in range(0, 100, 10):
                store.add([], [a_fact("d1", first + each) for each in (5, 1, 9, 3, 7, 2, 8, 0, 6, 4)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))
    with closing(OfficeStore(url)) as store:
        assert count(store, FACT) == 100


def test_a_change_happens_as_a_whole_or_not_at_all(store: OfficeStore) -> None:
    def half() -> None:
        with store.changing() as connection:
            store.insert(connection, DAY, [a_day("d1", MON)])
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert count(store, DAY) == 0


def test_a_database_of_a_newer_unsit_is_left_alone(store: OfficeStore) -> None:
    with store.changing() as connection:
        connection.execute(sql.insert(META).values(layout=99))
    with pytest.raises(StoreError, match="newer Unsit: layout 99"):
        store.lay_out()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////nowhere/at/all/office.db", "No such file or directory"),
        ("postgresql+psycopg://office:Secret@127.0.0.1:1/office", "127.0.0.1"),
        ("postgresql+psycopg://office@127.0.0.1:1/office?password=Secret", "127.0.0.1"),
        ("postgresql+psycopg://office:Secret", "makes no sense"),
        ("sqlite://a:b:c/", "makes no sense"),
    ],
)
def test_a_database_that_is_not_there_is_one_line_without_its_password(url: str, says: str) -> None:
    def open_it() -> None:
        with closing(OfficeStore(url)) as store:
            store.lay_out()

    with pytest.raises(StoreError, match=says) as told:
        open_it()
    assert "\n" not in str(told.value)
    assert "Secret" not in str(told.value)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    with closing(OfficeStore(f"sqlite:///{tmp_path}/office.db")) as store:
        store.lay_out()
    assert (tmp_path / "office.db").stat().st_mode & 0o777 == 0o600


def test_what_is_committed_is_on_the_disk(tmp_path: Path) -> None:
    with closing(OfficeStore(f"sqlite:///{tmp_path}/office.db")) as store, store.reading() as connection:
        ask: Callable[[str], object] = lambda name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()  # noqa: E731
        assert (ask("journal_mode"), ask("synchronous")) == ("wal", 2)
