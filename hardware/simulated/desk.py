"""The simulated desk: mock pins, a model of the panel, and ways to move them. The parts on it are the real ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gpiozero import SPI
from gpiozero.pins.mock import MockFactory, MockPWMPin
from PIL import Image

from device.settings.settings import Settings
from hardware.shared.bus import Bus
from hardware.shared.part import FarEnd, FarSpi, parts_of
from hardware.simulated.controller import ModelBus


# Patched: gpiozero 2.0 keeps all past states of a mock pin for tests, but a desk may run for months.
class _Pin(MockPWMPin):  # type: ignore[misc]  # gpiozero is untyped
    def _change_state(self, value: float) -> bool:
        changed: bool = super()._change_state(value)
        del self.states[:-1]
        if changed:
            self.factory.on_change(self)
        return changed


class _Factory(MockFactory):  # type: ignore[misc]  # gpiozero is untyped
    """A mock factory that tells when one of its pins changes."""

    def __init__(self, on_change: Callable[[_Pin], None], spi_chips: Mapping[int, FarSpi]) -> None:
        super().__init__(pin_class=_Pin)
        self.on_change = on_change
        self.spi_chips = spi_chips

    def _get_spi_class(self, shared: bool, hardware: bool) -> type[_Spi]:  # noqa: ARG002 - as gpiozero has it
        return _Spi


# Patched: gpiozero 2.0 plays each bit on mock pins, shares them between factories, and needs one for all.
class _Spi(SPI):  # type: ignore[misc]  # gpiozero is untyped
    """Mock SPI that hands whole bytes to the chip at its select pin. As on a Pi, it reserves its pins."""

    def __init__(self, pin_factory: _Factory, select_pin: str, **others: str) -> None:
        super().__init__(pin_factory=pin_factory)
        pin_factory.reserve_pins(self, select_pin, *others.values())
        self._select_pin: int = pin_factory.pin(select_pin)._number
        self._closed = False

    def close(self) -> None:
        self._closed = True
        self.pin_factory.release_all(self)
        super().close()

    @property
    def closed(self) -> bool:
        return self._closed

    def transfer(self, data: Sequence[int]) -> list[int]:
        chip = self.pin_factory.spi_chips.get(self._select_pin)
        # Where no chip answers, the line floats.
        return chip.transfer(data) if chip else [0xFF] * len(data)

    def _get_bits_per_word(self) -> int:
        return 8


class SimulatedDesk:
    """A chair, a button, a buzzer and a panel. `on_write` is called for each I2C write that a chip acknowledges."""

    def __init__(self, settings: Settings, on_write: Callable[[int, bytes], None] | None = None) -> None:
        self.settings = settings
        self.spi: dict[int, FarSpi] = {}
        self.factory = _Factory(self._listen, self.spi)
        panel = settings.panel
        self.bus = ModelBus(panel.driver, panel.address, self._wrote, panel.first_column)
        """The far end of the bus."""
        self.i2c = Bus(self._opened)
        """The near end, for the parts."""
        self._on_write = on_write
        self.on_sight: Callable[[], None] = lambda: None
        """Called when the panel's picture may have changed."""
        self.on_sound: Callable[[float | None], None] = lambda _: None
        """Called with each new value of `sounding_hz`."""
        self._ends: list[FarEnd] = []
        self._ends = [part.far_end(self) for part in parts_of(settings)]

    def power_up(self) -> None:
        """Put on the wires what was set by hand. A part that takes a pin first pulls it to rest."""
        for end in self._ends:
            end.power_up()

    def lose_power(self) -> None:
        """Free the pins, as at a computer's start. What was set by hand stays."""
        self.factory = _Factory(self._listen, self.spi)
        self.bus.lose_power()
        self.on_sight()

    def act(self, part: str, value: bool) -> None:
        """Change a part: True takes the `seat`, pushes the `button` and gives back the `panel`; False undoes that."""
        for end in self._ends:
            if end.hand == part:
                end.act(value)

    def weigh(self, level: float) -> None:
        """Put a weight on the seat, by the level that its sensor then has."""
        for end in self._ends:
            if end.hand == "seat":
                end.weigh(level)

    def picture(self) -> Image.Image:
        """The visible picture of the panel; black if it is off or unplugged."""
        return self.bus.picture()

    @property
    def sounding_hz(self) -> float | None:
        """The audible pitch; 0 for the pitch of an active buzzer, None for silence."""
        return next((hz for end in self._ends if (hz := end.sounding_hz) is not None), None)

    # ---- what the far ends call

    def seen(self) -> None:
        """Say that the panel's picture may have changed."""
        self.on_sight()

    def heard(self, hz: float | None) -> None:
        """Say which pitch sounds from now on."""
        self.on_sound(hz)

    # ---- details

    def _opened(self) -> ModelBus:
        self.bus.open()
        return self.bus

    def _listen(self, pin: _Pin) -> None:
        for end in self._ends:
            end.pin_changed(pin)

    def _wrote(self, address: int, payload: bytes) -> None:
        if self._on_write is not None:
            self._on_write(address, payload)
        if address == self.bus.address:
            self.on_sight()
