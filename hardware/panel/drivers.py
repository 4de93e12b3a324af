"""luma's drivers, as far as they are needed: how a panel is set up, and its commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import luma.core.threadpool
from luma.core.device import device

# With the drivers luma starts four threads for scrolling texts, which nobody here does.
_threadpool, luma.core.threadpool.threadpool = luma.core.threadpool.threadpool, lambda _size: None
from luma.oled.device import sh1106, ssd1306  # noqa: E402

luma.core.threadpool.threadpool = _threadpool


class Wire(Protocol):
    """What a driver speaks to."""

    def command(self, *command: int) -> None: ...


class _Rehearsal:
    """Listens to what a driver says when it is made, for the panel may not be there yet."""

    def __init__(self) -> None:
        self.commands: list[tuple[int, ...]] = []

    def command(self, *command: int) -> None:
        self.commands.append(command)


class Driver(device):  # type: ignore[misc]  # luma carries no types
    """What we have otherwise than luma's `device`. It stands between that and one of luma's drivers."""

    def __init__(self, const: Any, serial_interface: Any) -> None:
        # In place of luma's, which keeps each driver for good and speaks to the bus once more when Python ends.
        self._const = const
        self._serial_interface = serial_interface

    def begin(self, wire: Wire, set_up: Sequence[int]) -> None:
        """Speak to the wire from now on."""
        self._serial_interface = wire
        self._set_up = set_up

    def set_up(self) -> None:
        """Say how the panel is wired and read, without switching it off or on."""
        self.command(*self._set_up)

    def clear(self) -> None:
        """Nothing: luma's drivers begin with a picture of their own."""


class _Ssd1306(ssd1306, Driver):  # type: ignore[misc]  # as above
    pass


class _Sh1106(sh1106, Driver):  # type: ignore[misc]  # as above
    pass


def driver(name: str, wire: Wire) -> Driver:
    """The driver of that name, without a word to the panel yet."""
    # An SSD1309 and an SSD1315 are spoken to as an SSD1306.
    kind: Callable[..., Driver] = _Sh1106 if name == "sh1106" else _Ssd1306
    rehearsal = _Rehearsal()
    made = kind(rehearsal)
    off, *set_up = rehearsal.commands[0]
    assert off == 0xAE, "luma switches the panel off before it sets it up"
    made.begin(wire, set_up)
    return made
