"""The fixtures: a stock system with a card that somebody has written, and the world behind its network."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from systemd.making.user_data import asked_of, make
from tests.first_boot.machine import StockMachine
from tests.first_boot.stock import stock, wheels
from tests.first_boot.world import Index, clock_server, may_serve_the_clock
from tests.real_kernel.board import Board
from tests.real_kernel.desk import BUTTON, SEAT, Desk
from tests.real_kernel.gpio import GpioChip
from tests.real_kernel.i2c import I2cBus
from tests.tools import missing

_FIGURE = "figure"
_TOOLS = {
    "qemu-system-x86_64": "qemu-system-x86",
    "mmdebstrap": "mmdebstrap",
    "debugfs": "e2fsprogs",
    "mcopy": "mtools",
    "mkfs.vfat": "dosfstools",
    "openssl": "openssl",
}
"""Each command that is needed, and the Debian package that has it."""


class StockDesk(Desk):
    """A desk whose computer has a stock system on its card. Everything takes long: it has no processor of its own."""

    def __init__(self, machine: StockMachine, chip: GpioChip, bus: I2cBus, index: Index) -> None:
        self.computer = machine
        self.index = index
        machine.console.touch()
        super().__init__(machine, chip, bus)

    def until_shown(self, golden: str, timeout_s: float = 1200) -> float:
        """Wait until that was on the panel; returns how long after power-on."""
        return super().until_shown(golden, timeout_s) - self.computer.started_at

    def until_restarted(self) -> None:
        """Wait until it restarts by itself, and switch it on again, as it would itself."""
        self.until(lambda: not self.computer.is_on, "restart", 1200)
        self.computer.wait_until_off()
        self.computer.start()

    def seen(self) -> list[bytes]:
        """All pictures that were on the panel, in their order."""
        return [picture for _, picture in self.panel.shown]


@pytest.fixture(scope="session")
def _here(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Step aside where such a machine can't be; with UNSIT_FIRST_BOOT_TESTS=required, fail."""
    del tmp_path_factory
    reason = _what_is_missing()
    if reason is None:
        try:
            stock()
            wheels()
        except (subprocess.CalledProcessError, OSError) as error:
            reason = str(error)
    if reason and os.environ.get("UNSIT_FIRST_BOOT_TESTS") == "required":
        pytest.fail(f"no stock system to set up: {reason}")
    if reason:
        pytest.skip(f"no stock system to set up: {reason}")


def _what_is_missing() -> str | None:
    if lacks := missing(_TOOLS):
        return lacks
    return None if may_serve_the_clock() else "nobody may answer for a clock at port 123 here; as root one may"


Begins = Callable[..., StockDesk]


@pytest.fixture
def begins(_here: None, tmp_path: Path) -> Iterator[Begins]:
    """A card just written, with what `make user-data` has made and more copied to it, in a computer that is off."""
    with ExitStack() as open_ones:
        index = open_ones.enter_context(Index(wheels(), tmp_path).served())

        def begin(told: Mapping[str, str] | None = None, more: Mapping[str, bytes] | None = None) -> StockDesk:
            laid = tmp_path / "laid"
            list(make(asked_of(told or {}), laid))
            for name, content in (more or {}).items():
                (laid / name).write_bytes(content)
            chip, buses = GpioChip(), [I2cBus(), I2cBus()]
            for line in (SEAT, BUTTON):
                chip.drive(line, True)
            board = open_ones.enter_context(Board([chip], buses))
            machine = open_ones.enter_context(StockMachine(tmp_path, board, laid))
            machine.lay("index.pem", index.certificate.read_bytes())
            machine.lay("pip.conf", index.pip_conf.encode())
            return StockDesk(machine, chip, buses[1], index)

        yield begin


@pytest.fixture
def clock() -> Iterator[None]:
    """The network tells the time."""
    with clock_server():
        yield


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a figure in the end."""
    return lambda figure: record_property(_FIGURE, figure)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures, after all else."""
    for outcome in terminalreporter.getreports("passed"):
        for name, figure in outcome.user_properties:
            if name == _FIGURE and "first_boot" in outcome.nodeid:
                terminalreporter.write_line(str(figure))
