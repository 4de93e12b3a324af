"""Days with short breaks and a desk that rises, out of the journal and played again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.journal.export import export
from device.journal.reader import record
from tests.journal.test_export import HALF_HOURLY, MONDAY, Deed, deeds, exported_days, kept_facts, replayed, unhurried
from tests.world import BEGAN, World

OFFERING = replace(HALF_HOURLY, limits=replace(HALF_HOURLY.limits, short_every_s=600.0, standing="half"))


def test_a_day_of_short_breaks_and_of_standing_played_again_has_the_same_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path, OFFERING)
    world.read_safety()
    world.sit(minutes=11)
    world.rise(seconds=30)
    world.sit(minutes=8)
    world.crash(3)
    world.wait(minutes=3)
    world.rise(seconds=25)
    world.sit(minutes=8)
    world.cut_power(30)
    world.wait(minutes=11)
    world.rise(minutes=46)
    world.push()
    world.wait(minutes=50)
    world.crash(3)
    world.wait(minutes=20)
    world.sit(minutes=1)
    world.stop()
    exported = export(record(world.file), MONDAY)
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    names = [json.loads(line)["fact"] for line in told]
    assert [names.count(name) for name in ("short_offer", "short_break", "move_offer")] == [2, 2, 2]


def test_a_day_that_begins_off_the_chair_has_the_offer_of_that_absence_when_it_is_played_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(tmp_path, OFFERING, BEGAN.replace(hour=23, minute=0))
    world.read_safety()
    world.sit(minutes=30)
    world.rise(minutes=50)
    world.push()
    world.wait(minutes=50)
    world.sit(minutes=20)
    world.rise(minutes=5)
    world.stop()
    exported = export(record(world.file), MONDAY + timedelta(days=1))
    told = replayed(exported, tmp_path, capsys)
    assert told == kept_facts(exported)
    assert sum(json.loads(line)["fact"] == "move_offer" for line in told) == 2


spans_s = st.sampled_from([14.0, 16.0, 19.0, 20.0, 21.0, 61.0, 121.0, 600.0, 1500.0, 2580.0, 2700.0, 5400.0])
hands: st.SearchStrategy[Deed] = st.one_of(
    spans_s.map(lambda s: lambda world: world.sit(seconds=s)),
    spans_s.map(lambda s: lambda world: world.rise(seconds=s)),
)


@settings(unhurried, max_examples=40)
@given(st.lists(hands | deeds, max_size=15), st.integers(0, 23))
def test_any_day_with_offers_played_again_has_the_same_facts(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], day: list[Deed], began_h: int
) -> None:
    folder = tmp_path_factory.mktemp("world")
    world = World(folder, OFFERING, BEGAN + timedelta(hours=began_h))
    world.read_safety()
    for deed in day:
        deed(world)
    world.stop()
    for exported in exported_days(world):
        assert replayed(exported, folder, capsys) == kept_facts(exported)
