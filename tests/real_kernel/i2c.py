"""An I2C bus with things on it, `/dev/i2c-N` in the machine.

Virtio device 34 (specification 1.2, section 5.15).
"""

from __future__ import annotations

import struct
from collections.abc import MutableMapping
from typing import Protocol

from tests.real_kernel.vhost_user import Request

_HEAD = struct.Struct("<HHI")
_OK, _ERROR = b"\0", b"\1"
_READ = 2


class Slave(Protocol):
    """A chip on the bus. Called on the bus's thread."""

    def write(self, payload: bytes) -> bool:
        """Take a write of the machine; False is no acknowledge."""
        ...

    def read(self, size: int) -> bytes | None:
        """Answer a read; None is no acknowledge."""
        ...


class I2cBus:
    """One bus. What is not in `slaves` doesn't answer."""

    device_id = 34
    features = 1
    """VIRTIO_I2C_F_ZERO_LENGTH_REQUEST, which the kernel's driver insists on."""
    config = b""
    queues = 1

    def __init__(self) -> None:
        self.slaves: MutableMapping[int, Slave] = {}

    def power_up(self) -> None:
        """Nothing: chips on the bus have a power supply of their own."""

    def serve(self, _: int, request: Request) -> None:
        """Take one message of a transfer."""
        address, _padding, flags = _HEAD.unpack_from(request.said)
        slave = self.slaves.get(address >> 1)
        if flags & _READ:
            # The last byte there is room for is the status.
            size = request.room - 1
            answer = slave.read(size) if slave else None
            request.answer(bytes(size) + _ERROR if answer is None else answer + _OK)
        else:
            taken = slave is not None and slave.write(request.said[_HEAD.size :])
            request.answer(_OK if taken else _ERROR)
