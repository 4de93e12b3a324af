"""What is wrong on the bus, by who answers there."""

from __future__ import annotations

from collections.abc import Collection

from device.settings.settings import Claim, Settings, address_text, claims
from hardware.wiring.told import WAYS, told, wire_told

_MOST_CHIPS = 32
"""So many chips are on nobody's desk: if more seem to answer, a line that is held low answers for them."""
_KIN = {"panel.address": range(0x3C, 0x3E), "seat.address": range(0x48, 0x4C)}
"""The addresses that chips of that kind can have."""
_WAY = {"panel.address": "panel", "seat.address": "converter"}


def fault(settings: Settings, found: Collection[int]) -> str | None:
    """What to do if not all chips that the settings ask for are among those that answer."""
    if _all_answer(found):
        return (
            f"every address seems to answer, so SDA is held low: see that {_data(settings)} touches nothing else, "
            f"and that {_power(settings)} is on"
        )
    asked = [claim for claim in claims(settings) if not claim.is_pin]
    missing = [claim for claim in asked if claim.number not in found]
    return _without(settings, missing[0], found, all_are_missing=missing == asked) if missing else None


def hang(settings: Settings) -> str:
    """What to do if the bus takes no address at all."""
    clock = wire_told(settings, "bus, clock", "panel, clock")
    return (
        f"bus {settings.panel.port} hangs, so SCL or SDA is held low: see that {clock} and {_data(settings)} touch "
        f"nothing else, and that {_power(settings)} is on"
    )


def measured(settings: Settings, found: Collection[int]) -> dict[str, str]:
    """What was measured at each wire of the bus, by the wire's name."""
    if _all_answer(found):
        return dict.fromkeys(("bus, data", "panel, data"), "held low")
    says: dict[str, str] = {}
    for claim in claims(settings):
        if not claim.is_pin:
            answers = claim.number in found
            text = f"answers at {address_text(claim.number)}" if answers else "silent"
            says |= dict.fromkeys(_wires_of(claim), text)
            # What both chips hang on is fine as soon as one of them answers.
            if settings.seat.kind == "ads1115" and (answers or "bus, data" not in says):
                says |= dict.fromkeys(WAYS["both chips"], text)
    return says


def hung() -> dict[str, str]:
    """What was measured at the wires of a bus that hangs."""
    return dict.fromkeys(("bus, data", "bus, clock", "panel, data", "panel, clock"), "hangs")


def _without(settings: Settings, claim: Claim, found: Collection[int], *, all_are_missing: bool) -> str:
    answered = ", ".join(map(address_text, found)) or "nobody"
    says = f"on bus {settings.panel.port} answers {answered}, not {address_text(claim.number)}"
    kin = [each for each in found if each in _KIN.get(claim.owner, ())]
    if kin:
        return f"{says}: set {claim.owner} to {address_text(kin[0])}"
    way = "both chips" if all_are_missing and settings.seat.kind == "ads1115" else _WAY.get(claim.owner, "")
    says += f": check {told(settings, way) if way else 'its VCC, GND, SDA and SCL'}"
    if not found:
        return f"{says}; are SDA and SCL swapped?"
    return f"{says}, or set {claim.owner}" if claim.is_set else says


def _wires_of(claim: Claim) -> tuple[str, ...]:
    return WAYS[_WAY[claim.owner]] if claim.owner in _WAY else ()


def _all_answer(found: Collection[int]) -> bool:
    return len(found) > _MOST_CHIPS


def _data(settings: Settings) -> str:
    return wire_told(settings, "bus, data", "panel, data")


def _power(settings: Settings) -> str:
    return wire_told(settings, "panel, power")
