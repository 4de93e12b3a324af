"""Runs a part on its own thread, so that a slow or dead part never delays the loop."""

from __future__ import annotations

import logging
import math
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import UnionType

from device.words.effects import Adjust, Effect, Heard, Note, Play, Show, Silence, Stand
from device.words.ports import Adjustable, AnalogSeat, Clock, Input, LooksEarlier, Output

_log = logging.getLogger(__name__)

_CLOSING_TAKES_S = 1.5
"""The most seconds to wait at the end. A bus that hangs may hold its thread for longer."""
_BREATHER_S = 1.0


class OnOwnThread:
    """Takes effects without delay, and lets the output perform them on its own thread."""

    def __init__(self, output: Output, clock: Clock) -> None:
        self._output = output
        self._clock = clock
        self._name = type(output).__name__
        self._waiting: queue.SimpleQueue[Effect | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._guarded = _ToldOnce(self._name).guarded
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def perform(self, effect: Effect) -> None:
        """Queue an effect."""
        self._waiting.put(effect)

    def wake(self) -> None:
        """Have the thread check the time, since the clock's speed has changed."""
        self._waiting.put(None)

    def close(self) -> None:
        """Let the output close itself. Wait for that, but only for a while. It may be called twice."""
        self._closing.set()
        self._waiting.put(None)
        self._thread.join(_CLOSING_TAKES_S)
        if self._thread.is_alive():
            _log.warning("%s doesn't come to an end; it is left behind", self._name)

    def _run(self) -> None:
        effects = self._next_effects()
        while not self._closing.is_set():
            self._work(effects)
            # Perform what came in the meantime, too: `close` may have been called during a long write.
            effects = self._next_effects()
        self._keep(effects)
        with self._guarded():
            self._output.close()

    def _work(self, effects: list[Effect]) -> None:
        for effect in effects:
            # One by one, so that a screen that can't be drawn doesn't keep the buzzer from falling silent.
            with self._guarded():
                self._output.perform(effect, self._clock.now())
        deadline, now = self._deadline(), self._clock.now()
        if deadline is None or deadline > now:
            return
        with self._guarded():
            self._output.tick(now)
            return
        # After a failure the deadline is still due. Without a pause this would only keep the processor busy.
        self._closing.wait(_BREATHER_S)

    def _keep(self, effects: list[Effect]) -> None:
        """Perform the last effects. Only notes and events count at the end; nothing is shown or sounded any more."""
        for effect in effects:
            if isinstance(effect, Note | Heard):
                with self._guarded():
                    self._output.perform(effect, self._clock.now())

    def _next_effects(self) -> list[Effect]:
        """Wait for effects or the output's deadline. Of several screens, sounds or standings keep only the latest."""
        deadline = self._deadline()
        effects: list[Effect | None] = []
        with suppress(queue.Empty):
            effects.append(self._waiting.get(timeout=None if deadline is None else self._clock.wait_s(deadline)))
            while True:
                effects.append(self._waiting.get_nowait())
        kinds = (Show, Play | Silence, Stand)
        stale = {nth for kind in kinds for nth in _all_but_last(effects, kind)}
        return [effect for nth, effect in enumerate(effects) if effect is not None and nth not in stale]

    def _deadline(self) -> float | None:
        with self._guarded():
            return self._output.next_deadline()
        return None


class LooksOnOwnThread:
    """An input that looks at its deadlines on its own thread. An input without deadlines gets no thread."""

    def __init__(self, sensor: Input, clock: Clock) -> None:
        self.sensor = sensor
        self._clock = clock
        self._name = type(sensor).__name__
        self._closing = threading.Event()
        self._guarded = _ToldOnce(self._name).guarded
        self._woken = threading.Event()
        if isinstance(sensor, LooksEarlier):
            sensor.on_earlier = self._woken.set
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)

    def start(self) -> None:
        """Start the input, and look from now on. Raises PartError."""
        self.sensor.start()
        if self.sensor.next_deadline() is not None:
            self._thread.start()

    def close(self) -> None:
        """Close the input. Wait for the present look to end, but only for a while. It may be called twice."""
        self._closing.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSING_TAKES_S)
        with self._guarded():
            self.sensor.close()

    def _run(self) -> None:
        while (deadline := self.sensor.next_deadline()) is not None:
            self._woken.wait(self._clock.wait_s(deadline))
            # Cleared before the look, so that what comes during the look counts for the next.
            self._woken.clear()
            if self._closing.is_set():
                return
            self._look()

    def _look(self) -> None:
        with self._guarded():
            self.sensor.tick(self._clock.now())
            return
        # After a failure the deadline is still due. Without a pause this would only keep the processor busy.
        self._closing.wait(_BREATHER_S)


class ToSeat:
    """Tells an analog seat the thresholds to go by, at once: a seat only takes note of them."""

    def __init__(self, seat: Adjustable) -> None:
        self._seat = seat

    def perform(self, effect: Effect) -> None:
        """Pass thresholds on."""
        if isinstance(effect, Adjust):
            self._seat.adjust(effect.thresholds)

    def level(self) -> float:
        """What the seat reads right now, as a fraction of full scale; NaN if it doesn't say."""
        return self._seat.level() if isinstance(self._seat, AnalogSeat) else math.nan

    def wake(self) -> None:
        """It waits for nothing."""


class _ToldOnce:
    """Reports a defect in a part once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: set[type[Exception]] = set()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Let no exception end the thread: the next effect or look may work."""
        try:
            yield
        except Exception as error:
            if type(error) not in self._told:
                _log.exception("%s failed", self._name)
            self._told.add(type(error))


def _all_but_last(effects: list[Effect | None], kind: type | UnionType) -> list[int]:
    return [nth for nth, effect in enumerate(effects) if isinstance(effect, kind)][:-1]
