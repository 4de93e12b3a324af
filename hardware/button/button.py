"""The button, a contact that is closed while somebody presses it."""

from __future__ import annotations

from gpiozero import Factory

from device.settings.settings import Pins
from device.words.events import Button
from device.words.ports import Clock, Inbox
from hardware.gpio.contact import Contact, ContactInput, Hand
from hardware.shared.checking import OTHER, Checking, Found, miswired
from hardware.shared.part import FarWires, Part, Wires

_PRESS_WITHIN_S = 10.0


class PushButton(ContactInput):
    """The button."""

    def __init__(self, factory: Factory, settings: Pins, inbox: Inbox, clock: Clock) -> None:
        contact = Contact("button", settings.button, settings.button_pull, settings.button_down, settings.backend)
        super().__init__(factory, contact, Button, inbox, clock)


def _make(wires: Wires) -> PushButton:
    return PushButton(wires.factory, wires.settings.pins, wires.inbox, wires.clock)


def _far_end(wires: FarWires) -> Hand:
    return Hand(wires, "button", wires.settings.pins.button, wires.settings.pins.button_down)


def _check(checking: Checking) -> Found:
    down = checking.settings.pins.button_down
    button = PushButton(checking.factory, checking.settings.pins, checking.inbox, checking.clock)
    try:
        button.start()
        if button.level:
            checking.saw(f"{down}, nobody presses", "button, signal")
            return miswired(checking, "button", "button", "it says down while nobody presses"), ""
        checking.remark(f"Press the button, within {_PRESS_WITHIN_S:g} s.")
        events = checking.events_for(_PRESS_WITHIN_S, button)
        felt = any(isinstance(event, Button) and event.down for event in events)
    finally:
        button.close()
    if not felt:
        checking.saw(f"{OTHER[down]}: no press felt", "button, signal")
        return miswired(checking, "button", "button", "no press was felt"), ""
    checking.saw(f"{down}: pressed", "button, signal")
    checking.saw("the button closes", "button, ground")
    return None, "the press was felt"


PART = Part("button", _check, _far_end, input=_make)
