"""One thread that waits for all at once: sockets, and instants at which something is to be done."""

from __future__ import annotations

import select
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

READ, WRITE = select.POLLIN, select.POLLOUT
_LONGEST_S = 3600.0


class Attentive(Protocol):
    """Whatever has sockets to wait for, and things to do at their time."""

    def wants(self) -> Mapping[int, int]:
        """The numbers of its sockets, and for each READ, WRITE or both."""
        ...

    @property
    def deadline(self) -> float | None:
        """When it has to look again at the latest, in monotonic seconds; None for never."""
        ...

    def attend(self, ready: Mapping[int, int], now: float) -> None:
        """Do what can be done: some of its sockets are ready, or its time has come, or neither."""
        ...


def one_round(parts: Sequence[Attentive], until: float | None = None) -> None:
    """Wait until a socket is ready or the first deadline has come, and have all attend to that."""
    poll, own = select.poll(), [part.wants() for part in parts]
    for wants in own:
        for number, events in wants.items():
            poll.register(number, events)
    wait_s = _wait_s([until, *(part.deadline for part in parts)])
    ready = dict(poll.poll(wait_s * 1000))
    for part, wants in zip(parts, own, strict=True):
        part.attend({number: ready[number] for number in wants if number in ready}, time.monotonic())


def _wait_s(deadlines: Iterable[float | None]) -> float:
    first = min((each for each in deadlines if each is not None), default=None)
    return _LONGEST_S if first is None else max(0.0, min(first - time.monotonic(), _LONGEST_S))
