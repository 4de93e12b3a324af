"""A clock for the live desk that waits for nothing: days go by as fast as the loop can go round."""

from __future__ import annotations

import threading

from device.run.clock import RunningClock


class FlyingClock(RunningClock):
    """At the speed of the world, but for the loop to wait is to be there."""

    def __init__(self) -> None:
        self._world_s = 0.0
        self._loops = threading.current_thread()
        super().__init__(1.0, lambda: self._world_s)

    def wait_s(self, until: float) -> float:
        if threading.current_thread() is not self._loops:
            return super().wait_s(until)
        self._world_s += super().wait_s(until)
        return 0.0
