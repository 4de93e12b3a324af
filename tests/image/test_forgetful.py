"""The card that forgets, on its own: what was flushed stays, of the rest a part, and each cut loses another."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.image.machine import inserted
from tests.tools import takes

pytestmark = [pytest.mark.image, takes({"nbdkit": "nbdkit nbdkit-plugin-python", "qemu-io": "qemu-utils"})]

BLOCK = 4096
MANY = 40


def cut_after(folder: Path, seed: str, *commands: str) -> bytes:
    """What is on an empty card after these commands of qemu-io and a cut."""
    card = folder / f"{seed}.img"
    card.write_bytes(bytes(MANY * BLOCK))
    wire = folder / "wire"
    nbdkit = inserted(card, wire, seed)
    words = [word for command in (*commands, "abort") for word in ("-c", command)]
    subprocess.run(
        ["qemu-io", "-t", "writeback", "-f", "raw", f"nbd:unix:{wire}", *words], capture_output=True, check=False
    )
    nbdkit.wait(20)
    return card.read_bytes()


def block(card: bytes, nth: int) -> bytes:
    """One of them."""
    return card[nth * BLOCK : (nth + 1) * BLOCK]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("f")


def test_what_was_flushed_stays_and_so_does_what_was_to_last(folder: Path) -> None:
    card = cut_after(folder, "a", f"write -P 1 0 {BLOCK}", "flush", f"write -f -P 2 {BLOCK} {BLOCK}")
    assert block(card, 0) == b"\1" * BLOCK
    assert block(card, 1) == b"\2" * BLOCK


def test_of_the_rest_a_part_is_lost_and_another_one_each_time(folder: Path) -> None:
    writes = [f"write -P 3 {nth * BLOCK} {BLOCK}" for nth in range(MANY)]
    cards = [cut_after(folder, seed, *writes) for seed in "ab"]
    for card in cards:
        kept = sum(block(card, nth) == b"\3" * BLOCK for nth in range(MANY))
        assert 0 < kept < MANY
        # Some were being written just then.
        assert any(0 < block(card, nth).count(3) < BLOCK for nth in range(MANY))
    assert cards[0] != cards[1]


def test_what_was_there_before_comes_back(folder: Path) -> None:
    again = [f"write -P {nth} 0 {BLOCK}" for nth in range(2, 250)]
    card = cut_after(folder, "a", f"write -P 1 0 {BLOCK}", "flush", *again)
    assert 0 not in block(card, 0)
