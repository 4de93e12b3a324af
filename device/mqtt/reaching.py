"""Getting through to the broker: its name, the connection and TLS, all of which may take long."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from device.mqtt.broker import Broker

_WITHIN_S = 10.0
"""The patience with each step, in seconds."""


def reach(broker: Broker) -> socket.socket:
    """A connection that doesn't block, encrypted if it is to be. Raises OSError, or ValueError for no name at all."""
    plain = socket.create_connection((broker.host, broker.port), _WITHIN_S)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made = plain if broker.tls is None else broker.tls.wrap_socket(plain, server_hostname=broker.host)
    except (OSError, ValueError):
        plain.close()
        raise
    made.setblocking(False)
    return made


class Reaching:
    """One try, on a thread that ends with it: a name may take half a minute, in which others mustn't wait."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._lock = threading.Lock()
        self._is_abandoned = False
        self._reached: socket.socket | Exception | None = None
        self._bell, self._rung = socket.socketpair()
        threading.Thread(target=self._try, name="reaching", daemon=True).start()

    @property
    def number(self) -> int:
        """The number of a socket that can be read when the try is over."""
        return self._rung.fileno()

    def _try(self) -> None:
        reached: socket.socket | Exception
        try:
            reached = reach(self._broker)
        except (OSError, ValueError) as error:
            reached = error
        with self._lock:
            if not self._is_abandoned:
                self._reached = reached
                with suppress(OSError):
                    self._bell.send(b"!")
            elif isinstance(reached, socket.socket):
                reached.close()

    def take(self) -> socket.socket | Exception | None:
        """What came of it; None as long as it goes on. The connection is the taker's to close."""
        with self._lock:
            reached, self._reached = self._reached, None
        if reached is not None:
            self.abandon()
        return reached

    def abandon(self) -> None:
        """Whatever comes of it isn't wanted."""
        with self._lock:
            self._is_abandoned = True
            left, self._reached = self._reached, None
        if isinstance(left, socket.socket):
            left.close()
        self._bell.close()
        self._rung.close()
