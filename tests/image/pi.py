"""QEMU's Raspberry Pi 3B with a card in its slot: slow, and the nearest to a real one that there is here.

No panel and no edges of pins come from there; its chair is taken from the start on, since a line that nobody drives is
low. So what it counts can be asked for, and what it shows can't be seen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.image.firmware import PI_3B, started
from tests.image.hand import EARLY, behind, hand
from tests.image.machine import free_port, page_status
from tests.real_kernel.machine import AnyMachine

_REVISION = "a02082"
_WORDS = (
    "console=ttyS1,115200 systemd.mask=serial-getty@ttyS1.service systemd.mask=serial-getty@ttyAMA0.service "
    # QEMU's watchdog of a Pi bites as soon as it is let off the leash.
    "systemd.watchdog_sec=off"
)
TOOLS = {
    "qemu-system-aarch64": "qemu-system-arm",
    "fdtput": "device-tree-compiler",
    "mtype": "mtools",
    "sfdisk": "fdisk",
}
"""Each command that is needed, and the Debian package that has it."""


class PiMachine(AnyMachine):
    """A Pi 3B with that card, whose size has to be a power of two. What was written to the card stays there."""

    boot_s = 900.0

    def __init__(self, card: Path, *words: str, wanted_by: str = EARLY) -> None:
        super().__init__(card)
        self._more_words = words
        self._wanted_by = wanted_by
        self._open = ExitStack()
        self._folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="pi-")))
        self.started_at = 0.0
        """When the power came, in monotonic seconds of this process."""
        self.prefix = ""
        """From which folder of the card the firmware has started it."""
        self.page_port = free_port()
        """Where this computer reaches its page."""

    def __exit__(self, *_: object) -> None:
        super().__exit__(None)
        self._open.close()

    def switch_on(self) -> None:
        """The firmware looks at the card, and starts what it finds. Raises FirmwareError."""
        start = started(self.disk, PI_3B)
        self.prefix = start.prefix
        (self._folder / "kernel").write_bytes(start.kernel)
        (self._folder / "initramfs").write_bytes(behind(start.initramfs, hand("/dev/ttyAMA0", self._wanted_by)))
        (self._folder / "words").write_text(" ".join((start.words, _WORDS, *self._more_words)))
        tree = self._folder / "tree.dtb"
        tree.write_bytes(start.tree)
        _say_what_firmware_would(tree)
        self.started_at = time.monotonic()
        super().switch_on()

    def wait_until_restarted(self, timeout_s: float = 600) -> None:
        """Wait until it ends by itself, and start it as its firmware would."""
        self.wait_until_off(timeout_s)
        self.start()

    def page(self, path: str = "/") -> int:
        """What its page answers to this computer, as HTTP numbers it. Raises OSError."""
        return page_status(self.page_port, path)

    def _command(self, line: int) -> list[str]:
        return [
            "setpriv", "--pdeathsig", "KILL",
            "qemu-system-aarch64", "-M", "raspi3b", "-accel", "tcg,thread=multi,tb-size=512",
            "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", str(self._folder / "kernel"), "-initrd", str(self._folder / "initramfs"),
            "-dtb", str(self._folder / "tree.dtb"), "-append", (self._folder / "words").read_text(),
            "-drive", f"file={self.disk},if=sd,format=raw",
            "-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{self.page_port}-:8016", "-device", "usb-net,netdev=net",
            "-chardev", f"socket,id=agent,fd={line}", "-serial", "chardev:agent", "-serial", "stdio",
        ]  # fmt: skip


def _say_what_firmware_would(tree: Path) -> None:
    subprocess.run(["fdtput", "-p", "-t", "x", str(tree), "/system", "linux,revision", _REVISION], check=True)
    seed = [f"{byte:x}" for byte in os.urandom(32)]
    subprocess.run(["fdtput", "-p", "-t", "bx", str(tree), "/chosen", "rng-seed", *seed], check=True)
    # Bluetooth would have this line to itself; it is the only one on which the agent can hear all.
    subprocess.run(["fdtput", "-r", str(tree), "/soc/serial@7e201000/bluetooth"], check=True)


def what_is_missing() -> str | None:
    """What has to be installed first, or None."""
    packages = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    return f"not installed: sudo apt install {' '.join(packages)}" if packages else None
