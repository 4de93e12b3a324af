"""What the feed tells besides facts and screens: what a finger did, and whether the panel answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from device.commands.desk import feed_of
from device.mind.rules import Mode
from device.run.clock import DeskWall, RunningClock
from device.run.feed import Feed
from device.settings.settings import Settings
from device.words.effects import Heard, Note
from device.words.events import Button
from device.words.facts import PanelBack, PanelLost
from tests.story import Day


class Notebook:
    """Where a line would be: it keeps what is told."""

    def __init__(self) -> None:
        self.followed = True
        self.told: list[dict[str, Any]] = []
        self.stands: dict[str, Any] = {}

    def tell(self, kind: str, *, kept: bool = True, **message: Any) -> None:
        self.told.append({"kind": kind, "kept": kept, **message})

    def stand(self, kind: str, **message: Any) -> None:
        self.stands[kind] = message


class Bench:
    """A feed whose clock is set by hand."""

    def __init__(self) -> None:
        self.book, self.now = Notebook(), 100.0
        clock = RunningClock()
        clock.now = lambda: self.now  # type: ignore[method-assign]
        self.feed: Feed = feed_of(self.book, clock, DeskWall(), Settings(), simulated=True)
        self._snapshot = Day().snapshot
        self.contact(False)

    def contact(self, down: bool, after_s: float = 0.0) -> None:
        self.look(after_s)
        self.feed.perform(Heard(Button(self.now, down)))

    def look(self, after_s: float = 0.0) -> None:
        self.now += after_s
        self.feed.look(lambda: self._snapshot)

    @property
    def fingers(self) -> list[str]:
        return [each["did"] for each in self.book.told if each["kind"] == "button"]

    @property
    def modes(self) -> list[list[str]]:
        """In which modes the finger did each of these."""
        return [each["modes"] for each in self.book.told if each["kind"] == "button"]

    def change_mode(self, mode: Mode) -> None:
        self._snapshot = replace(self._snapshot, mode=mode)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_press_is_told_once_however_the_contacts_bounce(bench: Bench) -> None:
    for _ in range(3):
        for down in (True, False, True, False, True):
            bench.contact(down, 0.002)
        for down in (False, True, False):
            bench.contact(down, 0.2 if not down else 0.003)
        bench.look(0.5)
    assert bench.fingers == ["press", "press", "press"]
    assert not any(each["kept"] for each in bench.book.told)


def test_a_hold_is_told_while_the_finger_is_down_and_its_end_is_nothing(bench: Bench) -> None:
    bench.contact(True)
    bench.look(0.99)
    assert bench.fingers == []
    bench.look(0.01)
    assert bench.fingers == ["hold"]
    bench.look(5.0)
    bench.contact(False)
    bench.look(1.0)
    assert bench.fingers == ["hold"]


def test_who_comes_later_is_told_of_no_finger_from_before(bench: Bench) -> None:
    bench.book.followed = False
    bench.contact(True)
    bench.contact(False, 0.2)
    bench.look(1.0)
    bench.book.followed = True
    bench.look(1.0)
    assert bench.fingers == []


def test_a_panel_that_does_not_answer_is_broken_until_it_does(bench: Bench) -> None:
    bench.look()
    assert bench.book.stands["health"] == {"panel": "ok"}
    bench.feed.perform(Note(PanelLost(100.0, 100.0)))
    bench.look()
    assert bench.book.stands["health"] == {"panel": "broken"}
    bench.feed.perform(Note(PanelBack(101.0, 101.0)))
    bench.look()
    assert bench.book.stands["health"] == {"panel": "ok"}


def test_what_a_finger_did_is_told_with_the_modes_that_gave_it_its_meaning(bench: Bench) -> None:
    bench.look()
    bench.change_mode(Mode.OFFICE_OFFERED)
    bench.contact(True, 1.0)
    bench.contact(False, 0.2)
    # The press has its effect before it is told.
    bench.change_mode(Mode.WATCHING)
    bench.look(0.5)
    bench.contact(True, 1.0)
    bench.look(2.0)
    bench.contact(False)
    assert bench.modes == [["office_offered"], ["watching"]]
