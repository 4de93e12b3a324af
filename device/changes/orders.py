"""The orders that calibrate the seat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from device.run.orders import Answer, Do, OrderError, refused
from device.settings.settings import Settings
from device.stages.calibration import STEPS


def calibrating_orders(
    settings: Callable[[], Settings],
    begin: Callable[[bool], object],
    do_step: Callable[[str], object],
    soon: Callable[[Callable[[], object]], object] = lambda do: do(),
) -> Mapping[str, Do]:
    """The orders by name. `begin` begins or leaves a calibration, `soon` has something done on the device's thread."""

    def calibrate(to: Any) -> Answer:
        if not isinstance(to, bool):
            raise refused("calibrate", to, "true or false")
        if to and settings().seat.kind == "contact":
            raise OrderError("a contact has no levels: there is nothing to calibrate")
        soon(lambda: begin(to))
        return {}

    def there(to: Any) -> Answer:
        if to not in STEPS:
            raise refused("there", to, ", ".join(STEPS))
        soon(lambda: do_step(to))
        return {}

    return {"calibrate": calibrate, "there": there}
