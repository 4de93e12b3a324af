"""Each part owns its place: what it is, how it is checked, and what is at the other end of its wires."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from device.run.clock import RecordedClock, RunningClock
from device.run.loop import EventQueue
from device.settings import settings as settings_module
from device.settings.settings import PLACES, Place, Settings
from hardware.check import Check, Ends
from hardware.parts import inputs, outputs
from hardware.shared import part as part_module
from hardware.shared.part import FarEnd, Part, Wires, part_at, parts_of
from hardware.simulated.desk import SimulatedDesk
from tests.check_unit import DROP_INS

HARDWARE = Path(__file__).parents[2] / "hardware"


def wires_at(desk: SimulatedDesk) -> Wires:
    return Wires(desk.settings, EventQueue(), RecordedClock(), desk.factory, desk.i2c)


def test_every_file_with_a_part_is_in_the_table() -> None:
    with_part = {
        ".".join(file.relative_to(HARDWARE).with_suffix("").parts)
        for file in HARDWARE.rglob("*.py")
        if re.search(r"^PART = ", file.read_text("utf-8"), re.MULTILINE)
    }
    assert with_part == {place.file for place in PLACES}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.file)
def test_a_part_is_either_an_input_or_an_output(place: Place) -> None:
    part = part_at(place)
    assert (part.input is None) != (part.output is None)
    assert len(part.name) <= 10, "or the lines of `unsit check` don't line up"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.file)
def test_the_table_says_truly_whether_a_part_looks_now_and_then(place: Place) -> None:
    desk, part = SimulatedDesk(Settings()), part_at(place)
    if part.input is None:
        assert not place.looks
        return
    made = part.input(wires_at(desk))
    desk.power_up()
    made.start()
    assert (made.next_deadline() is not None) == place.looks
    made.close()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.file)
def test_the_sandbox_drop_in_of_a_part_ships(place: Place) -> None:
    assert part_at(place).drop_in in {"", *(file.name for file in DROP_INS)}


# ---- one more part


class Bell(FarEnd):
    """Rings when it is made."""


class Lamp:
    def next_deadline(self) -> None:
        return None


@pytest.fixture
def lamp(monkeypatch: pytest.MonkeyPatch) -> Part:
    """One more part, as its file would have it."""
    lamp: Any = Lamp()
    part = Part("lamp", lambda _: (None, "it glows"), lambda _: Bell(), output=lambda _: lamp, drop_in="lamp.conf")
    file: Any = ModuleType("hardware.lamp")
    file.PART = part
    monkeypatch.setitem(sys.modules, "hardware.lamp", file)
    places = (*PLACES, Place("lamp"))
    for module in (settings_module, part_module):
        monkeypatch.setattr(module, "PLACES", places)
    monkeypatch.setattr("hardware.check.PLACES", places)
    return part


def test_a_line_in_the_table_puts_a_part_on_every_desk(lamp: Part) -> None:
    desk = SimulatedDesk(Settings())
    assert parts_of(Settings())[-1] is lamp
    assert isinstance(desk._ends[-1], Bell)
    assert isinstance(list(outputs(wires_at(desk)))[-1], Lamp)
    assert len(list(inputs(wires_at(desk)))) == 2


def checked(desk: SimulatedDesk) -> list[str]:
    said: list[str] = []
    ends = Ends(desk.factory, desk.i2c, lambda: [0x3C])
    clock = RunningClock(1000.0)
    clock.start()
    Check(Settings(), ends, EventQueue(), clock, lambda _: "", said.append, "the network").run()
    return said


@pytest.mark.usefixtures("lamp")
def test_check_asks_it_and_says_which_drop_in_the_service_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.check._DROP_INS", tmp_path)
    desk = SimulatedDesk(Settings())
    assert checked(desk)[-1] == (
        "lamp       TO DO: it works here, but not yet in the service: "
        f"sudo install -D -m 644 systemd/lamp.conf {tmp_path}/lamp.conf && sudo systemctl daemon-reload"
    )
    (tmp_path / "lamp.conf").touch()
    assert checked(desk)[-1] == "lamp       fine: it glows"
