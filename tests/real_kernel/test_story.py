"""The whole story on a real kernel, with the shipped unit and the installed program."""

from __future__ import annotations

import pytest

from tests.real_kernel.desk import Desk

pytestmark = pytest.mark.kernel


def test_as_installed_it_greets_and_counts(booted: Desk) -> None:
    booted.until_shown("safety")
    booted.press()
    booted.sit()
    booted.until_shown("seated_just_now")
    booted.stand()
    booted.until_fact("left")


def test_sit_due_sound_press_rise_guide_honoured(booted: Desk) -> None:
    booted.restart(limits={"due_after": "10s", "heads_up": "0s"}, settle={"sit": "1s"}, reminders={"after_due": ["3s"]})
    sat_at = booted.sit()
    booted.until_shown("due")
    assert not booted.sounds, "at first the screen alone speaks"
    sound_at = booted.until_sound()
    assert 12.9 < sound_at - sat_at < 14

    booted.press()
    booted.until_shown("first_card")
    assert not booted.sounds
    booted.stand()
    for golden in ("guide_title", "guide_counts"):
        booted.until_shown(golden, timeout_s=130)
    booted.until_fact("break_honoured")
    booted.down()
    booted.until_shown("thanks")
    booted.up()

    told = booted.names()
    story = ["sat", "due", "sound", "acknowledged", "guide_started", "left", "full_break", "break_honoured"]
    assert [name for name in told if name in story] == story
    assert booted.fact("break_honoured")["after"] == "due"
    # The journal keeps what the console showed.
    kept = booted.machine.do("journalctl", "--unit=unsit", "--output=cat")
    for line in (fact["fact"] for fact in booted.facts):
        assert f'"fact": "{line}"' in kept
