"""What the office suggests to a desk, as a message. The desk's answer is no message: it stays at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from device.topics.message_form import NoMessageError, message_bytes, message_of

_KEYS = ("id", "preset", "from", "till")
_MOST_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A preset that an office suggests to its desks."""

    id: str
    """By which a desk knows that it has answered already."""
    preset: str
    by: str
    """Who suggests it, as the panel says it."""
    till: date
    """The last day on which it may be taken."""

    def as_bytes(self) -> bytes:
        """The payload."""
        return message_bytes(dict(zip(_KEYS, (self.id, self.preset, self.by, str(self.till)), strict=True)))


def suggestion_of(payload: bytes) -> Mapping[str, str]:
    """The value of the order `offer`, from a payload of any bytes. The device looks closer. Raises NoMessageError."""
    if len(payload) > _MOST_BYTES:
        raise NoMessageError(f"it is longer than {_MOST_BYTES} bytes")
    read = message_of(payload)
    if read.keys() != set(_KEYS) or not all(isinstance(each, str) for each in read.values()):
        raise NoMessageError(f"it takes an object with {', '.join(_KEYS)}, all of them texts")
    return dict(read)
