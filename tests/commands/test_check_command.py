"""What `unsit check` says of the seat before it tries the parts: whether the running device trusts it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from device.__main__ import main
from device.settings.calibration_file import Calibration, write_calibration
from device.settings.settings import Settings
from device.words.effects import Note
from device.words.facts import SeatDrifted
from device.words.levels import SeatLevels, Thresholds
from hardware.shared.checking import Ask
from tests.world import World

Checked = Callable[..., str]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, Settings())


@pytest.fixture
def checks() -> list[Settings]:
    """The settings of each check that ran."""
    return []


@pytest.fixture
def checked(checks: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Runs the command against a journal, without any parts to try."""

    class Fine:
        def __init__(self, settings: Settings, *_: object) -> None:
            checks.append(settings)

        def run(self) -> bool:
            return True

        def drawing(self, *, coloured: bool) -> list[str]:
            return ["the header, in colour" if coloured else "the header, plain"]

    monkeypatch.setattr("hardware.check.Check", Fine)
    monkeypatch.setattr("hardware.check.pi_ends", lambda _: None)

    def run(file: Path, *own: str) -> str:
        settings = [f"--set={each}" for each in (f"journal.file={file}", *own)]
        assert main(["check", *settings]) == 0
        return capsys.readouterr().out

    return run


def test_the_header_comes_last_in_colour_only_in_a_terminal_that_may_have_it(
    world: World, checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert checked(world.file).endswith("the header, plain\n")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert checked(world.file).endswith("the header, in colour\n")
    monkeypatch.setenv("TERM", "dumb")
    assert checked(world.file).endswith("the header, plain\n")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert checked(world.file).endswith("the header, plain\n")


def test_what_a_person_is_asked_keeps_its_words_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    prompts: list[str] = []

    class Asks:
        def __init__(self, *given: object) -> None:
            self._ask = cast("Ask", given[4])

        def run(self) -> bool:
            return self._ask("It has sounded, softly. Nothing heard: check the orange wire 10, and buzzer.kind.") == "y"

        def drawing(self, **_: object) -> list[str]:
            return []

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        return "y"

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("hardware.check.Check", Asks)
    monkeypatch.setattr("hardware.check.pi_ends", lambda _: None)
    assert main(["check"]) == 0
    assert prompts == [
        "           It has sounded, softly. Nothing heard: check the orange wire 10, and\n"
        "           buzzer.kind. Then press Enter. "
    ]


def test_check_says_why_the_device_doesnt_trust_the_seat_and_what_to_do(world: World, checked: Checked) -> None:
    world.sit(hours=25)
    world.stop()
    told = checked(world.file)
    assert "without a lift: the pad may be worn." in told
    assert "rise: then it is trusted again." in told


def test_check_says_nothing_of_a_seat_that_is_trusted_again_or_of_no_journal(world: World, checked: Checked) -> None:
    world.sit(hours=25)
    world.rise(minutes=5)
    world.sit(minutes=10)
    world.rise(minutes=5)
    world.stop()
    assert "trusted" not in checked(world.file)
    assert "trusted" not in checked(world.file.with_name("none.db"))


def test_check_goes_by_the_calibration_beside_the_journal_and_by_the_settings_before_it(
    tmp_path: Path, checked: Checked, checks: list[Settings]
) -> None:
    """What it shows is what it tries the seat by."""
    for kind in ("ads1115", "mcp3008"):
        assert "taken from" not in checked(tmp_path / "none" / "journal.db", f"seat.kind={kind}")
        assert checks[-1].seat.levels is None
        write_calibration(
            tmp_path / "seat.toml",
            Calibration(SeatLevels(0.02, 0.4, Thresholds(0.1, 0.06)), 0.03, 0.2),
            datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
        )
        told = checked(tmp_path / "journal.db", f"seat.kind={kind}")
        assert "seat       empty 0.020, seated 0.400; taken from 0.100 up, empty from 0.060 down\n" in told
        assert checks[-1].seat.levels == SeatLevels(0.02, 0.4, Thresholds(0.1, 0.06))
        told = checked(tmp_path / "journal.db", f"seat.kind={kind}", "seat.sit_above=0.2")
        assert "empty 0.020, seated 0.400; taken from 0.200 up, empty from 0.060 down\n" in told
        levels = checks[-1].seat.levels
        assert levels is not None
        assert levels.thresholds == Thresholds(0.2, 0.06)
    assert "taken from" not in checked(tmp_path / "journal.db", "seat.kind=contact")


def test_check_says_that_a_damaged_calibration_counts_as_none(
    tmp_path: Path, checked: Checked, checks: list[Settings], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "seat.toml").write_text("seated = 3")
    assert "taken from" not in checked(tmp_path / "journal.db", "seat.kind=ads1115")
    assert checks[-1].seat.levels is None
    (said,) = [record.message for record in caplog.records]
    assert said.startswith(f"the seat counts as not calibrated: {tmp_path / 'seat.toml'}: ")


def test_check_goes_by_the_thresholds_to_which_the_seat_has_drifted(world: World, checked: Checked) -> None:
    own = ("seat.kind=mcp3008", "seat.empty=0.1", "seat.seated=0.5", "seat.leave_below=0.15")
    assert "empty 0.100, seated 0.500; taken from 0.183 up, empty from 0.150 down" in checked(world.file, *own)
    world.perform(Note(SeatDrifted(0.0, 0.0, 0.14, 0.5, 0.1, 0.5)))
    world.stop()
    told = checked(world.file, *own)
    assert "empty 0.140, seated 0.500; taken from 0.215 up, empty from 0.150 down" in told
    assert "set with empty 0.100, seated 0.500; drifted to empty 0.140, seated 0.500 since 2026-03-02" in told
    assert "no drift moves what [seat] in the settings sets: leave_below" in told


def test_check_says_where_the_journal_may_be_forgotten(
    tmp_path: Path, checked: Checked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says = "lies in memory: it counts all the same, and a restart forgets what is noted"
    monkeypatch.setattr("device.journal.place.lies_in_memory", lambda folder: folder == Path("/var/lib/unsit"))
    assert main(["check"]) == 0
    assert f"journal    /var/lib/unsit {says}" in capsys.readouterr().out
    assert says not in checked(tmp_path / "journal.db"), "who names a file has chosen where it lies"
    full = os.statvfs_result([4096, 4096, 1000, 0, 0, 9, 9, 9, 0, 255])
    monkeypatch.setattr(os, "statvfs", lambda _: full)
    assert f"journal    {tmp_path} is full: what happens now waits" in checked(tmp_path / "journal.db")
