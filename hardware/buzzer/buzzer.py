"""The buzzer. Each cue is a few short notes, which are played one by one."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gpiozero import Factory, OutputDevice

from device.settings.settings import Settings
from device.words.effects import Cue, Effect, Play, Silence
from device.words.instants import after
from hardware.gpio.pins import explained, open_factory
from hardware.shared.checking import Checking, Found
from hardware.shared.part import FarEnd, FarWires, Part, Wires

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone, or a rest between two tones."""

    hz: float
    """The pitch of a passive piezo; 0 is a rest. An active buzzer has only one pitch."""
    lasts_s: float


_PAUSE = Tone(0, 0.35)
_FALLING = (Tone(1200, 0.16), Tone(0, 0.03), Tone(900, 0.24))
_PASSIVE = {
    Cue.REMINDER: _FALLING,
    Cue.CHANGE_SIDE: (Tone(1050, 0.12),),
    Cue.GUIDE_END: (Tone(900, 0.14), Tone(1200, 0.2)),
    Cue.SHORT_OFFER: (Tone(900, 0.14),),
}
_CHIRP, _GAP = Tone(1, 0.05), Tone(0, 0.12)
_ACTIVE = {
    Cue.REMINDER: (_CHIRP, _GAP, _CHIRP),
    Cue.CHANGE_SIDE: (_CHIRP,),
    Cue.GUIDE_END: (_CHIRP, _GAP, _CHIRP, _GAP, _CHIRP),
    Cue.SHORT_OFFER: (Tone(1, 0.03),),
}

_DUTY = 0.1
"""The share of a period that is on: at a tenth, a piezo is much softer than at half. The loudness isn't measured."""


def notes(kind: str, cue: Cue, nth: int = 1) -> tuple[Tone, ...]:
    """The notes of a cue for that kind of buzzer. The nth reminder plays its notes n times."""
    once = (_PASSIVE if kind == "passive" else _ACTIVE)[cue]
    return once + (nth - 1) * (_PAUSE, *once)


class Buzzer:
    """An `Output` that plays cues; a new cue replaces the one that sounds. At rest its pin has the quiet level.

    Raises PartError if the pin isn't available.
    """

    def __init__(self, factory: Factory, settings: Settings) -> None:
        self._kind = settings.buzzer.kind
        with explained(settings.pins.backend, "buzzer", settings.pins.buzzer):
            self._device = _KeptOutput(
                settings.pins.buzzer,
                active_high=self._kind == "passive" or settings.buzzer.on == "high",
                initial_value=False,
                pin_factory=factory,
            )
        self._coming: list[Tone] = []
        self._next_at: float | None = None
        self._closed = False
        self._faulty = False

    def perform(self, effect: Effect, now: float) -> None:
        """Play a cue, or stop at once."""
        match effect:
            case Play(cue=cue, nth=nth) if not self._closed:
                self._coming = list(notes(self._kind, cue, nth))
                self._go_on(now)
            case Silence():
                self._rest()

    def next_deadline(self) -> float | None:
        """When the next note is due, in monotonic seconds; None while silent."""
        return self._next_at

    def tick(self, now: float) -> None:
        """Play the note that is due."""
        if self._next_at is not None and now >= self._next_at:
            self._go_on(now)

    def close(self) -> None:
        """Be silent for good. The pin is kept: if it were released it might float, and an open input can buzz."""
        self._closed = True
        self._rest()
        self._device.close()

    def _go_on(self, now: float) -> None:
        if not self._coming:
            self._rest()
            return
        note = self._coming.pop(0)
        self._next_at = after(now, note.lasts_s)
        try:
            self._sound(note)
            self._faulty = False
        except Exception as error:  # Back-ends raise all kinds of errors.
            self._coming, self._next_at = [], None
            if not self._faulty:
                _log.warning("the buzzer can't sound: %s", error)
            self._faulty = True
            self._hush()

    def _sound(self, note: Tone) -> None:
        if not note.hz:
            self._quiet()
        elif self._kind == "passive":
            # PWM is on only during the note: lgpio's goes on even when its duty is 0.
            self._device.pin.frequency = note.hz
            self._device.pin.state = _DUTY
        else:
            self._device.on()

    def _rest(self) -> None:
        self._coming, self._next_at = [], None
        self._hush()

    def _hush(self) -> None:
        with suppress(Exception):  # If this fails, the next cue will report why.
            self._quiet()

    def _quiet(self) -> None:
        if self._device.pin.frequency is not None:
            self._device.pin.frequency = None
        # When lgpio stops a wave, it leaves the line at the wave's present level.
        self._device.off()


class _KeptOutput(OutputDevice):  # type: ignore[misc]  # gpiozero is untyped
    """A pin that stays driven."""

    def close(self) -> None:
        """Free the pin for the next device, but leave its level as it is."""
        if self._pin is not None:
            self.pin_factory.release_pins(self, self._pin.info.name)

    # Patched: gpiozero 2.0 closes a device that is garbage-collected. That may happen in the middle of another device
    # taking its pin, and then it waits for ever for the lock that its own thread holds. What is gone holds no pin.
    def __del__(self) -> None:
        """Do nothing."""


def silence(settings: Settings) -> None:
    """Drive the buzzer's pin to its quiet level and leave it there, from a new process after the device has died.

    A Pi's kernel keeps the level of an output when its owner is gone. So a device that is killed in mid-note would
    go on sounding. For the same reason the pin isn't released here. Raises PartError.
    """
    if settings.buzzer.kind == "none":
        return
    quiet_is_high = settings.buzzer.kind == "active" and settings.buzzer.on == "low"
    factory = open_factory(settings.pins.backend)
    with explained(settings.pins.backend, "buzzer", settings.pins.buzzer):
        factory.pin(settings.pins.buzzer).output_with_state(quiet_is_high)


class _Ear(FarEnd):
    """Reports the tones that the buzzer plays at the simulated desk."""

    def __init__(self, wires: FarWires) -> None:
        self._wires = wires
        self._buzzer = wires.settings.buzzer
        self._gpio = wires.settings.pins.buzzer
        self._heard_hz: float | None = None

    def pin_changed(self, pin: Any) -> None:
        """Report a new pitch."""
        if pin.info.name != f"GPIO{self._gpio}":
            return
        hz = self._hz(pin)
        if hz != self._heard_hz:
            self._heard_hz = hz
            self._wires.heard(hz)

    @property
    def sounding_hz(self) -> float | None:
        """The audible pitch."""
        return self._hz(self._wires.factory.pin(self._gpio))

    def _hz(self, pin: Any) -> float | None:
        if self._buzzer.kind == "passive":
            return pin.frequency if pin.frequency and pin.state else None
        is_on = pin.function == "output" and bool(pin.state) == (self._buzzer.on == "high")
        return 0.0 if is_on else None


def _make(wires: Wires) -> Buzzer:
    return Buzzer(wires.factory, wires.settings)


def _check(checking: Checking) -> Found:
    buzzer = Buzzer(checking.factory, checking.settings)
    try:
        buzzer.perform(Play(Cue.REMINDER), checking.clock.now())
        while (deadline := buzzer.next_deadline()) is not None:
            checking.inbox.wait(checking.clock.wait_s(deadline))
            buzzer.tick(checking.clock.now())
    finally:
        buzzer.close()
    kind = checking.settings.buzzer.kind
    checking.saw("told to sound", "buzzer, signal")
    wires = checking.wires("active buzzer" if kind == "active" else "buzzer")
    checking.ask(f"It has sounded, softly. Nothing heard: check {wires}, and buzzer.kind.")
    return None, f"it was told to sound; buzzer.kind is {kind}"


PART = Part("buzzer", _check, _Ear, output=_make)
