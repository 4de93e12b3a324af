"""A Raspberry Pi 3B as a process of this computer: its Debian, how to start it, and its pins as seen from outside."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.cpio import Cpio
from tests.real_kernel.cache import kept
from tests.real_kernel.machine import Done, MachineError
from tests.tools import missing

BOOT_S = 120.0
"""How long it may take to come up; usual are 20 s."""
_MOST_S = 120.0
_OUTSIDE_S = 20.0

_PROJECT = Path(__file__).parents[2]
_AGENT = _PROJECT / "tests/real_kernel/root/agent.py"
_SUITE = "bookworm"
_PACKAGES = "linux-image-arm64,python3,python3-rpi.gpio,mount"
_NOT_NEEDED = ("/lib/modules/*", "/lib/udev/*", "/usr/lib/aarch64-linux-gnu/gconv/*", "/usr/lib/firmware/*",
               "/usr/lib/*-perl*", "/usr/lib/*/perl*", "/usr/share/*", "/var/*")  # fmt: skip
"""What the packages bring along beside; the kernel has all that a GPIO line takes built in."""

_PYTHON = "3.11"
_PLATFORMS = [f"manylinux_2_{glibc}_aarch64" for glibc in range(17, 37)]
"""What the Python and the C library of that Debian can run."""
_LIBRARIES = f"usr/local/lib/python{_PYTHON}/dist-packages"

_REVISION = "a02082"
"""That of a Pi 3B 1.2."""
_PERIPHERALS = 0x3F000000
_GPIO = _PERIPHERALS + 0x200000
_FUNCTIONS, _LEVELS = _GPIO, _GPIO + 0x34
"""Where the controller has each pin's function, ten pins a word, and each pin's level, 32 a word."""
_OUTPUT = 0b001

_TOOLS = {
    "qemu-system-aarch64": "qemu-system-arm",
    "mmdebstrap": "mmdebstrap",
    "fdtput": "device-tree-compiler",
}
"""Each command that is needed, and the Debian package that has it."""

_INIT = """\
#!/usr/bin/python3
import ctypes, os, runpy
os.umask(0o022)
assert ctypes.CDLL(None).mount(b"dev", b"/dev", b"devtmpfs", 0, None) == 0
# The agent's line is another here: of the second, ttyS1, QEMU has only so much that a console works.
os.path.lexists("/dev/ttyS0") and os.unlink("/dev/ttyS0")
os.symlink("ttyAMA0", "/dev/ttyS0")
runpy.run_path("/agent.py", run_name="__main__")
"""


def what_is_missing() -> str | None:
    """What has to be installed first, or None."""
    return missing(_TOOLS)


class Raspi3b:
    """One machine, with the checkout's `device` and `hardware` in it; a context manager, unplugged at the end.

    Its files are written to `folder`. Nothing that it writes itself outlives it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._console = folder / "console"
        self._process: subprocess.Popen[bytes] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._unplug()
            raise
        return self

    def __exit__(self, *_: tuple[type[BaseException], BaseException, TracebackType] | None) -> None:
        self._unplug()

    # ---- from inside

    def run(self, *command: str, timeout_s: float = _MOST_S) -> Done:
        """Run a command as root. Raises MachineError when it takes longer or the machine is gone."""
        self.begin(*command, timeout_s=timeout_s)
        return self.end(timeout_s)

    def begin(self, *command: str, timeout_s: float = _MOST_S) -> None:
        """Run a command as root, and go on meanwhile; there is one at a time."""
        self._agent.say({"command": command, "input": "", "timeout_s": timeout_s})

    @property
    def has_ended(self) -> bool:
        """Whether the command that was begun has, or the machine with it: `end` won't wait."""
        return self._agent.has_something

    def end(self, timeout_s: float = _MOST_S) -> Done:
        """Wait for the command that was begun. Raises MachineError."""
        answer = self._heard(self._agent, "code", timeout_s + 10)
        if answer["code"] is None:
            raise self._error(f"the command still ran after {timeout_s:g} s; it said {answer}")
        return Done(**answer)

    # ---- from outside

    def is_high(self, gpio: int) -> bool:
        """The level of a pin as its controller has it, whatever the programs in the machine believe."""
        return bool(self._word(_LEVELS + gpio // 32 * 4) >> gpio % 32 & 1)

    def is_output(self, gpio: int) -> bool:
        """Whether the controller drives that pin."""
        return self._word(_FUNCTIONS + gpio // 10 * 4) >> gpio % 10 * 3 & 0b111 == _OUTPUT

    def _word(self, address: int) -> int:
        line = f"xp /1wx {address:#x}"
        self._monitor.say({"execute": "human-monitor-command", "arguments": {"command-line": line}})
        told: str = self._heard(self._monitor, "return", _OUTSIDE_S)["return"]
        return int(told.split(":")[1], 16)

    # ---- power

    def _start(self) -> None:
        kernel, tree, initramfs = _boot_files(self._folder)
        agent, agents_end = self._line()
        monitor, monitors_end = self._line()
        with agents_end, monitors_end, self._console.open("wb") as console:
            self._process = subprocess.Popen(
                [
                    "qemu-system-aarch64", "-M", "raspi3b", "-accel", "tcg,thread=single",
                    "-kernel", str(kernel), "-dtb", str(tree), "-initrd", str(initramfs),
                    "-append", "console=ttyS1 rdinit=/init iomem=relaxed",
                    "-nodefaults", "-display", "none", "-no-reboot",
                    "-chardev", f"socket,id=agent,fd={agents_end.fileno()}", "-serial", "chardev:agent",
                    "-serial", "stdio",
                    "-chardev", f"socket,id=monitor,fd={monitors_end.fileno()}", "-mon", "monitor,mode=control",
                ],
                stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                pass_fds=[agents_end.fileno(), monitors_end.fileno()],
                start_new_session=True,
            )  # fmt: skip
        self._agent, self._monitor = agent, monitor
        self._heard(monitor, "QMP", _OUTSIDE_S)
        monitor.say({"execute": "qmp_capabilities"})
        self._heard(monitor, "return", _OUTSIDE_S)
        self._heard(agent, "hello", BOOT_S)

    def _line(self) -> tuple[_Line, socket.socket]:
        ours, theirs = socket.socketpair()
        return _Line(self._open.enter_context(ours)), theirs

    def _unplug(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        self._open.close()

    def _heard(self, line: _Line, key: str, timeout_s: float) -> dict[str, Any]:
        try:
            return line.hear(key, timeout_s)
        except OSError as error:
            raise self._error(str(error)) from None

    def _error(self, what: str) -> MachineError:
        last = self._console.read_text(errors="replace").splitlines()[-12:]
        return MachineError("\n  ".join([f"{what}. Last on its console:", *last]))


class _Line:
    """One JSON object a line, both ways."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._said = b""

    def say(self, what: dict[str, Any]) -> None:
        self._end.sendall(json.dumps(what).encode() + b"\n")

    @property
    def has_something(self) -> bool:
        return bool(self._said or select.select([self._end], [], [], 0)[0])

    def hear(self, key: str, timeout_s: float) -> dict[str, Any]:
        """The next object that has this key; others are passed over. Raises OSError."""
        until = time.monotonic() + timeout_s
        while True:
            line, found, rest = self._said.partition(b"\n")
            if not found:
                self._said += self._more(until)
                continue
            self._said = rest
            with suppress(ValueError):
                told: dict[str, Any] = json.loads(line)
                if key in told:
                    return told
                if "error" in told:
                    raise OSError(f"it refuses: {told['error']}")

    def _more(self, until: float) -> bytes:
        self._end.settimeout(max(0.001, until - time.monotonic()))
        try:
            more = self._end.recv(65536)
        except TimeoutError:
            raise OSError("it doesn't answer") from None
        if not more:
            raise OSError("it has stopped")
        return more


# ---- what it boots


def _boot_files(folder: Path) -> tuple[Path, Path, Path]:
    """The kernel, the device tree and the initramfs."""
    kernel, tree, initramfs = (folder / name for name in ("kernel", "tree.dtb", "initramfs"))
    with tarfile.open(debian()) as system, initramfs.open("wb") as archive:
        pack = Cpio(archive)
        for member in system:
            name = str(Path(member.name))
            if name.startswith("boot/vmlinuz-"):
                kernel.write_bytes(_content(system, member))
            elif name.endswith("/broadcom/bcm2837-rpi-3-b.dtb"):
                tree.write_bytes(_content(system, member))
            elif not name.startswith(("boot/", "usr/lib/linux-image-")):
                _repack(system, member, name, pack)
        for name in ("dev", "proc", "run", "sys", "tmp"):
            pack.folder(name)
        pack.file("init", _INIT.encode(), 0o755)
        pack.file("agent.py", _AGENT.read_bytes())
        for file in _sources():
            pack.file(f"{_LIBRARIES}/{file.relative_to(_PROJECT)}", file.read_bytes())
        pack.end()
    _say_what_firmware_would(tree)
    return kernel, tree, initramfs


def _say_what_firmware_would(tree: Path) -> None:
    subprocess.run(["fdtput", "-p", "-t", "x", str(tree), "/system", "linux,revision", _REVISION], check=True)
    # Without it no random number is to be had for a while, and Python doesn't start without one.
    seed = [f"{byte:x}" for byte in os.urandom(32)]
    subprocess.run(["fdtput", "-p", "-t", "bx", str(tree), "/chosen", "rng-seed", *seed], check=True)
    # Bluetooth would have this line to itself; it is the only one that the agent can use, see _INIT.
    subprocess.run(["fdtput", "-r", str(tree), "/soc/serial@7e201000/bluetooth"], check=True)


def _sources() -> Iterator[Path]:
    for name in ("device", "hardware"):
        yield from (file for file in sorted((_PROJECT / name).rglob("*"))
                    if file.is_file() and "__pycache__" not in file.parts)  # fmt: skip


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None, member.name
    with file:
        return file.read()


def _repack(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str, into: Cpio) -> None:
    if member.isdir():
        into.folder(name)
    elif member.issym():
        into.link(name, member.linkname)
    elif member.isfile() or member.islnk():
        into.file(name, _content(archive, member), member.mode)


# ---- its Debian


def debian() -> Path:
    """A tar of the Debian it runs, with the libraries that the project asks for; the first time it takes a minute."""
    ingredients = [_PACKAGES, *_NOT_NEEDED, _SUITE, _PYTHON, *_PLATFORMS, (_PROJECT / "setup.py").read_text("utf-8")]
    return kept("raspi3b.tar", [each.encode() for each in ingredients], _build_debian)


def _build_debian(to: Path) -> None:
    excludes = [f"--dpkgopt=path-exclude={path}" for path in _NOT_NEEDED]
    # Merely unpacked, which takes no root: to set it up, its programs would have to be run, and they are for another
    # processor.
    unpack = [
        "mmdebstrap",
        "--quiet",
        "--mode=chrootless",
        "--variant=extract",
        "--architectures=arm64",
        f"--include={_PACKAGES}",
    ]
    subprocess.run([*unpack, *excludes, _SUITE, str(to)], check=True)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(to, "a") as system:
        wheels, libraries = Path(folder, "wheels"), Path(folder, "libraries")
        _fetch_wheels(wheels)
        for wheel in wheels.glob("*.whl"):
            with zipfile.ZipFile(wheel) as it:
                it.extractall(libraries)
        system.add(libraries, _LIBRARIES)


def _fetch_wheels(to: Path) -> None:
    platforms = [word for platform in _PLATFORMS for word in ("--platform", platform)]
    subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--dest", str(to),
            "--only-binary=:all:", "--python-version", _PYTHON, *platforms, str(_PROJECT),
        ],
        check=True,
    )  # fmt: skip
