"""A desk whose machine runs a card: the person, the panel and the seat of the tests on a real kernel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.image.hand import EARLY
from tests.image.machine import CardMachine, card_of, page_status
from tests.real_kernel.board import Board
from tests.real_kernel.desk import BUTTON, PANEL, SEAT, Desk
from tests.real_kernel.gpio import GpioChip
from tests.real_kernel.i2c import I2cBus
from tests.real_kernel.machine import AnyMachine


class CardDesk(Desk):
    """A desk with a card in it. `machine` is off at first: `start` it."""

    machine: CardMachine

    def __init__(self, machine: CardMachine, chip: GpioChip, buses: list[I2cBus]) -> None:
        self._buses = buses
        super().__init__(machine, chip, buses[1])

    def tidy_up(self) -> None:
        """As a desk does; on each bus, since the machine numbers them as it likes."""
        super().tidy_up()
        for bus in self._buses:
            bus.slaves = {PANEL: self.panel}

    def until_up(self, timeout_s: float = 900) -> None:
        """Wait until the device counts and nothing else is being started any more."""
        self.until(lambda: self.shows("ActiveState") == "active", "active unsit.service", timeout_s)
        self.until(lambda: self.systemctl("is-system-running") != "starting", "started system", timeout_s)

    def label_of(self, place: str) -> str:
        """Of the filesystem that a place of the machine lies on."""
        return label_of(self.machine, place)

    def log(self) -> str:
        """All that the device has said in this start."""
        return self.machine.do("journalctl", "--unit=unsit", "--output=cat")

    def page(self, path: str = "/") -> int:
        """What the page answers to this computer, as HTTP numbers it. Raises OSError."""
        return page_status(self.machine.page_port, path)


def label_of(machine: AnyMachine, place: str) -> str:
    """Of the filesystem that a place of the machine lies on; an overlay has none."""
    return machine.run("findmnt", "--noheadings", "--output", "LABEL", "--target", place).out.strip()


@contextmanager
def card_desk(
    image: Path, folder: Path, *words: str, wanted_by: str = EARLY, has_network: bool = True, seed: str = "1"
) -> Iterator[CardDesk]:
    """A desk with a fresh card, switched off; `words` are more for the kernel, `seed` chooses what a cut loses."""
    chip, buses = GpioChip(), [I2cBus(), I2cBus()]
    # The pull-ups: with nothing pressed, both contacts are high.
    for line in (SEAT, BUTTON):
        chip.drive(line, True)
    card = card_of(image, folder / "card.img")
    try:
        with (
            Board([chip], buses) as board,
            CardMachine(card, board, *words, wanted_by=wanted_by, has_network=has_network, seed=seed) as machine,
        ):
            machine.console.touch()
            it = CardDesk(machine, chip, buses)
            try:
                yield it
            finally:
                # For whoever wonders why a test failed.
                it.panel.picture().save(folder / "panel.png")
    finally:
        card.unlink()
