"""A real PostgreSQL for the tests: a cluster of its own in a folder, started and stopped at will."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.mosquitto import free_port

_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
BIN = _FOLDERS[-1] if _FOLDERS else None
"""Where its programs are; None if it isn't installed."""
_USER = "postgres"


class Postgres:
    """The server. It refuses root, so that root starts it as another user."""

    def __init__(self, *more: str) -> None:
        """Lay out its folder; `more` goes into its configuration, line by line."""
        # No folder of pytest's: those are for root alone, and it sees to that.
        self.port, self._folder = free_port(), Path(tempfile.mkdtemp(prefix="unsit-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, _USER)
        self._run("initdb", "--no-sync", "-A", "trust", "-U", "office", "-D", str(self._data))
        own = f"port = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
        with (self._data / "postgresql.conf").open("a") as configuration:
            configuration.write("\n".join([f"{own}shared_buffers = '16MB'", *more, ""]))

    @property
    def url(self) -> str:
        """The URL of its database."""
        return f"postgresql+psycopg://office@127.0.0.1:{self.port}/postgres"

    def start(self) -> Postgres:
        """Start it, and wait until it answers."""
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self._folder / "log"), "-w", "start")
        return self

    def stop(self) -> None:
        """End it at once, as if the power had gone."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def delete(self) -> None:
        """Delete its folder; for when it is stopped."""
        shutil.rmtree(self._folder)

    @property
    def pid(self) -> int:
        """Its first process, the parent of the others."""
        return int((self._data / "postmaster.pid").read_text().split()[0])

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _run(self, *words: str) -> None:
        assert BIN, "sudo apt install postgresql"
        as_user = {"user": _USER, "group": pwd.getpwnam(_USER).pw_gid} if os.geteuid() == 0 else {}
        # pg_ctl leaves the server behind, which mustn't hold our pipe.
        subprocess.run(
            [str(BIN / words[0]), *words[1:]], check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=60, **as_user
        )  # type: ignore[call-overload]
