"""What came from outside, as texts in a day file and in the journal: orders, choices, meetings, the end of a code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from device.history.meetings_row import meetings_at
from device.settings.choices import choice_of, name_and_value
from device.words.events import Chosen, MeetingsTold, Order, Ordered, PairingEnded
from device.words.instants import HOUR_S, after, between, whole

_MUTE = re.compile(r"mute( [0-9]{1,9}(\.[0-9]{1,3})?)?")
_LONGEST_S = 24 * HOUR_S
_NAMES = {order.value: order for order in Order}
CONNECTED, SPENT = "connected", "spent"
"""How a code ends: a phone is connected, or it is not. Neither the code nor the phone's name is kept."""


class MakesEvent(Protocol):
    """Makes an event from an instant and the text of a row."""

    def __call__(self, at: float, text: str) -> Chosen | Ordered | PairingEnded | MeetingsTold: ...


def order_text(ordered: Ordered) -> str:
    """The order's name; a mute until an instant says for how many seconds, such as `mute 1800`."""
    if ordered.order is not Order.MUTE or ordered.until is None:
        return ordered.order.value
    lasts_s = min(max(0.0, between(whole(ordered.at), whole(ordered.until))), _LONGEST_S)
    return f"{Order.MUTE.value} {lasts_s:.3f}".rstrip("0").rstrip(".") if lasts_s else f"{Order.MUTE.value} 0"


def order_at(at: float, text: str) -> Ordered:
    """The opposite of `order_text`. Raises ValueError."""
    name, _, seconds = text.partition(" ")
    is_known = _MUTE.fullmatch(text) if name == Order.MUTE.value else text in _NAMES
    if not is_known or float(seconds or 0) > _LONGEST_S:
        raise ValueError(f"must be {', '.join(_NAMES)}; mute may have seconds, such as mute 1800, up to 86400")
    return Ordered(at, _NAMES[name], after(at, float(seconds)) if seconds else None)


def is_order(text: str) -> bool:
    """Whether `order_at` takes it."""
    try:
        order_at(0.0, text)
    except ValueError:
        return False
    return True


def pairing_text(ended: PairingEnded) -> str:
    """How the code ended."""
    return CONNECTED if ended.name else SPENT


def pairing_at(at: float, text: str) -> PairingEnded:
    """The opposite of `pairing_text`. The phone has a name that says nothing."""
    return PairingEnded(at, "" if text == SPENT else "phone")


def _chosen_at(at: float, text: str) -> Chosen:
    return Chosen(at, *name_and_value(choice_of(text)))


ROW_EVENTS: Mapping[str, MakesEvent] = {
    "chosen": _chosen_at,
    "order": order_at,
    "pairing": pairing_at,
    "meetings": meetings_at,
}
"""What makes the event of a row, by the name of the input."""
