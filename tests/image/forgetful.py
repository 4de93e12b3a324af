"""A card that forgets, when its power is cut, some of what it was not told to flush: a plugin of nbdkit.

It runs in nbdkit's own Python, so it imports nothing of ours. What is written goes into the card's file at once, with
what was there before kept aside; a flush lets go of that. When the machine is gone, whatever wasn't flushed is taken
back, and of that a random part done again: whole writes, or the first sectors of one. So the order is any, as with a
real card; a write that says itself that it must last (FUA) does.
"""

import os
import random
from dataclasses import dataclass
from typing import Any

import nbdkit  # type: ignore[import-not-found]

API_VERSION = 2
_SECTOR = 512

_config: dict[str, str] = {}


@dataclass
class _Write:
    offset: int
    before: bytes
    after: bytes
    lasts: bool


class _Card:
    """One machine's use of the file, from its power-on to its end."""

    def __init__(self, file: str, seed: str) -> None:
        self.number = os.open(file, os.O_RDWR)
        self.unflushed: list[_Write] = []
        self.chance = random.Random(seed)

    def lose_power(self) -> None:
        for write in reversed(self.unflushed):
            os.pwrite(self.number, write.before, write.offset)
        for write in self.unflushed:
            os.pwrite(self.number, write.after[: self._of(write)], write.offset)
        os.close(self.number)

    def _of(self, write: _Write) -> int:
        """How much of it had come so far."""
        sectors = len(write.after) // _SECTOR
        done = sectors if write.lasts else self.chance.choice((0, sectors, sectors, self.chance.randint(0, sectors)))
        return done * _SECTOR


def config(key: str, value: str) -> None:
    """Take `file` and `seed`."""
    _config[key] = value


def thread_model() -> Any:
    """One request after the other."""
    return nbdkit.THREAD_MODEL_SERIALIZE_ALL_REQUESTS


def open(_readonly: bool) -> _Card:
    """Power on."""
    return _Card(_config["file"], _config["seed"])


def close(card: _Card) -> None:
    """The power is gone."""
    card.lose_power()


def get_size(card: _Card) -> int:
    """Of the card, in bytes."""
    return os.fstat(card.number).st_size


def can_fua(_card: _Card) -> Any:
    """A write can be told to last."""
    return nbdkit.FUA_NATIVE


def can_flush(_card: _Card) -> bool:
    """So the machine has to."""
    return True


def pread(card: _Card, buffer: Any, offset: int, _flags: int) -> None:
    """What was written last, flushed or not."""
    view = memoryview(buffer)
    while view:
        view = view[os.preadv(card.number, [view], offset + len(buffer) - len(view)) :]


def pwrite(card: _Card, buffer: Any, offset: int, flags: int) -> None:
    """Write, for now."""
    after = bytes(buffer)
    card.unflushed.append(
        _Write(offset, os.pread(card.number, len(after), offset), after, bool(flags & nbdkit.FLAG_FUA))
    )
    os.pwrite(card.number, after, offset)


def flush(card: _Card, _flags: int) -> None:
    """All of that stays."""
    card.unflushed.clear()
