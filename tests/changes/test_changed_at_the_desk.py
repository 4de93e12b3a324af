"""Settings changed by order of the page at the virtual desk, at any speed of time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.settings.changes_file import before_file, read_changes
from tests.changing import Orderer
from tests.ear import Ear
from tests.rig import Rig
from tests.waiting import until


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path)
    with rig.desk_alone():
        yield rig


@pytest.fixture
def page(rig: Rig) -> Iterator[Orderer]:
    with Ear(rig.line) as ear:
        yield Orderer(ear)


def test_a_change_is_in_force_at_once_beside_the_desks_own_journal(page: Orderer, tmp_path: Path) -> None:
    told = page.told("settings")
    assert told["values"]["limits.due_after"] == '"30min"'
    assert (told["from"]["limits.due_after"], told["from"]["press.hold"]) == ("file", "default")
    assert page.changes(limits__due_after="40min")["fine"]
    told = page.setting("limits.due_after", '"40min"')
    assert told["from"]["limits.due_after"] == "page"
    assert read_changes(tmp_path / "changes.toml") == {"limits.due_after": "40min"}
    page.told("device", lambda told: 'limits.due_after="40min"' in told["settings"])


def test_the_panel_speaks_the_language_that_was_changed(page: Orderer) -> None:
    page.ear.does(("seat", True))
    assert page.changes(screens__language="de")["fine"]
    page.told("device", lambda told: told["language"] == "de")


def test_a_sitting_goes_on_over_other_wiring_and_the_way_back(
    page: Orderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.changes.changes.CONFIRM_WITHIN_S", 1.0)
    page.ear.does(("speed", 60), ("seat", True))
    sat = page.fact()
    assert page.changes(panel__first_column=1)["confirm_within_s"] == 1
    page.told("settings", lambda told: told["confirm_by"] is not None)
    told = page.told("settings", lambda told: told["confirm_by"] is None)
    assert told["values"]["panel.first_column"] == "2"
    assert not before_file(tmp_path / "changes.toml").exists()
    page.ear.does(("skip", True))
    while (fact := page.fact())["fact"] != "due":
        pass
    assert 1800 <= fact["t"] - sat["t"] < 1800.1, "a start takes no time at the desk but for a millisecond"


def test_a_cut_takes_wiring_back_that_nobody_has_confirmed(rig: Rig, page: Orderer, tmp_path: Path) -> None:
    assert page.changes(pins__seat=5)["fine"]
    page.setting("pins.seat", "5")
    page.ear.does(("power", False))
    until(lambda: not rig.live.levels["power"])
    page.ear.does(("power", True))
    page.setting("pins.seat", "17")
    assert read_changes(tmp_path / "changes.toml") == {}


def test_without_power_nothing_is_changed(rig: Rig, page: Orderer) -> None:
    page.ear.does(("power", False))
    until(lambda: not rig.live.levels["power"])
    assert not page.changes(limits__due_after="40min")["fine"]
