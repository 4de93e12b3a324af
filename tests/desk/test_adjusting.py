"""Thresholds that the core has moved reach the seat: at the simulated desk, on a Pi and in a replay."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from device.history.day_file import read_day
from device.run.clock import DeskWall, RecordedClock
from device.run.loop import EventQueue
from device.run.replay import BareDesk, Replay
from device.run.restart import Start
from device.settings.settings import Pins, Screens, SeatSettings, Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Adjust, Silence
from device.words.events import Seat
from device.words.levels import Thresholds
from device.words.ports import Adjustable
from hardware import parts
from hardware.parts import WiredDesk, at_the_desk, on_the_pi
from hardware.seat.ads1115_model import WeighedConverter
from hardware.simulated.desk import SimulatedDesk
from tests.desk.test_desk import Standing, no_bus
from tests.desk.test_looking import Facts
from tests.wires import wires_of

ANALOG = Settings(seat=SeatSettings(kind="mcp3008", empty=0.1, seated=0.5), screens=Screens(safety_s=0.0))
HIGHER = Thresholds(0.6, 0.55)


def of_kind(kind: str) -> Settings:
    return replace(ANALOG, seat=replace(ANALOG.seat, kind=kind))


def test_at_the_desk_a_seat_that_is_looked_at_goes_by_them_from_the_next_look_on() -> None:
    desk, inbox = SimulatedDesk(ANALOG), EventQueue()
    desk.weigh(0.5)
    with at_the_desk(desk, ANALOG, inbox, Standing(), DeskWall()) as (performers, sensing):
        for performer in performers:
            performer.perform(Silence())
            performer.perform(Adjust(HIGHER))
            performer.wake()
        for each in sensing:
            each.tick(0.5)
    assert [event for event in inbox.drain() if isinstance(event, Seat)] == [Seat(0.0, True), Seat(0.5, False)]


def test_at_the_desk_they_are_written_to_a_converter_that_watches() -> None:
    settings = of_kind("ads1115")
    desk = SimulatedDesk(settings)
    chip = next(end.chip for end in desk._ends if isinstance(end, WeighedConverter))
    with at_the_desk(desk, settings, EventQueue(), Standing(), DeskWall()) as (performers, sensing):
        for performer in performers:
            performer.perform(Adjust(HIGHER))
        for each in sensing:
            each.tick(0.0)
        chip.write(bytes([2]))
        assert int.from_bytes(bytes(chip.read(2)), "big") == int(0.55 * 26400) + 1


def test_on_a_pi_they_reach_the_seat_behind_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Thresholds] = []
    monkeypatch.setattr("hardware.seat.ads1115.WatchedSeat.adjust", lambda _, thresholds: told.append(thresholds))
    monkeypatch.setattr(parts, "real_bus", no_bus)
    wires_of("rpigpio", monkeypatch)
    settings = replace(of_kind("ads1115"), pins=Pins(backend="rpigpio"))
    with on_the_pi(settings, EventQueue(), Standing(), DeskWall()) as performers:
        for performer in performers:
            performer.perform(Adjust(HIGHER))
    assert told == [HIGHER]


def drifting(file: Path, *, cut: bool = False) -> Path:
    """A day whose pad creeps up far enough that an empty chair reads taken without new thresholds."""
    rows, at, empty = ["0,level,0.1"], 0.0, 0.1
    for nth in range(12):
        rows += [f"{at + 600:.0f},level,0.5", f"{at + 2600:.0f},level,{empty:.4f}"]
        if cut and nth == 8:
            rows += [f"{at + 6000:.0f},power,cut", f"{at + 6060:.0f},power,on"]
        at, empty = at + 6600, empty + 0.009
    file.write_text("\n".join(["t,input,value", *rows, f"{at:.0f},end,", ""]))
    return file


@pytest.mark.parametrize("cut", [False, True])
def test_a_replay_goes_by_them_on_either_desk_and_after_a_power_cut(cut: bool, tmp_path: Path) -> None:
    day = read_day(drifting(tmp_path / "day.csv", cut=cut))
    start = Start(ANALOG, repertoire(ANALOG))
    said = []
    for desk in (partial(BareDesk, seat=ANALOG.seat), partial(WiredDesk, SimulatedDesk(ANALOG), ANALOG)):
        clock, inbox, facts = RecordedClock(), EventQueue(), Facts()
        made = desk(inbox=inbox, clock=clock)
        assert isinstance(made, Adjustable)
        Replay(lambda _: start, clock, inbox, made, [facts]).play(day)
        said.append(facts.said)
        names = [name for _, name in facts.said]
        assert names.count("sat") == names.count("left") == 12
        assert names.count("seat_drifted") >= 8
    # The converter's steps are coarser, so that a drift may be said a sitting later.
    bare, wired = ([name for _, name in each if name != "seat_drifted"] for each in said)
    assert bare == wired


def test_a_replay_on_a_contact_has_nothing_to_adjust() -> None:
    BareDesk(EventQueue(), RecordedClock()).adjust(HIGHER)
    WiredDesk(SimulatedDesk(Settings()), Settings(), EventQueue(), Standing()).adjust(HIGHER)
