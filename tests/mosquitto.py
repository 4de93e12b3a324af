"""A real mosquitto for the tests: it has a port and a folder of its own, and is killed and started again at will."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.waiting import until

PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


class Mosquitto:
    """The broker. Without further lines it lets everybody in, and keeps what it holds over a stop, not over a kill."""

    def __init__(self, folder: Path, lines: Sequence[str] = ("allow_anonymous true",), port: int | None = None) -> None:
        """`lines` go into its configuration as they are."""
        if PROGRAM is None and not os.environ.get("CI"):
            pytest.skip("no mosquitto here; sudo apt install mosquitto")
        assert PROGRAM
        self.port = port or free_port()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.configuration = folder / "mosquitto.conf"
        told = [f"listener {self.port} 127.0.0.1", "persistence true", f"persistence_location {folder}/"]
        told += [*(["user root"] if os.geteuid() == 0 else []), *lines]
        self.configuration.write_text("\n".join(told) + "\n", "utf-8")
        self.log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Mosquitto:
        """Start it, and wait until it answers."""
        assert PROGRAM
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, "-c", str(self.configuration)], stdout=log, stderr=log)
        until(self._answers, self.log.read_text("utf-8", "replace"))
        return self

    def stop(self) -> None:
        """Let it end as it likes: it writes down what it keeps."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it between two instructions."""
        self._end(signal.SIGKILL)

    def reload(self) -> None:
        """Have it read its passwords and access lists again."""
        assert self._process
        self._process.send_signal(signal.SIGHUP)

    def forget_all(self) -> None:
        """Lose all that it keeps; for when it is stopped."""
        (self.folder / "mosquitto.db").unlink(missing_ok=True)

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process
        return self._process.pid

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)
            self._process = None

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log.read_text("utf-8", "replace")
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) == 0
