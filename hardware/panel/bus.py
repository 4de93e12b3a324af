"""The I2C bus of the panel: luma's class, which can also send many writes in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from luma.core.interface.serial import i2c
from smbus2 import i2c_msg

from device.settings.settings import PanelSettings

_AT_ONCE = 42
"""The most messages that the kernel takes in one call."""


class Serial(Protocol):
    """An open bus with the panel's address."""

    def command(self, *command: int) -> None:
        """Send a command in the way of luma's drivers."""
        ...

    def transfer(self, writes: Sequence[bytes]) -> None:
        """Send writes, which include their control bytes, one after the other."""
        ...

    def cleanup(self) -> None: ...


class PanelBus(i2c):  # type: ignore[misc]  # luma carries no types
    """luma's `i2c`, on the bus with that number or on a stand-in for `smbus2.SMBus`."""

    def __init__(self, address: int, port: int | None = None, bus: Any = None) -> None:
        super().__init__(bus=bus, port=port, address=address)

    def transfer(self, writes: Sequence[bytes]) -> None:
        """Send all writes in as few kernel calls as possible. Raises OSError at the first one that is refused."""
        messages = [i2c_msg.write(self._addr, write) for write in writes]
        for at in range(0, len(messages), _AT_ONCE):
            self._bus.i2c_rdwr(*messages[at : at + _AT_ONCE])

    def data(self, data: Sequence[int]) -> None:
        """Send data in one write. On a bus that it is given, luma would cut the data into pieces."""
        self.transfer([bytes((0x40, *data))])

    def cleanup(self) -> None:
        """Close the bus. luma doesn't close a bus that it was given."""
        self._bus.close()


def real_bus(settings: PanelSettings) -> Serial:
    """The computer's I2C bus. Raises OSError or luma's errors if it doesn't exist or isn't accessible."""
    return PanelBus(settings.address, port=settings.port)
