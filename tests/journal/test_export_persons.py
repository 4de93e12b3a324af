"""A day of several people played again: the same facts, with their names and with numbers in their places."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.__main__ import main
from device.history.day_file import DayRow, RecordedDay, read_day
from device.history.nameless import without_names
from device.journal.export import export
from device.journal.reader import record
from tests.journal.test_export import exported_days, kept_facts, replayed
from tests.journal.test_kept_days import Deed
from tests.journal.test_kept_persons import NAMES, SHARED, lived, people, week_of_two
from tests.world import BEGAN, World, written

MONDAY = BEGAN.date()


spans = st.floats(1.0, 12_000.0).map(lambda seconds: round(seconds, 3))
deeds: st.SearchStrategy[Deed] = st.one_of(
    spans.map(lambda s: lambda world: world.sit(seconds=s)),
    spans.map(lambda s: lambda world: world.rise(seconds=s)),
    people,
    spans.map(lambda s: lambda world: world.cut_power(s)),
    st.just(lambda world: world.crash()),
)


def numbered(line: str) -> str:
    for nth, name in enumerate(NAMES, 1):
        line = line.replace(f'"{name}"', f'"person {nth}"')
    return line


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.lists(deeds, max_size=14))
def test_any_day_of_several_people_has_the_same_facts_but_for_the_names(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], life: list[Deed]
) -> None:
    folder = tmp_path_factory.mktemp("world")
    world = lived(folder, life)
    world.stop()
    for exported in exported_days(world):
        facts = kept_facts(exported)
        assert replayed(exported, folder, capsys) == facts
        assert main(["replay", str(written(without_names(exported.day), folder))]) == 0
        assert capsys.readouterr().out.splitlines() == [numbered(fact) for fact in facts]


def test_who_presses_while_asked_on_the_second_day_does_so_when_it_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = week_of_two(tmp_path)
    world.stop()
    for nth in range(1, 4):
        exported = export(record(world.file), MONDAY + timedelta(days=nth))
        assert [fact for fact in kept_facts(exported) if '"person"' in fact]
        assert replayed(exported, tmp_path, capsys) == kept_facts(exported)


def test_who_was_asked_for_a_stretch_after_a_guide_is_played_from_a_full_break(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path, SHARED)
    world.choose("safety_seen", "")
    world.sit(minutes=32)
    world.rise(minutes=28)
    world.push()
    world.wait(hours=14.9)
    world.sit(minutes=32)
    world.rise(minutes=29)
    world.sit(seconds=10)
    world.push()
    world.push()
    world.wait(minutes=30)
    world.rise(minutes=5)
    world.stop()
    exported = export(record(world.file), MONDAY)
    assert replayed(exported, tmp_path, capsys) == kept_facts(exported)


@pytest.mark.parametrize("words", [[], ["--with-names"]])
def test_the_command_writes_names_only_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    world = week_of_two(tmp_path)
    world.stop()
    day = f"{MONDAY + timedelta(days=1)}"
    out = tmp_path / "day.csv"
    asked = ["export", "--day", day, "--out", str(out), "--set", f"journal.file={world.file}", *words]
    assert main(asked) == 0
    text = out.read_text("utf-8")
    assert any(name in text for name in NAMES) is bool(words)
    assert ("person 1" in text) is not bool(words)
    read_day(out)
    capsys.readouterr()


def test_a_day_without_names_is_as_it_was() -> None:
    day = RecordedDay(
        (
            DayRow(0.0, "setting", "persons.names=[]"),
            DayRow(0.0, "setting", "limits.preset=hourly"),
            DayRow(0.0, "chosen", "stretch_never march"),
            DayRow(5.0, "seat", True),
            DayRow(6.0, "chosen", "person"),
        ),
        9.0,
    )
    assert without_names(day) == day
