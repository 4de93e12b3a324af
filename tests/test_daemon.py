"""The loop: it waits, hears, plays hands, feeds the watchdog, and ends when it is told to."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from device.calendar import Calendar
from device.clock import DeskWall, RunningClock
from device.coach import Coach
from device.daemon import Device, EventQueue, Loop, earliest
from device.effects import Effect, Note
from device.events import Button, Event, Seat
from device.hands import Hands, Moment
from device.repertoire import repertoire
from device.service import ServiceManager
from device.settings import Settings


class Listener:
    """Hears effects; may do something at a fact, and may take its time."""

    def __init__(self, at_fact: dict[str, Callable[[], object]] | None = None) -> None:
        self.facts: list[tuple[str, float]] = []
        self._at_fact = at_fact or {}

    def perform(self, effect: Effect) -> None:
        if isinstance(effect, Note):
            self.facts.append((effect.fact.fact, effect.fact.t))
            self._at_fact.get(effect.fact.fact, lambda: None)()


def a_loop(listener: Listener, inbox: EventQueue, *happenings: Event, manager: ServiceManager | None = None) -> Loop:
    """A loop in a hurry, whose hands put these events into the inbox."""
    clock = RunningClock(10_000.0)
    device = Device(Coach(Settings(), repertoire(Settings())), Calendar(Settings().sounds, DeskWall()), [listener])
    moments = [Moment(event.at, lambda event=event: inbox.put(event)) for event in happenings]  # type: ignore[misc]  # the default binds it now
    clock.start()
    return Loop(device, inbox, clock, manager or ServiceManager({}), Hands(clock, moments))


def running(loop: Loop) -> threading.Thread:
    """The loop on a thread, which may be left behind by a test that fails."""
    runner = threading.Thread(target=loop.run, daemon=True)
    runner.start()
    return runner


def test_it_plays_hands_and_deadlines_at_their_own_time_and_ends_when_told() -> None:
    inbox = EventQueue()
    listener = Listener({"due": inbox.stop})
    a_loop(listener, inbox, Seat(0.0, False), Button(0.0, False), Seat(100.0, True)).run()
    assert listener.facts == [("sat", 100.0), ("invite", 3700.0), ("due", 7300.0)]


def test_a_stop_from_another_thread_wakes_it() -> None:
    inbox = EventQueue()
    loop = a_loop(Listener(), inbox)
    runner = running(loop)
    inbox.stop()
    runner.join(timeout=5)
    assert not runner.is_alive()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[tuple[dict[str, str], socket.socket]]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(5.0)
        yield (
            {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "60000", "WATCHDOG_PID": str(os.getpid())},
            ear,
        )


def test_it_says_ready_then_alive_again_and_again_and_stopping_in_the_end(
    systemd: tuple[dict[str, str], socket.socket],
) -> None:
    environment, ear = systemd
    inbox = EventQueue()
    loop = a_loop(Listener(), inbox, manager=ServiceManager(environment))
    runner = running(loop)
    assert ear.recv(64) == b"READY=1"
    assert [ear.recv(64) for _ in range(3)] == [b"WATCHDOG=1"] * 3
    inbox.stop()
    runner.join(timeout=5)
    assert b"STOPPING=1" in iter(lambda: ear.recv(64), b"")


def test_a_loop_that_hangs_feeds_no_watchdog(systemd: tuple[dict[str, str], socket.socket]) -> None:
    environment, ear = systemd
    inbox, hangs, go_on = EventQueue(), threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        go_on.wait(10)

    # It answers on the loop's own thread, as no performer should.
    loop = a_loop(Listener({"sat": hang}), inbox, Seat(0.0, True), manager=ServiceManager(environment))
    runner = running(loop)
    assert hangs.wait(5)
    ear.setblocking(False)
    with suppress(BlockingIOError):
        while ear.recv(64):
            pass
    # Five times as long as a live loop would be silent.
    ear.settimeout(0.1)
    with pytest.raises(TimeoutError):
        ear.recv(64)
    go_on.set()
    ear.settimeout(5)
    assert ear.recv(64) == b"WATCHDOG=1"
    inbox.stop()
    runner.join(timeout=5)
    assert not runner.is_alive()


def test_the_earliest_of_no_instants_is_none() -> None:
    assert earliest(None, None) is None
    assert earliest(None, 3.0, 2.0) == 2.0


def test_a_wake_in_the_inbox_hides_no_event_behind_it() -> None:
    inbox = EventQueue()
    inbox.put(Seat(1.0, True))
    inbox.wake()
    inbox.put(Seat(2.0, False))
    assert list(inbox.drain()) == [Seat(1.0, True), Seat(2.0, False)]
    assert inbox.wait(0.0) is None
