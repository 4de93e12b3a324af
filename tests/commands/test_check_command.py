"""What `unsit check` says of the seat before it tries the parts: whether the running device trusts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from device.__main__ import main
from device.settings.settings import Settings
from device.words.effects import Note
from device.words.facts import SeatDrifted
from tests.world import World

Checked = Callable[..., str]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, Settings())


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Runs the command against a journal, without any parts to try."""

    class Fine:
        def __init__(self, *_: object) -> None:
            pass

        def run(self) -> bool:
            return True

    monkeypatch.setattr("hardware.check.Check", Fine)
    monkeypatch.setattr("hardware.check.pi_ends", lambda _: None)

    def run(file: Path, *own: str) -> str:
        settings = [f"--set={each}" for each in (f"journal.file={file}", *own)]
        assert main(["check", *settings]) == 0
        return capsys.readouterr().out

    return run


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


def test_check_goes_by_the_thresholds_to_which_the_seat_has_drifted(world: World, checked: Checked) -> None:
    own = ("seat.kind=mcp3008", "seat.empty=0.1", "seat.seated=0.5", "seat.leave_below=0.15")
    assert "empty 0.100, seated 0.500; taken from 0.200 up, empty from 0.150 down" in checked(world.file, *own)
    world.perform(Note(SeatDrifted(0.0, 0.0, 0.14, 0.5, 0.1, 0.5)))
    world.stop()
    told = checked(world.file, *own)
    assert "empty 0.140, seated 0.500; taken from 0.230 up, empty from 0.150 down" in told
    assert "set with empty 0.100, seated 0.500; drifted to empty 0.140, seated 0.500 since 2026-03-02" in told
    assert "no drift moves what [seat] in the settings sets: leave_below" in told
