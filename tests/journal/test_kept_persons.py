"""Days of several people on one chair: each has their own, kept or added up afresh, and together they are the total."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.history.diary import Days
from device.history.shares import of_person, persons_in
from device.journal.kept_days import days_of, keep_days
from device.settings.settings import Persons
from device.words.events import Order
from tests.journal.test_kept_days import HALF_HOURLY, Deed, afresh, deeds, told
from tests.world import World

NAMES = ("Anna", "Bob", "Cleo D.")
SHARED = replace(HALF_HOURLY, persons=Persons(NAMES))
SUMMED = (
    *("seated_s", "doubtful_s", "breaks", "full_breaks", "due", "in_time", "late", "not_taken"),
    *("snoozes", "mutes", "enough", "sounds", "stretches_done"),
)

people: st.SearchStrategy[Deed] = st.one_of(
    st.sampled_from(NAMES).map(lambda name: lambda world: _name(world, name)),
    st.integers(1, 3).map(lambda times: lambda world: _answer(world, times)),
    st.just(lambda world: world.push()),
)
of_people: st.SearchStrategy[Deed] = st.one_of(
    deeds,
    people,
    st.floats(1.0, 120.0).map(lambda s: lambda world: world.rise(seconds=round(s, 3))),
    st.floats(1.0, 120.0).map(lambda s: lambda world: world.sit(seconds=round(s, 3))),
)


def _name(world: World, name: str) -> None:
    """Somebody names the person on the page, a moment before and after all else."""
    world.wait(seconds=0.01)
    world.choose("person", name)
    world.wait(seconds=0.01)


def _answer(world: World, times: int) -> None:
    """Somebody sits down and presses, perhaps asked who they are."""
    world.sit(seconds=6)
    for _ in range(times):
        world.push()


def lived(folder: Path, life: list[Deed]) -> World:
    world = World(folder, SHARED)
    world.choose("safety_seen", "")
    for deed in life:
        deed(world)
    return world


def assert_the_sum_is_the_total(days: Days) -> None:
    for day, each in days.items():
        for name in SUMMED:
            parts = [getattr(own.figures, name) for own in each.own.values()]
            assert sum(parts) == pytest.approx(getattr(each.figures, name)), (day, name)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.lists(of_people, max_size=30))
def test_kept_or_afresh_each_has_their_days_and_the_sum_over_all_is_the_total(
    tmp_path_factory: pytest.TempPathFactory, life: list[Deed]
) -> None:
    world = lived(tmp_path_factory.mktemp("world"), life)
    world.stop()
    for _ in range(2):
        days = told(world.file)
        assert days == afresh(world.file)
        assert_the_sum_is_the_total(days)


def week_of_two(folder: Path) -> World:
    """Anna sits in the morning and Bob in the afternoon, for a week; each week day the same."""
    world = World(folder, SHARED)
    world.choose("safety_seen", "")
    for _ in range(7):
        world.choose("person", "Anna")
        world.sit(minutes=40)
        world.rise(hours=4)
        world.sit(seconds=6)
        world.push()
        world.wait(minutes=20)
        world.rise(seconds=(19 * 60 - 6) * 60)
    return world


def test_the_days_of_each_are_kept_beside_those_of_everybody(tmp_path: Path) -> None:
    world = week_of_two(tmp_path)
    world.stop()
    days = told(world.file)
    assert persons_in(days.values()) == ["Anna", "Bob"]
    anna, bob = of_person(days, "Anna"), of_person(days, "Bob")
    assert {round(day.figures.seated_s) for day in anna.values()} == {2400}
    assert {round(day.figures.seated_s) for day in bob.values()} == {1206}
    assert [day.streak for day in anna.values()] != [day.streak for day in bob.values()]
    with closing(sqlite3.connect(world.file)) as connection:
        kept = [day for (day,) in connection.execute("SELECT day FROM day ORDER BY day")]
        assert kept[:3] == ["2026-03-02", "2026-03-02 Anna", "2026-03-02 Bob"]
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    day = min(days)
    assert days_of(world.file, {}, 900.0, day, day)[day].own["Bob"].figures == bob[day].figures


def test_who_is_named_but_has_not_sat_yet_puts_off_what_is_kept(tmp_path: Path) -> None:
    world = week_of_two(tmp_path)
    keep_days(world.file)
    with closing(sqlite3.connect(world.file)) as connection:
        before = connection.execute("SELECT day FROM added_up").fetchall()
    world.choose("person", "Cleo D.")
    world.order(Order.MUTE)
    world.wait(hours=3)
    keep_days(world.file)
    with closing(sqlite3.connect(world.file)) as connection:
        assert connection.execute("SELECT day FROM added_up").fetchall() == before
    world.sit(minutes=40)
    world.rise(minutes=20)
    world.stop()
    assert told(world.file) == afresh(world.file)
    with closing(sqlite3.connect(world.file)) as connection:
        assert connection.execute("SELECT day FROM added_up").fetchall() == before
    assert persons_in(told(world.file).values()) == ["Anna", "Bob", "Cleo D."]


def test_whose_a_sitting_is_stays_known_once_the_fact_about_it_is_deleted(tmp_path: Path) -> None:
    world = week_of_two(tmp_path)
    world.crash()
    for _ in range(3):
        world.sit(minutes=50)
        world.rise(minutes=20)
    world.stop()
    days = told(world.file)
    last = max(days)
    assert days[last].own["Bob"].figures.seated_s == pytest.approx(9000, abs=5)
    with closing(sqlite3.connect(world.file)) as connection, connection:
        for table in ("day", "added_up"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM fact WHERE run = 1")
        connection.execute("DELETE FROM run WHERE id = 1")
    assert told(world.file)[last].own["Bob"].figures.seated_s == pytest.approx(9000, abs=5)


@pytest.mark.parametrize("key", ["2026-03-02 A\x1b[2J", "2026-13-02 Anna", "x Anna"])
def test_a_kept_page_of_nobody_is_made_again(tmp_path: Path, key: str) -> None:
    world = week_of_two(tmp_path)
    world.stop()
    days = told(world.file)
    with closing(sqlite3.connect(world.file)) as connection, connection:
        connection.execute("INSERT INTO day VALUES (?, '[[],[],[]]', '[]')", (key,))
    assert told(world.file) == days == afresh(world.file)


def test_a_kept_page_that_makes_no_sense_is_made_again(tmp_path: Path) -> None:
    world = week_of_two(tmp_path)
    world.stop()
    days = told(world.file)
    with closing(sqlite3.connect(world.file)) as connection, connection:
        connection.execute("UPDATE day SET page = '{}' WHERE day LIKE '% Bob'")
    assert told(world.file) == days == afresh(world.file)


def test_before_there_were_names_a_day_is_nobody_s_and_one_name_alone_makes_no_choice(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=30)
    world.rise(hours=2)
    world.start_of = replace(world.start_of, settings=SHARED)
    world.crash()
    world.sit(minutes=20)
    world.rise(hours=1)
    world.stop()
    (day,) = told(world.file).values()
    assert {person: round(each.figures.seated_s) for person, each in day.own.items()} == {"Anna": 1200}
    assert persons_in([day]) == []
    assert told(world.file) == afresh(world.file)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(
            st.floats(1.0, 3000.0).map(lambda s: lambda world: world.sit(seconds=round(s, 3))),
            st.floats(1.0, 800.0).map(lambda s: lambda world: world.rise(seconds=round(s, 3))),
            st.sampled_from(NAMES).map(lambda name: lambda world: world.choose("person", name)),
            st.just(lambda world: world.push()),
        ),
        max_size=16,
    )
)
def test_the_panel_has_the_figures_of_the_history(tmp_path_factory: pytest.TempPathFactory, life: list[Deed]) -> None:
    """It is so short that no midnight is in it, and no absence that closes the day."""
    world = lived(tmp_path_factory.mktemp("world"), life)
    world.rise(minutes=20)
    snapshot = world.coach.snapshot()
    world.stop()
    own = [day.own[snapshot.person] for day in afresh(world.file).values() if snapshot.person in day.own]
    figures = own[0].figures if own else None
    for name in ("seated_s", "bouts", "longest_s", "breaks", "full_breaks", "due", "in_time", "late"):
        expected = getattr(figures, name) if figures else 0
        assert getattr(snapshot.today, name) == pytest.approx(expected), name
