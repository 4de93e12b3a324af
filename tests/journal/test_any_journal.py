"""From any journal whatever the device starts and counts, and what makes no sense in it costs no more than itself."""

from __future__ import annotations

import logging
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.__main__ import main
from device.commands.desk import past_of
from device.core.coach import Coach
from device.history.shares import by_day
from device.journal.reader import runs
from device.run.restart import Start, fault_of
from device.settings.settings import JournalSettings, Limits, Settings
from device.stretches.repertoire import repertoire
from device.words.events import Button, DayEnded, Power, Seat, Tick
from device.words.fact_codec import facts_among
from device.words.facts import Fact
from device.words.past import Past, Readings
from tests.damage import Harm, flipped, nonsense, torn
from tests.facts import details_of, fact_of
from tests.world import World

HALF_HOURLY = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))
START = Start(HALF_HOURLY, repertoire(HALF_HOURLY))


def seated_s(file: Path) -> float:
    return sum(told.figures.seated_s for told in by_day(runs(file), {}).values())


def names(world: World) -> list[str]:
    return [fact.name for run in runs(world.file) for fact in run.facts]


# ---- cuts, one soon after the other


TWICE_CUT = """
INSERT INTO run VALUES (1,'',0,166194,166194,0,'2026-03-02T08:02:46+00:00',1);
INSERT INTO fact VALUES (1,1,20381,25381,'sat','{}');
INSERT INTO run VALUES (2,'',166195,166195,NULL,0,'2026-03-02T08:02:47+00:00',1);
"""
TWICE_CUT_BEGAN = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
"""As two cuts within a minute left it before starts were kept as a whole."""


def test_after_a_start_that_was_cut_off_before_it_said_anything_the_next_goes_on_from_the_one_before(
    tmp_path: Path,
) -> None:
    World(tmp_path, HALF_HOURLY).stop()
    with closing(sqlite3.connect(tmp_path / "journal.db")) as file:
        file.executescript(f"DELETE FROM run; DELETE FROM fact; DELETE FROM input; {TWICE_CUT}")
    world = World(tmp_path, HALF_HOURLY, TWICE_CUT_BEGAN, real_s=200.0)
    world.sit(minutes=10)
    world.stop()
    assert seated_s(world.file) == pytest.approx(600 + 166.194 - 20.381, abs=0.01)
    assert names(world) == ["sat", "resumed", "power_cut", "sat"]


@pytest.mark.parametrize("lives_s", [0.0, 1.0, 4.0, 30.0])
@pytest.mark.parametrize("answer_s", [0.0, 20.0, 100.0])
def test_however_soon_the_next_cut_comes_what_was_sat_before_returns(
    tmp_path: Path, lives_s: float, answer_s: float
) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=20)
    for _ in range(3):
        world.cut_power(5, answer_s)
        world.wait(seconds=lives_s)
    world.cut_power(5, 20.0)
    world.wait(minutes=9)
    assert "due" not in names(world)
    # 20 minutes and 9, and whatever of the lives between the cuts was written.
    world.wait(minutes=3)
    assert names(world).count("due") == 1


def test_a_start_that_nothing_came_of_leaves_no_trace(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=10)
    world.rise(seconds=30)
    for _ in range(5):
        world.cut_power(3600, None)
        world.wait(hours=1)
    world.stop()
    assert len(list(runs(world.file))) == 1


@pytest.mark.parametrize(
    ("mode", "sat_min", "pushed_s"),
    [("invited", 25.1, None), ("due", 30.1, None), ("snoozed", 30.1, 1.5), ("acknowledged", 30.1, 0.2)],
)
@pytest.mark.parametrize("after_s", [0.0, 0.1, 30.0])
def test_a_cut_right_after_a_change_of_mode_changes_nothing_back(
    tmp_path: Path, mode: str, sat_min: float, pushed_s: float | None, after_s: float
) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=sat_min)
    if pushed_s:
        world.push(pushed_s)
    world.wait(seconds=after_s)
    world.cut_power(3, 0.0)
    world.wait(seconds=10)
    assert world.coach.mode.value == mode
    world.wait(minutes=10)
    told = [fact.name for fact in world.said]
    assert told.count("due") == told.count("invite") == 1


def test_a_guide_that_is_over_before_the_cut_doesnt_begin_again(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=31)
    world.rise(minutes=3)
    world.push(1.5)
    world.cut_power(3, 0.0)
    world.wait(minutes=1)
    assert [details_of(fact)["how"] for fact in world.said if fact.name == "guide_ended"] == ["finished"]


# ---- stories that don't hold together


instants = st.one_of(st.integers(0, 20_000).map(float), st.floats(0, 1e12), st.just(float("nan")), st.just(-1.0))
flags = st.one_of(st.booleans(), st.none(), st.just("yes"))
details = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("until", "cut_at", "off_s", "start", "seated_s", "since", "rose_after_s"), instants),
        **dict.fromkeys(("counts", "new_day", "asked"), flags),
        "seated_till": st.one_of(instants, st.none()),
        "stretch": st.one_of(st.just("march"), st.just(3), st.just("a\nb"), st.just("\ud800")),
        "side": st.just("both"),
        "how": st.sampled_from(["done", "power_cut"]),
        "what": st.sampled_from(["seat", "button"]),
        "after": st.sampled_from(["due", "invite", "lunch"]),
        "nth": st.one_of(st.integers(-5, 5), st.just(10**400)),
    },
)
WORDS = (
    *("sat", "left", "bout", "full_break", "invite", "due", "sound", "snoozed", "muted", "unmuted", "acknowledged"),
    *(
        "guide_started",
        "stretch_started",
        "stretch_done",
        "guide_ended",
        "break_honoured",
        "stuck",
        "answered",
        "resumed",
        "power_cut",
        "odd",
    ),
)
facts = st.builds(
    # As the reader lets in.
    lambda t, late_s, name, more: facts_among([(t, t + late_s, name, more)]),
    instants,
    st.sampled_from([0.0, 5.0, 15.0, -5.0, 1e9]),
    st.sampled_from(WORDS),
    details,
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.one_of(facts, instants.map(DayEnded).map(lambda end: [end])), max_size=30),
    st.floats(0, 30_000),
    # The reader lets in whole milliseconds only.
    st.one_of(st.none(), st.integers(0, 10**9).map(lambda ms: ms / 1000)),
    st.booleans(),
)
def test_whatever_story_is_told_the_device_starts_and_counts(
    stories: list[list[Fact | DayEnded]], seen_s: float, seated_till: float | None, is_sorted: bool
) -> None:
    told = [each for story in stories for each in story]
    if is_sorted:
        told = sorted(told, key=lambda each: each.said if isinstance(each, Fact) else each.at)
    past = Past(told, Readings(round(seen_s, 3)), seated_till)
    assert fault_of(START, past) is None
    coach = resumed(past)
    today = coach.snapshot().today
    assert 599 <= today.seated_s <= 600 + seen_s + 1
    assert coach.snapshot().sitting_s >= 0


def resumed(past: Past) -> Coach:
    """A coach that went on from there, and somebody who has sat for ten minutes since."""
    at = past.seen.at + 1000
    coach = START.coach(at)
    coach.recall(past)
    for event in (Power(at, None), Seat(at, True), Button(at, False), Tick(at + 600)):
        coach.handle(event)
    return coach


def test_a_fact_that_doesnt_fit_is_skipped_whole_and_counted() -> None:
    odd = [
        *(fact_of(0.0, 0.0, "left"), fact_of(10.0, 15.0, "sat"), fact_of(40.0, 40.0, "power_cut")),
        *(fact_of(5.0, 50.0, "left"), fact_of(60.0, 60.0, "stretch_started"), fact_of(70.0, 70.0, "full_break")),
        fact_of(900.0, 900.0, "left"),
    ]
    coach = START.coach(100.0)
    coach.recall(Past(odd, Readings(100.0), 100.0))
    coach.handle(Power(130.0, 30.0))
    snapshot = coach.snapshot()
    assert (snapshot.sitting_s, snapshot.today.seated_s, snapshot.today.full_breaks) == (90.0, 90.0, 0)
    # Whatever came before the first sitting down is the rest of something that was forgotten.
    assert coach.left_out == 5


# ---- one that nothing can go on from


def test_a_start_that_fails_on_its_journal_sets_it_aside_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=5)
    world.stop()
    kept = world.file.read_bytes()

    def stumbles(_: Coach, past: Past) -> None:
        raise TypeError(f"nobody had\nthought of {past.seen.at}")

    monkeypatch.setattr(Coach, "recall", stumbles)
    with caplog.at_level(logging.WARNING):
        again = World(tmp_path, HALF_HOURLY, real_s=400.0)
    assert world.file.with_name("journal.db.damaged-1").read_bytes() == kept
    assert "makes no sense (nobody had thought of" in caplog.text
    again.sit(minutes=5)
    again.stop()
    assert seated_s(world.file) == pytest.approx(300, abs=0.01)


def test_where_it_cant_be_set_aside_either_the_device_starts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=5)
    world.stop()
    start = Start(replace(HALF_HOURLY, journal=JournalSettings(file=str(world.file))), START.repertoire)
    monkeypatch.setattr("device.commands.desk.fault_of", lambda *_: TypeError("nobody had thought of that"))

    def refuses(file: Path) -> Path:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr("device.journal.place.set_aside", refuses)
    assert past_of(start) is None
    assert "can't be set aside" in caplog.text


# ---- texts that are none


def test_a_bit_that_has_fallen_over_in_a_text_keeps_nothing_from_being_written(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=5)
    world.stop()
    with closing(sqlite3.connect(world.file)) as file, file:
        for table, column in (("settings", "lines"), ("run", "boot"), ("fact", "details"), ("input", "value")):
            file.execute(f"UPDATE {table} SET {column} = CAST(x'80' || {column} AS TEXT)")
    again = World(tmp_path, HALF_HOURLY, real_s=400.0)
    again.sit(minutes=5)
    again.stop()
    assert seated_s(again.file) >= 300
    assert list(tmp_path.glob("*.damaged-*")) == []


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE run SET id = 9007199254740991",
        "INSERT INTO fact SELECT 2, nth, t_ms, said_ms, fact, details FROM fact",
        "UPDATE run SET began_ms = 'then', seen_ms = x'00'",
        "UPDATE run SET seen_ms = 9e18, clock = 7",
        "UPDATE run SET clock = '9999-12-31T23:59:59-10:00'",
        "UPDATE run SET clock = '0001-01-01T00:00:00+10:00'",
        "UPDATE run SET clock = '2026-03-02T08:00:00'",
        "UPDATE fact SET said_ms = 9223372036854775807",
        "UPDATE fact SET t_ms = -9223372036854775808",
        "UPDATE fact SET details = '[' || replace(hex(zeroblob(50000)), '0', '[')",
        """UPDATE fact SET details = '{"until": Infinity, "seated_till": NaN}'""",
        "UPDATE fact SET fact = 'resumed'",
        "UPDATE fact SET fact = x'ff', details = NULL || 'x' WHERE 0",
        "UPDATE input SET value = 'perhaps', at_ms = 'soon'",
        "UPDATE settings SET lines = 7, run = -5",
    ],
)
def test_a_row_of_nonsense_costs_itself_and_the_device_counts(tmp_path: Path, harm: str) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=5)
    world.rise(minutes=5)
    world.stop()
    with closing(sqlite3.connect(world.file)) as file, file:
        file.execute(harm)
    again = World(tmp_path, HALF_HOURLY, real_s=700.0)
    again.sit(minutes=5)
    again.stop()
    assert any(abs(told.figures.longest_s - 300) < 0.01 for told in by_day(runs(again.file), {}).values())


# ---- five hundred of them


SECTOR = 512


@pytest.fixture(scope="module")
def a_week(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The journal of a few days with all that may happen."""
    world = World(tmp_path_factory.mktemp("week"), HALF_HOURLY)
    for cut_s, answer_s in 2 * ((50_000, 20.0), (30, 0.0), (300, None), (20_000, 20.0)):
        world.sit(minutes=31)
        world.push(1.5)
        world.wait(minutes=6)
        world.push()
        world.rise(minutes=4)
        world.sit(minutes=5)
        world.push(1.5)
        world.rise(seconds=30)
        world.sit(minutes=1)
        world.crash()
        world.wait(minutes=2)
        world.cut_power(cut_s, answer_s)
    world.rise(hours=1)
    world.stop()
    return world.file.read_bytes()


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Nothing may take longer, and what never ends is ended."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def bears(folder: Path, whole: bytes, harm: Harm) -> None:
    """The device starts and counts from such a journal, twice, and the history answers."""
    file = folder / "journal.db"
    file.write_bytes(whole)
    harm(file)
    for real_s in (200_000.0, 200_400.0):
        with within(5):
            world = World(folder, HALF_HOURLY, real_s=real_s)
            world.sit(minutes=5)
            world.stop()
            assert world.believed_s >= 295
    for words in (["history", "--since", "2020-01-01"], ["history", "--json"], ["export", "--day", "2026-03-04"]):
        with within(5):
            assert main([*words, "--set", f"journal.file={file}"]) in (0, 66)
    assert any(told.figures.longest_s >= 295 for told in by_day(runs(file), {}).values())


def harms(whole: bytes, most: int) -> list[tuple[str, Harm]]:
    """So many of each kind, or all there are."""
    tears = list(range(0, len(whole), SECTOR))
    return [
        *((f"flipped {seed}", flipped(seed)) for seed in range(most)),
        *((f"nonsense {seed}", nonsense(seed)) for seed in range(most)),
        *((f"torn at {at}", torn(at)) for at in tears[:: max(1, len(tears) // most)]),
    ]


def test_from_damaged_journals_the_device_starts_and_the_history_answers(tmp_path: Path, a_week: bytes) -> None:
    for nth, (_, harm) in enumerate(harms(a_week, 8)):
        bears(fresh(tmp_path, nth), a_week, harm)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_five_hundred_damaged_journals(tmp_path: Path, a_week: bytes, part: int) -> None:
    of_it = harms(a_week, 250)[part::10]
    assert len(of_it) >= 50
    failed = []
    for nth, (name, harm) in enumerate(of_it):
        try:
            bears(fresh(tmp_path, nth), a_week, harm)
        except Exception as error:
            failed.append(f"{name}: {type(error).__name__}: {error}")
    assert failed == []


def fresh(folder: Path, nth: int) -> Path:
    made = folder / str(nth)
    made.mkdir()
    return made
