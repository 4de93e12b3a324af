"""The I2C bus with the panel at its far end: luma's own, and many writes in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from luma.core.interface.serial import i2c
from smbus2 import i2c_msg

from device.settings.settings import PanelSettings

_AT_ONCE = 42
"""So many messages the kernel takes in one call."""


class Serial(Protocol):
    """An open bus with the panel's address."""

    def command(self, *command: int) -> None:
        """Send a command, as luma's drivers do."""
        ...

    def transfer(self, writes: Sequence[bytes]) -> None:
        """Send writes, control bytes and all, one behind the other."""
        ...

    def cleanup(self) -> None: ...


class PanelBus(i2c):  # type: ignore[misc]  # luma carries no types
    """luma's `i2c`; the computer's bus of that number, or whatever stands in for `smbus2.SMBus`."""

    def __init__(self, address: int, port: int | None = None, bus: Any = None) -> None:
        super().__init__(bus=bus, port=port, address=address)

    def transfer(self, writes: Sequence[bytes]) -> None:
        """Send all writes in as few calls of the kernel as possible. Raises OSError at the first that is refused."""
        messages = [i2c_msg.write(self._addr, write) for write in writes]
        for at in range(0, len(messages), _AT_ONCE):
            self._bus.i2c_rdwr(*messages[at : at + _AT_ONCE])

    def data(self, data: Sequence[int]) -> None:
        """Send data in one write, whatever the bus: handed one, luma would cut it into pieces."""
        self.transfer([bytes((0x40, *data))])

    def cleanup(self) -> None:
        """Close the bus; luma leaves open one that it was handed."""
        self._bus.close()


def real_bus(settings: PanelSettings) -> Serial:
    """The computer's I2C bus. Raises OSError or luma's errors when there is none, or none for us."""
    return PanelBus(settings.address, port=settings.port)
