"""Looks at the simulated panel as often as an eye would, and tells the changes."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable

from hardware.simulated.desk import SimulatedDesk

GLANCE_S = 0.04
"""Seconds between two looks: two and a half times as often as a figure moves."""


class PanelWatch:
    """A thread that sleeps while nothing is written to the panel. It passes the changes to `tell`."""

    def __init__(self, desk: SimulatedDesk, tell: Callable[..., None]) -> None:
        self._desk = desk
        self._tell = tell
        self._changed = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="panel watch", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Have it look: the picture may have changed, or somebody new may watch."""
        self._changed.set()

    def close(self) -> None:
        """End the thread."""
        self._closing = True
        self._changed.set()
        self._thread.join(timeout=1.0)

    def _run(self) -> None:
        while self._changed.wait():
            self._changed.clear()
            if self._closing:
                return
            bus = self._desk.bus
            self._tell(
                "panel",
                pixels=base64.b64encode(self._desk.picture().tobytes()).decode(),
                contrast=bus.controller.contrast,
                transfers=bus.transfers,
                bytes=bus.bytes,
            )
            # Writes come in bursts, and nobody sees a picture that lasts for less than this.
            threading.Event().wait(GLANCE_S)
