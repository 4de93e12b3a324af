"""The pin factory on a real kernel: its debouncing, its time stamps, its waves, and its lines given back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from statistics import median

import pytest

from tests.real_kernel.desk import Desk
from tests.real_kernel.test_board import IN, OUT, listener, python

pytestmark = pytest.mark.kernel

Say = Callable[[str], None]

LISTEN = f"""
import sys, time
from hardware.gpio.gpiod_factory import GpiodFactory
factory = GpiodFactory()
pin = factory.pin({IN})
def tell(ticks, state):
    print(ticks, state, flush=True)
    if "fails" in sys.argv:
        raise SystemExit(1)
pin.input_with_pull("up")
pin.bounce = BOUNCE
pin.when_changed = tell
open("/tmp/listens", "w").close()
time.sleep(600)
"""
SOUND = f"""
import time
from hardware.gpio.gpiod_factory import GpiodFactory
factory = GpiodFactory()
pin = factory.pin({OUT})
pin.output_with_state(False)
pin.frequency = 1000
pin.state = 0.1
time.sleep(1)
pin.frequency = None
"""
GIVE_BACK = f"""
from gpiozero import LED, Button
from hardware.gpio.gpiod_factory import GpiodFactory
for _ in range(3):
    factory = GpiodFactory()
    button, led = Button({IN}, pin_factory=factory), LED({OUT}, pin_factory=factory)
    button.when_pressed = led.on
    led.on()
    button.close()
    led.close()
    factory.close()
import threading
print([thread.name for thread in threading.enumerate()])
"""


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Say:
    """Tell a figure after all else, as `report` does with times."""
    return lambda figure: record_property("figure", figure)


def listen(desk: Desk, bounce: str = "None", *words: str) -> None:
    """Have a program tell the edges of a line."""
    desk.chip.drive(IN, True)
    listener(desk, LISTEN.replace("BOUNCE", bounce), *words, to="/tmp/told")


def told(desk: Desk, count: int) -> list[tuple[float, bool]]:
    """The edges it has told: ticks and level."""
    lines: list[str] = []

    def are_there() -> bool:
        lines[:] = desk.machine.do("cat", "/tmp/told").splitlines()
        return len(lines) >= count

    desk.until(are_there, f"{count} edges", 10)
    return [(float(ticks), state == "1") for ticks, state in (line.split() for line in lines)]


def test_a_contact_that_bounces_is_told_once_where_the_kernel_debounces(board: Desk) -> None:
    listen(board, "0.02")
    for level in (False, True):
        for _ in range(5):
            board.chip.drive(IN, level)
            board.wait(0.001)
            board.chip.drive(IN, not level)
            board.wait(0.001)
        board.chip.drive(IN, level)
        board.wait(0.2)
    assert [high for _, high in told(board, 2)] == [False, True]


@pytest.mark.timed
def test_an_edge_has_the_time_at_which_it_was(board: Desk, say: Say) -> None:
    listen(board)
    driven = []
    for level in [False, True] * 20:
        board.until(lambda: board.chip.is_awaited(IN), "machine that is ready for an edge", 5)
        driven.append(board.chip.drive(IN, level))
        board.wait(0.03)
    ticks = [at for at, _ in told(board, 40)]
    off_ms = median(
        1000 * abs((later - earlier) - (driven_later - driven_earlier))
        for (earlier, later), (driven_earlier, driven_later) in zip(pairwise(ticks), pairwise(driven), strict=True)
    )
    say(f"edge to edge, the kernel's stamps against the wire: off by {off_ms:.2f} ms at the median")
    assert off_ms < 10


def test_a_handler_that_raises_hears_the_next_edge(board: Desk) -> None:
    listen(board, "None", "fails")
    for level in (False, True, False):
        board.until(lambda: board.chip.is_awaited(IN), "machine that is ready for an edge", 5)
        board.chip.drive(IN, level)
        board.wait(0.1)
    assert [high for _, high in told(board, 3)] == [False, True, False]


@pytest.mark.timed
def test_a_wave_is_never_above_its_pitch_and_ends_low(board: Desk, say: Say) -> None:
    python(board, SOUND)
    changes = board.chip.changes(OUT)
    highs = [change.at for change in changes if change.high]
    pitch = (len(highs) - 1) / (highs[-1] - highs[0])
    say(f"a note of 1000 Hz has {pitch:.0f}")
    assert 100 < pitch <= 1005, "what a busy computer misses is not made up for"
    assert not board.chip.is_high(OUT)


def test_what_is_closed_is_given_back_and_leaves_no_thread(board: Desk) -> None:
    assert python(board, GIVE_BACK) == "['MainThread']"
    assert not board.chip.is_high(OUT)
    assert not board.chip.listens(IN)
