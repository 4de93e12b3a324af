"""A machine as a process of this computer: to start, use, unplug and start again; one kind is a kernel that is one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.real_kernel.board import Board

BOOT_S = 120.0
"""How long a machine may take to come up; usual are 1 s, and 10 s with systemd."""
_MOST_S = 60.0

SYSTEMD = "/lib/systemd/systemd"
AGENT = "/usr/local/lib/real-kernel/agent.py"
"""What may be process 1: a whole system, or nothing but what takes commands."""


class MachineError(Exception):
    """The machine didn't do what it was told; says what it said last."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has run in the machine."""

    code: int
    """As subprocess has it: minus the signal that ended it."""
    out: str
    err: str


class AnyMachine(ABC):
    """One machine; its disk is the file `disk`, and what it says on its console is kept beside that.

    A context manager, unplugged at the end.
    """

    boot_s = BOOT_S
    """How long it may take to come up."""

    def __init__(self, disk: Path) -> None:
        self.disk = disk
        self.console = disk.with_suffix(".console")
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._said = b""

    @abstractmethod
    def _command(self, line: int) -> list[str]:
        """What is run as the machine, and the descriptor on which it finds its agent's line."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: tuple[type[BaseException], BaseException, TracebackType] | None) -> None:
        self.cut_power()

    # ---- power

    def start(self) -> None:
        """Power on, and wait until it takes commands."""
        self.switch_on()
        self.wait_until_up()

    def switch_on(self) -> None:
        """Power on, and wait for nothing."""
        assert self._process is None, "it is running"
        ours, theirs = socket.socketpair()
        with theirs, self.console.open("ab") as console:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                self._command(number),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                pass_fds=[number],
                # Processes of the machine are processes here: only their group gets hold of them all.
                start_new_session=True,
            )
        self._line = ours
        self._said = b""

    def wait_until_up(self) -> None:
        """Wait until it takes commands; after `start`, or when it restarts by itself."""
        self._said = b""
        self._hear("hello", self.boot_s)

    def cut_power(self) -> None:
        """Pull the plug: nothing is written back, nobody is told."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._end()

    def wait_until_off(self, timeout_s: float = _MOST_S) -> None:
        """Wait for a shutdown that was asked for to have ended."""
        assert self._process is not None
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise self._error(f"it is still on after {timeout_s:g} s") from None
        self.cut_power()

    @property
    def is_on(self) -> bool:
        """Whether it has power and has not stopped by itself."""
        return self._process is not None and self._process.poll() is None

    @property
    def starved_s(self) -> float:
        """For how long, all in all, its processes could have run and this computer had no processor for them.

        With what others on the same host took from this computer, if it is a virtual one: its own kernel knows no more.
        """
        assert self._process is not None
        main = Path(f"/proc/{self._process.pid}")
        processes = [main.name, *(main / "task" / main.name / "children").read_text().split()]
        starved_ns = 0
        for process in processes:
            with suppress(OSError):  # One that has just ended.
                starved_ns += int(Path("/proc", process, "schedstat").read_text().split()[1])
        stolen = int(Path("/proc/stat").read_text().split()[8])
        return starved_ns / 1e9 + stolen / os.sysconf("SC_CLK_TCK")

    def _end(self) -> None:
        assert self._process is not None
        assert self._line is not None
        self._process.wait()
        self._line.close()
        self._process = self._line = None

    # ---- commands

    def run(self, *command: str, stdin: str = "", timeout_s: float = _MOST_S) -> Done:
        """Run a command as root; it may fail. Raises MachineError when it takes longer or the machine is gone."""
        self._say({"command": command, "input": stdin, "timeout_s": timeout_s})
        answer = self._hear("code", timeout_s + 10)
        if answer["code"] is None:
            raise self._error(f"{' '.join(command)} still ran after {timeout_s:g} s; it said {answer}")
        return Done(**answer)

    def do(self, *command: str, stdin: str = "", timeout_s: float = _MOST_S) -> str:
        """Run a command that has to work; returns what it printed. Raises MachineError."""
        done = self.run(*command, stdin=stdin, timeout_s=timeout_s)
        if done.code:
            raise self._error(f"{' '.join(command)} ended with {done.code}: {done.err or done.out}")
        return done.out

    def shell(self, script: str, timeout_s: float = _MOST_S) -> str:
        """Run a script of /bin/sh that has to work; returns what it printed. Raises MachineError."""
        return self.do("sh", "-euc", script, timeout_s=timeout_s)

    def tell(self, *command: str) -> None:
        """Have a command run, and don't wait for it: for one that ends the machine."""
        self._say({"command": command, "input": "", "timeout_s": _MOST_S})

    def _say(self, what: dict[str, Any]) -> None:
        assert self._line is not None, "it is off"
        self._line.sendall(json.dumps(what).encode() + b"\n")

    def _hear(self, key: str, timeout_s: float) -> dict[str, Any]:
        """The next line that has this key; others were said by a machine that is no more."""
        until = time.monotonic() + timeout_s
        while True:
            line, found, rest = self._said.partition(b"\n")
            if found:
                self._said = rest
                with suppress(ValueError):
                    answer: dict[str, Any] = json.loads(line)
                    if key in answer:
                        return answer
                continue
            self._said += self._more(until)

    def _more(self, until: float) -> bytes:
        assert self._line is not None, "it is off"
        self._line.settimeout(max(0.001, until - time.monotonic()))
        try:
            more = self._line.recv(65536)
        except TimeoutError:
            raise self._error("it doesn't answer") from None
        except ConnectionError:
            more = b""
        if not more:
            raise self._error("it has stopped")
        return more

    def _error(self, what: str) -> MachineError:
        last = self.console.read_text(errors="replace").splitlines()[-12:] if self.console.exists() else []
        return MachineError("\n  ".join([f"{what}. Last on its console:", *last]))


class Machine(AnyMachine):
    """A User Mode Linux: `init` is run as process 1."""

    def __init__(self, kernel: Path, disk: Path, tree: Path, board: Board, init: str, *words: str) -> None:
        """`words` are more for the kernel's command line."""
        super().__init__(disk)
        self._words = [
            # Should this process be killed, the machine goes with it.
            "setpriv --pdeathsig KILL",
            str(kernel),
            "mem=512M",
            f"ubd0={disk}",
            "root=/dev/ubda rw rootfstype=ext4",
            f"dtb={tree}",
            f"init={init}",
            # The machine says what it does on con0 alone: left to itself, each further console opens a window.
            "con=null",
            "con0=null,fd:1",
            *board.arguments,
            *words,
        ]

    def _command(self, line: int) -> list[str]:
        return [word for part in self._words for word in part.split()] + [f"ssl0=fd:{line},fd:{line}"]


def device_tree(model: str, revision: int, to: Path) -> Path:
    """Compile the description of a board to that file."""
    source = Path(__file__).with_name("board.dts").read_text("utf-8")
    source = source.replace("MODEL", model).replace("REVISION", f"0x{revision:08x}")
    subprocess.run(["dtc", "-q", "-O", "dtb", "-o", str(to)], input=source.encode(), check=True)
    return to


def copy_of(image: Path, to: Path) -> Path:
    """A disk of its own for a machine, in seconds, since only what is written takes room."""
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", str(image), str(to)], check=True)
    return to
