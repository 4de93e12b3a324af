"""A seat that is an ADS1115, on the kernel's own bus and pin: no fault of the chip becomes sitting or rising."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import pytest

from hardware.seat.ads1115_model import Ads1115Model
from hardware.seat.analog import FULL_SCALE_V
from tests.real_kernel.desk import SEAT, Desk
from tests.real_kernel.test_idle import measure

pytestmark = pytest.mark.kernel

ADDRESS = 0x48
AT_ONCE: dict[str, Mapping[str, object]] = {
    "seat": {"kind": "ads1115", "address": ADDRESS, "empty": 0.01, "seated": 0.3},
    "settle": {"sit": "0s", "leave": "0s"},
    "screens": {"safety": "0s", "off_after": "1s"},
    "guide": {"title": "1s", "place": "1s"},
}
EMPTY, SEATED = 0.01, 0.3
SET_UP = 3
"""How many registers are written then."""
SETTLES_S = 0.9
"""After that it has to have read for a while before it is believed."""

ROUNDS = 10
FRAME_S = 0.1
BURST_S = 0.03
"""The windows of one frame come closer together than this."""
TOO_BUSY_S = 0.025
"""A machine that waits for a processor for so long may draw late."""

Say = Callable[[str], None]


class Converter:
    """The chip at the end of the wire, its ALERT on the seat's pin, and somebody on its sensor."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._lock = threading.Lock()

        def alert(pulls: bool) -> None:
            desk.chip.drive(SEAT, not pulls)

        self._chip = Ads1115Model(alert)
        self._dice = random.Random(1115)
        self.refuses = 0.0
        """How likely it doesn't acknowledge a transfer."""
        self.refused = self.asked = self.told = 0
        self.weigh(EMPTY)

    def weigh(self, level: float) -> None:
        with self._lock:
            self._chip.put(0, level * FULL_SCALE_V)

    def reset(self) -> None:
        """Its voltage dips."""
        with self._lock:
            self._chip.reset()

    def until_told_again(self, timeout_s: float = 30) -> None:
        """Until it has had its set-up once more, and has settled."""
        self.desk.until(lambda: self.told == SET_UP, "set-up of the converter", timeout_s)
        self.told = 0
        self.desk.wait(SETTLES_S)

    # ---- what the bus asks

    def write(self, payload: bytes) -> bool:
        with self._lock:
            if not self._answers():
                return False
            self.told += len(payload) > 1
            self._chip.write(payload)
            return True

    def read(self, size: int) -> bytes | None:
        with self._lock:
            return self._chip.read(size) if self._answers() else None

    def _answers(self) -> bool:
        self.asked += 1
        answers = self._dice.random() >= self.refuses
        self.refused += not answers
        return answers


@pytest.fixture
def converter(_booted: Desk) -> Iterator[Converter]:
    """On the bus of a device that knows of it and watches."""
    converter = Converter(_booted)
    _booted.afresh({ADDRESS: converter}, **AT_ONCE)
    converter.until_told_again()
    yield converter
    assert not _booted.panel.defects


def changes(desk: Desk) -> list[str]:
    return [name for name in desk.names() if name in ("sat", "left")]


def sit(desk: Desk, converter: Converter) -> None:
    desk.begin()
    converter.weigh(SEATED)
    desk.until_fact("sat")


def rise(desk: Desk, converter: Converter) -> None:
    """And nothing else has been heard."""
    assert changes(desk) == ["sat"]
    converter.weigh(EMPTY)
    desk.until_fact("left")
    assert changes(desk) == ["sat", "left"]


def sittings(desk: Desk, converter: Converter, number: int) -> None:
    """So many, each waited for."""
    for _ in range(number):
        sit(desk, converter)
        rise(desk, converter)


# ---- what befalls it


def sitting_and_rising_are_an_edge_each(desk: Desk, converter: Converter) -> None:
    sittings(desk, converter, 5)
    assert converter.told == 0


def who_sits_while_the_chip_is_reset_has_not_risen(desk: Desk, converter: Converter) -> None:
    sit(desk, converter)
    # ALERT lets go as if somebody rose.
    converter.reset()
    desk.until_said("the seat's converter had forgotten how to watch, and was told again: was its power gone?")
    converter.until_told_again()
    rise(desk, converter)


def a_chip_that_is_pulled_off_and_put_back_is_neither_a_rising_nor_a_sitting(desk: Desk, converter: Converter) -> None:
    sit(desk, converter)
    chip = desk.bus.slaves.pop(ADDRESS)
    converter.reset()
    desk.until_said("the seat's converter doesn't answer: .*")
    desk.until_fact("seat_lost")
    desk.bus.slaves[ADDRESS] = chip
    converter.until_told_again(20)
    desk.until_fact("seat_back")
    assert "left" not in changes(desk)
    assert desk.said.count("the seat's converter doesn't answer") == 1
    converter.weigh(EMPTY)
    desk.until_fact("left")


def a_second_without_an_answer_loses_nothing(desk: Desk, converter: Converter) -> None:
    sit(desk, converter)
    converter.refuses = 1.0
    # It asks when there is an edge, which says that somebody has risen.
    converter.weigh(EMPTY)
    desk.wait(1.0)
    assert converter.refused > 1
    assert changes(desk) == ["sat"]
    converter.refuses, converter.refused = 0.0, 0
    desk.until_fact("left")
    assert "seat_lost" not in desk.names()


def transfers_that_nobody_acknowledges_cost_no_sitting(desk: Desk, converter: Converter) -> None:
    converter.refuses = 0.1
    sittings(desk, converter, 10)
    converter.refuses = 0.0
    assert converter.refused > 3


FAULTS = (
    sitting_and_rising_are_an_edge_each,
    who_sits_while_the_chip_is_reset_has_not_risen,
    a_chip_that_is_pulled_off_and_put_back_is_neither_a_rising_nor_a_sitting,
    a_second_without_an_answer_loses_nothing,
    transfers_that_nobody_acknowledges_cost_no_sitting,
)


# ---- what it costs


def an_empty_chair_wakes_nobody_and_the_bus_is_silent(desk: Desk, converter: Converter, say: Say) -> None:
    desk.until(lambda: not desk.panel.picture().getbbox(), "dark panel", 60)
    asked = converter.asked
    assert measure(desk, "converter, chair empty", say) <= 0.2
    assert converter.asked == asked


def the_panel_loses_no_frame_while_the_converter_is_asked_and_told(desk: Desk, converter: Converter, say: Say) -> None:
    """A stretch moves at ten frames a second, and the converter loses its set-up every second."""
    desk.begin()
    for _ in range(2):
        desk.press()
        desk.wait(0.3)
    desk.until_fact("stretch_started", 60)
    desk.wait(0.5)
    apart_s: list[float] = []
    spoilt = 0
    for _ in range(ROUNDS):
        since, starved_s = time.monotonic(), desk.machine.starved_s
        converter.reset()
        # The contact chatters, so the device asks.
        desk.sit()
        desk.stand()
        converter.until_told_again()
        between_s = between_frames_s(desk, since)
        assert len(between_s) >= 7
        if max(between_s) > 1.8 * FRAME_S and desk.machine.starved_s - starved_s > TOO_BUSY_S:
            spoilt += 1
        else:
            apart_s += between_s
    assert spoilt <= ROUNDS / 2
    assert max(apart_s) < 1.8 * FRAME_S, "two frames are two tenths of a second apart if one is lost between them"
    most_ms = 1000 * max(apart_s)
    say(f"panel while the converter is asked and told: {len(apart_s)} frames, at most {most_ms:.0f} ms apart")
    assert not {"panel_lost", "seat_lost", "sat"} & set(desk.names())
    assert "doesn't answer" not in desk.said


def between_frames_s(desk: Desk, since: float) -> list[float]:
    began = [at for at, _ in desk.panel.shown if at >= since]
    frames = [at for before, at in zip([0.0, *began], began, strict=False) if at - before > BURST_S]
    return [later - at for at, later in pairwise(frames)]


@pytest.mark.timed
def test_the_device_with_a_converter_tells_what_is_true_sleeps_and_draws(
    converter: Converter, record_property: Callable[[str, object], None]
) -> None:
    """One test, since the machine takes longer to start than all of it to be asked."""

    def say(figure: str) -> None:
        record_property("figure", figure)

    for fault in FAULTS:
        fault(converter.desk, converter)
    an_empty_chair_wakes_nobody_and_the_bus_is_silent(converter.desk, converter, say)
    the_panel_loses_no_frame_while_the_converter_is_asked_and_told(converter.desk, converter, say)


@pytest.mark.slow
def test_each_of_500_sittings_is_heard_once(converter: Converter) -> None:
    sittings(converter.desk, converter, 500)
    assert converter.told == 0
