"""The plug pulled at any instant, the first start included: it always comes up, counts, and the card is whole."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.image.card_desk import CardDesk, card_desk, label_of
from tests.image.cuts import Cuts
from tests.image.machine import card_of
from tests.image.pi import PiMachine

pytestmark = pytest.mark.image

CUTS = os.environ.get("UNSIT_CUTS")
GOES_ON_IN = os.environ.get("UNSIT_CUTS_IN")
"""A folder to go on in, where an earlier run has stopped."""
_COUNTS_S = 900.0


def test_at_random_instants_on_the_fast_machine(image: Path, room: Path, report: Callable[[str], None]) -> None:
    folder = Path(GOES_ON_IN or room)
    with card_desk(image, folder) as it:
        Cuts(it.machine, image, folder, lambda: counts(it)).go_on(int(CUTS or 20), report)


def counts(it: CardDesk) -> None:
    """Somebody sits down, and that is told; what is counted lies on the card."""
    it.tidy_up()
    it.machine.wait_until_up()
    it.until_up()
    it.sit()
    it.until_fact("sat", _COUNTS_S)
    assert it.label_of("/var/lib/unsit") == "kept"
    it.stand()


def test_at_random_instants_on_a_pi_3b(pi_image: Path, room: Path, report: Callable[[str], None]) -> None:
    folder = Path(GOES_ON_IN or room)
    card = folder / "card.img"
    if not card.exists():
        card_of(pi_image, card)
    with PiMachine(card) as pi:
        Cuts(pi, pi_image, folder, lambda: pi_counts(pi)).go_on(int(CUTS or 20), report)


def pi_counts(pi: PiMachine) -> None:
    """Its chair is taken from the start on, and that is told; what is counted lies on the card."""
    pi.wait_until_up()
    until = time.monotonic() + _COUNTS_S
    while '"sat"' not in pi.run("journalctl", "--unit=unsit", "--output=cat").out:
        assert time.monotonic() < until, pi.run("systemctl", "status", "unsit").out
        time.sleep(2)
    assert label_of(pi, "/var/lib/unsit") == "kept"
