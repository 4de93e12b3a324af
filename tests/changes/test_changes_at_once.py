"""Changes of settings that come faster than the device can go by them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from device.changes.changes import Changes
from device.run.clock import RunningClock
from device.run.restart import Start
from device.settings.layers import InForce, in_force
from device.stretches.repertoire import repertoire


def test_a_change_that_comes_while_the_device_goes_by_another_holds(tmp_path: Path) -> None:
    waiting: list[Callable[[], object]] = []
    went_by: list[Start] = []

    def made(found: InForce) -> Start:
        return Start(found.settings, repertoire(found.settings))

    def put_in_force(start: Start) -> None:
        went_by.append(start)
        if len(went_by) == 1:
            changes.orders["set"]({"values": {"pins.button": 22}})
        # As the device does: it says by what it goes now.
        changes.know(start)

    found = in_force(places=[], changes=lambda _: tmp_path / "changes.toml")
    changes = Changes(found, made(found), made, RunningClock())
    changes.join(lambda _, do: waiting.append(do), put_in_force)
    changes.orders["set"]({"values": {"reminders.snoozes": 4}})
    waiting.pop(0)()
    assert changes.told["values"]["pins.button"] == "22"
    while waiting:
        waiting.pop()()
    assert went_by[-1].settings.pins.button == 22
    assert went_by[-1].settings.reminders.snoozes == 4
    assert changes.told["values"]["pins.button"] == "22"
