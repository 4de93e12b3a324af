"""A day out of the journal, played again, is the same day; and no cut takes or adds a second that it shouldn't."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.__main__ import main
from device.history.day_file import DayRow, RecordedDay, write_day
from device.history.shares import by_day
from device.journal.deletion import forget
from device.journal.export import Exported, NothingKeptError, export
from device.journal.inputs import CHANGED
from device.journal.layout import open_journal
from device.journal.reader import record, runs
from device.run.telling import fact_line
from device.settings.settings import Limits, PageSettings, ReminderSettings, Settings, Sounds, Stretching
from device.words.events import Order
from device.words.facts import Fact
from tests.world import BEGAN, World, shifted, written

MONDAY = BEGAN.date()
HALF_HOURLY = Settings(
    limits=Limits(invite_after_s=1500.0, due_after_s=1800.0),
    reminders=ReminderSettings(mute_s=900.0),
    sounds=Sounds(hours="08:10-23:30"),
)

IN_HOUSE = replace(HALF_HOURLY, page=PageSettings(reach="house"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, HALF_HOURLY)


def replayed(exported: Exported, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The facts of the day file, as the command prints them."""
    assert main(["replay", str(written(exported.day, folder))]) == 0
    return capsys.readouterr().out.splitlines()


def kept_facts(exported: Exported) -> list[str]:
    """The journal's own, of the same time, said as the file has it."""
    facts: list[Fact] = [fact for each in exported.kept for fact in each.run.facts]
    end = exported.begins + exported.day.end
    of_it = [fact for fact in facts if exported.begins < fact.said <= end]
    return [fact_line(fact) for fact in shifted(of_it, exported.begins)]


def exported_days(world: World) -> Iterator[Exported]:
    """Each day of the journal of which anything is kept."""
    for day in {run.when(t).date() for run in runs(world.file) for t in (run.began_s, run.seen_s)}:
        with suppress(NothingKeptError):
            yield export(record(world.file), day)


def a_busy_day(world: World) -> None:
    """Sit, be reminded, stretch, snooze, mute, over a crash and a cut."""
    world.wait(minutes=2)
    world.sit(minutes=32)
    world.rise(minutes=4)
    world.sit(minutes=31)
    world.push(1.5)
    world.wait(minutes=10)
    world.crash()
    world.push()
    world.rise(minutes=1)
    world.push()
    world.rise(minutes=6)
    world.sit(minutes=20)
    world.cut_power(70)
    world.wait(minutes=20)
    world.push(1.5)
    world.rise(minutes=10)


def test_a_busy_day_played_again_has_the_same_facts(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_busy_day(world)
    world.stop()
    exported = export(record(world.file), MONDAY)
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    names = {json.loads(line)["fact"] for line in told}
    assert names >= {
        "due",
        "sound",
        "snoozed",
        "stretch_done",
        "resumed",
        "power_cut",
        "clock_stepped",
        "break_honoured",
    }


def test_the_next_day_begins_at_the_last_full_break_before_it_and_knows_the_routines(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_busy_day(world)
    world.wait(hours=14.3 - world.real_s / 3600)
    world.sit(minutes=50)
    world.rise(seconds=30)
    world.sit(hours=1)
    world.rise(minutes=5)
    world.wait(hours=8)
    world.sit(minutes=40)
    world.rise(minutes=5)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=1))
    assert exported.day.routines
    assert exported.day.shows_at_start is not None
    assert exported.day.shows_at_start.date() == MONDAY
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    assert sum(json.loads(line)["fact"] == "due" for line in told) == 2


def test_a_day_on_a_seat_that_isnt_trusted_begins_before_the_doubt_and_is_the_same_played_again(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.sit(minutes=40)
    world.rise(minutes=10)
    world.sit(hours=25)
    world.rise(minutes=10)
    world.sit(minutes=2)
    world.rise(hours=20)
    world.sit(minutes=50)
    world.rise(minutes=5)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=2))
    assert exported.day.shows_at_start is not None
    assert exported.day.shows_at_start.date() == MONDAY
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    names = [json.loads(line)["fact"] for line in told]
    assert (names.count("seat_doubted"), names.count("seat_trusted")) == (1, 1)


def test_the_settings_of_then_come_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path, Settings(limits=Limits(invite_after_s=600.0, due_after_s=600.0)))
    world.sit(minutes=15)
    world.rise(minutes=5)
    world.stop()
    exported = export(record(world.file), MONDAY)
    assert 'limits.due_after="10min"' in exported.day.carried[0.0]
    told = replayed(exported, tmp_path, capsys)
    assert [json.loads(line)["t"] for line in told if "due" in line][:1] == [600.001]


def test_a_day_on_which_settings_changed_is_the_same_played_again(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.sit(minutes=20)
    world.change(2400.0)
    world.wait(minutes=30)
    world.change(600.0)
    world.rise(minutes=4)
    world.sit(minutes=12)
    world.cut_power(20)
    world.wait(minutes=5)
    world.change(5400.0)
    world.rise(minutes=5)
    world.sit(minutes=95)
    world.rise(minutes=5)
    world.stop()
    exported = export(record(world.file), MONDAY)
    assert len(exported.day.changes) == 3
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    assert sum('"fact": "due"' in line for line in told) == 3


def test_an_export_that_begins_after_a_change_begins_with_what_held_then(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.wait(minutes=1)
    world.read_safety()
    world.sit(minutes=20)
    world.change(2400.0)
    world.rise(hours=16)
    world.sit(minutes=50)
    world.rise(minutes=5)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=1))
    assert 'limits.due_after="40min"' in exported.day.carried[0.0]
    assert replayed(exported, tmp_path, capsys) == kept_facts(exported)


def test_changed_settings_are_kept_for_as_long_as_their_run(tmp_path: Path) -> None:
    with closing(open_journal(tmp_path / "journal.db")) as connection:
        for nth, (at_ms, name) in enumerate([(1000, "seat"), (2000, CHANGED), (9000, "seat"), (9000, CHANGED)]):
            connection.execute("INSERT INTO input VALUES (?, ?, ?, ?, '')", (1 + nth // 2, nth, at_ms, name))
        forget(connection, [(1, 9000, 5000), (2, 20_000, 9500)], ("input",))
        assert connection.execute("SELECT run, input FROM input").fetchall() == [(1, CHANGED), (2, CHANGED)]
        forget(connection, [(1, 9000, 9001)], ("input",))
        assert connection.execute("SELECT run, input FROM input").fetchall() == [(2, CHANGED)]


def test_an_export_names_no_path_and_nothing_but_what_facts_depend_on(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    world = World(tmp_path, Settings(stretches=Stretching(folder=str(folder))))
    world.sit(minutes=1)
    world.stop()
    carried = export(record(world.file), MONDAY).day.carried[0.0]
    assert any(line.startswith("stretches.minutes=") for line in carried)
    assert not any(str(tmp_path) in line for line in carried)
    assert not any(line.startswith(("journal.", "pins.", "page.port", "stretches.folder=")) for line in carried)


def test_chatter_is_thinned_and_the_file_says_so(world: World, tmp_path: Path) -> None:
    for _ in range(200):
        world.sit(seconds=0.1)
        world.rise(seconds=0.1)
    world.sit(minutes=5)
    world.stop()
    exported = export(record(world.file), MONDAY)
    assert sum(row.part == "seat" for row in exported.day.rows) < 100
    assert all("changes of the seat are left out" in says for _, says in exported.day.thinned)
    assert exported.day.thinned
    assert exported.day.rows[-1].value is True
    assert written(exported.day, tmp_path).stat().st_size < 8000


def test_of_a_day_of_which_nothing_is_kept_nothing_can_be_had(world: World) -> None:
    world.sit(minutes=5)
    world.stop()
    with pytest.raises(NothingKeptError, match="2026-04-01: nothing is noted of that day"):
        export(record(world.file), date(2026, 4, 1))


@pytest.mark.parametrize("answers_s", [(20.0, 0.0, 20.0), (0.0, 20.0, None), (None, 300.0, 0.0)])
@pytest.mark.parametrize("taken", [True, False])
def test_cuts_one_after_the_other_played_again_have_the_same_facts(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], answers_s: tuple[float | None, ...], taken: bool
) -> None:
    world.sit(minutes=10)
    for answer_s in answers_s:
        world.cut_power(1, answer_s, taken=taken)
    world.sit(seconds=61)
    world.stop()
    exported = export(record(world.file), MONDAY)
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    assert sum("resumed" in line for line in told) == 1


# ---- any day whatever

Deed = Callable[[World], None]
spans_s = st.one_of(st.sampled_from([1.0, 4.0, 14.0, 16.0, 59.0, 61.0, 119.0, 121.0, 1800.0]), st.floats(1, 2500))
hands: st.SearchStrategy[Deed] = st.one_of(
    spans_s.map(lambda s: lambda world: world.sit(seconds=round(s, 3))),
    spans_s.map(lambda s: lambda world: world.rise(seconds=round(s, 3))),
    st.sampled_from([0.2, 1.5]).map(lambda s: lambda world: world.push(s)),
    spans_s.map(lambda s: lambda world: world.wait(seconds=round(s, 3))),
)
deeds: st.SearchStrategy[Deed] = st.one_of(
    hands,
    st.floats(0.5, 300).map(lambda s: lambda world: world.crash(round(s, 3))),
    st.tuples(spans_s, st.sampled_from([0.0, 20.0, 300.0, None]), st.sampled_from([True, False, None])).map(
        lambda cut: lambda world: world.cut_power(round(cut[0], 3), cut[1], taken=cut[2])
    ),
)


def chooses(world: World, name: str, value: str) -> None:
    """Choose on the page, and let an instant pass: nobody does the next thing in the same millisecond.

    What is chosen is kept as a fact, and all else as an input, so of one instant nobody knows which came first.
    """
    world.choose(name, value)
    world.wait(seconds=0.001)


orders: st.SearchStrategy[Deed] = st.one_of(
    st.sampled_from(Order).map(lambda order: lambda world: world.order(order)),
    st.floats(-10, 50_000).map(lambda s: lambda world: world.order(Order.MUTE, round(s, 3))),
    st.sampled_from(
        [
            *(("office_offer", "a hourly 2026-03-03 ACME"), ("office_offer", "b half-hourly 2026-04-01 ACME")),
            *(("office_answer", "a taken"), ("office_answer", "b declined")),
        ]
    ).map(lambda chosen: lambda world: chooses(world, *chosen)),
    st.sampled_from(["Anna's phone", ""]).map(lambda name: lambda world: world.connect(name)),
)
unhurried = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@unhurried
@given(st.lists(deeds | orders, max_size=25), st.integers(0, 23), st.booleans())
def test_any_day_played_again_has_the_same_facts(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    day: list[Deed],
    began_h: int,
    in_house: bool,
) -> None:
    folder = tmp_path_factory.mktemp("world")
    world = World(folder, IN_HOUSE if in_house else HALF_HOURLY, BEGAN + timedelta(hours=began_h))
    for deed in day:
        deed(world)
    world.stop()
    for exported in exported_days(world):
        assert replayed(exported, folder, capsys) == kept_facts(exported)


@unhurried
@given(st.lists(deeds, max_size=25))
def test_no_cut_costs_more_than_a_minute_and_none_gives_a_second(
    tmp_path_factory: pytest.TempPathFactory, day: list[Deed]
) -> None:
    world = World(tmp_path_factory.mktemp("world"), HALF_HOURLY)
    for deed in day:
        deed(world)
    world.stop()
    seated_s = sum(told.figures.seated_s for told in by_day(runs(world.file), {}).values())
    assert seated_s <= world.believed_s + 0.01
    assert seated_s >= world.believed_s - 60.0 * world.deaths - 0.01


# ---- the clock


STEPS_S = [-90_000.0, -3_700.0, -40.0, -3.0, 3.0, 40.0, 3_700.0, 90_000.0, 4e6]


@unhurried
@given(st.lists(st.tuples(hands, st.one_of(st.none(), st.sampled_from(STEPS_S))), max_size=20))
def test_a_clock_that_jumps_bends_no_seated_second(
    tmp_path_factory: pytest.TempPathFactory, day: list[tuple[Deed, float | None]]
) -> None:
    """The same day twice, once with somebody who sets the clock."""
    steady, restless = (World(tmp_path_factory.mktemp("world"), HALF_HOURLY) for _ in range(2))
    for deed, step_s in day:
        deed(steady)
        deed(restless)
        restless.error_s += step_s or 0.0
    totals = []
    for world in (steady, restless):
        world.stop()
        totals.append(sum(told.figures.seated_s for told in by_day(runs(world.file), {}).values()))
    assert totals[0] == pytest.approx(totals[1], abs=0.01)


@unhurried
@given(
    st.lists(st.tuples(st.integers(0, 40_000_000), st.booleans()), max_size=30),
    st.lists(st.tuples(st.integers(1, 40_000_000), st.integers(-(10**8), 10**8)), max_size=6),
)
def test_any_day_file_with_clock_steps_sums_to_the_same_seated_seconds(
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    levels: list[tuple[int, bool]],
    steps: list[tuple[int, int]],
) -> None:
    seat = [DayRow(at_ms / 1000, "seat", taken) for at_ms, taken in levels]
    clock = [DayRow(0.0, "clock", BEGAN)]
    jumps = [DayRow(at_ms / 1000, "clock", BEGAN + timedelta(milliseconds=at_ms + by_ms)) for at_ms, by_ms in steps]
    folder = tmp_path_factory.mktemp("days")
    figures = []
    for rows in (seat, [*clock, *seat], [*clock, *seat, *jumps], [*seat, *jumps]):
        day = RecordedDay(tuple(sorted(rows, key=lambda row: row.t)), 45_000.0)
        assert main(["replay", str(written(day, folder)), "--summary"]) == 0
        figures.append(json.loads(capsys.readouterr().out))
    assert all(each == figures[0] for each in figures)


# ---- what was chosen


def test_a_day_on_which_a_stretch_was_left_out_is_the_same_day_played_again(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.read_safety()
    world.sit(minutes=32)
    world.rise(seconds=20)
    world.push(3.5)
    world.rise(minutes=4)
    for _ in range(3):
        world.sit(minutes=32)
        world.rise(minutes=6)
    world.choose("stretch_again", "march")
    world.choose("stretch_never", "walk")
    for _ in range(4):
        world.sit(minutes=32)
        world.rise(minutes=6)
    world.stop()
    exported = export(record(world.file), MONDAY)
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    names = [json.loads(line)["fact"] for line in told]
    assert (names.count("safety_seen"), names.count("stretch_never"), names.count("stretch_again")) == (1, 2, 1)


def test_the_next_day_knows_what_was_chosen_before(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.read_safety()
    world.choose("stretch_never", "march")
    a_busy_day(world)
    world.wait(hours=14.3 - world.real_s / 3600)
    world.sit(minutes=50)
    world.rise(minutes=8)
    world.wait(hours=9)
    world.push()
    world.sit(minutes=40)
    world.rise(minutes=8)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=1))
    at_start = [row.value for row in exported.day.at_start if row.part == "chosen"]
    assert at_start == ["safety_seen", "stretch_never march"]
    assert replayed(exported, tmp_path, capsys) == kept_facts(exported)


def test_a_pad_that_is_called_worn_after_nights_without_power_is_when_that_day_is_played_again(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.wait(minutes=1)
    world.sit(hours=8)
    for _ in range(3):
        world.cut_power(16 * 3600.0)
        world.wait(hours=8)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=3))
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    assert "seat_doubted" in [json.loads(line)["fact"] for line in told]


def test_a_day_on_which_the_safety_card_still_waits_is_the_same_played_again(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.sit(minutes=32)
    world.rise(minutes=10)
    world.wait(hours=16 - world.real_s / 3600)
    world.sit(minutes=10)
    world.read_safety()
    world.push()
    world.sit(minutes=30)
    world.rise(minutes=8)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=1))
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    assert any("safety_seen" in line for line in told)


# ---- what came from the page


def a_day_with_a_phone(world: World) -> None:
    """Connect a phone, mute, sound again, want a stretch, and say that it is enough."""
    world.read_safety()
    world.connect("Anna's phone")
    world.sit(minutes=5)
    world.order(Order.MUTE, 1234.567)
    world.wait(minutes=22)
    world.order(Order.MUTE)
    world.order(Order.SOUND)
    world.order(Order.STRETCH)
    world.rise(minutes=6)
    world.push()
    world.push(1.5)
    world.push(1.5)
    world.push()
    world.push(1.5)
    world.connect("")
    world.push()
    world.order(Order.TRY_SOUND)
    world.sit(minutes=20)
    world.order(Order.PRESS)
    world.order(Order.PRESS)
    world.rise(minutes=3)
    world.order(Order.PRESS)
    world.sit(minutes=20)
    world.order(Order.ENOUGH)
    world.wait(minutes=40)
    world.cut_power(30)
    world.wait(minutes=10)
    world.rise(minutes=10)
    world.sit(minutes=40)
    world.order(Order.SOUND)
    world.wait(minutes=5)
    world.order(Order.ENOUGH)
    world.rise(hours=5)


def test_a_day_with_a_phone_played_again_has_the_same_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(tmp_path, IN_HOUSE)
    a_day_with_a_phone(world)
    world.stop()
    exported = export(record(world.file), MONDAY)
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    names = [json.loads(line)["fact"] for line in told]
    assert [name for name in names if name in ("muted", "unmuted", "enough", "stretch_wanted", "due")] == [
        *("muted", "unmuted", "muted", "unmuted", "stretch_wanted", "stretch_wanted"),
        *("enough", "unmuted", "due", "enough", "unmuted"),
    ]
    rows = [(row.part, row.value) for row in exported.day.rows if row.part in ("order", "pairing")]
    assert ("order", "mute 1234.567") in rows
    assert {("order", order.value) for order in Order} <= set(rows)
    assert {value for part, value in rows if part == "pairing"} == {"connected", "spent"}


def test_a_day_after_one_of_which_it_was_enough_begins_with_sound(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.sit(minutes=20)
    world.order(Order.ENOUGH)
    world.wait(minutes=20)
    world.rise(minutes=10)
    world.sit(minutes=10)
    world.rise(hours=15)
    world.sit(minutes=40)
    world.rise(minutes=10)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=1))
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    assert "due" in [json.loads(line)["fact"] for line in told]


def some_days_away(world: World) -> None:
    """Say it on Monday while a break is due, sit on Tuesday, over a crash, a cut and the midnight that ends it."""
    world.read_safety()
    world.sit(minutes=40)
    world.choose("away", f"{MONDAY + timedelta(days=2)}")
    world.wait(minutes=50)
    world.rise(hours=23)
    world.sit(minutes=50)
    world.crash()
    world.wait(minutes=10)
    world.cut_power(600)
    world.wait(minutes=40)
    world.rise(minutes=10)
    world.wait(hours=39 - world.real_s / 3600)
    world.sit(hours=2)
    world.rise(minutes=10)
    world.choose("away", f"{MONDAY + timedelta(days=4)}")
    world.sit(minutes=40)
    world.choose("away", "")
    world.wait(minutes=10)
    world.rise(minutes=10)


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_each_of_some_days_away_played_again_has_the_same_facts(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], nth: int
) -> None:
    some_days_away(world)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=nth))
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    chosen = [str(row.value) for row in exported.day.rows if row.part == "chosen" and row.t]
    said = (["away 2026-03-04"], [], ["away 2026-03-06", "away"])[nth]
    assert [each for each in chosen if each.startswith("away")] == said


def test_at_the_midnight_that_ends_it_what_is_owed_falls_due_and_not_before(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some_days_away(world)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=1))
    called = [json.loads(line) for line in replayed(exported, tmp_path, capsys)]
    (due,) = [fact for fact in called if fact["fact"] == "due"]
    assert (due["t"], due["sitting_s"]) == (exported.day.end, 3600.0)
    assert "sound" not in [fact["fact"] for fact in called]


def test_a_start_knows_of_being_away_however_long_ago_it_was_said(world: World) -> None:
    world.choose("away", f"{MONDAY + timedelta(days=300)}")
    for _ in range(4):
        world.sit(minutes=40)
        world.rise(hours=24)
    world.crash()
    with closing(open_journal(world.file)) as connection, connection:
        connection.execute("DELETE FROM fact WHERE fact = 'away'")
    for day in (20, 200, 299):
        world.cut_power(86_400 * day - world.real_s)
        world.sit(minutes=40)
        world.rise(minutes=5)
        assert world.coach.snapshot().back_on == MONDAY + timedelta(days=300)
    world.cut_power(86_400 * 301 - world.real_s)
    assert not [fact for fact in world.said if fact.name in ("due", "invite", "sound")]
    world.sit(minutes=40)
    assert world.coach.snapshot().back_on is None
    assert [fact.name for fact in world.said if fact.name in ("due", "invite")] == ["invite", "due"]
    world.stop()


def test_neither_a_code_nor_a_phone_s_name_is_in_the_journal_or_in_a_day_file(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    world = World(tmp_path, IN_HOUSE)
    world.read_safety()
    assert "connect_seen" in [fact.name for fact in world.said]
    world.connect("Anna's phone", "KLM234")
    world.sit(minutes=3)
    world.stop()
    exported = export(record(world.file), MONDAY)
    told = [*write_day(exported.day), *replayed(exported, tmp_path, capsys), caplog.text]
    told += [file.read_bytes().decode("latin-1") for file in tmp_path.iterdir()]
    assert any("pairing,connected" in each for each in told)
    assert not any(secret in each for each in told for secret in ("KLM234", "Anna"))
