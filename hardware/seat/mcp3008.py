"""A seat that is an MCP3008, a converter on SPI. It doesn't report changes, so the seat looks twice a second."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Sequence

from gpiozero import MCP3008, GPIOPinInUse, SPISoftwareFallback
from gpiozero.pins import local

from device.stages.pad import Pad
from device.words.instants import after
from device.words.levels import Thresholds
from device.words.ports import PartError
from hardware.gpio.pins import said_by
from hardware.seat.analog import FULL_SCALE_V, WeighedSeat, check_levels, near_wires
from hardware.shared.checking import Checking, Found
from hardware.shared.part import FarWires, Part, Wires

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.5
_MOST = 1023
"""The highest of its readings."""
_ENABLE = "sudo raspi-config nonint do_spi 0, then reboot"
_INSTALL = "sudo apt install python3-spidev"


class SampledSeat:
    """An `AnalogSeat` that looks at intervals, and compares the levels itself."""

    def __init__(self, wires: Wires) -> None:
        levels = wires.settings.seat.levels
        self._pad = Pad(levels.thresholds if levels else None)
        self._inbox, self._clock = wires.inbox, wires.clock
        self._look_at: float | None = None
        self._is_failing = False
        self._converter: MCP3008 | None = _converter(wires)

    def start(self) -> None:
        """Report what it says now, and each change from now on."""
        self._look(self._clock.now())

    def next_deadline(self) -> float | None:
        """When to look again."""
        return self._look_at

    def tick(self, now: float) -> None:
        """Look if it is time."""
        if self._look_at is not None and now >= self._look_at:
            self._look(now)

    def level(self) -> float:
        """What it reads right now, as a fraction of full scale; NaN if the bus fails."""
        converter = self._converter
        if converter is None:
            return math.nan
        try:
            level = converter.raw_value / _MOST
        except Exception as fault:  # lgpio.error is a bare Exception; and another thread may close it meanwhile.
            if not self._is_failing and self._converter is not None:
                _log.warning("the seat's converter can't be read: %s", said_by(fault))
            self._is_failing = True
            return math.nan
        self._is_failing = False
        return float(level)

    def adjust(self, thresholds: Thresholds) -> None:
        """Go by these thresholds from the next look on. Any thread may call it."""
        self._pad.thresholds = thresholds

    def close(self) -> None:
        """Report nothing any more. It may be called twice."""
        self._look_at = None
        converter, self._converter = self._converter, None
        if converter is not None:
            converter.close()

    def _look(self, now: float) -> None:
        self._look_at = after(now, _LOOK_EVERY_S)
        for event in self._pad.read(now, self.level()):
            self._inbox.put(event)


def _converter(wires: Wires) -> MCP3008:
    """The chip on hardware SPI. Raises PartError, also where gpiozero would make the signals itself, slowly."""
    settings = wires.settings.seat
    # gpiozero would find that, too, but would print a traceback. lgpio has an SPI of its own.
    takes_spidev = isinstance(wires.factory, local.LocalPiFactory) and wires.settings.pins.backend != "lgpio"
    if takes_spidev and local.SpiDev is None:
        raise PartError(f"seat: hardware SPI can't be used: spidev is not installed; {_INSTALL}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SPISoftwareFallback)
            return MCP3008(
                channel=settings.channel,
                max_voltage=FULL_SCALE_V,
                port=0,
                device=settings.chip_select,
                pin_factory=wires.factory,
            )
    except SPISoftwareFallback as refused:
        raise PartError(f"seat: hardware SPI can't be used ({refused}): {_ENABLE}") from refused
    except GPIOPinInUse as error:
        raise PartError("seat: another part of Unsit has a pin of SPI already; give it another one") from error


def _check(checking: Checking) -> Found:
    return check_levels(checking, SampledSeat(near_wires(checking)))


class WeighedMcp3008(WeighedSeat):
    """The chip at the simulated desk, and somebody on its sensor."""

    def __init__(self, wires: FarWires) -> None:
        super().__init__(wires)
        self._channel = wires.settings.seat.channel
        self.code = 0
        self.fails: OSError | None = None
        """What the kernel says instead of an answer."""
        wires.spi[wires.settings.seat.select_pin] = self
        self.weigh(self.empty)

    def weigh(self, level: float) -> None:
        """Put that level on the sensor."""
        self.code = min(max(round(level * _MOST), 0), _MOST)

    def transfer(self, words: Sequence[int]) -> list[int]:
        """Answer as the chip: a start bit, a bit for one input against ground, and its number, come before ten bits."""
        if self.fails:
            raise self.fails
        asked = int.from_bytes(bytes(words), "big")
        if len(words) != 3 or asked >> 15 != 0b11:
            raise ValueError(f"{asked:06X}: an MCP3008 takes three bytes that ask for one input")
        code = self.code if asked >> 12 & 7 == self._channel else 0
        return list(code.to_bytes(3, "big"))


PART = Part("seat", _check, WeighedMcp3008, input=SampledSeat, group="spi", drop_in="spi.conf")
