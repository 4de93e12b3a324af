"""A machine that runs a card made for amd64, with the tests' board plugged in; its card forgets when power is cut."""

from __future__ import annotations

import http.client
import os
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.image.drivers import drivers
from tests.image.firmware import NO_PI, Start, started
from tests.image.hand import EARLY, behind, hand
from tests.mosquitto import free_port
from tests.real_kernel.board import Board
from tests.real_kernel.desk import PI_ZERO_2_W
from tests.real_kernel.i2c import I2cBus
from tests.real_kernel.machine import AnyMachine

_PLUGIN = Path(__file__).with_name("forgetful.py")
_NBD_S = 10.0
_PAGE_S = 300.0
"""No start waits for the network, and as long as there is none QEMU hangs up."""
_MEMORY = "512M"
"""As much as a Zero 2 W has."""
_WORDS = (
    # The log comes out as it is written, so that nobody has to ask for it again and again.
    "console=hvc0 systemd.journald.forward_to_console=1 systemd.show_status=false "
    # It would want the agent's line for itself.
    "systemd.mask=serial-getty@ttyS0.service systemd.mask=serial-getty@hvc0.service"
)
_QEMU = """\
qemu-system-x86_64 -accel tcg,thread=single,tb-size=256 -icount shift=1 -cpu max -smp 1
-nodefaults -display none -no-reboot
-object memory-backend-memfd,id=memory,size=MEMORY,share=on -m MEMORY -machine q35,smbus=off,memory-backend=memory
-device virtio-serial-pci -chardev stdio,id=console,signal=off -device virtconsole,chardev=console
-device virtio-rng-pci -device i6300esb -action watchdog=reset
"""

TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "nbdkit": "nbdkit nbdkit-plugin-python",
    "mtype": "mtools",
    "sfdisk": "fdisk",
    "mmdebstrap": "mmdebstrap",
}
"""Each command that is needed, and the Debian packages that have it."""


class FirmwareMachine(AnyMachine):
    """A computer that starts what its firmware finds on the card, anew each time; `words` go to the kernel as well.

    After a restart from within it is off, and `start` is what the firmware does next: it looks at the card anew.
    """

    boot_s = 900.0
    """On two processors that others use too; 15 s when they are idle."""
    restarts_s = 60.0
    """How long it may take to end by itself."""

    def __init__(self, card: Path, *words: str, wanted_by: str) -> None:
        super().__init__(card)
        self._more_words = words
        self._wanted_by = wanted_by
        self._open = ExitStack()
        # Not pytest's folder for the test: the path of a socket may have 107 characters, not more.
        self._folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="card-")))
        self.started_at = 0.0
        """When the power came, in monotonic seconds of this process."""
        self.prefix = ""
        """From which folder of the card the firmware has started it."""
        self.page_port = free_port()
        """Where this computer reaches the page of the machine."""

    def __exit__(self, *_: object) -> None:
        super().__exit__(None)
        self._open.close()

    def wait_until_restarted(self, timeout_s: float | None = None) -> None:
        """Wait until it ends by itself, and start it as its firmware would."""
        self.wait_until_off(self.restarts_s if timeout_s is None else timeout_s)
        self.start()

    def _found(self, start: Start, hand: bytes, words: str) -> None:
        """Lay ready what the firmware has found, and the tests' hand behind it."""
        self.prefix = start.prefix
        (self._folder / "kernel").write_bytes(start.kernel)
        (self._folder / "initramfs").write_bytes(behind(start.initramfs, hand))
        (self._folder / "words").write_text(" ".join((start.words, words, *self._more_words)))

    def _kernel(self) -> list[str]:
        folder = self._folder
        return [
            "-kernel", str(folder / "kernel"), "-initrd", str(folder / "initramfs"),
            "-append", (folder / "words").read_text(),
        ]  # fmt: skip


class CardMachine(FirmwareMachine):
    """A computer with that card in it. What the card holds lasts; what wasn't flushed when the power goes may not."""

    def __init__(
        self, card: Path, board: Board, *words: str, wanted_by: str = EARLY, has_network: bool = True, seed: str = ""
    ) -> None:
        super().__init__(card, *words, wanted_by=wanted_by)
        self._board = board
        self._has_network = has_network
        self._seed = seed or card.name
        self._nbdkit: subprocess.Popen[bytes] | None = None
        self._starts = 0

    def switch_on(self) -> None:
        """The firmware looks at the card, and starts what it finds. Raises FirmwareError."""
        start = started(self.disk, NO_PI)
        more = hand("/dev/ttyS0", self._wanted_by, drivers(start.kernel), (PI_ZERO_2_W.name, PI_ZERO_2_W.revision))
        self._found(start, more, _WORDS)
        self._starts += 1
        self._nbdkit = inserted(self.disk, self._folder / "card", f"{self._seed}-{self._starts}")
        self.started_at = time.monotonic()
        super().switch_on()

    def cut_power(self) -> None:
        """Pull the plug: nothing is written back, and of what the card wasn't told to flush, some is lost."""
        super().cut_power()
        if self._nbdkit is not None:
            # It ends by itself when the machine is gone, and has then lost what there was to lose.
            self._nbdkit.wait(60)
            self._nbdkit = None

    def _command(self, line: int) -> list[str]:
        return [
            "setpriv", "--pdeathsig", "KILL",
            *_QEMU.replace("MEMORY", _MEMORY).split(),
            *self._kernel(),
            "-chardev", f"socket,id=agent,fd={line}", "-serial", "chardev:agent",
            "-drive", f"file=nbd:unix:{self._folder / 'card'},format=raw,if=virtio,cache=none",
            *self._network(),
            *self._devices(),
        ]  # fmt: skip

    def _network(self) -> list[str]:
        if not self._has_network:
            return []
        forward = f"hostfwd=tcp:127.0.0.1:{self.page_port}-:8016"
        return ["-netdev", f"user,id=net,{forward}", "-device", "virtio-net-pci,netdev=net"]

    def _devices(self) -> list[str]:
        words: list[str] = []
        for nth, (path, device) in enumerate(self._board.sockets):
            kind = "i2c" if isinstance(device, I2cBus) else "gpio"
            words += ["-chardev", f"socket,id=wire{nth},path={path}"]
            words += ["-device", f"vhost-user-{kind}-pci,chardev=wire{nth},indirect_desc=off,event_idx=off"]
        return words


def inserted(card: Path, wire: Path, seed: str) -> subprocess.Popen[bytes]:
    """A card that waits at that socket for one machine, and ends with it; `seed` chooses what is lost then."""
    wire.unlink(missing_ok=True)
    words = ["--foreground", "--unix", str(wire), "--filter=exitlast", "python", str(_PLUGIN)]
    card_alone = subprocess.Popen(["nbdkit", *words, f"file={card}", f"seed={seed}"], start_new_session=True)
    until = time.monotonic() + _NBD_S
    while not wire.exists():
        assert card_alone.poll() is None, "nbdkit has ended"
        assert time.monotonic() < until, "nbdkit doesn't come"
        time.sleep(0.005)
    return card_alone


def page_status(port: int, path: str = "/") -> int:
    """What a machine's page answers to this computer, as HTTP numbers it. Raises OSError if it doesn't for long."""
    until = time.monotonic() + _PAGE_S
    while True:
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            page.request("GET", path)
            return page.getresponse().status
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(1)
        finally:
            page.close()


def card_of(image: Path, to: Path, size: int = 4 << 30) -> Path:
    """A card of that size with the image on it; only what is written takes room."""
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", str(image), str(to)], check=True)
    os.truncate(to, max(size, to.stat().st_size))
    return to
