"""The simulated chair: a weight on it, a worn mat, a loose wire and a cat, and what the device makes of each."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from device.desk.chair import Chair
from device.desk.hands import Hands
from device.desk.live import LiveDesk
from device.desk.virtual_desk import HandsError, understood
from device.history.day_file import read_day
from device.run.clock import RunningClock
from device.run.moments import Moment
from device.run.restart import Start
from device.settings.settings import SeatSettings, Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Effect, Note
from device.words.levels import RAIL, seat_levels
from hardware.parts import at_the_desk
from hardware.simulated.desk import SimulatedDesk
from tests.flying import FlyingClock

CONTACT = SeatSettings()
ANALOG = [SeatSettings(kind=kind, empty=0.05, seated=0.5) for kind in ("ads1115", "mcp3008")]
KINDS = [CONTACT, *ANALOG]

Deed = tuple[float, Callable[[LiveDesk], object]]


class Facts:
    """What was noted."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def perform(self, effect: Effect) -> None:
        if isinstance(effect, Note):
            self.names.append(effect.fact.name)


def lived(seat: SeatSettings, deeds: Sequence[Deed], until: float) -> list[str]:
    """The names of what was noted while that was done at the desk, each at its time."""
    settings = Settings(seat=seat)
    things, facts = SimulatedDesk(settings), Facts()
    with pytest.MonkeyPatch.context() as patch:
        clock = FlyingClock()
        patch.setattr("device.desk.live.RunningClock", lambda _speed: clock)
        desk = LiveDesk(Start(settings, repertoire(settings)), things, partial(at_the_desk, things, settings), 1.0)
    for t, deed in deeds:
        desk._hands.add(Moment(t, partial(deed, desk)))
    desk.stop_at(until)
    desk.run(lambda: ([facts], []))
    return facts.names


def let(part: str, so: bool = True) -> Callable[[LiveDesk], object]:
    return lambda desk: desk._do(part, so)


def a_chair(seat: SeatSettings) -> tuple[Chair, list[tuple[float, float]], Callable[[float], None]]:
    """One by itself, what its sensor reads and when, and how to let time pass."""
    clock = RunningClock(source=lambda: 0.0)
    hands, levels = Hands(clock), []
    chair = Chair(seat, clock, hands.add, lambda level: levels.append((clock.now(), level)))

    def pass_until(t: float) -> None:
        while hands.play_next(t):
            pass

    return chair, levels, pass_until


# ---- a weight


@pytest.mark.parametrize("seat", KINDS)
def test_whoever_sits_down_is_noticed_from_a_child_to_a_heavy_person(seat: SeatSettings) -> None:
    chair = Chair(seat, RunningClock(), lambda _: None, lambda _: None)
    span = chair.usual - chair.empty
    for part in (0.27, 1.0, 1.9):
        names = lived(seat, [(1.0, lambda desk, part=part: desk._do_weigh(chair.empty + part * span)),  # type: ignore[misc]
                             (5.0, let("seat"))], 20.0)  # fmt: skip
        assert names == ["sat"]


@pytest.mark.parametrize("seat", KINDS)
def test_somebody_who_weighs_nothing_is_not_there(seat: SeatSettings) -> None:
    level = Chair(seat, RunningClock(), lambda _: None, lambda _: None).empty
    assert lived(seat, [(1.0, lambda desk: desk._do_weigh(level)), (5.0, let("seat"))], 60.0) == []


def test_the_weight_of_whoever_sits_there_already_changes_at_once() -> None:
    chair, levels, _ = a_chair(ANALOG[0])
    chair.sit(True)
    chair.weigh(0.27)
    assert [level for _, level in levels] == [0.5, 0.27]
    assert chair.reads
    chair.weigh(0.13)
    assert chair.reads, "between the thresholds nothing changes"
    chair.weigh(0.06)
    assert not chair.reads


def test_a_weight_never_looks_like_a_wire_that_is_off() -> None:
    chair, levels, _ = a_chair(ANALOG[0])
    chair.weigh(1.0)
    chair.sit(True)
    assert levels[-1][1] < RAIL


@pytest.mark.parametrize("to", [-0.01, 1.01, True, "0.3", None, float("nan"), float("inf"), 10**400, [0.3]])
def test_a_weight_is_a_level_and_anything_else_is_refused_in_a_line(to: Any) -> None:
    with pytest.raises(HandsError, match=r"weigh to .*; allowed: a level of the seat's sensor, 0 to 1$"):
        understood({"do": "weigh", "to": to})


@pytest.mark.parametrize("to", [0, 0.27, 1])
def test_a_weight_is_understood(to: float) -> None:
    assert understood({"do": "weigh", "to": to}) == ("weigh", to)


def test_at_the_terminal_a_key_makes_the_person_heavier_or_lighter_within_what_a_sensor_reads() -> None:
    settings = Settings(seat=ANALOG[0])
    things = SimulatedDesk(settings)
    desk = LiveDesk(Start(settings, repertoire(settings)), things, partial(at_the_desk, things, settings), 1.0)
    assert "level 0.05" in desk.says
    weights = []
    for by in (0.1, -0.2, -5.0, 9.0):
        desk.weigh_more(by)
        while desk._hands.play_next(desk.clock.now()):
            pass
        weights.append(round(desk.chair.weight, 3))
    assert weights == [0.545, 0.455, 0.05, 1.0]


def test_the_terminal_says_what_goes_wrong_with_the_seat() -> None:
    settings = Settings()
    things = SimulatedDesk(settings)
    desk = LiveDesk(Start(settings, repertoire(settings)), things, partial(at_the_desk, things, settings), 1.0)
    assert "level" not in desk.says, "a contact has none"
    desk.switch("worn")
    desk.switch("cat")
    while desk._hands.play_next(desk.clock.now()):
        pass
    assert desk.says.endswith("chair empty   worn mat   a cat about")


def test_recorded_levels_are_what_the_sensor_reads(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text("t,input,value\n0,level,0.06\n5,level,0.41\n60,end,\n")
    settings = Settings(seat=ANALOG[1])
    things = SimulatedDesk(settings)
    parts = partial(at_the_desk, things, settings)
    desk = LiveDesk(Start(settings, repertoire(settings)), things, parts, 600.0, read_day(file))
    assert desk.chair.level == 0.06
    while desk._hands.play_next(10.0):
        pass
    assert (desk.chair.level, desk.chair.reads) == (0.41, True)


def test_in_a_recorded_day_a_seat_row_ends_a_level(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_text("t,input,value\n5,level,0.41\n20,seat,empty\n60,end,\n")
    settings = Settings(seat=ANALOG[1])
    things = SimulatedDesk(settings)
    parts = partial(at_the_desk, things, settings)
    desk = LiveDesk(Start(settings, repertoire(settings)), things, parts, 600.0, read_day(file))
    while desk._hands.play_next(30.0):
        pass
    assert (desk.chair.level, desk.chair.reads) == (desk.chair.empty, False)


# ---- a worn mat


@pytest.mark.parametrize("seat", KINDS)
def test_a_worn_mat_reads_taken_though_nobody_sits_there(seat: SeatSettings) -> None:
    assert lived(seat, [(5.0, let("worn"))], 60.0) == ["sat"]
    assert lived(seat, [(5.0, let("worn")), (60.0, let("worn", False))], 100.0) == ["sat", "left"]


@pytest.mark.parametrize("seat", [CONTACT, ANALOG[0]])
def test_a_mat_that_is_worn_for_a_day_is_said_and_trusted_once_it_is_mended_and_somebody_has_sat(
    seat: SeatSettings,
) -> None:
    day = [(5.0, let("worn")), (87_000.0, let("worn", False)), (88_000.0, let("seat")), (89_000.0, let("seat", False))]
    names = lived(seat, day, 90_000.0)
    assert [name for name in names if name.startswith("seat_")] == ["seat_doubted", "seat_trusted"]


def test_a_worn_mat_that_flickers_is_said_too() -> None:
    assert "seat_doubted" in lived(CONTACT, [(5.0, let("worn")), (6.0, let("noise")), (7.0, let("seat"))], 87_000.0)


# ---- a loose wire


@pytest.mark.parametrize("seat", ANALOG)
def test_a_loose_wire_loses_an_analog_seat_again_and_again(seat: SeatSettings) -> None:
    chair, levels, pass_until = a_chair(seat)
    chair.sit(True)
    chair.let("wire", True)
    pass_until(120.0)
    off = [at for at, level in levels if level >= RAIL]
    assert {level for _, level in levels} == {0.5, 1.0}
    assert len([at for at, then in itertools.pairwise(off) if then - at > 2]) > 3
    chair.let("wire", False)
    assert levels[-1][1] == 0.5
    said = len(levels)
    pass_until(999.0)
    assert len(levels) == said, "it holds for good"


def test_a_loose_wire_of_a_contact_chatters_and_nobody_can_sit_on_it_for_long() -> None:
    names = lived(CONTACT, [(5.0, let("seat")), (60.0, let("wire"))], 600.0)
    assert names.count("left") > 1
    assert names.count("seat_doubted") == 1


# ---- a cat


@pytest.mark.parametrize("seat", ANALOG)
def test_a_cat_on_an_analog_seat_is_nobody(seat: SeatSettings) -> None:
    assert lived(seat, [(5.0, let("cat"))], 600.0) == []


@pytest.mark.parametrize(("kg", "taken"), [(75, False), (25, False), (20, True)])
def test_a_cat_is_somebody_only_on_a_seat_that_a_small_child_calibrated(kg: int, taken: bool) -> None:
    chair, _, _ = a_chair(SeatSettings(kind="mcp3008"))
    chair.go_by(seat_levels(chair.empty, chair.empty + kg / 75 * (chair.usual - chair.empty)))
    chair.let("cat", True)
    assert chair.cat_is_there
    assert chair.reads is taken


def test_a_cat_on_a_contact_is_somebody() -> None:
    names = lived(CONTACT, [(5.0, let("cat"))], 600.0)
    assert names.count("sat") > 1
    assert names.count("left") > 1


def test_a_cat_comes_and_goes_and_makes_room_for_a_person() -> None:
    chair, levels, pass_until = a_chair(ANALOG[0])
    chair.let("cat", True)
    assert chair.cat_is_there
    pass_until(300.0)
    assert len({level for _, level in levels}) == 2
    assert len(levels) > 6
    chair.sit(True)
    assert not chair.cat_is_there
    at = len(levels)
    pass_until(600.0)
    assert len(levels) == at, "nobody shares a chair with a cat"
    chair.sit(False)
    pass_until(700.0)
    assert len(levels) > at + 1
    chair.let("cat", False)
    assert levels[-1][1] == chair.empty


def test_however_often_a_scene_is_switched_it_goes_on_once() -> None:
    clock = RunningClock(source=lambda: 0.0)
    hands = Hands(clock)
    chair = Chair(CONTACT, clock, hands.add, lambda _: None)
    for nth in range(101):
        chair.let("cat", nth % 2 == 0)
        chair.let("wire", nth % 2 == 0)
    chair.go_on()
    while hands.play_next(300.0):
        pass
    assert len(hands._coming) <= 2
