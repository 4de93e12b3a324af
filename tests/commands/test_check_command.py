"""What `unsit check` says of the seat before it tries the parts: whether the running device trusts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from device.__main__ import main
from device.settings.settings import Settings
from tests.world import World

Checked = Callable[[Path], str]


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

    def run(file: Path) -> str:
        assert main(["check", "--set", f"journal.file={file}"]) == 0
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
