"""A way to the broker that can be cut in the middle of a packet, and that remembers every byte."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

_AT_ONCE = 4096


class Cutting:
    """Passes on what comes from both sides, on a port of its own."""

    def __init__(self, port: int) -> None:
        """`port` is the broker's."""
        self._to = port
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._bytes_left: int | None = None
        self.cuts = 0
        """How often a connection was cut."""
        self.sent, self.answered = bytearray(), bytearray()
        """All bytes from the client, and all to it."""
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._threads = [threading.Thread(target=self._let_in, daemon=True)]
        self._threads[0].start()

    def cut_after(self, count: int) -> None:
        """Cut every connection once so many bytes more have come from the client."""
        with self._lock:
            self._bytes_left = count

    def cut(self) -> None:
        """Cut every connection now."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
            self._bytes_left = None
        for pair in pairs:
            self.cuts += 1
            for each in pair:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def _let_in(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            try:
                broker = socket.create_connection(("127.0.0.1", self._to), 5)
            except OSError:
                caller.close()
                continue
            broker.settimeout(None)
            with self._lock:
                self._pairs.append((caller, broker))
            for pair in ((caller, broker, True), (broker, caller, False)):
                thread = threading.Thread(target=self._pass_on, args=pair, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_from_client: bool) -> None:
        with suppress(OSError):
            while told := source.recv(_AT_ONCE):
                (self.sent if is_from_client else self.answered).extend(told)
                cut_here = self._room_for(told) if is_from_client else None
                target.sendall(told if cut_here is None else told[:cut_here])
                if cut_here is not None:
                    self.cut()
                    break
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        # Each thread closes the socket that it reads.
        source.close()

    def _room_for(self, told: bytes) -> int | None:
        """How many of these bytes may still pass; None for all."""
        with self._lock:
            if self._bytes_left is None:
                return None
            if self._bytes_left >= len(told):
                self._bytes_left -= len(told)
                return None
            return self._bytes_left
