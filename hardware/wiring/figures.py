"""Every number of the wiring, computed here from what the parts' data sheets say, with the formula beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SUPPLY_V = 3.3
PIN_MOST_A = 0.016
"""What a pin of a Pi may give or take; Raspberry Pi's documentation of its GPIO pads."""
PIN_LOW_V = 0.8
"""Up to here a pin surely reads low; the same documentation."""
OWN_PULL_OHMS = 50_000
"""A pin's own pull-up, roughly: 40 to 60 kΩ in the BCM2835's documentation."""
SENSOR_EMPTY_OHMS = 1_000_000
"""A force sensor of 38 mm with nothing on it has more than that; Interlink's guide to the FSR 400 series."""
SENSOR_THIGH_OHMS = 10_000
"""The same under a thigh through foam."""
SENSOR_MOST_OHMS = 1_000
"""The same under the most weight."""
BASE_V = 0.7
"""From base to emitter of a 2N2222 that conducts; its data sheet."""
BUZZER_A = 0.030
"""What an active buzzer of 12 mm takes; most data sheets say 25 to 30 mA."""
GAIN_LEAST = 75
"""A 2N2222 passes on so many times its base's current or more, at 10 mA and above; its data sheet."""
FULLY_ON_TIMES = GAIN_LEAST / 5
"""A fifth of that makes it a switch, which is then fully on."""

_E12 = (10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82)


@dataclass(frozen=True, slots=True)
class PartValue:
    """What a part on the strip board has to be, and why."""

    kind: str
    """As in wires.toml."""
    name: str
    """As one buys it: `220 Ω`, `100 nF`, `2N2222`."""
    formula: str
    reason: str
    ohms: float = 0.0
    """0 for what is no resistor."""


# ---- usual values


def usual_ohms() -> Iterable[int]:
    """The values that shops have, from 10 Ω to 820 kΩ: the E12 series, upwards."""
    return (value * 10**zeros for zeros in range(5) for value in _E12)


def next_usual_above(ohms: float) -> int:
    """The smallest usual value that is at least that."""
    return next(value for value in usual_ohms() if value >= ohms)


def next_usual_below(ohms: float) -> int:
    """The largest usual value that is at most that."""
    return max(value for value in usual_ohms() if value <= ohms)


def ohms_text(ohms: float) -> str:
    """A resistance as shops write it: `220 Ω`, `4.7 kΩ`."""
    return f"{ohms / 1000:g} kΩ" if ohms >= 1000 else f"{ohms:g} Ω"


_BANDS = ("black", "brown", "red", "orange", "yellow", "green", "blue", "violet", "grey", "white")


def bands(ohms: float) -> tuple[str, str, str]:
    """The coloured rings of a resistor with four of them, without the fourth, which is gold."""
    digits = f"{ohms:.0f}"
    return _BANDS[int(digits[0])], _BANDS[int(digits[1])], _BANDS[len(digits) - 2]


def parallel(*ohms: float) -> float:
    """Resistors side by side."""
    return 1 / sum(1 / each for each in ohms)


# ---- what is soldered onto the strip board


PIEZO_SERIES_OHMS = next_usual_above(SUPPLY_V / PIN_MOST_A)
BASE_SERIES_OHMS = 1_000
SEAT_SERIES_OHMS = 1_000
SEAT_PULL_OHMS = 10_000
SEAT_FILTER_F = 100e-9
DIVIDER_SENSORS = 4
"""How many force sensors docs/build.md lays under the cushion."""


def divider_ohms(sensors: int) -> int:
    """The resistor for so many force sensors in parallel: ten times what they have under the most weight, or below."""
    return next_usual_below(10 * SENSOR_MOST_OHMS / sensors)


def closed_pad_v() -> float:
    """What the seat's pin reads while the pad is closed; it has to be a clear low."""
    pull = parallel(SEAT_PULL_OHMS, OWN_PULL_OHMS)
    return SUPPLY_V * SEAT_SERIES_OHMS / (SEAT_SERIES_OHMS + pull)


def filter_s() -> float:
    """How long the seat's pin takes to rise by two thirds after the pad has opened."""
    return parallel(SEAT_PULL_OHMS, OWN_PULL_OHMS) * SEAT_FILTER_F


def base_a() -> float:
    """What the transistor's base takes from the pin."""
    return (SUPPLY_V - BASE_V) / BASE_SERIES_OHMS


def values(sensors: int = DIVIDER_SENSORS) -> dict[str, PartValue]:
    """What is soldered onto the strip board, by its `is` in wires.toml."""
    return {value.kind: value for value in (*_seat_values(sensors), *_buzzer_values(), *_NO_NUMBERS)}


def _seat_values(sensors: int) -> Iterable[PartValue]:
    series, pull, own = (ohms / 1000 for ohms in (SEAT_SERIES_OHMS, SEAT_PULL_OHMS, OWN_PULL_OHMS))
    both = f"{ohms_text(SEAT_PULL_OHMS)} ∥ {ohms_text(OWN_PULL_OHMS)}"
    farad = f"{SEAT_FILTER_F * 1e9:g} nF"
    yield _resistor(
        "seat_series",
        SEAT_SERIES_OHMS,
        f"pad closed: {SUPPLY_V} V × {series:g} / ({series:g} + {pull:g} ∥ {own:g}) = {closed_pad_v():.2f} V, "
        f"and low is up to {PIN_LOW_V} V",
        "keeps what the long cable catches away from the pin",
    )
    yield _resistor(
        "seat_pull",
        SEAT_PULL_OHMS,
        f"{SUPPLY_V} V / ({ohms_text(SEAT_SERIES_OHMS)} + {both}) = {pad_a() * 1000:.2f} mA through the closed pad",
        f"the pin's own {ohms_text(OWN_PULL_OHMS)} is weak for a cable of two metres",
    )
    yield PartValue(
        "seat_filter",
        farad,
        f"{both} × {farad} = {filter_s() * 1000:.1f} ms, and a press on the pad lasts seconds",
        "swallows what is shorter",
    )
    yield _resistor(
        "divider",
        divider_ohms(sensors),
        f"10 × {ohms_text(SENSOR_MOST_OHMS)} / {sensors} sensors = {10 * SENSOR_MOST_OHMS / sensors:.0f} Ω, "
        "next value down",
        "with more, the level under much weight looks like a loose wire",
    )


def _buzzer_values() -> Iterable[PartValue]:
    most_a, base = SUPPLY_V / PIEZO_SERIES_OHMS, base_a()
    yield _resistor(
        "piezo_series",
        PIEZO_SERIES_OHMS,
        f"{SUPPLY_V} V / {PIN_MOST_A * 1000:g} mA = {SUPPLY_V / PIN_MOST_A:.0f} Ω, next value up; then at most "
        f"{SUPPLY_V} V / {PIEZO_SERIES_OHMS} Ω = {most_a * 1000:.0f} mA",
        f"a piezo is a capacitor, and a pin gives {PIN_MOST_A * 1000:g} mA",
    )
    yield _resistor(
        "base_series",
        BASE_SERIES_OHMS,
        f"({SUPPLY_V} V - {BASE_V} V) / {ohms_text(BASE_SERIES_OHMS)} = {base * 1000:.1f} mA; "
        f"{BUZZER_A * 1000:g} mA through the buzzer is {BUZZER_A / base:.0f} times that",
        f"a transistor is fully on up to {FULLY_ON_TIMES:g} times its base's current",
    )


_NO_NUMBERS = (
    PartValue("piezo", "piezo, 12 mm", "two legs 5 mm apart: two strips", "passive: it plays notes"),
    PartValue("active_buzzer", "active buzzer, 12 mm, 3.3 V", "two legs 7.6 mm apart: three strips", "beeps by itself"),
    PartValue("transistor", "2N2222", "legs E, B, C side by side", "the buzzer takes more than a pin gives"),
)


def _resistor(kind: str, ohms: int, formula: str, reason: str) -> PartValue:
    return PartValue(kind, ohms_text(ohms), formula, reason, ohms)


def pad_a() -> float:
    """What flows through a closed pad."""
    return SUPPLY_V / (SEAT_SERIES_OHMS + parallel(SEAT_PULL_OHMS, OWN_PULL_OHMS))


# ---- force sensors


@dataclass(frozen=True, slots=True)
class SensorLevels:
    """What a divider with so many sensors in parallel reads, as fractions of 3.3 V: R / (R + Rs)."""

    sensors: int
    ohms: int
    empty: float
    one_thigh: float
    """One sensor under a thigh, the others empty."""
    most: float
    """All under the most weight."""
    most_a: float


def sensor_levels(sensors: int) -> SensorLevels:
    """The levels of that many sensors on their resistor."""
    ohms = divider_ohms(sensors)
    others = [SENSOR_EMPTY_OHMS] * (sensors - 1)
    most = SENSOR_MOST_OHMS / sensors
    return SensorLevels(
        sensors,
        ohms,
        _level(ohms, SENSOR_EMPTY_OHMS / sensors),
        _level(ohms, parallel(SENSOR_THIGH_OHMS, *others)),
        _level(ohms, most),
        SUPPLY_V / (ohms + most),
    )


def _level(ohms: float, sensor_ohms: float) -> float:
    return ohms / (ohms + sensor_ohms)


# ---- a comparator in place of a converter

_UP_OHMS, _DOWN_OHMS, _BACK_OHMS, _OUT_OHMS = 33_000, 10_000, 100_000, 10_000


def comparator_levels() -> tuple[float, float]:
    """Below which level it opens, and above which it closes, as fractions of 3.3 V.

    Its input + hangs on 33 kΩ to 3.3 V, 10 kΩ to ground and 100 kΩ to its output, which 10 kΩ pull up when it is off.
    """
    up, down = 1 / _UP_OHMS, 1 / _DOWN_OHMS
    back_high, back_low = 1 / (_BACK_OHMS + _OUT_OHMS), 1 / _BACK_OHMS
    return up / (up + down + back_low), (up + back_high) / (up + down + back_high)
