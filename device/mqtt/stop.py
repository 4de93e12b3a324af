"""Ends the rounds of a process: at a signal, or from any thread."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from device.mqtt.rounds import READ


class Stop:
    """An Attentive that ends the loop, at a signal or from any thread."""

    def __init__(self) -> None:
        self._bell, self._rung = socket.socketpair()
        for each in (self._bell, self._rung):
            each.setblocking(False)
        self.has_come = False

    def come(self, *_: object) -> None:
        """End the loop soon."""
        self.has_come = True
        with suppress(OSError):
            self._bell.send(b"!")

    def close(self) -> None:
        """It isn't needed any more."""
        self._bell.close()
        self._rung.close()

    def wants(self) -> Mapping[int, int]:
        """Its bell."""
        return {self._rung.fileno(): READ}

    deadline: float | None = None

    def attend(self, ready: Mapping[int, int], now: float) -> None:  # noqa: ARG002 - that it rings is all it says
        """Nothing more to do than to end the wait."""
        if ready:
            self._rung.recv(64)

    @contextmanager
    def _at_signals(self) -> Iterator[None]:
        numbers = (signal.SIGTERM, signal.SIGINT)
        before = [signal.signal(number, self.come) for number in numbers]
        # Without it, a signal between a look at `has_come` and the waiting would be slept through.
        bell_before = signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(bell_before)
            for number, each in zip(numbers, before, strict=True):
                signal.signal(number, each)


@contextmanager
def stop_at_signals() -> Iterator[Stop]:
    """A Stop that comes when the process is told to end; for the main thread."""
    stop = Stop()
    try:
        with stop._at_signals():
            yield stop
    finally:
        stop.close()
