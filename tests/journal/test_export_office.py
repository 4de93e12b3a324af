"""What the office suggests, exported and played again: the question, the answer, and what had been said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from device.history.day_file import DayRow, RecordedDay
from device.history.nameless import without_names
from device.journal.export import export
from device.journal.reader import record
from device.settings.settings import Limits, Settings
from tests.journal.test_export import MONDAY, kept_facts, replayed
from tests.world import World


def some_days_at_an_office(world: World) -> None:
    """Suggested on Monday, left alone then, declined on Tuesday with a hold; another one is taken on Wednesday."""
    world.read_safety()
    world.choose("office_offer", "spring half-hourly 2026-03-31 W\u00fcrm & Co")
    world.sit(minutes=20)
    world.crash()
    world.wait(minutes=10)
    world.rise(hours=22)
    world.sit(minutes=3)
    world.push(1.5)
    world.cut_power(600)
    world.wait(minutes=10)
    world.rise(hours=20)
    world.choose("office_offer", "summer hourly 2026-06-30 ACME")
    world.choose("office_offer", "spring half-hourly 2026-03-31 W\u00fcrm & Co")
    world.sit(minutes=3)
    world.push()
    world.go_by(replace(world.start_of.settings, limits=Limits("hourly", 3000.0, 3600.0)))
    world.wait(minutes=60)
    world.rise(minutes=10)
    world.choose("office_offer", "winter couple-of-hours 2026-12-31 ACME")
    world.choose("office_answer", "winter declined")
    world.sit(minutes=10)


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_each_of_some_days_at_an_office_played_again_has_the_same_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], nth: int
) -> None:
    world = World(tmp_path, Settings())
    some_days_at_an_office(world)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=nth))
    assert replayed(exported, tmp_path, capsys) == kept_facts(exported)
    said = [str(row.value) for row in exported.day.rows if row.part == "chosen" and row.t]
    told = [each.partition(" ")[2] for each in said if each.startswith("office_a")]
    assert (
        told
        == (
            ["spring 2026-03-02"],
            ["spring 2026-03-03", "spring declined"],
            ["summer 2026-03-04", "summer taken", "winter declined"],
        )[nth]
    )


def test_a_day_without_names_does_not_say_whose_office_it_is() -> None:
    row = DayRow(5.0, "chosen", "office_offer spring hourly 2026-03-31 ACME")
    (told,) = without_names(RecordedDay((row,), 9.0)).rows
    assert told.value == "office_offer spring hourly 2026-03-31 office"
