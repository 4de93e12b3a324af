"""The numbers of the wiring keep within what pins and parts bear, and are those that shops have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.wiring import figures
from hardware.wiring.figures import (
    bands,
    comparator_levels,
    divider_ohms,
    next_usual_above,
    next_usual_below,
    ohms_text,
    sensor_levels,
    usual_ohms,
    values,
)
from hardware.wiring.wires import builds, wiring


def test_a_pin_gives_no_more_than_it_may() -> None:
    assert figures.SUPPLY_V / figures.PIEZO_SERIES_OHMS <= figures.PIN_MOST_A
    assert figures.base_a() + figures.SUPPLY_V / figures.OWN_PULL_OHMS <= figures.PIN_MOST_A
    assert figures.pad_a() <= figures.PIN_MOST_A
    assert all(sensor_levels(sensors).most_a <= figures.PIN_MOST_A for sensors in (1, 2, 4))


def test_the_transistor_is_fully_on() -> None:
    assert figures.BUZZER_A / figures.base_a() <= figures.FULLY_ON_TIMES


def test_a_closed_pad_is_a_clear_low_even_with_a_strong_pull_of_the_pin() -> None:
    assert figures.closed_pad_v() <= figures.PIN_LOW_V / 2


def test_the_filter_is_over_before_anything_is_settled() -> None:
    assert figures.filter_s() < 0.025


@given(st.floats(10, 800_000))
def test_usual_values_enclose_what_is_asked_for(ohms: float) -> None:
    below, above = next_usual_below(ohms), next_usual_above(ohms)
    assert below <= ohms <= above
    assert {below, above} <= set(usual_ohms())
    assert above <= below * 1.3


@pytest.mark.parametrize(
    ("ohms", "text", "rings"),
    [
        (220, "220 Ω", ("red", "red", "brown")),
        (1_000, "1 kΩ", ("brown", "black", "red")),
        (2_200, "2.2 kΩ", ("red", "red", "red")),
        (4_700, "4.7 kΩ", ("yellow", "violet", "red")),
        (10_000, "10 kΩ", ("brown", "black", "orange")),
    ],
)
def test_values_are_named_and_ringed_as_shops_have_them(ohms: int, text: str, rings: tuple[str, str, str]) -> None:
    assert ohms_text(ohms) == text
    assert bands(ohms) == rings


def test_more_sensors_want_less_of_a_resistor_and_keep_off_the_rail() -> None:
    assert [divider_ohms(sensors) for sensors in (1, 2, 4)] == [10_000, 4_700, 2_200]
    for sensors in (1, 2, 3, 4):
        levels = sensor_levels(sensors)
        assert levels.empty < 0.011
        assert 0.15 < levels.one_thigh < levels.most < 0.95


def test_the_comparator_has_a_gap_between_its_levels() -> None:
    opens, closes = comparator_levels()
    assert (round(opens, 2), round(closes, 2)) == (0.22, 0.28)


def test_everything_on_the_board_has_a_value() -> None:
    kinds = {each.kind for build in builds() for each in wiring(build).soldered}
    assert kinds == values().keys()
