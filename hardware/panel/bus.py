"""The panel's end of the I2C bus: luma's class, which can also send many writes in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from luma.core.error import DeviceNotFoundError, DevicePermissionError
from luma.core.interface.serial import i2c
from smbus2 import i2c_msg

from hardware.shared.bus import Bus

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


# Patched: luma.core 2.6 cuts data into pieces on a bus that it was given, doesn't close it, and sends one write a call.
class PanelBus(i2c):  # type: ignore[misc]  # luma carries no types
    """luma's `i2c`, on the shared bus or on another stand-in for `smbus2.SMBus`."""

    def __init__(self, address: int, bus: Any) -> None:
        super().__init__(bus=bus, address=address)

    def transfer(self, writes: Sequence[bytes]) -> None:
        """Send all writes in as few kernel calls as possible. Raises OSError at the first one that is refused."""
        messages = [i2c_msg.write(self._addr, write) for write in writes]
        for at in range(0, len(messages), _AT_ONCE):
            self._bus.i2c_rdwr(*messages[at : at + _AT_ONCE])

    def data(self, data: Sequence[int]) -> None:
        """Send data in one write."""
        self.transfer([bytes((0x40, *data))])

    def cleanup(self) -> None:
        """Close the bus."""
        self._bus.close()


def panel_on(bus: Bus, address: int) -> Serial:
    """The panel at that address. Raises OSError or luma's errors if the bus doesn't exist or isn't accessible."""
    try:
        bus.open()
    except FileNotFoundError as error:
        raise DeviceNotFoundError(f"I2C device not found: {error.filename}") from error
    except PermissionError as error:
        raise DevicePermissionError(f"I2C device permission denied: {error.filename}") from error
    return PanelBus(address, bus)
