"""QEMU's Raspberry Pi 3B with a card in its slot: slow, and the nearest to a real one that there is here.

No panel and no edges of pins come from there; its chair is taken from the start on, since a line that nobody drives is
low. So what it counts can be asked for, and what it shows can't be seen.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from tests.image.firmware import PI_3B, started
from tests.image.hand import EARLY, hand
from tests.image.machine import FirmwareMachine, page_status

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
_WIRED, _WIRED_S = "Wired connection 1", 300.0
"""What NetworkManager calls the network that QEMU has, and how long that may take to be there."""


class PiMachine(FirmwareMachine):
    """A Pi 3B with that card, whose size has to be a power of two. What was written to the card stays there."""

    restarts_s = 600.0

    def __init__(self, card: Path, *words: str, wanted_by: str = EARLY) -> None:
        super().__init__(card, *words, wanted_by=wanted_by)

    def switch_on(self) -> None:
        """The firmware looks at the card, and starts what it finds. Raises FirmwareError."""
        start = started(self.disk, PI_3B)
        self._found(start, hand("/dev/ttyAMA0", self._wanted_by), _WORDS)
        tree = self._folder / "tree.dtb"
        tree.write_bytes(start.tree)
        _say_what_firmware_would(tree)
        self.started_at = time.monotonic()
        super().switch_on()

    def page(self, path: str = "/") -> int:
        """What its page answers to this computer, as HTTP numbers it. Raises OSError."""
        self._ask_for_an_address()
        return page_status(self.page_port, path)

    def _ask_for_an_address(self) -> None:
        """QEMU's network says that it is a gadget's, and so the system asks nobody for an address; it does by now."""
        until = time.monotonic() + _WIRED_S
        asks = ("modify", _WIRED, "ipv4.method", "auto"), ("up", _WIRED)
        while any(self.run("nmcli", "connection", *words).code for words in asks):
            assert time.monotonic() < until, "no network of QEMU's"
            time.sleep(2)

    def _command(self, line: int) -> list[str]:
        return [
            "setpriv", "--pdeathsig", "KILL",
            "qemu-system-aarch64", "-M", "raspi3b", "-accel", "tcg,thread=multi,tb-size=512",
            "-nodefaults", "-display", "none", "-no-reboot",
            *self._kernel(), "-dtb", str(self._folder / "tree.dtb"),
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
