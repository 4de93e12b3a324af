"""The worked example of docs/adding-an-output.md: its lamp glows while a break is due, after a restart, too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from tests.story import Day

DOCUMENT = Path(__file__).parents[2] / "docs/adding-an-output.md"


class Desk:
    """The lamp of the document beside a person whose day is told."""

    def __init__(self) -> None:
        (source,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
        example: dict[str, Any] = {}
        exec(compile(source, str(DOCUMENT), "exec"), example)
        self._class = example["Lamp"]
        self._factory = MockFactory()
        self._lamp = self._class(self._factory, 17)
        self.day = Day()
        self._performed = 0

    @property
    def is_lit(self) -> bool:
        """Once it has heard all that the coach has said so far."""
        for at, effect in self.day.told[self._performed :]:
            self._lamp.perform(effect, at)
        self._performed = len(self.day.told)
        return bool(self._factory.pin(17).state)

    def cut_power(self, minutes: float) -> None:
        """The device that starts then has a lamp that knows nothing."""
        self.close()
        self._performed = len(self.day.told)
        self.day.cut_power(minutes=minutes)
        self._lamp = self._class(self._factory, 17)

    def close(self) -> None:
        self._lamp.close()
        self._lamp.close()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_it_glows_from_due_until_the_guide_begins(desk: Desk) -> None:
    assert not desk.is_lit
    desk.day.sit(minutes=119)
    assert not desk.is_lit
    desk.day.wait(minutes=2)
    assert desk.is_lit
    desk.day.rise(seconds=20)
    assert not desk.is_lit
    desk.close()
    assert not desk.is_lit


def test_after_a_power_cut_while_due_it_glows_again(desk: Desk) -> None:
    desk.day.sit(minutes=121)
    desk.cut_power(minutes=1)
    assert desk.is_lit
    desk.close()


def test_while_nothing_is_due_it_stays_dark_after_a_power_cut(desk: Desk) -> None:
    desk.day.sit(minutes=30)
    desk.cut_power(minutes=1)
    assert not desk.is_lit
    desk.close()
