"""The OLED panel: draws the screen, sends it through luma's own driver, and heals a panel that was lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import cycle
from typing import Any, Protocol

from luma.core.device import device
from luma.core.error import Error as LumaError
from luma.core.interface.serial import i2c
from luma.oled.device import sh1106, ssd1306
from PIL import Image

from device.effects import Dark, Effect, Movement, Screen, Show
from device.events import Panel
from device.instants import MINUTE_S, after, between
from device.ports import Inbox
from device.settings import PanelSettings
from hardware.drawing import draw

_log = logging.getLogger(__name__)

_RETRY_S = 2.0
_LOOK_EVERY_S = 2.0
"""How often a lit panel is asked whether it is still there."""
_NOTHING = 0xE3
"""The command that does nothing but be acknowledged."""
_REFRESH_S = 10 * MINUTE_S
_FRAMES_PER_S = 10
_ORBIT = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1))
"""How the picture wanders, a pixel with each refresh, so that none of its edges burns in."""

_FAULTS = (OSError, LumaError)
"""What luma raises when nobody answers: its own error for a command, a plain OSError for data."""


class Serial(Protocol):
    """An open bus with the panel's address, as luma's drivers use it."""

    def command(self, *command: int) -> None: ...

    def data(self, data: Sequence[int]) -> None: ...

    def cleanup(self) -> None: ...


def real_bus(settings: PanelSettings) -> Serial:
    """The computer's I2C bus. Raises OSError or luma's errors when there is none, or none for us."""
    serial: Serial = i2c(port=settings.port, address=settings.address)
    return serial


class OledPanel:
    """Shows the latest screen, as an `Output`. Whoever calls it owns the bus.

    Whether the panel answers is put into the inbox once that is known, and whenever it changes.
    """

    def __init__(self, settings: PanelSettings, inbox: Inbox, open_bus: Callable[[], Serial]) -> None:
        self._inbox = inbox
        self._wire = _Wire(open_bus)
        self._driver = _driver(settings.driver, self._wire, rotate=settings.rotation // 90)
        self._contrast = settings.contrast
        self._screen: Screen = Dark()
        self._present: bool | None = None
        self._lit: bool | None = None
        """None when nobody knows, for it was just found or lost."""
        self._shown = b""
        """The picture on a lit panel."""
        self._orbit = cycle(_ORBIT)
        self._shift = _ORBIT[0]
        # The first picture counts as a refresh.
        self._refresh_at = 0.0
        self._look_at = 0.0
        self._deadline: float | None = 0.0
        self._closed = False

    def perform(self, effect: Effect, now: float) -> None:
        """Show a screen; while the panel is lost, keep it for later."""
        if isinstance(effect, Show):
            self._screen = effect.screen
            if self._present is not False:
                self._catch_up(now)

    def next_deadline(self) -> float | None:
        """When a lost panel is to be tried, a figure to be moved, a lit panel to be refreshed."""
        return self._deadline

    def tick(self, now: float) -> None:
        """Do so, if it has fallen due."""
        if self._deadline is not None and now >= self._deadline:
            self._catch_up(now)

    def close(self) -> None:
        """Leave the panel dark and the bus closed."""
        if self._closed:
            return
        self._closed = True
        self._deadline = None
        with suppress(*_FAULTS):
            self._darken()
        self._wire.hang_up()

    def _catch_up(self, now: float) -> None:
        """Bring the panel up to date, and notice whether it is there."""
        if self._closed:
            return
        try:
            self._deadline = self._update(now)
        except _FAULTS as fault:
            self._deadline = after(now, _RETRY_S)
            self._lose(fault, now)
        else:
            self._report(True, now)

    # ---- what it shows

    def _update(self, now: float) -> float | None:
        """Send what has changed, and say when to look again. Raises one of the faults."""
        if isinstance(self._screen, Dark):
            self._darken()
            return None
        refresh = now >= self._refresh_at
        if refresh:
            self._refresh_at = after(now, _REFRESH_S)
            self._shift = next(self._orbit)
        picture = draw(self._screen, now, self._shift)
        next_frame = _next_frame(self._screen, now)
        if refresh or not self._lit:
            self._light(picture)
        elif picture.tobytes() != self._shown:
            # A panel that was loose for a moment has forgotten all. Only a figure in motion would have noticed.
            self._light(picture) if next_frame is None else self._send(picture)
        elif now >= self._look_at:
            # With nothing new to send one would never find out that the panel has gone.
            self._driver.command(_NOTHING)
        else:
            return self._next(next_frame)
        self._look_at = after(now, _LOOK_EVERY_S)
        return self._next(next_frame)

    def _next(self, frame: float | None) -> float:
        instants = (self._look_at, self._refresh_at, frame)
        return min(instant for instant in instants if instant is not None)

    def _darken(self) -> None:
        if self._lit is not False:
            self._driver.hide()
            self._lit = False

    def _light(self, picture: Image.Image) -> None:
        """Send all that a panel needs that has just got its power; one that shows something already doesn't mind."""
        self._driver.set_up()
        self._driver.contrast(self._contrast)
        self._send(picture)
        self._driver.show()
        self._lit = True

    def _send(self, picture: Image.Image) -> None:
        """Send a whole picture."""
        self._driver.display(picture)
        self._shown = picture.tobytes()

    # ---- there or not

    def _lose(self, fault: Exception, now: float) -> None:
        if self._present is not False:
            _log.warning("the panel doesn't answer: %s", fault)
        self._lit = None
        self._wire.hang_up()
        self._report(False, now)

    def _report(self, present: bool, now: float) -> None:
        if present is not self._present:
            self._present = present
            self._inbox.put(Panel(now, present))


def _next_frame(screen: Screen, now: float) -> float | None:
    """When its figure moves on; None when nothing in it moves."""
    if not isinstance(screen, Movement) or screen.moving.frozen_s is not None:
        return None
    since = screen.moving.since
    frames = round(between(since, now) * 1000) * _FRAMES_PER_S // 1000
    return after(since, (frames + 1) / _FRAMES_PER_S)


# ---- luma's drivers, and the wire they speak to


class _Wire:
    """A bus that is opened when first needed, and anew after a fault: its adapter may have been unplugged."""

    def __init__(self, open_bus: Callable[[], Serial]) -> None:
        self._open_bus = open_bus
        self._bus: Serial | None = None

    def command(self, *command: int) -> None:
        self._opened().command(*command)

    def data(self, data: Sequence[int]) -> None:
        self._opened().data(data)

    def hang_up(self) -> None:
        """Close it if it is open."""
        bus, self._bus = self._bus, None
        if bus is not None:
            with suppress(*_FAULTS):
                bus.cleanup()

    def _opened(self) -> Serial:
        if self._bus is None:
            self._bus = self._open_bus()
        return self._bus


class _Rehearsal:
    """Listens to what a driver says when it is made, for the panel may not be there yet."""

    def __init__(self) -> None:
        self.commands: list[tuple[int, ...]] = []

    def command(self, *command: int) -> None:
        self.commands.append(command)

    def data(self, data: Sequence[int]) -> None:
        pass


class _Driver(device):  # type: ignore[misc]  # luma carries no types
    """What we have otherwise than luma's `device`. It stands between that and one of luma's drivers."""

    def __init__(self, const: Any, serial_interface: Any) -> None:
        # In place of luma's, which keeps each driver for good and speaks to the bus once more when Python ends.
        self._const = const
        self._serial_interface = serial_interface

    def begin(self, wire: _Wire, set_up: Sequence[int]) -> None:
        """Speak to the wire from now on."""
        self._serial_interface = wire
        self._set_up = set_up

    def set_up(self) -> None:
        """Say how the panel is wired and read, without switching it off or on."""
        self.command(*self._set_up)

    def preprocess(self, image: Image.Image) -> Any:
        """Turn the picture as luma does, and have it read without `Image.getdata`, which Pillow is giving up."""
        return _Pixels(super().preprocess(image))


class _Pixels:
    """As much of a picture as luma's drivers ask for."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image

    def getdata(self) -> bytes:
        """A byte for each pixel, row by row: 0 or 255."""
        return self._image.convert("L").tobytes()


class _Ssd1306(ssd1306, _Driver):  # type: ignore[misc]  # as above
    pass


class _Sh1106(sh1106, _Driver):  # type: ignore[misc]  # as above
    pass


def _driver(name: str, wire: _Wire, rotate: int) -> _Driver:
    # An SSD1309 and an SSD1315 are spoken to as an SSD1306.
    kind: Callable[..., _Driver] = _Sh1106 if name == "sh1106" else _Ssd1306
    rehearsal = _Rehearsal()
    driver = kind(rehearsal, rotate=rotate)
    off, *set_up = rehearsal.commands[0]
    assert off == 0xAE, "luma switches the panel off before it sets it up"
    driver.begin(wire, set_up)
    return driver
