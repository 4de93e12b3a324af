"""Hands at the simulated desk: they do what a recorded day or a key says, at its instant."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterable, Sequence

from device.run.clock import RunningClock
from device.run.loop import earliest
from device.run.moments import Moment
from device.words.ports import Input


class Hands:
    """Does each thing at its own time, in order. Any thread may add more."""

    def __init__(self, clock: RunningClock, moments: Iterable[Moment] = ()) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        # The number keeps moments of one instant in the order they came.
        self._number = itertools.count()
        self._coming = [(moment.t, next(self._number), moment) for moment in moments]
        heapq.heapify(self._coming)
        self._asked_at = 0.0

    def add(self, moment: Moment) -> None:
        """Plan this, too."""
        with self._lock:
            heapq.heappush(self._coming, (moment.t, next(self._number), moment))

    def soon(self, do: Callable[[], object]) -> float:
        """Plan this for now, after everything asked for earlier. Return its instant."""
        with self._lock:
            # During an action the clock may stand at its instant, which is a little earlier than now.
            self._asked_at = max(self._asked_at, self._clock.now())
            heapq.heappush(self._coming, (self._asked_at, next(self._number), Moment(self._asked_at, do, asked=True)))
            return self._asked_at

    def skip_to(self, t: float) -> None:
        """Time skips to that instant. Do what somebody asked for since at that instant, not on the way."""
        with self._lock:
            self._asked_at = max(self._asked_at, t)
            self._coming = [(max(at, t) if moment.asked else at, nth, moment) for at, nth, moment in self._coming]
            heapq.heapify(self._coming)

    def next_deadline(self) -> float | None:
        """When to do the next thing."""
        with self._lock:
            return self._coming[0][0] if self._coming else None

    def play_next(self, now: float) -> bool:
        """Do the earliest thing that is due, at its own time; False if there is none."""
        with self._lock:
            if not self._coming or self._coming[0][0] > now:
                return False
            at, _, moment = heapq.heappop(self._coming)
        with self._clock.holding(at):
            moment.do()
        return True


class InTurn:
    """Hands, and the inputs that look at intervals: all in the order of their instants, at any speed.

    At one instant inputs come before hands, as every deadline comes before the events of its instant.
    """

    def __init__(self, hands: Hands, inputs: Sequence[Input], clock: RunningClock) -> None:
        self._hands = hands
        self._inputs = inputs
        self._clock = clock

    def next_deadline(self) -> float | None:
        """When the next hand or input has something to do."""
        return earliest(self._hands.next_deadline(), self._next_look())

    def play_next(self, now: float) -> bool:
        """Do the earliest thing that is due, at its own time; False if there is none."""
        at = self._next_look()
        if at is None or at > min(now, self._hand_at(now)):
            return self._hands.play_next(now)
        with self._clock.holding(at):
            for each in self._inputs:
                if each.next_deadline() == at:
                    each.tick(at)
        return True

    def _next_look(self) -> float | None:
        return earliest(*(each.next_deadline() for each in self._inputs))

    def _hand_at(self, now: float) -> float:
        at = self._hands.next_deadline()
        return now if at is None else at
