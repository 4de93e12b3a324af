"""Tells the service manager that the device is ready, alive or stopping."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping


class ServiceManager:
    """Speaks sd_notify to systemd; does nothing without it."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._is_ready = self._is_stopping = False
        self._alive_at = 0.0
        path = environment.get("NOTIFY_SOCKET", "")
        # A leading @ stands for the zero byte of a socket without a file.
        self._address = "\0" + path[1:] if path.startswith("@") else path
        watched = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        watchdog_us = environment.get("WATCHDOG_USEC", "") if watched else ""
        self.alive_every_s = int(watchdog_us) / 1e6 / 2 if watchdog_us.isdigit() and int(watchdog_us) else None
        """How often to say that the loop runs, in seconds; None if systemd doesn't ask."""

    def ready(self) -> None:
        """Say that the device watches the chair, the first time."""
        if not self._is_ready:
            self._is_ready = True
            self._say("READY=1")

    def alive(self) -> None:
        """Say that the loop runs."""
        self._say("WATCHDOG=1")

    def keep_alive(self) -> None:
        """Say that the loop runs, as often as systemd wants to hear it."""
        now = time.monotonic()
        if self.alive_every_s is not None and now - self._alive_at >= self.alive_every_s / 2:
            self._alive_at = now
            self.alive()

    def stopping(self) -> None:
        """Say that the device is about to stop, the first time."""
        if not self._is_stopping:
            self._is_stopping = True
            self._say("STOPPING=1")

    def _say(self, state: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
                line.sendto(state.encode(), self._address)
        except OSError:
            # Go on counting if the manager doesn't listen. If it misses the message, it restarts the device.
            pass
