"""The button on a real kernel: each press heard once, however it bounces, and soon."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from tests import story
from tests.real_kernel.desk import BUZZER, Desk

pytestmark = [pytest.mark.kernel, pytest.mark.timed]

Report = Callable[[str, list[float]], None]

PRESSES, SILENCES = 150, 12
"""A few minutes' worth are for `make test-slow`."""
BOUNCES_S = 0.010
TOO_BUSY_S = 0.025
"""A computer that makes one of us wait for so long makes two presses one, or one two."""


class Presser:
    """Presses on and on, on the board and on a simulated day at once.

    The device goes from today's card to a routine, through its stretches, and back. So each press shows, and one too
    many or too few puts all that follows out of step with the simulated day.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._chance = random.Random(500)
        self.to_picture_s: list[float] = []
        self.spoilt = 0
        """Presses that this computer was too busy to give, or the machine to take."""
        self._begin()

    def press(self) -> None:
        """Press once more, and see it heard once."""
        lasts_s, until_next_s = self._chance.uniform(0.030, 0.300), self._chance.uniform(0.100, 0.200)
        shown = len(self._desk.panel.shown)
        at, starved_s = time.monotonic(), self._starved_s
        held_up_s = self._bounce(self._desk.up, self._desk.down)
        self._desk.wait(max(0.0, at + lasts_s - time.monotonic()))
        held_up_s = max(held_up_s, self._bounce(self._desk.down, self._desk.up))
        self._desk.wait(until_next_s)
        self._simulated.down()
        self._simulated.wait(seconds=lasts_s)
        self._simulated.up()
        self._simulated.wait(seconds=until_next_s)
        self.to_picture_s += [shown_at - at for shown_at, _ in self._desk.panel.shown[shown : shown + 1]]
        expected = [fact.name for fact in self._simulated.notes]
        try:
            self._desk.until(lambda: self._desk.names() == expected, f"press heard once: {expected[-3:]}", 10)
        except AssertionError:
            if held_up_s + self._starved_s - starved_s < TOO_BUSY_S:
                raise
            self.spoilt += 1
            self._begin()

    @property
    def _starved_s(self) -> float:
        return self._desk.machine.starved_s + self._desk.chip.kept_waiting_s

    def _begin(self) -> None:
        self._desk.begin()
        self._desk.restart(screens={"safety": "0s"})
        self._simulated = story.Day()
        for _ in range(2):
            self._desk.press()
            self._simulated.press()
            self._desk.wait(0.1)
        self._desk.until_fact("guide_started")
        self._simulated.wait(seconds=2)

    def _bounce(self, ends: Callable[[], object], begins: Callable[[], object]) -> float:
        """A contact that closes or opens: `begins` first, then to and fro for up to 10 ms.

        Returns by how much more it was than that, or one of its steps than its due.
        """
        late_s = 0.0
        begins()
        until = time.monotonic() + self._chance.uniform(0, BOUNCES_S)
        while time.monotonic() < until:
            for step in (ends, begins):
                pause_s = self._chance.uniform(0.0002, 0.002)
                paused_at = time.monotonic()
                time.sleep(pause_s)
                late_s = max(late_s, time.monotonic() - paused_at - pause_s)
                step()
        return late_s


@pytest.mark.parametrize("presses", [PRESSES, pytest.param(500, marks=pytest.mark.slow)])
def test_presses_that_bounce_are_each_heard_once(booted: Desk, report: Report, presses: int) -> None:
    presser = Presser(booted)
    for _ in range(presses):
        presser.press()
    assert len(presser.to_picture_s) > presses * 0.98
    assert presser.spoilt < presses / 50
    report("press to picture on the wire", presser.to_picture_s)


@pytest.mark.parametrize("presses", [SILENCES, pytest.param(30, marks=pytest.mark.slow)])
def test_a_press_silences_at_once(booted: Desk, report: Report, presses: int) -> None:
    booted.restart(
        limits={"due_after": "1s", "break_after": "1s", "full_break": "2s"},
        settle={"sit": "1s", "leave": "0s"},
        screens={"safety": "0s"},
        guide={"begins_after": "0s", "pauses_after": "0s"},
        reminders={"after_due": ["0s"], "after_sitting_back": "0s"},
    )
    to_silence_s = []
    for nth in range(1, presses + 1):
        booted.sit()
        booted.until_sound()
        booted.wait(0.03)
        pressed_at = booted.press()
        booted.wait(0.3)
        changes = [pressed_at, *(change.at for change in booted.chip.changes(BUZZER, pressed_at))]
        assert not booted.buzzer_is_high
        to_silence_s.append(changes[-1] - pressed_at)
        assert to_silence_s[-1] < 0.15, "a reminder lasts for 0.43 s if nobody silences it"
        booted.stand()
        booted.until_fact("full_break", times=nth)
    report("press to silence", to_silence_s)
