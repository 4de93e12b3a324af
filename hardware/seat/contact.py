"""A seat that is a contact: a pad on the chair, or anything else that switches a pin."""

from __future__ import annotations

from gpiozero import Factory

from device.settings.settings import Pins
from device.words.events import Seat
from device.words.ports import Clock, Inbox
from hardware.gpio.contact import Contact, ContactInput, Hand
from hardware.shared.checking import OTHER, Checking, Found, miswired
from hardware.shared.part import FarWires, Part, Wires

_LEAN_S, _REACT_S = 5.0, 1.0


class ChairPad(ContactInput):
    """The pad on the chair."""

    def __init__(self, factory: Factory, settings: Pins, inbox: Inbox, clock: Clock) -> None:
        contact = Contact("chair pad", settings.seat, settings.seat_pull, settings.seat_taken, settings.backend)
        super().__init__(factory, contact, Seat, inbox, clock)


def _make(wires: Wires) -> ChairPad:
    return ChairPad(wires.factory, wires.settings.pins, wires.inbox, wires.clock)


def _far_end(wires: FarWires) -> Hand:
    return Hand(wires, "seat", wires.settings.pins.seat, wires.settings.pins.seat_taken)


# ---- its check


def _check(checking: Checking) -> Found:
    settings = checking.settings
    taken = settings.pins.seat_taken
    pad = ChairPad(checking.factory, settings.pins, checking.inbox, checking.clock)
    try:
        pad.start()
        checking.remark(f"the pad says now: {'taken' if pad.level else 'empty'}")
        checking.ask("Sit down.")
        if not _level_after(checking, pad):
            checking.saw(f"{OTHER[taken]} while you sit", "seat, signal")
            return miswired(checking, "seat", "pad", "it says empty while you sit"), ""
        drops = sum(_drop_outs(checking, pad, side) for side in ("left", "right"))
        checking.ask("Rise.")
        if _level_after(checking, pad):
            checking.saw(f"{taken}, nobody there", "seat, signal")
            return miswired(checking, "seat", "pad", "it says taken with nobody there"), ""
    finally:
        pad.close()
    checking.saw(f"{taken} taken, {OTHER[taken]} empty", "seat, signal")
    checking.saw("the pad closes", "board, ground")
    if drops:
        said = "1 drop-out" if drops == 1 else f"{drops} drop-outs"
        return None, f"{said} while you leaned; under {settings.settle.leave_s:g} s each does no harm"
    return None, "it follows you, and holds while you lean"


def _level_after(checking: Checking, pad: ChairPad) -> bool:
    for _ in checking.events_for(_REACT_S, pad):
        pass
    return pad.level


def _drop_outs(checking: Checking, pad: ChairPad, side: str) -> int:
    checking.ask(f"Lean {side}.")
    checking.remark(f"Stay so for {_LEAN_S:g} s.")
    return sum(isinstance(event, Seat) and not event.taken for event in checking.events_for(_LEAN_S, pad))


PART = Part("chair pad", _check, _far_end, input=_make)
