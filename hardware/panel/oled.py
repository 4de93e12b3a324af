"""The OLED panel: draws the screen, sends the changes, and sets a panel up again after it was lost."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import count

from luma.core.error import Error as LumaError

from device.pictures.drawing import draw
from device.settings.settings import PanelSettings
from device.words.effects import Dark, Effect, Instruction, Mark, Movement, Screen, Show
from device.words.events import Panel
from device.words.instants import MINUTE_S, after, between
from device.words.ports import Inbox
from hardware.panel.bus import Serial
from hardware.panel.delta import Changes, packed, page_runs, windows
from hardware.panel.drivers import driver

_log = logging.getLogger(__name__)

_RETRY_S = 2.0
_RETRY_DARK_S = 30.0
"""Seconds between attempts at a lost panel that has nothing to show."""
_LOOK_EVERY_S = 30.0
"""Seconds between checks whether a lit panel is still there, while its picture stands still."""
_NOTHING = 0xE3
"""The command that does nothing; the panel only acknowledges it."""
_REFRESH_S = 5 * MINUTE_S
"""Seconds between refreshes: all is sent again, and the picture moves on along its orbit."""
_FRAMES_PER_S = 10

_FAULTS = (OSError, LumaError)
"""The errors that luma raises if the panel doesn't answer: its own for a command, OSError for data."""


class OledPanel:
    """An `Output` that shows the latest screen. The thread that calls it owns the bus.

    It puts into the inbox whether the panel answers, once that is known and at each change.
    """

    def __init__(self, settings: PanelSettings, inbox: Inbox, open_bus: Callable[[], Serial]) -> None:
        self._inbox = inbox
        self._wire = _ReopenedBus(open_bus)
        self._driver = driver(settings.driver, self._wire)
        self._changes: Changes = windows
        if settings.driver == "sh1106":
            self._changes = partial(page_runs, glass_at=settings.first_column)
        self._upside_down = settings.rotation == 180
        self._contrast = settings.contrast
        self._screen: Screen = Dark()
        self._is_asked = False
        """Something is to be shown, be it nothing. Until then a greeting from before the device ran stays."""
        self._present: bool | None = None
        self._lit: bool | None = None
        """Whether the panel is lit; None if that isn't known, since it was just found or lost."""
        self._held: bytes | None = None
        """The controller's memory; None if it isn't known."""
        self._orbit = count()
        self._step = 0
        # The first picture counts as a refresh.
        self._refresh_at = 0.0
        self._look_at = 0.0
        self._deadline: float | None = 0.0
        self._closed = False

    def perform(self, effect: Effect, now: float) -> None:
        """Show a screen; while the panel is lost, keep it for later."""
        if isinstance(effect, Show):
            if _felt(self._screen) and not _felt(effect.screen):
                # A panel that was loose for a moment has lost its memory unnoticed. A person who sees that presses the
                # button, so after a press all is sent again.
                self._held = None
            self._screen, self._is_asked = effect.screen, True
            if self._present is not False:
                self._catch_up(now)
            elif self._deadline is not None:
                self._deadline = min(self._deadline, after(now, self._retry_s))

    def next_deadline(self) -> float | None:
        """When to try a lost panel, move a figure or refresh a lit panel; in monotonic seconds."""
        return self._deadline

    def tick(self, now: float) -> None:
        """Do that if it is due."""
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
        """Bring the panel up to date, and find out whether it is there."""
        if self._closed:
            return
        try:
            self._deadline = self._update(now)
        except _FAULTS as fault:
            self._deadline = after(now, self._retry_s)
            self._lose(fault, now)
        else:
            self._report(True, now)

    @property
    def _retry_s(self) -> float:
        return _RETRY_DARK_S if isinstance(self._screen, Dark) else _RETRY_S

    # ---- what it shows

    def _update(self, now: float) -> float | None:
        """Send what has changed, and say when to look again. Raises one of the faults."""
        if not self._is_asked:
            self._driver.command(_NOTHING)
            return None
        if isinstance(self._screen, Dark):
            self._darken()
            return None
        refresh = now >= self._refresh_at
        if refresh:
            self._refresh_at = after(now, _REFRESH_S)
            self._step = next(self._orbit)
        picture = draw(self._screen, now, self._step)
        memory = packed(picture, upside_down=self._upside_down)
        next_frame = _next_frame(self._screen, now)
        if refresh or not self._lit or self._held is None:
            self._light(memory)
        elif memory != self._held:
            self._send(memory)
        elif now >= self._look_at:
            # If nothing were sent, a missing panel would never be noticed.
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

    def _light(self, memory: bytes) -> None:
        """Send all that a panel needs after power-up. A panel that is on already isn't disturbed."""
        self._driver.set_up()
        self._driver.contrast(self._contrast)
        self._held = None
        self._send(memory)
        self._driver.show()
        self._lit = True

    def _send(self, memory: bytes) -> None:
        """Send the changes to the controller."""
        self._wire.transfer(self._changes(self._held, memory))
        self._held = memory

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


def _felt(screen: Screen) -> bool:
    return not isinstance(screen, Dark) and Mark.FELT in screen.marks


def _next_frame(screen: Screen, now: float) -> float | None:
    """When the next frame of the screen's figure is due; None if nothing moves."""
    moving = screen.moving if isinstance(screen, Instruction | Movement) else None
    if moving is None or moving.frozen_s is not None:
        return None
    since = moving.since
    elapsed_s = between(since, now)
    moves_s = elapsed_s + moving.figure.stands_for_s(elapsed_s)
    next_one = round(elapsed_s * 1000) * _FRAMES_PER_S // 1000 + 1
    first_to_move = math.ceil(round(moves_s * 1000) * _FRAMES_PER_S / 1000)
    return after(since, max(next_one, first_to_move) / _FRAMES_PER_S)


# ---- the wire


class _ReopenedBus:
    """A bus that is opened at its first use, and again after a fault: its adapter may have been unplugged."""

    def __init__(self, open_bus: Callable[[], Serial]) -> None:
        self._open_bus = open_bus
        self._bus: Serial | None = None

    def command(self, *command: int) -> None:
        self._opened().command(*command)

    def transfer(self, writes: Sequence[bytes]) -> None:
        self._opened().transfer(writes)

    def hang_up(self) -> None:
        """Close the bus if it is open."""
        bus, self._bus = self._bus, None
        if bus is not None:
            with suppress(*_FAULTS):
                bus.cleanup()

    def _opened(self) -> Serial:
        if self._bus is None:
            self._bus = self._open_bus()
        return self._bus
