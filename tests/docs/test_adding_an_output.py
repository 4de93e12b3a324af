"""The worked example of docs/adding-an-output.md: its lamp glows while a break is due, after a restart, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from tests.docs.recipe import Recipe, run_in, what_changed
from tests.story import Day

RECIPE = Recipe("docs/adding-an-output.md", "hardware/lamp.py")
PROGRAM = """
from dataclasses import replace
from pathlib import Path
from device.history.day_file import read_day
from device.run.clock import RecordedClock
from device.run.loop import EventQueue
from device.run.moments import Moment
from device.run.replay import Replay
from device.run.restart import Start
from device.settings.settings import Settings
from device.stretches.repertoire import repertoire
from hardware.check import Check, Ends
from hardware.parts import WiredDesk
from hardware.simulated.desk import SimulatedDesk

settings, clock, inbox = Settings(), RecordedClock(), EventQueue()
desk = SimulatedDesk(settings)
moments = [Moment(t, lambda: print(clock.at, bool(desk.factory.pin(22).state))) for t in (7190.0, 7210.0, 7260.0)]
wired = WiredDesk(desk, settings, inbox, clock)
replay = Replay(lambda _: Start(settings, repertoire(settings)), clock, inbox, wired, [])
replay.play(read_day(Path("day.csv")), moments)

class Clock(RecordedClock):
    def wait_s(self, until):
        self.at = max(self.at, until)
        return 0.0

other = SimulatedDesk(settings)
ends = Ends(other.factory, other.i2c, lambda: [0x3C])
Check(settings, ends, inbox, Clock(), lambda please: "y" if "lamp" in please else "", print, None).run()
"""


class Desk:
    """The lamp of the document beside a person whose day is told."""

    def __init__(self) -> None:
        (source,) = RECIPE.blocks("python")
        example: dict[str, Any] = {"__name__": "hardware.lamp"}
        exec(compile(source, "docs/adding-an-output.md", "exec"), example)
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


# ---- as the document says, in a copy of the project


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return RECIPE.carry_out(tmp_path_factory.mktemp("project"))


def test_one_file_changes_besides_the_new_one_and_its_test(copy: Path) -> None:
    assert what_changed(copy) == {"hardware/lamp.py": "new", "device/settings/settings.py": "changed"}
    assert RECIPE.table == what_changed(copy) | {"tests/hardware/test_lamp.py": "new"}


def test_it_glows_on_the_simulated_desk_and_is_checked(copy: Path) -> None:
    (copy / "day.csv").write_text("t,input,value\n0,seat,taken\n7230,seat,empty\n7300,end,\n")
    said = run_in(copy, "-c", PROGRAM).stdout.splitlines()
    assert said[:3] == ["7190.0 False", "7210.0 True", "7260.0 False"]
    assert "lamp       fine: it is lit" in said


def test_its_pin_is_nobody_elses(copy: Path) -> None:
    done = run_in(copy, "-m", "device", "settings", "--set", "pins.button=22", code=78)
    says = "pins.button: GPIO22 is the lamp's already; allowed: a pin of its own"
    assert done.stderr == f"unsit: --set: {says}\n"
