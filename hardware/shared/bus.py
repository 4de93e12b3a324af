"""The I2C bus, on which several chips take turns."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

from smbus2 import SMBus, i2c_msg

_MOST_BYTES = 32
"""The most bytes that a chip sends or reads in one turn. At 100 kHz a turn then lasts for 3 ms at most."""


class OpenBus(Protocol):
    """What the bus uses of `smbus2.SMBus`."""

    def i2c_rdwr(self, *messages: i2c_msg) -> None: ...

    def write_i2c_block_data(self, i2c_addr: int, register: int, data: list[int]) -> None: ...

    def close(self) -> None: ...


class Bus:
    """One bus for all parts; any thread may use it. Each transfer is one turn, and turns come in the order of asking.

    It is opened at its first use, and again after a fault or `close`: its adapter may have been unplugged.
    """

    def __init__(self, open_bus: Callable[[], OpenBus]) -> None:
        self._open_bus = open_bus
        self._bus: OpenBus | None = None
        self._turns = _Turns()
        self.on_fault: list[Callable[[], None]] = []
        """Called after each failed transfer, on the thread of that transfer. It must not use the bus."""

    def open(self) -> None:
        """Open it if it is closed. Raises OSError if it doesn't exist or isn't accessible."""
        with self._turn():
            pass

    def chip(self, address: int) -> Chip:
        """The chip at that address; it needn't answer yet."""
        return Chip(self, address)

    def close(self) -> None:
        """Close it until its next use. It may be called twice."""
        with self._turns.mine():
            self._hang_up()

    # ---- as smbus2 has it

    def i2c_rdwr(self, *messages: i2c_msg) -> None:
        """Send or read messages one after the other in one turn. Raises OSError at one that is refused."""
        with self._turn() as bus:
            bus.i2c_rdwr(*messages)

    def write_i2c_block_data(self, i2c_addr: int, register: int, data: list[int]) -> None:
        """Send up to 32 bytes after a first byte. Raises OSError if they are refused."""
        with self._turn() as bus:
            bus.write_i2c_block_data(i2c_addr, register, data)

    @contextmanager
    def _turn(self) -> Iterator[OpenBus]:
        with self._turns.mine():
            if self._bus is None:
                self._bus = self._open_bus()
            try:
                yield self._bus
            except OSError:
                self._hang_up()
                for told in tuple(self.on_fault):
                    told()
                raise

    def _hang_up(self) -> None:
        bus, self._bus = self._bus, None
        if bus is not None:
            with suppress(OSError):
                bus.close()


class Chip:
    """A chip with registers. Its transfers are short, so that no other chip waits for long."""

    def __init__(self, bus: Bus, address: int) -> None:
        self._bus = bus
        self._address = address

    def write(self, data: Sequence[int]) -> None:
        """Write up to 32 bytes, the first of which usually names a register. Raises OSError if nobody takes them."""
        _check(len(data))
        self._bus.i2c_rdwr(i2c_msg.write(self._address, data))

    def read(self, register: int, length: int) -> bytes:
        """Read up to 32 bytes from a register on. Raises OSError if nobody answers."""
        _check(length)
        answer = i2c_msg.read(self._address, length)
        self._bus.i2c_rdwr(i2c_msg.write(self._address, [register]), answer)
        return bytes(answer)


def _check(length: int) -> None:
    if length > _MOST_BYTES:
        raise ValueError(f"{length} bytes at once would make others wait; allowed: up to {_MOST_BYTES}")


class _Turns:
    """A lock that serves threads in the order of asking. With Python's own, a thread that asks again may overtake."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for a turn, and have it."""
        self._wait()
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self) -> None:
        called = threading.Event()
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            self._waiting.append(called)
        called.wait()

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                # The lock stays taken: the turn goes straight to the next thread.
                self._waiting.popleft().set()
            else:
                self._is_taken = False


def real_bus(port: int) -> Bus:
    """The computer's I2C bus of that number. It needn't be there yet."""
    return Bus(lambda: SMBus(port))
