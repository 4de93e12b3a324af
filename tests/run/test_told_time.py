"""Who has told the computer the time: timesyncd's file, the kernel's word, hardware clocks, or nobody."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from device.run import told_time
from device.run.clock import SystemWall
from device.run.told_time import told_by

IN_STEP, UNSYNC = 0x2001, 0x40


class Computer:
    """One that nobody has told the time, until somebody does."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self.status: int | None = UNSYNC
        self.asked: list[int] = []
        patch.setattr(told_time, "_SYNCHRONIZED", folder / "synchronized")
        patch.setattr(told_time, "_RTCS", folder)
        patch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(adjtimex=self._adjtimex))

    def network_answers(self) -> None:
        (self._folder / "synchronized").touch()

    def has_rtc(self, name: str, reads: str) -> None:
        (self._folder / name).mkdir()
        (self._folder / name / "since_epoch").write_text(f"{reads}\n")

    def _adjtimex(self, reference: Any) -> int:
        timex = reference._obj
        self.asked.append(timex.modes)
        if self.status is None:
            return -1
        timex.status = self.status
        return 0


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    return Computer(tmp_path, monkeypatch)


def test_nobody_has_told_the_time(computer: Computer) -> None:
    assert told_by() is None
    assert not SystemWall().is_right
    assert SystemWall().readings(0.0).reads is None
    assert set(computer.asked) == {0}, "asking sets nothing"


def test_a_kernel_that_cannot_be_asked_says_nothing(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    computer.status = None
    assert told_by() is None
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    assert told_by() is None


def test_timesyncd_has(computer: Computer) -> None:
    computer.network_answers()
    assert told_by() == "the network"


def test_chrony_has_and_tells_the_kernel(computer: Computer) -> None:
    computer.status = IN_STEP
    assert told_by() == "a program that keeps the clock in step"


def test_what_was_right_stays_so_when_the_network_is_gone_for_long(computer: Computer) -> None:
    wall = SystemWall()
    computer.status = IN_STEP
    assert wall.is_right
    computer.status = UNSYNC
    assert wall.is_right
    assert wall.readings(0.0).reads is not None


def test_a_hardware_clock_that_was_set_has(computer: Computer) -> None:
    computer.has_rtc("rtc0", "1970")
    computer.has_rtc("rtc1", f"{time.time() - 20:.0f}")
    assert told_by() == "a hardware clock"


@pytest.mark.parametrize(
    "reads",
    [f"{time.time() - 3600:.0f}", f"{time.time() + 3600:.0f}", "0", "", "soon"],
    ids=["behind", "ahead", "never set", "empty", "no number"],
)
def test_a_hardware_clock_that_says_otherwise_has_not(computer: Computer, reads: str) -> None:
    computer.has_rtc("rtc0", reads)
    assert told_by() is None


def test_that_a_stale_hardware_clock_agrees_with_a_stale_system_is_no_proof(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.has_rtc("rtc0", "946684830")
    monkeypatch.setattr(time, "time", lambda: 946_684_832.5)
    assert told_by() is None


def test_the_kernel_of_this_computer_can_be_asked() -> None:
    assert told_time._kernel_status() >= 0
