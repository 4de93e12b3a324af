"""What is unplugged, refused, shorted or taken: the right words, and the count unhurt."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.real_kernel.desk import BUTTON, PANEL, SEAT, Desk

pytestmark = pytest.mark.kernel

SOON_DUE: dict[str, Mapping[str, object]] = {
    "limits": {"due_after": "12s", "heads_up": "0s"},
    "settle": {"sit": "0s", "leave": "2s"},
    "screens": {"safety": "0s"},
}
RETRY_S = 2.0
"""How often a lost panel is tried again."""


def assert_due_after(desk: Desk, sitting_s: float) -> None:
    """The count went on as if nothing had happened."""
    assert desk.until_fact("due")["sitting_s"] == sitting_s
    assert desk.fact("due")["t"] - desk.fact("sat")["t"] == pytest.approx(sitting_s, abs=0.002)


def test_a_panel_that_is_missing_at_the_start_is_said_once_and_lights_up_when_it_comes(booted: Desk) -> None:
    booted.systemctl("stop", "unsit")
    booted.begin()
    panel = booted.bus.slaves.pop(PANEL)
    booted.restart(**SOON_DUE)
    booted.until_said("the panel doesn't answer: I2C device not found on address: 0x3C")
    booted.until_fact("panel_lost")
    booted.sit()
    booted.wait(2 * RETRY_S)
    booted.bus.slaves[PANEL] = panel
    booted.until_fact("panel_back", RETRY_S + 2)
    assert_due_after(booted, 12.0)
    booted.until_shown("due")
    assert booted.said.count("the panel doesn't answer") == 1


def test_a_panel_that_is_pulled_out_and_put_back_shows_again_what_is_true(booted: Desk) -> None:
    booted.restart(**SOON_DUE)
    booted.begin()
    booted.sit()
    booted.until_fact("sat")
    booted.panel.bus.gone()
    # At the next picture: that of who has sat down, or where it was quick, that of the break.
    booted.until_fact("panel_lost")
    assert_due_after(booted, 12.0)
    assert not booted.panel.picture().getbbox()
    booted.panel.bus.back()
    booted.until_fact("panel_back", RETRY_S + 2)
    booted.until_shown("due")


def test_a_panel_that_refuses_every_fifth_write_is_healed_each_time(booted: Desk) -> None:
    booted.restart(**SOON_DUE)
    booted.begin()
    booted.panel.refuse_at_random(0.2)
    booted.sit()
    assert_due_after(booted, 12.0)
    booted.press()
    booted.stand()
    booted.until_fact("guide_started")
    booted.until_fact("panel_lost", 20)
    booted.wait(6)
    assert booted.panel.refused > 1
    booted.panel.refuse_at_random(0)
    booted.until(lambda: booted.names().count("panel_back") == booted.names().count("panel_lost"), "panel back")
    booted.begin()
    booted.until(lambda: len(booted.panel.shown) > 10, "figure in motion", 3)


def test_a_panel_at_the_other_address_is_missed_at_the_one_it_should_have(booted: Desk) -> None:
    booted.bus.slaves[0x3D] = booted.bus.slaves.pop(PANEL)
    booted.begin()
    booted.restart(**SOON_DUE)
    booted.until_said("the panel doesn't answer: I2C device not found on address: 0x3C")
    booted.sit()
    assert_due_after(booted, 12.0)


def test_a_seat_wire_that_breaks_is_an_empty_chair(booted: Desk) -> None:
    booted.restart(**SOON_DUE)
    booted.begin()
    booted.sit()
    booted.until_fact("sat")
    # With the wire open, the pull-up has its way.
    booted.chip.drive(SEAT, True)
    left = booted.until_fact("left", 5)
    assert left["said"] - left["t"] == pytest.approx(2.0)
    booted.sit()
    booted.until_fact("due")
    assert booted.fact("due")["sitting_s"] == 12.0


def test_a_seat_wire_that_is_shorted_is_asked_about_and_falls_silent(booted: Desk) -> None:
    late: dict[str, Mapping[str, object]] = {
        "limits": {"due_after": "50s", "heads_up": "0s", "still_you_after": "1min"}
    }
    booted.restart(**SOON_DUE | late | {"reminders": {"after_due": ["30s"]}})
    booted.begin()
    booted.sit()
    booted.until_shown("still_you", 70)
    assert booted.names() == ["sat", "due", "stuck"]
    assert booted.fact("stuck")["what"] == "seat"
    asked_at = booted.until_shown("still_you")
    booted.wait(25)
    assert not booted.highs(since=asked_at), "no reminder for a short circuit"


def test_a_line_that_is_taken_keeps_the_service_down_and_the_panel_says_why(booted: Desk) -> None:
    booted.systemctl("stop", "unsit")
    booted.machine.shell(f"gpioset --mode=signal gpiochip0 {BUTTON}=1 >/dev/null 2>&1 & echo $! >/run/taker")
    try:
        booted.begin()
        booted.systemctl("start", "unsit")
        booted.until_said(
            rf"pins: GPIO{BUTTON} \(button\) can't be used: gpiod says Device or resource busy: another program or "
        )
        booted.until(lambda: booted.shows("ActiveState") == "failed", "failed service")
        assert booted.shows("ExecMainStatus") == "78"
        assert booted.panel.picture().getbbox(), "the panel says that it can't start"
    finally:
        booted.machine.shell("kill $(cat /run/taker)")
    booted.restart()
    assert booted.shows("ActiveState") == "active"
