"""The needed parts of luma's drivers: the set-up of a panel and its commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import luma.core.threadpool
from luma.core.device import device

# Patched: luma.oled 3.16 starts four threads when it is imported, for scrolling text, which isn't needed here.
_threadpool, luma.core.threadpool.threadpool = luma.core.threadpool.threadpool, lambda _size: None
from luma.oled.device import sh1106, ssd1306  # noqa: E402

luma.core.threadpool.threadpool = _threadpool


class Transport(Protocol):
    """What a driver sends to."""

    def command(self, *command: int) -> None: ...


class _Rehearsal:
    """Records what a driver sends when it is made, since the panel may not be there yet."""

    def __init__(self) -> None:
        self.commands: list[tuple[int, ...]] = []

    def command(self, *command: int) -> None:
        self.commands.append(command)


# Patched: luma.core 2.6 keeps each driver forever, uses the bus again when Python exits, and sends to the panel when a
# driver is made.
class Driver(device):  # type: ignore[misc]  # luma carries no types
    """What differs from luma's `device`. This class goes between that one and one of luma's drivers."""

    def __init__(self, const: Any, serial_interface: Any) -> None:
        self._const = const
        self._serial_interface = serial_interface

    def begin(self, wire: Transport, set_up: Sequence[int]) -> None:
        """Send to the wire from now on."""
        self._serial_interface = wire
        self._set_up = set_up

    def set_up(self) -> None:
        """Send how the panel is wired and read, without switching it off or on."""
        self.command(*self._set_up)

    def clear(self) -> None:
        """Do nothing. luma's drivers would begin with an empty picture."""


class _Ssd1306(ssd1306, Driver):  # type: ignore[misc]  # as above
    pass


class _Sh1106(sh1106, Driver):  # type: ignore[misc]  # as above
    pass


def driver(name: str, wire: Transport) -> Driver:
    """The driver of that name. Nothing is sent to the panel yet."""
    # An SSD1309 and an SSD1315 take the commands of an SSD1306.
    kind: Callable[..., Driver] = _Sh1106 if name == "sh1106" else _Ssd1306
    rehearsal = _Rehearsal()
    made = kind(rehearsal)
    off, *set_up = rehearsal.commands[0]
    assert off == 0xAE, "luma switches the panel off before it sets it up"
    made.begin(wire, set_up)
    return made
