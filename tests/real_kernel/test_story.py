"""The whole story on a real kernel, with the shipped unit and the installed program."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.mind.snapshot import SAFETY
from tests.real_kernel.desk import PI_4B, PI_5, PI_5_AT_FIRST, PI_ZERO_2_W, Desk, Model, desk

pytestmark = pytest.mark.kernel

SILENT_S = 0.3
"""How soon after a press it is silent even on a busy computer; left alone a reminder lasts for 0.43 s."""


def test_as_installed_it_greets_and_counts(booted: Desk) -> None:
    booted.until_shown("choosing_language")
    booted.press(1.3)
    booted.until_shown("choosing_any_condition")
    # The picture is there as soon as the finger is up; nobody's is down again within 25 ms.
    booted.wait(0.3)
    booted.press()
    booted.until_shown("safety")
    for _ in SAFETY:
        booted.wait(0.3)
        booted.press()
    booted.sit()
    booted.until_shown("seated_just_now")
    booted.stand()
    booted.until_fact("left")


@pytest.mark.timed
def test_sit_due_sound_press_rise_guide_honoured(booted: Desk) -> None:
    booted.restart(
        limits={"due_after": "10s", "heads_up": "0s"},
        settle={"sit": "1s"},
        reminders={"after_due": ["3s"]},
        screens={"safety": "0s"},
    )
    sat_at = booted.sit()
    booted.until_shown("due")
    assert not booted.highs(since=sat_at), "at first the screen alone speaks"
    sound_at = booted.until_sound()
    assert 12.9 < sound_at - sat_at < 14

    pressed_at = booted.press()
    booted.until_shown("first_card")
    assert not booted.highs(since=pressed_at + SILENT_S)
    assert not booted.buzzer_is_high
    booted.stand()
    for golden in ("guide_title", "guide_counts"):
        booted.until_shown(golden, timeout_s=130)
    booted.until_fact("break_honoured")
    # Held for 3 s it would leave the stretch out for good.
    booted.press(1.3)
    booted.until_shown("thanks")

    told = booted.names()
    story = ["sat", "due", "sound", "acknowledged", "guide_started", "left", "full_break", "break_honoured"]
    assert [name for name in told if name in story] == story
    assert booted.fact("break_honoured")["after"] == "due"
    # The journal keeps what the console showed.
    kept = booted.machine.do("journalctl", "--unit=unsit", "--output=cat")
    for line in (fact["fact"] for fact in booted.facts):
        assert f'"fact": "{line}"' in kept


# All other stories are told on a 3B, and a 4B has the same chip for its pins.
OTHERS = [pytest.param(PI_4B, marks=pytest.mark.slow), PI_ZERO_2_W, PI_5, PI_5_AT_FIRST]


@pytest.mark.parametrize("model", OTHERS, ids=lambda model: model.id)
def test_every_model_does_the_same(model: Model, machines: None, tmp_path: Path) -> None:  # noqa: ARG001
    with desk(tmp_path, model) as it:
        assert it.machine.do("unsit", "--version").startswith("unsit ")
        assert model.name in it.machine.do("cat", "/proc/device-tree/model")
        it.until(lambda: it.shows("ActiveState") == "active", "start by itself")
        it.restart(limits={"due_after": "2s"}, settle={"sit": "0s"}, reminders={"after_due": ["1s"]})
        it.sit()
        it.until_fact("due")
        it.until_shown("due")
        it.until_sound()
        it.press()
        it.until_shown("first_card")
        it.stand()
        it.until_fact("guide_started")
        assert it.names() == ["sat", "due", "sound", "acknowledged", "guide_started"]
        # How soon a press silences is asked above, where the computer has less to do beside it.
        assert not it.buzzer_is_high
