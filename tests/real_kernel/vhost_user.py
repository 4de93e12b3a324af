"""Virtual hardware for a kernel: virtio devices that live in this process and are served over vhost-user sockets.

The machine connects, hands over its memory and two notification descriptors for each queue, and from then on requests
travel through rings in that memory. Only what a User Mode Linux asks for is spoken, or QEMU when told so: split rings
without indirect descriptors or event indices. The numbers are those of the vhost-user protocol (QEMU's
docs/interop/vhost-user.rst) and of the virtio specification 1.2, section 2.7.
"""

from __future__ import annotations

import array
import mmap
import os
import selectors
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

F_VERSION_1 = 1 << 32
_F_PROTOCOL_FEATURES = 1 << 30

_REPLY_ACK, _BACKEND_REQ, _CONFIG = 1 << 3, 1 << 5, 1 << 9
# BACKEND_REQ has no use here, but without it User Mode Linux puts the devices on an interrupt that is taken.
_PROTOCOL_FEATURES = _REPLY_ACK | _BACKEND_REQ | _CONFIG

_GET_FEATURES, _SET_FEATURES = 1, 2
_SET_MEM_TABLE = 5
_SET_VRING_NUM, _SET_VRING_ADDR, _SET_VRING_BASE, _GET_VRING_BASE = 8, 9, 10, 11
_SET_VRING_KICK, _SET_VRING_CALL = 12, 13
_GET_PROTOCOL_FEATURES = 15
_GET_QUEUE_NUM = 17
_SET_BACKEND_REQ_FD = 21
_GET_CONFIG = 24

_HEADER = struct.Struct("<III")
_VERSION, _IS_REPLY, _NEED_REPLY = 1, 4, 8
_U64 = struct.Struct("<Q")
_VRING_STATE = struct.Struct("<II")
_VRING_ADDR = struct.Struct("<IIQQQQ")
_REGION = struct.Struct("<QQQQ")
_CONFIG_HEAD = struct.Struct("<III")
_MOST_FDS = 8
_NO_FD = 0x100

_DESCRIPTOR = struct.Struct("<QIHH")
_NEXT, _WRITABLE = 1, 2
_U16 = struct.Struct("<H")
_USED = struct.Struct("<II")


class VirtioDevice(Protocol):
    """What a virtual device has to be."""

    device_id: int
    """As the virtio specification numbers them: 34 is an I2C adapter, 41 a GPIO controller."""
    features: int
    config: bytes
    queues: int

    def power_up(self) -> None:
        """A machine has connected: be as after a reset, and forget requests of the one before."""
        ...

    def serve(self, queue: int, request: Request) -> None:
        """Take a request; it may be answered now or, from any thread, later."""
        ...


class Request:
    """One chain of buffers that the machine has put into a queue."""

    def __init__(self, ring: _Ring, head: int, said: bytes, room: list[tuple[int, int]]) -> None:
        self._ring = ring
        self._head = head
        self._room = room
        self.said = said
        """What the machine wrote, all its buffers in a row."""

    @property
    def room(self) -> int:
        """How many bytes an answer may have."""
        return sum(length for _, length in self._room)

    def answer(self, payload: bytes) -> None:
        """Give it back with this in the machine's buffers."""
        assert len(payload) <= self.room, f"{len(payload)} bytes where there is room for {self.room}"
        self._ring.give_back(self._head, self._room, payload)


class Served:
    """A device waiting at its socket for machines, one after the other, on a thread of its own."""

    def __init__(self, device: VirtioDevice, path: Path) -> None:
        self.argument = f"virtio_uml.device={path}:{device.device_id}"
        """What to tell the kernel."""
        self.path = path
        self.device = device
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        self._closing = threading.Event()
        self._wake_out, self._wake_in = os.pipe()
        self._thread = threading.Thread(target=self._serve, name=f"virtio-{device.device_id}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Be gone."""
        self._closing.set()
        os.write(self._wake_in, b"x")
        self._thread.join()
        self._listener.close()
        os.close(self._wake_out)
        os.close(self._wake_in)

    def _serve(self) -> None:
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._wake_out, selectors.EVENT_READ)
            waiting.register(self._listener, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in waiting.select()]
                if self._closing.is_set():
                    return
                if self._listener in ready:
                    connection, _ = self._listener.accept()
                    with connection:
                        _Session(self.device, connection, self._wake_out).run()


class _Session:
    """One machine's use of a device, from its connecting to its end."""

    def __init__(self, device: VirtioDevice, connection: socket.socket, wake: int) -> None:
        self._device = device
        self._connection = connection
        self._wake = wake
        self._memory = _Memory()
        self._rings = [_Ring(self._memory) for _ in range(device.queues)]
        self._waiting = selectors.DefaultSelector()
        self._descriptors: list[int] = []

    def run(self) -> None:
        self._device.power_up()
        self._waiting.register(self._connection, selectors.EVENT_READ, None)
        self._waiting.register(self._wake, selectors.EVENT_READ, None)
        try:
            while self._go_round():
                pass
        finally:
            for ring in self._rings:
                ring.stop()
            self._waiting.close()
            self._memory.close()
            for descriptor in self._descriptors:
                os.close(descriptor)

    def _go_round(self) -> bool:
        for key, _ in self._waiting.select():
            if key.fileobj == self._wake:
                return False
            if key.fileobj is self._connection:
                if not self._hear_message():
                    return False
                continue
            os.read(key.fd, 8)
            self._serve_queue(key.data)
        return True

    def _serve_queue(self, queue: int) -> None:
        for request in self._rings[queue].requests():
            self._device.serve(queue, request)

    # ---- the protocol

    def _hear_message(self) -> bool:
        try:
            head, descriptors = self._receive()
            if not head:
                return False
            kind, flags, size = _HEADER.unpack(head)
            body = self._read(size)
        except ConnectionError:
            return False
        self._descriptors += descriptors
        reply = self._obey(kind, body, descriptors)
        if reply is None and flags & _NEED_REPLY:
            reply = _U64.pack(0)
        if reply is not None:
            self._connection.sendall(_HEADER.pack(kind, _VERSION | _IS_REPLY, len(reply)) + reply)
        return True

    def _receive(self) -> tuple[bytes, list[int]]:
        """A header, and the descriptors that came along."""
        space = socket.CMSG_SPACE(_MOST_FDS * 4)
        head, ancillary, _, _ = self._connection.recvmsg(_HEADER.size, space)
        descriptors = array.array("i")
        for level, kind, data in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                descriptors.frombytes(data[: len(data) // 4 * 4])
        if head:
            head += self._read(_HEADER.size - len(head))
        return head, list(descriptors)

    def _read(self, size: int) -> bytes:
        read = b""
        while len(read) < size:
            more = self._connection.recv(size - len(read))
            if not more:
                raise ConnectionResetError
            read += more
        return read

    def _obey(self, kind: int, body: bytes, descriptors: list[int]) -> bytes | None:
        """Do what a message says; returns the answer where one is due in any case."""
        device = self._device
        if kind == _GET_FEATURES:
            return _U64.pack(F_VERSION_1 | _F_PROTOCOL_FEATURES | device.features)
        if kind == _GET_PROTOCOL_FEATURES:
            return _U64.pack(_PROTOCOL_FEATURES)
        if kind == _GET_QUEUE_NUM:
            return _U64.pack(device.queues)
        if kind == _GET_CONFIG:
            return self._config(body)
        if kind == _GET_VRING_BASE:
            return self._stop_ring(body)
        if kind == _SET_MEM_TABLE:
            self._memory.map(body, descriptors)
        elif kind in (_SET_VRING_NUM, _SET_VRING_BASE, _SET_VRING_ADDR):
            self._lay_out_ring(kind, body)
        elif kind in (_SET_VRING_KICK, _SET_VRING_CALL):
            self._connect_ring(kind, body, descriptors)
        # What is left (owner, features taken, rings enabled) changes nothing here.
        return None

    def _config(self, body: bytes) -> bytes:
        offset, size, flags = _CONFIG_HEAD.unpack_from(body)
        config = self._device.config[offset : offset + size].ljust(size, b"\0")
        return _CONFIG_HEAD.pack(offset, size, flags) + config

    def _stop_ring(self, body: bytes) -> bytes:
        index, _ = _VRING_STATE.unpack(body)
        return _VRING_STATE.pack(index, self._rings[index].stop())

    def _lay_out_ring(self, kind: int, body: bytes) -> None:
        if kind == _SET_VRING_ADDR:
            index, _, descriptors, used, available, _ = _VRING_ADDR.unpack(body)
            self._rings[index].places = _Places(descriptors, available, used)
            return
        index, number = _VRING_STATE.unpack(body)
        if kind == _SET_VRING_NUM:
            self._rings[index].size = number
        else:
            self._rings[index].taken = number

    def _connect_ring(self, kind: int, body: bytes, descriptors: list[int]) -> None:
        (said,) = _U64.unpack(body)
        index = said & 0xFF
        if said & _NO_FD:
            return
        (descriptor,) = descriptors
        if kind == _SET_VRING_CALL:
            self._rings[index].call = descriptor
            return
        self._waiting.register(descriptor, selectors.EVENT_READ, index)


# ---- memory and rings


class _Memory:
    """The machine's memory, as far as it shares it."""

    def __init__(self) -> None:
        self._regions: list[tuple[int, int, int, int, mmap.mmap]] = []

    def map(self, body: bytes, descriptors: list[int]) -> None:
        self.close()
        (count,) = struct.unpack_from("<I", body)
        for index, descriptor in zip(range(count), descriptors, strict=True):
            address, size, outside, offset = _REGION.unpack_from(body, 8 + index * _REGION.size)
            self._regions.append((address, outside, size, offset, mmap.mmap(descriptor, offset + size)))

    def read(self, address: int, size: int) -> bytes:
        view, at = self._at(address)
        return view[at : at + size]

    def write(self, address: int, payload: bytes) -> None:
        view, at = self._at(address)
        view[at : at + len(payload)] = payload

    def close(self) -> None:
        for *_, view in self._regions:
            view.close()
        self._regions.clear()

    def _at(self, address: int) -> tuple[mmap.mmap, int]:
        for start, outside, size, offset, view in self._regions:
            if start <= address < start + size:
                return view, offset + address - start
            # QEMU tells the places of the rings by its own addresses, which are far beyond the machine's.
            if outside <= address < outside + size:
                return view, offset + address - outside
        raise IndexError(f"the machine shares no memory at {address:#x}")


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the parts of a ring are."""

    descriptors: int
    available: int
    used: int


class _Ring:
    """One queue: buffers that the machine makes available, and those that are given back to it."""

    def __init__(self, memory: _Memory) -> None:
        self.memory = memory
        self.size = 0
        self.taken = 0
        """How many requests were taken out, modulo 2**16."""
        self.places: _Places | None = None
        self.call: int | None = None
        """Where to tell the machine that something came back."""
        self._given_back = 0
        self._lock = threading.Lock()

    def stop(self) -> int:
        """Touch the machine's memory no more; returns how far it got."""
        with self._lock:
            self.places = None
            self.call = None
        return self.taken

    def requests(self) -> Iterator[Request]:
        """What the machine has put in since it was last asked."""
        while True:
            with self._lock:
                if self.places is None or self.taken == self._u16(self.places.available + 2):
                    return
                head = self._u16(self.places.available + 4 + self.taken % self.size * 2)
                self.taken = (self.taken + 1) % 0x10000
                request = self._request(self.places.descriptors, head)
            yield request

    def give_back(self, head: int, room: list[tuple[int, int]], payload: bytes) -> None:
        """Let the machine have its buffers again, filled; one that is gone needs them no more."""
        with self._lock:
            if self.places is None or self.call is None:
                return
            rest = payload
            for address, length in room:
                self.memory.write(address, rest[:length])
                rest = rest[length:]
            used = self.places.used
            self.memory.write(used + 4 + self._given_back % self.size * 8, _USED.pack(head, len(payload)))
            self._given_back = (self._given_back + 1) % 0x10000
            # The index comes last: once it has moved, the machine may look.
            self.memory.write(used + 2, _U16.pack(self._given_back))
            with suppress(BrokenPipeError):
                os.write(self.call, _U64.pack(1))

    def _request(self, descriptors: int, head: int) -> Request:
        said, room = [], []
        index, more = head, True
        while more:
            address, length, flags, follows = _DESCRIPTOR.unpack(
                self.memory.read(descriptors + index * _DESCRIPTOR.size, _DESCRIPTOR.size)
            )
            if flags & _WRITABLE:
                room.append((address, length))
            else:
                said.append(self.memory.read(address, length))
            index, more = follows, bool(flags & _NEXT)
        return Request(self, head, b"".join(said), room)

    def _u16(self, address: int) -> int:
        (value,) = _U16.unpack(self.memory.read(address, 2))
        return int(value)
