"""A computer that starts a stock system from its card, with a network whose plug the test holds, and the board."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.first_boot.stock import ON_THE_CARD, stock
from tests.image.drivers import drivers
from tests.image.hand import EARLY, behind, hand
from tests.real_kernel.board import Board
from tests.real_kernel.desk import PI_ZERO_2_W
from tests.real_kernel.i2c import I2cBus
from tests.real_kernel.machine import AnyMachine, copy_of

_WORDS = (
    "root=/dev/vda rw net.ifnames=0 console=hvc0 systemd.journald.forward_to_console=1 systemd.show_status=false "
    "audit=0 loglevel=4 mitigations=off "
    # Nothing is late where each instruction takes a hundred.
    "systemd.default_device_timeout_sec=1200 systemd.default_timeout_start_sec=1200 "
    # It would want the agent's line for itself.
    "systemd.mask=serial-getty@ttyS0.service systemd.mask=serial-getty@hvc0.service"
)
_QEMU = """\
setpriv --pdeathsig KILL
qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -nodefaults -display none -no-reboot
-object memory-backend-memfd,id=memory,size=512M,share=on -m 512M -machine q35,smbus=off,memory-backend=memory
-device virtio-serial-pci -chardev stdio,id=console,signal=off -device virtconsole,chardev=console
-device virtio-rng-pci -netdev user,id=net -device virtio-net-pci,netdev=net,id=plug
"""


class StockMachine(AnyMachine):
    """It has a card of two partitions, the second of which is its disk, and 512 MB, as a Zero 2 W does.

    After a restart from within it is off.
    """

    boot_s = 1200.0
    """On two processors that others use too; a minute when they are idle."""

    def __init__(self, folder: Path, board: Board, laid: Path) -> None:
        """`laid` are the files that somebody has copied to the card's first partition."""
        super().__init__(copy_of(stock() / "root.img", folder / "disk.img"))
        self._board = board
        self._open = ExitStack()
        # Not pytest's folder for the test: the path of a socket may have 107 characters, not more.
        self._folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="stock-")))
        self._firmware = folder / "firmware.img"
        with self._firmware.open("wb") as file:
            file.truncate(512 << 20)
        subprocess.run(["mkfs.vfat", "-n", "bootfs", str(self._firmware)], check=True, stdout=subprocess.DEVNULL)
        for name, text in ON_THE_CARD.items():
            self.write_on_card(name, text.encode())
        self._mtools("mcopy", "-s", *(str(file) for file in sorted(laid.iterdir())), "::/")
        kernel = (stock() / "kernel").read_bytes()
        more = hand("/dev/ttyS0", EARLY, drivers(kernel), (PI_ZERO_2_W.name, PI_ZERO_2_W.revision))
        (self._folder / "initramfs").write_bytes(behind((stock() / "initramfs").read_bytes(), more))
        self.clock = "utc"
        """What its hardware clock says when it is switched on."""
        self.has_network = True
        self.started_at = 0.0
        """When the power came, in monotonic seconds of this process."""

    def __exit__(self, *_: object) -> None:
        super().__exit__(None)
        self._open.close()

    # ---- its card, while it is off

    def write_on_card(self, name: str, content: bytes) -> None:
        """Write a file onto the first partition, as any computer can."""
        file = self._folder / "written"
        file.write_bytes(content)
        self._mtools("mcopy", str(file), f"::/{name}")

    def read_from_card(self, name: str) -> bytes:
        """What a file of the first partition has."""
        return self._mtools("mtype", f"::/{name}")

    def has_on_card(self, name: str) -> bool:
        """Whether there is such a file."""
        return (
            subprocess.run(
                ["mdir", "-b", "-i", str(self._firmware), f"::/{name}"], capture_output=True, check=False
            ).returncode
            == 0
        )

    def lay(self, name: str, content: bytes) -> None:
        """Put a file into /etc, which the test's stock system has and a Pi hasn't."""
        file = self._folder / "laid"
        file.write_bytes(content)
        said = subprocess.run(
            ["debugfs", "-w", "-R", f"write {file} /etc/{name}", str(self.disk)],
            check=True,
            capture_output=True,
            text=True,
        )
        assert "error" not in said.stderr.lower(), said.stderr

    def _mtools(self, command: str, *words: str) -> bytes:
        overwrites = ["-o"] if command == "mcopy" else []
        return subprocess.run(
            [command, *overwrites, "-i", str(self._firmware), *words], check=True, capture_output=True
        ).stdout

    # ---- its plugs

    def switch_on(self) -> None:
        """Power on, and wait for nothing."""
        (self._folder / "monitor").unlink(missing_ok=True)
        self.started_at = time.monotonic()
        super().switch_on()
        if not self.has_network:
            self.unplug()

    def plug_in(self) -> None:
        """Let there be a network."""
        self.has_network = True
        self._tell_monitor("set_link plug on")

    def unplug(self) -> None:
        """Take the network away."""
        self.has_network = False
        self._tell_monitor("set_link plug off")

    def _tell_monitor(self, line: str) -> None:
        until = time.monotonic() + 20
        with socket.socket(socket.AF_UNIX) as monitor:
            while monitor.connect_ex(str(self._folder / "monitor")):
                assert time.monotonic() < until, "there is no monitor"
                time.sleep(0.01)
            monitor.settimeout(20)
            said = b""
            while not said.endswith(b"(qemu) "):
                said += monitor.recv(4096)
            monitor.sendall(line.encode() + b"\n")
            said = b""
            while not said.endswith(b"\n(qemu) "):
                said += monitor.recv(4096)

    def _command(self, line: int) -> list[str]:
        return [
            *_QEMU.split(),
            "-kernel", str(stock() / "kernel"), "-initrd", str(self._folder / "initramfs"), "-append", _WORDS,
            "-rtc", f"base={self.clock},clock=vm",
            "-chardev", f"socket,id=agent,fd={line}", "-serial", "chardev:agent",
            "-monitor", f"unix:{self._folder / 'monitor'},server=on,wait=off",
            "-drive", f"file={self.disk},format=raw,if=virtio", "-drive", f"file={self._firmware},format=raw,if=virtio",
            *self._devices(),
        ]  # fmt: skip

    def _devices(self) -> list[str]:
        words: list[str] = []
        for nth, (path, device) in enumerate(self._board.sockets):
            kind = "i2c" if isinstance(device, I2cBus) else "gpio"
            words += ["-chardev", f"socket,id=wire{nth},path={path}"]
            words += ["-device", f"vhost-user-{kind}-pci,chardev=wire{nth},indirect_desc=off,event_idx=off"]
        return words
