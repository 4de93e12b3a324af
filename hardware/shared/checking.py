"""What the check of a part uses: the near ends of its wires, and a person who does what it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from gpiozero import Factory

from device.settings.settings import Settings
from device.words.events import Event
from device.words.ports import Clock, Input
from hardware.shared.bus import Bus

Found = tuple[str | None, str]
"""The fault, if there is one, and the text that says what is fine."""
Ask = Callable[[str], str]
"""Asks the person to do or say something, and returns what they typed."""
Say = Callable[[str], object]
Keep = Callable[[Mapping[str, str | int]], str | None]
"""Writes keys of [panel] into the settings file; returns the file's name, or None if it can't."""


class Watch(Protocol):
    """An inbox whose events can be watched for a while."""

    def put(self, event: Event) -> None: ...

    def wait(self, timeout_s: float | None) -> Event | None: ...


@dataclass(frozen=True, slots=True)
class Checking:
    """One round of checks, as a part sees it."""

    settings: Settings
    factory: Factory
    bus: Bus
    inbox: Watch
    clock: Clock
    ask: Ask
    say: Say
    keep: Keep
    measured: dict[str, str] = field(default_factory=dict)
    """What was measured so far, by the wires' names in hardware/wiring/wires.toml."""

    def remark(self, text: str) -> None:
        """Say something below the line of the last part."""
        self.say(f"{'':10} {text}")

    def saw(self, text: str, *wires: str) -> None:
        """Keep what was measured at these wires, for the drawing of the header."""
        self.measured.update(dict.fromkeys(wires, text))

    def wires(self, way: str) -> str:
        """What the drawings call the wires of a part, a key of `hardware.wiring.told.WAYS`."""
        # A device that starts doesn't wait for the drawings' data.
        from hardware.wiring.told import told

        return told(self.settings, way)

    def events_for(self, span_s: float, sensor: Input | None = None) -> Iterator[Event]:
        """Yield the events that wait already, and those of the next `span_s` seconds; let a sensor look meanwhile."""
        end = self.clock.now() + span_s
        while True:
            look_at = sensor.next_deadline() if sensor else None
            event = self.inbox.wait(self.clock.wait_s(end if look_at is None else min(end, look_at)))
            if event is not None:
                yield event
            elif sensor is None or look_at is None or look_at > end:
                return
            else:
                sensor.tick(self.clock.now())


OTHER = {"low": "high", "high": "low"}
"""The level that a contact has else."""


def miswired(checking: Checking, part: str, way: str, what: str) -> str:
    """What to do about a contact that is wired wrongly."""
    return f"{what}: check {checking.wires(way)}, or pins.{part}_pull and the level that counts"
