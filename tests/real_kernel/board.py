"""The board: everything that is soldered around the machine's processor, served from this process."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from tests.real_kernel.gpio import GpioChip
from tests.real_kernel.i2c import I2cBus
from tests.real_kernel.vhost_user import Served, VirtioDevice


class Board:
    """GPIO controllers and I2C buses; the machine numbers each kind in the order given here. A context manager."""

    def __init__(self, chips: Sequence[GpioChip], buses: Sequence[I2cBus]) -> None:
        self.chips = chips
        self.buses = buses
        self._until_closed = ExitStack()
        # Not pytest's folder for the test: the path of a socket may have 107 characters, not more.
        folder = Path(self._until_closed.enter_context(tempfile.TemporaryDirectory(prefix="board-")))
        devices: list[VirtioDevice] = [*chips, *buses]
        served = [Served(device, folder / str(n)) for n, device in enumerate(devices)]
        for each in served:
            self._until_closed.callback(each.close)
        self.arguments = [each.argument for each in served]
        """What to tell the kernel of a User Mode Linux."""
        self.sockets = [(each.path, each.device) for each in served]
        """Where each device waits for a machine of another kind."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._until_closed.close()
