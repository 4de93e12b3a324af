"""Ends a round of waiting when the process is asked to end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Mapping
from types import FrameType, TracebackType

from device.mqtt.rounds import READ


class Ending:
    """An Attentive that hears SIGTERM and SIGINT, as a context of the main thread."""

    def __init__(self) -> None:
        self._rung, self._bell = socket.socketpair()
        self.has_come = False
        """The process is to end."""

    def __enter__(self) -> Ending:
        self._bell.setblocking(False)
        self._before = {each: signal.signal(each, self._hear) for each in (signal.SIGTERM, signal.SIGINT)}
        # Without it, a signal between a look at `has_come` and the waiting would be slept through.
        self._bell_before = signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        signal.set_wakeup_fd(self._bell_before)
        for each, handler in self._before.items():
            signal.signal(each, handler)
        self._bell.close()
        self._rung.close()

    def _hear(self, _signal: int, _frame: FrameType | None) -> None:
        self.has_come = True

    def wants(self) -> Mapping[int, int]:
        """The socket that a signal makes ready."""
        return {self._rung.fileno(): READ}

    @property
    def deadline(self) -> float | None:
        """Never by itself."""
        return None

    def attend(self, ready: Mapping[int, int], now: float) -> None:  # noqa: ARG002 - Attentive's words
        """Take what made the socket ready."""
        if ready:
            self._rung.recv(100)
