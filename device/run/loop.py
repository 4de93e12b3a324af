"""The device between its inputs and outputs, and the loop that runs it."""

from __future__ import annotations

import queue
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from device.core.calendar_told import ByPlan
from device.core.coach import Coach
from device.mind.snapshot import Snapshot
from device.run.calendar import Calendar
from device.run.clock import RunningClock
from device.run.service import ServiceManager
from device.settings.settings import TOPICS
from device.settings.settings_file import lines_of
from device.words.effects import Effect, Heard, Play, Silence
from device.words.events import Changed, Event, MeetingsTold, Tick


class Performer(Protocol):
    """Takes effects without delay: an output on its own thread, or one in step with a recording."""

    def perform(self, effect: Effect) -> None: ...


class Mover(Protocol):
    """What moves the simulated desk: a recorded day, a key press, or an input that looks at intervals."""

    def next_deadline(self) -> float | None: ...

    def play_next(self, now: float) -> bool:
        """Do the earliest thing that is due, at its own time; False if there is none."""
        ...


class Onlooker(Protocol):
    """Looks at the device after each round of the loop."""

    def look(self, snapshot: Callable[[], Snapshot]) -> None:
        """Look at the device. Call `snapshot` only during this call: the core belongs to the loop."""
        ...


class Device:
    """The coach with its calendar and outputs, which the loop and a replay share."""

    def __init__(self, coach: Coach, calendar: Calendar, performers: Sequence[Performer]) -> None:
        self._coach = coach
        self._calendar = calendar
        self._performers = performers
        self._is_round = False
        self._last_sound: Play | Silence | None = None

    @contextmanager
    def one_round(self) -> Iterator[None]:
        """Sound only the last sound of this round. The others lie in the past, however late the round is."""
        self._is_round = True
        yield
        self._is_round = False
        sound, self._last_sound = self._last_sound, None
        if sound is not None:
            self._perform(sound)

    def hear(self, event: Event) -> None:
        """Pass an event to the coach and its effects to the outputs."""
        if isinstance(event, MeetingsTold):
            self._hear_meetings(event)
            return
        heard = [] if isinstance(event, Tick) else [Heard(event)]
        for effect in (*heard, *self._coach.handle(event)):
            if self._is_round and isinstance(effect, Play | Silence):
                self._last_sound = effect
            else:
                self._perform(effect)

    def _hear_meetings(self, told: MeetingsTold) -> None:
        """Pass the meetings to the calendar, which says when they are."""
        self._perform(Heard(told))
        for event in self._calendar.know(told.spans, told.at):
            self.hear(event)

    def _perform(self, effect: Effect) -> None:
        for performer in self._performers:
            performer.perform(effect)

    def rewire(self, performers: Sequence[Performer], now: float) -> None:
        """Go on with other outputs, which are told at once what is shown and how things stand."""
        self._performers = performers
        self._coach.tell_again()
        self.hear(Tick(now))

    def catch_up(self, now: float) -> None:
        """Let everything up to `now` happen that needs no input."""
        calendar_at = self._calendar.next_deadline()
        if calendar_at is None or calendar_at <= now:
            self.read_calendar(now)
        coach_at = self._coach.next_deadline()
        if coach_at is not None and coach_at <= now:
            self.hear(Tick(now))

    def read_calendar(self, now: float) -> None:
        """Pass on the calendar's events; also call this right after the wall clock was set."""
        for event in self._calendar.run(now):
            self.hear(event)

    def go_by(
        self,
        now: float,
        usual: ByPlan,
        plans: Mapping[str, ByPlan],
        asks: Collection[str],
    ) -> None:
        """Go by these settings from now on. The seat has to be the same as before."""
        settings = usual.settings
        before, asked = set(lines_of(self._coach.settings)), self._coach.asks
        answered = {TOPICS[topic] for topic in asked if topic not in asks}
        lines = [each for each in lines_of(settings) if each not in before or each.split("=")[0] in answered]
        self.catch_up(now)
        if lines:
            self._perform(Heard(Changed(now, tuple(lines))))
        for effect in self._coach.go_by(now, usual, plans, asks):
            self._perform(effect)
        for event in self._calendar.go_by(settings, now):
            self.hear(event)

    def snapshot(self) -> Snapshot:
        """How things stand."""
        return self._coach.snapshot()

    def end(self, now: float) -> None:
        """Tell the parts that keep events how far the run went."""
        for performer in self._performers:
            performer.perform(Heard(Tick(now)))

    def next_deadline(self) -> float | None:
        """When to catch up at the latest, in monotonic seconds; None for never."""
        return earliest(self._calendar.next_deadline(), self._coach.next_deadline())


class EventQueue:
    """The inbox. Any thread and any signal handler may put something in."""

    def __init__(self) -> None:
        # SimpleQueue, because a signal handler may call `put` in the middle of another `put`.
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self.stopped = False
        self.left = False
        """The loop ends, to begin again with other parts."""

    def put(self, event: Event) -> None:
        """Leave an event for the loop."""
        self._queue.put(event)

    def stop(self) -> None:
        """End the loop soon."""
        self.stopped = True
        self.wake()

    def leave(self) -> None:
        """End the loop soon, to begin again with other parts."""
        self.left = True
        self.wake()

    def wake(self) -> None:
        """Start a round of the loop."""
        self._queue.put(None)

    def wait(self, timeout_s: float | None) -> Event | None:
        """Return the next event; None if there is none in that time or the loop was woken."""
        try:
            return self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def drain(self) -> Iterator[Event]:
        """Yield the events that are there already."""
        while not self._queue.empty():
            event = self._queue.get_nowait()
            if event is not None:
                yield event


class Loop:
    """Waits for the next event or deadline and passes it to the device. Its thread alone uses the core."""

    def __init__(
        self,
        device: Device,
        inbox: EventQueue,
        clock: RunningClock,
        manager: ServiceManager,
        moves: Mover | None = None,
        onlookers: Sequence[Onlooker] = (),
    ) -> None:
        self._device = device
        self._inbox = inbox
        self._clock = clock
        self._manager = manager
        self._moves = moves
        self._onlookers = onlookers

    def run(self) -> None:
        """Go round until the inbox is stopped."""
        self._manager.ready()
        while not (self._inbox.stopped or self._inbox.left):
            event = self._inbox.wait(self._wait_s())
            with self._device.one_round():
                if event is not None:
                    self._device.hear(event)
                # All events that wait are older than now.
                self._hear_all()
                # One instant for both: a little later something else is due, and speed makes much of a little.
                now = self._clock.now()
                self._move(now)
                self._device.catch_up(now)
            for onlooker in self._onlookers:
                onlooker.look(self._device.snapshot)
            self._manager.keep_alive()
        if self._inbox.stopped:
            self._manager.stopping()

    def _wait_s(self) -> float | None:
        deadline = earliest(self._device.next_deadline(), self._moves.next_deadline() if self._moves else None)
        return earliest(None if deadline is None else self._clock.wait_s(deadline), self._manager.alive_every_s)

    def _move(self, now: float) -> None:
        """Pass on all that moves before time goes on, so that speed doesn't blur a recorded day."""
        while self._moves is not None and self._moves.play_next(now):
            self._hear_all()

    def _hear_all(self) -> None:
        for event in self._inbox.drain():
            self._device.hear(event)


def earliest(*instants: float | None) -> float | None:
    """The earliest instant, without Nones; None if all are None."""
    return min((instant for instant in instants if instant is not None), default=None)
