"""The simulated desk: mock pins, a modelled panel, and what hands can do to them. The parts on it are the real ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPWMPin
from PIL import Image

from device.settings.settings import Settings
from hardware.simulated.controller import ModelBus, model_serial


class _Pin(MockPWMPin):  # type: ignore[misc]  # gpiozero is untyped
    def _change_state(self, value: float) -> bool:
        changed: bool = super()._change_state(value)
        # For tests to read, gpiozero's keeps all that it ever was; a desk may stand for months.
        del self.states[:-1]
        if changed:
            self.factory.on_change(self)
        return changed


class _Factory(MockFactory):  # type: ignore[misc]  # gpiozero is untyped
    """Tells when any of its pins has changed."""

    def __init__(self, on_change: Callable[[_Pin], None]) -> None:
        super().__init__(pin_class=_Pin)
        self.on_change = on_change


class SimulatedDesk:
    """A chair, a button, a buzzer and a panel. `on_write` hears of each I2C write that the panel acknowledged."""

    def __init__(self, settings: Settings, on_write: Callable[[int, bytes], None] | None = None) -> None:
        self.factory = _Factory(self._listen)
        panel = settings.panel
        self.bus = ModelBus(panel.driver, panel.address, self._wrote, panel.first_column)
        self._on_write = on_write
        self.on_sight: Callable[[], None] = lambda: None
        """Called when the panel may look otherwise."""
        self.on_sound: Callable[[float | None], None] = lambda _: None
        """Hears of each change of what sounds, as `sounding_hz` has it."""
        self._heard_hz: float | None = None
        self._pins = settings.pins
        self._buzzer = settings.buzzer
        self._levels = {"seat": False, "button": False}

    def open_bus(self) -> Any:
        """What the panel is spoken to through."""
        return model_serial(self.bus)

    def power_up(self) -> None:
        """Let the pins carry the levels that hands have set; a part that is put on a pin pulls it to rest first."""
        for part in self._levels:
            self._drive(part)

    def lose_power(self) -> None:
        """The pins are free again, as for a computer that starts; hands leave things as they are."""
        self.factory = _Factory(self._listen)
        self.bus.lose_power()
        self.on_sight()

    def act(self, part: str, value: bool) -> None:
        """Take or leave the chair (`seat`), push or let go the `button`, give back or take away the `panel`."""
        if part == "panel":
            if value:
                self.bus.back()
            else:
                self.bus.gone()
            self.on_sight()
            return
        self._levels[part] = value
        self._drive(part)

    def picture(self) -> Image.Image:
        """What an eye sees on the panel; black when it is off or gone."""
        return self.bus.picture()

    @property
    def sounding_hz(self) -> float | None:
        """What an ear hears: the pitch, 0 for an active buzzer's own; None for silence."""
        return self._hz(self.factory.pin(self._pins.buzzer))

    def _hz(self, pin: _Pin) -> float | None:
        if self._buzzer.kind == "passive":
            return pin.frequency if pin.frequency and pin.state else None
        is_on = pin.function == "output" and bool(pin.state) == (self._buzzer.on == "high")
        return 0.0 if is_on else None

    def _listen(self, pin: _Pin) -> None:
        if pin.info.name != f"GPIO{self._pins.buzzer}" or self._buzzer.kind == "none":
            return
        hz = self._hz(pin)
        if hz != self._heard_hz:
            self._heard_hz = hz
            self.on_sound(hz)

    def _wrote(self, address: int, payload: bytes) -> None:
        if self._on_write is not None:
            self._on_write(address, payload)
        self.on_sight()

    def _drive(self, part: str) -> None:
        gpio, yes = {
            "seat": (self._pins.seat, self._pins.seat_taken),
            "button": (self._pins.button, self._pins.button_down),
        }[part]
        pin = self.factory.pin(gpio)
        if self._levels[part] == (yes == "high"):
            pin.drive_high()
        else:
            pin.drive_low()
