"""What the seats with a level share: full scale, their check, and the person on them at the simulated desk."""

from __future__ import annotations

import math

from device.settings.settings import Settings
from device.words.events import Seat
from device.words.levels import USUAL_EMPTY, USUAL_SEATED, is_level
from device.words.ports import AnalogSeat
from hardware.shared.checking import Checking, Found
from hardware.shared.part import FarEnd, FarWires, Wires

FULL_SCALE_V = 3.3
"""The voltage of a level of 1: the Pi's, from which the sensor's divider is fed."""
_PLEASE = (
    ("Sit down.", "seated", 2.0),
    ("Lean left.", "left", 2.0),
    ("Lean right.", "right", 2.0),
    ("Rise.", "empty", 2.0),
)
"""What a person is asked to do, what it is called, and for how many seconds it lasts."""


class WeighedSeat(FarEnd):
    """A sensor at the simulated desk, and somebody who sits on it."""

    hand = "seat"

    def __init__(self, wires: FarWires) -> None:
        levels = wires.settings.seat.levels
        self.empty, self.seated = (levels.empty, levels.seated) if levels else (USUAL_EMPTY, USUAL_SEATED)

    def act(self, value: bool) -> None:
        """Sit down, or rise."""
        self.weigh(self.seated if value else self.empty)


# ---- the check


def near_wires(checking: Checking) -> Wires:
    """The wires of the seat during its check."""
    return Wires(checking.settings, checking.inbox, checking.clock, checking.factory, checking.bus)


def check_levels(checking: Checking, seat: AnalogSeat) -> Found:
    """Let a person sit, lean and rise, and say what the seat reads."""
    read: dict[str, float] = {}
    reported = False
    try:
        seat.start()
        for please, name, lasts_s in _PLEASE:
            checking.ask(please)
            for event in checking.events_for(lasts_s, seat):
                reported = event.taken if isinstance(event, Seat) else reported
            read[name] = seat.level()
            checking.remark(f"{name}: {read[name]:.3f}")
            if name == "seated":
                was_taken = reported
    finally:
        seat.close()
    wrong = _wrong(checking, read)
    text = f"{read['empty']:.3f} to {read['seated']:.3f}"
    if wrong is None:
        wrong = _unheard(checking, was_taken, reported)
        text = text if wrong is None else "not heard"
    checking.saw(text, "converter, alert", "mcp3008")
    return wrong, f"{read['empty']:.3f} empty, {read['seated']:.3f} seated, {_leaning(checking.settings, read)}"


def _leaning(settings: Settings, read: dict[str, float]) -> str:
    """How low it reads while somebody leans, and what that means."""
    least = min(read["seated"], read["left"], read["right"])
    says, levels = f"{least:.3f} at least while you lean", settings.seat.levels
    if levels is None or least > levels.thresholds.leave_below:
        return says
    return f"{says}, which reads as empty; under {settings.settle.leave_s:g} s each does no harm"


def _wrong(checking: Checking, read: dict[str, float]) -> str | None:
    if any(map(math.isnan, read.values())):
        return f"it doesn't answer: check {checking.wires('converter')}, and [seat] in the settings"
    if not all(map(is_level, read.values())):
        return f"it reads full scale: a wire is off, or shorted: check {checking.wires('sensors')}"
    levels = checking.settings.seat.levels
    if levels is None:
        return "it isn't calibrated yet: unsit calibrate"
    if read["empty"] > levels.thresholds.leave_below or read["seated"] < levels.thresholds.sit_above:
        return f"{read['empty']:.3f} empty and {read['seated']:.3f} seated don't fit its thresholds: unsit calibrate"
    return None


def _unheard(checking: Checking, sat: bool, sits: bool) -> str | None:
    """What is wrong if its levels are right but no event comes: only a pin can be wired wrongly."""
    if sat and not sits:
        return None
    return f"its ALERT isn't heard: check {checking.wires('alert')}"
