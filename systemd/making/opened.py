"""Reads what the image opens to the network, and holds what `ss` says against it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from systemd.making.description import SYSTEMD, DescriptionError

FILE = SYSTEMD / "opened.toml"
TIMES = ("always", "network", "hotspot", "ssh")
_GIVEN_OUT = range(32768, 61000)
"""The ports that the kernel takes for whoever asks for any."""


@dataclass(frozen=True)
class ListedPort:
    """A port on which something may listen."""

    number: int
    protocol: str
    programs: tuple[str, ...]
    when: str
    who: str
    sure: bool

    def is_of(self, socket: ListeningSocket) -> bool:
        """Whether that socket is this one."""
        number = socket.port in _GIVEN_OUT if self.number == 0 else socket.port == self.number
        return number and socket.protocol == self.protocol and socket.programs <= {*self.programs}


@dataclass(frozen=True)
class ListeningSocket:
    """A socket in the words of `ss`."""

    protocol: str
    address: str
    port: int
    programs: frozenset[str]

    def is_open(self) -> bool:
        """Whether anybody beside this computer can reach it."""
        address = self.address.partition("%")[0].strip("[]")
        return address == "*" or not ip_address(address).is_loopback

    def __str__(self) -> str:
        return f"{self.protocol} {self.address}:{self.port} {', '.join(sorted(self.programs)) or 'somebody unknown'}"


@dataclass(frozen=True)
class Opened:
    """All that is open."""

    ports: tuple[ListedPort, ...]
    units: Mapping[str, str]
    """Units of ours with a network, and what for."""
    debian_units: Mapping[str, str]
    """Debian's, in the image."""

    def unlisted(self, said: str, times: Collection[str]) -> list[str]:
        """The sockets that `ss -tulpn` has said, and that nobody else should be able to reach at these times."""
        allowed = [port for port in self.ports if port.when in times]
        return [
            str(socket)
            for socket in listening(said)
            if socket.is_open() and not (socket.programs and any(port.is_of(socket) for port in allowed))
        ]

    def missing(self, said: str, times: Collection[str]) -> list[str]:
        """The ports that have to be there at these times, and that it hasn't said."""
        there = [*listening(said)]
        sure = [port for port in self.ports if port.sure and port.when in times]
        return [f"{port.protocol} {port.number}" for port in sure if not any(map(port.is_of, there))]


def listening(said: str) -> Iterator[ListeningSocket]:
    """The sockets that `ss -tulpn` has said. It takes root to say whose they are. Raises ValueError."""
    head, *lines = said.strip().splitlines() or [""]
    if not head.startswith("Netid"):
        raise ValueError(f"this is nothing that `ss -tulpn` says: {head[:80]!r}")
    for line in lines:
        parts = line.split()
        place = re.fullmatch(r"(.+):(\d+)", parts[4]) if len(parts) > 5 else None
        if place is None:
            raise ValueError(f"this is no line of `ss -tulpn`: {line[:80]!r}")
        yield ListeningSocket(parts[0], place[1], int(place[2]), frozenset(re.findall(r'\("([^"]+)",pid=', line)))


def opened(file: Path = FILE) -> Opened:
    """What is open, checked. Raises DescriptionError."""
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DescriptionError(f"{file.name}: this can't be read: {error}") from None
    match told:
        case {"ports": [*ports], "units": {**units}, "debian_units": {**debian}, **others} if not others:
            listed = tuple(_port(file.name, nth, port) for nth, port in enumerate(ports, 1))
            return Opened(listed, _units(units), _units(debian))
    raise DescriptionError(f"{file.name}: allowed: ports, units, and debian_units")


def _units(told: Mapping[object, object]) -> dict[str, str]:
    return {str(unit): str(what_for) for unit, what_for in told.items()}


def _port(name: str, nth: int, told: object) -> ListedPort:
    match told:
        case {
            "number": int() as number,
            "protocol": "tcp" | "udp" as protocol,
            "programs": [str(), *_] as programs,
            "when": str() as when,
            "who": str() as who,
            "sure": bool() as sure,
            **others,
        } if when in TIMES and not others:
            return ListedPort(number, protocol, tuple(programs), when, who, sure)
    allowed = f"number, protocol (tcp, udp), programs, when ({', '.join(TIMES)}), who, sure"
    raise DescriptionError(f"{name}: ports, number {nth}: allowed: {allowed}, each once")
