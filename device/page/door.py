"""The door: the socket on which the page is asked, and the names by which it may be asked."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from device.words.ports import PartError

HERE = ("127.0.0.1", "localhost")
"""The names by which this computer calls itself."""
_FIRST_HANDED = 3
"""The number of the first socket that systemd hands over."""


def open_door(port: int, *, house: bool) -> tuple[socket.socket, bool]:
    """The socket that listens, and whether it comes from systemd.

    It is open before the page is ready, so that a client waits and isn't turned away. Raises PartError if it can't be.
    """
    handed = _handed_over()
    if handed is not None:
        return handed, True
    # Only the old kind of address: a browser that tries the new one first is refused at once, and takes this one.
    # asyncio sends small answers at once only if the protocol is named.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("" if house else "127.0.0.1", port))
        door.listen()
    except OSError as error:
        door.close()
        raise PartError(f"page.port = {port}: {error.strerror}; allowed: a free one, or 0 for any") from error
    return door, False


def _handed_over() -> socket.socket | None:
    """The socket that systemd listens on for this process."""
    told = {name: os.environ.pop(name, "") for name in ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")}
    if told["LISTEN_PID"] != str(os.getpid()) or told["LISTEN_FDS"] in ("", "0"):
        return None
    if told["LISTEN_FDS"] != "1":
        raise PartError(f"unsit-page.socket: {told['LISTEN_FDS']} sockets; allowed: one ListenStream, see docs/page.md")
    os.set_inheritable(_FIRST_HANDED, False)
    door = socket.socket(fileno=_FIRST_HANDED)
    listens = door.family in (socket.AF_INET, socket.AF_INET6) and door.type == socket.SOCK_STREAM
    if not listens or not door.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        door.detach()
        raise PartError("unsit-page.socket: this is no address to listen on; allowed: ListenStream=0.0.0.0:8016")
    return socket.socket(door.family, door.type, socket.IPPROTO_TCP, fileno=door.detach())


def turn_away() -> None:
    """Hang up on whoever waits at systemd's socket, if the page can't start.

    systemd would else start it again for them at once, and again.
    """
    with suppress(PartError, OSError):
        door = _handed_over()
        while door is not None:
            door.setblocking(False)
            door.accept()[0].close()


def plain(address: str) -> str:
    """The address as people write it: one of the old kind that comes in by a socket of the new kind, too."""
    return address.removeprefix("::ffff:") if "." in address else address


def is_within(address: str) -> bool:
    """Whether it is an address of this computer for itself."""
    with suppress(ValueError):
        return ip_address(plain(address)).is_loopback
    return False


@dataclass(frozen=True, slots=True)
class Names:
    """The names by which the page may be asked. Otherwise strangers could point their own name here."""

    added: tuple[str, ...] = ()
    """By the settings."""
    house: bool = False
    """Also those by which others in the house know this computer."""

    def has(self, host: str, scope: Mapping[str, Any]) -> bool:
        """Whether that `Host`, without its port, is one of them for this request."""
        if host in HERE or host in self.added:
            return True
        return self.house and (_is_this_computer(host) or host == _own_end(scope))

    @property
    def told(self) -> tuple[str, ...]:
        """Those that a stranger may hear; in the house none."""
        return () if self.house else (*HERE, *self.added)


def _is_this_computer(host: str) -> bool:
    """Its name, with or without `.local`; also with the number that a second one of that name in the house gets."""
    name = socket.gethostname().lower()
    short = re.escape(name.partition(".")[0])
    return host == name or bool(re.fullmatch(rf"{short}(-[0-9]{{1,3}})?(\.local)?", host))


def _own_end(scope: Mapping[str, Any]) -> str:
    """This computer's address on the connection of the request. No website can have it for a name."""
    server = scope.get("server") or ("",)
    address = plain(server[0] or "")
    return f"[{address}]" if ":" in address else address
