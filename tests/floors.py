"""The floors of the house, from the ground up: a folder may import from itself and from those below it.

`python -m tests.floors` prints the files of the floors that decide, for coverage.
"""

from __future__ import annotations

DECIDING = (
    "device.body",
    "device.words",
    "device.files",
    "device.settings",
    "device.languages",
    "device.stretches",
    "device.stages",
    "device.mind",
    "device.core",
    "device.screens",
    "device.history",
    "device.topics",
    "device.teams",
)
"""What decides. It has no clock, thread or pin: time comes in with each event."""

AROUND_IT = (
    "device.pictures",
    "device.journal",
    "device.calendars",
    "device.meetings",
    "device.run",
    "device.phones",
    "device.desk",
    "device.changes",
    "device.page",
    "device.outbox",
    "device.mqtt",
    "device.reports",
    "device.office",
    "device.access",
    "hardware.wiring",
    "hardware.shared",
    "hardware.gpio",
    "hardware.panel",
    "hardware.buzzer",
    "hardware.seat",
    "hardware.button",
    "hardware.simulated",
    "hardware",
    "hardware.drawings",
    "hardware.case",
    "hardware.renders.camera",
    "hardware.renders",
    "device.commands",
    "device.commands.calendars",
    "device.commands.brokers",
    "device",
)
"""What runs it, in the same way."""

FLOORS = (*DECIDING, *AROUND_IT)

if __name__ == "__main__":
    print(",".join(f"{floor.replace('.', '/')}/*.py" for floor in DECIDING))
