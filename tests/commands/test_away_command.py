"""`unsit away`, with a running device and without one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest

from device.__main__ import main
from device.run.clock import DeskWall, RecordedClock
from device.run.line import Line
from device.run.orders import Orders, orders_to_core
from device.settings.choices import Choices, choice
from device.words.events import Chosen, Event

NOON = datetime(2026, 12, 18, 12, tzinfo=timezone(timedelta(hours=1)))


class Device:
    """A running one at noon, of which only what it says of being away is real."""

    def __init__(self, folder: Path, output: pytest.CaptureFixture[str]) -> None:
        self.path, self._output, self._choices = folder / "line", output, Choices()
        clock, self.wall = RecordedClock(), DeskWall()
        self.wall.set(0.0, NOON)
        obey = Orders(orders_to_core(self._hear, clock, self.wall, {}))
        self.line = Line(self.path, lambda: self._stand(), obey=obey)

    def _hear(self, event: object) -> None:
        heard: Event = event(0.0)  # type: ignore[operator]  # it makes an event
        assert isinstance(heard, Chosen)
        self._choices.take(choice(0.0, heard.name, heard.value))

    def _stand(self) -> None:
        day = self._choices.back_on(NOON.date())
        self.line.stand("standing", back_on=None if day is None else day.isoformat())

    def says(self, *words: str, code: int = 0) -> str:
        """What the command prints."""
        return said(self.path, self._output, *words, code=code)


def said(path: Path, output: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["away", *words, "--line", str(path)]) == code
    said = output.readouterr()
    assert (said.err == "") is (code == 0)
    return said.out if code == 0 else said.err


@pytest.fixture
def device(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Device]:
    device = Device(tmp_path, capsys)
    try:
        yield device
    finally:
        device.line.close()


def test_somebody_goes_away_asks_how_it_stands_and_is_back_early(device: Device) -> None:
    until = "Away until Thursday, 2027-01-07: no sound and no offers until then. The count goes on.\n"
    assert device.says() == "You aren't away.\n"
    assert device.says("--back") == "You aren't away.\n"
    assert device.says("--until", "2027-01-07") == until
    assert device.says() == until
    assert device.says("--back") == "Back again: sound and offers as before.\n"
    assert device.says() == "You aren't away.\n"


@pytest.mark.parametrize("day", ["2026-12-18", "2026-12-17", "2027-12-20"])
def test_a_day_that_can_be_none_to_be_back_on_is_refused_in_one_line(device: Device, day: str) -> None:
    says = device.says("--until", day, code=64)
    assert says == f"unsit: you can't be back on {day}: allowed are 2026-12-19 to 2027-12-19\n"
    assert device.says() == "You aren't away.\n"


def test_a_device_that_does_not_know_the_date_says_so(device: Device) -> None:
    device.wall.is_right = False
    assert device.says("--until", "2027-01-07", code=64).startswith("unsit: the device doesn't know the date yet")


@pytest.mark.parametrize("words", [[], ["--back"], ["--until", "2027-01-07"]])
def test_without_a_running_device_one_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    says = partial(said, tmp_path / "line", capsys)
    assert (
        says(*words, code=69)
        == f"unsit: {tmp_path}/line: no device runs there, and only a running one knows who is away\n"
    )


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-30", "20270107x", ""])
def test_what_is_no_date_is_a_fault_of_the_command_line(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["away", "--until", text])
    assert ended.value.code == 2
    assert "write it as 2026-03-02" in capsys.readouterr().err


def test_away_until_and_back_at_once_makes_no_sense(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["away", "--until", "2027-01-07", "--back"])
    assert "not allowed with" in capsys.readouterr().err
