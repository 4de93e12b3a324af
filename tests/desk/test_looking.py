"""An input that looks now and then sees the same at the live desk, at 600 times the speed, and in a replay."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from gpiozero import Factory, InputDevice

from device.desk.live import LiveDesk
from device.history.day_file import RecordedDay, read_day
from device.run.clock import DeskWall, RecordedClock, RunningClock
from device.run.loop import EventQueue
from device.run.replay import Replay
from device.run.restart import Start
from device.settings.settings import Limits, Screens, Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Effect, Note
from device.words.events import Seat
from device.words.instants import after
from device.words.ports import Clock, Inbox
from hardware import parts
from hardware.parts import WiredDesk, at_the_desk, on_the_pi
from hardware.shared.part import Wires
from hardware.simulated.desk import SimulatedDesk
from tests.flying import FlyingClock
from tests.waiting import until

SETTINGS = Settings(limits=Limits(invite_after_s=300.0, due_after_s=300.0), screens=Screens(safety_s=0.0))
START = Start(SETTINGS, repertoire(SETTINGS))
LOOKS_EVERY_S = 0.5
END = 600.0


class Lookout:
    """Looks twice a second whether the chair is taken. No edge tells it anything."""

    def __init__(self, factory: Factory, inbox: Inbox, clock: Clock) -> None:
        self._contact = InputDevice(17, pull_up=True, pin_factory=factory)
        self._inbox, self._clock = inbox, clock
        self.samples: list[tuple[float, bool]] = []
        self.threads: set[str] = set()
        self._deadline: float | None = None

    def start(self) -> None:
        self._look(self._clock.now())

    def next_deadline(self) -> float | None:
        return self._deadline

    def tick(self, now: float) -> None:
        assert now == self._clock.now() == self._deadline, "it looks at its own time"
        self.threads.add(threading.current_thread().name)
        self._look(now)

    def close(self) -> None:
        self._deadline = None
        self._contact.close()

    def _look(self, now: float) -> None:
        taken = bool(self._contact.value)
        self.samples.append((now, taken))
        self._deadline = after(now, LOOKS_EVERY_S)
        self._inbox.put(Seat(now, taken))


class Facts:
    """What was said."""

    def __init__(self) -> None:
        self.said: list[tuple[float, str]] = []

    def perform(self, effect: Effect) -> None:
        if isinstance(effect, Note):
            self.said.append((effect.fact.said, effect.fact.name))


@pytest.fixture
def day(tmp_path: Path) -> RecordedDay:
    file = tmp_path / "day.csv"
    # A blip between two looks, and changes at the very instant of a look.
    rows = ["0,seat,empty", "10.5,seat,taken", "100.1,seat,empty", "100.2,seat,taken", "250.25,seat,empty"]
    rows += ["252,seat,taken", "480.7,seat,empty", f"{END},end,"]
    file.write_text("t,input,value\n" + "\n".join(rows) + "\n")
    return read_day(file)


@pytest.fixture
def lookouts(monkeypatch: pytest.MonkeyPatch) -> list[Lookout]:
    """Those that were made, in place of all other inputs."""
    made: list[Lookout] = []

    def inputs(wires: Wires) -> Iterator[Lookout]:
        made.append(Lookout(wires.factory, wires.inbox, wires.clock))
        yield made[-1]

    monkeypatch.setattr(parts, "inputs", inputs)
    return made


class BusyClock(RunningClock):
    """At 600 times the speed of the world, on a computer so busy that six seconds go by till it is asked again."""

    def __init__(self) -> None:
        self._world_s = 0.0
        super().__init__(600.0, self._later)

    def _later(self) -> float:
        self._world_s += 0.01
        return self._world_s

    def wait_s(self, until: float) -> float:
        super().wait_s(until)
        return 0.0


def live(day: RecordedDay, speed: float, clock: RunningClock | None = None) -> list[tuple[float, str]]:
    things = SimulatedDesk(SETTINGS)
    with pytest.MonkeyPatch.context() as patch:
        if clock is not None:
            patch.setattr("device.desk.live.RunningClock", lambda _speed: clock)
        desk = LiveDesk(START, things, partial(at_the_desk, things, SETTINGS), speed, day)
    desk.stop_at(END)
    facts = Facts()
    desk.run(lambda: ([facts], []))
    return [(at, name) for at, name in facts.said if at <= END]


def replayed(day: RecordedDay) -> list[tuple[float, str]]:
    clock, inbox, facts = RecordedClock(), EventQueue(), Facts()
    wired = WiredDesk(SimulatedDesk(SETTINGS), SETTINGS, inbox, clock)
    Replay(lambda _: START, clock, inbox, wired, [facts]).play(day)
    return facts.said


def test_it_counts_the_same_samples_live_at_600_times_the_speed_and_in_a_replay(
    day: RecordedDay, lookouts: list[Lookout]
) -> None:
    said = [live(day, 1.0, FlyingClock()), live(day, 600.0), replayed(day)]
    # Live, the round in which the desk is stopped may be a little late.
    samples = [[(at, taken) for at, taken in each.samples if at <= END] for each in lookouts]
    assert [len(each) for each in samples] == [END / LOOKS_EVERY_S + 1] * 3
    assert samples[0] == samples[1] == samples[2]
    assert (10.5, False) in samples[0]
    assert (11.0, True) in samples[0]
    assert not any(100 < at < 101 and not taken for at, taken in samples[0]), "between two looks it sees nothing"
    assert said[0] == said[1] == said[2]
    assert "due" in [name for _, name in said[0]]


def test_however_busy_the_computer_is_nothing_is_judged_before_what_was_to_be_seen_by_then(
    day: RecordedDay, lookouts: list[Lookout]
) -> None:
    said = [live(day, 600.0, BusyClock()), replayed(day)]
    assert said[0] == said[1]
    assert lookouts[0].samples[:1201] == lookouts[1].samples


def test_on_a_pi_it_looks_on_its_own_thread(lookouts: list[Lookout], monkeypatch: pytest.MonkeyPatch) -> None:
    things = SimulatedDesk(SETTINGS)
    monkeypatch.setattr(parts, "open_factory", lambda _: things.factory)
    monkeypatch.setattr(parts, "real_bus", lambda _: things.i2c)
    inbox, clock = EventQueue(), WaitedFor()
    with on_the_pi(SETTINGS, inbox, clock, DeskWall()):
        things.act("seat", True)
        until(lambda: any(taken for _, taken in lookouts[0].samples))
    assert lookouts[0].threads == {"Lookout"}
    looked = len(lookouts[0].samples)
    assert [at for at, _ in lookouts[0].samples] == [nth * LOOKS_EVERY_S for nth in range(looked)]
    assert {event.taken for event in inbox.drain() if isinstance(event, Seat)} == {False, True}


class WaitedFor:
    """A clock on which the lookout alone makes time go on, by waiting."""

    def __init__(self) -> None:
        self._at = 0.0

    def now(self) -> float:
        return self._at

    def wait_s(self, until: float) -> float:
        if threading.current_thread().name != "Lookout":
            return 3600.0
        self._at = max(self._at, until)
        return 0.0005


def test_it_looks_on_while_time_is_skipped(tmp_path: Path, lookouts: list[Lookout]) -> None:
    file = tmp_path / "seated.csv"
    file.write_text("t,input,value\n0,seat,taken\n1200,end,\n")
    things = SimulatedDesk(SETTINGS)
    desk = LiveDesk(START, things, partial(at_the_desk, things, SETTINGS), 1.0, read_day(file))
    # First to where the person is believed, then to the break.
    desk.skip()
    desk.skip()
    desk.stop_at(300.0)
    desk.run(lambda: ([], []))
    (lookout,) = lookouts
    times = [at for at, _ in lookout.samples if at <= 300.0]
    assert times == [nth * LOOKS_EVERY_S for nth in range(601)]


def test_without_power_nothing_looks_and_with_it_a_new_one_does(tmp_path: Path, lookouts: list[Lookout]) -> None:
    file = tmp_path / "cut.csv"
    file.write_text("t,input,value\n0,seat,empty\n5.2,seat,taken\n10,power,cut\n20.2,power,on\n30,end,\n")
    replayed(read_day(file))
    before, after_it = ([at for at, _ in each.samples] for each in lookouts)
    assert (before[0], before[-1], len(before)) == (0.0, 10.0, 21)
    assert (after_it[0], after_it[-1], len(after_it)) == (20.2, 29.7, 20)
