"""The loop: it waits, hears, plays hands, feeds the watchdog, and ends when it is told to."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies

from device.core.coach import Coach
from device.desk.hands import Hands
from device.run.calendar import Calendar
from device.run.clock import DeskWall, RunningClock
from device.run.loop import Device, EventQueue, Loop, earliest
from device.run.moments import Moment
from device.run.service import ServiceManager
from device.screens.screens import compose
from device.settings.settings import Limits, Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Cue, Effect, Note, Play, Silence
from device.words.events import Button, Event, Seat
from device.words.instants import whole


class Listener:
    """Hears effects; may do something at a fact, and may take its time."""

    def __init__(self, at_fact: dict[str, Callable[[], object]] | None = None) -> None:
        self.facts: list[tuple[str, float]] = []
        self._at_fact = at_fact or {}

    def perform(self, effect: Effect) -> None:
        if isinstance(effect, Note):
            self.facts.append((effect.fact.name, effect.fact.t))
            self._at_fact.get(effect.fact.name, lambda: None)()


def a_loop(listener: Listener, inbox: EventQueue, *happenings: Event, manager: ServiceManager | None = None) -> Loop:
    """A loop in a hurry, whose hands put these events into the inbox."""
    clock = RunningClock(10_000.0)
    device = Device(
        Coach(Settings(), repertoire(Settings()), compose=compose), Calendar(Settings(), DeskWall()), [listener]
    )
    moments = [Moment(event.at, lambda event=event: inbox.put(event)) for event in happenings]  # type: ignore[misc]  # the default binds it now
    clock.start()
    return Loop(device, inbox, clock, manager or ServiceManager({}), Hands(clock, moments))


def running(loop: Loop) -> threading.Thread:
    """The loop on a thread, which may be left behind by a test that fails."""
    runner = threading.Thread(target=loop.run, daemon=True)
    runner.start()
    return runner


class Late(EventQueue):
    """An inbox whose loop comes back later than it wanted to, each time by as much as is said."""

    def __init__(self, source: list[float], coming: Sequence[Event], late_s: Sequence[float], end: float) -> None:
        super().__init__()
        self._source, self._coming, self._late_s, self._end = source, list(coming), iter(late_s), end
        self.rounds = 0

    def wait(self, timeout_s: float | None) -> Event | None:
        self.rounds += 1
        comes_s = self._coming[0].at - self._source[0] if self._coming else self._end
        waits_s = max(0.0, min(comes_s, self._end if timeout_s is None else timeout_s))
        self._source[0] = whole(self._source[0] + waits_s + next(self._late_s, 0.0))
        while self._coming and self._coming[0].at <= self._source[0]:
            self.put(self._coming.pop(0))
        self.stopped = self._source[0] >= self._end
        return None


class Ear:
    """Remembers in which round it was told to sound or be silent, and all facts."""

    def __init__(self) -> None:
        self.inbox: Late | None = None
        self.sounds: list[tuple[int, Effect]] = []
        self.facts: list[tuple[str, float, float]] = []

    def perform(self, effect: Effect) -> None:
        assert self.inbox is not None
        if isinstance(effect, Play | Silence):
            self.sounds.append((self.inbox.rounds, effect))
        elif isinstance(effect, Note):
            self.facts.append((effect.fact.name, effect.fact.t, effect.fact.said))


def heard(coming: Sequence[Event], late_s: Sequence[float]) -> Ear:
    """Half an hour's limits and a loop that comes so late each time."""
    source, ear, end = [0.0], Ear(), 20_000.0
    clock = RunningClock(source=lambda: source[0])
    ear.inbox = Late(source, coming, late_s, end)
    half_hourly = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))
    device = Device(
        Coach(half_hourly, repertoire(half_hourly), compose=compose), Calendar(half_hourly, DeskWall()), [ear]
    )
    clock.start()
    Loop(device, ear.inbox, clock, ServiceManager({})).run()
    return ear


def plays(ear: Ear) -> list[Effect]:
    """What it heard, without the silences."""
    return [effect for _, effect in ear.sounds if isinstance(effect, Play)]


SITS: list[Event] = [Seat(0.0, True), Button(0.0, False)]


def test_a_loop_that_was_frozen_over_all_reminders_sounds_once_and_notes_each_at_its_time() -> None:
    on_time, frozen = heard(SITS, []), heard(SITS, [7200.0])
    assert frozen.facts == on_time.facts
    assert plays(on_time) == [Play(Cue.REMINDER, nth) for nth in (1, 2, 3, 4)]
    assert [effect for _, effect in frozen.sounds if isinstance(effect, Play)] == [Play(Cue.REMINDER, 4)]


def test_a_loop_that_was_frozen_while_somebody_rose_does_not_sound_at_all() -> None:
    frozen = heard([*SITS, Seat(3000.0, False)], [9000.0])
    assert ("due", 1800.0, 1800.0) in frozen.facts
    assert not any(isinstance(effect, Play) and effect.cue is Cue.REMINDER for _, effect in frozen.sounds)


@settings(deadline=None, max_examples=50)
@given(
    strategies.lists(strategies.integers(1, 3_000_000), max_size=12),
    strategies.lists(strategies.sampled_from([0.0, 0.0, 0.5, 30.0, 130.0, 2000.0, 8000.0]), max_size=40),
)
def test_how_late_the_loop_comes_never_makes_a_burst_and_changes_no_fact(
    gaps_ms: list[int], late_s: list[float]
) -> None:
    coming: list[Event] = [*SITS]
    for nth, gap_ms in enumerate(gaps_ms):
        coming.append(Seat(whole(coming[-1].at + gap_ms / 1000), nth % 2 == 1))
    on_time, late = heard(coming, []), heard(coming, late_s)
    assert late.facts[: len(on_time.facts)] == on_time.facts
    rounds = [nth for nth, _ in late.sounds]
    assert len(rounds) == len(set(rounds))
    assert len(plays(late)) <= len(plays(on_time))


def test_it_plays_hands_and_deadlines_at_their_own_time_and_ends_when_told() -> None:
    inbox = EventQueue()
    listener = Listener({"due": inbox.stop})
    a_loop(listener, inbox, Seat(0.0, False), Button(0.0, False), Seat(100.0, True)).run()
    # A busy computer may come to the end late, in a round that holds more.
    assert listener.facts[:3] == [("sat", 100.0), ("invite", 3700.0), ("due", 7300.0)]


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
