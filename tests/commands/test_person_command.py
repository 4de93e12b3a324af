"""`unsit person`, with a running device and without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.__main__ import main
from device.run.clock import DeskWall, RecordedClock
from device.run.line import Line
from device.run.orders import Orders, orders_to_core
from device.words.events import Chosen

NAMES = ("Anna", "Bob")


class Device:
    """A running one, of which only what it says of people is real."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self.path, self.names, self._sits = folder / "line", names, ""
        obey = Orders(orders_to_core(self._hear, RecordedClock(), DeskWall(), {}, lambda: self.names))
        self.line = Line(self.path, self._stand, obey=obey)

    def _hear(self, event: object) -> None:
        heard = event(0.0)  # type: ignore[operator]  # it makes an event
        assert isinstance(heard, Chosen)
        self._sits = heard.value

    def _stand(self) -> None:
        self.line.stand("standing", person=self._sits, persons=self.names)


def said(path: Path, output: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What the command prints."""
    assert main(["person", *words, "--line", str(path)]) == code
    said = output.readouterr()
    assert (said.err == "") is (code == 0)
    return said.out if code == 0 else said.err


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    device = Device(tmp_path, NAMES)
    try:
        yield device
    finally:
        device.line.close()


def test_it_says_who_sits_and_who_there_is_and_somebody_says_another(
    device: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(device.path, capsys) == "Nobody has sat yet.\nThere are Anna, Bob.\n"
    assert said(device.path, capsys, "Bob") == "Bob sits now.\n"
    assert said(device.path, capsys) == "Bob sits now, or sat last.\nThere are Anna, Bob.\n"


def test_a_name_that_the_settings_do_not_have_is_refused_in_one_line(
    device: Device, capsys: pytest.CaptureFixture[str]
) -> None:
    says = said(device.path, capsys, "Dora", code=64)
    assert says == "unsit: nobody is called 'Dora' here; there are Anna, Bob\n"


def test_where_one_person_sits_it_says_so(device: Device, capsys: pytest.CaptureFixture[str]) -> None:
    device.names = ()
    assert said(device.path, capsys).startswith("One person sits here; persons.names")
    assert "persons.names" in said(device.path, capsys, "Bob", code=64)


@pytest.mark.parametrize("words", [[], ["Bob"]])
def test_without_a_running_device_it_says_so_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    says = said(tmp_path / "line", capsys, *words, code=69)
    assert says == f"unsit: {tmp_path}/line: no device runs there, and only a running one knows who sits\n"


def test_a_line_that_it_may_not_reach_is_one_line_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert said(tmp_path / "file" / "line", capsys, code=69).count("\n") == 1
