"""A real cluster of three nats-servers on this computer; each node is killed and started again at will."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

from device.access.nats_files import nats_files
from device.access.users import BrokerUser
from device.office.office_file import DesksBroker, Office, OfficeBroker
from tests.mosquitto import free_port
from tests.waiting import until

PROGRAM = os.environ.get("UNSIT_NATS") or shutil.which("nats-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NODES = (1, 2, 3)
_OFFICE = Office(Path("office.toml"), OfficeBroker("localhost"), DesksBroker())

# As docs/office.md has it, but for the ports, and for TLS, which each way of connecting would want.
_CONFIGURATION = """\
server_name: node-{node}
host: "127.0.0.1"
port: {clients}
jetstream {{ store_dir: "{store}", max_memory_store: 64MB, max_file_store: 4GB }}
mqtt {{ host: "127.0.0.1", port: {mqtt}, stream_replicas: 3, max_ack_pending: 2000 }}
cluster {{ name: unsit, listen: "127.0.0.1:{cluster}", routes: [{routes}] }}
accounts {{
  OFFICE {{ jetstream: enabled, include "{users}" }}
  SYS {{}}
}}
system_account: SYS
"""


class Nats:
    """Three nodes, on ports of their own."""

    def __init__(self, folder: Path, users: Sequence[BrokerUser]) -> None:
        assert PROGRAM, "sudo apt install nats-server"
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.ports = [free_port() for _ in NODES]
        """Where MQTT is spoken, node for node."""
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.let_in(users)
        clusters = [free_port() for _ in NODES]
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in clusters)
        for node in NODES:
            told = _CONFIGURATION.format(
                node=node, clients=free_port(), mqtt=self.ports[node - 1], cluster=clusters[node - 1], routes=routes,
                store=folder / f"store-{node}", users="unsit-users.conf",
            )  # fmt: skip
            (folder / f"node-{node}.conf").write_text(told, "utf-8")

    def let_in(self, users: Sequence[BrokerUser]) -> None:
        """Write the file of users; nodes that run read it when they are told to."""
        for name, says in nats_files(_OFFICE, users).items():
            (self._folder / name).write_bytes(says)

    def start(self) -> Nats:
        """Start all, and wait until they are a cluster."""
        for node in NODES:
            self.start_node(node)
        until(lambda: "new metadata leader" in self._all_logs() or "Self is new" in self._all_logs(), self._all_logs())
        for port in self.ports:
            until(lambda port=port: _answers(port), self._all_logs())  # type: ignore[misc]
        return self

    def start_node(self, node: int) -> None:
        """Start one."""
        assert PROGRAM
        with self._log(node).open("ab") as log:
            words = [PROGRAM, "-c", str(self._folder / f"node-{node}.conf")]
            self._processes[node] = subprocess.Popen(words, stdout=log, stderr=log)

    def kill(self, node: int) -> None:
        """End one between two instructions."""
        self._processes[node].kill()
        self._processes.pop(node).wait(20)

    def reload(self) -> None:
        """Have all read the file of users again."""
        for process in self._processes.values():
            process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """End all."""
        for node in list(self._processes):
            self.kill(node)

    @property
    def pids(self) -> list[int]:
        """The processes that run."""
        return [each.pid for each in self._processes.values()]

    @property
    def has_crashed(self) -> bool:
        """Whether any has ended by itself."""
        return any(each.poll() is not None for each in self._processes.values())

    def _log(self, node: int) -> Path:
        return self._folder / f"node-{node}.log"

    def _all_logs(self) -> str:
        return "".join(self._log(node).read_text("utf-8", "replace") for node in NODES if self._log(node).exists())


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
