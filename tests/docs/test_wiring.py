"""Every number in the tables of docs/wiring.md follows from the sensor's data; here they are computed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from device.settings.settings import Settings
from device.words.levels import RAIL
from hardware.seat.ads1115 import _STEPS
from hardware.seat.analog import FULL_SCALE_V
from hardware.wiring.figures import values

WIRING = (Path(__file__).parents[2] / "docs/wiring.md").read_text("utf-8")

# A force sensor of 38 to 40 mm under a cushion, in ohms.
UNLOADED, THIGH, MOST = 1_000_000.0, 10_000.0, 1_000.0
E12 = (10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82)
TIMES = 10
"""How many times the sensor's resistance under the most weight the resistor is at most: there is room to the rail."""


def parallel(*ohms: float) -> float:
    return 1 / sum(1 / each for each in ohms)


def level(resistor: float, sensors: float) -> float:
    """Of a divider: 3.3 V, sensors, input, resistor, ground."""
    return resistor / (resistor + sensors)


def resistor_for(sensors: int) -> float:
    """The next usual value down."""
    wanted = TIMES * MOST / sensors
    return max(value for tens in range(5) for each in E12 if (value := each * 10.0**tens) <= wanted)


def rows(head: str) -> list[list[str]]:
    """The cells of the table whose first column has that head."""
    table = re.search(rf"^\| {re.escape(head)} \|.*\n\|[-| ]+\|\n((?:\|.*\n)+)", WIRING, re.MULTILINE)
    assert table, head
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]


def test_the_resistor_for_each_number_of_sensors_and_what_it_reads() -> None:
    told = rows("sensors in parallel")
    assert [row[0] for row in told] == ["1", "2", "4"]
    for number, row in ((int(row[0]), row) for row in told):
        resistor = resistor_for(number)
        leaning = parallel(THIGH, *[UNLOADED] * (number - 1))
        assert row[1:] == [
            f"{resistor / 1000:g} kΩ",
            f"{level(resistor, UNLOADED / number):.3f}",
            f"{level(resistor, leaning):.2f}",
            f"{level(resistor, MOST / number):.2f}",
            f"{1000 * FULL_SCALE_V / (resistor + MOST / number):.1f} mA",
        ]
        assert level(resistor, MOST / number) < RAIL
        # Far enough apart for two thresholds in between.
        assert level(resistor, leaning) > 10 * level(resistor, UNLOADED / number)


def test_where_the_comparator_switches() -> None:
    high, low, feedback, pull_up = 33_000.0, 10_000.0, 100_000.0, 10_000.0
    # While its output is open, the feedback pulls up through the pull-up; while it is low, to ground.
    closes = level(low, parallel(high, feedback + pull_up))
    opens = level(parallel(low, feedback), high)
    told = f"It closes above a level of {closes:.2f} and opens below {opens:.2f}"
    assert told in " ".join(WIRING.split())


@pytest.mark.parametrize("chip", ["ads1115", "mcp3008"])
def test_how_fine_each_converter_reads(chip: str) -> None:
    steps = {"ads1115": _STEPS, "mcp3008": 1023.0}[chip]
    told = next(row for row in rows("`seat.kind`") if row[0] == f"`{chip}`")
    assert told[1] == f"{1000 * FULL_SCALE_V / steps:.3g} mV"


def test_the_four_addresses_are_those_that_the_settings_take() -> None:
    assert [row[1] for row in rows("ADDR to")] == [f"`0x{0x48 + nth:02X}`" for nth in range(4)]


def test_the_pins_in_the_text_are_those_of_the_settings() -> None:
    pins = Settings().pins
    of_spi = set(range(7, 12))
    text = re.sub(r"^(?:```.*?^```|\|[^\n]*)$", "", WIRING, flags=re.MULTILINE | re.DOTALL)
    beginning, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    said = {each.partition("\n")[0]: {int(gpio) for gpio in re.findall(r"GPIO(\d+)", each)} for each in sections}
    assert {int(gpio) for gpio in re.findall(r"GPIO(\d+)", beginning)} == {pins.seat, pins.buzzer}
    assert said["The seat pad"] - of_spi == {pins.seat}
    assert said["The button"] == {pins.button}
    assert said["The buzzer"] == {pins.buzzer}
    assert set(re.findall(r"gpio=(\d+)=", WIRING)) == {str(pins.buzzer)}


def test_the_parts_in_the_text_have_the_values_that_are_computed() -> None:
    words, of = (
        " ".join(WIRING.split()).replace("\N{EN DASH}", "-"),
        {kind: value.name for kind, value in values().items()},
    )
    seat = (
        f"{of['seat_series']} in series with the pin, {of['seat_pull']} from the pin to 3.3 V, and {of['seat_filter']}"
    )
    assert f"{seat} from the pin to ground" in words
    assert f"GPIO{Settings().pins.buzzer}, {of['piezo_series']}, piezo, ground" in words
    assert f"pin - {of['base_series']} - base" in words
