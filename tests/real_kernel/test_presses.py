"""The button on a real kernel: each press heard once, however it bounces, and soon."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from tests import story
from tests.real_kernel.desk import BUZZER, Desk

pytestmark = pytest.mark.kernel

Report = Callable[[str, list[float]], None]

PRESSES = 500
BOUNCES_S = 0.010


def bounce(chance: random.Random, ends: Callable[[], object], begins: Callable[[], object]) -> None:
    """A contact that closes or opens: `begins` first, then to and fro for up to 10 ms."""
    until = time.monotonic() + chance.uniform(0, BOUNCES_S)
    begins()
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.0002, 0.002))
        ends()
        time.sleep(chance.uniform(0.0002, 0.002))
        begins()


def test_500_presses_that_bounce_are_each_heard_once(booted: Desk, report: Report) -> None:
    """Pressed on and on, the device goes from today's card to a routine, through its stretches, and back.

    So each press shows, and one too many or too few puts all that follows out of step with the simulated day.
    """
    chance = random.Random(500)
    booted.restart(screens={"safety": "0s"})
    simulated = story.Day()
    for _ in range(2):
        booted.press()
        simulated.press()
        booted.wait(0.1)
    booted.until_fact("guide_started")
    simulated.wait(seconds=2)

    to_picture_s = []
    for nth in range(PRESSES):
        lasts_s, until_next_s = chance.uniform(0.030, 0.300), chance.uniform(0.060, 0.120)
        shown = len(booted.panel.shown)
        pressed_at = time.monotonic()
        bounce(chance, booted.up, booted.down)
        booted.wait(max(0.0, pressed_at + lasts_s - time.monotonic()))
        bounce(chance, booted.down, booted.up)
        booted.wait(until_next_s)
        simulated.down()
        simulated.wait(seconds=lasts_s)
        simulated.up()
        simulated.wait(seconds=until_next_s)
        to_picture_s += [at - pressed_at for at, _ in booted.panel.shown[shown : shown + 1]]
        expected = [fact.fact for fact in simulated.notes]
        if booted.names() != expected:
            booted.until(lambda: booted.names() == expected, f"press {nth} heard once: {expected[-3:]}", 2)  # noqa: B023

    assert len(expected) > PRESSES / 3
    report("press to picture on the wire", to_picture_s)


def test_a_press_silences_at_once(booted: Desk, report: Report) -> None:
    booted.restart(
        limits={"due_after": "1s", "break_after": "1s", "full_break": "2s"},
        settle={"sit": "1s", "leave": "0s"},
        screens={"safety": "0s"},
        guide={"begins_after": "0s", "pauses_after": "0s"},
        reminders={"after_due": ["0s"], "after_sitting_back": "0s"},
    )
    to_silence_s = []
    for nth in range(1, 31):
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
