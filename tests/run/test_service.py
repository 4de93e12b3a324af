"""sd_notify as systemd hears it: a real datagram socket at the other end."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from device.run.service import ServiceManager


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    address = str(tmp_path / "notify") if request.param == "path" else f"\0unsit-test-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as ear:
        ear.bind(address)
        ear.settimeout(1.0)
        yield address.replace("\0", "@"), ear


def test_systemd_hears_ready_alive_and_stopping(systemd: tuple[str, socket.socket]) -> None:
    address, ear = systemd
    manager = ServiceManager({"NOTIFY_SOCKET": address})
    manager.ready()
    manager.alive()
    manager.stopping()
    assert [ear.recv(64) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_without_systemd_nothing_is_said_and_nothing_breaks(tmp_path: Path) -> None:
    ServiceManager({}).ready()
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).ready()


def test_the_watchdog_is_fed_three_times_in_its_span() -> None:
    assert ServiceManager({"WATCHDOG_USEC": "30000000"}).alive_every_s == 15.0


@pytest.mark.parametrize(
    "environment", [{}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}]
)
def test_nobody_watches_unless_asked(environment: dict[str, str]) -> None:
    assert ServiceManager(environment).alive_every_s is None
