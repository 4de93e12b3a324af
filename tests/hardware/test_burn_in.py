"""Nothing burns in: over a sitting of eight hours no dot of the panel is lit for long, as the controller shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from device.settings.settings import Limits, PanelSettings, Settings
from device.words.effects import Show
from hardware.panel.delta import wire_bytes
from hardware.panel.oled import OledPanel
from hardware.simulated.controller import ModelBus, model_serial
from tests.story import Day

EIGHT_H_S = 8 * 3600.0
LOOKS_EVERY_S = 30.0
MOST = 0.4
"""The part of the time that any dot may be lit."""
PLAIN = Settings()
HOURLY = Settings(limits=Limits(invite_after_s=3000.0, due_after_s=3600.0))
HALF_HOURLY = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))
NEVER = Settings(limits=Limits(invite_after_s=43_200.0, due_after_s=43_200.0, still_you_after_s=57_600.0))
GERMAN = replace(PLAIN, screens=replace(PLAIN.screens, language="de"))


class Nobody:
    """Hears whether the panel answers."""

    def put(self, event: object) -> None: ...


def shown(day: Day, driver: str = "ssd1306", rotation: int = 0) -> tuple[float, list[int]]:
    """For what part of eight hours the dot that was lit longest was lit, and the bytes of each minute."""
    writes: list[bytes] = []
    bus = ModelBus(driver, 0x3C, lambda _, payload: writes.append(payload))
    panel = OledPanel(PanelSettings(driver=driver, rotation=rotation), Nobody(), lambda: model_serial(bus))
    coming = [(at, effect) for at, effect in day.told if isinstance(effect, Show)]
    lit, bytes_of_minute, looks = [0] * (128 * 64), [], int(EIGHT_H_S / LOOKS_EVERY_S)
    for nth in range(looks):
        at = nth * LOOKS_EVERY_S
        while coming and coming[0][0] <= at:
            said, effect = coming.pop(0)
            panel.perform(effect, said)
        panel.tick(at)
        if at % 60 == 0:
            bytes_of_minute.append(wire_bytes(writes))
            writes.clear()
        for dot, pixel in enumerate(bus.picture().convert("L").tobytes()):
            lit[dot] += pixel > 0
    return max(lit) / looks, bytes_of_minute


def a_day(settings: Settings) -> Day:
    day = Day(settings)
    day.clock("2026-03-02T08:00:00")
    return day


def without_a_lift(settings: Settings) -> Day:
    day = a_day(settings)
    day.sit(hours=8)
    return day


def with_fidgets(settings: Settings) -> Day:
    day = a_day(settings)
    day.sit()
    while day.now < EIGHT_H_S:
        day.wait(minutes=23)
        day.fidget()
    return day


def with_breaks(settings: Settings) -> Day:
    day = a_day(settings)
    while day.now < EIGHT_H_S:
        day.sit(seconds=settings.limits.due_after_s + 90)
        day.rise(minutes=4)
    return day


def muted_and_quiet(settings: Settings) -> Day:
    day = a_day(settings)
    day.quiet(True)
    day.sit(minutes=1)
    while day.now < EIGHT_H_S:
        day.hold()
        day.wait(minutes=31)
        day.fidget()
    return day


def with_the_safety_card_unpressed(settings: Settings) -> Day:
    day = Day(settings, safety_s=8.0)
    while day.now < EIGHT_H_S:
        day.sit(minutes=50)
        day.rise(minutes=3)
    return day


def with_a_stuck_button(settings: Settings) -> Day:
    day = a_day(settings)
    day.sit(minutes=1)
    day.down()
    day.wait(hours=8)
    return day


SITTINGS = [
    without_a_lift, with_fidgets, with_breaks, muted_and_quiet, with_the_safety_card_unpressed, with_a_stuck_button
]  # fmt: skip


@pytest.mark.parametrize("sitting", [without_a_lift, with_fidgets])
def test_no_dot_is_lit_for_more_than_two_fifths_of_eight_hours(sitting: Callable[[Settings], Day]) -> None:
    longest, bytes_of_minute = shown(sitting(PLAIN))
    assert longest <= MOST
    assert sorted(bytes_of_minute)[len(bytes_of_minute) // 2] < 150


@pytest.mark.slow
@pytest.mark.parametrize("driver", ["ssd1306", "sh1106"])
@pytest.mark.parametrize("sitting", SITTINGS)
@pytest.mark.parametrize("settings", [PLAIN, HOURLY, HALF_HOURLY, NEVER, GERMAN])
def test_no_dot_is_lit_for_long_whatever_the_day_is_like(
    sitting: Callable[[Settings], Day], settings: Settings, driver: str
) -> None:
    longest, _ = shown(sitting(settings), driver, rotation=180)
    assert longest <= MOST


def test_who_never_answers_sees_a_mark_after_five_minutes_and_the_question_again_at_a_touch() -> None:
    day = Day(PLAIN)
    day.sit(hours=4, seconds=299.999)
    assert day.text.startswith("Still")
    day.wait(seconds=0.001)
    assert day.text == ""
    day.down()
    assert day.text.startswith("Still")
    day.up()
    day.wait(seconds=1)
    assert day.mode != "asking"
