"""A model of the ADS1115 for the simulated desk: registers, comparator and ALERT. It refuses wrong bytes.

The data sheet (SBAS444) explains the numbers. The model has only what the seat uses.
"""

from __future__ import annotations

from collections.abc import Callable

from hardware.seat.analog import FULL_SCALE_V, WeighedSeat
from hardware.shared.part import FarWires

_CONVERSION, _CONFIGURATION, _LOW, _HIGH = range(4)
_AT_RESET = {_CONVERSION: 0x0000, _CONFIGURATION: 0x8583, _LOW: 0x8000, _HIGH: 0x7FFF}
_RANGES_V = (6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256)
_READINGS = (1, 2, 4)
_MOST = 0x7FFF


class Ads1115Model:
    """The chip. `on_alert` is called when ALERT begins to pull to ground (True), and when it lets go."""

    def __init__(self, on_alert: Callable[[bool], None] = lambda _: None) -> None:
        self._on_alert = on_alert
        self.volts = [0.0] * 4
        """What is on its inputs."""
        self.alert = False
        self.writes = 0
        """How often a register was written."""
        self._registers = dict(_AT_RESET)
        self._pointer = _CONVERSION
        self._above = 0
        self._is_idle = False

    def reset(self) -> None:
        """Go back to the state at power-up: no conversion, ALERT open. The voltages on the inputs stay."""
        self._registers = dict(_AT_RESET)
        self._pointer = _CONVERSION
        self._above = 0
        self._let_alert(False)

    def write(self, payload: bytes) -> None:
        """Take the number of a register, and two bytes for it. Raises ValueError if they mean nothing."""
        self._pointer, value = payload[0], payload[1:]
        if self._pointer not in self._registers or len(value) not in (0, 2):
            raise ValueError(f"{payload.hex()}: an ADS1115 has four registers of two bytes")
        if not value:
            return
        if self._pointer == _CONVERSION:
            raise ValueError("its readings can't be written")
        self.writes += 1
        self._registers[self._pointer] = int.from_bytes(value, "big")
        self._above = 0
        self.rest()

    def read(self, length: int) -> bytes:
        """Answer with the register."""
        value = self._registers[self._pointer]
        if self._pointer == _CONFIGURATION:
            # A reader finds it converting at one read and not at the next.
            self._is_idle = not self._is_idle
            value = value & 0x7FFF | self._is_idle << 15
        return value.to_bytes(2, "big")[:length].ljust(length, b"\0")

    def put(self, channel: int, volts: float) -> None:
        """Put a voltage on an input, and leave it there for some readings."""
        self.volts[channel] = volts
        self.rest()

    def rest(self) -> None:
        """Take as many readings as the comparator waits for."""
        for _ in range(max(_READINGS)):
            self.convert()

    def convert(self) -> None:
        """Take one reading, if it is told to go on taking them."""
        configuration = self._registers[_CONFIGURATION]
        if configuration & 0x0100:
            return
        if not configuration & 0x4000:
            raise ValueError("the seat is one input against ground")
        volts = self.volts[configuration >> 12 & 3]
        code = min(max(round(volts / _RANGES_V[configuration >> 9 & 7] * (_MOST + 1)), -_MOST - 1), _MOST)
        self._registers[_CONVERSION] = code & 0xFFFF
        self._compare(code, configuration)

    def _compare(self, code: int, configuration: int) -> None:
        after = configuration & 3
        if after == 3:
            self._let_alert(False)
            return
        if configuration & 0x001C:
            raise ValueError("a window, a latch or a high ALERT is not what the seat uses")
        low, high = _signed(self._registers[_LOW]), _signed(self._registers[_HIGH])
        if low >= high:
            raise ValueError(f"thresholds that cross: {low} and {high}")
        self._above = self._above + 1 if code > high else 0
        if self._above >= _READINGS[after]:
            self._let_alert(True)
        elif code < low:
            self._let_alert(False)

    def _let_alert(self, alert: bool) -> None:
        if alert is not self.alert:
            self.alert = alert
            self._on_alert(alert)


def _signed(word: int) -> int:
    return word - 0x10000 if word & 0x8000 else word


class WeighedConverter(WeighedSeat):
    """The chip at the simulated desk, its ALERT on the seat's pin, and somebody on its sensor."""

    def __init__(self, wires: FarWires) -> None:
        super().__init__(wires)
        self._wires = wires
        self.chip = Ads1115Model(lambda _: self.power_up())
        wires.bus.plug(wires.settings.seat.address, self.chip)
        self.weigh(self.empty)

    def weigh(self, level: float) -> None:
        """Put that level on the sensor."""
        self.chip.put(self._wires.settings.seat.channel, level * FULL_SCALE_V)

    def power_up(self) -> None:
        """Let ALERT pull the pin down, or let it go."""
        pin = self._wires.factory.pin(self._wires.settings.pins.seat)
        if self.chip.alert:
            pin.drive_low()
        else:
            pin.drive_high()
